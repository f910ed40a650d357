/* SPDX-License-Identifier: Apache-2.0 */
/* Where a log of lines is cut into blocks. */
#include <stdlib.h>

#include "decode/text/lines_internal.h"

enum {
    RECORD_LINES_MAX = 4096,
    LINE_BEGINNING = 256, /* by so much a line is known to begin a record */
};

struct lines_cutter {
    const struct line_format *format;
    uint32_t max_record;
    bool begun;    /* a byte order mark has been looked for */
    bool skipping; /* the rest of a record over the limit */
    uint64_t offset, line;
    struct buf head;
};

void *lines_cutter_new(const struct line_format *format, const struct decode_limits *limits,
                       const struct decode_context *context)
{
    struct lines_cutter *c = calloc(1, sizeof(*c));

    (void)context;
    if (c == NULL)
        return NULL;
    c->format = format;
    c->max_record = limits->max_record;
    c->line = 1;
    c->head = BUF_INIT(DECODE_HEAD_MAX);
    return c;
}

void lines_cutter_free(void *cutter)
{
    struct lines_cutter *c = cutter;

    if (c != NULL)
        buf_done(&c->head);
    free(c);
}

static void lines_advance(struct lines_cutter *c, struct slice taken)
{
    c->offset += taken.n;
    c->line += slice_count_byte(taken, '\n');
}

/* Where the last line of s begins that starts a record; 0 when there is none but the first. */
static size_t last_record(const struct lines_cutter *c, struct slice s)
{
    size_t end = s.n;

    if (c->format->continues == NULL)
        return s.n;
    for (int i = 0; i < RECORD_LINES_MAX && end > 0; i++) {
        size_t at = end - 1;
        struct slice line;

        while (at > 0 && s.p[at - 1] != '\n')
            at--;
        (void)line_at(slice_from(s, at), &line);
        if (!c->format->continues(line))
            return at;
        end = at;
    }
    return end == 0 ? 0 : s.n;
}

/* Too many are left out: names_over() in lines.c tells. */
static void keep_names(struct lines_cutter *c, struct slice line)
{
    if (c->head.len + line.n + 1 > DECODE_HEAD_MAX)
        buf_clear(&c->head);
    if (line.n + 1 > DECODE_HEAD_MAX)
        return;
    buf_append_slice(&c->head, line);
    buf_putc(&c->head, '\n');
}

/* Names stand in a record of their own; a block ends before the next such one. */
static size_t read_names(struct lines_cutter *c, struct slice s, size_t n)
{
    size_t at = 0;
    bool records = false;

    if (c->format->names == NULL)
        return n;
    while (at < n) {
        struct slice line;
        size_t taken = record_at(c->format, slice_of(s.p + at, n - at), &line);

        if (c->format->names(line)) {
            if (records)
                return at;
            keep_names(c, line);
        } else {
            records = true;
        }
        at += taken;
    }
    return n;
}

static int lines_emit(struct lines_cutter *c, struct slice text, bool cut, struct decode_block *ret)
{
    ret->text = text;
    ret->head = buf_slice(&c->head);
    ret->offset = c->offset;
    ret->line = c->line;
    ret->cut = cut;
    return 1;
}

int lines_cut(void *cutter, struct slice have, bool last, struct decode_block *ret,
              size_t *ret_taken, struct err *err)
{
    return lines_cut_at(cutter, have, last, NULL, ret, ret_taken, err);
}

/* Where the last record of s that is whole ends. */
static size_t last_end(const struct line_format *format, struct slice s)
{
    size_t at = 0, n;

    while ((n = format->ends(slice_from(s, at))) > 0)
        at += n;
    return at;
}

/* Whether the line of which only the beginning is there begins a record. */
static bool begins_next(const struct lines_cutter *c, struct slice line)
{
    return c->format->ends == NULL && c->format->continues != NULL && line.n >= LINE_BEGINNING &&
           !c->format->continues(line);
}

int lines_cut_at(void *cutter, struct slice have, bool last, size_t (*safe_end)(struct slice lines),
                 struct decode_block *ret, size_t *ret_taken, struct err *err)
{
    struct lines_cutter *c = cutter;
    size_t end = have.n, n;

    (void)err;
    if (!c->begun && (have.n >= 3 || last)) {
        c->begun = true;
        n = have.n - without_mark(have).n;
        if (n > 0) {
            *ret_taken = n;
            c->offset += n;
            return 0;
        }
    }
    if (c->skipping) {
        n = slice_find_byte(have, '\n');
        c->skipping = n == SIZE_MAX && !last;
        *ret_taken = n == SIZE_MAX ? have.n : n + 1;
        lines_advance(c, slice_head(have, *ret_taken));
        return 0;
    }
    while (end > 0 && have.p[end - 1] != '\n')
        end--;
    if (last)
        n = end = have.n;
    else if (c->format->ends != NULL)
        n = last_end(c->format, have);
    else if (safe_end != NULL)
        n = safe_end(slice_head(have, end));
    else
        n = last_record(c, slice_head(have, end));
    if (n == 0 && have.n > (size_t)c->max_record) {
        bool lines = end > 0;

        /* one record over the limit, or too many lines that continue one */
        n = lines ? end : c->max_record;
        (void)lines_emit(c, slice_head(have, CANH_MIN(n, (size_t)c->max_record)),
                         n > c->max_record || !begins_next(c, slice_from(have, n)), ret);
        c->skipping = !lines;
        *ret_taken = n;
        lines_advance(c, slice_head(have, n));
        return 1;
    }
    if (n == 0)
        return 0;
    n = read_names(c, have, n);
    *ret_taken = n;
    (void)lines_emit(c, slice_head(have, n), false, ret);
    lines_advance(c, slice_head(have, n));
    return 1;
}
