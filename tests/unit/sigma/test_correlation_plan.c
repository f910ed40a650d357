/* SPDX-License-Identifier: Apache-2.0 */
/* Correlations and filters in a set of rules: who alerts alone, what is taken in for them, and how
 * the fields that they count are called in each rule's events. */
#include "sigma/correlation_plan.h"

#include <string.h>

#include "err_words.h"
#include "sigma/correlation.h"
#include "sigma/ruleset.h"
#include "tap.h"

static const char mapping[] =
    "transformations:\n"
    "- {type: field_name_mapping, mapping: {user: [Account, Owner], host: Machine},\n"
    "   rule_conditions: [{type: logsource, service: mapped}]}\n"
    "- {type: add_condition, conditions: {EventID: 7}}\n";

#define RULE(name, service, more)                                                                  \
    "title: " name "\nname: " name "\nlogsource: {service: " service "}\n" more                    \
    "detection: {s: {a: " name "}, condition: s}\n---\n"
#define OVER(name, rules, more)                                                                    \
    "title: " name "\nname: " name "\ncorrelation: {type: event_count, rules: [" rules             \
    "], timespan: 1m, condition: {gte: 2}" more "}\n---\n"

static struct ruleset *loaded(const struct ruleset_options *options, const char *rules)
{
    struct ruleset *rs = ruleset_new(options);
    struct err err = ERR_INIT;

    is_int(ruleset_add_mapping(rs, "m.yml", slice_str(mapping), &err), 0, "mapping %s",
           err_words(&err));
    is_int(ruleset_add_rules(rs, SLICE("r.yml"), slice_str(rules)), 0, "rules");
    is_int(ruleset_compile(rs, &err), 0, "compiled %s", err_words(&err));
    return rs;
}

static bool known_rule(const struct ruleset *rs, const char *title, uint32_t *ret)
{
    for (*ret = 0; *ret < ruleset_count(rs); ++*ret) {
        if (slice_is(ruleset_rule(rs, *ret)->title, title))
            return true;
    }
    return false;
}

/* The names of what alerts by itself, rules first. */
static void alone_are(const struct ruleset *rs, const char *want, const char *what)
{
    struct buf out = BUF_INIT(1000);

    for (uint32_t i = 0; i < ruleset_count(rs); i++) {
        if (ruleset_alone(rs, i))
            buf_printf(&out, SLICE_FMT " ", SLICE_ARG(ruleset_rule(rs, i)->title));
    }
    for (uint32_t i = 0; i < ruleset_correlation_count(rs); i++) {
        const struct sigma_correlation *c = ruleset_correlation(rs, i);

        ok(ruleset_rule(rs, ruleset_count(rs) + i) == &c->rule, "its place is behind the rules");
        if (c->alone)
            buf_printf(&out, SLICE_FMT " ", SLICE_ARG(c->rule.title));
    }
    is_slice(buf_slice(&out), slice_str(want), "%s", what);
    buf_done(&out);
}

/* A correlation that does not say `generate` takes its rules' own alerts away; one that does gives
 * them back, whichever stands first. */
static void test_alone(void)
{
    static const struct {
        const char *rules, *alone, *what;
    } cases[] = {
        {RULE("A", "x", "") RULE("B", "x", ""), "A B ", "rules without a correlation"},
        {RULE("A", "x", "") RULE("B", "x", "") OVER("C", "A", ""), "B C ", "one that takes A"},
        {RULE("A", "x", "") RULE("B", "x", "") OVER("C", "A", ", generate: true"), "A B C ",
         "one that leaves it"},
        {RULE("A", "x", "") OVER("C", "A", ", generate: true") OVER("D", "A", ""), "A C D ",
         "one that leaves it and then one that does not"},
        {RULE("A", "x", "") OVER("C", "A", "") OVER("D", "A", ", generate: true"), "A C D ",
         "the other way round"},
        {RULE("A", "x", "") OVER("C", "A", "") OVER("D", "C", ""), "D ", "two storeys"},
        {RULE("A", "x", "") OVER("C", "A", "") OVER("D", "C", ", generate: true"), "C D ",
         "of which the upper one leaves the lower"},
        {RULE("A", "x", "") OVER("C", "A", "") OVER("D", "C", "") OVER("E", "D, C", "")
             OVER("F", "E, D, C", "") OVER("G", "F, E, D, C", ""),
         "G ", "more storeys than rules"},
        {RULE("A", "x", "") OVER("C", "A", "") OVER("D", "C", ", generate: true")
             OVER("E", "C", ""),
         "C D E ", "the lower is left by one of two"},
        {RULE("A", "x", "") RULE("B", "x", "") OVER("C", "nobody", ""), "A B ", "a broken one"},
    };

    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        struct ruleset *rs =
            loaded(&(struct ruleset_options){.min_status = STATUS_NONE}, cases[i].rules);

        alone_are(rs, cases[i].alone, cases[i].what);
        rs = ruleset_free(rs);
    }
}

