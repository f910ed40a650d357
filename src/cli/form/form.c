/* SPDX-License-Identifier: Apache-2.0 */
/* canh form: what people report, by form and period. What the subverbs share. */
#include "cli/form/form.h"
#include "base/time.h"
#include "base/width.h"
#include "lang/msg_cli.h"
#include "lang/msg_hand.h"
#include "lang/near.h"
#include "lang/value.h"
#include "record/fill.h"
#include "record/known.h"

int form_choose(struct form_job *f, struct slice name, struct record_form *ret)
{
    struct app *app = f->l.app;
    struct record_form *forms;
    struct err err = ERR_INIT;
    struct slice names[1000];
    size_t n, near;
    int r = record_form_find(&f->rec, name, ret, &err);

    if (r != -CE_NOT_FOUND)
        return r < 0 ? session_fail(&f->l, &err) : 0;
    if (record_form_list(&f->rec, &forms, &n, &err) < 0)
        return session_fail(&f->l, &err);
    n = CANH_MIN(n, CANH_LEN(names));
    for (size_t i = 0; i < n; i++)
        names[i] = forms[i].form->id;
    near = near_find(name, names, n, sizeof(names[0]));
    if (near == SIZE_MAX)
        app_print(app, MSG_HAND_NO_FORM, SLICE_ARG(slice_head(name, 64)));
    else
        app_print(app, MSG_HAND_NO_FORM_NEAR, SLICE_ARG(slice_head(name, 64)),
                  SLICE_ARG(names[near]));
    return EX_NOINPUT;
}

static int open_all(struct app *app, const struct form_about *about, const char *name,
                    struct form_job *f)
{
    const char *unit = about->unit;
    int status = name ? session_own_unit(app, &f->l.arena, &unit) : 0;

    if (status == 0 && unit)
        status = session_unit(&f->l, unit, &f->unit);
    f->rec = (struct record){.s = f->l.s,
                             .actor = f->l.actor,
                             .arena = &f->l.arena,
                             .zone = ZONE_OWN,
                             .lang = app->lang};
    f->at = state_now(f->l.s);
    if (status == 0 && about->person && unit == NULL)
        status = app_usage(app, MSG_CLI_NO_OPTION, "unit");
    if (status == 0)
        status = session_person(&f->l, f->unit.id, about->person, &f->person);
    if (status == 0)
        status = session_time(app, "at", about->at, false, &f->at);
    if (status == 0 && name)
        status = form_choose(f, slice_str(name), &f->form);
    return status;
}

int form_begin(struct app *app, const struct form_about *about, enum state_mode mode,
               const char *name, struct form_job *ret)
{
    int status;

    *ret = (struct form_job){.about = about};
    status = session_open(app, about->state, mode, &ret->l);
    if (status != 0)
        return status;
    status = open_all(app, about, name, ret);
    if (status != 0)
        session_close(&ret->l);
    return status;
}

int form_end(struct form_job *f, int r, const struct err *err)
{
    int status = r < 0 ? session_fail(&f->l, err) : r;

    session_close(&f->l);
    return status;
}

int form_period(struct form_job *f, const struct record_form *form, const struct answers *a,
                struct record_period *ret)
{
    enum form_every every = form->form->every;
    int64_t at = f->at, when = a ? record_form_onset(form->form, a, ZONE_OWN) : INT64_MIN;
    int status = 0;

    if (every == EVERY_EVENT && when != INT64_MIN)
        at = when;
    else if (f->about->day)
        status = session_time(f->l.app, "day", f->about->day, false, &at);
    else if (a && a->day != INT64_MIN)
        at = a->day * TIME_DAY - ZONE_OWN * TIME_SECOND;
    else if (every == EVERY_EVENT)
        return app_usage(f->l.app, MSG_HAND_NO_MOMENT);
    if (status == 0)
        *ret = record_period_at(every, at, ZONE_OWN);
    return status;
}

int form_known(struct form_job *f, const struct record_form *form, struct state_id unit,
               const struct record_period *p, const struct answers **ret_now,
               struct state_submission *ret_standing, const struct answers **ret_before)
{
    struct record_known known = {.now = NULL};
    struct err err = ERR_INIT;

    if (record_known_read(&f->rec, form->form, unit, p, &known, &err) < 0)
        return session_fail(&f->l, &err);
    *ret_now = known.now;
    *ret_standing = known.standing;
    *ret_before = known.before;
    return 0;
}

void form_write_period(struct buf *out, enum lang lang, enum form_every every,
                       const struct record_period *p)
{
    struct view_ctx ctx = {.lang = lang, .zone = ZONE_OWN};

    view_write_period(&ctx, out, every, p);
}

struct view_ctx form_ctx(struct form_job *f)
{
    return listing_ctx(&f->l, f->at);
}

