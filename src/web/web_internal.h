/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_WEB_WEB_INTERNAL_H
#define CANH_WEB_WEB_INTERNAL_H
/*
 * What the files of the console share: a request as a route sees it, and how routes answer.
 */
#include "account/sign_in.h"
#include "base/json_write.h"
#include "lang/lang.h"
#include "lang/zone.h"
#include "net/http.h"
#include "state/act.h"
#include "view/view.h"
#include "web/lane.h"
#include "web/template.h"
#include "web/web.h"

struct live;
struct pictures;
struct imports;
struct matrices;

struct desk_web {
    struct http_server *servers[DESK_WEB_LISTENERS];
    size_t server_count;
    struct http_owner owner;
    struct http_route *routes; /* desk_routes[] as the server wants them */
    struct state *state;
    struct template_set *templates;
    struct live *live;
    struct page_cache *kept;
    struct pictures *pictures;
    struct imports *imports;
    struct matrices *matrices;
    struct lane_pool *aparts;
    int poll_fd; /* of the servers and of aparts */
    struct search_host search;
    struct arena arena;        /* of site */
    struct desk_web_site site; /* prefix is zero-terminated */
    bool secure;               /* browsers speak TLS, to us or to a proxy */
    unsigned live_searches;
    void (*sources_changed)(void *u);
    int (*scan)(void *u, struct slice bytes, desk_scanned *fn, void *fn_u, struct err *err);
    int (*read)(void *u, enum desk_file_kind kind, struct slice bytes, desk_file_read *fn,
                void *fn_u, struct err *err);
    int (*doctor)(void *u, struct control_job *job, struct err *err);
    int (*node)(void *u, unsigned part, struct control_job *job, struct err *err);
    int (*rules_put)(void *u, const struct bundle *b, struct slice name, bool fewer,
                     struct err *err);
    int (*reload)(void *u, bool fewer, struct err *err);
    int (*issue)(void *u, struct buf *cert, struct buf *key, uint8_t hash[32], struct err *err);
    void (*due)(void *u);
    void (*wrote)(void *u);
    bool runs; /* desk_web_run() */
    void *u;
    const char *first_link, *scratch;
};

/* Who may come in: bits by enum state_role, or one of these. */
enum {
    WHO_ANYBODY = 0,
    WHO_OBSERVER = 1u << STATE_OBSERVER,
    WHO_HEAD = 1u << STATE_HEAD | 1u << STATE_COORDINATOR | 1u << STATE_ADMIN,
    WHO_KEEPER = 1u << STATE_HEAD | 1u << STATE_ADMIN, /* of a unit's roles, accounts and posts */
    WHO_TECH = 1u << STATE_SYSADMIN | WHO_HEAD,
    WHO_DUTY = 1u << STATE_DUTY | 1u << STATE_RESPONDER | WHO_TECH,
    WHO_WORK = WHO_DUTY | WHO_OBSERVER,
    WHO_READERS = WHO_DUTY | 1u << STATE_OFFICIAL,
    WHO_SIGNED_IN = WHO_WORK | 1u << STATE_OFFICIAL,
};

/* A request that was let in; lives as long as its exchange. */
struct visit {
    struct http_exchange *x;
    struct desk_web *web;
    struct state *s;
    struct arena *arena; /* room: what a page is made from may be much more than a request */
    struct arena room;
    enum lang lang;
    bool api;
    bool known; /* signed in: */
    struct visitor who;
    struct slice token;           /* of the session */
    struct uri_pairs given;       /* form or JSON body */
    struct slice file, file_name; /* that came with a form */
    const struct desk_route *route;
    struct page_scope *page;
    const char *template; /* that was filled; NULL: none yet */
    int64_t began;        /* the audit's last entry before its act */
    struct lane_stay stay;
    /* An answer that comes later: whoever makes it sets `later`, and is told by forget(job) when
     * the visitor has gone meanwhile. */
    bool sorts; /* the table of the page was arranged: its headings lead to other orders */
    bool later, answered;
    void *job;
    void (*forget)(void *job);
    void *job_data; /* of a route that goes on beside the loop; in the arena */
};

