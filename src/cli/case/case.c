/* SPDX-License-Identifier: Apache-2.0 */
/* canh case: incidents, opened, worked, closed; by the node while it runs. */
#include "cli/case/case.h"

#include "cli/node/node.h"
#include "cli/session.h"
#include "lang/level.h"
#include "lang/msg_case.h"
#include "lang/msg_console.h"
#include "lang/msg_node.h"

struct case_options {
    const char *dir, *unit, *title, *class, *t0, *t0_data, *system, *text, *what, *value, *source,
        *cause, *remedy, *support, *into, *task, *due, *at;
    struct option_list alerts;
    int level, kind, to;
    struct listing_options listing;
    bool all, versions;
};

static const char *const kinds[] = {"note",     "action",  "decision", "observable",
                                    "evidence", "custody", "report",   NULL};
static const char *const states[] = {"-",      "triage",  "contain", "remedy", "observe",
                                     "closed", "learned", "merged",  NULL};

static const struct view_rows_column case_columns[] = {
    {"number", MSG_CASE_COL_NUMBER},
    {"state", MSG_NODE_COL_STATE, .words = view_case_state_words},
    {"level", MSG_NODE_COL_LEVEL, .rank = 1, .words = view_level_words},
    {"opened", MSG_CASE_COL_OPENED, .rank = 2},
    {"due", MSG_CASE_COL_CLOCK},
    {"title", MSG_NODE_COL_TITLE, .width = 20, .wrap = true},
};
static const struct view_rows_column show_columns[] = {
    {"number", MSG_CASE_COL_NUMBER},
    {"title", MSG_NODE_COL_TITLE},
    {"state", MSG_NODE_COL_STATE, .words = view_case_state_words},
    {"level", MSG_NODE_COL_LEVEL, .words = view_level_words},
    {"unit", MSG_NODE_COL_UNIT},
    {"system", MSG_CASE_COL_SYSTEM},
    {"opened", MSG_CASE_COL_OPENED},
    {"t0", MSG_CASE_COL_FOUND},
    {"t0_data", MSG_CASE_COL_LEAKED},
    {"due", MSG_CASE_COL_CLOCK},
    {"what", MSG_CASE_COL_WHAT},
    {"cause", MSG_CASE_COL_CAUSE},
    {"remedy", MSG_CASE_COL_REMEDY},
    {"support", MSG_CASE_COL_SUPPORT},
    {"closed", MSG_CASE_COL_CLOSED},
};
static const struct view_rows_column line_columns[] = {
    {"at", MSG_NODE_COL_AT},
    {"kind", MSG_NODE_COL_KIND, .rank = 2, .words = view_case_line_words},
    {"what", MSG_NODE_COL_FIELD, .rank = 1, .words = view_case_what_words},
    {"value", MSG_NODE_COL_VALUE, .wrap = true},
    {"text", MSG_NODE_COL_NOTE, .width = 20, .wrap = true},
    {"login", MSG_NODE_COL_WHO, .rank = 3},
};
static const struct view_rows_column clock_columns[] = {
    {"due", MSG_NODE_COL_UNTIL},
    {"met", MSG_NODE_COL_AT},
    {"form", MSG_NODE_COL_KIND, .rank = 2, .words = view_case_form_words},
    {"confirm", MSG_CASE_CONFIRM, .rank = 1},
    {"title", MSG_NODE_COL_TITLE, .width = 20, .wrap = true},
};
static const struct view_rows_column task_columns[] = {
    {"id", MSG_NODE_COL_CODE},
    {"due", MSG_NODE_COL_UNTIL},
    {"done", MSG_NODE_COL_AT},
    {"text", MSG_NODE_COL_TITLE, .width = 20, .wrap = true},
};

static const struct view_rows_column text_columns[] = {
    {"at", MSG_NODE_COL_AT},
    {"field", MSG_NODE_COL_FIELD, .words = view_case_field_words},
    {"text", MSG_CASE_COL_BEFORE, .width = 20, .wrap = true},
    {"person", MSG_NODE_COL_WHO, .rank = 1},
    {"login", MSG_NODE_COL_WHO, .rank = 2}, /* where no person is known */
};

static void case_write(struct control_args *args, const char *key, const char *value)
{
    if (value)
        (void)control_write(args, key, slice_str(value));
}

/* A time as people write it, for an act. */
static int write_time(struct app *app, struct control_args *args, struct buf *text, const char *key,
                      const char *value)
{
    int64_t t = 0;
    int status = value ? session_time(app, key, value, false, &t) : 0;

    if (status == 0 && value) {
        buf_clear(text);
        buf_append_i64(text, t);
        case_write(args, key, buf_cstr(text));
    }
    return status;
}

static int run(struct app *app, const struct case_options *o, const char *name, msg_id heading,
               const struct view_rows_column *columns, unsigned count, struct control_args *args)
{
    struct node_act act = {.name = name,
                           .dir = o->dir,
                           .listing = &o->listing,
                           .columns = columns,
                           .column_count = count,
                           .heading = heading,
                           .facts = columns == show_columns};

    return node_run(app, &act, args);
}

