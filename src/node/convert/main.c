/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canh-convert: one file that somebody handed in → what it means, and nothing else. argv: the
 * folder of rules (empty: those that canh carries); descriptor 3: the file, a sealed memfd;
 * descriptor 4: where the answer goes (node/wire/convert.h). Once the rules are read it may open
 * nothing any more.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "detect/scan.h"
#include "node/wire/convert.h"
#include "os/process.h"
#include "os/sandbox.h"
#include "sigma/correlation.h"

enum { IN_FD = PROCESS_FD, OUT_FD = PROCESS_FD + 1, ANSWER_MAX = 1 << 20 };

static int by_weight(const void *a, const void *b)
{
    const struct convert_row *x = a, *y = b;

    if (x->level != y->level)
        return x->level > y->level ? -1 : 1;
    return x->count == y->count ? 0 : x->count > y->count ? -1 : 1;
}

static struct slice host_of(const struct tally *t, const struct tally_rule *rule)
{
    return rule->pairs && rule->pairs < t->pair_count + 1 ? t->hosts[t->pairs[rule->pairs].host]
                                                          : SLICE_NULL;
}

/* The rules that alerted, the worst first. */
static size_t collect(const struct generation *g, const struct scan_result *found,
                      struct convert_row *rows)
{
    uint32_t rules = ruleset_count(g->rules);
    size_t n = 0;

    for (uint32_t i = 0; i < found->tally.rule_count && n < CONVERT_ROWS_MAX; i++) {
        const struct tally_rule *t = &found->tally.rules[i];
        const struct sigma_rule *rule =
            i < rules ? ruleset_rule(g->rules, i) : &ruleset_correlation(g->rules, i - rules)->rule;

        if (t->count == 0)
            continue;
        rows[n++] = (struct convert_row){.level = (int32_t)rule->level,
                                         .title = rule->title,
                                         .title_vi = rule->title_vi,
                                         .advice = rule->advice,
                                         .advice_vi = rule->advice_vi,
                                         .description = rule->description,
                                         .rule = rule->id,
                                         .host = host_of(&found->tally, t),
                                         .count = t->count,
                                         .first = t->first,
                                         .last = t->last};
    }
    qsort(rows, n, sizeof(*rows), by_weight);
    return n;
}

static int answer(const struct generation *g, const struct scan_result *found, struct err *err)
{
    static struct convert_row rows[CONVERT_ROWS_MAX];
    struct convert_answer a = {.rows = rows,
                               .events = found->events,
                               .logs = found->logs,
                               .alerts = found->tally.alerts,
                               .unreadable = found->troubles[TROUBLE_NO_LOG] +
                                             found->troubles[TROUBLE_UNREADABLE],
                               .damaged = found->troubles[TROUBLE_BAD_RECORD] +
                                          found->troubles[TROUBLE_DAMAGED]};
    struct buf out = BUF_INIT(ANSWER_MAX);
    int r;

    a.row_count = (uint32_t)collect(g, found, rows);
    convert_put(&out, &a);
    r = out.err ? err_nomem(err) : file_write_fd(OUT_FD, "answer", buf_slice(&out), err);
    buf_done(&out);
    return r;
}

static int confine(struct err *err)
{
    const struct sandbox_rules rules = {.read = NULL};
    struct sandbox *s = NULL;
    int r = sandbox_new(&rules, &s, err);

    if (r == 0 && !sandbox_enter(s))
        r = -CE_DENIED;
    (void)sandbox_free(s);
    return r;
}

static int scan(const struct generation *g, struct scan_result *found, struct err *err)
{
    static const char *const paths[] = {"-"};
    static const struct scan_sink none;
    struct cancel never;
    struct scan_request q = {.generation = (struct generation *)(uintptr_t)g,
                             .inputs = {paths, 1},
                             .threads = 1,
                             .format = SCAN_NO_ALERTS,
                             .cancel = &never,
                             .sink = &none};
    int r = cancel_init(&never);

    if (r < 0)
        return r;
    r = scan_run(&q, found, err);
    cancel_done(&never);
    return r;
}

int main(int argc, char **argv)
{
    struct generation_options o = {.min_level = LEVEL_LOW,
                                   .min_status = STATUS_EXPERIMENTAL,
                                   .no_jit = true,
                                   .imported = argc > 1 && argv[1][0] ? argv[1] : NULL};
    struct generation *g = NULL;
    struct scan_result found = {.events = 0};
    struct err err = ERR_INIT;
    int r = process_begin(&err);

    if (r == 0)
        r = generation_load(&o, &g, &err);
    if (r == 0 && (lseek(IN_FD, 0, SEEK_SET) < 0 || dup2(IN_FD, STDIN_FILENO) < 0))
        r = -CE_IO;
    if (r == 0)
        r = confine(&err);
    if (r == 0) {
        r = scan(g, &found, &err);
        if (r == 0)
            r = answer(g, &found, &err);
        scan_result_done(&found);
    }
    (void)generation_unref(g);
    return r < 0 ? 70 : 0;
}
