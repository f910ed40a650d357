/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_WEB_LANE_H
#define CANH_WEB_LANE_H
/*
 * What takes long is done beside the loop, by threads with connections to the state of their own,
 * so that everything else goes on: LANE_QUICK for pages that take a part of a second over all units
 * of a province, LANE_SLOW for those that take seconds and are kept for a while, LANE_WRITE for
 * acts on thousands of rows: imports, letters. While such an act writes, others that write are held
 * until it is over, in their order, and the loop goes on; who looks is not.
 *
 * A visit belongs to the thread while it is there; the loop does not touch it. Where no thread can
 * be had pages are made in the loop, as all others are.
 */
#include <stdbool.h>

#include "base/err.h"

struct visit;
struct desk_web;
struct state;
struct lane_pool;

enum lane { LANE_LOOP, LANE_QUICK, LANE_SLOW, LANE_WRITE, LANE_MAX };

/* Of a visit: where it is. then: set by run where the loop has to go on before there is a reply, as
 * at the end of a route. */
struct lane_stay {
    struct visit *next;
    enum lane lane;
    bool begun; /* else it is held before its route */
    int (*run)(struct visit *v, struct err *err);
    int (*then)(struct visit *v, struct err *err);
};

/* What is done in LANE_SLOW for nobody in particular; then `done` in the loop, with the same u. */
struct lane_errand {
    void (*run)(struct state *s, void *u);
    void (*done)(void *u);
    void *u;
};

/* *ret may have no threads: then nothing is taken. */
CANH_MUST_USE int lane_pool_new(struct lane_pool **ret, struct desk_web *web, struct err *err);
/* What is begun is ended first, what waits is not begun. Returns NULL. */
struct lane_pool *lane_pool_free(struct lane_pool *a);
/* Readable when visits are done. */
int lane_pool_fd(const struct lane_pool *a);
/* Replies to those that are, or goes on with them. */
void lane_pool_run(struct lane_pool *a);

/* True: the lane's thread runs it, and the reply comes then. */
bool lane_queue(struct visit *v, enum lane lane, int (*run)(struct visit *v, struct err *err));
/* The rest of a route, there or here where no thread can be had: the last thing of it. */
CANH_MUST_USE int lane_go(struct visit *v, enum lane lane,
                          int (*run)(struct visit *v, struct err *err), struct err *err);
/* Does what only the loop may, or has it done once the visit is there again: the last thing of a
 * route. */
CANH_MUST_USE int lane_finish(struct visit *v, int (*then)(struct visit *v, struct err *err),
                              struct err *err);
/* Of a visit that is in LANE_QUICK: run begins anew in LANE_SLOW, nothing of the page so far stays.
 * False: it is there, or in the loop. */
bool lane_move(struct visit *v);
/* An act of LANE_WRITE is begun and not over: whoever writes in the loop would wait for it there.
 */
bool lane_writes(const struct lane_pool *a);
/* True: the visit begins (visit_begin_held) when nobody writes any more. */
bool lane_hold(struct visit *v);
/* How many visits were held since the beginning. */
uint64_t lane_held(const struct lane_pool *a);

/* By the loop alone. False: another errand is done or waits, or there is no thread. */
bool lane_send(struct lane_pool *a, const struct lane_errand *errand);

#endif
