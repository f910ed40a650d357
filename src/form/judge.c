/* SPDX-License-Identifier: Apache-2.0 */
#include "form/judge.h"

/* How one field stands, the worst of its rows. */
struct field_state {
    bool answered, open;
    unsigned severity; /* 0: within its limits */
};

static void judge_answers(const struct form *f, const struct answers *a, struct field_state *s)
{
    for (uint32_t i = 0; i < a->count; i++) {
        const struct answer *x = &a->v[i];

        if (x->field >= f->field_count || x->kind == ANSWER_BLANK)
            continue;
        s[x->field].answered = true;
        if (form_if_holds(f, &f->fields[x->field].unfinished, x))
            s[x->field].open = true;
    }
}

static void judge_findings(const struct form *f, const struct form_problem *p, uint32_t count,
                           struct field_state *s)
{
    for (uint32_t i = 0; i < count; i++) {
        if (p[i].finding && p[i].field < f->field_count)
            s[p[i].field].severity =
                CANH_MAX(s[p[i].field].severity, (unsigned)p[i].limit->severity + 1);
    }
}

static uint32_t note_fields(const struct form *f, bool nothing, const struct field_state *s,
                            struct form_judged *to)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < f->field_count; i++) {
        if (s[i].severity > 0)
            to[n++] = (struct form_judged){i, FORM_JUDGED_OVER, s[i].severity};
        else if (s[i].open)
            to[n++] = (struct form_judged){.field = i, .how = FORM_JUDGED_OPEN};
        else if (!s[i].answered && !nothing)
            to[n++] = (struct form_judged){.field = i, .how = FORM_JUDGED_BLANK};
    }
    return n;
}

struct occurrences {
    struct form_occurrence *v;
    uint32_t count;
};

static void judge_add(struct occurrences *h, struct slice event, int64_t at)
{
    for (uint32_t i = 0; i < h->count; i++) {
        if (h->v[i].at == at && slice_eq(h->v[i].event, event))
            return;
    }
    if (h->count < FORM_ROWS_MAX)
        h->v[h->count++] = (struct form_occurrence){event, at};
}

static bool judge_repeats(const struct form *f, uint32_t field)
{
    return f->groups[f->fields[field].group].rows > 0;
}

static bool judge_holds(const struct form *f, const struct answers *a, const struct form_if *c,
                        uint32_t row)
{
    return c->kind == IF_NONE ||
           form_if_holds(f, c, answers_find(a, c->field, judge_repeats(f, c->field) ? row : 0));
}

/* Once for every row that gives the moment. */
static void add_timed(const struct form *f, const struct answers *a, const struct form_event *e,
                      struct occurrences *h)
{
    int64_t minutes = field_types[f->fields[e->at - 1].kind].minutes;

    for (uint32_t i = 0; i < a->count; i++) {
        const struct answer *x = &a->v[i];

        if (x->field == e->at - 1 && x->kind == ANSWER_TIME && judge_holds(f, a, &e->when, x->row))
            judge_add(h, e->event, x->time * minutes);
    }
}

/* Once, when the condition holds in any row. */
static void add_untimed(const struct form *f, const struct answers *a, const struct form_event *e,
                        struct occurrences *h)
{
    uint32_t rows =
        judge_repeats(f, e->when.field) ? f->groups[f->fields[e->when.field].group].rows : 0;

    for (uint32_t row = rows ? 1 : 0; row <= rows; row++) {
        if (judge_holds(f, a, &e->when, row)) {
            judge_add(h, e->event, INT64_MIN);
            return;
        }
    }
}

int form_judge(const struct form *f, const struct answers *a, const struct form_problem *findings,
               uint32_t count, struct arena *arena, struct form_judgement *ret, struct err *err)
{
    struct field_state *s = arena_new_array(arena, f->field_count + 1, struct field_state);
    struct occurrences h = {.v = arena_new_array(arena, FORM_ROWS_MAX, struct form_occurrence)};
    struct form_judged *fields = arena_new_array(arena, f->field_count + 1, struct form_judged);

    if (s == NULL || h.v == NULL || fields == NULL)
        return err_nomem(err);
    judge_answers(f, a, s);
    judge_findings(f, findings, count, s);
    ret->fields = fields;
    ret->field_count = note_fields(f, a->nothing, s, fields);
    for (uint32_t i = 0; i < f->event_count && !a->nothing; i++) {
        if (f->events[i].at > 0)
            add_timed(f, a, &f->events[i], &h);
        else
            add_untimed(f, a, &f->events[i], &h);
    }
    ret->events = h.v;
    ret->event_count = h.count;
    return 0;
}
