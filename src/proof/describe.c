/* SPDX-License-Identifier: Apache-2.0 */
/* The walk over all units, the status cache, and what a record is in words. */
#include <stdlib.h>

#include "base/time.h"
#include "lang/err_proof.h"
#include "lang/msg_proof.h"
#include "lang/said.h"
#include "proof/collect.h"
#include "proof/pack.h"
#include "state/checks.h"
#include "state/evidence.h"
#include "state/people.h"
#include "state/reviews.h"

struct walk {
    struct proof_world *w;
    status_sink fn;
    void *ctx;
    struct state_actor system; /* status is the program's own to write */
    struct buf pack;           /* the part that is being written */
    uint32_t unit, part;
    bool cache;
    int r;
    struct err *err;
};

static void flush_cell(struct walk *k)
{
    struct state_status x = {.computed = k->w->in.now};

    if (!k->cache || k->part == PLAN_NONE || k->pack.len == 0 || k->r < 0)
        return;
    x.obligation = k->w->part_rows[k->part];
    x.unit = k->w->units[k->unit].id;
    x.packed = buf_slice(&k->pack);
    pack_span(x.packed, &x.start, &x.stop);
    if (k->pack.err < 0)
        k->r = err_fail(k->err, CE_TOO_BIG, ERR_PROOF_TOO_MANY_PERIODS_KEEP);
    else if (!id_is_none(x.obligation))
        k->r = state_status_put(k->w->state, &k->system, &x, k->err);
    buf_clear(&k->pack);
}

static void read_cell(void *ctx, const struct status_cell *c)
{
    struct walk *k = ctx;

    if (k->unit != c->unit || k->part != c->part) {
        flush_cell(k);
        k->unit = c->unit;
        k->part = c->part;
    }
    if (k->cache)
        pack_write(&k->pack, c);
    if (k->fn)
        k->fn(k->ctx, c);
}

int proof_each_unit(struct proof_world *w, status_sink fn, void *ctx, bool cache, struct err *err)
{
    struct err here = ERR_INIT;
    struct walk k = {.w = w,
                     .fn = fn,
                     .ctx = ctx,
                     .system = state_actor_system(),
                     .pack = BUF_INIT(4 << 20),
                     .part = PLAN_NONE,
                     .cache = cache,
                     .err = err ? err : &here};

    if (cache)
        k.r = state_begin(w->state, k.err);
    for (uint32_t u = 0; u < w->unit_count && k.r == 0; u++) {
        if (!state_may_read(w->state, &w->actor, w->units[u].id))
            continue; /* nothing is known of it here, which says nothing of it */
        k.r = proof_load_unit(w, u, k.err);
        if (k.r == 0)
            status_unit_cells(w->status, &w->in, u, read_cell, &k);
        flush_cell(&k);
        k.part = PLAN_NONE;
    }
    if (cache && k.r == 0)
        k.r = state_commit(w->state, k.err);
    if (cache && k.r < 0)
        state_rollback(w->state);
    buf_done(&k.pack);
    return k.r;
}

static const msg_id record_words[RECORD_MAX] = {
    [RECORD_PROOF] = MSG_PROOF_RECORD_PROOF,
    [RECORD_TASK] = MSG_PROOF_RECORD_TASK,
    [RECORD_EXEMPTION] = MSG_PROOF_RECORD_EXEMPTION,
    [RECORD_ASSIGNMENT] = MSG_PROOF_RECORD_ASSIGNMENT,
    [RECORD_SHIFT] = MSG_PROOF_RECORD_SHIFT,
    [RECORD_HANDOVER] = MSG_PROOF_RECORD_HANDOVER,
    [RECORD_CONTACT] = MSG_PROOF_RECORD_CONTACT,
    [RECORD_NOTICE] = MSG_PROOF_RECORD_NOTICE,
    [RECORD_REQUEST] = MSG_PROOF_RECORD_REQUEST,
    [RECORD_ORDER] = MSG_PROOF_RECORD_ORDER,
    [RECORD_REVIEW] = MSG_PROOF_RECORD_REVIEW,
    [RECORD_CHECK] = MSG_PROOF_RECORD_CHECK,
    [RECORD_SUBMISSION] = MSG_PROOF_RECORD_SUBMISSION,
    [RECORD_EVENT] = MSG_PROOF_RECORD_EVENT,
    [RECORD_ROSTER] = MSG_PROOF_RECORD_ROSTER,
};

