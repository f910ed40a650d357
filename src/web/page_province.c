/* SPDX-License-Identifier: Apache-2.0 */
/* "Tổng quan": the printed page of the province, live (picture.h). */
#include <math.h>

#include "base/time.h"
#include "web/page_province.h"
#include "web/picture.h"

#include "lang/msg_console.h"
#include "lang/msg_report.h"
#include "view/api.h"

enum { PICTURE_LINES = 100 };

/* Local minutes as instants. */
static int64_t province_instant(int64_t minutes)
{
    return minutes == OVERVIEW_NEVER ? 0 : minutes * TIME_MINUTE - ZONE_OWN * TIME_SECOND;
}

/* A way to the rows that a line of the picture comes from. */
static void write_proof(struct page_scope *row, const char *path, struct slice what)
{
    struct buf href = BUF_INIT(1000);

    buf_puts(&href, path);
    uri_write_escaped(&href, what);
    page_set_buf(row, "proof", &href);
}

static void write_proof_id(struct page_scope *row, const char *name, const char *path,
                           struct state_id id)
{
    struct buf href = BUF_INIT(200);

    buf_puts(&href, path);
    id_write(&href, id);
    page_set_buf(row, name, &href);
}

static void write_clause(struct visit *v, const struct overview_clause *c)
{
    struct page_scope *row = page_add(v->page, "clauses");
    uint32_t all = c->proved + c->declared + c->not_met + c->overdue + c->unknown;
    struct buf share = BUF_INIT(40);

    page_set(row, "number", c->number);
    page_set(row, "title", c->title);
    page_set_i64(row, "proved", c->proved);
    page_set_i64(row, "declared", c->declared);
    page_set_i64(row, "not_met", c->not_met + c->overdue);
    page_set_i64(row, "unknown", c->unknown);
    if (all)
        buf_printf(&share, "%u %%", (unsigned)(100 * (uint64_t)(c->proved + c->declared) / all));
    else
        buf_puts(&share, "–");
    page_set_buf(row, "share", &share);
    page_set_i64(row, "all", CANH_MAX(all, 1u));
    page_set_i64(row, "met", c->proved + c->declared);
    page_set_text(row, "clause_mark",
                  c->not_met + c->overdue ? "bad"
                  : c->unknown            ? "unknown"
                                          : "good");
}

static void write_lists(struct visit *v, const struct overview *o)
{
    for (size_t i = 0; i < o->missing_count && i < PICTURE_LINES; i++) {
        struct page_scope *row = page_add(v->page, "missing");

        page_set(row, "post", o->missing[i].post);
        page_set(row, "of", o->missing[i].unit);
    }
    for (size_t i = 0; i < o->silent_count && i < PICTURE_LINES; i++) {
        struct page_scope *row = page_add(v->page, "silent");

        page_set(row, "of", o->silent[i].name);
        if (state_may_read(v->s, &v->who.actor, o->silent[i].unit))
            write_proof(row, "/plan/cells?unit=", o->silent[i].code);
        page_set_flag(row, "planned", o->silent[i].planned);
        if (o->silent[i].last_heard != OVERVIEW_NEVER)
            page_set_recorded(v, row, "heard", province_instant(o->silent[i].last_heard), false);
    }
    for (size_t i = 0; i < o->request_count && i < PICTURE_LINES; i++) {
        struct page_scope *row = page_add(v->page, "requests");

        page_set(row, "number", o->requests[i].number);
        write_proof_id(row, "proof", "/requests/", o->requests[i].id);
        page_set(row, "of", o->requests[i].unit);
        page_set_recorded(v, row, "since", province_instant(o->requests[i].since), false);
    }
    for (size_t i = 0; i < o->outage_count && i < PICTURE_LINES; i++) {
        struct page_scope *row = page_add(v->page, "outages");

        page_set(row, "name", o->outages[i].name);
        page_set(row, "of", o->outages[i].unit);
        write_proof(row, "/rows/outages?sort=-start&find=", o->outages[i].code);
        page_set_recorded(v, row, "since", province_instant(o->outages[i].since), false);
    }
    page_set_flag(v->page, "missing_cut", o->missing_count > PICTURE_LINES);
    page_set_flag(v->page, "silent_cut", o->silent_count > PICTURE_LINES);
    page_set_flag(v->page, "requests_cut", o->request_count > PICTURE_LINES);
    page_set_flag(v->page, "outages_cut", o->outage_count > PICTURE_LINES);
}

/* What a daily form does not ask is no figure. */
static void write_operator_figure(struct page_scope *row, const char *name,
                                  const struct overview_count *c)
{
    if (c->value < 0)
        page_set_text(row, name, c->at == OVERVIEW_NEVER ? "–" : "?");
    else
        page_set_i64(row, name, c->value);
}

static void write_operators(struct visit *v, const struct overview *o)
{
    for (size_t i = 0; i < o->told_count && i < PICTURE_LINES; i++) {
        struct page_scope *row = page_add(v->page, "told");

        page_set(row, "name", o->told[i].name);
        write_proof_id(row, "proof", "/forms/outage?of=", o->told[i].form);
        page_set(row, "of", o->told[i].unit);
        page_set_recorded(v, row, "since", province_instant(o->told[i].since), false);
    }
    page_set_flag(v->page, "told_cut", o->told_count > PICTURE_LINES);
    for (size_t i = 0; i < o->operator_count && i < PICTURE_LINES; i++) {
        const struct overview_operator *x = &o->operators[i];
        struct page_scope *row = page_add(v->page, "operators");

        page_set(row, "name", x->name);
        write_operator_figure(row, "op_outages", &x->outages);
        write_operator_figure(row, "op_cuts", &x->cuts);
        write_operator_figure(row, "op_routes", &x->routes);
        write_operator_figure(row, "op_power", &x->power);
        write_operator_figure(row, "op_backlog", &x->backlog);
        write_operator_figure(row, "op_lost", &x->lost);
        if (x->reported != OVERVIEW_NEVER)
            page_set_recorded(v, row, "reported", province_instant(x->reported), false);
    }
    page_set_flag(v->page, "operators_cut", o->operator_count > PICTURE_LINES);
    page_set_flag(v->page, "operators_any", o->operator_count > 0);
}

