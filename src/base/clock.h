/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_CLOCK_H
#define CANH_BASE_CLOCK_H
/*
 * Whether the machine's clock can be believed. A clock is wrong in ways that can be seen: it shows
 * a time before the program was built, or earlier than what was already written, or so much later
 * that a machine whose clock nobody keeps right is more likely than a long rest.
 */
#include <stdbool.h>
#include <stdint.h>

enum clock_fault {
    CLOCK_GOOD,
    CLOCK_BEFORE_BUILD,
    CLOCK_BACK,  /* more than CLOCK_BACK_MAX before the last entry */
    CLOCK_AHEAD, /* more than CLOCK_AHEAD_MAX after it, and nothing keeps the clock right */
};

#define CLOCK_BACK_MAX  (INT64_C(5) * 60 * 1000000000)
#define CLOCK_AHEAD_MAX (INT64_C(60) * 86400 * 1000000000)

struct clock_facts {
    int64_t now;
    int64_t last;  /* the last time that was written down; 0: none yet */
    int64_t built; /* when the program was built */
    bool synchronised;
};

enum clock_fault clock_judge(const struct clock_facts *f);

/* When this program was built: SOURCE_DATE_EPOCH, else the day on which the build was set up. */
int64_t clock_built(void);
/* Whether the kernel knows of something that keeps the clock right (adjtimex), or, where it may not
 * be asked, systemd-timesyncd does. */
bool clock_synchronised(void);

#endif
