/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/status.h"

#include <stdlib.h>

#include "base/time.h"
#include "err_words.h"
#include "golden.h"

enum { CELLS_MAX = 20000 };

static const char plan_text[] =
    "plan: t\ntitle: t\nwindow: {start: 2020-10-05, end: 2020-10-11}\n"
    "phases: [{id: peak, from: end-2d, until: end}]\nauthorities: [{id: lead}]\n"
    "scopes: [{id: all}, {id: communes, kinds: [commune]}, {id: off, enabled: no}]\n"
    "clauses: [{number: I, text: x}]\nobligations:\n"
#define O(id, rest)                                                                                \
    "  - {id: " id ", clause: I, title: {vi: a, en: b}, applies-to: all, role: sysadmin, lead: "   \
    "lead, " rest "}\n"
    O("daily", "every: daily@07:30, proof: form.agency-daily, grace: 2h") O(
        "probe",
        "every: daily@07:30, proof: probe.backup") O("check",
                                                     "every: daily@07:30, proof: check.baseline")
        O("start", "every: at-start(24h), proof: review.management") O(
            "strict",
            "every: at-start(24h), proof: [review.management, duty.handover], needs: confirmed")
            O("watch", "every: continuous(<=15m), proof: probe.service, at-least: 90") O(
                "event", "every: 'within(1h, difficulty)', proof: request.answered")
                O("shared",
                  "every: daily@07:30, proof: probe.backup, inherits: {scope: communes, "
                  "asset-roles: [data-centre]}") "  - {id: off, clause: I, title: {vi: a, en: b}, "
                                                 "applies-to: off, role: sysadmin, lead: lead, "
                                                 "every: daily, proof: duty.log}\n"
                                                 "  - {id: later, clause: I, title: {vi: a, en: "
                                                 "b}, applies-to: all, role: sysadmin, "
                                                 "lead: lead, every: daily, proof: duty.log, from: "
                                                 "2020-10-10, also: [{id: weekly, every: "
                                                 "weekly(wed) | peak:daily, proof: duty.log}]}\n";

static struct planload load;
static const struct plan *plan;
static struct status *status;

/* Cells that a call gave. */
struct cells {
    struct status_cell c[CELLS_MAX];
    size_t n;
};

static void keep(void *ctx, const struct status_cell *c)
{
    struct cells *cells = ctx;

    if (cells->n < CELLS_MAX)
        cells->c[cells->n++] = *c;
}

static int64_t at(const char *text)
{
    int64_t t = 0;

    if (time_parse(slice_str(text), 7 * 3600, &t, NULL) < 0)
        ok(false, "%s is a time", text);
    return t;
}

static uint32_t part(const char *obligation, const char *id)
{
    return status_find_part(status, plan_find_obligation(plan, slice_str(obligation)),
                            slice_str(id));
}

/* Unit 0: an agency; 1: a commune; 2: the data centre. */
static struct status_unit units[3];

static struct status_proof proof(const char *obligation, const char *start, const char *stop,
                                 enum status_verdict v, enum strength s)
{
    struct status_proof p = {.part = part(obligation, ""),
                             .start = at(start),
                             .verdict = (uint8_t)v,
                             .strength = (uint8_t)s,
                             .expires = INT64_MAX,
                             .ref = 7};

    p.stop = stop ? at(stop) : p.start + 1;
    p.collected = stop ? p.stop : p.start;
    return p;
}

/* The states of a part's cells at a unit: "met/proven …". */
static void states_are(const struct status_input *in, uint32_t unit, uint32_t p, const char *want)
{
    static struct cells cells;
    struct buf out = BUF_INIT(4000);

    cells.n = 0;
    status_part_cells(status, in, unit, p, keep, &cells);
    for (size_t i = 0; i < cells.n; i++)
        buf_printf(&out, "%s%s/%s", i ? " " : "",
                   status_state_to_str((enum status_state)cells.c[i].state),
                   status_reason_to_str((enum status_reason)cells.c[i].reason));
    is_str(buf_cstr(&out), want, "the cells");
    buf_done(&out);
}

/* The state of the first cell with one proof (or none) at an instant. */
static void instant_is(const char *obligation, const struct status_proof *p, int64_t now,
                       const char *want)
{
    static struct cells cells;
    struct status_input in = {
        .now = now, .units = units, .unit_count = 3, .proofs = p, .proof_count = p != NULL};
    struct buf out = BUF_INIT(200);

    cells.n = 0;
    status_part_cells(status, &in, 0, part(obligation, ""), keep, &cells);
    if (cells.n > 0)
        buf_printf(&out, "%s/%s", status_state_to_str((enum status_state)cells.c[0].state),
                   status_reason_to_str((enum status_reason)cells.c[0].reason));
    is_str(buf_cstr(&out), want, "%s at %lld", obligation, (long long)now);
    buf_done(&out);
}

static void first_is(const char *obligation, const struct status_proof *p, const char *now,
                     const char *want)
{
    instant_is(obligation, p, at(now), want);
}

