/* SPDX-License-Identifier: Apache-2.0 */
#include "web/form_page.h"

#include "base/time.h"
#include "lang/err_web.h"
#include "lang/error.h"
#include "lang/msg_console.h"
#include "lang/value.h"
#include "state/units.h"

enum { ROWS_FREE = 2 };

struct place *form_page_place(struct form_page *s, uint32_t field, uint32_t row)
{
    return &s->places[(size_t)field * (FORM_PAGE_ROWS + 1) + row];
}

struct record form_page_record(struct visit *v)
{
    return (struct record){
        .s = v->s, .actor = v->who.actor, .arena = v->arena, .zone = ZONE_OWN, .lang = v->lang};
}

/* The period of ?day= or day=, else of now. */
static int find_period(struct form_page *s, struct err *err)
{
    struct visit *v = s->v;
    struct slice day = visit_given(v, "day").n ? visit_given(v, "day") : visit_query(v, "day");
    int64_t days, at = state_now(v->s);

    if (day.n > 0 && s->form.form->every != EVERY_EVENT) {
        if (value_date(day, 0, &days) < 0)
            return err_fail(err, CE_SYNTAX, ERR_WEB_NO_SUCH_DAY);
        at = days * TIME_DAY - ZONE_OWN * TIME_SECOND;
        if (at > state_now(v->s))
            return err_fail(err, CE_RANGE, ERR_WEB_NO_SUCH_DAY);
    }
    s->period = record_period_at(s->form.form->every, at, ZONE_OWN);
    return 0;
}

/* What happened earlier, by ?of= or of=: its period and unit are the page's. */
static int find_submission(struct form_page *s, struct err *err)
{
    struct visit *v = s->v;
    struct slice of = visit_given(v, "of").n ? visit_given(v, "of") : visit_query(v, "of");
    struct state_submission x;
    struct state_form form;
    int r = 0;

    if (of.n == 0)
        return 0;
    if (id_parse(of, &s->of) < 0)
        r = -CE_NOT_FOUND;
    if (r == 0)
        r = state_submission_get(v->s, &v->who.actor, s->of, v->arena, &x, NULL);
    if (r == 0)
        r = state_form_get(v->s, &v->who.actor, x.form, v->arena, &form, NULL);
    if (r < 0 || !slice_eq(form.name, s->form.form->id))
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    s->unit = x.unit;
    s->theirs = !id_eq(x.unit, v->who.actor.unit);
    s->period = record_period_at(s->form.form->every, x.start, ZONE_OWN);
    return 0;
}

int form_page_open(struct form_page *s, struct visit *v, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct state_unit unit;
    int r;

    *s = (struct form_page){.v = v, .rec = form_page_record(v), .unit = v->who.actor.unit};
    r = record_form_find(&s->rec, v->x->params[0], &s->form, err);
    if (r == 0)
        r = find_period(s, err);
    if (r == 0)
        r = find_submission(s, err);
    if (r == 0)
        r = state_unit_get(v->s, &all, s->unit, v->arena, &unit, err);
    if (r == 0 && !record_form_asks(s->form.form, unit.kind))
        r = err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    if (r < 0)
        return r;
    page_set(v->page, "sheet_unit", s->theirs ? unit.name : SLICE_NULL);
    s->places = arena_new_array(v->arena, (size_t)s->form.form->field_count * (FORM_PAGE_ROWS + 1),
                                struct place);
    if (s->places == NULL)
        return err_nomem(err);
    r = record_known_read(&s->rec, s->form.form, s->unit, &s->period, &s->known, err);
    s->base = s->known.standing.version ? s->known.standing.id : STATE_ID_NONE;
    return r;
}

/* The answers of a kind that brings its own (field_types[].own), as the page sends them. */
static const char *const own_ids[] = {"yes", "no"};

/* An answer as a field of the page takes it. */
static struct slice append_value(struct form_page *s, const struct answer *a)
{
    const struct form *f = s->form.form;
    const struct form_field *field = &f->fields[a->field];
    enum field_shape shape = field_types[field->kind].shape;
    struct buf out = BUF_INIT(8000);
    struct civil c;
    struct slice kept;

