/* SPDX-License-Identifier: Apache-2.0 */
#include "web/page_cache.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/time.h"
#include "state/audit.h"
#include "web/web_internal.h"

enum { KEPT_MAX = 24, KEPT_ASKED_MAX = 200, KEPT_BYTES_MAX = 6 << 20, KEPT_ROOM = 64 << 20 };

struct cached_page {
    uint8_t asked[KEPT_ASKED_MAX]; /* the target as sent: page and query */
    size_t asked_size;
    struct state_id unit;
    enum state_role role;
    enum lang lang;
    int64_t seq, at;      /* the audit's last entry then; when */
    const char *template; /* NULL: an empty place */
    struct arena arena;
    struct page_scope *page; /* in the arena; nothing is added to it any more */
    unsigned readers;        /* who render it now */
};

struct page_cache {
    pthread_mutex_t lock; /* of all of it; a page that has readers is not changed */
    struct cached_page items[KEPT_MAX];
};

struct page_cache *page_cache_new(void)
{
    struct page_cache *k = calloc(1, sizeof(*k));

    if (k)
        pthread_mutex_init(&k->lock, NULL);
    return k;
}

struct page_cache *page_cache_free(struct page_cache *k)
{
    for (size_t i = 0; k && i < KEPT_MAX; i++)
        arena_done(&k->items[i].arena);
    if (k)
        pthread_mutex_destroy(&k->lock);
    free(k);
    return NULL;
}

static bool is_of(const struct cached_page *x, const struct visit *v)
{
    return x->template && x->role == v->who.actor.role && x->lang == v->lang &&
           id_eq(x->unit, v->who.actor.unit) &&
           slice_eq(slice_of(x->asked, x->asked_size), v->x->asked);
}

static void page_cache_forget(struct cached_page *x)
{
    arena_done(&x->arena);
    *x = (struct cached_page){.template = NULL};
}

/* The one that still holds, with one more reader. */
static struct cached_page *page_cache_find(struct page_cache *k, const struct visit *v, int64_t seq)
{
    int64_t oldest = state_now(v->s) - v->route->keep * TIME_SECOND;
    struct cached_page *found = NULL;

    pthread_mutex_lock(&k->lock);
    for (size_t i = 0; i < KEPT_MAX && found == NULL; i++) {
        struct cached_page *x = &k->items[i];

        if (is_of(x, v) && x->seq == seq && x->at >= oldest && x->at <= state_now(v->s))
            found = x;
    }
    if (found)
        found->readers++;
    pthread_mutex_unlock(&k->lock);
    return found;
}

/* Where the new one goes: its own old place, an empty one, the oldest. Others that are too much
 * beside it go. The lock is held; NULL: all are read just now, or it is too much alone. */
static struct cached_page *make_room(struct page_cache *k, const struct visit *v, size_t bytes)
{
    struct cached_page *to = NULL;
    size_t sum = bytes;

    if (bytes > KEPT_BYTES_MAX)
        return NULL;
    for (size_t i = 0; i < KEPT_MAX; i++) {
        struct cached_page *x = &k->items[i];

        sum += x->arena.used;
        if (x->readers == 0 && (to == NULL || is_of(x, v) || (x->at < to->at && !is_of(to, v))))
            to = x;
    }
    for (size_t i = 0; i < KEPT_MAX && sum > KEPT_BYTES_MAX; i++) {
        struct cached_page *x = &k->items[i];

        if (x->readers == 0 && x->template) {
            sum -= x->arena.used;
            page_cache_forget(x);
        }
    }
    if (to)
        page_cache_forget(to);
    return sum > KEPT_BYTES_MAX ? NULL : to;
}

/* Takes over the arena, or frees it. */
static void page_cache_add(struct page_cache *k, const struct visit *v, int64_t seq,
                           struct arena *arena, struct page_scope *page)
{
    struct cached_page *x;

    pthread_mutex_lock(&k->lock);
    x = make_room(k, v, arena->used);
    if (x) {
        *x = (struct cached_page){.asked_size = v->x->asked.n,
                                  .unit = v->who.actor.unit,
                                  .role = v->who.actor.role,
                                  .lang = v->lang,
                                  .seq = seq,
                                  .at = state_now(v->s),
                                  .template = v->template,
                                  .arena = *arena,
                                  .page = page};
        memcpy(x->asked, v->x->asked.p, v->x->asked.n);
        *arena = ARENA_INIT(0);
    }
    pthread_mutex_unlock(&k->lock);
    arena_done(arena);
}

static int page_cache_show(struct page_cache *k, struct visit *v, struct cached_page *x,
                           struct err *err)
{
    int r;

    v->page = x->page;
    r = visit_page(v, x->template, err);
    v->page = page_new(v->arena);
    pthread_mutex_lock(&k->lock);
    x->readers--;
    pthread_mutex_unlock(&k->lock);
    return r;
}

int page_cache_run(struct visit *v, struct err *err)
{
    struct page_cache *k = v->web->kept;
    struct state_audit_head head;
    struct arena arena = ARENA_INIT(KEPT_ROOM);
    struct page_scope *page;
    struct cached_page *x;
    int r;

    if (v->x->asked.n > KEPT_ASKED_MAX)
        return v->route->run(v, err);
    r = state_audit_head(v->s, &head, err);
    if (r < 0)
        return r;
    x = page_cache_find(k, v, head.seq);
    if (x)
        return page_cache_show(k, v, x, err);
    page = v->page = page_new(&arena);
    r = v->route->run(v, err);
    v->page = page_new(v->arena);
    if (r == 0 && v->template && v->stay.lane == LANE_QUICK && v->x->reply.status == 200)
        page_cache_add(k, v, head.seq, &arena, page);
    else
        arena_done(&arena);
    return r;
}
