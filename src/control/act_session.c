/* SPDX-License-Identifier: Apache-2.0 */
/* Who a person at the command line is: the same accounts and sessions as the console's. */
#include "account/sign_in.h"
#include "control/cells.h"

/* clang-format off */
/* token empty: the code of the second factor is wanted. */
static const struct control_column session_columns[] = {
    {"token", CONTROL_IS_TEXT}, {"name", CONTROL_IS_TEXT}, {"unit", CONTROL_IS_TEXT},
    {"ends", CONTROL_IS_TIME},
};
/* clang-format on */

static int session_write(struct control_job *job, const char *token, const struct visitor *v)
{
    act_text(job, slice_str(token));
    act_text(job, v->name);
    act_text(job, v->unit_name);
    act_number(job, v->ends);
    return row_send(job);
}

static int run_login(struct control_job *job, struct err *err)
{
    const struct sign_in q = {.login = control_text(job->args, "login"),
                              .password = control_text(job->args, "password"),
                              .code = control_text(job->args, "code"),
                              .from = job->login};
    struct arena arena = ARENA_INIT(1 << 18);
    struct session_secret secret = {.token = ""};
    struct visitor v = {.ends = 0};
    int64_t wait = 0;
    int r = sign_in(job->s, &q, &secret, &wait, err);

    if (r == -CE_MISSING && q.code.n == 0)
        r = session_write(job, "", &v);
    else if (r == 0)
        r = visitor_of(job->s, slice_str(secret.token), VISITOR_SEEN, &arena, &v, err);
    if (r == 0 && secret.token[0])
        r = session_write(job, secret.token, &v);
    arena_done(&arena);
    return r;
}

static int run_logout(struct control_job *job, struct err *err)
{
    return sign_out(job->s, control_text(job->args, "token"), err);
}

const struct control_act acts_session[] = {
    {.name = "login",
     .writes = true,
     .open = true,
     .run = run_login,
     .columns = session_columns,
     .column_count = CANH_LEN(session_columns)},
    {.name = "logout", .writes = true, .open = true, .run = run_logout},
    {.name = NULL},
};
