/* SPDX-License-Identifier: Apache-2.0 */
/* Which value is shown beside what a rule asks for. */
#include "sigma/explain.h"

#include <string.h>

#include "decode/json/json.h"
#include "lang/lang.h"
#include "sigma/atom_words.h"
#include "sigma/rule.h"
#include "tap.h"

static struct arena arena = ARENA_INIT(1 << 20);

/* What explain shows of field f = "x" in an event: "value (of N)", "absent", "null" or "group". */
static void shown_is(const char *event, const char *field, const char *want)
{
    const struct part part = {PART_TEXT, SLICE("x")};
    const struct atom atom = {.op = ATOM_PATTERN, .field = slice_str(field), .pattern = {&part, 1}};
    const struct expr expr = {.op = EXPR_ATOM, .atom = &atom};
    struct keys *keys = keys_new();
    struct json_decoder *d;
    const struct verdict *v = NULL;
    struct buf got = BUF_INIT(1000);
    uint8_t padded[1000] = {0};
    struct event e;

    memcpy(padded, event, strlen(event));
    if (keys_intern(keys, atom.field) == KEY_NONE ||
        (d = json_decoder_new(keys, &decode_default_limits)) == NULL ||
        json_decode(d, slice_of(padded, strlen(event)), &e, NULL) < 0 ||
        explain_expr(&arena, &expr, &e, keys, VIEW_CONDITION, &v) < 0) {
        ok(false, "no verdict");
        return;
    }
    if (!v->present)
        buf_puts(&got, "absent");
    else if (v->group || v->null)
        buf_puts(&got, v->group ? "group" : "null");
    else
        buf_append_slice(&got, v->value);
    buf_printf(&got, " (of %u)%s", v->values, v->holds ? ", holds" : "");
    is_str(buf_cstr(&got), want, "%s", event);
    buf_done(&got);
    (void)json_decoder_free(d);
    (void)keys_free(keys);
}

/* How each test is said, `name: word what`, in the order of the rule. */
static void words_are(const char *item, const char *want)
{
    struct buf text = BUF_INIT(4096), got = BUF_INIT(4096), what = BUF_INIT(4096);
    struct rule_file file = {0};

    buf_printf(&text, "title: t\nlogsource: {product: x}\ndetection: {s: {%s}, condition: s}\n",
               item);
    if (rule_read(&arena, SLICE("r.yml"), buf_slice(&text), &(struct rule_options){0}, &file) < 0 ||
        file.rule_count != 1 || file.rules[0]->condition->op != EXPR_ATOM) {
        ok(false, "%s is one test", item);
    } else {
        struct atom_words words = atom_words(file.rules[0]->condition->atom, &what);

        buf_printf(&got, "%s: %s %s", words.name, lang_text(LANG_EN, words.verb), buf_cstr(&what));
        is_str(buf_cstr(&got), want, "%s", item);
        is_int(words.named, strstr(lang_text(LANG_EN, words.verb), "%s") != NULL, "a name in it");
    }
    buf_done(&text);
    buf_done(&got);
    buf_done(&what);
}

static void test_words(void)
{
    words_are("f: x", "equals: is x");
    words_are("f: ''", "equals: is ");
    words_are("f: '*'", "text: is any text *");
    words_are("f: 'x*'", "startswith: starts with x");
    words_are("f: '*x'", "endswith: ends with x");
    words_are("f|contains: x", "contains: contains x");
    words_are("f: 'x*y'", "like: is like x*y");
    words_are("f: 'x?'", "like: is like x?");
    words_are("f: '*x*y'", "like: is like *x*y");
    words_are("f: 7", "number: is 7");
    words_are("f|lt: 1.5", "lt: < 1.5");
    words_are("f|lte: 2", "lte: ≤ 2");
    words_are("f|gt: 2", "gt: > 2");
    words_are("f|gte: -2", "gte: ≥ -2");
    words_are("f|re: 'a.c'", "re: matches /a.c/");
    words_are("f|re|i|m|s: a", "re: matches /a/ims");
    words_are("f|re|m: a", "re: matches /a/m");
    words_are("f|cidr: 10.0.0.0/8", "cidr: lies in 10.0.0.0/8");
    words_are("f|cidr: 'fe80::/10'", "cidr: lies in fe80::/10");
    words_are("f|fieldref: g", "fieldref: is the same as field g");
    words_are("f|fieldref|startswith: g", "fieldref|startswith: starts with the value of field g");
    words_are("f|fieldref|endswith: g", "fieldref|endswith: ends with the value of field g");
    words_are("f|fieldref|contains: g", "fieldref|contains: contains the value of field g");
    words_are("f: null", "null: is absent or null ");
    words_are("f|exists: true", "exists: exists ");
    words_are("f|hour: 7", "hour: has the %s 7");
    words_are("f|week: 7", "week: has the %s 7");
}

