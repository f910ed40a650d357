/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Soạn phương án từ công văn": a letter that was handed in, clause by clause beside what is
 * proposed for it; each proposal is taken as it stands, changed, or refused. What was said is kept
 * at once; when nothing is open any more the plan is given to its units.
 */
#include "web/page_letters.h"
#include "calendar/frequency.h"
#include "import/letter.h"
#include "lang/err_web.h"
#include "lang/error.h"
#include "lang/value.h"
#include "office/doctext_wire.h"
#include "proof/plan_store.h"

enum { NAME_BYTES = 200, PARA_BYTES = 1 << 20 };

/* How often something may be due, to choose from. */
const char *const letter_rhythms[] = {
    "each-shift", "daily@07:30",   "daily@16:00",  "weekly(fri)@16:00", "monthly(25)",
    "quarterly",  "at-start(24h)", "at-start(1w)", "at-end(1d)",        NULL,
};

/* The list. */

static int write_plan(void *u, const struct state_plan *x)
{
    struct visit *v = u;
    struct page_scope *row;
    struct buf id = BUF_INIT(64);

    if (!state_may_write(v->s, &v->who.actor, x->unit))
        return 0;
    row = page_add(v->page, x->state == STATE_PLAN_DRAFT ? "drafts" : "plans");
    id_write(&id, x->id);
    page_set_buf(row, "plan", &id);
    page_set(row, "plan_code", x->code);
    page_set(row, "plan_number", x->number);
    page_set(row, "plan_title", plan_store_title(v->arena, x, v->lang));
    page_set_i64(row, "plan_version", x->version);
    page_set_when(row, "plan_changed", x->changed, 0);
    return 0;
}

static int show_letters(struct visit *v, struct slice message, unsigned status, struct err *err)
{
    const struct state_query all = {.limit = 0};
    int64_t now = state_now(v->s);
    int r = state_plan_each(v->s, &v->who.actor, &all, write_plan, v, err);

    if (r < 0)
        return r;
    page_set(v->page, "message", message);
    page_set_when(v->page, "now", now, now);
    r = visit_page(v, "letters", err);
    v->x->reply.status = status;
    return r;
}

int page_letters(struct visit *v, struct err *err)
{
    return show_letters(v, SLICE_NULL, 200, err);
}

int letter_goto(struct visit *v, struct state_id id, const char *rest)
{
    struct buf path = BUF_INIT(200);
    int r;

    buf_puts(&path, "/letters/");
    id_write(&path, id);
    buf_puts(&path, rest);
    r = visit_goto(v, buf_slice(&path));
    buf_done(&path);
    return r;
}

/* The page again with why not, where the visitor can mend it. */
bool letter_is_mendable(int r)
{
    return r == -CE_MISSING || r == -CE_RANGE || r == -CE_SYNTAX || r == -CE_CONFLICT ||
           r == -CE_UNKNOWN || r == -CE_EXISTS || r == -CE_DENIED || r == -CE_ENCODING ||
           r == -CE_TOO_BIG;
}

unsigned letter_status_of(int r)
{
    return r == -CE_CONFLICT ? 409 : r == -CE_DENIED ? 403 : 422;
}

static int take_letter(struct visit *v, struct err *err)
{
    const struct doctext_limits limits = {.max_paras = DRAFT_PARAS_MAX,
                                          .max_para_bytes = PARA_BYTES};
    const struct act_ctx ctx = visit_ctx(v);
    struct buf why = BUF_INIT(2000);
    struct doctext *doc = NULL;
    struct state_plan plan;
    int r = doctext_decode(v->file, &limits, v->arena, &doc);

    r = r < 0 ? err_fail(err, CE_ENCODING, ERR_WEB_FILE_CANNOT_BE_READ)
              : letter_receive(&ctx, &v->who.actor, doc, &plan, err);
    if (r == 0)
        return letter_goto(v, plan.id, "");
    if (!letter_is_mendable(r))
        return r;
    error_write(&why, v->lang, err);
    *err = (struct err)ERR_INIT;
    r = show_letters(v, arena_dup(v->arena, buf_slice(&why)), letter_status_of(r), err);
    buf_done(&why);
    return r;
}

/* What the letter says as bytes stands instead of the file. */
static int read_letter(struct visit *v, const struct desk_file *file, struct err *err)
{
    v->file = arena_dup(v->arena, file->bytes);
    if (v->file.p == NULL)
        return err_nomem(err);
    return lane_go(v, LANE_WRITE, take_letter, err);
}

int post_letters(struct visit *v, struct err *err)
{
    return visit_read_file(v, DESK_LETTER, read_letter, err);
}

/* One letter. */

