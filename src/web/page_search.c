/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Tra cứu": what the journal has, by a query (docs/query.md) or a Sigma rule, with how many there
 * were when. Two searches at once: the bars of the whole span, and its first records, or how often
 * a field has which value. Why somebody looks is asked for and written down by whoever looks
 * (control/search.h); without a case people stay masked.
 */
#include <stdlib.h>

#include "base/num.h"
#include "base/time.h"
#include "case/case.h"
#include "lang/err_web.h"
#include "lang/error.h"
#include "lang/msg_console.h"
#include "lang/msg_journal.h"
#include "state/units.h"
#include "web/api.h"
#include "web/page_search.h"

enum { ROWS_MOST = 200, BARS = 48, BINS_MAX = 500, UNITS_MOST = 500 };
enum { BAR_WIDTH = 10, BAR_HEIGHT = 80 }; /* of the drawing */
enum { CELL_AT = 1, CELL_COUNT = 2, CELL_SOURCE = 3, CELL_TEXT = 5 };
#define UNTIL_MAX (INT64_MAX / 2) /* a bar ends before time does */

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

struct search_view {
    struct visit *v;
    struct search_call *calls[2]; /* that go on: bars, records */
    unsigned pending;
    bool began; /* the route has returned */
    struct search_found found;
    int code;
    struct slice why;
};

static const struct span *span_asked(const struct visit *v)
{
    for (size_t i = 0; i < CANH_LEN(spans); i++)
        if (slice_is(search_asked(v, "last"), spans[i].key))
            return &spans[i];
    return &spans[0];
}

/* What comes. */

/* The last row of a look. That of the records ends early: it knows of the values alone. */
static void read_summary(struct search_found *f, const struct slice *cells, size_t n, bool values)
{
    static const uint8_t at[UNSEEN_MAX] = {
        [UNSEEN_DAMAGED] = 2,  [UNSEEN_UNDECODED] = 3,    [UNSEEN_PARTLY] = 4,  [UNSEEN_GAPS] = 5,
        [UNSEEN_REDACTED] = 6, [UNSEEN_OTHER_VALUES] = 7, [UNSEEN_WITHOUT] = 8, [UNSEEN_GONE] = 11};

    if (!values)
        (void)!num_range(cells[CELL_AT], 0, INT64_MAX, &f->matches);
    for (size_t i = 0; i < UNSEEN_MAX; i++)
        if (at[i] < n && (i == UNSEEN_OTHER_VALUES || i == UNSEEN_WITHOUT) == values)
            (void)!num_range(cells[at[i]], 0, INT64_MAX, &f->unseen[i]);
}

static int add_bin(void *u, const struct slice *cells, size_t n)
{
    struct search_found *f = &((struct search_view *)u)->found;
    struct found_bin *bin = &f->bins[f->bin_count];

    if (n > CELL_COUNT && slice_is(cells[0], "summary"))
        read_summary(f, cells, n, false);
    if (n <= CELL_COUNT || !slice_is(cells[0], "bin") || f->bin_count == BINS_MAX ||
        num_range(cells[CELL_AT], 0, INT64_MAX, &bin->at) < 0 ||
        num_range(cells[CELL_COUNT], 0, INT64_MAX, &bin->count) < 0)
        return 0;
    f->bin_count++;
    return 0;
}

static void add_value(struct search_view *l, const struct slice *cells)
{
    struct search_found *f = &l->found;
    struct found_value *row = &f->values[f->value_count];

    if (f->value_count == ROWS_MOST) {
        f->more = true;
        return;
    }
    (void)!num_range(cells[CELL_AT], 0, INT64_MAX, &row->count);
    row->value = arena_dup(l->v->arena, cells[CELL_COUNT]);
    f->value_count++;
}

static void add_found(struct search_view *l, const struct slice *cells)
{
    struct search_found *f = &l->found;
    struct found_record *row = &f->records[f->record_count];

    if (num_range(cells[CELL_AT], 0, INT64_MAX, &row->at) < 0)
        return;
    if (f->record_count == ROWS_MOST) {
        f->more = true;
        return;
    }
    row->source = arena_dup(l->v->arena, cells[CELL_SOURCE]);
    row->text = arena_dup(l->v->arena, cells[CELL_TEXT]);
    f->record_count++;
}

