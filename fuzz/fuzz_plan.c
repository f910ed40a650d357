/* SPDX-License-Identifier: Apache-2.0 */
/* A plan file against a small catalogue: refused with a place, or whole and consistent. */
#include <stdlib.h>

#include "plan/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char words[] =
    "unit-kinds: [{id: commune, vi: a, en: b}]\n"
    "unit-tags: [{id: hosted, vi: a, en: b}]\n"
    "roles: [{id: sysadmin, vi: a, en: b}]\n"
    "asset-roles: [{id: server, vi: a, en: b}]\n"
    "events: [{id: incident, vi: a, en: b}]\n"
    "evidence: [{id: duty.log, vi: a, en: b, from: duty, by: person, strength: declared, "
    "method: examine}]\n";

static void check(const struct plan *p)
{
    for (uint32_t i = 0; i < p->obligation_count; i++) {
        const struct plan_obligation *o = &p->obligations[i];

        if (o->clause >= p->clause_count || o->role == PLAN_NONE || o->lead >= p->authority_count ||
            o->part_count == 0 || o->scope_count == 0)
            abort();
        if (o->inherit.scope != PLAN_NONE && o->inherit.obligation >= p->obligation_count)
            abort();
        for (uint32_t k = 0; k < o->part_count; k++) {
            if (o->parts[k].kind_count == 0 || o->parts[k].every.base.kind >= FREQ_NONE)
                abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = ARENA_INIT(64 << 20);
    struct plan_source source = {.text = slice_of(data, size)};
    struct plan_count count;
    struct err err = ERR_INIT;
    const struct plan *p;

    if (catalogue_parse(&a, SLICE(words), &source.catalogue, NULL) < 0)
        abort();
    if (plan_parse(&a, &source, &p, &err) == 0) {
        check(p);
        plan_count(p, &count);
    } else if (err.code == 0) {
        abort();
    }
    arena_done(&a);
    return 0;
}
