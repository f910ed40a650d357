/* SPDX-License-Identifier: Apache-2.0 */
#include "view/plans.h"

#include "lang/msg_plan.h"
#include "state/plans.h"

static const struct table_column columns[] = {
    {.key = "plan", .title = MSG_PLAN_COL_PLAN},
    {.key = "state", .title = MSG_PLAN_COL_STATE, .kind = TABLE_WORD},
    {.key = "start", .title = MSG_PLAN_COL_START, .kind = TABLE_TIME, .rank = 1},
    {.key = "end", .title = MSG_PLAN_COL_END, .kind = TABLE_TIME, .rank = 2},
    {.key = "title", .title = MSG_PLAN_COL_TITLE, .width = 20, .wrap = true},
};

struct plans_ctx {
    const struct view_ctx *c;
    struct table *t;
};

static int write_plan(void *u, const struct state_plan *p)
{
    static const struct view_word states[] = {
        [STATE_PLAN_DRAFT] = {"draft", MSG_PLAN_IS_DRAFT},
        [STATE_PLAN_APPROVED] = {"approved", MSG_PLAN_IS_APPROVED},
        [STATE_PLAN_ACTIVE] = {"active", MSG_PLAN_IS_ACTIVE},
        [STATE_PLAN_CLOSED] = {"closed", MSG_PLAN_IS_CLOSED},
    };
    const struct plans_ctx *x = u;
    struct table *t = x->t;
    bool known = p->state > 0 && (size_t)p->state < CANH_LEN(states);

    table_text(t, p->code);
    view_write_word(t, &states[known ? (size_t)p->state : STATE_PLAN_DRAFT]);
    table_time(t, p->start);
    view_write_end(x->c, t, p->stop == STATE_FOREVER ? 0 : p->stop);
    table_text(t, p->title);
    table_row_end(t);
    return 0;
}

int view_plans(const struct view_ctx *c, struct table *ret, struct err *err)
{
    struct state_query all = {.limit = 0};
    struct plans_ctx x = {c, ret};

    VIEW_BEGIN(c, ret, "plans", columns);
    return view_end(ret, state_plan_each(c->state, c->actor, &all, write_plan, &x, err), err);
}

#define COUNT_COLUMNS                                                                              \
    {.key = "title", .title = MSG_PLAN_COL_TITLE, .rank = 4, .width = 20, .wrap = true},           \
        {.key = "proved", .title = MSG_PLAN_COL_PROVED, .kind = TABLE_DECIMAL},                    \
        {.key = "declared", .title = MSG_PLAN_COL_DECLARED, .kind = TABLE_DECIMAL},                \
        {.key = "not_yet", .title = MSG_PLAN_COL_NOT_YET, .kind = TABLE_DECIMAL},                  \
        {.key = "unknown", .title = MSG_PLAN_COL_UNKNOWN, .kind = TABLE_DECIMAL},                  \
        {.key = "missed", .title = MSG_PLAN_COL_MISSED, .kind = TABLE_DECIMAL},                    \
        {.key = "open", .title = MSG_PLAN_COL_OPEN, .kind = TABLE_NUMBER, .rank = 1},              \
        {.key = "due", .title = MSG_PLAN_COL_DUE, .kind = TABLE_NUMBER, .rank = 2},

static const struct table_column count_columns[] = {{.key = "name", .title = MSG_PLAN_COL_NAME},
                                                    COUNT_COLUMNS};
static const struct table_column unit_columns[] = {{.key = "name", .title = MSG_PLAN_COL_UNIT},
                                                   COUNT_COLUMNS};

/* A share in tenths of a percent; a dash for none. */
static void write_share(struct table *t, uint16_t share, enum table_mark mark)
{
    if (share == 0) {
        table_nothing(t);
        return;
    }
    table_decimal(t, share / 10.0, 1);
    table_mark(t, mark);
}