/* To the instant: of something done, of what is not done, of the end of the period. */
static void test_moment(void)
{
    struct status_proof p =
        proof("daily", "2020-10-05 08:00", NULL, VERDICT_MET, STRENGTH_DECLARED);
    const int64_t due = at("2020-10-05 09:30"), end = at("2020-10-06");

    instant_is("daily", NULL, due - 1, "due/running");
    instant_is("daily", NULL, due, "overdue/late");
    instant_is("daily", NULL, end - 1, "overdue/late");
    instant_is("daily", NULL, end, "not-met/missed");
    p.collected = due;
    instant_is("daily", &p, end, "met/proven");
    p.collected = due + 1;
    instant_is("daily", &p, end, "met/proven-late");
}

static void test_time(void)
{
    struct status_proof p =
        proof("daily", "2020-10-05 08:00", NULL, VERDICT_MET, STRENGTH_DECLARED);

    first_is("daily", NULL, "2020-10-04 23:00", "not-due/ahead");
    first_is("daily", NULL, "2020-10-05 01:00", "due/running");
    first_is("daily", NULL, "2020-10-05 09:29", "due/running");
    first_is("daily", NULL, "2020-10-05 09:30", "overdue/late");
    first_is("daily", NULL, "2020-10-06 00:00", "not-met/missed");
    first_is("daily", &p, "2020-10-06 00:00", "met/proven");
    first_is("daily", &p, "2020-10-05 07:59", "due/running");
    p.collected = at("2020-10-05 10:00");
    first_is("daily", &p, "2020-10-06 00:00", "met/proven-late");
    p.verdict = VERDICT_NOT_MET;
    first_is("daily", &p, "2020-10-06 00:00", "not-met/shown-bad");
    p.verdict = VERDICT_NOTHING;
    first_is("daily", &p, "2020-10-05 12:00", "overdue/late");
    p.collected = at("2020-10-05 06:00");
    first_is("daily", &p, "2020-10-05 07:00", "in-progress/started");
    first_is("probe", NULL, "2020-10-05 07:31", "unknown/silent");
    first_is("probe", NULL, "2020-10-07 00:00", "unknown/silent");
    first_is("check", NULL, "2020-10-07 00:00", "unknown/waits");
    first_is("start", NULL, "2020-10-05 12:00", "due/running");
    first_is("start", NULL, "2020-10-07 12:00", "overdue/late");
    first_is("start", NULL, "2020-11-07 12:00", "overdue/late");
    first_is("off", NULL, "2020-10-07 12:00", "");
}

static void test_strength(void)
{
    struct status_proof p =
        proof("strict", "2020-10-05 08:00", NULL, VERDICT_MET, STRENGTH_DECLARED);

    first_is("strict", &p, "2020-10-05 12:00", "due/running");
    first_is("strict", &p, "2020-10-07 12:00", "unknown/weak");
    p.strength = STRENGTH_CONFIRMED;
    first_is("strict", &p, "2020-10-07 12:00", "met/proven");
    p = proof("daily", "2020-10-05 09:30", NULL, VERDICT_MET, STRENGTH_DECLARED);
    first_is("daily", &p, "2020-10-06 00:00", "met/proven");
    p.collected++;
    first_is("daily", &p, "2020-10-06 00:00", "met/proven-late");
    p = proof("strict", "2020-10-05 08:00", NULL, VERDICT_MET, STRENGTH_CONFIRMED);
    p.expires = at("2020-10-08");
    first_is("strict", &p, "2020-10-07 12:00", "met/proven");
    first_is("strict", &p, "2020-10-08 00:00", "unknown/expired");
    p = proof("daily", "2020-10-05 08:00", NULL, VERDICT_MET, STRENGTH_DECLARED);
    p.expires = at("2020-10-05 12:00");
    first_is("daily", &p, "2020-10-07 12:00", "met/proven");
}

/* Several proofs of one day. */
static void decides(enum strength s1, enum status_verdict v1, enum strength s2,
                    enum status_verdict v2, const char *want)
{
    struct status_proof two[] = {
        proof("daily", "2020-10-05 08:00", NULL, v1, s1),
        proof("daily", "2020-10-05 09:00", NULL, v2, s2),
    };
    struct status_input in = {
        .now = at("2020-10-06"), .units = units, .unit_count = 3, .proofs = two, .proof_count = 2};
    struct cells *cells = calloc(1, sizeof(*cells));

    if (cells == NULL)
        abort();
    status_part_cells(status, &in, 0, part("daily", ""), keep, cells);
    is_str(status_state_to_str((enum status_state)cells->c[0].state), want, "%s %d then %s %d",
           strength_to_str(s1), v1, strength_to_str(s2), v2);
    free(cells);
}

