/* SPDX-License-Identifier: Apache-2.0 */
/* What children send: that they are ready, what the next one needs, wishes for short processes. */
#define _GNU_SOURCE
#include "node/parent/parent.h"

#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "lang/err_node.h"
#include "lang/error.h"
#include "os/mapped.h"

/* The keys of [listen], as WIRE_DEAF counts them. */
static const struct {
    const char *key, *told;
} listeners[WIRE_SOCKETS + 1] = {
    [SOCKET_SYSLOG_UDP] = {"syslog", "syslog (UDP)"},
    [SOCKET_SYSLOG_TCP] = {"syslog", "syslog (TCP)"},
    [SOCKET_SYSLOG_TLS] = {"syslog-tls", "syslog-tls"},
    [SOCKET_INGEST] = {"ingest", "ingest"},
    [SOCKET_LUMBERJACK] = {"lumberjack", "lumberjack"},
    [WIRE_SOCKETS] = {"console", "console"},
};

static void write_listener(struct buf *out, const char *name, const struct config_address *a,
                           bool is)
{
    if (a->port == 0 || !is)
        buf_printf(out, " %s=-", name);
    else
        buf_printf(out, strchr(a->host, ':') ? " %s=https://[%s]:%u" : " %s=https://%s:%u", name,
                   a->host, (unsigned)a->port);
}

/* Behind a proxy alone it is where people open it. */
static void write_console(struct buf *out, const struct parent *p)
{
    const struct config *c = &p->role.config;

    if (c->console.port == 0 && c->socket.n > 0)
        buf_printf(out, " console=" SLICE_FMT, SLICE_ARG(c->site.url));
    else
        write_listener(out, "console", &c->console, p->deaf[WIRE_SOCKETS] == 0);
}

static void describe_ready(struct parent *p)
{
    struct buf text = BUF_INIT(800);

    if (p->said_ready)
        return;
    for (unsigned i = 0; i < CHILDREN; i++)
        if (!p->children[i].ready && child_is_wanted(&p->children[i]))
            return;
    p->said_ready = true;
    (void)service_notify("READY=1");
    write_console(&text, p);
    write_listener(&text, "ingest", &p->role.config.ingest, p->sockets[SOCKET_INGEST] >= 0);
    (void)fprintf(stderr, "canh: ready %s%s\n", p->role.place.dir, buf_cstr(&text));
    buf_done(&text);
    mapped_let_go();
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

static void describe_deaf(struct parent *p, unsigned slot)
{
    const struct config_address *a = config_listener(&p->role.config, listeners[slot].key);
    struct buf text = BUF_INIT(800);
    struct err why = ERR_INIT;

    (void)err_fail_sys(&why, p->deaf[slot], ERR_NODE_LISTEN, listeners[slot].told, a->host,
                       (unsigned)a->port);
    error_write(&text, p->lang, &why);
    (void)fprintf(stderr, "canh: %s\n", buf_cstr(&text));
    buf_done(&text);
}

static int receive_deaf(void *u, struct frame *f, struct err *err)
{
    struct child *c = u;
    struct frame_reader r = frame_reader(f->body);
    unsigned slot = frame_get_u8(&r), sys = frame_get_u32(&r);
    bool console = c->row->role == ROLE_DESK && slot == WIRE_SOCKETS;

    if (frame_end(&r) < 0 || sys > INT_MAX ||
        !(console || (c->row->role == ROLE_WATCH && slot < WIRE_SOCKETS)))
        return err_fail(err, CE_PEER, ERR_NODE_CONNECTION_SOMEBODY_ELSE);
    c->parent->deaf[slot] = (int)sys;
    if (sys)
        describe_deaf(c->parent, slot);
    return 0;
}

static int receive_snapshot(void *u, struct frame *f, struct err *err)
{
    struct child *c = u;
    struct parent *p = c->parent;

    if (c->row->role != ROLE_DESK)
        return err_fail(err, CE_PEER, ERR_NODE_SNAPSHOT_NOT_DESK_S);
    fd_closep(&p->snapshot);
    p->snapshot = frame_take_fd(f, 0);
    parent_send_snapshot(p, child_of(p, ROLE_WATCH));
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
    char kinds[][12] = {"log",       "table", "picture", "sheet",  "report-vi",
                        "report-en", "pdf",   "odt",     "letter", "rules"};
    size_t kind = f->type == WIRE_CONVERT         ? 0
                  : f->type == WIRE_CONVERT_RULES ? CANH_LEN(kinds) - 1
                                                  : f->type - WIRE_CONVERT_TABLE + 1u;
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

/* As SIGHUP does. */
static int receive_reload(void *u, struct frame *f, struct err *err)
{
    struct child *c = u;
    struct frame_reader r = frame_reader(f->body);
    bool fewer = frame_get_u8(&r) == 1;

    if (c->row->role != ROLE_DESK || frame_end(&r) < 0)
        return err_fail(err, CE_PEER, ERR_NODE_QUERY_NOT_DESK_S);
    parent_reload(c->parent, fewer);
    return 0;
}

const struct frame_rule parent_rules[] = {
    {.type = WIRE_READY, .max = 0, .take = receive_ready},
    {.type = WIRE_DEAF, .max = 5, .take = receive_deaf},
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
    {.type = WIRE_CONVERT_PDF, .max = 0, .fds = 2, .take = receive_convert},
    {.type = WIRE_CONVERT_ODT, .max = 0, .fds = 2, .take = receive_convert},
    {.type = WIRE_CONVERT_LETTER, .max = 0, .fds = 2, .take = receive_convert},
    {.type = WIRE_CONVERT_RULES, .max = 0, .fds = 2, .take = receive_convert},
    {.type = WIRE_RELOAD, .max = 1, .take = receive_reload},
    {.type = WIRE_CHECK, .max = 0, .fds = 1, .take = receive_check},
};

const size_t parent_rule_count = CANH_LEN(parent_rules);
