/* SPDX-License-Identifier: Apache-2.0 */
/* A ruleset that was packed: the same rules, and of any other bytes none or others, but no harm. */
#include "sigma/ruleset_pack.h"

#include <stdlib.h>

#include "base/cur.h"
#include "decode/json/json.h"
#include "sigma/background.h"
#include "sigma/match.h"
#include "tap.h"

enum { PACKED_MAX = 1 << 20, JSON_MAX = 512, TRIED_EVERY = 10 };

static const char *const mappings[] = {
    "name: one\npriority: 1\ntransformations:\n"
    "- {type: field_name_mapping, mapping: {old: new}}\n"
    "- {type: add_condition, conditions: {Channel: [a, b], EventID: 1}, rule_conditions: "
    "[{type: logsource, service: s}]}\n",
    "name: two\npriority: 2\ntransformations:\n"
    "- {type: add_condition, conditions: {kind: k*}, rule_conditions: "
    "[{type: logsource, service: s}]}\n",
};

#define RULE(title, detection)                                                                     \
    "title: " title "\nlogsource: {product: p, service: s}\n" detection "---\n"
#define ONE(title, item) RULE(title, "detection: {a: {" item "}, condition: a}\n")

static const char rules[] =
    "title: All\nid: 6b8a2c9e-0000-4000-8000-000000000001\nname: all\ndescription: D\n"
    "author: A\ndate: 2026-01-02\nmodified: 2026-01-03\nstatus: test\nlevel: critical\n"
    "tags: [attack.t1059, x]\nlogsource: {category: c, product: p, service: s}\n"
    "canh: {title_vi: V, meaning_vi: M, advice: Do, advice_vi: L}\n"
    "detection:\n  a: {old|contains: [x*y, '?z'], v: 1}\n  b: [word, 'w?rd*']\n"
    "  c: {u: null}\n  condition: (a or not b) and not c\n---\n"
    /* one of each kind of atom */
    ONE("cased", "v|cased|startswith: AbC") ONE("number", "v: 4688") ONE("less", "v|lt: 5")
        ONE("most", "v|lte: 5.5") ONE("more", "v|gt: -1") ONE("least", "v|gte: 1e3")
            ONE("regex", "v|re|i|s: '^a.*b$'") ONE("cidr", "v|cidr: 10.0.0.0/8")
                ONE("wide", "v|cidr: 'fe80::/10'") ONE("none", "v: null")
                    ONE("there", "v|exists: true") ONE("same", "v|fieldref: w")
                        ONE("ends", "v|fieldref|endswith: w") ONE("hour", "v|hour: 3")
                            ONE("empty", "v: ''") ONE("any", "v: '*'")
                                ONE("less again", "v|lt: 5") ONE("not cased", "v|startswith: AbC");

static const char *const events[] = {
    "{\"Channel\":\"a\",\"EventID\":1,\"new\":\"qxqyq\",\"v\":\"1\"}",
    "{\"Channel\":\"b\",\"EventID\":1,\"v\":\"AbCd\",\"w\":\"Cd\",\"u\":1}",
    "{\"Channel\":\"a\",\"EventID\":1,\"v\":4688}",
    "{\"kind\":\"kk\",\"v\":\"10.1.2.3\",\"w\":\"10.1.2.3\"}",
    "{\"kind\":\"k\",\"v\":\"fe80::1\",\"old\":\"az\"}",
    "{\"kind\":\"k\",\"v\":\"a\\nb\",\"x\":\"a word\"}",
    "{\"kind\":\"k\",\"v\":\"2026-01-02T03:04:05Z\"}",
    "{\"kind\":\"k\",\"v\":\"\"}",
    "{\"kind\":\"k\"}",
    "{\"kind\":\"x\",\"v\":1}",
};

static struct ruleset *load(void)
{
    const struct ruleset_options options = {0};
    struct ruleset *rs = ruleset_new(&options);
    struct err err = ERR_INIT;

