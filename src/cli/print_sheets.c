/* SPDX-License-Identifier: Apache-2.0 */
/* canh print phieu-trang-thai: a form as it was sent, or blank; canh print cam-ket: what officials
 * sign. */
#include "base/time.h"
#include "cli/plan.h"
#include "cli/printing.h"
#include "lang/msg_papers.h"
#include "lang/msg_plan.h"
#include "record/forms.h"
#include "state/forms.h"

/* -- phiếu trạng thái ------------------------------------------------------------------------ */

struct form_options {
    struct sheet_options sheet;
    const char *form, *day;
    bool blank;
};

/* The daily form of a kind of unit. */
static const char *daily_form(struct slice kind)
{
    if (slice_is(kind, "telecom"))
        return "telecom-daily";
    return slice_is(kind, "postal") ? "postal-daily" : "agency-daily";
}

static struct record recording(struct sheet_work *s)
{
    return (struct record){.s = s->st.s,
                           .actor = s->st.actor,
                           .arena = &s->st.arena,
                           .zone = PAPERS_ZONE,
                           .lang = s->st.app->lang};
}

static int load_form(struct sheet_work *s, const char *name, struct record_form *ret)
{
    struct record c = recording(s);
    struct err err = ERR_INIT;
    int r = record_form_find(&c, slice_str(name), ret, &err);

    if (r == -CE_NOT_FOUND) {
        app_say(s->st.app, MSG_PAPERS_NO_FORM, name);
        return EX_NOINPUT;
    }
    return r < 0 ? app_fail(s->st.app, name, &err) : 0;
}

/* What was sent for the day, with what is missing or over its limit. */
static int load_answers(struct sheet_work *s, struct state_id form, int64_t day,
                        struct print_form *sheet, struct answers *answers)
{
    struct record c = recording(s);
    struct state_submission sub;
    struct state_person who;
    struct err err = ERR_INIT;
    struct form_problem *problems = NULL;
    int r = -CE_NOT_FOUND;

    if (!id_is_none(form))
        r = state_submission_last(s->st.s, &s->st.actor, form, s->unit.id, day, day + TIME_DAY,
                                  &s->st.arena, &sub, &err);
    if (r == -CE_NOT_FOUND) {
        app_say(s->st.app, MSG_PAPERS_NOT_SENT, s->o->unit);
        return EX_NOINPUT;
    }
    if (r == 0)
        r = record_form_answers(&c, sheet->form, &sub, answers, &err);
    if (r == 0)
        r = form_check(sheet->form, answers, s->st.app->lang, &s->st.arena, &problems,
                       &sheet->problem_count, &err);
    if (r < 0)
        return ledger_fail(&s->st, &err);
    sheet->answers = answers;
    sheet->problems = problems;
    sheet->entered = papers_minutes(sub.sent_at);
    sheet->backfilled = sub.backfilled;
    if (!id_is_none(sub.person) &&
        state_person_get(s->st.s, &s->st.actor, sub.person, &s->st.arena, &who, NULL) == 0)
        sheet->entered_by = who.name;
    return 0;
}

static int run_form(struct app *app, const void *values, const struct operands *operands)
{
    const struct form_options *o = values;
    struct print_form sheet = {.entered = PRINT_NEVER};
    struct answers answers;
    struct record_form form;
    struct sheet_work s;
    int64_t day;
    int status = sheet_begin(app, &o->sheet, &s);

    (void)operands;
    if (status != 0)
        return status;
    day = papers_day(state_now(s.st.s)) * TIME_DAY - PAPERS_ZONE * TIME_SECOND;
    status = ledger_time(app, "day", o->day, false, &day);
    if (status == 0)
        status = load_form(&s, o->form ? o->form : daily_form(s.unit.kind), &form);
    if (status == 0)
        sheet.form = form.form;
    if (status == 0 && !o->blank)
        status = load_answers(&s, form.id, day, &sheet, &answers);
    if (status == 0) {
        sheet.head = s.head;
        print_form(&s.paper, &sheet);
    }
    return sheet_end(&s, "phieu-trang-thai", status);
}

