/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_PEOPLE_PEOPLE_H
#define CANH_CLI_PEOPLE_PEOPLE_H
/* Who is in the state: units, people, assets, contacts, accounts. */
#include "cli/app.h"
#include "cli/option.h"

extern const struct verb verb_user, verb_login, verb_logout, verb_contact, verb_lists;
/* Of contact. */
extern const struct verb contact_test, contact_answer;

/*
 * The exit status of a verb by which numbers were wanted. Where they are kept from nobody but
 * cannot be shown (a wrong key, a full disk, a damaged state), says where they stand on paper, and
 * what to do.
 */
int directory_or_paper(struct app *app, int status);

#endif
