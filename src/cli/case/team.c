/* SPDX-License-Identifier: Apache-2.0 */
/* canh case team, away, ask: the response team, and who of it is asked to help with an incident. */
#include "cli/case/case.h"
#include "cli/node/node.h"
#include "cli/session.h"
#include "lang/msg_case.h"
#include "lang/msg_cli.h"
#include "lang/msg_node.h"
#include "lang/msg_register.h"

struct team_options {
    const char *dir, *skill, *until, *text, *unit, *person;
    struct listing_options listing;
    bool back;
};

static const struct view_rows_word standings[] = {{"free", MSG_CASE_TEAM_FREE},
                                                  {"busy", MSG_CASE_TEAM_BUSY},
                                                  {"away", MSG_CASE_TEAM_AWAY},
                                                  {NULL, MSG_NONE}};
static const struct view_rows_column member_columns[] = {
    {"person", MSG_CASE_TEAM_COL_MEMBER, .width = 16, .wrap = true},
    {"unit", MSG_NODE_COL_UNIT},
    {"code", MSG_NODE_COL_CODE, .rank = 1},
    {"standing", MSG_NODE_COL_STATE, .words = standings},
    {"until", MSG_NODE_COL_UNTIL, .rank = 2},
    {"in_hand", MSG_CASE_TEAM_COL_IN_HAND, .rank = 3},
    {"skills", MSG_CASE_TEAM_COL_SKILLS, .width = 14, .wrap = true},
    {"note", MSG_NODE_COL_NOTE, .rank = 4, .wrap = true},
};
static const struct view_rows_column asked_columns[] = {
    {"number", MSG_REGISTER_COL_NUMBER},
    {"due", MSG_CASE_TEAM_COL_ACCEPT},
};

static struct node_act act_of(const struct team_options *o, const char *name,
                              const struct view_rows_column *columns, unsigned count)
{
    return (struct node_act){.name = name,
                             .dir = o->dir,
                             .listing = &o->listing,
                             .columns = columns,
                             .column_count = count};
}

static int run_team(struct app *app, const void *values, const struct operands *operands)
{
    const struct team_options *o = values;
    struct control_args args = {.count = 0};
    struct node_act act = act_of(o, "case_team", member_columns, CANH_LEN(member_columns));

    (void)operands;
    node_arg(&args, "skill", o->skill);
    return node_run(app, &act, &args);
}

static int run_away(struct app *app, const void *values, const struct operands *operands)
{
    const struct team_options *o = values;
    struct control_args args = {.count = 0};
    struct node_act act = act_of(o, "case_away", member_columns, CANH_LEN(member_columns));
    struct buf until = BUF_INIT(40);
    int64_t t = 0;
    int status = o->until ? session_time(app, "until", o->until, true, &t) : 0;

    (void)operands;
    buf_append_i64(&until, t);
    node_arg(&args, "until", o->until ? buf_cstr(&until) : NULL);
    node_arg(&args, "text", o->text);
    node_arg(&args, "back", o->back ? "1" : NULL);
    if (status == 0)
        status = node_run(app, &act, &args);
    buf_done(&until);
    return status;
}

static int run_ask(struct app *app, const void *values, const struct operands *operands)
{
    const struct team_options *o = values;
    struct control_args args = {.count = 0};
    struct node_act act = act_of(o, "case_ask", asked_columns, CANH_LEN(asked_columns));

    if (o->unit == NULL || o->person == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, o->unit ? "person" : "unit");
    node_arg(&args, "number", operands->items[0]);
    node_arg(&args, "unit", o->unit);
    node_arg(&args, "person", o->person);
    node_arg(&args, "text", o->text);
    return node_run(app, &act, &args);
}

#define TEXT(name, field, arg, help)                                                               \
    OPTION_TEXT(name, 0, struct team_options, field, arg, COMPLETE_NONE, help)

static const struct option_spec team_specs[] = {
    NODE_DIR_OPTION(struct team_options),
    TEXT("skill", skill, "WORD", MSG_CASE_TEAM_OPT_SKILL),
    NODE_LISTING(struct team_options),
};
static const struct option_spec away_specs[] = {
    NODE_DIR_OPTION(struct team_options),
    TEXT("until", until, "TIME", MSG_CASE_TEAM_OPT_UNTIL),
    TEXT("text", text, "TEXT", MSG_CASE_TEAM_OPT_TEXT),
    OPTION_FLAG("back", 0, struct team_options, back, MSG_CASE_TEAM_OPT_BACK),
    NODE_JSON(struct team_options),
};
static const struct option_spec ask_specs[] = {
    NODE_DIR_OPTION(struct team_options),
    OPTION_TEXT("unit", 'u', struct team_options, unit, "CODE", COMPLETE_NONE,
                MSG_CASE_TEAM_OPT_UNIT),
    OPTION_TEXT("person", 'p', struct team_options, person, "CODE", COMPLETE_NONE,
                MSG_CASE_TEAM_OPT_PERSON),
    TEXT("text", text, "TEXT", MSG_CASE_TEAM_OPT_ASK),
    NODE_JSON(struct team_options),
};

const struct verb case_team = {
    .name = "team",
    .summary = MSG_CASE_TEAM,
    VERB_OPTIONS(team_specs),
    .options_size = sizeof(struct team_options),
    .run = run_team,
};
const struct verb case_away = {
    .name = "away",
    .summary = MSG_CASE_TEAM_AWAY_VERB,
    VERB_OPTIONS(away_specs),
    .options_size = sizeof(struct team_options),
    .run = run_away,
};
const struct verb case_ask = {
    .name = "ask",
    .summary = MSG_CASE_TEAM_ASK,
    .operands = "NUMBER",
    .min_operands = 1,
    .max_operands = 1,
    VERB_OPTIONS(ask_specs),
    .options_size = sizeof(struct team_options),
    .run = run_ask,
};
