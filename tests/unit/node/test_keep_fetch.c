/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever canh-search asks keep for, it gets the records of the units that the desk named, once
 * who looks and why is on disk, and nothing else. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "journal/block.h"
#include "journal/care.h"
#include "journal/predicate.h"
#include "node/keep/keep.h"
#include "os/bulk.h"
#include "tap.h"

static struct keep keep;
static struct peer desk = {.keep = &keep, .role = ROLE_DESK, .channel.fd = -1};
static struct peer search = {.keep = &keep, .role = ROLE_SEARCH, .channel.fd = -1};
static struct channel desk_end = {.fd = -1}, search_end = {.fd = -1};

static int64_t asked_from = TIME_NONE, asked_until = TIME_NONE;

/* What came last, to whom it came. */
static struct seen {
    uint16_t type;
    uint32_t code, records;
    uint64_t next, end, gone;
    uint8_t form;
    bool foreign; /* a record of another unit, or a byte of it */
} seen;

const char *keep_appends_to(enum wire_role role)
{
    (void)role;
    return NULL;
}

void keep_end_if_drained(struct keep *k)
{
    (void)k;
}

int keep_stream(struct keep *k, struct slice name, uint32_t *ret, struct err *err)
{
    (void)k;
    (void)name;
    (void)ret;
    return err_code(err, CE_MISSING);
}

static int take_granted(void *u, struct frame *f, struct err *err)
{
    struct frame_reader r = frame_reader(f->body);
    uint8_t ticket[WIRE_TICKET];

    (void)u;
    (void)err;
    frame_get_bytes(&r, ticket, sizeof(ticket));
    seen.type = f->type;
    seen.code = frame_get_u32(&r);
    return frame_end(&r);
}

static int take_presented(void *u, struct frame *f, struct err *err)
{
    (void)u;
    (void)err;
    seen.type = f->type;
    return 0;
}

static void look_at_records(struct slice bytes)
{
    struct batch_reader b;
    struct batch_record x;

    if (batch_open(&b, bytes, NULL) < 0)
        abort();
    while (batch_next(&b, &x, NULL) > 0) {
        seen.records++;
        seen.foreign = seen.foreign || x.unit[0] != 'A';
    }
}

static void fetch_block(struct slice bytes)
{
    struct block_coder *coder = block_coder_new();
    struct journal_cipher plain;
    struct block_head head;
    struct block b;

    cipher_plain(&plain);
    block_init(&b, 0);
    if (block_head_get(bytes, &head, NULL) < 0 || block_size(&head) != bytes.n ||
        block_decode(coder, &head, bytes, &plain, &b, NULL) < 0 ||
        block_load(coder, &head, bytes, &plain, &b, NULL) < 0)
        abort();
    seen.records += b.count;
    for (uint32_t i = 0; i < b.context_count; i++)
        seen.foreign = seen.foreign || b.contexts[i].unit[0] != 'A';
    seen.foreign = seen.foreign || slice_find(buf_slice(&b.raw), SLICE("of-B")) != SIZE_MAX;
    block_done(&b);
    coder = block_coder_free(coder);
}

static int take_seen(void *u, struct frame *f, struct err *err)
{
    struct frame_reader r = frame_reader(f->body);
    struct slice bytes;

    (void)u;
    seen.type = f->type;
    seen.next = frame_get_u64(&r);
    seen.end = frame_get_u64(&r);
    for (unsigned i = 0; i < 3; i++) /* blocks, opened, damaged */
        (void)frame_get_u32(&r);
    seen.gone = frame_get_u64(&r);
    seen.form = frame_get_u8(&r);
    if (frame_end(&r) < 0 || bulk_map(f->fds[0], WIRE_BATCH_MAX, &bytes, err) < 0)
        abort();
    if (seen.form == WIRE_FORM_BLOCK)
        fetch_block(bytes);
    else
        look_at_records(bytes);
    seen.foreign = seen.foreign || slice_find(bytes, SLICE("of-B")) != SIZE_MAX;
    bulk_unmap(bytes);
    return 0;
}

static const struct frame_rule desk_rules[] = {
    {.type = WIRE_GRANTED, .max = 32, .take = take_granted}};
static const struct frame_rule search_rules[] = {
    {.type = WIRE_PRESENTED, .max = 16, .take = take_presented},
    {.type = WIRE_SEEN, .max = 200, .fds = 1, .take = take_seen}};

static void connect_peers(void)
{
    int a[2], b[2];

    if (channel_pair(a, NULL) < 0 || channel_pair(b, NULL) < 0 ||
        channel_open(&desk.channel, a[0], NULL, 0, NULL, NULL, NULL, NULL) < 0 ||
        channel_open(&desk_end, a[1], desk_rules, CANH_LEN(desk_rules), NULL, NULL, NULL, NULL) <
            0 ||
        channel_open(&search.channel, b[0], NULL, 0, NULL, NULL, NULL, NULL) < 0 ||
        channel_open(&search_end, b[1], search_rules, CANH_LEN(search_rules), NULL, NULL, NULL,
                     NULL) < 0)
        abort();
}

