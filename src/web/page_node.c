/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Quản trị": what the node's machine tells of itself (control/node.h), a page a part, with what of
 * canh.conf stands behind it. canh.conf itself is nobody's to change from here. A backup is made
 * beside the loop, and restored on trial.
 */
#include <string.h>
#include <unistd.h>

#include "alert/test_call.h"
#include "base/file.h"
#include "base/num.h"
#include "base/time.h"
#include "control/act.h"
#include "control/node.h"
#include "lang/err_web.h"
#include "lang/error.h"
#include "lang/msg_machine.h"
#include "office/bundle_wire.h"
#include "state/audit.h"
#include "state/backup.h"
#include "web/api.h"

enum { CELL_MAX = 200, NAME_MAX_BYTES = 200 };
#define CERTIFICATE_SOON (30 * TIME_DAY)
#define BACKUP_OLD       (7 * TIME_DAY)

/* A part of the node: its page, its act, the sections of canh.conf that rule it, and whether they
 * count only after a restart. */
struct node_part {
    const char *name, *act, *template, *here;
    msg_id lead;
    const char *sections[2];
    bool restarts;
};
/* clang-format off */
static const struct node_part parts[] = {
    {"rules", "node_rules", "node-rules", "at_rules", MSG_MACHINE_RULES_LEAD, {"detect"}, false},
    {"backup", "node_backups", "node-backup", "at_backup", MSG_MACHINE_BACKUP_LEAD, {NULL}, false},
    {"retention", "node_retention", "node-retention", "at_retention", MSG_MACHINE_RETENTION_LEAD,
     {"journal"}, true},
    {"gateways", "node_gateways", "node-gateways", "at_gateways", MSG_MACHINE_GATEWAYS_LEAD,
     {"send"}, false},
    {"keys", "node_certificates", "node-keys", "at_keys", MSG_MACHINE_KEYS_LEAD,
     {"tls", "journal"}, true},
    /* of the API alone */
    {.name = "backups", .act = "node_backups"},
    {.name = "certificates", .act = "node_certificates"},
    {.name = "settings", .act = "node_settings"},
};
/* clang-format on */

static const struct node_part *part_of(const struct visit *v)
{
    const struct uri_target *t = &v->x->target;
    struct slice name = t->segments[t->segment_count - 1];

    for (size_t i = 0; i < CANH_LEN(parts); i++)
        if (slice_is(name, parts[i].name))
            return &parts[i];
    return &parts[0];
}

/* Lists of the page, by the first cell of a row. */
static const char *list_of(struct slice kind)
{
    static const char *const lists[][2] = {
        {"loaded", "loaded"},     {"own", "own"},       {"carried", "carried"},
        {"refused", "not_taken"}, {"shelf", "shelf"},   {"collection", "collections"},
        {"backup", "backups"},    {"class", "classes"}, {"way", "ways"},
        {"reason", "reasons"},    {"inbox", "inbox"},   {"certificate", "certificates"},
        {"key", "keys"},
    };

    for (size_t i = 0; i < CANH_LEN(lists); i++)
        if (slice_is(kind, lists[i][0]))
            return lists[i][1];
    return NULL;
}

/* What the node names by a word of its own. */
static const char *title_of(enum lang lang, struct slice name)
{
    static const struct {
        const char *name;
        msg_id title;
    } titles[] = {
        {"events", MSG_MACHINE_NAME_EVENTS},   {"alerts", MSG_MACHINE_NAME_ALERTS},
        {"sms", MSG_MACHINE_NAME_SMS},         {"smtp", MSG_MACHINE_NAME_SMTP},
        {"webhook", MSG_MACHINE_NAME_WEBHOOK}, {"sms-inbox", MSG_MACHINE_NAME_SMS_INBOX},
        {"console", MSG_MACHINE_NAME_CONSOLE}, {"ingest", MSG_MACHINE_NAME_INGEST},
        {"ca", MSG_MACHINE_NAME_CA},           {"contacts", MSG_MACHINE_NAME_CONTACTS},
        {"journal", MSG_MACHINE_NAME_JOURNAL},
    };

    for (size_t i = 0; i < CANH_LEN(titles); i++)
        if (slice_is(name, titles[i].name))
            return lang_text(lang, titles[i].title);
    return NULL;
}

static int64_t number_of(struct slice cell)
{
    int64_t n = 0;

    return num_range(cell, INT64_MIN, INT64_MAX, &n) == 0 ? n : 0;
}

static void set_cell(struct visit *v, struct page_scope *row, const struct control_column *column,
                     struct slice cell)
{
    struct buf text = BUF_INIT(CELL_MAX);
    int64_t n = column->kind == CONTROL_IS_TEXT ? 0 : number_of(cell);

