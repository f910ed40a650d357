/* SPDX-License-Identifier: Apache-2.0 */
#include "search/search.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "err_words.h"
#include "search/crew.h"
#include "search/record_decoder.h"
#include "tap.h"

#define NOW (INT64_C(1760000000) * TIME_SECOND)

static char folder[] = "/tmp/canh-search-XXXXXX";
static struct journal_key key;
static const uint8_t units[2][JOURNAL_ID_SIZE] = {{1}, {2}};

enum { BLOCKS = 20, RECORDS = 50 };

/* Block by block, a minute a block; odd records are of the second unit. One word is in one block.
 */
static struct journal *make(void)
{
    struct journal_options o = {.folder = folder, .keys = &key, .key_count = 1, .now = NOW};
    struct journal_record records[RECORDS];
    static char texts[RECORDS][200];
    struct err err = ERR_INIT;
    struct journal *j = NULL;
    uint32_t stream = 0;
    int r = journal_open(&o, &j, &err);

    if (r == 0)
        r = journal_stream(j, "events/default", &stream, &err);
    for (uint32_t b = 0; r == 0 && b < BLOCKS; b++) {
        struct journal_group g = {.records = records, .record_count = RECORDS, .now = NOW};

        memset(records, 0, sizeof(records));
        for (uint32_t i = 0; i < RECORDS; i++) {
            (void)snprintf(
                texts[i], sizeof(texts[i]),
                "{\"Channel\":\"Microsoft-Windows-Sysmon/"
                "Operational\",\"EventID\":%u,\"Image\":\"C:\\\\a\\\\%s.exe\",\"note\":\"block%u\","
                "\"IpAddress\":\"192.0.2.%u\",\"CommandLine\":\"%s\"}",
                i == 5 ? 1 : 4600 + i, b == 7 && i == 3 ? "needle" : "hay", b, b,
                i == 5 ? "evil-tool --steal" : "x");
            records[i] = (struct journal_record){.stream = stream,
                                                 .received = NOW + b * TIME_MINUTE + i,
                                                 .claimed = TIME_NONE,
                                                 .source = {9},
                                                 .raw = slice_str(texts[i])};
            memcpy(records[i].unit, units[i % 2], JOURNAL_ID_SIZE);
        }
        r = journal_append(j, &g, &err);
        if (r == 0 && b + 1 < BLOCKS)
            r = journal_seal(j, NOW, &err);
    }
    ok(r == 0, "a journal: %s", err_words(&err));
    return j;
}

struct seen {
    uint64_t calls;
    struct cancel *cancel;
    int stop;
};

static int see(void *ctx, const struct search_match *m)
{
    struct seen *x = ctx;

    x->calls++;
    (void)m;
    if (x->cancel)
        cancel_ask(x->cancel);
    return x->stop;
}

static int run(struct journal *j, const struct search_request *how, const char *query,
               struct search_result *ret)
{
    struct search_request q = *how;
    struct err err = ERR_INIT;
    int r;

    q.stream = "events/default";
    q.query = slice_str(query);
    q.now = NOW + BLOCKS * TIME_MINUTE;
    search_result_init(ret);
    r = search_run(j, &q, ret, &err);
    if (r < 0)
        tap_note("%s: %s", query, err_words(&err));
    return r;
}

static const struct search_request all = {.scope = {.all = true}};

/* What is opened for a word that few blocks have: those, the newest, which is not sealed and has no
 * filter, and the few whose filter says yes by chance. Blocks are much alike here: with one
 * segment's key in fifty all say yes to a word. UNPRUNED_MAX is one word's three searches, and
 * another's. */
enum { FEW = 6, UNPRUNED_MAX = 4 };
static unsigned unpruned;

static void count_is(struct journal *j, const char *query, uint64_t matches, uint64_t opened_max)
{
    struct search_result x;
    int r;

    r = run(j, &all, query, &x);
    unpruned += opened_max == FEW && x.opened > FEW;
    ok(r == 0 && x.matches == matches && (opened_max == FEW || x.opened <= opened_max) &&
           x.blocks == BLOCKS && x.undecoded == 0,
       "%s: %" PRIu64 " matches of %" PRIu64 ", %" PRIu64 " blocks opened", query, x.matches,
       x.records, x.opened);
    search_result_done(&x);
}

