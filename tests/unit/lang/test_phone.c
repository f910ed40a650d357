/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/phone.h"

#include "base/err.h"
#include "tap.h"

static void test_e164(void)
{
    static const struct {
        const char *text, *want, *shown;
        int r;
    } cases[] = {
        {"0912345678", "+84912345678", "0912 345 678", 0},
        {"912345678", "+84912345678", "0912 345 678", 0},
        {"0912.345.678", "+84912345678", "0912 345 678", 0},
        {"(+84) 912 345 678", "+84912345678", "0912 345 678", 0},
        {"+84 (0)912 345 678", "+84912345678", "0912 345 678", 0},
        {"84912345678", "+84912345678", "0912 345 678", 0},
        {"0084912345678", "+84912345678", "0912 345 678", 0},
        {"02553812345", "+842553812345", "0255 3812 345", 0},
        {"2553812345", "+842553812345", "0255 3812 345", 0},
        {"842553812345", "+842553812345", "0255 3812 345", 0},
        {"+85621214444", "+85621214444", "+85621214444", 0},
        {"01234567890", "", "", -CE_UNKNOWN},
        {"01697654321", "", "", -CE_UNKNOWN},
        {"091234567", "", "", -CE_RANGE},
        {"09123456789", "", "", -CE_RANGE},
        {"113", "", "", -CE_SYNTAX},
        {"19001234", "", "", -CE_SYNTAX},
        {"0912345678x", "", "", -CE_SYNTAX},
        {"0612345678", "", "", -CE_RANGE},
        {"8412345678", "", "", -CE_RANGE},
        {"84612345678", "", "", -CE_RANGE},
        {"+8412345678", "", "", -CE_SYNTAX},
        {"841234567", "+84841234567", "0841 234 567", 0},
        {"", "", "", -CE_SYNTAX},
        {"+", "", "", -CE_SYNTAX},
        {"12345678901234567890123456789012345", "", "", -CE_SYNTAX},
        {"+123456789012345678", "", "", -CE_RANGE},
        {"0912\u00A0345\u00A0678", "+84912345678", "0912 345 678", 0},
    };

    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        struct buf b = BUF_INIT(100);
        char phone[PHONE_SIZE] = "";
        int r = phone_e164(slice_str(cases[i].text), phone);

        is_int(r, cases[i].r, "phone '%s'", cases[i].text);
        is_str(phone, cases[i].want, "its form");
        if (r == 0) {
            phone_write(&b, slice_str(phone));
            is_slice(buf_slice(&b), slice_str(cases[i].shown), "shown");
        }
        buf_done(&b);
    }
}

static void test_short(void)
{
    static const char bad[][12] = {"", "12", "0900", "+113", "123456789", "11a3"};
    char phone[PHONE_SIZE] = "";

    is_int(phone_short(SLICE(" 1900.1234 "), phone), 0, "a short number");
    is_str(phone, "19001234", "its digits");
    for (size_t i = 0; i < CANH_LEN(bad); i++)
        is_int(phone_short(slice_str(bad[i]), phone), -CE_SYNTAX, "'%s' is none", bad[i]);
}

int main(void)
{
    test_e164();
    test_short();
    return tap_done();
}
