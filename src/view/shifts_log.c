/* SPDX-License-Identifier: Apache-2.0 */
/* The log of shifts, what waits to be taken over, and the terms of duty. */
#include "base/time.h"
#include "lang/msg_duty.h"
#include "lang/msg_list.h"
#include "view/shifts.h"

static const struct table_column log_columns[] = {
    {.key = "post", .title = MSG_DUTY_COL_POST, .rank = 3},
    {.key = "shift", .title = MSG_DUTY_COL_SHIFT, .kind = TABLE_TIME, .rank = 5},
    {.key = "id", .title = MSG_DUTY_COL_ID, .kind = TABLE_ID},
    {.key = "at", .title = MSG_DUTY_COL_AT, .kind = TABLE_TIME},
    {.key = "received",
     .title = MSG_DUTY_COL_RECEIVED,
     .kind = TABLE_TIME,
     .reader = TABLE_PROGRAMS},
    {.key = "person", .title = MSG_LIST_PERSON, .rank = 2, .wrap = true},
    {.key = "what", .title = MSG_DUTY_COL_WHAT, .width = 14, .wrap = true},
    {.key = "source", .title = MSG_DUTY_COL_SOURCE, .rank = 1, .width = 9, .wrap = true},
    {.key = "action", .title = MSG_DUTY_COL_ACTION, .width = 10, .wrap = true},
    {.key = "result", .title = MSG_DUTY_COL_RESULT, .width = 9, .wrap = true},
    {.key = "corrects", .title = MSG_DUTY_COL_CORRECTS, .kind = TABLE_ID, .reader = TABLE_PROGRAMS},
    {.key = "backfilled",
     .title = MSG_DUTY_COL_BACKFILLED,
     .kind = TABLE_FLAG,
     .reader = TABLE_PROGRAMS},
};

/* The text with what is to be said of the line itself. */
static void write_what(const struct view_ctx *c, struct table *t, const struct state_line *x)
{
    struct buf shown = BUF_INIT(1 << 20), id = BUF_INIT(64);

    table_text(t, x->what);
    buf_append_slice(&shown, x->what);
    if (!id_is_none(x->corrects)) {
        id_write(&id, x->corrects);
        buf_puts(&shown, lang_text(c->lang, MSG_DUTY_LOG_CORRECTS));
        buf_append_slice(&shown, slice_head(buf_slice(&id), TABLE_ID_SHOWN));
        buf_putc(&shown, ')');
    }
    if (x->backfilled)
        buf_puts(&shown, lang_text(c->lang, MSG_DUTY_BACKFILLED));
    table_shown(t, buf_slice(&shown));
    buf_done(&shown);
    buf_done(&id);
}

static void write_line(const struct view_ctx *c, const struct duty_load *l,
                       const struct duty_fact *fact, const struct state_line *x, struct table *t)
{
    table_text(t, l->posts[fact->post].code);
    table_time(t, fact->row.start);
    view_write_id(t, x->id);
    view_write_recorded(c, t, x->at, false);
    view_write_recorded(c, t, x->created, false);
    table_text(t, view_duty_person(c, l, x->person));
    write_what(c, t, x);
    table_text(t, x->source);
    table_text(t, x->action);
    table_text(t, x->result);
    if (id_is_none(x->corrects))
        table_absent(t);
    else
        view_write_id(t, x->corrects);
    table_flag(t, x->backfilled);
    table_row_end(t);
}

static int write_shift(const struct view_ctx *c, const struct duty_load *l,
                       const struct duty_fact *fact, struct table *t, struct err *err)
{
    struct state_query q = {.ref = fact->row.id};
    struct state_line *rows;
    size_t n = 0;
    int r = state_line_list(c->state, c->actor, &q, c->arena, &rows, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++)
        write_line(c, l, fact, &rows[i], t);
    return r;
}

int view_duty_log(const struct view_ctx *c, const struct duty_picture *p,
                  const struct view_query *q, struct table *ret, struct err *err)
{
    int r = 0;

    VIEW_BEGIN(c, ret, "duty-log", log_columns);
    for (size_t i = 0; r == 0 && i < p->facts.count; i++) {
        const struct duty_fact *fact = &p->facts.items[i];

        if (view_is_asked(&p->load, fact->post, q) && fact->row.stop > q->from &&
            fact->row.start <= c->at)
            r = write_shift(c, &p->load, fact, ret, err);
    }
    return view_end(ret, r, err);
}

