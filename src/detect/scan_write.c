/* SPDX-License-Identifier: Apache-2.0 */
/* What is written: blocks back in input order → the caller's sink and totals. */
#include <stdlib.h>
#include <string.h>

#include "detect/scan_internal.h"
#include "lang/err_decode.h"

enum { IDLE_MS = 100 }; /* without work for so long: the caller gets a turn */

static void write_correlation(struct scan *s, struct buf *out, const struct correlation_alert *a)
{
    if (s->request->format == SCAN_JSON)
        correlation_alert_json(out, a);
    else if (s->request->format == SCAN_CSV)
        correlation_alert_csv(out, a);
    else if (s->request->format == SCAN_KEPT)
        s->request->keep->correlation(s->request->keep->ctx, a, out);
}

/* One alert of a correlation. False: stop. */
static bool use_correlation(void *ctx, const struct correlation_alert *given)
{
    struct scan *s = ctx;
    const struct scan_request *request = s->request;
    struct correlation_alert alert = *given, *a = &alert;
    uint32_t rule = ruleset_count(request->generation->rules) + a->index;
    const struct suppressions *known = &request->generation->suppressions;
    uint32_t quiet = suppressions_find_correlation(known, a);
    struct buf *out = &s->text;
    bool wanted = true;

    if (quiet != SUPPRESSION_NONE)
        a->suppression = known->items[quiet].id;
    buf_clear(out);
    write_correlation(s, out, a);
    if (a->incomplete) {
        s->result->troubles[TROUBLE_NOT_EXAMINED]++;
        s->result->incomplete[a->index] = true;
    } else if (quiet != SUPPRESSION_NONE) {
        s->result->suppressed++;
        s->result->suppressed_by[quiet]++;
    } else {
        tally_add(&s->result->tally, rule, a->time, correlation_alert_host(a), false);
        s->result->tally.rules[rule].local += a->local;
    }
    if (out->len && request->sink->alerts)
        wanted = request->sink->alerts(request->ctx, buf_slice(out));
    if (!a->incomplete && quiet == SUPPRESSION_NONE && request->sink->match)
        request->sink->match(request->ctx, &(struct scan_file){.path = a->path}, rule);
    return wanted;
}

int scan_run_correlations(struct scan *s, struct err *err)
{
    const struct correlate_sink sink = {use_correlation, s};
    int r;

    if (s->stream)
        scan_stream_count(s->stream, &s->result->correlation);
    r = s->correlate ? correlate_finish(s->correlate, &sink, &s->result->correlation,
                                        &s->result->spill_error)
                     : 0;
    return r == -CE_NOMEM ? err_nomem(err) : r;
}

/* Correlates a file alone, and makes ready for the next. */
static void run_apart(struct scan *s)
{
    struct err err = ERR_INIT;

    if (scan_run_correlations(s, &err) == -CE_NOMEM)
        s->no_memory = true;
    s->correlate = correlate_free(s->correlate);
    s->correlate = correlate_new(s->request->generation, SCAN_SPILL_MAX, true);
    if (s->correlate == NULL)
        s->no_memory = true;
}

static void use_notes(struct scan *s, struct scan_block *b)
{
    const struct scan_request *request = s->request;
    struct scan_result *result = s->result;

    for (uint32_t i = 0; i < b->note_count; i++) {
        const struct scan_note *note = &b->notes[i];

        result->troubles[note->trouble]++;
        if (b->file->shown.operand &&
            (note->trouble == TROUBLE_NO_LOG || note->trouble == TROUBLE_UNREADABLE))
            result->operand_failed = true;
        if (request->sink->note)
            request->sink->note(request->ctx, &b->file->shown, note);
    }
    for (int i = 0; i < TROUBLE_MAX; i++)
        result->troubles[i] += b->notes_lost[i];
    b->note_count = 0;
}

/* Counts an alert. False: its line is not wanted, as the record has alerted in another file. */
static bool count_hit(struct scan *s, struct scan_block *b, const struct scan_hit *hit)
{
    const struct scan_request *request = s->request;
    struct scan_result *result = s->result;
    bool copy = copies_seen(&s->copies, hit->record, b->file->number);

    result->copies += copy && hit->rule != HIT_NO_RULE;
    if (copy && !request->copies)
        return false;
    if (hit->rule == HIT_NO_RULE)
        return true;
    if (hit->suppression != SUPPRESSION_NONE) {
        result->suppressed++;
        result->suppressed_by[hit->suppression]++;
        return true;
    }
    b->file->alerts++;
    tally_add(&result->tally, hit->rule, hit->time,
              slice_head(slice_from(buf_slice(&b->hosts), hit->host_at), hit->host_n),
              hit->recovered);
    result->tally.rules[hit->rule].local += hit->local;
    result->local_times += hit->local;
    result->no_times += hit->time == TIME_NONE;
    if (request->sink->match)
        request->sink->match(request->ctx, &b->file->shown, hit->rule);
    return true;
}

