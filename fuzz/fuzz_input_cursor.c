/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far an input was read, as the journal keeps it: the first byte says whose it is (systemd's
 * journal, EVTX, a file that is followed). What is taken is written and taken again the same.
 */
#include <stdlib.h>

#include "base/time.h"
#include "collect/evtx_log.h"
#include "collect/follow_cursor.h"
#include "collect/journald.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool journald_take(struct slice cursor, struct buf *out)
{
    const struct journald_request x = {.path = "/nonexistent/system.journal",
                                       .cursor = cursor,
                                       .since = TIME_NONE,
                                       .record_max = 65536};
    struct journald *j = NULL;

    if (journald_open(&x, &j, NULL) < 0)
        return false;
    if (journald_poll(j, NULL) > 0)
        abort(); /* there is nothing to read */
    journald_cursor_write(j, out);
    journald_free(j);
    return true;
}

static bool evtx_take(struct slice cursor, struct buf *out)
{
    struct evtx_log l;

    if (evtx_log_init(&l, "/nonexistent/Security.evtx", cursor, 65536, NULL) < 0)
        return false;
    evtx_log_cursor_write(&l, out);
    evtx_log_done(&l);
    return true;
}

static bool follow_take(struct slice cursor, struct buf *out)
{
    struct follow_cursor c;

    if (follow_cursor_read(cursor, &c) < 0)
        return false;
    follow_cursor_write(&c, out);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool (*take)(struct slice, struct buf *) = size && data[0] == 'e'   ? evtx_take
                                               : size && data[0] == 'f' ? follow_take
                                                                        : journald_take;
    struct slice in = size ? slice_of(data + 1, size - 1) : SLICE_NULL;
    struct buf once = BUF_INIT(1024), twice = BUF_INIT(1024);

    if (in.n && take(in, &once) &&
        (once.err || !take(buf_slice(&once), &twice) ||
         !slice_eq(buf_slice(&once), buf_slice(&twice))))
        abort();
    buf_done(&once);
    buf_done(&twice);
    return 0;
}
