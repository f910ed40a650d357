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

enum { AT_ONCE = 4, SECONDS = 90 };

struct conversion {
    struct desk *desk;
    struct conversion *next;
    int fd;
    struct loop_timer *timer;
    struct buf answer;
    desk_scanned *scanned; /* of a log, else: */
    desk_file_read *read;
    bool picture;
    bool draws;       /* nothing is written because of it */
    bool held, whole; /* it has ended, and waits: hold.c */
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

static void report_log(const struct conversion *c, bool whole)
{
    struct arena arena = ARENA_INIT(8 << 20);
    struct desk_scan_report report = {.failed = true};

    if (whole)
        read_answer(buf_slice(&c->answer), &arena, &report);
    c->scanned(c->u, &report);
    arena_done(&arena);
}

static void report_file(const struct conversion *c, bool whole)
{
    struct convert_file x = {.read = false};
    struct desk_file file = {.failed = true, .fd = -1};

    if (whole && convert_file_get(buf_slice(&c->answer), &x) == 0)
        file = (struct desk_file){!x.read, x.bytes, x.vi, x.en, -1};
    if (!file.failed && c->picture && bulk_make(file.bytes, &file.fd, NULL) < 0)
        file = (struct desk_file){.failed = true, .fd = -1};
    c->read(c->u, &file);
    fd_closep(&file.fd);
}

static void convert_report(struct conversion *c)
{
    struct conversion **at = &c->desk->conversions;

    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
    (c->scanned ? report_log : report_file)(c, c->whole && !c->answer.err);
    buf_done(&c->answer);
    free(c);
}

static void convert_end(struct conversion *c, bool whole)
{
    loop_drop(c->desk->role.loop, c->fd);
    loop_timer_drop(c->desk->role.loop, c->timer);
    fd_closep(&c->fd);
    c->whole = whole;
    c->held = !c->draws && desk_holds(c->desk);
    if (!c->held)
        convert_report(c);
}

void desk_conversions_go_on(struct desk *d)
{
    struct conversion *c;

    do {
        for (c = d->conversions; c && !c->held; c = c->next)
            ;
        if (c)
            convert_report(c);
    } while (c && !desk_holds(d));
}

static void on_answer(void *u, int fd, uint32_t events)
{
    struct conversion *c = u;
    uint8_t bytes[16 << 10];
    ssize_t n = read(fd, bytes, sizeof(bytes));

    (void)events;
    if (n > 0)
        buf_append_slice(&c->answer, slice_of(bytes, (size_t)n));
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        convert_end(c, n == 0);
}

static void on_late(void *u, struct loop_timer *t)
{
    (void)t;
    convert_end(u, false);
}

/* The parent starts it; whether it did is seen at the pipe. */
static int convert_ask(struct desk *d, uint16_t what, struct slice bytes, int out, struct err *err)
{
    int fds[2] = {-1, out};
    int r = bulk_make(bytes, &fds[0], err);

    if (r == 0)
        r = channel_send(&d->role.parent, what, SLICE_NULL, fds, 2, err);
    fd_closep(&fds[0]);
    return r;
}

/* Begins one; what is to be told at its end is in *like. */
static int convert_begin(struct desk *d, uint16_t what, struct slice bytes,
                         const struct conversion *like, struct err *err)
{
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
    /* only this end does not wait: whoever answers writes more than a pipe holds */
    if (pipe2(pipes, O_CLOEXEC) < 0) {
        free(c);
        return err_fail_sys(err, errno, ERR_BASE_TEXT, "pipe");
    }
    *c = *like;
    c->desk = d;
    c->next = d->conversions;
    c->fd = pipes[0];
    (void)fcntl(c->fd, F_SETFL, O_NONBLOCK);
    r = loop_add(d->role.loop, c->fd, EPOLLIN, on_answer, c, err);
    if (r == 0)
        r = loop_timer_add(d->role.loop, SECONDS * TIME_SECOND, 0, on_late, c, &c->timer, err);
    if (r == 0)
        r = convert_ask(d, what, bytes, pipes[1], err);
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

int desk_scan(void *u, struct slice bytes, desk_scanned *fn, void *fn_u, struct err *err)
{
    const struct conversion c = {.answer = BUF_INIT(CONVERT_ANSWER_MAX), .scanned = fn, .u = fn_u};

    return convert_begin(u, WIRE_CONVERT, bytes, &c, err);
}

int desk_read_file(void *u, enum desk_file_kind kind, struct slice bytes, desk_file_read *fn,
                   void *fn_u, struct err *err)
{
    static const uint16_t whats[] = {[DESK_TABLE] = WIRE_CONVERT_TABLE,
                                     [DESK_PICTURE] = WIRE_CONVERT_PICTURE,
                                     [DESK_SHEET] = WIRE_CONVERT_SHEET,
                                     [DESK_REPORT_VI] = WIRE_CONVERT_REPORT_VI,
                                     [DESK_REPORT_EN] = WIRE_CONVERT_REPORT_EN,
                                     [DESK_PDF] = WIRE_CONVERT_PDF,
                                     [DESK_ODT] = WIRE_CONVERT_ODT,
                                     [DESK_LETTER] = WIRE_CONVERT_LETTER,
                                     [DESK_RULES] = WIRE_CONVERT_RULES};
    const struct conversion c = {.answer = BUF_INIT(CONVERT_FILE_ANSWER_MAX),
                                 .read = fn,
                                 .picture = kind == DESK_PICTURE,
                                 .draws =
                                     kind == DESK_SHEET || kind == DESK_PDF || kind == DESK_ODT,
                                 .u = fn_u};

    return convert_begin(u, whats[kind], bytes, &c, err);
}
