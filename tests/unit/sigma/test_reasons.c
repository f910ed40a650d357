/* SPDX-License-Identifier: Apache-2.0 */
/* What an alert tells of its rule is what the whole tree says, in the same order. */
#include "sigma/reasons.h"

#include "decode/json/json.h"
#include "err_words.h"
#include "sigma/explain.h"
#include "sigma/match.h"
#include "tap.h"

enum { TEXT_MAX = 4096 };

/* The route of the first mapping and that of the second, as process creation has them. */
static const char first[] = "transformations:\n- {type: add_condition, conditions: {EventID: 1}}\n";
static const char second[] =
    "transformations:\n- {type: field_name_mapping, mapping: {Image: NewProcessName}}\n"
    "- {type: add_condition, conditions: {EventID: 4688}}\n";

struct case_row {
    const char *detection, *event, *told;
};

static const struct case_row rows[] = {
    {"{s: {Image|endswith: \\cmd.exe}, condition: s}",
     "{\"EventID\":1,\"Image\":\"C:\\\\CMD.exe\"}", "first; Image=C:\\CMD.exe"},
    {"{s: {Image|endswith: \\cmd.exe}, condition: s}",
     "{\"EventID\":4688,\"NewProcessName\":\"C:\\\\cmd.EXE\"}",
     "second; NewProcessName=C:\\cmd.EXE"},
    {"{s: {a|contains: [x, y, z], b: 2}, condition: s}", "{\"EventID\":1,\"b\":2,\"a\":\"zy\"}",
     "first; a=zy; b=2"},
    {"{s: {a: x}, f: {b|startswith: q}, condition: s and not f}",
     "{\"EventID\":1,\"a\":\"X\",\"b\":\"p\"}", "first; a=X"},
    {"{s: {a: x}, t: {a: y, c: z}, u: {c: w}, condition: s or t or u}",
     "{\"EventID\":1,\"a\":\"x\",\"c\":\"w\"}", "first; a=x; c=w"},
    {"{s: {a: y, c: w}, t: {c: w}, condition: s or t}", "{\"EventID\":1,\"a\":\"x\",\"c\":\"w\"}",
     "first; c=w"},
    {"{s: {a|contains: deep}, condition: s}",
     "{\"EventID\":1,\"a\":[\"one\",\"so deep\",\"deep\"]}", "first; a=so deep"},
    {"{s: {a|contains|all: [one, two], b: [null, x]}, condition: s}",
     "{\"EventID\":1,\"a\":[\"two\",\"one\"]}", "first; a=one; b="},
    {"{s: {a|contains|all: [one, two]}, condition: s}",
     "{\"EventID\":1,\"a\":[\"three\",\"two one\"]}", "first; a=two one"},
    {"{s: {Channel: x}, condition: s}",
     "{\"Event\":{\"System\":{\"EventID\":1,\"Channel\":\"y\"},"
     "\"EventData\":{\"Channel\":\"X\"}}}",
     "first; Channel=X"},
    {"{s: {a: null, b: ''}, condition: s}", "{\"EventID\":1,\"b\":\"\"}", "first; a=; b="},
    {"{s: {a|exists: true, nowhere: null}, condition: s}", "{\"EventID\":1,\"a\":7}",
     "first; a=7; nowhere="},
    {"{keywords: [needle], condition: keywords}",
     "{\"EventID\":1,\"z\":\"hay\",\"a\":\"a Needle\"}", "first; *=a Needle"},
    {"{s: {a|re: 'x.+y', b|cidr: 10.0.0.0/8}, condition: s}",
     "{\"EventID\":1,\"a\":\"--xzy\",\"b\":\"10.1.2.3\"}", "first; a=--xzy; b=10.1.2.3"},
    {"{s: {a|re: '^x+$', b|re: 'y{2}', c|re: '[0-9]z'}, condition: s}",
     "{\"EventID\":1,\"c\":\"1z\",\"a\":\"xx\",\"b\":\"ayy\"}", "first; a=xx; b=ayy; c=1z"},
    {"{s: {a|fieldref: b, n|gt: 5}, condition: s}",
     "{\"EventID\":1,\"a\":\"Same\",\"b\":\"same\",\"n\":\"6\"}", "first; a=Same; n=6"},
    {"{s: {a: x}, t: {a: x, b: y}, condition: 1 of them}",
     "{\"EventID\":1,\"b\":\"y\",\"a\":\"x\"}", "first; a=x; b=y"},
    /* parts of an alternative that does not hold are none */
    {"{s: {a: x, c: y}, t: {c: w}, condition: s or t}", "{\"EventID\":1,\"a\":\"x\",\"c\":\"w\"}",
     "first; c=w"},
    {"{s: {a: y, c: w}, t: {d: v}, condition: s or t}",
     "{\"EventID\":1,\"a\":\"x\",\"c\":\"w\",\"d\":\"v\"}", "first; d=v"},
    {"{s: {d: v}, t: {b: x}, f: {c: z}, condition: (t and not f) or s}",
     "{\"EventID\":1,\"b\":\"x\",\"c\":\"z\",\"d\":\"v\"}", "first; d=v"},
    {"{s: {d: v}, t: {b: x}, f: {c: z}, condition: (t and not f) or s}",
     "{\"EventID\":1,\"b\":\"x\",\"c\":\"y\"}", "first; b=x"},
    {"{s: {d: v}, t: {a: q}, u: {b: x}, f: {c: z}, condition: ((t or u) and f) or s}",
     "{\"EventID\":1,\"a\":\"p\",\"b\":\"x\",\"c\":\"z\"}", "first; b=x; c=z"},
    {"{s: {d: v}, t: {a: q}, u: {b: x}, f: {c: z}, condition: ((t or u) and f) or s}",
     "{\"EventID\":1,\"a\":\"p\",\"b\":\"y\",\"c\":\"z\",\"d\":\"v\"}", "first; d=v"},
    {"{s: {a|re: '^x+$', c: q}, t: {b|re: 'y{2}', d: r}, condition: s or t}",
     "{\"EventID\":1,\"a\":\"xz\",\"b\":\"ayy\",\"c\":\"q\",\"d\":\"r\"}", "first; b=ayy; d=r"},
    {"{keywords: [needle], condition: keywords}", "{\"a\":\"a Needle\",\"EventID\":1}",
     "first; *=a Needle"},
    {"{s: {Channel: x}, condition: s}",
     "{\"Event\":{\"System\":{\"EventID\":1,\"Channel\":\"X\"}}}", "first; Channel=X"},
};