static int add_record(void *u, const struct slice *cells, size_t n)
{
    struct search_view *l = u;

    if (n > CELL_TEXT && slice_is(cells[0], "record"))
        add_found(l, cells);
    else if (n > CELL_COUNT && slice_is(cells[0], "value"))
        add_value(l, cells);
    else if (n > CELL_COUNT && slice_is(cells[0], "summary"))
        read_summary(&l->found, cells, n, true);
    return 0;
}

/* The page. */

/* Units that may be searched alone. */
static int write_units(struct visit *v, struct err *err)
{
    struct state_unit *units = NULL;
    size_t n = 0, seen = 0;
    int r = state_units_at(v->s, &v->who.actor, 0, v->arena, &units, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++) {
        struct page_scope *row;

        if (!state_may_read(v->s, &v->who.actor, units[i].id) || seen++ >= UNITS_MOST)
            continue;
        row = page_add(v->page, "units");
        page_set(row, "unit_code", units[i].code);
        page_set(row, "unit_title", units[i].name);
        page_set_flag(row, "unit_chosen", slice_eq(search_asked(v, "unit"), units[i].code));
    }
    page_set_flag(v->page, "many_units", seen > 1);
    if (seen > UNITS_MOST)
        page_set_i64(v->page, "units_more", (int64_t)(seen - UNITS_MOST));
    return r;
}

/* All but the last are shown again in their fields. */
static const char *const asked_texts[] = {"q", "purpose", "case", "count_by", "unit"};

static int show_form(struct visit *v, struct slice message, unsigned status, struct err *err)
{
    int r = visit_write_case_choices(v, STATE_ID_NONE, search_asked(v, "case"), err);

    if (r == 0)
        r = write_units(v, err);
    for (size_t i = 0; i < CANH_LEN(spans); i++) {
        struct page_scope *row = page_add(v->page, "spans");

        page_set_text(row, "span", spans[i].key);
        page_set_text(row, "span_title", lang_text(v->lang, spans[i].text));
        page_set_flag(row, "span_chosen", span_asked(v) == &spans[i]);
    }
    for (size_t i = 0; i + 1 < CANH_LEN(asked_texts); i++)
        page_set(v->page, asked_texts[i], search_asked(v, asked_texts[i]));
    page_set(v->page, "rule", visit_given(v, "rule"));
    page_set_flag(v->page, "live", slice_is(visit_query(v, "live"), "1"));
    page_set(v->page, "message", message);
    if (r == 0)
        r = visit_page(v, "search", err);
    v->x->reply.status = status;
    return r;
}

/* The same search of one bar's time alone. */
static void write_bar_link(struct search_view *l, struct page_scope *row, int64_t at)
{
    struct buf href = BUF_INIT(URI_TARGET_MAX);

    buf_puts(&href, "/search?");
    for (size_t i = 0; i < CANH_LEN(asked_texts); i++) {
        buf_printf(&href, "%s=", asked_texts[i]);
        uri_write_escaped(&href, visit_query(l->v, asked_texts[i]));
        buf_putc(&href, '&');
    }
    buf_printf(&href, "from=%lld&until=%lld", (long long)at, (long long)(at + l->found.step));
    page_set_buf(row, "bar_href", &href);
}

static void write_bars(struct search_view *l)
{
    const struct search_found *f = &l->found;
    struct visit *v = l->v;
    int64_t most = 1;

    for (size_t i = 0; i < f->bin_count; i++)
        most = CANH_MAX(most, f->bins[i].count);
    for (size_t i = 0; i < f->bin_count; i++) {
        const struct found_bin *b = &f->bins[i];
        struct page_scope *row = page_add(v->page, "bars");
        int64_t tall = CANH_MAX(b->count * BAR_HEIGHT / most, (int64_t)(b->count > 0));

        page_set_when(row, "bar_at", b->at, 0);
        page_set_i64(row, "bar_count", b->count);
        page_set_i64(row, "bar_x", (b->at - f->from) / f->step * BAR_WIDTH);
        page_set_i64(row, "bar_y", BAR_HEIGHT - tall);
        page_set_i64(row, "bar_tall", tall);
        if (visit_given(v, "rule").n == 0)
            write_bar_link(l, row, b->at);
    }
    page_set_i64(v->page, "bars_width", ((f->until - f->from) / f->step + 1) * BAR_WIDTH);
    page_set_flag(v->page, "any_bars", f->bin_count > 0);
}

