/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of BinXML made at random, of few names so that they meet: templates used again, names
 * written once a chunk, parts left out with their values, arrays. A decoder that has read all that
 * came before must read a record as a new one does, and as the JSON that a node keeps of it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/time.h"
#include "decode/decoder.h"
#include "decode/evtx/evtx.h"
#include "err_words.h"
#include "evtx_build.h"
#include "tap.h"

enum {
    CHUNKS = 60,
    TEMPLATES = 6, /* of a chunk */
    RECORDS = 30,
    VALUES_MAX = 12,
    DEPTH_MAX = 3,
    LINES_MAX = 300,
};

static uint32_t state = 20261130;

static uint32_t below(uint32_t n)
{
    state = state * 1664525 + 1013904223;
    return (state >> 8) % n;
}

static const char *const names[] = {"A", "B", "C", "System", "EventData", "Data"};
static const char *const attributes[] = {"x", "y"};

static struct keys *keys;
static struct build b;

/* What a template asks for: a type for each value, and whether it may be missing. */
struct wanted {
    uint8_t type[VALUES_MAX];
    unsigned count;
};

static struct {
    const char *name;
    uint32_t at;
} written[16]; /* names of the chunk, where they stand */
static unsigned written_count;

/* A name stands inline where it comes first, and some of the time again. */
static void name_at_random(const char *name)
{
    for (unsigned i = 0; i < written_count; i++) {
        if (written[i].name == name && below(4) != 0) {
            put_le(&b, written[i].at, 4);
            return;
        }
    }
    if (written_count < CANH_LEN(written)) {
        written[written_count].name = name;
        written[written_count++].at = b.at + 4;
    }
    put_name(&b, name);
}

static unsigned want(struct wanted *w)
{
    static const uint8_t types[] = {0x01, 0x01, 0x01, 0x02, 0x04, 0x06, 0x07, 0x08, 0x0A, 0x0D,
                                    0x0E, 0x0F, 0x10, 0x11, 0x13, 0x14, 0x15, 0x81, 0x86, 0x94};

    if (w->count == VALUES_MAX)
        return below(VALUES_MAX);
    w->type[w->count] = types[below(CANH_LEN(types))];
    return w->count++;
}

static void text_or_value(struct wanted *w, bool array)
{
    char letters[] = "text a";
    unsigned v;

    if (below(4) == 0) {
        letters[5] = (char)('a' + below(26));
        text(&b, letters + below(sizeof(letters) - 1));
        return;
    }
    v = want(w);
    if (!array && w->type[v] & 0x80)
        w->type[v] = 1;
    subst(&b, v, w->type[v], below(2) != 0);
}

static void open_element(const char *name, int dep, bool attributed)
{
    put_le(&b, attributed ? 0x41 : 0x01, 1);
    put_le(&b, (unsigned)dep, 2);
    put_le(&b, 0, 4);
    name_at_random(name);
    if (attributed)
        put_le(&b, 0, 4);
}

static void one_attribute(const char *name, struct wanted *w)
{
    put_le(&b, 0x06, 1);
    name_at_random(name);
    text_or_value(w, false);
}

/* A Data element is named by a text; others may have attributes. */
static void random_element(const char *name, unsigned depth, struct wanted *w)
{
    bool data = strcmp(name, "Data") == 0;
    unsigned count = data ? 1 : below(3) == 0 ? 1 + below(2) : 0;
    unsigned children = data || depth >= DEPTH_MAX ? 0 : below(depth == 0 ? 6 : 4);

    open_element(name, depth > 0 && below(3) == 0 ? (int)want(w) : 0xFFFF, count > 0);
    for (unsigned i = 0; i < count; i++) {
        if (data) {
            put_le(&b, 0x06, 1);
            name_at_random("Name");
            text(&b, below(2) ? "v" : "w");
        } else {
            one_attribute(attributes[i], w);
        }
    }
    if (children == 0 && below(6) == 0) {
        end_empty(&b);
        return;
    }
    content(&b);
    if (children == 0)
        text_or_value(w, true);
    for (unsigned i = 0; i < children; i++)
        random_element(names[below(CANH_LEN(names))], depth + 1, w);
    end(&b);
}