static const struct table_column handover_columns[] = {
    {.key = "post", .title = MSG_DUTY_COL_POST},
    {.key = "giver", .title = MSG_DUTY_COL_GIVER, .wrap = true},
    {.key = "signed", .title = MSG_DUTY_COL_SIGNED, .kind = TABLE_TIME},
    {.key = "note", .title = MSG_DUTY_COL_NOTE, .wrap = true},
    {.key = "objection", .title = MSG_DUTY_COL_OBJECTION, .wrap = true},
    {.key = "objected", .title = MSG_DUTY_COL_OBJECTED, .kind = TABLE_TIME, .rank = 1},
};

int view_handover(const struct view_ctx *c, struct slice post, const struct state_handover *x,
                  struct table *ret, struct err *err)
{
    const struct duty_load none = {.person_count = 0};

    VIEW_BEGIN(c, ret, "handover", handover_columns);
    table_text(ret, post);
    table_text(ret, view_duty_person(c, &none, x->giver));
    view_write_recorded(c, ret, x->giver_at, false);
    table_text(ret, x->note);
    table_text(ret, x->objection);
    view_write_recorded(c, ret, x->objected_at, false);
    table_row_end(ret);
    return view_end(ret, 0, err);
}

static const struct table_column terms_columns[] = {
    {.key = "of", .title = MSG_LIST_UNIT, .reader = TABLE_PROGRAMS},
    {.key = "source", .title = MSG_DUTY_COL_SOURCE, .reader = TABLE_PROGRAMS},
    {.key = "term", .title = MSG_DUTY_COL_TERM, .kind = TABLE_WORD, .width = 24, .wrap = true},
    {.key = "minutes",
     .title = MSG_DUTY_COL_TERM_VALUE,
     .kind = TABLE_NUMBER,
     .align = TABLE_LEFT,
     .width = 14},
    {.key = "hours", .title = MSG_DUTY_COL_TERM_VALUE, .reader = TABLE_PROGRAMS},
};

struct terms_ctx {
    const struct view_ctx *c;
    const struct duty_terms_found *x;
    struct slice of;
    struct table *t;
};

static void write_term(const struct terms_ctx *x, const struct view_word *term, int64_t minutes)
{
    struct buf shown = BUF_INIT(200);

    if (x->of.n)
        table_text(x->t, x->of);
    else
        table_nothing(x->t);
    table_text(x->t, x->x->source);
    view_write_word(x->t, term);
    table_number(x->t, minutes);
    lang_write(&shown, x->c->lang, MSG_DUTY_MINUTES, minutes);
    table_shown(x->t, buf_slice(&shown));
    table_absent(x->t);
    table_row_end(x->t);
    buf_done(&shown);
}

static void write_night(const struct terms_ctx *x)
{
    static const struct view_word night = {"night", MSG_DUTY_TERMS_NIGHT};
    struct slice hours = duty_terms_night(x->x->yaml, x->c->arena);

    if (x->of.n)
        table_text(x->t, x->of);
    else
        table_nothing(x->t);
    table_text(x->t, x->x->source);
    view_write_word(x->t, &night);
    table_absent(x->t);
    table_shown(x->t, hours);
    table_text(x->t, hours);
    table_row_end(x->t);
}

int view_duty_terms(const struct view_ctx *c, const struct duty_terms_found *found, struct slice of,
                    struct table *ret, struct err *err)
{
    static const struct view_word tells[DUTY_TELL_MAX] = {{"tell-person", MSG_DUTY_TERMS_PERSON},
                                                          {"tell-deputy", MSG_DUTY_TERMS_DEPUTY},
                                                          {"tell-head", MSG_DUTY_TERMS_HEAD},
                                                          {"tell-hub", MSG_DUTY_TERMS_HUB}};
    static const struct view_word lengths[] = {{"mark-grace", MSG_DUTY_TERMS_MARK_GRACE},
                                               {"early", MSG_DUTY_TERMS_EARLY},
                                               {"typed-later", MSG_DUTY_TERMS_TYPED_LATER},
                                               {"night-turn", MSG_DUTY_TERMS_NIGHT_TURN}};
    const struct duty_terms *t = &found->terms;
    const int64_t times[] = {t->mark_grace, t->early, t->typed_later, t->night_turn};
    struct terms_ctx x = {.c = c, .x = found, .of = of, .t = ret};

    VIEW_BEGIN(c, ret, "duty-terms", terms_columns);
    for (size_t i = 0; i < t->step_count; i++)
        write_term(&x, &tells[t->ladder[i].tell], t->ladder[i].minutes);
    write_night(&x);
    for (size_t i = 0; i < CANH_LEN(lengths); i++)
        write_term(&x, &lengths[i], times[i] / TIME_MINUTE);
    return view_end(ret, 0, err);
}
