/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/hex.h"
#include "base/time.h"
#include "cli/journal/look.h"
#include "cli/listing.h"
#include "lang/err_search.h"
#include "lang/msg_journal.h"
#include "search/search.h"
#include "view/journal.h"

struct looking {
    const struct look_search *q;
    struct app *app;
};

static int give_record(void *ctx, const struct search_match *m)
{
    struct looking *l = ctx;
    struct buf received = BUF_INIT(32), offset = BUF_INIT(32), source = BUF_INIT(64),
               unit = BUF_INIT(64);
    struct slice cells[5];
    int r;

    buf_put_i64(&received, m->record->received);
    buf_put_u64(&offset, m->record->offset);
    buf_put_hex(&source, m->record->source, JOURNAL_ID_SIZE);
    buf_put_hex(&unit, m->record->unit, JOURNAL_ID_SIZE);
    cells[0] = buf_slice(&received);
    cells[1] = buf_slice(&offset);
    cells[2] = buf_slice(&source);
    cells[3] = buf_slice(&unit);
    cells[4] = m->record->raw;
    r = l->q->row(l->q->ctx, cells, CANH_LEN(cells));
    buf_done(&received);
    buf_done(&offset);
    buf_done(&source);
    buf_done(&unit);
    return r;
}

static int by_count(const void *a, const void *b)
{
    const struct search_value *x = a, *y = b;

    return x->count != y->count ? (x->count < y->count ? 1 : -1) : slice_cmp(x->value, y->value);
}

static int print_values(struct app *app, const struct look_search *q, struct search_result *x)
{
    const struct listing_options how = {.json = q->json};
    const struct view_ctx ctx = listing_face(app);
    struct err err = ERR_INIT;
    struct table t;
    int status;

    if (x->value_count)
        qsort(x->values, x->value_count, sizeof(*x->values), by_count);
    status = view_search_values(&ctx, x->values, x->value_count, &t, &err) < 0
                 ? app_fail(app, NULL, &err)
                 : listing_print(app, &t, &how);
    table_done(&t);
    return status;
}

/* What was not seen is never silent. */
static void say_result(struct app *app, const struct search_result *x)
{
    if (x->damaged)
        app_say(app, MSG_JOURNAL_DAMAGED, (unsigned long long)x->damaged);
    if (x->undecoded)
        app_say(app, MSG_JOURNAL_UNDECODED, (unsigned long long)x->undecoded);
    if (x->partly)
        app_say(app, MSG_JOURNAL_PARTLY, (unsigned long long)x->partly);
    if (x->gaps)
        app_say(app, MSG_JOURNAL_GAPS, (unsigned long long)x->gaps);
    if (x->redacted)
        app_say(app, MSG_JOURNAL_REDACTED, (unsigned long long)x->redacted);
    if (x->other_values)
        app_say(app, MSG_JOURNAL_OTHER_VALUES, (unsigned long long)x->other_values);
    if (x->without)
        app_say(app, MSG_JOURNAL_WITHOUT, (unsigned long long)x->without);
}

static int load_rule(const char *path, struct generation **ret, struct err *err)
{
    const char *const items[] = {path};
    struct generation_options o = {.rules = {items, 1}};
    int r = generation_load(&o, ret, err);

    if (r == 0 && (*ret)->counts.rules == 0) {
        *ret = generation_unref(*ret);
        return err_fail(err, CE_SYNTAX, ERR_SEARCH_RULE_NONE);
    }
    return r;
}

static int run(struct looking *l, struct look *look)
{
    const struct look_search *q = l->q;
    struct search_request request = {.stream = q->stream,
                                     .query = q->query,
                                     .scope = {.all = true},
                                     .now = time_now(),
                                     .zone_s = SESSION_ZONE,
                                     .limit = (uint64_t)q->limit,
                                     .count_by = slice_str(q->count_by ? q->count_by : ""),
                                     .match = q->count_by ? NULL : give_record,
                                     .ctx = l};
    struct search_result x;
    struct err err = ERR_INIT;
    int r = q->rule ? load_rule(q->rule, &request.rules, &err) : 0, status;

    if (r < 0)
        return app_fail(l->app, q->rule, &err);
    search_result_init(&x);
    r = search_run(look->journal, &request, &x, &err);
    status = r < 0 ? node_fail(l->app, &err) : x.matches ? EXIT_FOUND : EXIT_FINE;
    if (r == 0 && q->count_by && print_values(l->app, q, &x) != 0)
        status = EX_IOERR;
    if (r >= 0)
        say_result(l->app, &x);
    search_result_done(&x);
    request.rules = generation_unref(request.rules);
    return status;
}

int look_search(struct app *app, const struct look_search *q)
{
    struct looking l = {.q = q, .app = app};
    struct look look;
    int status = look_open(app, q->dir, &look);

    if (status == 0 && !slice_is(slice_str(q->stream), "alerts"))
        status = look_audit(app, &look.place, &q->why, "search", q->query);
    if (status == 0)
        status = run(&l, &look);
    look_close(&look);
    return status;
}
