/* SPDX-License-Identifier: Apache-2.0 */
/* Files towards a keep that refuses: what is at fault itself is left out and told, what came with
 * it is not; a disk that is full for a while loses nothing. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sodium.h>

#include "base/file.h"
#include "node/watch/listen.h"
#include "os/bulk.h"
#include "tap.h"

enum { TURNS = 400 };

/* The other end: keeps what it takes as text, a line a record. */
struct fake {
    struct channel channel;
    struct buf kept, cursor;
    unsigned busy;            /* so many batches meet a full disk */
    bool refused;             /* until watch says that it knows */
    unsigned batches, shorts; /* shorts: that came in their frame */
};

static struct network network = {.sockets = {-1, -1, -1, -1, -1}};
static struct watch w = {.keep.fd = -1};
static struct fake fake = {.channel.fd = -1};

void watch_end_if_drained(struct watch *watch)
{
    (void)watch;
}

static void tell_done(uint64_t number, int code)
{
    struct buf body = BUF_INIT(100);

    frame_put_u64(&body, number);
    frame_put_u32(&body, (uint32_t)-code);
    frame_put_text(&body, SLICE_NULL);
    if (channel_send(&fake.channel, WIRE_DONE, buf_slice(&body), NULL, 0, NULL) < 0)
        abort();
    buf_done(&body);
}

/* All of the batch, or nothing when it has a record with BAD. */
static int keep_batch(struct slice bytes)
{
    struct buf text = BUF_INIT(1 << 20);
    struct batch_reader b;
    struct batch_record x;
    struct batch_input in;
    int code = 0;

    if (batch_open(&b, bytes, NULL) < 0)
        abort();
    while (batch_next(&b, &x, NULL) > 0) {
        if (slice_find(x.raw, SLICE("BAD")) != SIZE_MAX)
            code = -CE_RANGE;
        buf_append_slice(&text, x.raw);
        buf_putc(&text, ' ');
    }
    while (code == 0 && batch_next_input(&b, &in, NULL) > 0) {
        buf_clear(&fake.cursor);
        buf_append_slice(&fake.cursor, in.cursor);
    }
    if (code == 0)
        buf_append_slice(&fake.kept, buf_slice(&text));
    buf_done(&text);
    return code;
}

static void take_batch(uint64_t number, struct slice bytes)
{
    int code = -CE_BUSY;

    fake.batches++;
    if (!fake.refused && fake.busy > 0)
        fake.busy--;
    else if (!fake.refused)
        code = keep_batch(bytes);
    fake.refused = code < 0;
    tell_done(number, code);
}

static int fake_append(void *u, struct frame *f, struct err *err)
{
    struct frame_reader r = frame_reader(f->body);
    uint64_t number = frame_get_u64(&r);
    struct slice bytes;

    (void)u;
    if (bulk_map(f->fds[0], WIRE_BATCH_MAX, &bytes, err) < 0)
        abort();
    take_batch(number, bytes);
    bulk_unmap(bytes);
    return 0;
}

static int fake_short(void *u, struct frame *f, struct err *err)
{
    struct frame_reader r = frame_reader(f->body);
    uint64_t number = frame_get_u64(&r);

    (void)u;
    (void)err;
    fake.shorts++;
    take_batch(number, r.rest);
    return 0;
}

static int fake_input(void *u, struct frame *f, struct err *err)
{
    struct buf body = BUF_INIT(WIRE_CURSOR_MAX + 64);
    int r;

    (void)u;
    frame_put_bytes(&body, f->body.p, 16);
    frame_put_text(&body, buf_slice(&fake.cursor));
    r = channel_send(&fake.channel, WIRE_INPUT_IS, buf_slice(&body), NULL, 0, err);
    buf_done(&body);
    return r;
}

static int fake_again(void *u, struct frame *f, struct err *err)
{
    (void)u;
    (void)f;
    (void)err;
    fake.refused = false;
    return 0;
}

static const struct frame_rule fake_rules[] = {
    {.type = WIRE_APPEND, .max = 8, .fds = 1, .take = fake_append},
    {.type = WIRE_APPEND_SHORT, .max = 8 + WIRE_SHORT_MAX, .take = fake_short},
    {.type = WIRE_INPUT, .max = 16, .take = fake_input},
    {.type = WIRE_AGAIN, .max = 0, .take = fake_again},
};
static const struct frame_rule watch_rules[] = {
    {.type = WIRE_DONE, .max = WIRE_BATCH_MARKS / 8 + 16, .take = send_receive_done},
    {.type = WIRE_INPUT_IS, .max = WIRE_CURSOR_MAX + 64, .take = files_receive_input},
};

static void lost(void *u, struct channel *c, const struct err *err)
{
    (void)u;
    (void)c;
    (void)err;
    abort();
}

static void poll_now(void *u, struct loop_timer *t)
{
    (void)u;
    (void)t;
    files_poll(&w);
}

