/* SPDX-License-Identifier: Apache-2.0 */
/* canh search and canh tail: what the journal holds, and what comes into it. */
#include <stdlib.h>

#include "alert/alert.h"
#include "base/file.h"
#include "base/num.h"
#include "base/time.h"
#include "base/width.h"
#include "cli/journal/journal.h"
#include "cli/journal/local.h"
#include "cli/listing.h"
#include "cli/node/node.h"
#include "cli/session.h"
#include "control/client.h"
#include "event/alert_record.h"
#include "lang/level.h"
#include "lang/msg_journal.h"
#include "lang/msg_node.h"
#include "lang/msg_table.h"
#include "search/query.h"
#include "view/journal.h"

struct search_options {
    const char *dir, *purpose, *case_id, *rule, *count_by, *histogram, *unit;
    const char *around, *before, *after;
    int64_t limit;
    bool json, alerts, events, wide;
};

struct search_print {
    struct app *app;
    bool json, alerts;
    uint64_t rows;
    struct arena arena; /* of the values */
    struct search_value *values;
    struct search_bin *bins;
    size_t value_count, bin_count; /* printed at the end */
};

/* Cells of a record, behind the word that says what the row is (control/search.h). */
enum { CELL_RECEIVED = 1, CELL_OFFSET, CELL_SOURCE, CELL_UNIT, CELL_RAW, RECORD_CELLS };
enum { SUMMARY_CELLS = 12 }; /* control/search.h */
enum { RULE_MAX = 48 * 1024, RULE_PIECE = 8000 };

static void write_json(struct buf *out, const struct slice *cells, bool alerts)
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

static void write_alert(struct buf *out, struct slice raw)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct alert_record x;

    if (alert_record_read(raw, &arena, &x, NULL) == 0) {
        buf_printf(out, "%s  ", level_name(x.level));
        text_write_safe(out, x.title);
        buf_puts(out, "  ");
        text_write_safe(out, x.about);
        if (x.address.n) {
            buf_puts(out, "  ");
            text_write_safe(out, x.address);
        }
    } else {
        text_write_safe(out, raw);
    }
    arena_done(&arena);
}

static int print_record(struct search_print *p, const struct slice *cells)
{
    struct buf *out = &p->app->out.buf;
    int64_t received = 0;

    p->rows++;
    if (p->json) {
        write_json(out, cells, p->alerts);
    } else {
        (void)!num_i64(cells[CELL_RECEIVED], &received);
        session_write_time(out, received);
        buf_puts(out, "  ");
        if (p->alerts)
            write_alert(out, cells[CELL_RAW]);
        else
            text_write_safe(out, cells[CELL_RAW]);
        buf_putc(out, '\n');
    }
    return out_flush(&p->app->out) ? 0 : 1;
}

static int64_t number_of(struct slice s)
{
    int64_t v = 0;

    (void)!num_i64(s, &v);
    return v;
}

static int search_read_value(struct search_print *p, const struct slice *cells)
{
    struct slice value = arena_dup(&p->arena, cells[2]);

    p->rows++;
    if (p->value_count == SEARCH_VALUES_MAX || value.p == NULL)
        return -CE_TOO_BIG;
    if (p->values == NULL && (p->values = calloc(SEARCH_VALUES_MAX, sizeof(*p->values))) == NULL)
        return -CE_NOMEM;
    p->values[p->value_count++] =
        (struct search_value){.value = value, .count = (uint64_t)number_of(cells[1])};
    return 0;
}

static int read_bin(struct search_print *p, const struct slice *cells)
{
    p->rows++;
    if (p->bin_count == SEARCH_BINS_MAX)
        return -CE_TOO_BIG;
    if (p->bins == NULL && (p->bins = calloc(SEARCH_BINS_MAX, sizeof(*p->bins))) == NULL)
        return -CE_NOMEM;
    p->bins[p->bin_count++] =
        (struct search_bin){.start = number_of(cells[1]), .count = (uint64_t)number_of(cells[2])};
    return 0;
}

