/* SPDX-License-Identifier: Apache-2.0 */
/* Words with a blank between them: "name=3" over a limit, "name=open", "name=-" not answered. */
#include "state/judged.h"

#include "base/buf.h"
#include "base/err.h"

static void judged_append(struct buf *out, const struct state_judged *x)
{
    buf_printf(out, "%s" SLICE_FMT "=", out->len ? " " : "", SLICE_ARG(x->field));
    if (x->how == STATE_JUDGED_OVER)
        buf_append_u64(out, x->severity);
    else
        buf_puts(out, x->how == STATE_JUDGED_OPEN ? "open" : "-");
}

int state_judgement_make(struct arena *arena, const struct state_judged *v, size_t n,
                         struct state_judgement *ret)
{
    struct buf text = BUF_INIT(STATE_JUDGEMENT_MAX);
    int r;

    for (size_t i = 0; i < n; i++)
        judged_append(&text, &v[i]);
    ret->packed = arena_dup(arena, buf_slice(&text));
    r = text.err < 0 ? text.err : ret->packed.p == NULL ? -CE_NOMEM : 0;
    buf_done(&text);
    return r;
}

bool state_judgement_keep(struct arena *arena, struct state_judgement *x)
{
    x->packed = arena_dup(arena, x->packed);
    return x->packed.p != NULL;
}

bool state_judgement_eq(struct state_judgement a, struct state_judgement b)
{
    return slice_eq(a.packed, b.packed);
}

static bool read_word(struct slice word, struct state_judged *ret)
{
    size_t at = slice_find_byte(word, '=');
    struct slice how = at == SIZE_MAX ? SLICE_NULL : slice_from(word, at + 1);

    if (at == SIZE_MAX || at == 0)
        return false;
    *ret = (struct state_judged){.field = slice_head(word, at)};
    if (how.n == 1 && how.p[0] >= '1' && how.p[0] <= '4') {
        ret->how = STATE_JUDGED_OVER;
        ret->severity = (unsigned)(how.p[0] - '0');
        return true;
    }
    ret->how = slice_is(how, "open") ? STATE_JUDGED_OPEN : STATE_JUDGED_BLANK;
    return ret->how == STATE_JUDGED_OPEN || slice_is(how, "-");
}

bool state_judged_next(struct state_judgement *rest, struct state_judged *ret)
{
    struct slice word;

    while (slice_cut(&rest->packed, ' ', &word)) {
        if (read_word(word, ret))
            return true;
    }
    return false;
}

bool state_judgement_is_valid(struct state_judgement x)
{
    struct state_judged one;
    struct slice word;

    while (x.packed.n > 0 && slice_cut(&x.packed, ' ', &word)) {
        if (!read_word(word, &one))
            return false;
    }
    return true;
}
