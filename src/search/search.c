/* SPDX-License-Identifier: Apache-2.0 */
#include "search/search.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "detect/detector.h"
#include "journal/blocks.h"
#include "lang/err_search.h"
#include "search/query.h"
#include "search/record_decoder.h"

enum { QUERY_ARENA = 32 * 1024 * 1024, VALUE_MAX = 1024, VALUES_ARENA = 16 * 1024 * 1024 };

struct id_list {
    uint8_t ids[QUERY_SCOPES_MAX][JOURNAL_ID_SIZE];
    uint32_t count;
};

/* What a block's context of records is. */
struct source_state {
    bool wanted;
    const struct format *format; /* NULL: not known yet */
};

struct run {
    const struct search_request *request;
    struct search_result *result;
    struct journal_blocks *blocks;
    struct arena arena;
    struct query query;
    struct keys *keys;
    struct query_matcher *matcher;
    struct detector *detector; /* NULL: no rules */
    struct record_decoder decoder;
    struct id_list sources, units;
    int64_t from, until;
    uint32_t count_key;
    struct source_state *contexts; /* of the present block */
    uint32_t context_cap;
    struct buf value; /* of a field */
    /* of the present record */
    const struct journal_record *record;
    struct source_state *state;
    bool decoded;
    const struct event *event;
    uint64_t alerts;
    int stop; /* what match() returned */
};

void search_result_init(struct search_result *r)
{
    *r = (struct search_result){.arena = ARENA_INIT(VALUES_ARENA)};
    map_init(&r->map, SEARCH_VALUES_MAX);
}

void search_result_done(struct search_result *r)
{
    arena_done(&r->arena);
    map_done(&r->map);
    free(r->values);
    free(r->bins);
    *r = (struct search_result){.cancelled = false};
}

static unsigned hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - (unsigned)'0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - (unsigned)'a' + 10 : 16;
}

static bool id_of_hex(struct slice s, uint8_t ret[JOURNAL_ID_SIZE])
{
    if (s.n != 2 * JOURNAL_ID_SIZE)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned v = hex_value(s.p[i]);

        if (v > 15)
            return false;
        ret[i / 2] = (uint8_t)(i % 2 ? ret[i / 2] | v : v << 4);
    }
    return true;
}

static int ids_of(const struct search_request *q, bool unit, const struct slice *names,
                  uint32_t count, struct id_list *ret, struct err *err)
{
    for (uint32_t i = 0; i < count; i++)
        if (!id_of_hex(names[i], ret->ids[i]) &&
            !(q->name && q->name(q->ctx, unit, names[i], ret->ids[i])))
            return err_fail(err, CE_NOT_FOUND, ERR_SEARCH_NAME_UNKNOWN, names[i]);
    ret->count = count;
    return 0;
}

static bool has_id(const uint8_t (*ids)[JOURNAL_ID_SIZE], uint32_t count,
                   const uint8_t id[JOURNAL_ID_SIZE])
{
    for (uint32_t i = 0; i < count; i++)
        if (memcmp(ids[i], id, JOURNAL_ID_SIZE) == 0)
            return true;
    return false;
}

/* Whether records of this source and unit may be seen and are asked for. */
static bool wants_context(const struct run *s, const struct block_context *c)
{
    const struct search_scope *scope = &s->request->scope;

    return (scope->all || has_id(scope->units, scope->count, c->unit)) &&
           (s->units.count == 0 || has_id(s->units.ids, s->units.count, c->unit)) &&
           (s->sources.count == 0 || has_id(s->sources.ids, s->sources.count, c->source));
}

static bool wants_time(const struct run *s, int64_t received)
{
    return (s->from == TIME_NONE || received >= s->from) &&
           (s->until == TIME_NONE || received < s->until);
}

static int begin(struct run *s, struct err *err)
{
    const struct search_request *q = s->request;
    int r = query_parse(q->query, q->zone_s, &s->arena, &s->query, err);

    if (r < 0)
        return r;
    s->keys = keys_new();
    if (s->keys == NULL || query_intern(&s->query, s->keys) < 0)
        return err_nomem(err);
    if (q->count_by.n && (s->count_key = keys_intern(s->keys, q->count_by)) == KEY_NONE)
        return err_nomem(err);
    record_decoder_init(&s->decoder, s->keys, JOURNAL_RAW_MAX);
    s->from = s->query.from;
    s->until = s->query.until;
    if (s->query.last && (s->from == TIME_NONE || s->from < q->now - s->query.last))
        s->from = q->now - s->query.last;
    r = ids_of(q, false, s->query.sources, s->query.source_count, &s->sources, err);
    if (r == 0)
        r = ids_of(q, true, s->query.units, s->query.unit_count, &s->units, err);
    if (r == 0)
        r = query_matcher_new(&s->query, s->keys, &s->matcher, err);
    if (r == 0 && q->rules && (s->detector = detector_new(q->rules)) == NULL)
        r = err_nomem(err);
    return r;
}

