/* SPDX-License-Identifier: Apache-2.0 */
#include "base/width.h"

#include "base/utf.h"

enum {
    JOINER = 0x200D,
    EMOJI_STYLE = 0xFE0F,
};

/* Columns of one character by itself; controls have none, an invalid byte one. */
static unsigned char_width(uint32_t c)
{
    unsigned low = 0, high = width_range_count;

    if (c < 0x300)
        return c < 0x20 || (c >= 0x7F && c < 0xA0) ? 0 : 1;
    while (low < high) {
        unsigned middle = (low + high) / 2;

        if (c > width_ranges[middle].last)
            low = middle + 1;
        else if (c < width_ranges[middle].first)
            high = middle;
        else
            return width_ranges[middle].columns;
    }
    return 1;
}

/* What one character adds, given what stands before it. */
struct pen {
    uint32_t before;
    unsigned columns; /* of the character before */
};

static unsigned pen_add(struct pen *pen, uint32_t c)
{
    unsigned w = char_width(c);

    if (pen->before == JOINER && w == 2)
        w = 0;
    else if (c == EMOJI_STYLE && pen->columns == 1 && pen->before > 0xFF)
        w = 1; /* a narrow sign shown as an emoji */
    if (w > 0)
        pen->columns = c == EMOJI_STYLE ? 2 : w;
    pen->before = c;
    return w;
}

size_t text_width(struct slice s)
{
    struct pen pen = {0};
    size_t columns = 0;
    unsigned n;

    for (size_t i = 0; i < s.n; i += n)
        columns += pen_add(&pen, utf8_decode(s.p + i, s.n - i, &n));
    return columns;
}

static bool is_hidden(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } rows[] = {
        {0x0080, 0x009F}, {0x061C, 0x061C},   {0x180E, 0x180E},   {0x200B, 0x200B},
        {0x200E, 0x200F}, {0x2028, 0x202E},   {0x2060, 0x206F},   {0xFEFF, 0xFEFF},
        {0xFFF9, 0xFFFB}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
    };

    for (size_t i = 0; i < CANH_LEN(rows) && c >= rows[i].first; i++) {
        if (c <= rows[i].last)
            return true;
    }
    return false;
}

static void write_control(struct buf *out, uint32_t c)
{
    switch (c) {
    case '\n':
        buf_puts(out, "\\n");
        break;
    case '\r':
        buf_puts(out, "\\r");
        break;
    case '\t':
        buf_puts(out, "\\t");
        break;
    default:
        buf_printf(out, "\\x%02x", (unsigned)(c & 0xFF));
    }
}

void text_write_safe(struct buf *out, struct slice s)
{
    size_t from = 0;
    unsigned n;

    for (size_t i = 0; i < s.n; i += n) {
        uint32_t c = utf8_decode(s.p + i, s.n - i, &n);
        bool control = c < 0x20 || c == 0x7F || c >= UTF_INVALID;

        if (!control && !is_hidden(c))
            continue;
        buf_append(out, s.p + from, i - from);
        from = i + n;
        if (control)
            write_control(out, c);
        else
            buf_printf(out, "\\u%04x", (unsigned)c);
    }
    buf_append(out, s.p + from, s.n - from);
}

static void write_blanks(struct buf *out, size_t n)
{
    for (; n > 0; n--)
        buf_putc(out, ' ');
}

/* The longest head of s that takes at most `columns`, marks that follow it included. */
static size_t head_within(struct slice s, size_t columns, size_t *ret_width)
{
    struct pen pen = {0};
    size_t width = 0, i = 0;
    unsigned n;

    for (; i < s.n; i += n) {
        unsigned w = pen_add(&pen, utf8_decode(s.p + i, s.n - i, &n));

        if (width + w > columns)
            break;
        width += w;
    }
    *ret_width = width;
    return i;
}

void text_write_fit(struct buf *out, struct slice s, size_t columns, size_t pad)
{
    size_t width = text_width(s);

    if (width <= columns) {
        buf_append_slice(out, s);
    } else if (columns == 0) {
        width = 0;
    } else {
        buf_append(out, s.p, head_within(s, columns - 1, &width));
        buf_puts(out, "…");
        width++;
    }
    if (pad > width)
        write_blanks(out, pad - width);
}

void text_write_tail(struct buf *out, struct slice s, size_t columns, size_t pad)
{
    size_t width = text_width(s), head = 0, at = 0;

    if (width <= columns || columns == 0) {
        text_write_fit(out, s, columns, pad);
        return;
    }
    for (size_t over = width - (columns - 1); width - head > columns - 1; over++)
        at = head_within(s, over, &head);
    buf_puts(out, "…");
    text_write_fit(out, slice_from(s, at), columns - 1, pad > 0 ? pad - 1 : 0);
}

/* Behind the last blank of a line that is too long; all of it where there is none. */
static size_t behind_blank(struct slice line)
{
    size_t n = line.n;

    while (n > 0 && line.p[n - 1] != ' ')
        n--;
    return n ? n : line.n;
}

void text_write_folded(struct buf *out, struct slice s, size_t indent, size_t columns)
{
    enum { LEAST = 20 };
    size_t room = columns > indent + LEAST ? columns - indent : LEAST, width;

    for (;;) {
        size_t n = head_within(s, room, &width);

        if (n < s.n)
            n = behind_blank(slice_head(s, n));
        buf_append(out, s.p, n);
        s = slice_from(s, n);
        if (s.n == 0)
            return;
        buf_putc(out, '\n');
        write_blanks(out, indent);
    }
}

void text_write_wrapped(struct buf *out, struct slice s, size_t at, size_t indent, size_t columns)
{
    struct slice word;
    bool first = true; /* word of its line */

    while (slice_cut(&s, ' ', &word)) {
        size_t w = text_width(word);

        if (w == 0)
            continue;
        if (!first && at + 1 + w > columns) {
            buf_putc(out, '\n');
            write_blanks(out, indent);
            at = indent;
            first = true;
        }
        if (!first)
            buf_putc(out, ' ');
        buf_append_slice(out, word);
        at += w + (first ? 0 : 1);
        first = false;
    }
}
