/* SPDX-License-Identifier: Apache-2.0 */
/* cidr: an address inside a network. */
#include <string.h>

#include "base/ip.h"
#include "lang/err_sigma.h"
#include "lang/msg_explain.h"
#include "sigma/atom.h"
#include "sigma/comparison.h"
#include "sigma/item_internal.h"
#include "sigma/test.h"

static bool has_host_bits(const struct ip *ip, unsigned bits)
{
    unsigned width = ip->v6 ? 128 : 32;

    for (unsigned i = bits; i < width; i++) {
        if (ip->bytes[i / 8] & (0x80 >> i % 8))
            return true;
    }
    return false;
}

static int parse_cidr(struct item *item, struct slice text)
{
    struct atom atom = {.op = ATOM_CIDR};
    struct ip ip;
    unsigned bits;
    int r = ip_net_parse(text, &ip, &bits);

    if (r == -CE_SYNTAX)
        return build_fail(item->b, item->at, CE_SYNTAX, ERR_SIGMA_NO_NETWORK_WRITE_AS_10,
                          slice_brief(text));
    if (r < 0)
        return build_fail(item->b, item->at, CE_RANGE, ERR_SIGMA_BEHIND_SLASH_STANDS_NUMBER_FROM,
                          slice_brief(text), ip.v6 ? 128 : 32);
    if (has_host_bits(&ip, bits))
        return build_fail(item->b, item->at, CE_RANGE, ERR_SIGMA_ADDRESS_INSIDE_NETWORK_BITS_NOT,
                          slice_brief(text), bits);
    memcpy(atom.cidr.address, ip.bytes, sizeof(atom.cidr.address));
    atom.cidr.bits = (uint8_t)bits;
    atom.cidr.v6 = ip.v6;
    return item_push(item, atom);
}

/* Windows and others write the interface behind a link-local address: fe80::1%10 (RFC 4007
 * section 11). */
static struct slice without_zone(struct slice s)
{
    size_t at = slice_find_byte(s, '%');
    bool zone = at != SIZE_MAX && at + 1 < s.n && slice_find_byte(slice_head(s, at), ':') < at;

    return zone ? slice_head(s, at) : s;
}

bool atom_cidr_holds(const struct atom *a, struct slice text)
{
    struct ip ip;

    text = without_zone(text);
    return ip_parse(text, &ip) == 0 && ip_in_net(&ip, a->cidr.address, a->cidr.bits, a->cidr.v6);
}

static void identify_cidr(const struct atom *a, struct buf *out)
{
    buf_append(out, a->cidr.address, sizeof(a->cidr.address));
    buf_putc(out, a->cidr.bits);
    buf_putc(out, a->cidr.v6);
}

static bool holds_cidr(struct runner *r, const struct test *t, struct value *v)
{
    return atom_cidr_holds(t->atom, test_plain(r, v));
}

static int explain_cidr(struct explainer *x, const struct atom *a, struct slice text,
                        struct verdict *v, bool *ret)
{
    (void)x;
    (void)v;
    *ret = atom_cidr_holds(a, text);
    return 0;
}

static struct atom_words cidr_words(const struct atom *a, struct buf *want)
{
    struct ip ip = {.v6 = a->cidr.v6};

    memcpy(ip.bytes, a->cidr.address, sizeof(ip.bytes));
    ip_write(want, &ip);
    buf_printf(want, "/%u", a->cidr.bits);
    return (struct atom_words){.verb = MSG_EXPLAIN_IN_NET, .name = "cidr"};
}

const struct comparison comparison_cidr = {
    .op = ATOM_CIDR,
    .identify = identify_cidr,
    .cost = 30,
    .holds = holds_cidr,
    .explain = explain_cidr,
    .words = cidr_words,
};

const struct modifier modifier_cidr = {
    .names = {SLICE_INIT("cidr")},
    .bit = MOD_CIDR,
    .group = {MODS_KIND, ERR_SIGMA_WHY_ONE_WAY},
    .with = {MOD_ALL | MOD_NEQ | MOD_EXPAND, ERR_SIGMA_WHY_CIDR},
    .parse = parse_cidr,
};
