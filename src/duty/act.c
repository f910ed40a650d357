/* SPDX-License-Identifier: Apache-2.0 */
#include "duty/act_internal.h"

#include "lang/err_duty.h"
#include "state/accounts.h"
#include "state/audit.h"

/* How far in the future a claimed time may lie: clocks of two machines differ. */
#define AHEAD_MAX (2 * TIME_MINUTE)
/* A shift taken beside the plan lasts at most so long. */
#define UNPLANNED_MAX (12 * TIME_HOUR)
/* Plan and facts that an act may need. */
#define BACK  (31 * TIME_DAY)
#define AHEAD (2 * TIME_DAY)

/* The time that stands, never before `after`; and what is to be said about it. */
static int time_of(const struct duty_act *d, int64_t after, struct shift_result *ret,
                   struct err *err)
{
    int64_t now = state_now(d->ctx->s);

    if (d->ctx->claimed != 0 && d->ctx->claimed > now + AHEAD_MAX && !state_clock_back(d->ctx->s))
        return err_fail(err, CE_RANGE, ERR_DUTY_IN_FUTURE);
    ret->at = d->ctx->claimed ? d->ctx->claimed : now;
    ret->typed_later = d->ctx->paper || ret->at < now - d->terms->typed_later;
    if (d->ctx->claimed == 0)
        ret->clock_back = state_clock_back(d->ctx->s) || now < after;
    if (ret->at > after || (d->ctx->claimed != 0 && ret->at == after))
        return 0;
    if (d->ctx->claimed != 0)
        return err_fail(err, CE_RANGE, ERR_DUTY_BEFORE_LAST);
    ret->at = after + 1; /* the clock was set back: after the entry before, as it came */
    return 0;
}

static struct slice post_code(const struct duty_act *d, uint32_t post)
{
    return d->l->posts[post].code;
}

struct slice duty_act_how(const struct duty_act *d)
{
    return d->ctx->paper ? SLICE("paper") : d->ctx->how;
}

/* Where the person stands, or may take a shift. */
static int find_post(const struct act_ctx *ctx, const struct state_actor *actor,
                     const struct shift_request *request, struct duty_act *d, struct err *err)
{
    const struct own_shift_request mine = {.unit = actor->unit,
                                           .person = d->person,
                                           .terms = request->terms};
    struct own_shift m;
    int r = shift_own(ctx, actor, &mine, &m, err);

    if (r < 0)
        return r;
    if (m.state == MINE_NONE)
        return err_fail(err, CE_NOT_FOUND, ERR_DUTY_NO_SHIFT);
    d->picture = m.picture;
    d->post = m.post;
    return 0;
}

static int read_post(const struct act_ctx *ctx, const struct state_actor *actor,
                     const struct shift_request *request, struct duty_act *d, struct err *err)
{
    int64_t at = act_at(ctx);
    struct duty_window window = {.from = at - BACK, .until = at + AHEAD, .terms = request->terms};
    struct state_post post;
    int r = state_post_get(ctx->s, actor, request->post, ctx->arena, &post, err);

    window.unit = post.unit;
    if (r == 0)
        r = duty_picture_read(ctx, actor, &window, &d->picture, err);
    for (size_t i = 0; r == 0 && i < d->picture.load.asked; i++) {
        if (id_eq(d->picture.load.posts[i].id, request->post)) {
            d->post = (uint32_t)i;
            return 0;
        }
    }
    return r < 0 ? r : err_fail(err, CE_NOT_FOUND, ERR_DUTY_NO_SUCH_POST);
}

/*
 * Whether the hand is the person's own: their session, or, where nobody signed in, the user of the
 * machine who bears the name of the person's account. A program that was told (SMS) is no hand.
 */
static int find_hand(struct duty_act *d, const struct state_actor *actor, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct slice hand = state_hand(d->ctx->s, actor);
    struct state_account own;
    int r;

    if (id_eq(d->person, actor->person) || actor->role == STATE_SYSTEM)
        return 0;
    d->entered_by = hand;
    if (actor->account.n)
        return 0;
    r = state_account_find(d->ctx->s, &all, STATE_ID_NONE, hand, d->ctx->arena, &own, err);
    if (r == 0 && id_eq(own.person, d->person) && own.state == STATE_ACCOUNT_OPEN)
        d->entered_by = SLICE_NULL;
    return r == -CE_NOT_FOUND ? 0 : r;
}

