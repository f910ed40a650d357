/* SPDX-License-Identifier: Apache-2.0 */
#include "node/watch/match.h"

#include <stdlib.h>

#include <sodium.h>

#include "base/hex.h"
#include "base/time.h"
#include "base/zone.h"
#include "detect/correlate.h"
#include "detect/detector.h"
#include "detect/live.h"

enum {
    ALERTS_MAX = 64, /* of one record */
    SKEW_MAX = 5,    /* minutes that an event may be ahead of its reception */
    LIVE_MAX = 15,   /* and behind it: what is older is history */
};

struct match_ctx {
    struct detector *detector;
    int64_t fold;
    struct buf text; /* with the padding that decoders want */
    struct arena arena;
    struct generation *generation; /* the detector's */
    struct correlate_scratch scratch;
    struct correlate_counts counts;
    struct buf matches, item, items; /* for correlations */
    const struct match_record *now;  /* being matched */
    struct origin origin;            /* its */
    struct slice event;              /* its id, hexadecimal; NULL: nothing has asked yet */
    struct match_found *found;
    struct alert_record alerts[ALERTS_MAX];
};

int match_rules(const struct config *config,
                void (*problem)(void *ctx, const char *path, const struct err *err), void *ctx,
                struct generation **ret, struct err *err)
{
    struct buf folder = BUF_INIT(4096);
    struct generation_options o = {.min_level = (enum rule_level)config->level,
                                   .min_status = STATUS_EXPERIMENTAL,
                                   .no_jit = true,
                                   .problem = problem,
                                   .ctx = ctx};
    int r;

    buf_append_slice(&folder, config->rules);
    if (config->rules.n)
        o.imported = buf_cstr(&folder);
    r = generation_load(&o, ret, err);
    buf_done(&folder);
    return r;
}

struct match_counts match_count(const struct generation *g)
{
    struct match_counts n = {.all = ruleset_count(g->rules),
                             .newest = generation_newest_day(g->rules)};

    for (uint32_t i = 0; i < n.all; i++)
        n.own += !slice_starts(ruleset_rule(g->rules, i)->path, SLICE("canh:"));
    return n;
}

static bool lost_too_many(uint64_t before, uint64_t now)
{
    return now < before - before / 10 || (before > 0 && now == 0);
}

bool match_may_follow(const struct match_counts *before, const struct match_counts *now)
{
    return now->all > 0 && !lost_too_many(before->all, now->all) &&
           !lost_too_many(before->own, now->own);
}

struct match_ctx *match_ctx_new(struct generation *g, int64_t fold)
{
    struct match_ctx *m = calloc(1, sizeof(*m));

    if (m == NULL)
        return NULL;
    m->fold = fold;
    m->text = BUF_INIT((size_t)8 << 20);
    m->arena = ARENA_INIT((size_t)4 << 20);
    m->generation = g;
    m->matches = m->items = BUF_INIT((size_t)4 << 20);
    m->item = BUF_INIT(LIVE_ITEM_MAX);
    correlate_scratch_init(&m->scratch);
    m->detector = detector_new(g);
    return m->detector ? m : match_ctx_free(m);
}

struct match_ctx *match_ctx_free(struct match_ctx *m)
{
    if (m == NULL)
        return NULL;
    m->detector = detector_free(m->detector);
    correlate_scratch_done(&m->scratch);
    buf_done(&m->matches);
    buf_done(&m->item);
    buf_done(&m->items);
    buf_done(&m->text);
    arena_done(&m->arena);
    free(m);
    return NULL;
}

static struct slice id_text(struct match_ctx *m, const uint8_t id[16])
{
    static const uint8_t none[16];
    char hex[32];

    if (memcmp(id, none, sizeof(none)) == 0)
        return SLICE_NULL;
    hex_write(hex, id, 16);
    return arena_dup(&m->arena, slice_of(hex, sizeof(hex)));
}

/* The ids of the record and of where it is from, as alerts have them. Most records need none. */
static void name_record(struct match_ctx *m)
{
    const struct match_record *x = m->now;
    uint8_t id[16];

    if (m->event.p)
        return;
    event_id(x->source->id, x->base, x->at, id);
    m->event = id_text(m, id);
    m->origin.asset = id_text(m, x->source->asset);
    m->origin.source = id_text(m, x->source->id);
    m->origin.unit = id_text(m, x->source->unit);
}

static struct slice alert_field_named(const struct alert_record *x, struct slice name)
{
    if (slice_is(name, "host"))
        return x->host;
    if (slice_is(name, "user"))
        return x->user;
    if (slice_is(name, "address"))
        return x->address;
    return x->about;
}

static bool match_covers(const struct snapshot_suppression *s, const struct snapshot_source *source,
                         int64_t received, const struct alert_record *x)
{
    return memcmp(s->unit, source->unit, 16) == 0 && received >= s->start && received < s->stop &&
           (s->rule.n == 0 || slice_eq(s->rule, x->rule)) &&
           (s->field.n == 0 || slice_eq(s->value, alert_field_named(x, s->field)));
}

