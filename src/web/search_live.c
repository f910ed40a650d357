/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Tra cứu", live: what comes from now on and a query finds, as server-sent events. The look is the
 * one of `canh tail --events` (control/search.h): who looks and why is written down when it begins,
 * the scope is theirs, people stay masked without a case.
 *
 *     hit     a record; its id is "received-offset", from which Last-Event-ID goes on
 *     passed  how many more came in a second than are told one by one
 *     end     why nothing more comes
 */
#include <stdlib.h>

#include "base/num.h"
#include "base/time.h"
#include "lang/err_web.h"
#include "web/api.h"
#include "web/page_search.h"

enum {
    HITS_A_SECOND = 50,
    LIVE_SEARCHES = 32, /* each has a process of its own */
    EVENT_MAX = 256 << 10,
    CELL_AT = 1,
    CELL_OFFSET = 2,
    CELL_SOURCE = 3,
    CELL_TEXT = 5
};

struct live_search {
    struct desk_web *web;
    struct search_call *call; /* NULL: it has ended */
    struct http_stream *stream;
    struct buf early; /* what was found before there was a stream */
    bool ended;
    int64_t from, after; /* the last record that was told: received, offset */
    int64_t second;      /* of which these are: */
    unsigned hits;
    uint64_t passed;
};

static void search_send(struct live_search *l, const char *event, struct slice id,
                        struct slice data)
{
    struct buf text = BUF_INIT(EVENT_MAX);

    if (id.n)
        buf_printf(&text, "id: " SLICE_FMT "\n", SLICE_ARG(id));
    buf_printf(&text, "event: %s\ndata: ", event);
    buf_append_slice(&text, data);
    buf_puts(&text, "\n\n");
    if (text.err)
        l->passed++;
    else if (l->stream)
        (void)http_stream_send(l->stream, buf_slice(&text));
    else
        buf_append_slice(&l->early, buf_slice(&text));
    buf_done(&text);
}

static void tell_passed(void *u)
{
    struct live_search *l = u;
    struct buf data = BUF_INIT(100);

    if (l->passed == 0)
        return;
    buf_printf(&data, "{\"count\":%llu}", (unsigned long long)l->passed);
    l->passed = 0;
    search_send(l, "passed", SLICE_NULL, buf_slice(&data));
    buf_done(&data);
}

static void tell_hit(struct live_search *l, const struct slice *cells)
{
    struct buf data = BUF_INIT(EVENT_MAX), id = BUF_INIT(64);
    struct arena arena = ARENA_INIT(64 << 10);
    struct json_write w = JSON_WRITE_INIT(&data);

    api_write_event(&w, l->from, source_name(l->web->state, cells[CELL_SOURCE], &arena),
                    cells[CELL_TEXT]);
    buf_printf(&id, "%lld-%lld", (long long)l->from, (long long)l->after);
    if (data.err == 0)
        search_send(l, "hit", buf_slice(&id), buf_slice(&data));
    else
        l->passed++;
    arena_done(&arena);
    buf_done(&data);
    buf_done(&id);
}

static int add_hit(void *u, const struct slice *cells, size_t n)
{
    struct live_search *l = u;
    int64_t at = 0, offset = 0, second;

    if (n <= CELL_TEXT || !slice_is(cells[0], "record") ||
        num_range(cells[CELL_AT], 0, INT64_MAX, &at) < 0 ||
        num_range(cells[CELL_OFFSET], 0, INT64_MAX, &offset) < 0 || at < l->from ||
        (at == l->from && offset <= l->after))
        return 0;
    l->from = at;
    l->after = offset;
    second = state_now(l->web->state) / TIME_SECOND;
    if (second != l->second) {
        tell_passed(l);
        l->second = second;
        l->hits = 0;
    }
    if (l->hits++ < HITS_A_SECOND)
        tell_hit(l, cells);
    else
        l->passed++;
    return 0;
}

/* The journal's process may have begun anew: then whoever listens comes back. */
static void on_end(void *u, int code, struct slice why)
{
    struct live_search *l = u;

    (void)why; /* the page that listens has said it */
    l->call = NULL;
    l->ended = true;
    tell_passed(l);
    if (code != 0 && code != -CE_BUSY)
        search_send(l, "end", SLICE_NULL, SLICE("{}"));
    if (l->stream)
        http_stream_close(l->stream);
}

/* Nobody listens any more. */
static void on_over(void *u)
{
    struct live_search *l = u;

    if (l->call)
        l->web->search.drop(l->web->search.u, l->call);
    l->web->live_searches--;
    buf_done(&l->early);
    free(l);
}

/* From where: behind what was heard last, else from the time that the page was made. */
static void read_place(const struct visit *v, struct live_search *l)
{
    struct slice rest = http_header(v->x, "Last-Event-ID"), at;
    const int64_t now = state_now(v->s);

    l->from = now;
    l->after = -1;
    if (num_range(visit_query(v, "from"), 1, now, &l->from) < 0)
        l->from = now;
    if (slice_cut(&rest, '-', &at) && num_range(at, 1, now, &l->from) == 0)
        (void)!num_range(rest, 0, INT64_MAX, &l->after);
}

static int begin_look(struct visit *v, struct live_search *l, struct err *err)
{
    const struct search_host *host = &v->web->search;
    const struct search_sink sink = {.row = add_hit, .end = on_end, .u = l};
    struct control_args args;

    read_place(v, l);
    if (!search_write_asked(v, &args) || !control_write(&args, "follow", SLICE("1")) ||
        !search_write_number(v, &args, "from", l->from))
        return err_fail(err, CE_TOO_BIG, ERR_WEB_RESULT_TOO_LARGE);
    return host->begin(host->u, &v->who.actor, SLICE("search"), &args, &sink, &l->call, err);
}

int get_search_live(struct visit *v, struct err *err)
{
    static const struct live_apart apart = {.tick = tell_passed, .over = on_over};
    struct live_search *l;
    int r;

    if (search_asked(v, "q").n == 0)
        return err_fail(err, CE_MISSING, ERR_WEB_SEARCH_FOR_WHAT);
    r = search_check(v, err);
    if (r == 0 && v->web->live_searches >= LIVE_SEARCHES)
        r = err_fail(err, CE_BUSY, ERR_WEB_TOO_MANY_LIVE_PAGES_OPEN);
    if (r < 0)
        return r;
    l = calloc(1, sizeof(*l));
    if (l == NULL)
        return err_nomem(err);
    l->web = v->web;
    l->early = BUF_INIT(EVENT_MAX);
    search_send(l, "hello", SLICE_NULL, SLICE("{}"));
    r = begin_look(v, l, err);
    if (r == 0)
        r = live_listen(v, &apart, l, &l->stream, err);
    if (r < 0) {
        if (l->call)
            v->web->search.drop(v->web->search.u, l->call);
        buf_done(&l->early);
        free(l);
        return r;
    }
    v->web->live_searches++;
    (void)http_stream_send(l->stream, buf_slice(&l->early));
    buf_done(&l->early);
    if (l->ended)
        http_stream_close(l->stream);
    return 0;
}