/* What was not seen is never silent. */
static int describe_summary(struct search_print *p, const struct slice *cells)
{
    unsigned long long n[SUMMARY_CELLS];

    for (size_t i = 1; i < CANH_LEN(n); i++)
        n[i] = (unsigned long long)number_of(cells[i]);
    if (n[2])
        app_print(p->app, MSG_JOURNAL_DAMAGED, n[2]);
    if (n[3])
        app_print(p->app, MSG_JOURNAL_UNDECODED, n[3]);
    if (n[4])
        app_print(p->app, MSG_JOURNAL_PARTLY, n[4]);
    if (n[5])
        app_print(p->app, MSG_JOURNAL_GAPS, n[5]);
    if (n[6])
        app_print(p->app, MSG_JOURNAL_REDACTED, n[6]);
    if (n[7])
        app_print(p->app, MSG_JOURNAL_OTHER_VALUES, n[7]);
    if (n[8])
        app_print(p->app, MSG_JOURNAL_WITHOUT, n[8]);
    if (n[11])
        app_print(p->app, MSG_JOURNAL_GONE, n[11]);
    return 0;
}

static int read_row(void *u, const struct slice *cells, size_t n)
{
    static const struct {
        const char *word;
        size_t cells;
        int (*take)(struct search_print *p, const struct slice *cells);
    } kinds[] = {
        {"record", RECORD_CELLS, print_record},
        {"value", 3, search_read_value},
        {"bin", 3, read_bin},
        {"summary", SUMMARY_CELLS, describe_summary},
    };

    for (size_t i = 0; n > 0 && i < CANH_LEN(kinds); i++)
        if (slice_is(cells[0], kinds[i].word) && n == kinds[i].cells)
            return kinds[i].take(u, cells);
    return -CE_PEER;
}

/* status: so far. */
static int print_end(struct search_print *p, int status, const struct search_options *o)
{
    const struct listing_options how = {.json = p->json};
    const struct view_ctx ctx = listing_face(p->app);
    struct table t = {.rows = 0};
    struct err err = ERR_INIT;
    int r = 0, said = 0;

    if (status <= EXIT_FOUND && o->count_by)
        r = view_search_values(&ctx, p->values, p->value_count, &t, &err);
    else if (status <= EXIT_FOUND && o->histogram)
        r = view_search_bins(&ctx, p->bins, p->bin_count, &t, &err);
    if (r < 0)
        said = app_fail(p->app, NULL, &err);
    else if (status <= EXIT_FOUND && (o->count_by || o->histogram))
        said = listing_print(p->app, &t, &how);
    table_done(&t);
    free(p->values);
    free(p->bins);
    arena_done(&p->arena);
    return said ? said : status;
}

static bool write_span(struct control_args *args, const char *key, const char *text,
                       struct buf *out)
{
    int64_t span;

    if (text == NULL)
        return true;
    if (!session_span(text, &span))
        return false;
    buf_append_i64(out, span);
    return control_write(args, key, buf_slice(out));
}

/* A rule travels in pieces that an argument can hold. */
static int write_rule(struct app *app, struct control_args *args, const char *path,
                      struct buf *text)
{
    struct err err = ERR_INIT;
    struct slice rest;

    if (path == NULL)
        return 0;
    if (file_read(path, text, &err) < 0)
        return node_fail(app, &err);
    rest = buf_slice(text);
    for (size_t n; rest.n; rest = slice_from(rest, n)) {
        n = CANH_MIN(rest.n, (size_t)RULE_PIECE);
        (void)control_write(args, "rule", slice_head(rest, n));
    }
    return 0;
}

static void write_texts(struct control_args *args, const struct search_options *o, bool alerts)
{
    const struct {
        const char *key, *text;
    } texts[] = {{"stream", alerts ? "alerts" : "events/default"},
                 {"purpose", o->purpose},
                 {"case", o->case_id},
                 {"unit", o->unit},
                 {"count_by", o->count_by},
                 {"id", o->around},
                 {"wide", o->wide ? "1" : NULL}};

    for (size_t i = 0; i < CANH_LEN(texts); i++)
        if (texts[i].text)
            (void)control_write(args, texts[i].key, slice_str(texts[i].text));
}

/* Texts of arguments while they are sent. */
struct sent_texts {
    struct buf limit, before, after, step, rule;
};

static void texts_done(struct sent_texts *t)
{
    buf_done(&t->limit);
    buf_done(&t->before);
    buf_done(&t->after);
    buf_done(&t->step);
    buf_done(&t->rule);
}

static int run_on_node(struct search_print *p, const struct place *place, const char *act,
                       struct control_args *args)
{
    struct err err = ERR_INIT;

    if (node_ask(p->app, place, NODE_AS_PERSON, act, args, read_row, p, &err) < 0)
        return node_fail(p->app, &err);
    return p->rows ? EXIT_FOUND : EXIT_FINE;
}

