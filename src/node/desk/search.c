/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks at the journal (control/search.h): who may see what is settled here and told to keep, which
 * writes down who looks and why before anything is seen; then canh-search is started with the
 * asker's connection and a ticket.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sodium.h>

#include "alert/alert.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/time.h"
#include "case/case.h"
#include "event/stream.h"
#include "lang/err_node.h"
#include "lang/error.h"
#include "node/desk/desk.h"
#include "node/desk/search.h"
#include "os/bulk.h"
#include "state/audit.h"
#include "state/sources.h"
#include "state/units.h"

#define AROUND_SPAN (15 * TIME_MINUTE)
#define AWAY_MAX    (10 * TIME_MINUTE)
enum {
    WAITING_MAX = 32,
    UNITS_MAX = 3500, /* of a scope, in one frame */
    ARGS_BYTES = 60 * 1024,
};

/* One whose ticket keep has not stamped yet. */
struct waiting_search {
    struct waiting_search *next;
    uint8_t ticket[WIRE_TICKET];
    int client, query; /* descriptors */
};

struct search_make {
    struct desk *d;
    const struct state_actor *actor;
    const struct control_args *asked;
    struct control_args args; /* for canh-search */
    struct arena arena;
    struct slice stream, purpose, case_id, query;
    struct state_id unit; /* only this one and those below it; none: the actor's whole scope */
    uint8_t ticket[WIRE_TICKET];
};

static void waiting_free(struct waiting_search *w)
{
    fd_closep(&w->client);
    fd_closep(&w->query);
    free(w);
}

/* Tells the asker that nothing comes of it. */
static void search_refuse(int client, int code, const char *why)
{
    struct channel c = {.fd = -1};
    struct buf body = BUF_INIT(400);
    int fd = fcntl(client, F_DUPFD_CLOEXEC, 3);

    frame_put_u32(&body, (uint32_t)-code);
    frame_put_text(&body, slice_str(why));
    if (fd >= 0 && channel_open(&c, fd, NULL, 0, NULL, NULL, NULL, NULL) == 0)
        (void)!channel_send(&c, CONTROL_END, buf_slice(&body), NULL, 0, NULL);
    channel_close(&c);
    buf_done(&body);
}

static bool search_write(struct search_make *m, const char *key, struct slice value)
{
    struct slice kept = arena_dup(&m->arena, value);

    return kept.p && control_write(&m->args, key, kept);
}

static bool write_number(struct search_make *m, const char *key, int64_t v)
{
    struct buf text = BUF_INIT(32);
    bool done;

    buf_append_i64(&text, v);
    done = search_write(m, key, buf_slice(&text));
    buf_done(&text);
    return done;
}

static bool write_id(struct search_make *m, const char *key, struct slice name, struct state_id id)
{
    struct buf text = BUF_INIT(CONTROL_TEXT_MAX);
    bool done;

    buf_append_slice(&text, name);
    buf_putc(&text, '=');
    buf_append_hex(&text, id.b, sizeof(id.b));
    done = search_write(m, key, buf_slice(&text));
    buf_done(&text);
    return done;
}

/* The case must be one, and the actor's to see; only then nothing is masked. */
static int find_case(struct search_make *m, struct err *err)
{
    struct act_ctx ctx = {.s = m->d->s, .arena = &m->arena};
    struct state_case row;
    int r;

    m->case_id = control_text(m->asked, "case");
    if (m->case_id.n == 0)
        return 0;
    r = case_find(&ctx, m->actor, m->case_id, &row, err);
    return r;
}

static int find_unit(struct search_make *m, struct err *err)
{
    struct slice code = control_text(m->asked, "unit");
    struct state_unit unit;
    int r;

    if (code.n == 0)
        return 0;
    r = state_unit_find(m->d->s, m->actor, STATE_ID_NONE, code, &m->arena, &unit, err);
    if (r == -CE_NOT_FOUND)
        return err_fail(err, CE_NOT_FOUND, ERR_NODE_NO_UNIT, code);
    if (r == 0)
        m->unit = unit.id;
    return r;
}

