/* SPDX-License-Identifier: Apache-2.0 */
/* Which row of its owner a target takes. */
#include "net/http_internal.h"

bool http_cut_prefix(struct slice *target, const char *prefix)
{
    struct slice p = slice_str(prefix ? prefix : ""), rest;

    if (p.n == 0)
        return true;
    if (!slice_starts(*target, p))
        return false;
    rest = slice_from(*target, p.n);
    if (rest.n == 0)
        rest = SLICE("/");
    else if (rest.p[0] != '/')
        return false;
    *target = rest;
    return true;
}

unsigned http_find_route(struct request *q)
{
    const struct http_owner *o = q->x.server->owner;
    const char *method = slice_is(q->x.method, "HEAD") ? "GET" : (const char *)q->x.method.p;
    struct buf allow = BUF_INIT(256);
    unsigned status = 404;

    for (size_t i = 0; i < o->route_count; i++) {
        struct slice params[ROUTE_PARAMS_MAX] = {0};

        if (!route_fits(o->routes[i].pattern, &q->x.target, params))
            continue;
        if (strcmp(o->routes[i].method, method) == 0) {
            q->x.route = &o->routes[i];
            memcpy(q->x.params, params, sizeof(params));
            status = 0;
            break;
        }
        if (allow.len > 0)
            buf_puts(&allow, ", ");
        buf_puts(&allow, o->routes[i].method);
        status = 405;
    }
    if (status == 405)
        http_reply_header(&q->x, "Allow", buf_slice(&allow));
    buf_done(&allow);
    return status;
}