int letter_open(struct visit *v, struct letter_page *p, struct err *err)
{
    struct state_id id = STATE_ID_NONE;
    int r = visit_id(v, 0, &id, err);

    *p = (struct letter_page){.v = v};
    if (r == 0 && (state_plan_get(v->s, &v->who.actor, id, v->arena, &p->plan, NULL) < 0 ||
                   !state_may_write(v->s, &v->who.actor, p->plan.unit)))
        r = err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    if (r == 0)
        r = catalogue_parse(v->arena, proof_data("catalogue.yaml"), &p->names.catalogue, err);
    return r < 0 ? r : review_read(v->arena, p->plan.yaml, &p->review, err);
}

/* What came of one proposal under a letter and its id: "e.I.1.a". */
struct slice letter_given(const struct visit *v, const char *kind, struct slice id)
{
    char name[NAME_BYTES];
    struct buf b = BUF_INIT(NAME_BYTES);
    struct slice s = SLICE_NULL;

    buf_printf(&b, "%s." SLICE_FMT, kind, SLICE_ARG(id));
    if (!b.err && b.len < sizeof(name)) {
        memcpy(name, buf_cstr(&b), b.len + 1);
        s = visit_given(v, name);
    }
    buf_done(&b);
    return s;
}

bool letter_is_open(const struct review_item *x)
{
    return !x->checked && x->mark == REVIEW_OPEN;
}

/* Whether the clause or any of its proposals is open. */
static bool is_clause_open(const struct letter_page *p, const struct review_item *c)
{
    for (size_t i = 0; i < p->review.count; i++)
        if (slice_eq(p->review.items[i].clause, c->id) && letter_is_open(&p->review.items[i]))
            return true;
    return false;
}

/* How many clauses stand before the first that is open; *ret_any: there is one. */
size_t letter_clauses_before_open(const struct letter_page *p, bool *ret_any)
{
    size_t n = 0;

    *ret_any = false;
    for (size_t i = 0; i < p->review.count && !*ret_any; i++) {
        if (p->review.items[i].obligation)
            continue;
        *ret_any = is_clause_open(p, &p->review.items[i]);
        n += !*ret_any;
    }
    return n;
}

static bool is_scope_of(const struct review_item *x, struct slice id)
{
    struct slice rest = x->scopes, word;

    while (rest.n > 0 && slice_cut(&rest, ' ', &word))
        if (slice_eq(word, id))
            return true;
    return false;
}

/* How often, in words; what is no frequency stays as it was written. */
void letter_write_every(struct letter_page *p, struct page_scope *row, const char *name,
                        struct slice every)
{
    struct buf text = BUF_INIT(8192);
    struct frequency f;

    if (frequency_parse(every, &f, NULL) == 0)
        frequency_describe(&text, p->v->lang, &f, plan_name, &p->names);
    if (text.len == 0)
        buf_append_slice(&text, every);
    page_set_buf(row, name, &text);
}

bool letter_was_ticked(const struct visit *v, struct slice name, struct slice value)
{
    for (size_t i = 0; i < v->given.count; i++)
        if (slice_eq(v->given.items[i].name, name) && slice_eq(v->given.items[i].value, value))
            return true;
    return false;
}

/* Whether it was ticked, of a clause that was sent and could not be taken; else whether it stands.
 */
bool letter_is_ticked(struct letter_page *p, const struct review_item *x, struct slice scope)
{
    struct buf name = BUF_INIT(NAME_BYTES);
    bool ticked;

    if (!slice_eq(visit_given(p->v, "clause"), x->clause))
        return is_scope_of(x, scope);
    buf_printf(&name, "s." SLICE_FMT, SLICE_ARG(x->id));
    ticked = letter_was_ticked(p->v, buf_slice(&name), scope);
    buf_done(&name);
    return ticked;
}

static void write_scopes(struct letter_page *p, struct page_scope *row, const struct review_item *x)
{
    struct buf names = BUF_INIT(8192);

    for (size_t i = 0; i < p->review.scope_count; i++) {
        const struct review_scope *s = &p->review.scopes[i];
        struct page_scope *choice = page_add(row, "scopes");
        struct slice name = s->name.n ? s->name : s->id;

        page_set(choice, "scope", s->id);
        page_set(choice, "scope_name", name);
        page_set_flag(choice, "scope_chosen", letter_is_ticked(p, x, s->id));
        if (is_scope_of(x, s->id))
            buf_printf(&names, "%s" SLICE_FMT, names.len ? "; " : "", SLICE_ARG(name));
    }
    page_set_buf(row, "scope_names", &names);
}

