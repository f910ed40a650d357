/* SPDX-License-Identifier: Apache-2.0 */
/* canh contact test, answer: test calls, and the codes that they bear. */
#include "cli/node/node.h"
#include "cli/people/people.h"
#include "lang/msg_contact.h"
#include "lang/msg_node.h"

struct test_options {
    const char *dir, *state, *unit, *person;
    struct listing_options listing;
};

static const struct view_rows_word outcomes[] = {{"asked", MSG_CONTACT_ASKED},
                                                 {"waiting", MSG_CONTACT_WAITING},
                                                 {"no-way", MSG_CONTACT_NO_WAY},
                                                 {NULL, MSG_NONE}};
static const struct view_rows_column test_columns[] = {
    {"person", MSG_CONTACT_COL_WHO},
    {"outcome", MSG_CONTACT_COL_OUTCOME, .words = outcomes},
};
static const struct view_rows_column answer_columns[] = {
    {"hint", MSG_CONTACT_COL_HINT},
    {"proven", MSG_CONTACT_COL_PROVEN},
};

static int run_test(struct app *app, const void *values, const struct operands *operands)
{
    const struct test_options *o = values;
    struct control_args args = {.count = 0};
    struct node_act act = {.name = "contact_test",
                           .dir = o->dir,
                           .state = o->state,
                           .listing = &o->listing,
                           .columns = test_columns,
                           .column_count = CANH_LEN(test_columns)};

    (void)operands;
    node_arg(&args, "unit", o->unit);
    node_arg(&args, "person", o->person);
    return node_run(app, &act, &args);
}

static int run_answer(struct app *app, const void *values, const struct operands *operands)
{
    const struct test_options *o = values;
    struct control_args args = {.count = 0};
    struct node_act act = {.name = "contact_answer",
                           .dir = o->dir,
                           .state = o->state,
                           .listing = &o->listing,
                           .columns = answer_columns,
                           .column_count = CANH_LEN(answer_columns)};

    node_arg(&args, "code", operands->items[0]);
    return node_run(app, &act, &args);
}

static const struct option_spec test_specs[] = {
    NODE_DIR_OPTION(struct test_options),
    SESSION_STATE(struct test_options, state),
    OPTION_TEXT("unit", 'u', struct test_options, unit, "CODE", COMPLETE_NONE, MSG_NODE_OPT_UNIT),
    OPTION_TEXT("person", 'p', struct test_options, person, "CODE", COMPLETE_NONE,
                MSG_CONTACT_OPT_PERSON),
    NODE_JSON(struct test_options),
};
static const struct option_spec answer_specs[] = {
    NODE_DIR_OPTION(struct test_options),
    SESSION_STATE(struct test_options, state),
    NODE_JSON(struct test_options),
};

const struct verb contact_test = {
    .name = "test",
    .summary = MSG_CONTACT_TEST,
    .about = MSG_CONTACT_TEST_ABOUT,
    VERB_OPTIONS(test_specs),
    .options_size = sizeof(struct test_options),
    .run = run_test,
};

const struct verb contact_answer = {
    .name = "answer",
    .summary = MSG_CONTACT_ANSWER,
    .operands = "CODE",
    .min_operands = 1,
    .max_operands = 1,
    VERB_OPTIONS(answer_specs),
    .options_size = sizeof(struct test_options),
    .run = run_answer,
};
