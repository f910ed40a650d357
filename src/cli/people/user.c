/* SPDX-License-Identifier: Apache-2.0 */
/* canh user: who may sign in to the console. */
#include "account/account.h"
#include "base/file.h"
#include "cli/listing.h"
#include "cli/node/node.h"
#include "cli/people/invitation.h"
#include "cli/people/people.h"
#include "cli/session.h"
#include "lang/msg_cli.h"
#include "lang/msg_user.h"
#include "view/people.h"

struct user_options {
    const char *state, *unit, *person, *name, *dir;
    bool unlock;
    struct listing_options listing;
};

#define USER_WHO                                                                                   \
    SESSION_OPTION(struct user_options, state),                                                    \
        OPTION_TEXT("unit", 'u', struct user_options, unit, "CODE", COMPLETE_NONE,                 \
                    MSG_USER_OPT_UNIT),                                                            \
        OPTION_TEXT("person", 0, struct user_options, person, "CODE", COMPLETE_NONE,               \
                    MSG_USER_OPT_PERSON)

static const struct option_spec first_options[] = {
    NODE_DIR_OPTION(struct user_options),
    OPTION_TEXT("unit", 'u', struct user_options, unit, "CODE", COMPLETE_NONE, MSG_USER_OPT_UNIT),
    OPTION_TEXT("name", 0, struct user_options, name, "NAME", COMPLETE_NONE, MSG_USER_OPT_NAME)};
static const struct option_spec add_options[] = {USER_WHO};
static const struct option_spec login_options[] = {SESSION_OPTION(struct user_options, state)};
static const struct option_spec lock_options[] = {SESSION_OPTION(struct user_options, state),
                                                  OPTION_FLAG("unlock", 0, struct user_options,
                                                              unlock, MSG_USER_OPT_UNLOCK)};
static const struct option_spec list_options[] = {SESSION_OPTION(struct user_options, state),
                                                  OPTION_TEXT("unit", 'u', struct user_options,
                                                              unit, "CODE", COMPLETE_NONE,
                                                              MSG_USER_OPT_UNIT),
                                                  LISTING_OPTIONS(struct user_options, listing)};

static int user_end(struct session *l, int r, const struct err *err)
{
    int status = r < 0 ? session_fail(l, err) : r;

    session_close(l);
    return status;
}

/* The person of the options, who gets an account of this login. */
static int account_of(struct session *l, const struct user_options *o, const char *login,
                      struct account_request *ret)
{
    struct state_unit u;
    int status;

    if (o->unit == NULL || o->person == NULL)
        return app_usage(l->app, MSG_CLI_NO_OPTION, o->unit ? "person" : "unit");
    status = session_unit(l, o->unit, &u);
    *ret = (struct account_request){.login = slice_str(login)};
    if (status == 0)
        status = session_person(l, u.id, o->person, &ret->person);
    ret->unit = u.id;
    return status;
}

static int run_add(struct app *app, const void *values, const struct operands *operands)
{
    const struct user_options *o = values;
    struct account_request q;
    struct buf secret = BUF_INIT(256);
    struct err err = ERR_INIT;
    struct session l;
    int status = session_open(app, o->state, STATE_WRITE, &l), r;

    if (status != 0)
        return status;
    status = account_of(&l, o, operands->items[0], &q);
    r = status ? status : account_add(l.s, &l.actor, &q, &secret, &err);
    if (r == 0)
        invitation_describe(app, NULL, buf_slice(&secret));
    buf_done(&secret);
    return user_end(&l, r, &err);
}

/* The unit of the options, else the only one there is. */
static int unit_of(struct session *l, const struct user_options *o, struct state_id *ret)
{
    struct state_query two = {.limit = 2};
    struct state_unit *all = NULL, u;
    struct err err = ERR_INIT;
    size_t n = 0;
    int status;

    if (o->unit) {
        status = session_unit(l, o->unit, &u);
        *ret = u.id;
        return status;
    }
    if (state_unit_list(l->s, &l->actor, &two, &l->arena, &all, &n, &err) < 0)
        return session_fail(l, &err);
    if (n != 1 || all == NULL)
        return app_usage(l->app, MSG_CLI_NO_OPTION, "unit");
    *ret = all[0].id;
    return 0;
}

/* Whoever reads a terminal sees the link; what is kept elsewhere (a journal, a log) does not. */
static int hand_over(struct app *app, const struct place *p, struct slice secret, struct err *err)
{
    struct buf path = BUF_INIT(PLACE_PATH + 20), text = BUF_INIT(1000);
    int r = 0;

    if (app->out_tty) {
        invitation_describe(app, p, secret);
        return 0;
    }
    buf_printf(&path, "%s/first-link", p->run);
    invitation_write(&text, p, secret);
    buf_putc(&text, '\n');
    r = file_replace(buf_cstr(&path), buf_slice(&text), 0600, err);
    if (r == 0) {
        lang_write(&app->out.buf, app->lang, MSG_USER_LINK_IN, buf_cstr(&path));
        invitation_hint(app, p);
    }
    buf_done(&text);
    buf_done(&path);
    return r;
}

