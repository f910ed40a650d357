/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "node/watch/ingest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json_write.h"
#include "base/num.h"
#include "collect/body.h"
#include "decode/decoder.h"

enum {
    CLAIMED_MAX = 96 << 20,  /* of bodies on their way, together */
    ALERT_ROOM = 1 << 20,    /* what one record with its alerts may add */
    STRANGER_MAX = 16 << 10, /* of a body that comes with a wrong key */
    SENT_OF_ONE = 4,         /* batches of one source that wait for keep */
    ARENA_BYTES = 64 << 20,
};

/* Who may come in: struct http_route.access. */
enum access { FOR_EVENTS, FOR_ELASTIC };

const struct snapshot_source *ingest_source(const struct ingest_request *q)
{
    const struct snapshot *s = &q->server->watch->snapshot;

    for (uint32_t i = 0; i < s->source_count; i++)
        if (memcmp(s->sources[i].id, q->source, 16) == 0)
            return &s->sources[i];
    return NULL;
}

static unsigned waiting_of(const struct ingest_server *s, const uint8_t source[16])
{
    unsigned n = 0;

    for (const struct ingest_request *q = s->requests; q; q = q->next)
        n += q->sent && memcmp(q->source, source, 16) == 0;
    return n;
}

static size_t body_claim(struct http_exchange *x)
{
    uint64_t n = 0;

    if (x->route->body_max == 0)
        return 0;
    return num_u64(http_header(x, "Content-Length"), &n) < 0 || n > x->route->body_max
               ? x->route->body_max
               : (size_t)n;
}

static bool has_place(const struct ingest_server *s, const uint8_t source[16])
{
    return send_has_room(s->watch) && waiting_of(s, source) < SENT_OF_ONE;
}

static struct ingest_request *request_new(struct ingest_server *s, struct http_exchange *x,
                                          const uint8_t source[16], size_t claim)
{
    struct ingest_request *q = calloc(1, sizeof(*q));

    if (q == NULL)
        return NULL;
    *q = (struct ingest_request){.server = s,
                                 .x = x,
                                 .claimed = claim,
                                 .arena = ARENA_INIT(ARENA_BYTES),
                                 .next = s->requests,
                                 .link = &s->requests};
    memcpy(q->source, source, 16);
    q->out.w = s->watch;
    q->out.bytes = BUF_INIT(WIRE_BATCH_MAX);
    if (q->next)
        q->next->link = &q->next;
    s->requests = q;
    s->claimed += claim;
    return q;
}

static void request_free(struct ingest_request *q)
{
    q->server->claimed -= q->claimed;
    *q->link = q->next;
    if (q->next)
        q->next->link = q->link;
    buf_done(&q->out.bytes);
    arena_done(&q->arena);
    free(q);
}

static void report_busy(struct http_exchange *x)
{
    struct ingest_server *s = x->owner;

    s->watch->network->counts[NETWORK_BUSY]++;
    if (x->route->access == FOR_ELASTIC)
        elastic_busy(x);
    else
        ingest_fail(x, 503, "busy");
    http_reply_header(x, "Retry-After", SLICE("1"));
}

/* Of a request that was read. */
static void request_busy(struct ingest_request *q)
{
    if (q->busy == NULL) {
        report_busy(q->x);
        return;
    }
    q->server->watch->network->counts[NETWORK_BUSY]++;
    q->busy(q);
}

static void report_unknown(struct http_exchange *x)
{
    struct ingest_server *s = x->owner;

    s->watch->network->counts[NETWORK_REFUSED]++;
    http_reply_status(x, 401);
}

static bool ingest_enter(struct http_exchange *x)
{
    struct ingest_server *s = x->owner;
    const struct snapshot_source *source = ingest_who(x);
    size_t claim = body_claim(x);

    if (source == NULL) {
        report_unknown(x);
        return false;
    }
    if (x->route->access == FOR_ELASTIC)
        elastic_headers(x);
    if (claim && (!has_place(s, source->id) || s->claimed + claim > CLAIMED_MAX)) {
        report_busy(x);
        return false;
    }
    x->visitor = request_new(s, x, source->id, claim);
    if (x->visitor == NULL)
        report_busy(x);
    return x->visitor != NULL;
}

/* No route, a method that is none, a body that is too large: not even this is for strangers. */
static void ingest_refuse(struct http_exchange *x, unsigned status)
{
    struct ingest_server *s = x->owner;

    if (ingest_who(x) == NULL) {
        report_unknown(x);
        return;
    }
    s->watch->network->counts[NETWORK_BAD]++;
    ingest_fail(x, status,
                status == 413   ? "too large"
                : status == 404 ? "no such path"
                                : "refused");
    if (x->route == NULL || x->route->access == FOR_ELASTIC)
        http_reply_header(x, "X-Elastic-Product", SLICE("Elasticsearch"));
}

static void ingest_leave(struct http_exchange *x)
{
    struct ingest_request *q = ingest_of(x);

    if (q == NULL)
        return;
    q->x = NULL;
    if (!q->sent)
        request_free(q);
}

