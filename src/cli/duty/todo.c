/* SPDX-License-Identifier: Apache-2.0 */
/* canh todo: what a unit must do now; canh duty alone: one's own shift before it. */
#include "cli/duty/todo.h"
#include "cli/duty/duty.h"
#include "cli/session.h"
#include "duty/picture.h"
#include "lang/msg_cli.h"
#include "lang/msg_duty.h"
#include "lang/said.h"
#include "overview/todo.h"
#include "register/unit.h"
#include "view/todo.h"

enum { NEXT_MAX = 4 };

struct todo_options {
    const char *state, *unit, *person, *at;
    struct listing_options listing;
};

struct run {
    struct session l;
    const struct todo_options *o;
    struct session_own own;
    struct state_unit unit;
    struct act_ctx act;
};

/* The unit of --unit, else one's own, else the node's; one of several is not guessed. */
static int find_unit(struct run *r)
{
    struct err err = ERR_INIT;
    struct state_id id;
    int found;

    if (r->own.unit != NULL)
        return session_unit(&r->l, r->own.unit, &r->unit);
    found = unit_own_find(r->l.s, &r->l.actor, &id, &err);
    if (found == 0)
        return app_usage(r->l.app, MSG_CLI_NO_OWN_UNIT);
    if (found > 0)
        found = state_unit_get(r->l.s, &r->l.actor, id, &r->l.arena, &r->unit, &err);
    return found < 0 ? session_fail(&r->l, &err) : 0;
}

static int todo_begin(struct app *app, const struct todo_options *o, struct run *r)
{
    int64_t at = 0;
    int status = listing_check(app, &o->listing);

    r->o = o;
    if (status == 0)
        status = session_open(app, o->state, STATE_READ, &r->l);
    if (status != 0)
        return status;
    status = session_own(app, &r->l.arena, &r->own);
    if (status == 0)
        status = session_time(app, "at", o->at, false, &at);
    if (o->unit)
        r->own.unit = o->unit;
    if (o->person)
        r->own.person = o->person;
    if (status == 0)
        status = find_unit(r);
    r->act = session_act(&r->l, at);
    if (status != 0)
        session_close(&r->l);
    return status;
}

static int show_todo(struct run *r)
{
    const struct todo_request request = {.unit = r->unit.id, .terms = duty_own_terms()};
    struct view_ctx ctx = listing_ctx(&r->l, act_at(&r->act));
    struct duty_items items;
    struct err err = ERR_INIT;
    struct table t;
    int status;

    if (todo_read(&r->act, &r->l.actor, &request, &items, &err) < 0)
        return session_fail(&r->l, &err);
    status = view_todo(&ctx, &items, &t, &err) < 0 ? session_fail(&r->l, &err)
                                                   : listing_print(r->l.app, &t, &r->o->listing);
    table_done(&t);
    if (status == 0 && items.count > 0)
        status = EXIT_FOUND;
    return status;
}

static int run_todo(struct app *app, const void *values, const struct operands *operands)
{
    struct run r;
    int status = todo_begin(app, values, &r);

    (void)operands;
    if (status != 0)
        return status;
    status = show_todo(&r);
    session_close(&r.l);
    return status;
}

/* One line: when, where, what about it. */
static void write_shift(struct run *r, const struct own_shift *m, uint32_t post, int64_t from,
                        int64_t until, msg_id what)
{
    const struct duty_load *l = &m->picture.load;
    struct view_ctx ctx = listing_ctx(&r->l, act_at(&r->act));
    struct buf line = BUF_INIT(64 * 1024);

    buf_puts(&line, "  ");
    duty_span_write(&line, from, until, l->plan.posts[post].offset_s);
    buf_puts(&line, "  ");
    said_write(&line, r->l.app->lang, l->posts[post].name);
    if (!id_eq(l->posts[post].unit, r->unit.id)) /* stood for another unit */
        buf_printf(&line, " (" SLICE_FMT ")", SLICE_ARG(view_unit_code(&ctx, l->posts[post].unit)));
    if (what != MSG_NONE) {
        buf_puts(&line, ": ");
        buf_puts(&line, lang_text(r->l.app->lang, what));
    }
    duty_write_line(r->l.app, &line);
}

