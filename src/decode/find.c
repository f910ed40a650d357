/* SPDX-License-Identifier: Apache-2.0 */
/* What a log is, by its content. */
#include "base/ascii.h"
#include "decode/decoder.h"
#include "decode/json/split.h"

enum {
    LINES = 20,              /* looked at together; as many behind them must be there */
    LINES_BYTES = 64 * 1024, /* or so many bytes */
    SURE = 40,               /* per cent, of a line and those behind it */
};

static const struct format *find_surest(const struct decode_sample *sample, int *ret_sure,
                                        bool *ret_more)
{
    const struct format *best = NULL;

    *ret_sure = RECOGNISE_NO;
    *ret_more = false;
    for (size_t i = 0; decode_formats[i] != NULL; i++) {
        int sure = decode_formats[i]->recognise(sample);

        if (sure == RECOGNISE_MORE)
            *ret_more = !sample->ends;
        if (sure <= *ret_sure)
            continue;
        *ret_sure = sure;
        best = decode_formats[i];
    }
    return best;
}

const struct format *format_find(const struct decode_sample *sample, bool *ret_more)
{
    int sure;
    const struct format *best = find_surest(sample, &sure, ret_more);

    if (sure == RECOGNISE_SURE)
        *ret_more = false;
    return *ret_more ? NULL : best;
}

const struct format *format_find_sure(const struct decode_sample *sample, int *ret_sure)
{
    bool more;

    return find_surest(sample, ret_sure, &more);
}

static size_t line_bytes(struct slice s)
{
    size_t n = slice_find_byte(s, '\n');

    return n == SIZE_MAX ? s.n : n + 1;
}

/* The lines at the start of s, LINES at most or LINES_BYTES. */
static struct slice some_lines(struct slice s)
{
    size_t n = 0;

    for (int i = 0; i < LINES && n < s.n && n < LINES_BYTES; i++)
        n += line_bytes(slice_from(s, n));
    return slice_head(s, n);
}

/* Some format may have lines among them: it is worth looking at each. */
static bool may_begin(struct slice lines)
{
    struct decode_sample sample = {.bytes = lines, .begins = true, .ends = true};
    int sure;

    if (format_find_sure(&sample, &sure) != NULL)
        return true;
    for (size_t at = 0; at < lines.n; at += line_bytes(slice_from(lines, at))) {
        if (memchr("{[<E", lines.p[at], 4) != NULL)
            return true;
    }
    return false;
}

/* A document fills each of the first two lines: a line of a program's text is not one. */
static bool begins_documents(struct slice lines)
{
    for (int i = 0; i < 2 && slice_trim(lines).n > 0; i++) {
        size_t n = line_bytes(lines);
        struct slice line = slice_trim(slice_head(lines, n)), document;
        struct json_docs docs = {0};

        if (line.n == 0 || line.p[0] != '{' || json_docs_next(&docs, line, false, &document) <= 0 ||
            document.n != line.n)
            return false;
        lines = slice_from(lines, n);
    }
    return true;
}

static const struct format *begins_here(struct slice text)
{
    struct decode_sample sample = {.bytes = some_lines(text), .begins = true, .ends = true};
    const struct format *format;
    int sure;

    if (ascii_is_space(text.p[0]))
        return NULL;
    format = format_find_sure(&sample, &sure);
    if (format == NULL || sure < SURE || !format->lines)
        return NULL;
    return !format->any_layout || begins_documents(sample.bytes) ? format : NULL;
}

const struct format *format_find_later(struct slice text, bool ends, size_t *ret_at)
{
    size_t at = 0;

    while (at < text.n) {
        struct slice lines = some_lines(slice_from(text, at));
        struct slice behind = some_lines(slice_from(text, at + lines.n));
        size_t end = at + lines.n;

        if (!ends && end + behind.n == text.n)
            break; /* there may be more of them */
        if (!may_begin(lines)) {
            at = end;
            continue;
        }
        while (at < end) {
            const struct format *format = begins_here(slice_from(text, at));

            if (format != NULL) {
                *ret_at = at;
                return format;
            }
            at += line_bytes(slice_from(text, at));
        }
    }
    *ret_at = at;
    return NULL;
}
