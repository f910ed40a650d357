/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ip.h"
#include "base/hex.h"

#include "base/err.h"
#include "base/num.h"

static bool parse_v4(struct slice s, uint8_t to[4])
{
    size_t at = 0;

    for (unsigned part = 0; part < 4; part++) {
        unsigned v = 0;
        size_t from = at;

        for (; at < s.n && at - from < 4 && s.p[at] >= '0' && s.p[at] <= '9'; at++)
            v = v * 10 + (unsigned)(s.p[at] - '0');
        if (at == from || v > 255 || (at - from > 1 && s.p[from] == '0'))
            return false; /* a leading zero: octal to some */
        to[part] = (uint8_t)v;
        if (part < 3 && (at == s.n || s.p[at++] != '.'))
            return false;
    }
    return at == s.n;
}

/* One to four hexadecimal digits from the front of *s. */
static bool read_group(struct slice *s, unsigned *ret)
{
    unsigned v = 0, n = 0;

    for (; n < 4 && n < s->n; n++) {
        int d = hex_digit(s->p[n]);

        if (d < 0)
            break;
        v = v << 4 | (unsigned)d;
    }
    *s = slice_from(*s, n);
    *ret = v;
    return n > 0;
}

static bool parse_v6(struct slice s, uint8_t to[16])
{
    unsigned filled = 0, gap = 17; /* bytes written; where :: stood */
    unsigned group;

    memset(to, 0, 16);
    if (s.n >= 2 && s.p[0] == ':' && s.p[1] == ':') {
        gap = 0;
        s = slice_from(s, 2);
    }
    while (s.n) {
        struct slice before = s;

        if (filled > 14 || !read_group(&s, &group))
            return false;
        if (s.n && *s.p == '.') {
            if (filled > 12 || !parse_v4(before, to + filled))
                return false;
            filled += 4;
            break;
        }
        to[filled++] = (uint8_t)(group >> 8);
        to[filled++] = (uint8_t)group;
        if (s.n == 0)
            break;
        if (*s.p != ':')
            return false;
        s = slice_from(s, 1);
        if (s.n == 0)
            return false;
        if (*s.p == ':') {
            if (gap != 17)
                return false;
            gap = filled;
            s = slice_from(s, 1);
        }
    }
    if (gap == 17)
        return filled == 16;
    if (filled > 14)
        return false; /* :: stands for at least one group */
    memmove(to + 16 - (filled - gap), to + gap, filled - gap);
    memset(to + gap, 0, 16 - filled);
    return true;
}

int ip_parse(struct slice s, struct ip *ret)
{
    struct ip ip = {0};

    if (slice_find_byte(s, ':') == SIZE_MAX) {
        if (!parse_v4(s, ip.bytes))
            return -CE_SYNTAX;
    } else {
        ip.v6 = true;
        if (!parse_v6(s, ip.bytes))
            return -CE_SYNTAX;
    }
    *ret = ip;
    return 0;
}

bool ip_is_address(struct slice s)
{
    struct ip parsed;

    return ip_parse(s, &parsed) == 0;
}

int ip_net_parse(struct slice s, struct ip *ret, unsigned *ret_bits)
{
    size_t slash = slice_find_byte(s, '/');
    int64_t bits;

    if (ip_parse(slice_head(s, slash), ret) < 0)
        return -CE_SYNTAX;
    bits = ret->v6 ? 128 : 32;
    if (slash != SIZE_MAX && num_range(slice_from(s, slash + 1), 0, bits, &bits) < 0)
        return -CE_RANGE;
    *ret_bits = (unsigned)bits;
    return 0;
}

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

static void write_v4(struct buf *out, const uint8_t *b)
{
    buf_printf(out, "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
}

static unsigned group_of(const struct ip *ip, unsigned i)
{
    return (unsigned)ip->bytes[2 * i] << 8 | ip->bytes[2 * i + 1];
}

/* The longest run of two or more groups that are zero; its first group, or 8. */
static unsigned longest_zeros(const struct ip *ip, unsigned *ret_n)
{
    unsigned best = 8, run = 0;

    *ret_n = 1;
    for (unsigned i = 0; i < 8; i++) {
        run = group_of(ip, i) ? 0 : run + 1;
        if (run > *ret_n) {
            *ret_n = run;
            best = i + 1 - run;
        }
    }
    return best;
}

void ip_write(struct buf *out, const struct ip *ip)
{
    unsigned zeros, n, i = 0;

    if (!ip->v6) {
        write_v4(out, ip->bytes);
        return;
    }
    if (memcmp(ip->bytes, mapped, sizeof(mapped)) == 0) {
        buf_puts(out, "::ffff:");
        write_v4(out, ip->bytes + sizeof(mapped));
        return;
    }
    zeros = longest_zeros(ip, &n);
    while (i < 8) {
        if (i == zeros) {
            buf_puts(out, "::");
            i += n;
        } else {
            buf_printf(out, i > 0 && i != zeros + n ? ":%x" : "%x", group_of(ip, i));
            i++;
        }
    }
}

bool ip_in_net(const struct ip *a, const uint8_t net[16], unsigned bits, bool net_v6)
{
    const uint8_t *bytes = a->bytes;
    unsigned whole = bits / 8, rest = bits % 8;

    if (a->v6 != net_v6) {
        if (net_v6 || memcmp(a->bytes, mapped, sizeof(mapped)) != 0)
            return false;
        bytes += sizeof(mapped);
    }
    if (memcmp(bytes, net, whole) != 0)
        return false;
    return rest == 0 || ((bytes[whole] ^ net[whole]) & (0xFF00u >> rest & 0xFF)) == 0;
}
