/* SPDX-License-Identifier: Apache-2.0 */
/* Who stands on duty now, and who next. */
#include "view/shifts.h"

#include "base/time.h"
#include "lang/msg_duty.h"
#include "lang/msg_list.h"
#include "roster/hours.h"
#include "state/clock.h"

#define SPAN_COLUMNS                                                                               \
    {.key = "unit", .title = MSG_LIST_UNIT, .rank = 2},                                            \
        {.key = "post", .title = MSG_DUTY_COL_POST},                                               \
        {.key = "name", .title = MSG_DUTY_COL_POST_NAME, .rank = 3, .wrap = true},                 \
        {.key = "from", .title = MSG_DUTY_COL_FROM, .kind = TABLE_TIME},                           \
        {.key = "until", .title = MSG_DUTY_COL_UNTIL, .kind = TABLE_TIME, .rank = 1},              \
        {.key = "person", .title = MSG_LIST_PERSON, .wrap = true},                                 \
        {.key = "presence",                                                                        \
         .title = MSG_DUTY_COL_PRESENCE,                                                           \
         .kind = TABLE_WORD,                                                                       \
         .reader = TABLE_PROGRAMS},                                                                \
    {                                                                                              \
        .key = "via", .title = MSG_DUTY_COL_POST, .reader = TABLE_PROGRAMS                         \
    }

static const struct table_column now_columns[] = {
    SPAN_COLUMNS,
    {.key = "standing",
     .title = MSG_DUTY_COL_STANDING,
     .kind = TABLE_WORD,
     .width = 16,
     .wrap = true},
    {.key = "since", .title = MSG_DUTY_COL_SINCE, .kind = TABLE_TIME, .reader = TABLE_PROGRAMS},
};
static const struct table_column next_columns[] = {SPAN_COLUMNS};

/* What is being listed. */
struct spans_ctx {
    const struct view_ctx *c;
    const struct duty_picture *p;
    struct duty_load load;
    struct duty_names names;
    struct duty_ics words;
    uint32_t post;
    bool standing; /* how shifts are stood is told, too */
    struct table *t;
};

/* In place: the names point to the load in it. */
static void spans_begin(struct spans_ctx *x, const struct view_ctx *c, const struct duty_picture *p,
                        bool standing, struct table *t)
{
    *x = (struct spans_ctx){
        .c = c,
        .p = p,
        .load = p->load,
        .words = {.on_call = slice_str(lang_text(c->lang, MSG_DUTY_ON_CALL)),
                  .via = slice_str(lang_text(c->lang, MSG_DUTY_VIA)),
                  .now = c->at},
        .standing = standing,
        .t = t,
    };
    x->names = duty_load_names(&x->load);
}

static void write_span(const struct spans_ctx *x, int64_t from, int64_t until)
{
    const struct state_post *post = &x->p->load.posts[x->post];

    table_text(x->t, view_unit_code(x->c, post->unit));
    table_text(x->t, post->code);
    table_text(x->t, post->name);
    table_time(x->t, from);
    view_write_end(x->c, x->t, until);
}

static void write_person(const struct spans_ctx *x, const struct duty_who *who)
{
    struct duty_on one = {.count = 1, .who = {*who}};
    struct buf shown = BUF_INIT(64 * 1024);
    bool away = who->presence == DUTY_ON_CALL;

    duty_write_people(&shown, &one, &x->names, &x->words);
    table_text(x->t, x->p->load.names[who->person]);
    table_shown(x->t, buf_slice(&shown));
    table_word(x->t, away ? "on-call" : "on-site", away ? MSG_DUTY_ON_CALL : MSG_DUTY_ON_SITE);
    if (who->via == DUTY_NO_POST)
        table_absent(x->t);
    else
        table_text(x->t, x->p->load.posts[who->via].code);
    buf_done(&shown);
}

static enum table_mark mark_of(enum duty_standing s)
{
    return s == DUTY_ON || s == DUTY_HANDED        ? TABLE_GOOD
           : s == DUTY_LATE || s == DUTY_MISSED    ? TABLE_BAD
           : s == DUTY_SILENT || s == DUTY_OVERDUE ? TABLE_WARN
                                                   : TABLE_PLAIN;
}

static void write_standing(const struct spans_ctx *x, const struct duty_shift *shift)
{
    const struct duty_load *l = &x->p->load;
    struct buf text = BUF_INIT(64 * 1024);
    const struct duty_fact *fact;
    struct duty_stand stand = duty_standing(l, &x->p->facts, shift, x->c->at, &fact);

    view_write_standing(x->c, l, x->post, &stand, fact, &text);
    table_word_text(x->t, slice_str(duty_standing_to_str(stand.standing)), buf_slice(&text));
    table_mark(x->t, mark_of(stand.standing));
    view_write_recorded(x->c, x->t, fact ? fact->row.in_at : 0, false);
    buf_done(&text);
}

/* Missing, or not needed then. */
static void write_nobody(const struct spans_ctx *x, int64_t from, int64_t until)
{
    const struct duty_post *p = &x->p->load.plan.posts[x->post];
    bool needed = p->people > 0 && duty_time_in(&p->hours, p->offset_s, from, until) > 0;
    struct slice word =
        slice_str(lang_text(x->c->lang, needed ? MSG_DUTY_NOBODY : MSG_DUTY_NOT_NEEDED));

    write_span(x, from, until);
    table_nothing(x->t);
    table_shown(x->t, word);
    table_mark(x->t, needed ? TABLE_BAD : TABLE_PLAIN);
    table_absent(x->t);
    table_absent(x->t);
    if (x->standing)
        table_word_text(x->t, needed ? SLICE("gap") : SLICE("not-needed"), SLICE(""));
    table_row_end(x->t);
}

