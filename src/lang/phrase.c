/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/phrase.h"

#include "base/utf.h"
#include "lang/msg_error.h"

enum { HOLES = 9, DEPTH = 3 };

/* A sentence that fits a text: what stood in its holes, and how much of it was no hole. */
struct fit {
    int id; /* MSG_ERROR_BEGIN: none */
    size_t letters;
    struct slice hole[HOLES];
};

/* At {1} or {=1}: its number and length; 0 where there is none. */
static unsigned hole_at(struct slice s, size_t at, size_t *ret_length, bool *ret_phrase)
{
    bool phrase = at + 1 < s.n && s.p[at + 1] == '=';
    size_t digit = at + 1 + phrase;

    if (s.p[at] != '{' || digit + 1 >= s.n || s.p[digit] < '1' || s.p[digit] > '0' + HOLES ||
        s.p[digit + 1] != '}')
        return 0;
    *ret_length = digit + 2 - at;
    *ret_phrase = phrase;
    return s.p[digit] - (unsigned)'0';
}

/* The letters of a sentence up to its next hole. */
static struct slice letters_of(struct slice s)
{
    size_t n = 0, length;
    bool phrase;

    while (n < s.n && hole_at(s, n, &length, &phrase) == 0)
        n++;
    return slice_head(s, n);
}

/* Holes take as little as they can; the last one takes what its letters leave at the end. */
static bool fits(struct slice pattern, struct slice text, struct fit *f)
{
    struct slice part = letters_of(pattern);
    size_t length = 0;
    bool phrase;

    if (!slice_starts(text, part))
        return false;
    f->letters = part.n;
    pattern = slice_from(pattern, part.n);
    text = slice_from(text, part.n);
    while (pattern.n > 0) {
        unsigned hole = hole_at(pattern, 0, &length, &phrase);
        size_t at;

        pattern = slice_from(pattern, length);
        part = letters_of(pattern);
        pattern = slice_from(pattern, part.n);
        at = part.n ? slice_find(text, part) : text.n;
        if (pattern.n == 0)
            at = slice_ends(text, part) ? text.n - part.n : SIZE_MAX;
        if (at == SIZE_MAX || at == 0)
            return false;
        f->hole[hole - 1] = slice_head(text, at);
        text = slice_from(text, at + part.n);
        f->letters += part.n;
    }
    return text.n == 0;
}

/* The sentence with the most letters of its own. */
static struct fit find(struct slice text)
{
    struct fit best = {.id = MSG_ERROR_BEGIN};

    for (int i = 1; MSG_ERROR_BEGIN + i < MSG_ERROR_END; i++) {
        struct fit f = {.id = MSG_ERROR_BEGIN + i};

        if (fits(slice_str(lang_text(LANG_EN, (msg_id)f.id)), text, &f) && f.letters > best.letters)
            best = f;
    }
    return best;
}

static bool put(struct buf *out, enum lang lang, struct slice text, int depth)
{
    struct fit f = find(text);
    struct slice s = slice_str(lang_text(lang, (msg_id)f.id));
    size_t length = 0;

    if (f.id == MSG_ERROR_BEGIN || depth == 0) {
        buf_put_slice(out, text);
        return false;
    }
    while (s.n > 0) {
        struct slice part = letters_of(s);
        bool phrase = false;
        unsigned hole;

        buf_put_slice(out, part);
        s = slice_from(s, part.n);
        hole = s.n ? hole_at(s, 0, &length, &phrase) : 0;
        if (hole && phrase)
            (void)put(out, lang, f.hole[hole - 1], depth - 1);
        else if (hole)
            buf_put_slice(out, f.hole[hole - 1]);
        s = slice_from(s, hole ? length : 0);
    }
    return true;
}

void phrase_put(struct buf *out, enum lang lang, const struct err *err)
{
    struct slice text = slice_str(err->msg[0] ? err->msg : ce_to_str(err->code));
    size_t start = out->len;

    if (lang == LANG_EN) {
        buf_put_slice(out, text);
    } else if (!put(out, lang, text, DEPTH)) {
        out->len = start;
        /* what has Vietnamese letters was said in Vietnamese, or names something so */
        if (is_ascii(text) && put(out, lang, slice_str(ce_to_str(err->code)), DEPTH))
            buf_puts(out, ": ");
        else
            out->len = start;
        buf_put_slice(out, text);
    }
}
