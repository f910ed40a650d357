/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/find.h"

#include "decode/decoder.h"
#include "lang/err_hunt.h"

enum { ARENA_BYTES = 16 * 1024 * 1024, RAW_MAX = 32 * 1024 * 1024 };

/* Whether a word or an address is asked for, which may stand anywhere in the record. */
static bool has_words(const struct query_node *n)
{
    if (n == NULL || n->op == QUERY_ATOM || n->op == QUERY_ALL)
        return false;
    if (n->op == QUERY_WORD || n->op == QUERY_ADDRESS)
        return true;
    for (uint32_t i = 0; i < n->count; i++) {
        if (has_words(n->kids[i]))
            return true;
    }
    return false;
}

int find_parse(struct find *f, struct slice text, int zone_s, struct err *err)
{
    int r;

    f->arena = ARENA_INIT(ARENA_BYTES);
    for (unsigned i = 0; i < SCAN_THREADS_MAX; i++)
        f->raw[i] = BUF_INIT(RAW_MAX);
    r = query_parse(text, zone_s, &f->arena, &f->query, err);
    if (r == 0 && f->query.source_count + f->query.unit_count > 0)
        r = err_fail(err, CE_SYNTAX, ERR_HUNT_NO_SOURCES);
    f->wants_text = r == 0 && has_words(f->query.root);
    return r;
}

int find_intern(void *find, struct ruleset *rs, struct err *err)
{
    struct find *f = find;

    for (uint32_t i = 0; i < f->query.atom_count; i++) {
        if (ruleset_intern(rs, f->query.atoms[i]->atom.field) == KEY_NONE)
            return err_nomem(err);
    }
    return 0;
}

int find_begin(struct find *f, const struct keys *keys, struct err *err)
{
    int r = 0;

    for (unsigned i = 0; r == 0 && i < SCAN_THREADS_MAX; i++)
        r = query_matcher_new(&f->query, keys, &f->matchers[i], err);
    return r;
}

void find_done(struct find *f)
{
    for (unsigned i = 0; i < SCAN_THREADS_MAX; i++) {
        f->matchers[i] = query_matcher_free(f->matchers[i]);
        buf_done(&f->raw[i]);
    }
    arena_done(&f->arena);
}

static const struct event *next_event(void *ctx)
{
    return ctx;
}

static struct slice raw_of(struct find *f, const struct scan_event *e)
{
    struct err err = ERR_INIT;
    struct slice raw;

    if (decoder_raw(e->decoder, e->event, &f->raw[e->worker], &raw, &err) < 0)
        return SLICE_NULL;
    return raw;
}

/* Written where it stays, instead of copied there. */
static void append_raw(const struct scan_event *e, struct buf *out)
{
    struct err err = ERR_INIT;
    size_t max = out->max;

    out->max = CANH_MIN(max, out->len + RAW_MAX);
    if (decoder_append(e->decoder, e->event, out, &err) < 0 && out->max < max &&
        out->err == -CE_TOO_BIG)
        out->err = 0; /* only this record is too long */
    out->max = max;
}

/* The record itself, and the end of a line where it has none. */
static void append_record(const struct find *f, const struct scan_event *e, struct slice raw,
                          struct buf *out)
{
    size_t start = out->len;

    if (f->wants_text)
        buf_append_slice(out, raw);
    else if (out->err == 0)
        append_raw(e, out);
    if (out->len == start || out->p[out->len - 1] != '\n')
        buf_putc(out, '\n');
}

void find_write(void *find, const struct scan_event *e, struct buf *out)
{
    struct find *f = find;
    struct slice raw = f->wants_text ? raw_of(f, e) : SLICE_NULL;

    if (!query_matches(f->matchers[e->worker], raw, next_event, (void *)(uintptr_t)e->event))
        return;
    f->found++;
    if (f->records)
        append_record(f, e, raw, out);
    else
        f->write(f->ctx, e, f->wants_text ? raw : raw_of(f, e), out);
}
