/* SPDX-License-Identifier: Apache-2.0 */
#include "view/registers.h"

#include "base/time.h"
#include "lang/msg_plan.h"
#include "lang/msg_register.h"
#include "plan/catalogue.h"
#include "state/evidence.h"
#include "state/plans.h"
#include "state/requests.h"
#include "state/reviews.h"
#include "state/units.h"
#include "view/kinds.h"

/* What a function for rows is given. */
struct rows_ctx {
    const struct view_ctx *c;
    const struct view_query *q;
    struct table *t;
    struct err *err;
    const struct catalogue *words; /* of evidence */
};

static bool is_wanted(const struct rows_ctx *x, struct state_id id)
{
    return id_is_none(x->q->only) || id_eq(x->q->only, id);
}

static const struct table_column request_columns[] = {
    {.key = "number", .title = MSG_REGISTER_COL_NUMBER},
    {.key = "kind", .title = MSG_REGISTER_COL_KIND, .kind = TABLE_WORD, .rank = 3},
    {.key = "state", .title = MSG_REGISTER_COL_STATE, .kind = TABLE_WORD},
    {.key = "from", .title = MSG_REGISTER_COL_FROM, .rank = 1},
    {.key = "to", .title = MSG_REGISTER_COL_TO, .rank = 2},
    {.key = "opened", .title = MSG_REGISTER_COL_OPENED, .kind = TABLE_TIME, .rank = 6},
    {.key = "waited",
     .title = MSG_REGISTER_COL_WAITED,
     .kind = TABLE_SPAN,
     .align = TABLE_RIGHT,
     .rank = 4},
    {.key = "due", .title = MSG_REGISTER_COL_DUE, .kind = TABLE_TIME, .rank = 2},
    {.key = "late", .title = MSG_REGISTER_COL_LATE, .kind = TABLE_FLAG},
    {.key = "owner", .title = MSG_REGISTER_COL_OWNER, .rank = 5},
    {.key = "title", .title = MSG_REGISTER_COL_TITLE, .width = 20, .wrap = true},
};

static const struct view_word *request_word(int32_t state)
{
    static const struct view_word words[] = {
        {"new", MSG_REGISTER_REQUEST_NEW},
        {"new", MSG_REGISTER_REQUEST_NEW},
        {"accepted", MSG_REGISTER_REQUEST_ACCEPTED},
        {"working", MSG_REGISTER_REQUEST_WORKING},
        {"answered", MSG_REGISTER_REQUEST_ANSWERED},
        {"closed", MSG_REGISTER_REQUEST_CLOSED},
        {"withdrawn", MSG_REGISTER_REQUEST_WITHDRAWN},
    };

    return &words[state >= 0 && (size_t)state < CANH_LEN(words) ? state : 0];
}

static void mark_late(struct table *t, bool late)
{
    table_flag(t, late);
    table_mark(t, late ? TABLE_BAD : TABLE_PLAIN);
}

/* From the cell just put to the page of its row. */
static void link_to(const struct rows_ctx *x, const char *path, struct state_id id)
{
    struct buf href = BUF_INIT(100);

    if (!x->c->links)
        return;
    buf_puts(&href, path);
    id_write(&href, id);
    table_link(x->t, buf_slice(&href));
    buf_done(&href);
}

static int write_request(void *u, const struct state_request *r)
{
    struct rows_ctx *x = u;
    struct table *t = x->t;
    bool ended = r->state >= STATE_REQUEST_ANSWERED;
    int64_t done = r->answered_at ? r->answered_at : r->closed_at;

    if ((x->q->open && ended) || !is_wanted(x, r->id))
        return 0;
    table_text(t, r->number);
    if (r->kind == STATE_HELP)
        table_word(t, "help", MSG_REGISTER_REQUEST_HELP);
    else
        table_word(t, "difficulty", MSG_REGISTER_REQUEST_DIFFICULTY);
    view_write_word(t, request_word(r->state));
    table_text(t, view_unit_code(x->c, r->unit));
    table_text(t, view_unit_code(x->c, r->other));
    view_write_recorded(x->c, t, r->opened, false);
    table_span(t, (done ? done : x->c->at) - r->opened);
    view_write_end(x->c, t, r->due);
    mark_late(t, time_is_late(r->due, done, x->c->at) && r->state != STATE_REQUEST_WITHDRAWN);
    table_text(t, view_person_name(x->c, r->owner));
    table_text(t, r->title);
    link_to(x, "/requests/", r->id);
    table_row_end(t);
    return 0;
}