    if (a->kind == ANSWER_NUMBER && shape == SHAPE_LIST) {
        buf_puts(&out, own_ids[a->number == 0]);
    } else if (a->kind == ANSWER_NUMBER) {
        number_write(&out, a->number);
    } else if (a->kind == ANSWER_TEXT) {
        buf_append_slice(&out, a->text);
    } else if (a->kind == ANSWER_TIME && shape == SHAPE_CLOCK) {
        buf_printf(&out, "%02lld:%02lld", (long long)a->time / 60, (long long)a->time % 60);
    } else if (a->kind == ANSWER_TIME) {
        bool date = shape == SHAPE_DATE;

        time_to_civil(a->time * (date ? TIME_DAY : TIME_MINUTE), 0, &c);
        buf_printf(&out, "%04d-%02u-%02u", c.year, c.month, c.day);
        if (!date)
            buf_printf(&out, "T%02u:%02u", c.hour, c.minute);
    }
    kept = arena_dup(s->v->arena, buf_slice(&out));
    buf_done(&out);
    return kept;
}

void form_page_set_answer(struct form_page *s, const struct answer *a)
{
    struct place *p = form_page_place(s, a->field, a->row);

    p->nothing = a->kind == ANSWER_NOTHING;
    p->typed = append_value(s, a);
}

/* What stands, else what is carried over from the period before. */
void form_page_fill_known(struct form_page *s)
{
    const struct form *f = s->form.form;
    const struct answers *from = s->known.now ? s->known.now : s->known.before;

    for (uint32_t i = 0; from && i < from->count; i++) {
        const struct answer *a = &from->v[i];

        if (a->row <= FORM_PAGE_ROWS && (s->known.now || f->fields[a->field].carry))
            form_page_set_answer(s, a);
    }
}

static bool is_same(struct form_page *s, const struct place *typed, const struct answer *a)
{
    if (typed->nothing || (a && a->kind == ANSWER_NOTHING))
        return typed->nothing && a && a->kind == ANSWER_NOTHING;
    return slice_eq(slice_trim(typed->typed), a ? append_value(s, a) : SLICE_NULL);
}

/* What a place had when somebody began to type; NULL: nothing. */
static const struct answer *begun_with(const struct form_page *s, const struct answers *base,
                                       uint32_t field, uint32_t row)
{
    if (base)
        return answers_find(base, field, row);
    return s->known.before && s->form.form->fields[field].carry
               ? answers_find(s->known.before, field, row)
               : NULL;
}

static void set_place_beside(struct form_page *s, const struct answers *base, uint32_t field,
                             uint32_t row)
{
    const struct answer *now = answers_find(s->known.now, field, row);
    struct place *p = form_page_place(s, field, row);

    if (is_same(s, p, now) || s->form.form->fields[field].hours_from > 0)
        return;
    p->overtaken = true;
    if (!is_same(s, p, begun_with(s, base, field, row)))
        return;
    p->typed = SLICE_NULL;
    p->nothing = false;
    if (now)
        form_page_set_answer(s, now);
}

/* What was there when somebody began; NULL: nothing, or what they may not read (any more). */
static int read_base(struct form_page *s, struct state_id base, struct answers **ret,
                     struct err *err)
{
    struct state_submission x;

    *ret = NULL;
    if (id_is_none(base) ||
        state_submission_get(s->v->s, &s->v->who.actor, base, s->v->arena, &x, NULL) < 0)
        return 0;
    *ret = arena_new(s->v->arena, struct answers);
    return *ret ? record_form_answers(&s->rec, s->form.form, &x, *ret, err) : err_nomem(err);
}

int form_page_set_beside(struct form_page *s, struct state_id base, struct err *err)
{
    const struct form *f = s->form.form;
    struct answers *was = NULL;
    int r = s->known.now ? read_base(s, base, &was, err) : 0;

    if (s->known.now == NULL)
        return 0;
    for (uint32_t i = 0; r == 0 && i < f->field_count; i++)
        for (uint32_t row = 0; !field_types[f->fields[i].kind].file && row <= FORM_PAGE_ROWS; row++)
            set_place_beside(s, was, i, row);
    return r;
}

/* The page. */

static void write_option(struct page_scope *p, struct slice id, const char *title,
                         struct slice chosen)
{
    struct page_scope *row = page_add(p, "options");

    page_set(row, "option", id);
    page_set_text(row, "option_title", title);
    page_set_flag(row, "chosen", slice_eq(id, chosen));
}

static void write_options(struct form_page *s, struct page_scope *p, const struct form_field *field,
                          struct slice chosen)
{
    const struct field_type *type = &field_types[field->kind];
    enum lang lang = s->v->lang;

    for (size_t i = 0; i < CANH_LEN(type->own) && type->own[i]; i++)
        write_option(p, slice_str(own_ids[i]), lang_text(lang, type->own[i]), chosen);
    for (uint32_t i = 0; i < field->choice_count; i++) {
        struct buf title = BUF_INIT(1000);

        buf_append_slice(&title, title_in(&field->choices[i].title, lang));
        write_option(p, field->choices[i].id, buf_cstr(&title), chosen);
        buf_done(&title);
    }
}

