/* SPDX-License-Identifier: Apache-2.0 */
/* A working thread: blocks → events → matches → results that stay with the block. */
#include <stdlib.h>

#include "base/time.h"
#include "cli/scan.h"
#include "decode/evtx/evtx.h"
#include "lang/msg_scan.h"
#include "sigma/match.h"

enum {
    TEXT_MAX = 64 * 1024,
    UNROUTED_NAMES = 1024 * 1024,
    ORIGINAL_MAX = 32 * 1024 * 1024,
    ALERT_TEXT_MAX = 16 * 1024 * 1024,
    ALERT_ARENA_MAX = 256 * 1024 * 1024,
};

int scan_worker_init(struct scan_worker *w, struct scan *scan)
{
    const struct keys *keys = ruleset_keys(scan->loaded.rs);

    *w = (struct scan_worker){.scan = scan,
                              .text = BUF_INIT(TEXT_MAX),
                              .alert_text = BUF_INIT(ALERT_TEXT_MAX),
                              .alert_arena = ARENA_INIT(ALERT_ARENA_MAX),
                              .original = BUF_INIT(ORIGINAL_MAX),
                              .unrouted_names = ARENA_INIT(UNROUTED_NAMES)};
    map_init(&w->unrouted, SCAN_UNROUTED_MAX);
    w->json = json_decoder_new(keys, &decode_default_limits);
    w->evtx = evtx_decoder_new(keys, &decode_default_limits);
    w->matcher = matcher_new(scan->loaded.rs);
    w->unrouted_counts = calloc(SCAN_UNROUTED_MAX, sizeof(*w->unrouted_counts));
    w->seen = calloc((size_t)keys_count(keys) + 1, sizeof(*w->seen));
    return w->json && w->evtx && w->matcher && w->unrouted_counts && w->seen ? 0 : -CE_NOMEM;
}

void scan_worker_done(struct scan_worker *w)
{
    w->json = json_decoder_free(w->json);
    w->evtx = evtx_decoder_free(w->evtx);
    w->matcher = matcher_free(w->matcher);
    free(w->unrouted_counts);
    free(w->seen);
    buf_done(&w->text);
    buf_done(&w->alert_text);
    arena_done(&w->alert_arena);
    buf_done(&w->original);
    map_done(&w->unrouted);
    arena_done(&w->unrouted_names);
}

/* A field's text in the worker's scratch, appended; empty when the event has none. */
static struct slice put_field(struct scan_worker *w, const struct event *e, uint32_t key)
{
    const struct field *f = alert_field(e, key);
    size_t from = w->text.len;

    if (f)
        field_text(f, &w->text);
    if (w->text.err != 0) { /* too long to matter here */
        w->text.err = 0;
        w->text.len = from;
    }
    return slice_from(buf_slice(&w->text), from);
}

/* Counts an event that no mapping routes, by channel and event id. */
static void count_unrouted(struct scan_worker *w, const struct event *e)
{
    struct slice name;
    uint32_t number;

    buf_clear(&w->text);
    (void)put_field(w, e, KEY_CHANNEL);
    if (w->text.len == 0)
        (void)put_field(w, e, KEY_PROVIDER);
    buf_putc(&w->text, '/');
    (void)put_field(w, e, KEY_EVENT_ID);
    name = buf_slice(&w->text);
    if (!map_get(&w->unrouted, name, &number)) {
        name = w->unrouted_count < SCAN_UNROUTED_MAX ? arena_dup(&w->unrouted_names, name)
                                                     : SLICE_NULL;
        if (name.p == NULL || map_put(&w->unrouted, name, w->unrouted_count) < 0) {
            w->unrouted_other++;
            return;
        }
        number = w->unrouted_count++;
    }
    w->unrouted_counts[number]++;
}