    switch (column->kind) {
    case CONTROL_IS_NUMBER:
        lang_write_number(&text, v->lang, (uint64_t)n);
        break;
    case CONTROL_IS_BYTES:
        lang_write_bytes(&text, v->lang, (uint64_t)n);
        break;
    case CONTROL_IS_TIME:
        if (n != 0 && n != TIME_NONE)
            write_when(&text, n, state_now(v->s));
        break;
    case CONTROL_IS_FLAG:
        page_set_flag(row, column->key, n != 0);
        return;
    case CONTROL_IS_TEXT:
    case CONTROL_IS_SPAN:
    case CONTROL_IS_ID:
        page_set(row, column->key, cell);
        return;
    }
    page_set_buf(row, column->key, &text);
}

struct row_ctx {
    struct visit *v;
    const struct control_act *act;
    struct json_write *json; /* of the API */
};

static struct slice cell_named(const struct row_ctx *c, const struct slice *cells, const char *key)
{
    for (size_t i = 0; i < c->act->column_count; i++)
        if (strcmp(c->act->columns[i].key, key) == 0)
            return cells[i];
    return SLICE_NULL;
}

/* What a row means beyond its cells. */
static void judge_row(const struct row_ctx *c, struct page_scope *row, const struct slice *cells)
{
    int64_t now = state_now(c->v->s), until = number_of(cell_named(c, cells, "until"));
    int64_t at = number_of(cell_named(c, cells, "at"));
    const char *title = title_of(c->v->lang, cell_named(c, cells, "name"));

    if (title)
        page_set_text(row, "title", title);
    else
        page_set(row, "title", cell_named(c, cells, "name"));
    page_set_flag(row, "ended", until != 0 && until <= now);
    page_set_flag(row, "soon", until > now && until <= now + CERTIFICATE_SOON);
    page_set_flag(row, "measured", number_of(cell_named(c, cells, "a_day")) > 0);
    page_set_flag(row, "any_rules", number_of(cell_named(c, cells, "rules")) > 0);
    page_set_flag(row, "any_refused", number_of(cell_named(c, cells, "refused")) > 0);
    if (slice_is(cells[0], "backup") && at != 0)
        page_set_span(row, "age", c->v->lang, now - at);
    if (slice_is(cells[0], "backup") && at + BACKUP_OLD < now)
        page_set_flag(row, "old", true);
}

static int put_row(void *u, const struct slice *cells, size_t n)
{
    const struct row_ctx *c = u;
    const char *list = n == c->act->column_count ? list_of(cells[0]) : NULL;
    struct page_scope *row = list ? page_add(c->v->page, list) : NULL;

    page_set_flag(c->v->page, "any_reason", list && strcmp(list, "reasons") == 0);
    for (size_t i = 1; row && i < n; i++)
        set_cell(c->v, row, &c->act->columns[i], cells[i]);
    if (row)
        judge_row(c, row, cells);
    return 0;
}

static int put_setting(void *u, const struct slice *cells, size_t n)
{
    const struct row_ctx *c = u;
    struct page_scope *row;
    int64_t line;

    if (n != c->act->column_count)
        return 0;
    if (slice_is(cells[0], "file")) {
        page_set(c->v->page, "conf_file", cell_named(c, cells, "name"));
        return 0;
    }
    row = page_add(c->v->page, "settings");
    line = number_of(cell_named(c, cells, "line"));
    for (size_t i = 1; i < n; i++)
        if (c->act->columns[i].kind == CONTROL_IS_TEXT)
            page_set(row, c->act->columns[i].key, cells[i]);
    if (line > 0)
        page_set_i64(row, "line", line);
    return 0;
}

static int write_settings(struct visit *v, const struct node_part *part, struct err *err)
{
    struct row_ctx c = {.v = v, .act = control_act_find(SLICE("node_settings"))};
    int r = 0;

    for (size_t i = 0; r == 0 && i < CANH_LEN(part->sections) && part->sections[i]; i++) {
        struct control_args args = {.count = 0};

        if (!control_write(&args, "section", slice_str(part->sections[i])))
            return err_fail(err, CE_TOO_BIG, ERR_WEB_RESULT_TOO_LARGE);
        r = visit_run_act(v, c.act, &args, put_setting, &c, err);
    }
    return r;
}

/* ?days=: as if events were kept so long. -CE_RANGE. */
static int read_days(struct visit *v, struct control_args *args, struct err *err)
{
    struct slice days = visit_query(v, "days");
    int64_t n;

    if (days.n == 0)
        return 0;
    if (num_range(days, 1, CONTROL_NODE_DAYS_MAX, &n) < 0)
        return err_fail(err, CE_RANGE, ERR_WEB_RETENTION_DAYS, CONTROL_NODE_DAYS_MAX);
    page_set(v->page, "tried", days);
    return control_write(args, "days", days) ? 0
                                             : err_fail(err, CE_TOO_BIG, ERR_WEB_RESULT_TOO_LARGE);
}

