/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CHECK_CHECK_H
#define CANH_CHECK_CHECK_H
/*
 * What a kind of check is: a web page, a mail server, a backup file, a Nagios plugin, each a row;
 * what its target and parameters may be; what its result holds. Pure: probe/ runs them.
 *
 * A target is text by kind:
 *   http         http(s)://host[:port]/path
 *   tcp          host:port
 *   dns          name, asked of the system's resolver
 *   smtp, imap   host[:port]; STARTTLS (smtp 25, imap 143) or TLS at once (465, 993)
 *   icmp         host
 *   backup-file  path; the newest match when it holds * in its last part
 *   nagios       command and arguments, split at blanks; no shell
 *
 * Parameters are `name=value` pairs separated by blanks or line breaks; a value may stand in
 * double quotes. check_kinds lists those each kind knows; an unknown one is an error.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

enum check_outcome {
    CHECK_OK = 1,
    CHECK_WARNING = 2,
    CHECK_CRITICAL = 3,
    CHECK_NO_ANSWER = 4, /* the check itself could not run: says nothing of its target */
};

enum {
    CHECK_TARGET_MAX = 2048,
    CHECK_PARAMS_MAX = 4096,
    CHECK_TEXT_MAX = 900,
    CHECK_PARAM_COUNT_MAX = 12,
    CHECK_HOST_MAX = 256, /* with its zero */
};

struct check_param {
    const char *name;
    const char *fallback; /* value when absent; NULL: none */
};

enum { CHECK_PORTS = 4, CHECK_PREFIXES = 3, CHECK_PROVES = 3 };

/* A port that a kind is known by, and the scheme of URLs there. */
struct check_port {
    unsigned port;
    const char *scheme;
};

/* How what people type tells a kind; keep: it is part of the target. */
struct check_prefix {
    const char *text;
    bool keep;
};

/* What a check reaches, and so what a sandbox must leave it. */
enum check_reach {
    CHECK_REACHES_NETWORK,
    CHECK_REACHES_FOLDER,  /* of its target, a path */
    CHECK_REACHES_PROGRAM, /* the first word of its target, which it starts */
};

/* Everything that differs between kinds, but what runs them: probe/probe.c. */
struct check_kind {
    const char *name;
    unsigned word; /* for people, a text; 0: its name, which is the same everywhere */
    const struct check_param *params; /* ends with a NULL name */
    /* whether a target is well formed (target.h): a URL, a host, a path, a command */
    int (*target)(const struct check_kind *kind, struct slice target, struct err *err);
    enum check_reach reach;
    bool port;                            /* of a host: there is a port; it must be given */
    bool any_port;                        /* what host:port is when no kind is known by the port */
    struct check_port ports[CHECK_PORTS]; /* known by; the first need not be given */
    struct check_prefix prefixes[CHECK_PREFIXES];
    bool login;                              /* user:password@ in its target would be a login */
    unsigned every_minutes, timeout_seconds; /* when nothing is said */
    const char *proves[CHECK_PROVES];        /* words of proof_kinds in plans/catalogue.yaml */
};

/* Ends with a NULL name. */
extern const struct check_kind check_kinds[];

/* NULL: there is none of this name. */
const struct check_kind *check_kind_find(struct slice name);
/* What people type, https://…, smtp://…, host:993, /path, as a kind and its target; NULL: it
 * cannot be told, *ret_target is the text. */
const struct check_kind *check_kind_guess(struct slice text, struct slice *ret_target);
bool check_kind_proves(struct slice name, const char *what);
/* Whether a target holds a user or password: nothing secret belongs in what many may list. */
bool check_has_login(const struct check_kind *kind, struct slice target);

struct check_spec {
    struct slice kind, target, params;
    int64_t timeout; /* nanoseconds, 1 ms .. 5 minutes */
};

struct check_result {
    enum check_outcome outcome;
    int64_t at, took; /* wall clock at the start; nanoseconds */
    double value;     /* what the kind measures: see its file */
    struct buf text;  /* result_text.h; at most CHECK_TEXT_MAX bytes */
};

/* Whether the kind exists and the target and parameters are well formed; nothing is touched. */
CANH_MUST_USE int check_validate(const struct check_spec *spec, struct err *err);

void check_result_done(struct check_result *r);

/* The same, giving the kind and the parameters' values (by index in kind->params, NULL: absent)
 * with their zero-terminated texts in `texts`: for who runs it. */
CANH_MUST_USE int check_prepare(const struct check_spec *spec, const struct check_kind **ret_kind,
                                struct buf *texts, const char **values, struct err *err);
/* A parameter's index; negative: the kind has none of that name. */
int check_param_index(const struct check_kind *kind, struct slice name);
bool check_is_number(const char *text, double *ret);
/*
 * A host as it is looked up: an address as it is, a name of any script in its ASCII form (IDNA
 * 2008). -CE_SYNTAX when it is neither.
 */
CANH_MUST_USE int check_host_ascii(const char *host, char ascii[CHECK_HOST_MAX]);
/* Splits "host", "host:port", "[v6]:port". host has room for 256 bytes. */
CANH_MUST_USE int check_host_port(const char *target, unsigned default_port, char *host,
                                  unsigned *ret_port);

const char *check_outcome_to_str(enum check_outcome outcome);

#endif