static void write_found(struct search_view *l)
{
    const struct search_found *f = &l->found;
    struct visit *v = l->v;

    for (size_t i = 0; i < f->record_count; i++) {
        struct page_scope *row = page_add(v->page, "events");

        page_set_second(row, "at", f->records[i].at, 0);
        page_set(row, "source", f->records[i].source);
        page_set(row, "text", f->records[i].text);
    }
    for (size_t i = 0; i < f->value_count; i++) {
        struct page_scope *row = page_add(v->page, "values");

        page_set(row, "value", f->values[i].value);
        page_set_i64(row, "value_count", f->values[i].count);
    }
    page_set_flag(v->page, "counted", search_asked(v, "count_by").n > 0);
    page_set_flag(v->page, "more", f->more);
    page_set_i64(v->page, "matches", CANH_MAX(f->matches, (int64_t)f->record_count));
}

/* As the texts of the journal take it. */
static unsigned long long as_count(int64_t n)
{
    return (unsigned long long)n;
}

/* What was not seen is never silent. */
static void write_unseen(struct search_view *l)
{
    const int64_t *n = l->found.unseen;
    const enum lang lang = l->v->lang;
    struct buf text[UNSEEN_MAX];

    for (size_t i = 0; i < UNSEEN_MAX; i++)
        text[i] = BUF_INIT(1000);
    lang_write(&text[UNSEEN_DAMAGED], lang, MSG_JOURNAL_DAMAGED, as_count(n[UNSEEN_DAMAGED]));
    lang_write(&text[UNSEEN_UNDECODED], lang, MSG_JOURNAL_UNDECODED, as_count(n[UNSEEN_UNDECODED]));
    lang_write(&text[UNSEEN_PARTLY], lang, MSG_JOURNAL_PARTLY, as_count(n[UNSEEN_PARTLY]));
    lang_write(&text[UNSEEN_GAPS], lang, MSG_JOURNAL_GAPS, as_count(n[UNSEEN_GAPS]));
    lang_write(&text[UNSEEN_REDACTED], lang, MSG_JOURNAL_REDACTED, as_count(n[UNSEEN_REDACTED]));
    lang_write(&text[UNSEEN_OTHER_VALUES], lang, MSG_JOURNAL_OTHER_VALUES,
               as_count(n[UNSEEN_OTHER_VALUES]));
    lang_write(&text[UNSEEN_WITHOUT], lang, MSG_JOURNAL_WITHOUT, as_count(n[UNSEEN_WITHOUT]));
    lang_write(&text[UNSEEN_GONE], lang, MSG_JOURNAL_GONE, as_count(n[UNSEEN_GONE]));
    for (size_t i = 0; i < UNSEEN_MAX; i++) {
        if (n[i])
            page_set(page_add(l->v->page, "unseen"), "unseen_text", buf_slice(&text[i]));
        buf_done(&text[i]);
    }
}

static int show_found(struct search_view *l, struct err *err)
{
    struct visit *v = l->v;
    struct search_found *f = &l->found;

    if (l->code != 0 && v->api)
        return err_fail(err, l->code > -CE_MAX && l->code < 0 ? -l->code : CE_PEER,
                        ERR_WEB_JOURNAL_SAYS, l->why);
    if (l->code != 0)
        return show_form(v, l->why, 422, err);
    for (size_t i = 0; i < f->record_count; i++)
        f->records[i].source = visit_source_name(v, f->records[i].source);
    if (v->api) {
        v->x->reply.status = 200;
        api_reply_search(v, f);
        return 0;
    }
    write_bars(l);
    write_found(l);
    write_unseen(l);
    page_set_flag(v->page, "searched", true);
    page_set_when(v->page, "span_from", f->from, 0);
    page_set_when(v->page, "span_until", f->until, 0);
    if (slice_is(visit_query(v, "live"), "1"))
        page_set_i64(v->page, "live_from", f->until);
    return show_form(v, SLICE_NULL, 200, err);
}

/* Both are at their end. */
static void search_reply(struct search_view *l)
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

