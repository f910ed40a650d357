/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_PRINT_DUTY_H
#define CANH_CLI_PRINT_DUTY_H
/*
 * The papers of duty: one file a paper; what they share.
 */
#include "cli/duty/duty.h"
#include "cli/print/print.h"

struct duty_print_options {
    struct paper_options sheet;
    const char *post, *from, *until;
    int64_t rows;
    bool phones, masked, blank;
};

/* A paper being made of a unit's duty. */
struct duty_print {
    struct paper_work s;
    struct duty_run r;
    struct duty_where asked;
    const struct duty_print_options *o;
    int64_t from, until;
};

#endif
