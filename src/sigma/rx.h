/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_RX_H
#define CANH_SIGMA_RX_H
/*
 * The regular expressions of pipelines, which look at rules and not at events: PCRE2, patterns and
 * searches bounded. Python's dialect, in which pipelines are written, differs in nothing that they
 * use.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"

enum { RX_PATTERN_MAX = 4096, RX_GROUPS_MAX = 100 };

struct rx;
struct rx_scratch;

/* The structure lives in the arena; the code is freed by rx_free_all() through the list. */
CANH_MUST_USE int rx_compile(struct arena *arena, struct slice pattern, unsigned line, unsigned col,
                             struct rx **list, const struct rx **ret, struct err *err);
void rx_free_all(struct rx *list);

uint32_t rx_groups(const struct rx *rx); /* without group 0 */
uint32_t rx_names(const struct rx *rx);  /* of named groups */
/* The number of a named group, or -1. */
int rx_group(const struct rx *rx, struct slice name);
/* Calls fn for each named group. */
int rx_each_name(const struct rx *rx, int (*fn)(void *ctx, struct slice name, uint32_t group),
                 void *ctx);

struct rx_scratch *rx_scratch_new(void); /* NULL without memory */
struct rx_scratch *rx_scratch_free(struct rx_scratch *s);

/*
 * Searches text from a byte on. 1 and the offsets of groups 0..rx_groups() as pairs (SIZE_MAX where
 * a group took no part), valid until the next search; 0 when nothing matches; -CE_TOO_BIG when the
 * search was given up at its limit.
 */
CANH_MUST_USE int rx_search(struct rx_scratch *s, const struct rx *rx, struct slice text,
                            size_t from, bool anchored, const size_t **ret);

#endif
