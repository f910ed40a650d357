/* SPDX-License-Identifier: Apache-2.0 */
/* Shifts that are not stood as they should be, and who is told. */
#include "base/time.h"
#include "duty/missed_call.h"
#include "lang/msg_duty.h"
#include "lang/msg_list.h"
#include "view/shifts.h"

static const struct table_column missed_columns[] = {
    {.key = "unit", .title = MSG_LIST_UNIT, .rank = 1},
    {.key = "post", .title = MSG_DUTY_COL_POST},
    {.key = "from", .title = MSG_DUTY_COL_FROM, .kind = TABLE_TIME},
    {.key = "until", .title = MSG_DUTY_COL_UNTIL, .kind = TABLE_TIME, .rank = 2},
    {.key = "person", .title = MSG_LIST_PERSON, .wrap = true},
    {.key = "standing",
     .title = MSG_DUTY_COL_STANDING,
     .kind = TABLE_WORD,
     .width = 20,
     .wrap = true},
};

static const struct table_column call_columns[] = {
    {.key = "unit", .title = MSG_LIST_UNIT, .rank = 3},
    {.key = "post", .title = MSG_DUTY_COL_POST},
    {.key = "from", .title = MSG_DUTY_COL_FROM, .kind = TABLE_TIME, .rank = 2},
    {.key = "at", .title = MSG_DUTY_COL_CALL_AT, .kind = TABLE_TIME},
    {.key = "who", .title = MSG_DUTY_COL_CALL, .kind = TABLE_WORD, .wrap = true},
    {.key = "people", .title = MSG_LIST_PERSON, .kind = TABLE_LIST, .wrap = true},
    {.key = "due", .title = MSG_DUTY_COL_CALL_DUE, .kind = TABLE_FLAG, .wrap = true},
    {.key = "told", .title = MSG_DUTY_COL_TOLD, .kind = TABLE_TIME, .reader = TABLE_PROGRAMS},
    {.key = "told_by", .title = MSG_DUTY_COL_TOLD, .reader = TABLE_PROGRAMS},
};

struct missed_ctx {
    const struct view_ctx *c;
    const struct duty_picture *p;
    uint32_t post;
    struct table *t, *calls;
};

static bool is_trouble(enum duty_standing s)
{
    return s == DUTY_LATE || s == DUTY_SILENT || s == DUTY_OVERDUE || s == DUTY_MISSED;
}

static void write_post(const struct missed_ctx *x, struct table *t, const struct duty_shift *shift)
{
    const struct state_post *post = &x->p->load.posts[x->post];

    table_text(t, view_unit_code(x->c, post->unit));
    table_text(t, post->code);
    table_time(t, shift->from);
}

static void write_shift(const struct missed_ctx *x, const struct duty_shift *shift,
                        const struct duty_stand *stand, const struct duty_fact *fact)
{
    const struct duty_load *l = &x->p->load;
    struct buf text = BUF_INIT(64 * 1024);

    view_write_standing(x->c, l, x->post, stand, fact, &text);
    write_post(x, x->t, shift);
    if (shift->until < l->plan.until)
        view_write_end(x->c, x->t, shift->until);
    else
        table_nothing(x->t); /* it is only as far as was looked */
    if (shift->who.person == DUTY_NOBODY) {
        table_nothing(x->t);
        table_shown(x->t, slice_str(lang_text(x->c->lang, MSG_DUTY_NOBODY)));
    } else {
        table_text(x->t, l->names[shift->who.person]);
    }
    table_word_text(x->t, slice_str(duty_standing_to_str(stand->standing)), buf_slice(&text));
    table_mark(x->t, TABLE_BAD);
    table_row_end(x->t);
    buf_done(&text);
}

/* What was told of the shift that is looked at. */
struct missed_calls {
    struct state_telling *v;
    size_t n;
};

/* The last time that one of these people was told, or NULL. */
static const struct state_telling *call_of(const struct missed_calls *t,
                                           const struct state_id *people, size_t count)
{
    for (size_t i = t->n; i-- > 0;) {
        for (size_t k = 0; k < count; k++) {
            if (id_eq(t->v[i].told, people[k]))
                return &t->v[i];
        }
    }
    return NULL;
}

static void write_call_made(const struct missed_ctx *x, const struct state_telling *told)
{
    if (told == NULL) {
        table_absent(x->calls);
        table_absent(x->calls);
        return;
    }
    view_write_recorded(x->c, x->calls, told->at, false);
    table_text(x->calls, view_duty_person(x->c, &x->p->load, told->person));
}

/* “đã báo lúc 00:10 01/12/2026, người báo: Trần Văn Ba”, or whether it is time to. */
static void describe_call(const struct missed_ctx *x, const struct duty_call *call,
                          const struct state_telling *told)
{
    struct buf text = BUF_INIT(64 * 1024), at = BUF_INIT(100);
    struct slice by;

    if (told == NULL) {
        table_shown(x->calls, slice_str(lang_text(x->c->lang, !call->reaches ? MSG_DUTY_TELL_NOBODY
                                                              : call->due    ? MSG_DUTY_TELL_DUE
                                                                          : MSG_DUTY_TELL_LATER)));
        table_mark(x->calls, call->due && call->reaches ? TABLE_WARN : TABLE_PLAIN);
        return;
    }
    by = view_duty_person(x->c, &x->p->load, told->person);
    table_time_write(&at, x->c->zone, told->at);
    lang_write(&text, x->c->lang, MSG_DUTY_TOLD_AT_BY, SLICE_ARG(buf_slice(&at)), SLICE_ARG(by));
    table_shown(x->calls, buf_slice(&text));
    table_mark(x->calls, TABLE_GOOD);
    buf_done(&text);
    buf_done(&at);
}

