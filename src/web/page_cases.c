/* SPDX-License-Identifier: Apache-2.0 */
/* Incidents: the list, one of them with its clocks and timeline, opening, writing, steps. */
#include "web/page_cases.h"
#include "alert/alert.h"
#include "base/num.h"
#include "lang/err_web.h"
#include "lang/error.h"
#include "lang/level.h"
#include "lang/msg_console.h"
#include "state/people.h"
#include "view/api.h"
#include "web/api.h"

enum { PAGE_MOST = 50, API_MOST = 200 };

static void write_head(struct visit *v, struct page_scope *p, const struct state_case *x)
{
    struct buf id = BUF_INIT(64);

    id_write(&id, x->id);
    page_set_buf(p, "id", &id);
    page_set(p, "number", x->number);
    page_set(p, "title", x->title);
    page_set_text(p, "level", level_name(x->level));
    page_set_text(p, "level_word", level_text(v->lang, x->level));
    page_set_text(p, "state_mark", case_state_word(x->state));
    page_set_text(p, "state_word", case_state_text(v->lang, x->state));
    page_set_text(p, "class_word", case_class_text(v->lang, x->class));
    page_set_flag(p, "is_open", x->state < STATE_CASE_CLOSED);
    page_set_flag(p, "is_closed", x->state == STATE_CASE_CLOSED);
    page_set_recorded(v, p, "opened", x->opened, false);
    page_set_recorded(v, p, "t0", x->t0, false);
}

/* "còn 3 giờ 5 phút" or "quá 2 giờ". */
static void write_case_clock(struct visit *v, struct page_scope *p, const struct case_clock *c)
{
    int64_t now = state_now(v->s);

    page_set(p, "clock", clock_title(c->rule, v->lang != LANG_VI));
    page_set_when(p, "due", c->due, now);
    page_set_flag(p, "late", c->late);
    page_set_flag(p, "met", c->met != 0);
    page_set_recorded(v, p, "met_at", c->met, false);
    page_set_flag(p, "runs", c->met == 0 && !c->late);
    page_set_flag(p, "over", c->met == 0 && c->late);
    page_set_span(p, "left", v->lang, c->late ? now - c->due : c->due - now);
    page_set_flag(p, "confirm", c->rule->confirm);
    page_set(p, "source", clock_source(c->rule, v->lang != LANG_VI));
    page_set(p, "to", clock_to(c->rule, v->lang != LANG_VI));
}

struct case_list_ctx {
    struct visit *v;
    struct json_write *json;
};

static int list_one(void *u, const struct case_file *f)
{
    struct case_list_ctx *l = u;
    const struct case_clock *c = case_next_clock(f);
    struct page_scope *row;

    if (l->json) {
        view_json_case(l->json, f, l->v->lang);
        return 0;
    }
    row = page_add(l->v->page, "cases");
    write_head(l->v, row, &f->head);
    if (c)
        write_case_clock(l->v, row, c);
    return 0;
}

/* What of the list the request asks for: ?show=, behind ?cursor=. */
static int cases_asked(const struct visit *v, struct case_queue *q, struct err *err)
{
    struct cursor behind;
    int r = cursor_asked(v, &behind, err);

    *q = (struct case_queue){.open = !slice_is(visit_query(v, "show"), "all"),
                             .limit = PAGE_MOST,
                             .opened = behind.at,
                             .id = behind.id};
    return r;
}

static int list_cases(struct visit *v, struct case_queue *q, struct json_write *json,
                      struct err *err)
{
    struct act_ctx ctx = visit_ctx(v);
    struct clock_rules rules;
    struct case_list_ctx l = {.v = v, .json = json};
    int r = clock_rules_shipped(v->arena, &rules, err);

    return r < 0 ? r : case_list(&ctx, &v->who.actor, &rules, q, list_one, &l, err);
}

int page_cases(struct visit *v, struct err *err)
{
    struct case_queue q;
    int64_t now = state_now(v->s);
    int r = cases_asked(v, &q, err);

    if (r == 0)
        r = list_cases(v, &q, NULL, err);
    if (r < 0)
        return r;
    page_set_flag(v->page, q.open ? "show_open" : "show_all", true);
    page_set_text(v->page, "show", q.open ? "open" : "all");
    page_set_cursor(v->page, q.more, &(struct cursor){q.opened, q.id});
    page_set_when(v->page, "now", now, now);
    return visit_page(v, "cases", err);
}

