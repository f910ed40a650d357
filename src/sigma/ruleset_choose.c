/* SPDX-License-Identifier: Apache-2.0 */
/* Which correlations are evaluated, which rules these need, and which of all alert by themselves.
 */
#include <stdlib.h>

#include "sigma/correlation.h"
#include "sigma/ruleset_internal.h"

static void ruleset_activate(struct sigma_correlation *c)
{
    c->active = true;
    for (uint32_t i = 0; i < c->ref_count; i++) {
        if (c->refs[i].correlation)
            ruleset_activate(c->refs[i].correlation);
    }
}

/* A correlation is silent below others that want none of its alerts. */
static void silence_correlations(struct ruleset *rs, bool silent)
{
    struct sigma_correlation *const *all = rs->correlations.items;

    for (uint32_t i = 0; i < rs->correlations.count; i++) {
        for (uint32_t k = 0; k < all[i]->ref_count && all[i]->active; k++) {
            struct sigma_correlation *below = all[i]->refs[k].correlation;

            if (below && all[i]->generate != silent)
                below->alone = below->wanted && !silent;
        }
    }
}

void ruleset_choose_correlations(struct ruleset *rs)
{
    struct sigma_correlation *const *all = rs->correlations.items;

    for (uint32_t i = 0; i < rs->correlations.count; i++) {
        all[i]->alone = all[i]->wanted && !all[i]->broken;
        if (all[i]->alone)
            ruleset_activate(all[i]);
    }
    silence_correlations(rs, true);
    silence_correlations(rs, false);
}

/* Takes in the rules that the options leave out and an active correlation needs. */
static int read_left_out(struct ruleset *rs, struct correlation_ref *ref, uint32_t *moved)
{
    for (uint32_t k = 0; k < ref->rule_count; k++) {
        uint32_t at = ref->rules[k];

        if (at < rs->taken)
            continue;
        at -= rs->taken;
        if (moved[at] == 0) {
            if (ruleset_keep(&rs->rules, ((struct sigma_rule **)rs->left_out.items)[at]) < 0)
                return -CE_NOMEM;
            moved[at] = rs->rules.count; /* its index + 1 */
        }
        ref->rules[k] = moved[at] - 1;
    }
    return 0;
}

static void mark_alone(struct ruleset *rs, bool generate)
{
    struct sigma_correlation *const *all = rs->correlations.items;

    for (uint32_t i = 0; i < rs->correlations.count; i++) {
        for (uint32_t k = 0; k < all[i]->ref_count; k++) {
            const struct correlation_ref *ref = &all[i]->refs[k];

            if (!all[i]->active || all[i]->generate != generate)
                continue;
            for (uint32_t n = 0; n < ref->rule_count; n++)
                rs->alone[ref->rules[n]] = generate && ref->rules[n] < rs->taken;
        }
    }
}

int ruleset_choose_rules(struct ruleset *rs)
{
    struct sigma_correlation *const *all = rs->correlations.items;
    uint32_t *moved = calloc((size_t)rs->left_out.count + 1, sizeof(*moved));
    int r = moved ? 0 : -CE_NOMEM;

    rs->taken = rs->rules.count;
    for (uint32_t i = 0; i < rs->correlations.count && r == 0; i++) {
        for (uint32_t k = 0; k < all[i]->ref_count && r == 0 && all[i]->active; k++)
            r = read_left_out(rs, &all[i]->refs[k], moved);
    }
    free(moved);
    rs->alone = calloc((size_t)rs->rules.count + 1, sizeof(*rs->alone));
    if (r < 0 || rs->alone == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < rs->taken; i++)
        rs->alone[i] = true;
    mark_alone(rs, false);
    mark_alone(rs, true);
    return 0;
}
