/* SPDX-License-Identifier: Apache-2.0 */
#include "web/picture.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/time.h"
#include "state/audit.h"
#include "state/units.h"

enum { PICTURES = 64, WRITERS = 1024 };
#define PICTURE_LASTS TIME_MINUTE
#define PICTURE_SHOWN (10 * TIME_MINUTE) /* while it is made anew */
/* At least so long between two of one scope, and so many times what it took to make it. */
#define PICTURE_REST (3 * TIME_SECOND)
enum { PICTURE_SHARE = 20 };

/* Until where somebody wrote who may not be shown an older picture. */
struct writer {
    struct state_id account;
    int64_t seq;
};

struct pictures {
    pthread_mutex_t lock;           /* of all of it */
    struct writer writers[WRITERS]; /* the last that wrote; the oldest gives way */
    int64_t others;                 /* until where any wrote that gave way */
    struct picture items[PICTURES];
    struct picture wanted; /* is made beside: whose, and in which language */
    bool renewing;
};

struct pictures *pictures_new(void)
{
    struct pictures *p = calloc(1, sizeof(*p));

    if (p)
        pthread_mutex_init(&p->lock, NULL);
    return p;
}

struct pictures *pictures_free(struct pictures *p)
{
    for (size_t i = 0; p && i < PICTURES; i++)
        arena_done(&p->items[i].arena);
    if (p)
        pthread_mutex_destroy(&p->lock);
    free(p);
    return NULL;
}

/* Into p, which says whose it is. */
static int picture_make(struct state *s, struct picture *p, struct err *err)
{
    const struct state_actor actor = {.unit = p->unit, .role = p->role};
    struct arena work = ARENA_INIT((size_t)512 << 20);
    struct overview_ctx ctx = {
        .state = s, .actor = &actor, .arena = &work, .lang = p->lang, .zone = ZONE_OWN};
    struct proof_options opt = {.now = state_now(s)};
    struct err why = ERR_INIT;
    struct state_audit_head head;
    struct proof_world w;
    int r = state_audit_head(s, &head, err);

    if (r < 0)
        return r;
    p->seq = head.seq;
    p->arena = ARENA_INIT((size_t)8 << 20);
    r = proof_open(&work, s, &actor, &opt, &w, &why);
    p->no_plan = r == -CE_NOT_FOUND || r == -CE_CONFLICT;
    if (r < 0 && !p->no_plan)
        *err = why;
    if (r == 0) {
        r = overview_compute(&ctx, &w, &p->pic, &p->total, err);
        if (r == 0)
            r = overview_keep(&p->pic, &p->arena, err);
        proof_close(&w);
    }
    if (p->no_plan)
        r = 0;
    p->at = opt.now;
    p->took = CANH_MAX(state_now(s) - opt.now, INT64_C(0));
    arena_done(&work);
    if (r < 0)
        arena_done(&p->arena);
    return r;
}

static struct picture picture_of(const struct visit *v)
{
    return (struct picture){.unit = v->who.actor.unit, .role = v->who.actor.role, .lang = v->lang};
}

static bool is_same(const struct picture *a, const struct picture *b)
{
    return a->lang == b->lang && a->role == b->role && id_eq(a->unit, b->unit);
}

/* The one that hangs there; NULL: none. The lock is held. */
static struct picture *picture_hung(struct pictures *all, const struct picture *want)
{
    for (size_t i = 0; i < PICTURES; i++)
        if (all->items[i].at && is_same(&all->items[i], want))
            return &all->items[i];
    return NULL;
}

/* In the place of the one before it, else of the oldest. The lock is held. */
static const struct picture *picture_hang(struct pictures *all, const struct picture *made)
{
    struct picture *to = picture_hung(all, made);

    for (size_t i = 0, oldest = to == NULL; i < PICTURES && oldest; i++)
        if (to == NULL || all->items[i].at < to->at)
            to = &all->items[i];
    arena_done(&to->arena);
    *to = *made;
    return to;
}

/* The errand. Whoever asked meanwhile may have made it already. */
static void picture_renew(struct state *s, void *u)
{
    struct pictures *all = ((struct desk_web *)u)->pictures;
    struct picture made = all->wanted; /* nobody else writes it meanwhile */
    struct err err = ERR_INIT;
    const struct picture *hung;
    bool newer;

    pthread_mutex_lock(&all->lock);
    hung = picture_hung(all, &made);
    newer = hung && hung->at >= made.at;
    pthread_mutex_unlock(&all->lock);
    if (newer || picture_make(s, &made, &err) < 0)
        return;
    pthread_mutex_lock(&all->lock);
    (void)picture_hang(all, &made);
    pthread_mutex_unlock(&all->lock);
}

