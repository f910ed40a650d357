/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_PAPER_SAVE_H
#define CANH_CLI_PAPER_SAVE_H
/* A paper that was laid out (papers/, report/) becomes a file. */
#include "cli/app.h"
#include "office/paper.h"

/*
 * Draws and writes a paper: ODT when path ends so, else PDF; "-" is standard output. Says where it
 * is. 0, or the exit status of a failure that was said.
 */
CANH_MUST_USE int paper_save(struct app *app, const struct paper *p, const char *path);

#endif
