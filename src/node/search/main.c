/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canh-search: one look at the journal of one client. With the ticket of the desk keep gives it
 * what the asker may see, block by block; what the query or the rule wants of it goes to the client
 * (control/search.h has the rows). With `follow` it goes on with what comes. It ends with the
 * client, with keep, or at the end of the stream.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sysexits.h>

#include <sodium.h>

#include "base/file.h"
#include "base/hex.h"
#include "base/time.h"
#include "control/search.h"
#include "lang/err_node.h"
#include "lang/error.h"
#include "lang/zone.h"
#include "node/wire/batch.h"
#include "node/wire/role.h"
#include "os/bulk.h"
#include "search/block_piece.h"
#include "search/crew.h"

enum { SEARCH_KEEP_FD = PROCESS_FD, SEARCH_CLIENT_FD = PROCESS_FD + 2, SEARCH_QUERY_FD };
enum { RULE_MAX = 48 * 1024 };
#define END_TIME (2 * TIME_SECOND) /* for a client to read what is left, once the node is gone */

/* An answer of keep: the records behind what was asked for. */
struct seen {
    struct slice bytes; /* mapped */
    uint8_t form;       /* enum wire_form */
    uint64_t next, end;
    uint32_t blocks, opened, damaged;
    uint64_t gone;
};

