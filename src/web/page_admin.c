/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Quản trị": how the node itself stands (canh doctor), and where its events come from. Both are
 * the acts of run/control (control/act.h), run as who is signed in. Sources that read this
 * machine's own files are registered on the machine.
 */
#include "base/num.h"
#include "base/time.h"
#include "control/act.h"
#include "lang/err_web.h"
#include "lang/error.h"
#include "source/source.h"
#include "web/web_internal.h"

enum { RHYTHM_HOURS_MAX = 24 * 31 };
enum { DOCTOR_STATE, DOCTOR_AREA, DOCTOR_NAME, DOCTOR_MARK, DOCTOR_TITLE, DOCTOR_TEXT };
enum {
    SOURCE_CODE,
    SOURCE_UNIT,
    SOURCE_KIND,
    SOURCE_NAME,
    SOURCE_PATHS,
    SOURCE_ID,
    SOURCE_ADDRESSES,
    SOURCE_ZONE,
    SOURCE_KEY,
    SOURCE_CERTIFICATE,
    SOURCE_CERTIFICATE_KEY
};

int visit_run_act(struct visit *v, const struct control_act *act, struct control_args *args,
                  visit_act_row *row, void *u, struct err *err)
{
    struct arena arena = ARENA_INIT((size_t)16 << 20);
    struct control_job job = {.s = v->s,
                              .actor = v->who.actor,
                              .login = v->who.login,
                              .args = args,
                              .arena = &arena,
                              .row = row,
                              .u = u,
                              .more = v->web->doctor,
                              .node = v->web->node,
                              .issue = v->web->issue,
                              .more_u = v->web->u};
    int r = control_write(args, "lang", slice_str(lang_to_str(v->lang)))
                ? act->run(&job, err)
                : err_fail(err, CE_TOO_BIG, ERR_WEB_RESULT_TOO_LARGE);

    arena_done(&arena);
    if (r == 0 && act->sources)
        visit_sources_changed(v);
    return r;
}

static int run_control(struct visit *v, const char *name, struct control_args *args,
                       visit_act_row *row, struct err *err)
{
    return visit_run_act(v, control_act_find(slice_str(name)), args, row, v, err);
}

/* The page. */

static int write_finding(void *u, const struct slice *cells, size_t n)
{
    static const char *const classes[][2] = {{"ok", "on"},
                                             {"warn", "late"},
                                             {"bad", "missed"},
                                             {"unknown", "silent"}};
    struct visit *v = u;
    struct page_scope *row = page_add(v->page, "findings");

    if (n <= DOCTOR_TEXT)
        return 0;
    for (size_t i = 0; i < CANH_LEN(classes); i++)
        if (slice_is(cells[DOCTOR_STATE], classes[i][0]))
            page_set_text(row, "finding_class", classes[i][1]);
    page_set(row, "finding_state", cells[DOCTOR_MARK]);
    page_set(row, "finding_area", cells[DOCTOR_TITLE]);
    page_set(row, "finding_name", cells[DOCTOR_NAME]);
    page_set(row, "finding_text", cells[DOCTOR_TEXT]);
    return 0;
}

static int write_source(void *u, const struct slice *cells, size_t n)
{
    struct visit *v = u;
    struct page_scope *row = page_add(v->page, "sources");

    if (n <= SOURCE_ADDRESSES)
        return 0;
    page_set(row, "source_code", cells[SOURCE_CODE]);
    page_set(row, "source_unit", cells[SOURCE_UNIT]);
    page_set(row, "source_kind", cells[SOURCE_KIND]);
    page_set(row, "source_name", cells[SOURCE_NAME]);
    page_set(row, "source_from",
             cells[SOURCE_PATHS].n ? cells[SOURCE_PATHS] : cells[SOURCE_ADDRESSES]);
    return 0;
}

/* Kinds whose sender is another machine. */
static bool is_offered(const struct source_kind *k)
{
    return !k->paths && k->folders == NULL;
}

static int show_admin(struct visit *v, struct slice message, unsigned status, struct err *err)
{
    struct control_args nothing = {.count = 0}, none = {.count = 0};
    int64_t now = state_now(v->s);
    int r = run_control(v, "doctor", &nothing, write_finding, err);

    if (r == 0)
        r = run_control(v, "source_list", &none, write_source, err);
    if (r < 0)
        return r;
    for (size_t i = 0; i < source_kind_count; i++)
        if (is_offered(&source_kinds[i])) {
            struct page_scope *row = page_add(v->page, "kinds");

            page_set_text(row, "kind", source_kinds[i].name);
            page_set_flag(row, "kind_chosen",
                          slice_is(visit_given(v, "kind"), source_kinds[i].name));
        }
    page_set(v->page, "name_in", visit_given(v, "name"));
    page_set(v->page, "address_in", visit_given(v, "address"));
    page_set(v->page, "unit_in", visit_given(v, "unit"));
    page_set(v->page, "hours_in", visit_given(v, "hours"));
    page_set_flag(v->page, "certificate_in", visit_given(v, "certificate").n > 0);
    page_set_flag(v->page, "sees_node", state_sees_all(v->s, &v->who.actor));
    page_set_flag(v->page, "at_health", true);
    page_set(v->page, "message", message);
    page_set_flag(v->page, "done", visit_query(v, "done").n > 0);
    page_set_when(v->page, "now", now, now);
    r = visit_page(v, "admin", err);
    v->x->reply.status = status;
    return r;
}

