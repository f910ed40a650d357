/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What comes of rule files, whole: tests/golden/sigma/FILE.txt. An item is a line “==== what it
 * is”, a file of rules, filters and correlations, a line “----”, and what is read in them:
 * problems, warnings, rules with their conditions, correlations. A line “=====” in it parts a
 * pipeline from the rules that it is applied to. With CANH_BLESS=1 what is read is written anew:
 * read the difference before it is committed.
 */
#include <glob.h>
#include <stdlib.h>

#include "base/file.h"
#include "err_words.h"
#include "expr_text.h"
#include "sigma/correlation.h"
#include "sigma/correlation_plan.h"
#include "sigma/pipeline.h"
#include "sigma/rule.h"
#include "sigma/ruleset.h"
#include "tap.h"

enum { OUT_MAX = 4 << 20 };

/* Of what the items without a pipeline of their own go into a set of rules with. */
static const char mapping[] =
    "transformations:\n"
    "- {type: field_name_mapping, mapping: {User: [Account, Owner], a: A},\n"
    "   rule_conditions: [{type: logsource, product: windows}]}\n"
    "- {type: add_condition, conditions: {EventID: 7}, rule_conditions:\n"
    "    [{type: logsource, product: windows}]}\n"
    "- {type: add_condition, conditions: {EventID: 8}, rule_conditions:\n"
    "    [{type: logsource, category: process_creation}]}\n";

static void put_problem(struct buf *out, const char *what, const struct rule_problem *p)
{
    buf_printf(out, "%s " SLICE_FMT ":%u:%u: %s%s\n", what, SLICE_ARG(p->title), p->err.line,
               p->err.col, err_words(&p->err), p->again ? " (again)" : "");
}

static void put_problems(struct buf *out, const char *what, const struct rule_problem *p,
                         uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        put_problem(out, what, &p[i]);
}

static void put_text(struct buf *out, const char *name, struct slice s)
{
    if (s.n > 0)
        buf_printf(out, "  %s " SLICE_FMT "\n", name, SLICE_ARG(s));
}

static void put_head(struct buf *out, const char *kind, const struct sigma_rule *r)
{
    buf_printf(out, "%s %u: " SLICE_FMT ", %s, %s\n", kind, r->line, SLICE_ARG(r->title),
               rule_level_to_str(r->level), rule_status_to_str(r->status));
    put_text(out, "id", r->id);
    put_text(out, "name", r->name);
    put_text(out, "author", r->author);
    put_text(out, "date", r->date);
    put_text(out, "modified", r->modified);
    put_text(out, "category", r->logsource.category);
    put_text(out, "product", r->logsource.product);
    put_text(out, "service", r->logsource.service);
    put_text(out, "title", rule_title(r, true));
    put_text(out, "means", rule_meaning(r, false));
    put_text(out, "means", rule_meaning(r, true));
    put_text(out, "advice", rule_advice(r, false));
    put_text(out, "advice", rule_advice(r, true));
    for (uint32_t i = 0; i < r->tag_count; i++)
        put_text(out, "tag", r->tags[i]);
}

static void put_expr(struct buf *out, const char *name, const struct expr *e)
{
    if (e == NULL)
        return;
    buf_printf(out, "  %s ", name);
    expr_text(e, out);
    buf_putc(out, '\n');
}

static void put_over(struct buf *out, const struct correlation_expr *e)
{
    static const char *const ops[] = {"rule", "not", "and", "or"};

    buf_printf(out, " (%s", ops[e->op]);
    if (e->op == CORRELATION_REF)
        buf_printf(out, " %u", e->ref);
    for (uint32_t i = 0; i < e->count; i++)
        put_over(out, e->kids[i]);
    buf_putc(out, ')');
}

static void put_refs(struct buf *out, const struct sigma_correlation *c)
{
    for (uint32_t i = 0; i < c->ref_count; i++) {
        const struct correlation_ref *ref = &c->refs[i];

        buf_printf(out, "  over " SLICE_FMT " %u:%u:", SLICE_ARG(ref->name), ref->line, ref->col);
        for (uint32_t k = 0; k < ref->rule_count; k++)
            buf_printf(out, " %u", ref->rules[k]);
        if (ref->correlation)
            buf_printf(out, " " SLICE_FMT, SLICE_ARG(ref->correlation->rule.title));
        for (uint32_t k = 0; k < c->group_count && !c->broken; k++)
            buf_printf(out, " by " SLICE_FMT, SLICE_ARG(correlation_field(c, i, c->group_by[k])));
        for (uint32_t k = 0; k < c->field_count && !c->broken; k++)
            buf_printf(out, " of " SLICE_FMT, SLICE_ARG(correlation_field(c, i, c->fields[k])));
        buf_putc(out, '\n');
    }
}

