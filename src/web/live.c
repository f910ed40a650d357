/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Server-sent events: what changed, never what it says. A page that hears of a change asks for
 * itself again, so that what it shows is always what the server would show.
 *
 * Events have numbers "generation-sequence"; the last RING_MAX are kept. Who comes back with a
 * number of this generation that is still kept gets what came after it; anybody else who brings a
 * number is told to look at everything again (event "all").
 */
#include <stdlib.h>

#include <sodium.h>

#include "lang/err_web.h"
#include "web/web_internal.h"

/* A browser opens six connections to a server: beyond so many the oldest ends, which is that of a
 * page just left, or of a tab that was not looked at for long. */
enum { RING_MAX = 1024, STREAMS_MAX = 512, STREAMS_OF_ONE = 4 };
#define BEAT_EVERY (15 * TIME_SECOND)

struct live_event {
    uint64_t number;
    const char *what;
    struct state_id unit, row;
    bool own; /* for those of this very unit; else for all that may read it */
};

struct listener {
    struct listener *next;
    struct live *live;
    struct http_stream *stream;
    struct state_actor actor;
    const struct live_apart *apart; /* NULL: hears what changed */
    void *u;
    bool leaving;                     /* was told to end */
    char session[SESSION_SECRET + 1]; /* the same for all its tokens */
    char token[SESSION_SECRET + 1];
};

struct live {
    struct desk_web *web;
    struct listener *listeners;
    unsigned count, leaving, most;
    uint64_t generation, last; /* last: number of the newest event */
    struct live_event ring[RING_MAX];
    int64_t beat;
};

int live_new(struct live **ret, struct desk_web *w, unsigned most, struct err *err)
{
    struct live *l = calloc(1, sizeof(*l));

    if (l == NULL)
        return err_nomem(err);
    l->web = w;
    l->most = most ? most : STREAMS_MAX;
    randombytes_buf(&l->generation, 6);
    *ret = l;
    return 0;
}

struct live *live_free(struct live *l)
{
    free(l);
    return NULL;
}

static void on_ended(void *user)
{
    struct listener *x = user;
    struct listener **at = &x->live->listeners;

    while (*at != x)
        at = &(*at)->next;
    *at = x->next;
    x->live->count--;
    x->live->leaving -= x->leaving;
    sodium_memzero(x->token, sizeof(x->token));
    if (x->apart)
        x->apart->over(x->u);
    free(x);
}

static void write_event(struct buf *out, const struct live *l, const struct live_event *e)
{
    struct buf id = BUF_INIT(64);

    if (!id_is_none(e->row))
        id_write(&id, e->row);
    buf_printf(out, "id: %llx-%llu\nevent: %s\ndata: {\"id\":\"%s\"}\n\n",
               (unsigned long long)l->generation, (unsigned long long)e->number, e->what,
               buf_cstr(&id));
    buf_done(&id);
}

static bool may_hear(const struct listener *x, const struct live_event *e)
{
    if (x->apart)
        return false;
    if (e->own)
        return id_eq(x->actor.unit, e->unit);
    return id_is_none(e->unit) || state_may_read(x->live->web->state, &x->actor, e->unit);
}

static void live_tell(struct live *l, const struct live_event *told)
{
    struct live_event *e = &l->ring[++l->last % RING_MAX];
    struct buf text = BUF_INIT(300);

    *e = *told;
    e->number = l->last;
    write_event(&text, l, e);
    for (struct listener *x = l->listeners; x; x = x->next) {
        if (!x->leaving && may_hear(x, e))
            (void)http_stream_send(x->stream, buf_slice(&text));
    }
    buf_done(&text);
}

void live_changed(struct live *l, const char *what, struct state_id unit, struct state_id row)
{
    live_tell(l, &(struct live_event){.what = what, .unit = unit, .row = row});
}

void live_renewed(struct live *l, const char *what, struct state_id unit)
{
    live_tell(l, &(struct live_event){.what = what, .unit = unit, .own = true});
}

/* Where the last visit ended: true and the number, or false: everything is to be looked at again.
 */
static bool resume_at(const struct live *l, struct slice id, uint64_t *ret)
{
    unsigned long long generation = 0, number = 0;
    size_t cut = slice_find_byte(id, '-');

    if (cut == SIZE_MAX || cut == 0 || cut > 16 || id.n - cut - 1 == 0 || id.n - cut - 1 > 19)
        return false;
    for (size_t i = 0; i < id.n; i++) {
        uint8_t c = id.p[i];
        unsigned v = c >= '0' && c <= '9'   ? c - '0' + 0u
                     : c >= 'a' && c <= 'f' ? c - 'a' + 10u
                                            : 16u;

        if (i == cut)
            continue;
        if (v > (i < cut ? 15u : 9u))
            return false;
        if (i < cut)
            generation = generation << 4 | v;
        else
            number = number * 10 + v;
    }
    *ret = number;
    return generation == l->generation && number <= l->last && l->last - number < RING_MAX;
}

