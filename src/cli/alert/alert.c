/* SPDX-License-Identifier: Apache-2.0 */
/* canh alert: what the rules found, and what was said of it. */
#include "cli/alert/alert.h"
#include "base/num.h"
#include "base/time.h"
#include "cli/node/node.h"
#include "cli/session.h"
#include "lang/level.h"
#include "lang/msg_case.h"
#include "lang/msg_console.h"
#include "lang/msg_node.h"

struct alert_options {
    const char *dir, *unit, *note, *into;
    int level, verdict;
    int64_t limit;
    struct listing_options listing;
    bool all, history, suppressed;
};

static const char *const verdicts[] = {"seen", "real", "false", "known", NULL};

static const struct view_rows_column columns[] = {
    {"id", MSG_NODE_COL_ID},
    {"level", MSG_NODE_COL_LEVEL, .words = view_level_words},
    {"state", MSG_NODE_COL_STATE, .rank = 2, .words = view_alert_state_words},
    {"last", MSG_NODE_COL_LAST, .rank = 1},
    {"count", MSG_NODE_COL_COUNT, .rank = 3},
    {"about", MSG_NODE_COL_ABOUT, .wrap = true},
    {"title", MSG_NODE_COL_TITLE, .width = 20, .wrap = true},
    {"clock", MSG_NODE_COL_CLOCK, .rank = 4},
};
static const struct view_rows_column show_columns[] = {
    {"title", MSG_NODE_COL_TITLE},
    {"level", MSG_NODE_COL_LEVEL, .words = view_level_words},
    {"state", MSG_NODE_COL_STATE, .words = view_alert_state_words},
    {"unit", MSG_NODE_COL_UNIT},
    {"about", MSG_NODE_COL_ABOUT},
    {"host", MSG_NODE_COL_HOST},
    {"user", MSG_NODE_COL_USER},
    {"address", MSG_NODE_COL_ADDRESS},
    {"count", MSG_NODE_COL_COUNT},
    {"first", MSG_NODE_COL_FIRST},
    {"last", MSG_NODE_COL_LAST},
    {"clock", MSG_NODE_COL_CLOCK},
    {"source_code", MSG_NODE_COL_SOURCE},
    {"rule", MSG_NODE_COL_RULE},
    {"case", MSG_CASE_COL_NUMBER},
    {"id", MSG_NODE_COL_ID},
    {"advice", MSG_NODE_COL_ADVICE},
};
static const struct view_rows_column ack_columns[] = {
    {"at", MSG_NODE_COL_AT},
    {"verdict", MSG_NODE_COL_VERDICT, .words = view_verdict_words},
    {"login", MSG_NODE_COL_WHO},
    {"note", MSG_NODE_COL_NOTE, .width = 20, .wrap = true},
};

static struct node_act act_of(const char *name, const struct alert_options *o)
{
    return (struct node_act){.name = name,
                             .dir = o->dir,
                             .listing = &o->listing,
                             .columns = columns,
                             .column_count = CANH_LEN(columns)};
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    const struct alert_options *o = values;
    struct control_args args = {.count = 0};
    struct node_act act = act_of("alert_list", o);
    struct buf limit = BUF_INIT(32);
    int status;

    (void)operands;
    buf_append_i64(&limit, o->limit);
    node_arg(&args, "level", level_names[o->level]);
    node_arg(&args, "limit", buf_cstr(&limit));
    node_arg(&args, "closed", o->all ? "1" : NULL);
    node_arg(&args, "history", o->history ? "1" : NULL);
    node_arg(&args, "suppressed", o->suppressed ? "1" : NULL);
    status = node_run_own(app, &act, &args, o->unit);
    buf_done(&limit);
    return status == 0 && act.rows ? EXIT_FOUND : status;
}

static int run_show(struct app *app, const void *values, const struct operands *operands)
{
    const struct alert_options *o = values;
    struct control_args args = {.count = 0};
    struct node_act act = act_of("alert_show", o);
    int status;

    node_arg(&args, "id", operands->items[0]);
    act.columns = show_columns;
    act.column_count = CANH_LEN(show_columns);
    act.facts = true;
    status = node_run(app, &act, &args);
    if (status != 0)
        return status;
    act = act_of("alert_acks", o);
    act.columns = ack_columns;
    act.column_count = CANH_LEN(ack_columns);
    act.heading = MSG_CONSOLE_SAID_TITLE;
    status = node_run(app, &act, &args);
    if (status == 0 && !o->listing.json)
        lang_write(&app->out.buf, app->lang, MSG_NODE_ALERT_AROUND, operands->items[0]);
    return status;
}

