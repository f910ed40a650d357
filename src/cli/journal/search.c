/* SPDX-License-Identifier: Apache-2.0 */
/* canh search and canh tail: what the journal holds, and what comes into it. */
#include "base/num.h"
#include "base/time.h"
#include "base/width.h"
#include "cli/journal/journal.h"
#include "cli/journal/look.h"
#include "cli/node/node.h"
#include "cli/session.h"
#include "control/client.h"
#include "event/alert_record.h"
#include "lang/msg_journal.h"
#include "lang/msg_node.h"
#include "search/query.h"
#include "view/journal.h"

struct search_options {
    const char *dir, *purpose, *case_id, *rule, *count_by;
    int64_t limit;
    bool json, alerts, events;
};

struct search_print {
    struct app *app;
    bool json, alerts;
    uint64_t rows;
};

/* Cells: received, offset, source, unit, raw. */
enum { CELL_RECEIVED, CELL_OFFSET, CELL_SOURCE, CELL_UNIT, CELL_RAW, CELLS };

static void put_json(struct buf *out, const struct slice *cells, bool alerts)
{
    struct view_record x = {.received = TIME_NONE,
                            .source = cells[CELL_SOURCE],
                            .unit = cells[CELL_UNIT],
                            .raw = cells[CELL_RAW]};

    (void)!num_i64(cells[CELL_RECEIVED], &x.received);
    (void)!num_u64(cells[CELL_OFFSET], &x.offset);
    if (alerts)
        view_json_alert(out, &x);
    else
        view_json_record(out, &x);
}

static void put_alert(struct buf *out, struct slice raw)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct alert_record x;
    static const char *const levels[] = {"", "informational", "low", "medium", "high", "critical"};

    if (alert_record_read(raw, &arena, &x, NULL) == 0) {
        buf_printf(out, "%s  ", levels[x.level]);
        text_put_safe(out, x.title);
        buf_puts(out, "  ");
        text_put_safe(out, x.about);
        if (x.address.n) {
            buf_puts(out, "  ");
            text_put_safe(out, x.address);
        }
    } else {
        text_put_safe(out, raw);
    }
    arena_done(&arena);
}

static int print_row(void *u, const struct slice *cells, size_t n)
{
    struct search_print *p = u;
    struct buf *out = &p->app->out.buf;
    int64_t received = 0;

    if (n != CELLS)
        return -CE_PEER;
    p->rows++;
    if (p->json) {
        put_json(out, cells, p->alerts);
    } else {
        (void)!num_i64(cells[CELL_RECEIVED], &received);
        session_put_time(out, received);
        buf_puts(out, "  ");
        if (p->alerts)
            put_alert(out, cells[CELL_RAW]);
        else
            text_put_safe(out, cells[CELL_RAW]);
        buf_putc(out, '\n');
    }
    return out_flush(&p->app->out) ? 0 : 1;
}

static int ask_node(struct search_print *p, const struct place *place,
                    const struct search_options *o, struct slice query, bool follow)
{
    struct app *app = p->app;
    struct control_args args = {.count = 0};
    struct buf limit = BUF_INIT(32);
    struct control_client c;
    struct err err = ERR_INIT;
    int r;

    buf_put_i64(&limit, o->limit);
    (void)control_put(&args, "query", query);
    (void)control_put(&args, "stream", p->alerts ? SLICE("alerts") : SLICE("events/default"));
    (void)control_put(&args, "purpose", slice_str(o->purpose));
    (void)control_put(&args, "case", slice_str(o->case_id));
    (void)control_put(&args, "lang", app->lang == LANG_EN ? SLICE("en") : SLICE("vi"));
    if (o->limit)
        (void)control_put(&args, "limit", buf_slice(&limit));
    if (follow)
        (void)control_put(&args, "follow", SLICE("1"));
    r = control_connect(&c, place->control, &err);
    if (r == 0) {
        r = control_run(&c, SLICE("search"), &args, print_row, p, &err);
        control_close(&c);
    }
    buf_done(&limit);
    if (r < 0)
        return node_fail(app, &err);
    return p->rows ? EXIT_FOUND : EXIT_FINE;
}

/* The journal of a node that does not run is read here. */
static int look_here(struct search_print *p, const struct search_options *o, struct slice query)
{
    struct look_search q = {.dir = o->dir,
                            .stream = p->alerts ? "alerts" : "events/default",
                            .why = {o->purpose, o->case_id},
                            .query = query,
                            .limit = o->limit,
                            .rule = o->rule,
                            .count_by = o->count_by,
                            .json = o->json,
                            .row = print_row,
                            .ctx = p};

    return look_search(p->app, &q);
}

