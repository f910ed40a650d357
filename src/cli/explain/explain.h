/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_EXPLAIN_EXPLAIN_H
#define CANH_CLI_EXPLAIN_EXPLAIN_H
/* canh explain: why a rule holds for an event, or does not. */
#include "cli/option.h"

struct app;
struct generation;

struct explain_correlations_options {
    bool json, all;
};

/* Which events of the log make each correlation of the generation alert, or how far they came. 0 or
 * an exit status, said; *ret_found is set when one does. */
CANH_MUST_USE int explain_correlations(struct app *app, struct generation *generation,
                                       const char *path,
                                       const struct explain_correlations_options *options,
                                       bool *ret_found);

extern const struct verb verb_explain;

#endif