/* A regular expression that is only texts is decided in any value; its flags count. */
static void regex_is(const char *item, const char *value, const char *want)
{
    struct buf text = BUF_INIT(4096), got = BUF_INIT(1000), event = BUF_INIT(1 << 16);
    const struct verdict *v = NULL;
    struct rule_file file = {0};
    struct keys *keys = keys_new();
    struct json_decoder *d = NULL;
    struct event e;

    buf_printf(&text, "title: t\nlogsource: {product: x}\ndetection: {s: {%s}, condition: s}\n",
               item);
    buf_printf(&event, "{\"f\":\"%s\"}", value);
    if (rule_read(&arena, SLICE("r.yml"), buf_slice(&text), &(struct rule_options){0}, &file) < 0 ||
        file.rule_count != 1 || keys_intern(keys, SLICE("f")) == KEY_NONE ||
        buf_reserve(&event, JSON_PADDING) == NULL ||
        (d = json_decoder_new(keys, &decode_default_limits)) == NULL ||
        json_decode(d, buf_slice(&event), &e, NULL) < 0 ||
        explain_expr(&arena, file.rules[0]->condition, &e, keys, VIEW_CONDITION, &v) < 0)
        ok(false, "%s: no verdict", item);
    else
        buf_printf(&got, "%s%s", v->holds ? "holds" : "does not", v->gave_up ? ", gave up" : "");
    is_str(buf_cstr(&got), want, "%s of %.60s", item, value);
    d = json_decoder_free(d);
    keys = keys_free(keys);
    buf_done(&text);
    buf_done(&got);
    buf_done(&event);
}

static void test_regex(void)
{
    regex_is("f|re: 'one|two'", "it is two", "holds");
    regex_is("f|re: 'one|two'", "it is TWO", "does not");
    regex_is("f|re|i: 'one|TWO'", "it is tWo", "holds");
    regex_is("f|re: 't.o'", "it is two", "holds");
    regex_is("f|re: 't[a-z]o'", "it is t1o", "does not");
    regex_is("f|re|i: 'T[A-Z]O'", "it is two", "holds");
    regex_is("f|re: '^.$'", "\xE1\xBB\x9D", "holds");
}

/* Searches that end before they have an answer; only those of texts have one all the same. */
static void test_regex_limit(void)
{
    static const char texts[] = "a.*a.*a.*a.*a.*a.*a.*B";
    struct buf item = BUF_INIT(100), value = BUF_INIT(10000);

    regex_is("f|re: '^(a+)+$'", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
             "does not, gave up");
    for (int i = 0; i < 5000; i++)
        buf_putc(&value, 'a');
    buf_printf(&item, "f|re: '%s'", texts);
    regex_is(buf_cstr(&item), buf_cstr(&value), "does not");
    buf_clear(&item);
    buf_printf(&item, "f|re|i: '%s'", texts);
    regex_is(buf_cstr(&item), buf_cstr(&value), "does not");
    /* where the search ends too early, the next line has it */
    buf_puts(&value, "\\naaaaaaaaB");
    regex_is(buf_cstr(&item), buf_cstr(&value), "holds");
    value.p[value.len - 1] = 'b';
    regex_is(buf_cstr(&item), buf_cstr(&value), "holds");
    buf_clear(&item);
    buf_printf(&item, "f|re: '%s'", texts);
    regex_is(buf_cstr(&item), buf_cstr(&value), "does not");
    value.p[value.len - 1] = 'B';
    regex_is(buf_cstr(&item), buf_cstr(&value), "holds");
    value.len -= 10;
    buf_puts(&value, "nB\\naaaaaaaab");
    regex_is(buf_cstr(&item), buf_cstr(&value), "does not");
    buf_done(&item);
    buf_done(&value);
}

