/* SPDX-License-Identifier: Apache-2.0 */
/* Records one by one, as a live node has them, and what identifies their alerts. */
#include "detect/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/time.h"
#include "tap.h"

static struct generation *g;
static struct buf lines = {.max = 1 << 20};
static unsigned faults;

static void put_alert(void *ctx, const struct detect_record *record, const struct alert *alert)
{
    (void)ctx;
    (void)record;
    alert_json(&lines, alert);
}

static void count_fault(void *ctx, const struct detect_record *record,
                        const struct decode_fault *fault)
{
    (void)ctx;
    (void)record;
    faults += fault->kind == FAULT_RECORD;
}

static bool has(const char *text)
{
    return strstr(buf_cstr(&lines), text) != NULL;
}

/* The alerts of one record. */
static void run_record(struct detector *d, const char *text, const struct origin *origin,
                       bool truncated)
{
    static const struct detect_sink sink = {.alert = put_alert, .fault = count_fault};
    size_t n = strlen(text);
    uint8_t *p = calloc(1, n + DECODE_PADDING);
    struct detect_record record = {.format = format_by_name(SLICE("json")),
                                   .bytes = slice_of(p, n),
                                   .origin = origin,
                                   .offset = 77,
                                   .line = 5,
                                   .truncated = truncated};

    memcpy(p, text, n);
    buf_clear(&lines);
    is_int(detector_run(d, &record, 1, &sink, NULL), 0, "run");
    free(p);
}

static void run(struct detector *d, const char *text, const struct origin *origin)
{
    run_record(d, text, origin, false);
}

#define LOGON                                                                                      \
    "{\"Channel\":\"Security\",\"EventID\":4624,\"TargetUserName\":\"an\","                        \
    "\"TargetDomainName\":\"CORP\",\"SubjectUserName\":\"-\",\"LogonType\":9,"                     \
    "\"Computer\":\"pc-1\",\"@timestamp\":\"2026-03-01T10:20:30Z\"}"

static void test_origin(struct detector *d)
{
    struct origin origin = {.source = SLICE("s1"),
                            .unit = SLICE("u1"),
                            .received = 1000 * TIME_HOUR,
                            .history = true};
    char first[40] = "";

    run(d, LOGON, &origin);
    ok(has("\"entity\":[\"pc-1\",\"CORP\\\\an\"]"), "host and user: %s", buf_cstr(&lines));
    ok(has("\"unit\":\"u1\",\"source\":\"s1\",\"history\":true"), "where it came from");
    ok(has("\"log\":{\"offset\":77}"), "no file");
    (void)snprintf(first, sizeof(first), "%.32s", strstr(buf_cstr(&lines), "alert_id\":\"") + 11);
    origin.received += TIME_HOUR - 1;
    run(d, LOGON, &origin);
    ok(has(first), "the same alert within the hour");
    origin.received++;
    run(d, LOGON, &origin);
    ok(!has(first), "another one in the next");
    origin.received -= 1;
    origin.fold = TIME_MINUTE;
    run(d, LOGON, &origin);
    ok(!has(first), "unless the window is shorter");
}

static void test_entity(struct detector *d)
{
    struct origin origin = {.path = "a.json", .received = TIME_NONE};

    run(d, "{\"Channel\":\"Security\",\"EventID\":4625,\"LogonType\":9,\"TargetUserName\":\"-\"}",
        &origin);
    ok(has("\"entity\":[\"a.json\"]"), "neither host nor user: %s", buf_cstr(&lines));
    ok(!has("\"first\""), "no time");
    run(d,
        "{\"Channel\":\"Security\",\"EventID\":4688,\"LogonType\":9,\"SubjectUserName\":\"an\","
        "\"TargetUserName\":\"ba\"}",
        &origin);
    ok(has("\"entity\":[\"a.json\",\"an\"]"), "the subject acts on the target");
    run(d, "{\n \"Channel\": \"Security\",\n \"EventID\": 4624, \"LogonType\":\n9}", &origin);
    ok(has("\"code\":\"4624\""), "a record over several lines");
}