static void write_name(struct page_scope *p, const char *key, const char *head,
                       const struct form_field *field, uint32_t row)
{
    struct buf name = BUF_INIT(400);

    buf_printf(&name, "%s." SLICE_FMT, head, SLICE_ARG(field->id));
    if (row)
        buf_printf(&name, ".%u", row);
    page_set_buf(p, key, &name);
}

/* Beside a place that was overtaken: what stands there. */
static void write_standing_answer(struct form_page *s, struct page_scope *p,
                                  const struct form_field *field, uint32_t row)
{
    const struct answer *now = answers_find(s->known.now, field->index, row);
    struct buf text = BUF_INIT(8000);

    if (now)
        answer_write(&text, s->form.form, now, s->v->lang);
    if (text.len == 0)
        buf_puts(&text, "–");
    page_set_buf(p, "field_stands", &text);
}

static void append_field(struct form_page *s, struct page_scope *p, const struct form_field *field,
                         uint32_t row)
{
    static const char *const inputs[SHAPE_MAX] = {
        [SHAPE_TEXT] = "is_text",     [SHAPE_CODE] = "is_text", [SHAPE_NUMBER] = "is_number",
        [SHAPE_COUNT] = "is_count",   [SHAPE_DATE] = "is_date", [SHAPE_CLOCK] = "is_time",
        [SHAPE_MOMENT] = "is_moment", [SHAPE_LIST] = "is_list"};
    enum field_shape shape = field_types[field->kind].shape;
    const struct place *place = form_page_place(s, field->index, row);
    const struct answer *before =
        s->known.before && row == 0 ? answers_find(s->known.before, field->index, 0) : NULL;
    struct buf was = BUF_INIT(4000);

    write_name(p, "field_name", "f", field, row);
    write_name(p, "nothing_name", "n", field, row);
    write_name(p, "field_id", "i", field, row);
    page_set(p, "field_title", title_in(&field->title, s->v->lang));
    page_set(p, "field_unit", title_in(&field->unit, s->v->lang));
    page_set(p, "field_hint", title_in(&field->hint, s->v->lang));
    page_set_flag(p, "field_required", field->required);
    page_set_flag(p, "field_nothing", field->nothing);
    page_set_flag(p, "nothing_set", place->nothing);
    page_set(p, "field_value", place->typed);
    page_set(p, "field_problem", place->problem);
    page_set_text(p, "field_class",
                  place->problem.n   ? "is-wrong"
                  : place->overtaken ? "is-overtaken"
                                     : "is-fine");
    if (place->overtaken)
        write_standing_answer(s, p, field, row);
    page_set_flag(p, field->hours_from ? "is_counted" : inputs[shape], true);
    if (shape == SHAPE_LIST)
        write_options(s, p, field, place->typed);
    if (before)
        answer_write(&was, s->form.form, before, s->v->lang);
    page_set_buf(p, "field_before", &was);
}

/* How many rows of a repeated group are shown: what is there, and some to write into. */
static uint32_t rows_of(struct form_page *s, const struct form_group *g)
{
    uint32_t used = 0;

    for (uint32_t i = g->first; i < g->first + g->count; i++)
        for (uint32_t row = 1; row <= FORM_PAGE_ROWS; row++)
            if (form_page_place(s, i, row)->typed.n || form_page_place(s, i, row)->nothing)
                used = CANH_MAX(used, row);
    return CANH_MIN(used + ROWS_FREE, CANH_MIN(g->rows, (uint32_t)FORM_PAGE_ROWS));
}

static void write_group(struct form_page *s, const struct form_group *g)
{
    struct page_scope *p = page_add(s->v->page, "groups");
    uint32_t first = g->rows ? 1 : 0, last = g->rows ? rows_of(s, g) : 0;

    page_set(p, "group_title", title_in(&g->title, s->v->lang));
    page_set(p, "group_hint", title_in(&g->hint, s->v->lang));
    for (uint32_t row = first; row <= last; row++) {
        struct page_scope *r = page_add(p, "rows");

        if (row)
            page_set_i64(r, "row_number", row);
        for (uint32_t i = g->first; i < g->first + g->count; i++)
            if (!field_types[s->form.form->fields[i].kind].file)
                append_field(s, page_add(r, "fields"), &s->form.form->fields[i], row);
    }
}

static const char *every_word(const struct visit *v, enum form_every every)
{
    static const msg_id words[FORM_EVERY_MAX] = {MSG_CONSOLE_EVERY_SHIFT, MSG_CONSOLE_EVERY_DAY,
                                                 MSG_CONSOLE_EVERY_WEEK,  MSG_CONSOLE_EVERY_MONTH,
                                                 MSG_CONSOLE_EVERY_EVENT, MSG_CONSOLE_EVERY_ONCE};

    return lang_text(v->lang, words[every]);
}