static void send_missed(struct listener *x, struct slice last_id)
{
    struct live *l = x->live;
    struct buf text = BUF_INIT(256 << 10);
    uint64_t number = 0;

    buf_puts(&text, "retry: 3000\n");
    if (last_id.n == 0 || !resume_at(l, last_id, &number)) {
        buf_printf(&text, "id: %llx-%llu\nevent: %s\ndata: {}\n\n",
                   (unsigned long long)l->generation, (unsigned long long)l->last,
                   last_id.n == 0 ? "hello" : "all");
        number = l->last;
    }
    for (number++; number <= l->last; number++) {
        const struct live_event *e = &l->ring[number % RING_MAX];

        if (may_hear(x, e))
            write_event(&text, l, e);
    }
    (void)http_stream_send(x->stream, buf_slice(&text));
    buf_done(&text);
}

/* Before one more of the session: the page whose stream ends asks every minute instead, and listens
 * again when it is looked at. */
static void end_oldest(struct live *l, const char *session)
{
    struct listener *oldest = NULL;
    unsigned n = 0;

    for (struct listener *x = l->listeners; x; x = x->next) { /* the newest comes first */
        if (x->leaving || strcmp(x->session, session) != 0)
            continue;
        oldest = x;
        n++;
    }
    if (n < STREAMS_OF_ONE)
        return;
    oldest->leaving = true;
    l->leaving++;
    (void)http_stream_send(oldest->stream, SLICE("event: full\ndata: {}\n\n"));
    http_stream_close(oldest->stream);
}

static int listener_new(struct visit *v, const struct live_apart *apart, void *u,
                        struct listener **ret, struct err *err)
{
    struct live *l = v->web->live;
    struct listener *x;

    end_oldest(l, v->who.csrf);
    if (l->count - l->leaving >= l->most)
        return err_fail(err, CE_BUSY, ERR_WEB_TOO_MANY_LIVE_PAGES_OPEN);
    x = calloc(1, sizeof(*x));
    if (x == NULL)
        return err_nomem(err);
    x->live = l;
    x->actor = v->who.actor;
    x->actor.purpose = SLICE_NULL;
    x->apart = apart;
    x->u = u;
    memcpy(x->session, v->who.csrf, sizeof(x->session));
    memcpy(x->token, v->token.p, CANH_MIN(v->token.n, sizeof(x->token) - 1));
    x->stream = http_stream_open(v->x, on_ended, x);
    if (x->stream == NULL) {
        free(x);
        return err_nomem(err);
    }
    x->next = l->listeners;
    l->listeners = x;
    l->count++;
    v->x->reply.status = 200;
    v->x->reply.type = "text/event-stream";
    http_reply_header(v->x, "Cache-Control", SLICE("no-store"));
    *ret = x;
    return 0;
}

int get_live(struct visit *v, struct err *err)
{
    struct listener *x;
    int r = listener_new(v, NULL, NULL, &x, err);

    if (r == 0)
        send_missed(x, http_header(v->x, "Last-Event-ID"));
    return r;
}

int live_listen(struct visit *v, const struct live_apart *apart, void *u, struct http_stream **ret,
                struct err *err)
{
    struct listener *x;
    int r = listener_new(v, apart, u, &x, err);

    if (r == 0)
        *ret = x->stream;
    return r;
}

/* What was settled when somebody began to listen holds for whom they were then. */
static bool may_stay(const struct listener *x, const struct state_actor *now)
{
    return x->apart == NULL || (x->actor.role == now->role && id_eq(x->actor.unit, now->unit));
}

/* The session may have ended, the role been taken away: those who may not hear any more are closed,
 * the others are told that the line stands. */
void live_tick(struct live *l)
{
    enum visitor_trace trace = lane_writes(l->web->aparts) ? VISITOR_NONE : VISITOR_SEEN;
    int64_t now = state_now(l->web->state);
    struct buf text = BUF_INIT(200);

    if (now - l->beat < BEAT_EVERY && now >= l->beat)
        return;
    l->beat = now;
    buf_puts(&text, ": beat\nevent: beat\ndata: {}\n\n");
    for (struct listener *x = l->listeners; x; x = x->next) {
        struct arena arena = ARENA_INIT(64 << 10);
        struct visitor who;

        if (x->leaving)
            continue;
        if (visitor_of(l->web->state, slice_str(x->token), trace, &arena, &who, NULL) == 0 &&
            may_stay(x, &who.actor)) {
            x->actor = who.actor;
            if (x->apart)
                x->apart->tick(x->u);
            (void)http_stream_send(x->stream, buf_slice(&text));
        } else {
            (void)http_stream_send(x->stream, SLICE("event: bye\ndata: {}\n\n"));
            http_stream_close(x->stream);
        }
        arena_done(&arena);
    }
    buf_done(&text);
}