static uint32_t random_template(uint32_t id, struct wanted *w)
{
    uint32_t at = template_begin(&b, id);

    *w = (struct wanted){.count = 0};
    random_element("Event", 0, w);
    template_end(&b, at);
    return at;
}

/* Bytes of a value of the type; some of the time none, or of a size that it cannot have. */
static uint16_t random_value(uint8_t type, uint8_t *to)
{
    static const uint8_t sizes[0x20] = {
        [0x04] = 1,  [0x06] = 2, [0x07] = 4, [0x08] = 4,  [0x0A] = 8, [0x0D] = 4, [0x0E] = 5,
        [0x0F] = 16, [0x10] = 8, [0x11] = 8, [0x13] = 16, [0x14] = 4, [0x15] = 8};
    uint16_t n = sizes[type & 0x1F];

    if (below(8) == 0)
        return 0;
    if ((type & 0x7F) == 1)
        n = (uint16_t)(2 * (1 + below(6)));
    else if (type == 2)
        n = (uint16_t)(1 + below(6));
    else if (type & 0x80)
        n = (uint16_t)(n * (1 + below(4)));
    if (below(20) == 0 && (type & 0x7F) > 2)
        n--;
    for (uint16_t i = 0; i < n; i++)
        to[i] = (uint8_t)below(256);
    if ((type & 0x7F) == 1)
        for (uint16_t i = 0; i < n; i += 2)
            to[i] = (uint8_t)("ab<&\"\\ \0"[below(8)]), to[i + 1] = 0;
    if (type == 2)
        for (uint16_t i = 0; i < n; i++)
            to[i] = (uint8_t)('a' + below(26));
    if (type == 0x13)
        memcpy(to, "\1\2\0\0\0\0\0\5", 8);
    return n;
}

static void random_values(const struct wanted *w)
{
    static uint8_t room[VALUES_MAX][64];
    struct build_value v[VALUES_MAX];

    for (unsigned i = 0; i < w->count; i++) {
        uint16_t n = random_value(w->type[i], room[i]);
        bool none = n == 0 && below(2) == 0;

        v[i] = (struct build_value){none ? 0 : w->type[i], room[i], n};
    }
    values(&b, v, w->count);
}

static void random_chunk(uint32_t number)
{
    struct wanted wanted[TEMPLATES];
    uint32_t at[TEMPLATES] = {0};

    build_begin(&b);
    written_count = 0;
    for (uint32_t i = 0; i < RECORDS; i++) {
        uint32_t t = below(TEMPLATES);

        record_begin(&b, (uint64_t)number * RECORDS + i + 1);
        if (at[t] == 0)
            at[t] = random_template(t + 1, &wanted[t]);
        else
            template_use(&b, t + 1, at[t]);
        random_values(&wanted[t]);
        record_end(&b);
    }
    build_end(&b);
}

/* The fields of an event that somebody can see, a line each, sorted. */
struct lines {
    struct buf text[LINES_MAX];
    uint32_t count;
};

static int by_text(const void *x, const void *y)
{
    return slice_cmp(buf_slice(x), buf_slice(y));
}

static void lines_of(const struct event *e, bool groups, struct lines *ret)
{
    for (uint32_t i = 0; i < ret->count; i++)
        buf_clear(&ret->text[i]);
    ret->count = 0;
    for (uint32_t i = 0; i < e->count && ret->count < LINES_MAX; i++) {
        const struct field *f = &e->fields[i];
        struct buf *to = &ret->text[ret->count];

        if ((f->key == KEY_NONE && f->n == 0) || (f->type == VALUE_GROUP && !groups))
            continue;
        if (to->max == 0)
            *to = BUF_INIT(10000);
        if (f->key != KEY_NONE)
            buf_append_slice(to, keys_name(keys, f->key));
        buf_printf(to, " %d ", f->type);
        field_text(f, to);
        ret->count++;
    }
    qsort(ret->text, ret->count, sizeof(*ret->text), by_text);
}

