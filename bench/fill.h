/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BENCH_FILL_H
#define CANH_BENCH_FILL_H
/* Filling a state: any failure ends the program. */
#include <stdio.h>
#include <stdlib.h>

#include "../tests/support/err_words.h"
#include "state/state.h"

static struct state *s;
static struct state_actor sys;

static void must(int r, const struct err *err, const char *what)
{
    if (r >= 0)
        return;
    (void)fprintf(stderr, "bench: %s: %s\n", what, err_words(err));
    exit(1);
}

/* Stores a noun of the state's; its id. */
#define PUT(thing, ...)                                                                            \
    ({                                                                                             \
        struct state_##thing x_ = {__VA_ARGS__};                                                   \
        struct err err_ = ERR_INIT;                                                                \
        must(state_##thing##_put(s, &sys, &x_, &err_), &err_, #thing);                             \
        x_.id;                                                                                     \
    })

static void begin(void)
{
    struct err err = ERR_INIT;

    must(state_begin(s, &err), &err, "begin");
}

static void commit(void)
{
    struct err err = ERR_INIT;

    must(state_commit(s, &err), &err, "commit");
}

#endif
