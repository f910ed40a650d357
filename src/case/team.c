/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "case/team.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/time.h"
#include "case/case.h"
#include "lang/collate.h"
#include "lang/err_case.h"
#include "lang/said.h"
#include "register/request.h"
#include "state/availability.h"
#include "state/cases.h"
#include "state/people.h"
#include "state/units.h"

enum { TITLE_MOST = 400 };

struct team {
    const struct act_ctx *ctx;
    struct team_member *rows;
    size_t count, cap;
    struct map places; /* of rows by the person's id */
    struct err *err;
};

const char *team_standing_word(enum team_standing s)
{
    static const char *const words[TEAM_STANDING_MAX] = {"free", "busy", "away"};

    return s < TEAM_STANDING_MAX ? words[s] : "";
}

static struct team_member *member_of(struct team *t, struct state_id person)
{
    uint32_t at;

    return map_get(&t->places, id_slice(&person), &at) ? &t->rows[at] : NULL;
}

static bool is_member(const struct state_grant *x, int64_t now)
{
    return x->role == STATE_RESPONDER && x->valid_from <= now && x->valid_to > now;
}

static int count_member(void *u, const struct state_grant *x)
{
    struct team *t = u;

    t->cap += is_member(x, act_at(t->ctx));
    return 0;
}

static int add_member(void *u, const struct state_grant *x)
{
    const struct state_actor sys = state_actor_system();
    struct team *t = u;
    int64_t now = act_at(t->ctx);
    struct state_person p;
    struct state_unit unit;
    int r;

    if (!is_member(x, now) || member_of(t, x->person) || t->count == t->cap)
        return 0;
    r = state_person_get(t->ctx->s, &sys, x->person, t->ctx->arena, &p, t->err);
    if (r == 0)
        r = state_unit_get(t->ctx->s, &sys, p.unit, t->ctx->arena, &unit, t->err);
    if (r < 0 || p.valid_to <= now)
        return r;
    t->rows[t->count] = (struct team_member){.person = p.id,
                                             .unit = p.unit,
                                             .name = p.name,
                                             .code = p.code,
                                             .skills = p.skills,
                                             .unit_code = unit.code,
                                             .unit_name = unit.name};
    r = map_put(&t->places, id_slice(&t->rows[t->count].person), (uint32_t)t->count);
    t->count += r == 0;
    return r < 0 ? err_nomem(t->err) : 0;
}

static int on_leave(void *u, const struct state_leave *x)
{
    struct team *t = u;
    struct team_member *m = member_of(t, x->person);

    if (m && x->approved_at != 0) {
        m->standing = TEAM_AWAY;
        m->until = CANH_MAX(m->until, x->stop);
    }
    return 0;
}

/* They come by their beginning: the last word stands. */
static int on_availability(void *u, const struct state_availability *x)
{
    struct team *t = u;
    struct team_member *m = member_of(t, x->person);

    if (m == NULL)
        return 0;
    m->standing = x->away ? TEAM_AWAY : TEAM_FREE;
    m->until = x->away ? x->stop : 0;
    m->note = arena_dup(t->ctx->arena, x->note);
    return 0;
}

static int on_request_row(void *u, const struct state_request *x)
{
    struct team *t = u;
    struct team_member *m = member_of(t, x->owner);

    if (m && x->kind == STATE_HELP &&
        (x->state == STATE_REQUEST_ACCEPTED || x->state == STATE_REQUEST_WORKING)) {
        m->in_hand++;
        m->standing = m->standing == TEAM_FREE ? TEAM_BUSY : m->standing;
    }
    return 0;
}

static int by_standing(const void *a, const void *b, void *u)
{
    const struct team_member *x = a, *y = b;

    return x->standing != y->standing ? (x->standing < y->standing ? -1 : 1)
                                      : viet_cmp_name(u, x->name, y->name);
}

static size_t keep_skilled(struct team *t, struct slice skill)
{
    struct buf folded = BUF_INIT(1000);
    size_t kept = 0;

    viet_fold(skill, &folded);
    for (size_t i = 0; i < t->count; i++)
        if (viet_contains(t->rows[i].skills, buf_slice(&folded)))
            t->rows[kept++] = t->rows[i];
    buf_done(&folded);
    return kept;
}

static int read_team(struct team *t)
{
    const struct state_actor sys = state_actor_system();
    const int64_t now = act_at(t->ctx);
    const struct state_query all = {.limit = 0}, current = {.from = now, .to = now + 1};
    struct state *s = t->ctx->s;
    int r = state_grant_each(s, &sys, &current, count_member, t, t->err);

    if (r < 0)
        return r;
    t->rows = arena_new_array(t->ctx->arena, t->cap + 1, struct team_member);
    if (t->rows == NULL)
        return err_nomem(t->err);
    map_init(&t->places, t->cap);
    r = state_grant_each(s, &sys, &current, add_member, t, t->err);
    if (r == 0)
        r = state_availability_each(s, &sys, &current, on_availability, t, t->err);
    if (r == 0)
        r = state_leave_each(s, &sys, &current, on_leave, t, t->err);
    if (r == 0)
        r = state_request_each(s, &sys, &all, on_request_row, t, t->err);
    map_done(&t->places);
    return r;
}

