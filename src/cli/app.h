/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_APP_H
#define CANH_CLI_APP_H
/*
 * What every verb needs of the program: language, output, terminal, and one way to say that
 * something is wrong. Used from one thread.
 */
#include <stdbool.h>
#include <sysexits.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "cli/option.h"
#include "cli/out.h"
#include "lang/lang.h"

/* Exit statuses besides sysexits. */
enum { EXIT_FINE = 0, EXIT_FOUND = 1 };

struct app {
    const char *name; /* "canh scan" */
    enum lang lang;
    struct out out; /* standard output */
    bool out_tty, err_tty;
    bool colour; /* on standard output */
    bool clock_is_right;
    unsigned columns;   /* of the terminal; 0 when standard output is none */
    bool progress_line; /* standard error ends in an unfinished line */
    struct buf line;
    const struct verb *root;
};

/* Looks at the environment and the terminal. */
void app_init(struct app *app, enum lang lang);
void app_done(struct app *app);

/* The empty buffer that app_print() fills. */
struct buf *app_line(struct app *app);
/* Writes the line to standard error, with the program's name before it and nothing in it that a
 * terminal would act on. */
void app_print_line(struct app *app);
/* The same without the program's name before it: a finding about a file, not a complaint. */
void app_print_bare(struct app *app);

/* One line on standard error: app_print(app, MSG_SCAN_UNREADABLE, path, reason) */
#define app_print(app, id, ...)                                                                    \
    (lang_write(app_line(app), (app)->lang, id, ##__VA_ARGS__), app_print_line(app))
/* The same for a usage error; returns EX_USAGE. */
#define app_usage(app, id, ...) (app_print(app, id, ##__VA_ARGS__), EX_USAGE)
/* Says what err says (file:line:col: message); returns the exit status that fits. */
int app_fail(struct app *app, const char *path, const struct err *err);
/* The sysexits status of an error. */
int app_status(const struct err *err);

/* Says where a verb has written: the path, unless it is /dev/stdout and the like, into which the
 * name does not belong. */
void app_saved(struct app *app, const char *path);

/* Whether a file may be named so: refuses the endings of formats that canh knows and that are not
 * among those of what is written (".pdf .odt"). 0, or EX_USAGE, said. */
int app_check_ending(struct app *app, const char *path, const char *endings);

#endif
