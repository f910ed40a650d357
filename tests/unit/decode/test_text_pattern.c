/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/text/pattern.h"

#include <stdlib.h>

#include "base/err.h"
#include "decode/text/program.h"
#include "tap.h"

static struct fields f;

static struct slice get(const char *name)
{
    for (uint32_t i = 0; i < f.count; i++) {
        if (slice_is(f.names[i], name))
            return slice_of(f.items[i].text, f.items[i].n);
    }
    return SLICE_NULL;
}

static bool match(const char *pattern, const char *text)
{
    struct pattern_row row = {pattern, "event.action=seen"};
    struct pattern_list list = {&row, 1};
    struct arena a = ARENA_INIT(1 << 20);
    struct pattern *p = pattern_compile(&a, &f, &list);
    bool found;

    if (p == NULL)
        abort();
    fields_begin(&f);
    found = pattern_match(p, &f, slice_str(text));
    /* values are slices of the text, names of the pattern's text: both outlive the arena */
    arena_done(&a);
    return found;
}

static void test_kinds(void)
{
    ok(match("a {x w} b", "a word b"), "a word");
    is_slice(get("x"), SLICE("word"), "is taken");
    is_slice(get("event.action"), SLICE("seen"), "and what the row sets");
    ok(!match("a {x w} b", "a word  b"), "text must fit exactly");
    ok(!match("a {x n}", "a 12b"), "digits only, to the end");
    ok(match("{source.ip a}", "[2001:db8::1]"), "an address in brackets");
    is_slice(get("source.ip"), SLICE("2001:db8::1"), "without them");
    ok(match("{source.ip a}:{source.port n}", "192.0.2.1:80"), "address and port");
    is_slice(get("source.port"), SLICE("80"), "the port");
    ok(!match("{source.ip a}", "192.0.2.256"), "no address");
    ok(match("{source.ip h} x", "a.example x"), "a host");
    is_slice(get("source.domain"), SLICE("a.example"), "is a domain");
    ok(match("\"{x q}\"", "\"a\\\"b\""), "a quoted text");
    is_slice(get("x"), SLICE("a\\\"b"), "with an escaped quote");
    ok(match("{x t};{y *}", "a;b;c"), "up to the first");
    is_slice(get("y"), SLICE("b;c"), "and the rest");
}

/* What one {x kind} takes of a text; NULL: the text does not fit. */
static void test_taken(void)
{
    static const struct {
        const char *pattern, *text, *taken;
    } rows[] = {
        {"{x w}", "word", "word"},
        {"{x w}", "", NULL},
        {"{x w}", "two words", NULL},
        {"{x w} b", "  b", NULL},
        {"{x w}: y", "a: y", "a"},
        {"{x w}: y", "a:b: y", NULL}, /* ends at the first : */
        {"{x w}", "tab\tbed", NULL},
        {"{x n}", "0123456789", "0123456789"},
        {"{x n}", "12:", NULL},
        {"{x n}", "/", NULL},
        {"{x n}", "", NULL},
        {"{source.ip a}.", "192.0.2.1.", "192.0.2.1"},
        {"{source.ip a}:", "192.0.2.1:", "192.0.2.1"},
        {"{source.ip a}:80", "192.0.2.1:80", "192.0.2.1"},
        {"{source.ip a}", "::1", "::1"},
        {"{source.ip a}:", "::1:", "::1"},
        {"{source.ip a}", "::", "::"},
        {"{source.ip a}", "::ffff:192.0.2.1", "::ffff:192.0.2.1"},
        {"{source.ip a}:80", "::ffff:192.0.2.1:80", "::ffff:192.0.2.1"},
        {"{source.ip a}", "fe80::1%eth0", "fe80::1"},
        {"{source.ip a}", "[fe80::1%eth0]", "fe80::1"},
        {"{source.ip a}x", "[::1]x", "::1"},
        {"{source.ip a}", "[::1", NULL},
        {"{source.ip a}", "[]", NULL},
        {"{source.ip a}", "[", NULL},
        {"{source.ip a}", "host", NULL},
        {"{source.ip a}", "192.0.2", NULL},
        {"{source.domain h}", "a-b_c.Example9", "a-b_c.Example9"},
        {"{source.domain h}.", "a.example.", "a.example"},
        {"{source.domain h}", "m\xC3\xA1y", "m\xC3\xA1y"},
        {"{source.domain h}/x", "a/x", "a"},
        {"{source.domain h}", "", NULL},
        {"{source.domain h}", ".", NULL},
        {"{x q}", "", ""},
        {"{x q}\"", "a\\\"b\"", "a\\\"b"},
        {"{x q}\"", "a\\\\\"", "a\\\\"},
        {"{x q}", "a\\", "a\\"},
        {"{x q}\"", "a\\\"", NULL},
        {"{x t}", "all of it", "all of it"},
        {"{x t}b", "b", ""},
        {"{x t}b", "abab", NULL},
        {"{x T}b", "abab", "aba"},
        {"{x T}", "all of it", "all of it"},
        {"{x T}b", "a", NULL},
        {"{x *}", "", ""},
        {"{x *}", "all of it", "all of it"},
        {"{?{- w} {- w} ?}client {x w}", "client a", "a"},
        {"{?{- w} {- w} ?}client {x w}", "one two client a", "a"},
        {"{?{- w} {- w} ?}client {x w}", "one client a", NULL},
        {"{?{- w} ?}{?info: ?}client {x w}", "client a", "a"},
        {"{?{- w} ?}{?info: ?}client {x w}", "info: client a", "a"},
        {"{?{- w} ?}{?info: ?}client {x w}", "one info: client a", "a"},
        {"{?{- n} ?}{x w}", "12 a", "a"},
        {"{?{- n} ?}{x w}", "a", "a"},
        {"a{? {x w}?}", "a b", "b"},
        {"a{? {x w};?}", "a b", NULL},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        bool fits = match(rows[i].pattern, rows[i].text);
        struct slice got = get("x");

        got = got.p ? got : get("source.ip");
        got = got.p ? got : get("source.domain");
        is_int(fits, rows[i].taken != NULL, "%s: %s", rows[i].pattern, rows[i].text);
        if (fits && rows[i].taken)
            is_slice(got, slice_str(rows[i].taken), "is taken");
    }
}

