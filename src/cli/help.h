/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_HELP_H
#define CANH_CLI_HELP_H
/* What the rows of verbs tell of themselves: --help and completion. */
#include "cli/app.h"

/* Prints --help of the verb at the end of the path. */
void help_print(struct app *app, const struct command_line *c);
/* Appends the bash completion script for the tree of verbs. */
void completion_bash(struct buf *out, const struct verb *root);

extern const struct verb verb_completion;

#endif
