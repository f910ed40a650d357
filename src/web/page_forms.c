/* SPDX-License-Identifier: Apache-2.0 */
/* Forms filled in the browser: the list of what the unit owes, one form with what was typed before.
 */
#include "base/time.h"
#include "lang/err_web.h"
#include "lang/error.h"
#include "lang/msg_console.h"
#include "lang/value.h"
#include "record/known.h"
#include "record/send.h"
#include "state/units.h"
#include "web/web_internal.h"

enum { ROWS_SHOWN = 8, ROWS_FREE = 2 };

/* One place of a form as it is shown: what was typed, or is known, and what is wrong with it. */
struct place {
    struct slice typed, problem;
    bool nothing;
};

struct sheet {
    struct visit *v;
    struct record rec;
    struct record_form form;
    struct record_period period;
    struct record_known known;
    struct place *places; /* by field, then row from 0 */
};

static struct place *place_of(struct sheet *s, uint32_t field, uint32_t row)
{
    return &s->places[(size_t)field * (ROWS_SHOWN + 1) + row];
}

static struct record record_of(struct visit *v)
{
    return (struct record){
        .s = v->s, .actor = v->who.actor, .arena = v->arena, .zone = ZONE_S, .lang = v->lang};
}

/* The period of ?day= or day=, else of now. */
static int find_period(struct sheet *s, struct err *err)
{
    struct visit *v = s->v;
    struct slice day = visit_given(v, "day").n ? visit_given(v, "day") : visit_query(v, "day");
    int64_t days, at = state_now(v->s);

    if (day.n > 0 && s->form.form->every != EVERY_EVENT) {
        if (value_date(day, 0, &days) < 0)
            return err_fail(err, CE_SYNTAX, ERR_WEB_NO_SUCH_DAY);
        at = days * TIME_DAY - ZONE_S * TIME_SECOND;
        if (at > state_now(v->s))
            return err_fail(err, CE_RANGE, ERR_WEB_NO_SUCH_DAY);
    }
    s->period = record_period_at(s->form.form->every, at, ZONE_S);
    return 0;
}

static int open_sheet(struct sheet *s, struct visit *v, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct state_unit unit;
    int r;

    *s = (struct sheet){.v = v, .rec = record_of(v)};
    r = record_form_find(&s->rec, v->x->params[0], &s->form, err);
    if (r == 0)
        r = state_unit_get(v->s, &all, v->who.actor.unit, v->arena, &unit, err);
    if (r == 0 && !record_form_asks(s->form.form, unit.kind))
        r = err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    if (r < 0)
        return r;
    s->places = arena_new_array(v->arena, (size_t)s->form.form->field_count * (ROWS_SHOWN + 1),
                                struct place);
    r = s->places ? find_period(s, err) : err_nomem(err);
    if (r == 0)
        r = record_known_read(&s->rec, s->form.form, v->who.actor.unit, &s->period, &s->known, err);
    return r;
}

/* An answer as a field of the page takes it. */
static struct slice put_value(struct sheet *s, const struct answer *a)
{
    const struct form *f = s->form.form;
    const struct form_field *field = &f->fields[a->field];
    struct buf out = BUF_INIT(8000);
    struct civil c;
    struct slice kept;

    if (a->kind == ANSWER_NUMBER && field->kind == FIELD_YES_NO) {
        buf_puts(&out, a->number != 0 ? "yes" : "no");
    } else if (a->kind == ANSWER_NUMBER) {
        number_put(&out, a->number);
    } else if (a->kind == ANSWER_TEXT) {
        buf_put_slice(&out, a->text);
    } else if (a->kind == ANSWER_TIME && field->kind == FIELD_TIME) {
        buf_printf(&out, "%02lld:%02lld", (long long)a->time / 60, (long long)a->time % 60);
    } else if (a->kind == ANSWER_TIME) {
        bool date = field->kind == FIELD_DATE;

        time_to_civil(a->time * (date ? TIME_DAY : TIME_MINUTE), 0, &c);
        buf_printf(&out, "%04d-%02u-%02u", c.year, c.month, c.day);
        if (!date)
            buf_printf(&out, "T%02u:%02u", c.hour, c.minute);
    }
    kept = arena_dup(s->v->arena, buf_slice(&out));
    buf_done(&out);
    return kept;
}

