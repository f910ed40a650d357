/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Phương án": how every clause stands at every unit, and behind each figure the obligations with
 * the record that decided. What all units are counted from is much: it is kept for a while, and
 * says when it was made.
 */
#include <stdlib.h>

#include "base/time.h"
#include "lang/err_web.h"
#include "proof/proof.h"
#include "view/plans.h"
#include "web/web_internal.h"

enum { MATRICES = 2 };
#define MATRIX_LASTS TIME_MINUTE

struct matrix {
    struct state_id scope;
    enum state_role role;
    enum lang lang;
    int64_t at; /* 0: none */
    bool no_plan;
    struct arena arena;
    struct slice title;
    struct slice *clauses, *clause_titles, *units, *unit_names;
    uint32_t clause_count, unit_count;
    bool *seen;                  /* units that the visitor may read */
    struct status_count *counts; /* unit × clause */
};

struct matrices {
    struct matrix items[MATRICES];
};

struct matrices *matrices_new(void)
{
    return calloc(1, sizeof(struct matrices));
}

struct matrices *matrices_free(struct matrices *all)
{
    for (size_t i = 0; all && i < MATRICES; i++)
        arena_done(&all->items[i].arena);
    free(all);
    return NULL;
}

/* Cells come by unit, part and time: how a part stands now is known when the next one begins. */
struct count_ctx {
    struct matrix *m;
    const struct proof_world *w;
    const struct status_part *parts;
    struct status_now now;
    uint32_t unit, part;
};

static void plan_finish(struct count_ctx *c)
{
    const struct status_cell *cell = &c->now.cell;
    uint32_t clause;

    if (cell->unit != PLAN_NONE) {
        clause = c->w->plan->obligations[c->parts[cell->part].obligation].clause;
        status_count_add(&c->m->counts[(size_t)cell->unit * c->m->clause_count + clause], cell);
    }
    c->now.cell.unit = PLAN_NONE;
}

static void count_cell(void *ctx, const struct status_cell *cell)
{
    struct count_ctx *c = ctx;

    if (cell->unit != c->unit || cell->part != c->part)
        plan_finish(c);
    c->unit = cell->unit;
    c->part = cell->part;
    status_now_add(&c->now, cell);
}

/* What others keep for themselves is not counted: it would look as if it were not there. */
static int count_units(struct matrix *m, struct proof_world *w, struct visit *v, struct err *err)
{
    struct count_ctx c = {.m = m, .w = w, .unit = PLAN_NONE, .part = PLAN_NONE};
    uint32_t parts;
    int r = 0;

    c.parts = status_parts(w->status, &parts);
    c.now = (struct status_now){.now = w->in.now, .cell.unit = PLAN_NONE};
    for (uint32_t u = 0; r == 0 && u < w->unit_count; u++) {
        m->seen[u] = state_may_read(v->s, &v->who.actor, w->units[u].id);
        if (!m->seen[u])
            continue;
        r = proof_load_unit(w, u, err);
        if (r == 0)
            status_unit_cells(w->status, &w->in, u, count_cell, &c);
        plan_finish(&c);
    }
    return r;
}

static int plan_fill(struct matrix *m, struct proof_world *w, struct visit *v, struct err *err)
{
    m->title = arena_dup(&m->arena, title_in(&w->plan->title, v->lang));
    m->clause_count = w->plan->clause_count;
    m->unit_count = w->unit_count;
    m->clauses = arena_new_array(&m->arena, m->clause_count + 1, struct slice);
    m->clause_titles = arena_new_array(&m->arena, m->clause_count + 1, struct slice);
    m->units = arena_new_array(&m->arena, m->unit_count + 1, struct slice);
    m->unit_names = arena_new_array(&m->arena, m->unit_count + 1, struct slice);
    m->seen = arena_new_array(&m->arena, m->unit_count + 1, bool);
    m->counts = arena_new_array(&m->arena, (size_t)m->unit_count * m->clause_count + 1,
                                struct status_count);
    if (!m->clauses || !m->clause_titles || !m->units || !m->unit_names || !m->seen || !m->counts)
        return err_nomem(err);
    for (uint32_t i = 0; i < m->clause_count; i++) {
        const struct title title = plan_clause_title(&w->plan->clauses[i]);

        m->clauses[i] = arena_dup(&m->arena, w->plan->clauses[i].number);
        m->clause_titles[i] = arena_dup(&m->arena, title_in(&title, v->lang));
    }
    for (uint32_t i = 0; i < m->unit_count; i++) {
        m->units[i] = arena_dup(&m->arena, w->units[i].code);
        m->unit_names[i] = arena_dup(&m->arena, w->units[i].name);
    }
    return count_units(m, w, v, err);
}

static int open_world(struct visit *v, struct arena *arena, struct proof_world *w, bool *no_plan,
                      struct err *err)
{
    struct proof_options opt = {.now = state_now(v->s)};
    struct err why = ERR_INIT;
    int r = proof_open(arena, v->s, &v->who.actor, &opt, w, &why);

