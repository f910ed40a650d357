/* SPDX-License-Identifier: Apache-2.0 */
/* Batches on their way to the disk: a group of them is written and synced at once. */
#include <malloc.h>
#include <stdlib.h>

#include "base/time.h"
#include "lang/err_node.h"
#include "node/keep/keep.h"
#include "os/bulk.h"

#define REST_EVERY (10 * TIME_SECOND)
#define REST_AFTER (3 * TIME_SECOND)          /* a large group: another one may follow */
#define LATER      (450 * TIME_SECOND / 1000) /* that a batch nobody waits for waits for others */
enum { LARGE_BYTES = 128 * 1024 };

void keep_record_make(struct journal_record *to, const struct batch_record *x, uint32_t stream)
{
    *to = (struct journal_record){
        .stream = stream,
        .received = x->received,
        .claimed = x->claimed,
        .position = {.base = x->base, .at = x->at, .count = (enum journal_count)x->count},
        .decoder = x->decoder,
        .flags = x->flags,
        .raw = x->raw,
    };
    memcpy(to->source, x->source, sizeof(to->source));
    memcpy(to->unit, x->unit, sizeof(to->unit));
}

/* Whether the journal, or the group that is being made, has it. */
static bool mark_is_known(const struct keep *k, const struct batch_mark_of *x)
{
    uint32_t at;

    return map_get(&k->group_marks, x->key, &at) ||
           journal_batch_known(k->journal, x->source, x->id);
}

/*
 * Takes the records of marks that were taken before out of those from `first` on, and tells which
 * these marks are.
 */
static int marks_add(struct keep *k, struct journal_group *g, struct batch_reader *b,
                     struct keep_append *p, uint32_t *records, struct err *err)
{
    uint32_t first = g->record_count, end = *records, to = first, from = first;
    uint32_t marks = g->batch_count;
    struct batch_mark_of x;
    int r;

    buf_clear(&p->taken);
    for (uint32_t i = 0; (r = batch_next_mark(b, &x, err)) > 0; i++) {
        bool taken;

        if (i == WIRE_BATCH_MARKS || marks == GROUP_MARKS || x.first < from - first ||
            x.count > end - first || x.first > end - first - x.count)
            return err_fail(err, CE_PEER, ERR_NODE_MARK_BATCH_CANNOT_READ);
        if (i % 8 == 0)
            buf_putc(&p->taken, 0);
        while (from < first + x.first)
            k->records[to++] = k->records[from++];
        taken = mark_is_known(k, &x);
        if (taken && p->taken.err == 0)
            p->taken.p[i / 8] |= (uint8_t)(1 << i % 8);
        for (uint32_t n = 0; n < x.count; n++, from++)
            if (!taken)
                k->records[to++] = k->records[from];
        if (taken)
            continue;
        if (map_put(&k->group_marks, x.key, marks) < 0)
            return err_nomem(err);
        k->marks[marks].id = x.id;
        k->marks[marks].received = g->now;
        memcpy(k->marks[marks++].source, x.source, 16);
    }
    while (from < end)
        k->records[to++] = k->records[from++];
    *records = to;
    if (r == 0 && p->taken.err == 0)
        g->batch_count = marks;
    return r < 0 ? r : p->taken.err;
}

/* Adds a batch to the group: all of it, or nothing. */
static int group_add(struct keep *k, struct journal_group *g, struct keep_append *p,
                     struct err *err)
{
    uint32_t records = g->record_count, inputs = g->input_count, marks = g->batch_count, stream = 0;
    struct batch_reader b;
    struct batch_record x;
    struct batch_input in;
    int r = batch_open(&b, p->bytes, err);

    while (r >= 0 && (r = batch_next(&b, &x, err)) > 0) {
        if (records == GROUP_RECORDS)
            return err_fail(err, CE_TOO_BIG, ERR_NODE_TOO_MANY_RECORDS_AT_ONCE);
        if (p->only && !slice_is(x.stream, p->only))
            return err_fail(err, CE_DENIED, ERR_NODE_STREAM_NOT_YOURS, x.stream);
        r = keep_stream(k, x.stream, &stream, err);
        if (r < 0)
            return r;
        keep_record_make(&k->records[records++], &x, stream);
    }
    while (r >= 0 && (r = batch_next_input(&b, &in, err)) > 0) {
        if (inputs == GROUP_INPUTS)
            return err_fail(err, CE_TOO_BIG, ERR_NODE_TOO_MANY_INPUTS_AT_ONCE);
        memcpy(k->inputs[inputs].source, in.id, 16);
        k->inputs[inputs++].cursor = in.cursor;
    }
    if (r == 0)
        r = marks_add(k, g, &b, p, &records, err);
    if (r == 0)
        r = batch_close(&b, err);
    if (r < 0) {
        g->batch_count = marks;
        return r;
    }
    g->record_count = keep_leave_saved(k, g->record_count, records);
    g->input_count = inputs;
    return 0;
}