/* What stands, else what is carried over from the period before. */
static void show_known(struct sheet *s)
{
    const struct form *f = s->form.form;
    const struct answers *from = s->known.now ? s->known.now : s->known.before;

    for (uint32_t i = 0; from && i < from->count; i++) {
        const struct answer *a = &from->v[i];
        struct place *p;

        if (a->row > ROWS_SHOWN || (!s->known.now && !f->fields[a->field].carry))
            continue;
        p = place_of(s, a->field, a->row);
        p->nothing = a->kind == ANSWER_NOTHING;
        p->typed = put_value(s, a);
    }
}

/* The page. */

static void put_option(struct page_scope *p, struct slice id, const char *title,
                       struct slice chosen)
{
    struct page_scope *row = page_add(p, "options");

    page_put(row, "option", id);
    page_put_text(row, "option_title", title);
    page_put_flag(row, "chosen", slice_eq(id, chosen));
}

static void put_options(struct sheet *s, struct page_scope *p, const struct form_field *field,
                        struct slice chosen)
{
    enum lang lang = s->v->lang;

    if (field->kind == FIELD_YES_NO) {
        put_option(p, SLICE("yes"), lang_text(lang, MSG_CONSOLE_FORM_YES), chosen);
        put_option(p, SLICE("no"), lang_text(lang, MSG_CONSOLE_FORM_NO), chosen);
    }
    for (uint32_t i = 0; i < field->choice_count; i++) {
        struct buf title = BUF_INIT(1000);

        buf_put_slice(&title, form_text_in(&field->choices[i].title, lang));
        put_option(p, field->choices[i].id, buf_cstr(&title), chosen);
        buf_done(&title);
    }
}

static void put_name(struct page_scope *p, const char *key, const char *head,
                     const struct form_field *field, uint32_t row)
{
    struct buf name = BUF_INIT(400);

    buf_printf(&name, "%s." SLICE_FMT, head, SLICE_ARG(field->id));
    if (row)
        buf_printf(&name, ".%u", row);
    page_take(p, key, &name);
}

static void put_field(struct sheet *s, struct page_scope *p, const struct form_field *field,
                      uint32_t row)
{
    static const char *const kinds[FIELD_KIND_MAX] = {"is_number", "is_count", "is_text",
                                                      "is_date",   "is_time",  "is_moment",
                                                      "is_list",   "is_list",  "is_file"};
    const struct place *place = place_of(s, field->index, row);
    const struct answer *before =
        s->known.before && row == 0 ? answers_find(s->known.before, field->index, 0) : NULL;
    struct buf was = BUF_INIT(4000);

    put_name(p, "field_name", "f", field, row);
    put_name(p, "nothing_name", "n", field, row);
    put_name(p, "field_id", "i", field, row);
    page_put(p, "field_title", form_text_in(&field->title, s->v->lang));
    page_put(p, "field_unit", form_text_in(&field->unit, s->v->lang));
    page_put(p, "field_hint", form_text_in(&field->hint, s->v->lang));
    page_put_flag(p, "field_required", field->required);
    page_put_flag(p, "field_nothing", field->nothing);
    page_put_flag(p, "nothing_set", place->nothing);
    page_put(p, "field_value", place->typed);
    page_put(p, "field_problem", place->problem);
    page_put_text(p, "field_class", place->problem.n ? "is-wrong" : "is-fine");
    page_put_flag(p, kinds[field->kind], true);
    if (field->kind == FIELD_YES_NO || field->kind == FIELD_CHOICE)
        put_options(s, p, field, place->typed);
    if (before)
        answer_put(&was, s->form.form, before, s->v->lang);
    page_take(p, "field_before", &was);
}