static bool administers_node(const struct visit *v)
{
    return state_sees_all(v->s, &v->who.actor) &&
           (v->who.actor.role == STATE_ADMIN || v->who.actor.role == STATE_SYSADMIN);
}

/* Rules from an archive are for who administers the whole node. */
static bool may_change_rules(const struct visit *v)
{
    return v->web->rules_put && administers_node(v);
}

/* The page says so instead. */
static void write_refusal(struct visit *v, struct err *err)
{
    struct buf why = BUF_INIT(1000);

    error_write(&why, v->lang, err);
    page_set_buf(v->page, "message", &why);
    *err = (struct err)ERR_INIT;
}

static int show_node(struct visit *v, const struct node_part *part, struct err *err)
{
    struct row_ctx c = {.v = v, .act = control_act_find(slice_str(part->act))};
    struct control_args args = {.count = 0};
    int64_t now = state_now(v->s);
    int r = read_days(v, &args, err);
    bool refused = r == -CE_RANGE;

    if (refused) {
        write_refusal(v, err);
        r = 0;
    }
    if (r == 0)
        r = visit_run_act(v, c.act, &args, put_row, &c, err);
    if (r == 0)
        r = write_settings(v, part, err);
    if (r < 0)
        return r;
    page_set_flag(v->page, "sees_node", true);
    page_set_flag(v->page, part->here, true);
    page_set_text(v->page, "lead", lang_text(v->lang, part->lead));
    page_set_flag(v->page, "restarts", part->restarts);
    page_set_flag(v->page, "may_back_up", v->web->scratch && administers_node(v));
    page_set_flag(v->page, "may_import", may_change_rules(v));
    page_set(v->page, "days_in", visit_query(v, "days"));
    page_set_when(v->page, "now", now, now);
    r = visit_page(v, part->template, err);
    if (refused)
        v->x->reply.status = 422;
    return r;
}

/* What became of a test message, by the word in ?test=. */
static void write_test(struct visit *v)
{
    static const struct {
        const char *word, *flag;
    } words[] = {{"asked", "test_asked"}, {"waiting", "test_waiting"}, {"no-way", "test_no_way"}};

    for (size_t i = 0; i < CANH_LEN(words); i++)
        page_set_flag(v->page, words[i].flag, slice_is(visit_query(v, "test"), words[i].word));
}

/* The backup that ?made= names, where there is one: a link from elsewhere tells of none. */
static void write_made(struct visit *v)
{
    struct slice made = visit_query(v, "made");
    struct buf path = BUF_INIT(4096);

    if (made.n == 0 || slice_find_byte(made, '/') < made.n || made.p[0] == '.')
        return;
    state_backup_shelf(slice_str(state_dir(v->s)), &path);
    buf_putc(&path, '/');
    buf_append_slice(&path, made);
    if (access(buf_cstr(&path), F_OK) == 0)
        page_set(v->page, "made", made);
    buf_done(&path);
}

int page_node(struct visit *v, struct err *err)
{
    write_test(v);
    write_made(v);
    page_set(v->page, "imported", visit_query(v, "imported"));
    page_set(v->page, "import_refused", visit_query(v, "refused"));
    return show_node(v, part_of(v), err);
}

/* The API. */

static int put_item(void *u, const struct slice *cells, size_t n)
{
    const struct row_ctx *c = u;

    api_write_cells(c->json, c->act, cells, n);
    return 0;
}

int api_node(struct visit *v, struct err *err)
{
    struct json_write w;
    struct row_ctx c = {.v = v, .act = control_act_find(slice_str(part_of(v)->act)), .json = &w};
    struct control_args args = {.count = 0};
    int r = read_days(v, &args, err);

    if (r < 0)
        return r;
    api_items_begin(v, &w);
    r = visit_run_act(v, c.act, &args, put_item, &c, err);
    if (r == 0)
        api_items_end(&w);
    return r;
}

/* A backup, by the thread for what takes long: the copy is of one instant, whoever writes. */
static int backup_run(struct visit *v, struct err *err)
{
    struct state_backup_report rep = {.swept = 0};
    struct buf to = BUF_INIT(4096), path = BUF_INIT(200), stamp = BUF_INIT(64);
    int r;

    state_backup_shelf(slice_str(state_dir(v->s)), &to);
    state_backup_stamp(state_now(v->s), &stamp);
    r = file_mkdirs(buf_cstr(&to), 0700, err);
    buf_append_slice(&to, buf_slice(&stamp));
    if (r == 0)
        r = state_backup(v->s, &v->who.actor, buf_cstr(&to), false, &rep, err);
    if (r == 0)
        r = state_backup_verify(buf_cstr(&to), v->web->scratch, &rep, err);
    if (r == 0) {
        buf_printf(&path, "/admin/backup?made=%s", buf_cstr(&stamp) + 1);
        r = visit_done(v, buf_slice(&path));
    }
    buf_done(&to);
    buf_done(&path);
    buf_done(&stamp);
    return r;
}