int page_admin(struct visit *v, struct err *err)
{
    return show_admin(v, SLICE_NULL, 200, err);
}

/* Acts. */

/* The page again with why not, where the visitor can mend it. */
static int admin_answer(struct visit *v, int r, struct err *err)
{
    struct buf text = BUF_INIT(2000);

    if (r == 0 || r == -CE_NOMEM || r == -CE_IO || r == -CE_NOT_FOUND)
        return r == 0 ? visit_goto(v, SLICE("/admin?done=1")) : r;
    error_write(&text, v->lang, err);
    *err = (struct err)ERR_INIT;
    r = show_admin(v, buf_slice(&text), r == -CE_DENIED ? 403 : 422, err);
    buf_done(&text);
    return r;
}

/* A row of source_add: what is told once. */
static int write_added(void *u, const struct slice *cells, size_t n)
{
    struct visit *v = u;

    if (n <= SOURCE_CERTIFICATE_KEY)
        return 0;
    page_set(v->page, "added", cells[SOURCE_CODE]);
    page_set(v->page, "added_key", cells[SOURCE_KEY]);
    page_set(v->page, "added_certificate", cells[SOURCE_CERTIFICATE]);
    page_set(v->page, "added_certificate_key", cells[SOURCE_CERTIFICATE_KEY]);
    return 0;
}

/* One a line, as a text area sends them. */
static struct slice lines_of(struct visit *v, struct slice text)
{
    uint8_t *to = arena_new_array(v->arena, text.n + 1, uint8_t);
    size_t n = 0;

    for (size_t i = 0; to && i < text.n; i++)
        if (text.p[i] != '\r')
            to[n++] = text.p[i] == ',' || text.p[i] == ' ' ? '\n' : text.p[i];
    return slice_of(to, n);
}

static bool write_given(struct visit *v, struct control_args *args, const char *name)
{
    return visit_given(v, name).n == 0 || control_write(args, name, visit_given(v, name));
}

static int read_source(struct visit *v, struct control_args *args, struct err *err)
{
    const struct source_kind *kind = source_kind_find(visit_given(v, "kind"));
    struct slice hours = visit_given(v, "hours");
    struct buf rhythm = BUF_INIT(40);
    int64_t n = 0;
    bool fits;

    if (kind == NULL || !is_offered(kind))
        return err_fail(err, CE_UNKNOWN, ERR_WEB_SOURCE_KIND);
    if (hours.n > 0 && num_range(hours, 1, RHYTHM_HOURS_MAX, &n) < 0)
        return err_fail(err, CE_RANGE, ERR_WEB_SOURCE_HOURS, RHYTHM_HOURS_MAX);
    buf_append_i64(&rhythm, n * TIME_HOUR);
    fits = write_given(v, args, "kind") && write_given(v, args, "unit") &&
           write_given(v, args, "name") &&
           (visit_given(v, "address").n == 0 ||
            control_write(args, "address", lines_of(v, visit_given(v, "address")))) &&
           (n == 0 || control_write(args, "rhythm", arena_dup(v->arena, buf_slice(&rhythm)))) &&
           (visit_given(v, "certificate").n == 0 || control_write(args, "certificate", SLICE("1")));
    buf_done(&rhythm);
    return fits ? 0 : err_fail(err, CE_TOO_BIG, ERR_WEB_RESULT_TOO_LARGE);
}

int post_source(struct visit *v, struct err *err)
{
    struct control_args args = {.count = 0};
    int r = read_source(v, &args, err);

    if (r == 0)
        r = run_control(v, "source_add", &args, write_added, err);
    return r == 0 ? show_admin(v, SLICE_NULL, 200, err) : admin_answer(v, r, err);
}

static int write_nothing(void *u, const struct slice *cells, size_t n)
{
    (void)u, (void)cells, (void)n;
    return 0;
}

int post_source_end(struct visit *v, struct err *err)
{
    struct control_args args = {.count = 0};

    if (!control_write(&args, "code", visit_given(v, "code")) ||
        !control_write(&args, "unit", visit_given(v, "unit")))
        return err_fail(err, CE_TOO_BIG, ERR_WEB_RESULT_TOO_LARGE);
    return admin_answer(v, run_control(v, "source_end", &args, write_nothing, err), err);
}
