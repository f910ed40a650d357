/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/yaml.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "err_words.h"
#include "tap.h"

static struct arena arena = ARENA_INIT(1 << 26);
static struct yaml_docs docs;
static struct err err;

static int parse_slice(struct slice text, const struct yaml_limits *limits)
{
    err = ERR_INIT;
    return yaml_parse(&arena, text, limits, &docs, &err);
}

static int parse(const char *text)
{
    return parse_slice(slice_str(text), &yaml_default_limits);
}

static void refused(const char *text, int code, unsigned line, unsigned col, const char *part)
{
    ok(parse(text) == -code && strstr(err_words(&err), part) != NULL, "refused: %s", part);
    ok(err.line == line && err.col == col, "at %u:%u, seen at %u:%u (%s)", line, col, err.line,
       err.col, err_words(&err));
}

static void test_documents(void)
{
    is_int(parse(""), 0, "empty text");
    is_int(docs.count, 0, "has no document");
    is_int(parse("# only a comment\n"), 0, "a comment");
    is_int(docs.count, 0, "has none either");
    is_int(parse("---\n---\nb\n"), 0, "two documents");
    is_int(docs.count, 2, "are two");
    ok(yaml_is_null(docs.roots[0]), "an empty document is null");
    is_slice(docs.roots[1]->text, SLICE("b"), "the second");
    is_int(parse("\xEF\xBB\xBF"
                 "a: 1\n"),
           0, "a byte order mark is skipped");
    is_slice(yaml_get_text(docs.roots[0], "a"), SLICE("1"), "and what follows read");
    ok(parse("a: 1\n---\nb: [\n") < 0, "a broken second document");
    is_int(docs.count, 1, "leaves the first");
    is_slice(yaml_get_text(docs.roots[0], "a"), SLICE("1"), "whole");
}

static void test_places(void)
{
    const struct yaml_node *n;

    is_int(parse("title: x\nlist:\n  - one\n  - \"two\"\nempty:\nmap: {k: v}\n"), 0, "a tree");
    n = yaml_get(docs.roots[0], "list");
    is_int(n->line, 3, "a block sequence begins at its first dash");
    is_int(n->kids[1]->line, 4, "an item's line");
    is_int(n->kids[1]->col, 5, "and column");
    ok(n->kids[0]->plain && !n->kids[1]->plain, "plain and quoted");
    n = yaml_get(docs.roots[0], "empty");
    ok(n->line == 5 && n->col == 1, "an empty value stands where its key stands");
    is_int(yaml_get(docs.roots[0], "map")->weight, 3, "weight");
    is_int(docs.roots[0]->weight, 13, "of all");
    is_int(docs.roots[0]->height, 3, "height");
    is_int(yaml_parse_from(&arena, SLICE("a: b\nc: *x\n"), 101, &yaml_default_limits, &docs, &err),
           -CE_UNKNOWN, "a text from line 101 on");
    is_int(err.line, 102, "has its errors there");
    is_int(yaml_parse_from(&arena, SLICE("a: b\nc: [\n"), 101, &yaml_default_limits, &docs, &err),
           -CE_SYNTAX, "the parser's own errors too");
    is_int(err.line, 103, "are there");
}

static void test_refused(void)
{
    refused("a: 1\nb: 2\na: 3\n", CE_EXISTS, 3, 1, "key 'a' is there already, on line 1");
    refused("{a: 1, 'a': 3}\n", CE_EXISTS, 1, 8, "key 'a' is there already");
    refused("a: *nobody\n", CE_UNKNOWN, 1, 4, "no anchor 'nobody'");
    refused("a: &x\n  - *x\n", CE_SYNTAX, 2, 5, "inside the node that it names");
    refused("a: \"x\n", CE_SYNTAX, 1, 5, "closing quote");
    refused("a: b\n c: d\n", CE_SYNTAX, 1, 4, "plain key");
    refused("a: \x01\n", CE_ENCODING, 1, 4, "control character 0x01");
    refused("a: b\nc: \xC3(\n", CE_ENCODING, 2, 4, "byte 0xc3 is not valid UTF-8");
    refused("? a\n: b\n? - c\n:\t- d\n", CE_SYNTAX, 4, 1, "a tab behind this ':'");
    refused("x: ? -O:\t-", CE_SYNTAX, 1, 8, "a tab behind this ':'");
    is_int(parse("a:\tb\nc: '? :\t-'\n"), -CE_SYNTAX, "in quotes too");
    is_int(parse("a:\tb\nc: 'x:\t-'\n"), 0, "without explicit keys it is fine");
    is_int(parse("? a\n:\tb\n"), 0, "before other values too");
    is_int(parse_slice(SLICE("a: b\0"), &yaml_default_limits), -CE_ENCODING, "a zero byte");
    is_int(parse("k: 1\n---\nx: &a 1\n---\ny: *a\n"), -CE_UNKNOWN, "anchors end with the document");
}

