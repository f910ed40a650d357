/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/terms.h"

#include "base/utf.h"
#include "lang/tone.h"

enum { TONES = VIET_GRAVE | VIET_ACUTE | VIET_HOOK | VIET_TILDE | VIET_DOT, WORST = 6 };

static bool is_letter(uint32_t c)
{
    bool punctuation = c >= 0x2000 && c < 0x2070; /* dashes, quotes, dots */

    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           (c >= 0xc0 && c < UTF_INVALID && !punctuation);
}

static uint8_t tone_byte(unsigned marks)
{
    static const struct {
        unsigned mark;
        uint8_t byte;
    } tones[] = {
        {VIET_GRAVE, '`'}, {VIET_ACUTE, '/'}, {VIET_HOOK, '?'}, {VIET_TILDE, '~'}, {VIET_DOT, '.'}};

    for (size_t i = 0; i < CANH_LEN(tones); i++) {
        if (marks & tones[i].mark)
            return tones[i].byte;
    }
    return 0;
}

static uint8_t quality_byte(unsigned marks)
{
    return marks & VIET_CIRCUMFLEX ? '^'
           : marks & VIET_BREVE    ? '('
           : marks & VIET_HORN     ? '\''
           : marks & VIET_STROKE   ? '-'
                                   : 0;
}

struct slice terms_key(struct arena *arena, struct slice s, bool plain)
{
    uint8_t *to = s.n < SIZE_MAX / WORST - 4 ? arena_alloc(arena, s.n * WORST + 4) : NULL;
    size_t n = 0;
    uint8_t tone = 0, byte;

    if (to == NULL)
        return SLICE_NULL;
    to[n++] = ' ';
    while (s.n > 0) {
        unsigned marks;
        uint32_t c = viet_next(&s, &marks);

        if (!is_letter(c)) {
            if (tone)
                to[n++] = tone;
            tone = 0;
            if (to[n - 1] != ' ')
                to[n++] = ' ';
            continue;
        }
        n += utf8_encode(c, to + n);
        byte = plain ? 0 : quality_byte(marks);
        if (byte)
            to[n++] = byte;
        if (!plain && marks & TONES)
            tone = tone_byte(marks);
    }
    if (tone)
        to[n++] = tone;
    if (to[n - 1] != ' ')
        to[n++] = ' ';
    return slice_of(to, n);
}

bool terms_found(struct slice text, struct slice term)
{
    return term.n > 2 && slice_find(text, term) != SIZE_MAX;
}

bool terms_unmarked(struct slice s)
{
    size_t letters = 0, marked = 0;

    while (s.n > 0) {
        unsigned marks;
        uint32_t c = viet_next(&s, &marks);

        letters += is_letter(c);
        marked += marks != 0;
    }
    return letters >= 10 && marked * 100 < letters;
}