/* What is wrong with a query is said before anybody is asked. */
static int query_check(struct app *app, struct slice query)
{
    struct arena arena = ARENA_INIT((size_t)32 << 20);
    struct err err = ERR_INIT;
    struct query q;
    int r = query_parse(query, SESSION_ZONE, &arena, &q, &err);

    arena_done(&arena);
    return r < 0 ? app_fail(app, "QUERY", &err) : 0;
}

static int run(struct app *app, const struct search_options *o, const struct operands *operands,
               bool follow)
{
    struct search_print p = {.app = app,
                             .json = o->json,
                             .alerts = follow ? !o->events : o->alerts};
    CANH_CLEANUP(buf_done) struct buf query = BUF_INIT(CONTROL_TEXT_MAX);
    struct err err = ERR_INIT;
    struct place place;
    int status;

    for (uint32_t i = 0; i < operands->count; i++)
        buf_printf(&query, "%s%s", i ? " " : "", operands->items[i]);
    status = query_check(app, buf_slice(&query));
    if (status != 0)
        return status;
    if (place_find(o->dir, &place, &err) < 0)
        return node_fail(app, &err);
    if (!follow && !place_is_locked(&place))
        return look_here(&p, o, buf_slice(&query));
    if (o->rule || o->count_by)
        return app_usage(app, MSG_JOURNAL_ONLY_STOPPED, o->rule ? "--rule" : "--count-by");
    return ask_node(&p, &place, o, buf_slice(&query), follow);
}

static int run_search(struct app *app, const void *values, const struct operands *operands)
{
    return run(app, values, operands, false);
}

static int run_tail(struct app *app, const void *values, const struct operands *operands)
{
    return run(app, values, operands, true);
}

#define PURPOSE                                                                                    \
    OPTION_TEXT("purpose", 0, struct search_options, purpose, "TEXT", COMPLETE_NONE,               \
                MSG_NODE_OPT_PURPOSE),                                                             \
        OPTION_TEXT("case", 0, struct search_options, case_id, "ID", COMPLETE_NONE,                \
                    MSG_NODE_OPT_CASE)

static const struct option_spec search_specs[] = {
    NODE_DIR_OPTION(struct search_options),
    PURPOSE,
    OPTION_FLAG("alerts", 0, struct search_options, alerts, MSG_NODE_OPT_ALERTS),
    OPTION_TEXT("rule", 'r', struct search_options, rule, "FILE", COMPLETE_FILE,
                MSG_JOURNAL_OPT_QUERY_RULE),
    OPTION_TEXT("count-by", 0, struct search_options, count_by, "FIELD", COMPLETE_NONE,
                MSG_JOURNAL_OPT_COUNT_BY),
    OPTION_NUMBER("limit", 'n', struct search_options, limit, "N", 1, INT64_MAX,
                  MSG_NODE_OPT_LIMIT),
    OPTION_FLAG("json", 'j', struct search_options, json, MSG_TABLE_OPT_JSON),
};
static const struct option_spec tail_specs[] = {
    NODE_DIR_OPTION(struct search_options),
    PURPOSE,
    OPTION_FLAG("alerts", 0, struct search_options, alerts, MSG_NODE_OPT_ALERTS),
    OPTION_FLAG("events", 0, struct search_options, events, MSG_NODE_OPT_EVENTS),
    OPTION_NUMBER("limit", 'n', struct search_options, limit, "N", 1, INT64_MAX,
                  MSG_NODE_OPT_LIMIT),
    OPTION_FLAG("json", 'j', struct search_options, json, MSG_TABLE_OPT_JSON),
};

const struct verb verb_search = {
    .name = "search",
    .summary = MSG_NODE_SEARCH,
    .about = MSG_NODE_SEARCH_ABOUT,
    .operands = "QUERY…",
    .max_operands = 100,
    VERB_OPTIONS(search_specs),
    .options_size = sizeof(struct search_options),
    .run = run_search,
};

const struct verb verb_tail = {
    .name = "tail",
    .summary = MSG_NODE_TAIL,
    .about = MSG_NODE_TAIL_ABOUT,
    .operands = "[QUERY…]",
    .max_operands = 100,
    VERB_OPTIONS(tail_specs),
    .options_size = sizeof(struct search_options),
    .run = run_tail,
};
