/* SPDX-License-Identifier: Apache-2.0 */
#include "alert/reply.h"

#include "base/utf.h"
#include "lang/tone.h"

/* Letters and digits that cannot be taken for each other; outbox.c makes codes of them. */
#define LETTERS "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
enum { WORDS_MAX = 8 }; /* a code stands near the beginning */

static bool is_gap(uint8_t c)
{
    return c <= ' ' || c == '.' || c == ',' || c == ':' || c == ';' || c == '!' || c == '?' ||
           c == '"' || c == '\'' || c == '(' || c == ')' || c == '[' || c == ']' || c == '-';
}

static struct slice next_word(struct slice *rest)
{
    size_t n = 0;

    while (rest->n > 0 && is_gap(rest->p[0]))
        *rest = slice_from(*rest, 1);
    while (n < rest->n && !is_gap(rest->p[n]))
        n++;
    *rest = slice_from(*rest, n);
    return slice_of(rest->p ? rest->p - n : NULL, n);
}

static bool is_word(struct slice word, const char *wanted)
{
    unsigned marks;

    while (word.n > 0 && *wanted)
        if (viet_next(&word, &marks) != (uint32_t)*wanted++)
            return false;
    return word.n == 0 && *wanted == 0;
}

/* The word as a code is written. */
static bool can_be_code(struct slice word, char ret[REPLY_CODE + 1])
{
    if (word.n != REPLY_CODE)
        return false;
    for (size_t i = 0; i < word.n; i++) {
        uint8_t c = word.p[i];

        ret[i] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
        if (ret[i] == 0 || strchr(LETTERS, ret[i]) == NULL)
            return false;
    }
    ret[REPLY_CODE] = 0;
    return true;
}

/* Whole characters of the rest, one line. */
static struct slice report_text(struct slice rest)
{
    struct slice line;
    size_t n;

    while (rest.n > 0 && is_gap(rest.p[0]))
        rest = slice_from(rest, 1);
    line = slice_trim(rest);
    n = CANH_MIN(slice_find_byte(line, '\n'), (size_t)REPLY_TEXT_MAX);
    return slice_trim(slice_head_utf8(line, n));
}

void reply_parse(struct slice text, struct reply *ret)
{
    struct slice rest = text;

    *ret = (struct reply){.kind = REPLY_NOTHING};
    for (unsigned i = 0; i < WORDS_MAX && ret->count < REPLY_CANDIDATES; i++) {
        struct slice word = next_word(&rest);

        if (word.n == 0)
            break;
        if (ret->count == 0 && is_word(word, "bao")) {
            ret->text = report_text(rest);
            ret->kind = ret->text.n && utf8_valid(ret->text) ? REPLY_REPORT : REPLY_NOTHING;
            return;
        }
        ret->count += can_be_code(word, ret->codes[ret->count]);
    }
    ret->kind = ret->count ? REPLY_TO_CODE : REPLY_NOTHING;
}
