/* SPDX-License-Identifier: Apache-2.0 */
/* Which alerts a suppression covers, by rule, entity and field. The form of the file that they come
 * from is test_suppress.c's. */
#include "detect/suppress.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/time.h"
#include "detect/detector.h"
#include "tap.h"

#define ROW(id, body)      "- id: " id "\n  owner: an\n  reason: known\n  until: 2026-03-01\n" body "\n"
#define PATTERN(id, value) ROW(id, "  field: CommandLine\n  value: '" value "'")

/* "yes" and "no" rows: of the event below, or of the correlation's group. */
static const char text[] = ROW("yes first field", "  field: Channel\n  value: Security") ROW(
    "yes id", "  rule: 00000000-0000-4000-8000-000000000001") ROW("yes title",
                                                                  "  rule: Run of a program")
    ROW("yes name", "  rule: run_of") ROW("no prefix of the title", "  rule: Run of a") ROW(
        "no other rule", "  rule: Another") ROW("yes host", "  entity: pc-1")
        ROW("yes host, other case", "  entity: PC-1") ROW("yes user", "  entity: 'CORP\\an'") ROW(
            "yes any host of a kind",
            "  entity: 'pc-*'") ROW("no other host", "  entity: pc-11") ROW("no part of a host",
                                                                            "  entity: pc")
            PATTERN("yes whole", "abcabd") PATTERN("yes other case", "ABCabD") PATTERN(
                "yes anything",
                "*") PATTERN("yes anything twice",
                             "**") PATTERN("yes beginning",
                                           "abc*") PATTERN("yes beginning and all",
                                                           "abcabd*") PATTERN("yes end", "*abd")
                PATTERN("yes middle", "*ca*") PATTERN("yes two pieces", "a*b*d") PATTERN(
                    "yes the second place fits",
                    "*abd*") PATTERN("no piece in wrong order",
                                     "*d*a") PATTERN("no beginning", "abca")
                    PATTERN("no end", "bcabd") PATTERN(
                        "no longer than the text",
                        "abcabde") PATTERN("no other end",
                                           "ab*c") PATTERN("no piece more",
                                                           "abcabd*d") ROW("yes second value",
                                                                           "  field: Twice\n  "
                                                                           "value: two")
                        ROW("no value of another field", "  field: Twice\n  value: abcabd") ROW(
                            "no such field",
                            "  field: Absent\n  value: '*'") ROW("no text",
                                                                 "  field: Nothing\n  value: '*'")
                            ROW("yes an empty text", "  field: Empty\n  value: '*'") ROW(
                                "yes all three",
                                "  rule: run_of\n  entity: pc-1\n  field: "
                                "CommandLine\n  value: '*'") ROW("no, but rule",
                                                                 "  rule: x\n  entity: pc-1\n  "
                                                                 "field: "
                                                                 "CommandLine\n  value: '*'")
                                ROW("no, but entity", "  rule: run_of\n  entity: x\n  field: "
                                                      "CommandLine\n  value: '*'")
                                    ROW("no, but field",
                                        "  rule: run_of\n  entity: pc-1\n  field: CommandLine\n  "
                                        "value: 'x'") "- {id: no longer, owner: an, reason: old, "
                                                      "until: 2026-02-28, rule: run_of}\n";

static const char group_text[] = ROW("yes title", "  rule: Many") ROW("no rule",
                                                                      "  rule: Run of a program")
    ROW("yes first of the group", "  entity: pc-1") ROW("yes second of the group", "  entity: 'a*'")
        ROW("no entity", "  entity: b") ROW("yes field of the group", "  field: User\n  value: an")
            ROW("no value of the other field",
                "  field: Computer\n  value: an") ROW("no field that the group has not",
                                                      "  field: Other\n  value: '*'")
                ROW("yes both", "  entity: pc-1\n  field: User\n  value: an")
                    ROW("no, but entity", "  entity: x\n  field: User\n  value: an") ROW(
                        "no, but field",
                        "  entity: pc-1\n  field: User\n  value: x") "- {id: no longer, owner: an, "
                                                                     "reason: old, until: "
                                                                     "2026-02-28, rule: Many}\n";

static const char rule[] =
    "title: Run of a program\nid: 00000000-0000-4000-8000-000000000001\nname: run_of\n"
    "logsource: {product: windows, service: security}\n"
    "detection: {a: {EventID: 4624}, condition: a}\n"
    "---\ntitle: Many\ncorrelation: {type: event_count, rules: [run_of], group-by: [Computer, "
    "User], timespan: 1m, condition: {gte: 2}, generate: true}\n";

