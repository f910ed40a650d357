/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"
#include "tap.h"

static void test_digit(void)
{
    unsigned right = 0;

    for (int c = 0; c < 256; c++) {
        const char *all = "0123456789abcdef", *upper = "0123456789ABCDEF";
        const char *at = c ? strchr(all, c) : NULL, *up = c ? strchr(upper, c) : NULL;
        int want = at ? (int)(at - all) : up ? (int)(up - upper) : -1;

        right += hex_digit((uint8_t)c) == want;
    }
    is_int(right, 256, "the value of every byte");
}

static void test_head(void)
{
    uint32_t v = 7;

    ok(hex_head(SLICE("00fF9"), 4, &v) && v == 0xFF, "the first four digits");
    ok(!hex_head(SLICE("0x1f"), 4, &v) && v == 0xFF, "a prefix is no digit");
    ok(!hex_head(SLICE("12"), 4, &v), "too short");
    ok(hex_head(SLICE("ffffffff"), 8, &v) && v == UINT32_MAX, "eight digits");
}

static void test_bytes(void)
{
    uint8_t bytes[3];
    struct buf out = BUF_INIT(100);

    ok(hex_get(SLICE("00aBff"), bytes, 3), "bytes, in either case");
    buf_append_hex(&out, bytes, 3);
    is_slice(buf_slice(&out), SLICE("00abff"), "written again");
    ok(!hex_get(SLICE("00abf"), bytes, 3) && !hex_get(SLICE("00abff0"), bytes, 3), "exactly 2 n");
    ok(!hex_get(SLICE("0x0x0x"), bytes, 3), "a prefix is no byte");
    buf_done(&out);
}

int main(void)
{
    test_digit();
    test_head();
    test_bytes();
    return tap_done();
}