static int ask_node(struct search_print *p, const struct place *place,
                    const struct search_options *o, struct slice query, bool follow)
{
    struct app *app = p->app;
    struct control_args args = {.count = 0};
    struct sent_texts t = {.limit = BUF_INIT(32),
                           .before = BUF_INIT(32),
                           .after = BUF_INIT(32),
                           .step = BUF_INIT(32),
                           .rule = BUF_INIT(RULE_MAX)};
    const struct {
        const char *key, *option, *text;
        struct buf *to;
    } spans[] = {{"before", "before", o->before, &t.before},
                 {"after", "after", o->after, &t.after},
                 {"step", "histogram", o->histogram, &t.step}};
    int status = 0;

    buf_append_i64(&t.limit, o->limit);
    (void)control_write(&args, "query", query);
    write_texts(&args, o, p->alerts);
    if (o->limit)
        (void)control_write(&args, "limit", buf_slice(&t.limit));
    if (follow)
        (void)control_write(&args, "follow", SLICE("1"));
    for (size_t i = 0; i < CANH_LEN(spans) && status == 0; i++)
        if (!write_span(&args, spans[i].key, spans[i].text, spans[i].to))
            status = app_usage(app, MSG_NODE_BAD_SPAN, spans[i].option, spans[i].text);
    if (status == 0)
        status = write_rule(app, &args, o->rule, &t.rule);
    if (status == 0)
        status = run_on_node(p, place, o->around ? "around" : "search", &args);
    texts_done(&t);
    return status;
}

/* The journal of a node that does not run is read here. */
static int search_local(struct search_print *p, const struct search_options *o, struct slice query)
{
    struct local_search q = {.dir = o->dir,
                             .stream = p->alerts ? "alerts" : "events/default",
                             .why = {o->purpose, o->case_id},
                             .query = query,
                             .limit = o->limit,
                             .rule = o->rule,
                             .count_by = o->count_by,
                             .row = read_row,
                             .ctx = p};

    if (o->around || o->unit)
        return app_usage(p->app, MSG_JOURNAL_ONLY_RUNNING, o->around ? "--around" : "--unit");
    if (o->histogram && !session_span(o->histogram, &q.step))
        return app_usage(p->app, MSG_NODE_BAD_SPAN, "histogram", o->histogram);
    return local_search(p->app, &q);
}

/* What is wrong with a query is said before anybody is asked. */
static int query_check(struct app *app, struct slice query)
{
    struct arena arena = ARENA_INIT((size_t)32 << 20);
    struct err err = ERR_INIT;
    struct query q;
    int r = query_parse(query, ZONE_OWN, &arena, &q, &err);

    arena_done(&arena);
    return r < 0 ? app_fail(app, "QUERY", &err) : 0;
}

static int run(struct app *app, const struct search_options *o, const struct operands *operands,
               bool follow)
{
    struct search_print p = {.app = app,
                             .json = o->json,
                             .alerts = follow ? !o->events : o->alerts,
                             .arena = ARENA_INIT((size_t)32 << 20)};
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
    status = follow || place_is_locked(&place) ? ask_node(&p, &place, o, buf_slice(&query), follow)
                                               : search_local(&p, o, buf_slice(&query));
    return print_end(&p, status, o);
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
    OPTION_TEXT("histogram", 0, struct search_options, histogram, "SPAN", COMPLETE_NONE,
                MSG_JOURNAL_OPT_HISTOGRAM),
    OPTION_TEXT("unit", 0, struct search_options, unit, "CODE", COMPLETE_NONE,
                MSG_JOURNAL_OPT_UNIT),
    OPTION_TEXT("around", 0, struct search_options, around, "ALERT", COMPLETE_NONE,
                MSG_JOURNAL_OPT_AROUND),
    OPTION_TEXT("before", 0, struct search_options, before, "SPAN", COMPLETE_NONE,
                MSG_JOURNAL_OPT_BEFORE),
    OPTION_TEXT("after", 0, struct search_options, after, "SPAN", COMPLETE_NONE,
                MSG_JOURNAL_OPT_AFTER),
    OPTION_FLAG("wide", 0, struct search_options, wide, MSG_JOURNAL_OPT_WIDE),
    OPTION_NUMBER("limit", 'n', struct search_options, limit, "N", 1, INT64_MAX,
                  MSG_NODE_OPT_LIMIT),
    OPTION_FLAG("json", 'j', struct search_options, json, MSG_TABLE_OPT_JSON),
};
static const struct option_spec tail_specs[] = {
    NODE_DIR_OPTION(struct search_options),
    PURPOSE,
    OPTION_TEXT("unit", 0, struct search_options, unit, "CODE", COMPLETE_NONE,
                MSG_JOURNAL_OPT_UNIT),
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
