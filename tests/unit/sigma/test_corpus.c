/* SPDX-License-Identifier: Apache-2.0 */
/* Every rule of SigmaHQ's active folders is read; those with placeholders once they have values. */
#include "err_words.h"
#include "lang/err_sigma.h"
#include "rules.h"
#include "sigma/rule.h"
#include "tap.h"

struct totals {
    struct arena arena;
    const struct rule_options *options;
    unsigned rules, placeholders, other_problems, bad_rules;
};

static void read_one(void *ctx, struct slice path, struct slice text)
{
    struct totals *t = ctx;
    struct rule_file f;

    if (rule_read(&t->arena, path, text, t->options, &f) < 0) {
        t->other_problems++;
        return;
    }
    t->rules += f.rule_count;
    for (uint32_t i = 0; i < f.problem_count; i++) {
        const struct rule_problem *p = &f.problems[i];
        bool placeholder = p->err.id == ERR_SIGMA_PLACEHOLDER_NO_VALUES;

        t->placeholders += placeholder;
        t->other_problems += !placeholder;
        if (!placeholder)
            tap_note(SLICE_FMT ":%u:%u: %s", SLICE_ARG(path), p->err.line, p->err.col,
                     err_words(&p->err));
    }
    for (uint32_t i = 0; i < f.rule_count; i++) {
        const struct sigma_rule *r = f.rules[i];

        t->bad_rules += r->condition == NULL || r->title.n == 0 || r->id.n != 36 ||
                        r->content_hash == 0 || r->status == STATUS_NONE || r->line == 0;
    }
}

static void read_all(struct totals *t, const struct rule_options *options)
{
    *t = (struct totals){.arena = ARENA_INIT(1 << 30), .options = options};
    if (rules_each(read_one, t) == 0)
        tap_skip("the rule corpus is not here");
}

int main(void)
{
    static const struct slice texts[] = {{(const uint8_t *)"dc1", 3}, {(const uint8_t *)"dc2", 3}};
    static const struct placeholder values = {.name = {(const uint8_t *)"known_cdcs", 10},
                                              .values = texts,
                                              .count = 2};
    static const struct rule_options options = {.placeholders = &values, .placeholder_count = 1};
    struct totals t;

    read_all(&t, NULL);
    if (t.rules > 0) {
        is_int(t.rules, 3755, "rules without placeholders");
        is_int(t.placeholders, 2, "rules that wait for values");
        is_int(t.other_problems, 0, "nothing else refused");
        is_int(t.bad_rules, 0, "all with title, id, status, condition");
        arena_done(&t.arena);
        read_all(&t, &options);
        is_int(t.rules, 3757, "all rules, once values are given");
        is_int(t.placeholders + t.other_problems, 0, "nothing refused");
    }
    arena_done(&t.arena);
    return tap_done();
}