static const char event[] =
    "{\"Channel\":\"Security\",\"EventID\":4624,\"Computer\":\"pc-1\",\"TargetUserName\":\"an\","
    "\"TargetDomainName\":\"CORP\",\"LogonType\":2,\"CommandLine\":\"abcabd\",\"Twice\":[\"one\","
    "\"two\"],\"Nothing\":null,\"Empty\":\"\"}";

static struct arena arena = ARENA_INIT(1 << 20);
static struct generation *g;
static struct suppressions rows, group_rows;
static unsigned alerts;

static bool wanted(const struct suppressions *s, uint32_t i)
{
    return slice_starts(s->items[i].id, SLICE("yes"));
}

static void look(void *ctx, const struct detect_record *record, const struct alert *alert)
{
    const struct suppressions *all = &g->suppressions;
    struct buf scratch = BUF_INIT(1000);
    const struct suppressions no = {0}, behind = {.items = all->items + 4, .count = 3};

    (void)ctx;
    (void)record;
    alerts++;
    for (uint32_t i = 0; i < all->count; i++) {
        struct suppressions one = {.items = &all->items[i], .count = 1};

        is_int(suppressions_find(&one, alert, &scratch) == 0, wanted(all, i), SLICE_FMT,
               SLICE_ARG(all->items[i].id));
    }
    is_int(suppressions_find(all, alert, &scratch), 0, "the first of several");
    is_int(suppressions_find(&behind, alert, &scratch), 2, "the first that covers it");
    is_int(suppressions_find(&no, alert, &scratch), SUPPRESSION_NONE, "none of none");
    buf_done(&scratch);
}

static void test_alert(void)
{
    static const struct detect_sink sink = {.alert = look};
    struct origin origin = {.path = "a.json", .received = TIME_NONE};
    struct detector *d = detector_new(g);
    uint8_t *p = calloc(1, sizeof(event) + DECODE_PADDING);
    struct detect_record record = {.format = format_by_name(SLICE("json")),
                                   .bytes = slice_of(p, sizeof(event) - 1),
                                   .origin = &origin,
                                   .line = 1};

    if (p == NULL || d == NULL)
        abort();
    memcpy(p, event, sizeof(event) - 1);
    is_int(detector_run(d, &record, 1, &sink, NULL), 0, "run");
    is_int(alerts, 1, "one alert");
    free(p);
    d = detector_free(d);
}

static void test_correlation(void)
{
    static const struct slice group[] = {SLICE_INIT("pc-1"), SLICE_INIT("an")};
    struct correlation_alert alert = {.generation = g, .group = group};

    for (uint32_t i = 0; i < group_rows.count; i++) {
        struct suppressions one = {.items = &group_rows.items[i], .count = 1};

        is_int(suppressions_find_correlation(&one, &alert) == 0, wanted(&group_rows, i),
               "correlation: " SLICE_FMT, SLICE_ARG(group_rows.items[i].id));
    }
    is_int(suppressions_find_correlation(&group_rows, &alert), 0, "the first of several");
    alert.incomplete = true;
    is_int(suppressions_find_correlation(&group_rows, &alert), SUPPRESSION_NONE,
           "what is not exact is never quiet");
}

static bool load(void)
{
    char path[] = "/tmp/canh-test-XXXXXX";
    int fd = mkstemp(path);
    const char *name = path;
    const int64_t today = days_from_date(2026, 3, 1);
    struct generation_options options = {.rules = {&name, 1}, .suppressions = &rows};
    struct err err = ERR_INIT;
    bool fine = fd >= 0 && write(fd, rule, sizeof(rule) - 1) == (ssize_t)sizeof(rule) - 1 &&
                suppressions_read(slice_str(text), today, &arena, &rows, &err) == 0 &&
                suppressions_read(slice_str(group_text), today, &arena, &group_rows, &err) == 0 &&
                generation_load(&options, &g, &err) == 0;

    (void)close(fd);
    (void)unlink(path);
    return fine && g->counts.rules == 1;
}

int main(void)
{
    if (ok(load(), "a generation of a rule and a correlation")) {
        test_alert();
        test_correlation();
    }
    g = generation_unref(g);
    arena_done(&arena);
    return tap_done();
}