/* What one record is to correlations. False: stop. */
static bool correlate_record(struct scan *s, const char *path, struct slice matches)
{
    const struct correlate_sink sink = {use_correlation, s};
    int r = s->stream ? scan_stream_feed(s->stream, matches, &sink)
                      : correlate_feed(s->correlate, path, matches);

    if (r == -CE_NOMEM)
        s->no_memory = true;
    return r != -CE_PEER;
}

/* Correlations, too, see a record once. False: stop. */
static bool use_matches(struct scan *s, struct scan_block *b)
{
    struct slice matches = buf_slice(&b->matches);
    const char *path = b->file->shown.path;
    bool wanted = true;

    for (size_t at = 0; at + sizeof(struct scan_matched) <= b->matched.len;
         at += sizeof(struct scan_matched)) {
        struct scan_matched matched;

        memcpy(&matched, b->matched.p + at, sizeof(matched));
        if (s->request->copies || !copies_seen(&s->copies, matched.record, b->file->number))
            wanted = correlate_record(s, path, slice_head(matches, matched.n)) && wanted;
        matches = slice_from(matches, matched.n);
    }
    return wanted;
}

/* What is remembered of records lies all over tables that no cache holds: it is asked for before
 * the first is needed. */
static void fetch_records(const struct scan *s, const struct scan_block *b)
{
    for (size_t at = 0; at + sizeof(struct scan_hit) <= b->hits.len;
         at += sizeof(struct scan_hit)) {
        struct record_id id;

        memcpy(&id, b->hits.p + at + offsetof(struct scan_hit, record), sizeof(id));
        copies_fetch(&s->copies, id);
    }
    for (size_t at = 0; at + sizeof(uint64_t) <= b->marks.len; at += sizeof(uint64_t)) {
        uint64_t mark;

        memcpy(&mark, b->marks.p + at, sizeof(mark));
        marks_fetch(&s->marks, mark);
    }
    for (size_t at = 0; at + sizeof(struct scan_kept) <= b->kept_of.len;
         at += sizeof(struct scan_kept)) {
        struct scan_kept of;

        memcpy(&of, b->kept_of.p + at, sizeof(of));
        marks_fetch(&s->marks, of.mark);
    }
}

static void use_marks(struct scan *s, struct scan_block *b)
{
    for (size_t at = 0; at + sizeof(uint64_t) <= b->marks.len; at += sizeof(uint64_t)) {
        uint64_t mark;

        memcpy(&mark, b->marks.p + at, sizeof(mark));
        s->result->copied_events += marks_seen(&s->marks, mark, b->file->number);
    }
    buf_clear(&b->marks);
}

/* Whether the record that something is kept of was in another file; each is asked for once. */
static bool is_copy(struct scan *s, const struct scan_block *b, const struct scan_kept *of)
{
    bool copy = of->mark != 0 && marks_seen(&s->marks, of->mark, b->file->number);

    s->result->copied_events += copy;
    return copy;
}

/* What is kept of events, too, is kept of a record once. */
static bool use_kept(struct scan *s, struct scan_block *b)
{
    const struct scan_request *request = s->request;
    struct slice kept = buf_slice(&b->kept);
    bool wanted = true;
    size_t n = 0; /* of bytes to be given together */

    for (size_t at = 0; at + sizeof(struct scan_kept) <= b->kept_of.len;
         at += sizeof(struct scan_kept)) {
        struct scan_kept of;

        memcpy(&of, b->kept_of.p + at, sizeof(of));
        if (!is_copy(s, b, &of)) {
            n += of.n;
            continue;
        }
        if (n && request->sink->kept)
            wanted &= request->sink->kept(request->ctx, &b->file->shown, slice_head(kept, n));
        kept = slice_from(kept, n + of.n);
        n = 0;
    }
    if (n && request->sink->kept)
        wanted &= request->sink->kept(request->ctx, &b->file->shown, slice_head(kept, n));
    return wanted;
}

static bool emit_lines(struct scan *s, struct slice lines)
{
    const struct scan_sink *sink = s->request->sink;

    return lines.n == 0 || sink->alerts == NULL || sink->alerts(s->request->ctx, lines);
}

