/* SPDX-License-Identifier: Apache-2.0 */
/* A working thread: blocks → events → matches → results that stay with the block. */
#include <stdio.h>

#include "base/time.h"
#include "detect/scan_internal.h"

enum { NAMES_SHOWN = 5 }; /* of a record in no layout that is known */

/* What all alerts of an event have in common. */
struct hit_place {
    struct slice host;
    struct record_id record;
};

static void write_hit(struct scan_block *b, const struct alert *alert,
                      const struct hit_place *place, uint32_t suppression, size_t line_at)
{
    struct slice host = place->host;
    struct scan_hit hit = {.time = alert->time,
                           .record = place->record,
                           .rule = alert->gaps ? HIT_NO_RULE : alert->rule,
                           .line_n = (uint32_t)(b->out.len - line_at),
                           .suppression = suppression,
                           .host_at = (uint32_t)b->hosts.len,
                           .host_n = (uint16_t)CANH_MIN(host.n, (size_t)SCAN_HOST_MAX),
                           .local = alert->local && alert->time != TIME_NONE,
                           .recovered = (alert->event->flags & EVENT_RECOVERED) != 0};

    buf_append(&b->hosts, host.p, hit.host_n);
    buf_append(&b->hits, &hit, sizeof(hit));
}

/* The record as it was, for event.original. */
static struct slice scan_work_original(struct work *w, const struct event *e)
{
    const struct scan_request *request = w->worker->scan->request;
    struct err err = ERR_INIT;
    struct slice raw;

    if (!request->original || request->format == SCAN_NO_ALERTS ||
        decoder_raw(w->decoder, e, &w->detector->original, &raw, &err) < 0)
        return SLICE_NULL;
    return raw;
}

static unsigned worker_number(const struct work *w)
{
    return (unsigned)(w->worker - w->worker->scan->workers);
}

static void write_alert(struct work *w, struct alert *alert, const struct hit_place *place)
{
    const struct scan_request *request = w->worker->scan->request;
    const struct suppressions *known = &request->generation->suppressions;
    enum scan_format format = request->format;
    size_t at = w->block->out.len;
    uint32_t quiet =
        alert->gaps ? SUPPRESSION_NONE : suppressions_find(known, alert, &w->worker->text);

    alert->suppression = quiet == SUPPRESSION_NONE ? SLICE_NULL : known->items[quiet].id;

    if (format == SCAN_JSON)
        alert_json(&w->block->out, alert);
    else if (format == SCAN_CSV)
        alert_csv(&w->block->out, alert);
    else if (format == SCAN_KEPT)
        request->keep->alert(request->keep->ctx, worker_number(w), alert, &w->block->out);
    write_hit(w->block, alert, place, quiet, at);
}

static void note_gaps(struct scan_block *b, const struct event *e, unsigned gaps)
{
    scan_add_note(b, &(struct scan_note){.trouble = TROUBLE_NOT_EXAMINED,
                                         .gaps = gaps,
                                         .placed = true,
                                         .offset = e->offset,
                                         .line = b->file->format->lines ? e->sequence : 0});
}

/* What correlations need of the record, and which record that is. */
static void write_correlated(struct work *w, const struct alert *alert,
                             const struct match_result *found, struct record_id record)
{
    struct scan_block *b = w->block;
    struct scan_matched matched = {.record = record, .n = b->matches.len};

    correlate_match(w->detector->generation, &w->worker->scratch, &w->worker->counts, alert, found,
                    &b->matches);
    matched.n = b->matches.len - matched.n;
    if (matched.n > 0)
        buf_append(&b->matched, &matched, sizeof(matched));
}

static bool is_full(const struct scan_block *b)
{
    return b->out.len + b->hits.len + b->hosts.len >= SCAN_RESULT_MAX ||
           b->matches.len >= SCAN_RESULT_MAX;
}

/* Gives away what has grown large. */
static bool hand_over(struct work *w)
{
    return !is_full(w->block) || ring_handover(&w->worker->scan->ring, w->slot);
}

