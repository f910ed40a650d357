/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_GENERATE_H
#define CANH_TESTS_GENERATE_H
/*
 * Makes expressions and events out of bytes (random or a fuzzer's), over few names and texts so
 * that they meet. When the bytes run out, zeros follow: generation always ends.
 */
#include "base/arena.h"
#include "event/event.h"
#include "event/keys.h"
#include "sigma/expr.h"

struct generator {
    struct slice bytes;
    struct arena *arena;
};

/* A boolean expression of every kind of atom. NULL without memory. */
const struct expr *generate_expr(struct generator *g, unsigned depth);

/* Fields in all three forms, repeated names, nulls, groups. Names are interned in keys. */
struct event generate_event(struct generator *g, const struct keys *keys);

/* Interns the names that expressions use. */
void generate_names(struct keys *keys);

#endif
