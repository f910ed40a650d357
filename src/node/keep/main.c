/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canh-keep: the journal's only owner. What came while the disk was written goes into the next
 * group, is synced once and acknowledged; consumers read by stream and offset.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/file.h"
#include "base/map.h"
#include "base/time.h"
#include "journal/care.h"
#include "journal/journal.h"
#include "lang/err_node.h"
#include "node/wire/batch.h"
#include "node/wire/role.h"
#include "os/bulk.h"

#define RETAIN_FIRST TIME_MINUTE
#define RETAIN_AGAIN TIME_HOUR
enum {
    PENDING_MAX = 64,      /* batches that wait for the disk */
    GROUP_RECORDS = 65536, /* records of one group */
    GROUP_INPUTS = 65536,
    GROUP_MARKS = 65536,
    READS_MAX = 8, /* streams that a peer waits for */
    BLOCK_RECORDS = 4096,
};

static const char stream_alerts[] = "alerts", stream_results[] = "results";

/* What a role may send, and the one stream that it may append to (NULL: any). */
struct peer_row {
    const struct frame_rule *rules;
    size_t count;
    const char *appends_to;
};
static const struct peer_row peers[];

struct keep;

/* Somebody at the other end of a link. */
struct peer {
    struct keep *keep;
    struct peer *next;
    enum wire_role role;
    struct channel channel;
    uint32_t waits[READS_MAX]; /* streams whose end it has read */
    unsigned wait_count;
    bool refused; /* a batch of its inputs: what it sent behind would leave a hole */
};

/* A batch on its way to the disk. */
struct pending {
    struct peer *peer; /* NULL: has gone meanwhile */
    uint64_t number;
    struct slice bytes;
    const char *only; /* the stream that its sender may append to; NULL: any */
    struct buf taken; /* a bit for each mark that had been taken before */
};

struct keep {
    struct role role;
    struct journal *journal;
    struct journal_key key;
    struct peer *peers;
    struct pending pending[PENDING_MAX];
    unsigned pending_count;
    struct loop_timer *commit, *tick, *retain;
    struct journal_record *records;
    struct journal_input *inputs;
    struct journal_batch *marks;
    struct map group_marks; /* of the group that is being made: source and id → number */
    bool draining;
    bool alerts_taken; /* the desk asked for alerts behind the last one */
};

static void peer_close(struct peer *p)
{
    struct keep *k = p->keep;
    struct peer **at = &k->peers;

    while (*at != p)
        at = &(*at)->next;
    *at = p->next;
    for (unsigned i = 0; i < k->pending_count; i++)
        if (k->pending[i].peer == p)
            k->pending[i].peer = NULL;
    channel_close(&p->channel);
    free(p);
}

static void peer_lost(void *u, struct channel *c, const struct err *err)
{
    (void)c;
    (void)err;
    peer_close(u);
}

static void put_record(struct journal_record *to, const struct batch_record *x, uint32_t stream)
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

static int stream_number(struct keep *k, struct slice name, uint32_t *ret, struct err *err)
{
    char text[WIRE_STREAM_MAX + 1];

    if (name.n == 0 || name.n >= sizeof(text))
        return err_fail(err, CE_PEER, ERR_NODE_STREAM_WITHOUT_NAME);
    memcpy(text, name.p, name.n);
    text[name.n] = 0;
    return journal_stream(k->journal, text, ret, err);
}

/* Whether the journal, or the group that is being made, has it. */
static bool mark_is_taken(const struct keep *k, const struct batch_mark_of *x)
{
    uint32_t at;

    return map_get(&k->group_marks, x->key, &at) ||
           journal_batch_taken(k->journal, x->source, x->id);
}

/*
 * Takes the records of marks that were taken before out of those from `first` on, and tells which
 * these marks are.
 */
static int marks_add(struct keep *k, struct journal_group *g, struct batch_reader *b,
                     struct pending *p, uint32_t *records, struct err *err)
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
        taken = mark_is_taken(k, &x);
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
static int group_add(struct keep *k, struct journal_group *g, struct pending *p, struct err *err)
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
        r = stream_number(k, x.stream, &stream, err);
        if (r < 0)
            return r;
        put_record(&k->records[records++], &x, stream);
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
    g->record_count = records;
    g->input_count = inputs;
    return 0;
}

static void tell_done(const struct pending *p, int r)
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

static void tell_more(struct keep *k)
{
    for (struct peer *p = k->peers; p; p = p->next) {
        for (; p->wait_count; p->wait_count--) {
            uint32_t stream = p->waits[p->wait_count - 1];
            struct buf body = BUF_INIT(200);

            frame_put_text(&body, slice_str(journal_stream_name(k->journal, stream)));
            frame_put_u64(&body, journal_stream_next(k->journal, stream));
            (void)!channel_send(&p->channel, WIRE_MORE, buf_slice(&body), NULL, 0, NULL);
            buf_done(&body);
        }
    }
}

