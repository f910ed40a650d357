/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Elasticsearch as far as shippers need it. Sources: Elasticsearch's reference ("Bulk API",
 * "Root API"); the checks of its clients: X-Elastic-Product on every reply (elasticsearch-py
 * 7.14 and later, go-elasticsearch 8), version and build flavour (elasticsearch-py 7.x), licence
 * (libbeat/esleg), statuses item by item in order (libbeat/outputs/elasticsearch).
 */
#include <stdio.h>

#include <sodium.h>

#include "base/json_write.h"
#include "base/num.h"
#include "collect/bulk.h"
#include "node/watch/ingest.h"

enum { ACTION_ARENA = 1 << 20 /* of one item */ };

static const char json_type[] = "application/json";

void elastic_headers(struct http_exchange *x)
{
    struct slice accept = http_header(x, "Accept");

    http_reply_header(x, "X-Elastic-Product", SLICE("Elasticsearch"));
    if (slice_find(accept, SLICE("compatible-with=9")) != SIZE_MAX)
        x->reply.type = "application/vnd.elasticsearch+json;compatible-with=9";
    else if (slice_find(accept, SLICE("compatible-with=8")) != SIZE_MAX)
        x->reply.type = "application/vnd.elasticsearch+json;compatible-with=8";
    else
        x->reply.type = json_type;
}

/* Everything but the type, which elastic_headers() chose. */
static struct json_write begin_reply(struct http_exchange *x, unsigned status)
{
    const char *type = x->reply.type ? x->reply.type : json_type;

    http_reply_status(x, status);
    x->reply.type = type;
    return (struct json_write)JSON_WRITE_INIT(&x->reply.body);
}

static void write_pair(struct json_write *w, const char *key, const char *value)
{
    json_key(w, key);
    json_text(w, slice_str(value));
}

/* The major version behind the first slash of the sender's name: "Elastic-filebeat/8.11.1 (…)". */
static const char *version_for(const struct http_exchange *x)
{
    struct slice agent = http_header(x, "User-Agent");
    size_t slash = slice_find_byte(agent, '/');
    uint8_t major = slash < agent.n && slash + 2 < agent.n && agent.p[slash + 2] == '.'
                        ? agent.p[slash + 1]
                        : 0;

    return major == '7' ? "7.17.29" : major == '9' ? "9.1.0" : "8.19.0";
}

enum http_done elastic_root(struct http_exchange *x)
{
    const struct config *config = &ingest_of(x)->server->watch->role.config;
    struct json_write w = begin_reply(x, 200);

    json_open(&w, '{');
    write_pair(&w, "name", "canh");
    write_pair(&w, "cluster_name", "canh");
    write_pair(&w, "cluster_uuid", "Y2FuaC1pcy1ub3QtZWxhc3Q");
    json_key(&w, "version");
    json_open(&w, '{');
    json_key(&w, "number");
    json_text(&w, config->elasticsearch.n ? config->elasticsearch : slice_str(version_for(x)));
    write_pair(&w, "build_flavor", "default");
    write_pair(&w, "build_type", "deb");
    write_pair(&w, "build_hash", "canh");
    write_pair(&w, "build_date", "2026-01-01T00:00:00.000Z");
    json_key(&w, "build_snapshot");
    json_bool(&w, false);
    write_pair(&w, "lucene_version", "9.12.0");
    write_pair(&w, "minimum_wire_compatibility_version", "7.17.0");
    write_pair(&w, "minimum_index_compatibility_version", "7.0.0");
    json_close(&w, '}');
    write_pair(&w, "tagline", "You Know, for Search");
    json_close(&w, '}');
    return HTTP_NOW;
}

enum http_done elastic_license(struct http_exchange *x)
{
    struct json_write w = begin_reply(x, 200);

    json_open(&w, '{');
    json_key(&w, "license");
    json_open(&w, '{');
    write_pair(&w, "status", "active");
    write_pair(&w, "uid", "00000000-0000-0000-0000-000000000000");
    write_pair(&w, "type", "basic");
    write_pair(&w, "mode", "basic");
    json_close(&w, '}');
    json_close(&w, '}');
    return HTTP_NOW;
}

enum http_done elastic_health(struct http_exchange *x)
{
    struct json_write w = begin_reply(x, 200);

    json_open(&w, '{');
    write_pair(&w, "cluster_name", "canh");
    write_pair(&w, "status", "green");
    json_key(&w, "timed_out");
    json_bool(&w, false);
    json_key(&w, "number_of_nodes");
    json_u64(&w, 1);
    json_key(&w, "number_of_data_nodes");
    json_u64(&w, 1);
    json_close(&w, '}');
    return HTTP_NOW;
}

