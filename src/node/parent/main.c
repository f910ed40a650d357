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
#include "node/parent/parent.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"
#include "lang/err_node.h"
#include "node/wire/status.h"
#include "os/sandbox.h"
#include "os/unix.h"

#define DRAIN_TIME (10 * TIME_SECOND)

/* Takes canh.conf as it is now; whether people are to be reached, or reach the node, by other ways.
 */
static bool parent_use_config(struct parent *p)
{
    struct config now;
    int64_t base = 0;
    bool others;

    if (config_load(&now, p->role.place.conf, true, NULL) < 0)
        return false;
    if (num_range(slice_str(p->port_base), 1, 65000, &base) == 0)
        config_shift_ports(&now, (uint16_t)base);
    others = !config_same_section(&now, &p->role.config, "send") ||
             !config_same_section(&now, &p->role.config, "console");
    config_done(&p->role.config);
    p->role.config = now;
    return others;
}

/* A child that runs ends what it has, for another generation; one that is wanted now begins. */
static void parent_renew(struct child *c)
{
    if (channel_is_open(&c->channel))
        (void)!channel_send(&c->channel, WIRE_DRAIN, SLICE_NULL, NULL, 0, NULL);
    else if (c->pid == 0 && child_is_wanted(c))
        (void)!loop_timer_set(c->timer, 0, 0, NULL);
}

static void child_again(void *u, struct loop_timer *t)
{
    struct child *c = u;
    struct err err = ERR_INIT;

    (void)t;
    if (c->row->role == ROLE_DESK && parent_use_config(c->parent))
        parent_renew(child_of(c->parent, ROLE_SEND));
    if (c->pid == 0 && !c->parent->draining && child_start(c, &err) < 0) {
        (void)role_fail(&c->parent->role, &err);
        (void)!loop_timer_set(c->timer, BACKOFF_MAX, 0, NULL);
    }
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
    parent_renew(watch);
    if (parent_use_config(p)) {
        parent_renew(child_of(p, ROLE_DESK));
        parent_renew(child_of(p, ROLE_SEND));
    }
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

static void give_up(void *u, struct loop_timer *t)
{
    (void)t;
    parent_kill_all(u);
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
    if (parent_all_ended(p))
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
void parent_reload(struct parent *p, bool fewer)
{
    char path[PATH_MAX + 32], check[] = "check", less[] = "fewer";
    char *argv[] = {path, p->role.place.dir, p->port_base, fewer ? less : check, NULL};
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

/* Outside the node's folder, where nobody gets any more once this process is confined: it stays
 * open for every desk to come. All else goes on without it; the desk tells canh doctor. */
static void open_console_socket(struct parent *p)
{
    const struct config *c = &p->role.config;
    struct buf path = BUF_INIT(PLACE_PATH), group = BUF_INIT(PLACE_PATH);
    struct err err = ERR_INIT;

    buf_append_slice(&path, c->socket);
    buf_append_slice(&group, c->socket_group);
    if (path.len > 0 && unix_listen(buf_cstr(&path), group.len > 0 ? buf_cstr(&group) : NULL,
                                    &p->console, &err) < 0)
        role_log_err(&p->role, "the console's socket cannot be had; all else goes on", &err);
    buf_done(&path);
    buf_done(&group);
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
        parent_reload(p, false);
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
        p->children[i] = (struct child){.row = &child_rows[i],
                                        .parent = p,
                                        .channel.fd = -1,
                                        .backoff = BACKOFF_MIN};
        r = loop_timer_add(p->role.loop, DRAIN_TIME * 1000, 0, child_again, &p->children[i],
                           &p->children[i].timer, err);
        if (r < 0)
            return r;
    }
    for (unsigned i = 0; i < CHILDREN && r == 0; i++)
        if (child_is_wanted(&p->children[i]))
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
        open_console_socket(p);
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
                              .console = -1,
                              .sockets = {-1, -1, -1, -1, -1}};
    struct err err = ERR_INIT;
    int status = role_begin(&p.role, argc, argv);

    if (status != 0)
        return status;
    p.lang = lang_from_locale(getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG"));
    (void)snprintf(p.port_base, sizeof(p.port_base), "%s", argv[2]);
    if (parent_run(&p, &err) < 0) {
        status = role_fail(&p.role, &err);
        parent_kill_all(&p);
    }
    return status ? status : p.status;
}
