/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty ready: who of the coming shifts cannot be reached for certain. */
#include <stdlib.h>

#include "cli/duty/duty.h"
#include "cli/node/node.h"
#include "cli/session.h"
#include "lang/msg_duty.h"

struct ready_options {
    const char *dir, *state, *ahead;
    struct listing_options listing;
    bool all;
};

static const struct view_rows_column columns[] = {
    {"unit", MSG_DUTY_READY_UNIT, .rank = 1},
    {"post", MSG_DUTY_READY_POST, .width = 16, .wrap = true},
    {"from", MSG_DUTY_READY_FROM},
    {"person", MSG_DUTY_READY_PERSON, .width = 16, .wrap = true},
    {"channels", MSG_DUTY_READY_CHANNELS},
    {"proven", MSG_DUTY_READY_PROVEN},
};

static int run_ready(struct app *app, const void *values, const struct operands *operands)
{
    const struct ready_options *o = values;
    struct control_args args = {.count = 0};
    struct node_act act = {.name = "duty_ready",
                           .dir = o->dir,
                           .state = o->state,
                           .listing = &o->listing,
                           .columns = columns,
                           .column_count = CANH_LEN(columns)};
    struct buf ahead = BUF_INIT(40);
    int64_t span = 0;
    int status;

    (void)operands;
    if (o->ahead && !session_span(o->ahead, &span))
        return app_usage(app, MSG_DUTY_READY_BAD_SPAN, o->ahead);
    buf_append_i64(&ahead, span);
    if (o->ahead)
        (void)control_write(&args, "ahead", slice_str(buf_cstr(&ahead)));
    if (o->all)
        (void)control_write(&args, "all", SLICE("1"));
    status = node_run(app, &act, &args);
    buf_done(&ahead);
    return status == 0 && act.rows && !o->all ? EXIT_FOUND : status;
}

static const struct option_spec specs[] = {
    NODE_DIR_OPTION(struct ready_options),
    SESSION_STATE(struct ready_options, state),
    OPTION_TEXT("ahead", 0, struct ready_options, ahead, "SPAN", COMPLETE_NONE,
                MSG_DUTY_READY_OPT_AHEAD),
    OPTION_FLAG("all", 'a', struct ready_options, all, MSG_DUTY_READY_OPT_ALL),
    NODE_LISTING(struct ready_options),
};

const struct verb duty_ready = {
    .name = "ready",
    .summary = MSG_DUTY_READY,
    .about = MSG_DUTY_READY_ABOUT,
    VERB_OPTIONS(specs),
    .options_size = sizeof(struct ready_options),
    .run = run_ready,
};
