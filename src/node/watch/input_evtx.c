/* SPDX-License-Identifier: Apache-2.0 */
/* EVTX files in a folder: all of a file is read, its first reading is history. */
#include "base/time.h"
#include "node/watch/input.h"

static void log_close(struct input *in)
{
    evtx_log_done(&in->evtx);
}

static int log_open(struct input *in, struct slice cursor, struct err *err)
{
    log_close(in);
    return evtx_log_init(&in->evtx, in->path, cursor, (uint32_t)in->watch->role.config.record, err);
}

static int log_poll(struct input *in, struct err *err)
{
    return evtx_log_poll(&in->evtx, time_now(), err);
}

static bool log_next(struct input *in, struct input_record *ret)
{
    struct evtx_log_record x;
    uint32_t history = in->evtx.cursor.caught_up ? 0 : FLAG_HISTORY;

    if (!evtx_log_next(&in->evtx, &x))
        return false;
    *ret = (struct input_record){.text = x.text,
                                 .base = x.base,
                                 .at = x.number,
                                 .count = COUNT_RECORD,
                                 .flags = FLAG_CANONICAL | history};
    return true;
}

static bool log_gap(struct input *in, const char **ret_reason, uint64_t *ret_count)
{
    *ret_reason = "overwritten";
    *ret_count = in->evtx.lost;
    in->evtx.lost = 0;
    return *ret_count > 0;
}

static void log_cursor(const struct input *in, struct buf *out)
{
    evtx_log_cursor_write(&in->evtx, out);
}

const struct input_kind input_evtx = {
    .transport = "evtx-folder",
    .folders = true,
    .open = log_open,
    .close = log_close,
    .poll = log_poll,
    .next = log_next,
    .gap = log_gap,
    .cursor = log_cursor,
};
