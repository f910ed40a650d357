/* SPDX-License-Identifier: Apache-2.0 */
#include "record/finding.h"

#include "record/forms.h"

/* The form that showed it, as it was filled in, and what is over a limit there. */
static int finding_examine(const struct record *c, const struct state_finding *x,
                           const struct form **ret_form, struct form_problem **ret,
                           uint32_t *ret_count)
{
    struct state_submission sub;
    struct state_form row;
    struct answers a;
    int r = state_submission_get(c->s, &c->actor, x->source, c->arena, &sub, NULL);

    if (r == 0)
        r = state_form_get(c->s, &c->actor, sub.form, c->arena, &row, NULL);
    if (r == 0)
        r = form_parse(c->arena, row.yaml, ret_form, NULL);
    if (r == 0)
        r = record_form_answers(c, *ret_form, &sub, &a, NULL);
    if (r == 0)
        r = form_check(*ret_form, &a, c->arena, ret, ret_count, NULL);
    return r < 0 ? r : form_problems_word(*ret_form, *ret, *ret_count, c->lang, c->arena, NULL);
}

bool record_finding_is_limit(const struct state_finding *x)
{
    return slice_eq(x->kind, RECORD_FINDING_LIMIT);
}

struct slice record_finding_title(const struct record *c, const struct state_finding *x)
{
    struct form_problem *problems = NULL;
    const struct form *form;
    struct buf code = BUF_INIT(400);
    struct slice title = SLICE_NULL;
    uint32_t count = 0;

    if (c->lang != LANG_VI && record_finding_is_limit(x) && !id_is_none(x->source) &&
        finding_examine(c, x, &form, &problems, &count) < 0)
        count = 0;
    for (uint32_t i = 0; i < count && title.p == NULL; i++) {
        if (problems[i].limit == NULL)
            continue;
        buf_clear(&code);
        record_finding_code(&code, form, &form->fields[problems[i].field], problems[i].limit);
        if (slice_eq(buf_slice(&code), x->code))
            title = problems[i].message;
    }
    buf_done(&code);
    return title.p ? title : arena_dup(c->arena, x->title);
}
