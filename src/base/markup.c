/* SPDX-License-Identifier: Apache-2.0 */
#include "base/markup.h"

#include "base/utf.h"

bool markup_holds(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xFFFE) ||
           (c >= 0x10000 && c < UTF_INVALID);
}

/* What stands for the character; NULL: it stands for itself. */
static const char *markup_entity(uint32_t c, const char *odd)
{
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return markup_holds(c) ? NULL : odd;
    }
}

static void markup_escape(struct buf *out, struct slice s, const char *odd)
{
    size_t from = 0;
    unsigned n;

    for (size_t i = 0; i < s.n; i += n) {
        const char *instead = markup_entity(utf8_decode(s.p + i, s.n - i, &n), odd);

        if (instead == NULL)
            continue;
        buf_append(out, s.p + from, i - from);
        buf_puts(out, instead);
        from = i + n;
    }
    buf_append(out, s.p + from, s.n - from);
}

void markup_write(struct buf *out, struct slice s)
{
    markup_escape(out, s, "\xEF\xBF\xBD");
}

void markup_write_paper(struct buf *out, struct slice s)
{
    markup_escape(out, s, "");
}