static void begin(struct snapshot_source *source)
{
    int pair[2];

    w.role.name = "watch";
    w.role.config.record = 4096;
    w.network = &network;
    w.batch = (struct batch_out){.w = &w, .bytes = BUF_INIT(WIRE_BATCH_MAX)};
    fake.kept = BUF_INIT(1 << 20);
    fake.cursor = BUF_INIT(WIRE_CURSOR_MAX);
    if (sodium_init() < 0 || loop_new(&w.role.loop, NULL) < 0 || channel_pair(pair, NULL) < 0 ||
        match_rules(&w.role.config, NULL, NULL, &w.rules, NULL) < 0 ||
        (w.matching = match_ctx_new(w.rules, TIME_HOUR)) == NULL ||
        loop_timer_add(w.role.loop, POLL_TIME, POLL_TIME, poll_now, NULL, &w.poll, NULL) < 0 ||
        channel_open(&w.keep, pair[0], watch_rules, CANH_LEN(watch_rules), &w, w.role.loop, lost,
                     NULL) < 0 ||
        channel_open(&fake.channel, pair[1], fake_rules, CANH_LEN(fake_rules), NULL, w.role.loop,
                     lost, NULL) < 0)
        abort();
    w.snapshot = (struct snapshot){.sources = source, .source_count = 1};
    w.have_snapshot = true;
    files_begin(&w);
}

/* Until so many bytes are kept, or nothing comes any more. */
static const char *kept(size_t bytes)
{
    for (unsigned i = 0; i < TURNS && fake.kept.len < bytes; i++)
        (void)!loop_turn(w.role.loop, POLL_TIME, NULL);
    return buf_cstr(&fake.kept);
}

static void append(const char *path, const char *text)
{
    FILE *f = fopen(path, "a");

    if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
        abort();
}

static unsigned answers;

static void answered(struct watch *watch, const struct sent *s, int code, struct slice taken)
{
    (void)watch;
    (void)s;
    (void)taken;
    answers += code == 0;
}

/* One record that can be had once only, in a batch of `size` bytes; its own bytes. */
static size_t send_once(size_t size)
{
    static const uint8_t id[16];
    struct batch_out o = {.w = &w, .bytes = BUF_INIT(WIRE_BATCH_MAX)};
    struct batch_record x = {.stream = SLICE("events/default")};
    struct buf raw = BUF_INIT(WIRE_BATCH_MAX);
    struct err err = ERR_INIT;

    send_begin(&o);
    batch_add_record(&o.bytes, &x);
    batch_end(&o.bytes, 1, 0, 0);
    for (size_t n = size - o.bytes.len; n > 0; n--)
        buf_putc(&raw, 'x');
    x.raw = buf_slice(&raw);
    send_begin(&o);
    batch_add_record(&o.bytes, &x);
    o.records = 1;
    o.urgent = true;
    ok(send_end(&o, answered, id, NULL, true, &err) == 0, "%zu bytes are sent", size);
    buf_done(&raw);
    return x.raw.n;
}

/* What is short goes in its frame, and so again when it was refused. */
static void test_short(void)
{
    for (unsigned over = 0; over < 2; over++) {
        size_t had = fake.kept.len, n;
        unsigned shorts = fake.shorts;

        fake.busy = 1;
        answers = 0;
        n = send_once(WIRE_SHORT_MAX + over);
        ok(send_is_urgent(&w), "an urgent batch is on its way");
        (void)kept(had + n + 1);
        for (unsigned i = 0; i < 3; i++) /* nothing comes twice */
            (void)!loop_turn(w.role.loop, POLL_TIME, NULL);
        is_int(fake.kept.len - had, n + 1, "a batch that was refused once is kept once");
        is_int(answers, 1, "as its sender hears");
        ok(!send_is_urgent(&w), "and is no more");
        is_int(fake.shorts - shorts, over ? 0 : 2, "of %u more than is short", over);
    }
}

int main(void)
{
    static const char gap[] = "{\"gap\":\"refused\",\"count\":1}";
    char path[] = "/tmp/canh-watch-XXXXXX";
    struct snapshot_source source = {.kind = SLICE("files"),
                                     .transport = SLICE("files"),
                                     .paths = slice_str(path)};
    struct buf want = BUF_INIT(4096);
    int fd = mkstemp(path);

    fd_closep(&fd);
    begin(&source);
    for (unsigned i = 0; i < TURNS && fake.cursor.len == 0; i++) /* its end is where it is now */
        (void)!loop_turn(w.role.loop, POLL_TIME, NULL);
    append(path, "one\ntwo BAD\nthree\nBAD four\nfive\n");
    buf_printf(&want, "one %s three %s five ", gap, gap);
    is_str(kept(want.len), buf_cstr(&want), "what is refused by itself is told, the rest is kept");
    fake.busy = 3;
    append(path, "six\nseven\n");
    buf_puts(&want, "six seven ");
    is_str(kept(want.len), buf_cstr(&want), "a disk that was full for a while loses nothing");
    ok(fake.batches < 40, "%u batches: nothing is sent without end", fake.batches);
    test_short();
    files_end(&w);
    channel_close(&w.keep);
    channel_close(&fake.channel);
    w.matching = match_ctx_free(w.matching);
    w.rules = generation_unref(w.rules);
    (void)loop_free(w.role.loop);
    (void)unlink(path);
    buf_done(&want);
    buf_done(&fake.kept);
    buf_done(&fake.cursor);
    return tap_done();
}
