/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_EVTX_READ_H
#define CANH_TESTS_EVTX_READ_H
/*
 * Reads what evtx_build.h makes: b holds one chunk, whose first record becomes e, or err says why
 * not.
 */
#include "base/err.h"
#include "decode/evtx/evtx.h"
#include "err_words.h"
#include "evtx_build.h"
#include "tap.h"

enum { STRING = 1, U32 = 8, BINXML = 0x21, ARRAY = 0x80 };

static struct build b;
static struct keys *keys;
static struct evtx_decoder *d;
static struct evtx_chunk_report report;
static struct err err;
static struct event e;

static inline void setup(const char *const *names, size_t count)
{
    keys = keys_new();
    for (size_t i = 0; i < count; i++)
        ok(keys_intern(keys, slice_str(names[i])) != KEY_NONE, "a name");
    d = evtx_decoder_new(keys, &decode_default_limits);
}

/* A decoder that remembers nothing of the records before. */
static inline void anew(void)
{
    evtx_decoder_free(d);
    d = evtx_decoder_new(keys, &decode_default_limits);
}

static inline void begin(void)
{
    build_begin(&b);
    record_begin(&b, 1);
}

/* Closes the record and the chunk and reads the first record. */
static inline int first(void)
{
    record_end(&b);
    build_end(&b);
    err = ERR_INIT;
    (void)evtx_chunk_begin(d, slice_of(b.chunk, sizeof(b.chunk)), 4096, &report);
    return evtx_next(d, &e, &err);
}

static inline void reads_json(const char *want, const char *name)
{
    struct buf out = BUF_INIT(1 << 20);
    int r = first();

    if (r == 1)
        r = evtx_record_json(d, &out, &err);
    ok(r >= 0, "%s: readable (%s)", name, err_words(&err));
    is_slice(buf_slice(&out), slice_str(want), "%s", name);
    buf_done(&out);
}

static inline void fails(enum ce code, const char *reason, const char *name)
{
    int r = first();

    is_int(r, -(int)code, "%s: refused", name);
    is_str(err_words(&err), reason, "%s", name);
}

/* All texts of the fields with this name, joined with '|'; "-" when there is none. */
static inline void has_field(const char *name, const char *want, const char *what)
{
    uint32_t key = keys_find(keys, slice_str(name));
    struct buf out = BUF_INIT(10000);
    bool any = false;

    for (uint32_t i = 0; i < e.count; i++) {
        if (e.fields[i].key != key)
            continue;
        if (any)
            buf_putc(&out, '|');
        any = true;
        field_text(&e.fields[i], &out);
    }
    is_str(any ? buf_cstr(&out) : "-", want, "%s: %s", what, name);
    buf_done(&out);
}

/* <Event><EventData><Data Name="v">%0</Data></EventData></Event>, and one value for it. */
static inline uint32_t one_value_template(uint32_t id, int optional)
{
    uint32_t t = template_begin(&b, id);

    element(&b, "Event", 0xFFFF, 0);
    content(&b);
    element(&b, "EventData", 0xFFFF, 0);
    content(&b);
    element(&b, "Data", 0xFFFF, 1);
    attribute(&b, "Name");
    text(&b, "v");
    content(&b);
    subst(&b, 0, STRING, optional);
    end(&b);
    end(&b);
    end(&b);
    template_end(&b, t);
    return t;
}

#endif
