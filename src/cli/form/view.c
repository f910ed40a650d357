/* SPDX-License-Identifier: Apache-2.0 */
/* canh form view: what a unit sent, by its id; what is decided about it. */
#include "base/width.h"
#include "cli/form/form.h"
#include "lang/msg_hand.h"
#include "lang/msg_register.h"
#include "view/json.h"

struct wanted {
    struct slice prefix;
    struct state_id found;
    unsigned count;
};

static int compare_id(void *u, const struct state_submission *x)
{
    struct wanted *w = u;

    if (id_begins(x->id, w->prefix) && w->count++ == 0)
        w->found = x->id;
    return 0;
}

int form_submission(struct form_job *f, const char *id, struct state_submission *ret)
{
    struct wanted w = {.prefix = slice_str(id)};
    struct state_query q = {.limit = 0};
    struct session *l = &f->l;
    struct err err = ERR_INIT;

    if (w.prefix.n < LISTING_ID_MIN || w.prefix.n > STATE_ID_TEXT)
        return app_usage(l->app, MSG_REGISTER_BAD_ID, id);
    if (state_submission_each(l->s, &l->actor, &q, compare_id, &w, &err) < 0)
        return session_fail(l, &err);
    if (w.count != 1) {
        app_print(l->app, MSG_HAND_NO_SUBMISSION, id);
        return EX_NOINPUT;
    }
    return state_submission_get(l->s, &l->actor, w.found, &l->arena, ret, &err) < 0
               ? session_fail(l, &err)
               : 0;
}

int form_of_submission(struct form_job *f, const struct state_submission *x,
                       struct record_form *ret)
{
    struct session *l = &f->l;
    struct state_form row;
    struct err err = ERR_INIT;

    if (state_form_get(l->s, &l->actor, x->form, &l->arena, &row, &err) < 0)
        return session_fail(l, &err);
    *ret = (struct record_form){.yaml = row.yaml, .id = row.id};
    return form_parse(&l->arena, row.yaml, &ret->form, &err) < 0 ? session_fail(l, &err) : 0;
}

struct record_period form_period_of(const struct form *form, const struct state_submission *x)
{
    return record_period_at(form->every, form->every == EVERY_ONCE ? x->sent_at : x->start,
                            ZONE_OWN);
}

struct form_view_ctx {
    struct form_job *f;
    struct state_submission x;
    struct record_form form;
    struct record_period period;
    struct answers a;
    struct form_problem *problems;
    uint32_t problem_count;
    struct state_unit unit;
    struct slice person, decider;
};

static void view_json(const struct form_view_ctx *v)
{
    const struct view_sent_form sent = {.form = v->form.form,
                                        .unit = v->unit.code,
                                        .period = v->period,
                                        .submission = &v->x,
                                        .answers = &v->a,
                                        .problems = v->problems,
                                        .problem_count = v->problem_count,
                                        .person = v->person,
                                        .decider = v->decider,
                                        .lang = v->f->l.app->lang};

    view_json_form_sent(&v->f->l.app->out.buf, &sent);
}

/* Who, and when: “Nguyễn Văn A, 07:30 05/10/2026”. */
static void write_by(struct app *app, msg_id title, struct slice who, int64_t at)
{
    struct buf text = BUF_INIT(4000);

    if (at == 0)
        return;
    if (who.n)
        buf_printf(&text, SLICE_FMT ", ", SLICE_ARG(who));
    session_write_time(&text, at);
    listing_line(app, title, buf_slice(&text));
    buf_done(&text);
}

static void write_head(const struct form_view_ctx *v)
{
    struct app *app = v->f->l.app;
    struct buf text = BUF_INIT(4000);

    buf_printf(&text, SLICE_FMT ", " SLICE_FMT ", ",
               SLICE_ARG(title_in(&v->form.form->title, app->lang)), SLICE_ARG(v->unit.code));
    form_write_period(&text, app->lang, v->form.form->every, &v->period);
    text_write_safe(&app->out.buf, buf_slice(&text));
    buf_putc(&app->out.buf, '\n');
    buf_clear(&text);
    id_write(&text, v->x.id);
    listing_line(app, MSG_HAND_COL_ID, buf_slice(&text));
    listing_line(app, MSG_HAND_COL_STATE,
                 slice_str(lang_text(app->lang, view_submission_word(&v->x)->text)));
    write_by(app, MSG_HAND_COL_SENT, v->person, v->x.sent_at);
    write_by(app,
             v->x.state == STATE_SUBMISSION_RETURNED ? MSG_HAND_RETURNED_BY : MSG_HAND_APPROVED_BY,
             v->decider, v->x.approved_at);
    listing_line(app, MSG_HAND_COL_WHY, v->x.note);
    buf_done(&text);
}

