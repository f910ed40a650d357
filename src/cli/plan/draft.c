/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* canh plan draft: a letter (DOCX, ODT, PDF, text) as the draft of a plan. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/ascii.h"
#include "cli/plan/plan.h"
#include "lang/msg_cli.h"
#include "lang/msg_plan.h"
#include "office/apart.h"
#include "office/pack.h"
#include "office/pdftable.h"
#include "office/pdftext.h"
#include "plan/draft.h"
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

/* A document's paragraphs, with their place in a table and the numbers that the word processor
 * made. */
static struct draft_para *draft_paragraphs(struct arena *arena, const struct doctext *d)
{
    struct draft_para *paras = arena_new_array(arena, d->count + 1, struct draft_para);

    for (uint32_t i = 0; paras != NULL && i < d->count; i++)
        paras[i] = (struct draft_para){.text = d->paras[i].text,
                                       .label = d->paras[i].label,
                                       .number = d->paras[i].number,
                                       .table = d->paras[i].table,
                                       .row = d->paras[i].row,
                                       .col = d->paras[i].col,
                                       .rows = d->paras[i].rows};
    return paras;
}

/* What stands alone on a line at the end or the beginning of a page: its number. */
static bool is_page_number(struct slice line)
{
    line = slice_trim(line);
    for (size_t i = 0; i < line.n; i++) {
        if (!ascii_is_digit(line.p[i]))
            return false;
    }
    return line.n > 0 && line.n <= 3;
}

/* Pages of a PDF as one text, without the numbers of the pages. */
static void join_pages(struct slice pages, struct buf *out)
{
    struct slice page, line;

    while (pages.n > 0 && slice_cut(&pages, '\f', &page)) {
        bool first = true;

        while (page.n > 0 && slice_cut(&page, '\n', &line)) {
            bool edge = first || slice_trim(page).n == 0;

            first = first && slice_trim(line).n == 0;
            if (edge && is_page_number(line))
                continue;
            buf_append_slice(out, line);
            buf_putc(out, '\n');
        }
    }
}

/* A PDF's text: with its tables as rows and its body column by column where it has any, else in the
 * order that it was written. */
static int pdf_text(struct arena *arena, int fd, struct buf *text, struct err *err)
{
    struct pdftext_options pdf = {.program = PDFTEXT_PROGRAM,
                                  .degrade = session_degrades(),
                                  .places = true};
    struct buf pages = BUF_INIT(PDFTEXT_MAX);
    unsigned tables = 0;
    int r = pdftext_read(&pdf, fd, &pages, err);

    if (r == 0)
        r = pdftable_write(arena, buf_slice(&pages), text, &tables, err);
    if (r == -CE_TOO_BIG || (r == 0 && tables == 0)) {
        buf_clear(&pages);
        buf_clear(text);
        pdf.places = false;
        r = pdftext_read(&pdf, fd, &pages, err);
        if (r == 0)
            join_pages(buf_slice(&pages), text);
    }
    buf_done(&pages);
    return r;
}

/* A PDF as text, read by a program of its own in a sandbox; other bytes as they are. */
static int read_pdf(struct app *app, struct arena *arena, const char *path, struct slice *bytes)
{
    struct buf text = BUF_INIT(PDFTEXT_MAX);
    struct err err = ERR_INIT;
    int fd, r;

    if (file_kind(*bytes) != FILE_PDF)
        return 0;
    fd = memfd_create("letter", MFD_CLOEXEC);
    r = fd < 0 || write(fd, bytes->p, bytes->n) != (ssize_t)bytes->n
            ? err_fail_sys(&err, errno, ERR_BASE_FILE, path)
            : pdf_text(arena, fd, &text, &err);
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
                      const struct library *lib, struct draft **ret)
{
    struct doctext_limits limits = doctext_default_limits;
    struct draft_para *paras;
    struct doctext *doc;
    struct slice bytes;
    struct err err = ERR_INIT;
    int status = session_read(app, arena, path, &bytes);

    if (status == 0)
        status = read_pdf(app, arena, path, &bytes);
    if (status != 0)
        return status;
    if (apart_doctext(arena, bytes, &limits, session_degrades(), &doc, &err) < 0)
        return app_fail(app, path, &err);
    paras = draft_paragraphs(arena, doc);
    if (paras == NULL) {
        app_print(app, MSG_CLI_NO_MEMORY);
        return EX_OSERR;
    }
    if (draft_read(arena, paras, doc->count, doc->format == DOC_TXT, ret, &err) < 0 ||
        draft_propose(arena, *ret, lib, &err) < 0)
        return app_fail(app, path, &err);
    return 0;
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    const struct draft_options *o = values;
    struct arena arena = ARENA_INIT(DOCTEXT_ARENA_MAX);
    const struct library *lib = NULL;
    struct draft *d = NULL;
    int status = load_library(app, &arena, o->library, &lib);

    if (status == 0)
        status = make_draft(app, &arena, operands->items[0], lib, &d);
    if (status == 0 && d != NULL) {
        struct buf text = BUF_INIT(16 << 20);

        draft_write(&text, d, lib, slice_str(o->id ? o->id : "draft"));
        buf_append_slice(&app->out.buf, buf_slice(&text));
        buf_done(&text);
        app_print(app, MSG_PLAN_DRAFT_DONE, d->clause_count, d->gap_count, d->proposal_count);
    }
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
