/* SPDX-License-Identifier: Apache-2.0 */
/* canh form list, show, define: the forms there are, their fields and limits, and own ones. */
#include "cli/form/form.h"
#include "lang/msg_cli.h"
#include "lang/msg_hand.h"

struct list_options {
    struct form_about about;
    struct listing_options listing;
};

struct define_options {
    struct form_about about;
};

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    const struct list_options *o = values;
    struct view_query q = {.open = false};
    struct err err = ERR_INIT;
    struct view_ctx ctx;
    struct form_job f;
    struct table t;
    int status = listing_check(app, &o->listing), r;

    (void)operands;
    if (status == 0)
        status = form_begin(app, &o->about, STATE_READ, NULL, &f);
    if (status != 0)
        return status;
    q.kind = o->about.unit ? f.unit.kind : SLICE("");
    ctx = form_ctx(&f);
    r = view_forms(&ctx, &q, &t, &err);
    status = listing_print(app, &t, &o->listing);
    table_done(&t);
    return form_end(&f, r < 0 ? r : status, &err);
}

static int run_show(struct app *app, const void *values, const struct operands *operands)
{
    const struct list_options *o = values;
    struct err err = ERR_INIT;
    struct view_ctx ctx;
    struct form_job f;
    struct table t;
    int status = listing_check(app, &o->listing), r;

    if (status == 0)
        status = form_begin(app, &o->about, STATE_READ, operands->items[0], &f);
    if (status != 0)
        return status;
    ctx = form_ctx(&f);
    r = view_form_fields(&ctx, f.form.form, &t, &err);
    status = listing_print(app, &t, &o->listing);
    table_done(&t);
    return form_end(&f, r < 0 ? r : status, &err);
}

static int run_define(struct app *app, const void *values, const struct operands *operands)
{
    const struct define_options *o = values;
    struct record_form form;
    struct err err = ERR_INIT;
    struct slice yaml;
    struct form_job f;
    int status, r;

    if (o->about.unit == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, "unit");
    status = form_begin(app, &o->about, STATE_WRITE, NULL, &f);
    if (status != 0)
        return status;
    status = session_read(app, &f.l.arena, operands->items[0], &yaml);
    if (status != 0)
        return form_end(&f, status, &err);
    r = record_form_define(&f.rec, f.unit.id, yaml, &form, &err);
    if (r == -CE_EXISTS) {
        app_print(app, MSG_HAND_EDITION_EXISTS, operands->items[0]);
        return form_end(&f, EX_DATAERR, &err);
    }
    if (r < 0)
        return form_end(&f, app_fail(app, operands->items[0], &err), &err);
    lang_write(&app->out.buf, app->lang, MSG_HAND_DEFINED, SLICE_ARG(form.form->id),
               form.form->edition, form.form->field_count, view_form_limits(form.form));
    return form_end(&f, 0, &err);
}

static const struct option_spec list_specs[] = {
    FORM_STATE(struct list_options),
    FORM_UNIT(struct list_options),
    LISTING_OPTIONS(struct list_options, listing),
};
static const struct option_spec show_specs[] = {
    FORM_STATE(struct list_options),
    LISTING_OPTIONS(struct list_options, listing),
};
static const struct option_spec define_specs[] = {
    FORM_STATE(struct define_options),
    FORM_OPTION(struct define_options, "unit", 'u', about.unit, "CODE", MSG_HAND_OPT_ISSUER),
};

const struct verb verb_form_list = {
    FORM_VERB("list", MSG_HAND_LIST, list_specs, struct list_options, run_list)};
const struct verb verb_form_show = {
    FORM_VERB("show", MSG_HAND_SHOW, show_specs, struct list_options, run_show),
    .operands = "FORM",
    .min_operands = 1,
    .max_operands = 1,
};
const struct verb verb_form_define = {
    FORM_VERB("define", MSG_HAND_DEFINE, define_specs, struct define_options, run_define),
    .about = MSG_HAND_DEFINE_ABOUT,
    .operands = "FILE",
    .min_operands = 1,
    .max_operands = 1,
    .complete = COMPLETE_FILE,
};
