/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/condition.h"

#include "base/buf.h"
#include "sigma_case.h"
#include "tap.h"

static const char selections[] = "a: {f: a}\nb: {f: b}\nsel_1: {f: s1}\nsel_2: {f: s2}\n"
                                 "sel_x_main: {f: sx}\n_private: {f: p}\nnotsel: {f: n}\n"
                                 "mdadm.conf: {f: dot}\ntree|endswith: {f: pipe}\n"
                                 "list: [{f: l1}, {f: l2}]\nall: {f: all}\n1x: {f: one}\n";

/* The condition stands alone on its line 1, behind "condition: ", so that columns count from 12. */
static void is(const char *condition, const char *want)
{
    struct buf b = BUF_INIT(1 << 20);

    buf_printf(&b, "condition: %s\n%s", condition, selections);
    is_str(case_detection(buf_cstr(&b)), want, "%s", condition);
    buf_done(&b);
}

static void test_precedence(void)
{
    is("a", "f=\"a\"");
    is("a or b and sel_1", "(f=\"a\" or (f=\"b\" and f=\"s1\"))");
    is("a and b or sel_1", "((f=\"a\" and f=\"b\") or f=\"s1\")");
    is("not a and b", "(not f=\"a\" and f=\"b\")");
    is("a and not b or sel_1", "((f=\"a\" and not f=\"b\") or f=\"s1\")");
    is("not not a", "not not f=\"a\"");
    is("not (a or b)", "not (f=\"a\" or f=\"b\")");
    is("not 1 of sel_*", "not (f=\"s1\" or f=\"s2\" or f=\"sx\")");
    is("a and 1 of sel_1 and not b", "(f=\"a\" and f=\"s1\" and not f=\"b\")");
    is("((a))", "f=\"a\"");
    is("(a)and(b)", "(f=\"a\" and f=\"b\")");
    is("not(a)", "not f=\"a\"");
    is("a and b and sel_1", "(f=\"a\" and f=\"b\" and f=\"s1\")");
    is("'a   and  (  b )'", "(f=\"a\" and f=\"b\")");
}

static void test_of(void)
{
    is("1 of sel_*", "(f=\"s1\" or f=\"s2\" or f=\"sx\")");
    is("all of sel_*", "(f=\"s1\" and f=\"s2\" and f=\"sx\")");
    is("any of sel_*", "(f=\"s1\" or f=\"s2\" or f=\"sx\")");
    is("1 of sel*main", "f=\"sx\"");
    is("1 of *_1", "f=\"s1\"");
    is("1 of s*_*_main", "f=\"sx\"");
    is("1 of sel_1", "f=\"s1\"");
    is("1 of mdadm*", "f=\"dot\"");
    is("1 of tree*", "f=\"pipe\"");
    is("1 of _*", "f=\"p\"");
    is("1 of *private", "1:17: no selection fits '*private'");
    is("all of list", "(f=\"l1\" or f=\"l2\")");
    is("1 of them", "(f=\"a\" or f=\"b\" or f=\"s1\" or f=\"s2\" or f=\"sx\" or f=\"n\" or "
                    "f=\"dot\" or f=\"pipe\" or (f=\"l1\" or f=\"l2\") or f=\"all\" or f=\"one\")");
}

static void test_names(void)
{
    is("notsel", "f=\"n\"");
    is("not notsel", "not f=\"n\"");
    is("mdadm.conf", "f=\"dot\"");
    is("tree|endswith", "f=\"pipe\"");
    is("_private", "f=\"p\"");
    is("all", "f=\"all\"");
    is("1x or all", "(f=\"one\" or f=\"all\")");
}

static void test_lists(void)
{
    is("[a, b and sel_1]", "(f=\"a\" or (f=\"b\" and f=\"s1\"))");
    is("[a]", "f=\"a\"");
    is("[]", "1:12: an empty list of conditions");
    is("[[a]]", "1:13: a condition must be text or a list of texts");
    is("{a: b}", "1:12: a condition must be text or a list of texts");
}