/* Alerts so far; after this the worker may go on with the same block. False: stop. */
static bool use_results(struct scan *s, struct scan_block *b)
{
    struct slice lines = buf_slice(&b->out);
    bool wanted = true;
    size_t n = 0; /* of lines to be given together */

    for (size_t at = 0; at + sizeof(struct scan_hit) <= b->hits.len;
         at += sizeof(struct scan_hit)) {
        struct scan_hit hit;

        memcpy(&hit, b->hits.p + at, sizeof(hit));
        if (count_hit(s, b, &hit)) {
            n += hit.line_n;
            continue;
        }
        wanted = emit_lines(s, slice_head(lines, n)) && wanted;
        lines = slice_from(lines, n + hit.line_n);
        n = 0;
    }
    wanted = emit_lines(s, slice_head(lines, n)) && wanted;
    wanted &= use_kept(s, b);
    if ((s->correlate || s->stream) && !s->no_memory)
        wanted &= use_matches(s, b);
    if (b->hits.err || b->hosts.err || b->out.err || b->matches.err || b->matched.err ||
        b->kept.err || b->kept_of.err)
        s->no_memory = true;
    buf_clear(&b->hits);
    buf_clear(&b->hosts);
    buf_clear(&b->out);
    buf_clear(&b->matches);
    buf_clear(&b->matched);
    buf_clear(&b->kept);
    buf_clear(&b->kept_of);
    return wanted;
}

void scan_file_free(struct scan_input_file *file)
{
    if (file == NULL)
        return;
    (void)recovery_free(file->recovery);
    free(file->shown.path);
    free(file);
}

/* The numbers of records in the log, for the second pass. */
static void use_ids(struct scan *s, struct scan_block *b)
{
    struct id_range range;

    for (size_t at = 0; at + sizeof(range) <= b->ids.len; at += sizeof(range)) {
        memcpy(&range, b->ids.p + at, sizeof(range));
        recovery_add(b->file->recovery, range);
    }
    if (b->ids.err)
        s->no_memory = true;
    buf_clear(&b->ids);
}

static void note_layout(struct scan *s, struct scan_input_file *file)
{
    const struct scan_request *request = s->request;
    struct scan_note note = {.trouble = TROUBLE_LAYOUT};

    (void)err_fail(&note.err, CE_UNKNOWN, ERR_DECODE_NO_LAYOUT, file->names);
    s->result->troubles[TROUBLE_LAYOUT]++;
    s->result->operand_failed |= file->shown.operand;
    if (request->sink->note)
        request->sink->note(request->ctx, &file->shown, &note);
}

static void add_times(struct scan_input_file *file, struct scan_block *b)
{
    if (b->first != TIME_NONE)
        file->first = file->first == TIME_NONE ? b->first : CANH_MIN(file->first, b->first);
    if (b->last != TIME_NONE)
        file->last = file->last == TIME_NONE ? b->last : CANH_MAX(file->last, b->last);
    b->first = b->last = TIME_NONE;
}

static void report_file(const struct scan *s, const struct scan_input_file *file)
{
    struct scan_file_end end = {.format = file->format ? file->format->name : NULL,
                                .events = file->events,
                                .alerts = file->alerts,
                                .first = file->first,
                                .last = file->last};

    if (s->request->sink->file)
        s->request->sink->file(s->request->ctx, &file->shown, &end);
}

static void use_block(struct scan *s, struct scan_block *b)
{
    struct scan_result *result = s->result;

    b->file->events += b->events;
    b->file->known |= b->known;
    if (b->file->names[0] == 0)
        memcpy(b->file->names, b->names, sizeof(b->names));
    result->events += b->events;
    use_marks(s, b);
    result->recovered += b->recovered;
    result->lost += b->lost;
    result->outside += b->outside;
    result->timeless += b->timeless;
    b->events = b->recovered = b->lost = b->outside = b->timeless = 0;
    add_times(b->file, b);
    use_ids(s, b);
    use_notes(s, b);
    if (!b->file_ends)
        return;
    if (b->file->events > 0 && !b->file->known)
        note_layout(s, b->file);
    if (s->request->apart && s->correlate)
        run_apart(s);
    if (b->file->recovery)
        result->not_recovered += recovery_left_out(b->file->recovery);
    report_file(s, b->file);
    result->files++;
    result->logs += b->file->format != NULL;
    scan_file_free(b->file);
}

static bool show_progress(struct scan *s, bool idle)
{
    const struct scan_request *request = s->request;

    s->progress.bytes_read = atomic_load_explicit(&s->bytes_read, memory_order_relaxed);
    s->progress.events = s->result->events;
    s->progress.alerts = s->result->tally.alerts;
    return request->sink->progress == NULL ||
           request->sink->progress(request->ctx, &s->progress, idle);
}

struct writer {
    struct scan *scan;
    bool wanted;
};

/* A ring_write_fn. */
static void write_event(void *ctx, enum ring_event event, void *block)
{
    struct writer *w = ctx;
    struct scan *s = w->scan;

    if (event != RING_IDLE) {
        fetch_records(s, block);
        w->wanted = use_results(s, block) && w->wanted;
    }
    if (event == RING_BLOCK)
        use_block(s, block);
    w->wanted = show_progress(s, event == RING_IDLE) && w->wanted;
    if (!w->wanted || s->no_memory)
        ring_stop(&s->ring);
}

bool scan_write(struct scan *s)
{
    struct writer w = {s, true};

    ring_write(&s->ring, IDLE_MS, write_event, &w);
    return w.wanted;
}
