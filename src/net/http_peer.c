/* SPDX-License-Identifier: Apache-2.0 */
/* Who asks: the connection's other side, or whom a reverse proxy asks for. */
#include "net/http_internal.h"

#include <arpa/inet.h>

static struct ip ip_of(const struct sockaddr *a)
{
    struct ip ip = {.v6 = false};

    if (a && a->sa_family == AF_INET) {
        memcpy(ip.bytes, &((const struct sockaddr_in *)(const void *)a)->sin_addr, 4);
    } else if (a && a->sa_family == AF_INET6) {
        memcpy(ip.bytes, &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr, 16);
        ip.v6 = true;
    }
    return ip;
}

static bool ip_same(const struct ip *a, const struct ip *b)
{
    return a->v6 == b->v6 && memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

static bool is_proxy(const struct http_server *s, const struct ip *peer)
{
    if (s->proxied)
        return true;
    for (size_t i = 0; i < s->proxy_count; i++)
        if (ip_same(&s->proxies[i], peer))
            return true;
    return false;
}

/* The library's own count by address could not leave out a proxy, which connects for everybody. */
enum MHD_Result http_accept(void *cls, const struct sockaddr *address, socklen_t size)
{
    const struct http_server *s = cls;
    struct ip peer = ip_of(address);
    unsigned n = 0;

    (void)size;
    if (is_proxy(s, &peer))
        return MHD_YES;
    for (const struct http_conn *c = s->conns; c; c = c->next)
        n += ip_same(&c->peer, &peer);
    return n < s->limits.connections_of_one ? MHD_YES : MHD_NO;
}

void http_conn_note(struct http_server *s, struct http_conn *c, struct MHD_Connection *con)
{
    c->peer = ip_of(MHD_get_connection_info(con, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
    c->proxied = is_proxy(s, &c->peer);
}

bool http_is_proxied(const struct http_exchange *x)
{
    const struct request *q = (const struct request *)x;

    return q->conn == NULL || q->conn->proxied;
}

/* Of several such headers the last one counts. */
static enum MHD_Result take_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    struct slice *last = cls;

    (void)kind;
    if (value && slice_eq_nocase(slice_str(name), SLICE("X-Forwarded-For")))
        *last = slice_str(value);
    return MHD_YES;
}

static int forwarded_for(struct request *q, struct ip *ret)
{
    struct slice all = SLICE_NULL, one = SLICE_NULL;

    (void)MHD_get_connection_values(q->con, MHD_HEADER_KIND, take_header, &all);
    while (slice_cut(&all, ',', &one))
        ;
    return ip_parse(slice_trim(one), ret);
}

struct slice http_peer(struct http_exchange *x)
{
    struct request *q = request_of(x);
    struct ip ip = {.v6 = false};
    bool known = true;

    if (q->peer.len > 0)
        return buf_slice(&q->peer);
    if (http_is_proxied(x))
        known = forwarded_for(q, &ip) == 0;
    else
        ip = q->conn->peer;
    if (known)
        ip_write(&q->peer, &ip);
    return buf_slice(&q->peer);
}
