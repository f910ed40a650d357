/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ascii.h"
#include "decode/json/bits.h"
#include "decode/json/split.h"
#include "decode/json/table.h"

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

/* At an object: steps into the list of records that it has. 1: it has one; -1: more bytes must
 * tell. */
static int try_list(struct json_docs *s, struct slice text, bool final, unsigned beside)
{
    struct json_list list;
    size_t n = json_answer(slice_from(text, s->at), s->look, final, beside, &list);

    if (n == SIZE_MAX)
        return -1;
    if (n == 0)
        return 0;
    s->at += n;
    s->in_array = true;
    s->tail = (uint8_t)list.open;
    s->beside = (uint8_t)list.beside;
    if (s->columns != NULL)
        json_columns(list.columns, s->columns);
    return 1;
}

/*
 * Behind an answer's list: passes what closes the objects around it, or goes on to the next table
 * of its list; false when more follows.
 */
static bool pass_tail(struct json_docs *s, struct slice text, bool final)
{
    for (; s->at < text.n && s->tail > 0; s->at++) {
        uint8_t c = text.p[s->at];

        if (s->in_string) {
            s->in_string = s->escape || c != '"';
            s->escape = !s->escape && c == '\\';
        } else if (c == '{' && s->beside > 0 && s->depth == 2) {
            int r = try_list(s, text, final, s->beside);

            if (r != 0)
                return r > 0;
            s->depth++;
        } else if (c == '"') {
            s->in_string = true;
        } else if (c == '{' || c == '[') {
            s->depth++;
        } else if ((c == '}' || c == ']') && --s->depth == 0) {
            s->tail = 0;
        }
    }
    return s->tail == 0;
}

/* Goes to the start of the next record; false when there is none (yet). */
static bool find_start(struct json_docs *s, struct slice text, bool final)
{
    if (s->tail > 0 && !s->in_array && !pass_tail(s, text, final))
        return false;
    for (; s->at < text.n; s->at++) {
        uint8_t c = text.p[s->at];

        if (c == '{' && s->look > 0 && !s->in_array) {
            if (try_list(s, text, final, 0) < 0)
                return false;
            if (s->in_array)
                return find_start(s, text, final);
        }
        if (ascii_is_space(c) || (s->in_array && c == ','))
            continue;
        if (c == (s->in_array ? ']' : '[')) {
            s->in_array = !s->in_array;
            s->depth = s->tail;
            s->in_string = s->escape = false;
            if (s->tail > 0) {
                s->at++;
                return find_start(s, text, final);
            }
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

/* True when the record's end was found before byte `to`; s->at is there. */
static bool find_end_slowly(struct json_docs *s, struct slice text, size_t to)
{
    for (; s->at < to; s->at++) {
        uint8_t c = text.p[s->at];
        bool with;

        if (!s->in_string) {
            if (ends_at(s, c, &with)) {
                s->at += with;
                return true;
            }
            s->line_start = c == '\n';
            if (!ascii_is_space(c))
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

/*
 * Brackets outside of strings; true when one closes the record. False: none does, and s->at is
 * behind the block.
 */
static bool pass_brackets(struct json_docs *s, const uint8_t *p, uint64_t brackets)
{
    for (; brackets != 0; brackets &= brackets - 1) {
        unsigned at = (unsigned)__builtin_ctzll(brackets);

        if (p[at] == '{' || p[at] == '[') {
            open_bracket(s, p[at]);
        } else if (--s->depth == 0) {
            s->at += at + 1;
            return true;
        }
    }
    s->at += JSON_LAYOUT;
    return false;
}

/*
 * The same for the JSON_LAYOUT bytes at s->at together, inside of brackets. False, and nothing
 * done, where a byte stands that only find_end_slowly() knows about: a line break in a string, a
 * backslash outside of one, a '{' that begins a line.
 */
static bool pass_block(struct json_docs *s, const uint8_t *p, bool *ret_found)
{
    struct json_layout m = json_layout_of(p);
    uint64_t escape = s->in_string && s->escape, string, others;

    string = json_between_quotes(m.quote & ~json_behind_odd_runs(m.slash, &escape));
    if (s->in_string)
        string = ~string;
    if (((m.line & string) | (m.slash & ~string) |
         (m.open & ~string & (m.line << 1 | s->line_start))) != 0)
        return false;
    others = ~(string | m.blank);
    *ret_found = pass_brackets(s, p, m.bracket & ~string);
    s->in_string = string >> 63;
    s->escape = s->in_string && escape;
    s->line_start = m.line >> 63;
    if (s->in_string)
        s->before = '"';
    else if (others != 0)
        s->before = p[63 - __builtin_clzll(others)];
    return true;
}

/* True when the record's end was found; s->at is there. */
static bool find_end(struct json_docs *s, struct slice text)
{
    while (s->at < text.n) {
        const uint8_t *p = text.p + s->at;
        bool first = s->depth == 0 && (*p == '{' || *p == '[');
        size_t left = text.n - s->at;
        bool found = false;

        if (s->depth == 0 || left < JSON_LAYOUT || !pass_block(s, p, &found))
            found =
                find_end_slowly(s, text, s->at + (first ? 1 : CANH_MIN(left, (size_t)JSON_LAYOUT)));
        if (found)
            return true;
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
