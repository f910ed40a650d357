/* SPDX-License-Identifier: Apache-2.0 */
/* From events over routes to rules: which program an event takes, and what is counted. */
#include "sigma/match.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "decode/json/json.h"
#include "err_words.h"
#include "tap.h"

enum { MANY = 150 };

static const char mapping[] =
    "transformations:\n"
    "- {type: add_condition, conditions: {A: 1}, rule_conditions: "
    "[{type: logsource, service: a}]}\n"
    "- {type: add_condition, conditions: {B: 1}, rule_conditions: "
    "[{type: logsource, service: b}]}\n"
    "- {type: add_condition, conditions: {C: 1}, rule_conditions: "
    "[{type: logsource, service: c}]}\n"
    "- {type: add_condition, conditions: {D: 'x*'}, rule_conditions: "
    "[{type: logsource, service: d}]}\n"
    "- {type: add_condition, conditions: {D: 'y*'}, rule_conditions: "
    "[{type: logsource, service: e}]}\n"
    /* forms of routes that are nearly the same */
    "- {type: add_condition, conditions: {F: 1, G: 1}, rule_conditions: "
    "[{type: logsource, service: f}]}\n"
    "- {type: add_condition, conditions: {F: 2, G: 1}, rule_conditions: "
    "[{type: logsource, service: g}]}\n"
    "- {type: add_condition, conditions: {F: [1, 2], G: 1}, "
    "rule_conditions: [{type: logsource, service: h}]}\n"
    "- {type: add_condition, conditions: {F: '1'}, rule_conditions: "
    "[{type: logsource, service: i}]}\n"
    "- {type: add_condition, conditions: {G: '1'}, rule_conditions: "
    "[{type: logsource, service: j}]}\n"
    "- {type: add_condition, conditions: {D: '*x'}, rule_conditions: "
    "[{type: logsource, service: k}]}\n"
    "- {type: add_condition, conditions: {D: '*x*'}, rule_conditions: "
    "[{type: logsource, service: l}]}\n"
    "- {type: add_condition, conditions: {N|lt: 5}, rule_conditions: "
    "[{type: logsource, service: o}]}\n"
    "- {type: add_condition, conditions: {N|lte: 5}, rule_conditions: "
    "[{type: logsource, service: p}]}\n"
    "- {type: add_condition, conditions: {N|gt: 5}, rule_conditions: "
    "[{type: logsource, service: q}]}\n"
    "- {type: add_condition, conditions: {N|gte: 5}, rule_conditions: "
    "[{type: logsource, service: r}]}\n"
    "- {type: add_condition, conditions: {K: [1, 2], K|all: [3], L: 1}, "
    "rule_conditions: [{type: logsource, service: s}]}\n"
    "- {type: add_condition, conditions: {K: [1, 2, 3], L: 1}, "
    "rule_conditions: [{type: logsource, service: t}]}\n"
    "- {type: add_condition, conditions: {P: '*'}, rule_conditions: "
    "[{type: logsource, service: y}]}\n"
    "- {type: add_condition, conditions: {P: null, Z: 1}, rule_conditions: "
    "[{type: logsource, service: z}]}\n"
    "- {type: add_condition, conditions: {Channel: m}, rule_conditions: "
    "[{type: logsource, service: m}]}\n"
    "- {type: add_condition, conditions: {Channel: n}, rule_conditions: "
    "[{type: logsource, service: n}]}\n";

#define RULE(service, detection)                                                                   \
    "title: " service "\nlogsource: {service: " service "}\n"                                      \
    "detection: {s: {" detection "}, condition: s}\n---\n"

static const char rules[] = RULE("a", "v: hit") RULE("b", "v: hit") RULE("c", "v: hit")
    RULE("d", "v: hit") RULE("e", "v: hit") RULE("a", "w|re: '(a+)+b$'") RULE("f", "v: hit")
        RULE("g", "v: hit") RULE("h", "v: hit") RULE("i", "v: hit") RULE("j", "v: hit")
            RULE("k", "v: hit") RULE("l", "v: hit") RULE("m", "v: hit") RULE("n", "v: hit")
                RULE("o", "v: hit") RULE("p", "v: hit") RULE("q", "v: hit") RULE("r", "v: hit")
                    RULE("s", "v: hit") RULE("t", "v: hit") RULE("y", "v: hit") RULE("z", "v: hit");

