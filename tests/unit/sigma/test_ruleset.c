/* SPDX-License-Identifier: Apache-2.0 */
/* Mappings and rules together: who is reached, who is refused, what mappings give. */
#include "sigma/ruleset.h"

#include <string.h>

#include "err_words.h"
#include "expr_text.h"
#include "tap.h"

static const struct slice admin = {(const uint8_t *)"admin", 5};
static const struct placeholder user_values = {{(const uint8_t *)"who", 3}, &admin, 1};

static const char mapping[] =
    "vars: {who: [other], where: [pc1, pc2]}\n"
    "transformations:\n"
    "- {type: value_placeholders}\n"
    "- {type: rule_failure, message: not here, rule_conditions: [{type: tag, tag: a.refused}]}\n"
    "- {type: add_condition, conditions: {EventID: 1},\n"
    "   rule_conditions: [{type: logsource, service: x}]}\n";

static const char rules[] =
    "title: Reached\nlogsource: {service: x}\n"
    "detection: {s: {u|expand: '%who%', c|expand: '%where%'}, condition: s}\n---\n"
    "title: Elsewhere\nlogsource: {service: y}\ndetection: {s: {a: 1}, condition: s}\n---\n"
    "title: Refused\ntags: [a.refused]\nlogsource: {service: x}\n"
    "detection: {s: {a: 1}, condition: s}\n---\n"
    "title: No value\nlogsource: {service: x}\n"
    "detection: {s: {a|expand: '%nobody%'}, condition: s}\n";

static void note_title(void *ctx, const struct sigma_rule *rule)
{
    buf_append_slice(ctx, rule->title);
    buf_putc(ctx, ' ');
}

static void test_together(void)
{
    const struct ruleset_options options = {.rule = {&user_values, 1}};
    struct ruleset *rs = ruleset_new(&options);
    struct err err = ERR_INIT;
    const struct rule_problem *problems;
    const struct rule_variant *variants;
    struct ruleset_counts counts;
    struct buf out = BUF_INIT(1000);
    uint32_t n;

    is_int(ruleset_add_mapping(rs, "m.yml", slice_str(mapping), &err), 0, "mapping %s",
           err_words(&err));
    is_int(ruleset_add_rules(rs, SLICE("r.yml"), slice_str(rules)), 0, "rules");
    is_int(ruleset_compile(rs, &err), 0, "compiled %s", err_words(&err));
    ruleset_count_all(rs, &counts);
    is_int(counts.rules, 1, "one is reached");
    is_int(counts.unreached, 2, "two are not, one of them refused by the mapping");
    is_int(counts.refused, 2, "two are refused");
    ruleset_unreached(rs, note_title, &out);
    is_str(buf_cstr(&out), "Elsewhere Refused ", "those that are not reached");
    variants = ruleset_variants(rs, 0, &n);
    is_int(n, 1, "one variant");
    buf_clear(&out);
    expr_text(variants[0].condition, &out);
    is_str(buf_cstr(&out), "(u=\"admin\" and (c=\"pc1\" or c=\"pc2\"))",
           "values of the options come before those of the mapping");
    problems = ruleset_problems(rs, &n);
    is_int(n, 2, "two problems");
    is_slice(problems[0].title, SLICE("No value"), "the rule without a value");
    is_slice(problems[1].title, SLICE("Refused"), "the rule that the mapping refuses");
    is_str(err_words(&problems[1].err), "mapping m.yml:4: not here",
           "with the place in the mapping");
    buf_done(&out);
    (void)ruleset_free(rs);
}

/* Rules that a mapping reaches and that are there once, after adding each text in turn. */
static void count_rules(const char *const *texts, size_t n, uint32_t want, uint32_t repeated,
                        const char *what)
{
    const struct ruleset_options options = {.min_status = STATUS_NONE};
    struct ruleset *rs = ruleset_new(&options);
    struct ruleset_counts counts;
    struct err err = ERR_INIT;

    is_int(ruleset_add_mapping(rs, "m.yml", slice_str(mapping), &err), 0, "mapping %s",
           err_words(&err));
    for (size_t i = 0; i < n; i++)
        is_int(ruleset_add_rules(rs, SLICE("r.yml"), slice_str(texts[i])), 0, "rules");
    is_int(ruleset_compile(rs, &err), 0, "compiled %s", err_words(&err));
    ruleset_count_all(rs, &counts);
    is_int(counts.rules, want, "%s: rules", what);
    is_int(counts.repeated, repeated, "%s: repeated", what);
    (void)ruleset_free(rs);
}

static void test_repeated(void)
{
    static const char one[] = "title: A\nid: a\nlogsource: {service: x}\n"
                              "detection: {s: {a: 1}, condition: s}\n";
    static const char edited[] = "title: A\nid: a\nlogsource: {service: x}\n"
                                 "detection: {s: {a: 2}, condition: s}\n";
    const char *const same[] = {one, one, one}, *const other[] = {one, edited, one, edited};

    count_rules(same, CANH_LEN(same), 1, 2, "one collection several times");
    count_rules(other, CANH_LEN(other), 2, 2, "two versions of a rule");
}

static void near_is(const struct ruleset *rs, struct logsource has, const char *want)
{
    struct logsource near = has;
    bool found = ruleset_near_source(rs, &has, &near);
    char text[100];

    (void)snprintf(text, sizeof(text), "%s %.*s/%.*s/%.*s", found ? "yes" : "no",
                   SLICE_ARG(near.category), SLICE_ARG(near.product), SLICE_ARG(near.service));
    is_str(text, want, "log source near %.*s/%.*s", SLICE_ARG(has.category),
           SLICE_ARG(has.product));
}

static void test_near_source(void)
{
    static const char sources[] =
        "transformations:\n"
        "- {type: add_condition, conditions: {EventID: 1}, rule_conditions:\n"
        "    [{type: logsource, category: process_creation, product: windows}]}\n"
        "- {type: nest, items: [{type: add_condition, conditions: {EventID: 1}, rule_conditions:\n"
        "    [{type: logsource, service: security}]}]}\n";
    static const char other[] = "transformations:\n"
                                "- {type: add_condition, conditions: {a: 1}, rule_conditions:\n"
                                "    [{type: logsource, product: linux, service: auditd}]}\n";
    const struct ruleset_options options = {0};
    struct ruleset *rs = ruleset_new(&options);
    struct err err = ERR_INIT;

    is_int(ruleset_add_mapping(rs, "m.yml", slice_str(sources), &err), 0, "mapping %s",
           err_words(&err));
    is_int(ruleset_add_mapping(rs, "n.yml", slice_str(other), &err), 0, "another %s",
           err_words(&err));
    near_is(rs, (struct logsource){SLICE("process_creation"), SLICE("Windows"), SLICE("")},
            "yes process_creation/windows/");
    near_is(rs, (struct logsource){SLICE("process-creation"), SLICE("windwos"), SLICE("")},
            "yes process_creation/windows/");
    near_is(rs, (struct logsource){SLICE(""), SLICE("windows"), SLICE("securty")},
            "yes /windows/security");
    near_is(rs, (struct logsource){SLICE("process_creation"), SLICE("linux"), SLICE("")},
            "no process_creation/linux/");
    near_is(rs, (struct logsource){SLICE(""), SLICE("windows"), SLICE("")}, "no /windows/");
    near_is(rs, (struct logsource){SLICE(""), SLICE("linux"), SLICE("audit")}, "yes /linux/auditd");
    (void)ruleset_free(rs);
}

int main(void)
{
    test_together();
    test_repeated();
    test_near_source();
    return tap_done();
}