static bool write_matches(struct work *w, const struct event *e, const struct match_result *found,
                          unsigned gaps)
{
    struct detector *d = w->detector;
    struct scan_block *b = w->block;
    struct scan *scan = w->worker->scan;
    struct alert alert = {.writer = d->alerts,
                          .origin = &b->file->origin,
                          .event = e,
                          .original = scan_work_original(w, e)};
    struct hit_place place = {{NULL, 0}, {0, 0}};

    if (atomic_load_explicit(&scan->several, memory_order_relaxed))
        place.record = record_id_of(e, scan->seed, &d->text);
    alert_writer_begin(d->alerts);
    alert.time = origin_time(&b->file->origin, e, &alert.local);
    buf_clear(&d->text);
    place.host = detector_text(d, e, KEY_COMPUTER);
    if (place.host.n == 0)
        place.host = detector_text(d, e, KEY_HOST);
    if (scan->correlating)
        write_correlated(w, &alert, found, place.record);
    for (uint32_t i = 0; i < found->count; i++) {
        if (!scan->request->apart && !ruleset_alone(d->generation->rules, found->rules[i]))
            continue;
        alert.rule = found->rules[i];
        alert.variant = found->variants[i];
        write_alert(w, &alert, &place);
        if (!hand_over(w))
            return false;
    }
    if (!hand_over(w))
        return false;
    alert.gaps = gaps;
    if (gaps) {
        note_gaps(b, e, gaps);
        write_alert(w, &alert, &place);
    }
    return true;
}

/* As long as no record of the block is in a layout that is known: what the first begins with. */
static CANH_COLD void check_layout(struct scan_block *b, const struct event *e, bool routed)
{
    struct buf names = BUF_INIT(64 * 1024);

    b->known = routed || event_is_known(b->file->format, e);
    if (!b->known && b->names[0] == 0) {
        event_write_names(b->file->format, e, NAMES_SHOWN, &names);
        (void)snprintf(b->names, sizeof(b->names), "%s", names.len ? buf_cstr(&names) : "-");
    }
    buf_done(&names);
}

/* The mark of a record that may stand in another file, too; 0: none. */
static uint64_t mark_of(struct work *w, const struct event *e)
{
    if (!atomic_load_explicit(&w->worker->scan->marking, memory_order_relaxed))
        return 0;
    return record_mark(record_id_of(e, w->worker->scan->seed, &w->detector->text));
}

static void note_mark(struct scan_block *b, uint64_t mark)
{
    if (mark != 0)
        buf_append(&b->marks, &mark, sizeof(mark));
}

/* The mark, too, where the caller keeps of events. */
static void note_kept(struct scan_block *b, uint64_t mark, size_t n)
{
    struct scan_kept of = {mark, n};

    if (n || mark)
        buf_append(&b->kept_of, &of, sizeof(of));
}

/* Gives the event to the caller, with when it happened. False: the scan has been stopped. */
static bool keep_event(struct work *w, const struct event *e, const struct match_result *found,
                       uint64_t mark)
{
    const struct scan_request *request = w->worker->scan->request;
    struct scan_block *b = w->block;
    struct scan_event x = {.worker = worker_number(w),
                           .origin = &b->file->origin,
                           .event = e,
                           .decoder = w->decoder,
                           .found = found};
    size_t before = b->kept.len;

    x.time = origin_time(&b->file->origin, e, &x.local);
    if (x.time != TIME_NONE) {
        b->first = b->first == TIME_NONE ? x.time : CANH_MIN(b->first, x.time);
        b->last = b->last == TIME_NONE ? x.time : CANH_MAX(b->last, x.time);
    }
    request->keep->event(request->keep->ctx, &x, &b->kept);
    note_kept(b, mark, b->kept.len - before);
    return b->kept.len < SCAN_RESULT_MAX || ring_handover(&w->worker->scan->ring, w->slot);
}

/* False, and counted: the caller does not ask for the event. */
static bool is_inside(struct work *w, const struct event *e)
{
    const struct scan_scope *scope = w->worker->scan->request->scope;
    enum scope_verdict verdict = SCOPE_IN;

    if (scope)
        verdict = scope_judge(scope, &w->block->file->origin, e, &w->worker->text);
    w->block->outside += verdict != SCOPE_IN;
    w->block->timeless += verdict == SCOPE_TIMELESS;
    return verdict == SCOPE_IN;
}

static struct match_result match_event(struct work *w, const struct event *e, unsigned *ret_gaps)
{
    if (!w->worker->scan->request->no_match)
        return detector_match(w->detector, e, ret_gaps);
    *ret_gaps = 0;
    w->detector->truncated += (e->flags & EVENT_TRUNCATED) != 0;
    w->detector->fields_lost += (e->flags & EVENT_FIELDS_LOST) != 0;
    return (struct match_result){.routed = true};
}

