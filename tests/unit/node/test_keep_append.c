/* SPDX-License-Identifier: Apache-2.0 */
/* Which batches are written at once, and which wait for others. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "node/keep/keep.h"
#include "tap.h"

static struct keep keep;
static struct peer watch = {.keep = &keep, .role = ROLE_WATCH, .channel.fd = -1};
static struct channel watch_end = {.fd = -1};
static uint32_t events;

const char *keep_appends_to(enum wire_role role)
{
    (void)role;
    return NULL;
}

void keep_end_if_drained(struct keep *k)
{
    (void)k;
}

void keep_want_room(struct keep *k)
{
    (void)k;
}

int keep_stream(struct keep *k, struct slice name, uint32_t *ret, struct err *err)
{
    (void)name;
    return journal_stream(k->journal, "events/default", ret, err);
}

static int take_done(void *u, struct frame *f, struct err *err)
{
    struct frame_reader r = frame_reader(f->body);

    (void)u;
    (void)err;
    (void)frame_get_u64(&r);
    return frame_get_u32(&r) == 0 ? 0 : -CE_PEER;
}

static const struct frame_rule rules[] = {{.type = WIRE_DONE, .max = 100, .take = take_done}};

static void begin(char *folder)
{
    struct journal_options o = {.folder = folder, .plain = true, .now = time_now()};
    int pair[2];

    if (mkdtemp(folder) == NULL || loop_new(&keep.role.loop, NULL) < 0 ||
        journal_open(&o, &keep.journal, NULL) < 0 ||
        journal_stream(keep.journal, "events/default", &events, NULL) < 0 ||
        keep_make_room(&keep, NULL) < 0 || channel_pair(pair, NULL) < 0 ||
        channel_open(&watch.channel, pair[0], NULL, 0, NULL, NULL, NULL, NULL) < 0 ||
        channel_open(&watch_end, pair[1], rules, CANH_LEN(rules), NULL, NULL, NULL, NULL) < 0)
        abort();
    map_init(&keep.group_marks, GROUP_MARKS);
    keep.commit = (struct loop_task){.fn = keep_commit, .u = &keep};
}

/* A batch of one record; whether it was taken. */
static bool send(uint64_t number, int (*receive)(void *u, struct frame *f, struct err *err))
{
    struct batch_record x = {.stream = SLICE("events/default"), .raw = SLICE("line")};
    struct buf body = BUF_INIT(4096), batch = BUF_INIT(4096);
    struct frame f = {.fd_count = 0};
    int r;

    batch_begin(&batch);
    batch_add_record(&batch, &x);
    batch_end(&batch, 1, 0, 0);
    frame_put_u64(&body, number);
    frame_put_bytes(&body, batch.p, batch.len);
    f.body = buf_slice(&body);
    r = receive(&watch, &f, NULL);
    buf_done(&body);
    buf_done(&batch);
    (void)!loop_turn(keep.role.loop, 0, NULL);
    return r == 0;
}

static unsigned answers(void)
{
    unsigned n = 0;

    while (channel_wait(&watch_end, 0, NULL) == 1)
        n++;
    return n;
}

static uint64_t recorded(void)
{
    return journal_stream_next(keep.journal, events);
}

int main(void)
{
    char folder[] = "/tmp/canh-keep-XXXXXX";

    begin(folder);
    ok(send(1, keep_receive_short), "a batch");
    is_int(recorded(), 1, "is written at once");
    is_int(answers(), 1, "and answered");
    ok(send(2, keep_receive_later) && send(3, keep_receive_later), "two that nobody waits for");
    is_int(recorded(), 1, "wait");
    ok(send(4, keep_receive_short), "for another one");
    is_int(recorded(), 4, "and are written with it");
    is_int(answers(), 3, "and answered");
    is_int((int64_t)keep.groups, 2, "in one group");
    ok(send(5, keep_receive_later), "one more");
    keep.pending_since -= TIME_SECOND;
    ok(send(6, keep_receive_later), "and the next, long after it");
    is_int(recorded(), 6, "are written");
    is_int((int64_t)keep.groups, 3, "together");
    ok(send(7, keep_receive_later), "the last");
    keep_commit(&keep);
    is_int(recorded(), 7, "is written with the tick");
    is_int(answers(), 3, "all have their answers");
    channel_close(&watch.channel);
    channel_close(&watch_end);
    keep.journal = journal_close(keep.journal);
    keep.role.loop = loop_free(keep.role.loop);
    map_done(&keep.group_marks);
    free(keep.records);
    free(keep.inputs);
    free(keep.marks);
    (void)file_remove_tree(folder, NULL);
    return tap_done();
}