/* Group by group, what is answered. */
static void write_answers(const struct form_view_ctx *v)
{
    const struct form *form = v->form.form;
    struct app *app = v->f->l.app;
    struct buf *out = &app->out.buf, text = BUF_INIT(16000);
    uint32_t group = UINT32_MAX;

    for (uint32_t i = 0; i < form->field_count; i++) {
        for (uint32_t k = 0; k < v->a.count; k++) {
            const struct answer *a = &v->a.v[k];

            if (a->field != i || a->kind == ANSWER_BLANK)
                continue;
            if (form->fields[i].group != group) {
                group = form->fields[i].group;
                buf_putc(out, '\n');
                text_write_safe(out, title_in(&form->groups[group].title, app->lang));
                buf_putc(out, '\n');
            }
            buf_clear(&text);
            if (a->row)
                buf_printf(&text, "%u. ", a->row);
            buf_printf(&text, SLICE_FMT ": ",
                       SLICE_ARG(title_in(&form->fields[i].title, app->lang)));
            answer_write(&text, form, a, app->lang);
            text_write_safe(out, buf_slice(&text));
            buf_putc(out, '\n');
        }
    }
    buf_done(&text);
}

static struct slice person_name(struct form_job *f, struct state_id id)
{
    struct state_person p;

    return !id_is_none(id) && state_person_get(f->l.s, &f->l.actor, id, &f->l.arena, &p, NULL) == 0
               ? p.name
               : SLICE("");
}

static int view_examine(struct form_view_ctx *v, const char *id)
{
    struct form_job *f = v->f;
    struct err err = ERR_INIT;
    int status = form_submission(f, id, &v->x), r;

    if (status == 0)
        status = form_of_submission(f, &v->x, &v->form);
    if (status != 0)
        return status;
    v->period = form_period_of(v->form.form, &v->x);
    r = state_unit_get(f->l.s, &f->l.actor, v->x.unit, &f->l.arena, &v->unit, &err);
    if (r == 0)
        r = record_form_answers(&f->rec, v->form.form, &v->x, &v->a, &err);
    if (r == 0)
        r = form_check(v->form.form, &v->a, &f->l.arena, &v->problems, &v->problem_count, &err);
    if (r == 0)
        r = form_problems_word(v->form.form, v->problems, v->problem_count, f->l.app->lang,
                               &f->l.arena, &err);
    v->person = person_name(f, v->x.person);
    v->decider = person_name(f, v->x.approved_by);
    return r < 0 ? session_fail(&f->l, &err) : 0;
}

struct view_options {
    struct form_about about;
    bool json;
};

static int run_view(struct app *app, const void *values, const struct operands *operands)
{
    const struct view_options *o = values;
    struct err err = ERR_INIT;
    struct form_job f;
    struct form_view_ctx v = {.f = &f};
    int status = form_begin(app, &o->about, STATE_READ, NULL, &f);

    if (status != 0)
        return status;
    status = view_examine(&v, operands->items[0]);
    if (status == 0 && o->json) {
        view_json(&v);
    } else if (status == 0) {
        write_head(&v);
        write_answers(&v);
        form_write_findings(app, v.problems, v.problem_count);
    }
    return form_end(&f, status, &err);
}

static const struct option_spec specs[] = {
    FORM_STATE(struct view_options),
    FORM_JSON(struct view_options),
};

const struct verb verb_form_view = {
    FORM_VERB("view", MSG_HAND_VIEW, specs, struct view_options, run_view),
    .operands = "ID",
    .min_operands = 1,
    .max_operands = 1,
};