/* Whether the query may mean it: canh-search knows for sure. */
static bool is_named(const struct search_make *m, const char *key, struct slice code)
{
    return slice_find(m->query, slice_str(key)) != SIZE_MAX &&
           slice_find(m->query, code) != SIZE_MAX;
}

/* By its code, and by UNIT/CODE where several units have one of that code. */
static int write_source_name(void *u, const struct state_source *x)
{
    struct search_make *m = u;
    struct state_unit unit = {.code = SLICE_NULL};
    struct buf whole = BUF_INIT(300);
    bool done = true;

    if (!is_named(m, "source:", x->code))
        return 0;
    (void)!state_unit_get(m->d->s, m->actor, x->unit, &m->arena, &unit, NULL);
    buf_printf(&whole, SLICE_FMT "/" SLICE_FMT, SLICE_ARG(unit.code), SLICE_ARG(x->code));
    done = write_id(m, "source_name", x->code, x->id) &&
           write_id(m, "source_name", buf_slice(&whole), x->id);
    buf_done(&whole);
    return done ? 0 : -CE_TOO_BIG;
}

static int write_unit_name(void *u, const struct state_unit *x)
{
    struct search_make *m = u;

    return is_named(m, "unit:", x->code) && !write_id(m, "unit_name", x->code, x->id) ? -CE_TOO_BIG
                                                                                      : 0;
}

/* The ids of names in the query: canh-search has no state. */
static int write_names(struct search_make *m, struct err *err)
{
    struct state_query q = {.limit = 0};
    int r = 0;

    if (slice_find(m->query, SLICE("source:")) != SIZE_MAX)
        r = state_source_each(m->d->s, m->actor, &q, write_source_name, m, err);
    if (r == 0 && slice_find(m->query, SLICE("unit:")) != SIZE_MAX)
        r = state_unit_each(m->d->s, m->actor, &q, write_unit_name, m, err);
    return r;
}

/*
 * Records are looked for by their reception, while an alert has the times that its events claim. It
 * was taken in right behind its first event, unless the desk was away.
 */
static int64_t first_received(const struct state_alert *x)
{
    bool fits = x->first_seen <= x->created && x->created - x->first_seen < AWAY_MAX;

    return fits ? x->first_seen : x->created;
}

static int64_t last_received(const struct state_alert *x)
{
    return x->last_seen > x->created && x->last_seen <= x->changed ? x->last_seen : x->created;
}

/* The alert's own time, source and unit; its id is the purpose. */
static int search_around(struct search_make *m, struct err *err)
{
    struct buf text = BUF_INIT(CONTROL_TEXT_MAX);
    struct state_alert x;
    int64_t before, after;
    int r = alert_get(m->d->s, m->actor, control_text(m->asked, "id"), &m->arena, &x, err);

    if (r == 0)
        r = control_number(m->asked, "before", AROUND_SPAN, &before, err);
    if (r == 0)
        r = control_number(m->asked, "after", AROUND_SPAN, &after, err);
    if (r < 0)
        return r;
    m->stream = SLICE(STREAM_EVENTS);
    m->unit = x.unit;
    buf_printf(&text, "alert " SLICE_FMT, SLICE_ARG(x.code));
    m->purpose = arena_dup(&m->arena, buf_slice(&text));
    buf_clear(&text);
    if (!control_flag(m->asked, "wide") && !id_is_none(x.source)) {
        buf_puts(&text, "source:");
        buf_append_hex(&text, x.source.b, sizeof(x.source.b));
        buf_putc(&text, ' ');
    }
    if (control_text(m->asked, "query").n)
        buf_printf(&text, "(" SLICE_FMT ")", SLICE_ARG(control_text(m->asked, "query")));
    m->query = arena_dup(&m->arena, buf_slice(&text));
    buf_done(&text);
    if (!write_number(m, "from", first_received(&x) - before) ||
        !write_number(m, "until", last_received(&x) + after))
        return err_nomem(err);
    return 0;
}