/* How many rows of a repeated group are shown: what is there, and some to write into. */
static uint32_t rows_of(struct sheet *s, const struct form_group *g)
{
    uint32_t used = 0;

    for (uint32_t i = g->first; i < g->first + g->count; i++)
        for (uint32_t row = 1; row <= ROWS_SHOWN; row++)
            if (place_of(s, i, row)->typed.n || place_of(s, i, row)->nothing)
                used = CANH_MAX(used, row);
    return CANH_MIN(used + ROWS_FREE, CANH_MIN(g->rows, (uint32_t)ROWS_SHOWN));
}

static void put_group(struct sheet *s, const struct form_group *g)
{
    struct page_scope *p = page_add(s->v->page, "groups");
    uint32_t first = g->rows ? 1 : 0, last = g->rows ? rows_of(s, g) : 0;

    page_put(p, "group_title", form_text_in(&g->title, s->v->lang));
    page_put(p, "group_hint", form_text_in(&g->hint, s->v->lang));
    for (uint32_t row = first; row <= last; row++) {
        struct page_scope *r = page_add(p, "rows");

        if (row)
            page_put_i64(r, "row_number", row);
        for (uint32_t i = g->first; i < g->first + g->count; i++)
            if (s->form.form->fields[i].kind != FIELD_EVIDENCE)
                put_field(s, page_add(r, "fields"), &s->form.form->fields[i], row);
    }
}

static const char *every_word(const struct visit *v, enum form_every every)
{
    static const msg_id words[FORM_EVERY_MAX] = {MSG_CONSOLE_EVERY_SHIFT, MSG_CONSOLE_EVERY_DAY,
                                                 MSG_CONSOLE_EVERY_WEEK,  MSG_CONSOLE_EVERY_MONTH,
                                                 MSG_CONSOLE_EVERY_EVENT, MSG_CONSOLE_EVERY_ONCE};

    return lang_text(v->lang, words[every]);
}

static void put_standing(struct visit *v, struct page_scope *p, const struct state_submission *x)
{
    static const char *const marks[] = {"late", "late", "sent", "on", "missed"};
    static const msg_id words[] = {MSG_CONSOLE_FORM_OPEN, MSG_CONSOLE_FORM_OPEN,
                                   MSG_CONSOLE_FORM_SENT, MSG_CONSOLE_FORM_APPROVED,
                                   MSG_CONSOLE_FORM_BACK};
    size_t i =
        x->version && x->state > 0 && (size_t)x->state < CANH_LEN(words) ? (size_t)x->state : 0;

    page_put_text(p, "form_mark", marks[i]);
    page_put_text(p, "form_state", lang_text(v->lang, words[i]));
    if (x->version)
        page_put_when(p, "form_sent", x->sent_at, state_now(v->s));
    if (x->state == STATE_SUBMISSION_RETURNED)
        page_put(p, "form_note", x->note);
}

static void put_period(struct visit *v, struct page_scope *p, const struct form *f,
                       const struct record_period *period)
{
    struct buf days = BUF_INIT(200);

    if (record_period_repeats(f->every))
        put_days(&days, v->lang, period->start, period->stop);
    page_take(p, "form_period", &days);
}

static void put_head(struct visit *v, struct page_scope *p, const struct form *f)
{
    page_put(p, "form", f->id);
    page_put(p, "form_title", form_text_in(&f->title, v->lang));
    page_put(p, "form_about", form_text_in(&f->note, v->lang));
    page_put(p, "form_source", f->source);
    page_put_text(p, "form_every", every_word(v, f->every));
}

