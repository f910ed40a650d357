/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_RULE_INDEX_H
#define CANH_SIGMA_RULE_INDEX_H
/*
 * Rules by id and by name. Several may share one:
 *
 *     for (uint32_t at = rule_index_find(&x, name); at != UINT32_MAX; at = rule_index_next(&x, at))
 *         … rules[at / 2] …
 */
#include "base/arena.h"
#include "base/map.h"
#include "sigma/rule.h"

struct rule_index {
    struct map heads;
    uint32_t *next; /* two entries a rule: by id, by name; UINT32_MAX ends a chain */
};

/* next lives in the arena; 0 or -CE_NOMEM, to be ended with rule_index_done() in either case. */
CANH_MUST_USE int rule_index_init(struct rule_index *x, struct arena *arena,
                                  struct sigma_rule *const *rules, uint32_t count);
void rule_index_done(struct rule_index *x);
/* An entry, which is twice a rule's number or one more; UINT32_MAX when there is none. */
uint32_t rule_index_find(const struct rule_index *x, struct slice key);
uint32_t rule_index_next(const struct rule_index *x, uint32_t entry);

#endif