/* Whether another unit has such a case is nobody's business. */
int visit_case(struct visit *v, struct case_file *f, struct err *err)
{
    struct act_ctx ctx = visit_ctx(v);
    struct clock_rules rules;
    struct state_id id = STATE_ID_NONE;
    int r = visit_id(v, 0, &id, err);

    if (r == 0)
        r = clock_rules_shipped(v->arena, &rules, err);
    if (r == 0)
        r = case_open_file(&ctx, &v->who.actor, &rules, id, SLICE_NULL, f, err);
    return r == -CE_DENIED ? err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING) : r;
}

/* A kind of observable in the reader's language; one that has no word of its own as it is. */
static struct slice observable_word(const struct visit *v, struct slice kind)
{
    static const struct {
        const char *kind;
        msg_id word;
    } words[] = {{"domain", MSG_CONSOLE_OBSERVABLE_DOMAIN},
                 {"hash", MSG_CONSOLE_OBSERVABLE_HASH},
                 {"file", MSG_CONSOLE_OBSERVABLE_FILE}};

    for (size_t i = 0; i < CANH_LEN(words); i++)
        if (slice_is(kind, words[i].kind))
            return slice_str(lang_text(v->lang, words[i].word));
    return kind;
}

static void write_lines(struct visit *v, const struct case_file *f)
{
    const struct state_actor all = state_actor_system();

    for (size_t i = f->line_count; i-- > 0;) {
        const struct state_case_line *x = &f->lines[i];
        struct page_scope *row = page_add(v->page, "lines");
        struct state_person p;
        struct buf id = BUF_INIT(64);

        page_set_recorded(v, row, "at", x->at, false);
        page_set_text(row, "kind", case_line_text(v->lang, x->kind));
        page_set_text(row, "mark", case_line_word(x->kind));
        if (x->kind == STATE_LINE_STEP)
            page_set_text(row, "line_value", case_state_text(v->lang, case_state_of(x->what)));
        else
            page_set(row, "line_value", x->value);
        if (x->kind == STATE_LINE_OBSERVABLE)
            page_set(row, "line_what", observable_word(v, x->what));
        page_set(row, "line_text", x->text);
        if (!id_is_none(x->alert)) {
            id_write(&id, x->alert);
            page_set_buf(row, "alert", &id);
        }
        if (!id_is_none(x->evidence) && x->kind == STATE_LINE_EVIDENCE) {
            page_set(row, "line_what", x->what);
            id_write(&id, x->evidence);
            page_set_buf(row, "evidence", &id);
        }
        if (!id_is_none(x->person) &&
            state_person_get(v->s, &all, x->person, v->arena, &p, NULL) == 0)
            page_set(row, "who", p.name);
        else
            page_set(row, "who", x->login);
    }
}

static void write_tasks(struct visit *v, const struct case_file *f)
{
    for (size_t i = 0; i < f->task_count; i++) {
        struct page_scope *row = page_add(v->page, "tasks");

        page_set(row, "task", f->tasks[i].text);
        page_set_flag(row, "is_done", f->tasks[i].done_at != 0);
        page_set(row, "result", f->tasks[i].result);
    }
}

static void write_steps(struct visit *v, const struct case_file *f)
{
    for (int32_t to = STATE_CASE_TRIAGE; to <= STATE_CASE_LEARNED; to++) {
        struct page_scope *row;

        if (to == f->head.state || state_case_step(v->s, &v->who.actor, &f->head, to, NULL) < 0)
            continue;
        row = page_add(v->page, "steps");
        page_set_text(row, "to", case_state_word(to));
        page_set_text(row, "name", case_state_text(v->lang, to));
    }
}

static int write_reading(void *u, const struct state_case_reading *x)
{
    const struct state_actor all = state_actor_system();
    struct visit *v = u;
    struct page_scope *row = page_add(v->page, "readings");
    struct state_person p;

    page_set_recorded(v, row, "read_at", x->at, false);
    if (!id_is_none(x->person) && state_person_get(v->s, &all, x->person, v->arena, &p, NULL) == 0)
        page_set(row, "reader", p.name);
    else
        page_set(row, "reader", x->login);
    return 0;
}

