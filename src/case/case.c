/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case.h"

#include "alert/alert.h"
#include "base/time.h"
#include "case/text.h"
#include "lang/err_case.h"
#include "lang/level.h"
#include "lang/said.h"
#include "state/audit.h"

/* Opening. */

static int add_line(const struct act_ctx *ctx, const struct state_actor *actor,
                    const struct state_case *x, struct state_case_line *line, struct err *err)
{
    line->unit = x->unit;
    line->incident = x->id;
    if (line->at == 0)
        line->at = act_at(ctx);
    return state_case_line_put(ctx->s, actor, line, err);
}

/* An alert's title in every language; NULL without memory. */
static struct slice title_of(struct arena *arena, const struct state_alert *x)
{
    struct buf title = BUF_INIT(4096);
    struct slice kept;

    said_title(&title, &(struct title){x->title_vi, x->title}, SAID_SHORT);
    kept = arena_dup(arena, buf_slice(&title));
    buf_done(&title);
    return kept;
}

/* The alerts of a draft, and what the case takes from them. */
static int read_alerts(const struct act_ctx *ctx, const struct state_actor *actor,
                       const struct case_draft *d, struct state_alert *alerts, struct state_case *x,
                       struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < d->alert_count; i++) {
        struct state_id other;

        r = state_alert_get(ctx->s, actor, d->alerts[i], ctx->arena, &alerts[i], err);
        if (r == 0)
            r = state_case_of_alert(ctx->s, d->alerts[i], &other, err);
        if (r == 0 && !id_is_none(other))
            r = err_fail(err, CE_EXISTS, ERR_CASE_ALERT_BELONGS_TO_ONE);
        if (r == 0 && i > 0 && !id_eq(alerts[i].unit, alerts[0].unit))
            r = err_fail(err, CE_RANGE, ERR_CASE_ALERTS_OF_ONE_UNIT);
        if (r < 0)
            break;
        x->unit = alerts[i].unit;
        x->drill = x->drill || alerts[i].drill;
        x->level = d->level ? d->level : CANH_MAX(x->level, alerts[i].level);
        if (x->title.n == 0)
            x->title = title_of(ctx->arena, &alerts[i]);
        if (d->t0 == 0 && (x->t0 == 0 || alerts[i].first_seen < x->t0))
            x->t0 = alerts[i].first_seen;
    }
    return r;
}

static int accept_alert(const struct act_ctx *ctx, const struct state_actor *actor,
                        struct state_id person, struct slice login, const struct state_case *x,
                        const struct state_alert *alert, struct err *err)
{
    struct alert_ack_request ack = {.same = alert->id,
                                    .verdict = STATE_ALERT_REAL,
                                    .note = x->number,
                                    .login = login};
    struct state_case_line line = {.person = act_person(actor, person),
                                   .login = login,
                                   .at = CANH_MIN(alert->first_seen, state_now(ctx->s)),
                                   .kind = STATE_LINE_ALERT,
                                   .what = slice_str(level_name(alert->level)),
                                   .value = alert_about(ctx->s, actor, alert, ctx->arena),
                                   .text = title_of(ctx->arena, alert),
                                   .source = alert->rule,
                                   .alert = alert->id};
    struct state_alert after;
    int r = add_line(ctx, actor, x, &line, err);

    return r < 0 ? r : alert_ack(ctx->s, actor, &ack, ctx->arena, &after, err);
}

static int write_case(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct case_draft *d, const struct state_alert *alerts,
                      struct state_case *x, struct err *err)
{
    struct state_case_line line = {.person = act_person(actor, d->person),
                                   .login = d->login,
                                   .kind = STATE_LINE_STEP,
                                   .what = slice_str(case_state_word(STATE_CASE_NEW)),
                                   .text = d->what};
    int r = state_case_put(ctx->s, actor, x, err);

    if (r == 0)
        x->number = arena_dup(ctx->arena, x->number);
    if (r == 0)
        r = add_line(ctx, actor, x, &line, err);
    for (size_t i = 0; r == 0 && i < d->alert_count; i++)
        r = accept_alert(ctx, actor, d->person, d->login, x, &alerts[i], err);
    return r;
}

