/* SPDX-License-Identifier: Apache-2.0 */
/* What a scan says at its end: what all workers counted, and the kinds of events without a rule. */
#include <stdlib.h>

#include "detect/scan_internal.h"
#include "sigma/correlation_plan.h"

enum { KINDS_BYTES = 64 * 1024 * 1024 };

bool scan_result_init(struct scan_result *r, const struct scan_request *request)
{
    const struct ruleset *rules = request->generation->rules;

    *r = (struct scan_result){.arena = ARENA_INIT(KINDS_BYTES)};
    r->seen = calloc((size_t)keys_count(ruleset_keys(rules)) + 1, sizeof(*r->seen));
    r->incomplete = calloc((size_t)ruleset_correlation_count(rules) + 1, sizeof(*r->incomplete));
    r->suppressed_by =
        calloc((size_t)request->generation->suppressions.count + 1, sizeof(*r->suppressed_by));
    r->spill_error = (struct err)ERR_INIT;
    return tally_init(&r->tally, ruleset_count(rules) + ruleset_correlation_count(rules)) == 0 &&
           r->seen != NULL && r->incomplete != NULL && r->suppressed_by != NULL;
}

void scan_result_add(struct scan *s, const struct scan_worker *w)
{
    struct scan_result *result = s->result;
    const struct detector *d = w->detector;
    struct matcher_counts counts;

    matcher_count(d->matcher, &counts);
    result->unrouted += counts.unrouted;
    result->regex_limits += counts.regex_limits;
    result->failed += counts.failed;
    result->correlation.timeless += w->counts.timeless;
    result->correlation.fieldless += w->counts.fieldless;
    result->truncated += d->truncated;
    result->fields_lost += d->fields_lost;
    for (uint32_t k = 0; k <= keys_count(ruleset_keys(d->generation->rules)); k++)
        result->seen[k] |= matcher_has_seen(d->matcher, k);
}

static int by_name(const void *a, const void *b)
{
    return slice_cmp(((const struct scan_kind *)a)->name, ((const struct scan_kind *)b)->name);
}

static int by_count(const void *a, const void *b)
{
    const struct scan_kind *x = a, *y = b;

    return x->count != y->count ? (x->count > y->count ? -1 : 1) : by_name(a, b);
}

static uint32_t list_kinds(struct scan *s, struct scan_kind *kinds)
{
    uint32_t n = 0;

    for (unsigned w = 0; w < s->threads; w++) {
        const struct detector *d = s->workers[w].detector;

        for (size_t i = 0; i < d->unrouted.cap; i++) {
            const struct map_slot *slot = &d->unrouted.slots[i];
            struct slice name = slice_of(slot->p, slot->n);

            if (slot->hash == 0)
                continue;
            name = arena_dup(&s->result->arena, name);
            if (name.p != NULL)
                kinds[n++] = (struct scan_kind){name, d->unrouted_counts[slot->value]};
        }
    }
    return n;
}

void scan_result_kinds(struct scan *s)
{
    struct scan_result *result = s->result;
    size_t room = 1;
    uint32_t n, kept = 0;
    struct scan_kind *kinds;

    for (unsigned w = 0; w < s->threads; w++)
        room += s->workers[w].detector->unrouted_count;
    kinds = calloc(room, sizeof(*kinds));
    if (kinds == NULL)
        return;
    n = list_kinds(s, kinds);
    qsort(kinds, n, sizeof(*kinds), by_name);
    for (uint32_t i = 0; i < n; i++) {
        if (kept && slice_eq(kinds[kept - 1].name, kinds[i].name))
            kinds[kept - 1].count += kinds[i].count;
        else
            kinds[kept++] = kinds[i];
    }
    qsort(kinds, kept, sizeof(*kinds), by_count);
    result->unrouted_kinds = kinds;
    result->unrouted_count = kept;
}

void scan_result_done(struct scan_result *r)
{
    tally_done(&r->tally);
    free(r->unrouted_kinds);
    free(r->seen);
    free(r->incomplete);
    free(r->suppressed_by);
    arena_done(&r->arena);
}
