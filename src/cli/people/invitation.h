/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_PEOPLE_INVITATION_H
#define CANH_CLI_PEOPLE_INVITATION_H
/*
 * The link by which somebody sets their password, and what whoever opens it should know. p is where
 * the node lives; NULL: in this machine's usual folder.
 */
#include "cli/app.h"
#include "config/place.h"

/* Appends where people open the console, where canh.conf tells. */
void invitation_write_site(struct buf *out);
/* Appends the whole address. */
void invitation_write(struct buf *out, const struct place *p, struct slice secret);
/* Prints it with its hints. */
void invitation_describe(struct app *app, const struct place *p, struct slice secret);
/* Prints who can open it, by which fingerprint its certificate is known, and that nothing serves it
 * where that is so. */
void invitation_hint(struct app *app, const struct place *p);

#endif