static const char more[] =
    "title: u\nlogsource: {service: a}\n"
    "detection: {s: {x: 1}, f: {y|contains: aba}, condition: s and not f}\n---\n"
    "title: w\nlogsource: {service: a}\ndetection: {s: {n: 7}, condition: s}\n---\n"
    "title: x\nlogsource: {service: a}\ndetection: {s: {z|contains: needle}, condition: s}\n";

static struct ruleset *rs;
static struct matcher *m;
static struct json_decoder *d;

/* Titles of the rules that an event matches, or "unrouted". */
static void matches(const char *json, const char *want)
{
    char padded[1000] = {0}, got[50] = "";
    struct match_result r;
    struct event e;
    size_t n = strlen(json);

    memcpy(padded, json, n);
    if (json_decode(d, slice_of(padded, n), &e, NULL) < 0) {
        ok(false, "%s is an event", json);
        return;
    }
    r = matcher_run(m, &e);
    for (uint32_t i = 0; i < r.count; i++)
        got[i] = (char)ruleset_rule(rs, r.rules[i])->title.p[0];
    is_str(r.routed ? got : "unrouted", want, "%s", json);
}

/* The same values under other names take other ways; a way taken once is taken again. */
static void test_ways(void)
{
    for (int again = 0; again < 2; again++) {
        matches("{\"A\":1,\"v\":\"hit\"}", "a");
        matches("{\"B\":1,\"v\":\"hit\"}", "b");
        matches("{\"C\":1,\"v\":\"hit\"}", "c");
        matches("{\"A\":1,\"v\":\"miss\"}", "");
        matches("{\"A\":2,\"v\":\"hit\"}", "unrouted");
        matches("{\"v\":\"hit\"}", "unrouted");
        matches("{\"D\":\"xy\",\"v\":\"hit\"}", "dl");
        matches("{\"D\":\"yx\",\"v\":\"hit\"}", "ekl");
        matches("{\"D\":\"z\",\"v\":\"hit\"}", "unrouted");
        matches("{\"D\":[\"x\",\"y\"],\"v\":\"hit\"}", "dekl");
        matches("{\"D\":\"x1\",\"C\":1,\"B\":1,\"A\":1,\"v\":\"hit\"}", "abcdl");
        matches("{\"A\":1,\"C\":1,\"v\":\"hit\"}", "ac");
        matches("{\"A\":1,\"B\":2,\"v\":\"hit\"}", "a");
        matches("{\"A\":2,\"B\":1,\"v\":\"hit\"}", "b");
        matches("{\"A\":1,\"D\":\"y\",\"v\":\"hit\"}", "ae");
        matches("{\"F\":1,\"v\":\"hit\"}", "i");
        matches("{\"G\":1,\"v\":\"hit\"}", "j");
        matches("{\"F\":1,\"G\":1,\"v\":\"hit\"}", "fhij");
        matches("{\"F\":2,\"G\":1,\"v\":\"hit\"}", "ghj");
        matches("{\"F\":3,\"G\":1,\"v\":\"hit\"}", "j");
        matches("{\"D\":\"zx\",\"v\":\"hit\"}", "kl");
        matches("{\"D\":\"zxz\",\"v\":\"hit\"}", "l");
        matches("{\"N\":4,\"v\":\"hit\"}", "op");
        matches("{\"N\":5,\"v\":\"hit\"}", "pr");
        matches("{\"N\":6,\"v\":\"hit\"}", "qr");
        matches("{\"K\":1,\"L\":1,\"v\":\"hit\"}", "t");
        matches("{\"K\":[1,3],\"L\":1,\"v\":\"hit\"}", "st");
        /* of P only whether it is there, and whether it is null */
        matches("{\"P\":\"some\",\"v\":\"hit\"}", "y");
        matches("{\"P\":\"\",\"v\":\"hit\"}", "y");
        matches("{\"P\":7,\"v\":\"hit\"}", "y");
        matches("{\"P\":null,\"Z\":1,\"v\":\"hit\"}", "z");
        matches("{\"P\":\"some\",\"Z\":1,\"v\":\"hit\"}", "y");
        matches("{\"Z\":1,\"v\":\"hit\"}", "z");
        matches("{\"P\":\"other\",\"v\":\"miss\"}", "");
        matches("{\"P\":\"another\",\"A\":1,\"v\":\"hit\"}", "ay");
        matches("{\"Channel\":\"m\",\"v\":\"hit\"}", "m");
        matches("{\"Channel\":\"n\",\"v\":\"hit\"}", "n");
        matches("{\"Channel\":\"o\",\"v\":\"hit\"}", "unrouted");
    }
}

