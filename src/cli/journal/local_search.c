/* SPDX-License-Identifier: Apache-2.0 */
#include <sodium.h>

#include "base/hex.h"
#include "base/time.h"
#include "cli/journal/local.h"
#include "cli/rules/load.h"
#include "cli/session.h"
#include "event/stream.h"
#include "lang/err_search.h"
#include "search/search.h"

struct local_search_ctx {
    const struct local_search *q;
    struct app *app;
};

/* A row as a running node would send it: a word, then the cells. */
static int emit_row(struct local_search_ctx *l, const char *kind, struct slice *cells, size_t n)
{
    cells[0] = slice_str(kind);
    return l->q->row(l->q->ctx, cells, n);
}

static int emit_record(void *ctx, const struct search_match *m)
{
    struct local_search_ctx *l = ctx;
    struct buf received = BUF_INIT(32), offset = BUF_INIT(32), source = BUF_INIT(64),
               unit = BUF_INIT(64);
    struct slice cells[6];
    int r;

    buf_append_i64(&received, m->record->received);
    buf_append_u64(&offset, m->record->offset);
    buf_append_hex(&source, m->record->source, JOURNAL_ID_SIZE);
    buf_append_hex(&unit, m->record->unit, JOURNAL_ID_SIZE);
    cells[1] = buf_slice(&received);
    cells[2] = buf_slice(&offset);
    cells[3] = buf_slice(&source);
    cells[4] = buf_slice(&unit);
    cells[5] = m->text;
    r = emit_row(l, "record", cells, CANH_LEN(cells));
    buf_done(&received);
    buf_done(&offset);
    buf_done(&source);
    buf_done(&unit);
    return r;
}

static int emit_pair(struct local_search_ctx *l, const char *kind, int64_t a, struct slice text,
                     int64_t b)
{
    struct buf first = BUF_INIT(32), second = BUF_INIT(32);
    struct slice cells[3];
    int r;

    buf_append_i64(&first, a);
    buf_append_i64(&second, b);
    cells[1] = buf_slice(&first);
    cells[2] = text.p ? text : buf_slice(&second);
    r = emit_row(l, kind, cells, CANH_LEN(cells));
    buf_done(&first);
    buf_done(&second);
    return r;
}

static int emit_summary(struct local_search_ctx *l, const struct search_result *x)
{
    const uint64_t counts[] = {x->matches, x->damaged,  x->undecoded,    x->partly,
                               x->gaps,    x->redacted, x->other_values, x->without,
                               x->blocks,  x->opened,   x->gone};
    struct buf text[CANH_LEN(counts)];
    struct slice cells[1 + CANH_LEN(counts)];
    int r;

    for (size_t i = 0; i < CANH_LEN(counts); i++) {
        text[i] = BUF_INIT(32);
        buf_append_u64(&text[i], counts[i]);
        cells[1 + i] = buf_slice(&text[i]);
    }
    r = emit_row(l, "summary", cells, CANH_LEN(cells));
    for (size_t i = 0; i < CANH_LEN(counts); i++)
        buf_done(&text[i]);
    return r;
}

static int emit_result(struct local_search_ctx *l, const struct search_result *x)
{
    int r = 0;

    for (uint32_t i = 0; i < x->value_count && r == 0; i++)
        r = emit_pair(l, "value", (int64_t)x->values[i].count, x->values[i].value, 0);
    for (uint32_t i = 0; i < x->bin_count && r == 0; i++)
        r = emit_pair(l, "bin", x->bins[i].start, SLICE_NULL, (int64_t)x->bins[i].count);
    return r == 0 ? emit_summary(l, x) : r;
}

static int load_rule(const char *path, struct generation **ret, struct err *err)
{
    const char *const items[] = {path};
    struct generation_options o = {.rules = {items, 1}};
    struct buf cache = BUF_INIT(64 * 1024);
    int r;

    if (load_cache_folder(&cache))
        o.cache = buf_cstr(&cache);
    r = generation_load(&o, ret, err);
    buf_done(&cache);
    if (r == 0 && (*ret)->counts.rules == 0) {
        *ret = generation_unref(*ret);
        return err_fail(err, CE_SYNTAX, ERR_SEARCH_RULE_NONE);
    }
    return r;
}

static int run(struct local_search_ctx *l, struct local_journal *look)
{
    const struct local_search *q = l->q;
    struct search_request request = {.stream = q->stream,
                                     .query = q->query,
                                     .scope = {.all = true},
                                     .now = time_now(),
                                     .zone_s = ZONE_OWN,
                                     .limit = (uint64_t)q->limit,
                                     .count_by = slice_str(q->count_by ? q->count_by : ""),
                                     .step = q->step,
                                     .match = q->count_by || q->step ? NULL : emit_record,
                                     .ctx = l};
    struct search_result x;
    struct err err = ERR_INIT;
    int r = q->rule ? load_rule(q->rule, &request.rules, &err) : 0, status;

    if (r < 0)
        return app_fail(l->app, q->rule, &err);
    if (q->why.case_id == NULL && !slice_is(slice_str(q->stream), STREAM_ALERTS))
        randombytes_buf(&request.mask, sizeof(request.mask));
    search_result_init(&x);
    r = search_run(look->journal, &request, &x, &err);
    search_result_sort(&x);
    if (r == 0)
        r = emit_result(l, &x);
    status = r < 0 ? node_fail(l->app, &err) : x.matches ? EXIT_FOUND : EXIT_FINE;
    search_result_done(&x);
    request.rules = generation_unref(request.rules);
    return status;
}

int local_search(struct app *app, const struct local_search *q)
{
    struct local_search_ctx l = {.q = q, .app = app};
    struct local_journal look;
    int status = local_journal_open(app, q->dir, &look);

    if (status == 0 && !slice_is(slice_str(q->stream), STREAM_ALERTS))
        status = access_audit(app, &look.place, &q->why, "search", q->query);
    if (status == 0)
        status = run(&l, &look);
    local_journal_close(&look);
    return status;
}
