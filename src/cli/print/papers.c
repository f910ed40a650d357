/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canh print: papers that hang on walls and get signed, as PDF or ODT. A paper is a verb of its own
 * here and a row of `subs`; those of duty stand in duty.c.
 */
#include "base/time.h"
#include "cli/print/print.h"
#include "lang/msg_papers.h"
#include "lang/msg_plan.h"

struct form_options {
    struct paper_options sheet;
    const char *form, *day;
    bool blank;
};

static int run_form(struct app *app, const void *values, const struct operands *operands)
{
    const struct form_options *o = values;
    struct papers_form request = {.form = slice_str(o->form), .blank = o->blank};
    struct err err = ERR_INIT;
    struct paper_work s;
    int status = paper_begin(app, &o->sheet, &s), r;

    (void)operands;
    if (status != 0)
        return status;
    request.day = papers_day(state_now(s.st.s)) * TIME_DAY - ZONE_OWN * TIME_SECOND;
    status = session_time(app, "day", o->day, false, &request.day);
    r = status == 0 ? papers_form(&s.p, &request, &err) : 0;
    if (r == -CE_MISSING) {
        app_print(app, MSG_PAPERS_NOT_SENT, o->sheet.unit);
        status = EX_NOINPUT;
    } else if (r < 0) {
        status = paper_fail(&s, r, &err);
    }
    return paper_end(&s, "phieu-trang-thai", status);
}

static const struct option_spec form_specs[] = {
    PAPER_OPTIONS(struct form_options, sheet.),
    OPTION_TEXT("form", 0, struct form_options, form, "NAME", COMPLETE_NONE, MSG_PAPERS_OPT_FORM),
    OPTION_TEXT("day", 0, struct form_options, day, "DATE", COMPLETE_NONE, MSG_PAPERS_OPT_DAY),
    OPTION_FLAG("blank", 0, struct form_options, blank, MSG_PAPERS_OPT_BLANK),
};

static const struct verb verb_print_form = {
    .name = "phieu-trang-thai",
    .summary = MSG_PAPERS_FORM_SUMMARY,
    VERB_OPTIONS(form_specs),
    .options_size = sizeof(struct form_options),
    .run = run_form,
};

struct commitment_options {
    struct paper_options sheet;
    const char *plan;
    int64_t rows;
};

static int run_commitment(struct app *app, const void *values, const struct operands *operands)
{
    const struct commitment_options *o = values;
    struct err err = ERR_INIT;
    struct paper_work s;
    int status = paper_begin(app, &o->sheet, &s), r;

    (void)operands;
    if (status != 0)
        return status;
    r = papers_commitment(&s.p, slice_str(o->plan), (unsigned)o->rows, &err);
    return paper_end(&s, "cam-ket", r < 0 ? paper_fail(&s, r, &err) : 0);
}

static const struct option_spec commitment_specs[] = {
    PAPER_OPTIONS(struct commitment_options, sheet.),
    OPTION_TEXT("plan", 'p', struct commitment_options, plan, "NAME", COMPLETE_NONE,
                MSG_PLAN_OPT_PLAN),
    OPTION_NUMBER("rows", 0, struct commitment_options, rows, "N", 0, 200, MSG_PAPERS_OPT_ROWS),
};

static const struct commitment_options commitment_defaults = {.rows = 5};

static const struct verb verb_print_commitment = {
    .name = "cam-ket",
    .summary = MSG_PAPERS_COMMITMENT_SUMMARY,
    VERB_OPTIONS(commitment_specs),
    VERB_DEFAULTS(struct commitment_options, &commitment_defaults),
    .run = run_commitment,
};

static const struct verb *const subs[] = {
    &verb_print_roster, &verb_print_log,  &verb_print_handover,   &verb_print_directory,
    &verb_print_calls,  &verb_print_form, &verb_print_commitment, NULL,
};

const struct verb verb_print = {
    .name = "print",
    .summary = MSG_PAPERS_PRINT_SUMMARY,
    .about = MSG_PAPERS_PRINT_ABOUT,
    .subs = subs,
};