/* A value with all pairs of a text that it does not have. */
static void test_pairs(void)
{
    matches("{\"A\":1,\"x\":1,\"y\":\"baab\"}", "u");
    matches("{\"A\":1,\"x\":1,\"y\":\"baba\"}", "");
    matches("{\"A\":1,\"x\":1,\"y\":\"BABA\"}", "");
    matches("{\"A\":1,\"x\":1,\"y\":\"ba\"}", "u");
}

/* However a number is written. */
static void test_numbers(void)
{
    static const char *const seven[] = {"7", "7.0", "\"7\"", "70e-1"};
    static const char *const other[] = {"8",       "70",
                                        "-7",      "\"7a\"",
                                        "\"a7\"",  "\"7 7\"",
                                        "\"007\"", "\"+7\"",
                                        "7.5",     "\"0000000000000000\""};
    char json[60];

    for (size_t i = 0; i < CANH_LEN(seven); i++) {
        (void)snprintf(json, sizeof(json), "{\"A\":1,\"n\":%s}", seven[i]);
        matches(json, "w");
    }
    for (size_t i = 0; i < CANH_LEN(other); i++) {
        (void)snprintf(json, sizeof(json), "{\"A\":1,\"n\":%s}", other[i]);
        matches(json, "");
    }
}

/* Values as long as are remembered, and longer ones, each looked at twice. */
static void test_long(void)
{
    char json[400];

    for (int n = 200; n < 220; n++) {
        (void)snprintf(json, sizeof(json), "{\"A\":1,\"z\":\"%0*dneedle\"}", n - 6, 0);
        matches(json, "x");
        matches(json, "x");
        (void)snprintf(json, sizeof(json), "{\"A\":1,\"z\":\"%0*dneedl\"}", n - 5, 0);
        matches(json, "");
    }
}

static void note_way(void *ctx, uint32_t rule, const struct rule_variant *variant)
{
    buf_printf(ctx, "%c%s", ruleset_rule(rs, rule)->title.p[0], variant->condition ? "" : "?");
}

/* Which rules an event is tried on, whether they match or not. */
static void is_tried(const char *json, const char *want)
{
    char padded[1000] = {0};
    struct buf got = BUF_INIT(100);
    struct event e;

    memcpy(padded, json, strlen(json));
    is_int(json_decode(d, slice_of(padded, strlen(json)), &e, NULL), 0, "an event");
    matcher_each_route(m, &e, note_way, &got);
    is_slice(buf_slice(&got), slice_str(want), "tried: %s", json);
    buf_done(&got);
}

static void test_tried(void)
{
    is_tried("{\"A\":1}", "aauwx");
    is_tried("{\"B\":1,\"v\":\"miss\"}", "b");
    is_tried("{\"A\":1,\"C\":1}", "acauwx");
    is_tried("{\"D\":\"z\",\"v\":\"hit\"}", "");
    is_tried("{}", "");
}

