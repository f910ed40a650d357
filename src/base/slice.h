/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_SLICE_H
#define CANH_BASE_SLICE_H
/*
 * A slice borrows n bytes at p; it never owns, and needs no terminating zero.
 * p may be NULL only when n is 0.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"

struct slice {
    const uint8_t *p;
    size_t n;
};

#define SLICE_NULL ((struct slice){NULL, 0})
#define SLICE(lit) ((struct slice){(const uint8_t *)(lit), sizeof(lit) - 1})
/* For initialisers of static tables. */
#define SLICE_INIT(lit)                                                                            \
    {                                                                                              \
        (const uint8_t *)(lit), sizeof(lit) - 1                                                    \
    }
#define SLICE_FMT "%.*s"
#define SLICE_ARG(s)                                                                               \
    (int)CANH_MIN((s).n, (size_t)INT32_MAX), (const char *)((s).p ? (s).p : (const uint8_t *)"")

CANH_INLINE struct slice slice_of(const void *p, size_t n)
{
    return (struct slice){(const uint8_t *)p, n};
}

CANH_INLINE struct slice slice_str(const char *s)
{
    return (struct slice){(const uint8_t *)s, s ? strlen(s) : 0};
}

CANH_INLINE bool slice_eq(struct slice a, struct slice b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

CANH_INLINE bool slice_is(struct slice a, const char *s)
{
    return slice_eq(a, slice_str(s));
}

CANH_INLINE bool slice_starts(struct slice s, struct slice prefix)
{
    return prefix.n == 0 ||
           (s.p != NULL && s.n >= prefix.n && memcmp(s.p, prefix.p, prefix.n) == 0);
}

CANH_INLINE bool slice_ends(struct slice s, struct slice suffix)
{
    return s.n >= suffix.n &&
           (suffix.n == 0 || memcmp(s.p + (s.n - suffix.n), suffix.p, suffix.n) == 0);
}

/* The part of s from byte `at` on; empty when at is past the end. */
CANH_INLINE struct slice slice_from(struct slice s, size_t at)
{
    return at >= s.n ? slice_of(s.p ? s.p + s.n : NULL, 0) : slice_of(s.p + at, s.n - at);
}

/* At most n bytes from the start of s. */
CANH_INLINE struct slice slice_head(struct slice s, size_t n)
{
    return slice_of(s.p, CANH_MIN(s.n, n));
}

/* ASCII-only comparisons, for keywords of formats that are ASCII themselves. */
bool slice_eq_nocase(struct slice a, struct slice b);
/* Byte order, shorter first on a common prefix: <0, 0, >0. */
int slice_cmp(struct slice a, struct slice b);
/* Without ASCII blanks (space, tab, CR, LF) at both ends. */
struct slice slice_trim(struct slice s);
/* Position of needle in s, or SIZE_MAX. An empty needle is found at 0. */
size_t slice_find(struct slice s, struct slice needle);
/* Position of byte c in s, or SIZE_MAX. */
size_t slice_find_byte(struct slice s, uint8_t c);
/* How often byte c stands in s. */
size_t slice_count_byte(struct slice s, uint8_t c);
/* Cuts the part before the first `delim` off *rest and returns it; false when *rest is used up. */
bool slice_cut(struct slice *rest, uint8_t delim, struct slice *ret_part);

/* At most the first n bytes, cut before a character of UTF-8. */
CANH_INLINE struct slice slice_head_utf8(struct slice s, size_t n)
{
    if (n >= s.n)
        return s;
    while (n > 0 && (s.p[n] & 0xC0) == 0x80)
        n--;
    return slice_head(s, n);
}

/* The beginning of what somebody wrote, for a message: at most 60 bytes, cut at a character. */
CANH_INLINE struct slice slice_brief(struct slice s)
{
    return slice_head_utf8(s, 60);
}

#endif