enum { ROUTE_FILES = 16 << 20 }; /* body_max of routes that take files */

struct desk_route {
    const char *method, *pattern;
    uint32_t who;
    bool api;
    size_t body_max;
    /* 0, or a negative code with err: the reply then says it, as page or JSON. */
    int (*run)(struct visit *v, struct err *err);
    enum lane lane; /* where it is made; what is made apart only reads */
    unsigned keep;  /* seconds that it says the same to all of a role and unit (page_cache.h) */
    bool writes;    /* though it is a GET: who looks, and why, is written down */
};
extern const struct desk_route desk_routes[];
extern const size_t desk_route_count;

/* web.c: the steps of a request, of struct http_owner and of every route. */
bool web_enter(struct http_exchange *x);
void web_refuse(struct http_exchange *x, unsigned status);
void web_leave(struct http_exchange *x);
enum http_done web_run(struct http_exchange *x);

/* What templates ask for where the page itself has no such name. */
struct page_scope *visit_frame(struct visit *v);
/* Ends a route: 200 with the template filled from v->page. */
CANH_MUST_USE int visit_page(struct visit *v, const char *template, struct err *err);
/* Of an error the field of what was sent, as the API names it; NULL: of no one field. */
const char *visit_field_of(const struct visit *v, const struct err *err);
/* origin.c: a way back to the page of this console that the request came from. */
void visit_write_back(struct visit *v, struct page_scope *p);
/* The reply says what went wrong. */
void visit_reply_err(struct visit *v, const struct err *err);
/* 303 to a path of this console; like all paths here without the prefix. */
CANH_MUST_USE int visit_goto(struct visit *v, struct slice path);
/* 200 with what the writer wrote; body begins empty. */
void visit_json_begin(struct visit *v, struct json_write *w);
/* The reply of a visit that was to come later is filled. What it was made from goes: who reads
 * slowly holds the reply alone. */
void visit_reply_now(struct visit *v);
/* Of a visit that was held: its route, and its reply. */
void visit_begin_held(struct visit *v);
/* Whether its route writes into the state. */
bool visit_writes(const struct visit *v);
/* Of a visit that was apart: does v->stay.then; replies unless that comes later still. */
void visit_go_on(struct visit *v);
/* What came with the request, in form or body; empty when it did not. */
struct slice visit_given(const struct visit *v, const char *name);
struct slice visit_query(const struct visit *v, const char *name);
/* The id in the path; -CE_NOT_FOUND when it is none. */
CANH_MUST_USE int visit_id(const struct visit *v, unsigned param, struct state_id *ret,
                           struct err *err);
/* What acts are given. */
struct act_ctx visit_ctx(struct visit *v);
/* Sources or suppressions are others now. */
void visit_sources_changed(struct visit *v);
/* origin.c: who a request comes from, and where this console is for its browser. */
bool origin_is_own(const struct http_exchange *x);
/* The session's cookie, or its end. */
void visit_set_session(struct visit *v, const char *token);
struct slice visit_session_cookie(const struct visit *v);
void visit_set_language(struct visit *v, enum lang lang);
/* Appends https://canh.example/watch, to which a path is added. */
void visit_write_site(const struct visit *v, struct buf *out);

/* 07:30 23/11/2026; 07:30 when it is today; local. */
void write_when(struct buf *out, int64_t t, int64_t now);
/* "3 phút", "2 giờ 5 phút", "2 ngày 23 giờ", from a week on "9 ngày". */
void append_span(struct buf *out, enum lang lang, int64_t nanoseconds);
/* "thứ Hai 30/11", or the first and the last day of a span that is over midnight. */
void write_days(struct buf *out, enum lang lang, int64_t from, int64_t until);
/* 07:30. */
void write_clock(struct buf *out, int64_t t);
void page_set_when(struct page_scope *p, const char *name, int64_t t, int64_t now);
/* The same of an end: that of a day is its 24:00, never 00:00 of the next. */
void page_set_end(struct page_scope *p, const char *name, int64_t t, int64_t now);
/* A source by its id in hex, for people; empty: there is none. */
struct slice visit_source_name(struct visit *v, struct slice hex);
struct slice source_name(struct state *s, struct slice hex, struct arena *arena);
/* 07:30:05, of an event. */
void page_set_second(struct page_scope *p, const char *name, int64_t t, int64_t now);
/* A time that the machine's clock gave: with a "?" when somebody said later that the clock was
 * wrong then, a "!" when it was written in doubt (view.h). */