static void test_counts(void)
{
    struct matcher_counts before, after;

    matcher_count(m, &before);
    matches("{\"A\":1,\"v\":\"hit\",\"w\":\"aab\"}", "aa");
    matches("{\"A\":1,\"w\":\"ccb\"}", "");
    matches("{\"A\":9}", "unrouted");
    matcher_count(m, &after);
    is_int(after.events - before.events, 3, "events");
    is_int(after.unrouted - before.unrouted, 1, "unrouted ones");
    is_int(after.matches - before.matches, 2, "matches");
    is_int(after.candidates - before.candidates, 3, "rules that were evaluated");
    is_int(after.regex_limits - before.regex_limits, 0, "no search was given up");
    is_int(after.failed, 0, "none failed");
    before = after;
    matches("{\"A\":1,\"w\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab!\"}", "");
    matcher_count(m, &after);
    is_int(after.regex_limits - before.regex_limits, 1, "one was given up");
    is_int(matcher_regex_limits(m), after.regex_limits, "and is told by itself");
}

/* What is remembered of an event counts as if it had been looked at again. */
static void test_counts_again(void)
{
    static const char limit[] = "{\"A\":1,\"w\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab!\"}";
    struct matcher_counts before, after;

    matches("{\"A\":1,\"v\":\"hit\",\"w\":\"aab\"}", "aa");
    matcher_count(m, &before);
    matches("{\"A\":1,\"v\":\"hit\",\"w\":\"aab\"}", "aa");
    matches("{\"A\":1,\"more\":2,\"v\":\"hit\",\"w\":\"aab\"}", "aa");
    matcher_count(m, &after);
    is_int(after.matches - before.matches, 4, "matches of events seen before");
    is_int(after.candidates - before.candidates, 4, "and the rules that were evaluated for them");
    matches("{\"A\":1,\"v\":\"hit\",\"w\":\"aac\"}", "a");
    matches("{\"A\":1,\"v\":\"hit\"}", "a");
    before = after;
    matches(limit, "");
    matches(limit, "");
    matcher_count(m, &after);
    is_int(after.regex_limits - before.regex_limits, 2, "a search is given up each time");
}

/* A ruleset to match with; rules: a file of them. */
static void open_rules(struct slice file)
{
    const struct ruleset_options options = {0};
    struct err err = ERR_INIT;

    rs = ruleset_new(&options);
    if (rs == NULL || ruleset_add_mapping(rs, "m.yml", slice_str(mapping), &err) < 0 ||
        ruleset_add_rules(rs, SLICE("r.yml"), file) < 0 || ruleset_compile(rs, &err) < 0 ||
        (m = matcher_new(rs)) == NULL ||
        (d = json_decoder_new(ruleset_keys(rs), &decode_default_limits)) == NULL)
        abort();
}

static void close_rules(void)
{
    m = matcher_free(m);
    d = json_decoder_free(d);
    rs = ruleset_free(rs);
}

#define TITLED(title, detection)                                                                   \
    "title: " title "\nlogsource: {service: a}\ndetection: {s: {" detection                        \
    "}, condition: s}\n---\n"

