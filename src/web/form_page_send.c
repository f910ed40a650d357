/* SPDX-License-Identifier: Apache-2.0 */
/* A form sent from a page, or by the API. */
#include "base/time.h"
#include "lang/err_web.h"
#include "lang/msg_console.h"
#include "state/evidence.h"
#include "web/api.h"
#include "web/form_page.h"

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
static bool read_place(struct form_page *s, const struct form_field *field, uint32_t row, int year,
                       struct answers *to)
{
    struct place *p = form_page_place(s, field->index, row);
    struct cell cell = {.kind = CELL_TEXT};
    struct answer x = {.row = row};
    struct err why = ERR_INIT;

    if (field->hours_from > 0) /* the page does not ask for it */
        return true;
    p->typed = typed_of(s->v, "f", field, row);
    p->nothing = typed_of(s->v, "n", field, row).n > 0;
    if (p->nothing) {
        x = (struct answer){.field = field->index, .row = row, .kind = ANSWER_NOTHING};
    } else {
        cell.p = p->typed.p;
        cell.n = (uint32_t)p->typed.n;
        if (answer_read(s->form.form, field->index, &cell, year, &x, &why) < 0) {
            p->problem = form_page_words(s->v, &why);
            return false;
        }
        x.field = field->index;
        x.row = row;
    }
    if (x.kind != ANSWER_BLANK && to->count < FORM_VALUES_MAX)
        to->v[to->count++] = x;
    return true;
}

static bool read_places(struct form_page *s, struct answers *to)
{
    const struct form *f = s->form.form;
    struct civil c;
    bool fine = true;

    time_to_civil(s->period.start, ZONE_OWN, &c);
    for (uint32_t i = 0; i < f->field_count; i++) {
        const struct form_field *field = &f->fields[i];
        uint32_t rows = f->groups[field->group].rows;

        for (uint32_t row = rows ? 1 : 0; row <= (rows ? FORM_PAGE_ROWS : 0); row++)
            fine = read_place(s, field, row, c.year, to) && fine;
    }
    return fine;
}

/* What cannot be accepted, at its place; the first that was found there is told. */
static void set_problems(struct form_page *s, const struct form_problem *list, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct form_problem *p = &list[i];
        struct place *to;

        if (p->field == UINT32_MAX)
            s->whole = p->message;
        if (p->finding || p->field >= s->form.form->field_count || p->row > FORM_PAGE_ROWS)
            continue;
        to = form_page_place(s, p->field, p->row);
        if (to->problem.n == 0)
            to->problem = p->message;
    }
}

/* Of a form that cannot be read in some place: what else is wrong, told in the same answer. */
static int check_others(struct form_page *s, const struct answers *a, struct err *err)
{
    const struct form *f = s->form.form;
    struct form_problem *list = NULL;
    uint32_t n = 0;
    int r = form_check(f, a, s->v->arena, &list, &n, err);

    if (r == 0)
        r = form_problems_word(f, list, n, s->v->lang, s->v->arena, err);
    if (r == 0)
        set_problems(s, list, n);
    return r;
}

msg_id form_page_refusal(enum record_outcome o)
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
static int form_page_send(struct form_page *s, const struct record_photo *photo,
                          struct record_sent *sent, msg_id *ret_message, struct err *err)
{
    struct visit *v = s->v;
    struct slice base = visit_given(v, "base");
    struct answers a = {.day = INT64_MIN,
                        .v = arena_new_array(v->arena, FORM_VALUES_MAX, struct answer)};
    struct record_entry e = {.form = &s->form,
                             .unit = s->unit,
                             .person = v->who.actor.person,
                             .answers = &a,
                             .how = "web",
                             .guarded = true,
                             .photos = photo,
                             .photo_count = photo != NULL};
    int64_t happened;
    int r;

    *ret_message = MSG_CONSOLE_FORM_WRONG;
    if (a.v == NULL)
        return err_nomem(err);
    if (base.n > 0 && id_parse(base, &e.base) < 0)
        return err_fail(err, CE_SYNTAX, ERR_WEB_WHAT_WAS_SENT_CANNOT_READ);
    s->base = e.base;
    if (!read_places(s, &a))
        return check_others(s, &a, err);
    happened = record_form_onset(s->form.form, &a, ZONE_OWN);
    if (s->form.form->every == EVERY_EVENT && id_is_none(s->of) && happened != INT64_MIN)
        s->period = record_period_at(EVERY_EVENT, happened, ZONE_OWN);
    e.period = s->period;
    r = record_send(&s->rec, &e, sent, err);
    if (r == 0)
        set_problems(s, sent->problems, sent->problem_count);
    if (r == 0 && sent->outcome == RECORD_CONFLICT) {
        r = form_page_set_beside(s, e.base, err);
        s->base = sent->standing.id;
    }
    *ret_message =
        r == 0 && !record_is_refused(sent->outcome) ? 0 : form_page_refusal(sent->outcome);
    return r;
}