static void test_decision(void)
{
    decides(STRENGTH_DECLARED, VERDICT_NOT_MET, STRENGTH_DECLARED, VERDICT_MET, "met");
    decides(STRENGTH_MEASURED, VERDICT_NOT_MET, STRENGTH_DECLARED, VERDICT_MET, "not-met");
    decides(STRENGTH_MEASURED, VERDICT_MET, STRENGTH_DECLARED, VERDICT_NOT_MET, "not-met");
    decides(STRENGTH_DECLARED, VERDICT_NOT_MET, STRENGTH_MEASURED, VERDICT_MET, "met");
    decides(STRENGTH_MEASURED, VERDICT_MET, STRENGTH_DECLARED, VERDICT_MET, "met");
}

static void test_continuous(void)
{
    struct status_proof p =
        proof("watch", "2020-10-05", "2020-10-06", VERDICT_MET, STRENGTH_MEASURED);

    first_is("watch", NULL, "2020-10-05 12:00", "unknown/silent");
    p.collected = p.start;
    first_is("watch", &p, "2020-10-05 12:00", "met/covered");
    first_is("watch", &p, "2020-10-07 12:00", "met/covered");
    p.stop = at("2020-10-05 22:00");
    first_is("watch", &p, "2020-10-06 12:00", "met/covered");
    p.stop = at("2020-10-05 20:00");
    first_is("watch", &p, "2020-10-06 12:00", "unknown/holes");
    first_is("watch", &p, "2020-10-05 20:14", "met/covered");
    p.verdict = VERDICT_NOT_MET;
    first_is("watch", &p, "2020-10-06 12:00", "not-met/broken");
    p.stop = at("2020-10-05 02:00");
    first_is("watch", &p, "2020-10-06 12:00", "unknown/holes");
    p.verdict = VERDICT_MET;
    p.stop = at("2020-10-05 01:00"); /* what comes every 15 minutes is not missed before */
    first_is("watch", &p, "2020-10-05 01:15", "met/covered");
    first_is("watch", &p, "2020-10-05 01:16", "unknown/holes");
    first_is("watch", &p, "2020-10-05 00:00", "not-due/ahead");
    first_is("watch", &p, "2020-10-05 00:00:01", "met/covered");
    p.verdict = VERDICT_NOT_MET; /* bad for as much as may be bad, and for a second more */
    p.stop = at("2020-10-05 01:40");
    first_is("watch", &p, "2020-10-05 16:40", "unknown/holes");
    p.stop = at("2020-10-05 01:41");
    first_is("watch", &p, "2020-10-05 16:40", "not-met/broken");
}

static void test_said(void)
{
    struct status_statement s = {.unit = 0,
                                 .part = part("daily", ""),
                                 .start = at("2020-10-05"),
                                 .stop = at("2020-10-05") + 1,
                                 .promised = at("2020-10-08"),
                                 .said = SAID_NOT_YET};
    struct status_exemption e = {.unit = 0,
                                 .obligation = plan_find_obligation(plan, SLICE("probe")),
                                 .start = at("2020-10-05"),
                                 .stop = at("2020-10-07")};
    struct status_input in = {.now = at("2020-10-07 12:00"),
                              .units = units,
                              .unit_count = 3,
                              .statements = &s,
                              .statement_count = 1,
                              .exemptions = &e,
                              .exemption_count = 1};

    states_are(&in, 0, part("daily", ""),
               "not-yet/not-yet not-met/missed overdue/late not-due/ahead not-due/ahead "
               "not-due/ahead not-due/ahead");
    states_are(&in, 0, part("probe", ""),
               "exempt/exempt exempt/exempt unknown/silent not-due/ahead not-due/ahead "
               "not-due/ahead not-due/ahead");
    in.now = at("2020-10-08");
    states_are(&in, 0, part("daily", ""),
               "not-met/missed not-met/missed not-met/missed due/running not-due/ahead "
               "not-due/ahead not-due/ahead");
    s.said = SAID_WAITING;
    in.now = at("2020-10-05 08:00");
    states_are(&in, 0, part("daily", ""),
               "in-progress/started not-due/ahead not-due/ahead not-due/ahead not-due/ahead "
               "not-due/ahead not-due/ahead");
    states_are(&in, 0, part("later", ""), "not-due/ahead not-due/ahead");
    states_are(&in, 0, part("later", "weekly"), "not-due/ahead not-due/ahead");
}

static void test_events(void)
{
    uint32_t event = catalogue_find(load.catalogue, WORDS_EVENTS, SLICE("difficulty"));
    struct status_event events[] = {{0, event, at("2020-10-06 08:00"), 0, 1},
                                    {0, event, at("2020-10-06 08:30"), 0, 2},
                                    {PLAN_NONE, event, at("2020-10-07 08:00"), 0, 3}};
    struct status_proof p =
        proof("event", "2020-10-06 08:30", NULL, VERDICT_MET, STRENGTH_MEASURED);
    struct status_input in = {.now = at("2020-10-06 08:50"),
                              .units = units,
                              .unit_count = 3,
                              .proofs = &p,
                              .proof_count = 1,
                              .events = events,
                              .event_count = 2};

    states_are(&in, 0, part("event", ""), "due/running met/proven");
    in.now = at("2020-10-06 10:00");
    states_are(&in, 0, part("event", ""), "overdue/late met/proven");
    in.event_count = 3;
    in.now = at("2020-10-07 08:30");
    states_are(&in, 1, part("event", ""), "due/running");
    events[2].due = at("2020-10-09 08:00");
    in.now = at("2020-10-08");
    states_are(&in, 1, part("event", ""), "due/running");
    in.event_count = 0;
    states_are(&in, 0, part("event", ""), "");
}

