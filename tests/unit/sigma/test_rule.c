/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/rule.h"

#include <string.h>

#include "base/buf.h"
#include "err_words.h"
#include "expr_text.h"
#include "tap.h"

static struct arena arena = ARENA_INIT((size_t)1 << 30);

static const char full[] =
    "title: Suspicious Thing\n"
    "id: 1444443e-6757-43e4-9ea4-c8fc705f79a2\n"
    "name: suspicious_thing\n"
    "related:\n    - id: 00000000-0000-4000-8000-000000000001\n      type: derived\n"
    "status: experimental\n"
    "description: |\n    Two\n    lines\n"
    "references:\n    - https://example.org\n"
    "author: Someone, Nobody\n"
    "date: 2024-01-02\n"
    "modified: 2024-03-04\n"
    "tags:\n    - attack.t1059\n    - attack.execution\n"
    "logsource:\n    category: process_creation\n    product: windows\n    service: sysmon\n"
    "    definition: whatever\n"
    "detection:\n    sel:\n        Image: 'x'\n    condition: sel\n"
    "falsepositives:\n    - Unlikely\n"
    "level: critical\n"
    "custom: {a: b}\n";

static struct rule_file read(const char *text)
{
    struct rule_file f;

    if (rule_read(&arena, SLICE("some/rule.yml"), slice_str(text), NULL, &f) < 0)
        ok(false, "no memory");
    return f;
}

static void test_vietnamese(void)
{
    struct rule_file f =
        read("title: A\nlogsource: {service: x}\ndetection: {s: {a: 1}, condition: s}\n"
             "canh: {title_vi: Tiêu đề, meaning_vi: Nghĩa, advice: To do, advice_vi: Việc cần "
             "làm}\n---\n"
             "title: B\nlogsource: {service: x}\ndetection: {s: {a: 1}, condition: s}\n"
             "canh: something else\n");

    if (!ok(f.rule_count == 2, "rules with and without Vietnamese"))
        return;
    is_slice(rule_title(f.rules[0], true), SLICE("Tiêu đề"), "the title in Vietnamese");
    is_slice(rule_title(f.rules[0], false), SLICE("A"), "and not");
    is_slice(rule_advice(f.rules[0], true), SLICE("Việc cần làm"), "the advice");
    is_slice(rule_advice(f.rules[0], false), SLICE("To do"), "in English");
    is_slice(rule_meaning(f.rules[0], true), SLICE("Nghĩa"), "what it means");
    ok(rule_advice(f.rules[1], true).n == 0, "no advice");
    is_slice(rule_title(f.rules[1], true), SLICE("B"), "a rule without");
}

static void test_metadata(void)
{
    struct rule_file f = read(full);
    const struct sigma_rule *r;

    if (!ok(f.rule_count == 1 && f.problem_count == 0, "one rule"))
        return;
    r = f.rules[0];
    is_slice(r->path, SLICE("some/rule.yml"), "path");
    is_int(r->line, 1, "line");
    is_slice(r->title, SLICE("Suspicious Thing"), "title");
    is_slice(r->id, SLICE("1444443e-6757-43e4-9ea4-c8fc705f79a2"), "id");
    is_slice(r->name, SLICE("suspicious_thing"), "name");
    is_slice(r->description, SLICE("Two\nlines\n"), "description");
    is_slice(r->author, SLICE("Someone, Nobody"), "author");
    is_slice(r->date, SLICE("2024-01-02"), "date");
    is_slice(r->modified, SLICE("2024-03-04"), "modified");
    is_int(r->tag_count, 2, "tags");
    is_slice(r->tags[1], SLICE("attack.execution"), "the second");
    is_int(r->level, LEVEL_CRITICAL, "level");
    is_int(r->status, STATUS_EXPERIMENTAL, "status");
    is_slice(r->logsource.category, SLICE("process_creation"), "category");
    is_slice(r->logsource.product, SLICE("windows"), "product");
    is_slice(r->logsource.service, SLICE("sysmon"), "service");
    is_slice(r->condition->name, SLICE("sel"), "the selection's name");
    is_int(r->condition->atom->line, 26, "the value's line");
    is_int(r->condition->atom->col, 16, "and column");
    is_str(rule_level_to_str(r->level), "critical", "level as a word");
    is_str(rule_status_to_str(r->status), "experimental", "status as a word");
    is_str(rule_status_to_str(STATUS_NONE), "none", "no status");
    is_str(rule_level_to_str(LEVEL_MAX), "?", "a level that is none");
    is_str(rule_status_to_str(STATUS_MAX), "?", "a status that is none");
}

static void test_defaults(void)
{
    struct rule_file f = read("title: t\nlogsource: {product: p}\nstatus:\nlevel: null\ntags: []\n"
                              "detection: {sel: {a: b}, condition: sel}\n");

    if (!ok(f.rule_count == 1, "a short rule"))
        return;
    is_int(f.rules[0]->level, LEVEL_MEDIUM, "level is medium");
    is_int(f.rules[0]->status, STATUS_NONE, "no status");
    is_int(f.rules[0]->id.n + f.rules[0]->name.n + f.rules[0]->logsource.service.n, 0,
           "what is absent is empty");
}

#define DOC(title, value)                                                                          \
    "title: " title "\nlogsource: {product: p}\ndetection: {sel: {a: " value "}, condition: "      \
    "sel}\n"

