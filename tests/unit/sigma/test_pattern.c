/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/pattern.h"

#include <stdlib.h>

#include "base/err.h"
#include "tap.h"

static struct arena arena = ARENA_INIT(1 << 20);

/* Parts as text: a quoted text part, * or ?. */
static void parts_are(const char *value, enum pattern_open open, const char *want)
{
    struct buf out = BUF_INIT(4096);
    struct pattern p;

    is_int(pattern_parse(&arena, slice_str(value), open, &p), 0, "%s parses", value);
    for (uint32_t i = 0; i < p.count; i++) {
        if (p.parts[i].kind == PART_TEXT)
            buf_printf(&out, "<" SLICE_FMT ">", SLICE_ARG(p.parts[i].text));
        else
            buf_puts(&out, p.parts[i].kind == PART_ANY ? "*" : "?");
    }
    is_slice(buf_slice(&out), slice_str(want), "parts of %s", value);
    buf_done(&out);
}

static void printed(const char *value, const char *want)
{
    struct buf out = BUF_INIT(4096);
    struct pattern p, again;
    bool same;

    is_int(pattern_parse(&arena, slice_str(value), OPEN_NONE, &p), 0, "%s parses", value);
    pattern_print(&p, &out);
    is_slice(buf_slice(&out), slice_str(want), "%s is printed", value);
    is_int(pattern_parse(&arena, buf_slice(&out), OPEN_NONE, &again), 0, "and parses again");
    same = p.count == again.count;
    for (uint32_t i = 0; i < p.count && same; i++)
        same = p.parts[i].kind == again.parts[i].kind &&
               slice_eq(p.parts[i].text, again.parts[i].text);
    ok(same, "to the same parts");
    buf_done(&out);
}

static void test_escapes(void)
{
    parts_are("", OPEN_NONE, "");
    parts_are("abc", OPEN_NONE, "<abc>");
    parts_are("a*c?", OPEN_NONE, "<a>*<c>?");
    parts_are("\\*", OPEN_NONE, "<*>");
    parts_are("\\?", OPEN_NONE, "<?>");
    parts_are("\\\\*", OPEN_NONE, "<\\>*");
    parts_are("\\\\\\*", OPEN_NONE, "<\\*>");
    parts_are("\\\\\\\\", OPEN_NONE, "<\\\\>");
    parts_are("\\\\\\", OPEN_NONE, "<\\\\>");
    parts_are("\\\\\\\\\\*\\\\IPC$", OPEN_NONE, "<\\\\*\\IPC$>");
    parts_are("\\x\\y", OPEN_NONE, "<\\x\\y>");
    parts_are("C:\\Windows\\", OPEN_NONE, "<C:\\Windows\\>");
    parts_are("\\\\", OPEN_NONE, "<\\>");
    parts_are("\\", OPEN_NONE, "<\\>");
    parts_are("**", OPEN_NONE, "*");
    parts_are("*?*", OPEN_NONE, "*?*");
    parts_are("??", OPEN_NONE, "??");
}

static void test_open(void)
{
    parts_are("C:\\Windows\\", OPEN_AFTER, "<C:\\Windows\\>*");
    parts_are("C:\\Windows\\", OPEN_BOTH, "*<C:\\Windows\\>*");
    parts_are("*x", OPEN_BEFORE, "*<x>");
    parts_are("x*", OPEN_BOTH, "*<x>*");
    parts_are("x\\*", OPEN_AFTER, "<x*>*");
    parts_are("?x", OPEN_BOTH, "*?<x>*");
    parts_are("", OPEN_BOTH, "*");
    parts_are("*", OPEN_BOTH, "*");
}

static void test_literal(void)
{
    struct pattern p;

    is_int(pattern_literal(&arena, SLICE("a*\\?"), OPEN_BOTH, &p), 0, "literal text");
    is_int(p.count, 3, "between two wildcards");
    is_slice(p.parts[1].text, SLICE("a*\\?"), "stays as it is");
    is_int(pattern_literal(&arena, SLICE(""), OPEN_NONE, &p), 0, "empty literal text");
    is_int(p.count, 0, "has no parts");
}

static void test_print(void)
{
    printed("\\\\*", "\\\\*");
    printed("C:\\a\\b", "C:\\a\\b");
    printed("a\\*b\\?c*?", "a\\*b\\?c*?");
    printed("\\\\\\\\", "\\\\\\");
    printed("\\", "\\");
    printed("x\\\\?", "x\\\\?");
}

static struct pattern parsed(const char *value)
{
    struct pattern p;

    if (pattern_parse(&arena, slice_str(value), OPEN_NONE, &p) < 0)
        abort();
    return p;
}

static void test_compared(void)
{
    static const struct {
        const char *value;
        bool wildcard;
    } rows[] = {{"", false},  {"a", false}, {"\\*", false}, {"*", true},  {"?", true},
                {"*a", true}, {"a?", true}, {"a*b", true},  {"ab", false}};

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        struct pattern a = parsed(rows[i].value);

        is_int(pattern_has_wildcard(&a), rows[i].wildcard, "a wildcard in '%s'", rows[i].value);
        for (size_t k = 0; k < CANH_LEN(rows); k++) {
            struct pattern b = parsed(rows[k].value);

            is_int(pattern_equal(&a, &b), i == k, "'%s' is '%s'", rows[i].value, rows[k].value);
        }
    }
}

int main(void)
{
    struct arena none = ARENA_INIT(8);
    struct pattern p;

    test_escapes();
    test_open();
    test_literal();
    test_print();
    test_compared();
    is_int(pattern_parse(&none, SLICE("abc"), OPEN_BOTH, &p), -CE_NOMEM, "no memory");
    is_int(pattern_literal(&none, SLICE("abc"), OPEN_BOTH, &p), -CE_NOMEM, "no memory");
    arena_done(&none);
    arena_done(&arena);
    return tap_done();
}