static void test_pruning(struct journal *j)
{
    count_is(j, "", BLOCKS * RECORDS, BLOCKS);
    count_is(j, "needle", 1, FEW);
    count_is(j, "block7", RECORDS, FEW);
    count_is(j, "192.0.2.11", RECORDS, FEW);
    count_is(j, "block19", RECORDS, FEW);
    count_is(j, "absent", 0, FEW);
    count_is(j, "last:3m", 3 * RECORDS, 3);
    count_is(j, "EventID:4603 last:3m", 3, 3);
    count_is(j, "EventID:4603 block7", 1, FEW);
    count_is(j, "Image:*\\needle.exe", 1, BLOCKS);
    count_is(j, "source:09000000000000000000000000000000", BLOCKS * RECORDS, BLOCKS);
    count_is(j, "source:08000000000000000000000000000000", 0, 0);
}

static void test_scope(struct journal *j)
{
    struct search_request one = {.scope = {.units = units, .count = 1}}, none = {.limit = 0};
    struct search_result x;
    int r;

    r = run(j, &one, "", &x);
    ok(r == 0 && x.matches == BLOCKS * RECORDS / 2, "one unit: %" PRIu64, x.matches);
    search_result_done(&x);
    r = run(j, &one, "unit:02000000000000000000000000000000", &x);
    ok(r == 0 && x.records == 0, "a query does not widen the scope");
    search_result_done(&x);
    r = run(j, &one, "EventID:4603", &x);
    ok(r == 0 && x.matches == 0 && x.gaps == 0, "nothing of another unit");
    search_result_done(&x);
    r = run(j, &none, "", &x);
    ok(r == 0 && x.records == 0, "nothing without a scope");
    search_result_done(&x);
    ok(run(j, &all, "unit:nobody", &x) == -CE_NOT_FOUND, "a name that nobody knows");
    search_result_done(&x);
}

static void test_counts(struct journal *j)
{
    struct search_request q = all;
    struct search_result x;
    int r;

    q.count_by = SLICE("IpAddress");
    q.step = 2 * TIME_MINUTE;
    r = run(j, &q, "EventID:(4601 4602)", &x);
    ok(r == 0 && x.value_count == BLOCKS && x.without == 0 && x.values[0].count == 2 &&
           slice_is(x.values[0].value, "192.0.2.0"),
       "counts by a field");
    ok(x.bin_count >= BLOCKS / 2 && x.bins[1].count == 4 &&
           x.bins[1].start == x.bins[0].start + q.step,
       "a histogram of %u bins", x.bin_count);
    search_result_done(&x);
    q.count_by = SLICE("missing");
    r = run(j, &q, "needle", &x);
    ok(r == 0 && x.value_count == 0 && x.without == 1, "no such field");
    search_result_done(&x);
}

static void test_ends(struct journal *j)
{
    struct search_request q = all;
    struct search_result x;
    int r;
    struct cancel cancel;
    struct seen seen = {.stop = 0};

    q.match = see;
    q.ctx = &seen;
    q.limit = 7;
    r = run(j, &q, "", &x);
    ok(r == 0 && x.limited && seen.calls == 7, "a limit");
    search_result_done(&x);
    q.limit = 0;
    seen = (struct seen){.stop = 5};
    r = run(j, &q, "", &x);
    ok(r == 5 && seen.calls == 1, "the caller ends it");
    search_result_done(&x);
    ok(cancel_init(&cancel) == 0, "cancel");
    seen = (struct seen){.cancel = &cancel};
    q.cancel = &cancel;
    r = run(j, &q, "", &x);
    ok(r == 0 && x.cancelled && seen.calls == 1, "somebody else ends it");
    search_result_done(&x);
    cancel_done(&cancel);
}

