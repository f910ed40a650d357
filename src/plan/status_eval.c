/* SPDX-License-Identifier: Apache-2.0 */
/* Cells: what the proofs say about one period, then what follows where they say nothing. */
#include "base/time.h"
#include "plan/status_internal.h"

static struct proofs find_proofs(const struct status_input *in, uint32_t unit, uint32_t part)
{
    uint64_t key = (uint64_t)unit << 32 | part;
    size_t ends[2];

    for (int side = 0; side < 2; side++) {
        size_t lo = 0, hi = in->proof_count;

        while (lo < hi) {
            size_t mid = lo + (hi - lo) / 2;
            uint64_t k = (uint64_t)in->proofs[mid].unit << 32 | in->proofs[mid].part;

            if (k < key + (uint64_t)side)
                lo = mid + 1;
            else
                hi = mid;
        }
        ends[side] = lo;
    }
    return (struct proofs){ends[1] > ends[0] ? in->proofs + ends[0] : NULL, ends[1] - ends[0]};
}

void judge_init(struct judge *j, const struct status *s, const struct status_input *in,
                uint32_t unit, uint32_t part)
{
    size_t first, last;

    *j = (struct judge){.s = s,
                        .in = in,
                        .part = &s->parts[part],
                        .unit = unit,
                        .part_index = part,
                        .proofs = find_proofs(in, unit, part)};
    FIND_UNIT(in->statements, in->statement_count, unit, first);
    FIND_UNIT(in->statements, in->statement_count, unit + 1, last);
    j->statements = last > first ? in->statements + first : NULL;
    j->statement_count = last - first;
    FIND_UNIT(in->exemptions, in->exemption_count, unit, first);
    FIND_UNIT(in->exemptions, in->exemption_count, unit + 1, last);
    j->exemptions = last > first ? in->exemptions + first : NULL;
    j->exemption_count = last - first;
}

/* Long single periods outlive their proof; recurring ones are decided within their own time. */
static bool outlives_proof(enum frequency_kind kind)
{
    return kind == FREQ_AT_START || kind == FREQ_AT_END || kind == FREQ_PHASE;
}

/* The decision among discrete proofs. */
struct decision {
    const struct status_proof *proof; /* NULL: none */
    bool weak, expired, touched;
};

/* Whether a proof may decide; otherwise why not goes into d. */
static bool status_eval_admissible(struct decision *d, const struct judge *j,
                                   const struct status_proof *p, const struct period *period)
{
    int64_t at = CANH_MIN(j->in->now, period->until - 1);

    if (!overlaps(p->start, p->stop, period) || p->collected > j->in->now)
        return false;
    if (p->verdict == VERDICT_NOTHING) {
        d->touched = true;
        return false;
    }
    if (outlives_proof(j->part->part->every.base.kind) && p->expires <= at) {
        d->expired = true;
        return false;
    }
    if (p->verdict == VERDICT_MET && p->strength < j->part->part->needs) {
        d->weak = true;
        return false;
    }
    return true;
}

/* Whether good news may stand against the newest bad news (or none). */
static bool status_eval_answers(const struct status_proof *good, const struct status_proof *bad)
{
    return bad == NULL || (good->collected > bad->collected && good->strength >= bad->strength);
}

static bool status_eval_newer(const struct status_proof *a, const struct status_proof *b)
{
    return b == NULL || a->collected > b->collected ||
           (a->collected == b->collected && a->ref > b->ref);
}

/*
 * The newest bad proof decides, unless good ones came after it that are no weaker; of these the
 * strongest, and of equals the newest. The order in which the proofs stand does not matter.
 */
static struct decision status_eval_decide(const struct judge *j, const struct period *period,
                                          size_t *from)
{
    const struct proofs *ps = &j->proofs;
    const struct status_proof *bad = NULL, *good = NULL;
    struct decision d = {0};
    size_t end;

    while (*from < ps->n && ps->p[*from].stop <= period->from)
        ++*from;
    for (end = *from; end < ps->n && ps->p[end].start < period->until; end++) {
        if (status_eval_admissible(&d, j, &ps->p[end], period) &&
            ps->p[end].verdict == VERDICT_NOT_MET && status_eval_newer(&ps->p[end], bad))
            bad = &ps->p[end];
    }
    for (size_t i = *from; i < end; i++) {
        const struct status_proof *p = &ps->p[i];

        if (p->verdict == VERDICT_MET && status_eval_admissible(&d, j, p, period) &&
            status_eval_answers(p, bad) &&
            (good == NULL || p->strength > good->strength ||
             (p->strength == good->strength && status_eval_newer(p, good))))
            good = p;
    }
    d.proof = good ? good : bad;
    return d;
}