/* Large letters count where a rule says so, in whatever way the text is looked for. */
static void test_cased(void)
{
    static const char file[] = TITLED("p", "g|cased: 'AbCdEf*GhIj?kL'")
        TITLED("q", "c|contains|cased: 'QwErTy'") TITLED("r", "e|cased: 'ExActly'")
            TITLED("s", "b|startswith|cased: 'BeGin'") TITLED("t", "n|endswith|cased: 'EnDing'")
                TITLED("u", "x|re: 'Aa[0-9]+Bb[0-9]+Cc[0-9]+Dd'") TITLED("v", "x|re: 'One|Two'")
                    TITLED("w", "'|contains|cased': 'KeYwOrD'")
                        TITLED("x", "x|re|i: 'xY[0-9]+Zz[0-9]+W'") TITLED("y", "c|cased: '*F?oB*'");

    open_rules(slice_str(file));
    matches("{\"A\":1,\"g\":\"AbCdEf123GhIj4kL\"}", "p");
    matches("{\"A\":1,\"g\":\"abcdef123ghij4kl\"}", "");
    matches("{\"A\":1,\"g\":\"AbCdEf123GhIj4KL\"}", "");
    matches("{\"A\":1,\"c\":\"xQwErTyz\"}", "q");
    matches("{\"A\":1,\"c\":\"xqwertyz\"}", "");
    matches("{\"A\":1,\"e\":\"ExActly\"}", "r");
    matches("{\"A\":1,\"e\":\"Exactly\"}", "");
    matches("{\"A\":1,\"b\":\"BeGinning\"}", "s");
    matches("{\"A\":1,\"b\":\"beGinning\"}", "");
    matches("{\"A\":1,\"n\":\"an EnDing\"}", "t");
    matches("{\"A\":1,\"n\":\"an Ending\"}", "");
    matches("{\"A\":1,\"x\":\"xAa1Bb23Cc4Dd\"}", "u");
    matches("{\"A\":1,\"x\":\"xaa1bb23cc4dd\"}", "");
    matches("{\"A\":1,\"x\":\"a Two\"}", "v");
    matches("{\"A\":1,\"x\":\"a two\"}", "");
    matches("{\"A\":1,\"other\":\"a KeYwOrD here\"}", "w");
    matches("{\"A\":1,\"other\":\"a keyword here\"}", "");
    matches("{\"A\":1,\"x\":\"XY1zZ2w\"}", "x");
    matches("{\"A\":1,\"x\":\"XY1z2w\"}", "");
    matches("{\"A\":1,\"c\":\"aFxoBa\"}", "y");
    matches("{\"A\":1,\"c\":\"afxoba\"}", "");
    close_rules();
}

/* Characters are characters where a value is ASCII and where it is not. */
static void test_regexes(void)
{
    static const char file[] = TITLED("p", "x|re: '^.$'") TITLED("q", "x|re: '^[^a]{3}$'")
        TITLED("r", "x|re: '^\\x{1EDD}|zz$'") TITLED("s", "x|re: '^[\xE1\xBB\x9D"
                                                          "b]+$'")
            TITLED("t", "x|re|i: '^\xE1\xBB\x9C..$'") TITLED("u", "x|re: '^\\w+$'");

    open_rules(slice_str(file));
    matches("{\"A\":1,\"x\":\"\xE1\xBB\x9D\"}", "prs");
    matches("{\"A\":1,\"x\":\"b\"}", "psu");
    matches("{\"A\":1,\"x\":\"xyz\"}", "qu");
    matches("{\"A\":1,\"x\":\"zz\"}", "ru");
    matches("{\"A\":1,\"x\":\"\xE1\xBB\x9D\xE1\xBB\x9D\xE1\xBB\x9D\"}", "qrst");
    matches("{\"A\":1,\"x\":\"bb\xE1\xBB\x9D\"}", "qs");
    matches("{\"A\":1,\"x\":\"!\"}", "p");
    close_rules();
}

/* A number that nobody asks for is as good as any other only where whole values are asked for. */
static void test_any_number(void)
{
    static const char file[] =
        TITLED("p", "n: '4688'") TITLED("q", "x|contains: '77'") TITLED("r", "y|endswith: '77'")
            TITLED("s", "z|startswith: '77'") TITLED("t", "w|gt: 90") TITLED("u", "n: 22");

    open_rules(slice_str(file));
    for (int again = 0; again < 2; again++) {
        matches("{\"A\":1,\"n\":1000}", "");
        matches("{\"A\":1,\"n\":2000}", "");
        matches("{\"A\":1,\"n\":4688}", "p");
        matches("{\"A\":1,\"n\":\"4688\"}", "p");
        matches("{\"A\":1,\"n\":22}", "u");
        matches("{\"A\":1,\"n\":\"22\"}", "u");
        matches("{\"A\":1,\"x\":1000}", "");
        matches("{\"A\":1,\"x\":1770}", "q");
        matches("{\"A\":1,\"y\":1000}", "");
        matches("{\"A\":1,\"y\":1077}", "r");
        matches("{\"A\":1,\"z\":1000}", "");
        matches("{\"A\":1,\"z\":7710}", "s");
        matches("{\"A\":1,\"w\":10}", "");
        matches("{\"A\":1,\"w\":91}", "t");
    }
    close_rules();
}

