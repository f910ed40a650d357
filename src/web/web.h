/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_WEB_WEB_H
#define CANH_WEB_WEB_H
/*
 * The console: pages and API over HTTPS, one more face of the acts in the rooms. Made, then served
 * at one address or two. In the owner's event loop: poll desk_web_fd(), call desk_web_run() when it
 * is ready and after desk_web_wait() milliseconds. docs/console.md describes it.
 */
#include "base/err.h"
#include "base/ip.h"
#include "control/search.h"
#include "net/tls.h"
#include "state/state.h"

struct bundle;
struct control_job;
struct desk_web;

/* What is in a log that was handed in: a row a rule, the worst first. */
struct desk_scan_row {
    int32_t level; /* 1 … 5 */
    struct slice title, title_vi, advice, advice_vi, description, rule, host;
    uint64_t count;
    int64_t first, last; /* TIME_NONE: no time */
};
struct desk_scan_report {
    bool failed; /* nothing is known */
    uint64_t events, logs, alerts, unreadable, damaged;
    const struct desk_scan_row *rows;
    uint32_t row_count;
};
typedef void desk_scanned(void *u, const struct desk_scan_report *report);

/* A file that was handed in, read apart from everything else: its workbook as bytes
 * (office/workbook_wire.h), or the photograph alone; else why not, in both languages. A list as
 * bytes (office/grid_wire.h) becomes the workbook that Excel opens. */
enum desk_file_kind {
    DESK_TABLE,
    DESK_PICTURE,
    DESK_SHEET,
    DESK_REPORT_VI, /* a log becomes a page about what is in it */
    DESK_REPORT_EN,
    DESK_PDF, /* a paper as bytes is drawn (office/paper_wire.h) */
    DESK_ODT,
    DESK_LETTER, /* an official letter becomes bytes (office/doctext_wire.h) */
    DESK_RULES   /* an archive of rules becomes bytes (office/bundle_wire.h), tried */
};
struct desk_file {
    bool failed;
    struct slice bytes;
    struct slice vi, en; /* of failed; perhaps empty */
    int fd;              /* of a photograph: it alone, open; closed behind the call */
};
typedef void desk_file_read(void *u, const struct desk_file *file);

/* Where people open the console: all empty where that is not told. */
struct desk_web_site {
    struct slice url;    /* https://canh.example/watch, without a slash at its end */
    struct slice origin; /* https://canh.example */
    struct slice prefix; /* /watch */
};

struct desk_web_options {
    struct state *state;              /* the desk's own, for writing; borrowed */
    struct desk_web_site site;        /* borrowed */
    void (*sources_changed)(void *u); /* after a suppression began or ended; NULL: nobody asks */
    /* Reads a log apart from everything else and calls fn with what is in it, perhaps at once.
     * NULL: not here. */
    int (*scan)(void *u, struct slice bytes, desk_scanned *fn, void *fn_u, struct err *err);
    /* The same for other files. */
    int (*read)(void *u, enum desk_file_kind kind, struct slice bytes, desk_file_read *fn,
                void *fn_u, struct err *err);
    /* What acts on the node itself are given (control/act.h); NULL: no node runs. */
    int (*doctor)(void *u, struct control_job *job, struct err *err);
    int (*node)(void *u, unsigned part, struct control_job *job, struct err *err);
    /* Keeps a collection of rules, in another thread; then the node takes them up. */
    int (*rules_put)(void *u, const struct bundle *b, struct slice name, bool fewer,
                     struct err *err);
    int (*reload)(void *u, bool fewer, struct err *err);
    int (*issue)(void *u, struct buf *cert, struct buf *key, uint8_t hash[32], struct err *err);
    void *u;                   /* of all of these */
    const char *scratch;       /* a folder for trial restores; NULL: no backups are made here */
    struct search_host search; /* at the journal; begin NULL: there is none here */
    unsigned streams;          /* of events at one time; 0: 512 */
    void (*due)(void *u);      /* desk_web_run() is, though desk_web_fd() does not say so; NULL */
    /* desk_web_writes() is over. NULL: nobody else writes */
    void (*wrote)(void *u);
    const char *first_link; /* the file of `canh user first`: goes when its link was used; NULL */
};

/* Where it is served; everything borrowed but the socket. */
struct desk_web_listener {
    int fd;                      /* bound and listening; taken, also when that fails */
    const struct tls_files *tls; /* read here; NULL: plain HTTP */
    bool tls_1_2;
    bool proxied;             /* a Unix socket for reverse proxies */
    const struct ip *proxies; /* others that are believed for whom they ask; outlive the console */
    size_t proxy_count;
};

CANH_MUST_USE int desk_web_new(struct desk_web **ret, const struct desk_web_options *opt,
                               struct err *err);
/* Serves it here, too, at DESK_WEB_LISTENERS places at most. */
enum { DESK_WEB_LISTENERS = 2 };
CANH_MUST_USE int desk_web_serve(struct desk_web *w, const struct desk_web_listener *at,
                                 struct err *err);
/* Returns NULL. */
struct desk_web *desk_web_free(struct desk_web *w);
int desk_web_fd(const struct desk_web *w);
int desk_web_wait(struct desk_web *w);
void desk_web_run(struct desk_web *w);
/* An import writes, beside the loop: what else writes into the state would stand still until it is
 * over, and so waits for wrote(). Requests that write are held by the console itself. */
bool desk_web_writes(const struct desk_web *w);
/* How many of them were since the beginning. */
uint64_t desk_web_held(const struct desk_web *w);

/*
 * Something of a unit was committed: who looks at it and may read it is told within the turn.
 * what is constant text ("alert", "shift"); row may be none.
 */
void desk_web_changed(struct desk_web *w, const char *what, struct state_id unit,
                      struct state_id row);

#endif
