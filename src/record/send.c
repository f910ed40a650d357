/* SPDX-License-Identifier: Apache-2.0 */
#include "record/send.h"

#include "base/hex.h"
#include "base/time.h"
#include "form/judge.h"
#include "lang/err_record.h"
#include "record/limits.h"
#include "record/standing.h"
#include "state/evidence.h"

static bool same_answer(const struct answer *a, const struct answer *b)
{
    if (a == NULL || b == NULL)
        return (a == NULL || a->kind == ANSWER_BLANK) && (b == NULL || b->kind == ANSWER_BLANK);
    return a->kind == b->kind && a->number == b->number && a->time == b->time &&
           slice_eq(a->text, b->text);
}

/* Every answer of a is in b. */
static bool send_covered(const struct answers *a, const struct answers *b)
{
    for (uint32_t i = 0; i < a->count; i++) {
        if (!same_answer(&a->v[i], answers_find(b, a->v[i].field, a->v[i].row)))
            return false;
    }
    return true;
}

static int is_same(const struct record *c, const struct record_entry *e,
                   const struct state_submission *old, struct err *err)
{
    struct answers was;
    int r = record_form_answers(c, e->form->form, old, &was, err);

    if (r < 0)
        return r;
    return was.nothing == e->answers->nothing && send_covered(&was, e->answers) &&
           send_covered(e->answers, &was);
}

/* How the fields stand, as the store keeps it. */
static int write_judged(const struct record *c, const struct record_entry *e,
                        const struct form_judgement *j, struct state_judgement *ret,
                        struct err *err)
{
    static const enum state_judged_how hows[] = {[FORM_JUDGED_OVER] = STATE_JUDGED_OVER,
                                                 [FORM_JUDGED_OPEN] = STATE_JUDGED_OPEN,
                                                 [FORM_JUDGED_BLANK] = STATE_JUDGED_BLANK};
    struct state_judged *all = arena_new_array(c->arena, j->field_count + 1, struct state_judged);

    if (all == NULL)
        return err_nomem(err);
    for (uint32_t i = 0; i < j->field_count; i++) {
        const struct form_judged *x = &j->fields[i];

        all[i] = (struct state_judged){.field = e->form->form->fields[x->field].id,
                                       .how = hows[x->how],
                                       .severity = x->severity};
    }
    return state_judgement_make(c->arena, all, j->field_count, ret) < 0
               ? err_fail(err, CE_TOO_BIG, ERR_RECORD_FORM_NAMES_LONG)
               : 0;
}

static int write_events(const struct record *c, const struct record_entry *e,
                        const struct form_judgement *j, struct state_occurrences *ret,
                        struct err *err)
{
    struct state_occurrence *all =
        arena_new_array(c->arena, j->event_count + 1, struct state_occurrence);

    if (all == NULL)
        return err_nomem(err);
    for (uint32_t i = 0; i < j->event_count; i++) {
        int64_t at = j->events[i].at;

        at = at == INT64_MIN ? e->period.start : at * TIME_MINUTE - c->zone * TIME_SECOND;
        all[i] = (struct state_occurrence){.event = j->events[i].event, .at = at};
    }
    return state_occurrences_make(c->arena, all, j->event_count, ret) < 0
               ? err_fail(err, CE_TOO_BIG, ERR_RECORD_FORM_REPORTS_TOO_MUCH_AT)
               : 0;
}

static int write_values(const struct record *c, const struct record_entry *e,
                        struct state_submission *x, struct err *err)
{
    const struct answers *a = e->answers;
    struct state_value *v = arena_new_array(c->arena, a->count + 1, struct state_value);
    size_t n = 0;

    if (v == NULL)
        return err_nomem(err);
    for (uint32_t i = 0; i < a->count; i++) {
        const struct answer *from = &a->v[i];

        if (from->kind == ANSWER_BLANK || answers_find(a, from->field, from->row) != from)
            continue;
        v[n++] = (struct state_value){.field = e->form->form->fields[from->field].id,
                                      .row = (int32_t)from->row,
                                      .kind = (int32_t)from->kind,
                                      .number = from->number,
                                      .number_i = from->time,
                                      .text = from->text};
    }
    return state_submission_put_all(c->s, &c->actor, x, v, n, err);
}

static int write_submission(const struct record *c, const struct record_entry *e,
                            const struct form_problem *problems, uint32_t count,
                            const struct state_submission *old, struct state_submission *ret,
                            struct err *err)
{
    struct form_judgement j;
    struct state_submission x = {.unit = e->unit,
                                 .start = e->period.start,
                                 .stop = e->period.stop,
                                 .state = STATE_SUBMISSION_SENT,
                                 .person = e->person,
                                 .sent_at = e->at ? e->at : state_now(c->s),
                                 .how = slice_str(e->how),
                                 .nothing = e->answers->nothing,
                                 .backfilled = e->backfilled,
                                 .revises = old->id,
                                 .sheet = e->sheet};
    int r = form_judge(e->form->form, e->answers, problems, count, c->arena, &j, err);

    if (r == 0)
        r = write_judged(c, e, &j, &x.judged, err);
    if (r == 0)
        r = write_events(c, e, &j, &x.events, err);
    if (r == 0)
        r = record_form_keep(c, e->unit, e->form, err);
    x.form = e->form->id;
    if (r == 0)
        r = write_values(c, e, &x, err);
    *ret = x;
    return r;
}

static bool is_refused(const struct record_sent *ret)
{
    for (uint32_t i = 0; i < ret->problem_count; i++) {
        if (!ret->problems[i].finding)
            return true;
    }
    return false;
}

