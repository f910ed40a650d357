/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/out.h"

#include <errno.h>

#include "base/file.h"

enum {
    OUT_MAX = 256 * 1024 * 1024, /* one alert with its original record can be large */
    OUT_SETTLE = 64 * 1024,
    OUT_KEEP = 1024 * 1024,
};

void out_init(struct out *out, int fd)
{
    *out = (struct out){.fd = fd, .buf = BUF_INIT(OUT_MAX)};
}

void out_done(struct out *out)
{
    buf_done(&out->buf);
}

static bool out_write(struct out *out, struct slice bytes)
{
    struct err err = ERR_INIT;

    if (out->sys == 0 && file_write_fd(out->fd, "", bytes, &err) < 0)
        out->sys = err.sys ? err.sys : EIO;
    return out->sys == 0;
}

bool out_flush(struct out *out)
{
    if (out->sys == 0 && out->buf.err != 0)
        out->sys = ENOMEM;
    (void)out_write(out, buf_slice(&out->buf));
    if (out->buf.cap > OUT_KEEP)
        buf_done(&out->buf);
    else
        buf_clear(&out->buf);
    return out->sys == 0;
}

bool out_settle(struct out *out)
{
    return out->buf.len < OUT_SETTLE && out->buf.err == 0 ? out->sys == 0 : out_flush(out);
}

bool out_emit(struct out *out, struct slice bytes)
{
    if (bytes.n >= OUT_SETTLE)
        return out_flush(out) && out_write(out, bytes);
    buf_append_slice(&out->buf, bytes);
    return out_settle(out);
}
