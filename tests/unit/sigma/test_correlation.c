/* SPDX-License-Identifier: Apache-2.0 */
/* Correlation rules as data: what is read, what is refused and where, what names lead to. */
#include <string.h>

#include "base/buf.h"
#include "err_words.h"
#include "sigma/correlation.h"
#include "tap.h"

static struct arena arena = ARENA_INIT((size_t)1 << 30);
static struct rule_file file;
static struct rule_problem *found;
static uint32_t found_count;

/* Two rules and a correlation of them; every case stands behind these 16 lines. */
#define RULE(name)                                                                                 \
    "title: R\nname: " name "\nid: id-" name "\nlogsource: {product: x}\ndetection:\n"             \
    "  s: {f: " name "}\n  condition: s\n---\n"
#define RULES              RULE("one") RULE("two")
#define DOC(name, section) "title: C\nname: " name "\nlevel: high\ncorrelation:\n" section "---\n"
#define COUNT(rest)        DOC("c", "  type: event_count\n  rules: [one]\n  timespan: 1m\n" rest)

static bool draft = true; /* of 2.2 is asked for */

static void read_text(const char *documents)
{
    struct buf text = BUF_INIT(1 << 20);

    buf_puts(&text, RULES);
    buf_puts(&text, documents);
    if (rule_read(&arena, SLICE("f.yml"), buf_slice(&text),
                  &(struct rule_options){.sigma_2_2 = draft}, &file) < 0 ||
        correlations_resolve(&arena, file.rules, file.rule_count, file.correlations,
                             file.correlation_count, &found, &found_count) < 0)
        ok(false, "no memory");
    buf_done(&text);
}

/* All mistakes, one a line, those of reading before those of names; and each correlation that has
 * one is broken, each that has none is not. */
static void mistakes_are(const char *documents, const char *want)
{
    struct buf got = BUF_INIT(1 << 16);
    uint32_t refused = 0, broken = 0;

    read_text(documents);
    for (uint32_t i = 0; i < file.problem_count + found_count; i++) {
        const struct rule_problem *p =
            i < file.problem_count ? &file.problems[i] : &found[i - file.problem_count];

        buf_printf(&got, "%u:%u: %s\n", p->err.line - 16, p->err.col, err_words(&p->err));
        refused += !p->again;
    }
    for (uint32_t i = 0; i < file.correlation_count; i++)
        broken += file.correlations[i]->broken;
    is_slice(buf_slice(&got), slice_str(want), "mistakes of %.40s…", strstr(documents, "type") + 6);
    is_int(refused, broken, "one refusal for each that is broken");
    buf_done(&got);
}

static const struct sigma_correlation *only(const char *documents)
{
    mistakes_are(documents, "");
    return file.correlations[0];
}

static void test_whole(void)
{
    const struct sigma_correlation *c =
        only(DOC("c", "  type: value_count\n  rules: [one, id-two]\n  group-by: [user, host]\n"
                      "  timespan: 90m\n  generate: true\n  condition: {gt: 5, lte: 9, field: ip}\n"
                      "  aliases:\n    user: {one: A, two: B}\n"));

    is_int(c->type, CORRELATION_VALUE_COUNT, "type");
    is_int(c->rule.level, LEVEL_HIGH, "level");
    is_int(c->rule.line, 17, "line");
    is_int(c->seconds, 5400, "timespan");
    ok(c->generate, "generate");
    is_int(c->depth, 1, "depth");
    is_int(c->group_count, 2, "group-by");
    is_slice(c->fields[0], SLICE("ip"), "field");
    is_int(c->refs[0].rules[0], 0, "a rule by name");
    is_int(c->refs[1].rules[0], 1, "a rule by id");
    is_slice(correlation_field(c, 0, SLICE("user")), SLICE("A"), "alias, first rule");
    is_slice(correlation_field(c, 1, SLICE("user")), SLICE("B"), "alias, named by the other name");
    is_slice(correlation_field(c, 1, SLICE("host")), SLICE("host"), "no alias");
    ok(!correlation_holds(c, 5) && correlation_holds(c, 6) && correlation_holds(c, 9) &&
           !correlation_holds(c, 10),
       "a range");
}

static void test_bounds(void)
{
    static const struct {
        const char *text;
        bool below, equal, above; /* of 3 */
    } cases[] = {
        {"gt: 3", false, false, true}, {"gte: 3", false, true, true}, {"lt: 3", true, false, false},
        {"lte: 3", true, true, false}, {"eq: 3", false, true, false}, {"neq: 3", true, false, true},
    };

    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        char text[256];

        (void)snprintf(text, sizeof(text), COUNT("  condition: {%s}\n"), cases[i].text);
        const struct sigma_correlation *c = only(text);

        is_int(correlation_holds(c, 2), cases[i].below, "2 with %s", cases[i].text);
        is_int(correlation_holds(c, 3), cases[i].equal, "3 with %s", cases[i].text);
        is_int(correlation_holds(c, 4), cases[i].above, "4 with %s", cases[i].text);
    }
}

