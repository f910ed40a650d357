/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/buf.h"
#include "expr_text.h"
#include "sigma/rule.h"
#include "tap.h"

static struct arena arena = ARENA_INIT((size_t)1 << 30);
static struct rule_file file;
static struct rule_problem *problems;
static uint32_t problem_count;

#define RULE(id, name, source)                                                                     \
    "title: R\nid: " id "\nname: " name "\nlogsource: {" source "}\n"                              \
    "detection: {sel: {f: " id "}, condition: sel}\n---\n"
#define FILTER(rules, source, condition)                                                           \
    "title: F\nlogsource: {" source "}\nfilter:\n    rules: " rules "\n    sel: {u: x}\n"          \
    "    rest: {u: y}\n    condition: " condition "\n---\n"

static const char rules[] = RULE("id-1", "one", "product: windows, category: process_creation")
    RULE("id-2", "two", "product: windows, service: security")
        RULE("id-3", "three", "product: linux");

static void apply(const char *filters)
{
    struct buf text = BUF_INIT(1 << 20);

    buf_puts(&text, rules);
    buf_puts(&text, filters);
    if (rule_read(&arena, SLICE("f.yml"), buf_slice(&text), NULL, &file) < 0 ||
        rule_apply_filters(&arena, file.rules, file.rule_count, file.filters, file.filter_count,
                           &problems, &problem_count) < 0)
        ok(false, "no memory");
    is_int(file.problem_count, 0, "all is read");
    buf_done(&text);
}

static void condition_is(unsigned rule, const char *want)
{
    struct buf out = BUF_INIT(4096);

    expr_text(file.rules[rule]->condition, &out);
    is_slice(buf_slice(&out), slice_str(want), "condition of rule %u", rule + 1);
    buf_done(&out);
}

static void test_by_reference(void)
{
    apply(FILTER("[id-1, three]", "product: windows", "not sel"));
    condition_is(0, "(f=\"id-1\" and not u=\"x\")");
    condition_is(1, "f=\"id-2\"");
    condition_is(2, "f=\"id-3\"");
    is_int(problem_count, 0, "a filter that reached something is fine");
    apply(FILTER("two", "product: windows", "not 1 of sel*"));
    condition_is(1, "(f=\"id-2\" and not u=\"x\")");
    apply(FILTER("[one, id-1]", "product: windows", "not sel"));
    condition_is(0, "(f=\"id-1\" and not u=\"x\")");
}

static void test_any(void)
{
    apply(FILTER("any", "product: windows", "not (sel or rest)"));
    condition_is(0, "(f=\"id-1\" and not (u=\"x\" or u=\"y\"))");
    condition_is(1, "(f=\"id-2\" and not (u=\"x\" or u=\"y\"))");
    condition_is(2, "f=\"id-3\"");
    apply(FILTER("All", "category: process_creation", "sel"));
    condition_is(0, "(f=\"id-1\" and u=\"x\")");
    condition_is(1, "f=\"id-2\"");
}

static void test_several(void)
{
    apply(FILTER("any", "product: windows", "not sel")
              FILTER("[one]", "product: windows", "not rest"));
    condition_is(0, "((f=\"id-1\" and not u=\"x\") and not u=\"y\")");
    condition_is(1, "(f=\"id-2\" and not u=\"x\")");
}

static void test_nothing_reached(void)
{
    apply(FILTER("[id-9]", "product: windows", "not sel"));
    is_int(problem_count, 1, "an unknown rule");
    is_slice(problems[0].title, SLICE("F"), "the filter's title");
    ok(problems[0].err.line == 19 && problems[0].err.code == CE_NOT_FOUND, "and place");
    apply(FILTER("[id-3]", "product: windows", "not sel"));
    is_int(problem_count, 1, "a log source that does not fit");
    condition_is(2, "f=\"id-3\"");
    apply(FILTER("any", "product: macos", "not sel"));
    is_int(problem_count, 1, "any of nothing");
    apply("");
    is_int(problem_count, 0, "no filter, no problem");
}

/* Two rules with one id are both reached; a rule without id or name is by neither. */
static void test_shared_ids(void)
{
    struct rule_file f;
    static const char text[] = RULE("same", "''", "product: p") RULE("same", "''", "product: p")
        FILTER("[same]", "product: p", "not sel");

    if (rule_read(&arena, SLICE("f.yml"), slice_str(text), NULL, &f) < 0 ||
        rule_apply_filters(&arena, f.rules, f.rule_count, f.filters, f.filter_count, &problems,
                           &problem_count) < 0)
        ok(false, "no memory");
    ok(f.rules[0]->condition->op == EXPR_AND && f.rules[1]->condition->op == EXPR_AND,
       "both rules of an id");
}

/* A filter without any "not" keeps what it matches, which few mean: it is applied, and told. */
static void test_keeping(void)
{
    apply(FILTER("[one]", "product: windows", "sel"));
    is_int(file.warning_count, 1, "one warning");
    is_int(file.warnings[0].err.code, CE_CONFLICT, "its code");
    ok(file.warnings[0].err.line > 20 && file.warnings[0].err.col == 16, "at the condition");
    condition_is(0, "(f=\"id-1\" and u=\"x\")");
    apply(FILTER("[one]", "product: windows", "not sel"));
    is_int(file.warning_count, 0, "none with a not");
    apply(FILTER("[one]", "product: windows", "sel and not rest"));
    is_int(file.warning_count, 0, "wherever it stands");
}

int main(void)
{
    test_by_reference();
    test_any();
    test_several();
    test_nothing_reached();
    test_shared_ids();
    test_keeping();
    arena_done(&arena);
    return tap_done();
}
