/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_FORM_FILL_H
#define CANH_CLI_FORM_FILL_H
/*
 * canh form fill: what is being filled in. fill.c takes it from the command line and sends it,
 * ask.c asks for it question by question on a terminal.
 */
#include "cli/form/form.h"

enum { PHOTOS_MAX = 50 };

struct fill_options {
    struct form_about about;
    struct option_list set;
    bool nothing, carry, backfilled, replace, not_classified;
};

/* What is being filled in: what stands, then what is offered, then what is typed over them. */
struct fill_job {
    struct form_job *f;
    const struct fill_options *o;
    struct record_photo photos[PHOTOS_MAX];
    size_t photo_count;
    struct answers a;
    const struct answers *now, *before;
    struct state_submission standing;
    int year;
};

void fill_set(struct fill_job *k, const struct answer *x);
/* One value as typed; 0 or an exit status that was said. */
CANH_MUST_USE int fill_answer(struct fill_job *k, uint32_t field, uint32_t row, struct slice text);
/* Every question of the form; EX_TEMPFAIL at the end of input. */
CANH_MUST_USE int fill_ask_all(struct fill_job *k);
/* Asks again for what cannot be accepted yet; false when there is nothing to ask. */
bool fill_ask_again(struct fill_job *k, const struct record_sent *s);

#endif