void page_set_recorded(struct visit *v, struct page_scope *p, const char *name, int64_t t,
                       bool doubtful);
void page_set_span(struct page_scope *p, const char *name, enum lang lang, int64_t span);

/* Reads the file that came with the request apart from everything; done ends the route then. */
typedef int visit_handed(struct visit *v, const struct desk_file *file, struct err *err);
CANH_MUST_USE int visit_read_file(struct visit *v, enum desk_file_kind kind, visit_handed *done,
                                  struct err *err);

/* The same of bytes that this process made. */
CANH_MUST_USE int visit_read_bytes(struct visit *v, enum desk_file_kind kind, struct slice bytes,
                                   visit_handed *done, struct err *err);

/*
 * The part of a list that this page shows (?from=), at most so many rows; ways to the parts before
 * and behind it go into p, for the template pager.html.
 */
struct page_part {
    size_t from, until;
};
/* Tabs of the lists, of which this one is here. */
void visit_write_list_tabs(struct visit *v, const char *here);
struct page_part visit_part(struct visit *v, struct page_scope *p, size_t total, size_t most);
enum { PART_ROWS = 200 };

enum { TABLE_LINES = 1000 }; /* of one, on a page */

/* Open cases of a unit (none: of all), the newest first, for the page to choose from; chosen: an id
 * or a number. */
enum { CASE_CHOICES_MAX = 100 };
CANH_MUST_USE int visit_write_case_choices(struct visit *v, struct state_id unit,
                                           struct slice chosen, struct err *err);

/* Tables of the view room. */
struct view_ctx visit_view(struct visit *v);
/* As ?find= (finds: else the reader of it did) and ?sort= want it. -CE_NOT_FOUND: no such column.
 */
CANH_MUST_USE int visit_arrange(struct visit *v, struct table *t, bool finds, struct err *err);
/* A way to this page with another value of one query, and from its beginning, into p. */
void visit_write_query(struct visit *v, struct page_scope *p, const char *name, const char *query,
                       struct slice value);
/* Heads and lines of a table into p, for the template `table`. */
void visit_write_table(struct visit *v, struct page_scope *p, const struct table *t);
/* Ends a route of the API: {"items": […]} (web/api.h). */
void visit_json_table(struct visit *v, const struct table *t);
/* Ends a route that did something: 303 to the path, or {"done": true}. */
CANH_MUST_USE int visit_done(struct visit *v, struct slice path);

/* Routes, by file. */
int page_sign_in(struct visit *v, struct err *err);
int post_sign_in(struct visit *v, struct err *err);
int post_sign_out(struct visit *v, struct err *err);
int post_language(struct visit *v, struct err *err);
int page_welcome(struct visit *v, struct err *err);
int post_welcome(struct visit *v, struct err *err);
int api_session_add(struct visit *v, struct err *err);
int api_session_drop(struct visit *v, struct err *err);
int api_me(struct visit *v, struct err *err);

int page_shift(struct visit *v, struct err *err);
int post_shift(struct visit *v, struct err *err);
int api_shift(struct visit *v, struct err *err);

int page_room(struct visit *v, struct err *err);
int page_alerts(struct visit *v, struct err *err);
int page_alert(struct visit *v, struct err *err);
int post_alert_ack(struct visit *v, struct err *err);
int api_alerts(struct visit *v, struct err *err);
int api_alert(struct visit *v, struct err *err);
int api_alert_calls(struct visit *v, struct err *err);
int api_alert_ack(struct visit *v, struct err *err);
/* The unit's alerts that wait, as rows "alerts" with count "waiting", at most `most`: of the newest
 * the gravest first. */
