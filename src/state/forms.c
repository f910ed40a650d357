/* SPDX-License-Identifier: Apache-2.0 */
#include "state/forms.h"

#include <math.h>

#include "lang/err_state.h"
#include "state/step.h"

enum { VALUES_MAX = 10000, VALUE_TEXT_MAX = 4000 };

#define FORM(X, T)                                                                                 \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, name, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, edition, COL_NEED | COL_FIXED, 0)                                                         \
    X(T, title, COL_NEED, 0)                                                                       \
    X(T, kinds, 0, 0)                                                                              \
    X(T, yaml, COL_LONG | COL_FIXED, 0)                                                            \
    X(T, valid_from, COL_NOW, 0)                                                                   \
    X(T, valid_to, COL_FOREVER, 0)
ENTITY_COLUMNS(form, FORM)
const struct entity form_entity = {
    ENTITY_COMMON(form, E_FORM),
    .unit = form_unit,
    .other = COLUMN_NONE,
    .flags = ENT_OPEN,
    .readers = R_OPEN,
    .writers = W_LEAD,
    .sql = {ENTITY_SQL(form, FORM, WHEN_VALID, "name, edition, id"),
            ENTITY_FIND(form, FORM, "name = ?1 ORDER BY edition DESC")},
};
STATE_DEFINE(form)

#define SUBMISSION(X, T)                                                                           \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, form, COL_NEED | COL_FIXED, E_FORM)                                                       \
    X(T, start, COL_NEED | COL_FIXED, 0)                                                           \
    X(T, stop, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, state, COL_NEED, 0)                                                                       \
    X(T, person, COL_SELF, E_PERSON)                                                               \
    X(T, sent_at, 0, 0)                                                                            \
    X(T, sent_recorded, COL_STEP, 0)                                                               \
    X(T, how, 0, 0)                                                                                \
    X(T, nothing, 0, 0)                                                                            \
    X(T, backfilled, 0, 0)                                                                         \
    X(T, revises, COL_OWN, E_SUBMISSION)                                                           \
    X(T, approved_by, COL_SELF | COL_HEAD, E_PERSON)                                               \
    X(T, approved_at, COL_HEAD, 0)                                                                 \
    X(T, approved_recorded, COL_STEP, 0)                                                           \
    X(T, note, COL_MEMO, 0)                                                                        \
    X(T, judged, COL_MEMO, 0)                                                                      \
    X(T, events, COL_MEMO, 0)                                                                      \
    X(T, sheet, 0, 0)                                                                              \
    X(T, one_hand, 0, 0)

/* A lead authority looks at what the units that it leads sent; it does not fill forms for them. */
static int outsider_check(struct state *s, const struct state_actor *a,
                          const struct state_submission *x, bool decides, struct err *err)
{
    struct scope_view v;
    int r = scope_view(s, a, &v, err);

    if (r == 0 && !decides && !scope_writes(&v, x->unit, false))
        r = err_fail(err, CE_DENIED, ERR_STATE_SUBMISSION_UNIT_OUTSIDE_ACTORS_SCOPE);
    return r;
}

static bool is_same_submission(const struct state_submission *a, const struct state_submission *b)
{
    return a->nothing == b->nothing && a->backfilled == b->backfilled && a->sent_at == b->sent_at &&
           id_eq(a->person, b->person) && id_eq(a->revises, b->revises) &&
           slice_eq(a->how, b->how) && state_judgement_eq(a->judged, b->judged) &&
           state_occurrences_eq(a->events, b->events) && slice_eq(a->sheet, b->sheet);
}

enum { DECIDES = 1 };

