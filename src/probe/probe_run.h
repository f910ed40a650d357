/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PROBE_PROBE_RUN_H
#define CANH_PROBE_PROBE_RUN_H
/*
 * What a kind of check works with. Only for this room.
 */
#include <stdint.h>

#include "check/check.h"
#include "check/result_text.h"

struct probe_run {
    const struct check_kind *kind;
    const char *target;
    const char *values[CHECK_PARAM_COUNT_MAX]; /* by index in kind->params; NULL: absent */
    int64_t deadline;                          /* monotonic clock */
    struct check_result *result;
};

/* The value of a parameter, its fallback, or NULL. */
const char *probe_text(const struct probe_run *run, const char *name);
/* The same as a number; the fallback must be one. Was validated. */
double probe_number(const struct probe_run *run, const char *name);
/* Milliseconds left, at least 1. */
long probe_time_left_ms(const struct probe_run *run);

/*
 * Sets the result to one saying with its arguments:
 *     probe_report(run, CHECK_OK, ms, RESULT_PAGE, RESULT_NUMBER(status, 0), RESULT_NUMBER(ms, 0));
 */
#define probe_report(run, outcome, value, code, ...)                                               \
    probe_report_args(run, outcome, value, code, (const struct result_arg[]){__VA_ARGS__},         \
                      sizeof((const struct result_arg[]){__VA_ARGS__}) /                           \
                          sizeof(struct result_arg))
void probe_report_args(struct probe_run *run, enum check_outcome outcome, double value,
                       enum result_text code, const struct result_arg *args, size_t count);
/* Makes a result worse, and says why behind what it said; a better outcome changes nothing. */
#define probe_worsen(run, outcome, code, ...)                                                      \
    probe_worsen_args(run, outcome, code, (const struct result_arg[]){__VA_ARGS__},                \
                      sizeof((const struct result_arg[]){__VA_ARGS__}) /                           \
                          sizeof(struct result_arg))
void probe_worsen_args(struct probe_run *run, enum check_outcome outcome, enum result_text code,
                       const struct result_arg *args, size_t count);
/* Appends what a library or the system says of it. */
void probe_detail(struct probe_run *run, const char *text);
/* Sets the result to why the system refused: not connected, or the check could not run. */
void probe_report_errno(struct probe_run *run, enum check_outcome outcome, double value, int error);

int64_t probe_monotonic(void);
double probe_ms_since(int64_t start);

/* What runs each kind of check/kind.c: its name, and <second>() of a file here. */
#define PROBES(X)                                                                                  \
    X("http", probe_run_http)                                                                      \
    X("smtp", probe_run_mail)                                                                      \
    X("imap", probe_run_mail)                                                                      \
    X("tcp", probe_run_tcp)                                                                        \
    X("dns", probe_run_dns)                                                                        \
    X("icmp", probe_run_icmp)                                                                      \
    X("backup-file", probe_run_backup_file)                                                        \
    X("nagios", probe_run_nagios)

#define X(name, run) void run(struct probe_run *);
PROBES(X)
#undef X

#endif
