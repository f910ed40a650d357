/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/marker.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/fold.h"
#include "base/num.h"
#include "base/utf.h"

/* The Vietnamese alphabet as numbering uses it (NĐ 30/2020: a, b, c, d, đ, e, g, …). */
static const char *const letters[] = {"a", "b", "c", "d", "đ", "e", "g", "h", "i", "k", "l", "m",
                                      "n", "o", "p", "q", "r", "s", "t", "u", "v", "x", "y"};

static const struct {
    const char *word;
    enum marker_kind kind;
} headings[] = {{"Phần", MARKER_PART},      {"PHẦN", MARKER_PART},    {"Chương", MARKER_CHAPTER},
                {"CHƯƠNG", MARKER_CHAPTER}, {"Mục", MARKER_SECTION},  {"MỤC", MARKER_SECTION},
                {"Điều", MARKER_ARTICLE},   {"ĐIỀU", MARKER_ARTICLE}, {"Bước", MARKER_WORD},
                {"BƯỚC", MARKER_WORD}};

static size_t marker_blanks(struct slice s, size_t at)
{
    size_t n = 0;

    while (at + n < s.n && (s.p[at + n] == ' ' || s.p[at + n] == '\t'))
        n++;
    /* a no-break space */
    if (at + n + 1 < s.n && s.p[at + n] == 0xc2 && s.p[at + n + 1] == 0xa0)
        n += 2;
    return n;
}

static size_t marker_digits(struct slice s, size_t at)
{
    size_t n = 0;

    while (at + n < s.n && ascii_is_digit(s.p[at + n]))
        n++;
    return n;
}

static unsigned marker_number(struct slice s)
{
    int64_t n = 0;

    return num_range(s, 0, 999, &n) < 0 ? 0 : (unsigned)n;
}

/* I … XXXIX; 0 when it is none. */
static unsigned marker_roman(struct slice s)
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

/* n below 40 in Roman figures. */
static size_t write_roman(unsigned n, char to[16])
{
    static const struct {
        unsigned value;
        const char *figure;
    } figures[] = {{10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}};
    size_t at = 0;

    for (size_t i = 0; i < CANH_LEN(figures); i++) {
        for (; n >= figures[i].value; n -= figures[i].value)
            for (const char *c = figures[i].figure; *c; c++)
                to[at++] = *c;
    }
    return at;
}

size_t marker_name(enum marker_kind kind, unsigned n, char to[16])
{
    int length;

    if (kind == MARKER_LETTER && n >= 1 && n <= CANH_LEN(letters))
        length = snprintf(to, 16, "%s", letters[n - 1]);
    else if (kind == MARKER_UPPER && n >= 1 && n <= 26)
        length = snprintf(to, 16, "%c", 'A' + (int)n - 1);
    else if ((kind == MARKER_ROMAN || kind == MARKER_PART || kind == MARKER_CHAPTER) && n < 40)
        return write_roman(n, to);
    else
        length = snprintf(to, 16, "%u", n);
    return (size_t)length;
}

/* “100% cơ quan …”, “03 đơn vị …” behind a blank: a sentence that begins with a figure. */
static bool figure_follows(struct slice s, size_t at)
{
    size_t gap = marker_blanks(s, at), n = marker_digits(s, at + gap), end = at + gap + n;

    return gap > 0 && n > 0 && end + 1 < s.n &&
           (s.p[end] == '%' || (s.p[end] == ' ' && s.p[end + 1] > '9'));
}

/* After the marker stands a capital letter, a quote, a figure with its noun, or nothing. */
static bool text_follows(struct slice s, size_t at)
{
    unsigned length;
    uint32_t c;

    if (figure_follows(s, at))
        return true;
    at += marker_blanks(s, at);
    if (at >= s.n)
        return true;
    c = utf8_decode(s.p + at, s.n - at, &length);
    return fold_char(c) != c || c == '"' || c == 0x201c || c == '(' || c == '[';
}

static struct marker marker_found(struct slice s, enum marker_kind kind, size_t label,
                                  struct slice name, unsigned value)
{
    return (struct marker){.kind = kind,
                           .label = slice_trim(slice_head(s, label)),
                           .name = name,
                           .value = value,
                           .length = label + marker_blanks(s, label)};
}