static void test_long_map(void)
{
    struct buf b = BUF_INIT(1 << 20);

    for (int i = 0; i < 2000; i++)
        buf_printf(&b, "key%d: %d\n", i, i);
    is_int(parse_slice(buf_slice(&b), &yaml_default_limits), 0, "2000 keys");
    is_int(docs.roots[0]->count, 2000, "all there");
    buf_puts(&b, "key77: again\n");
    is_int(parse_slice(buf_slice(&b), &yaml_default_limits), -CE_EXISTS, "a duplicate among them");
    is_int(err.line, 2001, "is found");
    buf_done(&b);
}

static void test_aliases(void)
{
    static const char bomb[] = "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
                               "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c]\n"
                               "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e]\n";

    is_int(parse("a: &x [1, 2]\nb: *x\nc: &x 3\nd: *x\n"), 0, "aliases");
    ok(yaml_get(docs.roots[0], "a") == yaml_get(docs.roots[0], "b"), "share their node");
    is_slice(yaml_get_text(docs.roots[0], "d"), SLICE("3"), "a later anchor of the name counts");
    refused(bomb, CE_TOO_BIG, 6, 17, "200000 YAML nodes once aliases are expanded");
}

/* The map under `to`, as "key=value " in order. */
static void merged_is(const char *text, const char *want)
{
    static const struct yaml_limits limits = {
        .max_bytes = 1000, .max_nodes = 100, .max_depth = 10, .max_docs = 1, .merge = true};
    struct buf out = BUF_INIT(1000);
    const struct yaml_node *map;

    is_int(parse_slice(slice_str(text), &limits), 0, "read %s", err_words(&err));
    map = docs.count ? yaml_get(docs.roots[0], "to") : NULL;
    for (uint32_t i = 0; map != NULL && i < map->count; i++)
        buf_printf(&out, "%s=%s ", (const char *)map->kids[2 * i]->text.p,
                   (const char *)map->kids[2 * i + 1]->text.p);
    is_str(buf_cstr(&out), want, "%s", text);
    buf_done(&out);
}

static void test_merge(void)
{
#define BASES "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\n"
    static const struct yaml_limits limits = {
        .max_bytes = 1000, .max_nodes = 100, .max_depth = 10, .max_docs = 1, .merge = true};

    merged_is(BASES "to: {<<: *x, d: 5}", "d=5 a=1 b=2 ");
    merged_is(BASES "to: {b: 6, <<: *x}", "b=6 a=1 ");
    merged_is(BASES "to: {<<: [*x, *y]}", "a=1 b=2 c=4 ");
    merged_is(BASES "to: {<<: [*y, *x], c: 7}", "c=7 b=3 a=1 ");
    merged_is("to: {'<<': 1, a: 2}", "<<=1 a=2 ");
    merged_is("to: {<<: {a: 1}}", "a=1 ");
    ok(parse_slice(SLICE("to: {<<: 1}"), &limits) == -CE_SYNTAX && err.col == 10,
       "only maps are merged: %s", err_words(&err));
    ok(parse_slice(SLICE("to: {<<: [{a: 1}, b]}"), &limits) == -CE_SYNTAX && err.col == 19,
       "also in a list: %s", err_words(&err));
    is_int(parse(BASES "to: {<<: *x}"), 0, "elsewhere it is a key");
    is_int(yaml_get(docs.roots[0], "to")->count, 1, "like any other");
}