    for (size_t i = 0; rs && i < CANH_LEN(mappings); i++) {
        if (ruleset_add_mapping(rs, "m.yml", slice_str(mappings[i]), &err) < 0)
            exit(1);
    }
    if (rs == NULL || ruleset_add_rules(rs, SLICE("r.yml"), slice_str(rules)) < 0 ||
        ruleset_compile(rs, &err) < 0)
        exit(1);
    return rs;
}

/* NULL: the bytes are none. */
static struct ruleset *read_bytes(struct slice packed)
{
    const struct ruleset_options options = {0};
    struct ruleset *rs = ruleset_new(&options);

    if (rs == NULL)
        exit(1);
    return ruleset_unpack(rs, packed) < 0 ? ruleset_free(rs) : rs;
}

static struct ruleset *unpack(struct slice packed)
{
    struct ruleset *rs = read_bytes(packed);
    struct err err = ERR_INIT;

    return rs && ruleset_compile(rs, &err) < 0 ? ruleset_free(rs) : rs;
}

static void same_rules(const struct ruleset *a, const struct ruleset *b)
{
    struct ruleset_counts x, y;
    uint32_t wrong = 0, asked = 0;

    ruleset_count_all(a, &x);
    ruleset_count_all(b, &y);
    ok(memcmp(&x, &y, sizeof(x)) == 0 && x.rules > 15, "as many of each kind, %u rules", x.rules);
    is_int(keys_count(ruleset_keys(b)), keys_count(ruleset_keys(a)), "as many fields");
    for (uint32_t k = 1; k <= keys_count(ruleset_keys(a)); k++) {
        wrong += !slice_eq(keys_name(ruleset_keys(a), k), keys_name(ruleset_keys(b), k));
        wrong += ruleset_asks(a, k) != ruleset_asks(b, k);
        asked += ruleset_asks(b, k);
    }
    is_int(wrong, 0, "with the same numbers, asked for by the same");
    is_int(asked, 4, "fields that conditions ask for, without those of mappings alone");
}

static void same_metadata(const struct ruleset *rs)
{
    const struct sigma_rule *rule = ruleset_rule(rs, 0);
    uint32_t count;

    is_slice(rule->title, SLICE("All"), "title");
    is_slice(rule->path, SLICE("r.yml"), "path");
    is_slice(rule->modified, SLICE("2026-01-03"), "modified");
    is_slice(rule->advice_vi, SLICE("L"), "advice in Vietnamese");
    is_slice(rule->logsource.category, SLICE("c"), "category");
    ok(rule->tag_count == 2 && slice_is(rule->tags[1], "x"), "tags");
    ok(rule->level == LEVEL_CRITICAL && rule->status == STATUS_TEST, "level and status");
    ok(rule->line == 1 && ruleset_rule(rs, 1)->line > 1, "lines");
    is_slice(ruleset_variants(rs, 0, &count)[1].mapping, SLICE("two"), "mapping");
    is_int(count, 2, "a variant a mapping");
}

static const struct expr *condition(const struct ruleset *rs, uint32_t rule)
{
    uint32_t count;

    return ruleset_variants(rs, rule, &count)->condition;
}

/* The first atom of a rule's condition. */
static const struct atom *first_atom(const struct ruleset *rs, uint32_t rule)
{
    const struct expr *e = condition(rs, rule);

    while (e->op != EXPR_ATOM)
        e = e->kids[0];
    return e->atom;
}

/* By position in the rules above. */
static void kept_rarity(const struct ruleset *rs)
{
    struct background *b = background_new();
    const struct atom *cased = first_atom(rs, 1);

    if (b == NULL)
        exit(1);
    is_slice(cased->pattern.parts[0].text, SLICE("AbC"), "a text");
    is_int(cased->rarity, background_rarity(b, TEXT_PREFIX, SLICE("abc")), "and how rare it is");
    is_int(first_atom(rs, 7)->rarity, 0, "a regex has no such text");
    is_slice(first_atom(rs, 18)->pattern.parts[0].text, SLICE("abc"), "folded, if not cased");
    (void)background_free(b);
}

/* What stands in several rules stands in the bytes once. By position in the rules above. */
static void kept_once(const struct ruleset *rs)
{
    ok(condition(rs, 17) == condition(rs, 3), "the same condition of two rules is one");
    ok(condition(rs, 4) != condition(rs, 3), "another is another");
}