static void put_name(struct buf *out, struct slice field)
{
    buf_puts(out, "; ");
    buf_append_slice(out, field.n ? field : SLICE("*"));
    buf_putc(out, '=');
}

static void put_told(struct buf *out, const struct match_reasons *told)
{
    buf_clear(out);
    buf_append_slice(out, told->mapping);
    for (uint32_t i = 0; i < told->count; i++) {
        put_name(out, told->reasons[i].field);
        if (told->reasons[i].value != NULL)
            field_text(told->reasons[i].value, out);
    }
}

struct listing {
    struct {
        struct slice field, value;
    } reasons[REASONS_MAX];
    uint32_t count;
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

/* The same by explaining the whole tree. */
static void put_explained(struct buf *out, struct arena *arena, const struct ruleset *rs,
                          const struct event *e)
{
    uint32_t count;
    const struct rule_variant *v = ruleset_variants(rs, 0, &count);

    buf_clear(out);
    for (uint32_t i = 0; i < count; i++) {
        const struct verdict *route, *condition;
        struct listing l = {.count = 0};

        if (explain_expr(arena, v[i].route, e, ruleset_keys(rs), VIEW_ROUTE, &route) < 0 ||
            !route->holds ||
            explain_expr(arena, v[i].condition, e, ruleset_keys(rs), VIEW_CONDITION, &condition) <
                0 ||
            !condition->holds)
            continue;
        explain_reasons(condition, list, &l);
        buf_append_slice(out, v[i].mapping);
        for (uint32_t k = 0; k < l.count; k++) {
            put_name(out, l.reasons[k].field);
            buf_append_slice(out, l.reasons[k].value);
        }
        return;
    }
}

static struct ruleset *load(const char *detection)
{
    const struct ruleset_options options = {.jit = false};
    struct ruleset *rs = ruleset_new(&options);
    struct err err = ERR_INIT;
    struct buf text = BUF_INIT(TEXT_MAX);
    bool made;

    buf_printf(&text, "title: T\nlogsource: {category: process_creation}\ndetection: %s\n",
               detection);
    made = rs != NULL && ruleset_add_mapping(rs, "first", slice_str(first), &err) == 0 &&
           ruleset_add_mapping(rs, "second", slice_str(second), &err) == 0 &&
           ruleset_add_rules(rs, SLICE("t.yml"), buf_slice(&text)) == 0 &&
           ruleset_compile(rs, &err) == 0;
    ok(made && ruleset_count(rs) == 1, "%s loads %s", detection, err_words(&err));
    buf_done(&text);
    return rs;
}

/* An event without a word of the rule comes first, so that nothing stays from it. */
static void test_row(const struct case_row *row)
{
    struct ruleset *rs = load(row->detection);
    struct reasons *reasons = reasons_new(rs);
    struct matcher *matcher = matcher_new(rs);
    struct json_decoder *d = json_decoder_new(ruleset_keys(rs), &decode_default_limits);
    struct arena arena = ARENA_INIT(1 << 20);
    struct buf text = BUF_INIT(TEXT_MAX), out = BUF_INIT(TEXT_MAX), want = BUF_INIT(TEXT_MAX);
    struct event e;

    buf_puts(&text, row->event);
    for (int i = 0; i < JSON_PADDING; i++)
        buf_putc(&text, 0);
    for (int again = 0; again < 2; again++) {
        struct match_reasons told;
        struct match_result found;

        if (json_decode(d, slice_head(buf_slice(&text), text.len - JSON_PADDING), &e, NULL) < 0)
            break;
        found = matcher_run(matcher, &e);
        is_int(found.count, 1, "the rule matches");
        if (found.count == 0)
            break;
        reasons_begin(reasons, &e);
        told = reasons_find(reasons, found.variants[0]);
        put_told(&out, &told);
        is_str(buf_cstr(&out), row->told, "%s", row->detection);
        put_explained(&want, &arena, rs, &e);
        is_str(buf_cstr(&want), row->told, "the whole tree says the same");
    }
    buf_done(&text);
    buf_done(&out);
    buf_done(&want);
    arena_done(&arena);
    (void)json_decoder_free(d);
    (void)matcher_free(matcher);
    (void)reasons_free(reasons);
    (void)ruleset_free(rs);
}

int main(void)
{
    ok(reasons_free(NULL) == NULL, "no reasons are none");
    for (size_t i = 0; i < CANH_LEN(rows); i++)
        test_row(&rows[i]);
    return tap_done();
}
