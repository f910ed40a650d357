/* SPDX-License-Identifier: Apache-2.0 */
/* canh plan status: how the plan stands, by clause, obligation or unit; or one unit's duties. */
#include <stdio.h>

#include "base/time.h"
#include "base/width.h"
#include "cli/plan/plan.h"
#include "lang/msg_plan.h"
#include "overview/counts.h"
#include "view/json.h"

struct status_opts {
    const char *state, *plan, *unit, *at;
    int by;
    bool json, whole, cache;
};

/* In the order of enum overview_by. */
static const char *const by_choices[] = {"clause", "obligation", "unit", NULL};

static const struct option_spec options[] = {
    SESSION_OPTION(struct status_opts),
    OPTION_TEXT("plan", 'p', struct status_opts, plan, "NAME", COMPLETE_NONE, MSG_PLAN_OPT_PLAN),
    OPTION_TEXT("unit", 'u', struct status_opts, unit, "CODE", COMPLETE_NONE, MSG_PLAN_OPT_UNIT),
    OPTION_TEXT("at", 0, struct status_opts, at, "TIME", COMPLETE_NONE, MSG_PLAN_OPT_AT),
    OPTION_CHOICE("by", 'b', struct status_opts, by, by_choices, MSG_PLAN_OPT_BY),
    OPTION_FLAG("whole", 'w', struct status_opts, whole, MSG_PLAN_OPT_WHOLE),
    OPTION_FLAG("cache", 0, struct status_opts, cache, MSG_PLAN_OPT_CACHE),
    OPTION_FLAG("json", 'j', struct status_opts, json, MSG_PLAN_OPT_JSON),
};

static void put_cell(struct buf *out, struct slice s, size_t width)
{
    struct buf safe = BUF_INIT(1 << 20);

    text_put_safe(&safe, s);
    text_put_fit(out, buf_slice(&safe), width, width + 2);
    buf_done(&safe);
}

/* What stands beside the titles: names before them, shares and counts behind. */
enum { NAME = 12, BESIDE = NAME + 2 + 2 + 5 * 10 + 9 + 8, TITLE_MIN = 24, TITLE_MAX = 60 };

/* Titles take what the terminal leaves. */
static size_t title_width(const struct app *app)
{
    size_t width = app->columns > BESIDE ? app->columns - BESIDE : app->columns ? 0 : 40;

    return CANH_MIN(CANH_MAX(width, (size_t)TITLE_MIN), (size_t)TITLE_MAX);
}

/* A share in tenths of a percent, ten columns wide; a dash for nothing. */
static void put_share(struct app *app, uint16_t share, const char *colour)
{
    struct buf *out = &app->out.buf;
    enum lang lang = app->lang;
    char text[16];

    (void)snprintf(text, sizeof(text), "%u%c%u", share / 10u, lang == LANG_VI ? ',' : '.',
                   share % 10u);
    if (app->colour && share)
        buf_puts(out, colour);
    buf_printf(out, share ? "%10s" : "         –%.0s", text);
    if (app->colour && share)
        buf_puts(out, "\x1b[0m");
}

static uint32_t open_count(const struct status_count *c)
{
    return c->states[STATUS_DUE] + c->states[STATUS_IN_PROGRESS];
}

static void put_row(struct app *app, struct slice name, struct slice title,
                    const struct status_count *c)
{
    struct status_shares s = status_share(c);
    const uint16_t shares[] = {s.proved, s.declared, s.not_yet, s.unknown, s.missed};
    static const char *const colours[] = {"\x1b[32m", "\x1b[36m", "", "\x1b[90m", "\x1b[1;31m"};
    struct buf *out = &app->out.buf;

    put_cell(out, name, NAME);
    put_cell(out, title, title_width(app));
    for (size_t i = 0; i < CANH_LEN(shares); i++)
        put_share(app, shares[i], colours[i]);
    buf_printf(out, "%9u%8u\n", open_count(c), status_count_total(c));
}

static void put_head(struct app *app, const struct overview_counts *c)
{
    static const msg_id columns[] = {MSG_PLAN_COL_PROVED, MSG_PLAN_COL_DECLARED,
                                     MSG_PLAN_COL_NOT_YET, MSG_PLAN_COL_UNKNOWN,
                                     MSG_PLAN_COL_MISSED};
    struct slice title = title_in(&c->w->plan->title, app->lang);
    struct buf *out = &app->out.buf;

    buf_printf(out, SLICE_FMT "\n", SLICE_ARG(title));
    lang_put(out, app->lang, MSG_PLAN_AS_OF);
    session_put_time(out, c->w->in.now);
    buf_puts(out, "\n\n");
    put_cell(out, SLICE(""), NAME);
    put_cell(out, SLICE(""), title_width(app));
    for (size_t i = 0; i < CANH_LEN(columns); i++) {
        struct slice word = slice_str(lang_text(app->lang, columns[i]));
        size_t width = text_width(word);

        for (size_t k = width; k < 10; k++)
            buf_putc(out, ' ');
        buf_put_slice(out, word);
    }
    buf_printf(out, "%s\n", lang_text(app->lang, MSG_PLAN_COL_REST));
}

