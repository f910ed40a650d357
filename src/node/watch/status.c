/* SPDX-License-Identifier: Apache-2.0 */
/* What watch says of itself: wire/status.h. */
#include "node/wire/status.h"

#include "node/watch/correlate.h"
#include "node/watch/listen.h"

void watch_put_status(struct watch *w)
{
    struct buf out = BUF_INIT(STATUS_BYTES);
    struct match_counts n = match_count(w->rules);

    status_put(&out, "rules", n.all);
    status_put(&out, "own rules", n.own);
    status_put(&out, "rules refused", w->rules->counts.refused);
    status_put(&out, "since", (uint64_t)w->began);
    status_put(&out, "files", w->input_count);
    status_put(&out, "files open", w->input_count - w->unopened);
    status_put(&out, "written", (uint64_t)time_now());
    status_put(&out, "follows", w->follows);
    status_put(&out, "gaps", w->gaps);
    status_put(&out, "late records", w->late);
    status_put(&out, "batches waiting", w->sent_count);
    silence_put_status(w, &out);
    correlate_put_status(w, &out);
    network_put_status(w, &out);
    (void)!status_write(ROLE_STATUS_FD, STATUS_RUNS, buf_slice(&out));
    buf_done(&out);
}

void watch_follows(struct watch *w)
{
    if (!w->have_snapshot || w->unopened > 0 || w->follows == w->snapshot.number)
        return;
    w->follows = w->snapshot.number;
    watch_put_status(w);
}

void watch_refused(const struct match_counts *counts)
{
    struct buf out = BUF_INIT(STATUS_BYTES);

    status_put(&out, "rules", counts ? counts->all : 0);
    status_put(&out, "own rules", counts ? counts->own : 0);
    status_put(&out, "time", (uint64_t)time_now());
    (void)!status_write(ROLE_STATUS_FD, STATUS_REFUSED, buf_slice(&out));
    buf_done(&out);
}
