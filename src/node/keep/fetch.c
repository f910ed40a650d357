/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks of people at the journal. The desk says who may see which stream and units, and why; that
 * is in the stream `audit`, on disk, before canh-search can show the ticket and read. What is read
 * holds no record of another unit, whatever canh-search asks for.
 */
#include <stdlib.h>

#include "base/file.h"
#include "base/hex.h"
#include "base/json_write.h"
#include "base/time.h"
#include "event/stream.h"
#include "journal/blocks.h"
#include "journal/predicate.h"
#include "lang/err_node.h"
#include "node/keep/keep.h"
#include "os/bulk.h"

#define GRANT_AGE TIME_MINUTE /* until it is shown */
enum {
    GRANTS_MAX = 64,
    LOOK_BLOCKS = 512, /* passed over at once: others wait meanwhile */
    LOOK_BYTES = 8 << 20,
    AUDIT_MAX = 64 * 1024,
};

struct grant {
    uint8_t ticket[WIRE_TICKET];
    int64_t made;
    uint32_t stream;
    struct slice name;
    bool all; /* units; else those listed, in order */
    uint32_t unit_count;
    const uint8_t *units;
    int64_t reached; /* the latest received time that was looked at */
    struct grant *next;
    struct arena arena;
};

/* Why somebody looks, for the audit. */
struct reasons {
    struct slice who, purpose, case_id, query;
};

static struct grant *grant_free(struct grant *g)
{
    if (g) {
        arena_done(&g->arena);
        free(g);
    }
    return NULL;
}

void keep_grant_end(struct peer *p)
{
    p->grant = grant_free(p->grant);
}

void keep_grants_end(struct keep *k)
{
    while (k->grants) {
        struct grant *g = k->grants;

        k->grants = g->next;
        (void)grant_free(g);
    }
}

/* Tickets that nobody came with. */
static unsigned drop_old(struct keep *k, int64_t now)
{
    struct grant **at = &k->grants;
    unsigned n = 0;

    while (*at) {
        struct grant *g = *at;

        if (now - g->made < GRANT_AGE && now >= g->made) {
            at = &g->next;
            n++;
            continue;
        }
        *at = g->next;
        (void)grant_free(g);
    }
    return n;
}

static void write_units(struct json_write *w, const struct grant *g)
{
    char hex[32];

    json_key(w, "units");
    if (g->all) {
        json_text(w, SLICE("all"));
        return;
    }
    json_open(w, '[');
    for (uint32_t i = 0; i < g->unit_count && w->out->len < AUDIT_MAX / 2; i++) {
        hex_write(hex, g->units + (size_t)i * JOURNAL_ID_SIZE, JOURNAL_ID_SIZE);
        json_text(w, slice_of(hex, sizeof(hex)));
    }
    json_close(w, ']');
}

/* Who looks at what and why, before he does. */
static int fetch_audit(struct keep *k, const struct grant *g, const struct reasons *look,
                       struct err *err)
{
    struct buf text = BUF_INIT(AUDIT_MAX);
    struct json_write w = JSON_WRITE_INIT(&text);
    int r;

    json_open(&w, '{');
    json_key(&w, "look");
    json_text(&w, g->name);
    json_key(&w, "who");
    json_text(&w, look->who);
    json_optional(&w, "purpose", look->purpose);
    json_optional(&w, "case", look->case_id);
    json_key(&w, "query");
    json_text(&w, look->query);
    write_units(&w, g);
    json_close(&w, '}');
    r = text.err ? err_code(err, text.err)
                 : journal_audit(k->journal, buf_slice(&text), time_now(), err);
    buf_done(&text);
    return r;
}

/* Whoever looks makes no stream. */
static int find_stream(struct keep *k, struct slice name, uint32_t *ret, struct err *err)
{
    for (*ret = 0; *ret < journal_stream_count(k->journal); ++*ret)
        if (slice_is(name, journal_stream_name(k->journal, *ret)))
            return 0;
    return err_fail(err, CE_NOT_FOUND, ERR_NODE_NO_STREAM, name);
}

