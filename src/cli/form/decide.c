/* SPDX-License-Identifier: Apache-2.0 */
/* canh form approve, return: what a superior unit says of what was sent. */
#include "record/decide.h"
#include "base/width.h"
#include "cli/form/form.h"
#include "lang/msg_cli.h"
#include "lang/msg_hand.h"
#include "lang/msg_register.h"
#include "state/marking.h"
#include "view/json.h"

struct decide_options {
    struct form_about about;
    const char *why; /* it is returned */
    bool json;
};

static void describe_refusal(struct app *app, const char *id, enum record_decided d)
{
    static const msg_id texts[RECORD_DECIDED_MAX] = {
        [DECIDE_APPROVED] = MSG_HAND_IS_APPROVED, [DECIDE_SUPERSEDED] = MSG_HAND_SUPERSEDED,
        [DECIDE_OWN_UNIT] = MSG_HAND_OWN_UNIT,    [DECIDE_OWN_HAND] = MSG_HAND_OWN_HAND,
        [DECIDE_NO_ROLE] = MSG_HAND_NO_ROLE,      [DECIDE_NOT_THEIRS] = MSG_HAND_NOT_THEIRS,
        [DECIDE_NOT_SENT] = MSG_HAND_NOT_SENT,
    };

    buf_printf(app_line(app), "%s: %s", id, lang_text(app->lang, texts[d]));
    app_print_line(app);
}

static bool may_not(enum record_decided d)
{
    return d == DECIDE_OWN_UNIT || d == DECIDE_OWN_HAND || d == DECIDE_NO_ROLE ||
           d == DECIDE_NOT_THEIRS;
}

static void decide_show(struct form_job *f, bool json, const struct record_decision *d)
{
    struct app *app = f->l.app;
    struct buf *out = &app->out.buf;
    struct record_form form;
    struct record_period p;
    struct state_unit unit;

    if (form_of_submission(f, &d->submission, &form) != 0)
        return;
    if (state_unit_get(f->l.s, &f->l.actor, d->submission.unit, &f->l.arena, &unit, NULL) < 0)
        unit.code = SLICE("?");
    p = form_period_of(form.form, &d->submission);
    if (json) {
        const struct view_sent_form v = {.form = form.form,
                                         .unit = unit.code,
                                         .period = p,
                                         .submission = &d->submission};

        view_json_form_decided(out, &v, d);
        return;
    }
    text_write_safe(out, title_in(&form.form->title, app->lang));
    buf_printf(out, ", " SLICE_FMT ", ", SLICE_ARG(unit.code));
    form_write_period(out, app->lang, form.form->every, &p);
    buf_printf(out, ": %s", lang_text(app->lang, view_submission_word(&d->submission)->text));
    if (d->outcome == DECIDED_ALREADY) {
        buf_puts(out, " (");
        session_write_time(out, d->submission.approved_at);
        buf_putc(out, ')');
    }
    buf_putc(out, '\n');
    if (d->reopened)
        lang_write(out, app->lang, MSG_HAND_REOPENED, d->reopened);
    if (d->submission.one_hand)
        app_print(app, MSG_HAND_ONE_HAND);
}

/* What was sent, by the ids that were typed. */
static int find_all(struct form_job *f, const struct decide_options *o, bool approve,
                    const struct operands *operands, struct record_decide *ret)
{
    int status = 0;

    for (uint32_t i = 0; i < operands->count; i++) {
        struct state_submission x = {.version = 0};
        int one = form_submission(f, operands->items[i], &x);

        ret[i] = (struct record_decide){.submission = x.id,
                                        .unit = f->unit.id,
                                        .person = f->person,
                                        .approve = approve,
                                        .why = approve ? SLICE_NULL : slice_str(o->why),
                                        .at = f->at};
        status = status ? status : one;
    }
    return status;
}

