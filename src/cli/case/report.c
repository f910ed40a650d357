/* SPDX-License-Identifier: Apache-2.0 */
/* canh case report: the paper of a case, saved. */
#include "papers/case_report.h"

#include "cli/case/case.h"
#include "cli/paper_save.h"
#include "cli/session.h"
#include "config/place.h"
#include "lang/msg_case.h"
#include "lang/msg_node.h"

struct report_options {
    const char *dir, *state, *output, *to;
    struct letter_options letter;
    int form;
    bool odt;
};

struct report {
    struct session st;
    const struct report_options *o;
    struct clock_rules rules;
    struct case_file file;
};

static int read_case(struct report *r, const char *number)
{
    struct act_ctx ctx = session_act(&r->st, 0);
    struct state_case x;
    struct err err = ERR_INIT;
    int e = clock_rules_shipped(&r->st.arena, &r->rules, &err);

    if (e == 0)
        e = case_find(&ctx, &r->st.actor, slice_str(number), &x, &err);
    if (e == 0)
        e = case_read(&ctx, &r->st.actor, &r->rules, x.id, &r->file, &err);
    return e < 0 ? session_fail(&r->st, &err) : 0;
}

static int write_report(struct report *r, const char *number)
{
    const struct act_ctx ctx = session_act(&r->st, 0);
    struct case_report_request q = {.file = &r->file,
                                    .form = (enum case_report_form)r->o->form,
                                    .to = slice_str(r->o->to ? r->o->to : "")};
    struct buf name = BUF_INIT(300);
    struct paper p;
    struct err err = ERR_INIT;
    int status = read_case(r, number);

    if (status == 0)
        status = letter_asked(r->st.app, &r->st.arena, &r->o->letter, &q.letter);
    if (status == 0 && papers_case_report(&ctx, &r->st.actor, &q, &p, &err) < 0)
        status = session_fail(&r->st, &err);
    if (status == 0) {
        buf_printf(&name, "%s-" SLICE_FMT "%s", case_report_name(q.form),
                   SLICE_ARG(r->file.head.number), r->o->odt ? ".odt" : ".pdf");
        status = paper_save(r->st.app, &p, r->o->output ? r->o->output : buf_cstr(&name));
    }
    buf_done(&name);
    return status;
}

static int report_draft(struct app *app, const struct report_options *o, const char *number)
{
    struct report r = {.o = o};
    struct place place;
    struct err err = ERR_INIT;
    int status;

    if (o->dir && place_find(o->dir, &place, &err) < 0)
        return app_fail(app, NULL, &err);
    status = session_open(app, o->dir && !o->state ? place.state : o->state, STATE_READ, &r.st);
    if (status != 0)
        return status;
    status = write_report(&r, number);
    session_close(&r.st);
    return status;
}

int case_report_draft(struct app *app, const char *dir, const char *number, const char *form,
                      const char *path)
{
    struct report_options o = {.dir = dir, .output = path};

    while (case_report_forms[o.form] && strcmp(case_report_forms[o.form], form) != 0)
        o.form++;
    canh_assert(case_report_forms[o.form] != NULL);
    return report_draft(app, &o, number);
}

static int run_report(struct app *app, const void *values, const struct operands *operands)
{
    return report_draft(app, values, operands->items[0]);
}

static const struct option_spec specs[] = {
    OPTION_TEXT("dir", 0, struct report_options, dir, "DIR", COMPLETE_FOLDER, MSG_NODE_OPT_DIR),
    SESSION_STATE(struct report_options, state),
    OPTION_CHOICE("form", 'f', struct report_options, form, case_report_forms, MSG_CASE_OPT_FORM),
    OPTION_FLAG("odt", 0, struct report_options, odt, MSG_CASE_OPT_ODT),
    OPTION_TEXT("output", 'o', struct report_options, output, "FILE|-", COMPLETE_FILE,
                MSG_CASE_OPT_OUTPUT),
    OPTION_TEXT("to", 0, struct report_options, to, "NAME", COMPLETE_NONE, MSG_CASE_OPT_RECIPIENT),
    LETTER_OPTIONS(struct report_options, letter.),
};

const struct verb verb_case_report = {
    .name = "report",
    .summary = MSG_CASE_REPORT,
    .about = MSG_CASE_REPORT_ABOUT,
    .operands = "NUMBER",
    .min_operands = 1,
    .max_operands = 1,
    VERB_OPTIONS(specs),
    .options_size = sizeof(struct report_options),
    .run = run_report,
};