/* Options leave rules out by level and status; a correlation that is wanted takes its own in. */
static void test_left_out(void)
{
    static const char rules[] = RULE("Plain", "x", "level: high\n") RULE("Low", "x", "level: low\n")
        RULE("Other", "x", "level: low\n") RULE("Draft", "x", "status: unsupported\n")
            RULE("Third", "x", "level: low\n") "title: C\nname: C\nlevel: high\n"
                                               "correlation: {type: event_count, rules: [Third, "
                                               "Plain, Low], timespan: 1m, "
                                               "condition: {gte: 2}, generate: true}\n---\n"
                                               "title: Quiet\nname: Quiet\nlevel: low\n"
                                               "correlation: {type: event_count, rules: [Other]"
                                               ", timespan: 1m, condition: {gte: 2}}\n---\n";
    const struct ruleset_options options = {.min_level = LEVEL_HIGH,
                                            .min_status = STATUS_EXPERIMENTAL};
    struct ruleset *rs = loaded(&options, rules);
    const struct sigma_correlation *c = ruleset_correlation(rs, 0);
    struct ruleset_counts counts;
    uint32_t at;

    ruleset_count_all(rs, &counts);
    is_int(counts.below_level, 4, "three rules and a correlation are below the level");
    is_int(counts.by_status, 1, "one has the wrong status");
    is_int(counts.correlations, 1, "one correlation is wanted");
    is_int(ruleset_count(rs), 3, "a rule is taken, two are taken in for it");
    ok(known_rule(rs, "Low", &at) && ruleset_only_below(rs, at), "Low is there for it only");
    ok(known_rule(rs, "Third", &at) && ruleset_only_below(rs, at), "so is Third");
    ok(known_rule(rs, "Plain", &at) && !ruleset_only_below(rs, at), "Plain is there itself");
    ok(!known_rule(rs, "Other", &at), "what an unwanted one asks for is not there");
    is_int(ruleset_only_below(rs, ruleset_count(rs)), false, "a correlation is below nothing");
    alone_are(rs, "Plain C ", "what is taken in never alerts itself");
    for (uint32_t i = 0; i < c->ref_count; i++)
        is_slice(ruleset_rule(rs, c->refs[i].rules[0])->name, c->refs[i].name,
                 "a reference leads to its rule");
    rs = ruleset_free(rs);
}

/* What a wanted correlation needs of an unwanted one, it needs of its rules. */
static void test_left_out_below(void)
{
    static const char rules[] = RULE("A", "x", "level: low\n") RULE("B", "x", "level: low\n")
        OVER("C", "A", "}\nlevel: low\nx: {a: b") OVER("D", "C", "}\nlevel: high\nx: {a: b");
    const struct ruleset_options options = {.min_level = LEVEL_HIGH,
                                            .min_status = STATUS_EXPERIMENTAL};
    struct ruleset *rs = loaded(&options, rules);
    uint32_t at;

    is_int(ruleset_count(rs), 1, "one rule is taken in");
    ok(known_rule(rs, "A", &at) && ruleset_only_below(rs, at), "that of the lower correlation");
    alone_are(rs, "D ", "only the upper one alerts");
    rs = ruleset_free(rs);
}

static void names_are(const struct ruleset *rs, const struct plan_field *f, const char *want)
{
    struct buf out = BUF_INIT(1000);

    for (uint32_t i = 0; i < f->count; i++)
        buf_printf(&out, SLICE_FMT " ", SLICE_ARG(keys_name(ruleset_keys(rs), f->keys[i])));
    is_slice(buf_slice(&out), slice_str(want), "names of a field");
    buf_done(&out);
}

