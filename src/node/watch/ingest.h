/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_WATCH_INGEST_H
#define CANH_NODE_WATCH_INGEST_H
/*
 * What the personalities of the ingest port share: canh's own (/v1/events), OTLP (/v1/logs),
 * Elasticsearch's (_bulk and what shippers ask before it). Only for ingest*.c.
 *
 *     request → who (key) → room → body → records into one batch → keep → answer
 */
#include "base/arena.h"
#include "net/http.h"
#include "node/watch/listen.h"

enum {
    INGEST_BODY_MAX = 8 << 20,     /* as sent */
    INGEST_DECODED_MAX = 16 << 20, /* as it was before it was packed */
    INGEST_BATCH_MAX = 12 << 20,   /* of records and alerts; the batch takes a little more */
    INGEST_RECORDS_MAX = 30000,
    INGEST_ITEMS_MAX = 250000, /* of _bulk: the rest of the records are to come again */
    INGEST_REPLY_MAX = 32 << 20,
};

struct ingest_server {
    struct watch *watch;
    struct http_server *http;
    struct http_owner owner;
    struct loop_timer *timer;
    struct ingest_request *requests;
    size_t claimed; /* bytes that bodies on their way may take */
    char base[40];  /* of records that have no identity */
    uint64_t number;
    const struct format *json;
};

/* One item of _bulk, for its place in the answer. */
struct ingest_item {
    uint8_t op;
    uint16_t status; /* 0: it is in the batch */
    int32_t mark;    /* its number among the batch's marks; -1: none */
    struct slice index, id;
    const char *error;
};

struct ingest_request {
    struct ingest_server *server;
    struct ingest_request *next, **link;
    struct http_exchange *x; /* NULL: the client has gone */
    uint8_t source[16];
    size_t claimed;
    bool sent; /* its batch waits for keep's answer */
    struct arena arena;
    struct batch_out out;
    uint32_t records; /* of the sender, without alerts and gaps */
    struct ingest_item *items;
    uint32_t item_count;
    struct batch_mark_of *marks; /* in the order of their records */
    uint32_t mark_count;
    struct batch_mark_of mark; /* of the whole batch: X-Canh-Batch */
    /* Fills the reply once everything is on disk; taken as in sent_fn. */
    void (*answer)(struct ingest_request *q, struct slice taken);
    /* The same when nothing of it could be taken now; NULL: 503, or 429 to Elasticsearch's clients.
     */
    void (*busy)(struct ingest_request *q);
};

CANH_INLINE struct ingest_request *ingest_of(struct http_exchange *x)
{
    return x->visitor;
}

/* Whose key the request bears: a source of this port's kind; NULL: nobody's. */
const struct snapshot_source *ingest_who(struct http_exchange *x);
/* The source by its id, as it stands now; NULL: it has gone. */
const struct snapshot_source *ingest_source(const struct ingest_request *q);
/* The body before its Content-Encoding in out. False: the reply says what is wrong with it. */
bool ingest_body(struct http_exchange *x, struct buf *out);
/* One record. False: the batch is full, and it is not in it. */
bool ingest_add(struct ingest_request *q, struct slice text, struct slice base, uint64_t at,
                bool canonical);
/* Where records stand: with the batch's id, which makes them the same when they come again; without
 * one by a number that nothing else ever gets. */
struct slice ingest_base(struct ingest_request *q, struct slice batch);
/* Sends the batch with q->marks; the answer comes later. */
enum http_done ingest_send(struct ingest_request *q);
/* {"error": …} in canh's own words. */
void ingest_fail(struct http_exchange *x, unsigned status, const char *error);

enum http_done events_post(struct http_exchange *x);
enum http_done otlp_post(struct http_exchange *x);

enum http_done elastic_root(struct http_exchange *x);
enum http_done elastic_license(struct http_exchange *x);
enum http_done elastic_health(struct http_exchange *x);
enum http_done elastic_nothing(struct http_exchange *x);
enum http_done elastic_bulk(struct http_exchange *x);
/* X-Elastic-Product, and the type that the client asked for. */
void elastic_headers(struct http_exchange *x);
/* 429 in Elasticsearch's words. */
void elastic_busy(struct http_exchange *x);

#endif
