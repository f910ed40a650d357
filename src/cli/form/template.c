/* SPDX-License-Identifier: Apache-2.0 */
/* canh form template: a workbook to fill in, with the last values offered. */
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "cli/form/form.h"
#include "lang/msg_cli.h"
#include "lang/msg_hand.h"
#include "report/formsheet.h"

enum { SHEET_MAX = 32 << 20 };

struct template_options {
    struct form_about about;
    const char *out;
};

static int template_make(struct form_job *f, struct buf *out)
{
    struct formsheet_options o = {.unit = f->unit.code,
                                  .day = INT64_MIN,
                                  .lang = f->l.app->lang,
                                  .created = f->at / TIME_SECOND};
    struct state_submission standing = {.version = 0};
    struct buf sheet = BUF_INIT(64), base = BUF_INIT(64);
    struct err err = ERR_INIT;
    struct record_period p;
    int status = 0;

    if (f->form.form->every != EVERY_EVENT || f->about->day) {
        status = form_period(f, &f->form, NULL, &p);
        if (status == 0)
            status = form_known(f, &f->form, f->unit.id, &p, &o.now, &standing, &o.last);
        o.day = p.day;
    }
    id_write(&sheet, id_new());
    if (standing.version)
        id_write(&base, standing.id);
    o.sheet = buf_slice(&sheet);
    o.base = buf_slice(&base);
    if (status == 0 && formsheet(f->form.form, &o, out, &err) < 0)
        status = app_fail(f->l.app, NULL, &err);
    buf_done(&sheet);
    buf_done(&base);
    return status;
}

static int template_save(struct app *app, const char *path, const struct buf *bytes)
{
    struct err err = ERR_INIT;
    int r;

    if (strcmp(path, "-") == 0) {
        buf_append_slice(&app->out.buf, buf_slice(bytes));
        return 0;
    }
    r = file_deliver(path, buf_slice(bytes), 0644, &err);
    if (r < 0)
        return app_fail(app, NULL, &err);
    app_saved(app, path);
    return 0;
}

static int run_template(struct app *app, const void *values, const struct operands *operands)
{
    const struct template_options *o = values;
    struct buf bytes = BUF_INIT(SHEET_MAX);
    struct err err = ERR_INIT;
    struct form_job f;
    int status;

    if (o->out == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, "output");
    status = app_check_ending(app, o->out, ".xlsx");
    if (status != 0)
        return status;
    if (strcmp(o->out, "-") == 0 && isatty(STDOUT_FILENO))
        return app_usage(app, MSG_HAND_NOT_TO_TERMINAL);
    status = form_begin(app, &o->about, STATE_READ, operands->items[0], &f);
    if (status != 0)
        return status;
    status = id_is_none(f.unit.id) ? app_usage(app, MSG_CLI_NO_OPTION, "unit")
                                   : template_make(&f, &bytes);
    if (status == 0)
        status = template_save(app, o->out, &bytes);
    buf_done(&bytes);
    return form_end(&f, status, &err);
}

static const struct option_spec specs[] = {
    FORM_STATE(struct template_options),
    FORM_UNIT(struct template_options),
    FORM_DAY(struct template_options),
    FORM_AT(struct template_options),
    OPTION_TEXT("output", 'o', struct template_options, out, "FILE", COMPLETE_FILE,
                MSG_HAND_OPT_OUTPUT),
};

const struct verb verb_form_template = {
    FORM_VERB("template", MSG_HAND_TEMPLATE, specs, struct template_options, run_template),
    .about = MSG_HAND_TEMPLATE_ABOUT,
    .operands = "FORM",
    .min_operands = 1,
    .max_operands = 1,
};