static void test_inheritance(void)
{
    struct status_proof p =
        proof("shared", "2020-10-05 07:00", NULL, VERDICT_MET, STRENGTH_MEASURED);
    struct status_input in = {.now = at("2020-10-05 12:00"),
                              .units = units,
                              .unit_count = 3,
                              .proofs = &p,
                              .proof_count = 1};
    static struct cells cells;

    p.unit = 2;
    cells.n = 0;
    status_part_cells(status, &in, 1, part("shared", ""), keep, &cells);
    ok(cells.c[0].state == STATUS_MET && cells.c[0].provider == 2,
       "a commune inherits the data centre's backup");
    states_are(&in, 0, part("shared", ""),
               "unknown/silent not-due/ahead not-due/ahead not-due/ahead not-due/ahead "
               "not-due/ahead not-due/ahead");
    p.verdict = VERDICT_NOT_MET;
    cells.n = 0;
    status_part_cells(status, &in, 1, part("shared", ""), keep, &cells);
    is_int(cells.c[0].state, STATUS_NOT_MET, "and its failure");
    cells.n = 0;
    status_touch(status, &in, 2, p.part, keep, &cells);
    is_int(cells.n, 14, "a new proof there touches both");
    p.unit = 1;
    p.verdict = VERDICT_MET;
    cells.n = 0;
    status_part_cells(status, &in, 1, part("shared", ""), keep, &cells);
    ok(cells.c[0].state == STATUS_MET && cells.c[0].provider == PLAN_NONE,
       "its own proof comes first");
    p.unit = 2;
    units[1].host_count = 1;
    units[1].hosts[0] = 0;
    cells.n = 0;
    status_part_cells(status, &in, 1, part("shared", ""), keep, &cells);
    is_int(cells.c[0].state, STATUS_UNKNOWN, "a centre that it does not use gives it nothing");
    units[1].hosts[0] = 2;
    cells.n = 0;
    status_part_cells(status, &in, 1, part("shared", ""), keep, &cells);
    is_int(cells.c[0].provider, 2, "the one that it uses does");
    units[1].host_count = 0;
}

static void test_now(void)
{
    struct status_proof p =
        proof("daily", "2020-10-05 07:00", NULL, VERDICT_MET, STRENGTH_DECLARED);
    struct status_input in = {.now = at("2020-10-06 06:00"),
                              .units = units,
                              .unit_count = 3,
                              .proofs = &p,
                              .proof_count = 1};
    struct status_now now = {.now = in.now, .cell.unit = PLAN_NONE};
    struct status_count count = {0};
    static struct cells cells;

    cells.n = 0;
    status_part_cells(status, &in, 0, part("daily", ""), keep, &cells);
    for (size_t i = 0; i < cells.n; i++) {
        status_now_add(&now, &cells.c[i]);
        status_count_add(&count, &cells.c[i]);
    }
    is_int(now.cell.state, STATUS_MET, "in the morning yesterday's state still stands");
    is_int(status_count_total(&count), 1, "what is not due is not counted");
    is_int(status_share(&count).declared, 1000, "all of it declared");
    count.states[STATUS_MET] += 1999;
    count.proved = 1999;
    count.states[STATUS_UNKNOWN] = 1;
    is_int(status_share(&count).unknown, 1, "one unknown of two thousand is not rounded away");
    is_int(status_share(&count).proved, 999, "so that the proved ones are no 100 %%");
    count = (struct status_count){.proved = 35};
    count.states[STATUS_MET] = 35 + 103;
    count.declared = 103;
    count.states[STATUS_NOT_YET] = 2;
    count.states[STATUS_UNKNOWN] = 28;
    count.states[STATUS_OVERDUE] = 35;
    is_int(status_share(&count).proved, 172, "35 of 203 are 17.2 %%");
    is_int(status_share(&count).missed, 172, "so are another 35 of them");
    is_int(status_share(&count).declared, 507, "103 of 203 are 50.7 %%");
    now = (struct status_now){.now = in.now, .cell.unit = PLAN_NONE};
    for (size_t i = 0; i < 3; i++) {
        struct status_cell c = {.state = (uint8_t[]){STATUS_MET, STATUS_OVERDUE, STATUS_MET}[i],
                                .period = {at("2020-10-05"), in.now, in.now}};

        status_now_add(&now, &c);
    }
    is_int(now.cell.state, STATUS_OVERDUE, "what is owed since the last one stays owed");
}

/* Random worlds. */

static uint64_t rng = 88172645463325252u;

