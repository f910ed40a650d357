/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/json/json.h"

#include <stdlib.h>

#include "base/cpu.h"
#include "base/time.h"
#include "decode/json/internal.h"
#include "lang/err_decode.h"

unsigned json_levels(void)
{
#ifdef CANH_JSON_X86
    return CANH_MIN(cpu_level(), (enum cpu_level)CPU_AVX512) + 1;
#else
    return 1;
#endif
}

void json_set_level(struct json_decoder *d, unsigned level)
{
    static const struct json_engine *const engines[] = {
        &json_engine_base,
#ifdef CANH_JSON_X86
        &json_engine_v3,
        &json_engine_v4,
#endif
    };

    d->engine = engines[CANH_MIN(level, json_levels() - 1)];
}

struct json_decoder *json_decoder_new(const struct keys *keys, const struct decode_limits *limits)
{
    struct json_decoder *d = calloc(1, sizeof(*d));

    if (d == NULL)
        return NULL;
    d->limits = *limits;
    d->limits.max_fields = CANH_MAX(1u, CANH_MIN(limits->max_fields, (uint32_t)EVENT_FIELDS_MAX));
    d->limits.max_depth = CANH_MIN(limits->max_depth, (uint32_t)JSON_PATH_MAX);
    json_set_level(d, json_levels() - 1);
    d->composed = BUF_INIT(JSON_COMPOSED_MAX + 64);
    d->nested = BUF_INIT(2 * (size_t)limits->max_record + JSON_NESTED_ROOM);
    d->columns = BUF_INIT(DECODE_HEAD_MAX);
    d->row = BUF_INIT((size_t)limits->max_record + DECODE_HEAD_MAX + JSON_PADDING);
    if (json_trie_init(&d->trie, keys) < 0 || !json_texts_init(d))
        return json_decoder_free(d);
    return d;
}

static void maps_done(struct json_bitmaps *m)
{
    free(m->quotes);
    free(m->slashes);
}

struct json_decoder *json_decoder_free(struct json_decoder *d)
{
    if (d != NULL) {
        json_trie_done(&d->trie);
        json_texts_done(d);
        maps_done(&d->maps);
        maps_done(&d->nested_maps);
        buf_done(&d->nested);
        buf_done(&d->composed);
        buf_done(&d->columns);
        buf_done(&d->row);
        free(d);
    }
    return NULL;
}

const struct decode_counts *json_counts(const struct json_decoder *d)
{
    return &d->base.counts;
}

static int maps_reserve(struct json_bitmaps *m, size_t n)
{
    if (n <= m->cap)
        return 0;
    n = CANH_MAX(n, (size_t)JSON_CHUNK * 2);
    maps_done(m);
    m->cap = 0;
    m->quotes = malloc(JSON_BITMAP(n));
    m->slashes = malloc(JSON_BITMAP(n));
    if (m->quotes == NULL || m->slashes == NULL)
        return -CE_NOMEM;
    m->cap = n;
    return 0;
}

int json_scan(const struct json_decoder *d, struct json_bitmaps *maps, struct slice text)
{
    unsigned flags;

    if (maps_reserve(maps, text.n) < 0)
        return -CE_NOMEM;
    flags = d->engine->scan(text.p, text.n, maps->quotes, maps->slashes);
    maps->hides = (flags & SCAN_HIDES) != 0;
    return flags & SCAN_BAD ? -CE_SYNTAX : 0;
}

void json_walk_init(struct json_decoder *d, struct json_walk *w, const struct json_bitmaps *maps,
                    struct slice text)
{
    w->base = text.p;
    w->limit = text.p + text.n;
    w->quotes = maps->quotes;
    w->slashes = maps->slashes;
    w->trie = &d->trie;
    w->max_depth = d->limits.max_depth;
    w->decoder = d;
}

/* Walks a text that must be one document and nothing else. */
static bool walk_all(struct json_decoder *d, struct json_walk *w, struct slice text)
{
    json_walk_init(d, w, &d->nested_maps, text);
    return d->engine->walk(w, text.p) == w->limit;
}

struct slice json_text_open(struct json_walk *w, const struct field *f,
                            const struct json_frame *frame)
{
    struct json_decoder *d = w->decoder;
    size_t before = d->nested.len, n = f->n + frame->before.n + frame->behind.n;
    size_t most = CANH_MIN((size_t)(w->limit - w->base), (size_t)d->limits.max_record);
    struct slice s;

    /* room for all such texts of the record, and those in them, at once: fields point into it, so
     * it must not move */
    if (w->nested || (before == 0 && buf_reserve(&d->nested, 2 * most + JSON_NESTED_ROOM) == NULL))
        return SLICE_NULL;
    /* a record that turns out to be over the limit is walked, too; what is read lies before padding
     */
    if (n + before + DECODE_PADDING > d->nested.cap)
        return SLICE_NULL;
    buf_append_slice(&d->nested, frame->before);
    field_text(f, &d->nested);
    buf_append_slice(&d->nested, frame->behind);
    s = slice_from(buf_slice(&d->nested), before);
    return slice_trim(slice_starts(s, SLICE("\xEF\xBB\xBF")) ? slice_from(s, 3) : s);
}

