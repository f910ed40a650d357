/* SPDX-License-Identifier: Apache-2.0 */
/* A query, a rule, or both, on records one by one: what becomes of each. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hex.h"
#include "base/time.h"
#include "detect/detector.h"
#include "lang/err_search.h"
#include "search/session_internal.h"

enum {
    QUERY_ARENA = 32 * 1024 * 1024,
    VALUE_MAX = 1024,
    STATES_MAX = 4096, /* sources of a block */
};

static int ids_of(const struct search_request *q, bool unit, const struct slice *names,
                  uint32_t count, struct id_list *ret, struct err *err)
{
    for (uint32_t i = 0; i < count; i++)
        if (!hex_get(names[i], ret->ids[i], JOURNAL_ID_SIZE) &&
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

bool session_wants(const struct search_session *s, const uint8_t source[JOURNAL_ID_SIZE],
                   const uint8_t unit[JOURNAL_ID_SIZE])
{
    const struct search_scope *scope = &s->request->scope;

    return (scope->all || has_id(scope->units, scope->count, unit)) &&
           (s->units.count == 0 || has_id(s->units.ids, s->units.count, unit)) &&
           (s->sources.count == 0 || has_id(s->sources.ids, s->sources.count, source));
}

bool session_wants_time(const struct search_session *s, int64_t received)
{
    return (s->from == TIME_NONE || received >= s->from) &&
           (s->until == TIME_NONE || received < s->until);
}

static int begin_session(struct search_session *s, struct err *err)
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
    if (q->mask && (s->mask = mask_new(s->keys, q->mask)) == NULL)
        return err_nomem(err);
    record_decoder_init(&s->decoder, s->keys, JOURNAL_RAW_MAX);
    s->needle = query_needle(&s->query);
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

struct search_session *search_session_free(struct search_session *s)
{
    if (s == NULL)
        return NULL;
    record_decoder_done(&s->decoder);
    s->detector = detector_free(s->detector);
    s->matcher = query_matcher_free(s->matcher);
    s->mask = mask_free(s->mask);
    s->keys = keys_free(s->keys);
    map_done(&s->places);
    free(s->states);
    free(s->state_keys);
    buf_done(&s->value);
    s->coder = block_coder_free(s->coder);
    block_done(&s->block);
    arena_done(&s->arena);
    free(s);
    return NULL;
}

int search_session_new(const struct search_request *request, struct search_result *ret,
                       struct search_session **ret_s, struct err *err)
{
    struct search_session *s = calloc(1, sizeof(*s));
    int r;

    *ret_s = NULL;
    if (s == NULL)
        return err_nomem(err);
    s->request = request;
    s->result = ret;
    s->arena = ARENA_INIT(QUERY_ARENA);
    s->value = BUF_INIT(64 * 1024);
    block_init(&s->block, 0);
    map_init(&s->places, STATES_MAX);
    r = begin_session(s, err);
    if (r == 0)
        *ret_s = s;
    else
        (void)search_session_free(s);
    return r;
}

/* Whoever recorded it knew the format; here the first record of a source tells it. */
static const struct format *format_of(struct search_session *s)
{
    const struct search_request *q = s->request;

    if (s->state->format == NULL && q->format)
        s->state->format = q->format(q->ctx, s->record->source);
    if (s->state->format == NULL)
        s->state->format = record_format(s->record->raw);
    return s->state->format;
}

static const struct event *session_decode(void *ctx)
{
    struct search_session *s = ctx;

    if (!s->decoded) {
        s->decoded = true;
        s->event = record_decode(&s->decoder, format_of(s), s->record);
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

/* The value of the field that is counted, as the asker may read it; false: it is not there. */
static bool value_of(struct search_session *s, struct slice *ret)
{
    const struct event *e = session_decode(s);
    const struct field *f = e ? event_get(e, s->count_key) : NULL;

    if (f == NULL)
        return false;
    buf_clear(&s->value);
    s->value.err = 0;
    field_text(f, &s->value);
    *ret = s->mask ? mask_value(s->mask, buf_slice(&s->value), mask_is_user(s->mask, s->count_key))
                   : buf_slice(&s->value);
    return true;
}

int64_t session_time_floor(int64_t t, int64_t step)
{
    return t - (t % step + step) % step;
}

/* Records come nearly in the order of their times: the place is near the end. */
static int count_time(struct search_result *r, int64_t received, int64_t step, uint64_t times)
{
    int64_t start = session_time_floor(received, step);
    uint32_t at = r->bin_count;

    if (r->bins == NULL && (r->bins = calloc(SEARCH_BINS_MAX, sizeof(*r->bins))) == NULL)
        return -CE_NOMEM;
    while (at > 0 && r->bins[at - 1].start > start)
        at--;
    if (at > 0 && r->bins[at - 1].start == start) {
        r->bins[at - 1].count += times;
    } else if (r->bin_count == SEARCH_BINS_MAX) {
        r->other_bins += times;
    } else {
        memmove(r->bins + at + 1, r->bins + at, (r->bin_count - at) * sizeof(*r->bins));
        r->bins[at] = (struct search_bin){.start = start, .count = times};
        r->bin_count++;
    }
    return 0;
}

/* What of the record the asker may read. */
static struct slice text_of(struct search_session *s)
{
    return s->mask ? mask_text(s->mask, s->record->raw, session_decode(s)) : s->record->raw;
}

void found_init(struct found *f, size_t bytes_max)
{
    *f = (struct found){.arena = ARENA_INIT(bytes_max)};
}

void found_clear(struct found *f)
{
    arena_clear(&f->arena);
    f->count = 0;
    f->matches = 0;
    f->code = 0;
}

void found_done(struct found *f)
{
    arena_done(&f->arena);
    free(f->items);
}

/* Records of which only counts and times are asked for. */
static bool counts_with(const struct search_hit *a, const struct search_hit *b, int64_t step)
{
    return a->counts && b->counts && !a->given && !b->given && !a->valued && !b->valued &&
           (step <= 0 || session_time_floor(a->record.received, step) ==
                             session_time_floor(b->record.received, step));
}

static int found_add(struct found *f, const struct search_hit *x, int64_t step)
{
    struct search_hit *to;

    if (f->count && counts_with(&f->items[f->count - 1], x, step)) {
        f->items[f->count - 1].times += x->times;
        f->matches += x->times;
        return 0;
    }
    if (!array_room(f->items, f->count, f->cap, UINT32_MAX))
        return -CE_NOMEM;
    to = &f->items[f->count++];
    *to = *x;
    to->record.raw = SLICE_NULL;
    to->text = arena_dup(&f->arena, x->text);
    to->value = arena_dup(&f->arena, x->value);
    f->matches += x->counts ? x->times : 0;
    return to->text.p && to->value.p ? 0 : -CE_NOMEM;
}

static int emit_match(struct search_session *s, const struct search_hit *x)
{
    struct search_match m = {.record = &x->record, .text = x->text};

    if (s->stop == 0)
        s->stop = s->request->match(s->request->ctx, &m);
    return 0;
}

int session_count(struct search_session *s, const struct search_hit *x)
{
    const struct search_request *q = s->request;
    int r = 0;

    if (x->counts) {
        s->result->matches += x->times;
        if (s->count_key && !x->valued)
            s->result->without += x->times;
        else if (s->count_key)
            r = add_value(s->result, x->value);
        if (r == 0 && q->step > 0)
            r = count_time(s->result, x->record.received, q->step, x->times);
    }
    if (r == 0 && x->given)
        r = emit_match(s, x);
    if (x->counts)
        s->result->limited = q->limit && s->result->matches >= q->limit;
    s->result->cancelled |= q->cancel && cancel_asked(q->cancel);
    return r;
}

int session_settle(struct search_session *s, const struct search_hit *x)
{
    return s->found ? found_add(s->found, x, s->request->step) : session_count(s, x);
}

static void read_alert(void *ctx, const struct detect_record *record, const struct alert *alert)
{
    struct search_session *s = ctx;
    struct search_hit x = {.times = 1, .record = *s->record, .given = s->request->match != NULL};
    int r;

    (void)record;
    if (alert->gaps) {
        s->result->partly++;
        return;
    }
    s->alerts++;
    if (!x.given)
        return;
    x.text = text_of(s);
    r = session_settle(s, &x);
    if (r < 0 && s->found)
        s->found->code = r;
}

/* Whether a rule matched; each was given to match(). */
static int run_rules(struct search_session *s, bool *ret)
{
    static const struct detect_sink sink = {.alert = read_alert};
    struct origin origin = {.source = slice_of(s->record->source, JOURNAL_ID_SIZE),
                            .unit = slice_of(s->record->unit, JOURNAL_ID_SIZE),
                            .received = s->record->received,
                            .history = true};
    struct decode_context context = record_context(s->record);
    struct detect_record x = {.format = format_of(s),
                              .bytes = record_padded(&s->decoder, s->record->raw),
                              .context = &context,
                              .origin = &origin,
                              .offset = s->record->offset,
                              .truncated = (s->record->flags & JOURNAL_TRUNCATED) != 0};
    int r = 0;

    s->alerts = 0;
    if (x.format)
        r = detector_run(s->detector, &x, 1, &sink, s);
    else
        s->result->undecoded += !s->decoded;
    *ret = s->alerts > 0;
    return r;
}

static int read_match(struct search_session *s)
{
    struct search_hit x = {.times = 1,
                           .counts = true,
                           .record = *s->record,
                           .given = s->detector == NULL && s->request->match};

    if (s->count_key)
        x.valued = value_of(s, &x.value);
    if (x.given)
        x.text = text_of(s);
    return session_settle(s, &x);
}

int session_try(struct search_session *s, const struct journal_record *rec,
                struct source_state *state)
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
    matches = query_matches_from(s->matcher, rec->raw, s->needle_from, session_decode, s);
    if (matches && s->detector)
        r = run_rules(s, &matches);
    return r == 0 && matches ? read_match(s) : r;
}

void search_session_block(struct search_session *s)
{
    map_clear(&s->places);
    s->state_count = 0;
}

/* What is known of the record's source in this block; NULL without memory. */
static struct source_state *state_of(struct search_session *s, const struct journal_record *rec)
{
    uint8_t key[2 * JOURNAL_ID_SIZE];
    uint32_t at;

    memcpy(key, rec->source, JOURNAL_ID_SIZE);
    memcpy(key + JOURNAL_ID_SIZE, rec->unit, JOURNAL_ID_SIZE);
    if (s->state_count && memcmp(s->state_keys[s->last_state], key, sizeof(key)) == 0)
        return &s->states[s->last_state]; /* as most are */
    if (map_get(&s->places, slice_of(key, sizeof(key)), &at))
        return &s->states[s->last_state = at];
    if (s->states == NULL)
        s->states = calloc(STATES_MAX, sizeof(*s->states));
    if (s->state_keys == NULL)
        s->state_keys = calloc(STATES_MAX, sizeof(*s->state_keys));
    if (s->states == NULL || s->state_keys == NULL)
        return NULL;
    if (s->state_count == STATES_MAX)
        search_session_block(s); /* more sources than a block may have: they are found out again */
    at = s->state_count;
    memcpy(s->state_keys[at], key, sizeof(key));
    s->states[at] = (struct source_state){.wanted = session_wants(s, rec->source, rec->unit)};
    if (map_put(&s->places, slice_of(s->state_keys[at], sizeof(key)), at) < 0)
        return NULL;
    s->last_state = s->state_count;
    return &s->states[s->state_count++];
}

int search_session_try(struct search_session *s, const struct journal_record *rec)
{
    struct source_state *state = state_of(s, rec);
    int r;

    if (state == NULL)
        return -CE_NOMEM;
    if (!state->wanted || !session_wants_time(s, rec->received))
        return 0;
    r = session_try(s, rec, state);
    return r == 0 ? s->stop : r;
}

bool search_session_ends(const struct search_session *s)
{
    return s->stop != 0 || s->result->limited || s->result->cancelled;
}

void search_session_span(const struct search_session *s, int64_t *ret_from, int64_t *ret_until)
{
    *ret_from = s->from;
    *ret_until = s->until;
}

void search_session_predicate(const struct search_session *s, struct buf *out)
{
    query_predicate(&s->query, out);
}
