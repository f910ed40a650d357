/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/need.h"

#include <math.h>

#include "base/utf.h"

/* Text that most values have tells no more than that there is a value. */
static const double presence_frequency = 0.9, often = 0.5;

/* To look for short texts costs more than the rest: only where there is nothing better. */
enum { SHORT_TEXT = 4 };
static const double short_frequency = 0.3;

struct need need_value(void)
{
    return (struct need){.possible = true, .presence = true, .frequency = presence_frequency};
}

/*
 * Keywords are looked for in a record as a whole, all at once and short ones, too: so they are the
 * better trigger where a field of few values is the other.
 */
static const double keyword_factor = 0.1;

/* How often values have the text; of a test for one text, its atom may know. */
static double text_frequency(const struct program_build *b, const struct test *t,
                             enum text_place place, struct slice text)
{
    uint8_t rarity = t->kind < TEST_VALUE ? t->atom->rarity : 0;

    if (text.n == 0 && place != TEXT_EXACT)
        return 1;
    if (rarity == 0)
        rarity = background_rarity(b->background, place, text);
    return background_frequency(b->background, place, rarity);
}

struct need need_text(const struct program_build *b, const struct test *t, enum text_place place,
                      struct slice text)
{
    struct need n = {.possible = true, .place = place, .text = text};

    n.frequency = text_frequency(b, t, place, text);
    if (t->slot == SLOT_KEYWORD)
        n.frequency *= n.frequency > often ? 1 : keyword_factor;
    else if (place == TEXT_CONTAINS && text.n < SHORT_TEXT)
        n.frequency = fmax(n.frequency, short_frequency);
    if (n.frequency > often) {
        n.presence = true;
        n.frequency = presence_frequency;
        return n;
    }
    /* values beyond ASCII are rare, and only they are searched for such texts */
    if (!is_ascii(text))
        n.frequency *= 0.1;
    return n;
}

struct need need_rarer(struct need a, struct need b)
{
    return b.frequency < a.frequency ? b : a;
}