static void append(const char *stream, char unit, const char *text)
{
    struct journal_record rec = {.received = time_now(), .claimed = TIME_NONE};
    struct journal_group g = {.records = &rec, .record_count = 1, .now = time_now()};

    rec.raw = slice_str(text);
    memset(rec.source, unit, sizeof(rec.source));
    memset(rec.unit, unit, sizeof(rec.unit));
    if (journal_stream(keep.journal, stream, &rec.stream, NULL) < 0 ||
        journal_append(keep.journal, &g, NULL) < 0)
        abort();
}

static int grant(const char *ticket, const char *stream, const char *why, bool all,
                 struct slice units)
{
    struct buf body = BUF_INIT(4096);
    struct frame f = {.type = WIRE_GRANT};
    int r;

    frame_put_bytes(&body, ticket, WIRE_TICKET);
    frame_put_text(&body, slice_str(stream));
    frame_put_text(&body, SLICE("somebody"));
    frame_put_text(&body, slice_str(why));
    frame_put_text(&body, SLICE(""));
    frame_put_text(&body, SLICE("query"));
    frame_put_u8(&body, all);
    frame_put_text(&body, units);
    f.body = buf_slice(&body);
    seen = (struct seen){.type = 0};
    r = keep_receive_grant(&desk, &f, NULL);
    buf_done(&body);
    if (r == 0 && channel_wait(&desk_end, 0, NULL) != 1)
        abort();
    return r < 0 ? r : -(int)seen.code;
}

static int present(const char *ticket)
{
    struct frame f = {.type = WIRE_PRESENT, .body = slice_of((const uint8_t *)ticket, WIRE_TICKET)};
    int r = keep_receive_present(&search, &f, NULL);

    if (r == 0 && channel_wait(&search_end, 0, NULL) != 1)
        abort();
    return r;
}

static int look(uint64_t offset, struct slice want)
{
    struct buf body = BUF_INIT(4096);
    struct frame f = {.type = WIRE_FETCH};
    int r;

    frame_put_u64(&body, offset);
    frame_put_i64(&body, asked_from);
    frame_put_i64(&body, asked_until);
    frame_put_text(&body, want);
    f.body = buf_slice(&body);
    seen = (struct seen){.type = 0};
    r = keep_receive_fetch(&search, &f, NULL);
    buf_done(&body);
    if (r == 0 && channel_wait(&search_end, 0, NULL) != 1)
        abort();
    return r;
}

static uint64_t audited(void)
{
    uint32_t stream;

    return journal_stream(keep.journal, "audit", &stream, NULL) < 0
               ? 0
               : journal_stream_next(keep.journal, stream);
}

#define TICKET "0123456789abcdef"
#define OTHER  "0123456789abcdeX"
#define UNIT_A "AAAAAAAAAAAAAAAA"

static void test_refused(void)
{
    ok(look(0, SLICE("y")) < 0, "nothing without a ticket");
    ok(present(OTHER) < 0, "a ticket that nobody granted");
    ok(grant(TICKET, "events/default", "", true, SLICE("")) < 0, "events need a reason");
    ok(present(TICKET) < 0, "and what was refused is no ticket");
    ok(grant(TICKET, "events/none", "why", true, SLICE("")) < 0, "a stream that is not there");
    ok(grant(TICKET, "events/default", "why", false, SLICE("half")) < 0, "half a unit");
    is_int(audited(), 0, "none of them is a look");
}

static void test_scope(void)
{
    is_int(grant(TICKET, "events/default", "why", false, SLICE(UNIT_A)), 0, "a look is granted");
    is_int(audited(), 1, "who looks is on disk before anything is seen");
    is_int(present(TICKET), 0, "its ticket is good");
    ok(present(TICKET) < 0, "once");
    is_int(look(0, SLICE("y")), 0, "it reads");
    is_int(seen.records, 2, "the records of its unit");
    ok(!seen.foreign, "and not a byte of another one");
    is_int(seen.next, seen.end, "to the end");
    is_int(look(1, SLICE("y")), 0, "from an offset");
    is_int(seen.records, 1, "what stands behind it");
    ok(look(0, SLICE("not a term")) < 0, "what is wanted must be a term");
    keep_grant_end(&search);
    is_int(grant(OTHER, "alerts", "", true, SLICE("")), 0, "alerts need no reason");
    is_int(present(OTHER), 0, "another ticket");
    is_int(look(0, SLICE("y")), 0, "reads");
    is_int(seen.records, 1, "its own stream, whatever was granted before");
    keep_grant_end(&search);
    is_int(grant(TICKET, "events/default", "why", false, SLICE("")), 0, "no unit at all");
    is_int(present(TICKET), 0, "is a look too");
    is_int(look(0, SLICE("y")), 0, "that sees");
    is_int(seen.records, 0, "nothing");
}