/* Which fields events had, asked for by routes or not. */
static void test_seen(void)
{
    const struct keys *keys;

    open_rules(SLICE(TITLED("p", "n: 1") TITLED("q", "x: 1") TITLED("r", "y: 1")));
    keys = ruleset_keys(rs);
    matches("{\"A\":1,\"x\":1}", "q");
    matches("{\"x\":1,\"y\":2}", "unrouted");
    ok(matcher_has_seen(m, keys_find(keys, SLICE("A"))), "a field of routes");
    ok(matcher_has_seen(m, keys_find(keys, SLICE("x"))), "a field of a rule");
    ok(matcher_has_seen(m, keys_find(keys, SLICE("y"))), "one of an event without a route");
    ok(!matcher_has_seen(m, keys_find(keys, SLICE("n"))), "none that no event had");
    ok(!matcher_has_seen(m, keys_find(keys, SLICE("B"))), "none that routes ask for and none had");
    close_rules();
}

/* Numbers of any length, and the same with zeros behind a point at any place. */
static void test_number_lengths(void)
{
    enum { LONGEST = 13, ZEROS = 12 };
    static const char digits[] = "1234678912346";
    struct buf text = BUF_INIT(1 << 16);
    char json[100];

    for (int n = 1; n <= LONGEST; n++)
        buf_printf(&text,
                   "title: %c\nlogsource: {service: a}\n"
                   "detection: {s: {v: %.*s}, condition: s}\n---\n",
                   'a' + n, n, digits);
    open_rules(buf_slice(&text));
    for (int n = 1; n <= LONGEST; n++) {
        const char want[] = {(char)('a' + n), 0};

        (void)snprintf(json, sizeof(json), "{\"A\":1,\"v\":%.*s5}", n - 1, digits);
        matches(json, "");
        (void)snprintf(json, sizeof(json), "{\"A\":1,\"v\":%.*s}", n, digits);
        matches(json, want);
        for (int zeros = 1; zeros <= ZEROS; zeros++) {
            (void)snprintf(json, sizeof(json), "{\"A\":1,\"v\":%.*s.%.*s}", n, digits, zeros,
                           "000000000000");
            matches(json, want);
        }
    }
    close_rules();
    buf_done(&text);
}

/* More texts in one list than a word has bits, in each way that a text may stand in a value. */
static void test_many(void)
{
    static const char *const ways[] = {"contains", "startswith", "endswith"};
    struct buf text = BUF_INIT(1 << 20);
    char json[100];

    for (size_t way = 0; way < CANH_LEN(ways); way++) {
        buf_printf(&text, "title: %c\nlogsource: {service: a}\ndetection:\n  s:\n    v%zu|%s:\n",
                   (int)('p' + way), way, ways[way]);
        for (unsigned i = 0; i < MANY; i++)
            buf_printf(&text, "      - w%03uz\n", i);
        buf_puts(&text, "  condition: s\n---\n");
    }
    open_rules(buf_slice(&text));
    for (unsigned i = 0; i < MANY + 1; i++) {
        (void)snprintf(json, sizeof(json), "{\"A\":1,\"v0\":\"abw%03uzcd\"}", i);
        matches(json, i < MANY ? "p" : "");
        (void)snprintf(json, sizeof(json), "{\"A\":1,\"v1\":\"w%03uzcd\",\"v2\":\"w%03uzcd\"}", i,
                       i);
        matches(json, i < MANY ? "q" : "");
        (void)snprintf(json, sizeof(json), "{\"A\":1,\"v2\":\"abw%03uz\",\"v1\":\"abw%03uz\"}", i,
                       i);
        matches(json, i < MANY ? "r" : "");
    }
    close_rules();
    buf_done(&text);
}