/* Vietnamese ordinals, as in “Một là, …”, “Thứ nhất, …”, “Phần thứ nhất”. */
static const char *const ordinals[] = {"một", "hai", "ba",  "bốn",  "năm",
                                       "sáu", "bảy", "tám", "chín", "mười"};
static const struct {
    const char *word;
    unsigned value;
} other_ordinals[] = {{"nhất", 1}, {"nhì", 2}, {"tư", 4}, {"bẩy", 7}};

/* An ordinal word at a place, in lower case but for its first letter; 0 when there is none. */
static unsigned marker_ordinal(struct slice s, size_t at, size_t *ret_n)
{
    for (size_t i = 0; i < CANH_LEN(ordinals) + CANH_LEN(other_ordinals); i++) {
        bool usual = i < CANH_LEN(ordinals);
        const char *word = usual ? ordinals[i] : other_ordinals[i - CANH_LEN(ordinals)].word;
        struct slice w = slice_str(word), there = slice_head(slice_from(s, at), w.n);

        if (there.n == w.n && fold_ascii(there.p[0]) == w.p[0] &&
            slice_eq(slice_from(there, 1), slice_from(w, 1))) {
            *ret_n = w.n;
            return usual ? (unsigned)i + 1 : other_ordinals[i - CANH_LEN(ordinals)].value;
        }
    }
    return 0;
}

/* The number of “Phần thứ hai” as letters cite it: II. */
static struct slice marker_spelt(unsigned value)
{
    static const char *const names[] = {"",   "I",   "II",   "III", "IV", "V",
                                        "VI", "VII", "VIII", "IX",  "X"};

    return slice_str(names[CANH_MIN(value, (unsigned)CANH_LEN(names) - 1)]);
}

static struct marker read_heading(struct slice s)
{
    for (size_t i = 0; i < CANH_LEN(headings); i++) {
        struct slice word = slice_str(headings[i].word), name;
        size_t at = word.n, n = 0;
        unsigned v;

        if (!slice_starts(s, word) || marker_blanks(s, at) == 0)
            continue;
        at += marker_blanks(s, at);
        if (slice_starts(slice_from(s, at), SLICE("thứ ")) &&
            (v = marker_ordinal(s, at + 6, &n)) > 0) {
            at += 6 + n;
            at += at < s.n && (s.p[at] == '.' || s.p[at] == ':');
            return marker_found(s, headings[i].kind, at, marker_spelt(v), v);
        }
        while (at + n < s.n && (ascii_is_digit(s.p[at + n]) || ascii_is_upper(s.p[at + n])))
            n++;
        name = slice_of(s.p + at, n);
        v = marker_digits(s, at) == n ? marker_number(name) : marker_roman(name);
        if (v == 0)
            continue;
        at += n;
        if (at < s.n && (s.p[at] == '.' || s.p[at] == ':'))
            at++;
        else if (at < s.n && headings[i].kind >= MARKER_ARTICLE)
            continue; /* "Điều 5 Luật …" cites, "Điều 5." begins */
        return marker_found(s, headings[i].kind, at, name, v);
    }
    return (struct marker){0};
}

/* “PHỤ LỤC”, “Phụ lục 1:”: alone on its line, else it is cited. */
static struct marker read_annex(struct slice s)
{
    static const char *const words[] = {"PHỤ LỤC", "Phụ lục"};

    for (size_t i = 0; i < CANH_LEN(words); i++) {
        struct slice word = slice_str(words[i]);
        size_t at = word.n, n = 0;

        if (!slice_starts(s, word))
            continue;
        at += marker_blanks(s, at);
        while (at + n < s.n && (ascii_is_digit(s.p[at + n]) || ascii_is_upper(s.p[at + n])))
            n++;
        if (at + n < s.n && s.p[at + n] != ':' && s.p[at + n] != '.')
            continue;
        return marker_found(s, MARKER_ANNEX, CANH_MIN(at + n + 1, s.n), SLICE("PL"), 1);
    }
    return (struct marker){0};
}

