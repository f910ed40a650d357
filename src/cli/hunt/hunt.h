/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_HUNT_HUNT_H
#define CANH_CLI_HUNT_HUNT_H
/*
 * What canh logons, find and stats have in common: a scan that looks at events (detect/scan.h), its
 * options, where its tables go.
 */
#include "cli/scan/scan.h"
#include "hunt/list.h"
#include "hunt/session.h"
#include "lang/msg_hunt.h"
#include "lang/msg_scan.h"

struct hunt_options {
    struct scan_options scan; /* first */
    int64_t limit;            /* rows of a table on a terminal; 0: all */
};

#define HUNT_OPTIONS(type, field)                                                                  \
    OPTION_FLAG("json", 'j', type, field.scan.json, MSG_HUNT_OPT_JSON),                            \
        OPTION_FLAG("csv", 0, type, field.scan.csv, MSG_HUNT_OPT_CSV),                             \
        OPTION_FLAG("xlsx", 0, type, field.scan.xlsx, MSG_HUNT_OPT_XLSX),                          \
        OPTION_NUMBER("limit", 'n', type, field.limit, "N", 0, 500, MSG_HUNT_OPT_LIMIT),           \
        HUNT_INPUT_OPTIONS(type, field)

#define HUNT_INPUT_OPTIONS(type, field)                                                            \
    OPTION_TEXT("output", 'o', type, field.scan.output, "FILE", COMPLETE_FILE,                     \
                MSG_HUNT_OPT_OUTPUT),                                                              \
        SCOPE_OPTIONS(type, field.scan.scope),                                                     \
        OPTION_TEXT("archive-password-file", 0, type, field.scan.password_file, "FILE",            \
                    COMPLETE_FILE, MSG_SCAN_OPT_ARCHIVE_PASSWORD_FILE),                            \
        OPTION_NUMBER("spill-max", 0, type, field.scan.spill_max, "MIB", 1, 1 << 20,               \
                      MSG_HUNT_OPT_SPILL_MAX),                                                     \
        OPTION_NUMBER("threads", 't', type, field.scan.threads, "N", 0, SCAN_THREADS_MAX,          \
                      MSG_SCAN_OPT_THREADS),                                                       \
        OPTION_TEXT("format", 'f', type, field.scan.format, "NAME", COMPLETE_NONE,                 \
                    MSG_SCAN_OPT_FORMAT),                                                          \
        OPTION_LIST("input-zone", 0, type, field.scan.input_zones, "[PATH=]ZONE", COMPLETE_NONE,   \
                    MSG_SCAN_OPT_INPUT_ZONE),                                                      \
        OPTION_TEXT("zone", 'z', type, field.scan.zone, "±HH:MM", COMPLETE_NONE,                   \
                    MSG_HUNT_OPT_ZONE),                                                            \
        OPTION_FLAG("quiet", 'q', type, field.scan.quiet, MSG_SCAN_OPT_QUIET),                     \
        OPTION_FLAG("no-progress", 0, type, field.scan.no_progress, MSG_SCAN_OPT_NO_PROGRESS)

enum { HUNT_LIMIT = 40, HUNT_SPILL = 2048 };

/* A verb at work. */
struct hunt_run {
    struct app *app;
    const struct hunt_options *options;
    struct scan_view view;
    struct scan_scope scope;
    struct hunt_session session;
    struct out file; /* --output; fd -1: standard output */
};

/*
 * Reads the options; loads what events are asked for; opens the output and scans. view.keep and the
 * like are the caller's, before hunt_scan(). Each 0 or an exit status, said; hunt_close() in any
 * case.
 */
CANH_MUST_USE int hunt_open(struct hunt_run *x, struct app *app, const struct hunt_options *options,
                            struct paths inputs);
CANH_MUST_USE int hunt_load(struct hunt_run *x, const struct load_names *names);
CANH_MUST_USE int hunt_scan(struct hunt_run *x);
int hunt_close(struct hunt_run *x, int status);

/* A list that goes where the output does. */
struct list_request hunt_list(struct hunt_run *x);
/* The closing summary, on standard error, and the exit status: found says whether there was any. */
CANH_MUST_USE int hunt_status(struct hunt_run *x, bool found);

extern const struct verb verb_logons, verb_find, verb_stats;

#endif
