/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that people hand in are read by canh-convert, which the parent starts with the file and the
 * end of a pipe. Its answer is taken as a stranger's: bounded in bytes and time, read by
 * convert_get.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "lang/err_node.h"
#include "node/desk/desk.h"
#include "node/wire/convert.h"
#include "os/bulk.h"
#include "web/web.h"

enum { AT_ONCE = 2, SECONDS = 90 };

struct conversion {
    struct desk *desk;
    struct conversion *next;
    int fd;
    struct loop_timer *timer;
    struct buf answer;
    desk_scanned *fn;
    void *u;
};

/* The answer as the console takes it; failed when it is none. */
static void read_answer(struct slice bytes, struct arena *arena, struct desk_scan_report *ret)
{
    struct convert_answer a;
    struct desk_scan_row *rows;

    *ret = (struct desk_scan_report){.failed = true};
    if (convert_get(bytes, arena, &a) < 0)
        return;
    rows = arena_new_array(arena, a.row_count + 1, struct desk_scan_row);
    if (rows == NULL)
        return;
    for (uint32_t i = 0; i < a.row_count; i++) {
        const struct convert_row *r = &a.rows[i];

        rows[i] = (struct desk_scan_row){r->level,     r->title,       r->title_vi, r->advice,
                                         r->advice_vi, r->description, r->rule,     r->host,
                                         r->count,     r->first,       r->last};
    }
    *ret = (struct desk_scan_report){.events = a.events,
                                     .logs = a.logs,
                                     .alerts = a.alerts,
                                     .unreadable = a.unreadable,
                                     .damaged = a.damaged,
                                     .rows = rows,
                                     .row_count = a.row_count};
}

static void end(struct conversion *c, bool whole)
{
    struct conversion **at = &c->desk->conversions;
    struct arena arena = ARENA_INIT(8 << 20);
    struct desk_scan_report report = {.failed = true};

    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
    loop_drop(c->desk->role.loop, c->fd);
    loop_timer_drop(c->desk->role.loop, c->timer);
    fd_closep(&c->fd);
    if (whole && !c->answer.err)
        read_answer(buf_slice(&c->answer), &arena, &report);
    c->fn(c->u, &report);
    arena_done(&arena);
    buf_done(&c->answer);
    free(c);
}

static void on_answer(void *u, int fd, uint32_t events)
{
    struct conversion *c = u;
    uint8_t bytes[16 << 10];
    ssize_t n = read(fd, bytes, sizeof(bytes));

    (void)events;
    if (n > 0)
        buf_put_slice(&c->answer, slice_of(bytes, (size_t)n));
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        end(c, n == 0);
}

static void on_late(void *u, struct loop_timer *t)
{
    (void)t;
    end(u, false);
}

/* The parent starts it; whether it did is seen at the pipe. */
static int ask(struct desk *d, struct slice bytes, int out, struct err *err)
{
    int fds[2] = {-1, out};
    int r = bulk_make(bytes, &fds[0], err);

    if (r == 0)
        r = channel_send(&d->role.parent, WIRE_CONVERT, SLICE_NULL, fds, 2, err);
    fd_closep(&fds[0]);
    return r;
}

int desk_scan(void *u, struct slice bytes, desk_scanned *fn, void *fn_u, struct err *err)
{
    struct desk *d = u;
    struct conversion *c;
    unsigned n = 0;
    int pipes[2], r;

    for (c = d->conversions; c; c = c->next)
        n++;
    if (n >= AT_ONCE)
        return err_fail(err, CE_BUSY, ERR_NODE_OTHERS_ARE_CONVERTED);
    c = calloc(1, sizeof(*c));
    if (c == NULL)
        return err_nomem(err);
    if (pipe2(pipes, O_CLOEXEC | O_NONBLOCK) < 0) {
        free(c);
        return err_fail_sys(err, errno, ERR_BASE_TEXT, "pipe");
    }
    *c = (struct conversion){.desk = d,
                             .next = d->conversions,
                             .fd = pipes[0],
                             .answer = BUF_INIT(CONVERT_ANSWER_MAX),
                             .fn = fn,
                             .u = fn_u};
    r = loop_add(d->role.loop, c->fd, EPOLLIN, on_answer, c, err);
    if (r == 0)
        r = loop_timer_add(d->role.loop, SECONDS * TIME_SECOND, 0, on_late, c, &c->timer, err);
    if (r == 0)
        r = ask(d, bytes, pipes[1], err);
    fd_closep(&pipes[1]);
    if (r < 0) {
        loop_drop(d->role.loop, c->fd);
        if (c->timer)
            loop_timer_drop(d->role.loop, c->timer);
        fd_closep(&c->fd);
        free(c);
        return r;
    }
    d->conversions = c;
    return 0;
}