enum http_done elastic_nothing(struct http_exchange *x)
{
    (void)begin_reply(x, 200);
    buf_puts(&x->reply.body, slice_eq(x->method, SLICE("GET")) ? "{}" : "{\"acknowledged\":true}");
    return HTTP_NOW;
}

static void write_error(struct json_write *w, const char *type, const char *reason)
{
    json_key(w, "error");
    json_open(w, '{');
    write_pair(w, "type", type);
    write_pair(w, "reason", reason);
    json_close(w, '}');
}

static void ingest_elastic_fail(struct http_exchange *x, unsigned status, const char *type,
                                const char *reason)
{
    struct json_write w = begin_reply(x, status);

    json_open(&w, '{');
    write_error(&w, type, reason);
    json_key(&w, "status");
    json_u64(&w, status);
    json_close(&w, '}');
}

void elastic_busy(struct http_exchange *x)
{
    ingest_elastic_fail(x, 429, "es_rejected_execution_exception", "busy, come again later");
}

static const char *error_type(unsigned status)
{
    return status == 409   ? "version_conflict_engine_exception"
           : status == 429 ? "es_rejected_execution_exception"
           : status == 400 ? "mapper_parsing_exception"
                           : "illegal_argument_exception";
}

static void write_done(struct json_write *w, const struct ingest_item *item, unsigned status)
{
    json_key(w, "_version");
    json_u64(w, 1);
    write_pair(w, "result", status == 200 ? "updated" : "created");
    json_key(w, "_shards");
    json_open(w, '{');
    json_key(w, "total");
    json_u64(w, 1);
    json_key(w, "successful");
    json_u64(w, 1);
    json_key(w, "failed");
    json_u64(w, 0);
    json_close(w, '}');
    json_key(w, "_seq_no");
    json_u64(w, item->mark < 0 ? 0 : (uint64_t)item->mark);
    json_key(w, "_primary_term");
    json_u64(w, 1);
}

static void write_item(struct json_write *w, const struct ingest_item *item, unsigned status,
                       bool brief)
{
    json_open(w, '{');
    json_key(w, bulk_op_name((enum bulk_op)item->op));
    json_open(w, '{');
    if (!brief) {
        json_key(w, "_index");
        json_text(w, item->index);
        json_key(w, "_id");
        json_text(w, item->id);
        if (status < 300)
            write_done(w, item, status);
    }
    if (status >= 300)
        write_error(w, error_type(status), item->error ? item->error : "it is there already");
    json_key(w, "status");
    json_u64(w, status);
    json_close(w, '}');
    json_close(w, '}');
}

/* What became of an item; a repeat is a conflict for `create` only. */
static unsigned status_of(const struct ingest_item *item, struct slice taken)
{
    size_t byte = item->mark < 0 ? SIZE_MAX : (size_t)item->mark / 8;

    if (item->status)
        return item->status;
    if (byte < taken.n && taken.p[byte] >> (item->mark % 8) & 1)
        return item->op == BULK_CREATE ? 409 : 200;
    return 201;
}

/* Of so many items only what became of them is told, in their order. */
static bool is_long(const struct ingest_request *q)
{
    return q->item_count > INGEST_RECORDS_MAX;
}

static void answer_bulk(struct ingest_request *q, struct slice taken)
{
    struct http_exchange *x = q->x;
    bool brief = uri_pairs_get(&x->target.pairs, "filter_path").p != NULL || is_long(q);
    bool errors = false;
    struct json_write w = begin_reply(x, 200);

    for (uint32_t i = 0; i < q->item_count; i++)
        errors = errors || status_of(&q->items[i], taken) >= 300;
    json_open(&w, '{');
    json_key(&w, "took");
    json_u64(&w, 1);
    json_key(&w, "errors");
    json_bool(&w, errors);
    json_key(&w, "items");
    json_open(&w, '[');
    for (uint32_t i = 0; i < q->item_count; i++)
        write_item(&w, &q->items[i], status_of(&q->items[i], taken), brief);
    json_close(&w, ']');
    json_close(&w, '}');
}

/* Each item that would have been taken is to come again. */
static void refuse_bulk(struct ingest_request *q)
{
    for (uint32_t i = 0; i < q->item_count; i++)
        if (q->items[i].status == 0) {
            q->items[i].status = 429;
            q->items[i].error = "busy, come again later";
        }
    answer_bulk(q, SLICE_NULL);
}