/* A capital letter and a small one behind it: a word, no abbreviation. */
static bool is_sentence(struct slice s)
{
    unsigned first, second;
    uint32_t c = utf8_decode(s.p, s.n, &first), next;

    if (first >= s.n || fold_char(c) == c)
        return false;
    next = utf8_decode(s.p + first, s.n - first, &second);
    return fold_char(next) == next && (next >= 0x80 || (next >= 'a' && next <= 'z'));
}

/* What may end a number: . ) / : -, also after a blank. 0 when nothing does, else how long. A
 * dash or a colon needs a blank or a capital letter behind it, as text_follows() looks for. */
static size_t number_end(struct slice s, size_t at)
{
    static const struct slice keycap = SLICE_INIT("\xef\xb8\x8f\xe2\x83\xa3"); /* 1 in a box */
    size_t gap = marker_blanks(s, at);

    if (slice_starts(slice_from(s, at), keycap))
        return text_follows(s, at + keycap.n) ? keycap.n : 0;
    if (at + gap >= s.n || gap > 1)
        return 0;
    switch (s.p[at + gap]) {
    case '.':
    case ')':
        return text_follows(s, at + gap + 1) ? gap + 1 : 0;
    case '/':
        return gap == 0 && at + 1 < s.n && text_follows(s, at + 1) &&
                       (marker_blanks(s, at + 1) > 0 || is_sentence(slice_from(s, at + 1)))
                   ? 1
                   : 0; /* “77/VP-KT” is the number of a letter */
    case ':':
        return gap == 0 && text_follows(s, at + 1) && at + 1 < s.n ? 1 : 0;
    case '-':
        return text_follows(s, at + gap + 1) && at + gap + 1 < s.n ? gap + 1 : 0;
    default:
        return 0;
    }
}

/* How many parts of digits follow at a place, each after a dot: “.1.2”. */
static size_t marker_dotted(struct slice s, size_t n, size_t *last, unsigned *ret_parts)
{
    *ret_parts = 0;
    while (n < s.n && s.p[n] == '.' && marker_digits(s, n + 1) > 0 &&
           marker_digits(s, n + 1) <= 3) {
        *last = n + 1;
        n += 1 + marker_digits(s, n + 1);
        ++*ret_parts;
    }
    return n;
}

/* “1.1.”, “I.1”, “A.1.2.”: the last part names it, the others say where it belongs. first: how
 * many parts the kind of one dot has. */
static struct marker read_dotted(struct slice s, size_t end, size_t last, unsigned parts,
                                 enum marker_kind first)
{
    struct slice name = slice_of(s.p + last, end - last);
    size_t label = end + (end < s.n && (s.p[end] == '.' || s.p[end] == ')' || s.p[end] == '/' ||
                                        (s.p[end] == '-' && marker_blanks(s, end + 1) > 0)));
    struct marker m;

    if (parts > 3 || !text_follows(s, label) ||
        (label < s.n && marker_blanks(s, label) == 0 && s.p[label - 1] != '.' &&
         s.p[label - 1] != ')'))
        return (struct marker){0};
    m = marker_found(s, (enum marker_kind)(first + parts - 1), label, name, marker_number(name));
    m.outer = slice_head(s, last - 1);
    return m;
}

/* 1. 1) 1/ 1 . 1- (1) 1.1. 1.1 */
static struct marker read_digits(struct slice s)
{
    size_t n = marker_digits(s, 0), last = 0, end;
    unsigned parts;

    if (n == 0 || n > 3)
        return (struct marker){0};
    end = marker_dotted(s, n, &last, &parts);
    if (parts > 0)
        return read_dotted(s, end, last, parts, MARKER_DOTTED);
    end = number_end(s, n);
    if (end == 0)
        return (struct marker){0};
    return marker_found(s, MARKER_ARABIC, n + end, slice_head(s, n),
                        marker_number(slice_head(s, n)));
}

/* A. I. I/ I- II.1. A.1 */
static struct marker read_capital(struct slice s)
{
    size_t n = 0, last = 0, end;
    unsigned v, parts;

