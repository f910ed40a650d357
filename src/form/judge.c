/* SPDX-License-Identifier: Apache-2.0 */
#include "form/judge.h"

#include "lang/err_form.h"

enum { WORDS_MAX = 60000, DAY_MINUTES = 24 * 60 };

/* How one field stands, the worst of its rows. */
struct field_state {
    bool answered, open;
    unsigned severity; /* 0: within its limits */
};

static void look_at_answers(const struct form *f, const struct answers *a, struct field_state *s)
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

static void look_at_findings(const struct form *f, const struct form_problem *p, uint32_t count,
                             struct field_state *s)
{
    for (uint32_t i = 0; i < count; i++) {
        if (p[i].finding && p[i].field < f->field_count)
            s[p[i].field].severity =
                CANH_MAX(s[p[i].field].severity, (unsigned)p[i].limit->severity + 1);
    }
}

static int write_words(const struct form *f, bool nothing, const struct field_state *s,
                       struct arena *arena, struct slice *ret, struct err *err)
{
    struct buf words = BUF_INIT(WORDS_MAX);

    for (uint32_t i = 0; i < f->field_count; i++) {
        const char *sep = words.len ? " " : "";

        if (s[i].severity > 0)
            buf_printf(&words, "%s" SLICE_FMT "=%u", sep, SLICE_ARG(f->fields[i].id),
                       s[i].severity);
        else if (s[i].open)
            buf_printf(&words, "%s" SLICE_FMT "=open", sep, SLICE_ARG(f->fields[i].id));
        else if (!s[i].answered && !nothing)
            buf_printf(&words, "%s" SLICE_FMT "=-", sep, SLICE_ARG(f->fields[i].id));
    }
    *ret = arena_dup(arena, buf_slice(&words));
    if (words.err < 0 || ret->p == NULL) {
        buf_done(&words);
        return err_fail(err, CE_TOO_BIG, ERR_FORM_FORMS_NAMES_TOO_LONG);
    }
    buf_done(&words);
    return 0;
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
    int r;

    if (s == NULL || h.v == NULL)
        return err_nomem(err);
    look_at_answers(f, a, s);
    look_at_findings(f, findings, count, s);
    r = write_words(f, a->nothing, s, arena, &ret->words, err);
    for (uint32_t i = 0; i < f->event_count && !a->nothing; i++) {
        if (f->events[i].at > 0)
            add_timed(f, a, &f->events[i], &h);
        else
            add_untimed(f, a, &f->events[i], &h);
    }
    ret->events = h.v;
    ret->event_count = h.count;
    return r;
}

bool judged_next(struct slice *rest, struct slice *ret_field, enum judged *ret,
                 unsigned *ret_severity)
{
    struct slice word, how;
    size_t at;

    while (slice_cut(rest, ' ', &word)) {
        at = slice_find_byte(word, '=');
        if (at == SIZE_MAX)
            continue;
        *ret_field = slice_head(word, at);
        how = slice_from(word, at + 1);
        if (how.n == 1 && how.p[0] >= '1' && how.p[0] <= '4') {
            *ret = JUDGED_OVER;
            *ret_severity = (unsigned)(how.p[0] - '0');
            return true;
        }
        *ret = slice_is(how, "open") ? JUDGED_OPEN : JUDGED_BLANK;
        if (*ret == JUDGED_OPEN || slice_is(how, "-"))
            return true;
    }
    return false;
}