int post_backup(struct visit *v, struct err *err)
{
    int r;

    if (v->web->scratch == NULL)
        return err_fail(err, CE_BUSY, ERR_WEB_NO_NODE);
    r = state_backup_note(v->s, &v->who.actor, false, err);
    return r < 0 ? r : lane_go(v, LANE_SLOW, backup_run, err);
}

/* Rules from an archive: read and tried by canh-convert, written by the thread for what takes long,
 * taken up by the node. */

struct rules_job {
    struct bundle bundle;
    struct slice name;
    bool fewer;
};

/* On the loop again. */
static int rules_taken_up(struct visit *v, struct err *err)
{
    const struct rules_job *job = v->job_data;
    struct buf path = BUF_INIT(300);
    int r = v->web->reload ? v->web->reload(v->web->u, job->fewer, err) : 0;

    if (r == 0) {
        buf_printf(&path, "/admin/rules?imported=%llu&refused=%llu",
                   (unsigned long long)job->bundle.counts.loaded,
                   (unsigned long long)job->bundle.counts.refused);
        r = visit_done(v, buf_slice(&path));
    }
    buf_done(&path);
    return r;
}

static int rules_write(struct visit *v, struct err *err)
{
    const struct rules_job *job = v->job_data;
    int r = v->web->rules_put(v->web->u, &job->bundle, job->name, job->fewer, err);

    return r < 0 ? r : lane_finish(v, rules_taken_up, err);
}

/* The name of the collection: what was typed, else the file's without its ending. */
static struct slice rules_name(const struct visit *v)
{
    static const char *const endings[] = {".zip", ".tar.gz", ".tgz", ".tar.xz", ".tar.zst", ".tar"};
    struct slice name = slice_trim(visit_given(v, "name"));

    if (name.n > 0)
        return name;
    name = v->file_name;
    for (size_t i = 0; i < CANH_LEN(endings); i++)
        if (slice_ends(name, slice_str(endings[i])))
            return slice_head(name, name.n - strlen(endings[i]));
    return name;
}

static int rules_read(struct visit *v, const struct desk_file *file, struct err *err)
{
    struct rules_job *job = arena_new(v->arena, struct rules_job);
    struct slice bytes = arena_dup(v->arena, file->bytes);
    int r = job && bytes.p ? 0 : err_nomem(err);

    if (r == 0 && bundle_decode(bytes, v->arena, &job->bundle) < 0)
        r = err_fail(err, CE_ENCODING, ERR_WEB_FILE_CANNOT_BE_READ);
    if (r == 0)
        r = state_audit_add(v->s, &v->who.actor, "import", "rules", STATE_ID_NONE,
                            slice_head_utf8(rules_name(v), NAME_MAX_BYTES), err);
    if (r < 0)
        return r;
    job->name = rules_name(v);
    job->fewer = slice_is(visit_given(v, "fewer"), "1");
    v->job_data = job;
    return lane_go(v, LANE_SLOW, rules_write, err);
}

int post_rules(struct visit *v, struct err *err)
{
    if (!may_change_rules(v))
        return err_fail(err, CE_DENIED, ERR_WEB_NOT_YOURS_TO_DO);
    return visit_read_file(v, DESK_RULES, rules_read, err);
}

/* To who asks, on every way that reaches them, and for who administers the whole node to its
 * webhook. */
int post_gateway_test(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    enum test_call_outcome outcome = TEST_CALL_NO_WAY, hook;
    struct buf path = BUF_INIT(100);
    int r = 0;

    if (!state_sees_all(v->s, &v->who.actor))
        return err_fail(err, CE_DENIED, ERR_WEB_NOT_YOURS_TO_DO);
    r = test_call_ask(&ctx, &v->who.actor, v->who.actor.person, &outcome, err);
    if (r == 0)
        r = test_call_hook(&ctx, &v->who.actor, &hook, err);
    if (r == 0 && v->api)
        api_reply_outcome(v, test_call_word(outcome));
    else if (r == 0) {
        buf_printf(&path, "/admin/gateways?test=%s", test_call_word(outcome));
        r = visit_goto(v, buf_slice(&path));
    }
    buf_done(&path);
    return r;
}
