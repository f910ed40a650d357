/* SPDX-License-Identifier: Apache-2.0 */
/* What a target of each kind may be, as a person types it. */
#include "check/target.h"

#include <string.h>

#include "base/num.h"
#include "lang/err_check.h"

enum { WORDS_MAX = 63 };

static bool has_blank(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] == 0x7F)
            return true;
    return false;
}

/* host, host:port, [v6]:port of a URL; the port, if any, must be one. */
static bool authority_is_good(struct slice s)
{
    char host[CHECK_HOST_MAX], ascii[CHECK_HOST_MAX];
    size_t close = slice_find_byte(s, ']'), colon;
    struct slice name, port;
    int64_t number;

    colon = close == SIZE_MAX ? slice_find_byte(s, ':') : close + 1 < s.n ? close + 1 : SIZE_MAX;
    name = slice_head(s, CANH_MIN(colon, s.n));
    port = colon == SIZE_MAX ? SLICE_NULL : slice_from(s, colon + 1);
    if (name.n == 0 || name.n >= sizeof(host) || (colon != SIZE_MAX && s.p[colon] != ':') ||
        (colon != SIZE_MAX && num_range(port, 1, 65535, &number) < 0))
        return false;
    memcpy(host, name.p, name.n);
    host[name.n] = 0;
    return check_host_ascii(host, ascii) == 0;
}

int target_url(const struct check_kind *kind, struct slice target, struct err *err)
{
    struct slice rest = target;
    size_t end = 0;

    if (slice_starts(rest, SLICE("http://")))
        rest = slice_from(rest, 7);
    else if (slice_starts(rest, SLICE("https://")))
        rest = slice_from(rest, 8);
    else
        return err_fail(err, CE_SYNTAX, ERR_CHECK_TARGET_URL, kind->name);
    while (end < rest.n && strchr("/?#", rest.p[end]) == NULL)
        end++;
    if (has_blank(target) || !authority_is_good(slice_head(rest, end)))
        return err_fail(err, CE_SYNTAX, ERR_CHECK_TARGET_URL, kind->name);
    return 0;
}

int target_host(const struct check_kind *kind, struct slice target, struct err *err)
{
    char text[CHECK_TARGET_MAX + 1], host[CHECK_HOST_MAX], ascii[CHECK_HOST_MAX];
    unsigned port = 0;
    bool good;

    memcpy(text, target.p, target.n);
    text[target.n] = 0;
    if (kind->port)
        good = check_host_port(text, kind->ports[0].port, host, &port) == 0 &&
               check_host_ascii(host, ascii) == 0;
    else
        good = target.n < CHECK_HOST_MAX && check_host_ascii(text, ascii) == 0;
    if (good)
        return 0;
    return kind->port ? err_fail(err, CE_SYNTAX, ERR_CHECK_TARGET_HOST_PORT, kind->name)
                      : err_fail(err, CE_SYNTAX, ERR_CHECK_TARGET_HOST, kind->name);
}

/* A star only in the last part: the newest of these files. */
int target_path(const struct check_kind *kind, struct slice target, struct err *err)
{
    size_t star = slice_find_byte(target, '*');

    if (target.p[0] != '/' || target.p[target.n - 1] == '/' ||
        (star != SIZE_MAX && slice_find_byte(slice_from(target, star), '/') != SIZE_MAX))
        return err_fail(err, CE_SYNTAX, ERR_CHECK_TARGET_PATH, kind->name);
    return 0;
}

int target_command(const struct check_kind *kind, struct slice target, struct err *err)
{
    struct slice rest = target, word, first = SLICE_NULL;
    unsigned words = 0;

    while (slice_cut(&rest, ' ', &word)) {
        if (word.n && words++ == 0)
            first = word;
    }
    if (words == 0 || words > WORDS_MAX || first.p[0] != '/' ||
        slice_find(first, SLICE("/../")) != SIZE_MAX)
        return err_fail(err, CE_SYNTAX, ERR_CHECK_TARGET_COMMAND, kind->name, WORDS_MAX);
    return 0;
}