static int grant_read(struct keep *k, struct slice body, struct grant *g, struct reasons *look,
                      struct err *err)
{
    struct frame_reader r = frame_reader(body);
    struct slice name, units;

    frame_get_bytes(&r, g->ticket, sizeof(g->ticket));
    name = frame_get_text(&r, WIRE_STREAM_MAX);
    look->who = frame_get_text(&r, WIRE_WORDS_MAX);
    look->purpose = frame_get_text(&r, WIRE_WORDS_MAX);
    look->case_id = frame_get_text(&r, WIRE_WORDS_MAX);
    look->query = frame_get_text(&r, WIRE_WORDS_MAX);
    g->all = frame_get_u8(&r);
    units = frame_get_text(&r, FRAME_MAX);
    if (frame_end(&r) < 0 || units.n % JOURNAL_ID_SIZE)
        return err_fail(err, CE_PEER, ERR_NODE_LOOK_CANNOT_READ);
    g->unit_count = (uint32_t)(units.n / JOURNAL_ID_SIZE);
    units = arena_dup(&g->arena, units);
    g->name = arena_dup(&g->arena, name);
    g->units = units.p;
    return units.p && g->name.p ? find_stream(k, g->name, &g->stream, err) : err_nomem(err);
}

/* Events need a reason, whoever asks. */
static int grant_make(struct keep *k, struct slice body, struct grant *g, struct err *err)
{
    struct reasons look;
    int r = grant_read(k, body, g, &look, err);

    if (r < 0 || !stream_has_events(g->name))
        return r;
    if (look.purpose.n == 0 && look.case_id.n == 0)
        return err_fail(err, CE_MISSING, ERR_NODE_LOOKING_AT_EVENTS_NEEDS_PURPOSE);
    return fetch_audit(k, g, &look, err);
}

int keep_receive_grant(void *u, struct frame *f, struct err *err)
{
    struct peer *p = u;
    struct keep *k = p->keep;
    struct grant *g = calloc(1, sizeof(*g));
    struct buf body = BUF_INIT(64);
    struct err why = ERR_INIT;
    int r;

    if (g == NULL)
        return err_nomem(err);
    g->arena = ARENA_INIT(2 * FRAME_MAX);
    g->made = time_now();
    r = drop_old(k, g->made) < GRANTS_MAX ? grant_make(k, f->body, g, &why) : -CE_BUSY;
    frame_put_bytes(&body, g->ticket, sizeof(g->ticket));
    frame_put_u32(&body, (uint32_t)-r);
    if (r < 0) {
        role_log_err(&k->role, "a look is refused", &why);
        (void)grant_free(g);
    } else {
        g->next = k->grants;
        k->grants = g;
    }
    r = channel_send(&p->channel, WIRE_GRANTED, buf_slice(&body), NULL, 0, err);
    buf_done(&body);
    return r;
}

int keep_receive_present(void *u, struct frame *f, struct err *err)
{
    struct peer *p = u;
    struct keep *k = p->keep;
    struct buf body = BUF_INIT(200);
    struct journal_stream_state st = {.name = ""};
    struct grant **at = &k->grants;
    int r;

    while (*at && (f->body.n != WIRE_TICKET ||
                   memcmp((*at)->ticket, f->body.p, sizeof((*at)->ticket)) != 0))
        at = &(*at)->next;
    if (*at == NULL || p->grant)
        return err_fail(err, CE_PEER, ERR_NODE_LOOK_NOT_GRANTED);
    p->grant = *at;
    *at = p->grant->next;
    r = journal_stream_state(k->journal, p->grant->stream, &st, err);
    frame_put_u64(&body, st.first);
    frame_put_u64(&body, st.next);
    if (r == 0)
        r = channel_send(&p->channel, WIRE_PRESENTED, buf_slice(&body), NULL, 0, err);
    buf_done(&body);
    return r;
}

static int by_id(const void *a, const void *b)
{
    return memcmp(a, b, JOURNAL_ID_SIZE);
}

