/* SPDX-License-Identifier: Apache-2.0 */
#include "overview/counts.h"

/* Cells come by unit, part and time: one part's state now is known when the next begins. */
struct count_job {
    const struct overview_counts_request *request;
    const struct status_part *parts;
    struct overview_counts *to;
    struct status_now now;
    uint32_t unit, part;
};

static uint32_t row_of(const struct count_job *job, const struct status_cell *c)
{
    uint32_t obligation = job->parts[c->part].obligation;

    switch (job->request->by) {
    case OVERVIEW_BY_UNIT:
        return c->unit;
    case OVERVIEW_BY_OBLIGATION:
        return obligation;
    default:
        return job->to->w->plan->obligations[obligation].clause;
    }
}

static void add_cell(struct count_job *job, const struct status_cell *c)
{
    status_count_add(&job->to->rows[row_of(job, c)], c);
    status_count_add(&job->to->total, c);
}

static void finish_part(struct count_job *job)
{
    if (job->now.cell.unit != PLAN_NONE)
        add_cell(job, &job->now.cell);
    job->now.cell.unit = PLAN_NONE;
}

static void count_cell(void *ctx, const struct status_cell *c)
{
    struct count_job *job = ctx;

    if (job->request->whole) {
        add_cell(job, c);
        return;
    }
    if (c->unit != job->unit || c->part != job->part)
        finish_part(job);
    job->unit = c->unit;
    job->part = c->part;
    status_now_add(&job->now, c);
}

static uint32_t rows_of(const struct proof_world *w, enum overview_by by)
{
    return by == OVERVIEW_BY_UNIT         ? w->unit_count
           : by == OVERVIEW_BY_OBLIGATION ? w->plan->obligation_count
                                          : w->plan->clause_count;
}

int overview_count(struct proof_world *w, const struct overview_counts_request *request,
                   struct overview_counts *ret, struct err *err)
{
    struct count_job job = {.request = request, .to = ret, .unit = PLAN_NONE, .part = PLAN_NONE};
    uint32_t parts;
    int r;

    *ret =
        (struct overview_counts){.by = request->by, .w = w, .row_count = rows_of(w, request->by)};
    ret->rows = arena_new_array(w->arena, ret->row_count + 1, struct status_count);
    if (ret->rows == NULL)
        return err_nomem(err);
    job.parts = status_parts(w->status, &parts);
    job.now = (struct status_now){.now = w->in.now, .cell.unit = PLAN_NONE};
    r = proof_each_unit(w, count_cell, &job, request->cache, err);
    if (r < 0)
        return r;
    finish_part(&job);
    return 0;
}

struct slice overview_count_name(const struct overview_counts *c, uint32_t row, enum lang lang,
                                 struct slice *ret_title)
{
    const struct plan *p = c->w->plan;
    struct title title;

    switch (c->by) {
    case OVERVIEW_BY_UNIT:
        *ret_title = c->w->units[row].name;
        return c->w->units[row].code;
    case OVERVIEW_BY_OBLIGATION:
        *ret_title = title_in(&p->obligations[row].title, lang);
        return p->obligations[row].id;
    default:
        title = plan_clause_title(&p->clauses[row]);
        *ret_title = title_in(&title, lang);
        return p->clauses[row].number;
    }
}