static unsigned count(const char *text)
{
    unsigned n = 0;

    for (const char *at = buf_cstr(&lines); (at = strstr(at, text)) != NULL; at++)
        n++;
    return n;
}

/* Alerts of rules, then what was not examined, of a record that may have been cut. */
static void check_cut(struct detector *d, const char *text, bool truncated, unsigned alerts,
                      const char *why)
{
    static const struct origin origin = {.path = "a.json", .received = TIME_NONE};
    char want[60];

    (void)snprintf(want, sizeof(want), "\"why\":\"%s\"", why ? why : "");
    run_record(d, text, &origin, truncated);
    is_int(count("\"alert_id\""), alerts + (why != NULL), "alerts of %s", text);
    is_int(count(want), why != NULL, "what was not examined: %s", buf_cstr(&lines));
}

static void test_cut(struct detector *d)
{
    faults = 0;
    check_cut(d, "{\"Channel\":]", false, 0, NULL);
    is_int(faults, 1, "a bad record is told, and no alert");
    check_cut(d, "{\"Channel\":", false, 0, "cut");
    is_int(faults, 2, "one that ends too early is both");
    check_cut(d, "{\"Channel\":", true, 0, "size");
    is_int(faults, 2, "one that was cut is searched as text");
    check_cut(d, LOGON, true, 1, "size");
    check_cut(d, LOGON, false, 1, NULL);
}

static bool load(void)
{
    static const char rule[] = "title: New credentials\nlogsource: {product: windows, service: "
                               "security}\ndetection: {a: {LogonType: 9}, condition: a}\n";
    char path[] = "/tmp/canh-test-XXXXXX";
    int fd = mkstemp(path);
    const char *name = path;
    struct generation_options options = {.rules = {&name, 1}};
    struct err err = ERR_INIT;
    bool fine = fd >= 0 && write(fd, rule, sizeof(rule) - 1) == (ssize_t)sizeof(rule) - 1 &&
                generation_load(&options, &g, &err) == 0;

    (void)close(fd);
    (void)unlink(path);
    return fine && g->counts.rules == 1;
}

/* What becomes of one event, whether anything is found or not. */
static void traces(struct detector *d, const char *text, const char *want)
{
    struct decoder *decoder = detector_decoder(d, format_by_name(SLICE("json")));
    struct arena arena = ARENA_INIT(1 << 20);
    struct buf got = BUF_INIT(1000);
    size_t n = strlen(text);
    uint8_t *p = calloc(1, n + DECODE_PADDING);
    struct decode_block block = {.text = slice_of(p, n), .line = 1, .single = true};
    struct decode_fault fault;
    struct event e;
    struct trace trace;

    memcpy(p, text, n);
    decoder_open(decoder, &block);
    if (ok(decoder_next(decoder, &e, &fault) == 1 && detector_trace(d, &e, &arena, &trace) == 0,
           "%.60s", text)) {
        for (uint32_t i = 0; i < trace.mapping_count; i++)
            buf_printf(&got, SLICE_FMT " ", SLICE_ARG(trace.mappings[i]));
        buf_printf(&got, "%u %u", trace.rule_count, trace.matched);
        for (uint32_t i = 0; i < trace.rule_count; i++)
            buf_printf(&got, " %u%s", trace.rules[i].rule, trace.rules[i].matches ? "!" : "");
    }
    is_str(buf_cstr(&got), want, "its route and rules");
    buf_done(&got);
    arena_done(&arena);
    free(p);
}

static void test_look(struct detector *d)
{
    traces(d, LOGON, "windows-services 1 1 0!");
    traces(d, "{\"Channel\":\"Security\",\"EventID\":4625}", "windows-services 1 0 0");
    traces(d, "{\"Channel\":\"Application\",\"EventID\":4624}", "0 0");
}

int main(void)
{
    struct detector *d;

    ok(load(), "a generation of one rule");
    d = detector_new(g);
    g = generation_unref(g); /* the detector holds its own reference */
    test_origin(d);
    test_entity(d);
    test_cut(d);
    test_look(d);
    d = detector_free(d);
    buf_done(&lines);
    return tap_done();
}
