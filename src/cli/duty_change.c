/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/duty_change.h"

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
    if (!c->start || !c->stop)
        return app_usage(c->r.app, MSG_CLI_NO_OPTION, c->start ? "until" : "from");
    return c->stop <= c->start ? app_usage(c->r.app, MSG_DUTY_EMPTY_TIME) : 0;
}

int change_failed(struct change *c)
{
    return duty_run_fail(&c->r, &c->err);
}

int change_approver(struct change *c, struct state_id unit, struct state_id *ret)
{
    return ledger_person(c->r.st, unit, c->r.o->other, ret);
}

void change_put_head(struct change *c, struct buf *line, struct state_id id, int64_t from,
                     int64_t until, msg_id state)
{
    duty_put_id(line, id);
    buf_puts(line, "  ");
    duty_put_span(line, from, until, LEDGER_ZONE);
    buf_puts(line, "  ");
    buf_puts(line, lang_text(c->r.app->lang, state));
    buf_puts(line, "  ");
}

void change_json_head(struct json_write *w, struct state_id id, int64_t from, int64_t until,
                      const char *state)
{
    struct buf hex = BUF_INIT(64);

    id_put(&hex, id);
    json_open(w, '{');
    json_key(w, "id");
    json_text(w, buf_slice(&hex));
    duty_json_time(w, "from", from);
    duty_json_time(w, "until", until);
    json_key(w, "state");
    json_text(w, slice_str(state));
    buf_done(&hex);
}

void change_json_end(struct json_write *w)
{
    json_close(w, '}');
    buf_putc(w->out, '\n');
}

void change_json_name(struct change *c, struct json_write *w, const char *key, struct state_id id)
{
    json_key(w, key);
    if (id_is_none(id))
        json_null(w);
    else
        json_text(w, duty_name(&c->r, id));
}

int change_warn(struct change *c, struct state_id person, int64_t from, int64_t until)
{
    struct duty_run *r = &c->r;
    int found = EXIT_FINE;

    if (duty_run_again(r) != 0)
        return EX_SOFTWARE;
    for (r->post = 0; r->post < r->load.asked; r->post++) {
        struct duty_problem *list;
        size_t n = 0;

        if (duty_problems(&r->load.plan, r->post, from, until, &r->st->arena, &list, &n, &c->err) <
            0)
            return change_failed(c);
        for (size_t i = 0; i < n; i++) {
            struct buf line = BUF_INIT(64 * 1024);
            bool own =
                list[i].person != DUTY_NOBODY && id_eq(r->load.people[list[i].person], person);

            if (!own)
                continue;
            found = EXIT_FOUND;
            duty_put_span(&line, list[i].from, list[i].until, r->load.plan.posts[r->post].offset_s);
            buf_puts(&line, "  ");
            buf_put_slice(&line, r->load.posts[r->post].code);
            buf_puts(&line, "  ");
            duty_problem_say(&line, r->app->lang, &list[i], r->load.names[list[i].person]);
            duty_put_line(r->app, &line);
        }
    }
    return found;
}

struct search {
    const struct duty_load *load;
    struct state_id person;
};

/* 1: the person stands, or would if they were not away. */
static int stands(void *u, const struct duty_on *on)
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
    struct search s = {&r->load, person};
    struct buf span = BUF_INIT(400);
    const struct duty_plan *plan = &r->load.plan;

    if (from < plan->from || until > plan->until || /* not all of it is known here */
        duty_spans(plan, r->post, from, until, stands, &s) != 0)
        return EXIT_FINE;
    duty_put_span(&span, from, until, plan->posts[r->post].offset_s);
    app_say(r->app, MSG_DUTY_IDLE, SLICE_ARG(duty_name(r, person)), buf_cstr(&span),
            SLICE_ARG(r->load.posts[r->post].code));
    buf_done(&span);
    return EXIT_FOUND;
}

/* The post of a row among those asked for, into r.post. */
static bool row_post(struct change *c, struct state_id post)
{
    for (c->r.post = 0; c->r.post < c->r.load.asked; c->r.post++) {
        if (id_eq(c->r.load.posts[c->r.post].id, post))
            return duty_is_asked(&c->r, c->r.post);
    }
    return false;
}

static struct state_id id_at(const void *row, size_t offset)
{
    struct state_id id;

    memcpy(&id, (const char *)row + offset, sizeof(id));
    return id;
}

/* Rows that are meant: all for a list, else those of --id. */
static bool is_meant(struct change *c, const struct change_kind *kind, const void *row)
{
    const char *id = c->r.o->id;

    /* every row begins with its id (STATE_ROW) */
    return (!id || duty_id_is(id_at(row, 0), id)) &&
           (kind->of_person || row_post(c, id_at(row, kind->post)));
}

static int each_row(struct change *c, const struct change_kind *kind)
{
    struct state_query q = {.from = c->r.from - LIST_BACK, .to = c->r.from + LIST_AHEAD};
    void *rows = NULL, *only = NULL;
    size_t n = 0, met = 0;
    int status = 0;

    if (kind->of_person && c->r.o->unit) {
        struct state_unit unit;

        status = ledger_unit(c->r.st, c->r.o->unit, &unit);
        q.unit = unit.id;
        q.below = true;
    }
    if (status != 0)
        return status;
    if (kind->list(c, &q, &rows, &n) < 0)
        return change_failed(c);
    for (size_t i = 0; i < n; i++) {
        void *row = (char *)rows + i * kind->row_size;

        if (!is_meant(c, kind, row))
            continue;
        if (change_is(c, "list"))
            kind->show(c, row);
        only = row;
        met++;
    }
    if (change_is(c, "list"))
        return 0;
    if (met != 1)
        return app_usage(c->r.app, MSG_DUTY_NO_ID, c->r.o->id);
    (void)is_meant(c, kind, only); /* its post again */
    return kind->act(c, only);
}

int change_run(struct app *app, const struct duty_options *o, const struct operands *operands,
               const struct change_kind *kind)
{
    struct change c = {.word = operands->count ? operands->items[0] : "list"};
    bool fresh = is_fresh(&c, kind), list = change_is(&c, "list");
    int status;

    if (!fresh && !list && !o->id)
        return app_usage(app, MSG_CLI_NO_OPTION, "id");
    status = duty_run_begin(&c.r, app, o, list ? STATE_READ : STATE_WRITE, LIST_AHEAD);
    if (status != 0)
        return status;
    status = ledger_time(app, "from", o->from, false, &c.start);
    if (status == 0)
        status = ledger_time(app, "until", o->until, true, &c.stop);
    if (status == 0 && fresh)
        status = duty_one_post(&c.r);
    if (status == 0)
        status = fresh ? kind->make(&c) : each_row(&c, kind);
    duty_run_done(&c.r);
    return status;
}
