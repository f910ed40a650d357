/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Alerts folded, told newest first within the actor's sight, acknowledged. */
#include "alert/alert.h"

#include "../state/world.h"

static struct world w;
static struct err err;

static int fold(unsigned n, struct state_id unit, int64_t time)
{
    struct alert_record x = {
        .rule = SLICE("thu.yml"), .title = SLICE("Thử"), .level = 4, .time = time, .start = T0};

    x.id[0] = (uint8_t)n;
    x.id[1] = (uint8_t)(n >> 8);
    err = ERR_INIT;
    return alert_fold(w.s, &x, STATE_ID_NONE, unit, NULL, &err);
}

struct match_reasons {
    unsigned n;
    int64_t count[10], last[10];
    struct state_id id[10];
};

static int tell(void *u, const struct state_alert *x)
{
    struct match_reasons *t = u;

    t->count[t->n] = x->count;
    t->last[t->n] = x->last_seen;
    t->id[t->n++] = x->id;
    return 0;
}

static struct match_reasons queue(const struct state_actor *a, struct alert_queue *q)
{
    struct match_reasons t = {0};

    err = ERR_INIT;
    is_int(alert_queue(w.s, a, q, tell, &t, &err), 0, "the queue: %s", err_words(&err));
    return t;
}

static void folds(void)
{
    struct alert_queue q = {.kind = STATE_ALERTS_LIVE, .state = STATE_ALERT_NEW, .limit = 10};
    struct match_reasons t;

    is_int(fold(1, w.commune_a, T0 + 5), 0, "the first: %s", err_words(&err));
    is_int(fold(2, w.commune_a, T0 + 7), 0, "another");
    is_int(fold(3, w.commune_b, T0 + 8), 0, "one of another unit");
    is_int(fold(1, w.commune_a, T0 + 9), 0, "the first again");
    is_int(fold(1, w.commune_a, T0 + 3), 0, "and late");
    t = queue(&w.local, &q);
    is_int(t.n, 3, "three alerts");
    is_int((long long)q.waiting, 3, "all wait");
    ok(t.last[0] == T0 + 9 && t.last[1] == T0 + 8 && t.last[2] == T0 + 7, "newest first");
    is_int(t.count[0], 3, "folded");
    is_int(t.count[1], 1, "alone");
}

static void scope(void)
{
    struct state_actor duty = actor(w.person_a, w.commune_a, STATE_DUTY);
    struct state_actor official = actor(w.person_a, w.commune_a, STATE_OFFICIAL);
    struct alert_queue q = {.kind = STATE_ALERTS_LIVE, .state = STATE_ALERT_NEW, .limit = 1},
                       all = {.limit = 10};
    struct match_reasons t = queue(&duty, &q);

    is_int(t.n, 1, "as many as wanted");
    is_int((long long)q.waiting, 2, "only the own unit's are counted");
    ok(q.more, "there are more");
    ok(q.seen == T0 + 9 && id_eq(q.id, t.id[0]), "behind which the next page begins");
    t = queue(&duty, &q);
    ok(t.n == 1 && t.last[0] == T0 + 7, "the next is the own unit's");
    ok(!q.more, "and the last");
    t = queue(&duty, &all);
    is_int(t.n, 2, "in every state the own unit's alone");
    is_int(alert_queue(w.s, &official, &q, tell, &t, &err), -CE_DENIED, "who may not, sees none");
}

static int acknowledge(const struct state_actor *a, struct state_id id, int32_t verdict,
                       struct state_alert *ret)
{
    struct alert_ack_request q = {.same = id, .verdict = verdict};

    err = ERR_INIT;
    return alert_ack(w.s, a, &q, &w.arena, ret, &err);
}

static void acks(void)
{
    struct state_actor duty = actor(w.person_a, w.commune_a, STATE_DUTY);
    struct state_actor away = actor(w.person_b, w.commune_b, STATE_DUTY);
    struct state_actor observer = actor(w.person_a2, w.commune_a, STATE_OBSERVER);
    struct alert_queue q = {.kind = STATE_ALERTS_LIVE, .state = STATE_ALERT_NEW, .limit = 10};
    struct state_id id = queue(&duty, &q).id[0];
    struct state_alert x = {0};

    is_int(acknowledge(&away, id, STATE_ALERT_REAL, &x), -CE_DENIED, "another unit's officer");
    is_int(acknowledge(&observer, id, STATE_ALERT_REAL, &x), -CE_DENIED, "who only looks");
    is_int(acknowledge(&duty, id, 99, &x), -CE_UNKNOWN, "no such verdict");
    (void)queue(&duty, &q);
    is_int((long long)q.waiting, 2, "nothing was written");
    is_int(acknowledge(&duty, id, STATE_ALERT_ONLY_SEEN, &x), 0, "seen: %s", err_words(&err));
    is_int(x.state, STATE_ALERT_SEEN, "so it says");
    is_int(x.seen_at, w.now, "and when");
    (void)queue(&duty, &q);
    is_int((long long)q.waiting, 1, "it waits no more");
    is_int(acknowledge(&duty, id, STATE_ALERT_FALSE, &x), 0, "closed");
    is_int(acknowledge(&duty, id, STATE_ALERT_ONLY_SEEN, &x), 0, "seen once more");
    is_int(x.state, STATE_ALERT_CLOSED, "stays closed");
    is_int(fold(1, w.commune_a, T0 + 20), 0, "one more of it");
    (void)queue(&duty, &q);
    is_int((long long)q.waiting, 1, "does not wait again");
}