/* "rule.mapping" of each that is found. */
static void found_as(const char *json, const char *want)
{
    struct buf text = BUF_INIT(4096), out = BUF_INIT(4096);
    struct event e;

    buf_puts(&text, json);
    for (int i = 0; i < JSON_PADDING; i++)
        buf_putc(&text, 0);
    if (json_decode(d, slice_head(buf_slice(&text), text.len - JSON_PADDING), &e, NULL) == 0) {
        struct match_result found = matcher_run(m, &e);

        for (uint32_t i = 0; i < found.count; i++) {
            buf_printf(&out, "%s%u.", i ? " " : "", found.rules[i]);
            buf_append_slice(&out, ruleset_variant(rs, found.variants[i])->mapping);
        }
    }
    is_str(buf_cstr(&out), want, "%s", json);
    buf_done(&text);
    buf_done(&out);
}

/* A rule that several mappings lead to is found once, by the first that holds. */
static void test_variants(void)
{
    static const char *const mappings[][2] = {
        {"one", "transformations:\n- {type: field_name_mapping, mapping: {a: b}}\n"
                "- {type: add_condition, conditions: {R: 1}}\n"},
        {"two", "transformations:\n- {type: field_name_mapping, mapping: {a: c}}\n"
                "- {type: add_condition, conditions: {R: [1, 2]}}\n"},
        {"three", "transformations:\n- {type: field_name_mapping, mapping: {a: b}}\n"
                  "- {type: add_condition, conditions: {S: 1}}\n"},
    };
    const struct ruleset_options options = {0};
    struct err err = ERR_INIT;
    bool made = (rs = ruleset_new(&options)) != NULL;

    for (size_t i = 0; made && i < CANH_LEN(mappings); i++)
        made = ruleset_add_mapping(rs, mappings[i][0], slice_str(mappings[i][1]), &err) == 0;
    made = made &&
           ruleset_add_rules(rs, SLICE("v.yml"),
                             SLICE("title: X\nlogsource: {category: p}\n"
                                   "detection: {s: {a: x}, condition: s}\n---\n"
                                   "title: Y\nlogsource: {category: p}\n"
                                   "detection: {s: {a|endswith: [x, y]}, condition: s}\n")) == 0 &&
           ruleset_compile(rs, &err) == 0 && (m = matcher_new(rs)) != NULL &&
           (d = json_decoder_new(ruleset_keys(rs), &decode_default_limits)) != NULL;
    ok(made && ruleset_variant_count(rs) == 6, "two rules by three mappings %s", err_words(&err));
    if (made) {
        found_as("{\"R\":1,\"S\":1,\"b\":\"x\",\"c\":\"x\"}", "0.one 1.one");
        found_as("{\"R\":1,\"b\":\"y\",\"c\":\"x\"}", "0.two 1.one");
        found_as("{\"R\":2,\"S\":1,\"b\":\"x\",\"c\":\"y\"}", "0.three 1.two");
        found_as("{\"R\":2,\"b\":\"x\"}", "");
    }
    m = matcher_free(m);
    (void)json_decoder_free(d);
    rs = ruleset_free(rs);
}

int main(void)
{
    const struct ruleset_options options = {0};
    struct err err = ERR_INIT;

    rs = ruleset_new(&options);
    if (rs == NULL || ruleset_add_mapping(rs, "m.yml", slice_str(mapping), &err) < 0 ||
        ruleset_add_rules(rs, SLICE("r.yml"), slice_str(rules)) < 0 ||
        ruleset_add_rules(rs, SLICE("m.yml"), slice_str(more)) < 0 ||
        ruleset_compile(rs, &err) < 0 || (m = matcher_new(rs)) == NULL ||
        (d = json_decoder_new(ruleset_keys(rs), &decode_default_limits)) == NULL) {
        ok(false, "nothing to match with: %s", err_words(&err));
        return tap_done();
    }
    test_ways();
    test_pairs();
    test_numbers();
    test_long();
    test_tried();
    test_counts();
    test_counts_again();
    close_rules();
    test_cased();
    test_regexes();
    test_any_number();
    test_number_lengths();
    test_seen();
    test_many();
    test_variants();
    return tap_done();
}
