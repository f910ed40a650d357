/* SPDX-License-Identifier: Apache-2.0 */
/* A scan says the same in the same order, however its input is cut into blocks and by however many
 * threads. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/time.h"
#include "detect/scan.h"
#include "tap.h"

static const char rules[] =
    "title: Logon\nid: 00000000-0000-4000-8000-000000000001\nname: logon\n"
    "logsource: {product: windows, service: security}\n"
    "detection: {a: {EventID: 4624, LogonType: 3}, condition: a}\n"
    "---\ntitle: Program\nid: 00000000-0000-4000-8000-000000000002\n"
    "logsource: {product: windows, category: process_creation}\n"
    "detection: {a: {CommandLine|contains: whoami}, condition: a}\n"
    "---\ntitle: Any\nid: 00000000-0000-4000-8000-000000000003\n"
    "logsource: {product: windows}\n"
    "detection: {a: [needle], condition: a}\n"
    "---\ntitle: Many\ncorrelation: {type: event_count, rules: [logon], group-by: [Computer], "
    "timespan: 1m, condition: {gte: 3}, generate: true}\n";

enum { LINES = 3000, IN_A_LINE = 2500, FIELDS = 1100, SAID_MAX = 16 * 1024 * 1024 };

/* Bytes of a block: one record, some seven, many, the usual. */
static const uint32_t blocks[] = {1, 7 * 150, 64 * 1024, 0};

static struct generation *g;
static char log_path[] = "/tmp/canh-test-XXXXXX";
static struct cancel cancel;

static uint32_t random_below(uint32_t n)
{
    static uint64_t state = 1;

    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % n;
}

static void put_event(struct buf *b, unsigned i)
{
    static const struct {
        const char *channel;
        unsigned id;
        const char *data;
    } kinds[] = {
        {"Security", 4624, "\"LogonType\":3"},
        {"Security", 4624, "\"LogonType\":2"},
        {"Security", 4634, "\"LogonType\":3"},
        {"Security", 4688,
         "\"NewProcessName\":\"C:\\\\a\\\\b.exe\",\"CommandLine\":\"WhoAmI /all\""},
        {"Security", 4688,
         "\"NewProcessName\":\"C:\\\\a\\\\b.exe\",\"CommandLine\":\"d\xE1\xBB\xAF\""},
        {"System", 7036, "\"param1\":\"x\",\"param2\":\"needle\""},
        {"System", 7036, "\"param1\":\"x\",\"param2\":\"\xE2\x84\xAA\""},
        {"Application", 1, "\"Message\":\"some text of no use to anybody\""},
    };
    unsigned kind = random_below(CANH_LEN(kinds));

    buf_printf(b,
               "{\"Event\":{\"System\":{\"EventID\":%u,\"Channel\":\"%s\",\"Computer\":\"pc-%u\","
               "\"EventRecordID\":%u,\"TimeCreated\":{\"#attributes\":{\"SystemTime\":"
               "\"2026-01-02T03:%02u:%02u.%03uZ\"}}},\"EventData\":{%s}}}",
               kinds[kind].id, kinds[kind].channel, random_below(3), i, i / 600 % 60, i / 10 % 60,
               i % 10 * 100, kinds[kind].data);
}

/* A record with more fields than an event has: a gap, and the alert that tells it. */
static void put_many_fields(struct buf *b)
{
    buf_puts(b,
             "{\"Event\":{\"System\":{\"EventID\":4624,\"Channel\":\"Security\"},\"EventData\":{");
    for (unsigned i = 0; i < FIELDS; i++)
        buf_printf(b, "\"f%u\":1,", i);
    buf_puts(b, "\"LogonType\":3}}}");
}

/* odd: with lines that are no document at all. */
static bool write_log(bool odd)
{
    struct buf b = BUF_INIT(SAID_MAX);
    FILE *f = fopen(log_path, "w");
    bool fine;

    for (unsigned i = 0; i < LINES; i++) {
        put_event(&b, i);
        /* several in a line, once more of them than a block keeps the alerts of */
        for (unsigned more = i == LINES / 2 ? IN_A_LINE : i % 97 == 0; more > 0; more--)
            put_event(&b, LINES + i + more);
        buf_puts(&b, i % 31 == 0 ? " \r\n\n" : "\n");
        if (i % 800 == 40)
            buf_puts(&b, "{\"Event\": nothing}\n");
        if (i % 800 == 41)
            put_many_fields(&b);
        if (odd && i % 900 == 500)
            buf_puts(&b, "<13>Jan  2 03:04:05 host program[1]: a line of another log, needle\n");
        if (odd && i % 900 == 600)
            buf_puts(&b, "{\"Event\":{\"System\":{\"EventID\":1,\"Channel\":\"\xFF\"}}}\n");
    }
    fine = f != NULL && b.err == 0 && fwrite(b.p, 1, b.len, f) == b.len;
    fine = f != NULL && fclose(f) == 0 && fine;
    buf_done(&b);
    return fine;
}

