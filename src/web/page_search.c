/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Tra cứu": what the journal has, by a query (docs/query.md), with how many there were when. Two
 * looks at once: the bars of the whole span, and its first records. Why somebody looks is asked for
 * and written down by whoever looks (control/look.h); without a case people stay masked.
 */
#include <stdlib.h>

#include "base/num.h"
#include "base/time.h"
#include "case/case.h"
#include "lang/err_web.h"
#include "lang/error.h"
#include "lang/msg_console.h"
#include "state/sources.h"
#include "web/web_internal.h"

enum { ROWS_MOST = 200, BARS = 48, BINS_MAX = 500 };
enum { BAR_WIDTH = 10, BAR_HEIGHT = 80 }; /* of the drawing */
enum { CELL_AT = 1, CELL_COUNT = 2, CELL_SOURCE = 3, CELL_TEXT = 5 };
#define LIVE_EVERY "15"            /* seconds */
#define UNTIL_MAX  (INT64_MAX / 2) /* a bar ends before time does */

/* Spans that are offered; the first one is chosen when nothing is. */
static const struct span {
    const char *key;
    int64_t length;
    msg_id text;
} spans[] = {{"1d", TIME_DAY, MSG_CONSOLE_SEARCH_1D},
             {"15m", 15 * TIME_MINUTE, MSG_CONSOLE_SEARCH_15M},
             {"1h", TIME_HOUR, MSG_CONSOLE_SEARCH_1H},
             {"7d", 7 * TIME_DAY, MSG_CONSOLE_SEARCH_7D},
             {"30d", 30 * TIME_DAY, MSG_CONSOLE_SEARCH_30D}};

struct found_record {
    int64_t at;
    struct slice source, text;
};

struct found_bin {
    int64_t at, count;
};

struct search_look {
    struct visit *v;
    struct look *looks[2]; /* that go on: bars, records */
    unsigned pending;
    bool began; /* the route has returned */
    int64_t from, until, step, matches;
    struct found_record *records;
    struct found_bin *bins;
    size_t record_count, bin_count;
    bool more;
    int code;
    struct slice why;
};

static const struct span *span_asked(const struct visit *v)
{
    for (size_t i = 0; i < CANH_LEN(spans); i++)
        if (slice_is(visit_query(v, "last"), spans[i].key))
            return &spans[i];
    return &spans[0];
}

/* What comes. */

static int take_bin(void *u, const struct slice *cells, size_t n)
{
    struct search_look *l = u;
    struct found_bin *bin = &l->bins[l->bin_count];

    if (n > CELL_COUNT && slice_is(cells[0], "summary"))
        (void)!num_range(cells[CELL_AT], 0, INT64_MAX, &l->matches);
    if (n <= CELL_COUNT || !slice_is(cells[0], "bin") || l->bin_count == BINS_MAX ||
        num_range(cells[CELL_AT], 0, INT64_MAX, &bin->at) < 0 ||
        num_range(cells[CELL_COUNT], 0, INT64_MAX, &bin->count) < 0)
        return 0;
    l->bin_count++;
    return 0;
}

static int take_record(void *u, const struct slice *cells, size_t n)
{
    struct search_look *l = u;
    struct found_record *row = &l->records[l->record_count];

    if (n <= CELL_TEXT || !slice_is(cells[0], "record") ||
        num_range(cells[CELL_AT], 0, INT64_MAX, &row->at) < 0)
        return 0;
    if (l->record_count == ROWS_MOST) {
        l->more = true;
        return 0;
    }
    row->source = arena_dup(l->v->arena, cells[CELL_SOURCE]);
    row->text = arena_dup(l->v->arena, cells[CELL_TEXT]);
    l->record_count++;
    return 0;
}

/* The page. */

static int show_form(struct visit *v, struct slice message, unsigned status, struct err *err)
{
    static const char *const kept[] = {"q", "purpose", "case"};
    int r = visit_write_case_choices(v, visit_query(v, "case"), err);

    for (size_t i = 0; i < CANH_LEN(spans); i++) {
        struct page_scope *row = page_add(v->page, "spans");

        page_set_text(row, "span", spans[i].key);
        page_set_text(row, "span_title", lang_text(v->lang, spans[i].text));
        page_set_flag(row, "span_chosen", span_asked(v) == &spans[i]);
    }
    for (size_t i = 0; i < CANH_LEN(kept); i++)
        page_set(v->page, kept[i], visit_query(v, kept[i]));
    page_set_flag(v->page, "live", slice_is(visit_query(v, "live"), "1"));
    page_set(v->page, "message", message);
    if (r == 0)
        r = visit_page(v, "search", err);
    v->x->reply.status = status;
    return r;
}

