/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_SCAN_SCAN_H
#define CANH_CLI_SCAN_SCAN_H
/*
 * canh scan: what a person sees of detect/scan.h. The table, the summary, progress, notes on
 * standard error; and a scan for other verbs that only want its result.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/zone.h"
#include "cli/app.h"
#include "cli/rules/load.h"
#include "cli/scan/scope.h"
#include "detect/scan.h"

struct scan_options {
    struct load_options load; /* first */
    const char *output;
    const char *zone; /* for times in the table */
    struct option_list input_zones;
    const char *format;        /* of the logs */
    const char *password_file; /* of archives */
    int64_t threads;           /* 0: as many as there are processors */
    int64_t spill_max;         /* MiB; 0: the default */
    struct scope_options scope;
    const char *suppress;         /* file */
    const char *html, *navigator; /* files */
    bool timeline, timesketch, xlsx, tree, pivot;
    bool json, csv, original, details, recover, duplicates, quiet, no_progress;
};

enum { SCAN_PLACES = 3, SCAN_PLACES_DETAILS = 1000 };

enum { SCAN_PASSWORDS_MAX = 100 };

/* Of archives, one a line of a file; borrowed from text. */
struct scan_passwords {
    struct buf text;
    const char *items[SCAN_PASSWORDS_MAX];
    uint32_t count;
};

/* A scan being shown. */
struct scan_view {
    struct app *app;
    const struct scan_options *options;
    struct loaded loaded;
    struct paths inputs;
    struct scan_passwords passwords;
    enum scan_format format;
    struct out *out; /* where alerts go: standard output or --output */
    struct scan_result result;
    bool interrupted;
    struct arena zones;
    struct zone zone;              /* of times in the table */
    struct path_zone *input_zones; /* of times in the logs that name none */
    const struct format *as;       /* what logs are read as; NULL: what their content says */
    uint64_t bytes_total;          /* 0: unknown */
    bool progress_on;
    int64_t progress_drawn;
    unsigned notes_shown;           /* on standard error */
    struct buf places[TROUBLE_MAX]; /* first few, one a line with the reason */
    uint32_t place_count[TROUBLE_MAX];
    bool skip; /* the output is a file: skip_dev, skip_ino */
    dev_t skip_dev;
    ino_t skip_ino;
    bool apart;                   /* as in scan_request */
    const struct scan_keep *keep; /* as in scan_request, these four */
    const struct scan_scope *scope;
    bool no_match;
    /* called for every match, in input order; may be NULL */
    void (*on_match)(void *ctx, const struct scan_file *file, uint32_t rule);
    /* where alerts (SCAN_KEPT), kept bytes and ends of files go; may be NULL */
    bool (*take)(void *ctx, struct slice records);
    bool (*kept)(void *ctx, const struct scan_file *file, struct slice bytes);
    void (*file_end)(void *ctx, const struct scan_file *file, const struct scan_file_end *end);
    void *ctx;
};

/*
 * Scans v->inputs; app, options, loaded and out must be set. v->result holds what was found; 0 or
 * an exit status, said on standard error. scan_view_done() in any case.
 */
CANH_MUST_USE int scan_view_run(struct scan_view *v);
void scan_view_done(struct scan_view *v);

/* Reads the file; path may be NULL. 0, or an exit status, said on standard error. */
CANH_MUST_USE int scan_read_passwords(struct app *app, const char *path,
                                      struct scan_passwords *ret);

/* --zone, --input-zone and --format, of the view's options. 0 or an exit status, said. */
CANH_MUST_USE int scan_read_times(struct scan_view *v);

/* Where alerts go: standard output, or path (may be NULL), which a scan then passes over; closing
 * writes what is left. Each 0 or an exit status, said. */
CANH_MUST_USE int scan_open_output(struct scan_view *v, const char *path, struct out *to);
CANH_MUST_USE int scan_close_output(struct scan_view *v, struct out *to, int status);
/* The exit status whatever was found: 0 all was read, else what went wrong. */
CANH_MUST_USE int scan_status(const struct scan_view *v);

/* The table of rules found, and the closing summary. */
void scan_write_table(struct scan_view *v, struct buf *out);
void scan_write_summary(struct scan_view *v, struct buf *out);

/* Appends what a note says, without its place. */
void scan_write_note(struct buf *out, enum lang lang, const struct scan_note *note);
/* Appends a number of bytes, rounded: 1.5 MB. */
void scan_write_bytes(struct buf *out, enum lang lang, double v);
/* Draws progress on standard error; NULL wipes it. */
void scan_progress_draw(struct scan_view *v, const struct scan_progress *progress);

extern const struct verb verb_scan;

#endif
