/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checks of the state, each on its interval: one short-lived process a run, started by the
 * parent; what it saw comes back through the journal (take.c). A check never runs twice at once,
 * all together never more than a few; after a stop each is due once, spread over the first minute.
 * A run that gives no result in its time is a result itself: there is no answer.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/time.h"
#include "check/result_record.h"
#include "check/result_text.h"
#include "event/stream.h"
#include "node/desk/desk.h"
#include "node/wire/batch.h"
#include "node/wire/check_job.h"
#include "os/bulk.h"
#include "record/probe.h"

#define RELOAD_TIME (15 * TIME_SECOND)
#define SPREAD_TIME TIME_MINUTE
#define GRACE       (20 * TIME_SECOND) /* beyond its timeout: the journal and the state, too */
enum { RUNNING_MAX = 16, CHECKS_MAX = 100000, STATION_MAX = 64 };

struct planned {
    struct state_id check;
    int64_t every, timeout;
    int64_t next;     /* wall clock */
    int64_t deadline; /* of the run; 0: does not run */
};

struct timetable {
    struct planned *v;
    size_t count;
    unsigned running;
    uint64_t changes; /* of the desk, when the checks were read */
    int64_t reload_at;
    int64_t good_at; /* when a check last got an answer */
    uint64_t jitter;
    char station[STATION_MAX + 1];
    struct loop_timer *timer;
};

static int by_id(const void *a, const void *b)
{
    return memcmp(((const struct planned *)a)->check.b, ((const struct planned *)b)->check.b, 16);
}

static struct planned *timetable_find(const struct timetable *t, const uint8_t check[16])
{
    struct planned key = {.every = 0};

    memcpy(key.check.b, check, 16);
    return t->count ? bsearch(&key, t->v, t->count, sizeof(*t->v), by_id) : NULL;
}

/* A different part of the span for each check and turn, so that they do not come together. */
static int64_t timetable_spread(struct timetable *t, int64_t span)
{
    t->jitter = hash_bytes(&t->jitter, sizeof(t->jitter), t->jitter);
    return span > 0 ? (int64_t)(t->jitter % (uint64_t)span) : 0;
}

struct timetable_reader {
    struct timetable *t;
    struct planned *v;
    size_t count, cap;
    int64_t now;
};

static int add_check(void *u, const struct state_check *x)
{
    struct timetable_reader *r = u;

    if (!record_probe_is_on(x, r->now) || r->count == CHECKS_MAX)
        return 0;
    if (!array_room(r->v, r->count, r->cap, CHECKS_MAX))
        return -CE_NOMEM;
    r->v[r->count++] = (struct planned){.check = x->id, .every = x->every, .timeout = x->timeout};
    return 0;
}

/* When a check was last looked at from here, or 0. */
static int64_t last_run(struct desk *d, const struct planned *p, int64_t now)
{
    struct arena arena = ARENA_INIT((size_t)64 << 20);
    struct record c = {.s = d->s, .actor = state_actor_system(), .arena = &arena};
    struct state_check x = {.id = p->check, .every = p->every, .timeout = p->timeout};
    struct record_probe_state seen = {.known = false};
    int r = record_probe_examine(&c, &x, now, now, &seen, NULL);

    arena_done(&arena);
    return r == 0 && seen.known ? seen.at : 0;
}

/* What is known of a check goes on; a new one is due soon, one that ran lately in its turn. */
static void timetable_plan(struct desk *d, struct planned *p, int64_t now)
{
    struct timetable *t = d->timetable;
    const struct planned *old = timetable_find(t, p->check.b);
    int64_t soon = now + timetable_spread(t, CANH_MIN(SPREAD_TIME, p->every)), last;

    if (old) {
        p->deadline = old->deadline;
        p->next = CANH_MIN(old->next, now + p->every);
        return;
    }
    last = last_run(d, p, now);
    p->next = CANH_MAX(soon, last > 0 && last <= now ? last + p->every : 0);
}

static void timetable_reload(struct desk *d, int64_t now)
{
    struct timetable *t = d->timetable;
    struct state_actor system = state_actor_system();
    struct state_query all = {.to = 0};
    struct timetable_reader r = {.t = t, .now = now};
    struct err err = ERR_INIT;

    t->reload_at = now + RELOAD_TIME;
    if (state_check_each(d->s, &system, &all, add_check, &r, &err) < 0) {
        role_log_err(&d->role, "checks cannot be read", &err);
        free(r.v);
        return;
    }
    t->changes = d->changes;
    t->running = 0;
    if (r.count > 1)
        qsort(r.v, r.count, sizeof(*r.v), by_id);
    for (size_t i = 0; i < r.count; i++) {
        timetable_plan(d, &r.v[i], now);
        t->running += r.v[i].deadline != 0;
    }
    free(t->v);
    t->v = r.v;
    t->count = r.count;
}