/* Old when it came, or known: recorded, and nobody is asked to look. */
static void quiet(void)
{
    struct alert_queue q = {.kind = STATE_ALERTS_LIVE, .state = STATE_ALERT_NEW, .limit = 10};
    struct alert_queue old = {.kind = STATE_ALERTS_HISTORY, .limit = 10};
    struct state_actor sys = state_actor_system();
    struct state_suppression known = {.unit = w.commune_a,
                                      .code = SLICE("X1"),
                                      .rule = SLICE("thu.yml"),
                                      .reason = SLICE("đã biết"),
                                      .stop = T0 + 30 * TIME_DAY};
    struct state_alert x = {.unit = w.commune_a,
                            .rule = SLICE("thu.yml"),
                            .title = SLICE("Thử"),
                            .code = SLICE("c0ffee01"),
                            .level = 5,
                            .state = STATE_ALERT_NEW,
                            .first_seen = T0 + 30,
                            .last_seen = T0 + 30,
                            .count = 1,
                            .history = true};
    struct match_reasons t = queue(&w.local, &q);
    size_t waiting = q.waiting;

    err = ERR_INIT;
    is_int(state_alert_put(w.s, &sys, &x, &err), 0, "an old one: %s", err_words(&err));
    is_int(state_suppression_put(w.s, &w.local, &known, &err), 0, "%s", err_words(&err));
    x.id = STATE_ID_NONE;
    x.version = 0;
    x.code = SLICE("c0ffee02");
    x.history = false;
    x.suppression = known.id;
    is_int(state_alert_put(w.s, &sys, &x, &err), 0, "a known one: %s", err_words(&err));
    q.seen = 0;
    is_int(queue(&w.local, &q).n, t.n, "neither is in the queue");
    is_int((long long)q.waiting, (long long)waiting, "nor waits");
    is_int(queue(&w.local, &old).n, 1, "the old one stands apart");
    is_int(alert_get(w.s, &w.local, SLICE("c0ffee01"), &w.arena, &x, &err), 0, "found by its id");
    is_int(alert_get(w.s, &w.local, SLICE("c0ff"), &w.arena, &x, &err), -CE_CONFLICT,
           "by too little");
    is_int(alert_get(w.s, &w.local, SLICE("c0ffee03"), &w.arena, &x, &err), -CE_NOT_FOUND, "none");
}

static long long waiting(struct state *s)
{
    size_t n = 0;

    must(state_alert_waiting(s, &w.local, &n, &err), &err, "counted");
    return (long long)n;
}

/* What is counted is kept while nothing was written; many are a second old at most. */
static void counts(void)
{
    const struct state_options opt = {.dir = state_dir(w.s), .mode = STATE_READ};
    struct state *other = NULL;
    long long before = waiting(w.s);

    must(state_open(&other, &opt, &err), &err, "another connection");
    is_int(waiting(other), before, "sees as many");
    is_int(fold(100, w.commune_a, T0 + 40), 0, "one more");
    is_int(waiting(w.s), before + 1, "is counted at once");
    is_int(waiting(other), before + 1, "by the other one, too");
    must(state_begin(w.s, &err), &err, "a transaction");
    is_int(fold(101, w.commune_a, T0 + 41), 0, "one more");
    is_int(waiting(w.s), before + 2, "is counted inside");
    state_rollback(w.s);
    is_int(waiting(w.s), before + 1, "and not when it never was");
    w.now += TIME_MINUTE;
    for (unsigned i = 0; i < 1000; i++)
        must(fold(200 + i, w.commune_a, T0 + 50 + i), &err, "many");
    is_int(waiting(w.s), before + 1001, "many are counted");
    is_int(fold(1200, w.commune_a, T0 + 2000), 0, "one more");
    is_int(waiting(w.s), before + 1001, "is not yet");
    w.now += TIME_SECOND;
    is_int(waiting(w.s), before + 1002, "but within a second");
    other = state_free(other);
}

int main(void)
{
    world_open(&w);
    folds();
    scope();
    acks();
    quiet();
    counts();
    world_close(&w);
    return tap_done();
}