int duty_act_read(const struct act_ctx *ctx, const struct state_actor *actor,
                  const struct shift_request *request, struct duty_act *ret, struct err *err)
{
    int r;

    *ret = (struct duty_act){.ctx = ctx,
                             .actor = *actor,
                             .person = act_person(actor, request->person)};
    if (!id_eq(ret->person, actor->person) && !actor_on_behalf(actor))
        return err_fail(err, CE_DENIED, ERR_DUTY_NOT_FOR_OTHERS);
    ret->actor.person = ret->person;
    r = find_hand(ret, actor, err);
    if (r == 0)
        r = id_is_none(request->post) ? find_post(ctx, actor, request, ret, err)
                                      : read_post(ctx, actor, request, ret, err);
    if (r < 0)
        return r;
    ret->l = &ret->picture.load;
    ret->f = &ret->picture.facts;
    ret->terms = ret->l->terms[ret->post];
    return 0;
}

/* One act of a shift, read and written in one transaction. */
typedef int act_inside(const struct duty_act *d, const struct shift_request *request,
                       struct shift_result *ret, struct err *err);

static int run(const struct act_ctx *ctx, const struct state_actor *actor,
               const struct shift_request *request, act_inside *inside, struct shift_result *ret,
               struct err *err)
{
    struct duty_act d;
    int r = state_act_begin(ctx->s, err);

    if (r < 0)
        return r;
    r = duty_act_read(ctx, actor, request, &d, err);
    if (r == 0)
        r = inside(&d, request, ret, err);
    return state_act_end(ctx->s, r, err);
}

/* The shift at the time, or the next one that may be taken already. */
static bool find_shift(const struct duty_act *d, uint32_t person, int64_t at,
                       struct duty_shift *ret)
{
    int64_t t = at;

    if (person == DUTY_NOBODY)
        return false;
    for (;;) {
        struct duty_on on;

        if (duty_shift_at(&d->l->plan, d->post, t, person, ret)) {
            const struct duty_fact *fact = duty_fact_of(d->f, d->l, ret);

            /* one that is over for the person is not meant, when the next may be taken */
            if (!fact || fact->row.out_at == 0 || ret->until > at + d->terms->early)
                return true;
        }
        duty_at(&d->l->plan, d->post, t, &on);
        if (on.until <= t || on.until > at + d->terms->early)
            return duty_shift_at(&d->l->plan, d->post, t, person, ret);
        t = on.until;
    }
}

static int not_planned(const struct duty_act *d, int64_t at, struct err *err)
{
    struct duty_on on;

    duty_at(&d->l->plan, d->post, at, &on);
    if (on.count == 0)
        return err_fail(err, CE_NOT_FOUND, ERR_DUTY_NOT_PLANNED_GAP, post_code(d, d->post));
    return err_fail(err, CE_NOT_FOUND, ERR_DUTY_NOT_PLANNED, post_code(d, d->post),
                    d->l->names[on.who[0].person]);
}

/* The planned shift to be taken, as a row. */
static int planned_row(const struct duty_act *d, const struct shift_request *request, int64_t at,
                       struct state_shift *row, struct err *err)
{
    struct state_id whose = request->extra == DUTY_FOR ? request->planned : d->person;
    const struct duty_fact *fact;
    struct duty_shift shift;

    if (!find_shift(d, duty_number_of(d->l, whose), at, &shift))
        return not_planned(d, at, err);
    if (shift.who.via != DUTY_NO_POST)
        return err_fail(err, CE_CONFLICT, ERR_DUTY_AT_OTHER_POST,
                        post_code(d, (uint32_t)shift.who.via));
    fact = duty_fact_of(d->f, d->l, &shift);
    if (fact && fact->row.in_at != 0)
        return err_fail(err, CE_EXISTS, ERR_DUTY_TAKEN_ALREADY);
    if (fact) {
        *row = fact->row;
        return 0;
    }
    row->start = shift.from;
    row->stop = shift.until;
    row->planned = whose;
    row->presence = shift.who.presence;
    return 0;
}

/* Beside the plan: to the end of whoever stands there, or of the gap. */
static void unplanned_row(const struct duty_act *d, int64_t at, struct state_shift *row)
{
    struct duty_on on;

    duty_at(&d->l->plan, d->post, at, &on);
    row->start = at;
    row->stop = CANH_MIN(CANH_MAX(on.until, at + TIME_MINUTE), at + UNPLANNED_MAX);
    row->presence = d->l->posts[d->post].presence;
}

