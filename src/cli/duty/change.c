/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/duty/change.h"

#include <string.h>

#include "lang/msg_cli.h"
#include "lang/msg_duty.h"

/* How far back and ahead lists look. */
#define LIST_BACK  (31 * TIME_DAY)
#define LIST_AHEAD (400 * TIME_DAY)

bool change_is(const struct change *c, const char *word)
{
    return strcmp(c->word, word) == 0;
}

static bool is_fresh(const struct change *c, const struct change_kind *kind)
{
    for (size_t i = 0; kind->ask[i]; i++) {
        if (change_is(c, kind->ask[i]))
            return true;
    }
    return false;
}

int change_need_span(const struct change *c)
{
    if (c->start && c->stop)
        return 0;
    return app_usage(c->r.app, MSG_CLI_NO_OPTION, c->start ? "until" : "from");
}

int change_made(struct change *c, struct state_id row)
{
    c->ids = arena_new(&c->r.st->arena, struct state_id);
    if (c->ids == NULL)
        return err_nomem(&c->err);
    c->ids[0] = row;
    c->count = 1;
    return 0;
}

struct duty_decision change_decision(const struct change *c)
{
    return (struct duty_decision){.ids = c->ids, .count = c->count, .by = c->by};
}

void change_describe_same(struct change *c, struct state_id row, int64_t since)
{
    struct buf id = BUF_INIT(64);

    duty_write_id(&id, row);
    duty_describe_same(&c->r, buf_slice(&id), since);
    buf_done(&id);
}

int change_approver(struct change *c, struct state_id unit, struct state_id *ret)
{
    return session_person(c->r.st, unit, c->o->by, ret);
}

static void describe_problem(struct change *c, const struct duty_problem *p)
{
    struct duty_run *r = &c->r;
    struct buf line = BUF_INIT(64 * 1024);

    duty_span_write(&line, p->from, p->until, r->picture.load.plan.posts[r->post].offset_s);
    buf_puts(&line, "  ");
    buf_append_slice(&line, r->picture.load.posts[r->post].code);
    buf_puts(&line, "  ");
    duty_problem_describe(&line, r->app->lang, p, r->picture.load.names[p->person]);
    buf_append_slice(app_line(r->app), buf_slice(&line));
    app_print_line(r->app);
    buf_done(&line);
}

int change_warn(struct change *c, struct state_id person, int64_t from, int64_t until)
{
    struct duty_run *r = &c->r;
    int found = EXIT_FINE;

    if (duty_run_again(r) != 0)
        return EX_SOFTWARE;
    for (r->post = 0; r->post < r->picture.load.asked; r->post++) {
        struct duty_problem *list;
        size_t n = 0;

        if (duty_problems(&r->picture.load.plan, r->post, from, until, &r->st->arena, &list, &n,
                          &c->err) < 0)
            return session_fail(r->st, &c->err);
        for (size_t i = 0; i < n; i++) {
            if (list[i].person == DUTY_NOBODY ||
                !id_eq(r->picture.load.people[list[i].person], person))
                continue;
            found = EXIT_FOUND;
            describe_problem(c, &list[i]);
        }
    }
    return found;
}

struct search {
    const struct duty_load *load;
    struct state_id person;
};

/* 1: the person stands, or would if they were not away. */
static int change_stands(void *u, const struct duty_on *on)
{
    const struct search *s = u;

    for (unsigned i = 0; i < on->count; i++) {
        if (id_eq(s->load->people[on->who[i].person], s->person) && on->who[i].via == DUTY_NO_POST)
            return 1;
    }
    for (unsigned i = 0; i < on->away_count; i++) {
        if (id_eq(s->load->people[on->away[i]], s->person))
            return 1;
    }
    return 0;
}

int change_idle(struct change *c, struct state_id person, int64_t from, int64_t until)
{
    struct duty_run *r = &c->r;
    struct search s = {&r->picture.load, person};
    struct buf span = BUF_INIT(400);
    const struct duty_plan *plan = &r->picture.load.plan;

    if (from < plan->from || until > plan->until || /* not all of it is known here */
        duty_spans(plan, r->post, from, until, change_stands, &s) != 0)
        return EXIT_FINE;
    duty_span_write(&span, from, until, plan->posts[r->post].offset_s);
    app_print(r->app, MSG_DUTY_IDLE, SLICE_ARG(duty_name(r, person)), buf_cstr(&span),
              SLICE_ARG(r->picture.load.posts[r->post].code));
    buf_done(&span);
    return EXIT_FOUND;
}

static struct view_query query_of(struct change *c, const struct change_kind *kind,
                                  struct state_id unit)
{
    return (struct view_query){
        .unit = unit,
        .below = true,
        .code = kind->of_person ? SLICE_NULL : slice_str(c->o->where.post),
        .from = c->r.from - LIST_BACK,
        .to = c->r.from + LIST_AHEAD,
        .among = c->ids,
        .among_count = c->count,
    };
}

