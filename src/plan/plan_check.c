/* SPDX-License-Identifier: Apache-2.0 */
/* What can only be checked when the whole plan is known; and small questions about a plan. */
#include "lang/err_plan.h"
#include "lang/near.h"
#include "plan/plan_internal.h"

uint32_t plan_find_clause(const struct plan *p, struct slice number)
{
    for (uint32_t i = 0; i < p->clause_count; i++) {
        if (slice_eq(p->clauses[i].number, number))
            return i;
    }
    return PLAN_NONE;
}

uint32_t plan_find_obligation(const struct plan *p, struct slice id)
{
    for (uint32_t i = 0; i < p->obligation_count; i++) {
        if (slice_eq(p->obligations[i].id, id))
            return i;
    }
    return PLAN_NONE;
}

/* Which obligation is inherited: named, or the same. */
static int resolve_inherit(struct plan_reader *r, uint32_t i)
{
    struct plan_obligation *o = &r->p->obligations[i];
    const struct yaml_node *map = yaml_get(r->obligation_nodes[i], "inherits");
    const struct yaml_node *node = yaml_get(map, "obligation");

    if (o->inherit.scope == PLAN_NONE || yaml_is_null(map))
        return 0;
    o->inherit.obligation = i;
    if (yaml_is_null(node))
        return 0;
    o->inherit.obligation =
        node->kind == YAML_SCALAR ? plan_find_obligation(r->p, node->text) : PLAN_NONE;
    if (o->inherit.obligation == PLAN_NONE)
        return plan_fail_reference(r, node, ERR_PLAN_OBLIGATION, r->p->obligations,
                                   r->p->obligation_count, sizeof(*r->p->obligations));
    return 0;
}

/* From any obligation, following inheritance ends at one that stands alone or at itself. */
static int check_loops(struct plan_reader *r)
{
    const struct plan *p = r->p;

    for (uint32_t i = 0; i < p->obligation_count; i++) {
        uint32_t at = i, steps = 0;

        while (p->obligations[at].inherit.scope != PLAN_NONE &&
               p->obligations[at].inherit.obligation != at && steps <= p->obligation_count) {
            at = p->obligations[at].inherit.obligation;
            steps++;
        }
        if (steps > p->obligation_count)
            return yaml_fail(r->obligation_nodes[i], r->err, CE_CONFLICT,
                             ERR_PLAN_INHERITS_THROUGH_OTHERS_FROM_ITSELF, p->obligations[i].id);
    }
    return 0;
}

static int check_gaps(struct plan_reader *r)
{
    struct yaml_node *list = yaml_get(r->root, "gaps");
    const struct plan *p = r->p;

    for (uint32_t i = 0; i < p->gap_count; i++) {
        if (plan_find_clause(p, p->gaps[i].missing) != PLAN_NONE)
            return yaml_fail(list, r->err, CE_CONFLICT, ERR_PLAN_STATED_MISSING_YET_STANDS_AMONG,
                             p->gaps[i].missing);
        if (p->gaps[i].after.n && plan_find_clause(p, p->gaps[i].after) == PLAN_NONE)
            return yaml_fail(list, r->err, CE_UNKNOWN, ERR_PLAN_GAP_STANDS_AFTER_WHICH_NO,
                             p->gaps[i].after);
    }
    return 0;
}

static int check_titles(struct plan_reader *r)
{
    const struct plan *p = r->p;

    if (p->title.vi.n == 0)
        return yaml_fail(r->root, r->err, CE_MISSING, ERR_PLAN_TITLE_MISSING);
    for (uint32_t i = 0; i < p->obligation_count; i++) {
        if (p->obligations[i].title.vi.n == 0 || p->obligations[i].title.en.n == 0)
            return yaml_fail(r->obligation_nodes[i], r->err, CE_MISSING,
                             ERR_PLAN_TITLE_NEEDS_VI_AND_EN, p->obligations[i].id);
        if (p->obligations[i].from >= p->obligations[i].until)
            return yaml_fail(r->obligation_nodes[i], r->err, CE_RANGE, ERR_PLAN_ENDS_BEFORE_BEGINS,
                             p->obligations[i].id);
    }
    return 0;
}

int plan_check(struct plan_reader *r)
{
    for (uint32_t i = 0; i < r->p->obligation_count; i++) {
        if (resolve_inherit(r, i) < 0)
            return -r->err->code;
    }
    if (check_loops(r) < 0 || check_gaps(r) < 0)
        return -r->err->code;
    return check_titles(r);
}

void plan_window(const struct plan *p, const struct calendar *calendar, unsigned level,
                 struct window_part *phases, struct window *ret)
{
    for (uint32_t i = 0; i < p->phase_count; i++)
        phases[i] = (struct window_part){p->phases[i].id, p->phases[i].from, p->phases[i].until};
    *ret = (struct window){.offset_s = p->offset_s,
                           .start = p->start,
                           .end = p->end,
                           .phases = phases,
                           .phase_count = p->phase_count,
                           .shifts = p->shifts,
                           .shift_count = p->shift_count,
                           .calendar = calendar,
                           .level = level};
}

const struct title *plan_name(const void *plan, bool event, struct slice name)
{
    const struct plan *p = plan;
    uint32_t i;

    if (event) {
        i = catalogue_find(p->catalogue, WORDS_EVENTS, name);
        return i == PLAN_NONE ? NULL : &p->catalogue->words[WORDS_EVENTS][i].title;
    }
    for (i = 0; i < p->phase_count; i++) {
        if (slice_eq(p->phases[i].id, name))
            return &p->phases[i].title;
    }
    return NULL;
}

bool plan_part_waits(const struct plan *p, const struct plan_part *part)
{
    for (uint32_t i = 0; i < part->kind_count; i++) {
        if (p->catalogue->evidence[part->kinds[i]].waits.n == 0)
            return false;
    }
    return true;
}

static bool row_seen(const struct plan *p, uint32_t i)
{
    for (uint32_t k = 0; k < i; k++) {
        if (slice_eq(p->obligations[k].row, p->obligations[i].row))
            return true;
    }
    return false;
}

void plan_count(const struct plan *p, struct plan_count *ret)
{
    *ret = (struct plan_count){.obligations = p->obligation_count};
    for (uint32_t i = 0; i < p->obligation_count; i++) {
        const struct plan_obligation *o = &p->obligations[i];
        bool waits = false;

        ret->rows += !row_seen(p, i);
        ret->by[o->by]++;
        ret->parts += o->part_count;
        ret->unchecked += !o->checked;
        for (uint32_t k = 0; k < o->part_count; k++)
            waits = waits || plan_part_waits(p, &o->parts[k]);
        ret->waiting += waits;
    }
    for (uint32_t i = 0; i < p->clause_count; i++)
        ret->unchecked += !p->clauses[i].checked;
}
