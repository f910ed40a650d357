/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "web/lane.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "web/web_internal.h"

#define WRITE_REST (TIME_SECOND / 10)

struct queue {
    struct visit *first, *last;
};

struct lane_thread {
    struct lane_pool *all;
    enum lane lane;
    pthread_t thread;
    pthread_cond_t work;
    bool runs;
    struct state *s; /* reads only, but of LANE_WRITE */
    struct queue waiting;
};

struct lane_pool {
    struct desk_web *web;
    pthread_mutex_t lock; /* of what follows */
    struct lane_thread lanes[LANE_MAX];
    struct queue done;
    struct lane_errand errand; /* run NULL: none */
    bool errand_done;          /* and the loop has not heard of it */
    bool ends;
    int fd;
    /* The loop's own. */
    unsigned writing;   /* visits in LANE_WRITE */
    struct queue held;  /* that would write meanwhile */
    int64_t rests_from; /* when nobody wrote any more */
    uint64_t held_count;
};

static void queue_push(struct queue *q, struct visit *v)
{
    v->stay.next = NULL;
    if (q->last)
        q->last->stay.next = v;
    else
        q->first = v;
    q->last = v;
}

static struct visit *queue_pop(struct queue *q)
{
    struct visit *v = q->first;

    if (v)
        q->first = v->stay.next;
    if (q->first == NULL)
        q->last = NULL;
    return v;
}

/* Makes the page; false: it goes on in the other lane. */
static bool stay_run(struct lane_thread *lane, struct visit *v)
{
    enum lane before = v->stay.lane;
    struct err err = ERR_INIT;
    int r;

    v->s = lane->s;
    r = lane->lane == LANE_WRITE ? 0 : state_read_begin(lane->s, &err);
    if (r == 0)
        r = v->stay.run(v, &err);
    if (lane->lane != LANE_WRITE)
        state_read_end(lane->s);
    if (v->stay.lane != before)
        return false;
    if (r < 0)
        visit_reply_err(v, &err);
    return true;
}

static void lane_pool_signal(struct lane_pool *a)
{
    const uint64_t one = 1;

    (void)!write(a->fd, &one, sizeof(one));
}

static void lane_turn(struct lane_thread *lane, struct visit *v)
{
    struct lane_pool *a = lane->all;
    bool done = stay_run(lane, v);

    pthread_mutex_lock(&a->lock);
    if (done) {
        queue_push(&a->done, v);
        lane_pool_signal(a);
    } else {
        queue_push(&a->lanes[v->stay.lane].waiting, v);
        pthread_cond_signal(&a->lanes[v->stay.lane].work);
    }
    pthread_mutex_unlock(&a->lock);
}

static void run_errand(struct lane_thread *lane)
{
    struct lane_pool *a = lane->all;
    bool reading = state_read_begin(lane->s, NULL) == 0;

    a->errand.run(lane->s, a->errand.u); /* in any case: whoever sent it waits for its end */
    if (reading)
        state_read_end(lane->s);
    pthread_mutex_lock(&a->lock);
    a->errand_done = true;
    lane_pool_signal(a);
    pthread_mutex_unlock(&a->lock);
}

static void *lane_main(void *u)
{
    struct lane_thread *lane = u;
    struct lane_pool *a = lane->all;
    struct visit *v = NULL;
    bool errand = false;

    do {
        if (v)
            lane_turn(lane, v);
        else if (errand)
            run_errand(lane);
        pthread_mutex_lock(&a->lock);
        v = NULL;
        errand = false;
        while (!a->ends && (v = queue_pop(&lane->waiting)) == NULL && !errand) {
            errand = lane->lane == LANE_SLOW && a->errand.run != NULL && !a->errand_done;
            if (!errand)
                pthread_cond_wait(&lane->work, &a->lock);
        }
        pthread_mutex_unlock(&a->lock);
    } while (v || errand);
    return NULL;
}

/* Signals are the loop's. */
static bool lane_start(struct lane_thread *lane)
{
    sigset_t all, before;

    if (lane->runs || lane->s == NULL)
        return lane->runs;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    lane->runs = pthread_create(&lane->thread, NULL, lane_main, lane) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return lane->runs;
}

/* By the loop alone; those who only read go on in each other's lanes. */
static bool lanes_start(struct lane_pool *a, enum lane lane)
{
    return lane == LANE_WRITE
               ? lane_start(&a->lanes[LANE_WRITE])
               : lane_start(&a->lanes[LANE_SLOW]) && lane_start(&a->lanes[LANE_QUICK]);
}

static bool lane_open(struct lane_thread *lane)
{
    bool writes = lane->lane == LANE_WRITE;
    const struct state_options opt = {.dir = state_dir(lane->all->web->state),
                                      .mode = writes ? STATE_WRITE : STATE_READ,
                                      .clock_go_on = writes};

    return state_open(&lane->s, &opt, NULL) == 0;
}

int lane_pool_new(struct lane_pool **ret, struct desk_web *web, struct err *err)
{
    struct lane_pool *a = calloc(1, sizeof(*a));
    bool open = true;

    if (a == NULL)
        return err_nomem(err);
    a->web = web;
    a->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&a->lock, NULL);
    for (enum lane i = LANE_QUICK; i < LANE_MAX; i++) {
        a->lanes[i].all = a;
        a->lanes[i].lane = i;
        pthread_cond_init(&a->lanes[i].work, NULL);
        open = open && a->fd >= 0 && lane_open(&a->lanes[i]);
    }
    for (enum lane i = LANE_QUICK; i < LANE_MAX && !open; i++)
        a->lanes[i].s = state_free(a->lanes[i].s);
    *ret = a;
    return 0;
}