static unsigned random_below(unsigned n)
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (unsigned)(rng >> 33) % n;
}

struct world {
    struct status_input in;
    struct status_proof proofs[200];
    struct status_statement statements[4];
    struct status_exemption exemptions[2];
    struct status_event events[6];
};

static int64_t random_time(void)
{
    return at("2020-10-04") + (int64_t)random_below(9 * 24 * 60) * TIME_MINUTE;
}

static void random_world(struct world *x)
{
    uint32_t parts;

    (void)status_parts(status, &parts);
    x->in = (struct status_input){.now = random_time(),
                                  .units = units,
                                  .unit_count = 3,
                                  .proofs = x->proofs,
                                  .proof_count = random_below(200),
                                  .statements = x->statements,
                                  .statement_count = random_below(5),
                                  .exemptions = x->exemptions,
                                  .exemption_count = random_below(3),
                                  .events = x->events,
                                  .event_count = random_below(7)};
    for (uint32_t i = 0; i < x->in.proof_count; i++) {
        struct status_proof *p = &x->proofs[i];

        *p = (struct status_proof){.unit = random_below(3),
                                   .part = random_below(parts),
                                   .start = random_time(),
                                   .expires = INT64_MAX,
                                   .verdict = (uint8_t)(1 + random_below(3)),
                                   .strength = (uint8_t)(1 + random_below(3)),
                                   .ref = i};
        p->stop = p->start + 1 + random_below(3) * (int64_t)random_below(1000) * TIME_MINUTE;
        p->collected = p->start + random_below(200) * TIME_MINUTE;
        if (random_below(3) == 0)
            p->expires = p->collected + random_below(100) * TIME_HOUR;
    }
    for (uint32_t i = 0; i < x->in.statement_count; i++)
        x->statements[i] = (struct status_statement){.unit = random_below(3),
                                                     .part = random_below(parts),
                                                     .start = at("2020-10-05"),
                                                     .stop = random_time(),
                                                     .promised = random_time(),
                                                     .said = (uint8_t)(1 + random_below(3))};
    for (uint32_t i = 0; i < x->in.exemption_count; i++)
        x->exemptions[i] =
            (struct status_exemption){.unit = random_below(3),
                                      .obligation = random_below(plan->obligation_count),
                                      .start = at("2020-10-05"),
                                      .stop = random_time()};
    for (uint32_t i = 0; i < x->in.event_count; i++)
        x->events[i] = (struct status_event){.unit = random_below(4) ? random_below(3) : PLAN_NONE,
                                             .event = catalogue_find(load.catalogue, WORDS_EVENTS,
                                                                     SLICE("difficulty")),
                                             .at = random_time(),
                                             .ref = i};
    status_sort(x->proofs, x->in.proof_count, x->statements, x->in.statement_count, x->exemptions,
                x->in.exemption_count, x->events, x->in.event_count);
}

static void all_cells(const struct world *x, struct cells *to)
{
    to->n = 0;
    for (uint32_t u = 0; u < 3; u++)
        status_unit_cells(status, &x->in, u, keep, to);
}

/* A green cell has a good proof, of this part or the provider's, strong enough, of that time. */
static bool green_is_proven(const struct world *x, const struct status_cell *c)
{
    const struct status_part *p;
    uint32_t parts, unit = c->provider == PLAN_NONE ? c->unit : c->provider;

    p = &status_parts(status, &parts)[c->part];
    if (c->state != STATUS_MET)
        return true;
    for (size_t i = 0; i < x->in.proof_count; i++) {
        const struct status_proof *q = &x->proofs[i];

        if (q->unit == unit && q->part == c->part && q->verdict == VERDICT_MET &&
            q->strength >= p->part->needs && q->start < c->period.until && q->stop > c->period.from)
            return true;
    }
    return false;
}

static bool same_cell(const struct status_cell *a, const struct status_cell *b)
{
    return a->unit == b->unit && a->part == b->part && a->period.from == b->period.from &&
           a->period.until == b->period.until && a->period.due == b->period.due &&
           a->state == b->state && a->reason == b->reason && a->strength == b->strength &&
           a->share == b->share && a->proof == b->proof && a->provider == b->provider;
}

static bool same_cells(const struct cells *a, const struct cells *b)
{
    for (size_t i = 0; i < a->n && i < b->n; i++) {
        if (!same_cell(&a->c[i], &b->c[i]))
            return false;
    }
    return a->n == b->n;
}

static void shuffle(struct status_proof *p, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t k = random_below((unsigned)i);
        struct status_proof t = p[i - 1];

        p[i - 1] = p[k];
        p[k] = t;
    }
}

/* The cells of a part are the ones a new proof of it makes, and no others change. */
static bool touch_is_enough(struct world *x, const struct cells *before, struct cells *after,
                            struct cells *touched)
{
    struct status_proof *p;
    size_t k = 0;

