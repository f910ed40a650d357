/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "base/err.h"
#include "tap.h"

static void test_sticky_error(void)
{
    struct buf b = BUF_INIT(10);

    buf_puts(&b, "12345");
    buf_puts(&b, "123456");
    buf_puts(&b, "1");
    is_int(b.err, -CE_TOO_BIG, "the maximum holds and the error sticks");
    is_int(b.len, 5, "nothing was appended after the error");
    is_str(buf_cstr(&b), "", "no text from a failed buffer");
    buf_clear(&b);
    buf_puts(&b, "1234567890");
    is_int(b.err, 0, "exactly the maximum fits");
    buf_done(&b);
}

static void test_numbers(void)
{
    struct buf b = BUF_INIT(1000);

    buf_append_u64(&b, UINT64_MAX);
    buf_putc(&b, ' ');
    buf_append_i64(&b, INT64_MIN);
    buf_printf(&b, " %s %d", "x", 7);
    is_slice(buf_slice(&b), SLICE("18446744073709551615 -9223372036854775808 x 7"), "numbers");
    buf_done(&b);
}

int main(void)
{
    test_sticky_error();
    test_numbers();
    return tap_done();
}