static const struct view_rows_column call_columns[] = {
    {"at", MSG_NODE_COL_AT},
    {"channel", MSG_NODE_COL_CHANNEL, .rank = 1},
    {"state", MSG_NODE_COL_STATE, .words = view_message_words},
    {"tries", MSG_NODE_COL_TRIES, .rank = 3},
    {"code", MSG_NODE_COL_CODE, .rank = 2},
    {"person", MSG_NODE_COL_WHO, .wrap = true},
    {"reason", MSG_NODE_COL_REASON, .width = 16, .wrap = true},
};

static int run_calls(struct app *app, const void *values, const struct operands *operands)
{
    const struct alert_options *o = values;
    struct control_args args = {.count = 0};
    struct node_act act = act_of("alert_calls", o);

    act.columns = call_columns;
    act.column_count = CANH_LEN(call_columns);
    node_arg(&args, "id", operands->items[0]);
    return node_run(app, &act, &args);
}

static int run_ack(struct app *app, const void *values, const struct operands *operands)
{
    const struct alert_options *o = values;
    int status = 0;

    for (uint32_t i = 0; i < operands->count && status == 0; i++) {
        struct control_args args = {.count = 0};
        struct node_act act = act_of("alert_ack", o);

        node_arg(&args, "id", operands->items[i]);
        node_arg(&args, "verdict", verdicts[o->verdict]);
        node_arg(&args, "note", o->note);
        node_arg(&args, "case", o->into);
        status = node_run(app, &act, &args);
    }
    return status;
}

static const struct view_rows_column heard_columns[] = {
    {"at", MSG_NODE_COL_AT},
    {"outcome", MSG_NODE_COL_STATE},
    {"unit", MSG_NODE_COL_UNIT, .rank = 2},
    {"person", MSG_NODE_COL_WHO, .wrap = true},
    {"count", MSG_NODE_COL_COUNT, .rank = 1},
};

static int run_heard(struct app *app, const void *values, const struct operands *operands)
{
    struct control_args args = {.count = 0};
    struct node_act act = act_of("alert_heard", values);

    (void)operands;
    act.columns = heard_columns;
    act.column_count = CANH_LEN(heard_columns);
    return node_run(app, &act, &args);
}

static const struct view_rows_column verdict_columns[] = {
    {"title", MSG_NODE_COL_TITLE, .width = 20, .wrap = true},
    {"alerts", MSG_NODE_COL_ALERTS},
    {"real", MSG_NODE_COL_REAL},
    {"false", MSG_NODE_COL_FALSE},
    {"known", MSG_NODE_COL_KNOWN},
    {"open", MSG_NODE_COL_UNSAID},
};

/* 2026-11 → its first instant and that of the next month, local. */
static bool month_span(const char *text, int64_t *ret_from, int64_t *ret_to)
{
    struct slice s = slice_str(text);
    int64_t year = 0, month = 0;

    if (s.n != 7 || s.p[4] != '-' || num_range(slice_head(s, 4), 1970, 9998, &year) < 0 ||
        num_range(slice_from(s, 5), 1, 12, &month) < 0)
        return false;
    *ret_from = days_from_date((int)year, (unsigned)month, 1) * TIME_DAY - ZONE_OWN * TIME_SECOND;
    *ret_to = days_from_date((int)(month == 12 ? year + 1 : year), (unsigned)(month % 12 + 1), 1) *
                  TIME_DAY -
              ZONE_OWN * TIME_SECOND;
    return true;
}

static int run_verdicts(struct app *app, const void *values, const struct operands *operands)
{
    struct control_args args = {.count = 0};
    struct node_act act = act_of("alert_verdicts", values);
    struct buf from = BUF_INIT(40), to = BUF_INIT(40);
    int64_t first = 0, end = 0;
    int status;

    if (operands->count && !month_span(operands->items[0], &first, &end))
        return app_usage(app, MSG_NODE_BAD_MONTH, operands->items[0]);
    act.columns = verdict_columns;
    act.column_count = CANH_LEN(verdict_columns);
    buf_append_i64(&from, first);
    buf_append_i64(&to, end);
    node_arg(&args, "from", operands->count ? buf_cstr(&from) : NULL);
    node_arg(&args, "to", operands->count ? buf_cstr(&to) : NULL);
    status = node_run(app, &act, &args);
    buf_done(&from);
    buf_done(&to);
    return status;
}