int case_open(const struct act_ctx *ctx, const struct state_actor *actor,
              const struct case_draft *d, struct state_case *ret, struct err *err)
{
    struct state_alert *alerts =
        arena_new_array(ctx->arena, d->alert_count + 1, struct state_alert);
    struct state_case x = {.unit = d->unit,
                           .title = d->title,
                           .class = d->class.n ? d->class : SLICE("other"),
                           .level = d->level,
                           .drill = d->drill,
                           .tlp = STATE_TLP_AMBER,
                           .t0 = d->t0,
                           .t0_data = d->t0_data,
                           .system = d->system,
                           .what = d->what,
                           .owner = act_person(actor, d->person)};
    int r = alerts ? state_act_begin(ctx->s, err) : err_nomem(err);

    if (r < 0)
        return r;
    if (!case_class_known(x.class) || x.level < 0 || x.level > 5)
        r = err_fail(err, CE_UNKNOWN, ERR_CASE_NO_SUCH_CLASS_OR_LEVEL);
    if (r == 0)
        r = read_alerts(ctx, actor, d, alerts, &x, err);
    x.level = x.level ? x.level : 3;
    x.t0 = x.t0 ? x.t0 : act_at(ctx);
    if (r == 0)
        r = write_case(ctx, actor, d, alerts, &x, err);
    if (r == 0)
        *ret = x;
    return state_act_end(ctx->s, r, err);
}

int case_find(const struct act_ctx *ctx, const struct state_actor *actor, struct slice number,
              struct state_case *ret, struct err *err)
{
    struct state_id id;

    if (id_parse(number, &id) == 0)
        return state_case_get(ctx->s, actor, id, ctx->arena, ret, err);
    return state_case_find(ctx->s, actor, STATE_ID_NONE, number, ctx->arena, ret, err);
}

/* Joining one that is open. */

static int join_apply(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct case_join *j, struct state_case *x, struct err *err)
{
    const struct case_draft d = {.alerts = &j->alert, .alert_count = 1};
    struct state_case_line note = {.person = act_person(actor, STATE_ID_NONE),
                                   .login = j->login,
                                   .kind = STATE_LINE_NOTE,
                                   .text = j->note};
    struct state_case of_alert = {.level = 0};
    struct state_alert alert;
    int r = case_find(ctx, actor, j->into, x, err);

    if (r == 0 && x->state >= STATE_CASE_CLOSED)
        r = err_fail(err, CE_CONFLICT, ERR_CASE_OTHER_IS_NOT_OPEN);
    if (r == 0)
        r = read_alerts(ctx, actor, &d, &alert, &of_alert, err);
    if (r == 0 && !id_eq(alert.unit, x->unit))
        r = err_fail(err, CE_RANGE, ERR_CASE_ALERTS_OF_ONE_UNIT);
    if (r == 0)
        r = accept_alert(ctx, actor, STATE_ID_NONE, j->login, x, &alert, err);
    return r == 0 && j->note.n > 0 ? add_line(ctx, actor, x, &note, err) : r;
}

int case_join(const struct act_ctx *ctx, const struct state_actor *actor, const struct case_join *j,
              struct state_case *ret, struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    if (r == 0)
        r = state_act_end(ctx->s, join_apply(ctx, actor, j, ret, err), err);
    return r;
}

/* The timeline. */

int case_note(const struct act_ctx *ctx, const struct state_actor *actor,
              const struct case_entry *e, struct state_case_line *ret, struct err *err)
{
    struct state_case x;
    struct state_case_line line = {.person = act_person(actor, e->person),
                                   .login = e->login,
                                   .kind = e->kind,
                                   .what = e->what,
                                   .value = e->value,
                                   .text = e->text,
                                   .source = e->source,
                                   .evidence = e->evidence};
    int r;

    if (e->kind <= 0 || e->kind >= STATE_LINE_STEP || e->kind == STATE_LINE_ALERT)
        return err_fail(err, CE_UNKNOWN, ERR_CASE_NO_SUCH_KIND_OF_LINE);
    if (e->text.n == 0 && e->value.n == 0 && e->kind != STATE_LINE_REPORT)
        return err_fail(err, CE_MISSING, ERR_CASE_LINE_NEEDS_A_TEXT);
    if (e->kind == STATE_LINE_REPORT && e->what.n == 0)
        return err_fail(err, CE_MISSING, ERR_CASE_REPORT_NEEDS_ITS_FORM);
    r = state_act_begin(ctx->s, err);
    if (r < 0)
        return r;
    r = state_case_get(ctx->s, actor, e->incident, ctx->arena, &x, err);
    if (r == 0)
        r = add_line(ctx, actor, &x, &line, err);
    if (r == 0)
        *ret = line;
    return state_act_end(ctx->s, r, err);
}

/* Changes. */

/* A title that a form hands back as it showed it stays as it is kept. */
static void set_given(struct slice *to, struct slice from)
{
    if (from.n > 0 && !said_same(*to, from))
        *to = from;
}