    if (x->in.proof_count >= 199)
        return true;
    p = &x->proofs[x->in.proof_count++];
    *p = (struct status_proof){.unit = random_below(3),
                               .part = part("shared", ""),
                               .start = random_time(),
                               .verdict = VERDICT_MET,
                               .strength = 3,
                               .expires = INT64_MAX,
                               .ref = 999};
    p->stop = p->start + 1;
    p->collected = p->start;
    touched->n = 0;
    {
        struct status_proof added = *p;

        status_sort(x->proofs, x->in.proof_count, NULL, 0, NULL, 0, NULL, 0);
        status_touch(status, &x->in, added.unit, added.part, keep, touched);
    }
    all_cells(x, after);
    if (after->n != before->n)
        return false;
    for (size_t i = 0; i < after->n; i++) {
        bool found = false;

        if (same_cell(&after->c[i], &before->c[i]))
            continue;
        for (k = 0; k < touched->n && !found; k++)
            found = same_cell(&touched->c[k], &after->c[i]);
        if (!found)
            return false;
    }
    return true;
}

/* One number of all that the cells say; the same wherever it is reckoned. */
static uint32_t digest(const struct cells *cells)
{
    uint32_t h = 2166136261u;

    for (size_t i = 0; i < cells->n; i++) {
        const struct status_cell *c = &cells->c[i];
        const uint64_t said[] = {c->unit,  c->part,     (uint64_t)c->period.from,
                                 c->state, c->reason,   (uint64_t)c->period.until,
                                 c->share, c->strength, (uint64_t)c->period.due,
                                 c->proof, c->provider};

        for (size_t k = 0; k < sizeof(said); k++)
            h = (h ^ (uint8_t)(said[k / 8] >> (k % 8 * 8))) * 16777619u;
    }
    return h;
}

/* What worlds by chance come to: states, how much of what is met is proved, and the digest. */
static void put_world(struct buf *out, const struct world *x, const struct cells *cells)
{
    struct status_now now = {.cell = {.unit = PLAN_NONE}, .now = x->in.now};
    struct status_count count = {0};
    struct status_shares s;

    for (size_t i = 0; i < cells->n; i++) {
        status_count_add(&count, &cells->c[i]);
        status_now_add(&now, &cells->c[i]);
    }
    s = status_share(&count);
    for (int i = 0; i < STATUS_STATE_MAX; i++)
        buf_printf(out, "%u ", count.states[i]);
    buf_printf(out, "met %u+%u late %u; %u %u %u %u %u; now %d; %08x\n", count.proved,
               count.declared, count.late, s.proved, s.declared, s.not_yet, s.unknown, s.missed,
               now.cell.state, digest(cells));
}

static void test_golden(void)
{
    struct buf out = BUF_INIT(1 << 20);
    static struct cells cells;
    static struct world x;

    for (int i = 0; i < 300; i++) {
        random_world(&x);
        all_cells(&x, &cells);
        put_world(&out, &x, &cells);
    }
    golden_is(&load, "status.txt", &out);
    buf_done(&out);
}

/* Shares are in thousandths; what there is has one at least, what is not all has not all. */
static void test_shares(void)
{
    static const struct {
        uint32_t proved, declared, not_yet, unknown, not_met, overdue;
        uint16_t want[5];
    } rows[] = {
        {0, 0, 0, 0, 0, 0, {0, 0, 0, 0, 0}},
        {1, 0, 0, 0, 0, 0, {1000, 0, 0, 0, 0}},
        {99999, 0, 0, 1, 0, 0, {999, 0, 0, 1, 0}},
        {1, 1, 1, 0, 0, 0, {333, 333, 333, 0, 0}},
        {0, 2, 0, 0, 1, 1, {0, 500, 0, 0, 500}},
        {1, 0, 0, 1999, 0, 0, {1, 0, 0, 999, 0}}, /* half a thousandth is one */
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        struct status_count c = {.proved = rows[i].proved, .declared = rows[i].declared};
        struct status_shares s;

        c.states[STATUS_MET] = c.proved + c.declared;
        c.states[STATUS_NOT_YET] = rows[i].not_yet;
        c.states[STATUS_UNKNOWN] = rows[i].unknown;
        c.states[STATUS_NOT_MET] = rows[i].not_met;
        c.states[STATUS_OVERDUE] = rows[i].overdue;
        s = status_share(&c);
        ok(s.proved == rows[i].want[0] && s.declared == rows[i].want[1] &&
               s.not_yet == rows[i].want[2] && s.unknown == rows[i].want[3] &&
               s.missed == rows[i].want[4],
           "%u %u %u %u %u", s.proved, s.declared, s.not_yet, s.unknown, s.missed);
    }
}

