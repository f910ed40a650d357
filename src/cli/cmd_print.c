/* SPDX-License-Identifier: Apache-2.0 */
/* canh print: sheets that hang on walls and get signed, as PDF or ODT. */
#include "cli/printing.h"

#include "base/time.h"
#include "lang/msg_cli.h"
#include "lang/msg_papers.h"

/* A sheet is a row here. */
static const struct verb *const subs[] = {&verb_print_roster,
                                          &verb_print_log,
                                          &verb_print_handover,
                                          &verb_print_directory,
                                          &verb_print_form,
                                          &verb_print_commitment,
                                          NULL};

const struct verb verb_print = {
    .name = "print",
    .summary = MSG_PAPERS_PRINT_SUMMARY,
    .about = MSG_PAPERS_PRINT_ABOUT,
    .subs = subs,
};

int sheet_begin(struct app *app, const struct sheet_options *o, struct sheet_work *ret)
{
    return sheet_begin_as(app, o, STATE_READ, ret);
}

int sheet_begin_as(struct app *app, const struct sheet_options *o, enum state_mode mode,
                   struct sheet_work *ret)
{
    int status;

    *ret = (struct sheet_work){.o = o};
    if (o->unit == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, "unit");
    status = ledger_open(app, o->state, mode, &ret->st);
    if (status != 0)
        return status;
    status = ledger_unit(&ret->st, o->unit, &ret->unit);
    if (status == 0)
        status = papers_head(&ret->st, &ret->unit, o->layout, &ret->head);
    if (status != 0)
        ledger_close(&ret->st);
    else
        paper_init(&ret->paper, &ret->st.arena);
    return status;
}

int sheet_end(struct sheet_work *s, const char *name, int status)
{
    struct buf path = BUF_INIT(4096);

    if (s->o->output != NULL)
        buf_puts(&path, s->o->output);
    else
        buf_printf(&path, "%s-" SLICE_FMT ".pdf", name, SLICE_ARG(s->unit.code));
    for (size_t i = 0; s->o->output == NULL && i < path.len; i++)
        if (path.p[i] == '/')
            path.p[i] = '-';
    if (status == 0)
        status = papers_save(s->st.app, &s->paper, buf_cstr(&path));
    buf_done(&path);
    ledger_close(&s->st);
    return status;
}