/* What is typed into an open proposal: what stands, or what could not be taken. */
static void write_fields(struct letter_page *p, struct page_scope *row, const struct review_item *x)
{
    struct visit *v = p->v;
    struct slice title = letter_given(v, "t", x->id), every = letter_given(v, "e", x->id);

    page_set(row, "title_in", title.n ? title : x->text);
    page_set(row, "other_in", letter_given(v, "x", x->id));
    page_set_flag(row, "refuse_in", slice_is(letter_given(v, "o", x->id), "refuse"));
    page_set_flag(row, "changed_in", title.n || every.n);
    for (size_t i = 0; letter_rhythms[i]; i++) {
        struct page_scope *choice;

        if (slice_is(x->every, letter_rhythms[i]))
            continue;
        choice = page_add(row, "rhythms");
        page_set_text(choice, "rhythm", letter_rhythms[i]);
        page_set_flag(choice, "rhythm_chosen", slice_is(every, letter_rhythms[i]));
        letter_write_every(p, choice, "rhythm_words", slice_str(letter_rhythms[i]));
    }
}

static void write_proposal(struct letter_page *p, struct page_scope *clause,
                           const struct review_item *x)
{
    struct page_scope *row = page_add(clause, "proposals");

    page_set(row, "item", x->id);
    page_set(row, "item_title", x->text);
    page_set(row, "item_every", x->every);
    letter_write_every(p, row, "item_often", x->every);
    page_set(row, "item_word", x->word);
    page_set(row, "item_lead", x->lead);
    page_set(row, "item_note", x->note);
    page_set_flag(row, "item_open", letter_is_open(x));
    write_scopes(p, row, x);
    if (letter_is_open(x))
        write_fields(p, row, x);
}

static void write_clause(struct letter_page *p, size_t i, bool next)
{
    const struct review_item *c = &p->review.items[i];
    struct page_scope *row = page_add(p->v->page, "clauses");
    bool any = false;

    for (size_t k = 0; k < p->review.count; k++) {
        const struct review_item *x = &p->review.items[k];

        if (!x->obligation || !slice_eq(x->clause, c->id))
            continue;
        any = true;
        write_proposal(p, row, x);
    }
    page_set(row, "clause", c->id);
    page_set(row, "clause_label", c->label);
    page_set(row, "clause_text", c->text);
    page_set_flag(row, "clause_open", is_clause_open(p, c));
    page_set_flag(row, "clause_next", next);
    page_set_flag(row, "clause_any", any);
    letter_write_addition(p, row, c);
}

static void write_window(struct letter_page *p)
{
    struct page_scope *page = p->v->page;

    page_set(page, "window_start", p->review.start);
    page_set(page, "window_end", p->review.end);
}

int letter_show(struct letter_page *p, struct slice message, unsigned status, struct err *err)
{
    struct visit *v = p->v;
    struct buf id = BUF_INIT(64);
    struct page_part part;
    bool any_open;
    size_t clauses = 0, at = 0, open = review_open(&p->review);
    size_t next = letter_clauses_before_open(p, &any_open);
    int64_t now = state_now(v->s);
    int r;

    for (size_t i = 0; i < p->review.count; i++)
        clauses += !p->review.items[i].obligation;
    part = visit_part(v, v->page, clauses, CLAUSES_A_PAGE);
    for (size_t i = 0; i < p->review.count; i++) {
        if (p->review.items[i].obligation)
            continue;
        if (at >= part.from && at < part.until)
            write_clause(p, i, any_open && at == next);
        at++;
    }
    id_write(&id, p->plan.id);
    page_set_buf(v->page, "plan", &id);
    page_set(v->page, "plan_title", plan_store_title(v->arena, &p->plan, v->lang));
    page_set(v->page, "plan_number", p->plan.number);
    page_set_i64(v->page, "plan_version", p->plan.version);
    page_set(v->page, "from", visit_query(v, "from"));
    page_set_flag(v->page, "is_draft", p->plan.state == STATE_PLAN_DRAFT);
    page_set_i64(v->page, "items", (int64_t)p->review.count);
    page_set_i64(v->page, "items_done", (int64_t)(p->review.count - open));
    page_set_flag(v->page, "all_done", open == 0);
    write_window(p);
    page_set(v->page, "message", message);
    page_set_flag(v->page, "done", visit_query(v, "done").n > 0);
    page_set(v->page, "given", visit_query(v, "given"));
    page_set_when(v->page, "now", now, now);
    r = visit_page(v, "letter", err);
    v->x->reply.status = status;
    return r;
}

int page_letter(struct visit *v, struct err *err)
{
    struct letter_page p;
    int r = letter_open(v, &p, err);

    return r < 0 ? r : letter_show(&p, SLICE_NULL, 200, err);
}
