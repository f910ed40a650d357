/* SPDX-License-Identifier: Apache-2.0 */
#include "state/marking.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "lang/tone.h"

enum { WORDS = 8, LETTERS = 8 };

/* A word as base letters with their marks; longer words are cut, so they match nothing. */
struct word {
    unsigned n;
    struct {
        uint32_t base;
        unsigned marks;
    } letter[LETTERS];
};

#define L(b, m)                                                                                    \
    {                                                                                              \
        (b), (m)                                                                                   \
    }

static const struct word mat = {3, {L('m', 0), L('a', VIET_CIRCUMFLEX | VIET_DOT), L('t', 0)}};
static const struct word toi = {3, {L('t', 0), L('o', VIET_CIRCUMFLEX | VIET_ACUTE), L('i', 0)}};
static const struct word tuyet = {5,
                                  {L('t', 0), L('u', 0), L('y', 0),
                                   L('e', VIET_CIRCUMFLEX | VIET_DOT), L('t', 0)}};
static const struct word muc = {3, {L('m', 0), L('u', VIET_HORN | VIET_ACUTE), L('c', 0)}};
static const struct word doo = {2, {L('d', VIET_STROKE), L('o', VIET_CIRCUMFLEX | VIET_DOT)}};

static bool marking_same(const struct word *a, const struct word *b)
{
    if (a->n != b->n)
        return false;
    for (unsigned i = 0; i < a->n; i++)
        if (a->letter[i].base != b->letter[i].base || a->letter[i].marks != b->letter[i].marks)
            return false;
    return true;
}

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 0xc0 && c < 0x2000);
}

/* The words of a line; WORDS + 1 when there are more. */
static unsigned marking_split(struct slice line, struct word words[WORDS])
{
    unsigned n = 0;
    bool inside = false;

    while (line.n) {
        unsigned marks;
        uint32_t c = viet_next(&line, &marks);

        if (!is_letter(c)) {
            inside = false;
            continue;
        }
        if (!inside && n == WORDS)
            return WORDS + 1;
        if (!inside)
            words[n++].n = 0;
        inside = true;
        if (words[n - 1].n < LETTERS) {
            words[n - 1].letter[words[n - 1].n].base = c;
            words[n - 1].letter[words[n - 1].n].marks = marks;
        }
        words[n - 1].n++;
    }
    return n;
}

static enum marking of_words(const struct word *w, unsigned n)
{
    if (n == 1 && marking_same(&w[0], &mat))
        return MARKING_MAT;
    if (n == 2 && marking_same(&w[0], &toi) && marking_same(&w[1], &mat))
        return MARKING_TOI_MAT;
    if (n == 2 && marking_same(&w[0], &tuyet) && marking_same(&w[1], &mat))
        return MARKING_TUYET_MAT;
    return MARKING_NONE;
}

static enum marking of_line(struct slice line)
{
    struct word words[WORDS];
    struct slice head;
    unsigned n;

    if (line.n > 256) /* a heading is short; long lines are prose */
        line = slice_head(line, 256);
    n = marking_split(line, words);
    if (n <= 2)
        return of_words(words, n);
    /* "Độ mật: Tối mật", "Mức độ mật: Mật" */
    if (!slice_cut(&line, ':', &head) || line.n == 0)
        return MARKING_NONE;
    n = marking_split(head, words);
    if (n < 2 || n > WORDS || !marking_same(&words[n - 1], &mat) ||
        !marking_same(&words[n - 2], &doo) || (n == 3 && !marking_same(&words[0], &muc)) || n > 3)
        return MARKING_NONE;
    n = marking_split(line, words);
    return n > WORDS ? MARKING_NONE : of_words(words, n);
}

enum marking marking_find(struct slice text)
{
    enum marking worst = MARKING_NONE;
    struct slice line;

    while (slice_cut(&text, '\n', &line)) {
        enum marking m = of_line(line);

        worst = CANH_MAX(worst, m);
    }
    return worst;
}
