/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_LOGONS_H
#define CANH_HUNT_LOGONS_H
/*
 * Who logged on where, from where and how: Windows, ssh, sudo, mail, VPN alike (kinds/, roles on,
 * off and fail). Each row stands for all logons of one user on one host from one place in one way;
 * ons are paired with their offs by logon id, or by program and process id.
 *
 *     workers:  logons_write(session, event, out)       scan_keep.event
 *     writer:   logons_add(l, bytes)                  in the order of the input
 *     at last:  logons_end(l); while (logons_next(l, &row)) …
 *
 * Rows come by weight: most failures before a first success, most failures, from elsewhere, most
 * logons. What does not fit into memory lies in $TMPDIR.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "detect/scan.h"
#include "hunt/label.h"
#include "hunt/list.h"
#include "hunt/session.h"

struct logon_row {
    struct slice user, target, host, from, how;
    enum label how_label; /* of which how is a value: words_write() */
    uint64_t good, failed;
    uint64_t before;        /* failures before the first success; 0 without a success */
    int64_t first, last;    /* TIME_NONE: no time */
    bool local;             /* some time names no zone */
    uint64_t sessions;      /* ons whose off was seen */
    int64_t total, longest; /* of these, nanoseconds */
};

struct logons;

/* The event, if it is a logon, a logoff or a failure. session: struct hunt_session. */
void logons_write(void *session, const struct scan_event *e, struct buf *out);

CANH_MUST_USE struct logons *logons_new(uint64_t spill_max); /* NULL without memory */
struct logons *logons_free(struct logons *l);                /* returns NULL */
/* 0 or -CE_NOMEM; what has no room on disk is counted. */
CANH_MUST_USE int logons_add(struct logons *l, struct slice records);
CANH_MUST_USE int logons_end(struct logons *l);
/* The row borrows memory until the next call. */
bool logons_next(struct logons *l, struct logon_row *ret);
uint64_t logons_dropped(const struct logons *l);

/* All rows as a table; *ret_rows: how many. */
CANH_MUST_USE int logons_write_list(struct logons *l, const struct words *words, struct list *list,
                                    uint64_t *ret_rows, struct err *err);

#endif