#define RUN_BELOW(name, heading, columns)                                                          \
    run(app, o, name, heading, columns, CANH_LEN(columns), &args)
#define RUN(name, columns) RUN_BELOW(name, MSG_NONE, columns)

static int run_open(struct app *app, const void *values, const struct operands *operands)
{
    const struct case_options *o = values;
    struct control_args args = {.count = 0};
    struct buf alerts = BUF_INIT(8192), t0 = BUF_INIT(40), t0_data = BUF_INIT(40);
    int status;

    (void)operands;
    for (uint32_t i = 0; i < o->alerts.count; i++)
        buf_printf(&alerts, "%s%s", i ? "," : "", o->alerts.items[i]);
    case_write(&args, "alerts", alerts.len ? buf_cstr(&alerts) : NULL);
    case_write(&args, "unit", o->unit);
    case_write(&args, "title", o->title);
    case_write(&args, "class", o->class);
    case_write(&args, "level", o->level ? level_choices[o->level] : NULL);
    case_write(&args, "system", o->system);
    case_write(&args, "text", o->text);
    status = write_time(app, &args, &t0, "t0", o->t0);
    if (status == 0)
        status = write_time(app, &args, &t0_data, "t0_data", o->t0_data);
    if (status == 0)
        status = RUN("case_open", case_columns);
    buf_done(&alerts);
    buf_done(&t0);
    buf_done(&t0_data);
    return status;
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    const struct case_options *o = values;
    struct control_args args = {.count = 0};
    struct node_act act = {.name = "case_list",
                           .dir = o->dir,
                           .listing = &o->listing,
                           .columns = case_columns,
                           .column_count = CANH_LEN(case_columns)};

    (void)operands;
    case_write(&args, "all", o->all ? "1" : NULL);
    return node_run_own(app, &act, &args, o->unit);
}

static int run_show(struct app *app, const void *values, const struct operands *operands)
{
    const struct case_options *o = values;
    struct control_args args = {.count = 0};
    int status;

    case_write(&args, "number", operands->items[0]);
    if (o->versions)
        return RUN("case_versions", text_columns);
    status = RUN("case_show", show_columns);
    if (status == 0)
        status = RUN_BELOW("case_clocks", MSG_CONSOLE_CLOCKS_TITLE, clock_columns);
    if (status == 0)
        status = RUN_BELOW("case_lines", MSG_CONSOLE_TIMELINE_TITLE, line_columns);
    return status == 0 ? RUN_BELOW("case_tasks", MSG_CASE_TASKS, task_columns) : status;
}

static int run_note(struct app *app, const void *values, const struct operands *operands)
{
    const struct case_options *o = values;
    struct control_args args = {.count = 0};
    struct buf at = BUF_INIT(40);
    int status;

    case_write(&args, "number", operands->items[0]);
    case_write(&args, "kind", kinds[o->kind]);
    case_write(&args, "what", o->what);
    case_write(&args, "value", o->value);
    case_write(&args, "text", o->text);
    case_write(&args, "source", o->source);
    status = write_time(app, &args, &at, "at", o->at);
    if (status == 0)
        status = RUN("case_note", line_columns);
    buf_done(&at);
    return status;
}

static int case_apply_change(struct app *app, const struct case_options *o, const char *number,
                             const char *to)
{
    struct control_args args = {.count = 0};
    struct buf t0_data = BUF_INIT(40);
    int status;

    case_write(&args, "number", number);
    case_write(&args, "to", to);
    case_write(&args, "title", o->title);
    case_write(&args, "class", o->class);
    case_write(&args, "level", o->level ? level_choices[o->level] : NULL);
    case_write(&args, "system", o->system);
    case_write(&args, "cause", o->cause);
    case_write(&args, "remedy", o->remedy);
    case_write(&args, "support", o->support);
    case_write(&args, "into", o->into);
    case_write(&args, "text", o->text);
    status = write_time(app, &args, &t0_data, "t0_data", o->t0_data);
    if (status == 0)
        status = RUN("case_change", case_columns);
    buf_done(&t0_data);
    return status;
}

static int run_step(struct app *app, const void *values, const struct operands *operands)
{
    const struct case_options *o = values;

    return case_apply_change(app, o, operands->items[0], o->to ? states[o->to] : NULL);
}

static int run_close(struct app *app, const void *values, const struct operands *operands)
{
    return case_apply_change(app, values, operands->items[0], "closed");
}

static int run_task(struct app *app, const void *values, const struct operands *operands)
{
    const struct case_options *o = values;
    struct control_args args = {.count = 0};
    struct buf due = BUF_INIT(40);
    int status;

    case_write(&args, "number", operands->items[0]);
    case_write(&args, "text", o->text);
    case_write(&args, "task", o->task);
    status = write_time(app, &args, &due, "due", o->due);
    if (status == 0)
        status = RUN("case_task", task_columns);
    buf_done(&due);
    return status;
}

#define TEXT(name, field, arg, help)                                                               \
    OPTION_TEXT(name, 0, struct case_options, field, arg, COMPLETE_NONE, help)
