/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/marker.h"

#include <stdio.h>

#include "base/fold.h"
#include "base/num.h"
#include "base/utf.h"

/* The Vietnamese alphabet as numbering uses it (NĐ 30/2020: a, b, c, d, đ, e, g, …). */
static const char *const letters[] = {"a", "b", "c", "d", "đ", "e", "g", "h", "i", "k", "l", "m",
                                      "n", "o", "p", "q", "r", "s", "t", "u", "v", "x", "y"};

static const struct {
    const char *word;
    enum marker_kind kind;
} headings[] = {{"Phần", MARKER_PART},      {"PHẦN", MARKER_PART},   {"Chương", MARKER_CHAPTER},
                {"CHƯƠNG", MARKER_CHAPTER}, {"Mục", MARKER_SECTION}, {"MỤC", MARKER_SECTION},
                {"Điều", MARKER_ARTICLE},   {"ĐIỀU", MARKER_ARTICLE}};

static size_t blanks(struct slice s, size_t at)
{
    size_t n = 0;

    while (at + n < s.n && (s.p[at + n] == ' ' || s.p[at + n] == '\t'))
        n++;
    /* a no-break space */
    if (at + n + 1 < s.n && s.p[at + n] == 0xc2 && s.p[at + n + 1] == 0xa0)
        n += 2;
    return n;
}

static size_t digits(struct slice s, size_t at)
{
    size_t n = 0;

    while (at + n < s.n && s.p[at + n] >= '0' && s.p[at + n] <= '9')
        n++;
    return n;
}

static unsigned number(struct slice s)
{
    int64_t n = 0;

    return num_range(s, 0, 999, &n) < 0 ? 0 : (unsigned)n;
}

/* I … XXXIX; 0 when it is none. */
static unsigned roman(struct slice s)
{
    char text[16];

    if (s.n == 0 || s.n > 8)
        return 0;
    for (unsigned v = 1; v < 40; v++) {
        if (slice_eq(s, slice_of(text, marker_name(MARKER_ROMAN, v, text))))
            return v;
    }
    return 0;
}

size_t marker_name(enum marker_kind kind, unsigned n, char to[16])
{
    static const char *const ones[] = {"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"};
    static const char *const tens[] = {"", "X", "XX", "XXX"};
    int length;

    if (kind == MARKER_LETTER && n >= 1 && n <= CANH_LEN(letters))
        length = snprintf(to, 16, "%s", letters[n - 1]);
    else if (kind == MARKER_UPPER && n >= 1 && n <= 26)
        length = snprintf(to, 16, "%c", 'A' + (int)n - 1);
    else if ((kind == MARKER_ROMAN || kind == MARKER_PART || kind == MARKER_CHAPTER) && n < 40)
        length = snprintf(to, 16, "%s%s", tens[n / 10], ones[n % 10]);
    else
        length = snprintf(to, 16, "%u", n);
    return (size_t)length;
}

/* After the marker stands a capital letter, a quote, or nothing. */
static bool text_follows(struct slice s, size_t at)
{
    unsigned length;
    uint32_t c;

    at += blanks(s, at);
    if (at >= s.n)
        return true;
    c = utf8_decode(s.p + at, s.n - at, &length);
    return fold_char(c) != c || c == '"' || c == 0x201c || c == '(' || c == '[';
}

static struct marker found(struct slice s, enum marker_kind kind, size_t label, struct slice name,
                           unsigned value)
{
    return (struct marker){kind, slice_head(s, label), name, value, label + blanks(s, label)};
}

static struct marker read_heading(struct slice s)
{
    for (size_t i = 0; i < CANH_LEN(headings); i++) {
        struct slice word = slice_str(headings[i].word), name;
        size_t at = word.n, n = 0;
        unsigned v;

        if (!slice_starts(s, word) || blanks(s, at) == 0)
            continue;
        at += blanks(s, at);
        while (at + n < s.n && ((s.p[at + n] >= '0' && s.p[at + n] <= '9') ||
                                (s.p[at + n] >= 'A' && s.p[at + n] <= 'Z')))
            n++;
        name = slice_of(s.p + at, n);
        v = digits(s, at) == n ? number(name) : roman(name);
        if (v == 0)
            continue;
        at += n;
        if (at < s.n && (s.p[at] == '.' || s.p[at] == ':'))
            at++;
        else if (at < s.n && headings[i].kind == MARKER_ARTICLE)
            continue; /* "Điều 5 Luật …" cites, "Điều 5." begins */
        return found(s, headings[i].kind, at, name, v);
    }
    return (struct marker){0};
}

