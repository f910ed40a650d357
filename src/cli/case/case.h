/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_CASE_CASE_H
#define CANH_CLI_CASE_CASE_H
/* canh case: what its files share. */
#include "cli/app.h"

extern const struct verb verb_case, verb_case_report;

#endif
