/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_RECORD_LIMITS_H
#define CANH_RECORD_LIMITS_H
/* Limits of a form's fields, and the findings that follow from them. Only for send.c. */
#include "record/send.h"

/* What is wrong with an entry's answers, in words, in the record's arena. */
CANH_MUST_USE int record_check_answers(const struct record *c, const struct record_entry *e,
                                       enum lang lang, const struct form_problem **ret,
                                       uint32_t *ret_count, struct err *err);
/* Opens a finding for each limit that a submission is over, closes those it is within again; both
 * are counted in *ret. */
CANH_MUST_USE int record_follow_limits(const struct record *c, const struct record_entry *e,
                                       const struct state_submission *x, struct record_sent *ret,
                                       struct err *err);

#endif
