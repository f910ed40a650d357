/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include "base/time.h"
#include "tap.h"

#define BUILT (1000 * TIME_DAY)
#define LAST  (1100 * TIME_DAY)

static const struct {
    int64_t now, last;
    bool synchronised;
    enum clock_fault want;
    const char *what;
} cases[] = {
    {BUILT, 0, false, CLOCK_GOOD, "the first entry, in the moment of building"},
    {BUILT - 1, 0, true, CLOCK_BEFORE_BUILD, "before it, whatever keeps the clock"},
    {BUILT + 4000 * TIME_DAY, 0, false, CLOCK_GOOD, "a first entry long after it"},
    {LAST, LAST, false, CLOCK_GOOD, "the same instant"},
    {LAST - CLOCK_BACK_MAX, LAST, false, CLOCK_GOOD, "five minutes back"},
    {LAST - CLOCK_BACK_MAX - 1, LAST, true, CLOCK_BACK, "more than that"},
    {LAST + CLOCK_AHEAD_MAX, LAST, false, CLOCK_GOOD, "sixty days of rest"},
    {LAST + CLOCK_AHEAD_MAX + 1, LAST, false, CLOCK_AHEAD, "more than that, nothing keeps it"},
    {LAST + CLOCK_AHEAD_MAX + 1, LAST, true, CLOCK_GOOD, "more than that, something does"},
    {BUILT - 1, LAST, false, CLOCK_BEFORE_BUILD, "before building comes first"},
};

int main(void)
{
    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        struct clock_facts f = {cases[i].now, cases[i].last, BUILT, cases[i].synchronised};

        is_int(clock_judge(&f), cases[i].want, "%s", cases[i].what);
    }
    ok(clock_built() > 0 && clock_built() <= time_now(), "this program was built before now");
    (void)clock_synchronised();
    return tap_done();
}