static void finish(struct run *s)
{
    record_decoder_done(&s->decoder);
    s->detector = detector_free(s->detector);
    s->matcher = query_matcher_free(s->matcher);
    s->keys = keys_free(s->keys);
    s->blocks = journal_blocks_free(s->blocks);
    free(s->contexts);
    buf_done(&s->value);
    arena_done(&s->arena);
}

static bool may_word(void *ctx, struct slice word)
{
    return journal_blocks_may_hold(((struct run *)ctx)->blocks, word);
}

static bool may_address(void *ctx, const struct cidr *host)
{
    struct ip ip = {.v6 = host->v6};

    memcpy(ip.bytes, host->address, sizeof(ip.bytes));
    return journal_blocks_may_hold_ip(((struct run *)ctx)->blocks, &ip);
}

/* Whoever recorded it knew the format; here the first record of a source tells it. */
static const struct format *format_of(struct run *s)
{
    const struct search_request *q = s->request;

    if (s->state->format == NULL && q->format)
        s->state->format = q->format(q->ctx, s->record->source);
    if (s->state->format == NULL)
        s->state->format = record_format(s->record->raw);
    return s->state->format;
}

static const struct event *decode(void *ctx)
{
    struct run *s = ctx;

    if (!s->decoded) {
        s->decoded = true;
        s->event = record_decode(&s->decoder, format_of(s), s->record->raw, s->record->received);
        s->result->undecoded += s->event == NULL;
    }
    return s->event;
}

static int add_value(struct search_result *r, struct slice value)
{
    uint32_t i = 0;

    value = slice_head(value, CANH_MIN(value.n, (size_t)VALUE_MAX));
    if (map_get(&r->map, value, &i)) {
        r->values[i].count++;
        return 0;
    }
    if (r->values == NULL)
        r->values = calloc(SEARCH_VALUES_MAX, sizeof(*r->values));
    if (r->values == NULL)
        return -CE_NOMEM;
    value = r->value_count < SEARCH_VALUES_MAX ? arena_dup(&r->arena, value) : SLICE_NULL;
    if (value.p == NULL || map_put(&r->map, value, r->value_count) < 0) {
        r->other_values++;
        return 0;
    }
    r->values[r->value_count++] = (struct search_value){.value = value, .count = 1};
    return 0;
}

static int count_value(struct run *s)
{
    const struct event *e = decode(s);
    const struct field *f = e ? event_get(e, s->count_key) : NULL;

    if (f == NULL) {
        s->result->without++;
        return 0;
    }
    buf_clear(&s->value);
    s->value.err = 0;
    field_text(f, &s->value);
    return add_value(s->result, buf_slice(&s->value));
}

/* Records come nearly in the order of their times: the place is near the end. */
static int count_time(struct search_result *r, int64_t received, int64_t step)
{
    int64_t start = received - (received % step + step) % step;
    uint32_t at = r->bin_count;

    if (r->bins == NULL && (r->bins = calloc(SEARCH_BINS_MAX, sizeof(*r->bins))) == NULL)
        return -CE_NOMEM;
    while (at > 0 && r->bins[at - 1].start > start)
        at--;
    if (at > 0 && r->bins[at - 1].start == start) {
        r->bins[at - 1].count++;
    } else if (r->bin_count == SEARCH_BINS_MAX) {
        r->other_bins++;
    } else {
        memmove(r->bins + at + 1, r->bins + at, (r->bin_count - at) * sizeof(*r->bins));
        r->bins[at] = (struct search_bin){.start = start, .count = 1};
        r->bin_count++;
    }
    return 0;
}

static void take_alert(void *ctx, const struct detect_record *record, const struct alert *alert)
{
    struct run *s = ctx;
    struct search_match m = {.record = s->record, .alert = alert};

    (void)record;
    if (alert->gaps) {
        s->result->partly++;
        return;
    }
    s->alerts++;
    if (s->stop == 0 && s->request->match)
        s->stop = s->request->match(s->request->ctx, &m);
}

/* Whether a rule matched; each was given to match(). */
static int run_rules(struct run *s, bool *ret)
{
    static const struct detect_sink sink = {.alert = take_alert};
    struct origin origin = {.source = slice_of(s->record->source, JOURNAL_ID_SIZE),
                            .unit = slice_of(s->record->unit, JOURNAL_ID_SIZE),
                            .received = s->record->received,
                            .history = true,
                            .zone_s = s->request->zone_s};
    struct decode_context context = {.received = s->record->received,
                                     .modified = s->record->received};
    struct detect_record x = {.format = format_of(s),
                              .bytes = record_padded(&s->decoder, s->record->raw),
                              .context = &context,
                              .origin = &origin,
                              .offset = s->record->offset};
    int r = 0;

    s->alerts = 0;
    if (x.format)
        r = detector_run(s->detector, &x, 1, &sink, s);
    else
        s->result->undecoded += !s->decoded;
    *ret = s->alerts > 0;
    return r;
}

