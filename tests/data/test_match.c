/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All public rules over real records: the compiled engine must say what the oracle says, rule by
 * rule, also when a record comes again and its values are remembered.
 */
#include "sigma/match.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "data/data.h"
#include "decode/json/json.h"
#include "oracle.h"
#include "rules.h"
#include "sigma/explain.h"
#include "sigma/reasons.h"
#include "tap.h"

enum { EVERY = 5, RECORDS_MAX = 64 << 20 };

struct totals {
    uint64_t events, verdicts, matches, differences, given_up, told, told_differently;
};

static bool reported(const struct match_result *r, uint32_t rule)
{
    for (uint32_t i = 0; i < r->count; i++) {
        if (r->rules[i] == rule)
            return true;
    }
    return false;
}

static void compare(const struct ruleset *rs, struct matcher *m, struct oracle *o,
                    const struct event *e, struct totals *t)
{
    struct arena scratch = ARENA_INIT(64 << 20);
    struct match_result r = matcher_run(m, e);
    struct oracle_event plain;

    if (oracle_event_from(&scratch, e, ruleset_keys(rs), &plain) < 0)
        abort();
    t->events++;
    for (uint32_t i = 0; i < ruleset_count(rs); i++) {
        uint32_t count;
        const struct rule_variant *v = ruleset_variants(rs, i, &count);
        uint64_t gave_up = oracle_gave_up(o);
        bool want = oracle_rule_matches(o, v, count, &plain);

        /* a search for texts in order needs no limits, so the engine finds what PCRE gives up on */
        if (oracle_gave_up(o) != gave_up) {
            t->given_up++;
            continue;
        }
        t->verdicts++;
        t->matches += want;
        if (reported(&r, i) == want)
            continue;
        t->differences++;
        tap_note("%s: " SLICE_FMT, want ? "missed" : "invented",
                 SLICE_ARG(ruleset_rule(rs, i)->title));
    }
    arena_done(&scratch);
}

/* Fields told, each once, as alerts have them. */
/* Reasons as texts. */
struct listing {
    struct {
        struct slice field, value;
    } reasons[REASONS_MAX];
    uint32_t count;
    struct slice mapping;
};

static void list(void *ctx, struct slice field, struct slice value)
{
    struct listing *l = ctx;

    for (uint32_t i = 0; i < l->count; i++) {
        if (slice_eq(l->reasons[i].field, field))
            return;
    }
    if (l->count == REASONS_MAX)
        return;
    l->reasons[l->count].field = field;
    l->reasons[l->count++].value = value;
}

/* What the whole tree says of the first variant that holds. */
static void explained(struct arena *arena, const struct ruleset *rs, uint32_t rule,
                      const struct event *e, struct listing *to)
{
    const struct keys *keys = ruleset_keys(rs);
    const struct verdict *route, *condition;
    uint32_t count;
    const struct rule_variant *v = ruleset_variants(rs, rule, &count);

    for (uint32_t i = 0; i < count; i++) {
        if (explain_expr(arena, v[i].route, e, keys, VIEW_ROUTE, &route) < 0 || !route->holds ||
            explain_expr(arena, v[i].condition, e, keys, VIEW_CONDITION, &condition) < 0 ||
            !condition->holds)
            continue;
        explain_reasons(condition, list, to);
        to->mapping = v[i].mapping;
        return;
    }
}

static bool same_value(const struct field *f, struct slice want)
{
    struct buf text = BUF_INIT(64 << 20);
    bool same;

    if (f != NULL)
        field_text(f, &text);
    same = slice_eq(buf_slice(&text), want);
    buf_done(&text);
    return same;
}

static bool same_told(const struct match_reasons *a, const struct listing *b)
{
    for (uint32_t i = 0; a->count == b->count && i < a->count; i++) {
        if (!slice_eq(a->reasons[i].field, b->reasons[i].field) ||
            !same_value(a->reasons[i].value, b->reasons[i].value))
            return false;
    }
    return a->count == b->count && slice_eq(a->mapping, b->mapping);
}

