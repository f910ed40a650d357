/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "base/slice.h"

#include "base/ascii.h"

bool slice_eq_nocase(struct slice a, struct slice b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++) {
        if (ascii_to_lower(a.p[i]) != ascii_to_lower(b.p[i]))
            return false;
    }
    return true;
}

int slice_cmp(struct slice a, struct slice b)
{
    size_t n = CANH_MIN(a.n, b.n);
    int d = n ? memcmp(a.p, b.p, n) : 0;

    if (d != 0)
        return d;
    return (a.n > b.n) - (a.n < b.n);
}

struct slice slice_trim(struct slice s)
{
    while (s.n && ascii_is_space(s.p[s.n - 1]))
        s.n--;
    while (s.n && ascii_is_space(*s.p)) {
        s.p++;
        s.n--;
    }
    return s;
}

size_t slice_find(struct slice s, struct slice needle)
{
    const uint8_t *at;

    if (needle.n == 0)
        return 0;
    if (needle.n > s.n)
        return SIZE_MAX;
    at = memmem(s.p, s.n, needle.p, needle.n);
    return at ? (size_t)(at - s.p) : SIZE_MAX;
}

size_t slice_find_byte(struct slice s, uint8_t c)
{
    const uint8_t *at = s.n ? memchr(s.p, c, s.n) : NULL;

    return at ? (size_t)(at - s.p) : SIZE_MAX;
}

bool slice_cut(struct slice *rest, uint8_t delim, struct slice *ret_part)
{
    size_t at;

    if (rest->p == NULL)
        return false;
    at = slice_find_byte(*rest, delim);
    if (at == SIZE_MAX) {
        *ret_part = *rest;
        *rest = SLICE_NULL;
    } else {
        *ret_part = slice_head(*rest, at);
        *rest = slice_of(rest->p + at + 1, rest->n - at - 1);
    }
    return true;
}