/* The rows of the view into a table; with c->ids only those. An exit status. */
static int read_rows(struct change *c, const struct change_kind *kind, struct table *ret)
{
    struct view_ctx ctx = listing_ctx(c->r.st, c->r.now);
    struct state_unit unit = {.id = STATE_ID_NONE};
    struct view_query q;
    int status = c->o->where.unit ? session_unit(c->r.st, c->o->where.unit, &unit) : 0;

    q = query_of(c, kind, unit.id);
    if (c->count > 0) /* whatever its time */
        q.from = q.to = 0;
    if (kind->view(&ctx, &q, ret, &c->err) < 0)
        return session_fail(c->r.st, &c->err);
    return status;
}

static int show_rows(struct change *c, const struct change_kind *kind)
{
    struct table t;
    int status = read_rows(c, kind, &t);

    if (status == 0)
        status = listing_print(c->r.app, &t, &c->o->listing);
    table_done(&t);
    return status;
}

/* The one row whose id begins so. */
static int find_row(struct change *c, const struct table *t, const char *begin,
                    struct state_id *ret)
{
    struct slice s = slice_str(begin);
    size_t met = 0;

    for (size_t i = 0; i < t->rows; i++) {
        struct slice id = table_cell(t, i, 0)->text;

        if (s.n >= LISTING_ID_MIN && slice_starts(id, s) && id_parse(id, ret) == 0)
            met++;
    }
    return met == 1 ? 0 : app_usage(c->r.app, MSG_DUTY_NO_ID, begin);
}

/* Those of --id and of the operands behind the word. */
static int find_rows(struct change *c, const struct change_kind *kind,
                     const struct operands *operands)
{
    const struct option_list *given = &c->o->ids;
    size_t n = given->count + (operands->count ? operands->count - 1 : 0);
    struct state_id *ids = arena_new_array(&c->r.st->arena, n + 1, struct state_id);
    struct table t;
    int status = ids ? read_rows(c, kind, &t) : session_fail(c->r.st, &(struct err){CE_NOMEM});

    if (ids == NULL)
        return status;
    for (size_t i = 0; status == 0 && i < n; i++)
        status =
            find_row(c, &t,
                     i < given->count ? given->items[i] : operands->items[i - given->count + 1],
                     &ids[i]);
    table_done(&t);
    c->ids = ids;
    c->count = n;
    return status;
}

static int act_on_rows(struct change *c, const struct change_kind *kind,
                       const struct operands *operands)
{
    struct state_id unit;
    int status = find_rows(c, kind, operands);

    if (status != 0)
        return status;
    if (kind->unit(c, c->ids[0], &unit) < 0)
        return session_fail(c->r.st, &c->err);
    status = change_approver(c, unit, &c->by);
    return status == 0 ? kind->act(c) : status;
}

static int change_act(struct change *c, const struct change_kind *kind,
                      const struct operands *operands)
{
    bool fresh = is_fresh(c, kind), list = change_is(c, "list");
    int status = session_time(c->r.app, "from", c->o->from, false, &c->start), shown;

    if (status == 0)
        status = session_time(c->r.app, "until", c->o->until, true, &c->stop);
    if (status == 0 && fresh && !kind->of_person)
        status = duty_one_post(&c->r);
    if (status != 0 || list)
        return status ? status : show_rows(c, kind);
    status = fresh ? kind->make(c) : act_on_rows(c, kind, operands);
    if (status == -CE_MISSING && c->o->by == NULL)
        return app_usage(c->r.app, MSG_CLI_NO_OPTION, "by");
    if (status < 0)
        return session_fail(c->r.st, &c->err);
    if (status > EXIT_FOUND || change_is(c, "cancel"))
        return status;
    shown = show_rows(c, kind);
    return CANH_MAX(status, shown);
}

int change_run(struct app *app, const struct change_options *o, const struct operands *operands,
               const struct change_kind *kind)
{
    struct change c = {.o = o, .word = operands->count ? operands->items[0] : "list"};
    bool fresh = is_fresh(&c, kind), list = change_is(&c, "list");
    int status = listing_check(app, &o->listing);

    /* days ask for something; a list would pass them over */
    if (status == 0 && operands->count == 0 && (o->from || o->until))
        status = app_usage(app, MSG_DUTY_NO_WORD, kind->ask[0]);
    if (status == 0 && !fresh && !list && o->ids.count == 0 && operands->count < 2)
        status = app_usage(app, MSG_CLI_NO_OPTION, "id");
    if (status == 0)
        status = duty_run_begin(&c.r, app, &o->where, list ? STATE_READ : STATE_WRITE, LIST_AHEAD);
    if (status != 0)
        return status;
    c.act = session_act(c.r.st, 0);
    status = change_act(&c, kind, operands);
    duty_run_done(&c.r);
    return status;
}
