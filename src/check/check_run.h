/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CHECK_CHECK_RUN_H
#define CANH_CHECK_CHECK_RUN_H
/*
 * What a kind of check works with. Only for this room.
 */
#include <stdint.h>

#include "check/check.h"
#include "check/says.h"

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

/*
 * Sets the result to one saying with its arguments:
 *     check_say(run, CHECK_OK, ms, SAYS_PAGE, SAYS_NUMBER(status, 0), SAYS_NUMBER(ms, 0));
 */
#define check_say(run, outcome, value, code, ...)                                                  \
    check_say_args(run, outcome, value, code, (const struct says_arg[]){__VA_ARGS__},              \
                   sizeof((const struct says_arg[]){__VA_ARGS__}) / sizeof(struct says_arg))
void check_say_args(struct check_run *run, enum check_outcome outcome, double value, enum says code,
                    const struct says_arg *args, size_t count);
/* Makes a result worse, and says why behind what it said; a better outcome changes nothing. */
#define check_worsen(run, outcome, code, ...)                                                      \
    check_worsen_args(run, outcome, code, (const struct says_arg[]){__VA_ARGS__},                  \
                      sizeof((const struct says_arg[]){__VA_ARGS__}) / sizeof(struct says_arg))
void check_worsen_args(struct check_run *run, enum check_outcome outcome, enum says code,
                       const struct says_arg *args, size_t count);
/* Appends what a library or the system says of it. */
void check_detail(struct check_run *run, const char *text);
/* Sets the result to why the system refused: not connected, or the check could not run. */
void check_say_errno(struct check_run *run, enum check_outcome outcome, double value, int error);

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