    while (n < s.n && n < 8 && ascii_is_upper(s.p[n]))
        n++;
    v = marker_roman(slice_head(s, n));
    if (n == 0 || (v == 0 && n > 1))
        return (struct marker){0};
    end = marker_dotted(s, n, &last, &parts);
    if (parts > 0)
        return read_dotted(s, end, last, parts, MARKER_ARABIC);
    end = number_end(s, n);
    if (end == 0 || (n + end < s.n && marker_blanks(s, n + end) == 0))
        return (struct marker){0}; /* an abbreviation: "TP.HCM" */
    if (v > 0)
        return marker_found(s, MARKER_ROMAN, n + end, slice_head(s, n), v);
    return marker_found(s, MARKER_UPPER, n + end, slice_head(s, 1), (unsigned)(s.p[0] - 'A') + 1);
}

/* a.1) a.1. a1): an item below the letter. */
static struct marker read_below_letter(struct slice s, size_t at)
{
    size_t dot = at < s.n && s.p[at] == '.', n = marker_digits(s, at + dot), end = at + dot + n;

    if (n == 0 || n > 2 || end >= s.n || (s.p[end] != ')' && !(dot && s.p[end] == '.')) ||
        !text_follows(s, end + 1))
        return (struct marker){0};
    return marker_found(s, MARKER_SMALL, end + 1, slice_of(s.p + at + dot, n),
                        marker_number(slice_of(s.p + at + dot, n)));
}

static struct marker read_letter(struct slice s)
{
    for (unsigned i = 0; i < CANH_LEN(letters); i++) {
        struct slice name = slice_str(letters[i]);
        size_t n = name.n;

        if (!slice_starts(s, name) || n >= s.n)
            continue;
        if (marker_digits(s, n + (s.p[n] == '.')) > 0)
            return read_below_letter(s, n);
        if (s.p[n] == ')' ||
            ((s.p[n] == '.' || s.p[n] == '/') && (marker_blanks(s, n + 1) > 0 || s.p[n] == '/') &&
             text_follows(s, n + 1)) ||
            (s.p[n] == '-' && marker_blanks(s, n + 1) > 0 && text_follows(s, n + 1)))
            return marker_found(s, MARKER_LETTER, n + 1, slice_head(s, n), i + 1);
    }
    return (struct marker){0};
}

/* i) ii) iii) of the innermost; i) alone is a letter, and the caller knows which. */
static unsigned small_roman(struct slice s)
{
    static const char *const names[] = {"i",  "ii",  "iii",  "iv", "v",
                                        "vi", "vii", "viii", "ix", "x"};

    for (unsigned i = 0; i < CANH_LEN(names); i++) {
        if (slice_is(s, names[i]))
            return i + 1;
    }
    return 0;
}

/* (1) (a) (i); ii) */
static struct marker read_brackets(struct slice s)
{
    size_t open = s.n > 0 && s.p[0] == '(', close = slice_find_byte(slice_head(s, 8), ')');
    struct slice name;
    struct marker m = {0};

    if (close == SIZE_MAX || close <= open)
        return m;
    name = slice_of(s.p + open, close - open);
    if (small_roman(name) > 0 && (open || name.n > 1))
        return marker_found(s, MARKER_SMALL, close + 1, name, small_roman(name));
    if (!open)
        return m;
    if (marker_digits(name, 0) == name.n && name.n <= 2 && text_follows(s, close + 1))
        return marker_found(s, MARKER_ARABIC, close + 1, name, marker_number(name));
    for (unsigned i = 0; i < CANH_LEN(letters); i++) {
        if (slice_is(name, letters[i]))
            return marker_found(s, MARKER_LETTER, close + 1, name, i + 1);
    }
    return m;
}

/* “Một là, …”, “Thứ nhất, …”; what is said stays part of the text. */
static struct marker read_word(struct slice s)
{
    size_t at = 0, n = 0;
    unsigned v;
    struct marker m;

