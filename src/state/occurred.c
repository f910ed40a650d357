/* SPDX-License-Identifier: Apache-2.0 */
/* Words with a blank between them: "cable-cut@<nanoseconds since 1970>". */
#include "state/occurred.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/num.h"

int state_occurrences_make(struct arena *arena, const struct state_occurrence *v, size_t n,
                           struct state_occurrences *ret)
{
    struct buf text = BUF_INIT(STATE_OCCURRENCES_MAX);
    int r;

    for (size_t i = 0; i < n; i++)
        buf_printf(&text, "%s" SLICE_FMT "@%lld", i ? " " : "", SLICE_ARG(v[i].event),
                   (long long)v[i].at);
    ret->packed = arena_dup(arena, buf_slice(&text));
    r = text.err < 0 ? text.err : ret->packed.p == NULL ? -CE_NOMEM : 0;
    buf_done(&text);
    return r;
}

bool state_occurrences_keep(struct arena *arena, struct state_occurrences *x)
{
    x->packed = arena_dup(arena, x->packed);
    return x->packed.p != NULL;
}

bool state_occurrences_eq(struct state_occurrences a, struct state_occurrences b)
{
    return slice_eq(a.packed, b.packed);
}

static bool read_word(struct slice word, struct state_occurrence *ret)
{
    size_t at = slice_find_byte(word, '@');

    if (at == SIZE_MAX || at == 0)
        return false;
    ret->event = slice_head(word, at);
    return num_i64(slice_from(word, at + 1), &ret->at) == 0;
}

bool state_occurrence_next(struct state_occurrences *rest, struct state_occurrence *ret)
{
    struct slice word;

    while (slice_cut(&rest->packed, ' ', &word)) {
        if (read_word(word, ret))
            return true;
    }
    return false;
}

bool state_occurrences_are_valid(struct state_occurrences x)
{
    struct state_occurrence one;
    struct slice word;

    while (x.packed.n > 0 && slice_cut(&x.packed, ' ', &word)) {
        if (!read_word(word, &one))
            return false;
    }
    return true;
}