static int describe_refusals(struct form_job *f, const struct operands *operands,
                             const struct record_decision *done)
{
    int status = 0;

    for (uint32_t i = 0; i < operands->count; i++) {
        if (done[i].outcome <= DECIDED_ALREADY)
            continue;
        describe_refusal(f->l.app, operands->items[i], done[i].outcome);
        if (status == 0)
            status = may_not(done[i].outcome) ? EX_NOPERM : EX_DATAERR;
    }
    return status;
}

static int form_decide(struct form_job *f, const struct decide_options *o, bool approve,
                       const struct operands *operands)
{
    struct session *l = &f->l;
    struct record_decision *done =
        arena_new_array(&l->arena, operands->count, struct record_decision);
    struct record_decide *d = arena_new_array(&l->arena, operands->count, struct record_decide);
    struct err err = ERR_INIT;
    bool refused = false;
    int status;

    if (done == NULL || d == NULL) {
        app_print(l->app, MSG_CLI_NO_MEMORY);
        return EX_OSERR;
    }
    status = find_all(f, o, approve, operands, d);
    if (status == 0 && record_decide_all(&f->rec, d, operands->count, done, &refused, &err) < 0)
        status = session_fail(l, &err);
    if (status == 0 && refused)
        status = describe_refusals(f, operands, done);
    if (status != 0 && operands->count > 1)
        app_print(l->app, MSG_HAND_NONE_DECIDED);
    for (uint32_t i = 0; status == 0 && i < operands->count; i++)
        decide_show(f, o->json, &done[i]);
    return status;
}

static int run(struct app *app, const struct decide_options *o, bool approve,
               const struct operands *operands)
{
    struct err err = ERR_INIT;
    struct form_job f;
    int status;

    if (o->about.unit == NULL || o->about.person == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, o->about.unit ? "person" : "unit");
    status = form_begin(app, &o->about, STATE_WRITE, NULL, &f);
    if (status != 0)
        return status;
    return form_end(&f, form_decide(&f, o, approve, operands), &err);
}

static int run_approve(struct app *app, const void *values, const struct operands *operands)
{
    return run(app, values, true, operands);
}

static int run_return(struct app *app, const void *values, const struct operands *operands)
{
    const struct decide_options *o = values;

    if (o->why == NULL || slice_trim(slice_str(o->why)).n == 0)
        return app_usage(app, MSG_CLI_NO_OPTION, "why");
    if (marking_find(slice_str(o->why)) != MARKING_NONE) {
        app_print(app, MSG_REGISTER_TEXT_MARKED, "why");
        return EX_NOPERM;
    }
    return run(app, o, false, operands);
}

#define DECIDE_COMMON                                                                              \
    FORM_STATE(struct decide_options),                                                             \
        FORM_OPTION(struct decide_options, "unit", 'u', about.unit, "CODE", MSG_HAND_OPT_DECIDES), \
        FORM_OPTION(struct decide_options, "person", 0, about.person, "CODE",                      \
                    MSG_HAND_OPT_DECIDER)

static const struct option_spec approve_specs[] = {
    DECIDE_COMMON,
    FORM_AT(struct decide_options),
    FORM_JSON(struct decide_options),
};
static const struct option_spec return_specs[] = {
    DECIDE_COMMON,
    FORM_OPTION(struct decide_options, "why", 'w', why, "TEXT", MSG_HAND_OPT_WHY),
    FORM_AT(struct decide_options),
    FORM_JSON(struct decide_options),
};

const struct verb verb_form_approve = {
    FORM_VERB("approve", MSG_HAND_APPROVE, approve_specs, struct decide_options, run_approve),
    .about = MSG_HAND_APPROVE_ABOUT,
    .operands = "ID…",
    .min_operands = 1,
    .max_operands = OPERANDS_ANY,
};
const struct verb verb_form_return = {
    FORM_VERB("return", MSG_HAND_RETURN, return_specs, struct decide_options, run_return),
    .about = MSG_HAND_RETURN_ABOUT,
    .operands = "ID…",
    .min_operands = 1,
    .max_operands = OPERANDS_ANY,
};
