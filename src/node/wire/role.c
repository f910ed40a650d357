/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "node/wire/role.h"

#include <errno.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"
#include "lang/err_node.h"
#include "lang/error.h"
#include "os/mapped.h"
#include "os/sandbox.h"

enum { LINE_MAX_BYTES = 1000, LARGE_BYTES = 1 << 20 };

/* LeakSanitizer asks this at the end: a confined process cannot be looked through for leaks. */
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
    return 1;
}

void role_log(const struct role *role, const char *fmt, ...)
{
    char text[LINE_MAX_BYTES], line[2 * LINE_MAX_BYTES];
    int n;
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    for (char *p = text; *p; p++)
        if ((uint8_t)*p < 0x20 || *p == 0x7f)
            *p = '?';
    n = snprintf(line, sizeof(line), "canh %s: %s\n", role->name, text);
    if (n > 0)
        (void)!write(STDERR_FILENO, line, CANH_MIN((size_t)n, sizeof(line) - 1));
}

void role_log_err(const struct role *role, const char *what, const struct err *err)
{
    struct buf text = BUF_INIT(LINE_MAX_BYTES);

    if (err->line)
        buf_printf(&text, "%u:%u: ", err->line, err->col);
    error_write(&text, LANG_EN, err);
    role_log(role, "%s%s%s", what, what[0] ? ": " : "", buf_cstr(&text));
    buf_done(&text);
}

int role_fail(const struct role *role, const struct err *err)
{
    role_log_err(role, "", err);
    /* an earlier node may still hold its ports for a moment */
    return err->code == CE_BUSY || err->sys == EADDRINUSE ? EX_TEMPFAIL : EX_SOFTWARE;
}

int role_begin(struct role *role, int argc, char **argv)
{
    struct err err = ERR_INIT;
    int64_t base = 0;
    int r;

    role->fewer = argc == 4 && strcmp(argv[3], "fewer") == 0;
    role->check = role->fewer || (argc == 4 && strcmp(argv[3], "check") == 0);
    if ((argc != 3 && !role->check) || argv[1][0] != '/' ||
        num_range(slice_str(argv[2]), 0, 65000, &base) < 0) {
        role_log(role, "it is started by canh serve");
        return EX_USAGE;
    }
    /* what is large goes back when it is freed, however large what was freed before */
    (void)mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
    (void)mallopt(M_TRIM_THRESHOLD, LARGE_BYTES);
    r = process_begin(&err);
    if (r == 0)
        r = place_find(argv[1], &role->place, &err);
    if (r == 0)
        r = config_load(&role->config, role->place.conf, true, &err);
    if (r == 0)
        r = loop_new(&role->loop, &err);
    if (r < 0)
        return role_fail(role, &err);
    if (base)
        config_shift_ports(&role->config, (uint16_t)base);
    return 0;
}

static int receive_link(void *u, struct frame *f, struct err *err)
{
    struct role *role = u;
    struct frame_reader r = frame_reader(f->body);
    uint8_t peer = frame_get_u8(&r);

    if (frame_end(&r) < 0 || peer >= ROLE_MAX)
        return err_fail(err, CE_PEER, ERR_NODE_CONNECTION_NOBODY);
    return role->link(role->u, (enum wire_role)peer, frame_take_fd(f, 0), err);
}

static int receive_snapshot(void *u, struct frame *f, struct err *err)
{
    struct role *role = u;

    return role->snapshot ? role->snapshot(role->u, frame_take_fd(f, 0), err)
                          : err_fail(err, CE_PEER, ERR_NODE_SNAPSHOT_FOR_SOMEBODY_ELSE);
}

static int receive_socket(void *u, struct frame *f, struct err *err)
{
    struct role *role = u;

    if (role->socket == NULL)
        return err_fail(err, CE_PEER, ERR_NODE_CONNECTION_NOBODY);
    role->socket(role->u, f->type - WIRE_SOCKET_FIRST, frame_take_fd(f, 0));
    return 0;
}

static int receive_console(void *u, struct frame *f, struct err *err)
{
    struct role *role = u;

    if (role->console == NULL)
        return err_fail(err, CE_PEER, ERR_NODE_CONNECTION_NOBODY);
    role->console(role->u, frame_take_fd(f, 0));
    return 0;
}

static int receive_drain(void *u, struct frame *f, struct err *err)
{
    struct role *role = u;

    (void)f;
    (void)err;
    role->drain(role->u);
    return 0;
}

static const struct frame_rule rules[] = {
    {.type = WIRE_LINK, .max = 1, .fds = 1, .take = receive_link},
    {.type = WIRE_SNAPSHOT, .max = 0, .fds = 1, .take = receive_snapshot},
    {.type = WIRE_DRAIN, .max = 0, .take = receive_drain},
    {.type = WIRE_CONSOLE, .fds = 1, .take = receive_console},
    {.type = WIRE_SOCKET_FIRST + SOCKET_SYSLOG_UDP, .fds = 1, .take = receive_socket},
    {.type = WIRE_SOCKET_FIRST + SOCKET_SYSLOG_TCP, .fds = 1, .take = receive_socket},
    {.type = WIRE_SOCKET_FIRST + SOCKET_SYSLOG_TLS, .fds = 1, .take = receive_socket},
    {.type = WIRE_SOCKET_FIRST + SOCKET_INGEST, .fds = 1, .take = receive_socket},
    {.type = WIRE_SOCKET_FIRST + SOCKET_LUMBERJACK, .fds = 1, .take = receive_socket},
};

/* Without a parent nothing is to be done any more. */
static void parent_lost(void *u, struct channel *c, const struct err *err)
{
    struct role *role = u;

    (void)c;
    (void)err;
    role->drain(role->u);
}

int role_listen(struct role *role, struct err *err)
{
    return channel_open(&role->parent, ROLE_PARENT_FD, rules, CANH_LEN(rules), role, role->loop,
                        parent_lost, err);
}

int role_ready(struct role *role, struct err *err)
{
    (void)malloc_trim(0);
    mapped_let_go();
    return channel_send(&role->parent, WIRE_READY, SLICE_NULL, NULL, 0, err);
}

void role_deaf(struct role *role, unsigned slot, int sys)
{
    struct buf body = BUF_INIT(8);

    frame_put_u8(&body, (uint8_t)slot);
    frame_put_u32(&body, (uint32_t)sys);
    (void)!channel_send(&role->parent, WIRE_DEAF, buf_slice(&body), NULL, 0, NULL);
    buf_done(&body);
}

int role_confine(struct role *role, const char *const *read, const char *const *write,
                 struct err *err)
{
    static const char *const none[] = {NULL};
    struct sandbox_rules what = {.read = read ? read : none,
                                 .write = write,
                                 .connect = true,
                                 .degrade = role->config.sandbox == CONFIG_DEGRADE};
    struct sandbox *s = NULL;
    int r = sandbox_new(&what, &s, err);

    if (r < 0)
        return r;
    if (!sandbox_enter(s))
        r = err_fail_sys(err, errno, ERR_NODE_SANDBOX, role->name);
    if (r == 0 && sandbox_level(s) != SANDBOX_COMPLETE)
        role_log(role, "not wholly confined on this system (sandbox = degrade)");
    sandbox_free(s);
    return r;
}

int role_run(struct role *role)
{
    struct err err = ERR_INIT;

    return loop_run(role->loop, &err) < 0 ? role_fail(role, &err) : 0;
}
