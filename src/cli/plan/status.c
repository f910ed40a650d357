/* SPDX-License-Identifier: Apache-2.0 */
/* canh plan status: how the plan stands, by clause, obligation or unit; or one unit's duties. */
#include "base/width.h"
#include "cli/listing.h"
#include "cli/plan/plan.h"
#include "lang/msg_plan.h"
#include "overview/counts.h"
#include "view/json.h"
#include "view/plans.h"

struct status_opts {
    const char *state, *plan, *unit, *at;
    int by;
    bool whole, cache;
    struct listing_options listing;
};

/* In the order of enum overview_by. */
static const char *const by_choices[] = {"clause", "obligation", "unit", NULL};

static const struct option_spec options[] = {
    SESSION_OPTION(struct status_opts, state),
    OPTION_TEXT("plan", 'p', struct status_opts, plan, "NAME", COMPLETE_NONE, MSG_PLAN_OPT_PLAN),
    OPTION_TEXT("unit", 'u', struct status_opts, unit, "CODE", COMPLETE_NONE, MSG_PLAN_OPT_UNIT),
    OPTION_TEXT("at", 0, struct status_opts, at, "TIME", COMPLETE_NONE, MSG_PLAN_OPT_AT),
    OPTION_CHOICE("by", 'b', struct status_opts, by, by_choices, MSG_PLAN_OPT_BY),
    OPTION_FLAG("whole", 'w', struct status_opts, whole, MSG_PLAN_OPT_WHOLE),
    OPTION_FLAG("cache", 0, struct status_opts, cache, MSG_PLAN_OPT_CACHE),
    LISTING_OPTIONS(struct status_opts, listing),
};

/* all: of every unit. */
static void write_head(struct app *app, const struct status_opts *o, struct slice title, int64_t at,
                       bool all)
{
    struct buf *out = &app->out.buf;
    size_t from = out->len;

    if (!listing_is_plain(&o->listing))
        return;
    text_write_safe(out, title);
    buf_putc(out, '\n');
    lang_write(out, app->lang, MSG_PLAN_AS_OF);
    session_write_time(out, at);
    if (all)
        buf_puts(out, lang_text(app->lang, MSG_PLAN_AS_OF_DUE));
    buf_puts(out, "\n\n");
    listing_wrap(app, from);
}

static bool is_empty(const struct status_count *c)
{
    return status_count_total(c) + c->states[STATUS_DUE] + c->states[STATUS_IN_PROGRESS] == 0;
}

static int write_json(struct app *app, const struct status_opts *o, const struct overview_counts *c)
{
    const struct plan *plan = c->w->plan;

    for (uint32_t i = 0; i < c->row_count; i++) {
        struct slice title, name = overview_count_name(c, i, app->lang, &title);

        if (!is_empty(&c->rows[i]))
            view_json_plan_counts(&app->out.buf, by_choices[o->by], name, title, &c->rows[i]);
    }
    view_json_plan_counts(&app->out.buf, "plan", plan->id, title_in(&plan->title, app->lang),
                          &c->total);
    return 0;
}

static int write_table(struct session *st, const struct status_opts *o,
                       const struct overview_counts *c)
{
    struct view_plan_count *rows =
        arena_new_array(&st->arena, c->row_count + 1, struct view_plan_count);
    const struct view_ctx ctx = listing_ctx(st, c->w->in.now);
    struct err err = ERR_INIT;
    struct table t;
    size_t n = 0;
    int status;

    if (rows == NULL)
        return session_fail(st, &(struct err){.code = CE_NOMEM});
    for (uint32_t i = 0; i < c->row_count; i++) {
        if (is_empty(&c->rows[i]))
            continue;
        rows[n].name = overview_count_name(c, i, st->app->lang, &rows[n].title);
        rows[n++].count = &c->rows[i];
    }
    rows[n++] =
        (struct view_plan_count){.name = slice_str(lang_text(st->app->lang, MSG_PLAN_TOTAL)),
                                 .count = &c->total};
    write_head(st->app, o, title_in(&c->w->plan->title, st->app->lang), c->w->in.now, true);
    status = (o->by == OVERVIEW_BY_UNIT ? view_plan_unit_counts : view_plan_counts)(&ctx, rows, n,
                                                                                    &t, &err) < 0
                 ? session_fail(st, &err)
                 : listing_print(st->app, &t, &o->listing);
    table_done(&t);
    return status;
}