/* Draft → sent → approved or returned (which may be approved after all). */
static const struct step submission_steps[] = {
    {STATE_SUBMISSION_DRAFT, STEP_ANY, STEP_NEW},
    {STATE_SUBMISSION_SENT, STEP_ANY, STEP_NEW | STEP_FROM(STATE_SUBMISSION_DRAFT)},
    {STATE_SUBMISSION_APPROVED, DECIDES,
     STEP_FROM(STATE_SUBMISSION_SENT) | STEP_FROM(STATE_SUBMISSION_RETURNED)},
    {STATE_SUBMISSION_RETURNED, DECIDES, STEP_FROM(STATE_SUBMISSION_SENT)},
};

/* Whether the approval comes from the hand that sent it is the store's to say. */
static int find_hand(struct state *s, const struct state_actor *a, struct state_submission *x,
                     const struct state_submission *was, struct err *err)
{
    x->one_hand = was != NULL && was->one_hand;
    if (x->state != STATE_SUBMISSION_APPROVED || was == NULL || was->state == x->state)
        return 0;
    return audit_one_hand(s, a, "submission", x->id, x->approved_by, &x->one_hand, err);
}

/* What was sent says what it said; who filled it does not decide about it. */
static int submission_check(struct state *s, const struct state_actor *a, void *row,
                            const void *old, struct err *err)
{
    struct state_submission *x = row;
    const struct state_submission *was = old;
    int32_t before = was ? was->state : STATE_SUBMISSION_DRAFT;
    bool decides = x->state == STATE_SUBMISSION_APPROVED || x->state == STATE_SUBMISSION_RETURNED;
    int r = 0;

    if (decides && !id_is_none(x->approved_by) && id_eq(x->approved_by, x->person))
        return err_fail(err, CE_DENIED, ERR_STATE_SUBMISSION_WHO_FILLED_MAY_NOT);
    if (before == STATE_SUBMISSION_APPROVED && x->state != before)
        return err_fail(err, CE_DENIED, ERR_STATE_SUBMISSION_APPROVED_SEND_ONE_REVISES);
    if (before != STATE_SUBMISSION_DRAFT && !decides && x->state != before)
        return err_fail(err, CE_DENIED, ERR_STATE_SUBMISSION_SENT_SEND_ONE_REVISES);
    if (was == NULL || x->state != was->state)
        r = step_check(submission_steps, CANH_LEN(submission_steps), was ? was->state : 0, x->state,
                       actor_is(a, R_HEAD) ? DECIDES : 0, err);
    if (r < 0)
        return r;
    if ((was == NULL || !state_judgement_eq(was->judged, x->judged)) &&
        !state_judgement_is_valid(x->judged))
        return err_fail(err, CE_SYNTAX, ERR_STATE_SUBMISSION_JUDGED);
    if ((was == NULL || !state_occurrences_eq(was->events, x->events)) &&
        !state_occurrences_are_valid(x->events))
        return err_fail(err, CE_SYNTAX, ERR_STATE_SUBMISSION_EVENTS);
    if (before != STATE_SUBMISSION_DRAFT && !is_same_submission(x, was))
        return err_fail(err, CE_DENIED, ERR_STATE_SUBMISSION_SENT_SEND_ONE_REVISES);
    /* When it came is measured; only what is typed in from paper says itself when that was. */
    if (x->state != STATE_SUBMISSION_DRAFT &&
        (x->sent_at == 0 ||
         (before == STATE_SUBMISSION_DRAFT && !actor_on_behalf(a) && !x->backfilled)))
        x->sent_at = state_now(s);
    r = find_hand(s, a, x, was, err);
    return r < 0 ? r : outsider_check(s, a, x, before != STATE_SUBMISSION_DRAFT && decides, err);
}

ENTITY_COLUMNS(submission, SUBMISSION)
const struct entity submission_entity = {
    ENTITY_COMMON(submission, E_SUBMISSION),
    .unit = submission_unit,
    .other = COLUMN_NONE,
    .flags = ENT_LED,
    .readers = R_WORK,
    .writers = W_DUTY,
    .check = submission_check,
    .sql = {ENTITY_SQL(submission, SUBMISSION, WHEN_SPAN, "start, form, id"),
            ENTITY_REF(submission, SUBMISSION, "form", WHEN_SPAN, "start, id")},
};
STATE_DEFINE(submission)

