/* SPDX-License-Identifier: Apache-2.0 */
#include "office/text.h"

#include "base/fold.h"
#include "base/utf.h"
#include "lang/err_office.h"

enum { SAMPLE = 4096, ODD_WORDS_MIN = 3 };

/*
 * What a character of Latin-1 says about a word that holds it. V: a letter of today's Vietnamese.
 * T: a sign that only TCVN3 (TCVN 5712:1993, table 3) uses as a letter. B: a letter that legacy
 * text uses and Vietnamese does not. N: nothing (Ð often stands for Đ).
 */
static const char latin1_class[] = "NTTTTTTTTTTTTTTN" /* A0 NBSP ¡¢£¤¥¦§¨©ª«¬ SHY ® ¯ */
                                   "NNNNNTTTTTNTTTTN" /* B0 °±²³´µ¶·¸¹º»¼½¾¿ */
                                   "VVVVBBBBVVVBVVBB" /* C0 ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ */
                                   "NBVVVVBBBVVBBVBB" /* D0 ÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß */
                                   "VVVVBBBBVVVBVVBB" /* E0 àáâãäåæçèéêëìíîï */
                                   "BBVVVVBBBVVBBVBB" /* F0 ðñòóôõö÷øùúûüýþÿ */;

static bool is_vowel(uint32_t c)
{
    return c < 0x80 && c != 0 && strchr("aeiouyAEIOUY", (int)c) != NULL;
}

static bool is_word_char(uint32_t c)
{
    return c >= 0xA1 || (c >= '0' && c <= '9') ||
           (fold_ascii((uint8_t)c) >= 'a' && fold_ascii((uint8_t)c) <= 'z');
}

struct word {
    unsigned chars;
    bool marked, modern, sign, foreign, vni;
};

static void word_end(struct text_tally *t, struct word *w)
{
    if (w->chars >= 2 && w->marked) {
        t->marked++;
        t->modern += w->modern;
        t->odd += !w->modern && (w->sign || w->foreign);
        t->tcvn3 += !w->modern && w->sign;
        t->vni += !w->modern && w->vni;
    }
    *w = (struct word){0};
}

static void word_char(struct word *w, uint32_t c, uint32_t before)
{
    w->chars++;
    if (c < 0x80)
        return;
    w->marked = true;
    if (c > 0xFF) {
        w->modern = true;
    } else if (c >= 0xA0 && latin1_class[c - 0xA0] == 'T') {
        w->sign = true;
    } else if (c >= 0xA0 && latin1_class[c - 0xA0] == 'B') {
        w->foreign = true;
        /* VNI writes the plain vowel and its tone as a letter of its own: Vieät, Coäng hoøa */
        w->vni = w->vni || is_vowel(before);
    }
}

static void count_char(struct text_tally *t, struct word *w, uint32_t c, uint32_t *before)
{
    if (is_word_char(c))
        word_char(w, c, *before);
    else
        word_end(t, w);
    *before = c;
}

void text_count(struct text_tally *t, struct slice s)
{
    struct word w = {0};
    uint32_t before = 0;
    unsigned len;

    if (is_ascii(s))
        return;
    for (size_t i = 0; i < s.n; i += len)
        count_char(t, &w, utf8_decode(s.p + i, s.n - i, &len), &before);
    word_end(t, &w);
}

enum text_legacy text_judge(const struct text_tally *t)
{
    /* about two thirds of the marked words of legacy text are odd, and none is modern */
    if (t->odd < ODD_WORDS_MIN || t->odd * 5 < t->marked * 2 || t->modern * 3 > t->odd)
        return TEXT_MODERN;
    if (t->tcvn3 > 0 && t->tcvn3 * 8 >= t->odd)
        return TEXT_TCVN3;
    return t->vni * 2 >= t->odd ? TEXT_VNI : TEXT_MODERN;
}

/* The same over bytes that are no UTF-8, each read as Latin-1. */
static enum text_legacy judge_bytes(struct slice bytes)
{
    struct text_tally t = {0};
    struct word w = {0};
    uint32_t before = 0;
    enum text_legacy kind;

    for (size_t i = 0; i < bytes.n; i++)
        count_char(&t, &w, bytes.p[i], &before);
    word_end(&t, &w);
    kind = text_judge(&t);
    return kind == TEXT_MODERN ? TEXT_UNKNOWN_8BIT : kind;
}

int text_refuse(enum text_legacy kind, unsigned row, unsigned col, struct err *err)
{
    switch (kind) {
    case TEXT_TCVN3:
        return err_fail_at(err, CE_ENCODING, row, col, ERR_OFFICE_TEXT_TCVN3);
    case TEXT_VNI:
        return err_fail_at(err, CE_ENCODING, row, col, ERR_OFFICE_TEXT_VNI);
    case TEXT_MODERN:
    case TEXT_UNKNOWN_8BIT:
        break;
    }
    return err_fail_at(err, CE_ENCODING, row, col, ERR_OFFICE_TEXT_8BIT);
}

/* UTF-16 without a mark: every other byte of Latin text is zero. */
static bool guess_utf16(struct slice bytes, enum text_encoding *ret)
{
    struct slice s = slice_head(bytes, SAMPLE);
    size_t zeros[2] = {0, 0}, units = s.n / 2;

    if (bytes.n % 2 != 0 || units == 0)
        return false;
    for (size_t i = 0; i < units * 2; i++)
        zeros[i & 1] += s.p[i] == 0;
    if (zeros[1] * 10 >= units * 3 && zeros[0] * 50 <= units)
        *ret = TEXT_UTF16LE;
    else if (zeros[0] * 10 >= units * 3 && zeros[1] * 50 <= units)
        *ret = TEXT_UTF16BE;
    else
        return false;
    return true;
}

int text_decode(struct slice bytes, struct buf *out, enum text_encoding *ret, struct err *err)
{
    size_t start = out->len;

    *ret = TEXT_UTF8;
    if (slice_starts(bytes, SLICE("\xEF\xBB\xBF"))) {
        bytes = slice_from(bytes, 3);
    } else if (slice_starts(bytes, SLICE("\xFF\xFE"))) {
        *ret = TEXT_UTF16LE;
        bytes = slice_from(bytes, 2);
    } else if (slice_starts(bytes, SLICE("\xFE\xFF"))) {
        *ret = TEXT_UTF16BE;
        bytes = slice_from(bytes, 2);
    } else {
        (void)guess_utf16(bytes, ret);
    }
    if (*ret == TEXT_UTF16LE)
        utf16le_to_utf8(bytes, out);
    else if (*ret == TEXT_UTF16BE)
        utf16be_to_utf8(bytes, out);
    else if (memchr(bytes.n ? bytes.p : (const uint8_t *)"x", 0, bytes.n ? bytes.n : 1) != NULL)
        return err_fail(err, CE_ENCODING, ERR_OFFICE_TEXT_BINARY);
    else if (!utf8_valid(bytes))
        return text_refuse(judge_bytes(bytes), 0, 0, err);
    else
        buf_append_slice(out, bytes);
    if (out->err != 0)
        return err_code(err, out->err);
    if (*ret != TEXT_UTF8 &&
        memchr(out->p ? out->p + start : (const uint8_t *)"x", 0, out->len - start) != NULL)
        return err_fail(err, CE_ENCODING, ERR_OFFICE_TEXT_BINARY);
    return 0;
}
