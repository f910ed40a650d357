/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OS_LOOP_H
#define CANH_OS_LOOP_H
/*
 * One loop a process: descriptors, timers and signals, each with the function that is called. Used
 * from one thread. Within a function anything may be added or taken out, also what is being called.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "base/attr.h"
#include "base/err.h"

struct loop;
struct loop_timer;

/* events: EPOLLIN, EPOLLOUT, EPOLLHUP, EPOLLERR of the descriptor. */
typedef void loop_fn(void *u, int fd, uint32_t events);
typedef void loop_timer_fn(void *u, struct loop_timer *t);
typedef void loop_signal_fn(void *u, int signal);

CANH_MUST_USE int loop_new(struct loop **ret, struct err *err);
/* NULL is fine; closes what it made itself, not the descriptors that were added. */
struct loop *loop_free(struct loop *l);

/* Borrows fd until loop_drop(), which comes before its close. */
CANH_MUST_USE int loop_add(struct loop *l, int fd, uint32_t events, loop_fn *fn, void *u,
                           struct err *err);
CANH_MUST_USE int loop_change(struct loop *l, int fd, uint32_t events, struct err *err);
void loop_drop(struct loop *l, int fd);

/* Calls fn after `first` nanoseconds (0: at the next turn), then every `every` (0: once); where
 * both are seconds, at whole ones. Times go on while the wall clock is set. The loop owns the
 * timer. */
CANH_MUST_USE int loop_timer_add(struct loop *l, int64_t first, int64_t every, loop_timer_fn *fn,
                                 void *u, struct loop_timer **ret, struct err *err);
/* Sets it anew. */
CANH_MUST_USE int loop_timer_set(struct loop_timer *t, int64_t first, int64_t every,
                                 struct err *err);
void loop_timer_drop(struct loop *l, struct loop_timer *t);

/* What is left for the end of a turn, once for all that came in it; the caller's own, zeroed. */
struct loop_task {
    void (*fn)(void *u);
    void *u;
    bool due;
    struct loop_task *next;
};
/* Calls fn(u) when everything that is ready now was called; no more than once a turn. */
void loop_soon(struct loop *l, struct loop_task *t);

/* These signals are blocked and arrive here; once a loop. Ends with 0. */
CANH_MUST_USE int loop_signals(struct loop *l, const int *signals, loop_signal_fn *fn, void *u,
                               struct err *err);

/* Runs until loop_stop(); what was stopped may run again. */
int loop_run(struct loop *l, struct err *err);
/* One turn; waits at most `wait` nanoseconds (negative: for ever). */
int loop_turn(struct loop *l, int64_t wait, struct err *err);
void loop_stop(struct loop *l);

/* Nanoseconds of a clock that nobody sets. */
int64_t loop_clock(void);

#endif