    *no_plan = r == -CE_NOT_FOUND || r == -CE_CONFLICT;
    if (r < 0 && !*no_plan)
        *err = why;
    return *no_plan ? 0 : r;
}

static int find_matrix(struct visit *v, const struct matrix **ret, struct err *err)
{
    struct matrix *oldest = &v->web->matrices->items[0];
    int64_t now = state_now(v->s);
    struct arena work = ARENA_INIT((size_t)512 << 20);
    struct proof_world w;
    int r;

    for (size_t i = 0; i < MATRICES; i++) {
        struct matrix *m = &v->web->matrices->items[i];

        if (m->at && m->at <= now && now - m->at < MATRIX_LASTS && m->lang == v->lang &&
            m->role == v->who.actor.role && id_eq(m->scope, v->who.actor.unit)) {
            *ret = m;
            return 0;
        }
        if (m->at < oldest->at)
            oldest = m;
    }
    arena_done(&oldest->arena);
    *oldest = (struct matrix){.scope = v->who.actor.unit,
                              .role = v->who.actor.role,
                              .lang = v->lang,
                              .arena = ARENA_INIT((size_t)64 << 20)};
    r = open_world(v, &work, &w, &oldest->no_plan, err);
    if (r == 0 && !oldest->no_plan) {
        r = plan_fill(oldest, &w, v, err);
        proof_close(&w);
    }
    arena_done(&work);
    if (r == 0)
        oldest->at = now;
    *ret = oldest;
    return r;
}

static uint32_t total_of(const struct status_count *c)
{
    return status_count_total(c);
}

/* Asked at all, be it due or not. */
static bool is_asked(const struct status_count *c)
{
    for (unsigned i = 0; i < STATUS_STATE_MAX; i++)
        if (c->states[i])
            return true;
    return false;
}

static const char *mark_of(const struct status_count *c)
{
    if (total_of(c) == 0)
        return "none";
    if (c->states[STATUS_NOT_MET] + c->states[STATUS_OVERDUE])
        return "bad";
    if (c->states[STATUS_UNKNOWN])
        return "unknown";
    return c->states[STATUS_NOT_YET] ? "warn" : "good";
}

static void write_href(struct page_scope *p, struct slice unit, struct slice clause)
{
    struct buf href = BUF_INIT(1000);

    buf_puts(&href, "/plan/cells?unit=");
    uri_write_escaped(&href, unit);
    buf_puts(&href, "&clause=");
    uri_write_escaped(&href, clause);
    page_set_buf(p, "cell_href", &href);
}

static void write_count(struct page_scope *p, const struct status_count *c)
{
    struct buf text = BUF_INIT(40);

    if (total_of(c) > 0)
        buf_printf(&text, "%u/%u", c->states[STATUS_MET], total_of(c));
    else
        buf_puts(&text, "–");
    page_set_text(p, "cell_mark", mark_of(c));
    page_set_flag(p, "cell_any", is_asked(c));
    page_set_buf(p, "cell_text", &text);
    page_set_i64(p, "cell_proved", c->proved);
    page_set_i64(p, "cell_declared", c->declared);
    page_set_i64(p, "cell_missed", c->states[STATUS_NOT_MET] + c->states[STATUS_OVERDUE]);
    page_set_i64(p, "cell_unknown", c->states[STATUS_UNKNOWN]);
}

/* Headings of the document, and what is asked of none of the visitor's units, have no column. */
static bool is_asked_of_any(const struct matrix *m, uint32_t clause)
{
    for (uint32_t u = 0; u < m->unit_count; u++)
        if (m->seen[u] && is_asked(&m->counts[(size_t)u * m->clause_count + clause]))
            return true;
    return false;
}

static void write_row(struct visit *v, const struct matrix *m, uint32_t u, const bool *columns)
{
    struct page_scope *row = page_add(v->page, "units");

    page_set(row, "unit_code", m->units[u]);
    page_set(row, "unit_name", m->unit_names[u]);
    for (uint32_t i = 0; i < m->clause_count; i++) {
        struct page_scope *cell;

        if (!columns[i])
            continue;
        cell = page_add(row, "cells");
        write_count(cell, &m->counts[(size_t)u * m->clause_count + i]);
        write_href(cell, m->units[u], m->clauses[i]);
        page_set(cell, "clause", m->clauses[i]);
    }
}

static int write_matrix(struct visit *v, const struct matrix *m, struct err *err)
{
    bool *columns = arena_new_array(v->arena, m->clause_count + 1, bool);
    uint32_t shown = 0;

    if (columns == NULL)
        return err_nomem(err);
    for (uint32_t i = 0; i < m->clause_count; i++) {
        struct page_scope *head;

        columns[i] = is_asked_of_any(m, i);
        if (!columns[i])
            continue;
        head = page_add(v->page, "clauses");
        page_set(head, "clause", m->clauses[i]);
        page_set(head, "clause_title", m->clause_titles[i]);
    }
    for (uint32_t u = 0; u < m->unit_count; u++)
        if (m->seen[u] && shown++ < TABLE_LINES)
            write_row(v, m, u, columns);
    page_set_flag(v->page, "units_cut", shown > TABLE_LINES);
    return 0;
}

