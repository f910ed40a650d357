/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is left of a rule on events that can only carry certain fields: an atom over any other
 * field is decided (absent), and with it perhaps the whole rule.
 */
#include "sigma/comparison.h"
#include "sigma/pipeline_internal.h"

enum reach_result { NEVER, ALWAYS, DEPENDS };

struct reach {
    const struct map *fields;
    bool negated_absent; /* a field that is not there, under an odd number of NOTs */
};

static bool has_field(const struct reach *re, struct slice field)
{
    return field.n == 0 || map_get(re->fields, field, NULL);
}

static enum reach_result judge_atom(struct reach *re, const struct atom *atom, bool negated)
{
    bool there = has_field(re, atom->field) && has_field(re, comparison_other(atom));

    if (there)
        return DEPENDS;
    if (comparison_absent(atom))
        return ALWAYS;
    re->negated_absent = re->negated_absent || negated;
    return NEVER;
}

/* Depth is bounded: the expression has been walked before. */
static enum reach_result pipeline_reach_judge(struct reach *re, const struct expr *e, bool negated)
{
    enum reach_result decides = e->op == EXPR_AND ? NEVER : ALWAYS, rest, v;

    switch (e->op) {
    case EXPR_FALSE:
        return NEVER;
    case EXPR_TRUE:
        return ALWAYS;
    case EXPR_ATOM:
        return judge_atom(re, e->atom, negated);
    case EXPR_NOT:
        v = pipeline_reach_judge(re, e->kids[0], !negated);
        return v == DEPENDS ? DEPENDS : v == NEVER ? ALWAYS : NEVER;
    case EXPR_AND:
    case EXPR_OR:
        break;
    }
    rest = decides == NEVER ? ALWAYS : NEVER;
    for (uint32_t i = 0; i < e->count; i++) {
        v = pipeline_reach_judge(re, e->kids[i], negated);
        if (v == decides)
            rest = decides;
        else if (v == DEPENDS && rest != decides)
            rest = DEPENDS;
    }
    return rest;
}

bool reach_is_open(const struct expr *condition, const struct map *fields, bool strict)
{
    struct reach re = {fields, false};

    return pipeline_reach_judge(&re, condition, false) == DEPENDS && !(strict && re.negated_absent);
}
