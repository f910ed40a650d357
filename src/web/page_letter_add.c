/* SPDX-License-Identifier: Apache-2.0 */
/* An obligation that a letter has and nobody proposed: said by hand, at its clause. */
#include "calendar/frequency.h"
#include "lang/err_web.h"
#include "lang/msg_console.h"
#include "lang/value.h"
#include "web/page_letters.h"

enum { LIST_MAX = 4096 };

/* Once, by a date: due at the end of days of its own. */
static const char once[] = "once";

/* Of which clause the form was asked for, or sent. */
static bool is_asked_for(const struct visit *v, struct slice clause)
{
    return slice_eq(visit_query(v, "add"), clause) || slice_eq(visit_given(v, "add"), clause);
}

static bool was_ticked(const struct visit *v, const char *name, struct slice value)
{
    for (size_t i = 0; i < v->given.count; i++)
        if (slice_is(v->given.items[i].name, name) && slice_eq(v->given.items[i].value, value))
            return true;
    return false;
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
        page_set_flag(choice, "scope_chosen", was_ticked(v, "scope", s->id));
    }
    write_words(p, form, WORDS_ROLES, "roles", "role");
    write_words(p, form, WORDS_EVIDENCE, "proofs", "proof");
}

/* The scopes of the plan that were ticked, apart by blanks. */
static struct slice ticked_scopes(struct letter_page *p)
{
    struct buf text = BUF_INIT(LIST_MAX);
    struct slice s;

    for (size_t i = 0; i < p->review.scope_count; i++)
        if (was_ticked(p->v, "scope", p->review.scopes[i].id))
            buf_printf(&text, "%s" SLICE_FMT, text.len ? " " : "",
                       SLICE_ARG(p->review.scopes[i].id));
    s = text.len ? arena_dup(p->v->arena, buf_slice(&text)) : SLICE_NULL;
    buf_done(&text);
    return s;
}

static int read_every(struct visit *v, struct review_addition *x, struct err *err)
{
    struct slice other = slice_trim(visit_given(v, "other")), every = visit_given(v, "every");
    struct frequency f;
    int64_t days;

    if (other.n == 0 && slice_is(every, once)) {
        x->every = SLICE("at-end");
        x->until = visit_given(v, "due");
        return value_date(x->until, 0, &days) == 0 && x->until.n == 10 && x->until.p[4] == '-'
                   ? 0
                   : err_fail(err, CE_SYNTAX, ERR_WEB_NO_SUCH_DAY);
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
        .scopes = ticked_scopes(p),
        .note = slice_str(lang_text(LANG_VI, MSG_CONSOLE_LETTER_BY_HAND)),
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
    int r = letter_open(v, &p, err);

    if (r < 0)
        return r;
    r = read_addition(&p, &x, err);
    if (r == 0)
        r = letter_add(&ctx, &v->who.actor, &p.plan, &p.review, &x, err);
    buf_puts(&rest, "?done=1");
    if (visit_query(v, "from").n > 0 && visit_query(v, "from").n < 10)
        buf_printf(&rest, "&from=" SLICE_FMT, SLICE_ARG(visit_query(v, "from")));
    r = letter_answer(&p, r, buf_cstr(&rest), err);
    buf_done(&rest);
    return r;
}