struct search {
    struct role role;
    struct channel keep, client;
    struct buf body; /* the act, as the desk made it */
    struct control_args args;
    struct buf rule;
    struct search_request request;
    struct search_crew *crew;
    struct block_pool *pool;
    struct search_result result;
    struct buf want;
    bool follow, ended;
    bool busy, more; /* records are being tried; meanwhile there came more of them */
    bool waits;      /* there is `seen`, which came meanwhile */
    struct seen seen;
    int64_t from, until; /* received times, or TIME_NONE */
    uint64_t offset;
    uint64_t end; /* of the stream when it began: what comes later is for who follows */
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

/* What is wrong is told to the client. */
static void search_fail(struct search *s, int r, const struct err *err)
{
    struct buf text = BUF_INIT(1000);

    error_write(&text, control_lang(&s->args), err);
    search_end(s, r, buf_cstr(&text));
    buf_done(&text);
}

/* A row is being made: how many cells come. */
static void row_begin(struct buf *row, uint32_t cells, const char *kind)
{
    frame_put_u32(row, cells + 1);
    frame_put_text(row, slice_str(kind));
}

static void row_number(struct buf *row, int64_t v)
{
    struct buf cell = BUF_INIT(32);

    buf_append_i64(&cell, v);
    frame_put_text(row, buf_slice(&cell));
    buf_done(&cell);
}

static void row_id(struct buf *row, const uint8_t id[16])
{
    char hex[32];

    hex_write(hex, id, 16);
    frame_put_text(row, slice_of(hex, sizeof(hex)));
}

/* The client reads as fast as it can: nothing more is found while it has not read this. */
static int row_end(struct search *s, struct buf *row)
{
    int r =
        row->err ? row->err : channel_send(&s->client, CONTROL_ROW, buf_slice(row), NULL, 0, NULL);

    buf_done(row);
    while (r == 0 && channel_is_waiting(&s->client) && !s->ended)
        r = loop_turn(s->role.loop, -1, NULL);
    return s->ended ? -CE_PEER : r;
}

static int send_match(void *u, const struct search_match *m)
{
    struct search *s = u;
    struct buf row = BUF_INIT(FRAME_MAX);

    row_begin(&row, 5, "record");
    row_number(&row, m->record->received);
    row_number(&row, (int64_t)m->record->offset);
    row_id(&row, m->record->source);
    row_id(&row, m->record->unit);
    frame_put_text(&row, slice_head(m->text, CONTROL_LINE_MAX));
    return row_end(s, &row);
}

static int send_values(struct search *s)
{
    int r = 0;

    for (uint32_t i = 0; i < s->result.value_count && r == 0; i++) {
        struct buf row = BUF_INIT(FRAME_MAX);

        row_begin(&row, 2, "value");
        row_number(&row, (int64_t)s->result.values[i].count);
        frame_put_text(&row, s->result.values[i].value);
        r = row_end(s, &row);
    }
    for (uint32_t i = 0; i < s->result.bin_count && r == 0; i++) {
        struct buf row = BUF_INIT(200);

        row_begin(&row, 2, "bin");
        row_number(&row, s->result.bins[i].start);
        row_number(&row, (int64_t)s->result.bins[i].count);
        r = row_end(s, &row);
    }
    return r;
}

static int send_summary(struct search *s)
{
    const struct search_result *x = &s->result;
    const uint64_t counts[] = {x->matches, x->damaged,  x->undecoded,    x->partly,
                               x->gaps,    x->redacted, x->other_values, x->without,
                               x->blocks,  x->opened,   x->gone};
    struct buf row = BUF_INIT(1000);

    row_begin(&row, CANH_LEN(counts), "summary");
    for (size_t i = 0; i < CANH_LEN(counts); i++)
        row_number(&row, (int64_t)counts[i]);
    return row_end(s, &row);
}

static void search_finish(struct search *s)
{
    search_result_sort(&s->result);
    if (send_values(s) == 0 && send_summary(s) == 0)
        search_end(s, 0, "");
}

static int search_ask(struct search *s, struct err *err)
{
    struct buf body = BUF_INIT(FRAME_MAX);
    int r;

    s->more = false;
    frame_put_u64(&body, s->offset);
    frame_put_i64(&body, s->from);
    frame_put_i64(&body, s->until);
    frame_put_text(&body, buf_slice(&s->want));
    r = channel_send(&s->keep, WIRE_FETCH, buf_slice(&body), NULL, 0, err);
    buf_done(&body);
    return r;
}

static void write_record(struct journal_record *to, const struct batch_record *x)
{
    *to = (struct journal_record){.offset = x->offset,
                                  .received = x->received,
                                  .claimed = x->claimed,
                                  .position = {.base = x->base, .at = x->at},
                                  .decoder = x->decoder,
                                  .flags = x->flags,
                                  .raw = x->raw};
    memcpy(to->source, x->source, sizeof(to->source));
    memcpy(to->unit, x->unit, sizeof(to->unit));
}

static int each_record(struct search_piece *piece, search_record_fn *fn, void *ctx, struct err *err)
{
    const struct slice *bytes = piece->u;
    struct batch_reader b;
    struct batch_record x;
    int r = batch_open(&b, *bytes, err);

    while (r >= 0 && (r = batch_next(&b, &x, err)) > 0) {
        struct journal_record record;
        int code;

        write_record(&record, &x);
        code = fn(ctx, &record);
        if (code != 0)
            return code;
    }
    return r < 0 ? -CE_PEER : 0;
}

static void piece_done(void *u)
{
    struct slice *bytes = u;

    bulk_unmap(*bytes);
    free(bytes);
}

static int batch_piece(struct slice mapped, struct search_piece *ret, struct err *err)
{
    struct slice *bytes = malloc(sizeof(*bytes));

    if (bytes == NULL) {
        bulk_unmap(mapped);
        return err_nomem(err);
    }
    *bytes = mapped;
    *ret = (struct search_piece){.each = each_record, .done = piece_done, .u = bytes};
    return 0;
}

/* On one of the threads; its matches come when those before it have. */
static int send_piece(struct search *s, const struct seen *x, struct err *err)
{
    struct search_piece piece;
    int r = x->form == WIRE_FORM_BLOCK
                ? block_pool_piece(s->pool, x->bytes, bulk_unmap, &piece, err)
                : batch_piece(x->bytes, &piece, err);

    if (r < 0)
        return r;
    piece.blocks = x->blocks;
    piece.opened = x->opened;
    piece.damaged = x->damaged;
    return search_crew_push(s->crew, &piece, err);
}

/* keep finds the next block while this one is tried. */
static void try_seen(struct search *s)
{
    struct seen x = s->seen;
    struct err err = ERR_INIT;
    bool last = x.next >= (s->follow ? x.end : s->end);
    int r;

    s->waits = false;
    s->offset = x.next;
    s->result.gone += x.gone;
    r = last ? 0 : search_ask(s, &err);
    if (r == 0)
        r = send_piece(s, &x, &err);
    else
        bulk_unmap(x.bytes);
    if (r == 0 && last)
        r = search_crew_settle(s->crew, &err);
    if (s->ended)
        return;
    if (r < 0) {
        search_fail(s, r, &err);
        role_log_err(&s->role, "", &err);
    } else if (search_crew_ends(s->crew) || (last && !s->follow)) {
        search_finish(s);
    } else if (last && s->more) {
        (void)!search_ask(s, NULL);
    }
}

/* While matches are on their way to the client the next answer may come: it waits. */
static int receive_seen(void *u, struct frame *f, struct err *err)
{
    struct search *s = u;
    struct frame_reader r = frame_reader(f->body);
    struct seen x = {.next = frame_get_u64(&r), .end = frame_get_u64(&r)};
    int code;

    x.blocks = frame_get_u32(&r);
    x.opened = frame_get_u32(&r);
    x.damaged = frame_get_u32(&r);
    x.gone = frame_get_u64(&r);
    x.form = frame_get_u8(&r);
    if (frame_end(&r) < 0 || x.form > WIRE_FORM_BLOCK || s->waits)
        return err_fail(err, CE_PEER, ERR_NODE_BLOCK_CANNOT_READ);
    if (s->ended)
        return 0;
    code = bulk_map(f->fds[0], WIRE_BATCH_MAX + (1 << 20), &x.bytes, err);
    if (code < 0)
        return code;
    s->seen = x;
    s->waits = true;
    if (s->busy)
        return 0;
    s->busy = true;
    while (s->waits && !s->ended)
        try_seen(s);
    s->busy = false;
    return 0;
}

static int receive_more(void *u, struct frame *f, struct err *err)
{
    struct search *s = u;

    (void)f;
    s->more = s->busy;
    return s->busy ? 0 : search_ask(s, err);
}

static int receive_presented(void *u, struct frame *f, struct err *err)
{
    struct search *s = u;
    struct frame_reader r = frame_reader(f->body);
    uint64_t first = frame_get_u64(&r), end = frame_get_u64(&r);

    if (frame_end(&r) < 0)
        return err_fail(err, CE_PEER, ERR_NODE_ANSWER_CANNOT_READ);
    /* who says from when gets what came since, too */
    s->offset = s->follow && control_text(&s->args, "from").n == 0 ? end : first;
    s->end = end;
    return search_ask(s, err);
}

static const struct frame_rule keep_rules[] = {
    {.type = WIRE_SEEN, .max = 200, .fds = 1, .take = receive_seen},
    {.type = WIRE_MORE, .max = 200, .take = receive_more},
    {.type = WIRE_PRESENTED, .max = 16, .take = receive_presented},
};

static void search_lost(void *u, struct channel *c, const struct err *err)
{
    struct search *s = u;

    (void)err;
    if (c == &s->keep)
        search_end(s, -CE_BUSY, "the journal's process ended; ask again");
    s->ended = true;
    loop_stop(s->role.loop);
}

/* The id that the desk found for a name of the query: NAME=hex. Several have it: none. */
static bool find_name(void *ctx, bool unit, struct slice name, uint8_t ret[JOURNAL_ID_SIZE])
{
    const struct search *s = ctx;
    const char *key = unit ? "unit_name" : "source_name";
    unsigned found = 0;

    for (size_t i = 0; i < s->args.count; i++) {
        struct slice value = s->args.items[i].value;

        if (slice_is(s->args.items[i].key, key) && value.n == name.n + 1 + 2 * JOURNAL_ID_SIZE &&
            slice_starts(value, name) &&
            hex_get(slice_from(value, name.n + 1), ret, JOURNAL_ID_SIZE))
            found++;
    }
    return found == 1;
}

static int load_rule(struct search *s, struct err *err)
{
    struct generation_options o = {.no_jit = true};
    int r;

    s->rule = BUF_INIT(RULE_MAX);
    for (size_t i = 0; i < s->args.count; i++)
        if (slice_is(s->args.items[i].key, "rule"))
            buf_append_slice(&s->rule, s->args.items[i].value);
    if (s->rule.len == 0)
        return s->rule.err;
    o.text = buf_slice(&s->rule);
    r = generation_load(&o, &s->request.rules, err);
    if (r == 0 && s->request.rules->counts.rules == 0)
        return err_fail(err, CE_SYNTAX, ERR_NODE_NO_RULE_IN_IT);
    return r;
}

static int numbers_read(struct search *s, struct err *err)
{
    const struct control_args *a = &s->args;
    int64_t limit = 0, back = 0;
    int r = control_number(a, "limit", 0, &limit, err);

    if (r == 0)
        r = control_number(a, "back", 0, &back, err);
    if (r == 0)
        r = control_number(a, "step", 0, &s->request.step, err);
    if (r == 0)
        r = control_number(a, "from", back ? s->request.now - back : TIME_NONE, &s->from, err);
    if (r == 0)
        r = control_number(a, "until", TIME_NONE, &s->until, err);
    s->request.limit = (uint64_t)CANH_MAX(limit, INT64_C(0));
    return r;
}

/* What the asker wants and what the query says of times, together. */
static void narrow_times(struct search *s)
{
    int64_t from, until;

    search_session_span(search_crew_session(s->crew), &from, &until);
    if (from != TIME_NONE)
        s->from = CANH_MAX(s->from, from); /* TIME_NONE is the least there is */
    if (until != TIME_NONE)
        s->until = s->until == TIME_NONE ? until : CANH_MIN(s->until, until);
}

static int query_read(struct search *s, struct err *err)
{
    struct slice name, bytes = SLICE_NULL;
    int r = bulk_map(SEARCH_QUERY_FD, FRAME_MAX, &bytes, err);

    s->body = BUF_INIT(FRAME_MAX);
    s->want = BUF_INIT(FRAME_MAX - 64);
    buf_append_slice(&s->body, bytes);
    bulk_unmap(bytes);
    if (r == 0)
        r = control_args_read(buf_slice(&s->body), &name, &s->args, err);
    s->request = (struct search_request){.query = control_text(&s->args, "query"),
                                         .scope = {.all = true}, /* keep gives no other */
                                         .now = time_now(),
                                         .zone_s = ZONE_OWN,
                                         .name = find_name,
                                         .count_by = control_text(&s->args, "count_by"),
                                         .ctx = s};
    s->follow = control_flag(&s->args, "follow");
    if (r == 0)
        r = numbers_read(s, err);
    if (s->request.count_by.n == 0 && s->request.step == 0)
        s->request.match = send_match;
    if (!slice_is(control_text(&s->args, "mask"), "0"))
        randombytes_buf(&s->request.mask, sizeof(s->request.mask));
    return r;
}

static int session_begin(struct search *s, struct err *err)
{
    int r = load_rule(s, err);

    search_result_init(&s->result);
    s->pool = block_pool_new();
    if (r == 0 && s->pool == NULL)
        r = err_nomem(err);
    if (r == 0)
        r = search_crew_new(&s->request, 0, &s->result, &s->crew, err);
    if (r < 0)
        return r;
    narrow_times(s);
    search_session_predicate(search_crew_session(s->crew), &s->want);
    return 0;
}

static int search_present(struct search *s, struct err *err)
{
    uint8_t ticket[WIRE_TICKET];

    if (!hex_get(control_text(&s->args, "ticket"), ticket, sizeof(ticket)))
        return err_fail(err, CE_PEER, ERR_NODE_LOOK_CANNOT_READ);
    return channel_send(&s->keep, WIRE_PRESENT, slice_of(ticket, sizeof(ticket)), NULL, 0, err);
}

static int search_begin(struct search *s, struct err *err)
{
    int r = sodium_init() < 0 ? err_fail(err, CE_BUG, ERR_NODE_LIBSODIUM_DOES_NOT_BEGIN)
                              : query_read(s, err);

    if (r == 0)
        r = role_confine(&s->role, NULL, NULL, err);
    if (r == 0)
        r = channel_open(&s->client, SEARCH_CLIENT_FD, NULL, 0, s, s->role.loop, search_lost, err);
    if (r == 0)
        r = channel_open(&s->keep, SEARCH_KEEP_FD, keep_rules, CANH_LEN(keep_rules), s,
                         s->role.loop, search_lost, err);
    if (r < 0)
        return r;
    r = session_begin(s, err);
    if (r < 0) {
        search_fail(s, r, err);
        return 0;
    }
    return search_present(s, err);
}

static void search_done(struct search *s)
{
    s->crew = search_crew_free(s->crew);
    s->pool = block_pool_free(s->pool);
    if (s->waits)
        bulk_unmap(s->seen.bytes);
    search_result_done(&s->result);
    s->request.rules = generation_unref(s->request.rules);
    buf_done(&s->want);
    buf_done(&s->rule);
    buf_done(&s->body);
}

/* It reads what is left; without a node it has a moment for it. */
static void wait_for_client(struct search *s)
{
    int64_t until = 0; /* once the node is gone */

    while (channel_is_open(&s->client) && channel_is_waiting(&s->client) &&
           (until == 0 || loop_clock() < until) && loop_turn(s->role.loop, TIME_SECOND, NULL) == 0)
        if (until == 0 && !channel_is_open(&s->keep))
            until = loop_clock() + END_TIME;
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
    wait_for_client(&s);
    search_done(&s);
    return status;
}
