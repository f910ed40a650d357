/* SPDX-License-Identifier: Apache-2.0 */
/* Output in the order it was given, whether it was copied or not; a failure sticks. */
#include "cli/out.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

enum { LARGE = 300 * 1024 };

static char path[] = "/tmp/canh-out-XXXXXX";

/* Small and large pieces by turns: what the file holds is what was given. */
static void test_order(void)
{
    struct out out;
    struct buf want = BUF_INIT(16 * LARGE), got = BUF_INIT(16 * LARGE);
    int fd = mkstemp(path);
    uint8_t *room;

    if (!ok(fd >= 0, "a file to write to"))
        return;
    out_init(&out, fd);
    for (uint32_t i = 0; i < 9; i++) {
        size_t from = want.len, n = i % 3 == 1 ? LARGE + i : i * 100;

        for (size_t k = 0; k < n; k++)
            buf_putc(&want, (uint8_t)('a' + (k + i) % 26));
        ok(out_emit(&out, slice_from(buf_slice(&want), from)), "%zu bytes", n);
    }
    buf_puts(&out.buf, "end");
    buf_puts(&want, "end");
    ok(out_flush(&out), "the rest");
    room = buf_reserve(&got, want.len + 1);
    if (room)
        got.len = (size_t)pread(fd, room, want.len + 1, 0);
    ok(slice_eq(buf_slice(&got), buf_slice(&want)), "all of it, in order");
    out_done(&out);
    buf_done(&want);
    buf_done(&got);
    (void)close(fd);
}

static void test_failure(void)
{
    struct out out;
    struct buf large = BUF_INIT(2 * LARGE);
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    for (size_t i = 0; i < LARGE; i++)
        buf_putc(&large, 'x');
    out_init(&out, fd);
    ok(out_emit(&out, SLICE("little")), "what is kept cannot fail yet");
    ok(!out_emit(&out, buf_slice(&large)), "what is written does");
    ok(out.sys != 0, "and says why");
    ok(!out_emit(&out, SLICE("little")), "and goes on to fail");
    out_done(&out);
    buf_done(&large);
    (void)close(fd);
}

int main(void)
{
    test_order();
    test_failure();
    (void)unlink(path);
    return tap_done();
}
