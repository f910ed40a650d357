/* SPDX-License-Identifier: Apache-2.0 */
/* An obligation that a letter has and nobody proposed: said by hand, at its clause. */
#include "base/num.h"
#include "calendar/frequency.h"
#include "lang/err_web.h"
#include "lang/msg_console.h"
#include "web/page_letters.h"

/* Once, by a date: due at the end of days of its own. */
static const char once[] = "once";

/* Of which clause the form was asked for, or sent. */
static bool is_asked_for(const struct visit *v, struct slice clause)
{
    return slice_eq(visit_query(v, "add"), clause) || slice_eq(visit_given(v, "add"), clause);
}

/* Words of the catalogue to choose from. */
static void write_words(struct letter_page *p, struct page_scope *form, enum word_list list,
                        const char *rows, const char *field)
{
    const struct catalogue *c = p->names.catalogue;

    for (uint32_t i = 0; i < c->count[list]; i++) {
        struct page_scope *row = page_add(form, rows);
        const struct word *w = &c->words[list][i];

        page_set(row, "word", w->id);
        page_set(row, "word_title", title_in(&w->title, p->v->lang));
        page_set_flag(row, "word_chosen", slice_eq(visit_given(p->v, field), w->id));
    }
}

void letter_write_addition(struct letter_page *p, struct page_scope *row,
                           const struct review_item *clause)
{
    struct visit *v = p->v;
    struct page_scope *form;

    page_set_flag(row, "may_add", p->plan.state == STATE_PLAN_DRAFT);
    if (p->plan.state != STATE_PLAN_DRAFT || !is_asked_for(v, clause->id))
        return;
    form = page_add(row, "addition");
    page_set(form, "add_title", visit_given(v, "title"));
    page_set(form, "add_other", visit_given(v, "other"));
    page_set(form, "add_due", visit_given(v, "due"));
    page_set_flag(form, "once_chosen", slice_is(visit_given(v, "every"), once));
    for (size_t i = 0; letter_rhythms[i]; i++) {
        struct page_scope *choice = page_add(form, "rhythms");

        page_set_text(choice, "rhythm", letter_rhythms[i]);
        page_set_flag(choice, "rhythm_chosen",
                      slice_is(visit_given(v, "every"), letter_rhythms[i]));
        letter_write_every(p, choice, "rhythm_words", slice_str(letter_rhythms[i]));
    }
    for (size_t i = 0; i < p->review.scope_count; i++) {
        const struct review_scope *s = &p->review.scopes[i];
        struct page_scope *choice = page_add(form, "scopes");

        page_set(choice, "scope", s->id);
        page_set(choice, "scope_name", s->name.n ? s->name : s->id);
        page_set_flag(choice, "scope_chosen", letter_was_ticked(v, SLICE("scope"), s->id));
    }
    write_words(p, form, WORDS_ROLES, "roles", "role");
    write_words(p, form, WORDS_EVIDENCE, "proofs", "proof");
}

static int read_every(struct visit *v, struct review_addition *x, struct err *err)
{
    struct slice other = slice_trim(visit_given(v, "other")), every = visit_given(v, "every");
    struct frequency f;

    if (other.n == 0 && slice_is(every, once)) {
        x->every = SLICE("at-end");
        x->until = visit_given(v, "due");
        return letter_is_day(x->until) ? 0 : err_fail(err, CE_SYNTAX, ERR_WEB_NO_SUCH_DAY);
    }
    x->every = other.n ? other : every;
    return x->every.n > 0 && frequency_parse(x->every, &f, err) < 0 ? -err->code : 0;
}

static int read_addition(struct letter_page *p, struct review_addition *x, struct err *err)
{
    struct visit *v = p->v;

    *x = (struct review_addition){
        .clause = visit_given(v, "add"),
        .title = slice_trim(visit_given(v, "title")),
        .role = visit_given(v, "role"),
        .proof = visit_given(v, "proof"),
        .scopes = letter_scopes_given(p, NULL),
        .note = slice_str(lang_text(LANG_VI, MSG_CONSOLE_LETTER_BY_HAND)), /* as the plan is */
        .chosen_by = v->who.name,
    };
    return read_every(v, x, err);
}

int post_letter_add(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct buf rest = BUF_INIT(100);
    struct review_addition x;
    struct letter_page p;
    int64_t from;
    int r = letter_open(v, &p, err);

    if (r < 0)
        return r;
    r = read_addition(&p, &x, err);
    if (r == 0)
        r = letter_add(&ctx, &v->who.actor, &p.plan, &p.review, &x, err);
    buf_puts(&rest, "?done=1");
    if (num_range(visit_query(v, "from"), 0, UINT32_MAX, &from) == 0)
        buf_printf(&rest, "&from=%lld", (long long)from);
    r = letter_answer(&p, r, buf_cstr(&rest), err);
    buf_done(&rest);
    return r;
}