/* The rules that an event matches, by their titles. */
static void match(const struct ruleset *rs, const char *json, struct buf *out)
{
    char padded[JSON_MAX + JSON_PADDING] = {0};
    struct json_decoder *d = json_decoder_new(ruleset_keys(rs), &decode_default_limits);
    struct matcher *m = matcher_new(rs);
    struct match_result found;
    struct event e;

    buf_clear(out);
    memcpy(padded, json, strlen(json));
    if (d == NULL || m == NULL || json_decode(d, slice_of(padded, strlen(json)), &e, NULL) < 0)
        exit(1);
    found = matcher_run(m, &e);
    buf_puts(out, found.routed ? "" : "nothing leads here");
    for (uint32_t i = 0; i < found.count; i++) {
        buf_append_slice(out, ruleset_rule(rs, found.rules[i])->title);
        buf_putc(out, ' ');
    }
    (void)matcher_free(m);
    (void)json_decoder_free(d);
}

static void same_matches(const struct ruleset *a, const struct ruleset *b)
{
    struct buf want = BUF_INIT(4096), got = BUF_INIT(4096);

    for (size_t i = 0; i < CANH_LEN(events); i++) {
        match(a, events[i], &want);
        match(b, events[i], &got);
        is_slice(buf_slice(&got), buf_slice(&want), "%s: %s", events[i], buf_cstr(&want));
    }
    buf_done(&want);
    buf_done(&got);
}

static void test_same(const struct ruleset *rs, struct slice packed)
{
    struct ruleset *again = unpack(packed);
    struct buf once_more = BUF_INIT(PACKED_MAX);

    ok(again != NULL, "what was packed is read");
    if (again == NULL)
        return;
    same_rules(rs, again);
    same_metadata(again);
    kept_rarity(again);
    kept_once(again);
    same_matches(rs, again);
    ok(ruleset_pack(again, &once_more), "it is packed again");
    ok(slice_eq(buf_slice(&once_more), packed), "to the same bytes");
    buf_done(&once_more);
    (void)ruleset_free(again);
}

/* Cut off anywhere, or with something behind it, it is none. */
static void test_cut(struct slice packed)
{
    struct buf more = BUF_INIT(PACKED_MAX);
    size_t read = 0;

    for (size_t n = 0; n < packed.n; n++) {
        struct ruleset *rs = unpack(slice_head(packed, n));

        read += rs != NULL;
        (void)ruleset_free(rs);
    }
    is_int(read, 0, "nothing that is cut off is read");
    buf_append_slice(&more, packed);
    buf_putc(&more, 0);
    ok(unpack(buf_slice(&more)) == NULL, "nor with a byte behind it");
    buf_done(&more);
}

/* With a byte changed it is none, or other rules; events go through these (some, as compiling takes
 * long) as through any. */
static void test_changed(struct slice packed)
{
    static const uint8_t masks[] = {1, 0x7F, 0x80};
    struct buf changed = BUF_INIT(PACKED_MAX), got = BUF_INIT(4096);
    size_t read = 0, refused = 0;

    buf_append_slice(&changed, packed);
    for (size_t i = 0; i < CANH_LEN(masks) * packed.n; i++) {
        struct ruleset *rs;

        changed.p[i / CANH_LEN(masks)] ^= masks[i % CANH_LEN(masks)];
        rs = (i % TRIED_EVERY == 0 ? unpack : read_bytes)(buf_slice(&changed));
        changed.p[i / CANH_LEN(masks)] ^= masks[i % CANH_LEN(masks)];
        if (rs != NULL && i % TRIED_EVERY == 0)
            match(rs, events[i % CANH_LEN(events)], &got);
        read += rs != NULL;
        refused += rs == NULL;
        (void)ruleset_free(rs);
    }
    ok(read > 0 && refused > 0, "of changed ones %zu are read, %zu refused", read, refused);
    buf_done(&changed);
    buf_done(&got);
}