int keep_make_room(struct keep *k, struct err *err)
{
    free(k->records);
    free(k->inputs);
    free(k->marks);
    /* large: pages that are never touched cost nothing */
    k->records = calloc(GROUP_RECORDS, sizeof(*k->records));
    k->inputs = calloc(GROUP_INPUTS, sizeof(*k->inputs));
    k->marks = calloc(GROUP_MARKS, sizeof(*k->marks));
    return k->records && k->inputs && k->marks ? 0 : err_nomem(err);
}

void keep_rest(struct keep *k)
{
    int64_t now = loop_clock();

    if (k->pending_count || now - k->rested_at < REST_EVERY ||
        (k->large_at > k->rested_at && now - k->large_at < REST_AFTER))
        return;
    k->rested_at = now;
    journal_rest(k->journal);
    if (k->large_at && keep_make_room(k, NULL) < 0)
        loop_stop(k->role.loop); /* without memory: the parent begins another */
    k->large_at = 0;
    (void)malloc_trim(0);
}

static void append_report_done(const struct keep_append *p, int r)
{
    struct buf body = BUF_INIT(WIRE_BATCH_MARKS / 8 + 16);

    if (p->peer) {
        frame_put_u64(&body, p->number);
        frame_put_u32(&body, (uint32_t)-r);
        frame_put_text(&body, buf_slice(&p->taken));
        (void)!channel_send(&p->peer->channel, WIRE_DONE, buf_slice(&body), NULL, 0, NULL);
    }
    buf_done(&body);
}

static void let_go(struct keep_append *p)
{
    if (p->owned)
        free((void *)(uintptr_t)p->bytes.p);
    else
        bulk_unmap(p->bytes);
    p->bytes = SLICE_NULL;
    buf_done(&p->taken);
}

/* From here on a batch has its answer, and its bytes are let go. */
static void group_end(struct keep *k, unsigned from, unsigned to, int r)
{
    for (unsigned i = from; i < to; i++) {
        append_report_done(&k->pending[i], r);
        let_go(&k->pending[i]);
    }
}

/*
 * A batch that is not on disk is refused, and everything behind it, until its sender says that it
 * knows: a later batch would carry positions of inputs past it. At fault is the first one alone.
 */
static unsigned refuse_rest(struct keep *k, unsigned from, int r)
{
    k->refused += k->pending_count - from;
    for (unsigned i = from; i < k->pending_count; i++)
        if (k->pending[i].peer && k->pending[i].peer->role == ROLE_WATCH)
            k->pending[i].peer->refused = true;
    group_end(k, from, from + 1, r);
    group_end(k, from + 1, k->pending_count, -CE_BUSY);
    return k->pending_count;
}

/* Makes a group of the batches from first on that go together, at most `most`. Where the next one
 * begins; its own first when not even that can be read. */
static unsigned group_make(struct keep *k, struct journal_group *g, unsigned first, unsigned most,
                           int *ret, struct err *err)
{
    unsigned i = first;
    size_t bytes = 0;

    *ret = 0;
    map_clear(&k->group_marks);
    while (i < k->pending_count && i - first < most &&
           (i == first || bytes + k->pending[i].bytes.n <= JOURNAL_GROUP_MAX / 2)) {
        bytes += k->pending[i].bytes.n;
        *ret = group_add(k, g, &k->pending[i], err);
        if (*ret < 0)
            break;
        i++;
    }
    return i;
}

/* Writes the batches from first on that go together; where the next group begins. */
static unsigned group_write(struct keep *k, unsigned first)
{
    struct err err = ERR_INIT;
    unsigned most = PENDING_MAX, end;
    size_t bytes = k->pending[first].bytes.n;
    int r;

    for (;;) {
        struct journal_group g = {.records = k->records,
                                  .inputs = k->inputs,
                                  .batches = k->marks,
                                  .now = time_now()};

        end = group_make(k, &g, first, most, &r, &err);
        if (end > first)
            r = journal_append(k->journal, &g, &err);
        if (r != -CE_RANGE || end <= first + 1)
            break;
        most = 1; /* one of them is over a limit, and the others are not to suffer */
    }
    if (r < 0) {
        if (journal_is_full(k->journal)) {
            keep_save_alerts(k, first);
            keep_want_room(k);
        }
        role_log_err(&k->role, end == first ? "a batch was refused" : "the journal", &err);
        return refuse_rest(k, first, r);
    }
    group_end(k, first, end, 0);
    k->groups++;
    if (end - first > 1 || bytes > LARGE_BYTES)
        k->large_at = loop_clock();
    return end;
}

