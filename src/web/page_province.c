/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Tổng quan": the printed page of the province, live. What it is computed from is much; a picture
 * is kept for a while, and says when it was made.
 */
#include <math.h>
#include <stdlib.h>

#include "base/time.h"
#include "web/page_province.h"

#include "lang/msg_console.h"
#include "lang/msg_report.h"

enum { PICTURES = 4 };
#define PICTURE_LASTS TIME_MINUTE

/* One picture: whose scope it shows, in which language. */
struct picture {
    struct state_id unit;
    enum state_role role;
    enum lang lang;
    int64_t at; /* 0: none */
    bool no_plan;
    struct arena arena;
    struct overview pic;
    struct status_count total;
};

struct pictures {
    struct picture items[PICTURES];
};

struct pictures *pictures_new(void)
{
    return calloc(1, sizeof(struct pictures));
}

struct pictures *pictures_free(struct pictures *p)
{
    for (size_t i = 0; p && i < PICTURES; i++)
        arena_done(&p->items[i].arena);
    free(p);
    return NULL;
}

static int province_compute(struct visit *v, struct picture *p, struct err *err)
{
    struct overview_ctx ctx = {
        .state = v->s, .actor = &v->who.actor, .arena = &p->arena, .lang = v->lang, .zone = ZONE_S};
    struct proof_options opt = {.now = state_now(v->s)};
    struct err why = ERR_INIT;
    struct proof_world w;
    int r = proof_open(&p->arena, v->s, &v->who.actor, &opt, &w, &why);

    p->no_plan = r == -CE_NOT_FOUND || r == -CE_CONFLICT;
    if (p->no_plan)
        return 0;
    if (r < 0) {
        *err = why;
        return r;
    }
    r = overview_compute(&ctx, &w, &p->pic, &p->total, err);
    proof_close(&w);
    return r;
}

/* The picture of this visitor's scope: kept, or made anew in the place of the oldest. */
static int find_picture(struct visit *v, const struct picture **ret, struct err *err)
{
    struct pictures *all = v->web->pictures;
    struct picture *oldest = &all->items[0];
    int64_t now = state_now(v->s);
    int r;

    for (size_t i = 0; i < PICTURES; i++) {
        struct picture *p = &all->items[i];

        if (p->at && p->at <= now && now - p->at < PICTURE_LASTS && p->lang == v->lang &&
            p->role == v->who.actor.role && id_eq(p->unit, v->who.actor.unit)) {
            *ret = p;
            return 0;
        }
        if (p->at < oldest->at)
            oldest = p;
    }
    arena_done(&oldest->arena);
    *oldest = (struct picture){.unit = v->who.actor.unit,
                               .role = v->who.actor.role,
                               .lang = v->lang,
                               .arena = ARENA_INIT((size_t)512 << 20)};
    r = province_compute(v, oldest, err);
    if (r == 0)
        oldest->at = now;
    *ret = oldest;
    return r;
}

/* Local minutes as instants. */
static int64_t province_instant(int64_t minutes)
{
    return minutes == OVERVIEW_NEVER ? 0 : minutes * TIME_MINUTE - ZONE_S * TIME_SECOND;
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
    for (size_t i = 0; i < o->missing_count && i < TABLE_LINES; i++) {
        struct page_scope *row = page_add(v->page, "missing");

        page_set(row, "post", o->missing[i].post);
        page_set(row, "of", o->missing[i].unit);
    }
    for (size_t i = 0; i < o->silent_count && i < TABLE_LINES; i++) {
        struct page_scope *row = page_add(v->page, "silent");

        page_set(row, "of", o->silent[i].name);
        page_set_flag(row, "planned", o->silent[i].planned);
        page_set_recorded(v, row, "heard", province_instant(o->silent[i].last_heard), false);
    }
    for (size_t i = 0; i < o->request_count && i < TABLE_LINES; i++) {
        struct page_scope *row = page_add(v->page, "requests");

        page_set(row, "number", o->requests[i].number);
        page_set(row, "of", o->requests[i].unit);
        page_set_recorded(v, row, "since", province_instant(o->requests[i].since), false);
    }
    for (size_t i = 0; i < o->outage_count && i < TABLE_LINES; i++) {
        struct page_scope *row = page_add(v->page, "outages");

        page_set(row, "name", o->outages[i].name);
        page_set(row, "of", o->outages[i].unit);
        page_set_recorded(v, row, "since", province_instant(o->outages[i].since), false);
    }
    page_set_flag(v->page, "missing_cut", o->missing_count > TABLE_LINES);
    page_set_flag(v->page, "silent_cut", o->silent_count > TABLE_LINES);
    page_set_flag(v->page, "requests_cut", o->request_count > TABLE_LINES);
    page_set_flag(v->page, "outages_cut", o->outage_count > TABLE_LINES);
}