static int take_match(struct run *s)
{
    const struct search_request *q = s->request;
    struct search_match m = {.record = s->record};
    int r = 0;

    s->result->matches++;
    if (s->count_key)
        r = count_value(s);
    if (r == 0 && q->step > 0)
        r = count_time(s->result, s->record->received, q->step);
    if (r == 0 && s->detector == NULL && q->match)
        s->stop = q->match(q->ctx, &m);
    s->result->limited = q->limit && s->result->matches >= q->limit;
    return r;
}

static int try_record(struct run *s, const struct journal_record *rec, struct source_state *state)
{
    bool matches;
    int r = 0;

    if (rec->flags & JOURNAL_GAP) {
        s->result->gaps++;
        return 0;
    }
    if (rec->flags & JOURNAL_REDACTED) {
        s->result->redacted++;
        return 0;
    }
    s->record = rec;
    s->state = state;
    s->decoded = false;
    s->event = NULL;
    s->result->records++;
    s->result->bytes += rec->raw.n;
    matches = query_matches(s->matcher, rec->raw, decode, s);
    if (matches && s->detector)
        r = run_rules(s, &matches);
    return r == 0 && matches ? take_match(s) : r;
}

/* The contexts of the block that are asked for; 0 when there is none. */
static int choose_contexts(struct run *s, const struct block *b)
{
    int any = 0;

    if (b->context_count > s->context_cap) {
        struct source_state *wider = realloc(s->contexts, b->context_count * sizeof(*wider));

        if (wider == NULL)
            return -CE_NOMEM;
        s->contexts = wider;
        s->context_cap = b->context_count;
    }
    for (uint32_t i = 0; i < b->context_count; i++) {
        s->contexts[i] = (struct source_state){.wanted = wants_context(s, &b->contexts[i])};
        any |= s->contexts[i].wanted;
    }
    return any;
}

static bool run_ends(const struct run *s)
{
    return s->stop != 0 || s->result->limited || s->result->cancelled;
}

static int read_block(struct run *s, struct err *err)
{
    const struct block *b;
    int r = journal_blocks_columns(s->blocks, &b, err);

    if (r == 0)
        r = choose_contexts(s, b);
    if (r <= 0)
        return r;
    r = journal_blocks_load(s->blocks, &b, err);
    s->result->opened += r == 0;
    for (uint32_t i = 0; r == 0 && i < b->count && !run_ends(s); i++) {
        struct journal_record rec;

        if (!s->contexts[b->metas[i].context].wanted || !wants_time(s, b->metas[i].received))
            continue;
        block_record(b, i, &rec);
        r = try_record(s, &rec, &s->contexts[b->metas[i].context]);
        s->result->cancelled |= s->request->cancel && cancel_asked(s->request->cancel);
    }
    return r;
}

static bool can_match(struct run *s, const struct block_head *h)
{
    struct query_prune prune = {.word = may_word, .address = may_address, .ctx = s};

    if ((s->from != TIME_NONE && h->received_max < s->from) ||
        (s->until != TIME_NONE && h->received_min >= s->until))
        return false;
    return query_can_match(&s->query, &prune);
}

static int read_blocks(struct run *s, struct err *err)
{
    struct block_head h;
    int r = 0;

    while (r == 0 && !run_ends(s)) {
        r = journal_blocks_next(s->blocks, &h, err);
        if (r == 0)
            return 0;
        if (r > 0) {
            s->result->blocks++;
            r = can_match(s, &h) ? read_block(s, err) : 0;
        }
        if (r == -CE_CORRUPT) {
            s->result->damaged++;
            r = 0;
        }
        s->result->cancelled |= s->request->cancel && cancel_asked(s->request->cancel);
    }
    return r;
}

int search_run(struct journal *j, const struct search_request *request, struct search_result *ret,
               struct err *err)
{
    struct run *s = calloc(1, sizeof(*s));
    uint32_t stream;
    int r;

    if (s == NULL)
        return err_nomem(err);
    s->request = request;
    s->result = ret;
    s->arena = ARENA_INIT(QUERY_ARENA);
    s->value = BUF_INIT(64 * 1024);
    r = begin(s, err);
    if (r == 0)
        r = journal_stream(j, request->stream, &stream, err);
    if (r == 0)
        r = journal_blocks_new(j, stream, 0, &s->blocks, err);
    if (r == 0)
        r = read_blocks(s, err);
    if (r == 0)
        r = s->stop;
    finish(s);
    free(s);
    return r;
}