static int show_sheet(struct sheet *s, struct slice message, unsigned status, struct err *err)
{
    const struct form *f = s->form.form;
    struct page_scope *p = s->v->page;
    struct buf day = BUF_INIT(40), base = BUF_INIT(64);
    struct civil c;
    int r;

    put_head(s->v, p, f);
    put_period(s->v, p, f, &s->period);
    put_standing(s->v, p, &s->known.standing);
    page_put(p, "message", message);
    if (s->known.standing.version)
        id_put(&base, s->known.standing.id);
    page_take(p, "form_base", &base);
    time_to_civil(s->period.start, ZONE_S, &c);
    buf_printf(&day, "%04d-%02u-%02u", c.year, c.month, c.day);
    page_put(p, "form_key", buf_slice(&day));
    page_take(p, "form_day", &day);
    for (uint32_t i = 0; i < f->group_count; i++)
        put_group(s, &f->groups[i]);
    r = visit_page(s->v, "form", err);
    s->v->x->reply.status = status;
    return r;
}

int page_form(struct visit *v, struct err *err)
{
    struct sheet s;
    int r = open_sheet(&s, v, err);

    if (r < 0)
        return r;
    show_known(&s);
    return show_sheet(&s, SLICE_NULL, 200, err);
}

/* Sending. */

static struct slice keep_words(struct visit *v, const struct err *err)
{
    struct buf words = BUF_INIT(2000);
    struct slice kept;

    error_put(&words, v->lang, err);
    kept = arena_dup(v->arena, buf_slice(&words));
    buf_done(&words);
    return kept;
}

static struct slice typed_of(struct visit *v, const char *head, const struct form_field *field,
                             uint32_t row)
{
    struct buf name = BUF_INIT(400);
    struct slice s;

    buf_printf(&name, "%s." SLICE_FMT, head, SLICE_ARG(field->id));
    if (row)
        buf_printf(&name, ".%u", row);
    s = visit_given(v, buf_cstr(&name));
    buf_done(&name);
    return s;
}

/* One place as it was typed into an answer; false: something is wrong with it. */
static bool take_place(struct sheet *s, const struct form_field *field, uint32_t row, int year,
                       struct answers *to)
{
    struct place *p = place_of(s, field->index, row);
    struct cell cell = {.kind = CELL_TEXT};
    struct answer x = {.row = row};
    struct err why = ERR_INIT;

    p->typed = typed_of(s->v, "f", field, row);
    p->nothing = typed_of(s->v, "n", field, row).n > 0;
    if (p->nothing) {
        x = (struct answer){.field = field->index, .row = row, .kind = ANSWER_NOTHING};
    } else {
        cell.p = p->typed.p;
        cell.n = (uint32_t)p->typed.n;
        if (answer_read(s->form.form, field->index, &cell, year, s->v->lang, &x, &why) < 0) {
            p->problem = keep_words(s->v, &why);
            return false;
        }
        x.field = field->index;
        x.row = row;
    }
    if (x.kind != ANSWER_BLANK && to->count < FORM_VALUES_MAX)
        to->v[to->count++] = x;
    return true;
}

static bool take_places(struct sheet *s, struct answers *to)
{
    const struct form *f = s->form.form;
    struct civil c;
    bool fine = true;

    time_to_civil(s->period.start, ZONE_S, &c);
    for (uint32_t i = 0; i < f->field_count; i++) {
        const struct form_field *field = &f->fields[i];
        uint32_t rows = f->groups[field->group].rows;

        for (uint32_t row = rows ? 1 : 0; row <= (rows ? ROWS_SHOWN : 0); row++)
            fine = take_place(s, field, row, c.year, to) && fine;
    }
    return fine;
}

static void take_problems(struct sheet *s, const struct record_sent *sent)
{
    for (uint32_t i = 0; i < sent->problem_count; i++) {
        const struct form_problem *p = &sent->problems[i];

        if (!p->finding && p->field < s->form.form->field_count && p->row <= ROWS_SHOWN)
            place_of(s, p->field, p->row)->problem = p->message;
    }
}