#define COMMON NODE_DIR_OPTION(struct case_options), NODE_JSON(struct case_options)
#define KNOWN                                                                                      \
    TEXT("title", title, "TEXT", MSG_CASE_OPT_TITLE),                                              \
        TEXT("class", class, "CLASS", MSG_CASE_OPT_CLASS),                                         \
        OPTION_CHOICE("level", 'l', struct case_options, level, level_choices,                     \
                      MSG_CASE_OPT_LEVEL),                                                         \
        TEXT("system", system, "NAME", MSG_CASE_OPT_SYSTEM),                                       \
        TEXT("leaked", t0_data, "TIME", MSG_CASE_OPT_T0_DATA),                                     \
        TEXT("text", text, "TEXT", MSG_CASE_OPT_TEXT)

static const struct option_spec open_specs[] = {
    COMMON, KNOWN,
    OPTION_LIST("alert", 'a', struct case_options, alerts, "ID", COMPLETE_NONE, MSG_CASE_OPT_ALERT),
    OPTION_TEXT("unit", 'u', struct case_options, unit, "CODE", COMPLETE_NONE, MSG_CASE_OPT_UNIT),
    TEXT("found", t0, "TIME", MSG_CASE_OPT_T0)};
static const struct option_spec list_specs[] = {NODE_DIR_OPTION(struct case_options),
                                                OPTION_TEXT("unit", 'u', struct case_options, unit,
                                                            "CODE", COMPLETE_NONE,
                                                            MSG_NODE_OPT_LIST_UNIT),
                                                NODE_LISTING(struct case_options),
                                                OPTION_FLAG("all", 'a', struct case_options, all,
                                                            MSG_CASE_OPT_ALL)};
static const struct option_spec show_specs[] = {COMMON,
                                                OPTION_FLAG("versions", 0, struct case_options,
                                                            versions, MSG_CASE_OPT_VERSIONS)};
static const struct option_spec note_specs[] = {COMMON,
                                                OPTION_CHOICE("kind", 'k', struct case_options,
                                                              kind, kinds, MSG_CASE_OPT_KIND),
                                                TEXT("what", what, "WORD", MSG_CASE_OPT_WHAT),
                                                TEXT("value", value, "TEXT", MSG_CASE_OPT_VALUE),
                                                TEXT("text", text, "TEXT", MSG_CASE_OPT_TEXT),
                                                TEXT("source", source, "TEXT", MSG_CASE_OPT_SOURCE),
                                                TEXT("at", at, "TIME", MSG_NODE_COL_AT)};
#define WORKED                                                                                     \
    TEXT("cause", cause, "TEXT", MSG_CASE_OPT_CAUSE),                                              \
        TEXT("remedy", remedy, "TEXT", MSG_CASE_OPT_REMEDY),                                       \
        TEXT("support", support, "TEXT", MSG_CASE_OPT_SUPPORT)
static const struct option_spec step_specs[] = {COMMON, KNOWN, WORKED,
                                                OPTION_CHOICE("to", 't', struct case_options, to,
                                                              states, MSG_CASE_OPT_TO),
                                                TEXT("into", into, "NUMBER", MSG_CASE_OPT_INTO)};
static const struct option_spec close_specs[] = {COMMON, WORKED,
                                                 TEXT("text", text, "TEXT", MSG_CASE_OPT_TEXT)};
static const struct option_spec task_specs[] = {COMMON,
                                                TEXT("text", text, "TEXT", MSG_CASE_OPT_TEXT),
                                                TEXT("done", task, "ID", MSG_CASE_OPT_TASK),
                                                TEXT("due", due, "TIME", MSG_CASE_OPT_DUE)};

#define CASE_VERB(n, s, count, table)                                                              \
    static const struct verb case_##n = {.name = #n,                                               \
                                         .summary = (s),                                           \
                                         .operands = (count) ? "NUMBER" : NULL,                    \
                                         .min_operands = (count),                                  \
                                         .max_operands = (count),                                  \
                                         VERB_OPTIONS(table),                                      \
                                         .options_size = sizeof(struct case_options),              \
                                         .run = run_##n};
CASE_VERB(open, MSG_CASE_OPEN, 0, open_specs)
CASE_VERB(list, MSG_CASE_LIST, 0, list_specs)
CASE_VERB(show, MSG_CASE_SHOW, 1, show_specs)
CASE_VERB(note, MSG_CASE_NOTE, 1, note_specs)
CASE_VERB(step, MSG_CASE_STEP, 1, step_specs)
CASE_VERB(close, MSG_CASE_CLOSE, 1, close_specs)
CASE_VERB(task, MSG_CASE_TASK, 1, task_specs)

static const struct verb *const subs[] = {&case_open, &case_list,  &case_show, &case_note,
                                          &case_step, &case_close, &case_task, &verb_case_report,
                                          &case_team, &case_away,  &case_ask,  NULL};
const struct verb verb_case = {.name = "case", .summary = MSG_CASE_SUMMARY, .subs = subs};