static void test_refused(void)
{
    is("selction", "1:12: no selection is called 'selction'");
    is("a and", "1:17: the condition ends where a selection is expected");
    is("''", "1:13: the condition is empty");
    is("a AND b", "1:14: 'AND': operators are written in lower case");
    is("Not a", "1:12: 'Not': operators are written in lower case");
    is("(a AND b)", "1:15: 'AND': operators are written in lower case");
    is("a and (NOT b)", "1:19: 'NOT': operators are written in lower case");
    is("1 OF sel_*", "1:14: 'OF': operators are written in lower case");
    is("all of THEM", "1:19: 'THEM': operators are written in lower case");
    is("a b", "1:14: 'and' or 'or' is expected before 'b'");
    is("(a", "1:14: a ')' is missing here");
    is("a)", "1:13: a ')' without its '('");
    is("()", "1:13: a selection is expected here, not ')'");
    is("and a", "1:12: a selection is expected here, not 'and'");
    is("a or or b", "1:17: a selection is expected here, not 'or'");
    is("2 of sel_*", "1:12: '2 of': only '1 of', 'any of' and 'all of' exist");
    is("0 of them", "1:12: '0 of': only '1 of', 'any of' and 'all of' exist");
    is("1 of", "1:16: behind 'of' stands 'them' or a pattern such as selection_*");
    is("1 of (a or b)", "1:17: behind 'of' stands 'them' or a pattern such as selection_*");
    is("1 of nothing*", "1:17: no selection fits 'nothing*'");
    is("sel_*", "1:12: 'sel_*' is a pattern: write '1 of' or 'all of' before it");
    is("them", "1:12: a selection is expected here, not 'them'");
    is("a | count() > 5", "1:14: '|': aggregations behind a '|' are no longer part of Sigma; they "
                          "are correlation rules now");
    is("a|count() > 5", "1:12: 'a|count': aggregations behind a '|' are no longer part of Sigma; "
                        "they are correlation rules now");
    is("\"a and\\n  xyz\"", "1:12: no selection is called 'xyz'");
    /* a block of text begins at its first line, at the left edge, four columns before the rest */
    is("|\n  a and\n  xyz", "2:-3: no selection is called 'xyz'");
}

static void test_limits(void)
{
    struct buf b = BUF_INIT(1 << 20);

    for (int i = 0; i < 60; i++)
        buf_puts(&b, "(");
    is(buf_cstr(&b), "1:62: a condition nested deeper than 50 levels");
    buf_clear(&b);
    for (int i = 0; i < 60; i++)
        buf_puts(&b, "not ");
    is(buf_cstr(&b), "1:212: a condition nested deeper than 50 levels");
    buf_clear(&b);
    for (int i = 0; i < 1100; i++)
        buf_puts(&b, "a or ");
    is(buf_cstr(&b), "1:5017: a condition of more than 2000 words");
    buf_clear(&b);
    for (int i = 0; i < 6000; i++)
        buf_puts(&b, "a or ");
    is(buf_cstr(&b), "1:12: a condition longer than 16384 bytes");
    buf_done(&b);
}

static void test_detection(void)
{
    is_str(case_detection("sel: {f: a}"), "1:1: 'condition' is missing", "no condition");
    is_str(case_detection("condition: 1 of them\n_x: {f: a}"), "1:17: no selection fits 'them'",
           "only private selections");
    is_str(case_detection("condition: sel\nsel: {f: a}\ntimeframe: 5m"),
           "3:12: 'timeframe' is no longer part of Sigma; it is the timespan of correlation rules "
           "now",
           "timeframe");
    is_str(case_detection("condition: sel\nsel: {f: a}\nother: {f|zz: b}"),
           "3:11: unknown modifier 'zz'", "selections that nothing names are read too");
    is_str(case_detection("condition: sel\nsel:"), "2:1: an empty selection", "a null selection");
    is_str(case_detection("condition: sel\nsel: {f: a}\n[x]: {f: b}"),
           "3:1: the name of a selection must be text", "a strange name");
}

/* What a condition repeats is bounded as a whole, not by its words alone. */
static void test_weight(void)
{
    struct buf b = BUF_INIT(1 << 20);

    buf_puts(&b, "condition: sel");
    for (int i = 0; i < 900; i++)
        buf_puts(&b, " or sel");
    buf_puts(&b, "\nsel:\n  f:\n");
    for (int i = 0; i < 2000; i++)
        buf_puts(&b, "    - x\n");
    is_str(case_detection(buf_cstr(&b)), "1:1174: the condition repeats its selections too often",
           "900 times 2000 values");
    buf_done(&b);
}

int main(void)
{
    test_precedence();
    test_of();
    test_names();
    test_lists();
    test_refused();
    test_limits();
    test_detection();
    test_weight();
    case_done();
    return tap_done();
}