int team_list(const struct act_ctx *ctx, const struct state_actor *actor, struct slice skill,
              struct team_member **ret, size_t *ret_n, struct err *err)
{
    struct team t = {.ctx = ctx, .err = err};
    int r = actor->role < STATE_DUTY || actor->role >= STATE_ROLE_MAX
                ? err_fail(err, CE_DENIED, ERR_CASE_ROLE_MAY_NOT_SEE_TEAM,
                           state_role_to_str(actor->role))
                : read_team(&t);
    struct viet *names = NULL;

    if (r == 0)
        r = viet_new(&names, err);
    if (r < 0)
        return r;
    if (skill.n > 0)
        t.count = keep_skilled(&t, skill);
    qsort_r(t.rows, t.count, sizeof(*t.rows), by_standing, names);
    (void)viet_free(names);
    *ret = t.rows;
    *ret_n = t.count;
    return 0;
}

static int find_member(const struct act_ctx *ctx, struct state_id person, struct team_member *ret,
                       struct err *err)
{
    struct team t = {.ctx = ctx, .err = err};
    int r = read_team(&t);

    for (size_t i = 0; r == 0 && i < t.count; i++) {
        if (id_eq(t.rows[i].person, person)) {
            *ret = t.rows[i];
            return 0;
        }
    }
    return r < 0 ? r : err_fail(err, CE_NOT_FOUND, ERR_CASE_NO_SUCH_MEMBER);
}

int team_declare(const struct act_ctx *ctx, const struct state_actor *actor,
                 const struct team_word *word, struct err *err)
{
    struct team_member me;
    struct state_availability x = {.person = actor->person,
                                   .start = act_at(ctx),
                                   .stop = word->until,
                                   .away = word->away,
                                   .note = word->note};
    int r = find_member(ctx, actor->person, &me, err);

    if (r == -CE_NOT_FOUND)
        return err_fail(err, CE_DENIED, ERR_CASE_NOT_OF_THE_TEAM);
    if (r == 0 && word->until != 0 && word->until <= x.start)
        r = err_fail(err, CE_RANGE, ERR_CASE_AWAY_UNTIL_IS_PAST);
    x.unit = r == 0 ? me.unit : STATE_ID_NONE;
    return r < 0 ? r : state_availability_put(ctx->s, actor, &x, err);
}

/* The incident's timeline says who was asked for help, under which number. */
static int note_asked(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct team_request *ask, const struct team_member *m,
                      struct slice number, struct err *err)
{
    struct buf text = BUF_INIT(4000);
    struct case_entry line = {.incident = ask->incident,
                              .login = ask->login,
                              .kind = STATE_LINE_NOTE};
    struct state_case_line written;
    int r;

    said_begin(&text, SAID_TEAM_ASKED);
    said_text(&text, m->name);
    said_text(&text, number);
    said_end(&text);
    line.text = buf_slice(&text);
    r = case_note(ctx, actor, &line, &written, err);
    buf_done(&text);
    return r;
}

static int ask_inside(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct team_request *ask, struct state_request *ret, struct err *err)
{
    struct request_draft d = {.unit = ask->unit,
                              .kind = STATE_HELP,
                              .clause = SLICE("I.8.b"),
                              .text = ask->text,
                              .due = act_at(ctx) + TEAM_ACCEPT};
    struct buf title = BUF_INIT(2000);
    struct team_member m;
    struct state_case incident = {.number = SLICE_NULL};
    int r = find_member(ctx, ask->member, &m, err);

    if (r == 0 && !id_is_none(ask->incident))
        r = state_case_get(ctx->s, actor, ask->incident, ctx->arena, &incident, err);
    if (r < 0)
        return r;
    d.to = m.unit;
    if (!id_is_none(ask->incident)) /* whoever leads the unit asks for their own */
        d.unit = state_may_write(ctx->s, actor, incident.unit) ? incident.unit : actor->unit;
    buf_append_slice(&title, m.name);
    if (incident.number.n > 0) {
        buf_printf(&title, ": " SLICE_FMT " – ", SLICE_ARG(incident.number));
        said_head(&title, incident.title, TITLE_MOST);
    }
    d.title = buf_slice(&title);
    r = request_open(ctx, actor, &d, ret, err);
    if (r == 0 && incident.number.n > 0)
        r = note_asked(ctx, actor, ask, &m, ret->number, err);
    ret->title = SLICE_NULL; /* its text ends here */
    buf_done(&title);
    return r;
}

int team_ask(const struct act_ctx *ctx, const struct state_actor *actor,
             const struct team_request *ask, struct state_request *ret, struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    return r < 0 ? r : state_act_end(ctx->s, ask_inside(ctx, actor, ask, ret, err), err);
}