static msg_id refusal(enum record_outcome o)
{
    switch (o) {
    case RECORD_CONFLICT:
        return MSG_CONSOLE_FORM_CONFLICT;
    case RECORD_APPROVED:
        return MSG_CONSOLE_FORM_IS_APPROVED;
    case RECORD_RETURNED:
        return MSG_CONSOLE_FORM_SAME_AS_RETURNED;
    default:
        return MSG_CONSOLE_FORM_WRONG;
    }
}

/* Sends what was typed. *ret_message: why it was not taken; 0: it was. */
static int send_sheet(struct sheet *s, struct record_sent *sent, msg_id *ret_message,
                      struct err *err)
{
    struct visit *v = s->v;
    struct slice base = visit_given(v, "base");
    struct answers a = {.day = INT64_MIN,
                        .v = arena_new_array(v->arena, FORM_VALUES_MAX, struct answer)};
    struct record_entry e = {.form = &s->form,
                             .unit = v->who.actor.unit,
                             .person = v->who.actor.person,
                             .answers = &a,
                             .how = "web",
                             .guarded = true};
    int64_t happened;
    int r;

    *ret_message = MSG_CONSOLE_FORM_WRONG;
    if (a.v == NULL)
        return err_nomem(err);
    if (!take_places(s, &a))
        return 0;
    happened = record_form_happened(s->form.form, &a, ZONE_S);
    if (s->form.form->every == EVERY_EVENT && happened != INT64_MIN)
        s->period = record_period_at(EVERY_EVENT, happened, ZONE_S);
    e.period = s->period;
    if (base.n > 0 && id_parse(base, &e.base) < 0)
        return err_fail(err, CE_SYNTAX, ERR_WEB_WHAT_WAS_SENT_CANNOT_READ);
    r = record_send(&s->rec, &e, sent, err);
    if (r == 0)
        take_problems(s, sent);
    *ret_message = r == 0 && !record_is_refused(sent->outcome) ? 0 : refusal(sent->outcome);
    return r;
}

int post_form(struct visit *v, struct err *err)
{
    struct record_sent sent = {.problem_count = 0};
    struct sheet s;
    msg_id message = 0;
    int r = open_sheet(&s, v, err);

    if (r == 0)
        r = send_sheet(&s, &sent, &message, err);
    if (r < 0)
        return r;
    if (message)
        return show_sheet(&s, slice_str(lang_text(v->lang, message)),
                          sent.outcome == RECORD_CONFLICT ? 409 : 422, err);
    desk_web_changed(v->web, "form", v->who.actor.unit, STATE_ID_NONE);
    return visit_goto(v, sent.outcome == RECORD_UNCHANGED ? SLICE("/forms?done=same")
                                                          : SLICE("/forms?done=sent"));
}

/* The list. */

static int each_form(struct visit *v,
                     int (*fn)(struct visit *v, void *u, const struct form *f,
                               const struct record_period *p, const struct state_submission *x),
                     void *u, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct record rec = record_of(v);
    struct record_form *forms = NULL;
    struct state_unit unit;
    size_t n = 0;
    int r = state_unit_get(v->s, &all, v->who.actor.unit, v->arena, &unit, err);

    if (r == 0)
        r = record_form_list(&rec, &forms, &n, err);
    for (size_t i = 0; r == 0 && i < n; i++) {
        const struct form *f = forms[i].form;
        struct record_period p = record_period_at(f->every, state_now(v->s), ZONE_S);
        struct state_submission x = {.version = 0};

        if (!record_form_asks(f, unit.kind))
            continue;
        if (record_period_repeats(f->every))
            r = record_standing(&rec, f->id, unit.id, &p, &x, err);
        if (r == 0)
            r = fn(v, u, f, &p, &x);
    }
    return r;
}