/* What somebody typed comes back when it could not be taken. */
static int show_case(struct visit *v, struct slice message, unsigned status, struct err *err)
{
    static const char *const typed[] = {"cause", "remedy", "support", "text"};
    static const char *const heads[][2] = {{"title", "title_in"},
                                           {"system", "system_in"},
                                           {"what", "what_in"}};
    struct case_file f = {.line_count = 0};
    int64_t now = state_now(v->s);
    int r = visit_case(v, &f, err);

    if (r < 0)
        return r;
    write_head(v, v->page, &f.head);
    page_set(v->page, "system", f.head.system);
    page_set(v->page, "what", f.head.what);
    page_set(v->page, "cause", f.head.cause);
    page_set(v->page, "remedy", f.head.remedy);
    page_set(v->page, "support", f.head.support);
    page_set(v->page, "title_in", f.head.title);
    page_set(v->page, "system_in", f.head.system);
    page_set(v->page, "what_in", f.head.what);
    page_set_i64(v->page, "version", f.head.version);
    page_set(v->page, "message", message);
    for (size_t i = 0; message.n > 0 && i < CANH_LEN(heads); i++)
        if (visit_given(v, heads[i][0]).n > 0)
            page_set(v->page, heads[i][1], visit_given(v, heads[i][0]));
    for (size_t i = 0; message.n > 0 && i < CANH_LEN(typed); i++)
        if (visit_given(v, typed[i]).n > 0)
            page_set(v->page, typed[i], visit_given(v, typed[i]));
    for (size_t i = 0; i < f.clock_count; i++)
        write_case_clock(v, page_add(v->page, "clocks"), &f.clocks[i]);
    r = state_case_reading_each(v->s, &v->who.actor, &(struct state_query){.ref = f.head.id},
                                write_reading, v, err);
    if (r < 0)
        return r;
    r = write_case_texts(v, &f.head, err);
    if (r < 0)
        return r;
    write_lines(v, &f);
    write_tasks(v, &f);
    write_steps(v, &f);
    write_case_reports(v);
    page_set_flag(v->page, "done", visit_query(v, "done").n > 0);
    page_set_when(v->page, "now", now, now);
    r = visit_page(v, "case", err);
    v->x->reply.status = status;
    return r;
}

int page_case(struct visit *v, struct err *err)
{
    return show_case(v, SLICE_NULL, 200, err);
}

/* Acts. */

static int open_case(struct visit *v, struct state_case *ret, struct err *err)
{
    struct act_ctx ctx = visit_ctx(v);
    struct slice alert = visit_given(v, "alert");
    struct state_id id;
    struct case_draft d = {.unit = v->who.actor.unit,
                           .title = visit_given(v, "title"),
                           .class = visit_given(v, "class"),
                           .level = level_of(visit_given(v, "level")),
                           .what = visit_given(v, "text"),
                           .alerts = &id};
    struct state_alert seen;
    int r;

    d.alert_count = alert.n > 0;
    if (alert.n > 0 && (id_parse(alert, &id) < 0 ||
                        state_alert_get(v->s, &v->who.actor, id, v->arena, &seen, NULL) < 0))
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_ALERT);
    if (alert.n == 0 && d.title.n == 0)
        return err_fail(err, CE_MISSING, ERR_WEB_CASE_NEEDS_A_TITLE);
    if (visit_given(v, "level").n > 0 && d.level == 0)
        return err_fail(err, CE_UNKNOWN, ERR_WEB_NO_SUCH_LEVEL);
    r = case_open(&ctx, &v->who.actor, &d, ret, err);
    if (r == 0) {
        desk_web_changed(v->web, "case", ret->unit, ret->id);
        desk_web_changed(v->web, "alert", ret->unit, STATE_ID_NONE);
    }
    return r;
}

static int goto_case(struct visit *v, struct state_id id)
{
    struct buf to = BUF_INIT(200);
    int r;

    buf_puts(&to, "/cases/");
    id_write(&to, id);
    buf_puts(&to, "?done=1");
    r = visit_goto(v, buf_slice(&to));
    buf_done(&to);
    return r;
}

int post_cases(struct visit *v, struct err *err)
{
    struct state_case x;
    int r = open_case(v, &x, err);

    return r < 0 ? r : goto_case(v, x.id);
}

static int write_line(struct visit *v, struct case_file *f, struct err *err)
{
    struct act_ctx ctx = visit_ctx(v);
    struct slice kind = visit_given(v, "kind");
    struct case_entry e = {.kind = kind.n ? case_line_of(kind) : STATE_LINE_NOTE,
                           .what = visit_given(v, "what"),
                           .value = visit_given(v, "value"),
                           .text = visit_given(v, "text")};
    struct state_case_line line;
    int r = visit_case(v, f, err);

    e.incident = r == 0 ? f->head.id : STATE_ID_NONE;
    if (r == 0)
        r = case_note(&ctx, &v->who.actor, &e, &line, err);
    if (r == 0)
        desk_web_changed(v->web, "case", f->head.unit, f->head.id);
    return r;
}