static void test_timespans(void)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } good[] = {{"1s", 1},      {"5m", 300},     {"2h", 7200},     {"3d", 259200},
                {"1w", 604800}, {"1M", 2629746}, {"1y", 31556952}, {"3650d", 315360000}};
    static const char *const bad[] = {"5x",   "5",     "0m", "m",     "-5m",
                                      "1.5h", "1h30m", "5S", "3651d", "99999999999999999999d",
                                      "5 m"};
    char text[256], want[256];

    for (size_t i = 0; i < CANH_LEN(good); i++) {
        (void)snprintf(text, sizeof(text),
                       DOC("c", "  type: temporal\n  rules: one\n  timespan: %s\n"), good[i].text);
        is_int(only(text)->seconds, good[i].seconds, "timespan %s", good[i].text);
    }
    for (size_t i = 0; i < CANH_LEN(bad); i++) {
        (void)snprintf(text, sizeof(text),
                       DOC("c", "  type: temporal\n  rules: one\n  timespan: %s\n"), bad[i]);
        (void)snprintf(want, sizeof(want),
                       "7:13: '%s' is no timespan: write a number and a unit (s, m, h, d, w, M, "
                       "y), such as 90m, at most 3650 days\n",
                       bad[i]);
        mistakes_are(text, want);
    }
}

static void test_temporal(void)
{
    const struct sigma_correlation *c =
        only(DOC("c", "  type: temporal\n  rules: [one, two]\n  timespan: 1m\n"));

    ok(!correlation_holds(c, 1) && correlation_holds(c, 2), "without a condition: all of them");
    c = only(DOC("c", "  type: temporal_ordered\n  timespan: 1m\n"
                      "  condition: one and not (two or one)\n"));
    is_int(c->ref_count, 2, "rules are taken from the condition");
    is_int(c->expr->op, CORRELATION_AND, "and");
    is_int(c->expr->kids[0]->ref, 0, "one");
    is_int(c->expr->kids[1]->op, CORRELATION_NOT, "not");
    is_int(c->expr->kids[1]->kids[0]->op, CORRELATION_OR, "or");
    is_int(c->expr->kids[1]->kids[0]->kids[0]->ref, 1, "two");
    c = only(DOC("c", "  type: temporal\n  rules: [one, two]\n  timespan: 1m\n"
                      "  condition: 1 of them\n"));
    is_int(c->expr->op, CORRELATION_OR, "1 of them");
}

/* What stands only in the draft of 2.2 is for those who ask for it. */
static void test_draft(void)
{
    draft = false;
    mistakes_are(DOC("c", "  type: value_median\n  rules: [one]\n  timespan: 1m\n"
                          "  condition: {gte: 2, field: f}\n"),
                 "5:9: value_median is only in the draft of Sigma 2.2: --sigma-2.2 takes it\n");
    mistakes_are(
        DOC("c", "  type: temporal\n  timespan: 1m\n  condition: one and not two\n"),
        "7:14: a condition over rules is only in the draft of Sigma 2.2: --sigma-2.2 takes "
        "it\n");
    draft = true;
    only(DOC("c", "  type: value_median\n  rules: [one]\n  timespan: 1m\n"
                  "  condition: {gte: 2, field: f}\n"));
}

static void test_mistakes(void)
{
    mistakes_are(DOC("c", "  type: evnt_count\n  rules: [three]\n  group_by: [u]\n  timespan: 5x\n"
                          "  condition:\n    gtee: three\n"),
                 "7:3: unknown key 'group_by' of a correlation: did you mean 'group-by'?\n"
                 "5:9: unknown correlation type 'evnt_count': did you mean 'event_count'?\n"
                 "8:13: '5x' is no timespan: write a number and a unit (s, m, h, d, w, M, y), such "
                 "as 90m, at most 3650 days\n"
                 "10:5: unknown key 'gtee' of a correlation: did you mean 'gte'?\n"
                 "6:11: no rule has the name or id 'three'\n");
    mistakes_are(
        DOC("c", "  type: [a]\n  rules: {a: b}\n  group-by: []\n  aliases: x\n"
                 "  generate: maybe\n"),
        "5:9: 'type' must be text, not a list or a map\n"
        "6:10: 'rules' takes a text or a list of texts, none of them empty\n"
        "7:13: 'group-by' takes a text or a list of texts, none of them empty\n"
        "5:3: 'timespan' is missing\n"
        "8:12: 'aliases' must be a map: the alias, and below it for each rule the field that "
        "it stands for\n"
        "9:13: 'generate' takes true or false\n");
}