static void put_correlation(struct buf *out, const struct sigma_correlation *c)
{
    static const char *const ops[] = {">", ">=", "<", "<=", "=", "!="};

    put_head(out, c->broken ? "broken correlation" : "correlation", &c->rule);
    buf_printf(out, "  %s in %llds%s depth %u", correlation_type_to_str(c->type),
               (long long)c->seconds, c->generate ? " generate" : "", c->depth);
    for (uint32_t i = 0; i < c->bound_count; i++)
        buf_printf(out, " %s %g", ops[c->bounds[i].op], c->bounds[i].value);
    if (c->percentile > 0)
        buf_printf(out, " percentile %g", c->percentile);
    for (double v = 0; v < 12 && !c->broken; v++)
        buf_putc(out, correlation_holds(c, v) ? '+' : '-');
    if (c->expr)
        put_over(out, c->expr);
    buf_putc(out, '\n');
    put_refs(out, c);
}

/* A pipeline's variant of a rule, or why there is none. */
static void put_variant(struct buf *out, struct arena *arena, const struct pipeline *p,
                        const struct sigma_rule *rule)
{
    struct rule_variant v;
    struct err err = ERR_INIT;
    int r = pipeline_apply(p, rule, arena, &v, &err);

    if (r < 0)
        buf_printf(out, "  refused: %s\n", err_words(&err));
    if (r > 0) {
        buf_printf(out, "  by " SLICE_FMT "\n", SLICE_ARG(v.mapping));
        put_expr(out, "where", v.route);
        put_expr(out, "then", v.condition);
    }
}

static void put_rules(struct buf *out, struct slice text, const struct pipeline *p)
{
    static const struct slice users[] = {SLICE_INIT("alice"), SLICE_INIT("b*b")};
    static const struct placeholder values[] = {{SLICE_INIT("users"), users, 2}};
    struct rule_options options = {.placeholders = values,
                                   .placeholder_count = 1,
                                   .sigma_2_2 = true};
    struct arena arena = ARENA_INIT(64 << 20);
    struct rule_problem *problems = NULL;
    struct rule_file f;
    uint32_t count = 0;

    if (p && pipeline_placeholders(p, &count) && count > 0) {
        options.placeholders = pipeline_placeholders(p, &count);
        options.placeholder_count = count;
    }
    if (rule_read(&arena, SLICE("f"), text, &options, &f) < 0 ||
        correlations_resolve(&arena, f.rules, f.rule_count, f.correlations, f.correlation_count,
                             &problems, &count) < 0)
        abort();
    put_problems(out, "problem", f.problems, f.problem_count);
    put_problems(out, "warning", f.warnings, f.warning_count);
    put_problems(out, "unresolved", problems, count);
    if (rule_apply_filters(&arena, f.rules, f.rule_count, f.filters, f.filter_count, &problems,
                           &count) < 0)
        abort();
    put_problems(out, "filter", problems, count);
    for (uint32_t i = 0; i < f.rule_count; i++) {
        put_head(out, "rule", f.rules[i]);
        put_expr(out, "when", f.rules[i]->condition);
        if (p)
            put_variant(out, &arena, p, f.rules[i]);
    }
    for (uint32_t i = 0; i < f.correlation_count; i++)
        put_correlation(out, f.correlations[i]);
    arena_done(&arena);
}

static void put_fields(struct buf *out, const char *name, const struct plan_field *fields,
                       uint32_t count, const struct keys *keys)
{
    for (uint32_t i = 0; i < count; i++) {
        buf_printf(out, " %s", name);
        for (uint32_t k = 0; k < fields[i].count; k++)
            buf_printf(out, " " SLICE_FMT, SLICE_ARG(keys_name(keys, fields[i].keys[k])));
    }
}

static void put_plan(struct buf *out, const struct ruleset *rs)
{
    const struct correlation_plan *p = ruleset_plan(rs);

    for (uint32_t i = 0; i < p->leg_count; i++) {
        const struct plan_leg *l = &p->legs[i];
        const struct sigma_correlation *c = ruleset_correlation(rs, l->correlation);

        buf_printf(out, "  leg %u of %u: rule %u", l->ref, l->correlation, l->rule);
        put_fields(out, "by", l->group, c->group_count, ruleset_keys(rs));
        put_fields(out, "of", l->values, c->field_count, ruleset_keys(rs));
        buf_putc(out, '\n');
    }
    for (uint32_t i = 0; i < p->chain_count; i++) {
        const struct plan_chain *c = &p->chains[i];

        buf_printf(out, "  chain %u of %u: %u\n", c->ref, c->above, c->below);
    }
}

static void put_unreached(void *ctx, const struct sigma_rule *rule)
{
    buf_printf(ctx, "  unreached " SLICE_FMT "\n", SLICE_ARG(rule->title));
}

static void put_loaded(struct buf *out, const struct ruleset *rs)
{
    uint32_t n;

    for (uint32_t i = 0; i < ruleset_count(rs); i++) {
        const struct rule_variant *v = ruleset_variants(rs, i, &n);

        buf_printf(out, "  %u: " SLICE_FMT "%s%s variants %u", i,
                   SLICE_ARG(ruleset_rule(rs, i)->title), ruleset_only_below(rs, i) ? " below" : "",
                   ruleset_alone(rs, i) ? " alone" : "", n);
        for (uint32_t k = 0; k < n; k++)
            buf_printf(out, " by %u", ruleset_route_of(rs, &v[k]));
        buf_putc(out, '\n');
    }
    for (uint32_t i = 0; i < ruleset_correlation_count(rs); i++) {
        const struct sigma_correlation *c = ruleset_correlation(rs, i);

        buf_printf(out, "  correlation %u: " SLICE_FMT "%s%s%s depth %u\n", i,
                   SLICE_ARG(c->rule.title), c->wanted ? " wanted" : "", c->active ? " active" : "",
                   c->alone ? " alone" : "", c->depth);
    }
}

