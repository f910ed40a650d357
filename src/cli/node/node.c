/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/node/node.h"

#include <unistd.h>

#include "base/json_write.h"
#include "base/num.h"
#include "base/time.h"
#include "cli/listing.h"
#include "cli/session.h"
#include "control/client.h"

int node_fail(struct app *app, const struct err *err)
{
    return app_fail(app, NULL, err);
}

enum { NODE_COLUMNS_MAX = 16 };

struct node_print {
    struct app *app;
    struct node_act *act;
    const struct control_act *row; /* of the table */
    struct table table;
    struct table_column titles[NODE_COLUMNS_MAX];
};

static void put_json_cell(struct json_write *w, enum control_kind kind, struct slice s)
{
    int64_t v = 0;

    if (kind == CONTROL_IS_TEXT || kind == CONTROL_IS_ID) {
        json_text(w, s);
        return;
    }
    if (num_i64(s, &v) < 0)
        json_null(w);
    else if (kind == CONTROL_IS_TIME)
        json_time(w, v ? v : TIME_NONE);
    else if (kind == CONTROL_IS_FLAG)
        json_bool(w, v != 0);
    else
        json_i64(w, v);
}

void node_row_json(struct buf *out, const struct control_column *columns, size_t column_count,
                   const struct slice *cells, size_t n)
{
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '{');
    for (size_t i = 0; i < n && i < column_count; i++) {
        json_key(&w, columns[i].key);
        put_json_cell(&w, columns[i].kind, cells[i]);
    }
    json_close(&w, '}');
    buf_putc(out, '\n');
}

static void put_table_cell(struct table *t, enum control_kind kind, struct slice s)
{
    int64_t v = 0;

    if (kind == CONTROL_IS_ID)
        table_id(t, s);
    else if (kind == CONTROL_IS_TEXT || num_i64(s, &v) < 0)
        table_text(t, s);
    else if (kind == CONTROL_IS_TIME)
        table_time(t, v);
    else if (kind == CONTROL_IS_SPAN)
        table_span(t, v);
    else if (kind == CONTROL_IS_FLAG)
        table_flag(t, v != 0);
    else
        table_number(t, v);
}

static size_t column_of(const struct control_act *row, const char *key)
{
    size_t i = 0;

    while (i < row->column_count && strcmp(row->columns[i].key, key) != 0)
        i++;
    return i;
}

static int print_row(void *u, const struct slice *cells, size_t n)
{
    struct node_print *p = u;

    p->act->rows++;
    p->act->troubles += n > 0 && (slice_is(cells[0], "warn") || slice_is(cells[0], "bad") ||
                                  slice_is(cells[0], "unknown"));
    if (p->act->row)
        return p->act->row(p->act->u, p->row, cells, n);
    if (p->act->json) {
        node_row_json(&p->app->out.buf, p->row->columns, p->row->column_count, cells, n);
        return out_settle(&p->app->out) ? 0 : -CE_IO;
    }
    for (unsigned i = 0; i < p->act->column_count; i++) {
        size_t at = column_of(p->row, p->act->columns[i].key);

        put_table_cell(&p->table, at < n ? p->row->columns[at].kind : CONTROL_IS_TEXT,
                       at < n ? cells[at] : SLICE_NULL);
    }
    table_row_end(&p->table);
    return 0;
}

static enum table_kind kind_of(enum control_kind kind)
{
    static const enum table_kind kinds[] = {
        [CONTROL_IS_TEXT] = TABLE_TEXT, [CONTROL_IS_NUMBER] = TABLE_NUMBER,
        [CONTROL_IS_TIME] = TABLE_TIME, [CONTROL_IS_SPAN] = TABLE_SPAN,
        [CONTROL_IS_FLAG] = TABLE_FLAG, [CONTROL_IS_ID] = TABLE_ID,
    };

    return kinds[kind];
}

static void print_begin(struct node_print *p)
{
    struct table_options o = {.name = "rows", .lang = p->app->lang, .zone = SESSION_ZONE};

    for (unsigned i = 0; i < p->act->column_count && i < NODE_COLUMNS_MAX; i++) {
        size_t at = column_of(p->row, p->act->columns[i].key);

        p->titles[i] = (struct table_column){.key = p->act->columns[i].key,
                                             .title = p->act->columns[i].title,
                                             .kind = at < p->row->column_count
                                                         ? kind_of(p->row->columns[at].kind)
                                                         : TABLE_TEXT};
    }
    table_init(&p->table, p->titles, p->act->column_count, &o);
}

static int print_end(struct node_print *p)
{
    static const struct listing_options plain = {.json = false};
    int status = p->act->json || p->act->row || p->act->column_count == 0
                     ? 0
                     : listing_print(p->app, &p->table, &plain);

    return status;
}

static int run_remote(struct node_print *p, const struct place *place, struct control_args *args,
                      struct err *err)
{
    struct control_client c;
    int r = control_connect(&c, place->control, err);

    if (r < 0)
        return r;
    r = control_run(&c, slice_str(p->act->name), args, print_row, p, err);
    control_close(&c);
    return r;
}

static int run_here(struct node_print *p, const struct place *place,
                    const struct control_args *args, int *ret_status, struct err *err)
{
    struct arena arena = ARENA_INIT((size_t)16 << 20);
    struct control_job job = {.args = args, .arena = &arena, .row = print_row, .u = p};
    struct buf login = BUF_INIT(40);
    struct session st;
    int r;

    *ret_status =
        session_open(p->app, place->state, p->row->writes ? STATE_WRITE : STATE_READ, &st);
    if (*ret_status != 0)
        return 0;
    buf_printf(&login, "uid %u", (unsigned)getuid());
    job.s = st.s;
    job.actor = st.actor;
    job.login = slice_str(buf_cstr(&login));
    r = p->row->run(&job, err);
    session_close(&st);
    buf_done(&login);
    arena_done(&arena);
    return r;
}

int node_run(struct app *app, struct node_act *act, struct control_args *args)
{
    struct node_print p = {.app = app, .act = act, .row = control_act_find(slice_str(act->name))};
    struct err err = ERR_INIT;
    struct place place;
    int status = 0, r = place_find(act->dir, &place, &err);

    if (r < 0)
        return node_fail(app, &err);
    (void)control_put(args, "lang", slice_str(lang_to_str(app->lang)));
    print_begin(&p);
    if (place_is_locked(&place))
        r = run_remote(&p, &place, args, &err);
    else
        r = run_here(&p, &place, args, &status, &err);
    if (r < 0)
        status = node_fail(app, &err);
    else if (status == 0)
        status = print_end(&p);
    table_done(&p.table);
    return status;
}
