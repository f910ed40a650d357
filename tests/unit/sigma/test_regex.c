/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/regex.h"

#include "base/err.h"
#include "base/utf.h"
#include "sigma/expr.h"
#include "tap.h"

static enum regex_result search(const char *pattern, unsigned flags, const char *text, bool jit)
{
    struct regex_context *c = regex_context_new(1);
    struct regex *r;
    struct err err = ERR_INIT;
    enum regex_result result;

    if (!ok(regex_new(slice_str(pattern), flags, jit, &r, &err) == 0, "%s compiles", pattern))
        return REGEX_GAVE_UP;
    result = regex_search(r, c, slice_str(text), false);
    if (is_ascii(slice_str(text)))
        ok(regex_search(r, c, slice_str(text), true) == result, "the same for known ASCII");
    (void)regex_free(r);
    (void)regex_context_free(c);
    return result;
}

static void requires(const char *pattern, const char *text)
{
    struct buf out = BUF_INIT(1000);

    regex_required_texts(slice_str(pattern), &out);
    for (size_t i = 0; i < out.len; i++)
        out.p[i] = out.p[i] ? out.p[i] : ' ';
    is_slice(buf_slice(&out), slice_str(text), "required by %s", pattern);
    buf_done(&out);
}

/* What must stand in a text that a pattern matches, one after another; a blank between them. */
static void test_required(void)
{
    static const char *const rows[][2] = {
        {"(a\\)b)cde", "cde"},
        {"([)]x)cde", "cde"},
        {"([^]]x)cde", "cde"},
        {"([^])]x)cde", "cde"},
        {"(a(b)c)def", "def"},
        {"(a[b(]c)def", "def"},
        {"(abc", ""},
        {"[abc", ""},
        {"x[abc", "x"},
        {"ab\\", "ab"},
        {"ab|cd", ""},
        {"|cd", ""},
        {"a\\|bc", "a|bc"},
        {"(a|b)cd", "cd"},
        {"[a|b]cd", "cd"},
        {"[]|]cd", "cd"},
        {"[^]|]cd", "cd"},
        {"[a\\]|]cd", "cd"},
        {"(?m:a)bcd", "bcd"},
        {"(?s-i)ab", "ab"},
        {"(?n)ab", "ab"},
        {"(?^)ab", "ab"},
        {"(*UTF)abc", ""},
        {"(?P<x>a)bc", "bc"},
        {"(?-x)abc", ""},
        {"(?<x>a)bc", "bc"},
        {"a(?ix)bc", ""},
        {"a(?i:x)bc", "a bc"},
        {"a(?i)x(?:y)", "a x"},
        {"(?", ""},
        {"a+b", "a b"},
        {"a*b", "b"},
        {"a?b", "b"},
        {"a{2,}b", "b"},
        {"ab{", "a"},
        {"a\xC3\xA9z", "a z"},
        {"\\/\\\"\\'", "/\"'"},
        {"a\\tb", "a"},
        {"\\.\\d", "."},
        {"a\\1b", "a"},
        {"^a$", "a"},
        {"a.b", "a b"},
        {"a\\wb", "a b"},
        {"a\\Zb", "a b"},
        {"a\\Gb", "a"},
        {"a\\{b\\}c", "a{b}c"},
        {"a\\-b\\ c", "a-b c"},
        {"a)b", "a b"},
        {"", ""},
        {"a", "a"},
        {"ab\\+", "ab+"},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++)
    requires(rows[i][0], rows[i][1]);
}

/* Patterns that are only texts with .* between them; NULL: others. */
static void test_only_texts(void)
{
    static const char *const rows[][2] = {
        {"abc", "abc"},     {"a.*b", "a b"},  {".*a.*", "a"},   {"a.*?b", "a b"},
        {".*?a", "a"},      {"a.*", "a"},     {"a\\.b", "a.b"}, {"a.*b.*c", "a b c"},
        {"a.*.*b", "a b"},  {"a.*?", "a"},    {"", NULL},       {".*", NULL},
        {"a.*+b", NULL},    {"a.*??b", NULL}, {"a.b", NULL},    {"a+", NULL},
        {"ab?", NULL},      {"^a", NULL},     {"a$", NULL},     {"(a)", NULL},
        {"[a]", NULL},      {"a|b", NULL},    {"a\\d", NULL},   {"a\\", NULL},
        {"\xC3\xA9", NULL}, {"a.+b", NULL},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        struct buf out = BUF_INIT(1000);
        bool only = regex_is_texts(slice_str(rows[i][0]), &out);

        for (size_t k = 0; k < out.len; k++)
            out.p[k] = out.p[k] ? out.p[k] : ' ';
        is_int(only, rows[i][1] != NULL, "%s is only texts: %d", rows[i][0], rows[i][1] != NULL);
        if (rows[i][1])
            is_slice(buf_slice(&out), slice_str(rows[i][1]), "namely");
        buf_done(&out);
    }
}

