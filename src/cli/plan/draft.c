/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* canh plan draft: a letter (DOCX, ODT, PDF, text) as the draft of a plan. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/plan/plan.h"
#include "import/letter.h"
#include "lang/msg_cli.h"
#include "lang/msg_plan.h"
#include "office/pack.h"
#include "office/pdfletter.h"
#include "office/pdftext.h"
#include "office/sandboxed.h"
#include "proof/plan_store.h"

struct draft_options {
    const char *id, *library;
};

static const struct option_spec options[] = {
    OPTION_TEXT("id", 0, struct draft_options, id, "NAME", COMPLETE_NONE, MSG_PLAN_OPT_ID),
    OPTION_TEXT("library", 0, struct draft_options, library, "FILE", COMPLETE_FILE,
                MSG_PLAN_OPT_LIBRARY),
};

static int load_library(struct app *app, struct arena *arena, const char *path,
                        const struct library **ret)
{
    struct state_actor nobody = state_actor_local();
    struct slice text = proof_data("library.yaml"), model;
    const char *name = path ? path : "library.yaml", *model_path;
    const struct catalogue *catalogue;
    const struct plan *plan;
    struct err err = ERR_INIT;
    char id[80];
    int status = path ? session_read(app, arena, path, &text) : 0;

    if (status != 0)
        return status;
    if (library_model(arena, text, &model, &err) < 0)
        return app_fail(app, name, &err);
    memcpy(id, model.p, model.n);
    id[model.n] = 0;
    status = plan_read(app, arena, NULL, &nobody, id, &catalogue, &model, &plan, &model_path);
    if (status == 0 && library_parse(arena, text, plan, ret, &err) < 0)
        status = app_fail(app, name, &err);
    return status;
}

/* A PDF as text, read by a program of its own in a sandbox; other bytes as they are. */
static int read_pdf(struct app *app, struct arena *arena, const char *path, struct slice *bytes)
{
    struct buf text = BUF_INIT(PDFTEXT_MAX);
    struct pdfletter pdf = {.places = BUF_INIT(0)};
    struct err err = ERR_INIT;
    int fd, r;

    if (file_kind(*bytes) != FILE_PDF)
        return 0;
    fd = memfd_create("letter", MFD_CLOEXEC);
    r = fd < 0 || write(fd, bytes->p, bytes->n) != (ssize_t)bytes->n
            ? err_fail_sys(&err, errno, ERR_BASE_FILE, path)
            : pdfletter_run(&pdf, fd, session_degrades(), &err);
    if (r == 0)
        r = pdfletter_write(arena, &pdf, &text, &err);
    pdfletter_done(&pdf);
    if (fd >= 0)
        (void)close(fd);
    if (r == 0) {
        *bytes = arena_dup(arena, buf_slice(&text));
        if (bytes->p == NULL)
            r = err_nomem(&err);
    }
    buf_done(&text);
    return r < 0 ? app_fail(app, path, &err) : 0;
}

static int make_draft(struct app *app, struct arena *arena, const char *path,
                      const struct library *lib, const char *id)
{
    struct doctext_limits limits = doctext_default_limits;
    struct buf text = BUF_INIT(16 << 20);
    struct letter_counts n;
    struct doctext *doc;
    struct slice bytes;
    struct err err = ERR_INIT;
    int status = session_read(app, arena, path, &bytes);

    if (status == 0)
        status = read_pdf(app, arena, path, &bytes);
    if (status != 0)
        return status;
    if (sandboxed_doctext(arena, bytes, &limits, session_degrades(), &doc, &err) < 0 ||
        letter_draft(arena, doc, lib, slice_str(id ? id : "draft"), &text, &n, &err) < 0) {
        status = app_fail(app, path, &err);
    } else {
        buf_append_slice(&app->out.buf, buf_slice(&text));
        app_print(app, MSG_PLAN_DRAFT_DONE, n.clauses, n.gaps, n.proposals);
    }
    buf_done(&text);
    return status;
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    const struct draft_options *o = values;
    struct arena arena = ARENA_INIT(DOCTEXT_ARENA_MAX);
    const struct library *lib = NULL;
    int status = load_library(app, &arena, o->library, &lib);

    if (status == 0)
        status = make_draft(app, &arena, operands->items[0], lib, o->id);
    arena_done(&arena);
    return status;
}

const struct verb verb_plan_draft = {
    .name = "draft",
    .summary = MSG_PLAN_DRAFT_SUMMARY,
    .about = MSG_PLAN_DRAFT_ABOUT,
    .operands = "FILE|-",
    .min_operands = 1,
    .max_operands = 1,
    .complete = COMPLETE_FILE,
    VERB_OPTIONS(options),
    .options_size = sizeof(struct draft_options),
    .run = run,
};
