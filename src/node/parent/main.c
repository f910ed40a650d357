/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canh-parent DIR PORT-BASE: starts the processes of a node, connects them with each other, starts
 * again what ended, and ends with all of them. From its children it takes types of frames and
 * descriptors, never content.
 *
 * Every child begins with the connection to here and the node's lock; it gets a new connection to
 * each of its peers (WIRE_LINK) when it or the peer is started.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"
#include "base/time.h"
#include "lang/err_node.h"
#include "node/wire/role.h"
#include "node/wire/status.h"
#include "os/sandbox.h"
#include "os/service.h"

#define DRAIN_TIME  (10 * TIME_SECOND)
#define LIVED_WELL  (10 * TIME_SECOND)
#define BACKOFF_MIN (100 * INT64_C(1000000))
#define BACKOFF_MAX (2 * TIME_SECOND)
enum { REFUSALS_MAX = 3 };

/* What is started, in this order. */
static const struct child_row {
    enum wire_role role;
    const char *name;
    bool snapshot;
    struct process_limits limits;
} rows[] = {
    {ROLE_KEEP, "keep", false, {.files = 4096}},
    {ROLE_SEND, "send", false, {.files = 256}},
    {ROLE_DESK, "desk", false, {.files = 1024}},
    {ROLE_WATCH, "watch", true, {.files = 16384}},
};
enum { CHILDREN = CANH_LEN(rows) };

/* Who is connected with whom. */
static const struct {
    enum wire_role a, b;
} links[] = {{ROLE_KEEP, ROLE_WATCH}, {ROLE_KEEP, ROLE_DESK}, {ROLE_SEND, ROLE_DESK}};

struct parent;

struct child {
    const struct child_row *row;
    struct parent *parent;
    struct channel channel;
    pid_t pid; /* 0: does not run */
    bool ready;
    int64_t started, backoff;
    unsigned refusals; /* in a row: it ended by itself, with a failure */
    struct loop_timer *timer;
};

struct parent {
    struct role role; /* place, configuration and loop; no parent of its own */
    char port_base[16], libexec[PATH_MAX];
    int lock;
    int status_page;           /* status.h */
    int snapshot;              /* the last one, or -1 */
    int sockets[WIRE_SOCKETS]; /* of watch, for the next one; -1: none */
    pid_t check;               /* looks at a new generation of watch; 0: none */
    bool draining, said_ready;
    int status; /* to end with */
    struct child children[CHILDREN];
};

static struct child *child_of(struct parent *p, enum wire_role role)
{
    for (unsigned i = 0; i < CHILDREN; i++)
        if (rows[i].role == role)
            return &p->children[i];
    return NULL;
}

static void write_listener(struct buf *out, const char *name, const struct config_address *a)
{
    if (a->port == 0)
        buf_printf(out, " %s=-", name);
    else
        buf_printf(out, strchr(a->host, ':') ? " %s=https://[%s]:%u" : " %s=https://%s:%u", name,
                   a->host, (unsigned)a->port);
}

static void describe_ready(struct parent *p)
{
    struct buf text = BUF_INIT(400);

    if (p->said_ready)
        return;
    for (unsigned i = 0; i < CHILDREN; i++)
        if (!p->children[i].ready)
            return;
    p->said_ready = true;
    (void)service_notify("READY=1");
    write_listener(&text, "console", &p->role.config.console);
    write_listener(&text, "ingest", &p->role.config.ingest);
    (void)fprintf(stderr, "canh: ready %s%s\n", p->role.place.dir, buf_cstr(&text));
    buf_done(&text);
}

static int receive_ready(void *u, struct frame *f, struct err *err)
{
    struct child *c = u;

    (void)f;
    (void)err;
    c->ready = true;
    describe_ready(c->parent);
    return 0;
}

static void send_snapshot(struct parent *p, struct child *to)
{
    if (to && to->row->snapshot && channel_is_open(&to->channel) && p->snapshot >= 0)
        (void)!channel_send(&to->channel, WIRE_SNAPSHOT, SLICE_NULL, &p->snapshot, 1, NULL);
}