/* The same search of one bar's time alone. */
static void write_bar_link(struct search_look *l, struct page_scope *row, int64_t at)
{
    static const char *const kept[] = {"q", "purpose", "case"};
    struct buf href = BUF_INIT(URI_TARGET_MAX);

    buf_puts(&href, "/search?");
    for (size_t i = 0; i < CANH_LEN(kept); i++) {
        buf_printf(&href, "%s=", kept[i]);
        uri_write_escaped(&href, visit_query(l->v, kept[i]));
        buf_putc(&href, '&');
    }
    buf_printf(&href, "from=%lld&until=%lld", (long long)at, (long long)(at + l->step));
    page_set_buf(row, "bar_href", &href);
}

static void write_bars(struct search_look *l)
{
    struct visit *v = l->v;
    int64_t most = 1;

    for (size_t i = 0; i < l->bin_count; i++)
        most = CANH_MAX(most, l->bins[i].count);
    for (size_t i = 0; i < l->bin_count; i++) {
        const struct found_bin *b = &l->bins[i];
        struct page_scope *row = page_add(v->page, "bars");
        int64_t tall = CANH_MAX(b->count * BAR_HEIGHT / most, (int64_t)(b->count > 0));

        page_set_when(row, "bar_at", b->at, 0);
        page_set_i64(row, "bar_count", b->count);
        page_set_i64(row, "bar_x", (b->at - l->from) / l->step * BAR_WIDTH);
        page_set_i64(row, "bar_y", BAR_HEIGHT - tall);
        page_set_i64(row, "bar_tall", tall);
        write_bar_link(l, row, b->at);
    }
    page_set_i64(v->page, "bars_width", ((l->until - l->from) / l->step + 1) * BAR_WIDTH);
    page_set_flag(v->page, "any_bars", l->bin_count > 0);
}

static void write_records(struct search_look *l)
{
    const struct state_actor all = state_actor_system();
    struct visit *v = l->v;

    for (size_t i = 0; i < l->record_count; i++) {
        struct page_scope *row = page_add(v->page, "events");
        struct state_source x = {.name = SLICE_NULL};
        struct state_id id;

        if (id_parse(l->records[i].source, &id) == 0)
            (void)!state_source_get(v->s, &all, id, v->arena, &x, NULL);
        page_set_when(row, "at", l->records[i].at, 0);
        page_set(row, "source", x.name.n ? x.name : x.code);
        page_set(row, "text", l->records[i].text);
    }
    page_set_flag(v->page, "more", l->more);
    page_set_i64(v->page, "matches", CANH_MAX(l->matches, (int64_t)l->record_count));
}

static int show_found(struct search_look *l, struct err *err)
{
    struct visit *v = l->v;

    if (l->code != 0)
        return show_form(v, l->why, 422, err);
    write_bars(l);
    write_records(l);
    page_set_flag(v->page, "searched", true);
    page_set_when(v->page, "span_from", l->from, 0);
    page_set_when(v->page, "span_until", l->until, 0);
    if (slice_is(visit_query(v, "live"), "1"))
        http_reply_header(v->x, "Refresh", SLICE(LIVE_EVERY));
    return show_form(v, SLICE_NULL, 200, err);
}

/* Both are at their end. */
static void search_reply(struct search_look *l)
{
    struct visit *v = l->v;
    struct err err = ERR_INIT;

    v->job = NULL;
    v->answered = true;
    if (show_found(l, &err) < 0)
        visit_reply_err(v, &err);
    if (l->began)
        visit_reply_now(v);
    free(l);
}

static void look_ended(struct search_look *l, size_t which, int code, struct slice why)
{
    l->looks[which] = NULL;
    if (code != 0 && l->code == 0) {
        l->code = code;
        l->why = arena_dup(l->v->arena, why);
    }
    if (--l->pending == 0)
        search_reply(l);
}

static void bins_end(void *u, int code, struct slice why)
{
    look_ended(u, 0, code, why);
}

static void records_end(void *u, int code, struct slice why)
{
    look_ended(u, 1, code, why);
}

