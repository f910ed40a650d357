/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/json/format.h"
#include "lang/msg_decode.h"

#include <stdlib.h>

#include "decode/json/internal.h"
#include "decode/json/split.h"

/* Bits of decode_block.state; bits 5 to 7 json_block.beside, from bit 8 on json_block.tail, from
 * bit 16 on json_block.depth. */
enum {
    STATE_DOCS = 1,
    STATE_IN_ARRAY = 2,
    STATE_ANSWERS = 4,
    STATE_IN_STRING = 8,
    STATE_ESCAPE = 16,
    BESIDE_SHIFT = 5,
    TAIL_SHIFT = 8,
    DEPTH_SHIFT = 16,
};

/* What stands before the first record: a byte order mark, blanks, evtx_dump's `Record 1`. */
static struct slice first_record(struct slice s)
{
    if (slice_starts(s, SLICE("\xEF\xBB\xBF")))
        s = slice_from(s, 3);
    s = slice_trim(s);
    return slice_trim(slice_from(s, json_record_line(s)));
}

static bool too_little(struct slice s)
{
    s = slice_trim(s);
    if (!slice_starts(s, SLICE("Record ")))
        return s.n < 8;
    return json_record_line(s) ? first_record(s).n == 0 : s.n < 64;
}

/* The string that begins at *at, which moves behind its end. */
static struct slice read_string(struct slice s, size_t *at)
{
    size_t from = ++*at;

    while (*at < s.n && s.p[*at] != '"')
        *at += s.p[*at] == '\\' ? 2 : 1;
    *at = CANH_MIN(*at, s.n);
    return slice_of(s.p + from, *at - from);
}

/* The bytes of a string, number or literal at the start of s; 0: none begins there. */
static size_t scalar_bytes(struct slice s)
{
    static const char *const words[] = {"true", "false", "null"};
    static const struct slice number = SLICE_INIT("0123456789-+.eE");
    size_t n = 0, dots = 0;

    for (size_t i = 0; i < CANH_LEN(words); i++) {
        if (slice_starts(s, slice_str(words[i])))
            return strlen(words[i]);
    }
    if (s.p[0] == '"') {
        (void)read_string(s, &n);
        return CANH_MIN(n + 1, s.n);
    }
    for (; n < s.n && slice_find_byte(number, s.p[n]) != SIZE_MAX; n++)
        dots += s.p[n] == '.';
    return dots > 1 ? 0 : n;
}

/* At a '{': as much as is there of a first name and its ':'. */
static bool begins_like_object(struct slice s)
{
    s = slice_trim(slice_from(s, 1));
    if (s.n == 0 || s.p[0] == '}')
        return true;
    if (s.p[0] != '"')
        return false;
    s = slice_trim(slice_from(s, scalar_bytes(s)));
    return s.n == 0 || s.p[0] == ':';
}

/*
 * s begins like a document that is a record, or like an array of such. Other texts begin with a
 * bracket, too: INI files, TOML, times in brackets; so an array is looked at up to its first
 * object, and behind one that has none.
 */
static bool begins_like_json(struct slice s)
{
    unsigned open = 0;
    bool value_next = true;

    if (s.n == 0)
        return false;
    for (; s.n > 0; s = slice_trim(s)) {
        uint8_t c = s.p[0];
        size_t n = 1;

        if (c == '{' && (value_next || open == 0))
            return begins_like_object(s);
        if (c == '[' && (value_next || open == 0)) {
            value_next = true;
            open++;
        } else if (open == 0) {
            return false;
        } else if (c == ']') {
            value_next = false;
            open--;
        } else if (c == ',' && !value_next) {
            value_next = true;
        } else if (value_next && (n = scalar_bytes(s)) > 0) {
            value_next = false;
        } else {
            return false;
        }
        s = slice_from(s, n);
    }
    return true;
}

static int format_recognise(const struct decode_sample *sample)
{
    struct slice s = sample->bytes;

    if (!sample->begins)
        s = slice_from(s, CANH_MIN(slice_find_byte(s, '\n'), s.n));
    if (!sample->ends && too_little(s))
        return RECOGNISE_MORE;
    s = first_record(s);
    return begins_like_json(s) ? 90 : RECOGNISE_NO;
}

static void *new_cutter(const struct decode_limits *limits, const struct decode_context *context)
{
    struct json_split *s = malloc(sizeof(*s));

    (void)context;
    if (s != NULL)
        json_split_init(s, limits);
    return s;
}

static void free_cutter(void *cutter)
{
    if (cutter != NULL)
        json_split_done(cutter);
    free(cutter);
}