static int write_call(const struct missed_ctx *x, const struct duty_shift *shift,
                      const struct duty_recipients *told, const struct missed_calls *kept,
                      const struct duty_call *call, struct err *err)
{
    const struct state_telling *done =
        call_of(kept, told->people[call->tell], told->count[call->tell]);
    static const struct view_word words[DUTY_TELL_MAX] = {{"person", MSG_DUTY_TELL_PERSON},
                                                          {"deputy", MSG_DUTY_TELL_DEPUTY},
                                                          {"head", MSG_DUTY_TELL_HEAD},
                                                          {"hub", MSG_DUTY_TELL_HUB}};
    size_t n = told->count[call->tell];
    struct slice *names = arena_new_array(x->c->arena, n + 1, struct slice);

    if (names == NULL)
        return err_code(err, -CE_NOMEM);
    for (size_t i = 0; i < n; i++)
        names[i] = view_duty_person(x->c, &x->p->load, told->people[call->tell][i]);
    write_post(x, x->calls, shift);
    table_time(x->calls, call->at);
    view_write_word(x->calls, &words[call->tell]);
    table_list(x->calls, names, n);
    table_flag(x->calls, call->due);
    describe_call(x, call, done);
    write_call_made(x, done);
    table_row_end(x->calls);
    return 0;
}

/* Who was told without being anybody's turn. */
static void write_others(const struct missed_ctx *x, const struct duty_shift *shift,
                         const struct duty_recipients *told, const struct missed_calls *kept)
{
    for (size_t i = 0; i < kept->n; i++) {
        struct missed_calls one = {&kept->v[i], 1};
        struct slice name = view_duty_person(x->c, &x->p->load, kept->v[i].told);
        struct duty_call call = {.at = kept->v[i].at};
        bool known = false;

        for (size_t k = 0; k < DUTY_TELL_MAX; k++)
            known = known || call_of(&one, told->people[k], told->count[k]);
        if (known)
            continue;
        write_post(x, x->calls, shift);
        table_time(x->calls, kept->v[i].at);
        table_word(x->calls, "other", MSG_DUTY_TELL_OTHER);
        table_list(x->calls, &name, 1);
        table_flag(x->calls, true);
        describe_call(x, &call, &kept->v[i]);
        write_call_made(x, &kept->v[i]);
        table_row_end(x->calls);
    }
}

static int write_trouble(const struct missed_ctx *x, const struct duty_shift *planned,
                         struct err *err)
{
    static const struct duty_deed nothing = {.in_at = 0};
    const struct duty_load *l = &x->p->load;
    struct duty_call calls[DUTY_STEPS_MAX];
    const struct duty_fact *fact;
    struct duty_stand stand;
    struct duty_recipients told;
    struct missed_calls kept;
    struct duty_shift owed = duty_shift_owed(l, planned);
    const struct duty_shift *shift = planned;
    bool has[DUTY_TELL_MAX];
    size_t n;
    int r;

    stand = duty_standing(l, &x->p->facts, planned, x->c->at, &fact);
    if (!is_trouble(stand.standing))
        return 0;
    if (!fact)
        shift = &owed;
    write_shift(x, shift, &stand, fact);
    r = duty_recipients_of(x->c->state, l, shift, x->c->at, x->c->arena, &told, err);
    if (r == 0)
        r = shift_missed_calls(x->c->state, x->c->actor, l->posts[x->post].id, shift->from,
                               x->c->arena, &kept.v, &kept.n, err);
    if (r < 0)
        return r;
    for (size_t i = 0; i < DUTY_TELL_MAX; i++)
        has[i] = told.count[i] > 0;
    n = duty_calls(shift, fact ? &fact->deed : &nothing, l->terms[x->post], has, x->c->at, calls);
    for (size_t i = 0; r == 0 && i < n; i++)
        r = write_call(x, shift, &told, &kept, &calls[i], err);
    if (r == 0)
        write_others(x, shift, &told, &kept);
    return r;
}

static int write_troubles(const struct missed_ctx *x, int64_t from, struct err *err)
{
    struct duty_shift *list;
    size_t n = 0;
    int r =
        duty_shift_list(&x->p->load.plan, x->post, from, x->c->at + 1, x->c->arena, &list, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++)
        r = write_trouble(x, &list[i], err);
    return r;
}

int view_missed(const struct view_ctx *c, const struct duty_picture *p, const struct view_query *q,
                struct table *ret, struct table *ret_calls, struct err *err)
{
    struct missed_ctx x = {.c = c, .p = p, .t = ret, .calls = ret_calls};
    int r = 0;

    VIEW_BEGIN(c, ret, "missed", missed_columns);
    VIEW_BEGIN(c, ret_calls, "missed-calls", call_columns);
    for (x.post = 0; r == 0 && x.post < p->load.asked; x.post++) {
        if (view_is_asked(&p->load, x.post, q))
            r = write_troubles(&x, q->from, err);
    }
    r = view_end(ret, r, err);
    return view_end(ret_calls, r, err);
}
