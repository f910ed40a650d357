/* SPDX-License-Identifier: Apache-2.0 */
#include "config/config_web.h"

#include "base/ascii.h"
#include "base/num.h"
#include "lang/err_config.h"

enum { SITE_MAX = 250, PREFIX_MAX = 100 };

static bool is_host_byte(uint8_t b)
{
    return ascii_is_digit(b) || (b >= 'a' && b <= 'z') || b == '.' || b == '-';
}

/* A name or an address, IPv6 in brackets. */
static bool is_host(struct slice s)
{
    struct ip ip;

    if (s.n > 2 && s.p[0] == '[')
        return s.p[s.n - 1] == ']' && ip_parse(slice_of(s.p + 1, s.n - 2), &ip) == 0 && ip.v6;
    for (size_t i = 0; i < s.n; i++)
        if (!is_host_byte(s.p[i]))
            return false;
    return s.n > 0;
}

/* HOST or HOST:PORT. */
static bool is_authority(struct slice s)
{
    size_t colon = s.n;
    int64_t port;

    while (colon > 0 && s.p[colon - 1] != ':' && s.p[colon - 1] != ']')
        colon--;
    if (colon == 0 || s.p[colon - 1] == ']')
        return is_host(s);
    return is_host(slice_head(s, colon - 1)) &&
           num_range(slice_from(s, colon), 1, 65535, &port) == 0;
}

/* Segments of letters, digits and -._~ that are not . or .., each behind one slash. */
static bool is_prefix(struct slice s)
{
    struct slice segment;

    if (s.n == 0)
        return true;
    if (s.p[0] != '/' || s.p[s.n - 1] == '/' || s.n > PREFIX_MAX)
        return false;
    s = slice_from(s, 1);
    while (slice_cut(&s, '/', &segment)) {
        if (segment.n == 0 || slice_is(segment, ".") || slice_is(segment, ".."))
            return false;
        for (size_t i = 0; i < segment.n; i++)
            if (!ascii_is_alnum(segment.p[i]) && !strchr("-._~", segment.p[i]))
                return false;
    }
    return true;
}

int config_read_site(struct config *c, const struct config_key *key, struct slice value,
                     struct config_site *ret, struct err *err)
{
    static const struct slice scheme = SLICE_INIT("https://");
    struct slice url = value, rest;
    size_t slash;

    *ret = (struct config_site){.url = SLICE_NULL};
    if (value.n == 0)
        return 0;
    if (url.p[url.n - 1] == '/')
        url.n--;
    rest = slice_starts(url, scheme) ? slice_from(url, scheme.n) : SLICE_NULL;
    slash = slice_find_byte(rest, '/');
    if (url.n > SITE_MAX || !is_authority(slice_head(rest, slash)) ||
        (slash != SIZE_MAX && !is_prefix(slice_from(rest, slash))))
        return err_fail(err, CE_SYNTAX, ERR_CONFIG_NO_SITE, key->name, value);
    ret->url = arena_dup(&c->arena, url);
    if (ret->url.p == NULL)
        return err_nomem(err);
    slash = slash == SIZE_MAX ? url.n : scheme.n + slash;
    ret->origin = slice_head(ret->url, slash);
    /* browsers leave the usual port out */
    if (slice_ends(ret->origin, SLICE(":443")))
        ret->origin.n -= 4;
    ret->prefix = slice_from(ret->url, slash);
    return 0;
}

int config_read_hosts(const struct config_key *key, struct slice value, struct config_hosts *ret,
                      struct err *err)
{
    struct config_hosts hosts = {.count = 0};
    struct slice one;

    while (slice_cut(&value, ' ', &one)) {
        if (one.n == 0)
            continue;
        if (hosts.count == CONFIG_HOSTS_MAX)
            return err_fail(err, CE_TOO_BIG, ERR_CONFIG_TOO_MANY_HOSTS, key->name,
                            CONFIG_HOSTS_MAX);
        if (ip_parse(one, &hosts.items[hosts.count++]) < 0)
            return err_fail(err, CE_SYNTAX, ERR_CONFIG_NO_IP, key->name, one);
    }
    *ret = hosts;
    return 0;
}

void config_write_hosts(struct buf *out, const struct config_hosts *hosts)
{
    for (size_t i = 0; i < hosts->count; i++) {
        if (i > 0)
            buf_putc(out, ' ');
        ip_write(out, &hosts->items[i]);
    }
}

static unsigned line_of(const struct config *c, const char *key)
{
    return c->lines[config_key_find(slice_str(key)) - config_keys];
}

int config_web_check(const struct config *c, struct err *err)
{
    if (c->socket.n > 0 && c->site.url.n == 0)
        return err_fail_at(err, CE_MISSING, line_of(c, "console.socket"), 1,
                           ERR_CONFIG_SOCKET_WANTS_ADDRESS);
    if (c->socket_group.n > 0 && c->socket.n == 0)
        return err_fail_at(err, CE_MISSING, line_of(c, "console.socket-group"), 1,
                           ERR_CONFIG_GROUP_WANTS_SOCKET);
    return 0;
}
