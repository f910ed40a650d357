/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/layout.h"

#include <unistd.h>

enum {
    MARK_LOOK = 32,  /* bytes that say the encoding where there is no mark */
    UTF16_LEAST = 8, /* of which so many are wanted */
};

void layout_done(struct layout *l)
{
    buf_done(&l->names);
}

void layout_clear(struct layout *l)
{
    struct buf names = l->names;

    buf_clear(&names);
    *l = (struct layout){.names = names};
}

/* Whether so few bytes may be the beginning of a mark, or of UTF-16 without one. */
static bool too_few(struct slice s)
{
    return s.n == 0 || (s.n < 3 && s.p[0] >= 0xEF) ||
           (s.n < UTF16_LEAST && slice_find_byte(s, 0) != SIZE_MAX);
}

int layout_begin(struct layout *l, int fd)
{
    uint8_t head[MARK_LOOK];
    ssize_t n = pread(fd, head, sizeof(head), 0);
    struct slice s = slice_of(head, n < 0 ? 0 : (size_t)n);
    size_t mark;

    if (n < 0)
        return -1;
    l->encoding = utf_kind_of(s, &mark);
    if (l->encoding == UTF_8 && slice_starts(s, SLICE("\xEF\xBB\xBF")))
        mark = 3;
    l->mark = (uint32_t)mark;
    l->begun = l->encoding != UTF_8 || !too_few(s);
    return l->begun;
}

static bool is_high_surrogate(const struct layout *l, const uint8_t *unit)
{
    return (unit[l->encoding == UTF_16LE] & 0xFC) == 0xD8;
}

size_t layout_decode(const struct layout *l, struct slice bytes, struct buf *out)
{
    if (l->encoding != UTF_8) {
        bytes.n &= ~(size_t)1;
        if (bytes.n >= 2 && is_high_surrogate(l, bytes.p + bytes.n - 2))
            bytes.n -= 2;
    }
    utf_to_utf8(l->encoding, bytes, out);
    return bytes.n;
}

uint64_t layout_bytes(const struct layout *l, struct slice text)
{
    uint64_t units = 0;

    if (l->encoding == UTF_8)
        return text.n;
    for (size_t i = 0; i < text.n; i++)
        units += ((text.p[i] & 0xC0) != 0x80) + (text.p[i] >= 0xF0);
    return 2 * units;
}

/* The file's bytes from..to as text. */
static void read_text(const struct layout *l, int fd, uint64_t from, uint64_t to, struct buf *out)
{
    struct buf bytes = BUF_INIT(LAYOUT_BACK);
    uint8_t *p = buf_reserve(&bytes, (size_t)(to - from));
    ssize_t n = p ? pread(fd, p, (size_t)(to - from), (off_t)from) : -1;

    if (n > 0)
        (void)layout_decode(l, slice_of(p, (size_t)n), out);
    buf_done(&bytes);
}

/* The last names in whole lines of a text. */
static void find_names(struct layout *l, struct slice text)
{
    struct slice line;
    size_t end;

    l->in_names = false;
    while ((end = slice_find_byte(text, '\n')) != SIZE_MAX) {
        line = slice_head(text, end);
        if (line.n > 0 && line.p[line.n - 1] == '\r')
            line.n--;
        (void)layout_is_record(l, line);
        text = slice_from(text, end + 1);
    }
}

/* Those before offset: a text that begins in the middle of a line counts from the next one on. */
static void names_before(struct layout *l, int fd, uint64_t offset)
{
    uint64_t back = offset > LAYOUT_BACK ? (offset - LAYOUT_BACK + 1) & ~UINT64_C(1) : l->mark;
    struct buf text = BUF_INIT(2 * LAYOUT_BACK);
    struct slice rest;

    read_text(l, fd, l->mark, CANH_MIN(offset, (uint64_t)LAYOUT_SAMPLE), &text);
    find_names(l, buf_slice(&text));
    buf_clear(&text);
    if (offset > LAYOUT_SAMPLE) {
        read_text(l, fd, back, offset, &text);
        rest = buf_slice(&text);
        if (back > l->mark)
            rest = slice_from(rest, CANH_MIN(slice_find_byte(rest, '\n'), rest.n));
        find_names(l, rest);
    }
    buf_done(&text);
}

void layout_learn(struct layout *l, int fd, uint64_t offset)
{
    struct buf text = BUF_INIT(2 * LAYOUT_SAMPLE);
    struct decode_sample sample = {.begins = true};
    bool more = false;

    read_text(l, fd, l->mark, l->mark + LAYOUT_SAMPLE, &text);
    sample.bytes = buf_slice(&text);
    l->format = sample.bytes.n ? format_find(&sample, &more) : NULL;
    l->looked = l->format != NULL || sample.bytes.n >= LAYOUT_SAMPLE / 2;
    if (l->format != NULL && l->format->role != NULL && offset > l->mark)
        names_before(l, fd, offset);
    buf_done(&text);
}

bool layout_is_record(struct layout *l, struct slice line)
{
    enum line_role role =
        l->format != NULL && l->format->role != NULL ? l->format->role(line) : LINE_RECORD;

    if (role == LINE_RECORD) {
        l->in_names = false;
        return true;
    }
    if (role == LINE_NAMES) {
        if (!l->in_names) {
            buf_clear(&l->names);
            l->names.err = 0;
        }
        l->in_names = true;
        buf_append_slice(&l->names, line);
        buf_putc(&l->names, '\n');
    }
    return false;
}

bool layout_joins(const struct layout *l, struct slice record, struct slice line)
{
    return l->format != NULL && l->format->joins != NULL && l->format->joins(record, line);
}
