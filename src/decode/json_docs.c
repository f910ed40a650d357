/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/json_split.h"

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

size_t json_record_line(struct slice text)
{
    struct slice word = SLICE("Record ");
    size_t i = word.n, digits;

    if (!slice_starts(text, word))
        return 0;
    while (i < text.n && (uint8_t)(text.p[i] - '0') < 10)
        i++;
    digits = i - word.n;
    if (i < text.n && text.p[i] == '\r')
        i++;
    return digits > 0 && i < text.n && text.p[i] == '\n' ? i + 1 : 0;
}

/* Goes to the start of the next record; false when there is none (yet). */
static bool find_start(struct json_docs *s, struct slice text, bool final)
{
    for (; s->at < text.n; s->at++) {
        uint8_t c = text.p[s->at];

        if (is_blank(c) || (s->in_array && c == ','))
            continue;
        if (c == (s->in_array ? ']' : '[')) {
            s->in_array = !s->in_array;
            continue;
        }
        if (c == 'R' && !s->in_array) {
            struct slice rest = slice_from(text, s->at);
            size_t n = json_record_line(rest);

            if (n == 0 && !final && rest.n < 32)
                return false; /* the end of the line may be missing */
            if (n > 0) {
                s->at += n - 1;
                continue;
            }
        }
        s->in_record = true;
        s->in_string = s->escape = s->line_start = false;
        s->depth = 0;
        s->start = s->at;
        return true;
    }
    return false;
}

static void open_bracket(struct json_docs *s, uint8_t c)
{
    uint64_t bit = UINT64_C(1) << s->depth % 64;

    if (s->depth < JSON_DEPTH_MAX) {
        if (c == '[')
            s->arrays[s->depth / 64] |= bit;
        else
            s->arrays[s->depth / 64] &= ~bit;
    }
    s->depth++;
}

static bool inside_array(const struct json_docs *s)
{
    uint32_t top = s->depth - 1;

    return top >= JSON_DEPTH_MAX || (s->arrays[top / 64] >> top % 64 & 1);
}

/* A '{' at the start of a line where the grammar allows none: the next record. */
static bool is_next_record(const struct json_docs *s)
{
    if (s->depth == 0 || !s->line_start || s->before == ':' || s->before == '[')
        return false;
    return s->before != ',' || !inside_array(s);
}

/* At a byte outside of strings; true when the record ends before (or, *ret_with, with) it. */
static bool ends_at(struct json_docs *s, uint8_t c, bool *ret_with)
{
    *ret_with = false;
    switch (c) {
    case '"':
        s->in_string = true;
        return false;
    case '{':
        if (is_next_record(s))
            return true;
        open_bracket(s, c);
        return false;
    case '[':
        open_bracket(s, c);
        return false;
    case '}':
    case ']':
        if (s->depth == 0)
            return c == ']' && s->in_array;
        *ret_with = true;
        return --s->depth == 0;
    case ',':
        return s->depth == 0 && s->in_array;
    case '\n':
        return s->depth == 0;
    default:
        return false;
    }
}

/* True when the record's end was found; s->at is there. */
static bool find_end(struct json_docs *s, struct slice text)
{
    for (; s->at < text.n; s->at++) {
        uint8_t c = text.p[s->at];
        bool with;

        if (!s->in_string) {
            if (ends_at(s, c, &with)) {
                s->at += with;
                return true;
            }
            s->line_start = c == '\n';
            if (!is_blank(c))
                s->before = c;
        } else if (s->escape && c != '\n') {
            s->escape = false;
        } else if (c == '\\') {
            s->escape = true;
        } else if (c == '"' || c == '\n') {
            s->in_string = s->escape = false;
            s->line_start = c == '\n';
            if (c == '\n' && s->depth == 0)
                return true;
        }
    }
    return false;
}

int json_docs_next(struct json_docs *s, struct slice text, bool final, struct slice *ret)
{
    if (!s->in_record && !find_start(s, text, final))
        return 0;
    if (!find_end(s, text) && !final)
        return 0;
    s->in_record = false;
    *ret = slice_of(text.p + s->start, s->at - s->start);
    return 1;
}