static void write_services(struct visit *v, const struct overview *o)
{
    static const char *const marks[] = {"unknown", "on", "late", "missed"};
    static const msg_id words[] = {MSG_CONSOLE_SERVICE_UNKNOWN, MSG_CONSOLE_SERVICE_GOOD,
                                   MSG_CONSOLE_SERVICE_WARN, MSG_CONSOLE_SERVICE_BAD};

    for (size_t i = 0; i < o->service_count && i < TABLE_LINES; i++) {
        const struct overview_service *s = &o->services[i];
        struct page_scope *row = page_add(v->page, "services");
        struct buf up = BUF_INIT(40);

        page_set(row, "name", s->name);
        page_set(row, "of", s->unit);
        page_set_text(row, "service_mark", marks[s->state]);
        page_set_text(row, "service_state", lang_text(v->lang, words[s->state]));
        if (s->up24 >= 0) {
            lang_write_decimal(&up, v->lang, floor(s->up24 * 1000) / 10, 1);
            buf_puts(&up, " %");
        }
        page_set_buf(row, "up24", &up);
        page_set_recorded(v, row, "checked", province_instant(s->checked), s->clock);
    }
    page_set_flag(v->page, "services_cut", o->service_count > TABLE_LINES);
}

static void write_figure(struct visit *v, const char *name, const char *at,
                         const struct overview_count *c)
{
    if (c->value < 0)
        page_set_text(v->page, name, "?");
    else
        page_set_i64(v->page, name, c->value);
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
    if (o->next_clock.n)
        page_set_when(v->page, "deadline_at", province_instant(o->next_clock_at), now);
    write_figure(v, "red_overdue", "red_overdue_at", &o->red_overdue);
    write_figure(v, "stale_backups", "stale_backups_at", &o->stale_backups);
    for (size_t i = 0; i < o->clause_count; i++)
        write_clause(v, &o->clauses[i]);
    write_services(v, o);
    write_lists(v, o);
}

int picture_write(struct visit *v, const struct overview **ret, int64_t *ret_at, struct err *err)
{
    const struct picture *p = NULL;
    int r = find_picture(v, &p, err);

    if (r < 0)
        return r;
    page_set_flag(v->page, "no_plan", p->no_plan);
    page_set_flag(v->page, "has_plan", !p->no_plan);
    if (!p->no_plan)
        write_picture(v, &p->pic);
    *ret = p->no_plan ? NULL : &p->pic;
    *ret_at = p->at;
    return 0;
}

int page_province(struct visit *v, struct err *err)
{
    const struct overview *pic = NULL;
    int64_t at = 0;
    int r = picture_write(v, &pic, &at, err);

    if (r < 0)
        return r;
    page_set_when(v->page, "now", at, state_now(v->s));
    return visit_page(v, "province", err);
}

static void json_clause(struct json_write *w, const struct overview_clause *c)
{
    json_open(w, '{');
    json_key(w, "number");
    json_text(w, c->number);
    json_key(w, "title");
    json_text(w, c->title);
    json_key(w, "proved");
    json_i64(w, c->proved);
    json_key(w, "declared");
    json_i64(w, c->declared);
    json_key(w, "not_met");
    json_i64(w, c->not_met + c->overdue);
    json_key(w, "unknown");
    json_i64(w, c->unknown);
    json_close(w, '}');
}

int api_province(struct visit *v, struct err *err)
{
    const struct picture *p = NULL;
    struct json_write w;
    int r = find_picture(v, &p, err);

    if (r < 0)
        return r;
    visit_json_begin(v, &w);
    json_open(&w, '{');
    json_key(&w, "plan");
    json_text(&w, p->pic.plan);
    json_key(&w, "at");
    json_time(&w, p->at);
    json_key(&w, "posts_required");
    json_i64(&w, p->pic.posts_required);
    json_key(&w, "posts_covered");
    json_i64(&w, p->pic.posts_covered);
    json_key(&w, "units");
    json_i64(&w, p->pic.units);
    json_key(&w, "units_reporting");
    json_i64(&w, p->pic.units_reporting);
    json_key(&w, "clauses");
    json_open(&w, '[');
    for (size_t i = 0; i < p->pic.clause_count; i++)
        json_clause(&w, &p->pic.clauses[i]);
    json_close(&w, ']');
    json_close(&w, '}');
    return 0;
}
