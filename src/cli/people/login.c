/* SPDX-License-Identifier: Apache-2.0 */
/* canh login, canh logout: the command line as one of the console's accounts. */
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "account/sign_in.h"
#include "base/file.h"
#include "base/num.h"
#include "cli/node/node.h"
#include "cli/people/people.h"
#include "cli/session.h"
#include "cli/session_token.h"
#include "lang/msg_user.h"

enum { SECRET_MAX = 300 };

struct login_options {
    const char *dir, *state;
    bool standard;
};

struct login_job {
    struct app *app;
    const char *login, *state;
    struct place place;
    bool node; /* one runs there */
    struct buf password, code;
    char token[SESSION_SECRET + 1];
    struct buf name;
    int64_t ends;
    bool wants_code;
};

/* A line without its end from fd into out. */
static bool read_line(int fd, struct buf *out)
{
    char c;

    while (read(fd, &c, 1) == 1) {
        if (c == '\n')
            return true;
        if (c != '\r')
            buf_putc(out, c);
    }
    return out->len > 0;
}

/* Asks at the terminal, whatever standard input is; what is typed is not shown. */
static bool login_ask(struct app *app, msg_id prompt, struct buf *out)
{
    CANH_CLEANUP(fd_closep) int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    struct termios was, silent;
    const char *text = lang_text(app->lang, prompt);
    bool got;

    if (fd < 0 || tcgetattr(fd, &was) < 0)
        return false;
    silent = was;
    silent.c_lflag &= (tcflag_t)~ECHO;
    (void)tcsetattr(fd, TCSAFLUSH, &silent);
    (void)!write(fd, text, strlen(text));
    got = read_line(fd, out);
    (void)tcsetattr(fd, TCSAFLUSH, &was);
    (void)!write(fd, "\n", 1);
    return got;
}

static int read_session(void *u, const struct control_act *act, const struct slice *cells, size_t n)
{
    struct login_job *j = u;

    (void)act;
    if (n < 4 || cells[0].n != SESSION_SECRET) {
        j->wants_code = n > 0 && cells[0].n == 0;
        return 0;
    }
    memcpy(j->token, cells[0].p, SESSION_SECRET);
    buf_append_slice(&j->name, cells[1]);
    return num_i64(cells[3], &j->ends) < 0 ? -CE_PEER : 0;
}

/* One try: a token, or wants_code, or a status that was said. */
static int login_sign(struct login_job *j, const char *dir)
{
    struct control_args args = {.count = 0};
    struct node_act a = {.name = "login",
                         .dir = dir,
                         .state = j->state,
                         .anonymous = true,
                         .row = read_session,
                         .u = j};

    j->wants_code = false;
    (void)control_write(&args, "login", slice_str(j->login));
    (void)control_write(&args, "password", buf_slice(&j->password));
    (void)control_write(&args, "code", buf_slice(&j->code));
    return node_run(j->app, &a, &args);
}

static int find_state(struct app *app, const struct login_options *o, struct login_job *j)
{
    struct err err = ERR_INIT;

    if (place_find(o->dir, &j->place, &err) < 0)
        return node_fail(app, &err);
    j->state = o->state || o->dir ? o->state : place_lone_state();
    return 0;
}

static const char *folder_of(const struct login_job *j)
{
    return j->state ? j->state : j->place.state;
}

static void login_report(struct login_job *j)
{
    struct buf until = BUF_INIT(64);

    session_write_time(&until, j->ends);
    lang_write(&j->app->out.buf, j->app->lang, MSG_USER_LOGGED_IN, buf_cstr(&j->name),
               buf_cstr(&until));
    buf_puts(&j->app->out.buf, "\n");
    buf_done(&until);
}

static int login_enter(struct login_job *j, const struct login_options *o)
{
    struct err err = ERR_INIT;
    bool got = o->standard ? read_line(STDIN_FILENO, &j->password)
                           : login_ask(j->app, MSG_USER_ASK_PASSWORD, &j->password);
    int status;

    if (!got)
        return app_usage(j->app, MSG_USER_NO_PASSWORD);
    status = login_sign(j, o->dir);
    if (status == 0 && j->wants_code) {
        got = o->standard ? read_line(STDIN_FILENO, &j->code)
                          : login_ask(j->app, MSG_USER_ASK_CODE, &j->code);
        status = got ? login_sign(j, o->dir) : app_usage(j->app, MSG_USER_NO_CODE);
    }
    if (status != 0 || j->token[0] == 0)
        return status ? status : app_usage(j->app, MSG_USER_NO_CODE);
    if (session_token_write(folder_of(j), slice_str(j->token), &err) < 0)
        return app_fail(j->app, NULL, &err);
    login_report(j);
    return 0;
}

static int run_login(struct app *app, const void *values, const struct operands *operands)
{
    struct login_job j = {.app = app,
                          .login = operands->items[0],
                          .password = BUF_INIT(SECRET_MAX),
                          .code = BUF_INIT(SECRET_MAX),
                          .name = BUF_INIT(1000)};
    int status = find_state(app, values, &j);

    if (status == 0)
        status = login_enter(&j, values);
    sodium_memzero(j.token, sizeof(j.token));
    if (j.password.p)
        sodium_memzero(j.password.p, j.password.cap);
    buf_done(&j.password);
    buf_done(&j.code);
    buf_done(&j.name);
    return status;
}

/* The file forgets it, whatever the state says: a session that is over is none. */
static int run_logout(struct app *app, const void *values, const struct operands *operands)
{
    const struct login_options *o = values;
    struct login_job j = {.app = app};
    struct arena arena = ARENA_INIT(1 << 16);
    struct control_args args = {.count = 0};
    struct node_act a = {.name = "logout", .dir = o->dir, .anonymous = true, .row = node_no_row};
    struct slice token = SLICE_NULL;
    struct err err = ERR_INIT;
    int status = find_state(app, o, &j);

    (void)operands;
    a.state = j.state;
    if (status == 0 && session_token_get(&arena, folder_of(&j), &token, &err) < 0)
        status = app_fail(app, NULL, &err);
    if (status == 0 && token.n) {
        (void)control_write(&args, "token", token);
        status = node_run(app, &a, &args);
        if (session_token_write(folder_of(&j), SLICE_NULL, &err) < 0)
            status = app_fail(app, NULL, &err);
    } else if (status == 0) {
        app_print(app, MSG_USER_NOBODY_LOGGED_IN);
    }
    arena_done(&arena);
    return status;
}

static const struct option_spec login_specs[] = {
    NODE_DIR_OPTION(struct login_options), SESSION_STATE(struct login_options, state),
    OPTION_FLAG("password-stdin", 0, struct login_options, standard, MSG_USER_OPT_STDIN)};
static const struct option_spec logout_specs[] = {NODE_DIR_OPTION(struct login_options),
                                                  SESSION_STATE(struct login_options, state)};

const struct verb verb_login = {
    .name = "login",
    .summary = MSG_USER_LOGIN,
    .about = MSG_USER_LOGIN_ABOUT,
    .operands = "LOGIN",
    .min_operands = 1,
    .max_operands = 1,
    VERB_OPTIONS(login_specs),
    .options_size = sizeof(struct login_options),
    .run = run_login,
};
const struct verb verb_logout = {
    .name = "logout",
    .summary = MSG_USER_LOGOUT,
    VERB_OPTIONS(logout_specs),
    .options_size = sizeof(struct login_options),
    .run = run_logout,
};
