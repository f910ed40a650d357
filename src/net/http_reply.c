/* SPDX-License-Identifier: Apache-2.0 */
/* What routes use: what was asked, and the reply. */
#include "net/http_internal.h"

enum { LOCATION_MAX = 4 * URI_TARGET_MAX };

void http_wait_end(struct request *q)
{
    if (!q->waiting)
        return;
    q->waiting = false;
    *q->link = q->next;
    if (q->next)
        q->next->link = q->link;
}

struct MHD_Response *http_response(struct http_reply *r)
{
    struct MHD_Response *response;

    if (r->stream)
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, http_stream_read,
                                                 r->stream, http_stream_end);
    if (r->constant.p)
        return MHD_create_response_from_buffer(r->constant.n, (void *)(uintptr_t)r->constant.p,
                                               MHD_RESPMEM_PERSISTENT);
    if (r->body.len == 0)
        return MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
    response = MHD_create_response_from_buffer(r->body.len, r->body.p, MHD_RESPMEM_MUST_FREE);
    if (response)
        r->body = BUF_INIT(r->body.max);
    return response;
}

struct slice http_header(const struct http_exchange *x, const char *name)
{
    const struct request *q = (const struct request *)x;
    const char *value = MHD_lookup_connection_value(q->con, MHD_HEADER_KIND, name);

    return value ? slice_str(value) : SLICE("");
}

void http_reply_header(struct http_exchange *x, const char *name, struct slice value)
{
    struct http_reply *r = &x->reply;
    struct slice copy = arena_dup(&x->arena, value);

    if (r->header_count == HTTP_HEADERS_MAX || copy.p == NULL) {
        r->body.err = -CE_TOO_BIG; /* becomes a 500 */
        return;
    }
    r->headers[r->header_count++] = (struct http_header){slice_str(name), copy};
}

void http_reply_status(struct http_exchange *x, unsigned status)
{
    x->reply.status = status;
    x->reply.constant = SLICE_NULL;
    x->reply.type = NULL;
    buf_clear(&x->reply.body);
}

void http_reply_goto(struct http_exchange *x, struct slice path)
{
    const char *prefix = x->server->owner->prefix;
    struct buf to = BUF_INIT(LOCATION_MAX);

    if (prefix)
        buf_puts(&to, prefix);
    buf_append_slice(&to, path);
    http_reply_status(x, 303);
    http_reply_header(x, "Location", buf_slice(&to));
    if (to.err < 0)
        x->reply.body.err = to.err;
    buf_done(&to);
}

void http_reply_now(struct http_exchange *x)
{
    struct request *q = request_of(x);

    if (!q->waiting)
        return;
    http_wait_end(q);
    if (q->later)
        http_resume(q->x.server, q->con);
}
