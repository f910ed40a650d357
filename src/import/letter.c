/* SPDX-License-Identifier: Apache-2.0 */
#include "import/letter.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/time.h"
#include "lang/collate.h"
#include "lang/err_import.h"
#include "proof/plan_store.h"

enum { ID_MAX = 60, NAMES_MAX = 100 };

static int read_plan(struct arena *arena, struct state *s, const struct state_actor *a,
                     struct slice text, const struct plan **ret, struct err *err)
{
    const struct catalogue *catalogue;
    int r = catalogue_parse(arena, proof_data("catalogue.yaml"), &catalogue, err);

    return r < 0 ? r : plan_store_parse(arena, s, a, catalogue, text, ret, err);
}

int letter_library(struct arena *arena, const struct library **ret, struct err *err)
{
    const struct state_actor nobody = state_actor_local();
    const struct plan *model;
    struct slice name;
    char file[128];
    int r = library_model(arena, proof_data("library.yaml"), &name, err);

    if (r < 0)
        return r;
    (void)snprintf(file, sizeof(file), SLICE_FMT ".yaml", SLICE_ARG(name));
    r = read_plan(arena, NULL, &nobody, proof_data(file), &model, err);
    return r < 0 ? r : library_parse(arena, proof_data("library.yaml"), model, ret, err);
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

static int read_letter(struct arena *arena, const struct doctext *doc, const struct library *lib,
                       struct draft **ret, struct err *err)
{
    struct draft_para *paras = draft_paragraphs(arena, doc);
    int r = paras ? draft_read(arena, paras, doc->count, doc->format == DOC_TXT, ret, err)
                  : err_nomem(err);

    return r < 0 ? r : draft_propose(arena, *ret, lib, err);
}

/* “Số: 125/KH-UBND” → 125-kh-ubnd; a letter without a number: van-ban. */
static struct slice name_of(struct arena *arena, const struct draft *d)
{
    struct buf folded = BUF_INIT(4096), name = BUF_INIT(ID_MAX);
    struct slice s;

    viet_fold(d->number, &folded);
    s = buf_slice(&folded);
    for (size_t i = 0; i < s.n && name.len + 1 < ID_MAX; i++) {
        bool fits = ascii_is_digit(s.p[i]) || (s.p[i] >= 'a' && s.p[i] <= 'z');

        if (fits)
            buf_putc(&name, (char)s.p[i]);
        else if (name.len && buf_cstr(&name)[name.len - 1] != '-')
            buf_putc(&name, '-');
    }
    while (name.len && buf_cstr(&name)[name.len - 1] == '-')
        name.len--;
    s = name.len ? arena_dup(arena, buf_slice(&name)) : SLICE("van-ban");
    buf_done(&name);
    buf_done(&folded);
    return s;
}

static struct letter_counts count_of(const struct draft *d)
{
    return (struct letter_counts){d->clause_count, d->gap_count, d->proposal_count};
}

int letter_draft(struct arena *arena, const struct doctext *doc, const struct library *lib,
                 struct slice id, struct buf *out, struct letter_counts *ret, struct err *err)
{
    struct draft *d;
    int r = read_letter(arena, doc, lib, &d, err);

    if (r < 0)
        return r;
    draft_write(out, d, lib, id.n ? id : name_of(arena, d));
    *ret = count_of(d);
    return out->err ? err_code(err, out->err) : 0;
}

/* The name, or the first of name-2, name-3 … that no plan has. */
static int free_name(const struct act_ctx *ctx, struct slice wanted, struct slice *ret,
                     struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct state_plan there;

    *ret = wanted;
    for (unsigned i = 2; i < NAMES_MAX; i++) {
        struct buf name = BUF_INIT(ID_MAX + 20);
        int r = state_plan_find(ctx->s, &all, STATE_ID_NONE, *ret, ctx->arena, &there, err);

        if (r == -CE_NOT_FOUND) {
            *err = (struct err)ERR_INIT;
            return 0;
        }
        if (r < 0)
            return r;
        buf_printf(&name, SLICE_FMT "-%u", SLICE_ARG(wanted), i);
        *ret = arena_dup(ctx->arena, buf_slice(&name));
        buf_done(&name);
    }
    return err_fail(err, CE_EXISTS, ERR_IMPORT_LETTER_AGAIN, wanted);
}

static int keep_draft(const struct act_ctx *ctx, const struct state_actor *actor, struct slice text,
                      struct state_id unit, struct state_id *ret, struct err *err)
{
    struct plan_store_result res;
    const struct plan *p;
    int r = read_plan(ctx->arena, ctx->s, actor, text, &p, err);

    if (r == 0)
        r = plan_store_draft(ctx->arena, ctx->s, actor, p, text, unit, &res, err);
    if (r == 0)
        *ret = res.plan;
    return r;
}

/* Takes what is in text, and ends it. */
static int text_read(const struct act_ctx *ctx, struct buf *text, struct slice *ret,
                     struct err *err)
{
    int r = text->err ? err_code(err, text->err) : 0;

    *ret = r == 0 ? arena_dup(ctx->arena, buf_slice(text)) : SLICE_NULL;
    buf_done(text);
    return r == 0 && ret->p == NULL ? err_nomem(err) : r;
}

int letter_receive(const struct act_ctx *ctx, const struct state_actor *actor,
                   const struct doctext *doc, struct state_plan *ret, struct err *err)
{
    struct buf text = BUF_INIT(LETTER_TEXT_MAX);
    const struct library *lib;
    struct slice name, kept;
    struct state_id id;
    struct draft *d;
    int r = letter_library(ctx->arena, &lib, err);

    if (r == 0)
        r = read_letter(ctx->arena, doc, lib, &d, err);
    if (r == 0 && d->clause_count == 0)
        r = err_fail(err, CE_MISSING, ERR_IMPORT_LETTER_NO_CLAUSE);
    if (r == 0)
        r = free_name(ctx, name_of(ctx->arena, d), &name, err);
    if (r < 0)
        return r;
    draft_write(&text, d, lib, name);
    r = text_read(ctx, &text, &kept, err);
    if (r == 0)
        r = keep_draft(ctx, actor, kept, actor->unit, &id, err);
    return r < 0 ? r : state_plan_get(ctx->s, actor, id, ctx->arena, ret, err);
}

/* The row that was read is still the one in the state. */
static int check_unchanged(const struct act_ctx *ctx, const struct state_actor *actor,
                           const struct state_plan *plan, struct err *err)
{
    struct state_plan now;
    int r = state_plan_get(ctx->s, actor, plan->id, ctx->arena, &now, err);

    if (r == 0 && now.version != plan->version)
        r = err_fail(err, CE_CONFLICT, ERR_IMPORT_LETTER_CHANGED);
    return r;
}

int letter_review(const struct act_ctx *ctx, const struct state_actor *actor,
                  const struct state_plan *plan, const struct review *said, struct err *err)
{
    struct buf text = BUF_INIT(LETTER_TEXT_MAX);
    struct slice kept;
    struct state_id id;
    int r = check_unchanged(ctx, actor, plan, err);

    if (r == 0 && !review_has_places(said))
        r = err_fail(err, CE_UNKNOWN, ERR_IMPORT_LETTER_IN_THE_FILE);
    if (r < 0)
        return r;
    review_write(&text, plan->yaml, said);
    r = text_read(ctx, &text, &kept, err);
    return r < 0 ? r : keep_draft(ctx, actor, kept, plan->unit, &id, err);
}

static int check_addition(const struct review *review, const struct review_addition *x,
                          struct err *err)
{
    bool known = false;

    for (size_t i = 0; i < review->count; i++)
        known = known || (!review->items[i].obligation && slice_eq(review->items[i].id, x->clause));
    if (!known)
        return err_fail(err, CE_NOT_FOUND, ERR_IMPORT_LETTER_WHICH_CLAUSE);
    if (slice_trim(x->title).n == 0)
        return err_fail(err, CE_MISSING, ERR_IMPORT_LETTER_ADD_WHAT);
    if (x->scopes.n == 0)
        return err_fail(err, CE_MISSING, ERR_IMPORT_LETTER_ADD_WHOM);
    if (x->every.n == 0)
        return err_fail(err, CE_MISSING, ERR_IMPORT_LETTER_ADD_WHEN);
    if (x->proof.n == 0)
        return err_fail(err, CE_MISSING, ERR_IMPORT_LETTER_ADD_PROOF);
    return 0;
}

int letter_add(const struct act_ctx *ctx, const struct state_actor *actor,
               const struct state_plan *plan, const struct review *review,
               const struct review_addition *x, struct err *err)
{
    struct buf text = BUF_INIT(LETTER_TEXT_MAX);
    struct slice kept;
    struct state_id id;
    int r = check_addition(review, x, err);

    if (r == 0)
        r = check_unchanged(ctx, actor, plan, err);
    if (r == 0 && plan->state != STATE_PLAN_DRAFT)
        r = err_fail(err, CE_CONFLICT, ERR_IMPORT_LETTER_IS_GIVEN);
    if (r == 0 && !review_add(&text, plan->yaml, review, x))
        r = err_fail(err, CE_UNKNOWN, ERR_IMPORT_LETTER_IN_THE_FILE);
    if (r < 0) {
        buf_done(&text);
        return r;
    }
    r = text_read(ctx, &text, &kept, err);
    return r < 0 ? r : keep_draft(ctx, actor, kept, plan->unit, &id, err);
}

int letter_issue(const struct act_ctx *ctx, const struct state_actor *actor,
                 const struct state_plan *plan, uint32_t *ret_units, struct err *err)
{
    struct plan_store_options opt = {.unit = plan->unit, .activate = true};
    struct plan_store_result res = {.units = 0};
    const struct plan *p;
    int r = check_unchanged(ctx, actor, plan, err);

    if (r == 0)
        r = read_plan(ctx->arena, ctx->s, actor, plan->yaml, &p, err);
    if (r == 0)
        r = plan_store_import(ctx->arena, ctx->s, actor, p, plan->yaml, &opt, &res, err);
    *ret_units = res.units;
    return r;
}