    if (slice_starts(s, SLICE("Thứ ")))
        at = 6;
    v = marker_ordinal(s, at, &n);
    if (v == 0)
        return (struct marker){0};
    if (at == 0) {
        if (!ascii_is_upper(s.p[0]) || !slice_starts(slice_from(s, n), SLICE(" là")))
            return (struct marker){0};
        n += 4;
    }
    at += n;
    if (at >= s.n || (s.p[at] != ',' && s.p[at] != ':' && s.p[at] != ' '))
        return (struct marker){0};
    if (s.p[at] == ' ' && !slice_ends(slice_head(s, at), SLICE("là")))
        return (struct marker){0}; /* “Thứ hai hằng tuần” */
    m = marker_found(s, MARKER_WORD, at, SLICE_NULL, v);
    m.label = slice_trim(slice_head(s, at));
    m.length = 0;
    return m;
}

/* How long a sign is that stands for a bullet: of the Symbol and Wingdings fonts as word processors
 * store them, a dingbat, a picture of a message. */
static size_t marker_symbol(struct slice s)
{
    static const struct {
        uint32_t from, to;
    } ranges[] = {{0xf020, 0xf0ff}, {0x25a0, 0x27bf}, {0x2b00, 0x2bff}, {0x1f300, 0x1faff}};
    static const struct slice variant = SLICE_INIT("\xef\xb8\x8f");
    unsigned length;
    uint32_t c;

    if (s.n == 0)
        return 0;
    c = utf8_decode(s.p, s.n, &length);
    for (size_t i = 0; i < CANH_LEN(ranges); i++) {
        if (c >= ranges[i].from && c <= ranges[i].to)
            return length + (slice_starts(slice_from(s, length), variant) ? variant.n : 0);
    }
    return 0;
}

static struct marker read_bullet(struct slice s)
{
    static const struct {
        const char *text;
        enum marker_kind kind;
    } bullets[] = {{"-", MARKER_DASH}, {"–", MARKER_DASH}, {"—", MARKER_DASH}, {"+", MARKER_PLUS},
                   {"*", MARKER_PLUS}, {"•", MARKER_PLUS}, {"·", MARKER_PLUS}, {"◦", MARKER_PLUS},
                   {"▪", MARKER_PLUS}, {"■", MARKER_PLUS}, {"●", MARKER_PLUS}, {"➢", MARKER_PLUS},
                   {"✓", MARKER_PLUS}, {"→", MARKER_PLUS}, {"§", MARKER_PLUS}, {"Ø", MARKER_PLUS}};

    if (marker_symbol(s) > 0 && marker_blanks(s, marker_symbol(s)) > 0)
        return marker_found(s, MARKER_PLUS, marker_symbol(s), SLICE_NULL, 0);
    for (size_t i = 0; i < CANH_LEN(bullets); i++) {
        struct slice b = slice_str(bullets[i].text);

        if (slice_starts(s, b) && (s.n == b.n || marker_blanks(s, b.n) > 0 || text_follows(s, b.n)))
            return marker_found(s, bullets[i].kind, b.n, SLICE_NULL, 0);
    }
    return (struct marker){0};
}

struct marker marker_read(struct slice s)
{
    static struct marker (*const readers[])(struct slice) = {
        read_annex,  read_heading,  read_digits, read_capital,
        read_letter, read_brackets, read_word,   read_bullet,
    };

    for (size_t i = 0; i < CANH_LEN(readers); i++) {
        struct marker m = readers[i](s);

        if (m.kind != MARKER_NONE)
            return m;
    }
    return (struct marker){0};
}

/* A letter of the English alphabet, by which word processors count: d, e, f. */
static struct marker automatic_letter(struct slice label)
{
    bool good =
        label.n == 2 && ascii_is_lower(label.p[0]) && (label.p[1] == ')' || label.p[1] == '.');

    return good ? marker_found(label, MARKER_LETTER, 2, slice_head(label, 1),
                               (unsigned)(label.p[0] - 'a') + 1)
                : (struct marker){0};
}

struct marker marker_of_label(struct slice label)
{
    struct marker m = automatic_letter(slice_trim(label));

    if (m.kind == MARKER_NONE)
        m = marker_read(slice_trim(label));
    if (m.kind == MARKER_NONE && label.n > 0)
        m = (struct marker){.kind = MARKER_PLUS, .label = label};
    m.length = 0;
    return m;
}
