/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_CASE_CASE_H
#define CANH_CLI_CASE_CASE_H
/* canh case: what its files share. */
#include "cli/app.h"

extern const struct verb verb_case, verb_case_report, case_team, case_away, case_ask;

/* Drafts a paper of the case NUMBER (initial, progress, closing, situation) into path, which ends
 * in .pdf or .odt. An exit status. */
CANH_MUST_USE int case_report_draft(struct app *app, const char *dir, const char *number,
                                    const char *form, const char *path);

#endif