static const char planned[] = RULE("A", "mapped", "") RULE("B", "plain", "")
    RULE("N", "plain",
         "") "title: C\nname: C\ncorrelation:\n  type: value_count\n  rules: [B, A]\n"
             "  group-by: [user, host, who]\n  timespan: 1m\n  condition: {gte: 2, field: ip}\n"
             "  aliases: {who: {A: first, B: host}}\n---\n"
             "title: D\nname: D\ncorrelation:\n  type: value_count\n  rules: [C, A]\n  group-by: "
             "[host]\n"
             "  timespan: 1m\n  condition: {gte: 2, field: user}\n---\n"
             "title: E\nname: E\ncorrelation:\n  type: event_count\n  rules: [C, D]\n  group-by: "
             "[lost]\n"
             "  timespan: 1m\n  condition: {gte: 2}\n---\n";

static void test_legs(void)
{
    struct ruleset *rs = loaded(&(struct ruleset_options){.min_status = STATUS_NONE}, planned);
    const struct correlation_plan *p = ruleset_plan(rs);

    is_int(p->leg_count, 3, "A in two correlations, B in one");
    is_int(p->leg_from[0], 0, "A's");
    is_int(p->leg_from[1], 2, "B's");
    is_int(p->leg_from[2], 3, "N has none");
    is_int(p->leg_from[3], 3, "and the end");
    ok(p->legs[0].rule == 0 && p->legs[0].correlation == 0 && p->legs[0].ref == 1,
       "A is the second of C");
    ok(p->legs[1].rule == 0 && p->legs[1].correlation == 1 && p->legs[1].ref == 1,
       "and of D, behind C");
    ok(p->legs[2].rule == 1 && p->legs[2].correlation == 0 && p->legs[2].ref == 0,
       "B is the first of C");
    names_are(rs, &p->legs[0].group[0], "Account Owner user ");
    names_are(rs, &p->legs[0].group[1], "Machine host ");
    names_are(rs, &p->legs[0].group[2], "first ");
    names_are(rs, &p->legs[0].values[0], "ip ");
    names_are(rs, &p->legs[2].group[0], "user ");
    names_are(rs, &p->legs[2].group[2], "host ");
    names_are(rs, &p->legs[1].values[0], "Account Owner user ");
    rs = ruleset_free(rs);
}

static void test_chains(void)
{
    struct ruleset *rs = loaded(&(struct ruleset_options){.min_status = STATUS_NONE}, planned);
    const struct correlation_plan *p = ruleset_plan(rs);

    is_int(p->chain_count, 3, "C below D and E, D below E");
    is_int(p->chain_from[0], 0, "C's");
    is_int(p->chain_from[1], 2, "D's");
    is_int(p->chain_from[2], 3, "E is below none");
    is_int(p->chain_from[3], 3, "and the end");
    ok(p->chains[0].below == 0 && p->chains[0].above == 1 && p->chains[0].ref == 0, "C below D");
    ok(p->chains[1].below == 0 && p->chains[1].above == 2 && p->chains[1].ref == 0, "C below E");
    ok(p->chains[2].below == 1 && p->chains[2].above == 2 && p->chains[2].ref == 1, "D below E");
    is_int(p->chains[0].group[0], 1, "D groups by the second of C's");
    is_int(p->chains[0].values[0], 0, "and counts the first");
    ok(p->chains[1].group[0] == UINT32_MAX, "what E groups by, C does not have");
    rs = ruleset_free(rs);
}

/* A filter that fits no rule is a problem; the same correlation again is not there twice. */
static void test_repeated(void)
{
    static const char rules[] = RULE("A", "x", "") OVER("C", "A", "") OVER("C", "A", "")
        OVER("D", "A", "") "title: F\nlogsource: {service: x}\nfilter:\n  rules: [nobody]\n"
                           "  s: {a: 1}\n  condition: not s\n";
    struct ruleset *rs = loaded(&(struct ruleset_options){.min_status = STATUS_NONE}, rules);
    struct ruleset_counts counts;
    uint32_t n;

    ruleset_count_all(rs, &counts);
    is_int(counts.correlations, 2, "two correlations");
    is_int(ruleset_correlation_count(rs), 2, "are there");
    is_int(counts.repeated, 1, "one came again");
    is_int(counts.filters, 1, "a filter");
    (void)ruleset_problems(rs, &n);
    is_int(n, 1, "that names no rule of these");
    rs = ruleset_free(rs);
}

int main(void)
{
    test_alone();
    test_left_out();
    test_left_out_below();
    test_legs();
    test_chains();
    test_repeated();
    return tap_done();
}