/* What the head of a line has said is not said again; what is no value is not set. */
static void test_set(void)
{
    struct pattern_row row = {"{source.ip a} {source.domain t} {source.port n} {x t};",
                              "event.action=seen;mine=yes"};
    struct pattern_list list = {&row, 1};
    struct arena a = ARENA_INIT(1 << 20);
    struct pattern *p = pattern_compile(&a, &f, &list);

    if (p == NULL)
        abort();
    fields_begin(&f);
    fields_write(&f, NAME_SOURCE_IP, SLICE("192.0.2.7"));
    ok(pattern_match(p, &f, SLICE("192.0.2.1 unknown 22 ;")), "a match");
    is_slice(get("source.ip"), SLICE("192.0.2.7"), "the first stays");
    ok(get("source.domain").p == NULL, "unknown is no host");
    ok(get("x").p == NULL, "nothing is no value");
    is_slice(get("mine"), SLICE("yes"), "what the row sets under a name of its own");
    is_int(f.count, 4, "and no more");
    is_int(f.items[1].type, VALUE_NUMBER, "a port is a number");
    fields_begin(&f);
    ok(pattern_match(p, &f, SLICE("192.0.2.1 h.example 22 y;")), "another");
    is_slice(get("source.domain"), SLICE("h.example"), "a host");
    is_slice(get("x"), SLICE("y"), "a value");
    fields_begin(&f);
    ok(!pattern_match(p, &f, SLICE("192.0.2.1 h.example 22 y")) && f.count == 0,
       "nothing is set where it does not fit");
    arena_done(&a);
}

static void test_last(void)
{
    ok(match("for {user.name T} from {source.ip a}{? port {source.port n}?}",
             "for a from 1.1.1.1 from 2.2.2.2 port 7"),
       "hostile text");
    is_slice(get("user.name"), SLICE("a from 1.1.1.1"), "keeps what it holds");
    is_slice(get("source.ip"), SLICE("2.2.2.2"), "and the real address is found");
    is_slice(get("source.port"), SLICE("7"), "with what may follow");
    ok(match("{?error: ?}x{? [pre]?}", "x"), "nothing optional");
    ok(match("{?error: ?}x{? [pre]?}", "error: x [pre]"), "both");
    ok(!match("{?error: ?}x{? [pre]?}", "error: x [prx]"), "half of one");
}

/* The longest hostile line is done in one pass. */
static void test_long(void)
{
    enum { LENGTH = 1 << 20 };
    char *text = malloc(LENGTH + 1);

    if (text == NULL)
        abort();
    for (size_t i = 0; i < LENGTH; i++)
        text[i] = "from 1.1.1.1 "[i % 13];
    text[LENGTH] = 0;
    ok(!match("{user.name T} from {source.ip a} port {source.port n}", text), "no port at all");
    free(text);
}

static void test_table(void)
{
    struct arena a = ARENA_INIT(16 << 20);
    struct programs *p = programs_new(&a, &f);

    ok(p != NULL, "every row of the table is well formed");
    programs_done(p);
    arena_done(&a);
}

int main(void)
{
    if (fields_init(&f, NULL) < 0)
        abort();
    test_kinds();
    test_taken();
    test_set();
    test_last();
    test_long();
    test_table();
    fields_done(&f);
    return tap_done();
}