static int list_form(struct visit *v, void *u, const struct form *f, const struct record_period *p,
                     const struct state_submission *x)
{
    struct page_scope *row = page_add(v->page, "forms");

    (void)u;
    put_head(v, row, f);
    put_period(v, row, f, p);
    put_standing(v, row, x);
    if (!record_period_repeats(f->every)) {
        page_put_text(row, "form_mark", "none");
        page_put_text(row, "form_state", lang_text(v->lang, MSG_CONSOLE_FORM_WHEN));
    }
    return 0;
}

int page_forms(struct visit *v, struct err *err)
{
    int64_t now = state_now(v->s);
    int r = each_form(v, list_form, NULL, err);

    if (r < 0)
        return r;
    page_put_flag(v->page, "done", slice_is(visit_query(v, "done"), "sent"));
    page_put_flag(v->page, "done_same", slice_is(visit_query(v, "done"), "same"));
    page_put_when(v->page, "now", now, now);
    return visit_page(v, "forms", err);
}

/* The same by the API. */

static const char *state_word(const struct state_submission *x)
{
    static const char *const words[] = {"open", "draft", "sent", "approved", "returned"};

    return words[x->version && x->state > 0 && x->state < 5 ? x->state : 0];
}

static int json_form(struct visit *v, void *u, const struct form *f, const struct record_period *p,
                     const struct state_submission *x)
{
    struct json_write *w = u;

    json_open(w, '{');
    json_key(w, "form");
    json_text(w, f->id);
    json_key(w, "title");
    json_text(w, form_text_in(&f->title, v->lang));
    json_key(w, "every");
    json_text(w, slice_str(form_every_to_str(f->every)));
    json_key(w, "from");
    json_time(w, p->start);
    json_key(w, "until");
    json_time(w, p->stop);
    json_key(w, "state");
    json_text(w, slice_str(state_word(x)));
    json_key(w, "updated_at");
    json_time(w, x->version ? x->changed : TIME_NONE);
    json_close(w, '}');
    return 0;
}

int api_forms(struct visit *v, struct err *err)
{
    struct json_write w;
    int r;

    visit_json_begin(v, &w);
    json_open(&w, '{');
    json_key(&w, "items");
    json_open(&w, '[');
    r = each_form(v, json_form, &w, err);
    json_close(&w, ']');
    json_close(&w, '}');
    return r;
}

static void json_sent(struct json_write *w, struct sheet *s, const struct record_sent *sent,
                      msg_id message)
{
    static const char *const outcomes[] = {"sent",     "revised",  "unchanged", "refused",
                                           "conflict", "approved", "returned"};
    const struct form *f = s->form.form;

    json_open(w, '{');
    json_key(w, "outcome");
    json_text(w, slice_str(message && !record_is_refused(sent->outcome) ? "refused"
                                                                        : outcomes[sent->outcome]));
    json_key(w, "problems");
    json_open(w, '[');
    for (uint32_t i = 0; i < f->field_count; i++)
        for (uint32_t row = 0; row <= ROWS_SHOWN; row++) {
            if (place_of(s, i, row)->problem.n == 0)
                continue;
            json_open(w, '{');
            json_key(w, "field");
            json_text(w, f->fields[i].id);
            json_key(w, "row");
            json_i64(w, row);
            json_key(w, "message");
            json_text(w, place_of(s, i, row)->problem);
            json_close(w, '}');
        }
    json_close(w, ']');
    json_close(w, '}');
}

int api_form_send(struct visit *v, struct err *err)
{
    struct record_sent sent = {.problem_count = 0};
    struct json_write w;
    struct sheet s;
    msg_id message = 0;
    int r = open_sheet(&s, v, err);

    if (r == 0)
        r = send_sheet(&s, &sent, &message, err);
    if (r < 0)
        return r;
    if (!message)
        desk_web_changed(v->web, "form", v->who.actor.unit, STATE_ID_NONE);
    visit_json_begin(v, &w);
    json_sent(&w, &s, &sent, message);
    return 0;
}
