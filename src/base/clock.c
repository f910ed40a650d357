/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "base/clock.h"

#include <sys/syscall.h>
#include <sys/timex.h>
#include <unistd.h>

#include "base/time.h"

extern const int64_t clock_built_seconds;

enum clock_fault clock_judge(const struct clock_facts *f)
{
    if (f->now < f->built)
        return CLOCK_BEFORE_BUILD;
    if (f->last == 0)
        return CLOCK_GOOD;
    if (f->now < f->last - CLOCK_BACK_MAX)
        return CLOCK_BACK;
    if (f->now > f->last + CLOCK_AHEAD_MAX && !f->synchronised)
        return CLOCK_AHEAD;
    return CLOCK_GOOD;
}

int64_t clock_built(void)
{
    return clock_built_seconds * TIME_SECOND;
}

bool clock_synchronised(void)
{
    struct timex t = {.modes = 0};
    long state = syscall(SYS_adjtimex, &t); /* not by clock_adjtime, as the C library does: a
                                               confined process may not call that */

    if (state < 0) /* in a container; what systemd-timesyncd leaves can be seen */
        return access("/run/systemd/timesync/synchronized", F_OK) == 0;
    return state != TIME_ERROR && !(t.status & STA_UNSYNC);
}