static int value_check(const struct state_value *v, struct err *err)
{
    if (v->field.n == 0 || v->field.n > 100 || v->text.n > VALUE_TEXT_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_STATE_VALUE_FIELD_NAME_1_100, VALUE_TEXT_MAX);
    if (!text_is_clean(v->field) || !text_is_clean(v->text))
        return err_fail(err, CE_ENCODING, ERR_STATE_VALUE_NOT_CLEAN_UTF_8, v->field);
    if (v->kind < STATE_VALUE_BLANK || v->kind > STATE_VALUE_TIME || !isfinite(v->number))
        return err_fail(err, CE_RANGE, ERR_STATE_VALUE_NO_SUCH_KIND_OR, v->field);
    if (v->kind == STATE_VALUE_TEXT && v->text.n == 0)
        return err_fail(err, CE_MISSING, ERR_STATE_VALUE_EMPTY_TEXT_BLANK, v->field);
    return 0;
}

static int value_insert(struct state *s, struct state_id submission, const struct state_value *v,
                        struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_VALUE_ADD, &st, err);

    if (r < 0)
        return r;
    db_bind_id(st, 1, &submission);
    db_bind_text(st, 2, v->field);
    db_bind_int(st, 3, v->row);
    db_bind_int(st, 4, v->kind);
    db_bind_real(st, 5, v->number);
    db_bind_int(st, 6, v->number_i);
    db_bind_text(st, 7, v->text);
    r = db_run(st, err);
    db_done(&st);
    if (r == -CE_EXISTS)
        r = err_fail(err, CE_EXISTS, ERR_STATE_VALUE_ROW_GIVEN_TWICE, v->field, v->row);
    return r;
}

/* One line a value, in key order: what the audit keeps and verify recomputes. */
int values_canonical(struct state *s, struct state_id submission, struct buf *out, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_VALUES, &st, err);

    if (r < 0)
        return r;
    db_bind_id(st, 1, &submission);
    while ((r = db_step(st, err)) > 0) {
        struct slice field = db_text(st, 0), text = db_text(st, 5);

        buf_printf(out, SLICE_FMT "\t%lld\t%lld\t%.17g\t%lld\t%zu:", SLICE_ARG(field),
                   (long long)db_int(st, 1), (long long)db_int(st, 2), db_real(st, 3),
                   (long long)db_int(st, 4), text.n);
        buf_append_slice(out, text);
        buf_putc(out, '\n');
    }
    db_done(&st);
    return r < 0 ? r : out->err < 0 ? err_fail(err, CE_TOO_BIG, ERR_STATE_VALUES_SUBMISSION) : 0;
}

static int values_replace(struct state *s, const struct state_actor *a,
                          const struct state_submission *x, const struct state_value *values,
                          size_t n, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_VALUES_DROP, &st, err);

    if (r < 0)
        return r;
    db_bind_id(st, 1, &x->id);
    r = db_run(st, err);
    db_done(&st);
    for (size_t i = 0; r == 0 && i < n; i++) {
        r = value_check(&values[i], err);
        if (r == 0)
            r = value_insert(s, x->id, &values[i], err);
    }
    buf_clear(&s->content);
    if (r == 0)
        r = values_canonical(s, x->id, &s->content, err);
    if (r < 0)
        return r;
    return audit_append(s, a, "change", "value", x->id, x->unit, x->version, buf_slice(&s->content),
                        err);
}

static int still_draft(struct state *s, const struct state_submission *x, struct err *err)
{
    struct state_submission old;
    int r;

    if (x->version == 0)
        return 0;
    r = entity_load(s, &submission_entity, x->id, NULL, &old, err);
    if (r == 0 && old.state != STATE_SUBMISSION_DRAFT)
        r = err_fail(err, CE_DENIED, ERR_STATE_SUBMISSION_SENT_SEND_ONE_REVISES);
    return r;
}