static int write_on(void *u, const struct duty_on *on)
{
    struct spans_ctx *x = u;

    if (on->count == 0)
        write_nobody(x, on->from, on->until);
    for (unsigned i = 0; i < on->count; i++) {
        write_span(x, on->from, on->until);
        write_person(x, &on->who[i]);
        table_row_end(x->t);
    }
    return x->t->error;
}

static void write_now(struct spans_ctx *x)
{
    const struct duty_plan *plan = &x->p->load.plan;
    const struct duty_post *post = &plan->posts[x->post];
    struct duty_shift shift;
    struct duty_on on;

    duty_at(plan, x->post, x->c->at, &on);
    if (on.count == 0) { /* as needed now, or not */
        (void)hours_at(&post->hours, post->offset_s, x->c->at, &on.from, &on.until);
        write_nobody(x, on.from, on.until);
    }
    for (unsigned i = 0; i < on.count; i++) {
        if (!duty_shift_at(plan, x->post, x->c->at, on.who[i].person, &shift))
            continue;
        write_span(x, shift.from, shift.until);
        write_person(x, &on.who[i]);
        write_standing(x, &shift);
        table_row_end(x->t);
    }
}

bool view_is_asked(const struct duty_load *l, uint32_t post, const struct view_query *q)
{
    return post < l->asked && (q->code.n == 0 || slice_eq(l->posts[post].code, q->code));
}

int view_duty_now(const struct view_ctx *c, const struct duty_picture *p,
                  const struct view_query *q, struct table *ret, struct err *err)
{
    struct spans_ctx x;

    spans_begin(&x, c, p, true, ret);
    VIEW_BEGIN(c, ret, "duty-now", now_columns);
    for (x.post = 0; x.post < p->load.asked; x.post++) {
        if (view_is_asked(&p->load, x.post, q))
            write_now(&x);
    }
    return view_end(ret, 0, err);
}

int view_duty_next(const struct view_ctx *c, const struct duty_picture *p,
                   const struct view_query *q, struct table *ret, struct err *err)
{
    struct spans_ctx x;

    spans_begin(&x, c, p, false, ret);
    VIEW_BEGIN(c, ret, "duty-next", next_columns);
    for (x.post = 0; x.post < p->load.asked; x.post++) {
        if (view_is_asked(&p->load, x.post, q))
            (void)duty_spans(&p->load.plan, x.post, q->from, q->to, write_on, &x);
    }
    return view_end(ret, 0, err);
}

static const msg_id standing_words[DUTY_STANDING_MAX] = {
    [DUTY_EXPECTED] = MSG_DUTY_IS_EXPECTED,
    [DUTY_LATE] = MSG_DUTY_IS_LATE,
    [DUTY_ON] = MSG_DUTY_IS_ON,
    [DUTY_SILENT] = MSG_DUTY_IS_SILENT,
    [DUTY_OVERDUE] = MSG_DUTY_IS_OVERDUE,
    [DUTY_LEFT] = MSG_DUTY_IS_LEFT,
    [DUTY_HANDED] = MSG_DUTY_IS_HANDED,
    [DUTY_MISSED] = MSG_DUTY_IS_MISSED,
};

void view_write_minutes(enum lang lang, int64_t time, struct buf *out)
{
    int64_t minutes = time / TIME_MINUTE;

    if (minutes < 120)
        lang_write(out, lang, MSG_DUTY_MINUTES, minutes);
    else
        lang_write(out, lang, MSG_DUTY_HOURS_MINUTES, minutes / 60, minutes % 60);
}

static void append_clock(struct buf *out, int64_t t, int offset_s)
{
    struct civil c;

    time_to_civil(t, offset_s, &c);
    buf_printf(out, "%02u:%02u", c.hour, c.minute);
}

void view_write_standing(const struct view_ctx *c, const struct duty_load *l, uint32_t post,
                         const struct duty_stand *s, const struct duty_fact *fact, struct buf *out)
{
    int offset_s = l->plan.posts[post].offset_s;

    buf_puts(out, lang_text(c->lang, standing_words[s->standing]));
    if (s->standing == DUTY_LATE) {
        buf_putc(out, ' ');
        view_write_minutes(c->lang, s->late_by, out);
    }
    if (!fact || fact->row.in_at == 0)
        return;
    buf_puts(out, s->standing == DUTY_ON ? " " : ", ");
    lang_write(out, c->lang, MSG_DUTY_SINCE);
    append_clock(out, fact->row.in_at, offset_s);
    buf_puts(out, view_clock_sign(c, fact->row.in_at, false));
    if (s->standing == DUTY_SILENT) {
        lang_write(out, c->lang, MSG_DUTY_LAST_SIGN);
        append_clock(out, s->last_sign, offset_s);
    }
    if (s->signs_due > 0)
        lang_write(out, c->lang, MSG_DUTY_SIGNS, s->signs, s->signs_due);
    if (!id_eq(fact->row.actual, fact->row.planned) && !id_is_none(fact->row.planned))
        lang_write(out, c->lang, MSG_DUTY_STANDS_IN,
                   SLICE_ARG(view_duty_person(c, l, fact->row.actual)));
    if (fact->row.backfilled)
        buf_puts(out, lang_text(c->lang, MSG_DUTY_BACKFILLED));
    if (fact->row.entered_by.n)
        lang_write(out, c->lang, MSG_DUTY_ENTERED_BY, SLICE_ARG(fact->row.entered_by));
    if (*state_clock_word(c->state, fact->row.in_received, fact->row.clock_back) == 'd')
        buf_puts(out, lang_text(c->lang, MSG_DUTY_CLOCK_MARK));
}

struct slice view_duty_person(const struct view_ctx *c, const struct duty_load *l,
                              struct state_id person)
{
    return duty_person_name(c->state, l, person, c->arena);
}