static void picture_renewed(void *u)
{
    struct desk_web *w = u;

    pthread_mutex_lock(&w->pictures->lock);
    w->pictures->renewing = false;
    pthread_mutex_unlock(&w->pictures->lock);
    live_renewed(w->live, "picture", w->pictures->wanted.unit);
}

/* False: there is nobody who could make it. The lock is held. */
static bool picture_send(struct desk_web *w, const struct picture *want)
{
    const struct lane_errand errand = {picture_renew, picture_renewed, w};
    struct pictures *all = w->pictures;

    all->wanted = (struct picture){.unit = want->unit,
                                   .role = want->role,
                                   .lang = want->lang,
                                   .at = state_now(w->state)};
    all->renewing = lane_send(w->aparts, &errand);
    return all->renewing;
}

void pictures_tick(struct desk_web *w)
{
    struct pictures *all = w->pictures;
    int64_t now = state_now(w->state);
    struct picture *next = NULL;

    if (pthread_mutex_trylock(&all->lock) != 0)
        return; /* somebody reads one: the next turn */
    for (size_t i = 0; i < PICTURES && !all->renewing; i++) {
        struct picture *p = &all->items[i];
        int64_t rest = CANH_MAX(PICTURE_REST, PICTURE_SHARE * p->took);

        if (p->asked && now - p->at >= rest && (next == NULL || p->at < next->at))
            next = p;
    }
    if (next) {
        next->asked = false;
        if (!picture_send(w, next))
            next->at = 0; /* whoever asks next makes it */
    }
    pthread_mutex_unlock(&all->lock);
}

static bool is_of_top_unit(struct visit *v)
{
    struct state_unit unit;

    return state_unit_get(v->s, &v->who.actor, v->who.actor.unit, v->arena, &unit, NULL) == 0 &&
           id_is_none(unit.parent);
}

void picture_expect(struct visit *v)
{
    struct pictures *all = v->web->pictures;
    const struct picture want = picture_of(v);
    const struct picture *p;
    int64_t now = state_now(v->s);

    if (!(WHO_WORK & 1u << want.role) || pthread_mutex_trylock(&all->lock) != 0)
        return;
    p = picture_hung(all, &want);
    if (!all->renewing && (p == NULL || now - p->at > PICTURE_SHOWN) && is_of_top_unit(v))
        (void)picture_send(v->web, &want);
    pthread_mutex_unlock(&all->lock);
}

void picture_note_write(const struct visit *v)
{
    struct pictures *all = v->web->pictures;
    struct state_audit_head head;
    struct writer *to;

    if (state_audit_head(v->s, &head, NULL) < 0 || head.seq == v->began)
        return;
    pthread_mutex_lock(&all->lock);
    to = &all->writers[0];
    for (size_t i = 1; i < WRITERS && !id_eq(to->account, v->who.account); i++)
        if (id_eq(all->writers[i].account, v->who.account) || all->writers[i].seq < to->seq)
            to = &all->writers[i];
    if (!id_eq(to->account, v->who.account))
        all->others = to->seq;
    *to = (struct writer){.account = v->who.account, .seq = head.seq};
    pthread_mutex_unlock(&all->lock);
}

/* The lock is held; of who is not among the last, what those wrote at most that gave way. */
static int64_t last_write(const struct pictures *all, const struct visit *v)
{
    for (size_t i = 0; i < WRITERS; i++)
        if (id_eq(all->writers[i].account, v->who.account))
            return all->writers[i].seq;
    return all->others;
}

/* The one that hangs there and may still be shown; seq: the audit's last entry. The lock is held.
 */
static const struct picture *picture_seen(struct visit *v, const struct picture *want, int64_t seq)
{
    struct pictures *all = v->web->pictures;
    struct picture *p = picture_hung(all, want);
    int64_t now = state_now(v->s);

    if (p == NULL || p->at > now || now - p->at > PICTURE_SHOWN || p->seq < last_write(all, v))
        return NULL;
    p->asked = p->asked || p->seq != seq || now - p->at >= PICTURE_LASTS;
    return p;
}

int picture_find(struct visit *v, const struct picture **ret, struct err *err)
{
    struct pictures *all = v->web->pictures;
    const struct picture want = picture_of(v);
    struct picture made = want;
    struct state_audit_head head;
    int r = state_audit_head(v->s, &head, err);

    if (r < 0)
        return r;
    pthread_mutex_lock(&all->lock);
    *ret = picture_seen(v, &want, head.seq);
    if (*ret)
        return 0;
    pthread_mutex_unlock(&all->lock);
    if (lane_move(v))
        return -CE_BUSY;
    r = picture_make(v->s, &made, err);
    if (r < 0)
        return r;
    pthread_mutex_lock(&all->lock);
    *ret = picture_hang(all, &made);
    return 0;
}

void picture_done(struct visit *v)
{
    pthread_mutex_unlock(&v->web->pictures->lock);
}
