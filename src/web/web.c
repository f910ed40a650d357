/* SPDX-License-Identifier: Apache-2.0 */
/* From a request to its route and back: who it is, where it came from, what every reply bears. */
#include "web/web.h"

#include "lang/err_web.h"
#include "lang/error.h"
#include "lang/msg_console.h"
#include "net/body.h"
#include "net/multipart.h"
#include "state/audit.h"
#include "web/api.h"
#include "web/page_cache.h"
#include "web/picture.h"
#include "web/web_internal.h"

enum { ROOM_MAX = 128 << 20 };

static const char csp[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

static void write_headers(struct http_exchange *x)
{
    http_reply_header(x, "Content-Security-Policy", slice_str(csp));
    http_reply_header(x, "X-Content-Type-Options", SLICE("nosniff"));
    http_reply_header(x, "X-Frame-Options", SLICE("DENY"));
    http_reply_header(x, "Referrer-Policy", SLICE("same-origin"));
    http_reply_header(x, "Cross-Origin-Opener-Policy", SLICE("same-origin"));
    http_reply_header(x, "Permissions-Policy", SLICE("camera=(), microphone=(), geolocation=()"));
}

static void forbid_caching(struct http_exchange *x)
{
    http_reply_header(x, "Cache-Control", SLICE("no-store"));
}

static enum lang lang_of(const struct http_exchange *x)
{
    enum lang l = lang_from_str(uri_cookie(http_header(x, "Cookie"), "canh-lang"));

    return l == LANG_MAX ? LANG_VI : l;
}

static const struct desk_route *route_of(const struct http_exchange *x)
{
    const struct desk_web *w = x->owner;

    return x->route ? &desk_routes[x->route - w->routes] : NULL;
}

/* A visit for a request, also one that nobody let in. */
static struct visit *visit_begin(struct http_exchange *x)
{
    const struct desk_route *route = route_of(x);
    struct visit *v = arena_new(&x->arena, struct visit);

    if (v == NULL)
        return NULL;
    v->x = x;
    v->web = x->owner;
    v->route = route;
    v->s = v->web->state;
    v->room = ARENA_INIT(ROOM_MAX);
    v->arena = &v->room;
    v->lang = lang_of(x);
    v->api = route ? route->api : slice_starts(x->asked, SLICE("/api/"));
    v->page = page_new(v->arena);
    x->visitor = v;
    write_headers(x);
    return v;
}

void web_leave(struct http_exchange *x)
{
    struct visit *v = x->visitor;

    if (v && v->job)
        v->forget(v->job);
    if (v)
        arena_done(&v->room);
}

/* Errors as replies. */

static unsigned status_of(int code)
{
    switch (-code) {
    case CE_DENIED:
        return 403;
    case CE_NOT_FOUND:
        return 404;
    case CE_CONFLICT:
    case CE_EXISTS:
        return 409;
    case CE_MISSING:
    case CE_RANGE:
    case CE_SYNTAX:
    case CE_UNKNOWN:
    case CE_ENCODING:
        return 422;
    case CE_TOO_BIG:
        return 413;
    case CE_BUSY:
        return 503;
    default:
        return 500;
    }
}

static void reply_error_of(struct visit *v, unsigned status, const char *code, struct slice message,
                           const char *field)
{
    struct http_exchange *x = v->x;
    struct err err = ERR_INIT;

    x->reply.status = status;
    buf_clear(&x->reply.body);
    x->reply.constant = SLICE_NULL;
    forbid_caching(x);
    if (v->api) {
        api_reply_error(v, code, message, field);
        return;
    }
    page_set_i64(v->page, "status", status);
    page_set(v->page, "message", message);
    page_set_flag(v->page, "is_404", status == 404);
    visit_write_back(v, v->page);
    if (visit_page(v, "error", &err) < 0)
        buf_clear(&x->reply.body);
    x->reply.status = status;
}

static void reply_error(struct visit *v, unsigned status, const char *code, struct slice message)
{
    reply_error_of(v, status, code, message, NULL);
}

void visit_reply_err(struct visit *v, const struct err *err)
{
    struct buf text = BUF_INIT(4096);
    const char *code = error_kind(LANG_EN, err->code);

    error_write(&text, v->lang, err);
    reply_error_of(v, status_of(-err->code), code, buf_slice(&text), visit_field_of(v, err));
    buf_done(&text);
}

/* Of a body that is too large: where files are handed in, it is the file. */
static const char *field_too_big(const struct visit *v)
{
    return v->route && v->route->body_max >= ROUTE_FILES ? "file" : "body";
}

void web_refuse(struct http_exchange *x, unsigned status)
{
    struct visit *v = x->visitor ? x->visitor : visit_begin(x);
    msg_id id = x->outside      ? MSG_CONSOLE_REFUSED_OUTSIDE
                : status == 404 ? MSG_CONSOLE_REFUSED_404
                : status == 405 ? MSG_CONSOLE_REFUSED_405
                : status == 413 ? MSG_CONSOLE_REFUSED_413
                : status == 503 ? MSG_CONSOLE_REFUSED_503
                                : MSG_CONSOLE_REFUSED_400;

    if (v)
        reply_error_of(v, status, "refused", slice_str(lang_text(v->lang, id)),
                       status == 413 ? field_too_big(v) : NULL);
}

/* Coming in. */

static void find_visitor(struct visit *v)
{
    struct slice cookie = visit_session_cookie(v);
    bool page = slice_is(v->x->method, "GET") && !v->api;
    enum visitor_trace trace = lane_writes(v->web->aparts) ? VISITOR_NONE
                               : page                      ? VISITOR_RENEW
                                                           : VISITOR_SEEN;

    v->token = arena_dup(v->arena, cookie);
    v->known = v->token.n > 0 && visitor_of(v->s, v->token, trace, v->arena, &v->who, NULL) == 0;
    if (v->known && v->who.renewed)
        visit_set_session(v, v->who.secret.token);
}

static void ask_to_sign_in(struct visit *v)
{
    struct buf to = BUF_INIT(URI_TARGET_MAX + 100);

    if (v->api) {
        reply_error(v, 401, "not-signed-in",
                    slice_str(lang_text(v->lang, MSG_CONSOLE_REFUSED_401)));
        return;
    }
    buf_puts(&to, "/sign-in");
    if (slice_is(v->x->method, "GET") && !slice_is(v->x->target.path, "/")) {
        buf_puts(&to, "?next=");
        uri_write_escaped(&to, v->x->target.path);
    }
    http_reply_goto(v->x, buf_slice(&to));
    buf_done(&to);
}

static bool only_reads(const struct desk_route *route)
{
    return strcmp(route->method, "GET") == 0;
}

bool web_enter(struct http_exchange *x)
{
    const struct desk_route *route = route_of(x);
    struct visit *v = visit_begin(x);
    bool safe = only_reads(route), reading;

    if (v == NULL) {
        http_reply_status(x, 503);
        return false;
    }
    if (http_is_proxied(x) && http_peer(x).n == 0) {
        reply_error(v, 400, "proxy", slice_str(lang_text(v->lang, MSG_CONSOLE_REFUSED_PROXY)));
        return false;
    }
    reading = state_read_begin(v->s, NULL) == 0;
    find_visitor(v);
    if (reading)
        state_read_end(v->s);
    if (!safe && !origin_is_own(x)) {
        reply_error(v, 403, "origin", slice_str(lang_text(v->lang, MSG_CONSOLE_REFUSED_ORIGIN)));
        return false;
    }
    if (route->who == WHO_ANYBODY)
        return true;
    if (!v->known) {
        ask_to_sign_in(v);
        return false;
    }
    if (!(route->who & 1u << v->who.actor.role)) {
        reply_error(v, 403, "role", slice_str(lang_text(v->lang, MSG_CONSOLE_REFUSED_ROLE)));
        return false;
    }
    return true;
}

static int read_parts(struct visit *v, struct slice type)
{
    struct multipart m = {.file = SLICE_NULL};
    int r = multipart_parse(type, v->x->body, v->arena, &m);

    v->given = m.fields;
    v->file = m.file;
    v->file_name = m.file_name;
    return r;
}

/* The body as pairs. */
static int read_body(struct visit *v, struct err *err)
{
    struct slice type = http_header(v->x, "Content-Type");
    struct slice kind = slice_trim(slice_head(type, slice_find_byte(type, ';')));
    int r;

    if (v->x->body.n == 0)
        return 0;
    if (slice_eq_nocase(kind, SLICE("application/json")))
        r = body_json_parse(v->x->body, v->arena, &v->given);
    else if (slice_eq_nocase(kind, SLICE("multipart/form-data")))
        r = read_parts(v, type);
    else if (slice_eq_nocase(kind, SLICE("application/x-www-form-urlencoded")) && !v->api)
        r = uri_pairs_parse(v->x->body, v->arena, &v->given);
    else
        return err_fail(err, CE_UNKNOWN, ERR_WEB_WHAT_WAS_SENT_ANOTHER_TYPE);
    return r < 0 ? err_fail(err, -r, ERR_WEB_WHAT_WAS_SENT_CANNOT_READ) : 0;
}

/* The secret that only our own pages and who signed in know. */
static bool has_form_secret(const struct visit *v)
{
    struct slice given = http_header(v->x, "X-CSRF-Token");

    return visitor_csrf_is(&v->who, given.n > 0 ? given : visit_given(v, "csrf"));
}

bool visit_writes(const struct visit *v)
{
    return v->route->writes || !only_reads(v->route);
}

static bool may_write(const struct visit *v)
{
    return v->known && !only_reads(v->route);
}

static void note_begin(struct visit *v)
{
    struct state_audit_head head;

    if (may_write(v) && state_audit_head(v->s, &head, NULL) == 0)
        v->began = head.seq;
}

/* What a visitor changed they see from their next page on. */
static void note_write(struct visit *v)
{
    if (may_write(v))
        picture_note_write(v);
}

/* The route, here or in its lane: then v->later. */
static void run_route(struct visit *v)
{
    const struct desk_route *route = v->route;
    bool reading = only_reads(route);
    struct state *s = v->s; /* a visit that goes apart has another one there */
    struct err err = ERR_INIT;
    int r;

    note_begin(v);
    if (lane_queue(v, route->lane, route->keep ? page_cache_run : route->run)) {
        v->later = true;
        return;
    }
    r = reading ? state_read_begin(s, &err) : 0;
    if (r == 0)
        r = route->run(v, &err);
    if (reading)
        state_read_end(s);
    if (r < 0)
        visit_reply_err(v, &err);
}

void visit_begin_held(struct visit *v)
{
    v->later = false;
    run_route(v);
    if (!v->later)
        visit_reply_now(v);
}

enum http_done web_run(struct http_exchange *x)
{
    struct visit *v = x->visitor;
    bool reading = only_reads(v->route);
    struct err err = ERR_INIT;
    int r = read_body(v, &err);

    if (reading && v->known && !v->api)
        picture_expect(v);
    if (r == 0 && !reading && v->route->who != WHO_ANYBODY && !has_form_secret(v))
        r = err_fail(&err, CE_DENIED, ERR_WEB_THIS_PAGE_FROM_ANOTHER_SESSION);
    if (r < 0)
        visit_reply_err(v, &err);
    else if (visit_writes(v) && lane_hold(v))
        return HTTP_LATER;
    else
        run_route(v);
    if (v->later)
        return HTTP_LATER;
    note_write(v);
    arena_done(&v->room);
    return HTTP_NOW;
}

void visit_reply_now(struct visit *v)
{
    note_write(v);
    arena_done(&v->room);
    http_reply_now(v->x);
}

void visit_go_on(struct visit *v)
{
    struct err err = ERR_INIT;

    v->later = false;
    if (v->stay.then && v->stay.then(v, &err) < 0)
        visit_reply_err(v, &err);
    if (!v->later)
        visit_reply_now(v);
}

/* What routes use. */

int visit_page(struct visit *v, const char *template, struct err *err)
{
    v->template = template;
    v->x->reply.status = 200;
    v->x->reply.type = "text/html; charset=utf-8";
    buf_clear(&v->x->reply.body);
    forbid_caching(v->x);
    return template_render(v->web->templates, template, v->lang, v->page, visit_frame(v),
                           &v->x->reply.body, err);
}

int visit_goto(struct visit *v, struct slice path)
{
    http_reply_goto(v->x, path);
    return 0;
}

void visit_json_begin(struct visit *v, struct json_write *w)
{
    v->x->reply.type = "application/json";
    *w = JSON_WRITE_INIT(&v->x->reply.body);
    if (v->x->reply.status == 200)
        forbid_caching(v->x);
}

struct slice visit_given(const struct visit *v, const char *name)
{
    return slice_trim(uri_pairs_get(&v->given, name));
}

struct slice visit_query(const struct visit *v, const char *name)
{
    return slice_trim(uri_pairs_get(&v->x->target.pairs, name));
}

int visit_id(const struct visit *v, unsigned param, struct state_id *ret, struct err *err)
{
    if (id_parse(v->x->params[param], ret) < 0)
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    return 0;
}

struct act_ctx visit_ctx(struct visit *v)
{
    return (struct act_ctx){.s = v->s, .arena = v->arena, .how = SLICE("web")};
}

void visit_sources_changed(struct visit *v)
{
    if (v->web->sources_changed)
        v->web->sources_changed(v->web->u);
}
