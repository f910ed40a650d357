/* SPDX-License-Identifier: Apache-2.0 */
/* canh suppression: what is known and wanted quiet for a while. */
#include "base/json_write.h"
#include "base/num.h"
#include "base/time.h"
#include "cli/alert/alert.h"
#include "cli/node/node.h"
#include "cli/session.h"
#include "lang/msg_cli.h"
#include "lang/msg_node.h"

struct suppression_options {
    const char *dir, *unit, *rule, *match, *reason, *until;
    struct listing_options listing;
    bool all;
};

static const struct view_rows_column columns[] = {
    {"code", MSG_NODE_COL_CODE},
    {"unit", MSG_NODE_COL_UNIT, .rank = 2},
    {"rule", MSG_NODE_COL_RULE, .wrap = true},
    {"field", MSG_NODE_COL_FIELD, .rank = 1},
    {"value", MSG_NODE_COL_VALUE, .rank = 1, .wrap = true},
    {"until", MSG_NODE_COL_UNTIL},
    {"age", MSG_NODE_COL_AGE, .rank = 4},
    {"hits", MSG_NODE_COL_HITS, .rank = 3},
    {"last_hit", MSG_NODE_COL_LAST_HIT, .rank = 5},
    {"reason", MSG_NODE_COL_REASON, .width = 16, .wrap = true},
};

static int run_add(struct app *app, const void *values, const struct operands *operands)
{
    const struct suppression_options *o = values;
    struct control_args args = {.count = 0};
    struct node_act act = {.name = "suppression_add",
                           .dir = o->dir,
                           .listing = &o->listing,
                           .columns = columns,
                           .column_count = CANH_LEN(columns)};
    struct slice match = slice_str(o->match), field = SLICE_NULL;
    struct buf until = BUF_INIT(40);
    int64_t stop = 0;
    int status;

    (void)operands;
    if (o->reason == NULL || o->until == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, o->reason ? "until" : "reason");
    if (o->match && slice_find_byte(match, '=') == SIZE_MAX)
        return app_usage(app, MSG_NODE_BAD_MATCH, o->match);
    status = session_time(app, "until", o->until, true, &stop);
    if (status != 0)
        return status;
    alert_check_rule(app, o->dir, o->rule);
    (void)slice_cut(&match, '=', &field);
    buf_append_i64(&until, stop);
    node_arg(&args, "rule", o->rule);
    node_arg(&args, "reason", o->reason);
    (void)control_write(&args, "field", field);
    (void)control_write(&args, "value", o->match ? match : SLICE_NULL);
    (void)control_write(&args, "until", buf_slice(&until));
    status = node_run_own(app, &act, &args, o->unit);
    buf_done(&until);
    return status;
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    const struct suppression_options *o = values;
    struct control_args args = {.count = 0};
    struct node_act act = {.name = "suppression_list",
                           .dir = o->dir,
                           .listing = &o->listing,
                           .columns = columns,
                           .column_count = CANH_LEN(columns)};

    (void)operands;
    node_arg(&args, "all", o->all ? "1" : NULL);
    return node_run_own(app, &act, &args, o->unit);
}

/* What `canh scan --suppress` calls a field of an alert; NULL: a scan has none like it. */
static const char *scan_field(struct slice field, struct slice value)
{
    if (slice_is(field, "address"))
        return "field: source.ip";
    /* what it is about: a host or a user; of both together a scan knows none */
    return slice_find_byte(value, ' ') == SIZE_MAX ? "entity" : NULL;
}

/* A text in quotes, which is YAML as well as JSON. */
static void write_yaml(struct buf *out, const char *key, struct slice text)
{
    struct json_write w = JSON_WRITE_INIT(out);

    buf_printf(out, "  %s: ", key);
    json_text(&w, text);
    buf_putc(out, '\n');
}

static struct slice cell_of(const struct control_act *act, const struct slice *cells, size_t n,
                            const char *key)
{
    for (size_t i = 0; i < act->column_count && i < n; i++)
        if (strcmp(act->columns[i].key, key) == 0)
            return cells[i];
    return SLICE_NULL;
}

