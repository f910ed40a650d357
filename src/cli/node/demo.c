/* SPDX-License-Identifier: Apache-2.0 */
/* canh demo: an invented province in a folder of its own, ready to be served. */
#include <limits.h>
#include <unistd.h>

#include <sodium.h>

#include "cli/node/node.h"
#include "cli/session.h"
#include "demo/demo.h"
#include "lang/err_cli.h"

struct demo_options {
    const char *user;
};

enum { WORDS = 4, WORD_LETTERS = 4, PASSWORD_MAX = 64 };

/* Four made-up words: easy to type, gone with the folder. */
static void write_password(struct buf *out)
{
    static const char first[] = "bcdghklmnpqrstvx", second[] = "aeiou";

    for (unsigned i = 0; i < WORDS; i++) {
        if (i)
            buf_putc(out, '-');
        for (unsigned k = 0; k < WORD_LETTERS; k++)
            buf_putc(out, k % 2 ? second[randombytes_uniform(5)] : first[randombytes_uniform(16)]);
    }
}

static int make_state(struct app *app, const struct place *p, struct slice password)
{
    const struct session_options o = {.dir = p->state, .mode = STATE_CREATE, .demo = true};
    struct err err = ERR_INIT;
    struct session st;
    struct act_ctx act;
    int r, status = session_open_as(app, &o, &st);

    if (status != 0)
        return status;
    act = session_act(&st, 0);
    r = demo_make(&act, &st.actor, password, &err);
    if (r < 0)
        status = session_fail(&st, &err);
    session_close(&st);
    return status;
}

static void demo_report(struct app *app, const struct place *p, const char *user,
                        struct slice password)
{
    static const msg_id words[DEMO_PEOPLE] = {MSG_NODE_DEMO_TECHNICIAN, MSG_NODE_DEMO_OFFICER,
                                              MSG_NODE_DEMO_HEAD, MSG_NODE_DEMO_COORDINATOR,
                                              MSG_NODE_DEMO_OPERATOR};
    struct buf *out = &app->out.buf, of_user = BUF_INIT(PATH_MAX);

    lang_write(out, app->lang, MSG_NODE_DEMO_DONE, p->dir,
               node_option(&of_user, " --user ", getuid() == 0 ? user : NULL), p->dir);
    buf_done(&of_user);
    for (int i = 0; i < DEMO_PEOPLE; i++)
        buf_printf(out, "  %-10s %s\n", demo_login((enum demo_who)i),
                   lang_text(app->lang, words[i]));
    lang_write(out, app->lang, MSG_NODE_DEMO_PASSWORD, SLICE_ARG(password));
}

static int run_demo(struct app *app, const void *values, const struct operands *operands)
{
    const struct demo_options *o = values;
    struct buf password = BUF_INIT(PASSWORD_MAX);
    struct err err = ERR_INIT;
    struct place p;
    int status = 0, r = place_find(operands->items[0], &p, &err);

    if (r == 0 && place_is_locked(&p))
        r = err_fail(&err, CE_BUSY, ERR_CLI_NODE_RUNS, p.dir);
    if (r == 0 && session_exists(p.state))
        r = err_fail(&err, CE_EXISTS, ERR_CLI_DEMO_FOLDER_IN_USE, p.dir);
    if (r == 0)
        r = node_make(app, &p, &err);
    write_password(&password);
    if (r == 0)
        status = make_state(app, &p, buf_slice(&password));
    if (r == 0 && status == 0)
        r = node_chown(&p, o->user, &err);
    if (r == 0 && status == 0)
        demo_report(app, &p, o->user, buf_slice(&password));
    sodium_memzero(password.p, password.cap);
    buf_done(&password);
    return r < 0 ? node_fail(app, &err) : status;
}

static const struct option_spec specs[] = {
    OPTION_TEXT("user", 0, struct demo_options, user, "NAME", COMPLETE_NONE, MSG_NODE_OPT_USER),
};

const struct verb verb_demo = {
    .name = "demo",
    .summary = MSG_NODE_DEMO,
    .about = MSG_NODE_DEMO_ABOUT,
    .operands = "DIR",
    .min_operands = 1,
    .max_operands = 1,
    .complete = COMPLETE_FOLDER,
    VERB_OPTIONS(specs),
    .options_size = sizeof(struct demo_options),
    .run = run_demo,
};
