/* SPDX-License-Identifier: Apache-2.0 */
/* Words with a blank between them: "name=3" over a limit, "name=open", "name=-" not answered. */
#include "state/judged.h"

void state_judged_append(struct buf *out, const struct state_judged *x)
{
    buf_printf(out, "%s" SLICE_FMT "=", out->len ? " " : "", SLICE_ARG(x->field));
    if (x->how == STATE_JUDGED_OVER)
        buf_append_u64(out, x->severity);
    else
        buf_puts(out, x->how == STATE_JUDGED_OPEN ? "open" : "-");
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

bool state_judged_next(struct slice *rest, struct state_judged *ret)
{
    struct slice word;

    while (slice_cut(rest, ' ', &word)) {
        if (read_word(word, ret))
            return true;
    }
    return false;
}

bool state_judged_is_valid(struct slice s)
{
    struct state_judged x;
    struct slice word;

    while (s.n > 0 && slice_cut(&s, ' ', &word)) {
        if (!read_word(word, &x))
            return false;
    }
    return true;
}
