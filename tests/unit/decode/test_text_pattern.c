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
    test_last();
    test_long();
    test_table();
    fields_done(&f);
    return tap_done();
}