static void put_hit(struct scan_block *b, uint32_t rule, const struct alert *alert,
                    struct slice host)
{
    struct scan_hit hit = {.time = alert->time,
                           .rule = rule,
                           .host_at = (uint32_t)b->hosts.len,
                           .host_n = (uint16_t)CANH_MIN(host.n, (size_t)SCAN_HOST_MAX),
                           .recovered = (alert->event->flags & EVENT_RECOVERED) != 0};

    buf_put(&b->hosts, host.p, hit.host_n);
    buf_put(&b->hits, &hit, sizeof(hit));
}

/* The record as it was, for event.original; EVTX has no text of its own and is given as JSON. */
static struct slice original(struct scan_worker *w, const struct scan_block *b,
                             const struct event *e)
{
    struct err err = ERR_INIT;

    if (!w->scan->options->original || w->scan->format == SCAN_TABLE)
        return SLICE_NULL;
    if (b->kind == LOG_JSON)
        return e->raw;
    buf_clear(&w->original);
    if (evtx_record_json(w->evtx, &w->original, &err) < 0)
        return SLICE_NULL;
    return buf_slice(&w->original);
}

static void put_alert(struct scan_worker *w, struct scan_block *b, struct alert *alert,
                      uint32_t rule)
{
    const struct ruleset *rs = w->scan->loaded.rs;

    put_hit(b, rule, alert, buf_slice(&w->text));
    alert->rule = ruleset_rule(rs, rule);
    alert->variants = ruleset_variants(rs, rule, &alert->variant_count);
    if (w->scan->format == SCAN_JSON)
        alert_json(&b->out, alert);
    else if (w->scan->format == SCAN_CSV)
        alert_csv(&b->out, alert);
}

/* False: the scan has been stopped. */
static bool put_matches(struct scan_worker *w, struct scan_block *b, uint64_t slot,
                        const struct event *e, const struct match_result *found)
{
    struct alert alert = {.path = b->file->path,
                          .event = e,
                          .keys = ruleset_keys(w->scan->loaded.rs),
                          .time = event_time(e),
                          .arena = &w->alert_arena,
                          .text = &w->alert_text};

    alert.original = original(w, b, e);
    buf_clear(&w->text);
    (void)put_field(w, e, KEY_COMPUTER);
    for (uint32_t i = 0; i < found->count; i++) {
        put_alert(w, b, &alert, found->rules[i]);
        if (b->out.len + b->hits.len + b->hosts.len < SCAN_RESULT_MAX)
            continue;
        if (!ring_handover(&w->scan->ring, slot))
            return false;
    }
    return true;
}

static bool use_event(struct scan_worker *w, struct scan_block *b, uint64_t slot,
                      const struct event *e)
{
    struct match_result found = matcher_run(w->matcher, e);

    b->events++;
    b->recovered += (e->flags & EVENT_RECOVERED) != 0;
    for (uint32_t i = 0; i < e->count; i++)
        w->seen[e->fields[i].key] = true;
    if (!found.routed)
        count_unrouted(w, e);
    return found.count == 0 || put_matches(w, b, slot, e, &found);
}

static bool work_json(struct scan_worker *w, struct scan_block *b, uint64_t slot)
{
    struct err err = ERR_INIT;
    struct event e;
    int r;

    json_start(w->json, &b->json);
    while ((r = json_next(w->json, &e, &err)) != 0) {
        if (r < 0)
            scan_note(b, TROUBLE_BAD_RECORD, &err, true);
        else if (!use_event(w, b, slot, &e))
            return false;
    }
    return true;
}

