/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detector.h"

#include <stdlib.h>

#include "base/time.h"

enum {
    TEXT_MAX = 64 * 1024,
    UNROUTED_NAMES = 1024 * 1024,
    ORIGINAL_MAX = 32 * 1024 * 1024,
};

struct detector *detector_new(struct generation *g)
{
    struct detector *d = calloc(1, sizeof(*d));

    if (d == NULL)
        return NULL;
    d->generation = generation_ref(g);
    d->limits = decode_default_limits;
    d->text = BUF_INIT(TEXT_MAX);
    d->original = BUF_INIT(ORIGINAL_MAX);
    d->unrouted_names = ARENA_INIT(UNROUTED_NAMES);
    map_init(&d->unrouted, DETECT_UNROUTED_MAX);
    d->matcher = matcher_new(g->rules);
    d->alerts = alert_writer_new(g);
    d->unrouted_counts = calloc(DETECT_UNROUTED_MAX, sizeof(*d->unrouted_counts));
    return d->matcher && d->alerts && d->unrouted_counts ? d : detector_free(d);
}

struct detector *detector_free(struct detector *d)
{
    if (d == NULL)
        return NULL;
    for (size_t i = 0; i < DETECT_FORMATS_MAX; i++)
        d->decoders[i] = decoder_free(d->decoders[i]);
    d->matcher = matcher_free(d->matcher);
    free(d->unrouted_counts);
    buf_done(&d->text);
    d->alerts = alert_writer_free(d->alerts);
    buf_done(&d->original);
    map_done(&d->unrouted);
    arena_done(&d->unrouted_names);
    d->generation = generation_unref(d->generation);
    free(d);
    return NULL;
}

struct decoder *detector_decoder(struct detector *d, const struct format *format)
{
    for (size_t i = 0; i < DETECT_FORMATS_MAX && decode_formats[i] != NULL; i++) {
        if (decode_formats[i] != format)
            continue;
        if (d->decoders[i] == NULL)
            d->decoders[i] = decoder_new(format, ruleset_keys(d->generation->rules), &d->limits);
        return d->decoders[i];
    }
    return NULL;
}

struct slice detector_text(struct detector *d, const struct event *e, uint32_t key)
{
    const struct field *f = alert_field(e, key);
    size_t from = d->text.len;

    if (f)
        field_text(f, &d->text);
    if (d->text.err != 0) { /* too long to matter here */
        d->text.err = 0;
        d->text.len = from;
    }
    return slice_from(buf_slice(&d->text), from);
}

/* What an event is to whoever reads why no mapping routes it. */
static struct slice kind_of(struct detector *d, const struct event *e)
{
    struct slice id;

    buf_clear(&d->text);
    (void)detector_text(d, e, KEY_CHANNEL);
    if (d->text.len == 0)
        (void)detector_text(d, e, KEY_PROVIDER);
    if (d->text.len > 0) {
        buf_putc(&d->text, '/');
        (void)detector_text(d, e, KEY_EVENT_ID);
        return buf_slice(&d->text);
    }
    buf_puts(&d->text, "EventID ");
    id = detector_text(d, e, KEY_EVENT_ID);
    if (id.n > 0)
        return buf_slice(&d->text);
    buf_clear(&d->text); /* a line: what it is, and which program wrote it */
    (void)detector_text(d, e, KEY_MODULE);
    buf_putc(&d->text, '/');
    (void)detector_text(d, e, KEY_PROGRAM);
    return buf_slice(&d->text);
}

static void count_unrouted(struct detector *d, const struct event *e)
{
    struct slice name = kind_of(d, e);
    uint32_t number;

    if (!map_get(&d->unrouted, name, &number)) {
        name = d->unrouted_count < DETECT_UNROUTED_MAX ? arena_dup(&d->unrouted_names, name)
                                                       : SLICE_NULL;
        if (name.p == NULL || map_put(&d->unrouted, name, d->unrouted_count) < 0)
            return; /* the matcher counts all of them */
        number = d->unrouted_count++;
    }
    d->unrouted_counts[number]++;
}

