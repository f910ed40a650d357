/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of BinXML made at random, of few names so that they meet: templates used again, names
 * written once a chunk, parts left out with their values, arrays. A decoder that has read all that
 * came before must read a record as a new one does that makes no plans, and as the JSON that a node
 * keeps of it; both write the same JSON.
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
    TEXT_MAX = 100,
    RECORD_MOST = 16 * 1024, /* bytes */
    TIMES = 3,               /* that a chunk is read: its plans are made the second time */
};

static uint32_t state = 20261130;

static uint32_t below(uint32_t n)
{
    state = state * 1664525 + 1013904223;
    return (state >> 8) % n;
}

#define TEN(text) text text text text text text text text text text

static const char *const names[] = {
    TEN("LongerThanSixteen"), "A", "B", "C", "System", "EventData", "Data", "ComplexData"};
static const char *const attributes[] = {"x", "Name"};

static struct keys *keys;
static struct decode_limits named;
static struct build b;
static bool written_out; /* a record without a template: no numbers of values stand in it */

/* What a template asks for: a type for each value, and whether it may be missing. */
struct wanted {
    uint8_t type[VALUES_MAX];
    unsigned count;
    unsigned level; /* of fragments in fragments */
    bool nested;    /* behind these a fragment with a template of its own */
    bool placed;    /* which has its place */
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

/* A literal, a character by its number, an entity, text as it stands, or a value. */
static void text_part(struct wanted *w, bool array)
{
    static const char *const entities[] = {"amp", "lt", "gt", "quot", "apos"};
    static const char *const texts[] = {"",       " ",      "\t \n",         "t",
                                        "text a", "<&\"'>", "a longer text", TEN(TEN("abc"))};
    unsigned v;

    switch (below(written_out ? 4 : 8)) {
    case 0:
    case 1:
        text(&b, texts[below(CANH_LEN(texts))]);
        return;
    case 2:
        put_le(&b, 0x08, 1);
        put_le(&b, 0x41 + below(26), 2);
        return;
    case 3:
        put_le(&b, 0x09, 1);
        name_at_random(entities[below(CANH_LEN(entities))]);
        return;
    default:
        v = want(w);
        if (!array && w->type[v] & 0x80)
            w->type[v] = 1;
        subst(&b, v, w->type[v], below(2) != 0);
    }
}

static void text_or_value(struct wanted *w, bool array)
{
    unsigned parts = below(5) == 0 ? 2 + below(2) : 1;

    for (unsigned i = 0; i < parts; i++)
        text_part(w, array && parts == 1);
}

static void open_element(const char *name, int dep, bool attributed)
{
    put_le(&b, attributed ? 0x41 : 0x01, 1);
    if (!written_out)
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

/* A text, or a value that is one. */
static void data_name(struct wanted *w)
{
    put_le(&b, 0x06, 1);
    name_at_random("Name");
    if (!written_out && below(3) == 0) {
        unsigned v = want(w);

        w->type[v] = 1;
        subst(&b, v, 1, 1);
    } else {
        text(&b, below(2) ? "v" : "w");
    }
}

static bool is_data(const char *name)
{
    return strcmp(name, "Data") == 0 || strcmp(name, "ComplexData") == 0;
}

static unsigned child_count(const char *name, unsigned depth)
{
    if (is_data(name) || depth >= DEPTH_MAX)
        return 0;
    if (depth > 0 && below(25) == 0)
        return 15 + below(30);
    return below(depth == 0 ? 6 : 4);
}

/* Most Data elements have a name; others may have attributes. */
static void random_element(const char *name, unsigned depth, struct wanted *w)
{
    bool data = is_data(name);
    unsigned count = data ? below(4) != 0 : below(3) == 0 ? 1 + below(2) : 0;
    unsigned children = child_count(name, depth);

    open_element(name, depth > 0 && below(3) == 0 ? (int)want(w) : 0xFFFF, count > 0);
    if (data && count)
        data_name(w);
    for (unsigned i = 0; !data && i < count; i++)
        one_attribute(attributes[i], w);
    if (children == 0 && below(6) == 0) {
        end_empty(&b);
        return;
    }
    content(&b);
    if (children == 0 && below(12) != 0)
        text_or_value(w, true);
    for (unsigned i = 0; i < children; i++) {
        random_element(names[below(CANH_LEN(names))], children > 10 ? DEPTH_MAX : depth + 1, w);
        if (below(12) == 0)
            text(&b, " \n");
    }
    if (w->nested && !w->placed && (depth == w->level || below(3) == 0)) {
        subst(&b, VALUES_MAX, 0x21, 1);
        w->placed = true;
    }
    end(&b);
}

/* The roots of fragments, by level, and how many templates of each there are. */
static const char *const roots[] = {"Event", "EventData", "A"};
static const uint32_t templates[] = {TEMPLATES, 3, 2};

static uint32_t random_template(uint32_t id, unsigned level, struct wanted *w)
{
    uint32_t at = template_begin(&b, id);

    *w = (struct wanted){.level = level, .nested = level + 1 < CANH_LEN(roots) && below(2) == 0};
    random_element(roots[level], level, w);
    w->nested = w->placed;
    template_end(&b, at);
    return at;
}

/* UTF-16 of every kind, also halves of pairs; n: units. */
static void random_utf16(uint8_t *to, unsigned n)
{
    static const uint16_t units[] = {'a', 'b',  'Z',  '0',  ' ',   '"',    '\\',   '<',
                                     1,   '\n', 0x7F, 0xE9, 0x110, 0x1EBF, 0x20AC, 0xFFFD};

    for (unsigned i = 0; i < n; i++) {
        unsigned kind = below(16);
        uint16_t c = kind < 9 ? (uint16_t)('a' + below(26)) : units[below(CANH_LEN(units))];

        if (kind == 15 && i + 1 < n) { /* a pair, or one of its halves */
            set_le(to + 2 * i, below(8) ? 0xD83C : 0xDFEE, 2);
            i++;
            c = below(8) ? 0xDFEE : 'x';
        }
        set_le(to + 2 * i, c, 2);
    }
}

static void random_narrow(uint8_t *to, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        to[i] = (uint8_t)(below(6) ? 'a' + below(26) : 1 + below(255));
}

/* Bytes of a value of the type; some of the time none, or of a size that it cannot have. */
static uint16_t random_value(uint8_t type, uint8_t *to)
{
    static const uint8_t sizes[0x20] = {
        [0x04] = 1,  [0x06] = 2, [0x07] = 4, [0x08] = 4,  [0x0A] = 8, [0x0D] = 4, [0x0E] = 5,
        [0x0F] = 16, [0x10] = 8, [0x11] = 8, [0x13] = 16, [0x14] = 4, [0x15] = 8};
    bool texts = (type & 0x7F) == 1 || type == 2;
    unsigned n = sizes[type & 0x1F];

    if (below(8) == 0)
        return 0;
    if (texts)
        n = 1 + below(below(8) ? 8 : TEXT_MAX);
    else if (type & 0x80)
        n *= 1 + below(4);
    if (below(20) == 0 && !texts)
        n--;
    for (unsigned i = 0; i < n; i++)
        to[i] = (uint8_t)below(256);
    if (type == 2)
        random_narrow(to, n);
    else if (texts)
        random_utf16(to, n);
    if (type == 0x81 && n > 2)
        set_le(to + 2 * (n / 2), 0, 2);
    if (type == 0x13)
        memcpy(to, "\1\2\0\0\0\0\0\5", 8);
    return (uint16_t)(type == 2 || !texts ? n : 2 * n);
}

static void random_instance(unsigned level);

static void random_values(const struct wanted *w)
{
    static uint8_t rooms[CANH_LEN(roots)][VALUES_MAX][2 * TEXT_MAX];
    struct build_value v[VALUES_MAX + 1] = {{0, "", 0}};
    unsigned count = w->nested ? VALUES_MAX + 1 : w->count;
    uint32_t at = b.at + 4, from;

    for (unsigned i = 0; i < w->count; i++) {
        uint8_t *room = rooms[w->level][i];
        uint16_t n = random_value(w->type[i], room);
        bool none = n == 0 && below(2) == 0;

        v[i] = (struct build_value){none ? 0 : w->type[i], room, n};
    }
    values(&b, v, count);
    if (!w->nested)
        return;
    from = b.at;
    put_le(&b, 0x0001010F, 4);
    random_instance(w->level + 1);
    put_le(&b, 0, 1);
    set_le(b.chunk + at + (size_t)4 * VALUES_MAX, b.at - from, 2);
    set_le(b.chunk + at + (size_t)4 * VALUES_MAX + 2, 0x21, 2);
}

/* The chunk's templates, by level and number. */
static struct wanted wanted[CANH_LEN(roots)][TEMPLATES];
static uint32_t template_at[CANH_LEN(roots)][TEMPLATES];

static void random_instance(unsigned level)
{
    uint32_t n = below(templates[level]), id = 10 * level + n + 1;

    if (template_at[level][n] == 0)
        template_at[level][n] = random_template(id, level, &wanted[level][n]);
    else
        template_use(&b, id, template_at[level][n]);
    random_values(&wanted[level][n]);
}

static void random_chunk(uint32_t number)
{
    build_begin(&b);
    written_count = 0;
    memset(template_at, 0, sizeof(template_at));
    for (uint32_t i = 0; i < RECORDS && b.at < BUILD_CHUNK - RECORD_MOST; i++) {
        record_begin(&b, (uint64_t)number * RECORDS + i + 1);
        written_out = below(5) == 0;
        if (written_out)
            random_element("Event", 0, &(struct wanted){.count = 0});
        else
            random_instance(0);
        written_out = false;
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
        memset(out.p + out.len, 0, DECODE_PADDING);
        decoder_open(json, &block);
        fine = decoder_next(json, &e, &fault) == 1;
    }
    if (fine)
        lines_of(&e, false, ret);
    buf_done(&out);
    return fine;
}

static void know(struct keys *k, const char *path)
{
    static const char *const ends[] = {"", ".#text", ".#attributes.x"};
    struct buf name = BUF_INIT(200);
    bool known = true;

    for (size_t i = 0; i < CANH_LEN(ends); i++) {
        buf_clear(&name);
        buf_printf(&name, "%s%s", path, ends[i]);
        known = known && keys_intern(k, buf_slice(&name)) != KEY_NONE;
    }
    if (!known)
        ok(false, "%s is a key", path);
    buf_done(&name);
}

/* Most of the paths that records may have, and what they are called. */
static struct keys *known_keys(void)
{
    struct keys *ret = keys_new();
    char path[100];

    for (size_t i = 0; i < CANH_LEN(names); i++) {
        know(ret, names[i]);
        if (is_data(names[i])) /* one alone of several is no list: of these only the name counts */
            continue;
        (void)snprintf(path, sizeof(path), "Event.%s", names[i]);
        know(ret, path);
        for (size_t k = 0; k < CANH_LEN(names); k++) {
            if (is_data(names[k]))
                continue;
            (void)snprintf(path, sizeof(path), "Event.%s.%s", names[i], names[k]);
            know(ret, path);
            (void)snprintf(path, sizeof(path), "Event.%s.A.%s", names[i], names[k]);
            know(ret, path);
            (void)snprintf(path, sizeof(path), "Event.%s.B.%s", names[i], names[k]);
            know(ret, path);
        }
    }
    know(ret, "v");
    know(ret, "w");
    know(ret, "A_x");
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

static bool same_field(const struct field *x, const struct field *y)
{
    return x->key == y->key && x->type == y->type && x->form == y->form &&
           slice_eq(slice_of(x->text, x->n), slice_of(y->text, y->n));
}

static const char *other_fields(const struct event *e, const struct event *f)
{
    if (e->count != f->count || e->flags != f->flags)
        return "other fields by a plan";
    if (e->flags & EVENT_TIME && e->time != f->time)
        return "another time by a plan";
    for (uint32_t i = 0; i < e->count; i++) {
        if (!same_field(&e->fields[i], &f->fields[i]))
            return "another field by a plan";
    }
    return NULL;
}

static const char *other_json(struct evtx_decoder *d, struct evtx_decoder *planless)
{
    struct buf x = BUF_INIT(1 << 24), y = BUF_INIT(1 << 24);
    struct err err = ERR_INIT;
    int r = evtx_record_json(d, &x, &err), s = evtx_record_json(planless, &y, &err);
    bool same = r == s && slice_eq(buf_slice(&x), buf_slice(&y));

    if (!same)
        printf("# %d %s\n# %d %s\n", r, buf_cstr(&x), s, buf_cstr(&y));
    buf_done(&x);
    buf_done(&y);
    return same ? NULL : "other JSON by a plan";
}

/* How many records were read alike; json: NULL where only fields are read that are named. */
static uint32_t read_chunk(struct evtx_decoder *d, struct decoder *json, uint32_t *fields)
{
    struct evtx_decoder *new = evtx_decoder_new(keys, json ? &decode_default_limits : &named);
    struct evtx_chunk_report report, other;
    struct err err = ERR_INIT;
    struct event e, f;
    uint32_t n = 0;

    evtx_decoder_plans(new, false);
    (void)evtx_chunk_begin(d, slice_of(b.chunk, sizeof(b.chunk)), 0, &report);
    (void)evtx_chunk_begin(new, slice_of(b.chunk, sizeof(b.chunk)), 0, &other);
    while (evtx_next(d, &e, &err) > 0 && evtx_next(new, &f, &err) > 0) {
        const char *differs = json ? difference(d, &e, &f, json) : NULL;

        differs = differs ? differs : other_fields(&e, &f);
        differs = differs ? differs : other_json(d, new);
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
    struct evtx_decoder *d, *of_named;
    struct decoder *json;
    uint32_t fields = 0, few = 0;

    keys = known_keys();
    named = decode_default_limits;
    named.named = true;
    d = evtx_decoder_new(keys, &decode_default_limits);
    of_named = evtx_decoder_new(keys, &named);
    json = decoder_new(format_by_name(SLICE("json")), keys, &decode_default_limits);
    for (uint32_t chunk = 0; chunk < CHUNKS; chunk++) {
        random_chunk(chunk);
        for (unsigned time = 1; time <= TIMES; time++) {
            is_int(read_chunk(d, json, &fields), RECORDS, "chunk %u is read alike (%u)", chunk,
                   time);
            is_int(read_chunk(of_named, NULL, &few), RECORDS, "its named fields, too");
        }
    }
    ok(fields > 10 * TIMES * CHUNKS * RECORDS, "%u fields", fields);
    ok(few > TIMES * CHUNKS * RECORDS / 2 && few < fields, "%u named fields", few);
    d = evtx_decoder_free(d);
    of_named = evtx_decoder_free(of_named);
    json = decoder_free(json);
    keys = keys_free(keys);
    return tap_done();
}