static int receive_snapshot(void *u, struct frame *f, struct err *err)
{
    struct child *c = u;
    struct parent *p = c->parent;

    if (c->row->role != ROLE_DESK)
        return err_fail(err, CE_PEER, ERR_NODE_SNAPSHOT_NOT_DESK_S);
    fd_closep(&p->snapshot);
    p->snapshot = frame_take_fd(f, 0);
    send_snapshot(p, child_of(p, ROLE_WATCH));
    return 0;
}

/*
 * A process that ends by itself, with a connection to keep and the frame's descriptors; locked: the
 * node has not ended before it has. Whoever waits for it finds out himself that it did not start.
 */
static void start_short(struct parent *p, enum wire_role role, const char *name, bool locked,
                        const struct frame *f)
{
    struct child *keep = child_of(p, ROLE_KEEP);
    uint8_t peer = (uint8_t)role;
    char path[PATH_MAX + 32];
    char *argv[] = {path, p->role.place.dir, p->port_base, NULL};
    int pair[2], fds[2 + FRAME_FDS];
    struct process x = {.path = path,
                        .argv = argv,
                        .fds = fds,
                        .limits = {.files = 64, .memory = UINT64_C(4) << 30}};
    pid_t pid;

    if (!channel_is_open(&keep->channel) || channel_pair(pair, NULL) < 0)
        return;
    (void)snprintf(path, sizeof(path), "%s/canh-%s", p->libexec, name);
    fds[x.fd_count++] = pair[1];
    if (locked)
        fds[x.fd_count++] = p->lock;
    for (unsigned i = 0; i < f->fd_count; i++)
        fds[x.fd_count++] = f->fds[i];
    if (process_start(&x, &pid, NULL) == 0)
        (void)!channel_send(&keep->channel, WIRE_LINK, slice_of(&peer, 1), &pair[0], 1, NULL);
    fd_closep(&pair[0]);
    fd_closep(&pair[1]);
}

static int receive_socket(void *u, struct frame *f, struct err *err)
{
    struct child *c = u;
    int *to = &c->parent->sockets[f->type - WIRE_SOCKET_FIRST];

    if (c->row->role != ROLE_WATCH)
        return err_fail(err, CE_PEER, ERR_NODE_CONNECTION_SOMEBODY_ELSE);
    fd_closep(to);
    *to = frame_take_fd(f, 0);
    return 0;
}

static void send_sockets(struct parent *p, struct child *to)
{
    for (unsigned i = 0; i < WIRE_SOCKETS && to->row->role == ROLE_WATCH; i++)
        if (p->sockets[i] >= 0)
            (void)!channel_send(&to->channel, (uint16_t)(WIRE_SOCKET_FIRST + i), SLICE_NULL,
                                &p->sockets[i], 1, NULL);
}

/* One process for one query: it speaks with the client and reads from keep, and ends. */
static int receive_query(void *u, struct frame *f, struct err *err)
{
    struct child *c = u;

    if (c->row->role != ROLE_DESK)
        return err_fail(err, CE_PEER, ERR_NODE_QUERY_NOT_DESK_S);
    start_short(c->parent, ROLE_SEARCH, "search", true, f);
    return 0;
}

/* One process for one run of a check: what it saw goes to keep, and it ends. */
static int receive_check(void *u, struct frame *f, struct err *err)
{
    struct child *c = u;

    if (c->row->role != ROLE_DESK)
        return err_fail(err, CE_PEER, ERR_NODE_CHECK_NOT_DESK_S);
    start_short(c->parent, ROLE_CHECK, "check", false, f);
    return 0;
}

/* The folder that canh-convert works with: the rules for a log; for a list one of its own, where
 * its parts are put together. */