/* What of an event was not examined fully. */
static unsigned find_gaps(struct detector *d, const struct event *e)
{
    uint64_t given_up = matcher_regex_limits(d->matcher);
    unsigned gaps = (e->flags & EVENT_FIELDS_LOST ? GAP_FIELDS : 0) |
                    (e->flags & EVENT_TRUNCATED ? GAP_SIZE : 0) |
                    (e->flags & EVENT_DAMAGED ? GAP_CUT : 0) |
                    (given_up != d->regex_limits ? GAP_REGEX : 0);

    d->regex_limits = given_up;
    return gaps;
}

struct match_result detector_match(struct detector *d, const struct event *e, unsigned *ret_gaps)
{
    struct match_result found = matcher_run(d->matcher, e);

    *ret_gaps = find_gaps(d, e);

    d->truncated += (e->flags & EVENT_TRUNCATED) != 0;
    d->fields_lost += (e->flags & EVENT_FIELDS_LOST) != 0;
    if (!found.routed)
        count_unrouted(d, e);
    return found;
}

static void emit_alerts(struct detector *d, const struct detect_record *record,
                        const struct event *e, const struct detect_sink *sink, void *ctx)
{
    unsigned gaps;
    struct match_result found = detector_match(d, e, &gaps);
    struct alert alert = {.writer = d->alerts,
                          .origin = record->origin,
                          .event = e,
                          .original = e->raw};

    if (record->truncated)
        gaps |= GAP_SIZE;
    if (sink->event)
        sink->event(ctx, record, e);
    if (found.count == 0 && gaps == 0)
        return;
    alert_writer_begin(d->alerts);
    alert.time = origin_time(record->origin, e, &alert.local);
    if (sink->found && found.count)
        sink->found(ctx, record, &alert, &found);
    for (uint32_t i = 0; i < found.count; i++) {
        if (sink->found ? !ruleset_alone(d->generation->rules, found.rules[i])
                        : ruleset_only_below(d->generation->rules, found.rules[i]))
            continue;
        alert.rule = found.rules[i];
        alert.variant = found.variants[i];
        sink->alert(ctx, record, &alert);
    }
    alert.gaps = gaps;
    if (gaps)
        sink->alert(ctx, record, &alert);
}

bool detector_cut(struct detector *d, const struct decode_fault *fault, const struct origin *origin,
                  struct event *ret_event, struct alert *ret)
{
    if (fault->kind != FAULT_RECORD || fault->err.code != CE_TRUNCATED)
        return false;
    *ret_event = (struct event){.offset = fault->err.offset, .sequence = fault->err.line};
    alert_writer_begin(d->alerts);
    *ret =
        (struct alert){.writer = d->alerts, .origin = origin, .event = ret_event, .gaps = GAP_CUT};
    ret->time = origin_time(origin, ret_event, &ret->local);
    return true;
}

static void emit_fault(struct detector *d, const struct detect_record *record,
                       const struct decode_fault *fault, const struct detect_sink *sink, void *ctx)
{
    struct alert alert;
    struct event e;

    if (sink->fault)
        sink->fault(ctx, record, fault);
    if (detector_cut(d, fault, record->origin, &e, &alert))
        sink->alert(ctx, record, &alert);
}

/* What was cut and can no longer be decoded is searched as text. */
static void run_record(struct detector *d, struct decoder *decoder,
                       const struct detect_record *record, const struct detect_sink *sink,
                       void *ctx)
{
    struct decode_block block = {.text = record->bytes,
                                 .head = record->head,
                                 .context = record->context,
                                 .offset = record->offset,
                                 .line = record->line,
                                 .single = true};
    struct decode_fault fault;
    struct event e;
    int r;

    decoder_open(decoder, &block);
    while ((r = decoder_next(decoder, &e, &fault)) != 0) {
        if (r > 0) {
            emit_alerts(d, record, &e, sink, ctx);
        } else if (record->truncated && !block.cut) {
            block.cut = true;
            decoder_open(decoder, &block);
        } else {
            emit_fault(d, record, &fault, sink, ctx);
        }
    }
}

int detector_run(struct detector *d, const struct detect_record *records, size_t count,
                 const struct detect_sink *sink, void *ctx)
{
    for (size_t i = 0; i < count; i++) {
        struct decoder *decoder = detector_decoder(d, records[i].format);

        if (decoder == NULL)
            return -CE_NOMEM;
        run_record(d, decoder, &records[i], sink, ctx);
    }
    return 0;
}
