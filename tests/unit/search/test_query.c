/* SPDX-License-Identifier: Apache-2.0 */
#include "search/query.h"

#include <string.h>

#include "base/time.h"
#include "decode/decoder.h"
#include "err_words.h"
#include "search/find_text.h"
#include "tap.h"

static struct arena arena = ARENA_INIT(64 * 1024 * 1024);

struct event_of {
    struct decoder *decoder;
    uint8_t text[4096 + DECODE_PADDING];
    size_t n;
    struct event event;
    uint32_t asked;
};

static const struct event *decode(void *ctx)
{
    struct event_of *x = ctx;
    struct decode_fault fault;
    struct decode_block block = {.text = slice_of(x->text, x->n), .single = true};

    x->asked++;
    decoder_open(x->decoder, &block);
    return decoder_next(x->decoder, &x->event, &fault) > 0 ? &x->event : NULL;
}

/* 1, 0, or negative when the query is none. asked: how often the record was decoded. */
static int run(const char *query, const char *raw, uint32_t *asked)
{
    struct keys *keys = keys_new();
    struct query_matcher *m = NULL;
    struct event_of x = {.n = strlen(raw)};
    struct decode_limits limits = decode_default_limits;
    struct err err = ERR_INIT;
    struct query q;
    int r = query_parse(slice_str(query), 7 * 3600, &arena, &q, &err);

    memcpy(x.text, raw, x.n);
    if (r == 0)
        r = query_intern(&q, keys);
    if (r == 0)
        r = query_matcher_new(&q, keys, &m, &err);
    x.decoder = decoder_new(format_by_name(SLICE("json")), keys, &limits);
    if (r == 0)
        r = query_matches(m, slice_of(x.text, x.n), decode, &x);
    if (asked)
        *asked = x.asked;
    m = query_matcher_free(m);
    x.decoder = decoder_free(x.decoder);
    keys = keys_free(keys);
    return r;
}

static const char record[] =
    "{\"Image\":\"C:\\\\Windows\\\\System32\\\\powershell.exe\",\"User\":\"svc-backup\","
    "\"EventID\":4688,"
    "\"DestinationIp\":\"10.1.2.3\",\"v6\":\"2001:DB8:0::7\",\"empty\":\"\",\"none\":null,"
    "\"text\":\"first\\nsecond \xc4\x90\xc4\x83ng nh\xe1\xba\xadp\",\"port\":443}";

static const struct {
    const char *query;
    int wanted;
} rows[] = {
    {"", 1},
    {"powershell", 1},
    {"POWERSHELL", 1},
    {"powershel", 0},
    {"powershel*", 1},
    {"*owershell", 1},
    {"ower", 0},
    {"*ower*", 1},
    {"win*32", 1},
    {"32*win", 0},
    {"second", 1},
    {"nsecond", 1},
    {"\"svc-backup\"", 1},
    {"System32\\powershell.exe", 1},
    {"\"System32\\\\powershell.exe\"", 1},
    {"\xc4\x91\xc4\x83ng", 1},
    {"\xc4\x91\xc4\x83n", 0},
    {"10.1.2.3", 1},
    {"10.1.2.0/24", 1},
    {"10.1.3.0/24", 0},
    {"2001:db8::7", 1},
    {"2001:db8::/32", 1},
    {"2001:db8::8", 0},
    {"Image:*\\powershell.exe", 1},
    {"Image:powershell.exe", 0},
    {"image:*\\powershell.exe", 0},
    {"user:svc-backup", 1},
    {"user:SVC-*", 1},
    {"user:root", 0},
    {"ip:10.0.0.0/8", 1},
    {"process:*power*", 1},
    {"EventID:4688", 1},
    {"EventID:(1 4688 2)", 1},
    {"EventID:(1 or 2)", 0},
    {"EventID:>4687", 1},
    {"EventID:>4688", 0},
    {"EventID:>=4688 EventID:<=4688", 1},
    {"EventID:4000..5000", 1},
    {"EventID:..4000", 0},
    {"EventID:4688..", 1},
    {"port:443", 1},
    {"port:44", 0},
    {"DestinationIp:10.1.2.3", 1},
    {"v6:2001:db8::7", 1},
    {"empty:\"\"", 1},
    {"empty:*", 1},
    {"nothing:*", 0},
    {"not nothing:*", 1},
    {"-powershell", 0},
    {"not -powershell", 1},
    {"powershell root", 0},
    {"powershell and svc", 1},
    {"root or svc", 1},
    {"(root or svc) and -admin", 1},
    {"root or svc admin", 0},
    {"EventID:4688 last:7d", 1},
    {"EventID:\"46*\"", 0},
    {"EventID:46*", 1},
    {"C:\\Windows", 1},
};

