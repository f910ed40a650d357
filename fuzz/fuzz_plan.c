/* SPDX-License-Identifier: Apache-2.0 */
/* A plan file against a small catalogue: refused with a place, or whole and consistent, alone or
 * extending another one; and then the status of three units that it may be asked of. */
#include <stdlib.h>

#include "base/time.h"
#include "plan/status.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char words[] =
    "unit-kinds: [{id: commune, vi: a, en: b}]\n"
    "unit-tags: [{id: hosted, vi: a, en: b}]\n"
    "roles: [{id: sysadmin, vi: a, en: b}]\n"
    "asset-roles: [{id: server, vi: a, en: b}]\n"
    "events: [{id: incident, vi: a, en: b}]\n"
    "evidence: [{id: duty.log, vi: a, en: b, from: duty, by: person, strength: declared, "
    "method: examine},\n"
    " {id: probe.x, vi: a, en: b, from: probe, by: machine, strength: measured, method: test},\n"
    " {id: order.x, vi: a, en: b, from: order, by: person, strength: confirmed, method: "
    "examine}]\n";

/* What a plan may extend. */
static const char base[] =
    "plan: base\ntitle: t\nwindow: {start: 2020-10-05, end: 2020-10-20}\n"
    "phases: [{id: peak, from: end-5d, until: end}]\nauthorities: [{id: lead}]\n"
    "scopes: [{id: all}, {id: hosted, tags: hosted}]\nclauses: [{number: I, text: x}]\n"
    "obligations:\n"
    "  - {id: a, clause: I, title: {vi: a, en: b}, applies-to: all, role: sysadmin, lead: lead,\n"
    "     every: 'daily@07:30 | peak:daily@06:00', proof: [duty.log, probe.x], grace: 2h,\n"
    "     also: [{id: w, every: weekly(fri), proof: order.x}]}\n"
    "  - {id: b, clause: I, title: {vi: a, en: b}, applies-to: all, role: sysadmin, lead: lead,\n"
    "     every: continuous(<=5m), proof: probe.x, at-least: 99.5,\n"
    "     inherits: {scope: hosted, asset-roles: server, obligation: a}}\n"
    "  - {id: c, clause: I, title: {vi: a, en: b}, applies-to: all, role: sysadmin, lead: lead,\n"
    "     every: 'within(1h, incident)', proof: order.x}\n";

struct loading {
    struct arena *arena;
    const struct plan_source *from;
};

static int load(void *ctx, struct slice id, unsigned depth, const struct plan **ret,
                struct err *err)
{
    const struct loading *l = ctx;
    struct plan_source source = *l->from;

    source.text = SLICE(base);
    source.depth = depth;
    if (!slice_is(id, "base"))
        return err_code(err, CE_NOT_FOUND);
    return plan_parse(l->arena, &source, ret, err);
}

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

static void take(void *ctx, const struct status_cell *c)
{
    struct status_now *now = ctx;

    if (c->state >= STATUS_STATE_MAX || c->reason >= REASON_MAX || c->share > 1000)
        abort();
    if (c->period.from >= c->period.until)
        abort();
    status_now_add(now, c);
}

/* Two weeks of three units, one of which may provide for the others; proofs by the data's bytes. */
static void judge(struct arena *a, const struct plan *p, const uint8_t *data, size_t size)
{
    struct status_unit units[3] = {{.from = INT64_MIN, .until = INT64_MAX, .level = 3},
                                   {.tags = 1, .from = INT64_MIN, .until = INT64_MAX},
                                   {.asset_roles = 1, .from = INT64_MIN, .until = INT64_MAX}};
    struct status_options opt = {.from = p->start, .until = p->start + 14 * TIME_DAY};
    struct status_proof proofs[64];
    struct status_event events[] = {{0, 0, p->start + TIME_HOUR, 0, 1},
                                    {PLAN_NONE, 0, p->start + TIME_DAY, 0, 2}};
    struct status_input in = {.now = p->start + 10 * TIME_DAY,
                              .units = units,
                              .unit_count = 3,
                              .proofs = proofs,
                              .events = events,
                              .event_count = 2};
    struct status_now now = {.now = in.now, .cell.unit = PLAN_NONE};
    struct status *s;
    uint32_t parts;

    if (p->start > INT64_MAX - 20 * TIME_DAY || status_new(a, p, &opt, &s, NULL) < 0)
        return;
    (void)status_parts(s, &parts);
    for (size_t i = 0; i + 3 < size && in.proof_count < CANH_LEN(proofs) && parts > 0; i += 4) {
        struct status_proof *x = &proofs[in.proof_count++];

        *x = (struct status_proof){.unit = data[i] % 3,
                                   .part = data[i + 1] % parts,
                                   .start = p->start + data[i + 2] * TIME_HOUR,
                                   .expires = INT64_MAX,
                                   .verdict = (uint8_t)(1 + data[i + 3] % 3),
                                   .strength = (uint8_t)(1 + data[i] / 3 % 3)};
        x->stop = x->start + 1 + data[i + 3] * TIME_MINUTE;
        x->collected = x->stop;
    }
    status_sort(proofs, in.proof_count, NULL, 0, NULL, 0, events, 2);
    for (uint32_t u = 0; u < 3; u++)
        status_unit_cells(s, &in, u, take, &now);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = ARENA_INIT(64 << 20);
    struct plan_source source = {.text = slice_of(data, size)};
    struct loading l = {&a, &source};
    struct plan_count count;
    struct err err = ERR_INIT;
    const struct plan *p;

    if (catalogue_parse(&a, SLICE(words), &source.catalogue, NULL) < 0)
        abort();
    source.load = load;
    source.load_ctx = &l;
    if (plan_parse(&a, &source, &p, &err) == 0) {
        check(p);
        plan_count(p, &count);
        judge(&a, p, data, size);
    } else if (err.code == 0) {
        abort();
    }
    arena_done(&a);
    return 0;
}