/* Index and id as one word: where the record stands, and by which its repeat is known. */
static struct slice pair_of(struct ingest_request *q, const struct bulk_item *item)
{
    struct buf text = BUF_INIT(64);
    uint8_t hash[16];
    char hex[33];
    struct slice kept;

    event_id(q->source, item->index, item->id.n, hash);
    event_id(hash, item->id, 0, hash);
    buf_printf(&text, "es:%s", sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash)));
    kept = arena_dup(&q->arena, buf_slice(&text));
    buf_done(&text);
    return kept;
}

/* An item without id gets one of ours. */
static struct slice made_id(struct ingest_request *q, struct slice base, uint64_t at)
{
    uint8_t id[16];
    char hex[33];

    event_id(q->source, base, at, id);
    return arena_dup(&q->arena, slice_str(sodium_bin2hex(hex, sizeof(hex), id, sizeof(id))));
}

static void write_document(struct ingest_request *q, const struct bulk_item *item,
                           struct ingest_item *to, struct slice base, uint64_t at)
{
    struct slice pair = item->id.n ? pair_of(q, item) : SLICE_NULL;
    uint32_t first = q->out.records;

    to->mark = -1;
    if (item->op == BULK_UPDATE || item->op == BULK_DELETE) {
        to->status = 405;
        to->error = "nothing that was recorded is changed";
    } else if (!item->object) {
        to->status = 400;
        to->error = "the document is no object";
    } else if (!ingest_add(q, item->document, pair.n ? pair : base, pair.n ? 0 : at, false)) {
        to->status = 429;
        to->error = "too much at once";
    } else if (pair.n) {
        to->mark = (int32_t)q->mark_count;
        q->marks[q->mark_count++] =
            (struct batch_mark_of){.id = pair, .first = first, .count = q->out.records - first};
    }
    if (!is_long(q))
        to->id = item->id.n ? arena_dup(&q->arena, item->id) : made_id(q, base, at);
}

/* At most: an item of `delete` has one line. */
static uint32_t count_items(struct slice text)
{
    uint32_t lines = 1;

    for (size_t i = 0; i < text.n; i++)
        lines += text.p[i] == '\n';
    return CANH_MIN(lines, (uint32_t)INGEST_ITEMS_MAX);
}

static int read_items(struct ingest_request *q, struct slice text, struct slice index,
                      struct slice base)
{
    struct arena actions = ARENA_INIT(ACTION_ARENA);
    struct bulk_reader reader = {.rest = text, .index = index, .arena = &actions};
    uint32_t most = count_items(text);
    struct bulk_item item;
    int r;

    q->items = arena_new_array(&q->arena, most, struct ingest_item);
    q->marks = arena_new_array(&q->arena, CANH_MIN(most, (uint32_t)INGEST_RECORDS_MAX),
                               struct batch_mark_of);
    if (q->items == NULL || q->marks == NULL)
        return -CE_TOO_BIG;
    while ((r = bulk_next(&reader, &item)) > 0) {
        struct ingest_item *to = &q->items[q->item_count];

        if (q->item_count == most) {
            r = -CE_TOO_BIG;
            break;
        }
        q->item_count++;
        *to = (struct ingest_item){.op = (uint8_t)item.op};
        if (!is_long(q)) /* the body is gone when the answer is written */
            to->index = arena_dup(&q->arena, item.index);
        write_document(q, &item, to, base, q->item_count - 1);
        arena_clear(&actions);
    }
    arena_done(&actions);
    return r;
}

enum http_done elastic_bulk(struct http_exchange *x)
{
    struct ingest_request *q = ingest_of(x);
    struct buf text = BUF_INIT(INGEST_DECODED_MAX);
    struct slice index = x->target.segment_count > 1 ? x->target.segments[0] : SLICE("canh");
    enum http_done done = HTTP_NOW;
    int r;

    q->answer = answer_bulk;
    q->busy = refuse_bulk;
    if (ingest_body(x, &text)) {
        send_begin(&q->out);
        r = read_items(q, buf_slice(&text), index, ingest_base(q, SLICE_NULL));
        if (r == -CE_TOO_BIG)
            ingest_elastic_fail(x, 413, "too_large", "the request is too large");
        else if (r < 0)
            ingest_elastic_fail(x, 400, "illegal_argument_exception",
                                "Malformed action/metadata line");
        else if (q->out.records == 0)
            answer_bulk(q, SLICE_NULL);
        else
            done = ingest_send(q);
    }
    buf_done(&text);
    return done;
}