/* Time covered by proofs of one verdict (or any), holes up to `gap` bridged. */
static int64_t status_eval_covered(const struct judge *j, const struct period *p, int64_t end,
                                   size_t from, bool bad_only, int64_t gap, uint8_t *strength,
                                   uint32_t *ref)
{
    const struct proofs *ps = &j->proofs;
    int64_t at = p->from, sum = 0;
    bool any = false;

    for (size_t i = from; i < ps->n && ps->p[i].start < end; i++) {
        const struct status_proof *q = &ps->p[i];
        int64_t start, stop;

        if (q->verdict == VERDICT_NOTHING || (bad_only && q->verdict != VERDICT_NOT_MET) ||
            (q->verdict == VERDICT_MET && q->strength < j->part->part->needs) || q->stop <= p->from)
            continue;
        start = CANH_MAX(q->start, at);
        stop = CANH_MIN(q->stop, end);
        *strength = (uint8_t)CANH_MIN(*strength, q->strength);
        *ref = q->ref;
        if (start - at <= gap)
            start = at;
        any = true;
        if (stop > start) {
            sum += stop - start;
            at = stop;
        }
    }
    if (any && end - at <= gap)
        sum += end - at;
    return sum;
}

static int64_t duty_gap(const struct judge *j, const struct period *p)
{
    const struct frequency_rule *rule =
        period_rule_at(&j->part->part->every, &j->s->window, p->from);

    return rule->kind == FREQ_CONTINUOUS ? rule->span.ns : 0;
}

static bool is_continuous(const struct judge *j, const struct period *p)
{
    return period_rule_at(&j->part->part->every, &j->s->window, p->from)->kind == FREQ_CONTINUOUS;
}

/* a × 1000 / b without overflow for times of some years. */
static int64_t share_of(int64_t a, int64_t b)
{
    return (a / TIME_SECOND * 1000) / CANH_MAX(b / TIME_SECOND, INT64_C(1));
}

static void judge_continuous(const struct judge *j, struct status_cell *c, size_t *from)
{
    const struct plan_part *part = j->part->part;
    int64_t end = CANH_MIN(c->period.until, j->in->now), gap = duty_gap(j, &c->period);
    int64_t elapsed = end - c->period.from, known, bad;
    uint8_t strength = STRENGTH_MEASURED, ignored = STRENGTH_MEASURED;
    uint32_t ref = PLAN_NONE, bad_ref = PLAN_NONE;

    while (*from < j->proofs.n && j->proofs.p[*from].stop <= c->period.from)
        ++*from;
    if (elapsed < TIME_SECOND)
        return;
    known = status_eval_covered(j, &c->period, end, *from, false, gap, &strength, &ref);
    bad = status_eval_covered(j, &c->period, end, *from, true, 0, &ignored, &bad_ref);
    c->proof = bad > 0 ? bad_ref : ref;
    c->strength = ref == PLAN_NONE ? STRENGTH_NONE : strength;
    c->share = (uint16_t)share_of(CANH_MAX(known - bad, INT64_C(0)), elapsed);
    if (known == 0) {
        c->state = STATUS_UNKNOWN;
        c->reason = j->part->waits ? REASON_WAITS : REASON_SILENT;
    } else if (c->share >= part->at_least) {
        c->state = STATUS_MET;
        c->reason = REASON_COVERED;
    } else if (share_of(bad, elapsed) > 1000 - part->at_least) {
        c->state = STATUS_NOT_MET;
        c->reason = REASON_BROKEN;
    } else {
        c->state = STATUS_UNKNOWN;
        c->reason = REASON_HOLES;
    }
}

