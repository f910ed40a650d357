/* SPDX-License-Identifier: Apache-2.0 */
/* Chains of files of the systemd journal. */
#include "base/time.h"
#include "node/watch/input.h"

static void chain_close(struct input *in)
{
    in->journald = journald_free(in->journald);
}

static int chain_open(struct input *in, struct slice cursor, struct err *err)
{
    int64_t back = in->source->back;
    struct journald_request x = {.path = in->path,
                                 .cursor = cursor,
                                 .all = in->late || back > 0,
                                 .since = back > 0 ? time_now() - back : TIME_NONE,
                                 .record_max = (uint32_t)in->watch->role.config.record};
    int r;

    chain_close(in);
    r = journald_open(&x, &in->journald, err);
    if (r == 0) /* its end is where it is now: what is written from here on is new */
        (void)!journald_poll(in->journald, NULL);
    return r;
}

static int chain_poll(struct input *in, struct err *err)
{
    return in->journald ? journald_poll(in->journald, err) : 0;
}

static bool chain_next(struct input *in, struct input_record *ret)
{
    struct journald_record x;
    bool history = in->journald && !in->late && !journald_caught_up(in->journald);

    if (in->journald == NULL || !journald_next(in->journald, &x))
        return false;
    *ret = (struct input_record){.text = x.text,
                                 .base = x.base,
                                 .at = x.at,
                                 .count = COUNT_RECORD,
                                 .flags = FLAG_CANONICAL |
                                          (x.truncated ? (uint32_t)FLAG_TRUNCATED : 0) |
                                          (history ? (uint32_t)FLAG_HISTORY : 0)};
    return true;
}

static bool chain_gap(struct input *in, const char **ret_reason, uint64_t *ret_count)
{
    *ret_reason = "vacuumed";
    *ret_count = 0;
    return in->journald && journald_lost_reset(in->journald) > 0;
}

static void chain_cursor(const struct input *in, struct buf *out)
{
    if (in->journald)
        journald_cursor_write(in->journald, out);
}

const struct input_kind input_journald = {
    .transport = "journal",
    .folders = true,
    .open = chain_open,
    .close = chain_close,
    .poll = chain_poll,
    .next = chain_next,
    .gap = chain_gap,
    .cursor = chain_cursor,
};