int view_requests(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                  struct err *err)
{
    struct state_query asked = view_state_query(q);
    struct rows_ctx x = {.c = c, .q = q, .t = ret, .err = err};

    VIEW_BEGIN(c, ret, "requests", request_columns);
    return view_end(ret, state_request_each(c->state, c->actor, &asked, write_request, &x, err),
                    err);
}

static const struct table_column note_columns[] = {
    {.key = "at", .title = MSG_REGISTER_COL_TIME, .kind = TABLE_TIME},
    {.key = "kind", .title = MSG_REGISTER_COL_KIND, .kind = TABLE_WORD, .rank = 1},
    {.key = "person", .title = MSG_REGISTER_COL_PERSON},
    {.key = "text", .title = MSG_REGISTER_COL_TEXT, .width = 24, .wrap = true},
};

static int write_note(void *u, const struct state_note *n)
{
    static const struct view_word words[] = {
        [STATE_NOTE_COMMENT] = {"comment", MSG_REGISTER_NOTE_COMMENT},
        [STATE_NOTE_ANSWER] = {"answer", MSG_REGISTER_NOTE_ANSWER},
        [STATE_NOTE_AGREEMENT] = {"agreement", MSG_REGISTER_NOTE_AGREEMENT},
    };
    struct rows_ctx *x = u;

    view_write_recorded(x->c, x->t, n->at, false);
    view_write_word(x->t, &words[state_note_kind(n)]);
    table_text(x->t, view_person_name(x->c, n->person));
    table_text(x->t, n->text);
    table_row_end(x->t);
    return 0;
}

int view_request_notes(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                       struct err *err)
{
    struct state_query asked = {.ref = q->ref};
    struct rows_ctx x = {.c = c, .q = q, .t = ret, .err = err};

    VIEW_BEGIN(c, ret, "request-notes", note_columns);
    return view_end(ret, state_note_each(c->state, c->actor, &asked, write_note, &x, err), err);
}

static const struct table_column notice_columns[] = {
    {.key = "number", .title = MSG_REGISTER_COL_NUMBER},
    {.key = "unit", .title = MSG_REGISTER_COL_UNIT},
    {.key = "sent", .title = MSG_REGISTER_COL_SENT, .kind = TABLE_TIME, .rank = 3},
    {.key = "read", .title = MSG_REGISTER_COL_READ, .kind = TABLE_NUMBER},
    {.key = "attested", .title = MSG_REGISTER_COL_ATTESTED, .kind = TABLE_NUMBER, .rank = 1},
    {.key = "expected", .title = MSG_REGISTER_COL_EXPECTED, .kind = TABLE_NUMBER},
    {.key = "last", .title = MSG_REGISTER_COL_LAST, .kind = TABLE_TIME, .rank = 4},
    {.key = "due", .title = MSG_REGISTER_COL_DUE, .kind = TABLE_TIME, .rank = 2},
    {.key = "title", .title = MSG_REGISTER_COL_TITLE, .width = 20, .wrap = true},
};

/* A count; nothing where none is asked for. */
static void write_count(struct table *t, int64_t n, bool asked)
{
    if (asked)
        table_number(t, n);
    else
        table_nothing(t);
}

static int write_notice(void *u, const struct state_ack_count *a)
{
    struct rows_ctx *x = u;
    struct state_notice n;

    if (state_notice_get(x->c->state, x->c->actor, a->notice, x->c->arena, &n, x->err) < 0)
        return -x->err->code;
    table_text(x->t, n.code);
    table_text(x->t, view_unit_code(x->c, a->unit));
    view_write_recorded(x->c, x->t, a->sent_at, false);
    table_number(x->t, a->read);
    write_count(x->t, a->attested, n.attest);
    write_count(x->t, a->expected, a->expected != 0);
    view_write_recorded(x->c, x->t, a->last_at, false);
    view_write_end(x->c, x->t, n.due);
    table_text(x->t, n.title);
    link_to(x, "/notices/", n.id);
    table_row_end(x->t);
    return 0;
}

