/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where and why a text failed the scan. The scan only answers yes or no; this reads the text
 * again, byte by byte, and runs only for records that are refused anyway.
 */
#include "base/ascii.h"
#include "base/utf.h"
#include "decode/json/internal.h"
#include "lang/err_decode.h"

static size_t first_invalid_utf8(struct slice s)
{
    for (size_t i = 0; i < s.n;) {
        unsigned n;

        if (utf8_decode(s.p + i, s.n - i, &n) >= UTF_INVALID)
            return i;
        i += n;
    }
    return s.n;
}

/* Bytes of the escape whose backslash is at i; 0 when it is wrong. */
static size_t escape_length(struct slice s, size_t i)
{
    if (i + 1 >= s.n)
        return 0;
    if (s.p[i + 1] != 'u')
        return slice_find_byte(SLICE("\"\\/bfnrt"), s.p[i + 1]) != SIZE_MAX ? 2 : 0;
    if (s.n - i < 6)
        return 0;
    for (size_t k = 2; k < 6; k++) {
        if (!ascii_is_hex(s.p[i + k]))
            return 0;
    }
    return 6;
}

/* From the quote at i to behind the closing one; 0 and *why when there is something wrong. */
static size_t string_length(struct slice s, size_t i, size_t *ret_at, unsigned *why)
{
    size_t at = i + 1;

    while (at < s.n && s.p[at] != '"') {
        size_t n = s.p[at] == '\\' ? escape_length(s, at) : 1;

        *ret_at = at;
        *why = n == 0 ? ERR_DECODE_JSON_ESCAPE : ERR_DECODE_JSON_CONTROL;
        if (n == 0 || s.p[at] < 0x20)
            return 0;
        at += n;
    }
    *ret_at = i;
    *why = ERR_DECODE_JSON_STRING_OPEN;
    return at < s.n ? at + 1 - i : 0;
}

void json_explain(struct slice text, size_t *ret_at, enum ce *ret_code, unsigned *ret_why)
{
    size_t bad = first_invalid_utf8(text), n;

    *ret_code = CE_SYNTAX;
    for (size_t i = 0; i < bad; i += n) {
        n = 1;
        if (text.p[i] == '\\') {
            *ret_at = i;
            *ret_why = ERR_DECODE_JSON_BACKSLASH;
            return;
        }
        if (text.p[i] == '"') {
            n = string_length(slice_head(text, bad), i, ret_at, ret_why);
            if (n == 0 && (bad == text.n || *ret_at != i)) {
                if (*ret_why == ERR_DECODE_JSON_STRING_OPEN)
                    *ret_code = CE_TRUNCATED;
                return;
            }
            if (n == 0)
                break; /* open only because the invalid byte comes first */
        }
    }
    *ret_at = bad;
    *ret_code = CE_ENCODING;
    *ret_why = ERR_DECODE_JSON_NOT_UTF8;
}