static void write_count(struct table *t, const struct view_plan_count *x)
{
    const struct status_count *c = x->count;
    struct status_shares s = status_share(c);

    table_text(t, x->name);
    table_text(t, x->title);
    write_share(t, s.proved, TABLE_GOOD);
    write_share(t, s.declared, TABLE_PLAIN);
    write_share(t, s.not_yet, TABLE_PLAIN);
    write_share(t, s.unknown, TABLE_UNKNOWN);
    write_share(t, s.missed, TABLE_BAD);
    table_number(t, (int64_t)c->states[STATUS_DUE] + c->states[STATUS_IN_PROGRESS]);
    table_number(t, status_count_total(c));
    table_row_end(t);
}

int view_plan_counts(const struct view_ctx *c, const struct view_plan_count *rows, size_t n,
                     struct table *ret, struct err *err)
{
    VIEW_BEGIN(c, ret, "plan-standing", count_columns);
    for (size_t i = 0; i < n; i++)
        write_count(ret, &rows[i]);
    return view_end(ret, 0, err);
}

int view_plan_unit_counts(const struct view_ctx *c, const struct view_plan_count *rows, size_t n,
                          struct table *ret, struct err *err)
{
    VIEW_BEGIN(c, ret, "plan-standing", unit_columns);
    for (size_t i = 0; i < n; i++)
        write_count(ret, &rows[i]);
    return view_end(ret, 0, err);
}

static const struct table_column cell_columns[] = {
    {.key = "obligation", .title = MSG_PLAN_COL_OBLIGATION},
    {.key = "title",
     .title = MSG_PLAN_COL_TITLE,
     .reader = TABLE_PEOPLE,
     .rank = 1,
     .width = 16,
     .wrap = true},
    {.key = "state", .title = MSG_PLAN_COL_STATE, .kind = TABLE_WORD, .wrap = true},
    {.key = "reason", .title = MSG_PLAN_COL_REASON, .kind = TABLE_WORD, .width = 14, .wrap = true},
    {.key = "strength",
     .title = MSG_PLAN_COL_STRENGTH,
     .kind = TABLE_WORD,
     .reader = TABLE_PROGRAMS},
    {.key = "from", .title = MSG_PLAN_COL_START, .kind = TABLE_TIME, .reader = TABLE_PROGRAMS},
    {.key = "until", .title = MSG_PLAN_COL_END, .kind = TABLE_TIME, .reader = TABLE_PROGRAMS},
    {.key = "record", .title = MSG_PLAN_COL_RECORD, .width = 18, .wrap = true},
};

void view_plan_cells(const struct view_ctx *c, struct table *ret)
{
    VIEW_BEGIN(c, ret, "plan-cells", cell_columns);
}

static void write_word(struct table *t, const char *key, const char *text)
{
    table_word_text(t, slice_str(key), slice_str(text));
}

static enum table_mark mark_of(enum status_state s)
{
    return s == STATUS_MET                              ? TABLE_GOOD
           : s == STATUS_NOT_MET || s == STATUS_OVERDUE ? TABLE_BAD
           : s == STATUS_UNKNOWN                        ? TABLE_UNKNOWN
                                                        : TABLE_PLAIN;
}

void view_plan_cell_write(const struct view_ctx *c, struct proof_world *w,
                          const struct status_cell *cell, struct table *t)
{
    const struct status_part *part = &status_parts(w->status, &(uint32_t){0})[cell->part];
    const struct plan_obligation *o = &w->plan->obligations[part->obligation];
    struct buf id = BUF_INIT(400), record = BUF_INIT(4000);

    buf_append_slice(&id, o->id);
    if (part->part->id.n)
        buf_printf(&id, "/" SLICE_FMT, SLICE_ARG(part->part->id));
    if (cell->proof != PLAN_NONE)
        proof_describe_record(&record, c->lang, w, cell->proof);
    table_text(t, buf_slice(&id));
    table_text(t, title_in(part->part->id.n ? &part->part->title : &o->title, c->lang));
    write_word(t, status_state_to_str((enum status_state)cell->state),
               view_plan_state_word(c->lang, (enum status_state)cell->state));
    table_mark(t, mark_of((enum status_state)cell->state));
    write_word(t, status_reason_to_str((enum status_reason)cell->reason),
               view_plan_reason_word(c->lang, (enum status_reason)cell->reason));
    write_word(t, strength_to_str((enum strength)cell->strength),
               view_plan_strength_word(c->lang, (enum strength)cell->strength));
    table_time(t, cell->period.from);
    table_time(t, cell->period.until);
    table_text(t, buf_slice(&record));
    table_row_end(t);
    buf_done(&id);
    buf_done(&record);
}