/* The first line that only one has; NULL: they are the same. */
static const char *first_difference(struct lines *a, struct lines *c)
{
    for (uint32_t i = 0; i < a->count || i < c->count; i++) {
        if (i >= a->count)
            return buf_cstr(&c->text[i]);
        if (i >= c->count || !slice_eq(buf_slice(&a->text[i]), buf_slice(&c->text[i])))
            return buf_cstr(&a->text[i]);
    }
    return NULL;
}

static bool as_json(struct evtx_decoder *d, struct decoder *json, struct lines *ret)
{
    static const struct decode_context context = {.received = TIME_NONE, .canonical = true};
    struct decode_block block = {.context = &context, .line = 1, .single = true};
    struct buf out = BUF_INIT(1 << 20);
    struct decode_fault fault;
    struct err err = ERR_INIT;
    struct event e;
    bool fine = evtx_record_json(d, &out, &err) == 0;

    block.text.n = out.len;
    fine = fine && buf_reserve(&out, DECODE_PADDING) != NULL;
    block.text.p = out.p;
    if (fine) {
        decoder_open(json, &block);
        fine = decoder_next(json, &e, &fault) == 1;
    }
    if (fine)
        lines_of(&e, false, ret);
    buf_done(&out);
    return fine;
}

static struct keys *known_keys(void)
{
    static const char *const more[] = {
        "Event.A", "Event.System.B",        "Event.EventData.A", "v",
        "w",       "Event.B.#attributes.x", "Event.C.#text",     "A_x",
    };
    struct keys *ret = keys_new();

    for (size_t i = 0; i < CANH_LEN(names); i++)
        ok(keys_intern(ret, slice_str(names[i])) != KEY_NONE, "%s", names[i]);
    for (size_t i = 0; i < CANH_LEN(more); i++)
        ok(keys_intern(ret, slice_str(more[i])) != KEY_NONE, "%s", more[i]);
    return ret;
}

/* What is read otherwise by the second, or of the JSON; NULL: nothing. */
static const char *difference(struct evtx_decoder *d, const struct event *e,
                              const struct event *other, struct decoder *json)
{
    static struct lines kept, fresh;
    const char *ret;

    lines_of(e, true, &kept);
    lines_of(other, true, &fresh);
    ret = first_difference(&kept, &fresh);
    if (ret)
        return ret;
    lines_of(e, false, &kept); /* an array is a group in JSON alone */
    return as_json(d, json, &fresh) ? first_difference(&kept, &fresh) : "no JSON";
}

/* How many records were read alike. */
static uint32_t read_chunk(struct evtx_decoder *d, struct decoder *json, uint32_t *fields)
{
    struct evtx_decoder *new = evtx_decoder_new(keys, &decode_default_limits);
    struct evtx_chunk_report report, other;
    struct err err = ERR_INIT;
    struct event e, f;
    uint32_t n = 0;

    (void)evtx_chunk_begin(d, slice_of(b.chunk, sizeof(b.chunk)), 0, &report);
    (void)evtx_chunk_begin(new, slice_of(b.chunk, sizeof(b.chunk)), 0, &other);
    while (evtx_next(d, &e, &err) > 0 && evtx_next(new, &f, &err) > 0) {
        const char *differs = difference(d, &e, &f, json);

        if (differs) {
            printf("# record %" PRIu64 ": %s\n", e.sequence, differs);
            break;
        }
        n++;
        *fields += e.count;
    }
    new = evtx_decoder_free(new);
    return n;
}

int main(void)
{
    struct evtx_decoder *d;
    struct decoder *json;
    uint32_t fields = 0;

    keys = known_keys();
    d = evtx_decoder_new(keys, &decode_default_limits);
    json = decoder_new(format_by_name(SLICE("json")), keys, &decode_default_limits);
    for (uint32_t chunk = 0; chunk < CHUNKS; chunk++) {
        random_chunk(chunk);
        is_int(read_chunk(d, json, &fields), RECORDS, "chunk %u is read alike", chunk);
    }
    ok(fields > 10 * CHUNKS * RECORDS, "%u fields", fields);
    d = evtx_decoder_free(d);
    json = decoder_free(json);
    keys = keys_free(keys);
    return tap_done();
}