static void note_chunk(const struct scan_worker *w, struct scan_block *b,
                       const struct evtx_chunk_report *report)
{
    const struct {
        bool is;
        msg_id what;
    } faults[] = {
        {report->bad_magic, MSG_SCAN_CHUNK_SIGNATURE},
        {report->bad_header_crc, MSG_SCAN_CHUNK_HEADER},
        {report->bad_data_crc, MSG_SCAN_CHUNK_DATA},
        {report->truncated, MSG_SCAN_CHUNK_CUT},
    };
    enum lang lang = w->scan->app->lang;
    struct buf text = BUF_INIT(SCAN_NOTE_TEXT);
    struct err err = {.offset = report->offset};

    if (report->stale)
        scan_note(b, TROUBLE_STALE, &err, true);
    for (size_t i = 0; i < CANH_LEN(faults); i++) {
        if (!faults[i].is)
            continue;
        buf_puts(&text, text.len ? ", " : lang_text(lang, MSG_SCAN_CHUNK));
        buf_puts(&text, lang_text(lang, faults[i].what));
    }
    if (text.len) {
        (void)err_set(&err, CE_CORRUPT, "%s", buf_cstr(&text));
        err.offset = report->offset;
        scan_note(b, TROUBLE_DAMAGED, &err, true);
    }
    buf_done(&text);
}

/* A record of the first pass. False: leave it to the second. */
static bool note_record(struct scan_block *b, const struct event *e)
{
    struct id_range *last, range = {e->sequence, e->sequence};

    if (e->flags & EVENT_DAMAGED) {
        struct err err = {.offset = e->offset};

        scan_note(b, TROUBLE_DAMAGED_RECORD, &err, true);
    }
    if (b->file->recovery == NULL)
        return true;
    if (e->flags & EVENT_RECOVERED)
        return false;
    last = b->ids.len ? (struct id_range *)(void *)(b->ids.p + b->ids.len) - 1 : NULL;
    if (last && last->last + 1 == e->sequence)
        last->last++;
    else
        buf_put(&b->ids, &range, sizeof(range));
    return true;
}

/* The second pass: of every chunk what does not belong to the log, or no longer. */
static bool work_again(struct scan_worker *w, struct scan_block *b, uint64_t slot)
{
    bool going = ring_handover(&w->scan->ring, slot); /* now all before it has been counted */

    evtx_decoder_recover(w->evtx, true);
    for (uint32_t i = 0; i < b->chunk_count && going; i++) {
        struct slice chunk = slice_of(b->data + b->chunks[i], b->len - b->chunks[i]);
        struct evtx_chunk_report report;
        struct event e = {0};
        int r;

        evtx_chunk_begin(w->evtx, slice_head(chunk, EVTX_CHUNK), b->offset + b->chunks[i], &report);
        while (going && (r = evtx_next(w->evtx, &e, NULL)) != 0) {
            if ((e.flags & EVENT_RECOVERED) == 0)
                continue;
            if (r < 0)
                b->lost += !recovery_has(b->file->recovery, e.sequence);
            else if (recovery_take(b->file->recovery, e.sequence))
                going = use_event(w, b, slot, &e);
        }
    }
    evtx_decoder_recover(w->evtx, false);
    return going;
}

static bool work_evtx(struct scan_worker *w, struct scan_block *b, uint64_t slot)
{
    for (uint32_t i = 0; i < b->chunk_count; i++) {
        struct slice chunk = slice_of(b->data + b->chunks[i], b->len - b->chunks[i]);
        struct evtx_chunk_report report;
        struct err err = ERR_INIT;
        struct event e;
        int r;

        evtx_chunk_begin(w->evtx, slice_head(chunk, EVTX_CHUNK), b->offset + b->chunks[i], &report);
        while ((r = evtx_next(w->evtx, &e, &err)) != 0) {
            if (r < 0)
                scan_note(b, TROUBLE_BAD_RECORD, &err, true);
            else if (note_record(b, &e) && !use_event(w, b, slot, &e))
                return false;
        }
        note_chunk(w, b, &report);
    }
    return true;
}

void *scan_worker(void *arg)
{
    struct scan_worker *w = arg;
    struct scan_block *b;
    uint64_t slot;

    while ((b = ring_take(&w->scan->ring, &slot)) != NULL) {
        if (b->kind == LOG_JSON && !work_json(w, b, slot))
            break;
        if (b->kind == LOG_EVTX && !(b->again ? work_again : work_evtx)(w, b, slot))
            break;
        ring_done(&w->scan->ring, slot);
    }
    return NULL;
}
