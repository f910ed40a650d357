/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_LINES_INTERNAL_H
#define CANH_DECODE_TEXT_LINES_INTERNAL_H
/* Lines and records at the start of a text. Only for lines*.c. */
#include "decode/text/lines.h"

CANH_INLINE struct slice without_break(struct slice s)
{
    if (s.n > 0 && s.p[s.n - 1] == '\n')
        s.n--;
    if (s.n > 0 && s.p[s.n - 1] == '\r')
        s.n--;
    return s;
}

/* The line at the start of s with its break; its text without in *ret. */
CANH_INLINE size_t line_at(struct slice s, struct slice *ret)
{
    size_t n = slice_find_byte(s, '\n'), taken = n == SIZE_MAX ? s.n : n + 1;

    *ret = without_break(slice_head(s, taken));
    return taken;
}

/* Records end where the format says, whatever lines there are. */
CANH_INLINE bool only_ends(const struct line_format *format)
{
    return format->ends != NULL && format->continues == NULL;
}

/* The same of a record where only the format knows where it ends. */
CANH_INLINE size_t record_at(const struct line_format *format, struct slice s, struct slice *ret)
{
    size_t taken;

    if (!only_ends(format))
        return line_at(s, ret);
    taken = format->ends(s);
    taken = taken > 0 ? taken : s.n;
    *ret = without_break(slice_head(s, taken));
    return taken;
}

CANH_INLINE struct slice without_mark(struct slice s)
{
    return slice_starts(s, SLICE("\xEF\xBB\xBF")) ? slice_from(s, 3) : s;
}

#endif