static void test_documents(void)
{
    struct rule_file f = read("# comment\n" DOC("one", "x") "---\n" DOC(
        "two",
        "[]") "---\n"
              "title: three\ncorrelation: {type: temporal, rules: x, timespan: 1m}\n---\n" DOC(
                  "four", "y") "---\n");

    is_int(f.rule_count, 2, "two good rules");
    is_int(f.rules[0]->line, 2, "the first's line");
    is_slice(f.rules[1]->title, SLICE("four"), "the last");
    is_int(f.rules[1]->line, 13, "its line");
    is_int(f.correlation_count, 1, "a correlation is read");
    is_int(f.problem_count, 1, "one problem");
    is_slice(f.problems[0].title, SLICE("two"), "with its title");
    is_slice(f.problems[0].path, SLICE("some/rule.yml"), "and path");
    is_int(f.problems[0].err.code, CE_SYNTAX, "code");
}

static void test_hash(void)
{
    struct rule_file a = read(DOC("one", "x") "---\n" DOC("two", "y"));
    struct rule_file b = read(DOC("one", "x") "---\n" DOC("two", "z"));
    struct rule_file c = read(DOC("one", "x"));
    struct rule_file d = read(DOC("one", "x") "# seen by nobody else\n");

    ok(a.rules[0]->content_hash == b.rules[0]->content_hash,
       "a document that stays keeps its hash");
    ok(a.rules[1]->content_hash != b.rules[1]->content_hash, "an edit changes it");
    ok(a.rules[0]->content_hash != a.rules[1]->content_hash, "documents differ");
    ok(c.rules[0]->content_hash != d.rules[0]->content_hash, "a comment is an edit too");
}

static void test_broken_limit(void)
{
    struct buf text = BUF_INIT(1 << 20);
    struct rule_file f;

    for (int i = 0; i < 300; i++)
        buf_puts(&text, "--- [\n");
    buf_puts(&text, "---\n" DOC("behind", "x"));
    f = read(buf_cstr(&text));
    is_int(f.problem_count, 101, "broken documents have an end");
    ok(strstr(err_words(&f.problems[100].err), "too many broken documents") != NULL,
       "which is said");
    is_int(f.rule_count, 0, "and reading stops");
    buf_done(&text);
}

/* Expansion is bounded in number and in bytes. */
static void test_budgets(void)
{
    struct buf text = BUF_INIT(1 << 24);
    struct rule_file f;

    buf_puts(&text, "title: t\nlogsource: {product: p}\ndetection:\n  condition: sel\n  sel:\n"
                    "    a|windash:\n");
    for (int i = 0; i < 400; i++)
        buf_puts(&text, "      - '-a -b -c -d'\n");
    f = read(buf_cstr(&text));
    is_int(f.problem_count, 1, "250,000 variants are too many");
    is_int(f.problems[0].err.code, CE_TOO_BIG, "too big");
    buf_clear(&text);
    buf_puts(&text, "title: t\nlogsource: {product: p}\ndetection:\n  condition: sel\n  sel:\n"
                    "    a|windash: '-a -b -c -d ");
    for (int i = 0; i < 60000; i++)
        buf_putc(&text, 'x');
    buf_puts(&text, "'\n");
    f = read(buf_cstr(&text));
    is_int(f.problem_count, 1, "and so are 37 MB");
    is_int(f.problems[0].err.code, CE_TOO_BIG, "too big");
    buf_clear(&text);
    buf_puts(&text, "title: t\nlogsource: {product: p}\ndetection:\n  condition: sel\n  sel:\n"
                    "    a: ");
    for (int i = 0; i < 70000; i++)
        buf_putc(&text, 'x');
    f = read(buf_cstr(&text));
    is_int(f.problem_count, 1, "a value of 70,000 bytes");
    buf_clear(&text);
    buf_puts(&text,
             "title: t\nlogsource: {product: p}\ndetection:\n  condition: sel\n  sel: {a: b}\n");
    for (int i = 0; i < 1000; i++)
        buf_printf(&text, "  s%d: {a: b}\n", i);
    f = read(buf_cstr(&text));
    is_int(f.problem_count, 1, "1,001 selections");
    buf_done(&text);
}

static void test_no_memory(void)
{
    size_t max = 0;
    int r = -CE_NOMEM;

    for (; r == -CE_NOMEM && max < 100000; max += 8) {
        struct arena small = ARENA_INIT(max);
        struct rule_file f;

        r = rule_read(&small, SLICE("p"), slice_str(full), NULL, &f);
        if (r == 0)
            ok(f.rule_count == 1 && f.problem_count == 0, "with %zu bytes the rule is read", max);
        arena_done(&small);
    }
    ok(r == 0 && max > 500, "every allocation may fail");
}

#define HASHED(title)                                                                              \
    "title: " title "\nlogsource: {product: p}\ndetection: {s: {a: 1}, condition: s}\n"

/* Where YAML breaks off, rules before and behind have hashes of their own. */
static void test_hash_broken(void)
{
    struct rule_file sound = read(HASHED("A") "---\n" HASHED("B") "---\n" HASHED("C"));
    struct rule_file broken = read(HASHED("A") "---\na: [\n---\n" HASHED("B") "---\n" HASHED("C"));
    struct rule_file edited = read(HASHED("A") "---\na: [\n---\n" HASHED("B") "---\n" HASHED("D"));

    if (!ok(sound.rule_count == 3 && broken.rule_count == 3 && edited.rule_count == 3,
            "three rules each"))
        return;
    ok(broken.rules[1]->content_hash == sound.rules[1]->content_hash, "the same as elsewhere");
    ok(broken.rules[1]->content_hash != broken.rules[2]->content_hash, "and not as the next");
    ok(broken.rules[2]->content_hash != edited.rules[2]->content_hash, "an edit changes it");
    ok(broken.rules[0]->content_hash == edited.rules[0]->content_hash, "but not the others");
}

int main(void)
{
    test_metadata();
    test_vietnamese();
    test_defaults();
    test_documents();
    test_hash();
    test_hash_broken();
    test_broken_limit();
    test_budgets();
    test_no_memory();
    arena_done(&arena);
    return tap_done();
}