static int status_found(const struct status_count *c)
{
    return c->states[STATUS_NOT_MET] + c->states[STATUS_OVERDUE] + c->states[STATUS_UNKNOWN] > 0
               ? EXIT_FOUND
               : EXIT_FINE;
}

static int show_all(struct session *st, const struct status_opts *o, struct proof_world *w)
{
    const struct overview_counts_request request = {.by = (enum overview_by)o->by,
                                                    .whole = o->whole,
                                                    .cache = o->cache};
    struct overview_counts counts;
    struct err err = ERR_INIT;
    int status;

    if (overview_count(w, &request, &counts, &err) < 0)
        return session_fail(st, &err);
    status = o->listing.json ? write_json(st->app, o, &counts) : write_table(st, o, &counts);
    return status ? status : status_found(&counts.total);
}

/* One unit: a row for each part, with what decided. */
struct cells {
    struct view_ctx c;
    struct proof_world *w;
    struct status_now now;
    struct status_count total;
    uint32_t part;
    struct table t;
};

static void finish_part(struct cells *x)
{
    if (x->now.cell.unit == PLAN_NONE)
        return;
    view_plan_cell_write(&x->c, x->w, &x->now.cell, &x->t);
    status_count_add(&x->total, &x->now.cell);
    x->now.cell.unit = PLAN_NONE;
}

static void add_cell(void *ctx, const struct status_cell *c)
{
    struct cells *x = ctx;

    if (c->part != x->part)
        finish_part(x);
    x->part = c->part;
    status_now_add(&x->now, c);
}

static int write_total(struct session *st, const struct status_opts *o, const struct cells *x)
{
    const struct view_plan_count row = {.name = slice_str(lang_text(st->app->lang, MSG_PLAN_TOTAL)),
                                        .count = &x->total};
    struct err err = ERR_INIT;
    struct table t;
    int status;

    if (!listing_is_plain(&o->listing))
        return 0;
    buf_putc(&st->app->out.buf, '\n');
    status = view_plan_counts(&x->c, &row, 1, &t, &err) < 0
                 ? session_fail(st, &err)
                 : listing_print(st->app, &t, &o->listing);
    table_done(&t);
    return status;
}

static int show_unit(struct session *st, const struct status_opts *o, const char *code,
                     struct proof_world *w)
{
    struct cells x = {.c = listing_ctx(st, w->in.now), .w = w, .part = PLAN_NONE};
    uint32_t unit = proof_find_unit_code(w, slice_str(code));
    struct err err = ERR_INIT;
    int status;

    if (unit == PLAN_NONE) {
        app_print(st->app, MSG_PLAN_NO_UNIT, code);
        return EX_NOINPUT;
    }
    if (proof_load_unit(w, unit, &err) < 0)
        return session_fail(st, &err);
    x.now = (struct status_now){.now = w->in.now, .cell.unit = PLAN_NONE};
    write_head(st->app, o, w->units[unit].name, w->in.now, false);
    view_plan_cells(&x.c, &x.t);
    status_unit_cells(w->status, &w->in, unit, add_cell, &x);
    finish_part(&x);
    status = listing_print(st->app, &x.t, &o->listing);
    table_done(&x.t);
    if (status == 0)
        status = write_total(st, o, &x);
    return status ? status : status_found(&x.total);
}

/* One's own unit's duties where nothing else is said; --by and --cache are about all units. */
static int status_show(struct session *st, const struct status_opts *o, struct proof_world *w)
{
    const char *unit = o->unit;
    int status = 0;

    if (o->by == OVERVIEW_BY_CLAUSE && !o->cache)
        status = session_own_unit(st->app, &st->arena, &unit);
    if (status != 0)
        return status;
    return unit ? show_unit(st, o, unit, w) : show_all(st, o, w);
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    const struct status_opts *o = values;
    struct proof_world w;
    struct session st;
    int status = listing_check(app, &o->listing);

    (void)operands;
    if (status == 0)
        status = session_open(app, o->state, o->cache ? STATE_WRITE : STATE_READ, &st);
    if (status != 0)
        return status;
    status = plan_world(&st, o->plan, o->at, 0, 0, &w);
    if (status == 0) {
        status = status_show(&st, o, &w);
        proof_close(&w);
    }
    session_close(&st);
    return status;
}

const struct verb verb_plan_status = {
    .name = "status",
    .summary = MSG_PLAN_STATUS_SUMMARY,
    .about = MSG_PLAN_STATUS_ABOUT,
    VERB_OPTIONS(options),
    .options_size = sizeof(struct status_opts),
    .run = run,
};
