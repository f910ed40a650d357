/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canh-search: one query of one client. It reads a stream of the journal from keep block by block
 * and sends what the query wants; with `follow` it goes on with what comes. It ends with the
 * client, with keep, or at the end of the stream.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sysexits.h>

#include "base/file.h"
#include "base/hex.h"
#include "base/num.h"
#include "base/time.h"
#include "control/wire.h"
#include "lang/err_node.h"
#include "node/wire/batch.h"
#include "node/wire/role.h"
#include "os/bulk.h"
#include "search/query.h"
#include "search/record_decoder.h"

enum { SEARCH_KEEP_FD = PROCESS_FD, SEARCH_CLIENT_FD = PROCESS_FD + 2, SEARCH_QUERY_FD };
enum { RECORD_MAX = 8 << 20, QUERY_ARENA = 32 << 20, ZONE = 7 * 3600 /* of times typed */ };

struct search {
    struct role role;
    struct channel keep, client;
    struct buf body; /* the act, as the client sent it */
    struct control_args args;
    struct slice stream;
    struct arena arena;
    struct query query;
    struct keys *keys;
    struct query_matcher *matcher;
    struct record_decoder decoder;
    const struct batch_record *record; /* the present one */
    bool follow;
    int64_t from, until; /* received times */
    uint64_t offset, end;
    uint64_t left; /* rows */
    bool ended;
};

static void search_end(struct search *s, int code, const char *why)
{
    struct buf body = BUF_INIT(2000);

    if (s->ended)
        return;
    s->ended = true;
    frame_put_u32(&body, (uint32_t)-code);
    frame_put_text(&body, slice_str(why));
    (void)!channel_send(&s->client, CONTROL_END, buf_slice(&body), NULL, 0, NULL);
    buf_done(&body);
    loop_stop(s->role.loop);
}

static const struct event *decode(void *u)
{
    struct search *s = u;
    const struct batch_record *x = s->record;

    return record_decode(&s->decoder, record_format(x->raw), x->raw, x->received);
}

static bool wanted(struct search *s, const struct batch_record *x)
{
    s->record = x;
    return x->received >= s->from && (s->until == TIME_NONE || x->received < s->until) &&
           query_matches(s->matcher, x->raw, decode, s);
}

static int send_record(struct search *s, const struct batch_record *x, struct err *err)
{
    struct buf body = BUF_INIT(FRAME_MAX), cell = BUF_INIT(64);
    struct slice raw = slice_head(x->raw, CONTROL_LINE_MAX);
    int r;

    frame_put_u32(&body, 5);
    buf_put_i64(&cell, x->received);
    frame_put_text(&body, buf_slice(&cell));
    buf_clear(&cell);
    buf_put_u64(&cell, x->offset);
    frame_put_text(&body, buf_slice(&cell));
    for (unsigned k = 0; k < 2; k++) {
        buf_clear(&cell);
        buf_put_hex(&cell, k ? x->unit : x->source, 16);
        frame_put_text(&body, buf_slice(&cell));
    }
    frame_put_text(&body, raw);
    r = body.err ? body.err : channel_send(&s->client, CONTROL_ROW, buf_slice(&body), NULL, 0, err);
    buf_done(&body);
    buf_done(&cell);
    return r;
}

static int ask(struct search *s, struct err *err)
{
    struct buf body = BUF_INIT(200);
    int r;

    frame_put_text(&body, s->stream);
    frame_put_u64(&body, s->offset);
    frame_put_u32(&body, WIRE_BATCH_RAW);
    r = channel_send(&s->keep, WIRE_READ, buf_slice(&body), NULL, 0, err);
    buf_done(&body);
    return r;
}

static int send_records(struct search *s, struct slice bytes, struct err *err)
{
    struct batch_reader b;
    struct batch_record x;
    int r = batch_open(&b, bytes, err);

    while (r >= 0 && s->left && (r = batch_next(&b, &x, err)) > 0) {
        if (!wanted(s, &x))
            continue;
        s->left--;
        r = send_record(s, &x, err);
    }
    return r;
}

static int take_block(void *u, struct frame *f, struct err *err)
{
    struct search *s = u;
    struct frame_reader r = frame_reader(f->body);
    struct slice bytes = SLICE_NULL;
    uint64_t next;
    int code;

    (void)frame_get_text(&r, WIRE_STREAM_MAX);
    next = frame_get_u64(&r);
    s->end = frame_get_u64(&r);
    if (frame_end(&r) < 0)
        return err_fail(err, CE_PEER, ERR_NODE_BLOCK_CANNOT_READ);
    code = bulk_map(f->fds[0], WIRE_BATCH_MAX + (1 << 20), &bytes, err);
    if (code == 0)
        code = send_records(s, bytes, err);
    bulk_unmap(bytes);
    if (code < 0) {
        search_end(s, code, "");
        role_tell(&s->role, "", err);
        return 0;
    }
    if (s->left == 0 || (next == s->offset && !s->follow)) {
        search_end(s, 0, "");
        return 0;
    }
    if (next == s->offset)
        return 0;
    s->offset = next;
    /* The client reads as fast as it can: no more is asked for while it has not read this. */
    while (channel_is_waiting(&s->client) && code == 0)
        code = loop_turn(s->role.loop, -1, err);
    return s->ended ? 0 : ask(s, err);
}