static int form_page_reply(struct form_page *s, const struct record_sent *sent, msg_id message,
                           struct err *err)
{
    struct visit *v = s->v;

    if (message)
        return form_page_show(s, s->whole.n ? s->whole : slice_str(lang_text(v->lang, message)),
                              sent->outcome == RECORD_CONFLICT ? 409 : 422, err);
    desk_web_changed(v->web, "form", v->who.actor.unit, STATE_ID_NONE);
    return visit_goto(v, sent->outcome == RECORD_UNCHANGED ? SLICE("/forms?done=same")
                                                           : SLICE("/forms?done=sent"));
}

static int open_own(struct form_page *s, struct visit *v, struct err *err)
{
    int r = form_page_open(s, v, err);

    return r == 0 && s->theirs ? err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING) : r;
}

/* The field and row that the photograph is for: "p.photo", "p.photo.3". */
static bool find_photo_place(const struct form_page *s, struct record_photo *ret)
{
    const struct form *f = s->form.form;

    for (uint32_t i = 0; i < f->field_count; i++)
        for (uint32_t row = 0; field_types[f->fields[i].kind].file && row <= FORM_PAGE_ROWS;
             row++) {
            struct buf name = BUF_INIT(400);
            bool same;

            buf_printf(&name, "p." SLICE_FMT, SLICE_ARG(f->fields[i].id));
            if (row)
                buf_printf(&name, ".%u", row);
            same = slice_eq(visit_given(s->v, "photo_for"), buf_slice(&name));
            buf_done(&name);
            if (same) {
                ret->field = i;
                ret->row = row;
                return true;
            }
        }
    return false;
}

/* The photograph, without what stood beside the picture, goes with the form. */
static int send_with_photo(struct visit *v, const struct desk_file *file, struct err *err)
{
    struct record_photo photo = {.fd = file->fd,
                                 .name = v->file_name,
                                 .marking = SLICE(EVIDENCE_UNREAD)};
    struct record_sent sent = {.problem_count = 0};
    struct form_page s;
    msg_id message = 0;
    int r = open_own(&s, v, err);

    if (r == 0 && !find_photo_place(&s, &photo))
        r = err_fail(err, CE_MISSING, ERR_WEB_WHAT_WAS_SENT_CANNOT_READ);
    if (r == 0)
        r = form_page_send(&s, &photo, &sent, &message, err);
    return r < 0 ? r : form_page_reply(&s, &sent, message, err);
}

int post_form(struct visit *v, struct err *err)
{
    struct record_sent sent = {.problem_count = 0};
    struct form_page s;
    msg_id message = 0;
    int r = open_own(&s, v, err);

    if (r == 0 && v->file.n > 0 && visit_given(v, "photo_clear").n == 0)
        r = err_fail(err, CE_MISSING, ERR_WEB_PHOTO_NOT_DECLARED);
    if (r < 0)
        return r;
    if (v->file.n > 0)
        return visit_read_file(v, DESK_PICTURE, send_with_photo, err);
    r = form_page_send(&s, NULL, &sent, &message, err);
    return r < 0 ? r : form_page_reply(&s, &sent, message, err);
}

/* The same by the API. */

static void reply_sent(struct form_page *s, const struct record_sent *sent, msg_id message)
{
    static const char *const outcomes[] = {"sent",     "revised",  "unchanged", "refused",
                                           "conflict", "approved", "returned"};
    bool refused = message && !record_is_refused(sent->outcome);
    const struct form *f = s->form.form;
    struct json_write w;

    api_sent_begin(s->v, &w, refused ? "refused" : outcomes[sent->outcome]);
    for (uint32_t i = 0; i < f->field_count; i++)
        for (uint32_t row = 0; row <= FORM_PAGE_ROWS; row++)
            if (form_page_place(s, i, row)->problem.n > 0)
                api_write_problem(&w, f->fields[i].id, row, form_page_place(s, i, row)->problem);
    api_sent_end(&w);
}

int api_form_send(struct visit *v, struct err *err)
{
    struct record_sent sent = {.problem_count = 0};
    struct form_page s;
    msg_id message = 0;
    int r = open_own(&s, v, err);

    if (r == 0)
        r = form_page_send(&s, NULL, &sent, &message, err);
    if (r < 0)
        return r;
    if (!message)
        desk_web_changed(v->web, "form", v->who.actor.unit, STATE_ID_NONE);
    reply_sent(&s, &sent, message);
    return 0;
}
