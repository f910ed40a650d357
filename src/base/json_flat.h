/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_JSON_FLAT_H
#define CANH_BASE_JSON_FLAT_H
/*
 * Reads one JSON object (RFC 8259) that holds no others: what canh itself writes into the journal.
 * For logs of others: decode/json.
 */
#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/slice.h"

struct json_value {
    bool is_text;
    uint32_t element;  /* of an array, from 1 on; 0: a value by itself */
    struct slice text; /* of a string, escapes resolved; else the number or word as it stands */
};

/* 0, or negative: reading stops with it. */
typedef int json_flat_fn(void *u, struct slice key, const struct json_value *value);

/*
 * Calls fn for each member in order; texts lie in the arena. -CE_SYNTAX: it is no such object;
 * -CE_TOO_BIG: more text than the arena holds; else what fn returned.
 */
CANH_MUST_USE int json_flat_read(struct slice json, struct arena *arena, json_flat_fn *fn, void *u);

/* The same of an object that also holds arrays of strings, numbers and words: fn is called for
 * each of their elements. */
CANH_MUST_USE int json_flat_read_arrays(struct slice json, struct arena *arena, json_flat_fn *fn,
                                        void *u);

#endif