static void test_each_mistake(void)
{
    mistakes_are(COUNT(""), "5:3: 'condition' is missing\n");
    mistakes_are(COUNT("  condition: {}\n"),
                 "8:14: the condition has no gt, gte, lt, lte, eq or neq\n");
    mistakes_are(
        COUNT("  condition: [gte]\n"),
        "8:14: the condition of a correlation must be a map (gte: 10) or, of temporal ones, a "
        "text (a and not b)\n");
    mistakes_are(COUNT("  condition: {gte: three}\n"), "8:20: 'gte' takes a number\n");
    mistakes_are(COUNT("  condition: {gte: 1.5}\n"),
                 "8:20: 'gte' takes a whole number that is not negative\n");
    mistakes_are(COUNT("  condition: {gt: 2, lt: 3}\n"),
                 "8:14: no number fits the condition: it can never hold\n");
    mistakes_are(COUNT("  condition: {eq: 2, gte: 3}\n"),
                 "8:14: no number fits the condition: it can never hold\n");
    mistakes_are(COUNT("  condition: {lt: 0}\n"),
                 "8:14: no number fits the condition: it can never hold\n");
    mistakes_are(COUNT("  condition: {gte: 3, field: u}\n"),
                 "8:30: 'field' has no meaning for a correlation of type event_count\n");
    mistakes_are(COUNT("  condition: one and two\n"),
                 "8:14: only temporal correlations take a condition over rules; one of type "
                 "event_count takes gte, lt and the like\n");
    mistakes_are(DOC("c", "  type: value_count\n  rules: one\n  timespan: 1m\n"
                          "  condition: {gte: 3}\n"),
                 "8:14: a correlation of type value_count needs 'field' under 'condition'\n");
    mistakes_are(DOC("c", "  type: value_percentile\n  rules: one\n  timespan: 1m\n"
                          "  condition: {gte: 3.5, field: n}\n"),
                 "8:14: a correlation of type value_percentile needs 'percentile' under "
                 "'condition'\n");
    mistakes_are(DOC("c", "  type: value_avg\n  rules: one\n  timespan: 1m\n"
                          "  condition: {gt: 3.5, lt: 3.6, field: n}\n"),
                 "");
    mistakes_are(DOC("c", "  type: value_sum\n  rules: one\n  timespan: 1m\n"
                          "  condition: {gte: 3, field: [n, m]}\n"),
                 "8:30: more than 1 under 'field'\n");
    mistakes_are(DOC("c", "  type: temporal\n  rules: [one, one]\n  timespan: 1m\n"),
                 "6:16: 'one' stands twice under 'rules'\n");
    mistakes_are(DOC("c", "  type: temporal\n  timespan: 1m\n"), "5:3: 'rules' is missing\n");
    mistakes_are(DOC("c", "  type: temporal\n  rules: [one, two]\n  timespan: 1m\n"
                          "  condition: one\n"),
                 "6:16: rule 'two' does not appear in the condition\n");
    mistakes_are(DOC("c", "  type: temporal\n  rules: [one, two]\n  timespan: 1m\n"
                          "  condition: one and tow\n"),
                 "8:22: no selection is called 'tow': did you mean 'two'?\n");
}

static void test_aliases(void)
{
#define ALIASED(aliases)                                                                           \
    DOC("c", "  type: temporal\n  rules: [one, two]\n  timespan: 1m\n  group-by: ip\n"             \
             "  aliases: {ip: " aliases "}\n")
    mistakes_are(ALIASED("{one: a, tow: b}"),
                 "9:13: alias 'ip' is given for 'tow', which does not stand under 'rules'\n");
    mistakes_are(ALIASED("{one: a}"), "9:13: alias 'ip' has no field for rule 'two'\n");
    mistakes_are(ALIASED("a"),
                 "9:17: 'aliases' must be a map: the alias, and below it for each rule the "
                 "field that it stands for\n");
    mistakes_are(ALIASED("{one: a, id-two: b}"), "");
}

#define OVER(name, rule) DOC(name, "  type: temporal\n  rules: [" rule "]\n  timespan: 1m\n")

static void test_names(void)
{
    mistakes_are(OVER("c", "onee"), "6:11: no rule has the name or id 'onee': did you mean "
                                    "'one'?\n");
    mistakes_are(OVER("b", "one") OVER("c", "b"), "");
    is_int(file.correlations[1]->depth, 2, "a correlation of a correlation");
    ok(file.correlations[1]->refs[0].correlation == file.correlations[0], "which is the other one");
    mistakes_are(OVER("b", "c") OVER("c", "one"), "");
    is_int(file.correlations[0]->depth, 2, "in either order");
    mistakes_are(OVER("c", "c"), "6:11: 'c' leads back to this correlation, or correlations stand "
                                 "more than 8 deep\n");
    mistakes_are(OVER("b", "nothing") OVER("c", "b"),
                 "6:11: no rule has the name or id 'nothing'\n"
                 "14:11: correlation 'b', which this one names, is refused itself\n");
    mistakes_are(OVER("one", "two") OVER("c", "one"),
                 "14:11: 'one' names several correlations, or a correlation and a rule\n");
    mistakes_are(OVER("c1", "one") OVER("c2", "c1") OVER("c3", "c2") OVER("c4", "c3")
                     OVER("c5", "c4") OVER("c6", "c5") OVER("c7", "c6") OVER("c8", "c7"),
                 "");
    is_int(file.correlations[7]->depth, 8, "eight deep");
}

int main(void)
{
    test_whole();
    test_bounds();
    test_timespans();
    test_temporal();
    test_draft();
    test_mistakes();
    test_each_mistake();
    test_aliases();
    test_names();
    arena_done(&arena);
    return tap_done();
}
