/* SPDX-License-Identifier: Apache-2.0 */
/* Files of lines. */
#include "node/watch/input.h"

static int file_open(struct input *in, struct slice cursor, struct err *err)
{
    int r;

    follow_done(&in->follow);
    r = follow_init(&in->follow, in->path, cursor, in->late || in->source->back > 0, in->since,
                    (uint32_t)in->watch->role.config.record, err);
    in->follow.found_end = in->source->back == 0;
    return r;
}

static void file_close(struct input *in)
{
    follow_done(&in->follow);
}

static int file_poll(struct input *in, struct err *err)
{
    int r = follow_poll(&in->follow, err);

    buf_clear(&in->base);
    follow_base(&in->follow, &in->base);
    return r;
}

static bool file_next(struct input *in, struct input_record *ret)
{
    struct follow_line line;

    if (!follow_next(&in->follow, &line))
        return false;
    if (in->follow.layout.format != NULL)
        in->format = in->follow.layout.format;
    *ret = (struct input_record){.text = line.text,
                                 .base = buf_slice(&in->base),
                                 .at = line.at,
                                 .count = COUNT_BYTE,
                                 .flags = (line.truncated ? (uint32_t)FLAG_TRUNCATED : 0) |
                                          (!in->follow.found_end && in->source->back > 0
                                               ? (uint32_t)FLAG_HISTORY
                                               : 0)};
    return true;
}

static bool file_gap(struct input *in, const char **ret_reason, uint64_t *ret_count)
{
    bool lost = in->follow.lost > 0;

    *ret_reason = "rotated";
    *ret_count = 0;
    in->follow.lost = 0;
    return lost;
}

static void file_cursor(const struct input *in, struct buf *out)
{
    follow_cursor_write(&in->follow.cursor, out);
}

const struct input_kind input_file = {
    .transport = "files",
    .open = file_open,
    .close = file_close,
    .poll = file_poll,
    .next = file_next,
    .gap = file_gap,
    .cursor = file_cursor,
};