static void search_ended(struct search_view *l, size_t which, int code, struct slice why)
{
    l->calls[which] = NULL;
    if (code != 0 && l->code == 0) {
        l->code = code;
        l->why = arena_dup(l->v->arena, why);
    }
    if (--l->pending == 0)
        search_reply(l);
}

static void bins_end(void *u, int code, struct slice why)
{
    search_ended(u, 0, code, why);
}

static void records_end(void *u, int code, struct slice why)
{
    search_ended(u, 1, code, why);
}

/* Whoever asked is gone, or pressed stop: nobody goes on looking. */
static void search_forget(void *u)
{
    struct search_view *l = u;

    for (size_t i = 0; i < CANH_LEN(l->calls); i++)
        if (l->calls[i])
            l->v->web->search.drop(l->v->web->search.u, l->calls[i]);
    free(l);
}

/* The question. */

static bool write_args(const struct search_view *l, struct control_args *args, bool bars)
{
    const struct search_found *f = &l->found;
    struct visit *v = l->v;
    bool counts = !bars && search_asked(v, "count_by").n > 0;

    return search_write_asked(v, args) && search_write_number(v, args, "from", f->from) &&
           search_write_number(v, args, "until", f->until) &&
           (bars     ? search_write_number(v, args, "step", f->step)
            : counts ? control_write(args, "count_by", search_asked(v, "count_by"))
                     : search_write_number(v, args, "limit", ROWS_MOST + 1));
}

/* From so long ago to now, or the time of a bar. */
static void find_span(struct search_view *l)
{
    struct search_found *f = &l->found;
    const struct visit *v = l->v;
    const int64_t now = state_now(v->s);

    f->until = now + 1;
    f->from = now - span_asked(v)->length;
    if (num_range(search_asked(v, "from"), 1, now, &f->from) == 0 &&
        num_range(search_asked(v, "until"), f->from + 1, UNTIL_MAX, &f->until) < 0)
        f->until = now + 1;
    f->step = CANH_MAX((f->until - f->from) / BARS, TIME_SECOND);
    f->from -= f->from % f->step; /* as bins are cut */
}

static int begin_search(struct search_view *l, size_t which, struct err *err)
{
    const struct search_host *host = &l->v->web->search;
    const struct search_sink sink = {.row = which ? add_record : add_bin,
                                     .end = which ? records_end : bins_end,
                                     .u = l};
    struct control_args args;

    return write_args(l, &args, which == 0)
               ? host->begin(host->u, &l->v->who.actor, SLICE("search"), &args, &sink,
                             &l->calls[which], err)
               : err_fail(err, CE_TOO_BIG, ERR_WEB_RESULT_TOO_LARGE);
}

static int search_begin(struct visit *v, struct err *err)
{
    struct search_view *l = calloc(1, sizeof(*l));
    int r;

    if (l == NULL)
        return err_nomem(err);
    l->v = v;
    l->found.records = arena_new_array(v->arena, ROWS_MOST + 1, struct found_record);
    l->found.bins = arena_new_array(v->arena, BINS_MAX + 1, struct found_bin);
    l->found.values = arena_new_array(v->arena, ROWS_MOST + 1, struct found_value);
    l->pending = CANH_LEN(l->calls);
    find_span(l);
    v->job = l;
    v->forget = search_forget;
    r = l->found.records && l->found.bins && l->found.values ? begin_search(l, 0, err)
                                                             : err_nomem(err);
    if (r == 0)
        r = begin_search(l, 1, err);
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
    int r;

    if (search_asked(v, "q").n == 0 && visit_given(v, "rule").n == 0)
        return show_form(v, SLICE_NULL, 200, err);
    r = search_check(v, &said);
    if (r == 0)
        r = search_begin(v, &said);
    if (r == 0)
        return 0;
    error_write(&why, v->lang, &said);
    r = show_form(v, arena_dup(v->arena, buf_slice(&why)), r == -CE_BUSY ? 503 : 422, err);
    buf_done(&why);
    return r;
}

int api_search(struct visit *v, struct err *err)
{
    int r;

    if (search_asked(v, "q").n == 0 && visit_given(v, "rule").n == 0)
        return err_fail(err, CE_MISSING, ERR_WEB_SEARCH_FOR_WHAT);
    r = search_check(v, err);
    return r < 0 ? r : search_begin(v, err);
}
