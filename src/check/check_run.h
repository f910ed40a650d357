/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CHECK_CHECK_RUN_H
#define CANH_CHECK_CHECK_RUN_H
/*
 * What a kind of check works with. Only for this room.
 */
#include <stdint.h>

#include "check/check.h"

enum { CHECK_PARAM_COUNT_MAX = 12 };

struct check_run {
    const struct check_kind *kind;
    const char *target;
    const char *values[CHECK_PARAM_COUNT_MAX]; /* by index in kind->params; NULL: absent */
    int64_t deadline;                          /* monotonic clock */
    struct check_result *result;
};

/* The value of a parameter, its fallback, or NULL. */
const char *check_text(const struct check_run *run, const char *name);
/* The same as a number; the fallback must be one. Was validated. */
double check_number(const struct check_run *run, const char *name);
/* Milliseconds left, at least 1. */
long check_time_left_ms(const struct check_run *run);

/* Sets the result; text may not hold what a peer sent but for what check_clean() went over. */
void check_say(struct check_run *run, enum check_outcome outcome, double value, const char *fmt,
               ...) CANH_PRINTF(4, 5);
/* Makes a result worse, and says why behind what it said; a better outcome changes nothing. */
void check_worsen(struct check_run *run, enum check_outcome outcome, const char *fmt, ...)
    CANH_PRINTF(3, 4);

/* Printable ASCII and UTF-8 letters of a peer's text, at most n bytes, control bytes as '.'. */
void check_clean(struct slice text, size_t n, struct buf *out);

/* Splits "host", "host:port", "[v6]:port". host has room for 256 bytes. */
CANH_MUST_USE int check_host_port(const char *target, unsigned default_port, char *host,
                                  unsigned *ret_port);

int64_t check_monotonic(void);

void check_run_http(struct check_run *run);
void check_run_mail(struct check_run *run);
void check_run_tcp(struct check_run *run);
void check_run_dns(struct check_run *run);
void check_run_icmp(struct check_run *run);
void check_run_backup_file(struct check_run *run);
void check_run_nagios(struct check_run *run);

#endif
