/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/shape_path.h"

#include "decode/decode.h"

bool shape_part_fits(struct slice part, struct slice name, struct matched_parts *ret)
{
    size_t at = slice_find_byte(part, '%');
    struct slice before, behind;

    if (slice_is(part, "*"))
        return true;
    if (at == SIZE_MAX)
        return slice_eq(part, name);
    before = slice_head(part, at);
    behind = slice_from(part, at + 1);
    if (name.n <= before.n + behind.n || !slice_starts(name, before) || !slice_ends(name, behind) ||
        ret->count == MATCHED_PARTS_MAX)
        return false;
    ret->part[ret->count++] = slice_of(name.p + before.n, name.n - before.n - behind.n);
    return true;
}

/* Their first bytes tell nearly all texts from a path. */
static bool may_fit(const char *p, size_t len, const struct slice *path, size_t n)
{
    return len == 0 || *p == '%' || *p == '*' || (n > 0 && path->n > 0 && *p == path->p[0]);
}

bool shape_path_fits(const char *pattern, const struct slice *path, size_t n,
                     struct matched_parts *ret)
{
    struct slice rest, part;
    size_t i = 0;

    ret->count = 0;
    if (!may_fit(pattern, 1, path, n))
        return false;
    rest = slice_str(pattern);
    for (; slice_cut(&rest, '/', &part); i++) {
        if (i == n || !shape_part_fits(part, path[i], ret))
            return false;
    }
    return i == n;
}

bool shape_path_is(struct slice text, const struct slice *path, size_t n)
{
    struct slice part;
    size_t i = 0;

    if (!may_fit((const char *)text.p, text.n, path, n))
        return false;
    for (; slice_cut(&text, '/', &part); i++) {
        if (i == n || !slice_eq(part, path[i]))
            return false;
    }
    return i == n;
}