/* Somebody else sent since this was begun. */
static bool send_overtaken(const struct record_entry *e, const struct state_submission *now)
{
    if (!e->guarded || id_eq(now->id, e->base))
        return false;
    return now->version == 0 || e->sheet.n == 0 || !slice_eq(now->sheet, e->sheet);
}

/* What is to become of an entry, by what stands there; same: with the same answers. */
static enum record_outcome outcome_of(const struct record_entry *e, const struct record_sent *s,
                                      bool same)
{
    const struct state_submission *now = &s->standing;

    if (same)
        return now->state == STATE_SUBMISSION_RETURNED ? RECORD_RETURNED : RECORD_UNCHANGED;
    if (is_refused(s))
        return RECORD_REFUSED;
    if (send_overtaken(e, now))
        return RECORD_CONFLICT;
    if (now->version && now->state == STATE_SUBMISSION_APPROVED && !e->replace)
        return RECORD_APPROVED;
    return now->version ? RECORD_REVISED : RECORD_SENT;
}

bool record_is_written(enum record_outcome o)
{
    return o == RECORD_SENT || o == RECORD_REVISED;
}

bool record_is_refused(enum record_outcome o)
{
    return !record_is_written(o) && o != RECORD_UNCHANGED;
}

static int keep_photo(const struct record *c, const struct record_entry *e,
                      const struct record_photo *p, struct answer *to, struct err *err)
{
    struct state_evidence x = {.unit = e->unit,
                               .kind = SLICE("form.photo"),
                               .title = e->form->form->fields[p->field].title.vi,
                               .method = STATE_EXAMINE,
                               .strength = STATE_DECLARED,
                               .collected = e->at ? e->at : state_now(c->s),
                               .origin = SLICE("form"),
                               .marking = p->marking,
                               .signer = e->person};
    struct buf hash = BUF_INIT(100);
    int r = state_evidence_add(c->s, &c->actor, p->fd, p->name, &x, err);

    if (r == 0)
        r = state_evidence_get(c->s, &c->actor, x.id, c->arena, &x, err);
    if (r < 0)
        return r;
    buf_append_hex(&hash, x.sha256.p, x.sha256.n);
    *to = (struct answer){.field = p->field,
                          .row = p->row,
                          .kind = ANSWER_TEXT,
                          .text = arena_dup(c->arena, buf_slice(&hash))};
    buf_done(&hash);
    return to->text.p ? 0 : err_nomem(err);
}

/* The answers with the hashes of the files in their places. */
static int keep_photos(const struct record *c, const struct record_entry *e, struct answers *ret,
                       struct err *err)
{
    struct answer *v = arena_new_array(c->arena, e->answers->count + e->photo_count, struct answer);
    struct answer x;
    int r = 0;

    if (v == NULL)
        return err_nomem(err);
    *ret = *e->answers;
    if (ret->count > 0)
        memcpy(v, ret->v, ret->count * sizeof(*v));
    ret->v = v;
    for (size_t i = 0; i < e->photo_count && r == 0; i++) {
        const struct answer *old = answers_find(ret, e->photos[i].field, e->photos[i].row);

        r = keep_photo(c, e, &e->photos[i], &x, err);
        if (r == 0)
            v[old ? (uint32_t)(old - v) : ret->count++] = x;
    }
    return r;
}

static int send_answers(const struct record *c, const struct record_entry *e,
                        struct record_sent *ret, struct err *err)
{
    struct state_submission x;
    int r, same = 0;

    *ret = (struct record_sent){.outcome = RECORD_SENT};
    r = record_check_answers(c, e, c->lang, &ret->problems, &ret->problem_count, err);
    if (r == 0)
        r = record_form_row(c, e->form, err);
    if (r == 0)
        r = record_standing(c, e->form->form->id, e->unit, &e->period, &ret->standing, err);
    if (r == 0 && ret->standing.version)
        r = same = is_same(c, e, &ret->standing, err);
    if (r < 0)
        return r;
    ret->outcome = outcome_of(e, ret, same > 0);
    if (!record_is_written(ret->outcome))
        return 0;
    r = write_submission(c, e, ret->problems, ret->problem_count, &ret->standing, &x, err);
    ret->id = x.id;
    return r < 0 ? r : record_follow_limits(c, e, &x, ret, err);
}

static int send_inside(const struct record *c, const struct record_entry *entry,
                       struct record_sent *ret, struct err *err)
{
    struct record_entry e = *entry;
    struct answers with = *entry->answers;
    int r = e.photo_count ? keep_photos(c, entry, &with, err) : 0;

    if (r == 0)
        r = form_work_out(e.form->form, &with, c->arena, err);
    e.answers = &with;
    return r < 0 ? r : send_answers(c, &e, ret, err);
}

/* A form that canh carries got its row in what was rolled back. */
static void forget_rows(const struct record_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (entries[i].form->own)
            entries[i].form->id = STATE_ID_NONE;
    }
}

int record_send_all(const struct record *c, const struct record_entry *entries, size_t count,
                    bool apply, struct record_sent *ret, bool *ret_refused, struct err *err)
{
    int r = state_act_begin(c->s, err);
    bool kept;

    *ret_refused = false;
    if (r < 0)
        return r;
    for (size_t i = 0; i < count && r == 0; i++) {
        r = send_inside(c, &entries[i], &ret[i], err);
        *ret_refused = *ret_refused || record_is_refused(ret[i].outcome);
    }
    kept = apply && !*ret_refused;
    if (r < 0 || kept)
        r = state_act_end(c->s, r, err);
    else
        state_act_undo(c->s);
    if (r < 0 || !kept)
        forget_rows(entries, count);
    return r;
}

int record_send(const struct record *c, const struct record_entry *e, struct record_sent *ret,
                struct err *err)
{
    bool refused;

    return record_send_all(c, e, 1, true, ret, &refused, err);
}
