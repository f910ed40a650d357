/* SPDX-License-Identifier: Apache-2.0 */
/* What a person says of a letter's clauses and of its time; and that it is given to its units. */
#include "calendar/frequency.h"
#include "lang/err_web.h"
#include "lang/error.h"
#include "lang/value.h"
#include "web/page_letters.h"

/* Of what was refused nothing was kept: the page shows the plan as it stands. */
int letter_answer(struct letter_page *p, int r, const char *rest, struct err *err)
{
    unsigned status = letter_status_of(r);
    struct buf why = BUF_INIT(4096);
    struct visit *v = p->v;
    struct slice message;

    if (r == 0)
        return letter_goto(v, p->plan.id, rest);
    if (!letter_is_mendable(r))
        return r;
    error_write(&why, v->lang, err);
    message = arena_dup(v->arena, buf_slice(&why));
    buf_done(&why);
    *err = (struct err)ERR_INIT;
    r = letter_open(v, p, err);
    return r < 0 ? r : letter_show(p, message, status, err);
}

struct slice letter_scopes_given(struct letter_page *p, const struct review_item *x)
{
    struct buf text = BUF_INIT(4096);
    struct slice s;

    for (size_t i = 0; i < p->review.scope_count; i++) {
        struct slice id = p->review.scopes[i].id;

        if (x ? letter_is_ticked(p, x, id) : letter_was_ticked(p->v, SLICE("scope"), id))
            buf_printf(&text, "%s" SLICE_FMT, text.len ? " " : "", SLICE_ARG(id));
    }
    s = text.len ? arena_dup(p->v->arena, buf_slice(&text)) : SLICE_NULL;
    buf_done(&text);
    return s;
}

static void set_anew(struct review_item *x, enum review_field field, struct slice said,
                     struct slice stands)
{
    if (said.n > 0 && !slice_eq(said, stands))
        x->said[field] = said;
}

static int read_proposal(struct letter_page *p, struct review_item *x, struct err *err)
{
    struct visit *v = p->v;
    struct slice every = letter_given(v, "x", x->id);
    struct frequency f;

    if (slice_is(letter_given(v, "o", x->id), "refuse")) {
        x->mark = REVIEW_DROPPED;
        return 0;
    }
    if (!slice_is(letter_given(v, "o", x->id), "accept"))
        return err_fail(err, CE_MISSING, ERR_WEB_LETTER_SAY, x->text);
    every = every.n ? every : letter_given(v, "e", x->id);
    if (every.n > 0 && frequency_parse(every, &f, err) < 0)
        return -err->code;
    x->mark = REVIEW_RIGHT;
    set_anew(x, REVIEW_TITLE, letter_given(v, "t", x->id), x->text);
    set_anew(x, REVIEW_EVERY, every, x->every);
    set_anew(x, REVIEW_SCOPES, letter_scopes_given(p, x), x->scopes);
    return 0;
}

/* Of the clause that was sent: it is right, and each of its open proposals. */
static int read_clause(struct letter_page *p, struct err *err)
{
    struct slice clause = visit_given(p->v, "clause");
    bool found = false;
    int r = 0;

    for (size_t i = 0; r == 0 && i < p->review.count; i++) {
        struct review_item *x = &p->review.items[i];

        if (!slice_eq(x->clause, clause) || !letter_is_open(x))
            continue;
        found = true;
        if (x->obligation)
            r = read_proposal(p, x, err);
        else
            x->mark = REVIEW_RIGHT;
    }
    return r == 0 && !found ? err_fail(err, CE_CONFLICT, ERR_WEB_LETTER_WAS_SAID) : r;
}

int post_letter_clause(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct buf rest = BUF_INIT(100);
    struct letter_page p;
    bool any;
    int r = letter_open(v, &p, err);

    if (r < 0)
        return r;
    r = read_clause(&p, err);
    if (r == 0)
        r = letter_review(&ctx, &v->who.actor, &p.plan, &p.review, err);
    buf_printf(&rest, "?done=1&from=%zu#next",
               letter_clauses_before_open(&p, &any) / CLAUSES_A_PAGE * CLAUSES_A_PAGE);
    r = letter_answer(&p, r, buf_cstr(&rest), err);
    buf_done(&rest);
    return r;
}

bool letter_is_day(struct slice s)
{
    int64_t days;

    return value_date(s, 0, &days) == 0 && s.n == 10 && s.p[4] == '-';
}

/* What was sent as a day; an end may be unknown. */
static int read_day(struct visit *v, const char *name, bool may_lack, struct slice stands,
                    struct slice *ret, struct err *err)
{
    struct slice s = visit_given(v, name);

    *ret = SLICE_NULL;
    if (s.n == 0 && may_lack)
        s = SLICE("");
    else if (!letter_is_day(s))
        return err_fail(err, CE_SYNTAX, ERR_WEB_NO_SUCH_DAY);
    if (!slice_eq(s, stands))
        *ret = s;
    return 0;
}

int post_letter_window(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct letter_page p;
    int r = letter_open(v, &p, err);

    if (r < 0)
        return r;
    r = read_day(v, "start", false, p.review.start, &p.review.said_start, err);
    if (r == 0)
        r = read_day(v, "end", true, p.review.end, &p.review.said_end, err);
    if (r == 0)
        r = letter_review(&ctx, &v->who.actor, &p.plan, &p.review, err);
    return letter_answer(&p, r, "?done=1", err);
}

static int tell_units(struct visit *v, struct err *err)
{
    (void)err;
    desk_web_changed(v->web, "form", STATE_ID_NONE, STATE_ID_NONE);
    return 0;
}

int post_letter_issue(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct buf rest = BUF_INIT(100);
    struct letter_page p;
    uint32_t units = 0;
    int r = letter_open(v, &p, err);

    if (r < 0)
        return r;
    r = letter_issue(&ctx, &v->who.actor, &p.plan, &units, err);
    buf_printf(&rest, "?given=%u", units);
    r = letter_answer(&p, r, buf_cstr(&rest), err);
    buf_done(&rest);
    return r == 0 && units > 0 ? lane_finish(v, tell_units, err) : r;
}