static bool use_event(struct work *w, const struct event *e)
{
    const struct scan_keep *keep = w->worker->scan->request->keep;
    struct match_result found;
    uint64_t mark;
    unsigned gaps;

    if (!is_inside(w, e)) {
        w->block->known = true;
        return true;
    }
    found = match_event(w, e, &gaps);

    if (CANH_UNLIKELY(!w->block->known))
        check_layout(w->block, e, found.routed);
    w->block->events++;
    mark = mark_of(w, e);
    w->block->recovered += (e->flags & EVENT_RECOVERED) != 0;
    if (keep == NULL || keep->event == NULL)
        note_mark(w->block, mark);
    else if (!keep_event(w, e, &found, mark))
        return false;
    return (found.count == 0 && gaps == 0) || write_matches(w, e, &found, gaps);
}

/* A record of the first pass. False: leave it to the second. */
static bool note_record(struct scan_block *b, const struct event *e)
{
    struct id_range *last, range = {e->sequence, e->sequence};

    if (CANH_UNLIKELY(e->flags & EVENT_DAMAGED))
        scan_add_note(b, &(struct scan_note){.trouble = TROUBLE_DAMAGED_RECORD,
                                             .placed = true,
                                             .offset = e->offset});
    if (b->file->recovery == NULL)
        return true;
    if (e->flags & EVENT_RECOVERED)
        return false;
    last = b->ids.len ? (struct id_range *)(void *)(b->ids.p + b->ids.len) - 1 : NULL;
    if (last && last->last + 1 == e->sequence)
        last->last++;
    else
        buf_append(&b->ids, &range, sizeof(range));
    return true;
}

static void note_fault(struct scan_block *b, const struct decode_fault *fault)
{
    static const enum scan_trouble troubles[] = {
        [FAULT_RECORD] = TROUBLE_BAD_RECORD,
        [FAULT_PART] = TROUBLE_DAMAGED,
        [FAULT_STALE] = TROUBLE_STALE,
    };

    if (fault->kind == FAULT_LOST)
        b->lost += !recovery_has(b->file->recovery, fault->sequence);
    else
        scan_add_note(b, &(struct scan_note){.trouble = troubles[fault->kind],
                                             .placed = true,
                                             .damage = fault->damage,
                                             .bytes = fault->bytes,
                                             .offset = fault->err.offset,
                                             .line = fault->err.line,
                                             .err = fault->err});
}

static void use_cut(struct work *w, const struct decode_fault *fault)
{
    const struct scan_request *request = w->worker->scan->request;
    struct alert alert;
    struct event e;

    if (!request->no_match && request->scope == NULL &&
        detector_cut(w->detector, fault, &w->block->file->origin, &e, &alert))
        write_alert(w, &alert, &(struct hit_place){0});
}

/* Of the second pass only what is not known yet counts. */
static bool is_wanted(struct scan_block *b, const struct event *e)
{
    return b->cut.leftovers ? recovery_claim(b->file->recovery, e->sequence) : note_record(b, e);
}

static void use_fault(struct work *w, const struct decode_fault *fault)
{
    note_fault(w->block, fault);
    use_cut(w, fault);
}

/* False: stop. */
static bool read_block(struct work *w)
{
    struct scan_block *b = w->block;
    struct decode_fault fault = {.kind = FAULT_RECORD};
    struct event e;
    int r;

    /* what the second pass asks for must have been counted: the block's turn has to come first */
    if (b->cut.leftovers && !ring_handover(&w->worker->scan->ring, w->slot))
        return false;
    b->cut.head = buf_slice(&b->head);
    decoder_open(w->decoder, &b->cut);
    while ((r = decoder_next(w->decoder, &e, &fault)) != 0) {
        if (CANH_UNLIKELY(r < 0))
            use_fault(w, &fault);
        else if (is_wanted(b, &e) && !use_event(w, &e))
            return false;
    }
    return true;
}

void *scan_worker(void *arg)
{
    struct scan_worker *worker = arg;
    struct work w = {.worker = worker, .detector = worker->detector};

    while ((w.block = ring_pop(&worker->scan->ring, &w.slot)) != NULL) {
        if (w.block->records) {
            w.decoder = detector_decoder(w.detector, w.block->file->format);
            if (w.decoder == NULL)
                worker->scan->no_memory = true;
            if (w.decoder == NULL || !read_block(&w))
                break;
        }
        ring_done(&worker->scan->ring, w.slot);
    }
    if (worker->scan->no_memory)
        ring_stop(&worker->scan->ring);
    return NULL;
}
