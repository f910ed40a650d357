/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run/control: acts of who signed in (canh login), as themselves; of root and of the node's own
 * user without that as `admin`: the audit names the uid. Looks at the journal go on in a process of
 * their own (canh-search), with the connection: search.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "account/sign_in.h"
#include "base/file.h"
#include "base/time.h"
#include "control/act.h"
#include "lang/err_node.h"
#include "lang/error.h"
#include "node/desk/search.h"
#include "node/wire/status.h"

#define AWAIT_EVERY (10 * INT64_C(1000000))
#define AWAIT_MAX   (20 * TIME_SECOND)
enum { CLIENTS_MAX = 64, LISTEN_QUEUE = 16 };

struct desk_client {
    struct desk *desk;
    struct desk_client *next;
    struct channel channel;
    char login[40];
    bool held;        /* its act waits: hold.c */
    bool own;         /* root, or the node's user: an administrator without signing in */
    uint32_t care;    /* number of a verb that keep works at; 0: none */
    enum lang lang;   /* of whoever waits for it */
    uint64_t awaits;  /* number of a snapshot that its act made, and watch does not follow yet */
    int64_t patience; /* when it is told that the act is done all the same */
};

static void client_close(struct desk_client *c)
{
    struct desk_client **at = &c->desk->clients;

    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
    c->desk->client_count--;
    desk_hold_forget(c->desk, c);
    channel_close(&c->channel);
    free(c);
}

static void client_lost(void *u, struct channel *channel, const struct err *err)
{
    (void)channel;
    (void)err;
    client_close(u);
}

static int send_row(void *u, const struct slice *cells, size_t n)
{
    struct desk_client *c = u;
    struct buf body = BUF_INIT(FRAME_MAX);
    int r;

    frame_put_u32(&body, (uint32_t)n);
    for (size_t i = 0; i < n; i++)
        frame_put_text(&body, cells[i]);
    r = body.err ? body.err
                 : channel_send(&c->channel, CONTROL_ROW, buf_slice(&body), NULL, 0, NULL);
    buf_done(&body);
    return r;
}

static int send_end(struct desk_client *c, const struct control_args *args, int r,
                    const struct err *why, struct err *err)
{
    struct buf body = BUF_INIT(2000), text = BUF_INIT(1000);
    int code;

    if (r < 0)
        error_write(&text, control_lang(args), why);
    frame_put_u32(&body, (uint32_t)(r < 0 ? -r : 0));
    frame_put_text(&body, buf_slice(&text));
    buf_done(&text);
    code = channel_send(&c->channel, CONTROL_END, buf_slice(&body), NULL, 0, err);
    buf_done(&body);
    return code;
}

/*
 * An act that changed what is followed is done once watch follows it: what is written to a file
 * after `source add` has returned is new. Watch may be starting anew, or keep; so not for ever.
 */
static void await_watch(struct desk_client *c)
{
    struct desk *d = c->desk;

    c->awaits = d->published;
    c->patience = loop_clock() + AWAIT_MAX;
    (void)!loop_timer_set(d->followed, AWAIT_EVERY, AWAIT_EVERY, NULL);
}

static void check_followed(void *u, struct loop_timer *t)
{
    struct desk *d = u;
    uint64_t follows = status_get(ROLE_STATUS_FD, STATUS_RUNS, "follows", 0);
    bool more = false;

    for (struct desk_client *c = d->clients, *next; c; c = next) {
        next = c->next;
        if (c->awaits == 0)
            continue;
        if (follows < c->awaits && loop_clock() < c->patience) {
            more = true;
            continue;
        }
        c->awaits = 0;
        if (send_end(c, NULL, 0, NULL, NULL) < 0)
            client_close(c);
    }
    if (!more)
        (void)!loop_timer_set(t, TIME_DAY, 0, NULL);
}

/* Who signed in (canh login); else root and the node's user as the administrator. */
static int actor_of(struct desk_client *c, const struct control_args *args, struct arena *arena,
                    struct state_actor *ret, struct err *err)
{
    struct slice token = control_text(args, "session");
    struct visitor v;
    int r;