static int export_one(void *u, const struct control_act *act, const struct slice *cells, size_t n)
{
    struct app *app = u;
    struct buf *out = &app->out.buf;
    struct slice rule = cell_of(act, cells, n, "rule"), value = cell_of(act, cells, n, "value"),
                 code = cell_of(act, cells, n, "code"), owner = cell_of(act, cells, n, "owner");
    const char *field = scan_field(cell_of(act, cells, n, "field"), value);
    int64_t until = 0;
    struct civil day;

    (void)!num_i64(cell_of(act, cells, n, "until"), &until);
    time_to_civil(until - 1, ZONE_OWN, &day);
    if (value.n && field == NULL) {
        app_print(app, MSG_NODE_SUPPRESSION_NOT_EXPORTED, SLICE_ARG(code));
        return 0;
    }
    buf_printf(out, "- id: " SLICE_FMT "\n", SLICE_ARG(code));
    if (rule.n)
        write_yaml(out, "rule", rule);
    if (value.n && strcmp(field, "entity") != 0)
        buf_printf(out, "  %s\n", field);
    if (value.n)
        write_yaml(out, strcmp(field, "entity") == 0 ? "entity" : "value", value);
    write_yaml(out, "owner", owner.n ? owner : SLICE("-"));
    write_yaml(out, "reason", cell_of(act, cells, n, "reason"));
    buf_printf(out, "  until: %04d-%02u-%02u\n", day.year, day.month, day.day);
    return out_flush(&app->out) ? 0 : 1;
}

static int run_export(struct app *app, const void *values, const struct operands *operands)
{
    const struct suppression_options *o = values;
    struct control_args args = {.count = 0};
    struct node_act act = {.name = "suppression_list", .dir = o->dir, .row = export_one, .u = app};

    (void)operands;
    return node_run_own(app, &act, &args, o->unit);
}

#define TEXT(name, field, arg, help)                                                               \
    OPTION_TEXT(name, 0, struct suppression_options, field, arg, COMPLETE_NONE, help)

static const struct option_spec add_specs[] = {
    NODE_DIR_OPTION(struct suppression_options),
    TEXT("unit", unit, "CODE", MSG_NODE_OPT_UNIT),
    TEXT("rule", rule, "ID", MSG_NODE_OPT_RULE),
    TEXT("match", match, "FIELD=VALUE", MSG_NODE_OPT_MATCH),
    TEXT("reason", reason, "TEXT", MSG_NODE_OPT_REASON),
    TEXT("until", until, "TIME", MSG_NODE_OPT_UNTIL),
    NODE_JSON(struct suppression_options),
};
static const struct option_spec list_specs[] = {
    NODE_DIR_OPTION(struct suppression_options),
    TEXT("unit", unit, "CODE", MSG_NODE_OPT_LIST_UNIT),
    OPTION_FLAG("all", 'a', struct suppression_options, all, MSG_NODE_OPT_ENDED),
    NODE_LISTING(struct suppression_options),
};

static const struct option_spec export_specs[] = {
    NODE_DIR_OPTION(struct suppression_options),
    TEXT("unit", unit, "CODE", MSG_NODE_OPT_UNIT),
};

static const struct verb verb_export = {
    .name = "export",
    .summary = MSG_NODE_SUPPRESSION_EXPORT,
    VERB_OPTIONS(export_specs),
    .options_size = sizeof(struct suppression_options),
    .run = run_export,
};
static const struct verb verb_add = {
    .name = "add",
    .summary = MSG_NODE_SUPPRESSION_ADD,
    VERB_OPTIONS(add_specs),
    .options_size = sizeof(struct suppression_options),
    .run = run_add,
};
static const struct verb verb_list = {
    .name = "list",
    .summary = MSG_NODE_SUPPRESSION_LIST,
    VERB_OPTIONS(list_specs),
    .options_size = sizeof(struct suppression_options),
    .run = run_list,
};

static const struct verb *const subs[] = {&verb_add, &verb_list, &verb_export, NULL};

const struct verb verb_suppression = {
    .name = "suppression",
    .summary = MSG_NODE_SUPPRESSION,
    .subs = subs,
};
