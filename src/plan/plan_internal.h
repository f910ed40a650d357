/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PLAN_PLAN_INTERNAL_H
#define CANH_PLAN_PLAN_INTERNAL_H
/*
 * Between the files that read a plan: only for this room.
 */
#include "plan/plan.h"
#include "yaml/fields.h"

enum { ID_MAX = 64, TITLE_MAX = 2000 };

struct plan_reader {
    struct arena *arena;
    struct plan *p;
    const struct catalogue *c;
    const struct yaml_node *root;
    const struct yaml_node **clause_nodes; /* where each stands in this file, or NULL */
    const struct yaml_node **obligation_nodes;
    struct err *err;
};

/* An id of letters, digits, dots and hyphens, in any script: "I.4.đ". */
int plan_read_id(struct plan_reader *r, const struct yaml_node *node, struct slice *ret);
/* {vi: …, en: …} or one text for both. */
int plan_field_title(struct plan_reader *r, const struct yaml_node *map, const char *key,
                     struct title *ret);
/* A local time: a date (its first instant, or with `whole` the end of that day) or date and time.
 */
int plan_read_time(struct plan_reader *r, const struct yaml_node *node, bool whole, int64_t *ret);
int plan_field_time(struct plan_reader *r, const struct yaml_node *map, const char *key, bool whole,
                    int64_t *ret);
/* A word of the catalogue under a key. */
int plan_field_word(struct plan_reader *r, const struct yaml_node *map, const char *key,
                    enum word_list list, uint32_t *ret);
int plan_read_word(struct plan_reader *r, const struct yaml_node *node, enum word_list list,
                   uint32_t *ret);
/* A set of words as bits. */
int plan_field_set(struct plan_reader *r, const struct yaml_node *map, const char *key,
                   enum word_list list, uint64_t *ret);
/* An array of count + extra zeroed elements that begins as a copy of the old one. */
void *plan_grow(struct plan_reader *r, const void *old, size_t count, size_t extra, size_t size);
int plan_fail_reference(struct plan_reader *r, const struct yaml_node *node, unsigned what,
                        const void *base, size_t count, size_t stride);
int plan_field_span(struct plan_reader *r, const struct yaml_node *map, const char *key,
                    struct span *ret);
int plan_field_origin(struct plan_reader *r, const struct yaml_node *map, enum plan_origin *ret);

int plan_read_obligations(struct plan_reader *r); /* plan_obligations.c */
int plan_check(struct plan_reader *r);            /* plan_check.c */

#endif
