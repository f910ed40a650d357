/* SPDX-License-Identifier: Apache-2.0 */
/* Earlier wordings of a case's texts. */
#include "case/text.h"

#include <stddef.h>

/* By enum state_case_field. */
static const struct {
    const char *word;
    size_t at;
} fields[STATE_CASE_FIELD_MAX] = {
    [STATE_CASE_TITLE] = {"title", offsetof(struct state_case, title)},
    [STATE_CASE_SYSTEM] = {"system", offsetof(struct state_case, system)},
    [STATE_CASE_WHAT] = {"what", offsetof(struct state_case, what)},
    [STATE_CASE_CAUSE] = {"cause", offsetof(struct state_case, cause)},
    [STATE_CASE_REMEDY_TEXT] = {"remedy", offsetof(struct state_case, remedy)},
    [STATE_CASE_SUPPORT] = {"support", offsetof(struct state_case, support)},
};

static bool is_field(int32_t field)
{
    return field > 0 && field < STATE_CASE_FIELD_MAX;
}

const char *case_field_word(int32_t field)
{
    return is_field(field) ? fields[field].word : "";
}

struct slice case_text_now(const struct state_case *x, int32_t field)
{
    return is_field(field)
               ? *(const struct slice *)(const void *)((const char *)x + fields[field].at)
               : SLICE_NULL;
}

/* Browsers send every end of a line as CR LF. */
static bool is_same_text(struct slice a, struct slice b)
{
    for (size_t i = 0, k = 0;; i++, k++) {
        while (i < a.n && a.p[i] == '\r')
            i++;
        while (k < b.n && b.p[k] == '\r')
            k++;
        if (i == a.n || k == b.n)
            return i == a.n && k == b.n;
        if (a.p[i] != b.p[k])
            return false;
    }
}

int case_keep_texts(const struct act_ctx *ctx, const struct state_actor *actor,
                    const struct case_change *c, const struct state_case *was,
                    const struct state_case *x, struct err *err)
{
    int r = 0;

    for (int32_t field = 1; r == 0 && field < STATE_CASE_FIELD_MAX; field++) {
        struct state_case_text text = {.unit = x->unit,
                                       .incident = x->id,
                                       .person = act_person(actor, c->person),
                                       .login = c->login,
                                       .at = act_at(ctx),
                                       .field = field,
                                       .text = case_text_now(was, field)};

        if (!is_same_text(text.text, case_text_now(x, field)))
            r = state_case_text_put(ctx->s, actor, &text, err);
    }
    return r;
}

int case_texts(const struct act_ctx *ctx, const struct state_actor *actor, struct state_id id,
               struct state_case_text **ret, size_t *ret_n, struct err *err)
{
    const struct state_query q = {.ref = id};
    int r = state_case_text_list(ctx->s, actor, &q, ctx->arena, ret, ret_n, err);

    for (size_t i = 0, n = *ret_n; r == 0 && i < n / 2; i++) {
        struct state_case_text t = (*ret)[i];

        (*ret)[i] = (*ret)[n - 1 - i];
        (*ret)[n - 1 - i] = t;
    }
    return r;
}