static int run_first(struct app *app, const void *values, const struct operands *operands)
{
    const struct user_options *o = values;
    struct account_first_request q = {.login = slice_str(operands->items[0])};
    struct buf secret = BUF_INIT(256);
    struct err err = ERR_INIT;
    struct session l;
    struct place p;
    int status, r;

    if (place_find(o->dir, &p, &err) < 0)
        return node_fail(app, &err);
    status = session_open(app, p.state, STATE_WRITE, &l);
    if (status != 0)
        return status;
    q.name = o->name ? slice_str(o->name) : q.login;
    status = unit_of(&l, o, &q.unit);
    r = status ? status : account_first(l.s, &l.actor, &q, &secret, &err);
    if (r == 0)
        r = hand_over(app, &p, buf_slice(&secret), &err);
    buf_done(&secret);
    return user_end(&l, r, &err);
}

static int run_reset(struct app *app, const void *values, const struct operands *operands)
{
    const struct user_options *o = values;
    struct buf secret = BUF_INIT(256);
    struct err err = ERR_INIT;
    struct session l;
    int status = session_open(app, o->state, STATE_WRITE, &l), r;

    if (status != 0)
        return status;
    r = account_reset(l.s, &l.actor, slice_str(operands->items[0]), &secret, &err);
    if (r == 0)
        invitation_describe(app, NULL, buf_slice(&secret));
    buf_done(&secret);
    return user_end(&l, r, &err);
}

static int run_lock(struct app *app, const void *values, const struct operands *operands)
{
    const struct user_options *o = values;
    struct err err = ERR_INIT;
    struct session l;
    int status = session_open(app, o->state, STATE_WRITE, &l), r;

    if (status != 0)
        return status;
    r = account_lock(l.s, &l.actor, slice_str(operands->items[0]), o->unlock, &err);
    if (r == 0 && o->unlock)
        lang_write(&app->out.buf, app->lang, MSG_USER_UNLOCKED, operands->items[0]);
    else if (r == 0)
        lang_write(&app->out.buf, app->lang, MSG_USER_LOCKED, operands->items[0]);
    return user_end(&l, r, &err);
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    const struct user_options *o = values;
    struct view_query q = {.below = false};
    struct err err = ERR_INIT;
    struct view_ctx ctx;
    struct state_unit u = {.id = STATE_ID_NONE};
    struct session l;
    struct table t;
    int status = listing_check(app, &o->listing);

    (void)operands;
    if (status == 0)
        status = session_open(app, o->state, STATE_READ, &l);
    if (status != 0)
        return status;
    ctx = listing_ctx(&l, state_now(l.s));
    status = session_listed(&l, o->unit, &u);
    q.unit = u.id;
    if (status == 0) {
        status = view_accounts(&ctx, &q, &t, &err) < 0 ? session_fail(&l, &err)
                                                       : listing_print(app, &t, &o->listing);
        table_done(&t);
    }
    session_close(&l);
    return status;
}

#define USER_VERB(n, s, about_, operands_, count, table, fn)                                       \
    static const struct verb user_##fn = {.name = (n),                                             \
                                          .summary = (s),                                          \
                                          .about = (about_),                                       \
                                          .operands = (operands_),                                 \
                                          .min_operands = (count),                                 \
                                          .max_operands = (count),                                 \
                                          VERB_OPTIONS(table),                                     \
                                          .options_size = sizeof(struct user_options),             \
                                          .run = run_##fn};
USER_VERB("first", MSG_USER_FIRST, MSG_USER_FIRST_ABOUT, "LOGIN", 1, first_options, first)
USER_VERB("add", MSG_USER_ADD, MSG_USER_ADD_ABOUT, "LOGIN", 1, add_options, add)
USER_VERB("list", MSG_USER_LIST, MSG_NONE, NULL, 0, list_options, list)
USER_VERB("lock", MSG_USER_LOCK, MSG_NONE, "LOGIN", 1, lock_options, lock)
USER_VERB("reset", MSG_USER_RESET, MSG_NONE, "LOGIN", 1, login_options, reset)

static const struct verb *const subs[] = {&user_first, &user_add,   &user_list,
                                          &user_lock,  &user_reset, NULL};
const struct verb verb_user = {.name = "user", .summary = MSG_USER_SUMMARY, .subs = subs};