static void show_own_shift(struct run *r, const struct own_shift *m, struct slice name)
{
    static const msg_id words[] = {MSG_NONE, MSG_DUTY_MINE_LATER, MSG_DUTY_MINE_MAY_TAKE,
                                   MSG_DUTY_MINE_ON};
    struct buf *out = &r->l.app->out.buf;
    size_t shown = 0;

    if (m->state == MINE_NONE) {
        lang_write(out, r->l.app->lang, MSG_DUTY_MINE_NONE, SLICE_ARG(name));
        return;
    }
    lang_write(out, r->l.app->lang, MSG_DUTY_MINE_OF, SLICE_ARG(name));
    write_shift(r, m, m->post, m->fact ? m->fact->row.start : m->shift.from,
                m->fact ? m->fact->row.stop : m->shift.until, words[m->state]);
    for (size_t i = 0; i < m->next_count && shown < NEXT_MAX; i++) {
        const struct duty_shift *s = &m->next[i];

        if (s->from <= m->now || (!m->fact && s->from == m->shift.from))
            continue;
        write_shift(r, m, s->post, s->from, s->until, MSG_NONE);
        shown++;
    }
}

static int show_shift(struct run *r)
{
    struct own_shift_request request = {.terms = duty_own_terms()};
    struct view_ctx ctx = listing_ctx(&r->l, act_at(&r->act));
    struct err err = ERR_INIT;
    struct own_shift m;
    int status = session_person(&r->l, r->unit.id, r->own.person, &request.person);

    if (status != 0)
        return status;
    if (shift_own(&r->act, &r->l.actor, &request, &m, &err) < 0)
        return session_fail(&r->l, &err);
    show_own_shift(r, &m, view_person_name(&ctx, request.person));
    return 0;
}

static int run_alone(struct app *app, const void *values, const struct operands *operands)
{
    struct run r;
    int status = todo_begin(app, values, &r);

    (void)operands;
    if (status != 0)
        return status;
    if (r.own.person && listing_is_plain(&r.o->listing))
        status = show_shift(&r);
    else if (!r.own.person)
        app_print(app, MSG_CLI_NO_OWN_PERSON);
    if (status == 0)
        status = show_todo(&r);
    session_close(&r.l);
    return status;
}

#define TODO_TEXT(name, letter, field, arg, help)                                                  \
    OPTION_TEXT(name, letter, struct todo_options, field, arg, COMPLETE_NONE, help)
#define TODO_COMMON                                                                                \
    SESSION_OPTION(struct todo_options, state),                                                    \
        TODO_TEXT("unit", 'u', unit, "CODE", MSG_DUTY_OPT_OWN_UNIT),                               \
        TODO_TEXT("at", 0, at, "TIME", MSG_DUTY_OPT_AT),                                           \
        LISTING_OPTIONS(struct todo_options, listing)

static const struct option_spec todo_specs[] = {TODO_COMMON};
static const struct option_spec alone_specs[] = {TODO_COMMON, TODO_TEXT("person", 0, person, "CODE",
                                                                        MSG_DUTY_OPT_OWN_PERSON)};

const struct verb verb_todo = {.name = "todo",
                               .summary = MSG_DUTY_TODO_SUMMARY,
                               .about = MSG_DUTY_TODO_ABOUT,
                               VERB_OPTIONS(todo_specs),
                               .options_size = sizeof(struct todo_options),
                               .run = run_todo};
const struct verb duty_mine = {.name = "mine",
                               .summary = MSG_DUTY_MINE_SUMMARY,
                               .about = MSG_DUTY_MINE_ABOUT,
                               VERB_OPTIONS(alone_specs),
                               .options_size = sizeof(struct todo_options),
                               .run = run_alone};