static void change_given(struct state_case *x, const struct case_change *c)
{
    set_given(&x->title, c->title);
    set_given(&x->class, c->class);
    set_given(&x->system, c->system);
    set_given(&x->what, c->what);
    set_given(&x->cause, c->cause);
    set_given(&x->remedy, c->remedy);
    set_given(&x->support, c->support);
    x->level = c->level ? c->level : x->level;
    x->system_level = c->system_level ? c->system_level : x->system_level;
    x->tlp = c->tlp ? c->tlp : x->tlp;
    x->t0_data = c->t0_data ? c->t0_data : x->t0_data;
}

/* What raised the case belongs to the other one from here on. */
static int hand_alerts(const struct act_ctx *ctx, const struct state_actor *actor,
                       const struct state_case *from, const struct state_case *to,
                       const struct case_change *c, struct err *err)
{
    struct state_query q = {.ref = from->id};
    struct state_case_line *lines = NULL;
    size_t n = 0;
    int r = state_case_line_list(ctx->s, actor, &q, ctx->arena, &lines, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++) {
        struct state_case_line line = {.person = act_person(actor, c->person),
                                       .login = c->login,
                                       .at = lines[i].at,
                                       .kind = STATE_LINE_ALERT,
                                       .what = lines[i].what,
                                       .value = lines[i].value,
                                       .text = lines[i].text,
                                       .source = from->number,
                                       .alert = lines[i].alert};

        if (lines[i].kind == STATE_LINE_ALERT)
            r = add_line(ctx, actor, to, &line, err);
    }
    return r;
}

static int case_merge(const struct act_ctx *ctx, const struct state_actor *actor,
                      struct state_case *x, const struct case_change *c, struct err *err)
{
    struct state_case other;
    int r = case_find(ctx, actor, c->into, &other, err);

    if (r == 0 && (other.state >= STATE_CASE_CLOSED || id_eq(other.id, x->id)))
        r = err_fail(err, CE_CONFLICT, ERR_CASE_OTHER_IS_NOT_OPEN);
    if (r == 0) {
        x->merged = other.id;
        r = hand_alerts(ctx, actor, x, &other, c, err);
    }
    return r;
}

static int case_apply(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct case_change *c, struct state_case *x, struct err *err)
{
    struct state_case_line line = {.person = act_person(actor, c->person),
                                   .login = c->login,
                                   .kind = c->to ? STATE_LINE_STEP : STATE_LINE_NOTE,
                                   .what = c->to ? slice_str(case_state_word(c->to)) : SLICE_NULL,
                                   .value = c->into,
                                   .text = c->text};
    const struct state_case was = *x;
    int r = 0;

    change_given(x, c);
    if (c->class.n > 0 && !case_class_known(c->class))
        r = err_fail(err, CE_UNKNOWN, ERR_CASE_NO_SUCH_CLASS_OR_LEVEL);
    if (r == 0 && c->to) {
        r = state_case_step(ctx->s, actor, x, c->to, err);
        x->state = c->to;
        x->closed_at = c->to == STATE_CASE_CLOSED   ? act_at(ctx)
                       : c->to == STATE_CASE_TRIAGE ? 0
                                                    : x->closed_at;
    }
    if (r == 0 && c->to == STATE_CASE_MERGED)
        r = case_merge(ctx, actor, x, c, err);
    if (r == 0)
        r = state_case_put(ctx->s, actor, x, err);
    if (r == 0)
        r = case_keep_texts(ctx, actor, c, &was, x, err);
    if (r == 0 && (c->to || c->text.n))
        r = add_line(ctx, actor, x, &line, err);
    return r;
}

int case_change(const struct act_ctx *ctx, const struct state_actor *actor,
                const struct case_change *c, struct state_case *ret, struct err *err)
{
    struct state_case x;
    int r = state_act_begin(ctx->s, err);

    if (r < 0)
        return r;
    r = state_case_get(ctx->s, actor, c->incident, ctx->arena, &x, err);
    if (r == 0 && c->version && c->version != x.version)
        r = err_fail(err, CE_CONFLICT, ERR_CASE_CHANGED_MEANWHILE, x.number);
    if (r == 0)
        r = case_apply(ctx, actor, c, &x, err);
    if (r == 0)
        *ret = x;
    return state_act_end(ctx->s, r, err);
}

/* Tasks. */

static int write_task(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct case_job *job, struct state_case_task *t, struct err *err)
{
    struct state_case x;
    int r = state_case_get(ctx->s, actor, job->incident, ctx->arena, &x, err);

    if (r < 0)
        return r;
    if (id_is_none(job->done)) {
        *t = (struct state_case_task){.unit = x.unit,
                                      .incident = x.id,
                                      .text = job->text,
                                      .owner = job->owner,
                                      .due = job->due};
    } else {
        r = state_case_task_get(ctx->s, actor, job->done, ctx->arena, t, err);
        if (r == 0 && !id_eq(t->incident, x.id))
            r = err_fail(err, CE_NOT_FOUND, ERR_CASE_NO_SUCH_TASK);
        t->done_at = act_at(ctx);
        t->result = job->text;
    }
    return r < 0 ? r : state_case_task_put(ctx->s, actor, t, err);
}

