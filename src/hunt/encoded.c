/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/encoded.h"

#include "base/utf.h"

enum {
    DECODED_MAX = 64 * 1024, /* bytes of a run that are looked at */
    LETTERS_LEAST = 6,       /* in a text */
};

static int encoded_digit(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

static void encoded_decode(struct slice run, struct buf *out)
{
    uint32_t bits = 0;
    unsigned have = 0;

    for (size_t i = 0; i < run.n && out->len < DECODED_MAX; i++) {
        bits = bits << 6 | (uint32_t)encoded_digit(run.p[i]);
        have += 6;
        if (have >= 8) {
            have -= 8;
            buf_putc(out, (uint8_t)(bits >> have));
        }
    }
}

/* Nearly all of it can be read, and some of it is letters: no key, no picture, no long word. */
static bool is_text(struct slice s)
{
    size_t odd = 0, letters = 0, blanks = 0, chars = 0;
    unsigned len;

    for (size_t i = 0; i < s.n; i += len, chars++) {
        uint32_t c = utf8_decode(s.p + i, s.n - i, &len);

        odd += c >= UTF_INVALID || c == UTF_REPLACEMENT ||
               (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F;
        letters += (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        blanks += c > 0x7F ? 0 : c == ' ' || c == '(' || c == '.' || c == '/' || c == '\\';
        odd += c > 0x24F && c < 0x1E00; /* bytes that happen to be letters of far alphabets */
    }
    return chars && odd * 20 <= chars && letters >= LETTERS_LEAST && blanks > 0;
}

static bool write_run(struct slice run, struct buf *bytes, struct buf *text, struct buf *out,
                      bool any)
{
    struct slice plain;

    buf_clear(bytes);
    buf_clear(text);
    encoded_decode(run, bytes);
    if (bytes->len >= 4 && (bytes->p[1] == 0 || bytes->p[3] == 0))
        utf16le_to_utf8(slice_head(buf_slice(bytes), bytes->len & ~(size_t)1), text);
    plain = slice_trim(text->len ? buf_slice(text) : buf_slice(bytes));
    if (!is_text(plain))
        return false;
    buf_puts(out, any ? " ¦ " : "");
    buf_append_slice(out, slice_head_utf8(plain, ENCODED_SHOWN));
    return true;
}

bool encoded_write(struct slice text, struct buf *out)
{
    struct buf bytes = BUF_INIT(2 * DECODED_MAX), plain = BUF_INIT(4 * DECODED_MAX);
    size_t began = out->len;
    bool any = false;

    for (size_t at = 0; at < text.n && out->len - began < ENCODED_SHOWN;) {
        size_t n = 0;

        while (at + n < text.n && encoded_digit(text.p[at + n]) >= 0)
            n++;
        if (n >= ENCODED_RUN)
            any |= write_run(slice_of(text.p + at, n), &bytes, &plain, out, any);
        at += n + 1;
    }
    buf_done(&bytes);
    buf_done(&plain);
    return any;
}
