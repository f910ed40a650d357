/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_SCOPE_H
#define CANH_DETECT_SCOPE_H
/*
 * Which events of a scan are looked at: a stretch of time, hosts, channels, event ids. What is
 * outside is not matched, and counted. An empty list and TIME_NONE let everything in.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "detect/alert.h"
#include "event/event.h"

struct scope_list {
    const char *const *items;
    uint32_t count;
};

struct scan_scope {
    int64_t from, until;         /* of the event's time; from is inside, until is not */
    struct scope_list hosts;     /* whatever the case; "pc1" is "pc1.tinh.local", too */
    struct scope_list channels;  /* of Windows; else the program that wrote the line */
    struct scope_list event_ids; /* as the event has them */
};

#define SCAN_SCOPE_ALL ((struct scan_scope){.from = TIME_NONE, .until = TIME_NONE})

enum scope_verdict {
    SCOPE_IN,
    SCOPE_OUT,
    SCOPE_TIMELESS, /* out: a time is asked for, and the event has none */
};

bool scope_is_all(const struct scan_scope *s);
/* scratch is cleared. */
enum scope_verdict scope_judge(const struct scan_scope *s, const struct origin *origin,
                               const struct event *e, struct buf *scratch);

/*
 * A file that was last written (UTC) long before the stretch of time begins holds none of it. Half
 * a day and more is allowed for clocks of any zone.
 */
bool scope_is_before(const struct scan_scope *s, int64_t modified);

#endif