const char *view_plan_state_word(enum lang lang, enum status_state s)
{
    static const msg_id words[STATUS_STATE_MAX] = {
        [STATUS_NOT_DUE] = MSG_PLAN_STATE_NOT_DUE,
        [STATUS_MET] = MSG_PLAN_STATE_MET,
        [STATUS_EXEMPT] = MSG_PLAN_STATE_EXEMPT,
        [STATUS_IN_PROGRESS] = MSG_PLAN_STATE_IN_PROGRESS,
        [STATUS_DUE] = MSG_PLAN_STATE_DUE,
        [STATUS_NOT_YET] = MSG_PLAN_STATE_NOT_YET,
        [STATUS_UNKNOWN] = MSG_PLAN_STATE_UNKNOWN,
        [STATUS_OVERDUE] = MSG_PLAN_STATE_OVERDUE,
        [STATUS_NOT_MET] = MSG_PLAN_STATE_NOT_MET,
    };

    return lang_text(lang, words[s]);
}

const char *view_plan_reason_word(enum lang lang, enum status_reason r)
{
    static const msg_id words[REASON_MAX] = {
        [REASON_PROVEN] = MSG_PLAN_REASON_PROVEN,
        [REASON_PROVEN_LATE] = MSG_PLAN_REASON_PROVEN_LATE,
        [REASON_COVERED] = MSG_PLAN_REASON_COVERED,
        [REASON_SHOWN_BAD] = MSG_PLAN_REASON_SHOWN_BAD,
        [REASON_BROKEN] = MSG_PLAN_REASON_BROKEN,
        [REASON_HOLES] = MSG_PLAN_REASON_HOLES,
        [REASON_SILENT] = MSG_PLAN_REASON_SILENT,
        [REASON_MISSED] = MSG_PLAN_REASON_MISSED,
        [REASON_LATE] = MSG_PLAN_REASON_LATE,
        [REASON_WEAK] = MSG_PLAN_REASON_WEAK,
        [REASON_EXPIRED] = MSG_PLAN_REASON_EXPIRED,
        [REASON_WAITS] = MSG_PLAN_REASON_WAITS,
        [REASON_EXEMPT] = MSG_PLAN_REASON_EXEMPT,
        [REASON_NOT_YET] = MSG_PLAN_REASON_NOT_YET,
        [REASON_STARTED] = MSG_PLAN_REASON_STARTED,
        [REASON_RUNNING] = MSG_PLAN_REASON_RUNNING,
        [REASON_AHEAD] = MSG_PLAN_REASON_AHEAD,
        [REASON_SUPERSEDED] = MSG_PLAN_REASON_SUPERSEDED,
        [REASON_TOO_LATE] = MSG_PLAN_REASON_TOO_LATE,
    };

    return lang_text(lang, words[r]);
}

const char *view_plan_strength_word(enum lang lang, enum strength s)
{
    static const msg_id words[] = {MSG_PLAN_STRENGTH_NONE, MSG_PLAN_STRENGTH_DECLARED,
                                   MSG_PLAN_STRENGTH_CONFIRMED, MSG_PLAN_STRENGTH_MEASURED};

    return lang_text(lang, words[s]);
}

const char *view_plan_origin_word(enum lang lang, enum plan_origin o)
{
    static const msg_id words[ORIGIN_MAX] = {MSG_PLAN_ORIGIN_DOCUMENT, MSG_PLAN_ORIGIN_LAW,
                                             MSG_PLAN_ORIGIN_PROPOSAL};

    return lang_text(lang, words[o]);
}