void ingest_fail(struct http_exchange *x, unsigned status, const char *error)
{
    struct json_write w = JSON_WRITE_INIT(&x->reply.body);

    http_reply_status(x, status);
    x->reply.type = "application/json";
    json_open(&w, '{');
    json_key(&w, "error");
    json_text(&w, slice_str(error));
    json_close(&w, '}');
}

bool ingest_body(struct http_exchange *x, struct buf *out)
{
    int r = body_decode(http_header(x, "Content-Encoding"), x->body, out);

    if (r == 0)
        return true;
    ingest_of(x)->server->watch->network->counts[NETWORK_BAD]++;
    ingest_fail(x,
                r == -CE_TOO_BIG   ? 413
                : r == -CE_UNKNOWN ? 415
                : r == -CE_NOMEM   ? 503
                                   : 400,
                r == -CE_TOO_BIG   ? "too large"
                : r == -CE_UNKNOWN ? "unknown Content-Encoding"
                                   : "the body cannot be unpacked");
    return false;
}

bool ingest_add(struct ingest_request *q, struct slice text, struct slice base, uint64_t at,
                bool canonical)
{
    size_t limit = (size_t)q->server->watch->role.config.record;
    struct slice trimmed = slice_trim(text);
    const struct format *format = trimmed.n && trimmed.p[0] == '{' ? q->server->json : NULL;
    struct received_record x = {.source = ingest_source(q),
                                .format = &format,
                                .text = slice_head(text, limit),
                                .base = base,
                                .at = at,
                                .count = COUNT_RECORD,
                                .received = time_now(),
                                .flags = (text.n > limit ? (uint32_t)FLAG_TRUNCATED : 0) |
                                         (canonical ? (uint32_t)FLAG_CANONICAL : 0),
                                .not_before = TIME_NONE};

    if (x.source == NULL || q->records >= INGEST_RECORDS_MAX || q->out.bytes.err ||
        q->out.bytes.len + x.text.n + ALERT_ROOM > INGEST_BATCH_MAX)
        return false;
    send_record(&q->out, &x);
    q->records++;
    q->server->watch->network->counts[NETWORK_TAKEN]++;
    return true;
}

static void ingest_answered(struct watch *w, const struct sent *sent, int code, struct slice taken)
{
    struct ingest_request *q = sent->u;

    q->sent = false;
    if (q->x == NULL) {
        request_free(q);
        return;
    }
    if (code == 0)
        q->answer(q, taken);
    else if (code == -CE_BUSY || code == -CE_IO || code == -CE_NOMEM)
        request_busy(q);
    else
        ingest_fail(q->x, 400, "cannot be kept");
    http_reply_now(q->x);
    if (w->draining) /* there may be no other turn */
        http_server_run(w->network->ingest->http);
    else
        (void)!loop_timer_set(w->network->ingest->timer, 0, 0, NULL);
}

enum http_done ingest_send(struct ingest_request *q)
{
    struct err err = ERR_INIT;
    int r;

    if (!has_place(q->server, q->source)) { /* bodies may have come side by side */
        request_busy(q);
        return HTTP_NOW;
    }
    for (uint32_t i = 0; i < q->mark_count; i++)
        send_mark(&q->out, q->source, &q->marks[i]);
    r = send_end(&q->out, ingest_answered, q->source, q, false, &err);
    if (r == -CE_TOO_BIG)
        ingest_fail(q->x, 413, "too large");
    else if (r < 0)
        request_busy(q);
    q->sent = r == 0;
    return r == 0 ? HTTP_LATER : HTTP_NOW;
}

struct slice ingest_base(struct ingest_request *q, struct slice batch)
{
    struct buf text = BUF_INIT(160);
    struct slice kept;

    if (batch.n)
        buf_printf(&text, "batch:" SLICE_FMT, SLICE_ARG(batch));
    else
        buf_printf(&text, "%s:%llu", q->server->base, (unsigned long long)++q->server->number);
    kept = arena_dup(&q->arena, buf_slice(&text));
    buf_done(&text);
    return kept;
}

#define ELASTIC(method, pattern, run)                                                              \
    {                                                                                              \
        method, pattern, FOR_ELASTIC, 0, run                                                       \
    }
/* What shippers ask or put before the first _bulk is agreed to, and is nothing. */
#define NOTHING(pattern)                                                                           \
    {"GET", pattern, FOR_ELASTIC, 0, elastic_nothing},                                             \
        {"PUT", pattern, FOR_ELASTIC, 1 << 20, elastic_nothing},                                   \
    {                                                                                              \
        "POST", pattern, FOR_ELASTIC, 1 << 20, elastic_nothing                                     \
    }

