/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_PEOPLE_PEOPLE_H
#define CANH_CLI_PEOPLE_PEOPLE_H
/* Who is in the state: units, people, assets, contacts, accounts. */
#include "cli/option.h"

extern const struct verb verb_user, verb_contact, verb_lists;

#endif