static bool is_stream(struct slice s)
{
    return slice_is(s, STREAM_ALERTS) || stream_has_events(s);
}

static int refuse_stream(struct slice s, struct err *err)
{
    bool kept =
        slice_is(s, STREAM_AUDIT) || slice_is(s, STREAM_RESULTS) || slice_is(s, STREAM_WINDOWS);

    return kept ? err_fail(err, CE_DENIED, ERR_NODE_STREAM_OF_NO_UNIT, s)
                : err_fail(err, CE_NOT_FOUND, ERR_NODE_NO_STREAM, s);
}

static int local_search(struct search_make *m, struct err *err)
{
    m->stream = control_text(m->asked, "stream");
    m->purpose = control_text(m->asked, "purpose");
    m->query = control_text(m->asked, "query");
    if (!is_stream(m->stream))
        return refuse_stream(m->stream, err);
    return find_unit(m, err);
}

/* What canh-search is told as the asker said it. */
static bool copy_args(struct search_make *m)
{
    static const char *const keys[] = {"limit", "back",     "from", "until", "follow",
                                       "rule",  "count_by", "step", "bins",  "lang"};

    for (size_t i = 0; i < m->asked->count; i++)
        for (size_t k = 0; k < CANH_LEN(keys); k++)
            if (slice_is(m->asked->items[i].key, keys[k]) &&
                !search_write(m, keys[k], m->asked->items[i].value))
                return false;
    return true;
}

/* Everything that canh-search needs, in the order in which it counts: the first of a key does. */
static int search_settle(struct search_make *m, struct slice act, struct err *err)
{
    bool around = slice_is(act, "around"), events;
    char hex[2 * WIRE_TICKET];
    int r = around ? search_around(m, err) : local_search(m, err);

    if (r == 0)
        r = find_case(m, err);
    if (r < 0)
        return r;
    events = stream_has_events(m->stream);
    if (events && m->purpose.n == 0 && m->case_id.n == 0)
        return err_fail(err, CE_MISSING, ERR_NODE_LOOKING_AT_EVENTS_NEEDS_PURPOSE);
    randombytes_buf(m->ticket, sizeof(m->ticket));
    hex_write(hex, m->ticket, sizeof(m->ticket));
    if (!search_write(m, "ticket", slice_of(hex, sizeof(hex))) ||
        !search_write(m, "stream", m->stream) || !search_write(m, "query", m->query) ||
        !search_write(m, "mask", events && m->case_id.n == 0 ? SLICE("1") : SLICE("0")) ||
        !copy_args(m))
        return err_code(err, CE_TOO_BIG);
    return write_names(m, err);
}

struct scope_make {
    struct search_make *m;
    struct buf units;
};

static int write_unit(void *u, const struct state_unit *x)
{
    struct scope_make *s = u;

    if (state_may_read(s->m->d->s, s->m->actor, x->id))
        buf_append(&s->units, x->id.b, sizeof(x->id.b));
    return s->units.err;
}

static int by_id(const void *a, const void *b)
{
    return memcmp(a, b, 16);
}

/* The units whose records the actor may see: in order, for keep. */
static int scope_of(struct search_make *m, struct scope_make *s, bool *ret_all, struct err *err)
{
    struct state_query q = {.unit = m->unit, .below = true};
    size_t waiting;
    int r = state_alert_waiting(m->d->s, m->actor, &waiting, err); /* whether the role may */

    *ret_all = actor_on_behalf(m->actor) && id_is_none(m->unit);
    if (r < 0 || *ret_all)
        return r;
    r = state_unit_each(m->d->s, m->actor, &q, write_unit, s, err);
    if (r < 0)
        return r;
    if (s->units.len)
        qsort(s->units.p, s->units.len / 16, 16, by_id);
    return 0;
}