/*
 * A ruleset of one rule. Its condition: an atom, and so many expressions, each of an operator over
 * `kids` that all are the one before, or (back 0) over itself.
 */
static void write_chain(unsigned op, unsigned kids, unsigned back, unsigned count, struct buf *out)
{
    static const uint8_t texts[] = {3, 2, 1, 'f', 0}; /* bytes, how many, "f" */
    static const uint8_t atom[] = {1, ATOM_EXISTS, 0, 0, 1, 0, 1}, leaf[] = {EXPR_ATOM, 0, 0, 0};

    buf_append(out, texts, sizeof(texts));
    buf_append(out, atom, sizeof(atom));
    write_varint(out, count + 1);
    buf_append(out, leaf, sizeof(leaf));
    for (unsigned i = 0; i < count; i++) {
        buf_append(out, (uint8_t[]){(uint8_t)op, 0, 0, (uint8_t)kids}, 4);
        for (unsigned k = 0; k < kids; k++)
            write_varint(out, i + 1 - back);
    }
    buf_putc(out, 1); /* a rule: its texts, line, level, status, hash, tags */
    for (unsigned i = 0; i < 15 + 3 + 8 + 1; i++)
        buf_putc(out, 0);
    buf_append(out, (uint8_t[]){1, 0}, 2); /* a variant */
    write_varint(out, count);
    write_varint(out, count);
    for (unsigned i = 0; i < 1 + 1 + 7; i++) /* mapping, fields asked for, counts */
        buf_putc(out, 0);
}

static void chain_is(unsigned op, unsigned kids, unsigned back, unsigned count, bool want,
                     const char *what)
{
    struct buf packed = BUF_INIT(PACKED_MAX);
    struct ruleset *rs;

    write_chain(op, kids, back, count, &packed);
    rs = unpack(buf_slice(&packed));
    ok((rs != NULL) == want, "%s %s", what, want ? "is read" : "is refused");
    buf_done(&packed);
    (void)ruleset_free(rs);
}

static void test_chains(void)
{
    chain_is(EXPR_NOT, 1, 1, 0, true, "an atom alone");
    chain_is(EXPR_NOT, 1, 1, 100, true, "what nests");
    chain_is(EXPR_NOT, 1, 1, 5000, false, "what nests deeper than anything that is written");
    chain_is(EXPR_AND, 2, 1, 10, true, "what stands in several places");
    chain_is(EXPR_AND, 2, 1, 60, false, "what would be walked without end");
    chain_is(EXPR_NOT, 1, 0, 1, false, "what holds itself");
    chain_is(EXPR_NOT, 1, 2, 1, false, "what holds something that is not there");
    chain_is(EXPR_NOT, 2, 1, 1, false, "a NOT of two");
    chain_is(EXPR_AND, 0, 1, 1, false, "an AND of nothing");
    chain_is(EXPR_OR + 1, 1, 1, 1, false, "an unknown operator");
}

/* What correlations are made of is not packed. */
static void test_correlation(void)
{
    static const char text[] = "title: C\ncorrelation: {type: event_count, rules: [all], group-by: "
                               "[v], timespan: 1m, condition: {gte: 2}}\n";
    const struct ruleset_options options = {0};
    struct ruleset *rs = ruleset_new(&options);
    struct buf packed = BUF_INIT(PACKED_MAX);
    struct err err = ERR_INIT;

    if (rs == NULL || ruleset_add_rules(rs, SLICE("c.yml"), slice_str(text)) < 0 ||
        ruleset_compile(rs, &err) < 0)
        exit(1);
    ok(!ruleset_pack(rs, &packed), "a ruleset with a correlation is not packed");
    buf_done(&packed);
    (void)ruleset_free(rs);
}

int main(void)
{
    struct ruleset *rs = load();
    struct buf packed = BUF_INIT(PACKED_MAX);

    ok(ruleset_pack(rs, &packed) && packed.len > 1000, "packed");
    test_same(rs, buf_slice(&packed));
    test_cut(buf_slice(&packed));
    test_changed(buf_slice(&packed));
    test_chains();
    test_correlation();
    buf_done(&packed);
    (void)ruleset_free(rs);
    return tap_done();
}