static bool take_alerts(void *ctx, struct slice lines)
{
    buf_append_slice(ctx, lines);
    return true;
}

static void take_note(void *ctx, struct scan_file *file, const struct scan_note *note)
{
    (void)file;
    buf_printf(ctx, "note %d gaps %u at %lu line %lu column %u\n", (int)note->trouble, note->gaps,
               (unsigned long)note->offset, (unsigned long)note->line, note->err.col);
}

static void take_match(void *ctx, const struct scan_file *file, uint32_t rule)
{
    (void)file;
    buf_printf(ctx, "match %u\n", rule);
}

/* What a scan says: alerts, notes and matches each in their order, and what is counted. */
static struct buf say(unsigned threads, uint32_t block, const struct scan_sink *sink)
{
    const char *path = log_path;
    struct buf out = BUF_INIT(SAID_MAX);
    struct scan_request request = {.generation = g,
                                   .inputs = {&path, 1},
                                   .threads = threads,
                                   .format = SCAN_JSON,
                                   .block = block,
                                   .cancel = &cancel,
                                   .sink = sink,
                                   .ctx = &out};
    struct scan_result r;
    struct err err = ERR_INIT;

    is_int(scan_run(&request, &r, &err), 0, "scan");
    buf_printf(&out, "%lu events, %lu matches, %lu unrouted, %lu lost, %lu bad, %lu gaps\n",
               (unsigned long)r.events, (unsigned long)r.tally.alerts, (unsigned long)r.unrouted,
               (unsigned long)r.fields_lost, (unsigned long)r.troubles[TROUBLE_BAD_RECORD],
               (unsigned long)r.troubles[TROUBLE_NOT_EXAMINED]);
    ok(r.tally.alerts > 100 && r.correlation.alerts > 0 && r.troubles[TROUBLE_BAD_RECORD] > 2 &&
           r.troubles[TROUBLE_NOT_EXAMINED] > 2,
       "all kinds of things to say");
    scan_result_done(&r);
    ok(out.err == 0, "kept");
    return out;
}

static void compare(const char *what, const struct scan_sink *sink)
{
    struct buf want = say(1, 1, sink);

    for (unsigned threads = 1; threads <= 3; threads++) {
        for (size_t i = 0; i < CANH_LEN(blocks); i++) {
            struct buf got = say(threads, blocks[i], sink);

            ok(slice_eq(buf_slice(&got), buf_slice(&want)), "%s: %u threads, blocks of %u", what,
               threads, blocks[i]);
            buf_done(&got);
        }
    }
    buf_done(&want);
}

/* Each alone: between them the order is that of blocks. */
static void compare_all(bool odd)
{
    static const struct scan_sink alerts = {.alerts = take_alerts}, notes = {.note = take_note},
                                  matches = {.match = take_match};

    ok(write_log(odd), odd ? "a log with other lines" : "a log of documents");
    compare("alerts", &alerts);
    compare("notes", &notes);
    compare("matches", &matches);
}

static bool load(void)
{
    char path[] = "/tmp/canh-test-XXXXXX";
    int fd = mkstemp(path);
    const char *name = path;
    struct generation_options options = {.rules = {&name, 1}};
    struct err err = ERR_INIT;
    bool fine = fd >= 0 && write(fd, rules, sizeof(rules) - 1) == (ssize_t)sizeof(rules) - 1 &&
                generation_load(&options, &g, &err) == 0;

    (void)close(fd);
    (void)unlink(path);
    return fine && g->counts.rules == 3;
}

int main(void)
{
    int fd = mkstemp(log_path);

    (void)close(fd);
    if (ok(load() && cancel_init(&cancel) == 0, "three rules and a correlation")) {
        compare_all(false);
        compare_all(true);
        cancel_done(&cancel);
    }
    (void)unlink(log_path);
    g = generation_unref(g);
    return tap_done();
}
