/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Announced work: when it goes on, what becomes of alerts and outages meanwhile and afterwards. */
#include "alert/alert.h"
#include "alert/call.h"
#include "alert/maintain.h"
#include "data/data.h"

#include "../state/world.h"

static struct world w;
static struct err err;
static struct ladder ladder;
static struct state_asset mail;
static struct state_check check;

static void test_times(void)
{
    /* Sunday 22 November 2026, 22:00 to 01:00 in Vietnam, each week; T0 is that day 07:00 there. */
    int64_t start = T0 + 15 * TIME_HOUR;
    struct state_maintenance x = {.start = start,
                                  .stop = start + 3 * TIME_HOUR,
                                  .until = start + 3 * TIME_HOUR};

    ok(!maintenance_covers(&x, start - 1) && maintenance_covers(&x, start), "it begins");
    ok(maintenance_covers(&x, x.stop - 1) && !maintenance_covers(&x, x.stop), "and ends");
    x.repeat = SLICE("FREQ=WEEKLY;BYDAY=SU");
    x.until = start + 30 * TIME_DAY;
    ok(maintenance_covers(&x, start + 7 * TIME_DAY + 2 * TIME_HOUR), "a week later, past midnight");
    ok(!maintenance_covers(&x, start + TIME_DAY), "not the day after");
    ok(!maintenance_covers(&x, start + 35 * TIME_DAY), "nothing after its end");
    x.repeat = SLICE("FREQ=HOURLY");
    ok(!maintenance_covers(&x, start + 1), "a rule that cannot be read covers nothing");
}

static bool fold_one(uint8_t number, const char *host, bool history)
{
    struct alert_record x = {.id = {number},
                             .rule = SLICE("r"),
                             .title = SLICE("Thử"),
                             .level = 5,
                             .host = slice_str(host),
                             .about = slice_str(host),
                             .time = w.now,
                             .start = w.now,
                             .history = history};

    return must(alert_fold(w.s, &x, STATE_ID_NONE, w.commune_a, &ladder, &err), &err, "fold");
}

static bool fold(uint8_t number, const char *host)
{
    return fold_one(number, host, false);
}

static struct state_alert alert_row(uint8_t number)
{
    struct state_alert row = {.count = 0};
    char code[2 * ALERT_ID_BYTES + 1];

    (void)snprintf(code, sizeof(code), "%02x%030x", number, 0u);
    must(alert_get(w.s, &w.local, slice_str(code), &w.arena, &row, &err), &err, code);
    return row;
}

static bool is_called(uint8_t number)
{
    struct state_alert row = alert_row(number);
    struct state_call call;

    return call_of(w.s, &w.local, row.id, &w.arena, &call, NULL) == 0;
}

static struct state_maintenance announce(struct slice asset, int64_t lasts)
{
    struct maintenance_add_request req = {.unit = w.commune_a,
                                          .asset = asset,
                                          .reason = SLICE("cập nhật"),
                                          .start = w.now,
                                          .stop = w.now + lasts};
    struct state_maintenance ret = {.start = 0};

    must(maintenance_add(w.s, &w.local, &req, &w.arena, &ret, &err), &err, "announced");
    return ret;
}

static void test_alerts(void)
{
    struct state_maintenance m = announce(mail.code, TIME_HOUR), ended;

    ok(fold(1, "MAIL") && !id_is_none(alert_row(1).maintenance) && !is_called(1),
       "an alert of the host that is worked on is planned, and calls nobody");
    ok(fold(2, "other") && id_is_none(alert_row(2).maintenance) && is_called(2),
       "one of another host is not");
    w.now += 2 * TIME_HOUR;
    ok(fold(1, "MAIL") && alert_row(1).count == 2 && !is_called(1),
       "what goes on afterwards under the same alert brings no burst");
    ok(fold(3, "MAIL") && is_called(3), "the next alert calls");
    m = announce(SLICE_NULL, TIME_HOUR);
    ok(fold(4, "other") && !is_called(4), "work on the whole unit covers every host");
    must(maintenance_end(w.s, &w.local, w.commune_a, m.code, &w.arena, &ended, &err), &err, "end");
    ok(fold(5, "other") && is_called(5), "it can be ended early");
}

