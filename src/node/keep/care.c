/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an administrator does to the journal while the node runs: keep is the one writer, so keep
 * does it. A repair and a check read everything; they go on segment by segment, and what comes in
 * is written in between.
 */
#include <stdlib.h>

#include "base/time.h"
#include "lang/err_node.h"
#include "lang/error.h"
#include "node/keep/keep.h"

#define STEP_PAUSE (2 * INT64_C(1000000))

struct care {
    struct keep *keep;
    struct peer *peer;
    uint32_t number;
    enum lang lang;
    struct arena arena;            /* who and why */
    struct journal_repair *repair; /* one of the two */
    struct journal_verify *verify;
    struct journal_verdict verdict;
    struct loop_timer *timer;
    int untold; /* negative: a row did not go out */
};

/* A verb as it came. */
struct care_request {
    uint32_t number;
    enum wire_care verb;
    enum lang lang;
    uint64_t offset;
    struct slice stream, who, why, text;
};

static int send_row(struct peer *p, uint32_t number, const struct slice *cells, size_t n)
{
    struct buf body = BUF_INIT(FRAME_MAX);
    int r;

    frame_put_u32(&body, number);
    frame_put_u32(&body, (uint32_t)n);
    for (size_t i = 0; i < n; i++)
        frame_put_text(&body, cells[i]);
    r = body.err ? body.err
                 : channel_send(&p->channel, WIRE_CARE_ROW, buf_slice(&body), NULL, 0, NULL);
    buf_done(&body);
    return r;
}

static int send_done(struct peer *p, uint32_t number, enum lang lang, int r, const struct err *why,
                     struct err *err)
{
    struct buf body = BUF_INIT(2000), text = BUF_INIT(1000); /* as a client reads it */
    int code;

    if (r < 0)
        error_write(&text, lang, why);
    frame_put_u32(&body, number);
    frame_put_u32(&body, (uint32_t)(r < 0 ? -r : 0));
    frame_put_text(&body, buf_slice(&text));
    code = channel_send(&p->channel, WIRE_CARE_DONE, buf_slice(&body), NULL, 0, err);
    buf_done(&text);
    buf_done(&body);
    return code;
}

/* Numbers in decimal behind a name, and texts behind them. */
static int send_numbers(struct peer *p, uint32_t number, const char *name, const int64_t *values,
                        size_t n, const char *last, const char *detail)
{
    enum { NUMBERS_MAX = 8 };
    struct buf text[NUMBERS_MAX];
    struct slice cells[NUMBERS_MAX + 3];
    size_t count = 0;
    int r;

    n = CANH_MIN(n, (size_t)NUMBERS_MAX);
    if (name)
        cells[count++] = slice_str(name);
    for (size_t i = 0; i < n; i++) {
        text[i] = BUF_INIT(32);
        buf_append_i64(&text[i], values[i]);
        cells[count++] = buf_slice(&text[i]);
    }
    if (last)
        cells[count++] = slice_str(last);
    if (detail)
        cells[count++] = slice_str(detail);
    r = send_row(p, number, cells, count);
    for (size_t i = 0; i < n; i++)
        buf_done(&text[i]);
    return r;
}

static int report_status(struct peer *p, const struct care_request *q, struct err *err)
{
    struct journal *j = p->keep->journal;

    for (uint32_t i = 0; i < journal_stream_count(j); i++) {
        struct journal_stream_state x;
        int r = journal_stream_state(j, i, &x, err);

        if (r < 0)
            return r;
        r = send_numbers(p, q->number, x.name,
                         (const int64_t[]){(int64_t)x.first, (int64_t)x.next, x.segments,
                                           (int64_t)x.stored, x.oldest, x.newest},
                         6, NULL, NULL);
        if (r < 0)
            return err_code(err, r);
    }
    return 0;
}

static int care_redact(struct peer *p, const struct care_request *q, struct err *err)
{
    struct journal *j = p->keep->journal;
    struct journal_redaction what = {.offset = q->offset,
                                     .who = q->who,
                                     .why = q->why,
                                     .now = time_now()};

    while (what.stream < journal_stream_count(j) &&
           !slice_is(q->stream, journal_stream_name(j, what.stream)))
        what.stream++;
    if (what.stream == journal_stream_count(j))
        return err_fail(err, CE_NOT_FOUND, ERR_NODE_NO_STREAM, q->stream);
    return journal_redact(j, &what, err);
}

/* What cannot be told is not passed over: the end says so. */
static void care_note(struct care *c, int r)
{
    if (c->untold == 0)
        c->untold = r;
}

static void report_mend(void *ctx, const struct journal_mend *m)
{
    struct care *c = ctx;
    int r =
        send_numbers(c->peer, c->number, m->stream,
                     (const int64_t[]){(int64_t)m->segment, (int64_t)m->from, (int64_t)m->until}, 3,
                     m->what, NULL);

    care_note(c, r);
}

static void report_problem(void *ctx, const struct journal_problem *x)
{
    struct care *c = ctx;
    int r =
        send_numbers(c->peer, c->number, x->stream,
                     (const int64_t[]){(int64_t)x->segment, (int64_t)x->at}, 2, x->what, x->detail);

    care_note(c, r);
}