static void write_services(struct visit *v, const struct overview *o)
{
    static const char *const marks[] = {"unknown", "on", "warn", "missed"};
    static const msg_id words[] = {MSG_CONSOLE_SERVICE_UNKNOWN, MSG_CONSOLE_SERVICE_GOOD,
                                   MSG_CONSOLE_SERVICE_WARN, MSG_CONSOLE_SERVICE_BAD};

    for (size_t i = 0; i < o->service_count && i < PICTURE_LINES; i++) {
        const struct overview_service *s = &o->services[i];
        struct page_scope *row = page_add(v->page, "services");
        struct buf up = BUF_INIT(40);

        page_set(row, "name", s->name);
        page_set(row, "of", s->unit);
        if (s->code.n)
            write_proof(row, "/rows/probes?find=", s->code);
        else
            write_proof(row, "/assets?find=", s->name);
        page_set_text(row, "service_mark", marks[s->state]);
        page_set_text(row, "service_state", lang_text(v->lang, words[s->state]));
        if (s->up24 >= 0) {
            lang_write_decimal(&up, v->lang, floor(s->up24 * 1000) / 10, 1);
            buf_puts(&up, " %");
        }
        page_set_buf(row, "up24", &up);
        if (s->checked != OVERVIEW_NEVER)
            page_set_recorded(v, row, "checked", province_instant(s->checked), s->clock);
    }
    page_set_flag(v->page, "services_cut", o->service_count > PICTURE_LINES);
}

static void write_figure(struct visit *v, const char *name, const char *at, const char *none,
                         const struct overview_count *c)
{
    if (c->value < 0)
        page_set_text(v->page, name, "?");
    else
        page_set_i64(v->page, name, c->value);
    page_set_flag(v->page, none, c->value < 0);
    page_set_when(v->page, at, province_instant(c->at), state_now(v->s));
}

static void write_days_left(struct visit *v, int64_t days)
{
    struct buf text = BUF_INIT(100);

    if (days >= 0)
        lang_write(&text, v->lang, MSG_REPORT_PIC_DAYS_LEFT, days);
    else
        lang_write(&text, v->lang, MSG_REPORT_PIC_DAYS_PAST, -days);
    page_set(v->page, "days_left", buf_slice(&text));
    buf_done(&text);
}

static void write_picture(struct visit *v, const struct overview *o)
{
    static const char *const levels[OVERVIEW_SEVERITIES] = {"cases_green", "cases_yellow",
                                                            "cases_orange", "cases_red"};
    int64_t now = state_now(v->s);

    page_set(v->page, "province", o->province);
    page_set(v->page, "plan", o->plan);
    page_set(v->page, "phase", o->phase);
    if (o->days_left != INT32_MIN)
        write_days_left(v, o->days_left);
    page_set_i64(v->page, "posts_required", o->posts_required);
    page_set_i64(v->page, "posts_covered", o->posts_covered);
    page_set_flag(v->page, "posts_short", o->posts_covered < o->posts_required);
    page_set_i64(v->page, "units", o->units);
    page_set_i64(v->page, "units_reporting", o->units_reporting);
    page_set_flag(v->page, "units_short", o->units_reporting < o->units);
    for (size_t i = 0; i < OVERVIEW_SEVERITIES; i++)
        page_set_i64(v->page, levels[i], o->incidents[i]);
    page_set_i64(v->page, "cases_open",
                 (int64_t)o->incidents[0] + o->incidents[1] + o->incidents[2] + o->incidents[3]);
    page_set(v->page, "deadline", o->next_clock);
    if (o->next_clock.n) {
        page_set_when(v->page, "deadline_at", province_instant(o->next_clock_at), now);
        write_proof_id(v->page, "deadline_proof", "/cases/", o->next_clock_case);
    }
    write_figure(v, "red_overdue", "red_overdue_at", "red_overdue_none", &o->red_overdue);
    write_figure(v, "stale_backups", "stale_backups_at", "stale_backups_none", &o->stale_backups);
    for (size_t i = 0; i < o->clause_count; i++)
        write_clause(v, &o->clauses[i]);
    write_services(v, o);
    write_operators(v, o);
    write_lists(v, o);
}

int picture_write(struct visit *v, picture_words *words, int64_t *ret_at, struct err *err)
{
    const struct picture *p = NULL;
    int r = picture_find(v, &p, err);

    if (r < 0)
        return r;
    page_set_flag(v->page, "no_plan", p->no_plan);
    page_set_flag(v->page, "has_plan", !p->no_plan);
    if (!p->no_plan)
        write_picture(v, &p->pic);
    if (!p->no_plan && words)
        words(v, &p->pic);
    *ret_at = p->at;
    picture_done(v);
    return 0;
}

int page_province(struct visit *v, struct err *err)
{
    int64_t at = 0;
    int r = picture_write(v, NULL, &at, err);

    if (r < 0)
        return r;
    page_set_when(v->page, "now", at, state_now(v->s));
    return visit_page(v, "province", err);
}

int api_province(struct visit *v, struct err *err)
{
    const struct picture *p = NULL;
    struct json_write w;
    int r = picture_find(v, &p, err);

    if (r < 0)
        return r;
    visit_json_begin(v, &w);
    view_json_overview(&w, &p->pic, p->at);
    picture_done(v);
    return 0;
}