/* The same texts twice in a set of rules that takes those of level medium and status test. */
static void put_ruleset(struct buf *out, struct slice pipeline, struct slice text)
{
    const struct ruleset_options options = {.min_level = LEVEL_MEDIUM,
                                            .min_status = STATUS_TEST,
                                            .rule.sigma_2_2 = true};
    struct ruleset *rs = ruleset_new(&options);
    struct ruleset_counts c;
    struct err err = ERR_INIT;
    uint32_t problems, warnings;

    if (rs == NULL || ruleset_add_mapping(rs, "m.yml", pipeline, &err) < 0 ||
        ruleset_add_rules(rs, SLICE("f"), text) < 0 ||
        ruleset_add_rules(rs, SLICE("g"), text) < 0 || ruleset_compile(rs, &err) < 0)
        abort();
    ruleset_count_all(rs, &c);
    (void)ruleset_problems(rs, &problems);
    (void)ruleset_warnings(rs, &warnings);
    buf_printf(
        out,
        "set: rules %u refused %u unreached %u correlations %u filters %u level %u status %u "
        "repeated %u variants %u routes %u problems %u warnings %u\n",
        c.rules, c.refused, c.unreached, c.correlations, c.filters, c.below_level, c.by_status,
        c.repeated, c.variants, c.routes, problems, warnings);
    put_loaded(out, rs);
    ruleset_unreached(rs, put_unreached, out);
    put_plan(out, rs);
    (void)ruleset_free(rs);
}

static void put_logsource(void *ctx, const struct logsource *s)
{
    buf_printf(ctx, "about " SLICE_FMT "/" SLICE_FMT "/" SLICE_FMT "\n", SLICE_ARG(s->category),
               SLICE_ARG(s->product), SLICE_ARG(s->service));
}

static void put_item(struct buf *out, struct slice text)
{
    size_t cut = slice_find(text, SLICE("\n=====\n"));
    struct pipeline *p = NULL;
    struct err err = ERR_INIT;

    if (cut == SIZE_MAX) {
        put_rules(out, text, NULL);
        if (slice_find(text, SLICE("correlation:")) != SIZE_MAX ||
            slice_find(text, SLICE("filter:")) != SIZE_MAX)
            put_ruleset(out, slice_str(mapping), text);
        return;
    }
    if (pipeline_parse(slice_head(text, cut + 1), "p.yml", &p, &err) < 0) {
        buf_printf(out, "no pipeline: %u:%u: %s\n", err.line, err.col, err_words(&err));
        return;
    }
    pipeline_each_logsource(p, put_logsource, out);
    put_rules(out, slice_from(text, cut + 7), p);
    (void)pipeline_free(p);
}

static void check_item(struct slice item, struct buf *file)
{
    size_t line = slice_find_byte(item, '\n') + 1, cut = slice_find(item, SLICE("\n----\n"));
    struct buf got = BUF_INIT(OUT_MAX);

    cut = cut == SIZE_MAX ? item.n : cut + 1;
    put_item(&got, slice_of(item.p + line, cut - line));
    buf_append_slice(file, slice_head(item, cut));
    buf_puts(file, "----\n");
    buf_append_slice(file, buf_slice(&got));
    is_slice(buf_slice(&got), slice_from(item, CANH_MIN(cut + 5, item.n)), SLICE_FMT,
             SLICE_ARG(slice_head(item, line - 1)));
    buf_done(&got);
}

static void check_file(const char *path)
{
    const char *bless = getenv("CANH_BLESS");
    struct buf text = BUF_INIT(OUT_MAX), file = BUF_INIT(OUT_MAX);
    struct err err = ERR_INIT;
    struct slice rest;

    ok(file_read(path, &text, &err) == 0, "%s is read", path);
    rest = buf_slice(&text);
    while (rest.n > 0) {
        size_t next = slice_find(slice_from(rest, 1), SLICE("\n==== "));

        next = next == SIZE_MAX ? rest.n : next + 2;
        check_item(slice_head(rest, next), &file);
        rest = slice_from(rest, next);
    }
    if (bless && bless[0] == '1')
        ok(file_replace(path, buf_slice(&file), 0644, &err) == 0, "%s is written", path);
    buf_done(&text);
    buf_done(&file);
}

int main(void)
{
    char pattern[4096];
    glob_t found;

    (void)snprintf(pattern, sizeof(pattern), "%s/tests/golden/sigma/*.txt", tap_source_dir());
    if (glob(pattern, 0, NULL, &found) != 0)
        abort();
    for (size_t i = 0; i < found.gl_pathc; i++)
        check_file(found.gl_pathv[i]);
    globfree(&found);
    return tap_done();
}
