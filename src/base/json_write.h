/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_JSON_WRITE_H
#define CANH_BASE_JSON_WRITE_H
/*
 * JSON text (RFC 8259) written piece by piece; commas come by themselves. The result is valid UTF-8
 * whatever goes in: a byte that is not becomes U+FFFD. Controls are escaped, DEL and C1 too, so
 * that a terminal acts on nothing. Errors stick in the buffer.
 *
 *     struct json_write w = JSON_WRITE_INIT(&out);
 *     json_open(&w, '{');
 *     json_key(&w, "rule"); json_text(&w, rule->title);
 *     json_close(&w, '}');
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

struct json_write {
    struct buf *out;
    bool comma; /* the next value of this object or array needs one before it */
};

#define JSON_WRITE_INIT(buffer) ((struct json_write){.out = (buffer)})

/* bracket: '{' or '['; closed with '}' or ']'. */
void json_open(struct json_write *w, char bracket);
void json_close(struct json_write *w, char bracket);
/* name: a word of the program, nothing in it that a string must escape; of n bytes. */
void json_key_known(struct json_write *w, const char *name, size_t n);
CANH_INLINE void json_key(struct json_write *w, const char *name)
{
    json_key_known(w, name, strlen(name));
}

void json_key_slice(struct json_write *w, struct slice name);
void json_text(struct json_write *w, struct slice s);
/* A text given as the inside of a JSON string, which it must be. False, and nothing is written: it
 * is not what json_text() makes of it. */
CANH_MUST_USE bool json_inside(struct json_write *w, struct slice s);
/* A key and its value. */
CANH_INLINE void json_member_text(struct json_write *w, const char *name, struct slice s)
{
    json_key(w, name);
    json_text(w, s);
}

/* The same, unless the text is empty. */
void json_optional(struct json_write *w, const char *name, struct slice s);
/* What was written before by another writer: a value, or members of an object with commas between.
 */
void json_members(struct json_write *w, struct slice written);
void json_u64(struct json_write *w, uint64_t v);
void json_i64(struct json_write *w, int64_t v);
/* A finite number with this many decimals; null for any other. */
void json_decimal(struct json_write *w, double v, unsigned digits);
void json_bool(struct json_write *w, bool v);
void json_null(struct json_write *w);
/* An instant as RFC 3339 in UTC with 9 digits; null for TIME_NONE. */
void json_time(struct json_write *w, int64_t t);

CANH_INLINE void json_member_i64(struct json_write *w, const char *name, int64_t v)
{
    json_key(w, name);
    json_i64(w, v);
}

CANH_INLINE void json_member_bool(struct json_write *w, const char *name, bool v)
{
    json_key(w, name);
    json_bool(w, v);
}

CANH_INLINE void json_member_time(struct json_write *w, const char *name, int64_t t)
{
    json_key(w, name);
    json_time(w, t);
}

#endif