static int ask_keep(struct search_make *m, struct err *err)
{
    struct scope_make s = {.m = m, .units = BUF_INIT((size_t)UNITS_MAX * 16)};
    struct buf body = BUF_INIT(FRAME_MAX);
    bool all = false;
    int r = scope_of(m, &s, &all, err);

    frame_put_bytes(&body, m->ticket, sizeof(m->ticket));
    frame_put_text(&body, m->stream);
    frame_put_text(&body, m->actor->account);
    frame_put_text(&body, slice_head(m->purpose, WIRE_WORDS_MAX));
    frame_put_text(&body, slice_head(m->case_id, WIRE_WORDS_MAX));
    frame_put_text(&body, slice_head(m->query, WIRE_WORDS_MAX));
    frame_put_u8(&body, all);
    frame_put_text(&body, buf_slice(&s.units));
    if (r == 0 && body.err)
        r = err_code(err, CE_TOO_BIG);
    if (r == 0)
        r = channel_send(&m->d->keep, WIRE_GRANT, buf_slice(&body), NULL, 0, err);
    buf_done(&s.units);
    buf_done(&body);
    return r;
}

static int make_waiting(struct search_make *m, int client, struct err *err)
{
    struct buf body = BUF_INIT(FRAME_MAX);
    struct waiting_search *w = calloc(1, sizeof(*w));
    int r = w ? 0 : err_nomem(err);

    control_args_write(&body, SLICE("search"), &m->args);
    if (r == 0) {
        memcpy(w->ticket, m->ticket, sizeof(w->ticket));
        w->query = -1;
        w->client = fcntl(client, F_DUPFD_CLOEXEC, 3);
        r = body.err || body.len > ARGS_BYTES ? err_code(err, CE_TOO_BIG)
                                              : bulk_make(buf_slice(&body), &w->query, err);
    }
    if (r == 0 && w->client < 0)
        r = err_code(err, CE_NOMEM);
    if (r == 0)
        r = ask_keep(m, err);
    if (r == 0) {
        w->next = m->d->searches;
        m->d->searches = w;
    } else if (w) {
        waiting_free(w);
    }
    buf_done(&body);
    return r;
}

static unsigned count_waiting(const struct desk *d)
{
    unsigned n = 0;

    for (const struct waiting_search *w = d->searches; w; w = w->next)
        n++;
    return n;
}

int desk_search(struct desk *d, const struct state_actor *actor, struct slice act,
                const struct control_args *args, int client, struct err *err)
{
    struct search_make m = {.d = d,
                            .actor = actor,
                            .asked = args,
                            .arena = ARENA_INIT((size_t)4 << 20)};
    struct state_actor who = *actor;
    int r = channel_is_open(&d->keep) && count_waiting(d) < WAITING_MAX
                ? 0
                : err_fail(err, CE_BUSY, ERR_NODE_NO_JOURNAL_NOW);

    if (r == 0)
        r = search_settle(&m, act, err);
    who.purpose = m.purpose.n ? m.purpose : m.case_id;
    if (r == 0)
        r = state_audit_add(d->s, &who, "search", "events", STATE_ID_NONE, m.query, err);
    if (r == 0)
        r = make_waiting(&m, client, err);
    arena_done(&m.arena);
    return r;
}

int desk_receive_granted(void *u, struct frame *f, struct err *err)
{
    struct desk *d = u;
    struct frame_reader r = frame_reader(f->body);
    struct waiting_search **at = &d->searches, *w;
    uint8_t ticket[WIRE_TICKET];
    int code;

    frame_get_bytes(&r, ticket, sizeof(ticket));
    code = -(int)frame_get_u32(&r);
    if (frame_end(&r) < 0)
        return err_fail(err, CE_PEER, ERR_NODE_ANSWER_CANNOT_READ);
    while (*at && memcmp((*at)->ticket, ticket, sizeof(ticket)) != 0)
        at = &(*at)->next;
    w = *at;
    if (w == NULL)
        return 0;
    *at = w->next;
    if (code == 0)
        code = channel_send(&d->role.parent, WIRE_QUERY, SLICE_NULL, (int[]){w->client, w->query},
                            2, NULL);
    if (code < 0)
        search_refuse(w->client, code, "the journal's process refused the look");
    waiting_free(w);
    return 0;
}