static void test_properties(void)
{
    static struct cells a, b, c;
    static struct world x;
    int unproven = 0, unstable = 0, overlapping = 0, uneven = 0, missed = 0;

    for (int i = 0; i < 2000; i++) {
        struct status_count count = {0};
        struct status_shares s;

        random_world(&x);
        all_cells(&x, &a);
        for (size_t k = 0; k < a.n; k++) {
            const struct status_part *p = &status_parts(status, &(uint32_t){0})[a.c[k].part];

            unproven += !green_is_proven(&x, &a.c[k]);
            overlapping += k > 0 && a.c[k - 1].part == a.c[k].part &&
                           a.c[k - 1].unit == a.c[k].unit &&
                           p->part->every.base.kind != FREQ_WITHIN &&
                           a.c[k].period.from < a.c[k - 1].period.until;
            status_count_add(&count, &a.c[k]);
        }
        s = status_share(&count);
        uneven += status_count_total(&count) > 0 &&
                  abs(s.proved + s.declared + s.not_yet + s.unknown + s.missed - 1000) > 4;
        shuffle(x.proofs, x.in.proof_count);
        status_sort(x.proofs, x.in.proof_count, NULL, 0, NULL, 0, NULL, 0);
        all_cells(&x, &b);
        unstable += !same_cells(&a, &b);
        missed += !touch_is_enough(&x, &a, &b, &c);
    }
    is_int(unproven, 0, "nothing is green without a good proof");
    is_int(overlapping, 0, "cells of a part do not overlap");
    is_int(uneven, 0, "shares add up to the whole but for rounding");
    is_int(unstable, 0, "the order in which proofs came does not matter");
    is_int(missed, 0, "a new proof changes no cell beyond those it touches");
}

/* A plan with all that a frequency, a scope and an inheritance can be. */
static const char rich_text[] =
    "plan: r\ntitle: t\nwindow: {start: 2020-10-05, end: 2020-10-25}\n"
    "phases: [{id: early, from: start, until: start+4d}, {id: peak, from: end-2d, until: end}]\n"
    "authorities: [{id: lead}]\n"
    "scopes: [{id: all}, {id: communes, kinds: [commune]}, {id: hosted, tags: [hosted]}, "
    "{id: some-days, from: 2020-10-07T12:00:00, until: 2020-10-09T18:00:00}]\n"
    "clauses: [{number: I, text: x}]\nobligations:\n" O(
        "first",
        "every: daily@07:30, proof: probe.backup, needs: confirmed, inherits: {scope: "
        "communes, asset-roles: [data-centre], obligation: second}, also: [{id: more, "
        "every: 'continuous(<=1h)', proof: probe.service, needs: confirmed, at-least: 80}]")
        O("second",
          "every: daily@09:00, proof: probe.backup, inherits: {scope: all, tags: "
          "[hosted], obligation: third}, also: [{id: more, every: 'continuous(<=1h)', "
          "proof: probe.service, at-least: 50}]") O("third",
                                                    "every: daily@10:00, proof: duty.log, also: "
                                                    "[{id: more, every: "
                                                    "'continuous(<=2h)', proof: probe.service}]")
            O("level",
              "every: 'by-level(1=year,2=month,3=week,4=day,5=quarter)', proof: "
              "review.standards") O("override",
                                    "every: 'daily | early: weekly | peak: "
                                    "by-level(1=year,2=month,3=week,4=day,5=quarter)', proof: "
                                    "duty.log")
                O("ordered", "every: 'within(1h, written-order)', proof: order.answered") O(
                    "asset", "every: each-shift, proof: duty.log, asset-role: "
                             "data-centre") O("ends", "every: at-end, proof: review.management")
                    O("first-level",
                      "every: 'daily | early: by-level(1=year,"
                      "2=month,3=week,4=day,5=quarter)', proof: "
                      "duty.log") "  - {id: "
                                  "days, clause: I, title: {vi: a, en: b}, applies-to: [some-days, "
                                  "hosted], role: sysadmin, lead: lead, every: daily@20:00, proof: "
                                  "duty.log}\n  - {id: long, clause: I, title: {vi: a, en: b}, "
                                  "applies-to: some-days, role: sysadmin, lead: lead, every: "
                                  "weekly(thu), proof: duty.log}\n";

enum { RICH_UNITS = 6 };

/* Mostly at the edges of days, where one more or less tells. */
static int64_t random_edge(void)
{
    static const int64_t beside[] = {0, 0, 0, 1, -1, TIME_SECOND, 12 * TIME_HOUR};

    int64_t day =
        at("2020-10-04") + random_below(23) * TIME_DAY; /* drawn first, with any compiler */

    return day + beside[random_below(7)];
}

static int64_t random_rich(void)
{
    return random_below(2) ? random_edge()
                           : at("2020-10-04") + random_below(22 * 24 * 60) * TIME_MINUTE;
}

