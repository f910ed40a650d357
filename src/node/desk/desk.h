/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_DESK_DESK_H
#define CANH_NODE_DESK_DESK_H
/*
 * The desk: sole writer of the state while the node runs. One thread, one loop.
 *
 *     main.c      beginning and end
 *     take.c      alerts and results of checks: journal → state, exactly once
 *     timetable.c checks of the state, each on its interval
 *     control.c   run/control: acts of people on this machine
 *     console.c   the web console, where [listen] console says so
 *     calls.c     who is called for an alert; messages → send
 *     publish.c   the snapshot of sources and suppressions → watch
 *
 * A listener is mounted in desk_begin(), after the state is open: it gets desk->role.loop and
 * desk->s, calls the rooms' acts on this thread, and calls desk_changed() after a write.
 */
#include "alert/call.h"
#include "node/wire/role.h"
#include "state/state.h"

struct desk_client;
struct desk_web;
struct timetable;

/* A stream of the journal that the desk takes in. */
enum desk_stream { DESK_ALERTS, DESK_RESULTS, DESK_STREAMS };

struct desk_consumer {
    bool reading; /* a block was asked for */
    uint64_t offset;
};

struct desk {
    struct role role;
    struct state *s;
    struct channel keep, send;
    struct desk_consumer consumers[DESK_STREAMS];
    struct ladder ladder;
    struct outbox_ways ways;
    struct loop_timer *calls;
    uint64_t taken, bad; /* records of this process */
    struct timetable *timetable;
    int control; /* listening */
    struct desk_client *clients;
    unsigned client_count;
    struct loop_timer *again;
    uint64_t changes; /* counts what was written: for those who show it live */
    bool draining;
    struct desk_web *web; /* NULL: not listened */
    struct loop_timer *web_timer;
    char first_link[PLACE_PATH];
};

/* Sources or suppressions may be others now: watch gets a new snapshot. */
CANH_MUST_USE int desk_publish(struct desk *d, struct err *err);
/* Something was written. */
void desk_changed(struct desk *d);

/* Asks keep for what comes next, where nothing is asked yet. */
void desk_take(struct desk *d);
CANH_MUST_USE int desk_keep_open(struct desk *d, int fd, struct err *err);

/* Begins to run checks. */
CANH_MUST_USE int desk_timetable_open(struct desk *d, struct err *err);
void desk_timetable_close(struct desk *d);
/* A result of the check was taken in, seen at an instant. */
void desk_timetable_done(struct desk *d, const uint8_t check[16], int64_t at, bool answered);

/* Takes the steps and sends the messages that are due. */
void desk_call(struct desk *d);
CANH_MUST_USE int desk_calls_open(struct desk *d, struct err *err);
CANH_MUST_USE int desk_send_open(struct desk *d, int fd, struct err *err);

CANH_MUST_USE int desk_control_open(struct desk *d, struct err *err);
void desk_control_close(struct desk *d);

/* Listens; makes a certificate where there is none. Nothing when the port is 0. */
CANH_MUST_USE int desk_console_open(struct desk *d, struct err *err);
void desk_console_close(struct desk *d);

#endif