/* From here on a batch has its answer, and its bytes are let go. */
static void group_end(struct keep *k, unsigned from, unsigned to, int r)
{
    for (unsigned i = from; i < to; i++) {
        tell_done(&k->pending[i], r);
        bulk_unmap(k->pending[i].bytes);
        k->pending[i].bytes = SLICE_NULL;
        buf_done(&k->pending[i].taken);
    }
}

/*
 * A batch that is not on disk is refused, and everything behind it, until its sender says that it
 * knows: a later batch would carry positions of inputs past it. At fault is the first one alone.
 */
static unsigned refuse_rest(struct keep *k, unsigned from, int r)
{
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
        role_tell(&k->role, end == first ? "a batch was refused" : "the journal", &err);
        return refuse_rest(k, first, r);
    }
    group_end(k, first, end, 0);
    return end;
}

static void end_if_drained(struct keep *k)
{
    bool feeders = false;

    for (struct peer *p = k->peers; p; p = p->next)
        feeders = feeders || p->role == ROLE_WATCH || p->role == ROLE_DESK;
    if (k->draining && k->pending_count == 0 && !feeders)
        loop_stop(k->role.loop);
}

/* Seals what is due. */
static void seal(struct keep *k)
{
    struct err err = ERR_INIT;

    if (journal_tick(k->journal, time_now(), &err) < 0)
        role_tell(&k->role, "the journal", &err);
}

static void commit(void *u, struct loop_timer *t)
{
    struct keep *k = u;
    unsigned at = 0;

    (void)t;
    while (at < k->pending_count) {
        at = group_write(k, at);
        seal(k); /* or a burst would wait unsealed until it is refused */
    }
    k->pending_count = 0;
    tell_more(k);
    end_if_drained(k);
}

static int take_append(void *u, struct frame *f, struct err *err)
{
    struct peer *p = u;
    struct keep *k = p->keep;
    struct frame_reader r = frame_reader(f->body);
    struct pending x = {.peer = p,
                        .number = frame_get_u64(&r),
                        .only = peers[p->role].appends_to,
                        .taken = BUF_INIT(WIRE_BATCH_MARKS / 8)};
    int code = frame_end(&r);

    if (code == 0)
        code = bulk_map(f->fds[0], WIRE_BATCH_MAX, &x.bytes, err);
    if (code < 0)
        return code;
    if (p->refused) {
        tell_done(&x, -CE_BUSY);
        bulk_unmap(x.bytes);
        return 0;
    }
    if (k->pending_count == PENDING_MAX)
        commit(k, NULL);
    k->pending[k->pending_count++] = x;
    return k->pending_count == 1 ? loop_timer_set(k->commit, 1, 0, err) : 0;
}

static int take_input(void *u, struct frame *f, struct err *err)
{
    struct peer *p = u;
    struct buf body = BUF_INIT(WIRE_CURSOR_MAX + 64);
    int r;

    if (f->body.n != 16)
        return err_fail(err, CE_PEER, ERR_NODE_INPUT_WITHOUT_ID);
    if (p->keep->pending_count) /* what was sent before the question counts */
        commit(p->keep, NULL);
    frame_put_bytes(&body, f->body.p, 16);
    frame_put_text(&body, journal_input(p->keep->journal, f->body.p));
    r = channel_send(&p->channel, WIRE_INPUT_IS, buf_slice(&body), NULL, 0, err);
    buf_done(&body);
    return r;
}

static int take_again(void *u, struct frame *f, struct err *err)
{
    struct peer *p = u;

    (void)f;
    (void)err;
    if (p->keep->pending_count)
        commit(p->keep, NULL);
    p->refused = false;
    return 0;
}

static void block_put(struct buf *out, const struct journal_record *x, struct slice stream)
{
    struct batch_record to = {
        .stream = stream,
        .offset = x->offset,
        .received = x->received,
        .claimed = x->claimed,
        .base = x->position.base,
        .at = x->position.at,
        .count = (uint8_t)x->position.count,
        .decoder = x->decoder,
        .flags = x->flags,
        .raw = x->raw,
    };

    memcpy(to.source, x->source, 16);
    memcpy(to.unit, x->unit, 16);
    batch_put_record(out, &to);
}

static int block_fill(struct keep *k, uint32_t stream, struct slice name, uint64_t *offset,
                      uint32_t wanted, struct buf *out, uint32_t *ret_records, struct err *err)
{
    struct journal_reader *reader = NULL;
    struct journal_record x;
    uint32_t n = 0;
    int r = journal_reader_new(k->journal, stream, *offset, &reader, err);

    batch_begin(out);
    while (r >= 0 && n < BLOCK_RECORDS && out->len < wanted &&
           (r = journal_read(reader, &x, err)) > 0) {
        block_put(out, &x, name);
        *offset = x.offset + 1;
        n++;
    }
    batch_end(out, n, 0, 0);
    reader = journal_reader_free(reader);
    *ret_records = n;
    return r < 0 ? r : out->err;
}

