/* SPDX-License-Identifier: Apache-2.0 */
/* The processes that last: started, connected with each other, started again. */
#define _GNU_SOURCE
#include "node/parent/parent.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/file.h"

#define LIVED_WELL (10 * TIME_SECOND)
enum { REFUSALS_MAX = 3 };

/* Without a gateway nothing is sent, and what sends takes as much memory as keep and parent. */
const struct child_row child_rows[CHILDREN] = {
    {ROLE_KEEP, "keep", false, NULL, {.files = 4096}},
    {ROLE_SEND, "send", false, config_has_gateway, {.files = 256}},
    {ROLE_DESK, "desk", false, NULL, {.files = 1024}},
    {ROLE_WATCH, "watch", true, NULL, {.files = 16384}},
};

/* Who is connected with whom. */
static const struct {
    enum wire_role a, b;
} links[] = {{ROLE_KEEP, ROLE_WATCH}, {ROLE_KEEP, ROLE_DESK}, {ROLE_SEND, ROLE_DESK}};

struct child *child_of(struct parent *p, enum wire_role role)
{
    for (unsigned i = 0; i < CHILDREN; i++)
        if (child_rows[i].role == role)
            return &p->children[i];
    return NULL;
}

bool child_is_wanted(const struct child *c)
{
    return c->row->wanted == NULL || c->row->wanted(&c->parent->role.config);
}

void parent_send_snapshot(struct parent *p, struct child *to)
{
    if (to && to->row->snapshot && channel_is_open(&to->channel) && p->snapshot >= 0)
        (void)!channel_send(&to->channel, WIRE_SNAPSHOT, SLICE_NULL, &p->snapshot, 1, NULL);
}

static void send_sockets(struct parent *p, struct child *to)
{
    for (unsigned i = 0; i < WIRE_SOCKETS && to->row->role == ROLE_WATCH; i++)
        if (p->sockets[i] >= 0)
            (void)!channel_send(&to->channel, (uint16_t)(WIRE_SOCKET_FIRST + i), SLICE_NULL,
                                &p->sockets[i], 1, NULL);
    if (to->row->role == ROLE_DESK && p->console >= 0)
        (void)!channel_send(&to->channel, WIRE_CONSOLE, SLICE_NULL, &p->console, 1, NULL);
}

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

int child_start(struct child *c, struct err *err)
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
    if (c->row->role == ROLE_DESK)
        p->deaf[WIRE_SOCKETS] = 0;
    r = process_start(&x, &c->pid, err);
    fd_closep(&pair[1]);
    if (r == 0)
        r = channel_open(&c->channel, pair[0], parent_rules, parent_rule_count, c, p->role.loop,
                         child_lost, err);
    else
        fd_closep(&pair[0]);
    if (r < 0)
        return r;
    for (unsigned i = 0; i < CANH_LEN(links); i++)
        if (links[i].a == c->row->role || links[i].b == c->row->role)
            link_children(child_of(p, links[i].a), child_of(p, links[i].b));
    send_sockets(p, c);
    parent_send_snapshot(p, c);
    return 0;
}

bool parent_all_ended(const struct parent *p)
{
    for (unsigned i = 0; i < CHILDREN; i++)
        if (p->children[i].pid)
            return false;
    return true;
}

void parent_kill_all(struct parent *p)
{
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
    parent_kill_all(p);
    if (parent_all_ended(p))
        loop_stop(p->role.loop);
    return true;
}

void child_ended(struct child *c, int status)
{
    struct parent *p = c->parent;
    bool meant = WIFEXITED(status) && WEXITSTATUS(status) == 0; /* another generation is wanted */
    bool well = meant || loop_clock() - c->started > LIVED_WELL;

    c->pid = 0;
    c->ready = false;
    channel_close(&c->channel);
    if (p->draining) {
        if (parent_all_ended(p))
            loop_stop(p->role.loop);
        return;
    }
    if (cannot_begin(c, status) || !child_is_wanted(c))
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
