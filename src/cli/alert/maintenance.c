/* SPDX-License-Identifier: Apache-2.0 */
/* canh maintenance: work that is announced, so that nobody is called for it. */
#include "cli/alert/alert.h"
#include "cli/node/node.h"
#include "cli/session.h"
#include "lang/msg_cli.h"
#include "lang/msg_node.h"

struct maintenance_options {
    const char *dir, *unit, *asset, *from, *to, *repeat, *until, *reason;
    struct listing_options listing;
    bool all;
};

static const struct view_rows_column columns[] = {
    {"code", MSG_NODE_COL_CODE},
    {"unit", MSG_NODE_COL_UNIT, .rank = 4},
    {"asset", MSG_NODE_COL_ASSET},
    {"from", MSG_NODE_COL_START},
    {"to", MSG_NODE_COL_STOP},
    {"repeat", MSG_NODE_COL_REPEAT, .rank = 1, .wrap = true},
    {"until", MSG_NODE_COL_UNTIL, .rank = 3},
    {"now", MSG_NODE_COL_NOW},
    {"by", MSG_NODE_COL_BY, .rank = 2, .wrap = true},
    {"reason", MSG_NODE_COL_REASON, .width = 14, .wrap = true},
};

/* A time option as nanoseconds in decimal; what is not given is left out. */
static int write_time(struct app *app, struct control_args *args, const char *key, const char *text,
                      struct buf *out)
{
    int64_t t = 0;
    int status = text ? session_time(app, key, text, strcmp(key, "from") != 0, &t) : 0;

    if (status != 0 || text == NULL)
        return status;
    buf_append_i64(out, t);
    (void)control_write(args, key, buf_slice(out));
    return 0;
}

static int run_add(struct app *app, const void *values, const struct operands *operands)
{
    const struct maintenance_options *o = values;
    struct control_args args = {.count = 0};
    struct node_act act = {.name = "maintenance_add",
                           .dir = o->dir,
                           .listing = &o->listing,
                           .columns = columns,
                           .column_count = CANH_LEN(columns)};
    struct buf from = BUF_INIT(40), to = BUF_INIT(40), until = BUF_INIT(40);
    int status;

    (void)operands;
    if (o->reason == NULL || o->to == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, o->reason ? "to" : "reason");
    node_arg(&args, "asset", o->asset);
    node_arg(&args, "repeat", o->repeat);
    node_arg(&args, "reason", o->reason);
    status = write_time(app, &args, "from", o->from, &from);
    if (status == 0)
        status = write_time(app, &args, "to", o->to, &to);
    if (status == 0)
        status = write_time(app, &args, "until", o->until, &until);
    if (status == 0)
        status = node_run_own(app, &act, &args, o->unit);
    buf_done(&from);
    buf_done(&to);
    buf_done(&until);
    return status;
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    const struct maintenance_options *o = values;
    struct control_args args = {.count = 0};
    struct node_act act = {.name = "maintenance_list",
                           .dir = o->dir,
                           .listing = &o->listing,
                           .columns = columns,
                           .column_count = CANH_LEN(columns)};

    (void)operands;
    node_arg(&args, "all", o->all ? "1" : NULL);
    return node_run_own(app, &act, &args, o->unit);
}

static int run_end(struct app *app, const void *values, const struct operands *operands)
{
    const struct maintenance_options *o = values;
    struct control_args args = {.count = 0};
    struct node_act act = {.name = "maintenance_end",
                           .dir = o->dir,
                           .listing = &o->listing,
                           .columns = columns,
                           .column_count = CANH_LEN(columns)};

    node_arg(&args, "code", operands->items[0]);
    return node_run_own(app, &act, &args, o->unit);
}

#define TEXT(name, field, arg, help)                                                               \
    OPTION_TEXT(name, 0, struct maintenance_options, field, arg, COMPLETE_NONE, help)

static const struct option_spec add_specs[] = {
    NODE_DIR_OPTION(struct maintenance_options),
    TEXT("unit", unit, "CODE", MSG_NODE_OPT_UNIT),
    TEXT("asset", asset, "CODE", MSG_NODE_OPT_MAINTENANCE_ASSET),
    TEXT("from", from, "TIME", MSG_NODE_OPT_MAINTENANCE_FROM),
    TEXT("to", to, "TIME", MSG_NODE_OPT_MAINTENANCE_TO),
    TEXT("repeat", repeat, "RULE", MSG_NODE_OPT_REPEAT),
    TEXT("until", until, "TIME", MSG_NODE_OPT_REPEAT_UNTIL),
    TEXT("reason", reason, "TEXT", MSG_NODE_OPT_MAINTENANCE_REASON),
    NODE_JSON(struct maintenance_options),
};
static const struct option_spec list_specs[] = {
    NODE_DIR_OPTION(struct maintenance_options),
    TEXT("unit", unit, "CODE", MSG_NODE_OPT_LIST_UNIT),
    OPTION_FLAG("all", 'a', struct maintenance_options, all, MSG_NODE_OPT_ENDED),
    NODE_LISTING(struct maintenance_options),
};
static const struct option_spec end_specs[] = {
    NODE_DIR_OPTION(struct maintenance_options),
    TEXT("unit", unit, "CODE", MSG_NODE_OPT_UNIT),
    NODE_JSON(struct maintenance_options),
};

static const struct verb verb_add = {
    .name = "add",
    .summary = MSG_NODE_MAINTENANCE_ADD,
    VERB_OPTIONS(add_specs),
    .options_size = sizeof(struct maintenance_options),
    .run = run_add,
};
static const struct verb verb_list = {
    .name = "list",
    .summary = MSG_NODE_MAINTENANCE_LIST,
    VERB_OPTIONS(list_specs),
    .options_size = sizeof(struct maintenance_options),
    .run = run_list,
};
static const struct verb verb_end = {
    .name = "end",
    .summary = MSG_NODE_MAINTENANCE_END,
    .operands = "CODE",
    .min_operands = 1,
    .max_operands = 1,
    VERB_OPTIONS(end_specs),
    .options_size = sizeof(struct maintenance_options),
    .run = run_end,
};

static const struct verb *const subs[] = {&verb_add, &verb_list, &verb_end, NULL};

const struct verb verb_maintenance = {
    .name = "maintenance",
    .summary = MSG_NODE_MAINTENANCE,
    .subs = subs,
};