static bool may_see(const struct grant *g, const uint8_t unit[JOURNAL_ID_SIZE])
{
    return g->all || (g->unit_count &&
                      bsearch(unit, g->units, g->unit_count, JOURNAL_ID_SIZE, by_id) != NULL);
}

/* One answer while it is made. */
struct fetch_job {
    struct keep *keep;
    struct grant *grant;
    struct journal_blocks *blocks;
    struct slice want;
    int64_t from, until; /* received times, or TIME_NONE */
    uint64_t next;       /* offset behind what was looked at */
    uint32_t passed, opened, damaged, records;
    bool whole;    /* out is a stored block, all of whose records may be seen; else a batch */
    uint64_t gone; /* records that retention took before they were looked at */
    struct buf out;
};

static bool may_word(void *u, struct slice word)
{
    return journal_blocks_may_hold(u, word);
}

static bool may_ip(void *u, const struct ip *ip)
{
    return journal_blocks_may_hold_ip(u, ip);
}

static bool in_time(const struct fetch_job *l, int64_t received)
{
    return (l->from == TIME_NONE || received >= l->from) &&
           (l->until == TIME_NONE || received < l->until);
}

/* Whether the block is worth opening; -CE_PEER: what is wanted cannot be understood. */
static int may_match(const struct fetch_job *l, const struct block_head *h)
{
    struct predicate_ctx holds = {.word = may_word, .ip = may_ip, .u = l->blocks};

    if ((l->from != TIME_NONE && h->received_max < l->from) ||
        (l->until != TIME_NONE && h->received_min >= l->until))
        return 0;
    return predicate_holds(l->want, &holds);
}

static bool any_unit(const struct fetch_job *l, const struct block *b)
{
    for (uint32_t i = 0; i < b->context_count; i++)
        if (may_see(l->grant, b->contexts[i].unit))
            return true;
    return false;
}

static bool all_units(const struct fetch_job *l, const struct block *b)
{
    for (uint32_t i = 0; i < b->context_count; i++)
        if (!may_see(l->grant, b->contexts[i].unit))
            return false;
    return true;
}

/* Whether all of the block is asked for, and no more than goes at once: whoever asks unpacks it. */
static bool is_whole(const struct fetch_job *l, const struct block_head *h)
{
    return l->next <= h->first && journal_blocks_is_sealed(l->blocks) &&
           in_time(l, h->received_min) && in_time(l, h->received_max) &&
           block_size(h) <= LOOK_BYTES && h->raw_size <= LOOK_BYTES;
}

static int write_whole(struct fetch_job *l, const struct block_head *h, struct err *err)
{
    struct block_head plain;
    int r;

    buf_clear(&l->out);
    r = journal_blocks_open(l->blocks, NULL, &plain, &l->out, err);
    if (r < 0) {
        buf_clear(&l->out);
        batch_begin(&l->out);
        return r;
    }
    l->whole = true;
    l->records = h->count;
    l->next = h->first + h->count;
    return 0;
}

static void write_records(struct fetch_job *l, const struct block *b)
{
    for (uint32_t i = l->next > b->first ? (uint32_t)(l->next - b->first) : 0;
         i < b->count && l->out.len < LOOK_BYTES && l->out.err == 0; i++) {
        struct journal_record x;

        l->next = b->first + i + 1;
        if (!in_time(l, b->metas[i].received) ||
            !may_see(l->grant, b->contexts[b->metas[i].context].unit))
            continue;
        block_record(b, i, &x);
        keep_write_record(&l->out, &x, l->grant->name);
        l->records++;
    }
}

static int fetch_block(struct fetch_job *l, const struct block_head *h, struct err *err)
{
    const struct block *b;
    int r = may_match(l, h);

    l->passed++;
    l->grant->reached = CANH_MAX(l->grant->reached, h->received_max);
    if (r > 0 && l->grant->all && is_whole(l, h))
        return write_whole(l, h, err);
    if (r > 0)
        r = journal_blocks_columns(l->blocks, &b, err);
    else if (r == 0)
        l->next = h->first + h->count;
    if (r != 0 || l->next == h->first + h->count)
        return r;
    if (!any_unit(l, b)) {
        l->next = h->first + h->count;
        return 0;
    }
    if (is_whole(l, h) && all_units(l, b))
        return write_whole(l, h, err);
    r = journal_blocks_load(l->blocks, &b, err);
    l->opened += r == 0;
    if (r == 0)
        write_records(l, b);
    return r;
}

