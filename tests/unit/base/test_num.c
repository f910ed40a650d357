/* SPDX-License-Identifier: Apache-2.0 */
#include "base/num.h"

#include "base/err.h"
#include "tap.h"

static void test_integers(void)
{
    uint64_t u = 7;
    int64_t i = 7;

    is_int(num_u64(SLICE("18446744073709551615"), &u), 0, "largest u64");
    ok(u == UINT64_MAX, "its value");
    is_int(num_u64(SLICE("18446744073709551616"), &u), -CE_RANGE, "one more");
    is_int(num_u64(SLICE(""), &u), -CE_SYNTAX, "empty");
    is_int(num_u64(SLICE("1 "), &u), -CE_SYNTAX, "trailing blank");
    ok(u == UINT64_MAX, "untouched on failure");
    is_int(num_i64(SLICE("-9223372036854775808"), &i), 0, "smallest i64");
    ok(i == INT64_MIN, "its value");
    is_int(num_i64(SLICE("9223372036854775808"), &i), -CE_RANGE, "too large for i64");
    is_int(num_i64(SLICE("-"), &i), -CE_SYNTAX, "only a sign");
    is_int(num_range(SLICE("60"), 0, 59, &i), -CE_RANGE, "outside a range");
    is_int(num_hex(SLICE("0x1F0FFF"), &u), 0, "hexadecimal");
    is_int(u, 0x1F0FFF, "its value");
    is_int(num_hex(SLICE("10000000000000000"), &u), -CE_RANGE, "65 bits");
    is_int(num_hex(SLICE("0x"), &u), -CE_SYNTAX, "no digits");
}

static void test_doubles(void)
{
    static const char *const bad[] = {"",   "-",  "01",   "1.",  ".5",
                                      "1e", "+1", "0x10", "nan", "1e999"};
    double d = 0;

    is_int(num_double(SLICE("-12.50e+2"), &d), 0, "a JSON number");
    ok(d == -1250.0, "its value");
    for (size_t i = 0; i < CANH_LEN(bad); i++) {
        const char *text = bad[i];

        ok(num_double(slice_str(text), &d) < 0, "not a number: %zu", i);
    }
}

int main(void)
{
    test_integers();
    test_doubles();
    return tap_done();
}
