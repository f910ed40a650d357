/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/msg_register.h"
#include "state/reviews.h"
#include "state/units.h"
#include "view/kinds.h"
#include "view/registers.h"

enum { REVIEWS_MAX = 20000 };

/* The sign-off that counts for a unit and asset: its newest. */
struct latest_review {
    struct state_id unit;
    struct state_review review;
};

struct reviews {
    struct arena *arena;
    struct latest_review *rows;
    size_t count, cap;
};

struct campaign_ctx {
    const struct view_ctx *c;
    struct table *t;
    struct err *err;
    const struct catalogue *words; /* of the list of campaigns */
};

static int keep_latest(void *u, const struct state_review *r)
{
    struct reviews *v = u;
    struct latest_review *to = NULL;

    for (size_t i = 0; i < v->count && to == NULL; i++)
        to = id_eq(v->rows[i].unit, r->unit) && id_eq(v->rows[i].review.asset, r->asset)
                 ? &v->rows[i]
                 : NULL;
    if (to == NULL && v->count == v->cap)
        return 0;
    to = to ? to : &v->rows[v->count++];
    if (to->review.version && to->review.signed_at > r->signed_at)
        return 0;
    *to = (struct latest_review){.unit = r->unit, .review = *r};
    to->review.result = arena_dup(v->arena, r->result);
    return 0;
}

static int read_reviews(const struct view_ctx *c, struct state_id campaign, struct arena *arena,
                        struct reviews *ret, struct err *err)
{
    struct state_query q = {.ref = campaign};

    *ret = (struct reviews){.arena = arena, .cap = REVIEWS_MAX};
    ret->rows = arena_new_array(arena, ret->cap, struct latest_review);
    if (ret->rows == NULL)
        return err_nomem(err);
    return state_review_each(c->state, c->actor, &q, keep_latest, ret, err);
}

static bool has_lapsed(const struct state_review *r, int64_t now)
{
    return r->expires && r->expires <= now;
}

static const struct table_column campaign_columns[] = {
    {.key = "code", .title = MSG_REGISTER_COL_CODE},
    {.key = "issuer", .title = MSG_REGISTER_COL_ISSUER, .rank = 1},
    {.key = "kind",
     .title = MSG_REGISTER_COL_KIND,
     .kind = TABLE_WORD,
     .rank = 2,
     .width = 16,
     .wrap = true},
    {.key = "started", .title = MSG_REGISTER_COL_STARTED, .kind = TABLE_TIME, .rank = 4},
    {.key = "due", .title = MSG_REGISTER_COL_DUE, .kind = TABLE_TIME, .rank = 3},
    {.key = "signed", .title = MSG_REGISTER_COL_SIGNED_COUNT, .kind = TABLE_NUMBER},
    {.key = "expired", .title = MSG_REGISTER_COL_LAPSED, .kind = TABLE_NUMBER},
    {.key = "title", .title = MSG_REGISTER_COL_TITLE, .width = 20, .wrap = true},
};

static int write_campaign(void *u, const struct state_campaign *k)
{
    struct campaign_ctx *x = u;
    struct arena arena = ARENA_INIT((size_t)256 << 20);
    struct reviews v;
    int64_t valid = 0, old = 0;

    if (read_reviews(x->c, k->id, &arena, &v, x->err) < 0) {
        arena_done(&arena);
        return -x->err->code;
    }
    for (size_t i = 0; i < v.count; i++) {
        valid += v.rows[i].review.signed_at && !has_lapsed(&v.rows[i].review, x->c->at);
        old += v.rows[i].review.signed_at && has_lapsed(&v.rows[i].review, x->c->at);
    }
    arena_done(&arena);
    table_text(x->t, k->code);
    table_text(x->t, view_unit_code(x->c, k->unit));
    view_write_evidence_kind(x->c, x->t, x->words, "review", k->kind);
    table_time(x->t, k->start);
    view_write_end(x->c, x->t, k->due);
    table_number(x->t, valid);
    table_number(x->t, old);
    table_text(x->t, k->title);
    table_row_end(x->t);
    return 0;
}

int view_campaigns(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                   struct err *err)
{
    struct state_query asked = view_state_query(q);
    struct campaign_ctx x = {.c = c, .t = ret, .err = err};

    VIEW_BEGIN(c, ret, "campaigns", campaign_columns);
    if (view_catalogue(c, &x.words, err) < 0)
        return -err->code;
    return view_end(ret, state_campaign_each(c->state, c->actor, &asked, write_campaign, &x, err),
                    err);
}

static const struct table_column status_columns[] = {
    {.key = "unit", .title = MSG_REGISTER_COL_UNIT},
    {.key = "state", .title = MSG_REGISTER_COL_STATE, .kind = TABLE_WORD},
    {.key = "signed", .title = MSG_REGISTER_COL_SIGNED, .kind = TABLE_TIME, .rank = 1},
    {.key = "expires", .title = MSG_REGISTER_COL_EXPIRES, .kind = TABLE_TIME, .rank = 2},
    {.key = "by", .title = MSG_REGISTER_COL_PERSON, .rank = 3},
    {.key = "result", .title = MSG_REGISTER_COL_RESULT, .wrap = true},
};

static void write_review(const struct campaign_ctx *x, struct slice unit,
                         const struct state_review *r)
{
    struct table *t = x->t;

    table_text(t, unit);
    if (r == NULL || r->signed_at == 0)
        table_word(t, "unsigned", MSG_REGISTER_REVIEW_UNSIGNED);
    else if (has_lapsed(r, x->c->at))
        table_word(t, "expired", MSG_REGISTER_REVIEW_EXPIRED);
    else if (r->state == STATE_REVIEW_ISSUES)
        table_word(t, "issues", MSG_REGISTER_REVIEW_ISSUES);
    else
        table_word(t, "done", MSG_REGISTER_REVIEW_DONE);
    view_write_recorded(x->c, t, r ? r->signed_at : 0, false);
    view_write_end(x->c, t, r ? r->expires : 0);
    table_text(t, r ? view_person_name(x->c, r->signer) : SLICE(""));
    table_text(t, r ? r->result : SLICE(""));
    table_row_end(t);
}

static bool is_asked(struct slice kinds, struct slice kind)
{
    struct slice word;

    while (slice_cut(&kinds, ' ', &word))
        if (word.n > 0 && slice_eq(word, kind))
            return true;
    return false;
}

int view_campaign_units(const struct view_ctx *c, const struct view_query *q, struct slice kinds,
                        struct table *ret, bool *ret_missing, struct err *err)
{
    struct campaign_ctx x = {.c = c, .t = ret, .err = err};
    struct state_unit *units;
    struct reviews v;
    size_t n = 0;
    int r;

    *ret_missing = false;
    VIEW_BEGIN(c, ret, "campaign-units", status_columns);
    r = read_reviews(c, q->ref, c->arena, &v, err);
    if (r == 0)
        r = state_units_at(c->state, c->actor, 0, c->arena, &units, &n, err);
    for (size_t u = 0; r == 0 && u < n; u++) {
        bool signed_here = false;

        for (size_t i = 0; i < v.count; i++) {
            if (!id_eq(v.rows[i].unit, units[u].id))
                continue;
            write_review(&x, units[u].code, &v.rows[i].review);
            signed_here = true;
            *ret_missing = *ret_missing || has_lapsed(&v.rows[i].review, c->at);
        }
        if (!signed_here && is_asked(kinds, units[u].kind)) {
            write_review(&x, units[u].code, NULL);
            *ret_missing = true;
        }
    }
    return view_end(ret, r, err);
}