static int convert_folder(struct parent *p, uint16_t type, char *to, size_t room, struct err *err)
{
    const struct slice rules = p->role.config.rules;

    if (type != WIRE_CONVERT_SHEET) {
        (void)snprintf(to, room, SLICE_FMT, SLICE_ARG(rules));
        return 0;
    }
    (void)snprintf(to, room, "%.4000s/scratch", p->role.place.run);
    return file_mkdirs(to, 0700, err);
}

/* One process for one file: it has the file and a pipe, and nothing else of the node. */
static int receive_convert(void *u, struct frame *f, struct err *err)
{
    struct child *c = u;
    char path[PATH_MAX + 32], folder[PATH_MAX];
    char kinds[][12] = {"log", "table", "picture", "sheet", "report-vi", "report-en"};
    size_t kind = f->type == WIRE_CONVERT ? 0 : f->type - WIRE_CONVERT_TABLE + 1u;
    char *argv[] = {path, folder, kinds[kind], NULL};
    struct process x = {.path = path,
                        .argv = argv,
                        .fds = f->fds,
                        .fd_count = f->fd_count,
                        .limits = {.memory = UINT64_C(3) << 30, .files = 32, .cpu = 60}};
    pid_t pid;

    if (c->row->role != ROLE_DESK)
        return err_fail(err, CE_PEER, ERR_NODE_QUERY_NOT_DESK_S);
    (void)snprintf(path, sizeof(path), "%s/canh-convert", c->parent->libexec);
    if (convert_folder(c->parent, f->type, folder, sizeof(folder), err) < 0 ||
        process_start(&x, &pid, err) < 0)
        role_log_err(&c->parent->role, "a file that was handed in is not read", err);
    *err = (struct err)ERR_INIT;
    return 0;
}

static const struct frame_rule rules[] = {
    {.type = WIRE_READY, .max = 0, .take = receive_ready},
    {.type = WIRE_SNAPSHOT, .max = 0, .fds = 1, .take = receive_snapshot},
    {.type = WIRE_SOCKET_FIRST + SOCKET_SYSLOG_UDP, .fds = 1, .take = receive_socket},
    {.type = WIRE_SOCKET_FIRST + SOCKET_SYSLOG_TCP, .fds = 1, .take = receive_socket},
    {.type = WIRE_SOCKET_FIRST + SOCKET_SYSLOG_TLS, .fds = 1, .take = receive_socket},
    {.type = WIRE_SOCKET_FIRST + SOCKET_INGEST, .fds = 1, .take = receive_socket},
    {.type = WIRE_SOCKET_FIRST + SOCKET_LUMBERJACK, .fds = 1, .take = receive_socket},
    {.type = WIRE_QUERY, .max = 0, .fds = 2, .take = receive_query},
    {.type = WIRE_CONVERT, .max = 0, .fds = 2, .take = receive_convert},
    {.type = WIRE_CONVERT_TABLE, .max = 0, .fds = 2, .take = receive_convert},
    {.type = WIRE_CONVERT_PICTURE, .max = 0, .fds = 2, .take = receive_convert},
    {.type = WIRE_CONVERT_SHEET, .max = 0, .fds = 2, .take = receive_convert},
    {.type = WIRE_CONVERT_REPORT_VI, .max = 0, .fds = 2, .take = receive_convert},
    {.type = WIRE_CONVERT_REPORT_EN, .max = 0, .fds = 2, .take = receive_convert},
    {.type = WIRE_CHECK, .max = 0, .fds = 1, .take = receive_check},
};

static void child_lost(void *u, struct channel *channel, const struct err *err)
{
    struct child *c = u;

    (void)channel;
    if (err->code == CE_PEER && c->pid > 0 && !c->parent->draining)
        (void)kill(c->pid, SIGKILL); /* it broke its word, or is ending: SIGCHLD tells */
}