void form_describe_problems(struct app *app, const char *path, const struct answers *a,
                            const struct form_problem *problems, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct form_problem *p = &problems[i];
        struct buf *line = app_line(app);
        size_t before;

        if (p->finding)
            continue;
        if (path)
            buf_printf(line, "%s: ", path);
        before = line->len;
        if (a)
            answers_place(line, a, p->field, p->row, app->lang);
        if (line->len == before && p->row)
            lang_write(line, app->lang, MSG_HAND_IN_ROW, p->row);
        buf_puts(line, line->len > before ? ": " : "");
        buf_append_slice(line, p->message);
        app_print_line(app);
    }
}

void form_write_findings(struct app *app, const struct form_problem *problems, uint32_t count)
{
    struct buf *out = &app->out.buf;

    for (uint32_t i = 0; i < count; i++) {
        if (!problems[i].finding)
            continue;
        buf_puts(out, "  ! ");
        text_write_safe(out, problems[i].message);
        buf_putc(out, '\n');
    }
}

void form_describe_outcome(struct app *app, const char *path, const struct record_sent *s)
{
    struct buf *line = app_line(app);

    if (s->outcome != RECORD_CONFLICT && s->outcome != RECORD_APPROVED &&
        s->outcome != RECORD_RETURNED)
        return;
    if (path)
        buf_printf(line, "%s: ", path);
    if (s->outcome == RECORD_CONFLICT)
        buf_puts(line, lang_text(app->lang, path ? MSG_HAND_CONFLICT_FILE : MSG_HAND_OVERTAKEN));
    else if (s->outcome == RECORD_APPROVED)
        buf_puts(line, lang_text(app->lang, MSG_HAND_STANDS_APPROVED));
    else
        lang_write(line, app->lang, MSG_HAND_STILL_RETURNED, SLICE_ARG(s->standing.note));
    app_print_line(app);
}

static const char *outcome_text(enum lang lang, enum record_outcome o, bool preview)
{
    static const msg_id done[] = {
        [RECORD_SENT] = MSG_HAND_SENT,
        [RECORD_REVISED] = MSG_HAND_REVISED,
        [RECORD_UNCHANGED] = MSG_HAND_UNCHANGED,
        [RECORD_REFUSED] = MSG_HAND_REFUSED,
        [RECORD_CONFLICT] = MSG_HAND_CONFLICT,
        [RECORD_APPROVED] = MSG_HAND_STATE_APPROVED,
        [RECORD_RETURNED] = MSG_HAND_STATE_RETURNED,
    };
    static const msg_id to_do[] = {
        [RECORD_SENT] = MSG_HAND_WOULD_SEND,         [RECORD_REVISED] = MSG_HAND_WOULD_REVISE,
        [RECORD_UNCHANGED] = MSG_HAND_UNCHANGED,     [RECORD_REFUSED] = MSG_HAND_REFUSED,
        [RECORD_CONFLICT] = MSG_HAND_CONFLICT,       [RECORD_APPROVED] = MSG_HAND_STATE_APPROVED,
        [RECORD_RETURNED] = MSG_HAND_STATE_RETURNED,
    };

    return lang_text(lang, preview ? to_do[o] : done[o]);
}

void form_write_outcome(struct form_job *f, const struct record_entry *e,
                        const struct record_sent *s, bool preview)
{
    struct app *app = f->l.app;
    struct buf *out = &app->out.buf;
    const struct form *form = e->form->form;
    struct state_unit unit;

    if (state_unit_get(f->l.s, &f->l.actor, e->unit, &f->l.arena, &unit, &ERR_INIT) < 0)
        unit.code = SLICE("?");
    text_write_safe(out, title_in(&form->title, app->lang));
    buf_printf(out, ", " SLICE_FMT ", ", SLICE_ARG(unit.code));
    form_write_period(out, app->lang, form->every, &e->period);
    buf_printf(out, ": %s", outcome_text(app->lang, s->outcome, preview));
    if (s->standing.version && s->outcome != RECORD_SENT && s->outcome != RECORD_RETURNED) {
        buf_puts(out, " (");
        session_write_time(out, s->standing.sent_at);
        buf_putc(out, ')');
    }
    buf_putc(out, '\n');
    form_write_findings(app, s->problems, s->problem_count);
    if (s->opened + s->closed > 0 && !preview)
        lang_write(out, app->lang, MSG_HAND_FINDINGS, s->opened, s->closed);
}

static const struct verb *const subs[] = {&verb_form_list,
                                          &verb_form_show,
                                          &verb_form_template,
                                          &verb_form_fill,
                                          &verb_form_import,
                                          &verb_form_status,
                                          &verb_form_view,
                                          &verb_form_approve,
                                          &verb_form_return,
                                          &verb_form_define,
                                          NULL};

const struct verb verb_form = {.name = "form",
                               .summary = MSG_HAND_SUMMARY,
                               .about = MSG_HAND_ABOUT,
                               .subs = subs};
