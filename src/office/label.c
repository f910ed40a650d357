/* SPDX-License-Identifier: Apache-2.0 */
#include "office/label.h"

static void write_roman(struct buf *out, uint32_t n, bool upper)
{
    static const struct {
        uint32_t value;
        const char *lower, *upper;
    } rows[] = {{1000, "m", "M"}, {900, "cm", "CM"}, {500, "d", "D"}, {400, "cd", "CD"},
                {100, "c", "C"},  {90, "xc", "XC"},  {50, "l", "L"},  {40, "xl", "XL"},
                {10, "x", "X"},   {9, "ix", "IX"},   {5, "v", "V"},   {4, "iv", "IV"},
                {1, "i", "I"}};

    if (n == 0 || n >= 4000) {
        buf_append_u64(out, n);
        return;
    }
    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        for (; n >= rows[i].value; n -= rows[i].value)
            buf_puts(out, upper ? rows[i].upper : rows[i].lower);
    }
}

/* a … z, then aa, bb … as word processors count. */
static void write_letter(struct buf *out, uint32_t n, char first)
{
    uint32_t times = n == 0 ? 1 : (n - 1) / 26 + 1;

    for (uint32_t i = 0; i < CANH_MIN(times, 8u); i++)
        buf_putc(out, (uint8_t)(first + (n == 0 ? 0 : (n - 1) % 26)));
}

void label_number(struct buf *out, enum label_format format, uint32_t n)
{
    switch (format) {
    case LABEL_NONE:
    case LABEL_BULLET:
        break;
    case LABEL_DECIMAL_ZERO:
        if (n < 10)
            buf_putc(out, '0');
        buf_append_u64(out, n);
        break;
    case LABEL_DECIMAL:
        buf_append_u64(out, n);
        break;
    case LABEL_LOWER_LETTER:
        write_letter(out, n, 'a');
        break;
    case LABEL_UPPER_LETTER:
        write_letter(out, n, 'A');
        break;
    case LABEL_LOWER_ROMAN:
        write_roman(out, n, false);
        break;
    case LABEL_UPPER_ROMAN:
        write_roman(out, n, true);
        break;
    }
}

static void label_count(struct label_list *l, unsigned level)
{
    if (!l->begun[level]) {
        l->begun[level] = true;
        l->count[level] = l->level[level].start;
    } else if (l->count[level] < UINT32_MAX) {
        l->count[level]++;
    }
    for (unsigned i = level + 1; i < LABEL_LEVELS; i++)
        l->begun[i] = false;
}

void label_next(struct label_list *l, unsigned level, struct buf *out)
{
    const struct label_level *it = &l->level[level];

    label_count(l, level);
    for (unsigned i = 0; i < it->text_n; i++) {
        unsigned ref = (unsigned)(it->text[i + 1 < it->text_n ? i + 1 : i] - '1');

        if (it->text[i] == '%' && i + 1 < it->text_n && ref < LABEL_LEVELS) {
            uint32_t n = l->begun[ref] ? l->count[ref] : l->level[ref].start;

            label_number(out, (enum label_format)l->level[ref].format, n);
            i++;
        } else {
            buf_putc(out, (uint8_t)it->text[i]);
        }
    }
}

void label_restart(struct label_list *l, unsigned level, uint32_t start)
{
    l->begun[level] = start > 0;
    l->count[level] = start > 0 ? start - 1 : 0;
    if (start == 0)
        l->level[level].start = 0;
}

void label_set_text(struct label_level *l, struct slice text)
{
    text = slice_head_utf8(text, LABEL_TEXT_MAX);
    if (text.n > 0)
        memcpy(l->text, text.p, text.n);
    l->text_n = (uint8_t)text.n;
}