static int fetch_blocks(struct fetch_job *l, struct err *err)
{
    struct block_head h;
    int r = 1;

    while (r > 0 && l->records == 0 && l->passed < LOOK_BLOCKS) {
        r = journal_blocks_next(l->blocks, &h, err);
        if (r > 0) {
            r = fetch_block(l, &h, err);
            if (r == -CE_CORRUPT)
                l->next = h.first + h.count;
            r = r == 0 ? 1 : r;
        } else if (r == 0) {
            l->next = CANH_MAX(l->next, journal_stream_next(l->keep->journal, l->grant->stream));
        }
        if (r == -CE_CORRUPT) {
            l->damaged++;
            r = 1;
        }
    }
    return r < 0 ? r : l->out.err;
}

static int send_seen(struct peer *p, const struct fetch_job *l, struct err *err)
{
    struct buf body = BUF_INIT(64);
    int fd = -1, r = bulk_make(buf_slice(&l->out), &fd, err);

    frame_put_u64(&body, l->next);
    frame_put_u64(&body, journal_stream_next(l->keep->journal, l->grant->stream));
    frame_put_u32(&body, l->passed);
    frame_put_u32(&body, l->opened);
    frame_put_u32(&body, l->damaged);
    frame_put_u64(&body, l->gone);
    frame_put_u8(&body, l->whole ? WIRE_FORM_BLOCK : WIRE_FORM_BATCH);
    if (r == 0)
        r = channel_send(&p->channel, WIRE_SEEN, buf_slice(&body), &fd, 1, err);
    fd_closep(&fd);
    buf_done(&body);
    return r;
}

/*
 * Records that went after the look began, as far as any of them can have been in its time: what
 * went was received no later than what is there now, and no earlier than what was looked at before.
 */
static uint64_t count_gone(const struct fetch_job *l)
{
    struct journal *j = l->keep->journal;
    uint64_t first = journal_stream_first(j, l->grant->stream);
    struct journal_stream_state now;

    if (first <= l->next || l->next == 0 ||
        (l->until != TIME_NONE && l->grant->reached >= l->until))
        return 0;
    if (l->from != TIME_NONE && journal_stream_state(j, l->grant->stream, &now, NULL) == 0 &&
        now.oldest != TIME_NONE && now.oldest < l->from)
        return 0;
    return first - l->next;
}

int keep_receive_fetch(void *u, struct frame *f, struct err *err)
{
    struct peer *p = u;
    struct frame_reader fr = frame_reader(f->body);
    struct fetch_job l = {.keep = p->keep,
                          .grant = p->grant,
                          .out = BUF_INIT(WIRE_BATCH_MAX + (1 << 20))};
    int r;

    l.next = frame_get_u64(&fr);
    l.from = frame_get_i64(&fr);
    l.until = frame_get_i64(&fr);
    l.want = frame_get_text(&fr, WANT_MAX);
    r = frame_end(&fr);
    if (p->grant == NULL)
        return err_fail(err, CE_PEER, ERR_NODE_LOOK_NOT_GRANTED);
    batch_begin(&l.out);
    if (r == 0)
        r = journal_blocks_new(p->keep->journal, l.grant->stream, l.next, &l.blocks, err);
    l.gone = count_gone(&l);
    if (r == 0)
        r = fetch_blocks(&l, err);
    if (!l.whole)
        batch_end(&l.out, l.records, 0, 0);
    l.blocks = journal_blocks_free(l.blocks);
    if (r == 0)
        r = send_seen(p, &l, err);
    if (r == 0 && l.next >= journal_stream_next(p->keep->journal, l.grant->stream))
        keep_wait_for(p, l.grant->stream);
    buf_done(&l.out);
    return r;
}