static int apply_step(struct visit *v, struct case_file *f, struct err *err)
{
    struct act_ctx ctx = visit_ctx(v);
    struct slice to = visit_given(v, "to"), version = visit_given(v, "version");
    struct case_change c = {.to = case_state_of(to),
                            .title = visit_given(v, "title"),
                            .system = visit_given(v, "system"),
                            .what = visit_given(v, "what"),
                            .cause = visit_given(v, "cause"),
                            .remedy = visit_given(v, "remedy"),
                            .support = visit_given(v, "support"),
                            .text = visit_given(v, "text")};
    struct state_case after;
    int r = visit_case(v, f, err);

    c.incident = r == 0 ? f->head.id : STATE_ID_NONE;
    if (r == 0 && version.n > 0 && num_range(version, 1, INT64_MAX, &c.version) < 0)
        r = err_fail(err, CE_RANGE, ERR_WEB_NO_SUCH_VERSION);
    if (r == 0 && to.n > 0 && (c.to == 0 || c.to == STATE_CASE_MERGED))
        r = err_fail(err, CE_RANGE, ERR_WEB_NO_SUCH_ACT);
    if (r == 0 && (c.version == 0 || c.version == f->head.version))
        r = check_case_texts(v, &f->head, err);
    if (r == 0)
        r = case_change(&ctx, &v->who.actor, &c, &after, err);
    if (r == 0)
        desk_web_changed(v->web, "case", f->head.unit, f->head.id);
    return r;
}

/* A page again with why not, when the visitor can mend it. */
static int cases_answer(struct visit *v, const struct case_file *f, int r, struct err *err)
{
    struct buf why = BUF_INIT(2000);
    unsigned status = r == -CE_CONFLICT ? 409 : 422;

    if (r == 0)
        return goto_case(v, f->head.id);
    if (r != -CE_CONFLICT && r != -CE_MISSING && r != -CE_RANGE && r != -CE_UNKNOWN)
        return r;
    error_write(&why, v->lang, err);
    *err = (struct err)ERR_INIT;
    r = show_case(v, buf_slice(&why), status, err);
    buf_done(&why);
    return r;
}

int post_case_line(struct visit *v, struct err *err)
{
    struct case_file f = {.line_count = 0};
    int r = write_line(v, &f, err);

    return cases_answer(v, &f, r, err);
}

int post_case_step(struct visit *v, struct err *err)
{
    struct case_file f = {.line_count = 0};
    int r = apply_step(v, &f, err);

    return cases_answer(v, &f, r, err);
}

/* The same by the API. */

int api_cases(struct visit *v, struct err *err)
{
    struct case_queue q;
    struct json_write w;
    int r = cases_asked(v, &q, err);

    if (r == 0)
        r = api_limit(v, PAGE_MOST, API_MOST, &q.limit, err);
    if (r < 0)
        return r;
    api_items_begin(v, &w);
    r = list_cases(v, &q, &w, err);
    if (r == 0)
        api_items_end_at(&w, q.more, &(struct cursor){q.opened, q.id});
    return r;
}

static int reply_case(struct visit *v, struct state_id id, struct err *err)
{
    struct act_ctx ctx = visit_ctx(v);
    struct clock_rules rules;
    struct case_file f = {.line_count = 0};
    struct json_write w;
    int r = clock_rules_shipped(v->arena, &rules, err);

    if (r == 0)
        r = case_read(&ctx, &v->who.actor, &rules, id, &f, err);
    if (r < 0)
        return r;
    visit_json_begin(v, &w);
    view_json_case(&w, &f, v->lang);
    return 0;
}

int api_case(struct visit *v, struct err *err)
{
    struct case_file f = {.line_count = 0};
    int r = visit_case(v, &f, err);

    return r < 0 ? r : reply_case(v, f.head.id, err);
}

int api_case_open(struct visit *v, struct err *err)
{
    struct state_case x;
    int r = open_case(v, &x, err);

    return r < 0 ? r : reply_case(v, x.id, err);
}

int api_case_line(struct visit *v, struct err *err)
{
    struct case_file f = {.line_count = 0};
    int r = write_line(v, &f, err);

    return r < 0 ? r : reply_case(v, f.head.id, err);
}

int api_case_step(struct visit *v, struct err *err)
{
    struct case_file f = {.line_count = 0};
    int r = apply_step(v, &f, err);

    return r < 0 ? r : reply_case(v, f.head.id, err);
}