/* clang-format off */
static const struct http_route routes[] = {
    {"POST", "/v1/events", FOR_EVENTS, INGEST_BODY_MAX, events_post},
    {"POST", "/v1/logs", FOR_EVENTS, INGEST_BODY_MAX, otlp_post},
    ELASTIC("GET", "/", elastic_root),
    ELASTIC("GET", "/_license", elastic_license),
    ELASTIC("GET", "/_xpack", elastic_license),
    ELASTIC("GET", "/_cluster/health", elastic_health),
    {"POST", "/_bulk", FOR_ELASTIC, INGEST_BODY_MAX, elastic_bulk},
    {"PUT", "/_bulk", FOR_ELASTIC, INGEST_BODY_MAX, elastic_bulk},
    NOTHING("/_ilm/policy/{}"), NOTHING("/_index_template/{}"), NOTHING("/_component_template/{}"),
    NOTHING("/_template/{}"), NOTHING("/_ingest/pipeline/{}"), NOTHING("/_data_stream/{}"),
    NOTHING("/_alias/{}"), NOTHING("/_nodes"), NOTHING("/_nodes/{}"), NOTHING("/_nodes/{}/{}"),
    NOTHING("/_cluster/settings"), NOTHING("/_security/_authenticate"),
    {"POST", "/{}/_bulk", FOR_ELASTIC, INGEST_BODY_MAX, elastic_bulk},
    {"PUT", "/{}/_bulk", FOR_ELASTIC, INGEST_BODY_MAX, elastic_bulk},
    {"POST", "/{}/{}/_bulk", FOR_ELASTIC, INGEST_BODY_MAX, elastic_bulk},
    NOTHING("/{}"),
};
/* clang-format on */

static void ingest_turn(struct ingest_server *s)
{
    http_server_run(s->http);
    (void)!loop_timer_set(s->timer, http_server_wait(s->http) * (TIME_SECOND / 1000), 0, NULL);
}

static void on_ready(void *u, int fd, uint32_t events)
{
    (void)fd, (void)events;
    ingest_turn(u);
}

static void on_timer(void *u, struct loop_timer *t)
{
    (void)t;
    ingest_turn(u);
}

static int server_open(struct watch *w, struct ingest_server *s, struct err *err)
{
    const struct network *n = w->network;
    struct tls_files tls = {(const char *)n->cert.p, (const char *)n->key.p};
    int kept = network_socket(w, SOCKET_INGEST, &w->role.config.ingest, false);
    struct http_options o = {.listen_fd = kept < 0 ? -1 : dup(kept),
                             .tls = &tls,
                             .tls_1_2 = true,
                             .owner = &s->owner,
                             .limits = {.connections = 4096,
                                        .idle_ms = 300000,
                                        .drain_max = 2 * INGEST_BODY_MAX,
                                        .stranger_max = STRANGER_MAX,
                                        .reply_max = INGEST_REPLY_MAX}};
    int r;

    if (o.listen_fd < 0)
        return err_code(err, CE_BUSY);
    s->owner = (struct http_owner){.owner = s,
                                   .routes = routes,
                                   .route_count = CANH_LEN(routes),
                                   .enter = ingest_enter,
                                   .refuse = ingest_refuse,
                                   .leave = ingest_leave};
    r = http_server_new(&s->http, &o, err);
    if (r < 0) {
        fd_closep(&o.listen_fd);
        return r;
    }
    r = loop_timer_add(w->role.loop, 0, 0, on_timer, s, &s->timer, err);
    if (r == 0)
        r = loop_add(w->role.loop, http_server_fd(s->http), EPOLLIN, on_ready, s, err);
    return r;
}

void ingest_write_status(const struct watch *w, struct buf *out)
{
    struct http_counts n;

    if (w->network->ingest == NULL)
        return;
    n = http_server_counts(w->network->ingest->http);
    status_add(out, "network idle connections", n.idle);
    status_add(out, "network half-open connections", n.half_open);
    status_add(out, "network connections timed out", n.timed_out);
}

void ingest_begin(struct watch *w)
{
    struct ingest_server *s;
    struct err err = ERR_INIT;

    if (w->network->ingest || w->network->tls == NULL || w->role.config.ingest.port == 0)
        return;
    s = calloc(1, sizeof(*s));
    if (s == NULL)
        return;
    s->watch = w;
    s->json = format_by_name(SLICE("json"));
    (void)snprintf(s->base, sizeof(s->base), "http:%llx", (unsigned long long)time_now());
    w->network->ingest = s;
    if (server_open(w, s, &err) < 0) {
        if (err.code != CE_BUSY)
            role_log_err(&w->role, "ingest", &err);
        ingest_end(w);
    }
}

void ingest_drain(struct watch *w)
{
    if (w->network->ingest && w->network->ingest->http)
        http_server_drain(w->network->ingest->http);
}

void ingest_end(struct watch *w)
{
    struct ingest_server *s = w->network->ingest;

    if (s == NULL)
        return;
    if (s->http) {
        loop_drop(w->role.loop, http_server_fd(s->http));
        s->http = http_server_free(s->http);
    }
    if (s->timer)
        loop_timer_drop(w->role.loop, s->timer);
    while (s->requests)
        request_free(s->requests);
    free(s);
    w->network->ingest = NULL;
}
