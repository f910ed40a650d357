/* SPDX-License-Identifier: Apache-2.0 */
/* What the papers of canh print share: the state, the unit with its paper and head, saving. */
#include "cli/print/print.h"

#include "cli/paper_save.h"
#include "cli/session.h"
#include "lang/msg_cli.h"
#include "lang/msg_papers.h"

int paper_begin(struct app *app, const struct paper_options *o, struct paper_work *ret)
{
    return paper_begin_as(app, o, STATE_READ, ret);
}

int paper_begin_as(struct app *app, const struct paper_options *o, enum state_mode mode,
                   struct paper_work *ret)
{
    struct err err = ERR_INIT;
    struct state_unit unit;
    struct session_own own;
    int status, r = 0;

    *ret = (struct paper_work){.o = o};
    status = session_open(app, o->state, mode, &ret->st);
    if (status != 0)
        return status;
    status = session_own(app, &ret->st.arena, &own);
    if (status == 0 && o->unit == NULL && own.unit == NULL)
        status = app_usage(app, MSG_CLI_NO_OPTION, "unit");
    ret->p = (struct papers_ctx){.s = ret->st.s,
                                 .actor = ret->st.actor,
                                 .arena = &ret->st.arena,
                                 .lang = app->lang,
                                 .place = slice_str(o->place ? o->place : own.place)};
    if (status == 0)
        status = session_unit(&ret->st, o->unit ? o->unit : own.unit, &unit);
    r = status == 0 ? papers_begin(&ret->p, &unit, slice_str(o->layout), &err) : 0;
    if (r < 0)
        status = paper_fail(ret, r, &err);
    if (status != 0)
        session_close(&ret->st);
    return status;
}

int paper_fail(struct paper_work *s, int r, const struct err *err)
{
    int status = session_fail(&s->st, err);

    /* a layout that is not there, a roster of too many days: the options' mistake */
    return r == -CE_UNKNOWN || r == -CE_TOO_BIG ? EX_USAGE : status;
}

int paper_end(struct paper_work *s, const char *name, int status)
{
    struct buf path = BUF_INIT(4096);

    if (s->o->output != NULL)
        buf_puts(&path, s->o->output);
    else
        buf_printf(&path, "%s-" SLICE_FMT ".pdf", name, SLICE_ARG(s->p.unit.code));
    for (size_t i = 0; s->o->output == NULL && i < path.len; i++)
        if (path.p[i] == '/')
            path.p[i] = '-';
    if (status == 0)
        status = paper_save(s->st.app, &s->p.paper, buf_cstr(&path));
    buf_done(&path);
    session_close(&s->st);
    return status;
}
