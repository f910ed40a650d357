/* SPDX-License-Identifier: Apache-2.0 */
#include "node/wire/check_job.h"

#include "lang/err_node.h"
#include "os/frame.h"

enum { TEXT_MAX = 8192, STATION_MAX = 255 };

void check_job_write(struct buf *out, const struct check_job *x)
{
    frame_put_bytes(out, x->check, sizeof(x->check));
    frame_put_bytes(out, x->unit, sizeof(x->unit));
    frame_put_text(out, x->kind);
    frame_put_text(out, x->target);
    frame_put_text(out, x->params);
    frame_put_text(out, x->station);
    frame_put_i64(out, x->timeout);
}

int check_job_read(struct slice bytes, struct check_job *ret, struct err *err)
{
    struct frame_reader r = frame_reader(bytes);

    frame_get_bytes(&r, ret->check, sizeof(ret->check));
    frame_get_bytes(&r, ret->unit, sizeof(ret->unit));
    ret->kind = frame_get_text(&r, TEXT_MAX);
    ret->target = frame_get_text(&r, TEXT_MAX);
    ret->params = frame_get_text(&r, TEXT_MAX);
    ret->station = frame_get_text(&r, STATION_MAX);
    ret->timeout = frame_get_i64(&r);
    if (frame_end(&r) < 0 || ret->timeout <= 0)
        return err_fail(err, CE_PEER, ERR_NODE_CHECK_CANNOT_READ);
    return 0;
}