int state_submission_put_all(struct state *s, const struct state_actor *a,
                             struct state_submission *x, const struct state_value *values, size_t n,
                             struct err *err)
{
    struct state_submission before = *x;
    int r;

    if (n > VALUES_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_STATE_SUBMISSION_MORE_THAN_VALUES, VALUES_MAX);
    r = write_begin(s, err);
    if (r < 0)
        return r;
    r = still_draft(s, x, err);
    if (r == 0)
        r = state_submission_put(s, a, x, err);
    if (r == 0)
        r = values_replace(s, a, x, values, n, err);
    r = write_end(s, r, err);
    if (r < 0)
        *x = before;
    return r;
}

static int values_read(struct db_stmt *st, struct arena *arena, struct state_value *v, size_t n,
                       struct err *err)
{
    size_t i = 0;
    int r;

    while ((r = db_step(st, err)) > 0 && i < n) {
        v[i] = (struct state_value){
            .field = arena_dup(arena, db_text(st, 0)),
            .row = (int32_t)db_int(st, 1),
            .kind = (int32_t)db_int(st, 2),
            .number = db_real(st, 3),
            .number_i = db_int(st, 4),
            .text = arena_dup(arena, db_text(st, 5)),
        };
        if (v[i].field.p == NULL || v[i].text.p == NULL)
            return err_fail(err, CE_TOO_BIG, ERR_STATE_VALUES_SUBMISSION);
        i++;
    }
    return r < 0 ? r : 0;
}

int state_value_list(struct state *s, const struct state_actor *a, struct state_id submission,
                     struct arena *arena, struct state_value **ret, size_t *ret_n, struct err *err)
{
    struct state_submission x;
    struct state_value *v = NULL;
    struct db_stmt *st = NULL;
    size_t n = 0;
    int r = entity_get(s, a, &submission_entity, submission, arena, &x, err);

    if (r == 0)
        r = state_stmt(s, SQL_VALUES_COUNT, &st, err);
    if (r < 0)
        return r;
    db_bind_id(st, 1, &submission);
    r = db_step(st, err);
    n = r > 0 ? (size_t)db_int(st, 0) : 0;
    db_done(&st);
    v = arena_alloc(arena, (n + 1) * sizeof(*v));
    if (r >= 0 && v == NULL)
        r = err_fail(err, CE_TOO_BIG, ERR_STATE_VALUES_SUBMISSION);
    if (r >= 0)
        r = state_stmt(s, SQL_VALUES, &st, err);
    if (r < 0)
        return r;
    db_bind_id(st, 1, &submission);
    r = values_read(st, arena, v, n, err);
    db_done(&st);
    if (r == 0) {
        *ret = v;
        *ret_n = n;
    }
    return r;
}

int state_submission_last(struct state *s, const struct state_actor *a, struct state_id form,
                          struct state_id unit, int64_t from, int64_t to, struct arena *arena,
                          struct state_submission *ret, struct err *err)
{
    struct db_stmt *st = NULL;
    struct state_id id = STATE_ID_NONE;
    int r = state_stmt(s, SQL_SUBMISSION_LAST, &st, err);

    if (r < 0)
        return r;
    db_bind_id(st, 1, &form);
    db_bind_id(st, 2, &unit);
    db_bind_int(st, 3, from);
    db_bind_int(st, 4, to);
    r = db_step(st, err);
    if (r > 0)
        id = db_id(st, 0);
    db_done(&st);
    if (r == 0)
        return err_fail(err, CE_NOT_FOUND, ERR_STATE_NO_SUBMISSION_FORM_TIME);
    return r < 0 ? r : state_submission_get(s, a, id, arena, ret, err);
}