static int format_cut(void *cutter, struct slice have, bool last, struct decode_block *ret,
                      size_t *ret_taken, struct err *err)
{
    struct json_block block;
    int r = json_split_cut(cutter, have, last, &block, ret_taken, err);

    if (r <= 0)
        return r;
    ret->text = block.text;
    ret->offset = block.offset;
    ret->line = block.line;
    ret->begun = block.begun;
    ret->head = block.columns;
    ret->cut = block.cut;
    ret->state = (block.mode == JSON_DOCS ? STATE_DOCS : 0u) |
                 (block.in_array ? STATE_IN_ARRAY : 0u) | (block.answers ? STATE_ANSWERS : 0u) |
                 (block.in_string ? STATE_IN_STRING : 0u) | (block.escape ? STATE_ESCAPE : 0u) |
                 (uint32_t)block.beside << BESIDE_SHIFT | (uint32_t)block.tail << TAIL_SHIFT |
                 (uint32_t)block.depth << DEPTH_SHIFT;
    return r;
}

static struct decoder *new_decoder(const struct keys *keys, const struct decode_limits *limits)
{
    return (struct decoder *)json_decoder_new(keys, limits);
}

static void free_decoder(struct decoder *d)
{
    (void)json_decoder_free((struct json_decoder *)d);
}

static bool has_elements(const struct decode_block *block)
{
    return block->context->canonical && slice_starts(block->text, SLICE("{\"Event\":"));
}

static void open_block(struct decoder *d, const struct decode_block *block)
{
    bool docs = block->state & STATE_DOCS ||
                (block->single && slice_find_byte(block->text, '\n') != SIZE_MAX);
    struct json_block own = {.text = block->text,
                             .offset = block->offset,
                             .line = block->line,
                             .begun = block->begun,
                             .columns = block->head,
                             .mode = docs ? JSON_DOCS : JSON_LINES,
                             .in_array = (block->state & STATE_IN_ARRAY) != 0,
                             .answers = (block->state & STATE_ANSWERS) != 0,
                             .in_string = (block->state & STATE_IN_STRING) != 0,
                             .escape = (block->state & STATE_ESCAPE) != 0,
                             .beside = block->state >> BESIDE_SHIFT & 7,
                             .tail = (uint8_t)(block->state >> TAIL_SHIFT),
                             .depth = (uint16_t)(block->state >> DEPTH_SHIFT),
                             .cut = block->cut,
                             .context = block->context,
                             .elements = has_elements(block)};

    json_start((struct json_decoder *)d, &own);
}

static int format_next(struct decoder *d, struct event *ret, struct decode_fault *ret_fault)
{
    int r = json_next((struct json_decoder *)d, ret, &ret_fault->err);

    if (CANH_UNLIKELY(r < 0)) {
        ret_fault->kind = FAULT_RECORD;
        ret_fault->damage = 0;
    }
    return r;
}

/* Names of the record's own members, as they are written. */
static void write_names(const struct event *e, unsigned most, struct buf *out)
{
    struct slice s = e->raw;
    unsigned depth = 0, found = 0;
    bool named = false; /* of the present member */

    for (size_t at = 0; at < s.n && found < most; at++) {
        uint8_t c = s.p[at];

        if (c == '"') {
            struct slice name = read_string(s, &at);

            if (depth == 1 && !named) {
                buf_puts(out, found++ ? ", " : "");
                buf_append_slice(out, name);
                named = true;
            }
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            depth -= depth > 0;
        } else if (c == ',' && depth == 1) {
            named = false;
        }
    }
}

/* Of a document over several lines, which begins one and of which no line but the first begins one.
 */
static bool format_joins(struct slice record, struct slice line)
{
    struct json_docs docs = {.at = 0};
    struct slice whole;

    return slice_starts(record, SLICE("{")) &&
           (line.p == NULL || line.n == 0 || line.p[0] != '{') &&
           json_docs_next(&docs, record, false, &whole) == 0;
}

const struct format format_json = {
    .name = "json",
    .text = MSG_DECODE_FORMAT_JSON,
    .recognised = "{ or [",
    .fields =
        "Windows events by the names of their data; the record's own names joined by dots; Elastic "
        "Common Schema",
    .tested = "JSONTestSuite; every layout below",
    .any_layout = true,
    .names = write_names,
    .lines = true,
    .recognise = format_recognise,
    .cutter_new = new_cutter,
    .cutter_free = free_cutter,
    .cut = format_cut,
    .joins = format_joins,
    .decoder_new = new_decoder,
    .decoder_free = free_decoder,
    .begin = open_block,
    .next = format_next,
};
