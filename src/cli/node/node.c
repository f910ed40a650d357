/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/node/node.h"

#include <unistd.h>

#include "base/num.h"
#include "base/time.h"
#include "cli/session.h"
#include "cli/session_token.h"
#include "control/client.h"
#include "control/doctor.h"
#include "view/control.h"

int node_fail(struct app *app, const struct err *err)
{
    return app_fail(app, NULL, err);
}

struct node_print {
    struct app *app;
    struct node_act *act;
    const struct control_act *row; /* of the table */
    struct view_rows rows;
};

/* Rows may be many, and a tail never ends: each is written at once. */
static int print_json(struct node_print *p)
{
    table_to_json_lines(&p->rows.table, &p->app->out.buf);
    table_clear(&p->rows.table);
    return out_settle(&p->app->out) ? 0 : -CE_IO;
}

static int print_row(void *u, const struct slice *cells, size_t n)
{
    struct node_print *p = u;
    enum doctor_state state;

    p->act->rows++;
    p->act->troubles += n > 0 && doctor_state_read(cells[0], &state) && state != DOCTOR_OK;
    if (p->act->row)
        return p->act->row(p->act->u, p->row, cells, n);
    view_rows_write(&p->rows, cells, n);
    return p->act->listing && p->act->listing->json ? print_json(p) : 0;
}

static void print_begin(struct node_print *p)
{
    const struct view_ctx ctx = listing_face(p->app);
    bool json = p->act->listing && p->act->listing->json;

    view_rows_begin(&ctx, p->row, p->act->columns, json ? 0 : p->act->column_count, &p->rows);
}

/* A line a column of what is there. */
static int print_facts(struct node_print *p)
{
    const struct table *t = &p->rows.table;
    struct buf text = BUF_INIT(1 << 20);
    size_t from = p->app->out.buf.len;

    for (size_t row = 0; row < t->rows; row++) {
        for (unsigned i = 0; i < t->count; i++) {
            const struct table_cell *c = table_cell(t, row, i);

            buf_clear(&text);
            if (!table_cell_is_blank(c))
                table_cell_write(t, c, &text);
            listing_line(p->app, t->columns[i].title, buf_slice(&text));
        }
    }
    listing_wrap(p->app, from);
    buf_done(&text);
    return out_settle(&p->app->out) ? 0 : EX_IOERR;
}

static int print_end(struct node_print *p)
{
    static const struct listing_options plain = {.json = false};
    const struct listing_options *o = p->act->listing ? p->act->listing : &plain;

    if (o->json || p->act->row || p->act->column_count == 0)
        return 0;
    if (p->act->facts)
        return print_facts(p);
    if (p->act->heading && p->act->rows == 0)
        return 0;
    if (p->act->heading)
        buf_printf(&p->app->out.buf, "\n%s\n", lang_text(p->app->lang, p->act->heading));
    return listing_print(p->app, &p->rows.table, o);
}

int node_ask(struct app *app, const struct place *place, enum node_asker as, const char *act,
             struct control_args *args, int (*row)(void *u, const struct slice *cells, size_t n),
             void *u, struct err *err)
{
    struct control_client c;
    struct arena arena = ARENA_INIT(1 << 16);
    struct slice token = SLICE_NULL;
    int r = as == NODE_AS_PERSON ? session_token_get(&arena, place->state, &token, err) : 0;

    (void)control_write(args, "lang", slice_str(lang_to_str(app->lang)));
    if (r == 0 && token.n)
        (void)control_write(args, "session", token);
    if (r == 0)
        r = control_connect(&c, place->control, err);
    if (r == 0) {
        r = control_run(&c, slice_str(act), args, row, u, err);
        control_close(&c);
    }
    arena_done(&arena);
    return r;
}

static int run_here(struct node_print *p, const struct place *place, struct control_args *args,
                    int *ret_status, struct err *err)
{
    struct arena arena = ARENA_INIT((size_t)16 << 20);
    struct control_job job = {.args = args, .arena = &arena, .row = print_row, .u = p};
    struct session_options opt = {.dir = p->act->state ? p->act->state : place->state,
                                  .mode = p->row->writes ? STATE_WRITE : STATE_READ,
                                  .anonymous = p->act->anonymous};
    struct buf login = BUF_INIT(40);
    struct session st;
    int r;

    (void)control_write(args, "lang", slice_str(lang_to_str(p->app->lang)));
    *ret_status = session_open_as(p->app, &opt, &st);
    if (*ret_status != 0)
        return 0;
    buf_printf(&login, "uid %u", (unsigned)getuid());
    job.s = st.s;
    job.actor = st.actor;
    job.login = st.actor.account.n ? st.actor.account : slice_str(buf_cstr(&login));
    r = p->row->run(&job, err);
    session_close(&st);
    buf_done(&login);
    arena_done(&arena);
    return r;
}

int node_no_row(void *u, const struct control_act *act, const struct slice *cells, size_t n)
{
    (void)u;
    (void)act;
    (void)cells;
    (void)n;
    return 0;
}

void node_arg(struct control_args *args, const char *key, const char *value)
{
    if (value)
        (void)control_write(args, key, slice_str(value));
}

int node_run_own(struct app *app, struct node_act *act, struct control_args *args, const char *unit)
{
    struct arena arena = ARENA_INIT(1 << 20);
    int status = session_own_unit(app, &arena, &unit);

    node_arg(args, "unit", unit);
    if (status == 0)
        status = node_run(app, act, args);
    arena_done(&arena);
    return status;
}

int node_run(struct app *app, struct node_act *act, struct control_args *args)
{
    struct node_print p = {.app = app, .act = act, .row = control_act_find(slice_str(act->name))};
    struct err err = ERR_INIT;
    struct place place;
    int status = act->listing ? listing_check(app, act->listing) : 0, r;

    if (status != 0)
        return status;
    if (act->state == NULL && act->dir == NULL)
        act->state = place_lone_state();
    r = place_find(act->dir, &place, &err);
    if (r < 0)
        return node_fail(app, &err);
    print_begin(&p);
    if (act->state == NULL && place_is_locked(&place))
        r = node_ask(app, &place, act->anonymous ? NODE_AS_MACHINE : NODE_AS_PERSON, act->name,
                     args, print_row, &p, &err);
    else
        r = run_here(&p, &place, args, &status, &err);
    if (r < 0)
        status = node_fail(app, &err);
    else if (status == 0)
        status = print_end(&p);
    table_done(&p.rows.table);
    return status;
}