int case_task(const struct act_ctx *ctx, const struct state_actor *actor,
              const struct case_job *job, struct state_case_task *ret, struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    return r < 0 ? r : state_act_end(ctx->s, write_task(ctx, actor, job, ret, err), err);
}

/* Reading. */

const struct case_clock *case_next_clock(const struct case_file *f)
{
    for (size_t i = 0; f->head.state < STATE_CASE_CLOSED && i < f->clock_count; i++)
        if (f->clocks[i].met == 0)
            return &f->clocks[i];
    return NULL;
}

int case_read(const struct act_ctx *ctx, const struct state_actor *actor,
              const struct clock_rules *rules, struct state_id id, struct case_file *ret,
              struct err *err)
{
    struct state_query q = {.ref = id};
    int r = state_case_get(ctx->s, actor, id, ctx->arena, &ret->head, err);

    if (r == 0)
        r = state_case_line_list(ctx->s, actor, &q, ctx->arena, &ret->lines, &ret->line_count, err);
    if (r == 0)
        r = state_case_task_list(ctx->s, actor, &q, ctx->arena, &ret->tasks, &ret->task_count, err);
    if (r == 0)
        case_clocks(rules, &ret->head, ret->lines, ret->line_count, state_now(ctx->s), ret->clocks,
                    &ret->clock_count);
    return r;
}

/* Whether this person read it lately. */
struct search_reader {
    struct state_id person;
    struct slice login;
    bool found;
};

static int is_reading_of(void *u, const struct state_case_reading *x)
{
    struct search_reader *f = u;

    f->found = id_eq(x->person, f->person) && slice_eq(x->login, f->login);
    return f->found;
}

static int note_reading(const struct act_ctx *ctx, const struct state_actor *actor,
                        const struct state_case *x, struct slice login, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct search_reader f = {.person = actor->person, .login = login};
    struct state_query q = {.ref = x->id,
                            .from = state_now(ctx->s) - CASE_READ_ONCE,
                            .to = STATE_FOREVER};
    struct state_case_reading reading = {.unit = x->unit,
                                         .incident = x->id,
                                         .person = actor->person,
                                         .login = login};
    int r = state_case_reading_each(ctx->s, &sys, &q, is_reading_of, &f, err);

    if (r < 0 || f.found)
        return CANH_MIN(r, 0);
    r = state_case_reading_put(ctx->s, &sys, &reading, err);
    return r < 0 ? r : state_audit_add(ctx->s, actor, "read", "case", x->id, SLICE_NULL, err);
}

int case_open_file(const struct act_ctx *ctx, const struct state_actor *actor,
                   const struct clock_rules *rules, struct state_id id, struct slice login,
                   struct case_file *ret, struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    if (r < 0)
        return r;
    r = case_read(ctx, actor, rules, id, ret, err);
    if (r == 0)
        r = note_reading(ctx, actor, &ret->head, login, err);
    return state_act_end(ctx->s, r, err);
}

struct case_list_job {
    const struct act_ctx *ctx;
    const struct state_actor *actor;
    const struct clock_rules *rules;
    struct case_queue *q;
    int (*fn)(void *u, const struct case_file *f);
    void *u;
    size_t told;
};

static int list_one(void *u, const struct state_case *x)
{
    struct case_list_job *job = u;
    struct arena arena = ARENA_INIT((size_t)16 << 20);
    struct act_ctx ctx = {.s = job->ctx->s, .arena = &arena};
    struct case_file f = {.line_count = 0};
    int r = 0;

    if (job->q->limit && job->told == job->q->limit) {
        job->q->more = true;
        return 1;
    }
    job->told++;
    job->q->opened = x->opened;
    job->q->id = x->id;
    if (case_read(&ctx, job->actor, job->rules, x->id, &f, NULL) == 0)
        r = job->fn(job->u, &f);
    arena_done(&arena);
    return r;
}

int case_list(const struct act_ctx *ctx, const struct state_actor *actor,
              const struct clock_rules *rules, struct case_queue *q,
              int (*fn)(void *u, const struct case_file *f), void *u, struct err *err)
{
    const struct state_case_walk w = {.open = q->open, .opened = q->opened, .id = q->id};
    struct case_list_job job = {
        .ctx = ctx, .actor = actor, .rules = rules, .q = q, .fn = fn, .u = u};
    int r = 0;

    q->more = false;
    r = state_case_newest(ctx->s, actor, &w, list_one, &job, err);
    return q->more ? 0 : r;
}