int view_notices(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                 struct err *err)
{
    struct state_query asked = view_state_query(q);
    struct rows_ctx x = {.c = c, .q = q, .t = ret, .err = err};

    VIEW_BEGIN(c, ret, "notices", notice_columns);
    return view_end(ret, state_ack_counts(c->state, c->actor, &asked, write_notice, &x, err), err);
}

static const struct table_column order_columns[] = {
    {.key = "number", .title = MSG_REGISTER_COL_NUMBER},
    {.key = "unit", .title = MSG_REGISTER_COL_UNIT, .rank = 1},
    {.key = "outcome", .title = MSG_REGISTER_COL_OUTCOME, .kind = TABLE_WORD},
    {.key = "received", .title = MSG_REGISTER_COL_RECEIVED, .kind = TABLE_TIME, .rank = 4},
    {.key = "deadline", .title = MSG_REGISTER_COL_DUE, .kind = TABLE_TIME},
    {.key = "done", .title = MSG_REGISTER_COL_DONE, .kind = TABLE_TIME, .rank = 3},
    {.key = "late", .title = MSG_REGISTER_COL_LATE, .kind = TABLE_FLAG},
    {.key = "basis", .title = MSG_REGISTER_COL_BASIS, .rank = 5},
    {.key = "authority", .title = MSG_REGISTER_COL_AUTHORITY, .rank = 2},
};

static int write_order(void *u, const struct state_order *o)
{
    static const struct view_word words[] = {{"open", MSG_REGISTER_ORDER_OPEN},
                                             {"done", MSG_REGISTER_ORDER_DONE},
                                             {"queried", MSG_REGISTER_ORDER_QUERIED},
                                             {"refused", MSG_REGISTER_ORDER_REFUSED}};
    struct rows_ctx *x = u;
    int32_t outcome = CANH_MIN(CANH_MAX(o->outcome, 0), 3);

    if (x->q->open && outcome != STATE_ORDER_OPEN)
        return 0;
    table_text(x->t, o->number);
    table_text(x->t, view_unit_code(x->c, o->unit));
    view_write_word(x->t, &words[outcome]);
    table_time(x->t, o->received);
    view_write_end(x->c, x->t, o->deadline);
    view_write_recorded(x->c, x->t, o->done_at, false);
    mark_late(x->t, time_is_late(o->deadline, o->done_at, x->c->at));
    table_text(x->t, o->basis);
    table_text(x->t, o->authority);
    table_row_end(x->t);
    return 0;
}

int view_orders(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                struct err *err)
{
    struct state_query asked = view_state_query(q);
    struct rows_ctx x = {.c = c, .q = q, .t = ret, .err = err};

    VIEW_BEGIN(c, ret, "orders", order_columns);
    return view_end(ret, state_order_each(c->state, c->actor, &asked, write_order, &x, err), err);
}

static const struct table_column evidence_columns[] = {
    {.key = "id", .title = MSG_REGISTER_COL_ID, .kind = TABLE_ID},
    {.key = "unit", .title = MSG_REGISTER_COL_UNIT, .rank = 1},
    {.key = "kind",
     .title = MSG_REGISTER_COL_KIND,
     .kind = TABLE_WORD,
     .rank = 2,
     .width = 16,
     .wrap = true},
    {.key = "strength", .title = MSG_REGISTER_COL_STRENGTH, .kind = TABLE_WORD},
    {.key = "collected", .title = MSG_REGISTER_COL_COLLECTED, .kind = TABLE_TIME, .rank = 3},
    {.key = "expires", .title = MSG_REGISTER_COL_EXPIRES, .kind = TABLE_TIME, .rank = 5},
    {.key = "expired", .title = MSG_REGISTER_COL_EXPIRED, .kind = TABLE_FLAG, .rank = 1},
    {.key = "unread", .title = MSG_REGISTER_COL_UNREAD, .kind = TABLE_FLAG, .rank = 4},
    {.key = "file", .title = MSG_REGISTER_COL_FILE, .rank = 6},
    {.key = "person", .title = MSG_REGISTER_COL_PERSON, .rank = 2, .width = 12, .wrap = true},
    {.key = "title", .title = MSG_REGISTER_COL_TITLE, .width = 20, .wrap = true},
};