void match_ctx_suppress(struct match_ctx *m, const struct snapshot *snapshot,
                        const struct snapshot_source *source, int64_t received,
                        struct alert_record *alert)
{
    for (uint32_t i = 0; i < snapshot->suppression_count && alert->suppression.n == 0; i++)
        if (match_covers(&snapshot->suppressions[i], source, received, alert))
            alert->suppression = id_text(m, snapshot->suppressions[i].id);
}

static int64_t not_ahead(const struct match_record *x, int64_t t)
{
    return t != TIME_NONE && t > x->received + SKEW_MAX * TIME_MINUTE ? x->received : t;
}

static void receive_event(void *ctx, const struct detect_record *record, const struct event *e)
{
    struct match_ctx *m = ctx;
    bool local = false;
    int64_t t = not_ahead(m->now, origin_time(record->origin, e, &local));

    m->found->time = t;
    if (t != TIME_NONE && !local && t < m->now->received - LIVE_MAX * TIME_MINUTE)
        m->origin.history = m->found->history = true;
}

/* For correlations. What came just now and says in a time without zone that it happened at another
 * hour happened now: it would lie beside what others tell of the same minute. */
static int64_t window_time(const struct match_ctx *m, const struct alert *alert)
{
    int64_t received = m->now->received, t = alert->time;
    bool misplaced = alert->local && !m->found->history && t < received - LIVE_MAX * TIME_MINUTE;

    return t == TIME_NONE || misplaced ? received : t;
}

/* What correlations need of the event, as lines. */
static void receive_found(void *ctx, const struct detect_record *unused, const struct alert *alert,
                          const struct match_result *found)
{
    struct match_ctx *m = ctx;
    struct alert timed = *alert;
    struct live_event event = {.received = m->now->received, .history = m->found->history};
    struct slice rest;

    (void)unused;
    name_record(m);
    event.unit = m->origin.unit;
    event.source = m->origin.source;
    event.event = m->event;
    timed.time = window_time(m, alert);
    buf_clear(&m->matches);
    m->matches.err = 0;
    correlate_match(m->generation, &m->scratch, &m->counts, &timed, found, &m->matches);
    rest = buf_slice(&m->matches);
    while (live_next_item(m->generation, &rest, &event, &m->item)) {
        buf_append_slice(&m->items, buf_slice(&m->item));
        buf_putc(&m->items, '\n');
    }
    if (m->items.err == 0)
        m->found->items = buf_slice(&m->items);
}

static void receive_alert(void *ctx, const struct detect_record *unused, const struct alert *alert)
{
    struct match_ctx *m = ctx;
    const struct match_record *record = m->now;
    struct match_found *found = m->found;
    struct alert_record *x = &m->alerts[found->count];

    (void)unused;
    if (found->count == ALERTS_MAX) {
        found->lost++;
        return;
    }
    name_record(m);
    alert_to_record(alert, &m->arena, x);
    x->time = not_ahead(record, x->time);
    x->event = m->event;
    x->stream = record->stream;
    match_ctx_suppress(m, record->snapshot, record->source, record->received, x);
    found->count++;
}

/* The text with its end, and readable bytes behind. */
static bool write_text(struct match_ctx *m, struct slice text, struct slice *ret)
{
    uint8_t *pad;

    buf_clear(&m->text);
    buf_append_slice(&m->text, text);
    buf_putc(&m->text, '\n');
    pad = buf_reserve(&m->text, DECODE_PADDING);
    if (pad == NULL)
        return false;
    memset(pad, 0, DECODE_PADDING);
    *ret = buf_slice(&m->text);
    return true;
}

static const struct format *format_of(const struct match_record *x, struct slice bytes)
{
    struct decode_sample sample = {.bytes = bytes, .begins = true, .ends = true};
    bool more = false;

    if (*x->format == NULL)
        *x->format = format_find(&sample, &more);
    return *x->format;
}

void match_ctx_run(struct match_ctx *m, const struct match_record *x, struct match_found *ret)
{
    static const struct detect_sink sink = {.event = receive_event,
                                            .found = receive_found,
                                            .alert = receive_alert};
    struct decode_context context = {.received = x->received,
                                     .modified = TIME_NONE,
                                     .canonical = x->canonical};
    const struct zone zone = {.offset_s = x->source->zone};
    struct detect_record record = {.context = &context,
                                   .origin = &m->origin,
                                   .line = 1,
                                   .truncated = x->truncated};

    m->origin = (struct origin){.received = x->received,
                                .fold = m->fold,
                                .history = x->history,
                                .zone = zone.offset_s != 0 ? &zone : NULL};
    *ret = (struct match_found){.time = TIME_NONE, .history = x->history, .alerts = m->alerts};
    arena_clear(&m->arena);
    buf_clear(&m->items);
    m->items.err = 0;
    if (!write_text(m, x->text, &record.bytes) ||
        (record.format = format_of(x, record.bytes)) == NULL)
        return;
    m->now = x;
    m->found = ret;
    m->event = SLICE_NULL;
    (void)!detector_run(m->detector, &record, 1, &sink, m);
}
