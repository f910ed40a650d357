/* SPDX-License-Identifier: Apache-2.0 */
/* How the journal stands, in the page of status.h. */
#include "node/wire/status.h"
#include "base/time.h"
#include "event/stream.h"
#include "node/keep/keep.h"

#define MEASURE_EVERY TIME_MINUTE
#define WRITE_EVERY   (5 * TIME_SECOND)
#define FULL_FOR      (15 * TIME_SECOND)

static void note_oldest(int64_t *oldest, int64_t t)
{
    if (t != TIME_NONE && (*oldest == TIME_NONE || t < *oldest))
        *oldest = t;
}

/* All events' streams together, and all that are kept as long as alerts. */
static void status_measure(struct keep *k, int64_t now)
{
    struct keep_measure m = {.at = now, .oldest = TIME_NONE, .oldest_alert = TIME_NONE};

    for (uint32_t i = 0; i < journal_stream_count(k->journal); i++) {
        struct journal_stream_state st = {.name = ""};

        if (journal_stream_state(k->journal, i, &st, NULL) < 0)
            continue;
        m.all_stored += st.stored;
        if (stream_has_events(slice_str(st.name))) {
            m.stored += st.stored;
            m.records += st.next - st.first;
            note_oldest(&m.oldest, st.oldest);
        } else if (strcmp(st.name, STREAM_WINDOWS) != 0) {
            m.alerts_stored += st.stored;
            note_oldest(&m.oldest_alert, st.oldest);
        }
    }
    k->measured = m;
}

/* Whoever was refused comes again in a few seconds: until then it is not taken back. */
static bool is_full(const struct keep *k)
{
    return journal_is_full(k->journal) || (k->full_at && loop_clock() - k->full_at < FULL_FOR);
}

void keep_write_status(struct keep *k)
{
    struct buf out = BUF_INIT(STATUS_BYTES);
    int64_t now = time_now();

    if (now - k->status_at < WRITE_EVERY && now >= k->status_at)
        return;
    k->status_at = now;
    if (now - k->measured.at >= MEASURE_EVERY || now < k->measured.at)
        status_measure(k, now);
    status_add(&out, "written", (uint64_t)now);
    k->held = k->held && is_full(k);
    status_add(&out, "disk full", is_full(k));
    status_add(&out, "disk held", k->held);
    status_add(&out, "over size", k->over_size);
    status_add(&out, "groups", k->groups);
    status_add(&out, "refused", k->refused);
    status_add(&out, "gone for room", k->gone_for_room);
    status_add(&out, "events stored", k->measured.stored);
    status_add(&out, "events", k->measured.records);
    status_add(&out, "stored", k->measured.all_stored);
    if (k->measured.oldest != TIME_NONE)
        status_add(&out, "oldest event", (uint64_t)k->measured.oldest);
    status_add(&out, "alerts stored", k->measured.alerts_stored);
    if (k->measured.oldest_alert != TIME_NONE)
        status_add(&out, "oldest alert", (uint64_t)k->measured.oldest_alert);
    (void)!status_write(ROLE_STATUS_FD, STATUS_KEEP, buf_slice(&out));
    buf_done(&out);
}