const char *view_strength_text(enum lang lang, int32_t strength)
{
    static const msg_id words[] = {MSG_PLAN_STRENGTH_NONE, MSG_PLAN_STRENGTH_DECLARED,
                                   MSG_PLAN_STRENGTH_CONFIRMED, MSG_PLAN_STRENGTH_MEASURED};

    return lang_text(lang, words[CANH_MIN(CANH_MAX(strength, 0), 3)]);
}

static int write_evidence(void *u, const struct state_evidence *e)
{
    struct rows_ctx *x = u;
    struct table *t = x->t;
    int32_t strength = CANH_MIN(CANH_MAX(e->strength, 0), 3);
    bool expired = e->expires && e->expires <= x->c->at;

    if (!is_wanted(x, e->id) || slice_find(e->kind, x->q->kind) == SIZE_MAX)
        return 0;
    view_write_id(t, e->id);
    table_text(t, view_unit_code(x->c, e->unit));
    view_write_evidence_kind(x->c, t, x->words, NULL, e->kind);
    table_word_text(t, slice_str(strength_to_str((enum strength)strength)),
                    slice_str(view_strength_text(x->c->lang, strength)));
    view_write_recorded(x->c, t, e->collected, false);
    view_write_end(x->c, t, e->expires);
    mark_late(t, expired);
    table_flag(t, slice_is(e->marking, EVIDENCE_UNREAD));
    table_text(t, e->name);
    table_text(t, view_person_name(x->c, e->signer));
    table_text(t, e->title);
    table_row_end(t);
    return 0;
}

int view_evidence(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                  struct err *err)
{
    struct state_query asked = view_state_query(q);
    struct rows_ctx x = {.c = c, .q = q, .t = ret, .err = err};

    VIEW_BEGIN(c, ret, "evidence", evidence_columns);
    if (view_catalogue(c, &x.words, err) < 0)
        return -err->code;
    return view_end(ret, state_evidence_each(c->state, c->actor, &asked, write_evidence, &x, err),
                    err);
}

static const struct table_column proof_columns[] = {
    {.key = "obligation", .title = MSG_REGISTER_COL_OBLIGATION, .width = 20},
    {.key = "shows", .title = MSG_REGISTER_COL_SHOWS, .kind = TABLE_WORD},
    {.key = "from", .title = MSG_REGISTER_COL_PERIOD_FROM, .kind = TABLE_TIME},
    {.key = "until", .title = MSG_REGISTER_COL_PERIOD_UNTIL, .kind = TABLE_TIME, .rank = 1},
};

static int write_proof(void *u, const struct state_proof *p)
{
    struct rows_ctx *x = u;
    struct state_obligation o;

    if (!id_eq(p->evidence, x->q->only))
        return 0;
    if (state_obligation_get(x->c->state, x->c->actor, p->obligation, x->c->arena, &o, x->err) < 0)
        return -x->err->code;
    table_text(x->t, o.code);
    if (p->verdict == STATE_SHOWS_MET)
        table_word(x->t, "met", MSG_PLAN_STATE_MET);
    else
        table_word(x->t, "not-met", MSG_PLAN_STATE_NOT_MET);
    table_time(x->t, p->start);
    view_write_end(x->c, x->t, p->stop - p->start > 1 ? p->stop : 0);
    table_row_end(x->t);
    return 0;
}

int view_evidence_proofs(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                         struct err *err)
{
    struct state_query asked = view_state_query(q);
    struct rows_ctx x = {.c = c, .q = q, .t = ret, .err = err};

    VIEW_BEGIN(c, ret, "evidence-proofs", proof_columns);
    return view_end(ret, state_proof_each(c->state, c->actor, &asked, write_proof, &x, err), err);
}
