/* SPDX-License-Identifier: Apache-2.0 */
/* canh plan draft: a letter (DOCX, ODT, text) as the draft of a plan. */
#include "cli/plan.h"
#include "lang/msg_cli.h"
#include "lang/msg_plan.h"
#include "office/doctext.h"
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
    int status = path ? ledger_read(app, arena, path, &text) : 0;

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
static struct draft_para *paragraphs(struct arena *arena, const struct doctext *d)
{
    struct draft_para *paras = arena_new_array(arena, d->count + 1, struct draft_para);

    for (uint32_t i = 0; paras != NULL && i < d->count; i++)
        paras[i] = (struct draft_para){.text = d->paras[i].text,
                                       .label = d->paras[i].label,
                                       .number = d->paras[i].number,
                                       .table = d->paras[i].table,
                                       .row = d->paras[i].row,
                                       .col = d->paras[i].col};
    return paras;
}

static int make_draft(struct app *app, struct arena *arena, const char *path,
                      const struct library *lib, struct draft **ret)
{
    struct doctext_limits limits = doctext_default_limits;
    struct draft_para *paras;
    struct doctext *doc;
    struct slice bytes;
    struct err err = ERR_INIT;
    int status = ledger_read(app, arena, path, &bytes);

    if (status != 0)
        return status;
    limits.lang = app->lang;
    if (doctext_read(arena, bytes, &limits, &doc, &err) < 0)
        return app_fail(app, path, &err);
    paras = paragraphs(arena, doc);
    if (paras == NULL) {
        app_say(app, MSG_CLI_NO_MEMORY);
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

        draft_put(&text, d, lib, slice_str(o->id ? o->id : "draft"));
        buf_put_slice(&app->out.buf, buf_slice(&text));
        buf_done(&text);
        app_say(app, MSG_PLAN_DRAFT_DONE, d->clause_count, d->gap_count, d->proposal_count);
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