/* Finds a record a block. */
static struct generation *load_rule(void)
{
    static const char text[] = "title: Evil tool\nid: 5f0a1d2c-0000-4000-8000-000000000001\n"
                               "status: test\nlogsource:\n    category: process_creation\n"
                               "    product: windows\ndetection:\n    selection:\n"
                               "        CommandLine|contains: evil-tool\n    condition: selection\n"
                               "level: high\n";
    char path[100];
    const char *items[1] = {path};
    struct generation_options o = {.rules = {items, 1}};
    struct generation *g = NULL;
    struct err err = ERR_INIT;
    FILE *f;

    (void)snprintf(path, sizeof(path), "%s/rule.yml", folder);
    f = fopen(path, "w");
    ok(f && fputs(text, f) >= 0 && fclose(f) == 0, "a rule");
    ok(generation_load(&o, &g, &err) == 0, "loads: %s", err_words(&err));
    return g;
}

static void test_rule(struct journal *j)
{
    struct search_request q = all;
    struct seen seen = {.stop = 0};
    struct search_result x;
    int r;

    q.rules = load_rule();
    q.match = see;
    q.ctx = &seen;
    r = run(j, &q, "", &x);
    ok(r == 0 && x.matches == BLOCKS && seen.calls == BLOCKS && x.records == BLOCKS * RECORDS,
       "a rule over history: %" PRIu64, x.matches);
    search_result_done(&x);
    seen.calls = 0;
    r = run(j, &q, "block7", &x);
    ok(r == 0 && x.matches == 1 && seen.calls == 1, "a rule and a query");
    unpruned += x.opened > FEW;
    search_result_done(&x);
    q.rules = generation_unref(q.rules);
}

/* Everything that a search gives, in its order. */
static int write_match(void *ctx, const struct search_match *m)
{
    buf_printf(ctx, "%" PRIu64 " " SLICE_FMT "\n", m->record->offset, SLICE_ARG(m->text));
    return 0;
}

static void write_all(struct journal *j, const struct search_request *how, const char *query,
                      unsigned workers, struct buf *out)
{
    struct search_request q = *how;
    struct search_result x;

    q.workers = workers;
    q.match = how->count_by.n || how->step ? NULL : write_match;
    q.ctx = out;
    buf_printf(out, "%d\n", run(j, &q, query, &x));
    for (uint32_t i = 0; i < x.value_count; i++)
        buf_printf(out, "%" PRIu64 " " SLICE_FMT "\n", x.values[i].count,
                   SLICE_ARG(x.values[i].value));
    for (uint32_t i = 0; i < x.bin_count; i++)
        buf_printf(out, "%" PRId64 " %" PRIu64 "\n", x.bins[i].start, x.bins[i].count);
    buf_printf(out,
               "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
               " %" PRIu64 " %" PRIu64 " %d\n",
               x.blocks, x.opened, x.records, x.bytes, x.matches, x.undecoded, x.gaps, x.redacted,
               x.without, x.limited);
    search_result_done(&x);
}

/* One thread and several: the same to the byte. */
static void test_workers(struct journal *j)
{
    static const char *const queries[] = {"",
                                          "needle",
                                          "hay",
                                          "EventID:4607 OR EventID:4609",
                                          "IpAddress:192.0.2.3",
                                          "nothing-like-it"};
    struct search_request ways[] = {all, all, all, all, all, all, all};
    struct buf one = BUF_INIT(1 << 24), many = BUF_INIT(1 << 24);

    ways[1].limit = 77;
    ways[2].count_by = SLICE("EventID");
    ways[3].step = TIME_MINUTE / 4;
    ways[4].mask = 99;
    ways[5].rules = ways[6].rules = load_rule();
    ways[6].limit = 7;
    for (size_t w = 0; w < CANH_LEN(ways); w++)
        for (size_t i = 0; i < CANH_LEN(queries); i++) {
            buf_clear(&one);
            write_all(j, &ways[w], queries[i], 1, &one);
            for (unsigned n = 2; n <= 4; n++) {
                buf_clear(&many);
                write_all(j, &ways[w], queries[i], n, &many);
                ok(one.len > 20 && slice_eq(buf_slice(&one), buf_slice(&many)),
                   "%u threads find what one does: %s (%zu)", n, queries[i], w);
            }
        }
    ways[5].rules = generation_unref(ways[5].rules);
    buf_done(&one);
    buf_done(&many);
}