static int check_in(const struct duty_act *d, const struct shift_request *request,
                    struct shift_result *ret, struct err *err)
{
    const struct state_post *post = &d->l->posts[d->post];
    struct state_shift row = {.unit = post->unit, .post = post->id};
    struct shift_result acted = {.person = d->person};
    int r = time_of(d, INT64_MIN, &acted, err);

    if (r == 0 && duty_fact_open(d->f, d->post, d->person))
        r = err_fail(err, CE_EXISTS, ERR_DUTY_STILL_ON, post->code);
    if (r == 0 && request->extra == DUTY_UNPLANNED)
        unplanned_row(d, acted.at, &row);
    else if (r == 0)
        r = planned_row(d, request, acted.at, &row, err);
    if (r < 0)
        return r;
    row.actual = d->person;
    row.in_at = acted.at;
    row.in_how = duty_act_how(d);
    row.backfilled = acted.typed_later;
    row.entered_by = d->entered_by;
    row.presence = request->presence ? request->presence : row.presence;
    acted.replaces = !id_is_none(row.planned) && !id_eq(row.planned, row.actual);
    row.state = acted.replaces         ? STATE_SHIFT_REPLACED
                : acted.at < row.start ? STATE_SHIFT_TAKEN
                                       : STATE_SHIFT_ON;
    acted.late_by = CANH_MAX(acted.at - CANH_MAX(row.start, d->l->posts[d->post].created), 0);
    acted.late = acted.late_by > d->terms->ladder[0].minutes * TIME_MINUTE;
    r = state_shift_put(d->ctx->s, &d->actor, &row, err);
    acted.shift = row;
    if (r == 0)
        *ret = acted;
    return r;
}

int shift_check_in(const struct act_ctx *ctx, const struct state_actor *actor,
                   const struct shift_request *request, struct shift_result *ret, struct err *err)
{
    return run(ctx, actor, request, check_in, ret, err);
}

static int open_shift(const struct duty_act *d, const struct duty_fact **ret, struct err *err)
{
    *ret = duty_fact_open(d->f, d->post, d->person);
    return *ret ? 0 : err_fail(err, CE_NOT_FOUND, ERR_DUTY_NOT_TAKEN, post_code(d, d->post));
}

static int64_t last_sign(const struct duty_fact *fact)
{
    const struct duty_deed *deed = &fact->deed;

    return deed->mark_count > 0 ? CANH_MAX(deed->in_at, deed->marks[deed->mark_count - 1])
                                : deed->in_at;
}

/* The clock ran back while this shift was stood: its row says so. */
static int mark_clock(const struct duty_act *d, struct shift_result *acted, struct err *err)
{
    if (!acted->clock_back || acted->shift.clock_back)
        return 0;
    acted->shift.clock_back = true;
    return state_shift_put(d->ctx->s, &d->actor, &acted->shift, err);
}

static int check_out(const struct duty_act *d, const struct shift_request *request,
                     struct shift_result *ret, struct err *err)
{
    struct shift_result acted = {.person = d->person};
    const struct duty_fact *fact;
    int r = open_shift(d, &fact, err);

    (void)request;
    if (r == 0)
        r = time_of(d, last_sign(fact), &acted, err);
    if (r < 0)
        return r;
    acted.shift = fact->row;
    acted.shift.out_at = acted.at;
    acted.shift.backfilled |= acted.typed_later;
    if (acted.shift.entered_by.n == 0)
        acted.shift.entered_by = d->entered_by;
    acted.shift.clock_back |= acted.clock_back;
    r = state_shift_put(d->ctx->s, &d->actor, &acted.shift, err);
    if (r == 0)
        *ret = acted;
    return r;
}

static int act_sign(const struct duty_act *d, const struct shift_request *request,
                    struct shift_result *ret, struct err *err)
{
    struct shift_result acted = {.person = d->person};
    const struct duty_fact *fact;
    int r = open_shift(d, &fact, err);

    (void)request;
    if (r == 0)
        r = time_of(d, d->ctx->claimed ? fact->row.in_at : last_sign(fact), &acted, err);
    if (r < 0)
        return r;
    acted.shift = fact->row;
    r = mark_clock(d, &acted, err);
    if (r == 0) {
        struct state_mark x = {.unit = fact->row.unit,
                               .shift = fact->row.id,
                               .person = d->person,
                               .at = acted.at,
                               .how = acted.typed_later ? SLICE("paper") : duty_act_how(d)};

        r = state_mark_put(d->ctx->s, &d->actor, &x, err);
    }
    if (r == 0)
        *ret = acted;
    return r;
}