static const struct option_spec list_specs[] = {
    NODE_DIR_OPTION(struct alert_options),
    OPTION_TEXT("unit", 'u', struct alert_options, unit, "CODE", COMPLETE_NONE,
                MSG_NODE_OPT_LIST_UNIT),
    OPTION_CHOICE("level", 'l', struct alert_options, level, level_names, MSG_NODE_OPT_LEVEL),
    OPTION_NUMBER("last", 'n', struct alert_options, limit, "N", 1, 100000, MSG_NODE_OPT_LAST),
    OPTION_FLAG("all", 'a', struct alert_options, all, MSG_NODE_OPT_ALL),
    OPTION_FLAG("history", 0, struct alert_options, history, MSG_NODE_OPT_HISTORY),
    OPTION_FLAG("suppressed", 0, struct alert_options, suppressed, MSG_NODE_OPT_SUPPRESSED),
    NODE_LISTING(struct alert_options),
};
static const struct option_spec show_specs[] = {NODE_DIR_OPTION(struct alert_options),
                                                NODE_JSON(struct alert_options)};
static const struct option_spec calls_specs[] = {NODE_DIR_OPTION(struct alert_options),
                                                 NODE_LISTING(struct alert_options)};
static const struct option_spec ack_specs[] = {
    NODE_DIR_OPTION(struct alert_options),
    OPTION_CHOICE("verdict", 0, struct alert_options, verdict, verdicts, MSG_NODE_OPT_VERDICT),
    OPTION_TEXT("note", 0, struct alert_options, note, "TEXT", COMPLETE_NONE, MSG_NODE_OPT_NOTE),
    OPTION_TEXT("case", 0, struct alert_options, into, "NUMBER", COMPLETE_NONE, MSG_NODE_OPT_INTO),
    NODE_JSON(struct alert_options),
};
static const struct alert_options list_defaults = {.limit = 100};

static const struct verb verb_list = {
    .name = "list",
    .summary = MSG_NODE_ALERT_LIST,
    VERB_OPTIONS(list_specs),
    VERB_DEFAULTS(struct alert_options, &list_defaults),
    .run = run_list,
};
static const struct verb verb_show = {
    .name = "show",
    .summary = MSG_NODE_ALERT_SHOW,
    .operands = "ID",
    .min_operands = 1,
    .max_operands = 1,
    VERB_OPTIONS(show_specs),
    .options_size = sizeof(struct alert_options),
    .run = run_show,
};
static const struct verb verb_calls = {
    .name = "calls",
    .summary = MSG_NODE_ALERT_CALLS,
    .about = MSG_NODE_ALERT_CALLS_ABOUT,
    .operands = "ID",
    .min_operands = 1,
    .max_operands = 1,
    VERB_OPTIONS(calls_specs),
    .options_size = sizeof(struct alert_options),
    .run = run_calls,
};
static const struct verb verb_ack = {
    .name = "ack",
    .summary = MSG_NODE_ALERT_ACK,
    .operands = "ID…",
    .min_operands = 1,
    .max_operands = 100,
    VERB_OPTIONS(ack_specs),
    .options_size = sizeof(struct alert_options),
    .run = run_ack,
};

static const struct verb verb_heard = {
    .name = "heard",
    .summary = MSG_NODE_ALERT_HEARD,
    .about = MSG_NODE_ALERT_HEARD_ABOUT,
    VERB_OPTIONS(calls_specs),
    .options_size = sizeof(struct alert_options),
    .run = run_heard,
};

static const struct verb verb_verdicts = {
    .name = "verdicts",
    .summary = MSG_NODE_ALERT_VERDICTS,
    .about = MSG_NODE_ALERT_VERDICTS_ABOUT,
    .operands = "[MONTH]",
    .max_operands = 1,
    VERB_OPTIONS(calls_specs),
    .options_size = sizeof(struct alert_options),
    .run = run_verdicts,
};

static const struct verb *const subs[] = {&verb_list,  &verb_show,     &verb_calls, &verb_ack,
                                          &verb_heard, &verb_verdicts, NULL};

const struct verb verb_alert = {
    .name = "alert",
    .summary = MSG_NODE_ALERT,
    .subs = subs,
};