static void test_texts_match(void)
{
    static const struct {
        const char *text;
        bool lines, dotall;
    } rows[] = {
        {"ab", true, true},     {"xaxbx", true, true},    {"ba", false, false},
        {"a", false, false},    {"a\nb", false, true},    {"b\nab", true, true},
        {"ab\nb", true, true},  {"x\ny\nab", true, true}, {"", false, false},
        {"b\na", false, false},
    };
    struct arena arena = ARENA_INIT(1 << 20);
    struct pattern p;

    is_int(regex_texts_pattern(&arena, SLICE("a\0b"), &p), 0, "a pattern of two texts");
    is_int(p.count, 5, "with any run around each");
    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        is_int(regex_texts_match(&p, 0, slice_str(rows[i].text)), rows[i].lines, "row %zu", i);
        is_int(regex_texts_match(&p, REGEX_DOTALL, slice_str(rows[i].text)), rows[i].dotall,
               "row %zu where . takes line ends", i);
    }
    arena_done(&arena);
}

static void test_limits(void)
{
    char text[4001];
    struct regex *r;
    struct err err = ERR_INIT;

    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 2] = 'b';
    text[sizeof(text) - 1] = 0;
    is_int(search("^(a+)+$", 0, text, false), REGEX_GAVE_UP, "a catastrophic pattern gives up");
    is_int(search("^(a+)+$", 0, text, true), REGEX_GAVE_UP, "as machine code too");
    is_int(regex_new(SLICE("((ab?c){1,200}){1,200}"), 0, false, &r, &err), -CE_SYNTAX,
           "a pattern that grows is refused");
    is_int(regex_new(SLICE("a(b"), 0, false, &r, &err), -CE_SYNTAX, "an open group");
    is_int(err.offset, 3, "and its place");
}

int main(void)
{
    is_int(search("b.d", 0, "abcde", false), REGEX_MATCH, "a search, not a whole match");
    is_int(search("B.D", 0, "abcde", false), REGEX_NO_MATCH, "case matters");
    is_int(search("B.D", REGEX_NOCASE, "abcde", false), REGEX_MATCH, "unless told otherwise");
    is_int(search("a.b", 0, "a\nb", false), REGEX_NO_MATCH, ". stops at a line end");
    is_int(search("a.b", REGEX_DOTALL, "a\nb", false), REGEX_MATCH, "unless told otherwise");
    is_int(search("^b", 0, "a\nb", false), REGEX_NO_MATCH, "^ is the start");
    is_int(search("^b", REGEX_MULTILINE, "a\nb", false), REGEX_MATCH, "of any line if told");
    is_int(search("^.$", 0, "Đ", false), REGEX_MATCH, ". is a character");
    is_int(search("b+$", 0,
                  "a\xFF"
                  "bb",
                  false),
           REGEX_MATCH, "invalid bytes are stepped over");
    requires("\\\\Windows\\\\__1\\d{9}", "\\Windows\\__1");
    requires("abc?defx+gh", "ab defx gh");
    requires("foo|barbaz", "");
    requires("(foo|bar)bazz[a-z]qu", "bazz qu");
    requires("(?i)hello", "hello");
    requires("(?x)hello world", "");
    requires("(?i-x:a)bcd", "");
    requires("(?=foo)bar", "bar");
    requires("\\w+`(?:\\w+|-|.)`[\\w+|\\s]", "` `");
    requires("\\^.*\\^.*\\^", "^ ^ ^");
    requires("ab+[]x]cde", "ab cde");
    requires("[^]x]+cde", "cde");
    requires("[[:alpha:]]cde", "");
    requires("\\Qa.b\\Ecdefg", "");
    requires("a{0,3}bc{2}d", "b d");
    requires("://[0-9]{1,3}\\.[0-9]", ":// .");
    requires("\\x41BCDE", "");
    requires("a{2}bcd", "bcd");
    requires("abcd+ef", "abcd ef");
    test_required();
    test_only_texts();
    test_texts_match();
    test_limits();
    return tap_done();
}