static void test_matching(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int got = run(rows[i].query, record, NULL);

        ok(got == rows[i].wanted, "%s: %d, wanted %d", rows[i].query, got, rows[i].wanted);
    }
}

static void test_lazy(void)
{
    uint32_t asked = 9;

    ok(run("powershell -root", record, &asked) == 1 && asked == 0, "words need no fields");
    ok(run("root EventID:4688", record, &asked) == 0 && asked == 0, "a word rules out first");
    ok(run("EventID:1 or User:x or port:443", record, &asked) == 1 && asked == 1,
       "a record is decoded once, not %u times", asked);
}

static const struct {
    const char *query;
    enum ce code;
    unsigned col;
} bad[] = {
    {"a or", CE_SYNTAX, 5},         {"(a", CE_SYNTAX, 1},
    {"a)", CE_SYNTAX, 2},           {"x:", CE_SYNTAX, 3},
    {"x:\"a", CE_SYNTAX, 3},        {"x:(a", CE_SYNTAX, 3},
    {"x:>y", CE_SYNTAX, 3},         {"last:soon", CE_SYNTAX, 6},
    {"from:never", CE_SYNTAX, 6},   {"(last:7d)", CE_SYNTAX, 2},
    {"a or last:7d", CE_SYNTAX, 6}, {"not", CE_SYNTAX, 1},
    {"a and", CE_SYNTAX, 6},        {"last:99999999999999999w", CE_SYNTAX, 6},
};

static void test_errors(void)
{
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct err err = ERR_INIT;
        struct query q;
        int r = query_parse(slice_str(bad[i].query), 0, &arena, &q, &err);

        ok(r == -(int)bad[i].code && err.col == bad[i].col, "%s: %d at %u: %s", bad[i].query, r,
           err.col, err_words(&err));
    }
}

static void test_scopes(void)
{
    struct err err = ERR_INIT;
    struct query q;

    ok(query_parse(SLICE("unit:so-yte source:\"a b\" last:12h from:2026-01-31T08:00 "
                         "until:2026-02-01T00:00Z x"),
                   7 * 3600, &arena, &q, &err) == 0,
       "scopes: %s", err_words(&err));
    ok(q.unit_count == 1 && slice_is(q.units[0], "so-yte"), "unit");
    ok(q.source_count == 1 && slice_is(q.sources[0], "a b"), "source");
    ok(q.last == 12 * TIME_HOUR, "last");
    ok(q.from == INT64_C(1769821200) * TIME_SECOND, "a time without a zone is of the caller's");
    ok(q.until == INT64_C(1769904000) * TIME_SECOND, "a time with a zone");
}

static void test_find(void)
{
    uint8_t text[100];

    for (size_t at = 0; at < 90; at++) {
        memset(text, '-', sizeof(text));
        memcpy(text + at, "NeEdle", 6);
        if (find_text(slice_of(text, at + 6), SLICE("needle")) != at ||
            find_text(slice_of(text, at + 5), SLICE("needle")) != SIZE_MAX)
            ok(false, "at %zu", at);
    }
    ok(find_text(SLICE("xx"), SLICE("")) == 0, "nothing is everywhere");
    ok(find_text(SLICE("[]"), SLICE("{}")) == SIZE_MAX, "only letters have two cases");
}

static void test_limits(void)
{
    struct buf deep = BUF_INIT(QUERY_TEXT_MAX + 100);
    struct query q;

    for (unsigned i = 0; i < 100; i++)
        buf_putc(&deep, '(');
    ok(query_parse(buf_slice(&deep), 0, &arena, &q, NULL) == -CE_DEPTH, "depth");
    buf_clear(&deep);
    for (unsigned i = 0; i < QUERY_NODES_MAX + 1; i++)
        buf_puts(&deep, "a ");
    ok(query_parse(buf_slice(&deep), 0, &arena, &q, NULL) == -CE_TOO_BIG, "nodes");
    while (deep.len <= QUERY_TEXT_MAX)
        buf_putc(&deep, ' ');
    ok(query_parse(buf_slice(&deep), 0, &arena, &q, NULL) == -CE_TOO_BIG, "text");
    buf_done(&deep);
}

int main(void)
{
    test_matching();
    test_lazy();
    test_errors();
    test_scopes();
    test_find();
    test_limits();
    arena_done(&arena);
    return tap_done();
}
