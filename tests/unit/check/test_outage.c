/* SPDX-License-Identifier: Apache-2.0 */
#include "check/outage.h"

#include "tap.h"

static const struct outage_rules rules = {.confirm = 2, .hold = 10};

static void test_find(void)
{
    static const struct outage_sample samples[] = {
        {0, CHECK_OK},        {5, CHECK_CRITICAL},   {10, CHECK_OK}, /* one alone is no outage */
        {15, CHECK_CRITICAL}, {20, CHECK_NO_ANSWER}, {25, CHECK_CRITICAL},
        {30, CHECK_WARNING},  {35, CHECK_CRITICAL},  {40, CHECK_CRITICAL},
    };
    struct outage found[1] = {{0, 0}}, all[4] = {{0, 0}};

    is_int(outage_find(samples, CANH_LEN(samples), &rules, all, 4), 2, "two outages");
    ok(all[0].start == 15 && all[0].stop == 30, "from the first failure to the first success");
    ok(all[1].start == 35 && all[1].stop == INT64_MAX, "the last goes on");
    is_int(outage_find(samples, CANH_LEN(samples), &rules, found, 1), 2, "with too little room");
    ok(found[0].start == 15 && found[0].stop == 30, "the first is whole");
    is_int(outage_find(NULL, 0, &rules, all, 4), 0, "no samples, no outage");
}

static void test_divide(void)
{
    static const struct outage_sample samples[] = {
        {0, CHECK_OK}, {5, CHECK_CRITICAL}, {8, CHECK_OK}, {40, CHECK_NO_ANSWER}, {45, CHECK_OK}};
    struct outage_share s = outage_divide(samples, CANH_LEN(samples), &rules, 2, 50);

    is_int(s.up, 3 + 10 + 5, "up while a result holds");
    is_int(s.down, 3, "down until the next result");
    is_int(s.unknown, 22 + 5, "silence and no answer are unknown");
    s = outage_divide(samples, CANH_LEN(samples), &rules, 100, 200);
    is_int(s.unknown, 100, "nothing known later");
}

int main(void)
{
    test_find();
    test_divide();
    return tap_done();
}
