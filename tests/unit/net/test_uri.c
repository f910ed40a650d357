/* SPDX-License-Identifier: Apache-2.0 */
#include "net/uri.h"

#include "base/buf.h"
#include "base/err.h"
#include "tap.h"

static struct arena arena = ARENA_INIT(1 << 20);

static int parse(const char *raw, struct uri_target *t)
{
    arena_clear(&arena);
    return uri_target_parse(slice_str(raw), &arena, t);
}

static void test_targets(void)
{
    struct uri_target t;

    is_int(parse("/", &t), 0, "the root");
    is_slice(t.path, SLICE("/"), "has a path");
    is_int((int64_t)t.segment_count, 0, "and no segments");
    is_int(parse("/a/b%20c?x=1&y=%C4%90+%26&z", &t), 0, "path and query");
    is_slice(t.path, SLICE("/a/b c"), "are decoded");
    is_int((int64_t)t.pairs.count, 3, "into pairs");
    is_slice(uri_pairs_get(&t.pairs, "y"), SLICE("Đ &"), "with blanks and escapes");
    is_slice(uri_pairs_get(&t.pairs, "z"), SLICE(""), "a name alone has an empty value");
    ok(uri_pairs_get(&t.pairs, "w").p == NULL, "what is not there is NULL");
    is_int(parse("/a/", &t), 0, "a slash at the end");
    is_slice(t.path, SLICE("/a"), "is no segment");
}

static void test_refused(void)
{
    static const struct {
        const char *raw;
        int code;
    } cases[] = {
        {"", -CE_SYNTAX},
        {"a", -CE_SYNTAX},
        {"http://h/", -CE_SYNTAX},
        {"*", -CE_SYNTAX},
        {"//a", -CE_SYNTAX},
        {"/a//b", -CE_SYNTAX},
        {"/../etc", -CE_SYNTAX},
        {"/a/%2e%2e", -CE_SYNTAX},
        {"/.", -CE_SYNTAX},
        {"/a%2Fb", -CE_SYNTAX},
        {"/%", -CE_SYNTAX},
        {"/%4", -CE_SYNTAX},
        {"/%zz", -CE_SYNTAX},
        {"/%00", -CE_ENCODING},
        {"/%ff", -CE_ENCODING},
        {"/%c0%ae", -CE_ENCODING},
        {"/a?%0", -CE_SYNTAX},
        {"/a?x=%80", -CE_ENCODING},
        {"/a%0Ab", -CE_SYNTAX},
        {"/a%7F", -CE_ENCODING},
        {"/1/2/3/4/5/6/7/8/9/10/11/12/13", -CE_TOO_BIG},
    };
    struct uri_target t;
    char big[URI_TARGET_MAX + 2];

    for (size_t i = 0; i < CANH_LEN(cases); i++)
        is_int(parse(cases[i].raw, &t), cases[i].code, "refused: %s", cases[i].raw);
    memset(big, 'a', sizeof(big));
    big[0] = '/';
    big[sizeof(big) - 1] = '\0';
    is_int(parse(big, &t), -CE_TOO_BIG, "a target over its maximum");
}

static void test_cookies(void)
{
    struct slice h = SLICE("a=1; canh=xyz ;b=; =c; d");

    is_slice(uri_cookie(h, "canh"), SLICE("xyz"), "a cookie among others");
    is_slice(uri_cookie(h, "b"), SLICE(""), "an empty one");
    ok(uri_cookie(h, "d").p == NULL, "one without a value is none");
    ok(uri_cookie(h, "can").p == NULL, "names are whole");
    ok(uri_cookie(SLICE(""), "a").p == NULL, "no header");
}

static bool fits(const char *pattern, const char *raw, struct slice *first)
{
    struct slice params[ROUTE_PARAMS_MAX] = {0};
    struct uri_target t;
    bool yes = parse(raw, &t) == 0 && route_fits(pattern, &t, params);

    *first = params[0];
    return yes;
}

static void test_routes(void)
{
    struct slice p;

    ok(fits("/", "/", &p), "the root is the root");
    ok(!fits("/", "/a", &p), "and nothing else");
    ok(fits("/alerts/{}/ack", "/alerts/00ff/ack?x=1", &p), "a parameter");
    is_slice(p, SLICE("00ff"), "is kept");
    ok(!fits("/alerts/{}/ack", "/alerts/00ff", &p), "too few segments");
    ok(!fits("/alerts/{}", "/alerts/00ff/ack", &p), "too many segments");
    ok(!fits("/alerts/{}", "/alerts", &p), "a parameter is not empty");
}

static void test_escape(void)
{
    struct buf out = BUF_INIT(100);

    uri_write_escaped(&out, SLICE("/a b?Đ~"));
    is_slice(buf_slice(&out), SLICE("%2Fa%20b%3F%C4%90~"), "escaped for a query");
    buf_done(&out);
}

int main(void)
{
    test_targets();
    test_refused();
    test_cookies();
    test_routes();
    test_escape();
    arena_done(&arena);
    return tap_done();
}