static void compare_reasons(const struct ruleset *rs, struct reasons *reasons,
                            const struct match_result *found, const struct event *e,
                            struct totals *t)
{
    reasons_begin(reasons, e);
    for (uint32_t i = 0; i < found->count; i++) {
        struct arena scratch = ARENA_INIT(64 << 20);
        struct listing list = {.count = 0};
        struct match_reasons told = reasons_find(reasons, found->variants[i]);

        explained(&scratch, rs, found->rules[i], e, &list);
        t->told++;
        if (!same_told(&told, &list)) {
            t->told_differently++;
            tap_note("told differently: " SLICE_FMT,
                     SLICE_ARG(ruleset_rule(rs, found->rules[i])->title));
        }
        arena_done(&scratch);
    }
}

/* The record inside a line {"file": …, "record": {…}}. */
static struct slice record_of(struct slice line)
{
    size_t at = slice_find(line, SLICE("\"record\":"));
    struct slice r = slice_from(line, at + 9);

    return at == SIZE_MAX ? SLICE_NULL : slice_head(r, r.n - 1);
}

static void run(const struct ruleset *rs, struct slice lines)
{
    struct matcher *m = matcher_new(rs);
    struct json_decoder *d = json_decoder_new(ruleset_keys(rs), &decode_default_limits);
    struct oracle *o = oracle_new();
    struct reasons *reasons = reasons_new(rs);
    struct totals t = {0};
    struct slice line;

    for (uint64_t n = 0; slice_cut(&lines, '\n', &line); n++) {
        struct match_result found;
        struct event e;

        if (line.n == 0 || json_decode(d, record_of(line), &e, NULL) < 0)
            continue;
        if (n % EVERY == 0)
            compare(rs, m, o, &e, &t);
        found = matcher_run(m, &e);
        compare_reasons(rs, reasons, &found, &e, &t);
    }
    is_int(t.told_differently, 0, "%llu alerts tell what the whole tree says",
           (unsigned long long)t.told);
    ok(t.told > 100, "alerts there were");
    is_int(t.differences, 0, "engine and oracle agree on %llu verdicts",
           (unsigned long long)t.verdicts);
    ok(t.given_up * 100000 <= t.verdicts, "searches given up: %llu",
       (unsigned long long)t.given_up);
    ok(t.events > 100 && t.matches > 20, "%llu matches in %llu events",
       (unsigned long long)t.matches, (unsigned long long)t.events);
    (void)reasons_free(reasons);
    (void)oracle_free(o);
    (void)json_decoder_free(d);
    (void)matcher_free(m);
}

static bool read_records(const char *data, struct buf *out)
{
    char command[4200];
    FILE *pipe;
    bool whole;
    struct err err = ERR_INIT;

    (void)snprintf(command, sizeof(command), "zstd -dcq '%s/expected/evtx-records.jsonl.zst'",
                   data);
    pipe = popen(command, "r");
    if (pipe == NULL)
        return false;
    whole = file_read_fd(fileno(pipe), "records", out, &err) == 0;
    whole = pclose(pipe) == 0 && whole;
    for (int i = 0; i < JSON_PADDING; i++)
        buf_putc(out, 0);
    out->len -= JSON_PADDING;
    return whole && out->err == 0;
}

static void add_rules(void *ctx, struct slice path, struct slice text)
{
    if (ruleset_add_rules(ctx, path, text) < 0)
        abort();
}

static bool load(struct ruleset *rs)
{
    const struct data_folder *mappings = data_folder("mappings");
    struct err err = ERR_INIT;

    for (size_t i = 0; i < mappings->count; i++) {
        const struct data_file *f = &mappings->files[i];

        if (ruleset_add_mapping(rs, f->name, data_bytes(f), &err) < 0)
            return false;
    }
    return rules_each(add_rules, rs) > 1000 && ruleset_compile(rs, &err) == 0;
}

int main(void)
{
    const char *data = tap_data_dir();
    struct buf records = BUF_INIT(RECORDS_MAX);
    struct ruleset_options options = {.min_status = STATUS_EXPERIMENTAL, .jit = true};
    struct ruleset *rs = ruleset_new(&options);

    if (data == NULL || !read_records(data, &records)) {
        tap_skip("no rules or records here");
    } else if (ok(rs != NULL && load(rs), "rules and mappings load")) {
        run(rs, buf_slice(&records));
    }
    (void)ruleset_free(rs);
    buf_done(&records);
    return tap_done();
}