/* Whoever asked is gone, or pressed stop: nobody goes on looking. */
static void search_forget(void *u)
{
    struct search_look *l = u;

    for (size_t i = 0; i < CANH_LEN(l->looks); i++)
        if (l->looks[i])
            l->v->web->look.drop(l->v->web->look.u, l->looks[i]);
    free(l);
}

/* The question. */

static bool write_number(struct visit *v, struct control_args *args, const char *key, int64_t n)
{
    struct buf text = BUF_INIT(40);
    struct slice kept;

    buf_append_i64(&text, n);
    kept = arena_dup(v->arena, buf_slice(&text));
    buf_done(&text);
    return kept.p && control_write(args, key, kept);
}

static bool write_args(const struct search_look *l, struct control_args *args, bool bars)
{
    struct visit *v = l->v;
    struct slice number = visit_query(v, "case");

    *args = (struct control_args){.count = 0};
    return control_write(args, "stream", SLICE("events/default")) &&
           control_write(args, "query", visit_query(v, "q")) &&
           control_write(args, "purpose", visit_query(v, "purpose")) &&
           (number.n == 0 || control_write(args, "case", number)) &&
           control_write(args, "lang", slice_str(lang_to_str(v->lang))) &&
           write_number(v, args, "from", l->from) && write_number(v, args, "until", l->until) &&
           (bars ? write_number(v, args, "step", l->step)
                 : write_number(v, args, "limit", ROWS_MOST + 1));
}

/* From so long ago to now, or the time of a bar. */
static void find_span(struct search_look *l)
{
    const struct visit *v = l->v;
    const int64_t now = state_now(v->s);

    l->until = now + 1;
    l->from = now - span_asked(v)->length;
    if (num_range(visit_query(v, "from"), 1, now, &l->from) == 0 &&
        num_range(visit_query(v, "until"), l->from + 1, UNTIL_MAX, &l->until) < 0)
        l->until = now + 1;
    l->step = CANH_MAX((l->until - l->from) / BARS, TIME_SECOND);
    l->from -= l->from % l->step; /* as bins are cut */
}

static int begin_look(struct search_look *l, size_t which, struct err *err)
{
    const struct look_host *host = &l->v->web->look;
    const struct look_sink sink = {.row = which ? take_record : take_bin,
                                   .end = which ? records_end : bins_end,
                                   .u = l};
    struct control_args args;

    return write_args(l, &args, which == 0)
               ? host->begin(host->u, &l->v->who.actor, SLICE("search"), &args, &sink,
                             &l->looks[which], err)
               : err_fail(err, CE_TOO_BIG, ERR_WEB_RESULT_TOO_LARGE);
}

static int search_begin(struct visit *v, struct err *err)
{
    struct search_look *l = calloc(1, sizeof(*l));
    int r;

    if (l == NULL)
        return err_nomem(err);
    l->v = v;
    l->records = arena_new_array(v->arena, ROWS_MOST + 1, struct found_record);
    l->bins = arena_new_array(v->arena, BINS_MAX + 1, struct found_bin);
    l->pending = CANH_LEN(l->looks);
    find_span(l);
    v->job = l;
    v->forget = search_forget;
    r = l->records && l->bins ? begin_look(l, 0, err) : err_nomem(err);
    if (r == 0)
        r = begin_look(l, 1, err);
    if (r < 0) {
        v->job = NULL;
        search_forget(l);
    } else if (!v->answered) {
        l->began = v->later = true;
    }
    return r;
}

int page_search(struct visit *v, struct err *err)
{
    struct buf why = BUF_INIT(2000);
    struct err said = ERR_INIT;
    int r = 0;

    if (visit_query(v, "q").n == 0)
        return show_form(v, SLICE_NULL, 200, err);
    if (visit_query(v, "purpose").n == 0 && visit_query(v, "case").n == 0)
        r = err_fail(&said, CE_MISSING, ERR_WEB_SEARCH_NEEDS_PURPOSE);
    else if (v->web->look.begin == NULL)
        r = err_fail(&said, CE_BUSY, ERR_WEB_NO_JOURNAL_HERE);
    else
        r = search_begin(v, &said);
    if (r == 0)
        return 0;
    error_write(&why, v->lang, &said);
    r = show_form(v, arena_dup(v->arena, buf_slice(&why)), r == -CE_BUSY ? 503 : 422, err);
    buf_done(&why);
    return r;
}
