/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_JSON_TEXT_H
#define CANH_TESTS_JSON_TEXT_H
/*
 * Events as text, for comparing: `Name=value;` per field in record order, `?` for a name that
 * nobody mentions, `Name:null`, `Name:group`, numbers and booleans with # in front.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "decode/json/json.h"

static inline void put_event(const struct keys *keys, const struct event *e, struct buf *out)
{
    for (uint32_t i = 0; i < e->count; i++) {
        const struct field *f = &e->fields[i];

        if (f->key == KEY_NONE)
            buf_putc(out, '?');
        else
            buf_append_slice(out, keys_name(keys, f->key));
        buf_puts(out, f->type == VALUE_NULL     ? ":null"
                      : f->type == VALUE_GROUP  ? ":group"
                      : f->type == VALUE_STRING ? "="
                                                : "=#");
        field_text(f, out);
        buf_putc(out, ';');
    }
}

/* A copy with readable bytes behind it, which are as misleading as can be. */
static inline uint8_t *padded(struct slice s)
{
    uint8_t *p = malloc(s.n + JSON_PADDING);

    if (p == NULL)
        abort();
    if (s.n > 0)
        memcpy(p, s.p, s.n);
    memset(p + s.n, '}', JSON_PADDING);
    return p;
}

static inline void mention(struct keys *keys, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (keys_intern(keys, slice_str(names[i])) == KEY_NONE)
            abort();
    }
}

#endif
