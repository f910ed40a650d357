/* SPDX-License-Identifier: Apache-2.0 */
#include "report/official.h"

#include "base/time.h"
#include "tap.h"

static void is_date(int year, unsigned month, unsigned day, const char *want)
{
    struct buf b = BUF_INIT(100);

    official_date(&b, days_from_date(year, month, day));
    is_slice(buf_slice(&b), slice_str(want), "%d-%u-%u", year, month, day);
    buf_done(&b);
}

static void is_number(uint32_t n, const char *want)
{
    struct buf b = BUF_INIT(100);

    official_number(&b, n);
    is_slice(buf_slice(&b), slice_str(want), "number %u", n);
    buf_done(&b);
}

int main(void)
{
    is_date(2020, 10, 5, "ngày 05 tháng 10 năm 2020");
    is_date(2026, 2, 3, "ngày 03 tháng 02 năm 2026");
    is_date(2026, 1, 31, "ngày 31 tháng 01 năm 2026");
    is_date(2026, 3, 9, "ngày 09 tháng 3 năm 2026");
    is_date(2026, 9, 10, "ngày 10 tháng 9 năm 2026");
    is_date(2026, 12, 1, "ngày 01 tháng 12 năm 2026");
    is_number(7, "07");
    is_number(10, "10");
    is_number(1379, "1379");
    is_number(0, "\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0");
    return tap_done();
}
