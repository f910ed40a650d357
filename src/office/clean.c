/* SPDX-License-Identifier: Apache-2.0 */
#include "office/clean.h"

#include "lang/collate.h"

/* Blanks that people cannot see: ASCII ones, no-break and zero-width space, byte order mark. */
static size_t blank_at(struct slice s)
{
    static const char *const wide[] = {"\xC2\xA0", "\xE2\x80\x8B", "\xEF\xBB\xBF", "\xE3\x80\x80"};

    if (s.n == 0)
        return 0;
    if (s.p[0] <= 0x20 || s.p[0] == 0x7F)
        return 1;
    for (size_t i = 0; i < CANH_LEN(wide); i++) {
        if (slice_starts(s, slice_str(wide[i])))
            return strlen(wide[i]);
    }
    return 0;
}

static struct slice clean_trim(struct slice s)
{
    size_t n, end = 0;

    while ((n = blank_at(s)) > 0)
        s = slice_from(s, n);
    for (size_t i = 0; i < s.n;) {
        n = blank_at(slice_from(s, i));
        if (n > 0) {
            i += n;
        } else {
            i++;
            end = i;
        }
    }
    return slice_head(s, end);
}

/* Letters that a typesetter drew as one, U+FB00 to U+FB06: what they stand for. */
static const char *ligature_at(struct slice s, size_t i)
{
    static const char *const letters[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};

    if (i + 2 >= s.n || s.p[i] != 0xEF || s.p[i + 1] != 0xAC || s.p[i + 2] < 0x80 ||
        s.p[i + 2] >= 0x80 + CANH_LEN(letters))
        return NULL;
    return letters[s.p[i + 2] - 0x80];
}

/* A soft hyphen inside a line; at its end whoever joins lines needs it. */
static bool is_soft_hyphen(struct slice s, size_t i)
{
    return i + 2 < s.n && s.p[i] == 0xC2 && s.p[i + 1] == 0xAD && s.p[i + 2] != '\n' &&
           s.p[i + 2] != '\r';
}

/* Line ends become \n, other control characters a space; needs a copy only when there are any. */
static bool has_controls(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((s.p[i] < 0x20 && s.p[i] != '\n') || s.p[i] == 0x7F || ligature_at(s, i) ||
            is_soft_hyphen(s, i))
            return true;
    }
    return false;
}

static void clean_plain(struct slice s, struct buf *out)
{
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = s.p[i];

        if (ligature_at(s, i)) {
            buf_puts(out, ligature_at(s, i));
            i += 2;
            continue;
        }
        if (is_soft_hyphen(s, i)) {
            i++;
            continue;
        }
        if (c == '\r') {
            if (i + 1 < s.n && s.p[i + 1] == '\n')
                continue;
            c = '\n';
        }
        buf_putc(out, (c < 0x20 && c != '\n') || c == 0x7F ? ' ' : c);
    }
}

struct slice clean_text(struct slice text, struct buf *scratch)
{
    struct slice s = clean_trim(text);

    buf_clear(scratch);
    if (s.n == 0)
        return SLICE("");
    if (has_controls(s)) {
        clean_plain(s, scratch);
        s = buf_slice(scratch);
    }
    if (!viet_is_nfc(s)) {
        struct buf nfc = BUF_INIT(scratch->max);

        viet_nfc(s, &nfc);
        buf_done(scratch);
        *scratch = nfc;
        s = buf_slice(scratch);
    }
    return s;
}