static void wait_for(struct peer *p, uint32_t stream)
{
    for (unsigned i = 0; i < p->wait_count; i++)
        if (p->waits[i] == stream)
            return;
    if (p->wait_count < READS_MAX)
        p->waits[p->wait_count++] = stream;
}

static int send_block(struct peer *p, struct slice name, uint64_t next, uint64_t end,
                      struct slice bytes, struct err *err)
{
    struct buf body = BUF_INIT(200);
    int fd = -1, r = bulk_make(bytes, &fd, err);

    frame_put_text(&body, name);
    frame_put_u64(&body, next);
    frame_put_u64(&body, end);
    if (r == 0)
        r = channel_send(&p->channel, WIRE_BLOCK, buf_slice(&body), &fd, 1, err);
    fd_closep(&fd);
    buf_done(&body);
    return r;
}

static int take_read(void *u, struct frame *f, struct err *err)
{
    struct peer *p = u;
    struct keep *k = p->keep;
    struct frame_reader fr = frame_reader(f->body);
    struct slice name = frame_get_text(&fr, WIRE_STREAM_MAX);
    uint64_t offset = frame_get_u64(&fr);
    uint32_t wanted = frame_get_u32(&fr), stream = 0, records = 0;
    struct buf out = BUF_INIT(WIRE_BATCH_MAX + (1 << 20));
    int r = frame_end(&fr);

    if (r == 0)
        r = stream_number(k, name, &stream, err);
    if (r == 0)
        r = block_fill(k, stream, name, &offset, CANH_MIN(wanted, (uint32_t)WIRE_BATCH_RAW * 4),
                       &out, &records, err);
    if (r == 0)
        r = send_block(p, name, offset, journal_stream_next(k->journal, stream), buf_slice(&out),
                       err);
    if (r == 0 && records == 0)
        wait_for(p, stream);
    if (p->role == ROLE_DESK && slice_is(name, stream_alerts))
        k->alerts_taken = r == 0 && records == 0;
    buf_done(&out);
    return r;
}

static int take_streams(void *u, struct frame *f, struct err *err)
{
    struct peer *p = u;
    struct journal *j = p->keep->journal;
    struct buf body = BUF_INIT(FRAME_MAX);
    int r;

    (void)f;
    frame_put_u32(&body, journal_stream_count(j));
    for (uint32_t i = 0; i < journal_stream_count(j); i++) {
        struct journal_stream_state st = {.name = ""};

        (void)!journal_stream_state(j, i, &st, NULL);
        frame_put_text(&body, slice_str(st.name));
        frame_put_u64(&body, st.first);
        frame_put_u64(&body, st.next);
        frame_put_u64(&body, st.stored);
    }
    r = channel_send(&p->channel, WIRE_STREAMS_ARE, buf_slice(&body), NULL, 0, err);
    buf_done(&body);
    return r;
}

#define APPENDS                                                                                    \
    {                                                                                              \
        .type = WIRE_APPEND, .max = 8, .fds = 1, .take = take_append                               \
    }
#define READS                                                                                      \
    {.type = WIRE_READ, .max = 100, .take = take_read},                                            \
    {                                                                                              \
        .type = WIRE_STREAMS, .max = 0, .take = take_streams                                       \
    }
static const struct frame_rule watch_rules[] = {APPENDS,
                                                {.type = WIRE_INPUT, .max = 16, .take = take_input},
                                                {.type = WIRE_AGAIN, .max = 0, .take = take_again}};
static const struct frame_rule desk_rules[] = {APPENDS, READS};
static const struct frame_rule search_rules[] = {READS};
static const struct frame_rule check_rules[] = {APPENDS};

static const struct peer_row peers[ROLE_MAX] = {
    [ROLE_WATCH] = {watch_rules, CANH_LEN(watch_rules)},
    [ROLE_DESK] = {desk_rules, CANH_LEN(desk_rules)},
    [ROLE_SEARCH] = {search_rules, CANH_LEN(search_rules)},
    [ROLE_CHECK] = {check_rules, CANH_LEN(check_rules), stream_results},
};