void desk_searches_end(struct desk *d)
{
    while (d->searches) {
        struct waiting_search *w = d->searches;

        d->searches = w->next;
        search_refuse(w->client, -CE_BUSY, "the journal's process ended; ask again");
        waiting_free(w);
    }
}

/* A look of this process: its other end is like any client's. */
struct search_call {
    struct desk *d;
    struct search_call *next;
    struct channel channel;
    struct search_sink sink;
    bool ended; /* canh-search said so */
    int code;
    char why[400];
};

static void search_free(struct search_call *l)
{
    struct search_call **at = &l->d->own_looks;

    while (*at != l)
        at = &(*at)->next;
    *at = l->next;
    channel_close(&l->channel);
    free(l);
}

/* The sink is told at last, and once. */
static void search_end(struct search_call *l, int code)
{
    struct search_call ended = *l;

    search_free(l);
    ended.sink.end(ended.sink.u, code, slice_str(ended.why));
}

static int receive_row(void *u, struct frame *f, struct err *err)
{
    struct search_call *l = u;
    struct frame_reader r = frame_reader(f->body);
    struct slice cells[CONTROL_CELLS_MAX];
    uint32_t n = frame_get_u32(&r);

    if (n > CANH_LEN(cells))
        return err_fail(err, CE_PEER, ERR_NODE_ANSWER_CANNOT_READ);
    for (uint32_t i = 0; i < n; i++)
        cells[i] = frame_get_text(&r, FRAME_MAX);
    if (frame_end(&r) < 0)
        return err_fail(err, CE_PEER, ERR_NODE_ANSWER_CANNOT_READ);
    return l->sink.row(l->sink.u, cells, n) == 0 ? 0 : err_code(err, CE_RANGE);
}

static int receive_end(void *u, struct frame *f, struct err *err)
{
    struct search_call *l = u;
    struct frame_reader r = frame_reader(f->body);
    struct slice why;

    l->code = -(int)frame_get_u32(&r);
    why = frame_get_text(&r, sizeof(l->why) - 1);
    if (frame_end(&r) < 0)
        return err_fail(err, CE_PEER, ERR_NODE_ANSWER_CANNOT_READ);
    (void)snprintf(l->why, sizeof(l->why), SLICE_FMT, SLICE_ARG(why));
    l->ended = true;
    return err_code(err, CE_MISSING); /* nothing more comes: search_lost() tells */
}

static void search_lost(void *u, struct channel *c, const struct err *err)
{
    struct search_call *l = u;

    (void)c;
    search_end(l, l->ended ? l->code : err->code == CE_RANGE ? 0 : -CE_BUSY);
}

static const struct frame_rule rules[] = {
    {.type = CONTROL_ROW, .max = FRAME_MAX, .take = receive_row},
    {.type = CONTROL_END, .max = 4000, .take = receive_end},
};

static int begin_search(void *u, const struct state_actor *actor, struct slice act,
                        const struct control_args *args, const struct search_sink *sink,
                        struct search_call **ret, struct err *err)
{
    struct desk *d = u;
    struct search_call *l = calloc(1, sizeof(*l));
    int pair[2], r = l ? channel_pair(pair, err) : err_nomem(err);

    if (r < 0) {
        free(l);
        return r;
    }
    *l = (struct search_call){.d = d, .next = d->own_looks, .channel.fd = -1, .sink = *sink};
    d->own_looks = l;
    r = channel_open(&l->channel, pair[0], rules, CANH_LEN(rules), l, d->role.loop, search_lost,
                     err);
    if (r == 0)
        r = desk_search(d, actor, act, args, pair[1], err);
    fd_closep(&pair[1]);
    if (r < 0) {
        search_free(l);
        return r;
    }
    *ret = l;
    return 0;
}

static void drop_search(void *u, struct search_call *look)
{
    (void)u;
    search_free(look);
}

struct search_host desk_search_host(struct desk *d)
{
    return (struct search_host){.u = d, .begin = begin_search, .drop = drop_search};
}