static void test_limits(void)
{
    struct yaml_limits limits = {.max_bytes = 100, .max_nodes = 10, .max_depth = 3, .max_docs = 2};

    is_int(parse_slice(SLICE("[[x]]"), &limits), 0, "three levels");
    is_int(parse_slice(SLICE("[[[]]]"), &limits), 0, "the third may be empty");
    is_int(parse_slice(SLICE("[[[x]]]"), &limits), -CE_DEPTH, "four are too deep");
    is_int(parse_slice(SLICE("[[[[]]]]"), &limits), -CE_DEPTH, "in collections too");
    is_int(parse_slice(SLICE("[&a [x], [*a]]"), &limits), -CE_DEPTH, "an alias brings its height");
    is_int(parse_slice(SLICE("[1,2,3,4,5,6,7,8,9]"), &limits), 0, "ten nodes");
    is_int(parse_slice(SLICE("[1,2,3,4,5,6,7,8,9,0]"), &limits), -CE_TOO_BIG, "eleven");
    is_int(parse_slice(SLICE("--- a\n--- b\n"), &limits), 0, "two documents");
    is_int(parse_slice(SLICE("--- a\n--- b\n--- c"), &limits), -CE_TOO_BIG, "three");
    limits.max_bytes = 4;
    is_int(parse_slice(SLICE("abcde"), &limits), -CE_TOO_BIG, "too many bytes");
}

static void test_no_memory(void)
{
    static const struct slice text = {(const uint8_t *)"a: &x [1, !t b]\nc: *x\n--- d\n", 28};
    size_t max = 0;
    int r = -CE_NOMEM;

    for (; r == -CE_NOMEM && max < 100000; max += 8) {
        struct arena small = ARENA_INIT(max);

        r = yaml_parse(&small, text, &yaml_default_limits, &docs, &err);
        arena_done(&small);
    }
    ok(r == 0 && max > 500, "every allocation may fail (%zu bytes are enough)", max);
}

/* libfyaml loses memory on these when asked for their text as a whole. */
static void test_many_pieces(void)
{
    is_int(parse("- 'a''b''c''d''e''f''g''h''i''j''k'\n- \"\\ta\\tb\\tc\\td\\te\\tf\\tg\\th\\ti\"\n"
                 "- >\n  a\n  b\n\n  c\n\n  d\n  e\n\n  f\n  g\n  h\n\n  i\n"),
           0, "scalars of many pieces");
    is_slice(docs.roots[0]->kids[0]->text, SLICE("a'b'c'd'e'f'g'h'i'j'k"), "single quotes");
    is_slice(docs.roots[0]->kids[1]->text, SLICE("\ta\tb\tc\td\te\tf\tg\th\ti"), "escapes");
    is_slice(docs.roots[0]->kids[2]->text, SLICE("a b\nc\nd e\nf g h\ni\n"), "folded lines");
}

/* Four quotes are two; libfyaml's own decoding makes them three. */
static void test_single_quotes(void)
{
    static const char *const rows[][2] = {
        {"''", ""},
        {"''''", "'"},
        {"'a'''", "a'"},
        {"'a'''''", "a''"},
        {"'x'''')'", "x'')"},
        {"'''a'''", "'a'"},
        {"'  a  '", "  a  "},
        {"' a \t\n\t b '", " a b "},
        {"'a\n\n b'", "a\nb"},
        {"'a\r\n\r\n\r\n b'", "a\n\nb"},
        {"'\n a\n'", " a "},
        {"'a''\n''b'", "a' 'b"},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        is_int(parse(rows[i][0]), 0, "%s", rows[i][0]);
        is_slice(docs.roots[0]->text, slice_str(rows[i][1]), "its text");
    }
}

static void test_tags(void)
{
    is_int(parse("[!!str a, !own b, ! c, !<tag:x,1:y> d, e]"), 0, "tags");
    is_slice(docs.roots[0]->kids[0]->tag, SLICE("!!str"), "a core tag");
    is_slice(docs.roots[0]->kids[1]->tag, SLICE("!own"), "an own one");
    is_slice(docs.roots[0]->kids[2]->tag, SLICE("!"), "the non-specific one");
    is_slice(docs.roots[0]->kids[3]->tag, SLICE("tag:x,1:y"), "a verbatim one");
    is_int(docs.roots[0]->kids[4]->tag.n, 0, "none");
}

int main(void)
{
    test_documents();
    test_places();
    test_refused();
    test_long_map();
    test_aliases();
    test_merge();
    test_limits();
    test_no_memory();
    test_many_pieces();
    test_single_quotes();
    test_tags();
    arena_done(&arena);
    return tap_done();
}
