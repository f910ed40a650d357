/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/follow_internal.h"

static struct slice follow_rest(const struct follow *f)
{
    return slice_from(buf_slice(&f->have), f->have_at);
}

bool follow_waits(const struct follow *f)
{
    return f->have_at < f->have.len && slice_find_byte(follow_rest(f), '\n') != SIZE_MAX;
}

bool follow_end_line(struct follow *f)
{
    if (follow_rest(f).n == 0)
        return false;
    buf_putc(&f->have, '\n');
    f->ended = true;
    return f->have.err == 0;
}

static struct slice without_return(struct slice line)
{
    if (line.n > 0 && line.p[line.n - 1] == '\r')
        line.n--;
    return line;
}

/* Bytes of the first record with its last line end, of which `end` is the first; 0: it may go on.
 */
static size_t record_end(const struct follow *f, struct slice rest, size_t end)
{
    const struct format *format = f->layout.format;
    size_t n = end + 1, looked = 0, next; /* formats look at all of the record for each line */

    if (format == NULL || format->joins == NULL)
        return n;
    for (unsigned lines = 1; lines < FOLLOW_LINES; lines++) {
        struct slice record = without_return(slice_head(rest, n - 1)), behind = slice_from(rest, n);

        next = slice_find_byte(behind, '\n');
        if (next == SIZE_MAX) {
            bool whole = f->ended || n + behind.n > f->record_max ||
                         !layout_joins(&f->layout, record, SLICE_NULL);

            return whole ? n : 0;
        }
        looked += n;
        if (n + next > f->record_max || looked > FOLLOW_LOOK ||
            !layout_joins(&f->layout, record, without_return(slice_head(behind, next))))
            return n;
        n += next + 1;
    }
    return n;
}

bool follow_has_record(const struct follow *f)
{
    struct slice rest = follow_rest(f);
    size_t end = slice_find_byte(rest, '\n');

    return end != SIZE_MAX && record_end(f, rest, end) > 0;
}

static void follow_emit(struct follow *f, size_t n)
{
    struct slice rest = follow_rest(f);
    /* all of it: also of a line that was ended here (follow_end_line) */
    uint64_t bytes = n == rest.n ? f->have_bytes : layout_bytes(&f->layout, slice_head(rest, n));

    f->have_at += n;
    f->cursor.offset += bytes;
    f->have_bytes -= CANH_MIN(bytes, f->have_bytes);
    f->ended = false;
}

/* Behind the names that the record needs. */
static struct slice with_names(struct follow *f, struct slice text)
{
    const struct buf *names = &f->layout.names;

    if (names->len == 0 || names->err != 0)
        return text;
    buf_clear(&f->record);
    buf_append_slice(&f->record, buf_slice(names));
    buf_append_slice(&f->record, text);
    return buf_slice(&f->record);
}

/* A line over the limit of which the end is not there. */
static bool emit_unended(struct follow *f, struct slice rest, struct follow_line *ret)
{
    bool skipped = f->skipping;

    *ret = (struct follow_line){with_names(f, slice_head(rest, f->record_max)), f->cursor.offset,
                                true};
    follow_emit(f, rest.n);
    f->skipping = true;
    return !skipped;
}

bool follow_next(struct follow *f, struct follow_line *ret)
{
    for (;;) {
        struct slice rest = follow_rest(f), whole, text;
        size_t end = slice_find_byte(rest, '\n'), n;
        bool skipped = f->skipping;

        if (end == SIZE_MAX && (skipped || rest.n > f->record_max) && rest.n) {
            if (emit_unended(f, rest, ret))
                return true;
            continue;
        }
        n = end == SIZE_MAX ? 0 : skipped ? end + 1 : record_end(f, rest, end);
        if (n == 0)
            return false;
        whole = without_return(slice_head(rest, n - 1));
        text = slice_head(whole, CANH_MIN(whole.n, (size_t)f->record_max));
        *ret = (struct follow_line){text, f->cursor.offset, whole.n > text.n};
        follow_emit(f, n);
        f->skipping = false;
        if (skipped || text.n == 0 || !layout_is_record(&f->layout, text))
            continue;
        ret->text = with_names(f, text);
        ret->truncated = ret->truncated || f->layout.names.err != 0;
        return true;
    }
}
