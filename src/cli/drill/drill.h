/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_DRILL_DRILL_H
#define CANH_CLI_DRILL_DRILL_H
/* canh drill */
#include "cli/app.h"

extern const struct verb verb_drill;

#endif