    if (token.n == 0) {
        *ret = state_actor_local();
        ret->account = ret->purpose = slice_str(c->login);
        return c->own ? 0 : err_fail(err, CE_DENIED, ERR_NODE_SIGN_IN_FIRST);
    }
    r = visitor_of(c->desk->s, token, desk_holds(c->desk) ? VISITOR_NONE : VISITOR_SEEN, arena, &v,
                   err);
    if (r < 0)
        return r == -CE_DENIED ? err_fail(err, CE_DENIED, ERR_NODE_SESSION_IS_OVER) : r;
    *ret = v.actor;
    ret->purpose = v.login;
    return 0;
}

/* canh-search speaks with the client from here on. */
static int hand_over(struct desk_client *c, struct slice act, const struct control_args *args,
                     struct err *err)
{
    struct arena arena = ARENA_INIT(1 << 18);
    struct state_actor actor;
    int r = actor_of(c, args, &arena, &actor, err);

    if (r == 0)
        r = desk_search(c->desk, &actor, act, args, c->channel.fd, err);
    arena_done(&arena);
    return r;
}

static int run_act(struct desk_client *c, const struct control_act *act,
                   const struct control_args *args, struct err *err)
{
    struct desk *d = c->desk;
    struct arena arena = ARENA_INIT((size_t)16 << 20), own = ARENA_INIT(1 << 18);
    struct control_job job = {.s = d->s,
                              .login = slice_str(c->login),
                              .args = args,
                              .arena = &arena,
                              .row = send_row,
                              .u = c};
    int r;

    job.more = desk_doctor;
    job.node = desk_tell;
    job.more_u = d;
    job.issue = desk_issue;
    job.run = slice_str(d->role.place.run);
    r = act->open ? 0 : actor_of(c, args, &own, &job.actor, err);
    if (r == 0 && job.actor.account.n)
        job.login = job.actor.account;
    if (r == 0)
        r = act->run(&job, err);
    arena_done(&arena);
    arena_done(&own);
    if (r == 0 && act->writes)
        desk_changed(d);
    if (r == 0 && act->sources)
        r = desk_publish(d, err);
    if (r == 0 && act->writes && slice_starts(slice_str(act->name), SLICE("drill_")))
        desk_matters_now(d);
    return r;
}

static struct desk_client *client_of(struct desk *d, uint32_t number)
{
    struct desk_client *c = d->clients;

    while (c && c->care != number)
        c = c->next;
    return c;
}

void desk_answer_row(struct desk *d, uint32_t number, const struct slice *cells, size_t n)
{
    struct desk_client *c = number ? client_of(d, number) : NULL;

    if (c && send_row(c, cells, n) < 0)
        client_close(c);
}

void desk_answer_end(struct desk *d, uint32_t number, int code, struct slice why)
{
    struct desk_client *c = number ? client_of(d, number) : NULL;
    struct buf body = BUF_INIT(4096);

    frame_put_u32(&body, (uint32_t)-code);
    frame_put_text(&body, why);
    if (c) {
        c->care = 0;
        if (channel_send(&c->channel, CONTROL_END, buf_slice(&body), NULL, 0, NULL) < 0)
            client_close(c);
    }
    buf_done(&body);
}

void desk_answers_end(struct desk *d)
{
    struct control_args args;
    struct err why = ERR_INIT;

    (void)!err_fail(&why, CE_BUSY, ERR_NODE_KEEP_ENDED);
    for (struct desk_client *c = d->clients, *next; c; c = next) {
        next = c->next;
        if (c->care == 0)
            continue;
        c->care = 0;
        args.count = 0;
        (void)control_write(&args, "lang", slice_str(lang_to_str(c->lang)));
        if (send_end(c, &args, -CE_BUSY, &why, NULL) < 0)
            client_close(c);
    }
}

static int begin_care(struct desk_client *c, struct slice act, const struct control_args *args,
                      struct err *err)
{
    struct arena arena = ARENA_INIT(1 << 18);
    struct state_actor actor;
    int r = actor_of(c, args, &arena, &actor, err);

    c->lang = control_lang(args);
    if (r == 0)
        r = desk_care(c->desk, &actor, act, args, &c->care, err);
    arena_done(&arena);
    return r;
}

static int receive_act(void *u, struct frame *f, struct err *err);

static int receive_held(void *u, struct frame *f, struct err *err)
{
    struct desk_client *c = u;

    (void)err;
    c->held = false;
    if (receive_act(c, f, NULL) < 0)
        client_close(c);
    return 0;
}

