/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_FORM_JUDGE_H
#define CANH_FORM_JUDGE_H
/*
 * What a form that was accepted says: which fields are over a limit, which are not answered, which
 * speak of something not finished, and what happened. Kept with the submission, so that it is
 * judged by the limits of its day and nobody needs the form again. Pure.
 */
#include "form/form.h"

struct form_occurrence {
    struct slice event;
    int64_t at; /* minutes since 1970-01-01T00:00 local; INT64_MIN: when the period starts */
};

struct form_judgement {
    /*
     * Words separated by spaces, in the order of the fields, of those that are not simply answered:
     * "name=3" over a limit (1 green … 4 red, the worst), "name=open" not finished, "name=-" not
     * answered. Of a repeated group the worst row counts.
     */
    struct slice words;
    const struct form_occurrence *events;
    uint32_t event_count;
};

/*
 * findings as form_check() gave them (problems among them are passed over). Events without their
 * moment are left out. At most FORM_ROWS_MAX events. Memory of the arena; -CE_NOMEM, -CE_TOO_BIG.
 */
CANH_MUST_USE int form_judge(const struct form *f, const struct answers *a,
                             const struct form_problem *findings, uint32_t count,
                             struct arena *arena, struct form_judgement *ret, struct err *err);

/* How a word stands. */
enum judged { JUDGED_OVER, JUDGED_OPEN, JUDGED_BLANK };
/* Cuts the next word off *rest: its field and how it stands; severity 1..4 of JUDGED_OVER. False
 * at the end. Words of another kind are passed over. */
bool judged_next(struct slice *rest, struct slice *ret_field, enum judged *ret,
                 unsigned *ret_severity);

#endif