int shift_check_out(const struct act_ctx *ctx, const struct state_actor *actor,
                    const struct shift_request *request, struct shift_result *ret, struct err *err)
{
    return run(ctx, actor, request, check_out, ret, err);
}

int shift_alive(const struct act_ctx *ctx, const struct state_actor *actor,
                const struct shift_request *request, struct shift_result *ret, struct err *err)
{
    return run(ctx, actor, request, act_sign, ret, err);
}

static int last_line(const struct duty_act *d, struct state_id shift, int64_t *ret, struct err *err)
{
    struct arena arena = ARENA_INIT(64u << 20);
    struct state_query q = {.ref = shift};
    struct state_line *rows;
    size_t n;
    int r = state_line_list(d->ctx->s, &d->actor, &q, &arena, &rows, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++) {
        if (!rows[i].backfilled) /* those stand where they happened, not where they came */
            *ret = CANH_MAX(*ret, rows[i].at);
    }
    arena_done(&arena);
    return r;
}

/* The shift that the person stood in at the time. */
static const struct duty_fact *stood_in(const struct duty_act *d)
{
    const struct duty_fact *open = duty_fact_open(d->f, d->post, d->person);

    if (d->ctx->claimed == 0 || (open && open->row.in_at <= d->ctx->claimed))
        return open;
    for (size_t i = 0; i < d->f->count; i++) {
        const struct state_shift *x = &d->f->items[i].row;

        if (d->f->items[i].post == d->post && id_eq(x->actual, d->person) && x->in_at &&
            x->in_at <= d->ctx->claimed && d->ctx->claimed <= (x->out_at ? x->out_at : x->stop))
            return &d->f->items[i];
    }
    return NULL;
}

/* The shift that the line goes into. */
static int shift_of_line(const struct duty_act *d, const struct state_line *x,
                         struct state_shift *ret, struct err *err)
{
    struct arena arena = ARENA_INIT(1u << 20);
    const struct duty_fact *fact;
    struct state_line old;
    int r = 0;

    if (id_is_none(x->corrects)) {
        fact = stood_in(d);
        if (!fact)
            return d->ctx->claimed ? err_fail(err, CE_NOT_FOUND, ERR_DUTY_NOT_ON_THEN)
                                   : open_shift(d, &fact, err);
        *ret = fact->row;
        return 0;
    }
    r = state_line_get(d->ctx->s, &d->actor, x->corrects, &arena, &old, err);
    arena_done(&arena);
    if (r < 0)
        return r;
    for (size_t i = 0; i < d->f->count; i++) {
        if (id_eq(d->f->items[i].row.id, old.shift)) {
            *ret = d->f->items[i].row;
            return 0;
        }
    }
    return err_fail(err, CE_NOT_FOUND, ERR_DUTY_NO_LINE);
}

static int write_line(const struct duty_act *d, struct state_line *x, struct shift_result *ret,
                      struct err *err)
{
    struct shift_result acted = {.person = d->person};
    int64_t after = INT64_MIN;
    int r = shift_of_line(d, x, &acted.shift, err);

    if (r == 0 && d->ctx->claimed == 0) {
        after = acted.shift.in_at;
        r = last_line(d, acted.shift.id, &after, err);
    }
    if (r == 0)
        r = time_of(d, after, &acted, err);
    if (r == 0)
        r = mark_clock(d, &acted, err);
    if (r < 0)
        return r;
    x->unit = acted.shift.unit;
    x->shift = acted.shift.id;
    x->person = d->person;
    x->at = acted.at;
    x->backfilled = acted.typed_later;
    r = state_line_put(d->ctx->s, &d->actor, x, err);
    if (r == 0)
        *ret = acted;
    return r;
}

int shift_log(const struct act_ctx *ctx, const struct state_actor *actor,
              const struct log_request *request, struct shift_result *ret, struct err *err)
{
    struct state_line x = {.what = request->what,
                           .source = request->source,
                           .action = request->action,
                           .result = request->result,
                           .corrects = request->corrects};
    struct duty_act d;
    int r = state_act_begin(ctx->s, err);

    if (r < 0)
        return r;
    r = duty_act_read(ctx, actor, &request->shift, &d, err);
    if (r == 0)
        r = write_line(&d, &x, ret, err);
    return state_act_end(ctx->s, r, err);
}
