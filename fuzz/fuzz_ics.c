/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text as a calendar's content line: every line has at most 75 octets and ends in CRLF, nothing
 * but its own line is begun, and unfolded and unescaped it is what went in, less its controls.
 */
#include <stdlib.h>
#include <string.h>

#include "calendar/ical_write.h"
#include "roster/ics.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void unfold(struct slice text, struct buf *out)
{
    size_t width = 0;

    for (size_t i = 0; i < text.n; i++) {
        if (i + 2 < text.n && memcmp(text.p + i, "\r\n ", 3) == 0) {
            if (width > 75)
                abort();
            width = 1;
            i += 2;
            continue;
        }
        width += text.p[i] != '\r' && text.p[i] != '\n';
        buf_putc(out, text.p[i]);
    }
    if (width > 75)
        abort();
}

static void unescape(struct slice line, struct buf *out)
{
    for (size_t i = 0; i < line.n; i++) {
        if (line.p[i] != '\\') {
            buf_putc(out, line.p[i]);
            continue;
        }
        if (++i == line.n)
            abort();
        buf_putc(out, line.p[i] == 'n' ? '\n' : line.p[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf out = BUF_INIT(4u << 20), flat = BUF_INIT(4u << 20), back = BUF_INIT(4u << 20),
               want = BUF_INIT(4u << 20);
    struct slice s;

    if (size > 100000)
        return 0;
    ical_write_text(&out, "SUMMARY", slice_of(data, size));
    unfold(buf_slice(&out), &flat);
    s = buf_slice(&flat);
    if (!slice_starts(s, SLICE("SUMMARY:")) || !slice_ends(s, SLICE("\r\n")))
        abort();
    s = slice_head(slice_from(s, 8), s.n - 10);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < 0x20 || s.p[i] == 0x7f)
            abort();
    }
    unescape(s, &back);
    for (size_t i = 0; i < size; i++) {
        if (data[i] == '\n' || (data[i] >= 0x20 && data[i] != 0x7f))
            buf_putc(&want, data[i]);
    }
    if (!slice_eq(buf_slice(&back), buf_slice(&want)))
        abort();
    buf_done(&out);
    buf_done(&flat);
    buf_done(&back);
    buf_done(&want);
    return 0;
}
