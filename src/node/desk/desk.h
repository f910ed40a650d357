/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_DESK_DESK_H
#define CANH_NODE_DESK_DESK_H
/*
 * The desk: sole writer of the state while the node runs. One thread, one loop.
 *
 *     main.c      beginning and end
 *     take.c      alerts and results of checks: journal → state, exactly once
 *     doctor.c    how the node itself stands: canh doctor, run/health, run/metrics.prom;
 *                 doctor_status.c: what watch and keep say of themselves
 *     seal.c      results and the journal's heads under the audit
 *     timetable.c checks of the state, each on its interval
 *     admin.c     what the node tells of itself: rules, backups, retention, gateways, keys
 *     admin_rules.c  the rules among them, and those that are handed in
 *     control.c   run/control: acts of people on this machine
 *     console.c   the web console, where [listen] console says so
 *     search.c    looks at the journal: who may see what
 *     care.c      repair and redaction of the journal: who may, and what keep answers
 *     keys.c      the authority and the certificate of the listeners
 *     calls.c     who is called for an alert; messages → send
 *     matters.c   what else people are called for: shifts, outages, requests, clocks, faults; a
 *                 part of it a turn
 *     convert.c   files that people handed in → canh-convert → what they mean
 *     hold.c      what waits while an import writes
 *     publish.c   the snapshot of sources and suppressions → watch
 *
 * A listener is mounted in desk_begin(), after the state is open: it gets desk->role.loop and
 * desk->s, calls the rooms' acts on this thread, and calls desk_changed() after a write.
 */
#include "alert/call.h"
#include "node/desk/admin.h"
#include "node/wire/role.h"
#include "state/state.h"
#include "web/web.h"

struct desk_client;
struct control_args;
struct search_call;
struct waiting_search;
struct desk_web;
struct timetable;
struct conversion;
struct held_frame;

/* Those of keys.c and console.c. */
enum desk_certificate {
    DESK_CERTIFICATE_CONSOLE,
    DESK_CERTIFICATE_INGEST,
    DESK_CERTIFICATE_CA,
    DESK_CERTIFICATES
};

/* A stream of the journal that the desk takes in. */
enum desk_stream { DESK_ALERTS, DESK_RESULTS, DESK_STREAMS };

struct desk_consumer {
    bool reading; /* a block was asked for */
    bool at_end;  /* nothing more was there: keep says when there is */
    uint64_t offset, asked;
};

/* A fault of canh itself, and since when. */
enum { DESK_FAULTS = 32 };
struct desk_fault {
    struct state_id thing;
    int64_t since;
};

/* How the SMS gateway hands out what it received. */
struct desk_inbox {
    int64_t since; /* it hands out nothing; 0: it does */
    char why[WIRE_REASON_MAX + 1];
    uint32_t bad; /* of its SMS cannot be read */
};

/* How long live alerts took from their arrival until they were in the state. */
enum { DELAY_STEPS = 8 };
struct desk_delay {
    uint64_t within[DELAY_STEPS + 1]; /* by doctor_status.c's steps; the last one: longer */
    int64_t sum;                      /* ns */
};

struct desk {
    struct role role;
    struct state *s;
    struct channel keep, send;
    struct desk_consumer consumers[DESK_STREAMS];
    uint64_t journal; /* whose offsets they are; 0: not looked yet */
    struct ladder ladder;
    struct outbox_ways ways;
    struct desk_inbox inbox;
    int64_t clock_ahead; /* of the wall clock before loop_clock(); calls.c */
    struct loop_timer *calls, *matters, *memory;
    struct desk_fault faults[DESK_FAULTS];
    size_t fault_count;
    struct matters *round; /* looks that are not over: matters.c */
    struct case_clock_walk *cases;
    unsigned look;            /* which part of a look is next */
    bool looking, look_again; /* one goes on; another one is due behind it */
    int64_t looked_at;        /* when the last one ended, on loop_clock() */
    uint64_t taken, bad;      /* records of this process */
    struct desk_delay delay;
    uint64_t published; /* number of the last snapshot */
    struct timetable *timetable;
    int64_t began;
    struct buf authority, authority_key; /* PEM, of the node's own authority */
    struct admin_certificate certificates[DESK_CERTIFICATES];
    bool health_failed;
    int control; /* listening */
    struct desk_client *clients;
    unsigned client_count;
    struct loop_timer *again, *followed;
    struct waiting_search *searches; /* search.c */
    uint32_t cares;                  /* verbs that keep was given: care.c */
    struct search_call *own_looks;
    uint64_t changes;               /* counts what was written: for those who show it live */
    struct conversion *conversions; /* files that are being read */
    struct held_frame *held;        /* hold.c */
    size_t held_count;
    bool matters_held, seal_held, forget_held;
    bool draining;
    struct desk_web *web; /* NULL: none is wanted */
    bool console_deaf;    /* its address cannot be had; then its PEMs wait here */
    bool socket_served;   /* its socket for reverse proxies */
    struct buf console_certificate, console_key;
    struct loop_timer *web_timer;
    struct loop_task web_turn;
    char first_link[PLACE_PATH];
};

/* Sources or suppressions may be others now: watch gets a new snapshot. */
CANH_MUST_USE int desk_publish(struct desk *d, struct err *err);
/* Something was written. */
void desk_changed(struct desk *d);

