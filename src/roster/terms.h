/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ROSTER_TERMS_H
#define CANH_ROSTER_TERMS_H
/*
 * How duty is stood, as data (plans/duty.yaml): the ladder of a shift that nobody takes, the
 * night, how early a shift can be taken, from when on an entry counts as typed in later.
 */
#include "base/arena.h"
#include "base/time.h"
#include "roster/hours.h"

enum { DUTY_STEPS_MAX = 16 };

/* Somebody must be told so long after a shift began that nobody has taken. */
enum duty_tell { DUTY_TELL_PERSON, DUTY_TELL_DEPUTY, DUTY_TELL_HEAD, DUTY_TELL_HUB, DUTY_TELL_MAX };
struct duty_step {
    int32_t minutes;
    enum duty_tell tell;
};

struct duty_terms {
    struct duty_step ladder[DUTY_STEPS_MAX]; /* by minutes, ascending */
    size_t step_count;
    struct hours night;
    int64_t mark_grace, early, typed_later, night_turn; /* nanoseconds */
};

/* Reads the file's text. Everything is required; err has line and column. */
CANH_MUST_USE int duty_terms_parse(struct slice yaml, struct duty_terms *ret, struct err *err);
/* The hours of the night as the file writes them, in the arena; empty: it cannot be read. */
struct slice duty_terms_night(struct slice yaml, struct arena *arena);

#endif