static void link_children(struct child *a, struct child *b)
{
    uint8_t a_is = (uint8_t)a->row->role, b_is = (uint8_t)b->row->role;
    int pair[2];

    if (!channel_is_open(&a->channel) || !channel_is_open(&b->channel) ||
        channel_pair(pair, NULL) < 0)
        return;
    (void)!channel_send(&a->channel, WIRE_LINK, slice_of(&b_is, 1), &pair[0], 1, NULL);
    (void)!channel_send(&b->channel, WIRE_LINK, slice_of(&a_is, 1), &pair[1], 1, NULL);
    fd_closep(&pair[0]);
    fd_closep(&pair[1]);
}

static int child_start(struct child *c, struct err *err)
{
    struct parent *p = c->parent;
    char path[PATH_MAX + 32];
    char *argv[] = {path, p->role.place.dir, p->port_base, NULL};
    int pair[2], fds[3], r = channel_pair(pair, err);
    struct process x = {.path = path,
                        .argv = argv,
                        .fds = fds,
                        .fd_count = CANH_LEN(fds),
                        .limits = c->row->limits,
                        .credentials =
                            c->row->role == ROLE_DESK ? getenv("CREDENTIALS_DIRECTORY") : NULL};

    if (r < 0)
        return r;
    (void)snprintf(path, sizeof(path), "%s/canh-%s", p->libexec, c->row->name);
    fds[0] = pair[1];
    fds[1] = p->lock;
    fds[2] = p->status_page;
    c->ready = false;
    c->started = loop_clock();
    r = process_start(&x, &c->pid, err);
    fd_closep(&pair[1]);
    if (r == 0)
        r = channel_open(&c->channel, pair[0], rules, CANH_LEN(rules), c, p->role.loop, child_lost,
                         err);
    else
        fd_closep(&pair[0]);
    if (r < 0)
        return r;
    for (unsigned i = 0; i < CANH_LEN(links); i++)
        if (links[i].a == c->row->role || links[i].b == c->row->role)
            link_children(child_of(p, links[i].a), child_of(p, links[i].b));
    send_sockets(p, c);
    send_snapshot(p, c);
    return 0;
}

static void child_again(void *u, struct loop_timer *t)
{
    struct child *c = u;
    struct err err = ERR_INIT;

    (void)t;
    if (c->pid == 0 && !c->parent->draining && child_start(c, &err) < 0) {
        (void)role_fail(&c->parent->role, &err);
        (void)!loop_timer_set(c->timer, BACKOFF_MAX, 0, NULL);
    }
}

static bool all_ended(const struct parent *p)
{
    for (unsigned i = 0; i < CHILDREN; i++)
        if (p->children[i].pid)
            return false;
    return true;
}

static void give_up(void *u, struct loop_timer *t)
{
    struct parent *p = u;

    (void)t;
    for (unsigned i = 0; i < CHILDREN; i++)
        if (p->children[i].pid)
            (void)kill(p->children[i].pid, SIGKILL);
}

/* A child that refuses to begin, again and again, before the node was ever ready: another version's
 * state or journal, a key that is missing. It would not begin tomorrow either. */
static bool cannot_begin(struct child *c, int status)
{
    struct parent *p = c->parent;
    bool refuses = WIFEXITED(status) && WEXITSTATUS(status) != 0 &&
                   WEXITSTATUS(status) != EX_TEMPFAIL && !p->said_ready;

    c->refusals = refuses ? c->refusals + 1 : 0;
    if (c->refusals < REFUSALS_MAX)
        return false;
    role_log(&p->role, "%s does not begin, and says why above: the node ends", c->row->name);
    p->status = WEXITSTATUS(status);
    p->draining = true;
    give_up(p, NULL);
    if (all_ended(p))
        loop_stop(p->role.loop);
    return true;
}