/* Who, and on which day. */
static void write_approver(struct buf *out, enum lang lang, struct proof_world *w,
                           struct state_id id, int64_t at)
{
    struct state_person person;
    struct buf name = BUF_INIT(1000);
    struct civil c;

    time_to_civil(at, w->plan->offset_s, &c);

    if (!id_is_none(id) &&
        state_person_get(w->state, &w->actor, id, &w->store->scratch, &person, NULL) == 0) {
        buf_append_slice(&name, person.name);
        lang_write(out, lang, MSG_PROOF_APPROVED_BY, buf_cstr(&name), c.day, c.month, c.year);
    }
    buf_done(&name);
}

/* What stands in the record itself: reason and promise, number, title. */
static void write_detail(struct buf *out, enum lang lang, struct proof_world *w,
                         const struct proof_ref *r)
{
    struct arena *scratch = &w->store->scratch;
    struct state_assignment assignment;
    struct state_exemption exemption;
    struct state_evidence evidence;
    struct state_request request;
    struct state_check check;
    struct state_order order;
    struct state_task task;
    struct civil c;

    if (r->record == RECORD_TASK &&
        state_task_get(w->state, &w->actor, r->id, scratch, &task, NULL) == 0) {
        time_to_civil(task.promised - 1, w->plan->offset_s, &c); /* the last day */
        buf_printf(out, ": " SLICE_FMT, SLICE_ARG(task.reason));
        if (task.promised)
            lang_write(out, lang, MSG_PROOF_BY_DATE, c.day, c.month, c.year);
    } else if (r->record == RECORD_EXEMPTION &&
               state_exemption_get(w->state, &w->actor, r->id, scratch, &exemption, NULL) == 0) {
        time_to_civil(exemption.stop - 1, w->plan->offset_s, &c);
        buf_printf(out, ": " SLICE_FMT, SLICE_ARG(exemption.reason));
        lang_write(out, lang, MSG_PROOF_UNTIL_DATE, c.day, c.month, c.year);
        write_approver(out, lang, w, exemption.approved_by, exemption.approved_at);
    } else if (r->record == RECORD_ASSIGNMENT &&
               state_assignment_get(w->state, &w->actor, r->id, scratch, &assignment, NULL) == 0) {
        write_approver(out, lang, w, assignment.accepted_by, assignment.accepted_at);
    } else if ((r->record == RECORD_PROOF || r->record == RECORD_EVENT) &&
               state_evidence_get(w->state, &w->actor, r->id, scratch, &evidence, NULL) == 0) {
        buf_puts(out, ": ");
        said_write(out, lang, evidence.title);
    } else if (r->record == RECORD_REQUEST &&
               state_request_get(w->state, &w->actor, r->id, scratch, &request, NULL) == 0) {
        buf_printf(out, " " SLICE_FMT, SLICE_ARG(request.number));
    } else if (r->record == RECORD_ORDER &&
               state_order_get(w->state, &w->actor, r->id, scratch, &order, NULL) == 0) {
        buf_printf(out, " " SLICE_FMT, SLICE_ARG(order.number));
    } else if (r->record == RECORD_CHECK &&
               state_check_get(w->state, &w->actor, r->id, scratch, &check, NULL) == 0) {
        buf_printf(out, " " SLICE_FMT ": " SLICE_FMT, SLICE_ARG(check.code),
                   SLICE_ARG(check.name.n ? check.name : check.target));
    } else if (r->record == RECORD_SUBMISSION) {
        proof_describe_form(out, lang, w, r->id);
    }
}

void proof_describe_record(struct buf *out, enum lang lang, struct proof_world *w, uint32_t ref)
{
    const struct proof_ref *r = ref < w->ref_count ? &w->refs[ref] : NULL;
    struct civil c;

    if (r == NULL)
        return;
    buf_puts(out, lang_text(lang, record_words[r->record]));
    write_detail(out, lang, w, r);
    if (r->at > 0) {
        time_to_civil(r->at, w->plan->offset_s, &c);
        lang_write(out, lang, MSG_PROOF_AT_TIME, c.hour, c.minute, c.day, c.month, c.year);
    }
    if (!id_is_none(r->unit)) {
        uint32_t other = proof_find_unit(w, r->unit);

        if (other != PLAN_NONE) {
            struct buf name = BUF_INIT(1000);

            buf_append_slice(&name, w->units[other].name);
            lang_write(out, lang, MSG_PROOF_COVERED_BY, buf_cstr(&name));
            buf_done(&name);
        }
    }
}
