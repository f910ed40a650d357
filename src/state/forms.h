/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_FORMS_H
#define CANH_STATE_FORMS_H
/*
 * Forms by name and version, submissions, and their values field by field. What a form's YAML
 * means is the form room's business.
 */
#include "state/judged.h"
#include "state/occurred.h"
#include "state/state.h"

/* find: owner none, by name: the newest version. Open to every role. */
struct state_form {
    STATE_ROW;
    struct state_id unit; /* who issues it */
    struct slice name;
    int32_t edition; /* counts from 1; (name, edition) is unique; YAML never changes in place */
    struct slice title;
    struct slice kinds; /* kinds of unit that fill it */
    struct slice yaml;
    int64_t valid_from, valid_to;
};
STATE_THING(form);

enum state_submission_state {
    STATE_SUBMISSION_DRAFT = 1,
    STATE_SUBMISSION_SENT = 2,
    STATE_SUBMISSION_APPROVED = 3,
    STATE_SUBMISSION_RETURNED = 4,
};

/* ref: the form. Time: start..stop of the period. */
struct state_submission {
    STATE_ROW;
    struct state_id unit;
    struct state_id form;
    int64_t start, stop;
    int32_t state; /* enum state_submission_state */
    struct state_id person;
    int64_t sent_at, sent_recorded;
    struct slice how; /* cli, xlsx, web, paper */
    bool nothing;     /* "không phát sinh": said, not left blank */
    bool backfilled;
    struct state_id revises;
    struct state_id approved_by; /* who approved or returned it: never who filled it */
    int64_t approved_at, approved_recorded;
    struct slice note;               /* why it was returned */
    struct state_judgement judged;   /* how its fields stand (judged.h) */
    struct state_occurrences events; /* what happened (occurred.h) */
    struct slice sheet; /* the template that it was typed into, by its own id; or empty */
    bool one_hand;      /* approved by the hand that sent it (identity.h): it stays declared */
};
STATE_THING(submission);

enum state_value_kind {
    STATE_VALUE_BLANK = 0,   /* not answered */
    STATE_VALUE_NOTHING = 1, /* "không phát sinh" */
    STATE_VALUE_NUMBER = 2,
    STATE_VALUE_TEXT = 3,
    STATE_VALUE_TIME = 4, /* in number_i */
};

/* One cell: field × row (0 for fields that do not repeat). */
struct state_value {
    struct slice field;
    int32_t row;
    int32_t kind; /* enum state_value_kind */
    double number;
    int64_t number_i;
    struct slice text;
};

/*
 * Puts a submission and replaces all its values, as one. A sent one is corrected by a new one that
 * revises it: -CE_DENIED otherwise. At most 10,000 values.
 */
CANH_MUST_USE int state_submission_put_all(struct state *s, const struct state_actor *a,
                                           struct state_submission *x,
                                           const struct state_value *values, size_t n,
                                           struct err *err);
CANH_MUST_USE int state_value_list(struct state *s, const struct state_actor *a,
                                   struct state_id submission, struct arena *arena,
                                   struct state_value **ret, size_t *ret_n, struct err *err);
/*
 * The newest sent or approved submission of a form by a unit whose period overlaps [from, to);
 * -CE_NOT_FOUND. What was corrected does not come back when the correction was returned, unless it
 * was approved.
 */
CANH_MUST_USE int state_submission_last(struct state *s, const struct state_actor *a,
                                        struct state_id form, struct state_id unit, int64_t from,
                                        int64_t to, struct arena *arena,
                                        struct state_submission *ret, struct err *err);

#endif
