/* SPDX-License-Identifier: Apache-2.0 */
/* canh form status: who has sent which form for which period; and the findings still open. */
#include "cli/form/form.h"
#include "lang/msg_hand.h"

struct status_options {
    struct form_about about;
    const char *form;
    int64_t back;
    int only; /* enum view_submission */
    bool findings;
    struct listing_options listing;
};

/* The values of enum view_submission, in its order. */
static const char *const only_words[] = {"any", "missing", "sent", "approved", "returned", NULL};

static int show_findings(struct form_job *f, struct table *t, uint32_t *ret_count, struct err *err)
{
    struct view_query q = {.unit = f->unit.id, .below = !id_is_none(f->unit.id)};
    struct view_ctx ctx = form_ctx(f);
    int r = view_findings(&ctx, &q, t, err);

    *ret_count = (uint32_t)t->rows;
    return r;
}

static int show_submissions(struct form_job *f, const struct status_options *o, int64_t day,
                            struct table *t, uint32_t *ret_missing, struct err *err)
{
    struct view_submissions_query q = {.unit = f->unit.id,
                                       .form = slice_str(o->form ? o->form : ""),
                                       .day = day,
                                       .back = (unsigned)o->back,
                                       .only = (enum view_submission)o->only};
    struct view_ctx ctx = form_ctx(f);

    return view_submissions(&ctx, &q, t, ret_missing, err);
}

static int run_status(struct app *app, const void *values, const struct operands *operands)
{
    const struct status_options *o = values;
    struct err err = ERR_INIT;
    uint32_t found = 0;
    struct form_job f;
    struct table t;
    int64_t day;
    int status = listing_check(app, &o->listing), r;

    (void)operands;
    if (status == 0)
        status = form_begin(app, &o->about, STATE_READ, NULL, &f);
    if (status != 0)
        return status;
    day = f.at;
    status = session_listed(&f.l, o->about.unit, &f.unit);
    if (status == 0)
        status = session_time(app, "day", o->about.day, false, &day);
    if (status != 0)
        return form_end(&f, status, &err);
    r = o->findings ? show_findings(&f, &t, &found, &err)
                    : show_submissions(&f, o, day, &t, &found, &err);
    status = listing_print(app, &t, &o->listing);
    table_done(&t);
    return form_end(&f, r < 0 ? r : status ? status : found ? EXIT_FOUND : 0, &err);
}

static const struct status_options one_period = {.back = 1};

static const struct option_spec specs[] = {
    FORM_STATE(struct status_options),
    FORM_OPTION(struct status_options, "form", 'f', form, "FORM", MSG_HAND_OPT_ONLY_FORM),
    FORM_OPTION(struct status_options, "unit", 'u', about.unit, "CODE", MSG_HAND_OPT_BELOW),
    FORM_DAY(struct status_options),
    OPTION_NUMBER("back", 'n', struct status_options, back, "N", 1, VIEW_PERIODS_BACK,
                  MSG_HAND_OPT_BACK),
    OPTION_CHOICE("only", 0, struct status_options, only, only_words, MSG_HAND_OPT_ONLY),
    OPTION_FLAG("findings", 0, struct status_options, findings, MSG_HAND_OPT_FINDINGS),
    FORM_AT(struct status_options),
    LISTING_OPTIONS(struct status_options, listing),
};

const struct verb verb_form_status = {
    .name = "status",
    .summary = MSG_HAND_STATUS,
    VERB_OPTIONS(specs),
    VERB_DEFAULTS(struct status_options, &one_period),
    .run = run_status,
};
