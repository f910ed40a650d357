/* SPDX-License-Identifier: Apache-2.0 */
/* Results of a check, minute by minute: outages, shares, what is due. */
#define _GNU_SOURCE
#include "record/probe.h"

#include "../state/world.h"
#include "base/time.h"

static struct world w;
static struct record rec;
static struct state_check check;
static int64_t start;

/* Saves a result at a minute of the test. */
static struct record_probe_change at_minute(int minute, enum check_outcome o, const char *station)
{
    struct record_probe_change change;
    struct check_result r = {.outcome = o, .text = BUF_INIT(CHECK_TEXT_MAX), .value = 1};
    struct err err = ERR_INIT;

    w.now = start + minute * TIME_MINUTE;
    buf_puts(&r.text, "seen");
    must(record_probe_save(&rec, &check, &r, slice_str(station), &change, &err), &err, "save");
    check_result_done(&r);
    return change;
}

static struct record_probe_state look(int from, int minute)
{
    struct record_probe_state s;
    struct err err = ERR_INIT;

    must(record_probe_examine(&rec, &check, start + from * TIME_MINUTE,
                              start + minute * TIME_MINUTE, &s, &err),
         &err, "look");
    return s;
}

static bool due(int minute, const char *station)
{
    struct err err = ERR_INIT;
    bool is = false;

    must(record_probe_due(&rec, &check, slice_str(station), start + minute * TIME_MINUTE, &is,
                          &err),
         &err, "due");
    return is;
}

static size_t outages(struct state_outage *last)
{
    struct state_query q = {.ref = check.id};
    struct state_outage *rows;
    struct err err = ERR_INIT;
    size_t n = 0;

    must(state_outage_list(w.s, &rec.actor, &q, &w.arena, &rows, &n, &err), &err, "outages");
    if (n > 0)
        *last = rows[n - 1];
    return n;
}

static void test_outage(void)
{
    struct state_outage o = {.start = 0};

    ok(!at_minute(0, CHECK_OK, "a").began, "up");
    ok(!at_minute(5, CHECK_CRITICAL, "a").began, "one bad result is none");
    ok(!at_minute(10, CHECK_NO_ANSWER, "a").began, "one that could not run says nothing");
    ok(at_minute(15, CHECK_CRITICAL, "a").began, "the second bad one makes it an outage");
    is_int((int64_t)outages(&o), 1, "one");
    is_int((o.start - start) / TIME_MINUTE, 5, "since the first of them");
    is_slice(o.seen_from, SLICE("a"), "seen from one station");
    ok(!at_minute(16, CHECK_CRITICAL, "b").began, "the same from another");
    (void)outages(&o);
    is_slice(o.seen_from, SLICE("a b"), "seen from two");
    ok(!at_minute(20, CHECK_NO_ANSWER, "a").ended, "no answer does not end it");
    ok(at_minute(25, CHECK_WARNING, "a").ended, "a warning is up: it ends");
    is_int((int64_t)outages(&o), 1, "still one");
    is_int((o.stop - start) / TIME_MINUTE, 25, "until then");
    ok(!at_minute(30, CHECK_CRITICAL, "a").began && !at_minute(35, CHECK_OK, "a").ended,
       "a single bad one in between is none");
    ok(!at_minute(40, CHECK_CRITICAL, "a").began, "and does not count with the next");
    ok(at_minute(45, CHECK_CRITICAL, "a").began, "unless two are in a row");
    is_int((int64_t)outages(&o), 2, "another");
    is_int(o.stop == STATE_FOREVER, 1, "still out");
}

static void test_look(void)
{
    struct record_probe_state s = look(0, 45);

    ok(s.known && !s.silent && s.outcome == CHECK_CRITICAL, "down now");
    is_slice(s.seen_from, SLICE("a"), "seen from");
    is_int((int64_t)((s.share.up + s.share.down + s.share.unknown) / TIME_MINUTE), 45,
           "the whole time");
    is_int((int64_t)(s.share.up / TIME_MINUTE), 5 + 5 + 5, "up for 15 minutes");
    is_int((int64_t)(s.share.unknown / TIME_MINUTE), 5 + 5, "unknown while it could not run");
    s = look(45, 45 + 24 * 60);
    ok(s.known && s.silent, "a day later it is silent");
    ok(s.share.unknown > 23 * TIME_HOUR && s.share.up == 0, "and its time unknown");
    s = look(45 + 48 * 60, 45 + 72 * 60);
    ok(s.known && s.silent && s.share.unknown == 24 * TIME_HOUR, "also long after");
}

static void test_due(void)
{
    ok(!due(46, "a"), "just run");
    ok(!due(49, "a"), "not yet");
    ok(due(50, "a"), "after its interval");
    ok(due(46, "c"), "another station has not run it yet");
    ok(due(50, "b"), "or long ago");
}

int main(void)
{
    struct state_actor local = state_actor_local();
    struct err err = ERR_INIT;

    world_open(&w);
    w.arena.max = (size_t)1 << 30;
    start = w.now;
    rec = (struct record){.s = w.s, .actor = local, .arena = &w.arena, .zone = 7 * 3600};
    check = (struct state_check){.unit = w.centre,
                                 .code = SLICE("P1"),
                                 .kind = SLICE("tcp"),
                                 .target = SLICE("127.0.0.1:1"),
                                 .every = 5 * TIME_MINUTE,
                                 .timeout = 10 * TIME_SECOND,
                                 .enabled = true};
    must(state_check_put(w.s, &local, &check, &err), &err, "check");
    ok(!look(0, 10).known && due(0, "a"), "never run: unknown, and due");
    ok(record_probe_is_on(&check, start + 1), "in force");
    test_outage();
    test_look();
    test_due();
    world_close(&w);
    return tap_done();
}