static void child_ended(struct child *c, int status)
{
    struct parent *p = c->parent;
    bool meant = WIFEXITED(status) && WEXITSTATUS(status) == 0; /* another generation is wanted */
    bool well = meant || loop_clock() - c->started > LIVED_WELL;

    c->pid = 0;
    c->ready = false;
    channel_close(&c->channel);
    if (p->draining) {
        if (all_ended(p))
            loop_stop(p->role.loop);
        return;
    }
    if (cannot_begin(c, status))
        return;
    if (WIFSIGNALED(status))
        role_log(&p->role, "%s ended by signal %d; starting it again", c->row->name,
                 WTERMSIG(status));
    else if (!meant)
        role_log(&p->role, "%s ended with %d; starting it again", c->row->name,
                 WEXITSTATUS(status));
    c->backoff = well ? BACKOFF_MIN : CANH_MIN(c->backoff * 2, BACKOFF_MAX);
    (void)!loop_timer_set(c->timer, meant ? 0 : c->backoff, 0, NULL);
}

/* The new generation was looked at: with it, or without it. */
static void check_ended(struct parent *p, int status)
{
    struct child *watch = child_of(p, ROLE_WATCH);

    p->check = 0;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        role_log(&p->role, "the new rules are not taken; watch goes on as it is");
        return;
    }
    if (channel_is_open(&watch->channel))
        (void)!channel_send(&watch->channel, WIRE_DRAIN, SLICE_NULL, NULL, 0, NULL);
}

static void parent_reap(struct parent *p)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == p->check)
            check_ended(p, status);
        for (unsigned i = 0; i < CHILDREN; i++)
            if (p->children[i].pid == pid)
                child_ended(&p->children[i], status);
    }
}

/* Collectors first, so that keep and desk take what they sent: in the order of rows from its end;
 * each ends by itself once nothing more can come. */
static void parent_drain(struct parent *p)
{
    if (p->draining)
        return;
    p->draining = true;
    (void)service_notify("STOPPING=1");
    (void)!loop_timer_add(p->role.loop, DRAIN_TIME, 0, give_up, p, NULL, NULL);
    for (unsigned i = CHILDREN; i-- > 0;)
        if (channel_is_open(&p->children[i].channel))
            (void)!channel_send(&p->children[i].channel, WIRE_DRAIN, SLICE_NULL, NULL, 0, NULL);
    if (all_ended(p))
        loop_stop(p->role.loop);
}

static void refuse_config(struct parent *p, const struct err *why)
{
    struct buf out = BUF_INIT(200);

    role_log_err(&p->role, "canh.conf is wrong, so everything stays as it is", why);
    status_add(&out, "config line", why->line);
    status_add(&out, "time", (uint64_t)time_now());
    (void)!status_write(p->status_page, STATUS_REFUSED, buf_slice(&out));
    buf_done(&out);
}

/* Whether canh.conf can be read as it is now: with a fault in it no process would start again. */
static bool config_is_sound(struct parent *p)
{
    struct config c;
    struct err err = ERR_INIT;
    int r = config_load(&c, p->role.place.conf, true, &err);

    if (r == 0)
        config_done(&c);
    else
        refuse_config(p, &err);
    return r == 0;
}

/*
 * A new generation of watch, with the rules and sources of now. A process of its own looks at it
 * first; what the old one had acknowledged stays.
 */
static void parent_reload(struct parent *p)
{
    char path[PATH_MAX + 32], check[] = "check";
    char *argv[] = {path, p->role.place.dir, p->port_base, check, NULL};
    int fds[3] = {p->lock, p->lock, p->status_page};
    struct process x = {.path = path,
                        .argv = argv,
                        .fds = fds,
                        .fd_count = CANH_LEN(fds),
                        .limits = {.files = 64, .memory = UINT64_C(2) << 30, .cpu = 60}};
    struct err err = ERR_INIT;

    if (p->check || !config_is_sound(p))
        return;
    (void)snprintf(path, sizeof(path), "%s/canh-watch", p->libexec);
    if (process_start(&x, &p->check, &err) < 0) {
        p->check = 0;
        role_log_err(&p->role, "the new rules cannot be looked at", &err);
    }
}

