/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/check.h"

#include <stdbool.h>
#include <string.h>

#include "base/ascii.h"
#include "base/utf.h"
#include "lang/err_yaml.h"

/* Bytes from `at` on that are plain ASCII text, eight at a time. */
static size_t skip_ascii(struct slice text, size_t at)
{
    for (; at + 8 <= text.n; at += 8) {
        uint64_t w;

        memcpy(&w, text.p + at, 8);
        if (((w - 0x2020202020202020ULL) | w) & 0x8080808080808080ULL)
            break;
    }
    return at;
}

/* Where the first byte stands that is no UTF-8 or a control character; text.n when none is. */
static size_t first_bad_byte(struct slice text)
{
    size_t i = 0;

    while ((i = skip_ascii(text, i)) < text.n) {
        uint8_t c = text.p[i];
        unsigned n = 1;

        if (c < 0x20 ? c != '\n' && c != '\t' && c != '\r'
                     : utf8_decode(text.p + i, text.n - i, &n) >= UTF_INVALID)
            break;
        i += n;
    }
    return i;
}

/* Line and column (in characters) of a byte. */
static void place_of(struct slice text, size_t at, unsigned first_line, unsigned *ret_line,
                     unsigned *ret_col)
{
    size_t line_start = 0;

    *ret_line = first_line;
    for (size_t i = 0; i < at; i++) {
        if (text.p[i] == '\n') {
            ++*ret_line;
            line_start = i + 1;
        }
    }
    *ret_col = (unsigned)utf8_count(slice_of(text.p + line_start, at - line_start)) + 1;
}

static bool blank_or_break(struct slice s, size_t at)
{
    return at >= s.n || ascii_is_blank(s.p[at]) || s.p[at] == '\n' || s.p[at] == '\r';
}

/* Something that may be the indicator of an explicit key. */
static bool has_explicit_key(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '?' && blank_or_break(s, i + 1))
            return true;
    }
    return false;
}

/*
 * Where a ':' stands before blanks with a tab among them and one of - ? : | >; s.n when nowhere.
 * Behind an explicit key, libfyaml refuses this and frees the key twice.
 */
static size_t tab_behind_colon(struct slice s)
{
    size_t tab = slice_find_byte(s, '\t');

    while (tab < s.n) {
        size_t from = tab, to = tab;

        while (from > 0 && ascii_is_blank(s.p[from - 1]))
            from--;
        while (to < s.n && ascii_is_blank(s.p[to]))
            to++;
        if (from > 0 && s.p[from - 1] == ':' && to < s.n && strchr("-?:|>", s.p[to]) != NULL)
            return from - 1;
        from = slice_find_byte(slice_from(s, to), '\t');
        tab = from == SIZE_MAX ? s.n : to + from;
    }
    return s.n;
}

int yaml_check_text(struct slice text, unsigned first_line, struct err *err)
{
    size_t bad = first_bad_byte(text);
    unsigned line, col;

    if (bad < text.n) {
        place_of(text, bad, first_line, &line, &col);
        if (text.p[bad] < 0x20)
            return err_fail_at(err, CE_ENCODING, line, col, ERR_YAML_CONTROL_CHARACTER_0X,
                               text.p[bad]);
        return err_fail_at(err, CE_ENCODING, line, col, ERR_YAML_BYTE_0X_NOT_VALID_UTF,
                           text.p[bad]);
    }
    bad = tab_behind_colon(text);
    if (bad == text.n || !has_explicit_key(text))
        return 0;
    place_of(text, bad, first_line, &line, &col);
    return err_fail_at(err, CE_SYNTAX, line, col, ERR_YAML_TAB_BEHIND_THIS_TEXT_KEYS);
}