static void seal(void)
{
    if (journal_seal(keep.journal, time_now(), NULL) < 0)
        abort();
}

/* A block goes as it is stored only where all of it may be seen and is asked for. */
static void test_forms(void)
{
    uint64_t mixed, own;

    keep_grant_end(&search);
    seal();
    is_int(grant(TICKET, "events/default", "why", false, SLICE(UNIT_A)), 0, "a look at one unit");
    is_int(present(TICKET), 0, "begins");
    is_int(look(0, SLICE("y")), 0, "it reads");
    mixed = seen.next;
    ok(seen.form == WIRE_FORM_BATCH && seen.records == 2 && !seen.foreign,
       "of a block with records of another one its own, apart");
    append("events/default", 'A', "first of-A");
    append("events/default", 'A', "second of-A");
    seal();
    is_int(look(mixed, SLICE("y")), 0, "it reads on");
    own = seen.next;
    ok(seen.form == WIRE_FORM_BLOCK && seen.records == 2 && own == mixed + 2 && !seen.foreign,
       "a block of its own as a whole");
    is_int(look(mixed + 1, SLICE("y")), 0, "from inside the block");
    ok(seen.form == WIRE_FORM_BATCH && seen.records == 1, "the rest alone");
    asked_from = time_now() + TIME_HOUR;
    is_int(look(mixed, SLICE("y")), 0, "of another time");
    is_int(seen.records, 0, "nothing");
    asked_from = TIME_NONE;
    append("events/default", 'A', "third of-A");
    is_int(look(own, SLICE("y")), 0, "what is not sealed");
    ok(seen.form == WIRE_FORM_BATCH && seen.records == 1, "has no block");
    keep_grant_end(&search);
    is_int(grant(TICKET, "events/default", "why", true, SLICE("")), 0, "a look at all units");
    is_int(present(TICKET), 0, "begins");
    is_int(look(0, SLICE("y")), 0, "and reads");
    ok(seen.form == WIRE_FORM_BLOCK && seen.records == 3 && seen.foreign, "the whole block");
    keep_grant_end(&search);
}

/* Segments go while somebody reads them. */
static void test_retained(void)
{
    const struct journal_keep keep_little = {.bytes = 1};
    struct journal_retained gone;
    uint32_t stream;

    for (unsigned i = 0; i < 4; i++) {
        append("events/default", 'A', "one more of-A");
        seal();
    }
    keep_grant_end(&search);
    is_int(grant(TICKET, "events/default", "why", true, SLICE("")), 0, "a look");
    is_int(present(TICKET), 0, "begins");
    is_int(look(0, SLICE("y")), 0, "it reads");
    is_int(seen.gone, 0, "nothing has gone yet");
    if (journal_stream(keep.journal, "events/default", &stream, NULL) < 0)
        abort();
    ok(journal_retain(keep.journal, stream, &keep_little, "test", time_now(), &gone, NULL) == 0 &&
           gone.records > 2,
       "segments go");
    is_int(look(2, SLICE("y")), 0, "it reads on");
    is_int(seen.gone, gone.records - 2, "and is told what it will not see");
    asked_from = time_now() + TIME_HOUR;
    is_int(look(2, SLICE("y")), 0, "who asks for later ones");
    is_int(seen.gone, 0, "misses nothing");
    asked_from = TIME_NONE;
    asked_until = time_now() - TIME_HOUR;
    is_int(look(2, SLICE("y")), 0, "nor does who asks for earlier ones");
    is_int(seen.gone, 0, "than it has seen");
    asked_until = TIME_NONE;
    is_int(look(0, SLICE("y")), 0, "who begins at the beginning");
    is_int(seen.gone, 0, "begins at what is there");
    ok(seen.records > 0 && seen.next > gone.records, "what is there comes");
    keep_grant_end(&search);
}

int main(void)
{
    char folder[] = "/tmp/canh-keep-XXXXXX";
    struct journal_options o = {.folder = mkdtemp(folder),
                                .plain = true,
                                .segment_size = 1,
                                .now = time_now()};

    if (o.folder == NULL || journal_open(&o, &keep.journal, NULL) < 0)
        abort();
    connect_peers();
    append("events/default", 'A', "the first of-A");
    append("events/default", 'B', "the second of-B");
    append("events/default", 'A', "the third of-A");
    append("alerts", 'B', "an alert");
    test_refused();
    test_scope();
    test_forms();
    test_retained();
    keep_grants_end(&keep);
    channel_close(&desk.channel);
    channel_close(&desk_end);
    channel_close(&search.channel);
    channel_close(&search_end);
    keep.journal = journal_close(keep.journal);
    (void)file_remove_tree(folder, NULL);
    return tap_done();
}
