/* SPDX-License-Identifier: Apache-2.0 */
/* Where requests come from and where this console is for a browser: its address, its cookies. */
#include "web/web_internal.h"

enum { HOST_MAX = 250, SITE_MAX = 600, COOKIE_MAX = 500 };

void visit_write_site(const struct visit *v, struct buf *out)
{
    const struct desk_web *w = v->web;

    if (w->site.url.n > 0)
        buf_append_slice(out, w->site.url);
    else
        buf_printf(out, "%s://" SLICE_FMT, w->secure ? "https" : "http",
                   SLICE_ARG(slice_head(http_header(v->x, "Host"), HOST_MAX)));
}

void visit_write_back(struct visit *v, struct page_scope *p)
{
    struct slice from = http_header(v->x, "Referer");
    struct buf own = BUF_INIT(SITE_MAX);
    size_t n;

    visit_write_site(v, &own);
    n = own.len;
    buf_putc(&own, '/');
    if (own.err == 0 && slice_starts(from, buf_slice(&own)) && from.n < URI_TARGET_MAX)
        page_set(p, "back", slice_from(from, n));
    buf_done(&own);
}

/*
 * Requests that change something come from our own pages: browsers say where they come from. A
 * reverse proxy may write what it likes into Host: what it is asked for must come from the address
 * that people open.
 */
bool origin_is_own(const struct http_exchange *x)
{
    const struct desk_web *w = x->owner;
    struct slice origin = http_header(x, "Origin"), host = http_header(x, "Host");
    struct slice site = http_header(x, "Sec-Fetch-Site");
    size_t at = slice_find(origin, SLICE("://"));

    if (site.n > 0 && !slice_is(site, "same-origin") && !slice_is(site, "none"))
        return false;
    if (origin.n == 0)
        return true; /* no browser: cookies are SameSite, and the form's secret is asked for */
    if (w->site.origin.n > 0 && slice_eq(origin, w->site.origin))
        return true;
    if (w->site.origin.n > 0 && http_is_proxied(x))
        return false;
    return at != SIZE_MAX && slice_eq_nocase(slice_from(origin, at + 3), host);
}

/* Browsers take __Host- only with Path=/, so that no other page of the host can have set it. */
static const char *cookie_name(const struct desk_web *w)
{
    if (!w->secure)
        return "canh";
    return w->site.prefix.n > 0 ? "__Secure-canh" : "__Host-canh";
}

struct slice visit_session_cookie(const struct visit *v)
{
    return uri_cookie(http_header(v->x, "Cookie"), cookie_name(v->web));
}

/* NAME=VALUE; Path=/watch/ and what else is said of it. */
static void set_cookie(struct visit *v, const char *name, const char *value, const char *rest)
{
    struct buf b = BUF_INIT(COOKIE_MAX);

    buf_printf(&b, "%s=%s; Path=" SLICE_FMT "/; %s%s", name, value, SLICE_ARG(v->web->site.prefix),
               rest, v->web->secure ? "; Secure" : "");
    http_reply_header(v->x, "Set-Cookie", buf_slice(&b));
    buf_done(&b);
}

void visit_set_session(struct visit *v, const char *token)
{
    set_cookie(v, cookie_name(v->web), token,
               token[0] ? "HttpOnly; SameSite=Strict" : "HttpOnly; SameSite=Strict; Max-Age=0");
}

void visit_set_language(struct visit *v, enum lang lang)
{
    set_cookie(v, "canh-lang", lang_to_str(lang), "Max-Age=31536000; SameSite=Lax");
}