/*
 * Children inherit this, so that it can only be what holds for all of them: nothing outside the
 * node's folder is written by anybody.
 */
static int parent_confine(struct parent *p, struct err *err)
{
    static const char *const read[] = {"/", NULL};
    const char *const write[] = {p->role.place.dir, "/dev/null", NULL};
    struct sandbox_rules what = {.read = read,
                                 .write = write,
                                 .connect = true,
                                 .spawn = true,
                                 .manage = true,
                                 .degrade = p->role.config.sandbox == CONFIG_DEGRADE};
    struct sandbox *s = NULL;
    int r = sandbox_new(&what, &s, err);

    if (r < 0)
        return r;
    if (!sandbox_enter(s))
        r = err_fail_sys(err, errno, ERR_NODE_SANDBOX, p->role.name);
    sandbox_free(s);
    return r;
}

static void signal_came(void *u, int sig)
{
    struct parent *p = u;

    if (sig == SIGCHLD)
        parent_reap(p);
    else if (sig == SIGHUP)
        parent_reload(p);
    else
        parent_drain(p);
}

/* The programs lie beside this one. */
static int find_libexec(struct parent *p, struct err *err)
{
    ssize_t n = readlink("/proc/self/exe", p->libexec, sizeof(p->libexec) - 1);
    char *slash;

    if (n <= 0)
        return err_fail_sys(err, errno, ERR_NODE_PROC_SELF_EXE);
    p->libexec[n] = 0;
    slash = strrchr(p->libexec, '/');
    if (slash)
        *slash = 0;
    return 0;
}

/* The manager hears from this loop, which every child's end and every frame passes through. */
static void report_alive(void *u, struct loop_timer *t)
{
    (void)u;
    (void)t;
    (void)service_notify("WATCHDOG=1");
}

static int watchdog_begin(struct parent *p, struct err *err)
{
    int64_t half = service_watchdog() / 2;

    return half > 0 ? loop_timer_add(p->role.loop, half, half, report_alive, p, NULL, err) : 0;
}

static int start_all(struct parent *p, struct err *err)
{
    int r = 0;

    for (unsigned i = 0; i < CHILDREN; i++) {
        p->children[i] =
            (struct child){.row = &rows[i], .parent = p, .channel.fd = -1, .backoff = BACKOFF_MIN};
        r = loop_timer_add(p->role.loop, DRAIN_TIME * 1000, 0, child_again, &p->children[i],
                           &p->children[i].timer, err);
        if (r < 0)
            return r;
    }
    for (unsigned i = 0; i < CHILDREN && r == 0; i++)
        r = child_start(&p->children[i], err);
    return r;
}

static int parent_run(struct parent *p, struct err *err)
{
    static const int signals[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP, 0};
    int r = find_libexec(p, err);

    if (r == 0)
        r = file_mkdirs(p->role.place.run, 0700, err);
    if (r == 0)
        r = place_lock(&p->role.place, &p->lock, err);
    if (r == 0)
        r = status_make(&p->status_page, err);
    if (r == 0)
        r = parent_confine(p, err);
    if (r == 0)
        r = loop_signals(p->role.loop, signals, signal_came, p, err);
    if (r == 0)
        r = watchdog_begin(p, err);
    if (r == 0)
        r = start_all(p, err);
    if (r == 0)
        r = loop_run(p->role.loop, err);
    return r;
}

int main(int argc, char **argv)
{
    static struct parent p = {.role.name = "parent",
                              .lock = -1,
                              .status_page = -1,
                              .snapshot = -1,
                              .sockets = {-1, -1, -1, -1, -1}};
    struct err err = ERR_INIT;
    int status = role_begin(&p.role, argc, argv);

    if (status != 0)
        return status;
    (void)snprintf(p.port_base, sizeof(p.port_base), "%s", argv[2]);
    if (parent_run(&p, &err) < 0) {
        status = role_fail(&p.role, &err);
        give_up(&p, NULL);
    }
    return status ? status : p.status;
}
