/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline_case.h"

#include "err_words.h"
#include "expr_text.h"
#include "sigma/pipeline.h"
#include "tap.h"

const char pipeline_one[] = "sel: {a: x}\ncondition: sel\n";
const char pipeline_two[] = "sel: {'a|contains': [x, y], b: 1}\nother: {c: z}\n"
                            "condition: sel and not other\n";

/* A rule and a pipeline around the lines that a case is about. The first item claims the rule. */
static const char rule_head[] = "# Not all documents begin on the first line.\n"
                                "title: Test\n"
                                "id: 5f4f1b0e-6a3c-4f0b-9d1e-0c6f2f0a7b11\n"
                                "name: test_rule\n"
                                "status: test\n"
                                "level: high\n"
                                "author: somebody\n"
                                "date: 2026-03-01\n"
                                "tags: [attack.execution, attack.t1059]\n"
                                "logsource: {category: process_creation, product: windows}\n"
                                "detection:\n";
static const char claim[] = "- {type: add_condition, conditions: {C: x}}\n";

static void put_lines(struct buf *to, const char *indent, const char *lines)
{
    struct slice rest = slice_str(lines), line;

    while (rest.n > 0 && slice_cut(&rest, '\n', &line)) {
        if (line.n == 0)
            continue;
        buf_puts(to, indent);
        buf_append_slice(to, line);
        buf_putc(to, '\n');
    }
}

static struct sigma_rule *read_rule(struct arena *arena, const char *detection)
{
    struct buf text = BUF_INIT(1 << 20);
    struct rule_options options = {NULL, 0};
    struct rule_file file;

    buf_puts(&text, rule_head);
    put_lines(&text, "  ", detection);
    if (rule_read(arena, SLICE("rule.yml"), buf_slice(&text), &options, &file) < 0 ||
        file.rule_count != 1) {
        ok(false, "the rule reads: %s",
           file.problem_count ? err_words(&file.problems[0].err) : "no problem");
        buf_done(&text);
        return NULL;
    }
    buf_done(&text);
    return file.rules[0];
}

void pipeline_run(const char *pipeline, const char *detection, bool route, struct buf *out)
{
    struct arena arena = ARENA_INIT(1 << 24);
    struct pipeline *p = NULL;
    struct rule_variant v;
    struct err err = ERR_INIT;
    struct sigma_rule *rule = read_rule(&arena, detection);
    int r = pipeline_parse(slice_str(pipeline), "test.yml", &p, &err);

    if (r < 0) {
        buf_printf(out, "%u:%u: %s", err.line, err.col, err_words(&err));
    } else if (rule != NULL) {
        r = pipeline_apply(p, rule, &arena, &v, &err);
        if (r < 0) {
            buf_printf(out, "rule %u:%u: %s", err.line, err.col, err_words(&err));
        } else if (r == 0) {
            buf_puts(out, "unclaimed");
        } else {
            if (route) {
                expr_text(v.route, out);
                buf_puts(out, " | ");
            }
            expr_text(v.condition, out);
        }
    }
    (void)pipeline_free(p);
    arena_done(&arena);
}

void pipeline_check(const char *name, const char *items, const char *detection, bool route,
                    const char *want)
{
    struct buf pipeline = BUF_INIT(1 << 20), out = BUF_INIT(1 << 20);

    buf_puts(&pipeline, "transformations:\n");
    if (!route)
        buf_puts(&pipeline, claim);
    put_lines(&pipeline, "", items);
    pipeline_run(buf_cstr(&pipeline), detection, route, &out);
    is_str(buf_cstr(&out), want, "%s", name);
    buf_done(&pipeline);
    buf_done(&out);
}

void pipeline_cases(const struct pipeline_case *c, size_t count, bool route)
{
    for (size_t i = 0; i < count; i++)
        pipeline_check(c[i].name, c[i].items, c[i].detection, route, c[i].want);
}