static void put_table(struct app *app, const struct status_opts *o, const struct overview_counts *c)
{
    const struct plan *plan = c->w->plan;

    if (!o->json)
        put_head(app, c);
    for (uint32_t i = 0; i < c->row_count; i++) {
        struct slice title, name = overview_count_name(c, i, app->lang, &title);

        if (status_count_total(&c->rows[i]) + open_count(&c->rows[i]) == 0)
            continue;
        if (o->json)
            view_json_plan_counts(&app->out.buf, by_choices[o->by], name, title, &c->rows[i]);
        else
            put_row(app, name, title, &c->rows[i]);
        if (!out_settle(&app->out))
            return;
    }
    if (o->json) {
        view_json_plan_counts(&app->out.buf, "plan", plan->id, title_in(&plan->title, app->lang),
                              &c->total);
        return;
    }
    buf_putc(&app->out.buf, '\n');
    put_row(app, slice_str(lang_text(app->lang, MSG_PLAN_TOTAL)), SLICE(""), &c->total);
}

static int found(const struct status_count *c)
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

    if (overview_count(w, &request, &counts, &err) < 0)
        return session_fail(st, &err);
    put_table(st->app, o, &counts);
    return found(&counts.total);
}

/* One unit: a line for each part, with what decided. */
struct lines {
    struct app *app;
    struct proof_world *w;
    const struct status_part *parts;
    struct status_now now;
    struct status_count total;
    uint32_t part;
    bool json;
};

static void put_line(struct lines *l)
{
    const struct status_cell *c = &l->now.cell;
    const struct status_part *part;
    const struct plan_obligation *o;
    struct buf *out = &l->app->out.buf, id = BUF_INIT(200);
    enum lang lang = l->app->lang;

    if (c->unit == PLAN_NONE)
        return;
    part = &l->parts[c->part];
    o = &l->w->plan->obligations[part->obligation];
    buf_put_slice(&id, o->id);
    if (part->part->id.n)
        buf_printf(&id, "/" SLICE_FMT, SLICE_ARG(part->part->id));
    put_cell(out, buf_slice(&id), 14);
    put_cell(out, title_in(part->part->id.n ? &part->part->title : &o->title, lang), 38);
    put_cell(out, slice_str(plan_state_word(lang, (enum status_state)c->state)), 14);
    buf_puts(out, plan_reason_word(lang, (enum status_reason)c->reason));
    if (c->proof != PLAN_NONE) {
        buf_puts(out, "; ");
        proof_say_record(out, lang, l->w, c->proof);
    }
    buf_putc(out, '\n');
    status_count_add(&l->total, c);
    buf_done(&id);
    l->now.cell.unit = PLAN_NONE;
}

/* The same as an object. */
static void put_json_line(struct lines *l)
{
    const struct status_cell *c = &l->now.cell;
    struct buf id = BUF_INIT(400), record = BUF_INIT(4000);
    const struct status_part *part;

    if (c->unit == PLAN_NONE)
        return;
    part = &l->parts[c->part];
    buf_put_slice(&id, l->w->plan->obligations[part->obligation].id);
    if (part->part->id.n)
        buf_printf(&id, "/" SLICE_FMT, SLICE_ARG(part->part->id));
    if (c->proof != PLAN_NONE)
        proof_say_record(&record, l->app->lang, l->w, c->proof);
    view_json_plan_cell(&l->app->out.buf, buf_slice(&id), c, buf_slice(&record));
    status_count_add(&l->total, c);
    buf_done(&id);
    buf_done(&record);
    l->now.cell.unit = PLAN_NONE;
}

static void finish_line(struct lines *l)
{
    if (l->json)
        put_json_line(l);
    else
        put_line(l);
}

static void take_line(void *ctx, const struct status_cell *c)
{
    struct lines *l = ctx;

    if (c->part != l->part)
        finish_line(l);
    l->part = c->part;
    status_now_add(&l->now, c);
}

static int show_unit(struct session *st, const struct status_opts *o, struct proof_world *w)
{
    struct lines l = {.app = st->app, .w = w, .part = PLAN_NONE, .json = o->json};
    uint32_t unit = proof_find_unit_code(w, slice_str(o->unit)), parts;
    struct err err = ERR_INIT;

    if (unit == PLAN_NONE) {
        app_say(st->app, MSG_PLAN_NO_UNIT, o->unit);
        return EX_NOINPUT;
    }
    if (proof_load_unit(w, unit, &err) < 0)
        return session_fail(st, &err);
    l.parts = status_parts(w->status, &parts);
    l.now = (struct status_now){.now = w->in.now, .cell.unit = PLAN_NONE};
    if (!o->json) {
        buf_printf(&st->app->out.buf, SLICE_FMT "\n", SLICE_ARG(w->units[unit].name));
        lang_put(&st->app->out.buf, st->app->lang, MSG_PLAN_AS_OF);
        session_put_time(&st->app->out.buf, w->in.now);
        buf_puts(&st->app->out.buf, "\n\n");
    }
    status_unit_cells(w->status, &w->in, unit, take_line, &l);
    finish_line(&l);
    if (o->json)
        return found(&l.total);
    buf_putc(&st->app->out.buf, '\n');
    put_row(st->app, slice_str(lang_text(st->app->lang, MSG_PLAN_TOTAL)), SLICE(""), &l.total);
    return found(&l.total);
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    const struct status_opts *o = values;
    struct proof_world w;
    struct session st;
    int status = session_open(app, o->state, o->cache ? STATE_WRITE : STATE_READ, &st);

    (void)operands;
    if (status != 0)
        return status;
    status = plan_world(&st, o->plan, o->at, 0, 0, &w);
    if (status == 0) {
        status = o->unit ? show_unit(&st, o, &w) : show_all(&st, o, &w);
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