static int send_job(struct desk *d, const struct planned *p, struct err *err)
{
    struct arena arena = ARENA_INIT((size_t)1 << 20);
    struct state_actor system = state_actor_system();
    struct buf bytes = BUF_INIT(32 * 1024);
    struct check_job job = {.station = slice_str(d->timetable->station)};
    struct state_check x;
    int fd = -1, r = state_check_get(d->s, &system, p->check, &arena, &x, err);

    if (r == 0) {
        memcpy(job.check, x.id.b, sizeof(job.check));
        memcpy(job.unit, x.unit.b, sizeof(job.unit));
        job.kind = x.kind;
        job.target = x.target;
        job.params = x.params;
        job.timeout = x.timeout;
        check_job_write(&bytes, &job);
        r = bytes.err ? bytes.err : bulk_make(buf_slice(&bytes), &fd, err);
    }
    if (r == 0)
        r = channel_send(&d->role.parent, WIRE_CHECK, SLICE_NULL, &fd, 1, err);
    fd_closep(&fd);
    buf_done(&bytes);
    arena_done(&arena);
    return r;
}

static void timetable_start(struct desk *d, struct planned *p, int64_t now)
{
    struct err err = ERR_INIT;

    p->next = now + p->every + timetable_spread(d->timetable, p->every / 20) - p->every / 40;
    if (send_job(d, p, &err) < 0) {
        role_log_err(&d->role, "a check cannot be started", &err);
        return;
    }
    p->deadline = now + p->timeout + GRACE;
    d->timetable->running++;
}

/* A run without a result is told to the journal like any other. */
static void give_up(struct desk *d, struct planned *p, int64_t now)
{
    struct result_record record = {.outcome = CHECK_NO_ANSWER,
                                   .at = now,
                                   .station = slice_str(d->timetable->station)};
    struct batch_record x = {.stream = SLICE(STREAM_RESULTS),
                             .received = now,
                             .claimed = now,
                             .base = slice_of(p->check.b, 16),
                             .at = (uint64_t)now};
    struct buf says = BUF_INIT(CHECK_TEXT_MAX), raw = BUF_INIT(RESULT_RECORD_MAX);

    p->deadline = 0;
    d->timetable->running--;
    result_text_write(&says, RESULT_LOST_RESULT, NULL, 0);
    record.text = buf_slice(&says);
    memcpy(record.check, p->check.b, sizeof(record.check));
    memcpy(x.source, p->check.b, sizeof(x.source));
    result_record_write(&raw, &record);
    x.raw = buf_slice(&raw);
    if (channel_is_open(&d->keep))
        (void)!batch_send_one(&d->keep, 0, &x, NULL);
    buf_done(&raw);
    buf_done(&says);
}

static void timetable_turn(void *u, struct loop_timer *timer)
{
    struct desk *d = u;
    struct timetable *t = d->timetable;
    int64_t now = time_now();

    (void)timer;
    if (d->draining)
        return;
    if (now >= t->reload_at || t->reload_at > now + RELOAD_TIME || t->changes != d->changes)
        timetable_reload(d, now);
    for (size_t i = 0; i < t->count; i++) {
        struct planned *p = &t->v[i];

        if (p->next > now + 2 * p->every) /* the clock went back */
            p->next = now;
        if (p->deadline && (now >= p->deadline || p->deadline > now + p->timeout + GRACE))
            give_up(d, p, now);
        else if (!p->deadline && p->next <= now && t->running < RUNNING_MAX)
            timetable_start(d, p, now);
    }
}

void desk_timetable_done(struct desk *d, const uint8_t check[16], int64_t at, bool answered)
{
    struct planned *p = d->timetable ? timetable_find(d->timetable, check) : NULL;

    if (answered && d->timetable)
        d->timetable->good_at = CANH_MAX(d->timetable->good_at, at);
    if (p == NULL || p->deadline == 0)
        return;
    p->deadline = 0;
    d->timetable->running--;
}

int desk_timetable_open(struct desk *d, struct err *err)
{
    struct timetable *t = calloc(1, sizeof(*t));

    if (t == NULL)
        return err_nomem(err);
    d->timetable = t;
    t->jitter = hash_seed();
    t->changes = d->changes;
    if (gethostname(t->station, STATION_MAX) < 0 || t->station[0] == 0)
        t->station[0] = '?';
    return loop_timer_add(d->role.loop, TIME_SECOND, TIME_SECOND, timetable_turn, d, &t->timer,
                          err);
}

void desk_timetable_close(struct desk *d)
{
    if (d->timetable == NULL)
        return;
    if (d->timetable->timer)
        loop_timer_drop(d->role.loop, d->timetable->timer);
    free(d->timetable->v);
    free(d->timetable);
    d->timetable = NULL;
}

struct desk_checks desk_timetable_state(const struct desk *d)
{
    const struct timetable *t = d->timetable;
    struct desk_checks c = {.every = TIME_DAY};

    if (t == NULL)
        return c;
    c.count = t->count;
    c.running = t->running;
    c.good_at = t->good_at;
    for (size_t i = 0; i < t->count; i++)
        c.every = CANH_MIN(c.every, t->v[i].every);
    return c;
}