/* The same alert was read from an old log in the same hour. */
static void test_history(void)
{
    ok(fold_one(6, "other", true) && alert_row(6).history && !is_called(6), "history calls nobody");
    ok(fold_one(6, "other", true) && alert_row(6).history, "nor does more of it");
    ok(fold(6, "other") && !alert_row(6).history && is_called(6),
       "what happens again now is live, and calls");
    ok(fold_one(6, "other", true) && !alert_row(6).history, "and stays so");
}

static void test_requests(void)
{
    struct maintenance_add_request req = {.unit = w.commune_a,
                                          .reason = SLICE("x"),
                                          .start = w.now - 2 * TIME_HOUR,
                                          .stop = w.now - TIME_HOUR};
    struct state_maintenance row;

    is_int(maintenance_add(w.s, &w.local, &req, &w.arena, &row, &err), -CE_RANGE, "not backwards");
    req.stop = w.now + 40 * TIME_DAY;
    is_int(maintenance_add(w.s, &w.local, &req, &w.arena, &row, &err), -CE_RANGE, "not for long");
    req.stop = w.now + TIME_HOUR;
    req.reason = SLICE_NULL;
    is_int(maintenance_add(w.s, &w.local, &req, &w.arena, &row, &err), -CE_MISSING,
           "with a reason");
    req.reason = SLICE("x");
    req.repeat = SLICE("FREQ=NEVER");
    ok(maintenance_add(w.s, &w.local, &req, &w.arena, &row, &err) < 0, "a rule that is one");
}

struct seen_outage {
    struct state_outage v[4];
    size_t n;
};

static int see(void *u, const struct state_outage *x)
{
    struct seen_outage *s = u;

    s->v[s->n++ % CANH_LEN(s->v)] = *x;
    return 0;
}

static struct seen_outage outages(void)
{
    struct state_query q = {.ref = check.id};
    struct seen_outage s = {.n = 0};

    must(state_outage_each(w.s, &w.local, &q, see, &s, &err), &err, "outages");
    return s;
}

static void mark(void)
{
    must(state_begin(w.s, &err), &err, "begin");
    must(maintenance_mark_outage(w.s, &check, w.now, &err), &err, "mark");
    must(state_commit(w.s, &err), &err, "commit");
}

static void test_outage(void)
{
    struct state_actor sys = state_actor_system();
    struct state_outage row = {.unit = w.commune_a,
                               .check = check.id,
                               .asset = mail.id,
                               .stop = STATE_FOREVER};
    struct seen_outage s;

    (void)announce(mail.code, TIME_HOUR);
    row.start = w.now += TIME_MINUTE;
    must(state_outage_put(w.s, &sys, &row, &err), &err, "outage");
    mark();
    s = outages();
    ok(s.n == 1 && s.v[0].planned, "an outage while work goes on is planned");
    w.now += 2 * TIME_HOUR;
    mark();
    s = outages();
    ok(s.n == 2 && s.v[0].planned && s.v[0].stop == w.now && !s.v[1].planned &&
           s.v[1].start == w.now && s.v[1].stop == STATE_FOREVER,
       "what goes on after its end is an outage of its own, not planned");
    mark();
    ok(outages().n == 2, "once");
    w.now += TIME_MINUTE;
    (void)announce(mail.code, TIME_HOUR);
    w.now += TIME_MINUTE;
    mark();
    ok(!outages().v[1].planned, "one that was there before the work began stays what it is");
}

int main(void)
{
    const struct data_file *f = data_find(data_folder("plans"), SLICE("ladder.yaml"));

    world_open(&w);
    must(ladder_parse(data_bytes(f), &ladder, &err), &err, "ladder");
    mail = (struct state_asset){.unit = w.commune_a,
                                .code = SLICE("MAIL"),
                                .name = SLICE("Thư"),
                                .kind = SLICE("server"),
                                .valid_from = T0 - TIME_DAY};
    must(state_asset_put(w.s, &w.local, &mail, &err), &err, "asset");
    check = (struct state_check){.unit = w.commune_a,
                                 .asset = mail.id,
                                 .code = SLICE("K1"),
                                 .kind = SLICE("tcp"),
                                 .target = SLICE("127.0.0.1:25"),
                                 .every = TIME_MINUTE,
                                 .timeout = TIME_SECOND,
                                 .valid_from = T0 - TIME_DAY,
                                 .enabled = true};
    must(state_check_put(w.s, &w.local, &check, &err), &err, "check");
    test_times();
    test_alerts();
    test_history();
    test_requests();
    test_outage();
    world_close(&w);
    return tap_done();
}