static const struct status_statement *find_statement(const struct judge *j, const struct period *p)
{
    const struct status_statement *found = NULL;

    for (size_t i = 0; i < j->statement_count && j->statements[i].start < p->until; i++) {
        const struct status_statement *s = &j->statements[i];

        if (s->stop > p->from && (s->part == j->part_index ||
                                  (s->part == PLAN_NONE && s->obligation == j->part->obligation)))
            found = s; /* the latest one that speaks of it */
    }
    return found;
}

static void status_eval_set(struct status_cell *c, enum status_state state,
                            enum status_reason reason)
{
    c->state = (uint8_t)state;
    c->reason = (uint8_t)reason;
}

/* Nothing decides: what the time and the people say. */
static void judge_silence(const struct judge *j, struct status_cell *c, const struct decision *d)
{
    int64_t now = j->in->now, due = c->period.due;
    int64_t late =
        due == TIME_NONE ? INT64_MAX : span_add(&j->s->window, due, j->part->part->grace);
    const struct status_statement *s = find_statement(j, &c->period);

    if (s && s->said == SAID_NOT_YET && now < s->promised) {
        status_eval_set(c, STATUS_NOT_YET, REASON_NOT_YET);
        c->proof = s->ref;
    } else if (due == TIME_NONE && now >= c->period.until) {
        status_eval_set(c, STATUS_NOT_DUE, REASON_SUPERSEDED);
    } else if (now < late) {
        bool started = d->touched || (s && s->said != SAID_NOT_YET);

        status_eval_set(c, started ? STATUS_IN_PROGRESS : STATUS_DUE,
                        started ? REASON_STARTED : REASON_RUNNING);
        if (d->expired)
            status_eval_set(c, STATUS_UNKNOWN, REASON_EXPIRED);
    } else if (d->expired || d->weak) {
        status_eval_set(c, STATUS_UNKNOWN, d->expired ? REASON_EXPIRED : REASON_WEAK);
    } else if (!j->part->recorded) {
        status_eval_set(c, STATUS_UNKNOWN, j->part->waits ? REASON_WAITS : REASON_SILENT);
    } else if (now < c->period.until || outlives_proof(j->part->part->every.base.kind)) {
        status_eval_set(c, STATUS_OVERDUE, REASON_LATE);
    } else {
        status_eval_set(c, STATUS_NOT_MET, REASON_MISSED);
    }
}

static void judge_discrete(const struct judge *j, struct status_cell *c, size_t *from)
{
    struct decision d = status_eval_decide(j, &c->period, from);
    int64_t late;

    if (d.proof == NULL) {
        judge_silence(j, c, &d);
        return;
    }
    c->proof = d.proof->ref;
    c->strength = d.proof->strength;
    if (d.proof->verdict == VERDICT_NOT_MET) {
        status_eval_set(c, STATUS_NOT_MET, REASON_SHOWN_BAD);
        return;
    }
    late = c->period.due == TIME_NONE
               ? INT64_MAX
               : span_add(&j->s->window, c->period.due, j->part->part->grace);
    if (d.proof->collected > late && j->part->strict)
        status_eval_set(c, STATUS_NOT_MET, REASON_TOO_LATE);
    else
        status_eval_set(c, STATUS_MET,
                        d.proof->collected > late ? REASON_PROVEN_LATE : REASON_PROVEN);
}

void judge_exempt(const struct judge *j, struct status_cell *c)
{
    int64_t at = c->period.due == TIME_NONE ? c->period.from : c->period.due - 1;

    for (size_t i = 0; i < j->exemption_count && c->state != STATUS_MET; i++) {
        const struct status_exemption *e = &j->exemptions[i];

        if (e->obligation == j->part->obligation && at >= e->start && at < e->stop) {
            status_eval_set(c, STATUS_EXEMPT, REASON_EXEMPT);
            c->proof = e->ref;
            c->strength = STRENGTH_NONE;
            return;
        }
    }
}

void judge_own(const struct judge *j, struct status_cell *c, size_t *from)
{
    c->state = STATUS_NOT_DUE;
    c->reason = REASON_AHEAD;
    c->strength = STRENGTH_NONE;
    c->share = 0;
    c->proof = c->provider = PLAN_NONE;
    if (j->in->now < c->period.from)
        return;
    if (is_continuous(j, &c->period))
        judge_continuous(j, c, from);
    else
        judge_discrete(j, c, from);
}
