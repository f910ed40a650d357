/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alerts of batches that a full disk refused: they go into the reserve ahead of their events. Marks
 * of their source say so: by the first an alert is left out when its batch comes again; by the
 * other only one record of it is saved, however often a sender says the same in new words.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "event/alert_record.h"
#include "event/stream.h"
#include "node/keep/keep.h"

enum {
    SAVED_MOST = 4096, /* alerts of one group */
    SAVED_BYTES = JOURNAL_GROUP_MAX / 4,
    MARK_ID = 16,
};
enum { MARK_PLACE, MARK_ALERT, MARKS };

/* The rule and the event's place are the same whenever a batch comes again; what it says of times
 * need not be. Of an alert that cannot be read, all of it. */
static void marks_of(const uint8_t source[16], struct slice base, uint64_t at, struct slice raw,
                     uint8_t ret[MARKS][MARK_ID])
{
    struct arena arena = ARENA_INIT((size_t)1 << 20);
    struct alert_record alert;
    struct slice rule = raw, id = raw;

    if (alert_record_read(raw, &arena, &alert, NULL) == 0) {
        rule = alert.rule;
        id = slice_of(alert.id, sizeof(alert.id));
    }
    event_id(source, base, at, ret[MARK_PLACE]);
    event_id(ret[MARK_PLACE], rule, 0, ret[MARK_PLACE]);
    event_id(source, id, 0, ret[MARK_ALERT]);
    arena_done(&arena);
}

static bool is_saved(const struct keep *k, const uint8_t source[16], const uint8_t id[MARK_ID])
{
    return journal_batch_known(k->journal, source, slice_of(id, MARK_ID));
}

uint32_t keep_leave_saved(struct keep *k, uint32_t first, uint32_t end)
{
    uint8_t ids[MARKS][MARK_ID];
    uint32_t to = first;

    for (uint32_t i = first; i < end; i++) {
        const struct journal_record *x = &k->records[i];

        if (x->stream == k->alerts) {
            marks_of(x->source, x->position.base, x->position.at, x->raw, ids);
            if (is_saved(k, x->source, ids[MARK_PLACE]))
                continue;
        }
        k->records[to++] = *x;
    }
    return to;
}

/* Adds the batch's alerts that are not saved yet; ids: of the marks. */
static void save_of(struct keep *k, const struct keep_append *p, struct journal_group *g,
                    uint8_t (*ids)[MARKS][MARK_ID], size_t *bytes)
{
    struct batch_reader b;
    struct batch_record x;

    if (batch_open(&b, p->bytes, NULL) < 0)
        return;
    while (batch_next(&b, &x, NULL) > 0 && g->record_count < SAVED_MOST) {
        uint32_t n = g->record_count;

        if (!slice_is(x.stream, STREAM_ALERTS) || *bytes + x.raw.n > SAVED_BYTES)
            continue;
        marks_of(x.source, x.base, x.at, x.raw, ids[n]);
        if (is_saved(k, x.source, ids[n][MARK_PLACE]) || is_saved(k, x.source, ids[n][MARK_ALERT]))
            continue;
        keep_record_make(&k->records[n], &x, k->alerts);
        for (unsigned i = 0; i < MARKS; i++) {
            struct journal_batch *mark = &k->marks[g->batch_count++];

            *mark = (struct journal_batch){.id = slice_of(ids[n][i], MARK_ID), .received = g->now};
            memcpy(mark->source, x.source, sizeof(mark->source));
        }
        *bytes += x.raw.n;
        g->record_count++;
    }
}

void keep_save_alerts(struct keep *k, unsigned first)
{
    struct journal_group g = {.records = k->records, .batches = k->marks, .now = time_now()};
    uint8_t(*ids)[MARKS][MARK_ID] = malloc(sizeof(*ids) * SAVED_MOST);
    struct err err = ERR_INIT;
    size_t bytes = 0;

    for (unsigned i = first; ids && i < k->pending_count; i++)
        if (k->pending[i].only == NULL)
            save_of(k, &k->pending[i], &g, ids, &bytes);
    if (g.record_count && journal_append(k->journal, &g, &err) < 0)
        role_log_err(&k->role, "alerts are not in the reserve", &err);
    free(ids);
}