CANH_MUST_USE int write_waiting_alerts(struct visit *v, size_t most, struct err *err);

int page_suppressions(struct visit *v, struct err *err);
int post_suppress(struct visit *v, struct err *err);
int post_suppression_end(struct visit *v, struct err *err);
int api_suppressions(struct visit *v, struct err *err);
int api_suppress(struct visit *v, struct err *err);
int api_suppression_end(struct visit *v, struct err *err);

/* Rows "matters". */
CANH_MUST_USE int write_matters(struct visit *v, size_t most, struct err *err);
int post_matter_accept(struct visit *v, struct err *err);
int api_matters(struct visit *v, struct err *err);
int api_matter_accept(struct visit *v, struct err *err);

int page_cases(struct visit *v, struct err *err);
int post_cases(struct visit *v, struct err *err);
int page_case(struct visit *v, struct err *err);
int page_calls(struct visit *v, struct err *err);
int page_case_report(struct visit *v, struct err *err);
int get_case_report(struct visit *v, struct err *err);
int get_case_evidence(struct visit *v, struct err *err);
int post_case_line(struct visit *v, struct err *err);
int post_case_step(struct visit *v, struct err *err);
int api_cases(struct visit *v, struct err *err);
int api_case(struct visit *v, struct err *err);
int api_case_open(struct visit *v, struct err *err);
int api_case_versions(struct visit *v, struct err *err);
int api_case_line(struct visit *v, struct err *err);
int api_case_step(struct visit *v, struct err *err);

int page_todo(struct visit *v, struct err *err);
int api_todo(struct visit *v, struct err *err);

int page_forms(struct visit *v, struct err *err);
int page_form(struct visit *v, struct err *err);
int post_form(struct visit *v, struct err *err);
int api_forms(struct visit *v, struct err *err);
int post_form_file(struct visit *v, struct err *err);
int get_form_template(struct visit *v, struct err *err);
int page_outages(struct visit *v, struct err *err);
int api_outages(struct visit *v, struct err *err);
int api_form_send(struct visit *v, struct err *err);

int page_more(struct visit *v, struct err *err);
/* Units, assets, contacts …: each a table, at /NAME and /api/v1/NAME. */
int page_list(struct visit *v, struct err *err);
int page_rows(struct visit *v, struct err *err);
int get_export(struct visit *v, struct err *err);

int page_team(struct visit *v, struct err *err);
int api_team(struct visit *v, struct err *err);
int post_team_availability(struct visit *v, struct err *err);
int post_team_ask(struct visit *v, struct err *err);

int page_person(struct visit *v, struct err *err);
int post_person_grant(struct visit *v, struct err *err);
int post_person_grant_end(struct visit *v, struct err *err);
int post_person_account(struct visit *v, struct err *err);
int post_person_contact(struct visit *v, struct err *err);

int page_admin(struct visit *v, struct err *err);
int post_source(struct visit *v, struct err *err);
int post_source_end(struct visit *v, struct err *err);

/* An act of control/act.h, as who is signed in; rows to row, with u. */
struct control_act;
struct control_args;
typedef int visit_act_row(void *u, const struct slice *cells, size_t n);
CANH_MUST_USE int visit_run_act(struct visit *v, const struct control_act *act,
                                struct control_args *args, visit_act_row *row, void *u,
                                struct err *err);

int page_node(struct visit *v, struct err *err);
int api_node(struct visit *v, struct err *err);
int post_backup(struct visit *v, struct err *err);
int post_rules(struct visit *v, struct err *err);
int post_gateway_test(struct visit *v, struct err *err);

int page_me(struct visit *v, struct err *err);
int post_me_second(struct visit *v, struct err *err);
int post_me_out(struct visit *v, struct err *err);
int post_me_told(struct visit *v, struct err *err);

int page_contacts(struct visit *v, struct err *err);
int post_contacts_test(struct visit *v, struct err *err);
int api_contacts_test(struct visit *v, struct err *err);
int post_contacts_answer(struct visit *v, struct err *err);
int post_contact_prove(struct visit *v, struct err *err);