/* 1. 1) 1.1. 1.1 */
static struct marker read_digits(struct slice s)
{
    size_t n = digits(s, 0), last = 0, dots = 0;

    if (n == 0 || n > 3)
        return (struct marker){0};
    while (n < s.n && s.p[n] == '.' && digits(s, n + 1) > 0 && digits(s, n + 1) <= 3) {
        last = n + 1;
        n += 1 + digits(s, n + 1);
        dots++;
    }
    if (dots > 0) {
        struct slice name = slice_of(s.p + last, n - last);
        size_t label = n + (n < s.n && s.p[n] == '.');

        if (dots > 3 || !text_follows(s, label) || (label < s.n && blanks(s, label) == 0))
            return (struct marker){0};
        return found(s, MARKER_DOTTED, label, name, number(name));
    }
    if (n >= s.n || (s.p[n] != '.' && s.p[n] != ')') || !text_follows(s, n + 1))
        return (struct marker){0};
    return found(s, MARKER_ARABIC, n + 1, slice_head(s, n), number(slice_head(s, n)));
}

static struct marker read_capital(struct slice s)
{
    size_t n = 0;
    unsigned v;

    while (n < s.n && n < 8 && s.p[n] >= 'A' && s.p[n] <= 'Z')
        n++;
    if (n == 0 || n >= s.n || (s.p[n] != '.' && s.p[n] != ')') || !text_follows(s, n + 1))
        return (struct marker){0};
    if (n + 1 < s.n && blanks(s, n + 1) == 0)
        return (struct marker){0}; /* an abbreviation: "TP.HCM" */
    v = roman(slice_head(s, n));
    if (v > 0)
        return found(s, MARKER_ROMAN, n + 1, slice_head(s, n), v);
    if (n == 1)
        return found(s, MARKER_UPPER, 2, slice_head(s, 1), (unsigned)(s.p[0] - 'A') + 1);
    return (struct marker){0};
}

static struct marker read_letter(struct slice s)
{
    for (unsigned i = 0; i < CANH_LEN(letters); i++) {
        struct slice name = slice_str(letters[i]);
        size_t n = name.n;

        if (!slice_starts(s, name) || n >= s.n)
            continue;
        if (s.p[n] == ')' || (s.p[n] == '.' && blanks(s, n + 1) > 0 && text_follows(s, n + 1)))
            return found(s, MARKER_LETTER, n + 1, slice_head(s, n), i + 1);
    }
    return (struct marker){0};
}

static struct marker read_bullet(struct slice s)
{
    static const struct {
        const char *text;
        enum marker_kind kind;
    } bullets[] = {{"-", MARKER_DASH},           {"–", MARKER_DASH}, {"—", MARKER_DASH},
                   {"+", MARKER_PLUS},           {"*", MARKER_PLUS}, {"•", MARKER_PLUS},
                   {"\xef\x82\xb7", MARKER_PLUS}};

    for (size_t i = 0; i < CANH_LEN(bullets); i++) {
        struct slice b = slice_str(bullets[i].text);

        if (slice_starts(s, b) && (s.n == b.n || blanks(s, b.n) > 0 || text_follows(s, b.n)))
            return found(s, bullets[i].kind, b.n, SLICE_NULL, 0);
    }
    return (struct marker){0};
}

struct marker marker_read(struct slice s)
{
    static struct marker (*const readers[])(
        struct slice) = {read_heading, read_digits, read_capital, read_letter, read_bullet};

    for (size_t i = 0; i < CANH_LEN(readers); i++) {
        struct marker m = readers[i](s);

        if (m.kind != MARKER_NONE)
            return m;
    }
    return (struct marker){0};
}

struct marker marker_of_label(struct slice label)
{
    struct marker m = marker_read(slice_trim(label));

    if (m.kind == MARKER_NONE && label.n > 0)
        m = (struct marker){MARKER_PLUS, label, SLICE_NULL, 0, label.n};
    m.length = 0;
    return m;
}