/* One clause at all units that it asks something of. */
static int write_clause(struct visit *v, const struct matrix *m, struct slice clause,
                        struct err *err)
{
    uint32_t i = 0;

    while (i < m->clause_count && !slice_eq(m->clauses[i], clause))
        i++;
    if (i == m->clause_count)
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    page_set(v->page, "clause", m->clauses[i]);
    page_set(v->page, "clause_title", m->clause_titles[i]);
    for (uint32_t u = 0; u < m->unit_count; u++) {
        const struct status_count *c = &m->counts[(size_t)u * m->clause_count + i];
        struct page_scope *row;

        if (!is_asked(c))
            continue;
        row = page_add(v->page, "asked");
        page_set(row, "unit_name", m->unit_names[u]);
        write_count(row, c);
        write_href(row, m->units[u], m->clauses[i]);
    }
    return 0;
}

int page_plan(struct visit *v, struct err *err)
{
    struct slice clause = visit_query(v, "clause");
    const struct matrix *m = NULL;
    int r = find_matrix(v, &m, err);

    if (r < 0)
        return r;
    page_set_flag(v->page, "no_plan", m->no_plan);
    page_set(v->page, "plan_title", m->title);
    page_set_flag(v->page, "one_clause", clause.n > 0 && !m->no_plan);
    if (clause.n > 0 && !m->no_plan)
        r = write_clause(v, m, clause, err);
    else if (!m->no_plan)
        r = write_matrix(v, m, err);
    page_set_when(v->page, "now", m->at, state_now(v->s));
    return r < 0 ? r : visit_page(v, "plan", err);
}

/* One unit, of one clause or of all: each obligation as it stands now, with the record that
 * decided. */

struct cells {
    struct visit *v;
    struct proof_world *w;
    const struct view_ctx *view;
    const struct status_part *parts;
    struct table *t;
    struct status_now now;
    uint32_t part;
    struct slice clause;
};

static void finish_cell(struct cells *c)
{
    const struct status_cell *cell = &c->now.cell;

    if (cell->unit != PLAN_NONE) {
        uint32_t clause = c->w->plan->obligations[c->parts[cell->part].obligation].clause;

        if (c->clause.n == 0 || slice_eq(c->w->plan->clauses[clause].number, c->clause))
            view_plan_cell_write(c->view, c->w, cell, c->t);
    }
    c->now.cell.unit = PLAN_NONE;
}

static void add_cell(void *ctx, const struct status_cell *cell)
{
    struct cells *c = ctx;

    if (cell->part != c->part)
        finish_cell(c);
    c->part = cell->part;
    status_now_add(&c->now, cell);
}

static int show_cells(struct visit *v, struct proof_world *w, uint32_t unit, struct err *err)
{
    const struct view_ctx view = visit_view(v);
    struct table t;
    struct cells c = {.v = v,
                      .w = w,
                      .view = &view,
                      .t = &t,
                      .part = PLAN_NONE,
                      .clause = visit_query(v, "clause")};
    uint32_t parts;
    int r = proof_load_unit(w, unit, err);

    if (r < 0)
        return r;
    c.parts = status_parts(w->status, &parts);
    c.now = (struct status_now){.now = w->in.now, .cell.unit = PLAN_NONE};
    view_plan_cells(&view, &t);
    status_unit_cells(w->status, &w->in, unit, add_cell, &c);
    finish_cell(&c);
    page_set(v->page, "unit_name", w->units[unit].name);
    page_set(v->page, "clause", c.clause);
    page_set(v->page, "table_title", c.clause.n ? c.clause : w->units[unit].name);
    visit_write_table(v, v->page, &t);
    page_set_when(v->page, "now", view.at, view.at);
    r = visit_page(v, "plan-cells", err);
    table_done(&t);
    return r;
}

int page_plan_cells(struct visit *v, struct err *err)
{
    struct arena work = ARENA_INIT((size_t)512 << 20);
    struct proof_world w;
    bool no_plan;
    uint32_t unit;
    int r = open_world(v, &work, &w, &no_plan, err);

    if (r == 0 && no_plan)
        r = err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    if (r < 0) {
        arena_done(&work);
        return r;
    }
    unit = proof_find_unit_code(&w, visit_query(v, "unit"));
    r = unit == PLAN_NONE || !state_may_read(v->s, &v->who.actor, w.units[unit].id)
            ? err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING)
            : show_cells(v, &w, unit, err);
    proof_close(&w);
    arena_done(&work);
    return r;
}