void form_page_write_standing(struct visit *v, struct page_scope *p,
                              const struct state_submission *x)
{
    static const char *const marks[] = {"late", "late", "sent", "on", "missed"};
    static const msg_id words[] = {MSG_CONSOLE_FORM_OPEN, MSG_CONSOLE_FORM_OPEN,
                                   MSG_CONSOLE_FORM_SENT, MSG_CONSOLE_FORM_APPROVED,
                                   MSG_CONSOLE_FORM_BACK};
    size_t i =
        x->version && x->state > 0 && (size_t)x->state < CANH_LEN(words) ? (size_t)x->state : 0;

    page_set_text(p, "form_mark", marks[i]);
    page_set_text(p, "form_state", lang_text(v->lang, words[i]));
    if (x->version)
        page_set_recorded(v, p, "form_sent", x->sent_at, false);
    if (x->state == STATE_SUBMISSION_RETURNED)
        page_set(p, "form_note", x->note);
}

void form_page_write_period(struct visit *v, struct page_scope *p, const struct form *f,
                            const struct record_period *period)
{
    struct buf days = BUF_INIT(200);

    if (record_period_repeats(f->every))
        write_days(&days, v->lang, period->start, period->stop);
    page_set_buf(p, "form_period", &days);
}

void form_page_write_head(struct visit *v, struct page_scope *p, const struct form *f)
{
    page_set(p, "form", f->id);
    page_set(p, "form_title", title_in(&f->title, v->lang));
    page_set(p, "form_about", title_in(&f->note, v->lang));
    page_set(p, "form_source", title_in(&f->source, v->lang));
    page_set_text(p, "form_every", every_word(v, f->every));
    page_set_flag(p, "form_is_event", f->every == EVERY_EVENT);
}

/* Where a photograph may go: a field, or each row of one that repeats. */
static void write_photo(struct form_page *s)
{
    const struct form *f = s->form.form;

    for (uint32_t i = 0; i < f->field_count; i++) {
        const struct form_field *field = &f->fields[i];
        uint32_t rows = CANH_MIN(f->groups[field->group].rows, (uint32_t)FORM_PAGE_ROWS);

        if (!field_types[field->kind].file)
            continue;
        page_set_flag(s->v->page, "takes_photo", true);
        for (uint32_t row = rows ? 1 : 0; row <= rows; row++) {
            struct page_scope *p = page_add(s->v->page, "photo_places");
            struct buf title = BUF_INIT(1000);

            buf_append_slice(&title, title_in(&field->title, s->v->lang));
            if (row)
                buf_printf(&title, " – %s %u", lang_text(s->v->lang, MSG_CONSOLE_FORM_ROW), row);
            write_name(p, "photo_place", "p", field, row);
            page_set_buf(p, "photo_title", &title);
            page_set_flag(p, "photo_kept", form_page_place(s, i, row)->typed.n > 0);
        }
    }
}

int form_page_show(struct form_page *s, struct slice message, unsigned status, struct err *err)
{
    const struct form *f = s->form.form;
    struct page_scope *p = s->v->page;
    struct buf day = BUF_INIT(40), base = BUF_INIT(64), of = BUF_INIT(64);
    struct civil c;
    int r;

    form_page_write_head(s->v, p, f);
    form_page_write_period(s->v, p, f, &s->period);
    form_page_write_standing(s->v, p, &s->known.standing);
    page_set(p, "message", message);
    if (!id_is_none(s->base))
        id_write(&base, s->base);
    page_set_buf(p, "form_base", &base);
    if (!id_is_none(s->of))
        id_write(&of, s->of);
    page_set_buf(p, "form_of", &of);
    page_set_flag(p, "may_send", !s->theirs && (WHO_DUTY & 1u << s->v->who.actor.role));
    write_photo(s);
    time_to_civil(s->period.start, ZONE_OWN, &c);
    buf_printf(&day, "%04d-%02u-%02u", c.year, c.month, c.day);
    page_set(p, "form_key", buf_slice(&day));
    page_set_buf(p, "form_day", &day);
    for (uint32_t i = 0; i < f->group_count; i++)
        write_group(s, &f->groups[i]);
    r = visit_page(s->v, "form", err);
    s->v->x->reply.status = status;
    return r;
}

struct slice form_page_words(struct visit *v, const struct err *err)
{
    struct buf words = BUF_INIT(2000);
    struct slice kept;

    error_write(&words, v->lang, err);
    kept = arena_dup(v->arena, buf_slice(&words));
    buf_done(&words);
    return kept;
}
