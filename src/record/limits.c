/* SPDX-License-Identifier: Apache-2.0 */
#include "record/limits.h"

#include "lang/said.h"
#include "record/finding.h"
#include "state/checks.h"

/* One limit of one field, and what the answers say of it. */
struct limit_view {
    const struct record *c;
    const struct record_entry *e;
    const struct state_submission *x;
    const struct form_field *field;
    const struct form_limit *limit;
    const struct form_problem *over, *over_en; /* the first row over it, in words; NULL: none */
    struct record_sent *ret;
};

static bool is_answered(const struct answers *a, uint32_t field)
{
    for (uint32_t i = 0; i < a->count; i++) {
        if (a->v[i].field == field && a->v[i].kind != ANSWER_BLANK)
            return true;
    }
    return a->nothing;
}

/* A finding was last seen in a later period than this: what is sent for an earlier one now does not
 * change how things are. */
static bool is_older(const struct limit_view *v, const struct state_finding *f)
{
    struct state_actor system = state_actor_system();
    struct state_submission source;

    return !id_is_none(f->source) &&
           state_submission_get(v->c->s, &system, f->source, v->c->arena, &source, &ERR_INIT) ==
               0 &&
           source.start > v->x->start;
}

static void describe_over(const struct limit_view *v, struct state_finding *f, struct buf *title,
                          struct buf *detail)
{
    const struct form_limit *l = v->limit;

    f->severity = (int32_t)l->severity + 1;
    said_title(title, &(struct title){v->over->message, v->over_en->message}, SAID_SHORT);
    f->title = buf_slice(title);
    said_title(detail, &v->e->form->form->title, SAID_SHORT);
    buf_printf(detail, " (%s)", form_origin_to_str(l->origin));
    if (title_in(&l->source, LANG_VI).n > 0) {
        buf_puts(detail, ": ");
        said_title(detail, &l->source, SAID_SHORT);
    }
    f->detail = buf_slice(detail);
}

static int write_over(const struct limit_view *v, struct state_finding *f, struct err *err)
{
    struct state_actor system = state_actor_system();
    struct buf title = BUF_INIT(4000), detail = BUF_INIT(8000);
    bool was_open = f->version && f->state != STATE_FINDING_FIXED;
    int r;

    if (f->version && is_older(v, f))
        return 0;
    describe_over(v, f, &title, &detail);
    if (!was_open) {
        f->state = STATE_FINDING_OPEN;
        f->first_seen = v->x->sent_at;
        f->fixed_at = 0;
        v->ret->opened++;
    }
    f->last_seen = CANH_MAX(v->x->sent_at, f->first_seen);
    f->count++;
    f->source = v->x->id;
    r = state_finding_put(v->c->s, &system, f, err);
    buf_done(&title);
    buf_done(&detail);
    return r;
}

static int write_within(const struct limit_view *v, struct state_finding *f, struct err *err)
{
    struct state_actor system = state_actor_system();

    if (f->version == 0 || f->state == STATE_FINDING_FIXED || is_older(v, f))
        return 0;
    f->state = STATE_FINDING_FIXED;
    f->fixed_at = v->x->sent_at;
    f->source = v->x->id;
    v->ret->closed++;
    return state_finding_put(v->c->s, &system, f, err);
}

static int follow_limit(const struct limit_view *v, struct err *err)
{
    struct state_actor system = state_actor_system();
    struct buf code = BUF_INIT(400);
    struct state_finding f;
    int r;

    record_finding_code(&code, v->e->form->form, v->field, v->limit);
    r = state_finding_find(v->c->s, &system, v->e->unit, buf_slice(&code), v->c->arena, &f, err);
    if (r == -CE_NOT_FOUND) {
        f = (struct state_finding){.unit = v->e->unit,
                                   .code = buf_slice(&code),
                                   .kind = RECORD_FINDING_LIMIT};
        r = 0;
    }
    if (r == 0)
        r = v->over ? write_over(v, &f, err) : write_within(v, &f, err);
    buf_done(&code);
    return r;
}

static const struct form_problem *find_over(const struct form_problem *problems, uint32_t count,
                                            const struct form_limit *l)
{
    for (uint32_t i = 0; i < count; i++) {
        if (problems[i].limit == l)
            return &problems[i];
    }
    return NULL;
}

int record_check_answers(const struct record *c, const struct record_entry *e, enum lang lang,
                         const struct form_problem **ret, uint32_t *ret_count, struct err *err)
{
    struct form_problem *problems = NULL;
    struct answers a = *e->answers;
    int r;

    a.day = e->period.day;
    r = form_check(e->form->form, &a, c->arena, &problems, ret_count, err);
    if (r == 0)
        r = form_problems_word(e->form->form, problems, *ret_count, lang, c->arena, err);
    *ret = problems;
    return r;
}

int record_follow_limits(const struct record *c, const struct record_entry *e,
                         const struct state_submission *x, struct record_sent *ret, struct err *err)
{
    const struct form *f = e->form->form;
    const struct form_problem *problems = NULL, *english = NULL; /* the same, one by one */
    uint32_t count = 0;
    int r = record_check_answers(c, e, LANG_VI, &problems, &count, err);

    if (r == 0)
        r = record_check_answers(c, e, LANG_EN, &english, &count, err);
    for (uint32_t i = 0; i < f->field_count && r == 0; i++) {
        if (f->fields[i].limit_count == 0 || !is_answered(e->answers, i))
            continue;
        for (uint32_t k = 0; k < f->fields[i].limit_count && r == 0; k++) {
            const struct form_limit *l = &f->fields[i].limits[k];
            struct limit_view v = {c,
                                   e,
                                   x,
                                   &f->fields[i],
                                   l,
                                   find_over(problems, count, l),
                                   find_over(english, count, l),
                                   ret};

            if (e->period.day >= l->from && e->period.day < l->until)
                r = follow_limit(&v, err);
        }
    }
    return r;
}
