/* SPDX-License-Identifier: Apache-2.0 */
/* canh's own way in, a record a line (/v1/events), and OTLP's logs (/v1/logs). */
#include "base/json_write.h"
#include "collect/otlp.h"
#include "node/watch/ingest.h"

static bool batch_id_is_sound(struct slice id)
{
    for (size_t i = 0; i < id.n; i++) {
        uint8_t c = id.p[i];

        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
              c == '-' || c == '_'))
            return false;
    }
    return id.n <= BATCH_MARK_MAX;
}

static void answer_events(struct ingest_request *q, struct slice taken)
{
    bool duplicate = q->mark_count > 0 && taken.n > 0 && (taken.p[0] & 1) != 0;
    struct json_write w = JSON_WRITE_INIT(&q->x->reply.body);

    http_reply_status(q->x, 200);
    q->x->reply.type = "application/json";
    json_open(&w, '{');
    json_key(&w, "accepted");
    json_u64(&w, duplicate ? 0 : q->records);
    json_key(&w, "duplicate");
    json_bool(&w, duplicate);
    json_close(&w, '}');
}

static bool write_lines(struct ingest_request *q, struct slice text, struct slice base)
{
    struct slice line;
    uint64_t at = 0;

    while (slice_cut(&text, '\n', &line)) {
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        if (line.n && !ingest_add(q, line, base, at++, false))
            return false;
    }
    return true;
}

/* All of the batch has one mark. */
static enum http_done send_marked(struct ingest_request *q, struct slice batch)
{
    q->mark = (struct batch_mark_of){.id = batch, .count = q->out.records};
    q->marks = &q->mark;
    q->mark_count = batch.n > 0 && q->out.records > 0;
    return ingest_send(q);
}

enum http_done events_post(struct http_exchange *x)
{
    struct ingest_request *q = ingest_of(x);
    struct buf text = BUF_INIT(INGEST_DECODED_MAX);
    struct slice batch = http_header(x, "X-Canh-Batch");
    enum http_done done = HTTP_NOW;

    q->answer = answer_events;
    if (!batch_id_is_sound(batch)) {
        ingest_fail(x, 400, "X-Canh-Batch is 1 to 64 of A-Z a-z 0-9 - _");
    } else if (ingest_body(x, &text)) {
        send_begin(&q->out);
        if (write_lines(q, buf_slice(&text), ingest_base(q, batch)))
            done = send_marked(q, batch);
        else
            ingest_fail(x, 413, "too many events at once");
    }
    buf_done(&text);
    return done;
}

struct otlp_job {
    struct ingest_request *q;
    struct slice base;
    uint64_t at;
};

static int write_otlp(void *u, struct slice raw, bool canonical)
{
    struct otlp_job *job = u;

    return ingest_add(job->q, raw, job->base, job->at++, canonical) ? 0 : -CE_TOO_BIG;
}

static void answer_otlp(struct ingest_request *q, struct slice taken)
{
    (void)taken;
    http_reply_status(q->x, 200);
    q->x->reply.type = "application/json";
    buf_puts(&q->x->reply.body, "{\"partialSuccess\":{}}");
}

enum http_done otlp_post(struct http_exchange *x)
{
    struct ingest_request *q = ingest_of(x);
    struct buf text = BUF_INIT(INGEST_DECODED_MAX);
    struct slice batch = http_header(x, "X-Canh-Batch");
    struct otlp_job job = {.q = q};
    enum http_done done = HTTP_NOW;
    int r = 0;

    q->answer = answer_otlp;
    if (!slice_starts(http_header(x, "Content-Type"), SLICE("application/json"))) {
        ingest_fail(x, 415, "OTLP is taken as application/json");
    } else if (!batch_id_is_sound(batch)) {
        ingest_fail(x, 400, "X-Canh-Batch is 1 to 64 of A-Z a-z 0-9 - _");
    } else if (ingest_body(x, &text)) {
        job.base = ingest_base(q, batch);
        send_begin(&q->out);
        r = otlp_logs_read(buf_slice(&text), &q->arena, write_otlp, &job);
        if (r == 0)
            done = send_marked(q, batch);
        else
            ingest_fail(x, r == -CE_TOO_BIG ? 413 : 400,
                        r == -CE_TOO_BIG ? "too large" : "no ExportLogsServiceRequest");
    }
    buf_done(&text);
    return done;
}