static const struct option_spec form_specs[] = {
    SHEET_OPTIONS(struct form_options, sheet.),
    OPTION_TEXT("form", 0, struct form_options, form, "NAME", COMPLETE_NONE, MSG_PAPERS_OPT_FORM),
    OPTION_TEXT("day", 0, struct form_options, day, "DATE", COMPLETE_NONE, MSG_PAPERS_OPT_DAY),
    OPTION_FLAG("blank", 0, struct form_options, blank, MSG_PAPERS_OPT_BLANK),
};

const struct verb verb_print_form = {
    .name = "phieu-trang-thai",
    .summary = MSG_PAPERS_FORM_SUMMARY,
    VERB_OPTIONS(form_specs),
    .options_size = sizeof(struct form_options),
    .run = run_form,
};

/* -- cam kết --------------------------------------------------------------------------------- */

struct commitment_options {
    struct sheet_options sheet;
    const char *plan;
    int64_t rows;
};

struct signers {
    struct sheet_work *s;
    struct print_signer *v;
    size_t n, max;
    int64_t now;
};

static int add_signer(void *u, const struct state_person *x)
{
    struct signers *l = u;

    if (x->valid_from > l->now || x->valid_to <= l->now || l->n == l->max)
        return 0;
    l->v[l->n++] = (struct print_signer){.name = arena_dup(&l->s->st.arena, x->name),
                                         .position = arena_dup(&l->s->st.arena, x->title),
                                         .signed_on = PRINT_NEVER};
    return 0;
}

/* The plan's title, or what the reader fills in when there is none. */
static struct slice plan_title(struct sheet_work *s, const char *plan)
{
    struct proof_world w;
    struct proof_options opt = {.plan = slice_str(plan)};
    struct slice title = SLICE("……");

    if (proof_open(&s->st.arena, s->st.s, &s->st.actor, &opt, &w, NULL) == 0) {
        title = title_in(&w.plan->title, LANG_VI);
        proof_close(&w);
    }
    return title;
}

static int run_commitment(struct app *app, const void *values, const struct operands *operands)
{
    enum { PEOPLE_MAX = 5000 };
    const struct commitment_options *o = values;
    struct print_commitment sheet = {.empty_rows = (unsigned)o->rows};
    struct wording *w = NULL;
    struct signers l = {.max = PEOPLE_MAX};
    struct state_query q;
    struct err err = ERR_INIT;
    struct sheet_work s;
    int status = sheet_begin(app, &o->sheet, &s);

    (void)operands;
    if (status != 0)
        return status;
    l.s = &s;
    l.now = state_now(s.st.s);
    l.v = arena_new_array(&s.st.arena, PEOPLE_MAX, struct print_signer);
    q = (struct state_query){.unit = s.unit.id};
    status = papers_wording(app, &s.st.arena, "cam-ket", &w);
    if (status == 0 &&
        (l.v == NULL || state_person_each(s.st.s, &s.st.actor, &q, add_signer, &l, &err) < 0))
        status = ledger_fail(&s.st, &err);
    if (status == 0) {
        struct slice texts[] = {s.unit.name, plan_title(&s, o->plan)};
        const struct template_value v[] = {{"unit", &texts[0], 1}, {"plan", &texts[1], 1}};

        sheet.head = s.head;
        sheet.title = w->title;
        sheet.text = wording_paragraphs(&s.paper, w, v, CANH_LEN(v), &sheet.text_count);
        sheet.people = l.v;
        sheet.count = l.n;
        print_commitment(&s.paper, &sheet);
    }
    return sheet_end(&s, "cam-ket", status);
}

static const struct option_spec commitment_specs[] = {
    SHEET_OPTIONS(struct commitment_options, sheet.),
    OPTION_TEXT("plan", 'p', struct commitment_options, plan, "NAME", COMPLETE_NONE,
                MSG_PLAN_OPT_PLAN),
    OPTION_NUMBER("rows", 0, struct commitment_options, rows, "N", 0, 200, MSG_PAPERS_OPT_ROWS),
};

static const struct commitment_options commitment_defaults = {.rows = 5};

const struct verb verb_print_commitment = {
    .name = "cam-ket",
    .summary = MSG_PAPERS_COMMITMENT_SUMMARY,
    VERB_OPTIONS(commitment_specs),
    VERB_DEFAULTS(struct commitment_options, &commitment_defaults),
    .run = run_commitment,
};