static int take_link(void *u, enum wire_role role, int fd, struct err *err)
{
    struct keep *k = u;
    struct peer *p = calloc(1, sizeof(*p));
    int r;

    if (p == NULL || peers[role].rules == NULL) {
        fd_closep(&fd);
        free(p);
        return err_fail(err, CE_PEER, ERR_NODE_KEEP_NOTHING_FOR_ROLE);
    }
    p->keep = k;
    p->role = role;
    p->next = k->peers;
    k->peers = p;
    r = channel_open(&p->channel, fd, peers[role].rules, peers[role].count, p, k->role.loop,
                     peer_lost, err);
    if (r < 0)
        peer_close(p);
    return r;
}

static void drain(void *u)
{
    struct keep *k = u;

    k->draining = true;
    end_if_drained(k);
}

static void tick(void *u, struct loop_timer *t)
{
    struct keep *k = u;

    (void)t;
    seal(k);
    end_if_drained(k);
}

/* What canh.conf says of a stream; false: nothing may go now. Alerts wait for the desk. */
static bool keep_of(const struct keep *k, const char *stream, struct journal_keep *ret)
{
    const struct config *c = &k->role.config;

    if (slice_starts(slice_str(stream), SLICE("events/")))
        *ret = (struct journal_keep){c->keep_events, (uint64_t)c->size};
    else
        *ret = (struct journal_keep){c->keep_alerts, 0};
    return strcmp(stream, stream_alerts) != 0 || k->alerts_taken;
}

static void retain(void *u, struct loop_timer *t)
{
    struct keep *k = u;

    (void)t;
    for (uint32_t i = 0; i < journal_stream_count(k->journal); i++) {
        const char *name = journal_stream_name(k->journal, i);
        struct journal_retained gone = {.segments = 0};
        struct journal_keep what;
        struct err err = ERR_INIT;

        if (keep_of(k, name, &what) &&
            journal_retain(k->journal, i, &what, "limits", time_now(), &gone, &err) < 0)
            role_tell(&k->role, "old segments do not go", &err);
        if (gone.segments)
            role_say(&k->role, "%s: %llu records in %u old segments have gone", name,
                     (unsigned long long)gone.records, (unsigned)gone.segments);
    }
}

static int keys_load(struct keep *k, struct err *err)
{
    struct buf path = BUF_INIT(PLACE_PATH + 20), text = BUF_INIT(4096);
    int r;

    buf_printf(&path, "%s/journal.key", k->role.place.keys);
    r = file_read(buf_cstr(&path), &text, err);
    if (r == 0)
        r = journal_key_parse(slice_trim(buf_slice(&text)), &k->key, err);
    buf_done(&path);
    buf_done(&text);
    return r;
}

static int keep_open(struct keep *k, struct err *err)
{
    struct journal_options o = {.folder = k->role.place.journal,
                                .plain = !k->role.config.encrypt,
                                .keys = &k->key,
                                .key_count = 1,
                                .now = time_now()};
    uint32_t stream;
    int r = keys_load(k, err);

    if (r == 0)
        r = journal_open(&o, &k->journal, err);
    if (r == 0)
        r = journal_stream(k->journal, stream_alerts, &stream, err);
    if (r == 0)
        r = journal_stream(k->journal, stream_results, &stream, err);
    k->records = calloc(GROUP_RECORDS, sizeof(*k->records));
    map_init(&k->group_marks, GROUP_MARKS);
    k->inputs = calloc(GROUP_INPUTS, sizeof(*k->inputs));
    k->marks = calloc(GROUP_MARKS, sizeof(*k->marks));
    if (r == 0 && (k->records == NULL || k->inputs == NULL || k->marks == NULL))
        r = err_nomem(err);
    return r;
}

static int keep_begin(struct keep *k, struct err *err)
{
    const char *const write[] = {k->role.place.journal, NULL};
    int r = keep_open(k, err);

    if (r == 0)
        r = role_confine(&k->role, NULL, write, err);
    if (r == 0)
        r = loop_timer_add(k->role.loop, TIME_DAY, 0, commit, k, &k->commit, err);
    if (r == 0)
        r = loop_timer_add(k->role.loop, TIME_SECOND, TIME_SECOND, tick, k, &k->tick, err);
    if (r == 0)
        r = loop_timer_add(k->role.loop, RETAIN_FIRST, RETAIN_AGAIN, retain, k, &k->retain, err);
    if (r == 0)
        r = role_listen(&k->role, err);
    if (r == 0)
        r = role_ready(&k->role, err);
    return r;
}

int main(int argc, char **argv)
{
    static struct keep k = {.role = {.name = "keep", .link = take_link, .drain = drain}};
    struct err err = ERR_INIT;
    int status;

    k.role.u = &k;
    status = role_begin(&k.role, argc, argv);
    if (status != 0)
        return status;
    status = keep_begin(&k, &err) < 0 ? role_fail(&k.role, &err) : role_run(&k.role);
    while (k.peers)
        peer_close(k.peers);
    k.journal = journal_close(k.journal);
    journal_key_wipe(&k.key);
    return status;
}