static int take_more(void *u, struct frame *f, struct err *err)
{
    (void)f;
    return ask(u, err);
}

static int take_streams(void *u, struct frame *f, struct err *err)
{
    struct search *s = u;
    struct frame_reader r = frame_reader(f->body);
    uint32_t n = frame_get_u32(&r);

    for (uint32_t i = 0; i < n && !r.bad; i++) {
        struct slice name = frame_get_text(&r, WIRE_STREAM_MAX);
        uint64_t first = frame_get_u64(&r), end = frame_get_u64(&r);

        (void)frame_get_u64(&r);
        if (slice_eq(name, s->stream))
            s->offset = s->follow ? end : first;
    }
    if (frame_end(&r) < 0)
        return err_fail(err, CE_PEER, ERR_NODE_STREAMS_CANNOT_READ);
    return ask(s, err);
}

static const struct frame_rule keep_rules[] = {
    {.type = WIRE_BLOCK, .max = 200, .fds = 1, .take = take_block},
    {.type = WIRE_MORE, .max = 200, .take = take_more},
    {.type = WIRE_STREAMS_ARE, .max = FRAME_MAX, .take = take_streams},
};

static void lost(void *u, struct channel *c, const struct err *err)
{
    struct search *s = u;

    (void)err;
    if (c == &s->keep)
        search_end(s, -CE_BUSY, "the journal's process ended; ask again");
    s->ended = true;
    loop_stop(s->role.loop);
}

static int query_make(struct search *s, struct slice text, struct err *err)
{
    int r;

    s->arena = ARENA_INIT(QUERY_ARENA);
    r = query_parse(text, ZONE, &s->arena, &s->query, err);
    if (r < 0)
        return r;
    s->keys = keys_new();
    if (s->keys == NULL || query_intern(&s->query, s->keys) < 0)
        return err_nomem(err);
    if (s->query.source_count || s->query.unit_count)
        return err_fail(err, CE_UNKNOWN, ERR_NODE_SEARCH_NO_SCOPES);
    if (s->query.last)
        s->from = CANH_MAX(s->from, time_now() - s->query.last);
    if (s->query.from != TIME_NONE)
        s->from = CANH_MAX(s->from, s->query.from);
    s->until = s->query.until;
    record_decoder_init(&s->decoder, s->keys, RECORD_MAX);
    return query_matcher_new(&s->query, s->keys, &s->matcher, err);
}

static int query_read(struct search *s, struct err *err)
{
    struct slice name, bytes = SLICE_NULL;
    int64_t limit = 0, back = 0;
    int r = bulk_map(SEARCH_QUERY_FD, FRAME_MAX, &bytes, err);

    s->body = BUF_INIT(FRAME_MAX);
    buf_put_slice(&s->body, bytes);
    bulk_unmap(bytes);
    if (r == 0)
        r = control_args_read(buf_slice(&s->body), &name, &s->args, err);
    if (r == 0)
        r = control_number(&s->args, "limit", INT64_MAX, &limit, err);
    if (r == 0)
        r = control_number(&s->args, "back", 0, &back, err);
    s->left = (uint64_t)CANH_MAX(limit, 0);
    s->from = back ? time_now() - back : INT64_MIN;
    s->follow = control_flag(&s->args, "follow");
    s->stream = control_text(&s->args, "stream");
    return r < 0 ? r : query_make(s, control_text(&s->args, "query"), err);
}

static int search_begin(struct search *s, struct err *err)
{
    int r = query_read(s, err);

    if (r == 0)
        r = role_confine(&s->role, NULL, NULL, err);
    if (r == 0)
        r = channel_open(&s->client, SEARCH_CLIENT_FD, NULL, 0, s, s->role.loop, lost, err);
    if (r == 0)
        r = channel_open(&s->keep, SEARCH_KEEP_FD, keep_rules, CANH_LEN(keep_rules), s,
                         s->role.loop, lost, err);
    if (r == 0)
        r = channel_send(&s->keep, WIRE_STREAMS, SLICE_NULL, NULL, 0, err);
    return r;
}

int main(int argc, char **argv)
{
    static struct search s = {.role = {.name = "search"}, .keep.fd = -1, .client.fd = -1};
    struct err err = ERR_INIT;
    int status;

    s.role.u = &s;
    status = role_begin(&s.role, argc, argv);
    if (status != 0)
        return status;
    if (search_begin(&s, &err) < 0)
        status = role_fail(&s.role, &err);
    else
        status = s.ended ? 0 : role_run(&s.role);
    while (channel_is_open(&s.client) && channel_is_waiting(&s.client) &&
           loop_turn(s.role.loop, TIME_SECOND, NULL) == 0)
        continue;
    return status;
}