/* So many nots in each other around a node of so many kids, or around one that is true. */
static int explained(unsigned deep, unsigned wide)
{
    static struct expr nodes[1000], leaf = {.op = EXPR_TRUE};
    static const struct expr *kids[1000], *nots[1000];
    struct event e = {.count = 0};
    struct keys *keys = keys_new();
    const struct verdict *v = NULL;
    struct arena a = ARENA_INIT(1 << 20);
    int r;

    for (unsigned i = 0; i < wide; i++)
        kids[i] = &leaf;
    for (unsigned i = 0; i < deep; i++) {
        nots[i] = i + 1 < deep || wide > 0 ? &nodes[i + 1] : &leaf;
        nodes[i] = (struct expr){.op = EXPR_NOT, .kids = &nots[i], .count = 1};
    }
    if (wide > 0)
        nodes[deep] = (struct expr){.op = EXPR_AND, .kids = kids, .count = wide};
    r = explain_expr(&a, nodes, &e, keys, VIEW_CONDITION, &v);
    if (r == 0)
        ok(v->holds == (deep % 2 == 0), "and holds or not");
    arena_done(&a);
    (void)keys_free(keys);
    return r;
}

static void test_depth(void)
{
    is_int(explained(0, 1000), 0, "a thousand beside each other");
    is_int(explained(1, 1000), 0, "below one more");
    is_int(explained(255, 0), 0, "255 in each other, and what they are about");
    is_int(explained(256, 0), -CE_DEPTH, "one more");
}

/* Whether explain says that f = value satisfies an item of a rule. */
static bool item_holds(const char *item, const char *value)
{
    struct keys *keys = keys_new();
    const struct verdict *v = NULL;
    struct rule_file file = {0};
    struct buf text = BUF_INIT(4096);
    struct field field = {.text = (const uint8_t *)value,
                          .n = (uint32_t)strlen(value),
                          .key = (uint16_t)keys_intern(keys, SLICE("f")),
                          .type = VALUE_STRING,
                          .form = FORM_UTF8};
    const struct event e = {.fields = &field, .count = 1};

    buf_printf(&text, "title: t\nlogsource: {product: x}\ndetection: {s: {%s}, condition: s}\n",
               item);
    ok(rule_read(&arena, SLICE("r.yml"), buf_slice(&text), &(struct rule_options){0}, &file) == 0 &&
           file.rule_count == 1 &&
           explain_expr(&arena, file.rules[0]->condition, &e, keys, VIEW_CONDITION, &v) == 0,
       "%s is explained", item);
    buf_done(&text);
    (void)keys_free(keys);
    return v != NULL && v->holds;
}

static void test_case(void)
{
    ok(item_holds("f|re: abc", "xabcx") && !item_holds("f|re: abc", "xABCx"),
       "a regular expression tells large letters from small ones");
    ok(item_holds("f|re|i: aBc", "xAbCx"), "but where it says not to");
}

int main(void)
{
    test_case();
    test_words();
    test_regex();
    test_regex_limit();
    test_depth();
    shown_is("{\"a\":\"y\"}", "a", "y (of 1)");
    shown_is("{\"a\":[\"y\",\"x\"]}", "a", "x (of 2), holds");
    shown_is("{\"a\":[\"y\",\"z\"]}", "a", "y (of 2)");
    shown_is("{\"b\":1}", "a", "absent (of 0)");
    shown_is("{\"a\":null}", "a", "null (of 1)");
    shown_is("{\"a\":{\"b\":1}}", "a", "group (of 0)");
    shown_is("{\"Event\":{\"System\":{\"EventID\":{\"#attributes\":{\"Qualifiers\":0},"
             "\"#text\":12},\"Channel\":\"c\"}}}",
             "EventID", "12 (of 1)");
    arena_done(&arena);
    return tap_done();
}