/* Seals what is due. */
void keep_seal(struct keep *k)
{
    struct err err = ERR_INIT;

    if (journal_tick(k->journal, time_now(), &err) < 0)
        role_log_err(&k->role, "the journal", &err);
}

/* The next start would; until then the tails are all read by whoever looks. */
void keep_seal_all(struct keep *k)
{
    struct err err = ERR_INIT;

    if (journal_seal(k->journal, time_now(), &err) < 0)
        role_log_err(&k->role, "the journal", &err);
}

void keep_commit(void *u)
{
    struct keep *k = u;
    unsigned at = 0;

    while (at < k->pending_count) {
        at = group_write(k, at);
        keep_seal(k); /* or a burst would wait unsealed until it is refused */
    }
    k->pending_count = 0;
    keep_notify_more(k);
    keep_end_if_drained(k);
}

/* later: it waits for others until the next of them finds that it did long enough, or the tick. */
static void append_queue(struct peer *p, struct keep_append *x, bool later)
{
    struct keep *k = p->keep;

    if (p->refused) {
        append_report_done(x, -CE_BUSY);
        let_go(x);
        return;
    }
    if (k->pending_count == PENDING_MAX)
        keep_commit(k);
    if (k->pending_count == 0)
        k->pending_since = loop_clock();
    k->pending[k->pending_count++] = *x;
    if (!later || loop_clock() - k->pending_since >= LATER)
        loop_soon(k->role.loop, &k->commit);
}

static struct keep_append append_of(struct peer *p, struct frame_reader *r)
{
    return (struct keep_append){.peer = p,
                                .number = frame_get_u64(r),
                                .only = keep_appends_to(p->role),
                                .taken = BUF_INIT(WIRE_BATCH_MARKS / 8)};
}

int keep_receive_append(void *u, struct frame *f, struct err *err)
{
    struct frame_reader r = frame_reader(f->body);
    struct keep_append x = append_of(u, &r);
    int code = frame_end(&r);

    if (code == 0)
        code = bulk_map(f->fds[0], WIRE_BATCH_MAX, &x.bytes, err);
    if (code == 0)
        append_queue(u, &x, false);
    return code;
}

static int receive_bytes(void *u, struct frame *f, bool later, struct err *err)
{
    struct frame_reader r = frame_reader(f->body);
    struct keep_append x = append_of(u, &r);
    uint8_t *copy;

    if (r.bad)
        return err_fail(err, CE_PEER, ERR_NODE_ANSWER_CANNOT_READ);
    copy = malloc(r.rest.n + 1);
    if (copy == NULL)
        return err_nomem(err);
    if (r.rest.n)
        memcpy(copy, r.rest.p, r.rest.n);
    x.bytes = slice_of(copy, r.rest.n);
    x.owned = true;
    append_queue(u, &x, later);
    return 0;
}

int keep_receive_short(void *u, struct frame *f, struct err *err)
{
    return receive_bytes(u, f, false, err);
}

int keep_receive_later(void *u, struct frame *f, struct err *err)
{
    return receive_bytes(u, f, true, err);
}

int keep_receive_input(void *u, struct frame *f, struct err *err)
{
    struct peer *p = u;
    struct buf body = BUF_INIT(WIRE_CURSOR_MAX + 64);
    int r;

    if (f->body.n != 16)
        return err_fail(err, CE_PEER, ERR_NODE_INPUT_WITHOUT_ID);
    if (p->keep->pending_count) /* what was sent before the question counts */
        keep_commit(p->keep);
    frame_put_bytes(&body, f->body.p, 16);
    frame_put_text(&body, journal_input(p->keep->journal, f->body.p));
    r = channel_send(&p->channel, WIRE_INPUT_IS, buf_slice(&body), NULL, 0, err);
    buf_done(&body);
    return r;
}

int keep_receive_again(void *u, struct frame *f, struct err *err)
{
    struct peer *p = u;

    (void)f;
    (void)err;
    if (p->keep->pending_count)
        keep_commit(p->keep);
    p->refused = false;
    return 0;
}