/* Looks are written down. */
static bool act_writes(struct slice name, const struct control_act *act)
{
    return slice_is(name, "search") || slice_is(name, "around") || desk_is_care(name) ||
           (act && act->writes);
}

static int receive_act(void *u, struct frame *f, struct err *err)
{
    struct desk_client *c = u;
    struct control_args args;
    struct slice name;
    const struct control_act *act;
    struct err why = ERR_INIT;
    int r = control_args_read(f->body, &name, &args, err);

    if (r < 0)
        return r;
    if (c->awaits || c->care || c->held)
        return err_fail(err, CE_PEER, ERR_NODE_ACT_WHILE_ONE_RUNS);
    act = control_act_find(name);
    c->held = act_writes(name, act) && desk_hold(c->desk, receive_held, c, f);
    if (c->held)
        return 0;
    if (slice_is(name, "search") || slice_is(name, "around")) {
        r = hand_over(c, name, &args, &why);
        if (r == 0)
            return err_fail(err, CE_PEER, ERR_NODE_CONNECTION_SEARCHS_NOW);
        return send_end(c, &args, r, &why, err);
    }
    if (desk_is_care(name)) {
        r = begin_care(c, name, &args, &why);
        return r == 0 ? 0 : send_end(c, &args, r, &why, err);
    }
    r = act ? run_act(c, act, &args, &why) : err_fail(&why, CE_UNKNOWN, ERR_NODE_NO_ACT, name);
    if (r == 0 && act->sources) {
        await_watch(c);
        return 0;
    }
    return send_end(c, &args, r, &why, err);
}

static const struct frame_rule rules[] = {
    {.type = CONTROL_ACT, .max = FRAME_MAX, .take = receive_act},
};

/* The socket lets the group in; who is neither root nor the node's user has to sign in. */
static bool find_peer(int fd, struct desk_client *c)
{
    struct ucred who;
    socklen_t size = sizeof(who);

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) < 0)
        return false;
    (void)snprintf(c->login, sizeof(c->login), "uid %u", (unsigned)who.uid);
    c->own = who.uid == 0 || who.uid == geteuid();
    return true;
}

static void accept_client(void *u, int listener, uint32_t events)
{
    struct desk *d = u;
    CANH_CLEANUP(fd_closep) int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    struct desk_client *c;

    (void)events;
    if (fd < 0 || d->client_count == CLIENTS_MAX)
        return;
    c = calloc(1, sizeof(*c));
    if (c == NULL)
        return;
    if (!find_peer(fd, c)) {
        free(c);
        return;
    }
    c->desk = d;
    c->channel.fd = -1;
    c->next = d->clients;
    d->clients = c;
    d->client_count++;
    if (channel_open(&c->channel, fd_take(&fd), rules, CANH_LEN(rules), c, d->role.loop,
                     client_lost, NULL) < 0)
        client_close(c);
}

int desk_control_open(struct desk *d, struct err *err)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    const char *path = d->role.place.control;
    CANH_CLEANUP(fd_closep)
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int n = snprintf(at.sun_path, sizeof(at.sun_path), "%s", path), r;

    if (fd < 0)
        return err_fail_sys(err, errno, ERR_NODE_SOCKET);
    if (n < 0 || (size_t)n >= sizeof(at.sun_path))
        return err_fail(err, CE_TOO_BIG, ERR_NODE_FOLDERS_NAME_TOO_LONG_FOR, path);
    r = file_remove(path, err);
    if (r < 0)
        return r;
    r = loop_timer_add(d->role.loop, TIME_DAY, 0, check_followed, d, &d->followed, err);
    if (r < 0)
        return r;
    if (bind(fd, (const struct sockaddr *)&at, sizeof(at)) < 0 || chmod(path, 0660) < 0 ||
        listen(fd, LISTEN_QUEUE) < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, path);
    d->control = fd_take(&fd);
    return loop_add(d->role.loop, d->control, EPOLLIN, accept_client, d, err);
}

void desk_control_close(struct desk *d)
{
    while (d->clients)
        client_close(d->clients);
    if (d->control < 0)
        return;
    loop_drop(d->role.loop, d->control);
    fd_closep(&d->control);
    d->control = -1;
    (void)file_remove(d->role.place.control, NULL);
}