struct lane_pool *lane_pool_free(struct lane_pool *a)
{
    if (a == NULL)
        return NULL;
    pthread_mutex_lock(&a->lock);
    a->ends = true;
    for (enum lane i = LANE_QUICK; i < LANE_MAX; i++)
        pthread_cond_signal(&a->lanes[i].work);
    pthread_mutex_unlock(&a->lock);
    for (enum lane i = LANE_QUICK; i < LANE_MAX; i++) {
        if (a->lanes[i].runs)
            (void)pthread_join(a->lanes[i].thread, NULL);
        a->lanes[i].s = state_free(a->lanes[i].s);
        pthread_cond_destroy(&a->lanes[i].work);
    }
    pthread_mutex_destroy(&a->lock);
    fd_closep(&a->fd);
    free(a);
    return NULL;
}

int lane_pool_fd(const struct lane_pool *a)
{
    return a->fd;
}

static void end_errand(struct lane_pool *a)
{
    struct lane_errand errand = {.run = NULL};

    pthread_mutex_lock(&a->lock);
    if (a->errand_done) {
        errand = a->errand;
        a->errand = (struct lane_errand){.run = NULL};
        a->errand_done = false;
    }
    pthread_mutex_unlock(&a->lock);
    if (errand.run)
        errand.done(errand.u);
}

bool lane_writes(const struct lane_pool *a)
{
    return a->writing > 0;
}

uint64_t lane_held(const struct lane_pool *a)
{
    return a->held_count;
}

static void visit_hold(struct lane_pool *a, struct visit *v)
{
    queue_push(&a->held, v);
    a->held_count++;
}

bool lane_hold(struct visit *v)
{
    struct lane_pool *a = v->web->aparts;

    if (!lane_writes(a) && !(v->route->lane == LANE_WRITE && a->held.first))
        return false;
    v->stay.begun = false;
    visit_hold(a, v);
    return true;
}

/* Between two acts of LANE_WRITE there is time for everybody else. */
static bool visit_rests(const struct lane_pool *a, const struct visit *v)
{
    int64_t since = state_now(a->web->state) - a->rests_from;

    return v->route->lane == LANE_WRITE && !v->stay.begun && since >= 0 && since < WRITE_REST;
}

static void lane_release(struct lane_pool *a)
{
    while (a->held.first && !lane_writes(a) && !visit_rests(a, a->held.first)) {
        struct visit *v = queue_pop(&a->held);

        if (v->stay.begun)
            visit_go_on(v);
        else
            visit_begin_held(v);
    }
}

/* The act is over; what the owner has for the state goes first. */
static void end_writing(struct lane_pool *a)
{
    if (--a->writing > 0)
        return;
    a->rests_from = state_now(a->web->state);
    if (a->web->wrote)
        a->web->wrote(a->web->u);
}

static void return_from_lane(struct lane_pool *a, struct visit *v)
{
    v->s = a->web->state;
    if (v->stay.lane == LANE_WRITE)
        end_writing(a);
    if (v->stay.then && visit_writes(v) && lane_writes(a))
        visit_hold(a, v);
    else
        visit_go_on(v);
}

void lane_pool_run(struct lane_pool *a)
{
    uint64_t seen;
    struct visit *v;

    (void)!read(a->fd, &seen, sizeof(seen));
    end_errand(a);
    do {
        pthread_mutex_lock(&a->lock);
        v = queue_pop(&a->done);
        pthread_mutex_unlock(&a->lock);
        if (v)
            return_from_lane(a, v);
    } while (v);
    lane_release(a);
}

bool lane_queue(struct visit *v, enum lane lane, int (*run)(struct visit *v, struct err *err))
{
    struct lane_pool *a = v->web->aparts;

    if (lane == LANE_LOOP || !lanes_start(a, lane))
        return false;
    v->stay = (struct lane_stay){.lane = lane, .begun = true, .run = run};
    a->writing += lane == LANE_WRITE;
    pthread_mutex_lock(&a->lock);
    queue_push(&a->lanes[lane].waiting, v);
    pthread_cond_signal(&a->lanes[lane].work);
    pthread_mutex_unlock(&a->lock);
    return true;
}

int lane_go(struct visit *v, enum lane lane, int (*run)(struct visit *v, struct err *err),
            struct err *err)
{
    v->later = true;
    if (lane_queue(v, lane, run))
        return 0;
    v->later = false;
    return run(v, err);
}

int lane_finish(struct visit *v, int (*then)(struct visit *v, struct err *err), struct err *err)
{
    if (v->stay.lane == LANE_LOOP)
        return then(v, err);
    v->stay.then = then;
    return 0;
}

bool lane_move(struct visit *v)
{
    if (v->stay.lane != LANE_QUICK)
        return false;
    v->stay.lane = LANE_SLOW;
    v->page = page_new(v->arena);
    return true;
}

bool lane_send(struct lane_pool *a, const struct lane_errand *errand)
{
    bool sent;

    if (!lanes_start(a, LANE_SLOW))
        return false;
    pthread_mutex_lock(&a->lock);
    sent = a->errand.run == NULL;
    if (sent) {
        a->errand = *errand;
        pthread_cond_signal(&a->lanes[LANE_SLOW].work);
    }
    pthread_mutex_unlock(&a->lock);
    return sent;
}