/* A piece that takes a while, the first given longest. */
struct slow {
    useconds_t lasts;
    atomic_bool begun, runs;
    atomic_uint *early; /* pieces that ended while they were tried */
};

static int slow_each(struct search_piece *piece, search_record_fn *fn, void *ctx, struct err *err)
{
    struct slow *x = piece->u;

    (void)fn;
    (void)ctx;
    (void)err;
    atomic_store(&x->runs, true);
    atomic_store(&x->begun, true);
    (void)usleep(x->lasts);
    atomic_store(&x->runs, false);
    return 0;
}

static void slow_done(void *u)
{
    struct slow *x = u;

    if (atomic_load(&x->runs))
        atomic_fetch_add(x->early, 1);
}

/* A search that is given up: no piece ends while a thread is at it. */
static void test_given_up(void)
{
    enum { ROUNDS = 40, PIECES = 4 };
    atomic_uint early = 0;

    for (int round = 0; round < ROUNDS; round++) {
        struct search_request q = all;
        struct search_result x;
        struct search_crew *crew;
        struct slow slow[PIECES];
        struct err err = ERR_INIT;
        int r;

        search_result_init(&x);
        r = search_crew_new(&q, PIECES, &x, &crew, &err);
        for (useconds_t i = 0; i < PIECES; i++)
            slow[i] = (struct slow){.lasts = (PIECES - i) * 500, .early = &early};
        for (int i = 0; r == 0 && i < PIECES; i++)
            r = search_crew_push(
                crew, &(struct search_piece){.each = slow_each, .done = slow_done, .u = &slow[i]},
                &err);
        while (r == 0 && !atomic_load(&slow[0].begun))
            (void)usleep(50);
        if (r < 0)
            ok(false, "a crew: %s", err_words(&err));
        crew = search_crew_free(crew);
        search_result_done(&x);
    }
    is_int(atomic_load(&early), 0, "no piece ends while a thread is at it");
}

/* An element without content is null and empty in what a node keeps of an EVTX record; in JSON that
 * came as such it is what stands there. */
static void test_elements(void)
{
    static const char text[] = "{\"Event\":{\"System\":{\"EventID\":8},\"EventData\":"
                               "{\"StartModule\":null,\"StartFunction\":\"\"}}}";
    struct record_decoder d;
    struct keys *keys = keys_new();
    uint32_t module = keys_intern(keys, SLICE("StartModule"));
    uint32_t function = keys_intern(keys, SLICE("StartFunction"));
    struct journal_record x = {.received = NOW, .raw = slice_str(text)};

    record_decoder_init(&d, keys, JOURNAL_RAW_MAX);
    for (int kept = 0; kept < 2; kept++) {
        const struct event *e;

        x.flags = kept ? JOURNAL_CANONICAL : 0;
        e = record_decode(&d, record_format(x.raw), &x);
        ok(e && event_get(e, module)->type == (kept ? VALUE_EMPTY : VALUE_NULL) &&
               event_get(e, function)->type == (kept ? VALUE_EMPTY : VALUE_STRING),
           "%s: null and empty", kept ? "kept of an EVTX file" : "JSON");
    }
    record_decoder_done(&d);
    keys = keys_free(keys);
}

int main(void)
{
    struct journal *j;

    if (mkdtemp(folder) == NULL)
        return 1;
    journal_key_make(&key);
    test_elements();
    j = make();
    if (j) {
        test_pruning(j);
        test_scope(j);
        test_counts(j);
        test_ends(j);
        test_rule(j);
        ok(unpruned <= UNPRUNED_MAX, "%u searches of 7 open more than a few blocks", unpruned);
        test_workers(j);
        test_given_up();
    }
    j = journal_close(j);
    (void)file_remove_tree(folder, NULL);
    return tap_done();
}
