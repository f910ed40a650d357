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

enum form_judged_how {
    FORM_JUDGED_OVER,  /* over a limit */
    FORM_JUDGED_OPEN,  /* not finished */
    FORM_JUDGED_BLANK, /* not answered */
};

/* How a field stands; of a repeated group the worst row counts. */
struct form_judged {
    uint32_t field;
    enum form_judged_how how;
    unsigned severity; /* of FORM_JUDGED_OVER: 1 green … 4 red */
};

struct form_judgement {
    /* Those that are not simply answered, in the order of the form. */
    const struct form_judged *fields;
    uint32_t field_count;
    const struct form_occurrence *events;
    uint32_t event_count;
};

/*
 * findings as form_check() gave them (problems among them are passed over). Events without their
 * moment are left out. At most FORM_ROWS_MAX events. Memory of the arena; -CE_NOMEM.
 */
CANH_MUST_USE int form_judge(const struct form *f, const struct answers *a,
                             const struct form_problem *findings, uint32_t count,
                             struct arena *arena, struct form_judgement *ret, struct err *err);

#endif
