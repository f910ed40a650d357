/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NET_URI_H
#define CANH_NET_URI_H
/*
 * What a request says beside its headers' frame: target (RFC 9112 §3.2.1, origin form), query and
 * form (application/x-www-form-urlencoded), cookies (RFC 6265 §5.4), and which route a path takes.
 * Everything decoded lies in the arena; nothing here reads or writes anything else.
 *
 * Refused, never repaired: escapes that are none, bytes that are not UTF-8, control characters,
 * `.` and `..`, empty segments, and an escaped slash in a path.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/slice.h"

enum {
    URI_TARGET_MAX = 4096,
    URI_PAIRS_MAX = 256,   /* of a query or a form */
    URI_SEGMENTS_MAX = 12, /* of a path */
    ROUTE_PARAMS_MAX = 4,
};

struct uri_pair {
    struct slice name, value;
};

struct uri_pairs {
    struct uri_pair *items;
    size_t count;
};

struct uri_target {
    struct slice path;  /* decoded, begins with '/' */
    struct slice query; /* as sent, without '?' */
    struct slice segments[URI_SEGMENTS_MAX];
    size_t segment_count;
    struct uri_pairs pairs; /* of the query */
};

/* -CE_SYNTAX, -CE_ENCODING, -CE_TOO_BIG, -CE_NOMEM. */
CANH_MUST_USE int uri_target_parse(struct slice raw, struct arena *arena, struct uri_target *ret);
/* A form's body, or a query. The same errors. */
CANH_MUST_USE int uri_pairs_parse(struct slice raw, struct arena *arena, struct uri_pairs *ret);
/* The value of the first pair of that name; p is NULL when there is none. */
struct slice uri_pairs_get(const struct uri_pairs *pairs, const char *name);
/* The value of the first cookie of that name in a Cookie header; p is NULL when there is none. */
struct slice uri_cookie(struct slice header, const char *name);
/* Appends s with everything but letters, digits and -._~ as %XX: for values in queries. */
struct buf;
void uri_write_escaped(struct buf *out, struct slice s);

/*
 * A pattern is a path whose segments may be {}: "/api/v1/alerts/{}/ack". True when the target's
 * path fits; the segments that stood for {} are in params.
 */
bool route_fits(const char *pattern, const struct uri_target *t,
                struct slice params[ROUTE_PARAMS_MAX]);

#endif
