/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "search/crew.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

#include "search/session_internal.h"

enum {
    WORKERS_MAX = 8,
    SLOTS_EACH = 2, /* one that is tried, one that is next */
    SLOTS_MAX = SLOTS_EACH * WORKERS_MAX,
    FOUND_BYTES = 256 * 1024 * 1024, /* of a piece: bounded by the piece */
};

enum slot_state { SLOT_EMPTY, SLOT_WAITING, SLOT_RUNNING, SLOT_DONE };

/* A piece on its way, and what was found in it. */
struct slot {
    enum slot_state state;
    struct search_piece piece;
    struct search_result result; /* counts of this piece alone */
    struct found found;
    int code;
    struct err err;
};

struct worker {
    struct search_crew *crew;
    pthread_t thread;
    bool started;
    struct search_session *session;
    struct search_result result;
};

struct search_crew {
    struct search_request request;  /* of the workers: without a limit */
    struct search_session *session; /* that counts */
    struct search_result *result;
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    bool stop;
    unsigned worker_count; /* 0: no threads */
    struct worker workers[WORKERS_MAX];
    unsigned slot_count;
    struct slot slots[SLOTS_MAX]; /* a ring */
    unsigned first, count;        /* the oldest piece, how many are on their way */
};

static unsigned count_cores(void)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    return sched_getaffinity(0, sizeof(set), &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

static int try_record(void *ctx, const struct journal_record *record)
{
    struct search_session *s = ctx;
    int r = search_session_try(s, record);

    return r == 0 && search_session_ends(s) ? 1 : r;
}

static int try_block(struct search_session *s, struct search_piece *piece, struct err *err)
{
    const struct block *b = NULL;
    int r = piece->open(piece, s, &b, err);

    return r < 0 || b == NULL ? r : session_try_block(s, b);
}

/* Tries a piece with a session; matches go where the session's go. */
static int try_piece(struct search_session *s, struct search_piece *piece, struct err *err)
{
    int r;

    search_session_block(s);
    r = piece->open ? try_block(s, piece, err) : piece->each(piece, try_record, s, err);
    if (r != -CE_CORRUPT)
        return r;
    s->result->damaged++;
    return 0;
}

static struct slot *next_waiting(struct search_crew *c)
{
    for (unsigned i = 0; i < c->count; i++) {
        struct slot *slot = &c->slots[(c->first + i) % c->slot_count];

        if (slot->state == SLOT_WAITING)
            return slot;
    }
    return NULL;
}

static void run_slot(struct worker *w, struct slot *slot)
{
    struct search_result *r = &w->result;

    found_clear(&slot->found);
    *r = (struct search_result){.records = 0};
    w->session->found = &slot->found;
    slot->err = (struct err)ERR_INIT;
    slot->code = try_piece(w->session, &slot->piece, &slot->err);
    if (slot->code >= 0)
        slot->code = slot->found.code;
    if (slot->code < 0 && slot->err.code == 0)
        slot->code = err_code(&slot->err, slot->code);
    slot->result = *r;
}

static void *crew_work(void *u)
{
    struct worker *w = u;
    struct search_crew *c = w->crew;
    struct slot *slot;

    (void)pthread_mutex_lock(&c->lock);
    while (!c->stop) {
        slot = next_waiting(c);
        if (slot == NULL) {
            (void)pthread_cond_wait(&c->work, &c->lock);
            continue;
        }
        slot->state = SLOT_RUNNING;
        (void)pthread_mutex_unlock(&c->lock);
        run_slot(w, slot);
        (void)pthread_mutex_lock(&c->lock);
        slot->state = SLOT_DONE;
        (void)pthread_cond_signal(&c->done);
    }
    (void)pthread_mutex_unlock(&c->lock);
    return NULL;
}

/* Signals are the caller's. */
static int start_worker(struct search_crew *c, struct worker *w, struct err *err)
{
    sigset_t all, before;
    int r;

    w->crew = c;
    r = search_session_new(&c->request, &w->result, &w->session, err);
    if (r < 0)
        return r;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    w->started = pthread_create(&w->thread, NULL, crew_work, w) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return w->started ? 0 : err_nomem(err);
}

int search_crew_new(const struct search_request *request, unsigned workers,
                    struct search_result *ret, struct search_crew **ret_crew, struct err *err)
{
    struct search_crew *c = calloc(1, sizeof(*c));
    int r;

    *ret_crew = NULL;
    if (c == NULL)
        return err_nomem(err);
    (void)pthread_mutex_init(&c->lock, NULL);
    (void)pthread_cond_init(&c->work, NULL);
    (void)pthread_cond_init(&c->done, NULL);
    c->result = ret;
    c->request = *request;
    c->request.limit = 0;
    r = search_session_new(request, ret, &c->session, err);
    workers = CANH_MIN(workers ? workers : count_cores(), (unsigned)WORKERS_MAX);
    c->worker_count = workers > 1 ? workers : 0;
    c->slot_count = SLOTS_EACH * c->worker_count;
    for (unsigned i = 0; i < c->slot_count; i++)
        found_init(&c->slots[i].found, FOUND_BYTES);
    for (unsigned i = 0; r == 0 && i < c->worker_count; i++)
        r = start_worker(c, &c->workers[i], err);
    if (r == 0)
        *ret_crew = c;
    else
        (void)search_crew_free(c);
    return r;
}

static void end_slot(struct slot *slot)
{
    if (slot->piece.done)
        slot->piece.done(slot->piece.u);
    slot->piece = (struct search_piece){.u = NULL};
    slot->state = SLOT_EMPTY;
}

struct search_crew *search_crew_free(struct search_crew *c)
{
    if (c == NULL)
        return NULL;
    (void)pthread_mutex_lock(&c->lock);
    c->stop = true;
    (void)pthread_cond_broadcast(&c->work);
    (void)pthread_mutex_unlock(&c->lock);
    for (unsigned i = 0; i < c->worker_count; i++) /* each may be at any slot */
        if (c->workers[i].started)
            (void)pthread_join(c->workers[i].thread, NULL);
    for (unsigned i = 0; i < c->worker_count; i++)
        c->workers[i].session = search_session_free(c->workers[i].session);
    for (unsigned i = 0; i < c->slot_count; i++) {
        end_slot(&c->slots[i]);
        found_done(&c->slots[i].found);
    }
    c->session = search_session_free(c->session);
    (void)pthread_mutex_destroy(&c->lock);
    (void)pthread_cond_destroy(&c->work);
    (void)pthread_cond_destroy(&c->done);
    free(c);
    return NULL;
}

const struct search_session *search_crew_session(const struct search_crew *c)
{
    return c->session;
}

bool search_crew_ends(const struct search_crew *c)
{
    return search_session_ends(c->session);
}

static void add_counts(struct search_result *to, const struct search_result *from)
{
    to->records += from->records;
    to->bytes += from->bytes;
    to->undecoded += from->undecoded;
    to->partly += from->partly;
    to->gaps += from->gaps;
    to->redacted += from->redacted;
    to->damaged += from->damaged;
}

static void add_piece(struct search_crew *c, const struct search_piece *piece)
{
    c->result->blocks += piece->blocks;
    c->result->opened += piece->opened;
    c->result->damaged += piece->damaged;
}

/* The limit is reached in a piece: only one session alone knows what was tried up to there. */
static int deliver_slot(struct search_crew *c, struct slot *slot, struct err *err)
{
    uint64_t limit = c->session->request->limit;
    int r = 0;

    add_piece(c, &slot->piece);
    if (limit && c->result->matches + slot->found.matches >= limit)
        return try_piece(c->session, &slot->piece, err);
    if (slot->code < 0) {
        if (err)
            *err = slot->err;
        return slot->code;
    }
    add_counts(c->result, &slot->result);
    for (uint32_t i = 0; r == 0 && i < slot->found.count && !search_session_ends(c->session); i++)
        r = session_count(c->session, &slot->found.items[i]);
    return r;
}

/* Waits for the oldest piece. */
static int deliver_oldest(struct search_crew *c, struct err *err)
{
    struct slot *slot = &c->slots[c->first];
    int r;

    (void)pthread_mutex_lock(&c->lock);
    while (slot->state != SLOT_DONE)
        (void)pthread_cond_wait(&c->done, &c->lock);
    (void)pthread_mutex_unlock(&c->lock);
    r = search_session_ends(c->session) ? 0 : deliver_slot(c, slot, err);
    (void)pthread_mutex_lock(&c->lock);
    end_slot(slot);
    c->first = (c->first + 1) % c->slot_count;
    c->count--;
    (void)pthread_mutex_unlock(&c->lock);
    return r < 0 ? r : c->session->stop;
}

static int try_here(struct search_crew *c, const struct search_piece *given, struct err *err)
{
    struct search_piece piece = *given;
    int r = try_piece(c->session, &piece, err);

    add_piece(c, &piece);
    if (piece.done)
        piece.done(piece.u);
    return r < 0 ? r : c->session->stop;
}

int search_crew_push(struct search_crew *c, const struct search_piece *piece, struct err *err)
{
    struct slot *slot;
    int r = 0;

    if (c->worker_count == 0)
        return try_here(c, piece, err);
    if (c->count == c->slot_count)
        r = deliver_oldest(c, err);
    if (r != 0 || search_session_ends(c->session)) {
        if (piece->done)
            piece->done(piece->u);
        return r;
    }
    (void)pthread_mutex_lock(&c->lock);
    slot = &c->slots[(c->first + c->count) % c->slot_count];
    slot->piece = *piece;
    slot->state = SLOT_WAITING;
    c->count++;
    (void)pthread_cond_signal(&c->work);
    (void)pthread_mutex_unlock(&c->lock);
    return 0;
}

int search_crew_settle(struct search_crew *c, struct err *err)
{
    int r = 0;

    while (r == 0 && c->count)
        r = deliver_oldest(c, err);
    return r;
}