/* An import writes: nothing is written here, or the loop would stand still until it is over. */
bool desk_holds(const struct desk *d);
/* True: what is in the frame is taken then. */
typedef int desk_take(void *u, struct frame *f, struct err *err);
bool desk_hold(struct desk *d, desk_take *take, void *u, const struct frame *f);
/* Whoever sent it is gone. */
void desk_hold_forget(struct desk *d, const void *u);
/* It is over; u: the desk. */
void desk_go_on(void *u);

/* Puts the results of checks under an entry of the audit every hour, and at the end. */
CANH_MUST_USE int desk_seal_open(struct desk *d, struct err *err);
void desk_seal(struct desk *d);
/* Asks keep for the heads of the journal, where the audit's are a day old. */
void desk_ask_heads(struct desk *d);

/* Asks keep for what comes next, where nothing is asked yet. */
void desk_read_on(struct desk *d);
CANH_MUST_USE int desk_keep_open(struct desk *d, int fd, struct err *err);

/* Begins to run checks. */
CANH_MUST_USE int desk_timetable_open(struct desk *d, struct err *err);
void desk_timetable_close(struct desk *d);
/* A result of the check was taken in, seen at an instant. */
void desk_timetable_done(struct desk *d, const uint8_t check[16], int64_t at, bool answered);

/* How the timetable stands. */
struct desk_checks {
    size_t count;
    unsigned running;
    int64_t every;   /* of the check that is due most often */
    int64_t good_at; /* when one last got an answer; 0: not since the desk began */
};
struct desk_checks desk_timetable_state(const struct desk *d);

/* What the node knows of its own health, as findings of an act (control/doctor.h); u: the desk. */
struct control_job;
CANH_MUST_USE int desk_doctor(void *u, struct control_job *job, struct err *err);
/* What the node tells of itself (control/node.h); u: the desk. */
CANH_MUST_USE int desk_tell(void *u, unsigned part, struct control_job *job, struct err *err);
/* Of struct desk_web_options: rules_put, from any thread, and reload; u: the desk. */
CANH_MUST_USE int desk_rules_put(void *u, const struct bundle *b, struct slice name, bool fewer,
                                 struct err *err);
CANH_MUST_USE int desk_reload(void *u, bool fewer, struct err *err);
/* Writes run/health and run/metrics.prom now and from here on. */
CANH_MUST_USE int desk_health_open(struct desk *d, struct err *err);
void desk_health_write(struct desk *d);

/* Before the first snapshot: watch reads them then. */
CANH_MUST_USE int desk_keys_make(struct desk *d, struct err *err);

/* A certificate for a sender: control_job.issue; u: the desk. */
CANH_MUST_USE int desk_issue(void *u, struct buf *cert, struct buf *key, uint8_t hash[32],
                             struct err *err);

/* Takes the steps and sends the messages that are due. */
void desk_call(struct desk *d);
/* Of what send had in hand nobody knows now. */
void desk_calls_forget(struct desk *d);
/* At the loop's next turn: of a storm the steps of many blocks are one transaction. */
void desk_call_soon(struct desk *d);
CANH_MUST_USE int desk_calls_open(struct desk *d, struct err *err);
CANH_MUST_USE int desk_matters_open(struct desk *d, struct err *err);
/* Something began or ended that people may be called for: it is looked at now. */
void desk_matters_now(struct desk *d);
void desk_matters_close(struct desk *d);
CANH_MUST_USE int desk_send_open(struct desk *d, int fd, struct err *err);

CANH_MUST_USE int desk_control_open(struct desk *d, struct err *err);
void desk_control_close(struct desk *d);

/*
 * Care of the journal (wire.h, enum wire_care), by keep: acts of run/control that an administrator
 * of the machine alone may do. 0: rows and the end come later, under *ret_number.
 */
CANH_MUST_USE bool desk_is_care(struct slice act);
CANH_MUST_USE int desk_care(struct desk *d, const struct state_actor *actor, struct slice act,
                            const struct control_args *args, uint32_t *ret_number, struct err *err);
CANH_MUST_USE int desk_receive_care_row(void *u, struct frame *f, struct err *err);
CANH_MUST_USE int desk_receive_care_done(void *u, struct frame *f, struct err *err);
/* What keep answered, to the client that waits under this number. */
void desk_answer_row(struct desk *d, uint32_t number, const struct slice *cells, size_t n);
void desk_answer_end(struct desk *d, uint32_t number, int code, struct slice why);
/* keep has ended: whoever waits is told. */
void desk_answers_end(struct desk *d);

/* Of struct desk_web_options; u: the desk. */
CANH_MUST_USE int desk_scan(void *u, struct slice bytes, desk_scanned *fn, void *fn_u,
                            struct err *err);
/* A table or a photograph, for desk_web_options.read. */
CANH_MUST_USE int desk_read_file(void *u, enum desk_file_kind kind, struct slice bytes,
                                 desk_file_read *fn, void *fn_u, struct err *err);

/* Tells of files that were read while nothing could be written. */
void desk_conversions_go_on(struct desk *d);

/* Listens; makes a certificate where there is none. Nothing without a port and a socket. */
CANH_MUST_USE int desk_console_open(struct desk *d, struct err *err);
/* Of struct role: reverse proxies connect to fd. */
void desk_console_socket(void *u, int fd);
void desk_console_close(struct desk *d);

#endif
