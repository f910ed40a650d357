/* SPDX-License-Identifier: Apache-2.0 */
/* What watch says of itself: wire/status.h. */
#include "node/wire/status.h"

#include "node/watch/correlate.h"
#include "node/watch/listen.h"

void watch_write_status(struct watch *w)
{
    struct buf out = BUF_INIT(STATUS_BYTES);

    status_add(&out, "rules", w->rule_counts.all);
    status_add(&out, "own rules", w->rule_counts.own);
    status_add(&out, "rules refused", w->rules->counts.refused);
    if (w->rule_counts.newest != INT64_MIN)
        status_add(&out, "newest rule", (uint64_t)(w->rule_counts.newest * TIME_DAY));
    status_add(&out, "since", (uint64_t)w->began);
    status_add(&out, "files", w->input_count);
    status_add(&out, "files open", w->input_count - w->unopened);
    status_add(&out, "written", (uint64_t)time_now());
    status_add(&out, "follows", w->follows);
    status_add(&out, "gaps", w->gaps);
    status_add(&out, "late records", w->late);
    status_add(&out, "batches waiting", w->sent_count);
    silence_write_status(w, &out);
    files_write_status(w, &out);
    correlate_write_status(w, &out);
    network_write_status(w, &out);
    (void)!status_write(ROLE_STATUS_FD, STATUS_RUNS, buf_slice(&out));
    buf_done(&out);
}

void watch_follows(struct watch *w)
{
    if (!w->have_snapshot || w->unopened > 0 || w->follows == w->snapshot.number)
        return;
    w->follows = w->snapshot.number;
    watch_write_status(w);
}

void watch_refused(const struct match_counts *counts)
{
    struct buf out = BUF_INIT(STATUS_BYTES);

    status_add(&out, "rules", counts ? counts->all : 0);
    status_add(&out, "own rules", counts ? counts->own : 0);
    status_add(&out, "time", (uint64_t)time_now());
    (void)!status_write(ROLE_STATUS_FD, STATUS_REFUSED, buf_slice(&out));
    buf_done(&out);
}
