/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/paper_save.h"

#include "base/file.h"
#include "cli/session.h"
#include "lang/msg_papers.h"
#include "office/odt.h"
#include "office/pdf.h"
#include "office/sandboxed.h"

enum { PAPER_BYTES_MAX = 64 << 20 };

struct draw_job {
    struct paper *paper;
    bool odt;
};

static int draw_sandboxed(void *user, struct buf *out, struct err *err)
{
    const struct draw_job *d = user;

    return d->odt ? odt_render(d->paper, out, err) : pdf_render(d->paper, out, NULL, err);
}

int paper_draw(struct paper *p, bool odt, struct buf *out, struct err *err)
{
    struct draw_job d = {p, odt};

    return sandboxed_run(draw_sandboxed, &d, session_degrades(), out, err);
}

int paper_save(struct app *app, struct paper *p, const char *path)
{
    bool odt = slice_ends(slice_str(path), SLICE(".odt"));
    bool standard = strcmp(path, "-") == 0;
    struct buf bytes = BUF_INIT(PAPER_BYTES_MAX);
    struct err err = ERR_INIT;
    int status = app_check_ending(app, path, ".pdf .odt"), r;

    if (status != 0)
        return status;
    if (standard && app->out_tty)
        return app_usage(app, MSG_PAPERS_NO_TERMINAL);
    r = paper_draw(p, odt, &bytes, &err);
    if (r == 0 && standard)
        buf_append_slice(&app->out.buf, buf_slice(&bytes));
    else if (r == 0)
        r = file_deliver(path, buf_slice(&bytes), 0644, &err);
    if (r < 0)
        status = app_fail(app, NULL, &err);
    else if (!standard)
        app_saved(app, path);
    buf_done(&bytes);
    return status;
}

const char *const letter_behalf[] = {"none", "kt", "tm", "q", "tl", "tuq", NULL};

int letter_asked(struct app *app, struct arena *arena, const struct letter_options *o,
                 struct letter_request *ret)
{
    struct session_own own;
    int status = session_own(app, arena, &own);

    *ret = (struct letter_request){
        .kind = SLICE("BC"),
        .symbol = slice_str(o->symbol),
        .layout = slice_str(o->layout),
        .place = slice_str(o->place ? o->place : own.place),
        .signer = slice_str(o->signer),
        .behalf = o->behalf ? slice_str(letter_behalf[o->behalf]) : SLICE_NULL,
    };
    return status;
}
