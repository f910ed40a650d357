/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a rule file. What is read must be well-formed (expr.h), mean the same when read
 * again, and be something the oracle can evaluate; filters are applied to the rules beside them,
 * and correlations are tied to them.
 */
#include <stdlib.h>

#include "../tests/support/err_words.h"
#include "oracle.h"
#include "sigma/correlation.h"
#include "sigma/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct slice users[] = {SLICE_INIT("alice"), SLICE_INIT("b*b")};
static const struct placeholder placeholders[] = {
    {.name = SLICE_INIT("users"), .values = users, .count = 2},
    {.name = SLICE_INIT("u"), .values = users, .count = 2},
};
static const struct rule_options options = {.placeholders = placeholders,
                                            .placeholder_count = 2,
                                            .sigma_2_2 = true};

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_pattern(const struct pattern *p)
{
    for (uint32_t i = 0; i < p->count; i++) {
        check(p->parts[i].kind <= PART_ONE);
        check(p->parts[i].kind != PART_TEXT || p->parts[i].text.n > 0);
        if (i > 0 && p->parts[i].kind != PART_ONE)
            check(p->parts[i].kind != p->parts[i - 1].kind);
    }
}

static void check_atom(const struct atom *a)
{
    check(a->op <= ATOM_TIMEPART && a->line > 0);
    if (a->field.n == 0)
        check(a->op == ATOM_PATTERN || a->op == ATOM_REGEX);
    if (a->op == ATOM_PATTERN)
        check_pattern(&a->pattern);
    if (a->op == ATOM_CIDR)
        check(a->cidr.bits <= (a->cidr.v6 ? 128 : 32));
    if (a->op == ATOM_FIELDREF)
        check(a->ref.other.n > 0);
}

static void check_expr(const struct expr *e)
{
    check(e->op == EXPR_ATOM || e->op == EXPR_NOT || e->op == EXPR_AND || e->op == EXPR_OR);
    if (e->op == EXPR_ATOM)
        check_atom(e->atom);
    else
        check(e->op == EXPR_NOT ? e->count == 1 : e->count > 1);
    for (uint32_t i = 0; i < e->count; i++)
        check_expr(e->kids[i]);
}

static bool same(const struct expr *a, const struct expr *b)
{
    if (a->op != b->op || a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        if (!same(a->kids[i], b->kids[i]))
            return false;
    }
    return a->op != EXPR_ATOM ||
           (a->atom->op == b->atom->op && slice_eq(a->atom->field, b->atom->field));
}

static void check_rules(struct arena *arena, const struct rule_file *f, const struct rule_file *g)
{
    struct oracle_field fields[] = {
        {.name = SLICE_INIT("a"), .type = VALUE_STRING, .text = SLICE_INIT("C:\\x \xC4\x90 -a /b")},
        {.name = SLICE_INIT("a"), .type = VALUE_NUMBER, .text = SLICE_INIT("4688")},
        {.name = SLICE_INIT("b"), .type = VALUE_NULL},
        {.name = SLICE_INIT("t"), .type = VALUE_STRING, .text = SLICE_INIT("2024-01-02T03:04:05Z")},
    };
    struct oracle_event event = {.fields = fields, .count = CANH_LEN(fields)};
    struct oracle *o = oracle_new();

    check(o != NULL && oracle_event_fold(arena, &event) == 0);
    check(f->rule_count == g->rule_count && f->problem_count == g->problem_count);
    for (uint32_t i = 0; i < f->rule_count; i++) {
        const struct sigma_rule *r = f->rules[i];

        check_expr(r->condition);
        check(same(r->condition, g->rules[i]->condition));
        check(r->content_hash == g->rules[i]->content_hash);
        check(r->title.n > 0 && r->level < LEVEL_MAX && r->status < STATUS_MAX);
        (void)oracle_matches(o, r->condition, &event);
    }
    (void)oracle_free(o);
}

static void check_correlation(const struct rule_file *f, const struct sigma_correlation *c)
{
    if (c->broken)
        return;
    check(c->ref_count > 0 && c->ref_count <= CORRELATION_RULES_MAX && c->seconds > 0);
    check(c->depth > 0 && c->depth <= CORRELATION_DEPTH_MAX && c->type < CORRELATION_TYPE_MAX);
    for (uint32_t i = 0; i < c->ref_count; i++) {
        check((c->refs[i].correlation != NULL) != (c->refs[i].rule_count > 0));
        for (uint32_t k = 0; k < c->refs[i].rule_count; k++)
            check(c->refs[i].rules[k] < f->rule_count);
        for (uint32_t k = 0; k < c->group_count; k++)
            check(correlation_field(c, i, c->group_by[k]).n > 0);
    }
}

static void check_correlations(struct arena *arena, const struct rule_file *f)
{
    struct rule_problem *problems;
    uint32_t count;

    check(correlations_resolve(arena, f->rules, f->rule_count, f->correlations,
                               f->correlation_count, &problems, &count) == 0);
    for (uint32_t i = 0; i < count; i++)
        check(problems[i].err.line > 0 && err_words(&problems[i].err)[0] != 0);
    for (uint32_t i = 0; i < f->correlation_count; i++)
        check_correlation(f, f->correlations[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT((size_t)1 << 30);
    struct slice text = slice_of(data, size);
    struct rule_problem *problems;
    struct rule_file f, g;
    uint32_t count;

    if (size > 4096)
        return -1;
    check(rule_read(&arena, SLICE("f"), text, &options, &f) == 0);
    check(rule_read(&arena, SLICE("f"), text, &options, &g) == 0);
    for (uint32_t i = 0; i < f.problem_count; i++)
        check(f.problems[i].err.line > 0 && err_words(&f.problems[i].err)[0] != 0);
    check_rules(&arena, &f, &g);
    check_correlations(&arena, &f);
    check(rule_apply_filters(&arena, f.rules, f.rule_count, f.filters, f.filter_count, &problems,
                             &count) == 0);
    for (uint32_t i = 0; i < f.rule_count; i++)
        check_expr(f.rules[i]->condition);
    arena_done(&arena);
    return 0;
}