int page_approvals(struct visit *v, struct err *err);
int post_approvals(struct visit *v, struct err *err);
int post_plan_accept(struct visit *v, struct err *err);
int post_plan_confirm(struct visit *v, struct err *err);
int api_approvals(struct visit *v, struct err *err);
int api_approve(struct visit *v, struct err *err);

int page_requests(struct visit *v, struct err *err);
int post_requests(struct visit *v, struct err *err);
int page_request(struct visit *v, struct err *err);
int post_request_step(struct visit *v, struct err *err);
int api_requests(struct visit *v, struct err *err);
int api_request(struct visit *v, struct err *err);
int api_request_open(struct visit *v, struct err *err);

int page_notices(struct visit *v, struct err *err);
int post_notices(struct visit *v, struct err *err);
int page_notice(struct visit *v, struct err *err);
int post_notice_read(struct visit *v, struct err *err);
int post_notice_remind(struct visit *v, struct err *err);
int page_notice_link(struct visit *v, struct err *err);
int post_notice_link(struct visit *v, struct err *err);
int api_notices(struct visit *v, struct err *err);
int page_late(struct visit *v, struct err *err);

int page_roster(struct visit *v, struct err *err);
/* Kinds of posts to choose from, into the page. */
void visit_write_post_kinds(struct visit *v);
int post_roster_post(struct visit *v, struct err *err);
int post_leave(struct visit *v, struct err *err);
int post_swap(struct visit *v, struct err *err);
int post_swap_step(struct visit *v, struct err *err);
int page_import(struct visit *v, struct err *err);
int post_import(struct visit *v, struct err *err);
int post_import_apply(struct visit *v, struct err *err);
struct imports *imports_new(void);
struct imports *imports_free(struct imports *all); /* returns NULL */

int page_letters(struct visit *v, struct err *err);
int post_letters(struct visit *v, struct err *err);
int page_letter(struct visit *v, struct err *err);
int post_letter_clause(struct visit *v, struct err *err);
int post_letter_add(struct visit *v, struct err *err);
int post_letter_window(struct visit *v, struct err *err);
int post_letter_issue(struct visit *v, struct err *err);
int page_report(struct visit *v, struct err *err);
int post_report(struct visit *v, struct err *err);
int page_plan(struct visit *v, struct err *err);
int page_plan_cells(struct visit *v, struct err *err);
struct matrices *matrices_new(void);
struct matrices *matrices_free(struct matrices *all); /* returns NULL */

int page_search(struct visit *v, struct err *err);
int api_search(struct visit *v, struct err *err);
int get_search_live(struct visit *v, struct err *err);
int page_scan(struct visit *v, struct err *err);
int post_scan(struct visit *v, struct err *err);

int page_events(struct visit *v, struct err *err);

int page_province(struct visit *v, struct err *err);
int api_province(struct visit *v, struct err *err);
struct pictures *pictures_new(void);
struct pictures *pictures_free(struct pictures *p); /* returns NULL */

int get_static(struct visit *v, struct err *err);
int get_openapi(struct visit *v, struct err *err);

int get_live(struct visit *v, struct err *err);
CANH_MUST_USE int live_new(struct live **ret, struct desk_web *w, unsigned most, struct err *err);
struct live *live_free(struct live *l); /* returns NULL; before the server ends */
/* A stream of something else than changes: the same limits, beats and looks at who listens. */
struct live_apart {
    void (*tick)(void *u); /* with every beat */
    void (*over)(void *u); /* nobody listens any more; comes once */
};
/* The reply is the stream; apart is constant. */
CANH_MUST_USE int live_listen(struct visit *v, const struct live_apart *apart, void *u,
                              struct http_stream **ret, struct err *err);
/* Sends what is due. */
void live_tick(struct live *l);
void live_changed(struct live *l, const char *what, struct state_id unit, struct state_id row);
/* For those of this very unit. */
void live_renewed(struct live *l, const char *what, struct state_id unit);

#endif