bool json_document(struct json_walk *w, struct slice text)
{
    struct json_decoder *d = w->decoder;
    uint32_t ecs_count = d->ecs_count, text_count = d->text_count;
    struct json_walk inner = *w;

    inner.nested = true;
    inner.lines = false;
    if (text.n == 0 || json_scan(d, &d->nested_maps, text) < 0 || !walk_all(d, &inner, text)) {
        d->ecs_count = ecs_count;
        d->text_count = text_count;
        return false;
    }
    w->f = inner.f;
    w->evict = inner.evict;
    w->lost = inner.lost;
    w->known = inner.known;
    w->unpacked = true;
    return true;
}

bool json_nested(struct json_walk *w, const struct field *text)
{
    const struct json_frame bare = {SLICE_INIT(""), SLICE_INIT("")};
    size_t before = w->decoder->nested.len;
    struct slice s = json_text_open(w, text, &bare);

    if (shape_nested(s) && json_document(w, s))
        return true;
    w->decoder->nested.len = before;
    return false;
}

void json_count(struct json_decoder *d, const struct event *e)
{
    d->base.counts.records++;
    d->base.counts.truncated += (e->flags & EVENT_TRUNCATED) != 0;
    d->base.counts.fields_lost += (e->flags & EVENT_FIELDS_LOST) != 0;
}

void json_truncated(struct json_decoder *d, struct slice record, struct event *ret)
{
    record = slice_head(record, d->limits.max_record);
    d->fields[0] = (struct field){.text = record.p, .n = (uint32_t)record.n};
    *ret = (struct event){.fields = d->fields, .count = 1, .flags = EVENT_TRUNCATED, .raw = record};
    json_count(d, ret);
}

const uint8_t *json_walk(struct json_decoder *d, const uint8_t *p, struct event *ret)
{
    struct json_walk *w = &d->walk;
    const uint8_t *end;

    json_trie_make_room(&d->trie);
    w->fields = w->f = d->fields;
    w->fields_end = d->fields + d->limits.max_fields;
    w->pair = (struct json_pair){0};
    w->evict = d->limits.max_fields;
    w->lost = w->unpacked = w->known = w->finding = false;
    d->ecs_count = d->text_count = d->said = d->request = 0;
    d->xml_used = false;
    d->line_time = TIME_NONE;
    buf_clear(&d->nested);
    end = d->engine->walk(w, p);
    if (end == NULL)
        return NULL;
    if (CANH_UNLIKELY(d->text_count > 0))
        json_texts_end(w);
    if (d->ecs_count > 0)
        json_ecs_end(w);
    json_log_end(w, slice_of(p, (size_t)(end - p)));
    if (d->said > 0)
        json_message_end(w);
    if (d->request > 0)
        json_request_end(w, &w->fields[d->request - 1]);
    if (CANH_UNLIKELY(w->finding))
        json_finding_end(w);
    *ret =
        (struct event){.fields = d->fields,
                       .count = (uint32_t)(w->f - w->fields),
                       .flags = (w->lost ? EVENT_FIELDS_LOST : 0) | (w->known ? EVENT_KNOWN : 0) |
                                (d->maps.hides || w->unpacked ? 0 : EVENT_TEXT_IN_RAW),
                       .raw = slice_of(p, (size_t)(end - p))};
    if (d->line_time != TIME_NONE) {
        ret->time = d->line_time;
        ret->flags |= EVENT_TIME | (d->line_local ? (unsigned)EVENT_TIME_LOCAL : 0u);
    }
    return end;
}

void json_set_lines(struct json_decoder *d, bool lines)
{
    if (d->walk.lines != lines)
        json_trie_clear(&d->trie); /* it may hold gaps with line breaks */
    d->walk.lines = lines;
}

static int json_syntax_error(struct json_decoder *d, struct slice text, size_t at, enum ce code,
                             unsigned why, struct err *err)
{
    unsigned line = 1;
    size_t line_at = 0;

    for (size_t i = 0; i < at && i < text.n; i++) {
        if (text.p[i] == '\n') {
            line++;
            line_at = i + 1;
        }
    }
    d->base.counts.bad++;
    (void)err_fail_at(err, code, line, (unsigned)(at - line_at) + 1, ERR_BASE_TEXT, ERR_ID(why));
    if (err != NULL)
        err->offset = at;
    return -(int)code;
}

static bool only_blanks(const uint8_t *p, const uint8_t *end)
{
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
        p++;
    return p == end;
}

int json_decode_one(struct json_decoder *d, struct slice record, struct event *ret, struct err *err)
{
    struct json_walk *w = &d->walk;
    const uint8_t *end;
    unsigned why;
    enum ce code;
    size_t at;
    int r = json_scan(d, &d->maps, record);

    if (r == -CE_NOMEM)
        return err_fail(err, CE_NOMEM, ERR_DECODE_NO_MEMORY_FOR_RECORD_BYTES, record.n);
    if (r < 0) {
        json_explain(record, &at, &code, &why);
        return json_syntax_error(d, record, at, code, why, err);
    }
    json_walk_init(d, w, &d->maps, record);
    end = json_walk(d, record.p, ret);
    if (end == NULL)
        return json_syntax_error(d, record, (size_t)(w->bad_at - record.p), w->code, w->why, err);
    if (only_blanks(end, w->limit)) {
        json_count(d, ret);
        return 0;
    }
    return json_syntax_error(d, record, (size_t)(end - record.p), CE_SYNTAX, ERR_DECODE_JSON_MORE,
                             err);
}

int json_decode(struct json_decoder *d, struct slice record, struct event *ret, struct err *err)
{
    if (record.n > d->limits.max_record) {
        json_truncated(d, record, ret);
        return 0;
    }
    json_set_lines(d, false);
    return json_decode_one(d, record, ret, err);
}