static void report_verdict(struct care *c)
{
    const struct journal_verdict *x = &c->verdict;
    int r = send_numbers(c->peer, c->number, NULL,
                         (const int64_t[]){(int64_t)x->segments, (int64_t)x->blocks,
                                           (int64_t)x->records, (int64_t)x->bytes, x->problems,
                                           x->redactions, (int64_t)x->lost, (int64_t)x->unsealed},
                         8, NULL, NULL);

    care_note(c, r);
}

static int report_heads(struct peer *p, const struct care_request *q, struct err *err)
{
    struct buf text = BUF_INIT(FRAME_MAX / 2);
    int r = journal_heads(p->keep->journal, time_now(), &text, err);

    if (r == 0 && (r = send_row(p, q->number, (const struct slice[]){buf_slice(&text)}, 1)) < 0)
        r = err_code(err, r);
    buf_done(&text);
    return r;
}

void keep_care_end(struct keep *k, const struct peer *p)
{
    struct care *c = k->care;

    if (c == NULL || (p && c->peer != p))
        return;
    k->care = NULL;
    c->repair = journal_repair_free(c->repair);
    c->verify = journal_verify_free(c->verify);
    loop_timer_drop(k->role.loop, c->timer);
    arena_done(&c->arena);
    free(c);
}

static int verify_step(struct care *c)
{
    if (journal_verify_step(c->verify))
        return 1;
    report_verdict(c);
    return 0;
}

static void care_step(void *u, struct loop_timer *t)
{
    struct care *c = u;
    struct err why = ERR_INIT;
    int r = c->verify ? verify_step(c) : journal_repair_step(c->repair, &why);

    if (r > 0) {
        (void)!loop_timer_set(t, STEP_PAUSE, 0, NULL);
        return;
    }
    if (r == 0 && c->untold < 0)
        r = err_code(&why, c->untold);
    if (r < 0)
        role_log_err(&c->keep->role, "care of the journal", &why);
    (void)!send_done(c->peer, c->number, c->lang, r, &why, NULL);
    keep_care_end(c->keep, NULL);
}

static int make_repair(struct care *c, const struct care_request *q, struct err *err)
{
    return journal_repair_new(c->keep->journal,
                              &(struct journal_repair_request){.apply = q->verb == CARE_REPAIR,
                                                               .who = arena_dup(&c->arena, q->who),
                                                               .why = arena_dup(&c->arena, q->why),
                                                               .tell = report_mend,
                                                               .ctx = c,
                                                               .now = time_now()},
                              &c->repair, err);
}

/* What goes on for a while: one at a time. */
static int begin_care(struct peer *p, const struct care_request *q, struct err *err)
{
    struct keep *k = p->keep;
    struct care *c;
    int r;

    if (k->care)
        return err_fail(err, CE_BUSY, ERR_NODE_REPAIR_GOES_ON);
    c = calloc(1, sizeof(*c));
    if (c == NULL)
        return err_nomem(err);
    *c = (struct care){
        .keep = k, .peer = p, .number = q->number, .lang = q->lang, .arena = ARENA_INIT(1 << 14)};
    k->care = c;
    r = q->verb == CARE_VERIFY
            ? journal_verify_new(k->journal, report_problem, c, &c->verdict, &c->verify, err)
            : make_repair(c, q, err);
    if (r == 0)
        r = loop_timer_add(k->role.loop, STEP_PAUSE, 0, care_step, c, &c->timer, err);
    if (r < 0)
        keep_care_end(k, NULL);
    return r;
}

static int read_request(struct slice body, struct care_request *q, struct err *err)
{
    struct frame_reader r = frame_reader(body);
    unsigned verb, lang;

    q->number = frame_get_u32(&r);
    verb = frame_get_u8(&r);
    lang = frame_get_u8(&r);
    q->offset = frame_get_u64(&r);
    q->stream = frame_get_text(&r, WIRE_STREAM_MAX);
    q->who = frame_get_text(&r, WIRE_WORDS_MAX);
    q->why = frame_get_text(&r, WIRE_WORDS_MAX);
    q->text = frame_get_text(&r, FRAME_MAX);
    if (frame_end(&r) < 0 || verb >= CARE_KINDS || lang >= LANG_MAX)
        return err_fail(err, CE_PEER, ERR_NODE_ANSWER_CANNOT_READ);
    q->verb = (enum wire_care)verb;
    q->lang = (enum lang)lang;
    return 0;
}

static int answer_care(struct peer *p, const struct care_request *q, struct err *err)
{
    switch (q->verb) {
    case CARE_REDACT:
        return care_redact(p, q, err);
    case CARE_HEADS:
        return report_heads(p, q, err);
    case CARE_CHECK:
    case CARE_AUDIT:
        return journal_heads_check(p->keep->journal, q->text,
                                   q->verb == CARE_AUDIT ? NULL : &p->keep->keys, err);
    default:
        return report_status(p, q, err);
    }
}

int keep_receive_care(void *u, struct frame *f, struct err *err)
{
    struct peer *p = u;
    struct care_request q = {.number = 0};
    struct err why = ERR_INIT;
    int r = read_request(f->body, &q, err);

    if (r < 0)
        return r;
    if (q.verb == CARE_PLAN || q.verb == CARE_REPAIR || q.verb == CARE_VERIFY) {
        r = begin_care(p, &q, &why);
        if (r == 0)
            return 0; /* answered when it is done */
    } else {
        r = answer_care(p, &q, &why);
    }
    return send_done(p, q.number, q.lang, r, &why, err);
}