static void rich_world(struct world *x, struct status_unit rich[RICH_UNITS])
{
    uint32_t event = catalogue_find(load.catalogue, WORDS_EVENTS, SLICE("written-order"));

    random_world(x);
    x->in.now = random_rich();
    x->in.units = rich;
    x->in.unit_count = RICH_UNITS;
    for (int i = 0; i < RICH_UNITS; i++) {
        rich[i] = units[random_below(3)];
        rich[i].level = (uint8_t)random_below(6);
        rich[i].tags = random_below(3) ? 0 : UINT64_C(2);
        rich[i].from = random_below(4) ? INT64_MIN : random_edge();
        rich[i].until = random_below(4) ? INT64_MAX : random_edge();
        rich[i].host_count = (uint8_t)random_below(2);
        rich[i].hosts[0] = random_below(RICH_UNITS);
    }
    for (uint32_t i = 0; i < x->in.proof_count; i++) {
        struct status_proof *p = &x->proofs[i];
        int64_t length = p->stop - p->start;

        p->unit = random_below(RICH_UNITS);
        p->start = random_rich();
        p->stop = p->start + length;
        p->collected = random_below(2) ? p->start : random_rich();
        p->expires = random_below(2) ? INT64_MAX : random_edge();
    }
    for (uint32_t i = 0; i < x->in.event_count; i++) {
        x->events[i].event = event;
        x->events[i].at = random_rich();
        x->events[i].due = random_below(2) ? 0 : random_rich();
    }
    for (uint32_t i = 0; i < x->in.exemption_count; i++)
        x->exemptions[i].stop = random_edge();
    status_sort(x->proofs, x->in.proof_count, x->statements, x->in.statement_count, x->exemptions,
                x->in.exemption_count, x->events, x->in.event_count);
}

/* How each part stands now, unit by unit. */
static void put_now(struct buf *out, const struct world *x, const struct cells *cells)
{
    struct status_now now = {.cell = {.unit = PLAN_NONE}, .now = x->in.now};

    for (size_t i = 0; i < cells->n; i++) {
        status_now_add(&now, &cells->c[i]);
        if (i + 1 < cells->n && cells->c[i + 1].part == cells->c[i].part &&
            cells->c[i + 1].unit == cells->c[i].unit)
            continue;
        buf_printf(out, "%d", now.cell.state);
        now = (struct status_now){.cell = {.unit = PLAN_NONE}, .now = x->in.now};
    }
    buf_putc(out, '\n');
}

/* The same of the rich plan, of all its window and of some days of it; and what a proof touches. */
static void test_rich(void)
{
    static struct cells cells;
    static struct world x;
    struct status_options opt = {0};
    struct plan_source source = {.text = SLICE(rich_text), .catalogue = load.catalogue};
    struct status_unit rich[RICH_UNITS];
    struct buf out = BUF_INIT(1 << 20);
    struct err err = ERR_INIT;
    int r = plan_parse(&load.arena, &source, &plan, &err);

    if (!ok(r == 0, "the rich plan loads %u:%u %s", err.line, err.col, err_words(&err)))
        return;
    for (int half = 0; half < 2; half++) {
        opt.from = half ? at("2020-10-08 12:00") : plan->start;
        opt.until = half ? at("2020-10-15 12:00") : plan->end;
        ok(status_new(&load.arena, plan, &opt, &status, &err) == 0, "and is made ready");
        for (int i = 0; i < 200; i++) {
            uint32_t parts, part;

            (void)status_parts(status, &parts);
            rich_world(&x, rich);
            cells.n = 0;
            for (uint32_t u = 0; u < RICH_UNITS; u++)
                status_unit_cells(status, &x.in, u, keep, &cells);
            put_world(&out, &x, &cells);
            put_now(&out, &x, &cells);
            cells.n = 0;
            part = random_below(parts);
            status_touch(status, &x.in, random_below(RICH_UNITS), part, keep, &cells);
            put_world(&out, &x, &cells);
        }
    }
    golden_is(&load, "status-rich.txt", &out);
    buf_done(&out);
}

int main(void)
{
    struct plan_source source = {.text = SLICE(plan_text)};
    struct status_options opt = {0};
    struct err err = ERR_INIT;
    uint32_t commune, agency, centre;

    if (!planload_catalogue(&load))
        return tap_done();
    source.catalogue = load.catalogue;
    if (!ok(plan_parse(&load.arena, &source, &plan, &err) == 0, "the plan loads %u:%u %s", err.line,
            err.col, err_words(&err)))
        return tap_done();
    opt.from = plan->start;
    opt.until = plan->end;
    ok(status_new(&load.arena, plan, &opt, &status, &err) == 0, "and is made ready");
    agency = catalogue_find(load.catalogue, WORDS_UNIT_KINDS, SLICE("agency"));
    commune = catalogue_find(load.catalogue, WORDS_UNIT_KINDS, SLICE("commune"));
    centre = catalogue_find(load.catalogue, WORDS_ASSET_ROLES, SLICE("data-centre"));
    for (int i = 0; i < 3; i++)
        units[i] = (struct status_unit){.kind = i == 1 ? commune : agency,
                                        .from = INT64_MIN,
                                        .until = INT64_MAX};
    units[2].asset_roles = UINT64_C(1) << centre;
    test_moment();
    test_time();
    test_strength();
    test_decision();
    test_continuous();
    test_said();
    test_events();
    test_inheritance();
    test_now();
    test_golden();
    test_shares();
    test_properties();
    test_rich();
    arena_done(&load.arena);
    return tap_done();
}
