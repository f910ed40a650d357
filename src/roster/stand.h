/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ROSTER_STAND_H
#define CANH_ROSTER_STAND_H
/*
 * A planned shift beside what is known of it: whether it is stood, late, silent, handed over or
 * missed; and who is to be told when nobody takes it. Pure: facts and the present are given.
 */
#include "roster/shift.h"
#include "roster/terms.h"

enum duty_standing {
    DUTY_EXPECTED, /* not begun, or begun so lately that nobody is to be told */
    DUTY_LATE,     /* begun, taken by nobody: the ladder runs */
    DUTY_ON,       /* taken */
    DUTY_SILENT,   /* taken, but the sign of life that is due at night did not come */
    DUTY_OVERDUE,  /* past its end, taken, neither checked out of nor handed over */
    DUTY_LEFT,     /* checked out of, without a handover signed by both */
    DUTY_HANDED,   /* handed over */
    DUTY_MISSED,   /* over, and nobody took it */
    DUTY_STANDING_MAX
};
/* expected, late, on … */
const char *duty_standing_to_str(enum duty_standing s);

/* What is known: zeroed when nothing is. */
struct duty_deed {
    int64_t in_at, out_at; /* 0: not */
    bool handed;
    const int64_t *marks; /* signs of life, ascending */
    size_t mark_count;
};

struct duty_stand {
    enum duty_standing standing;
    int64_t late_by;           /* taken so long after the beginning, or not yet taken for so long */
    int64_t last_sign;         /* check-in or mark; 0: none */
    uint32_t signs_due, signs; /* whole intervals of the night up to now; those with a sign */
};

/* every: the interval in which signs of life are due at night; 0: none are. */
struct duty_stand duty_stand_of(const struct duty_shift *shift, const struct duty_deed *deed,
                                const struct duty_terms *terms, int64_t every, int offset_s,
                                int64_t now);

/* How much of [from, until) lies in hours of the week. */
int64_t duty_time_in(const struct hours *h, int offset_s, int64_t from, int64_t until);

/* A step of the ladder of one shift. */
struct duty_call {
    enum duty_tell tell;
    int64_t at;   /* due from here on */
    bool due;     /* at has come */
    bool reaches; /* somebody is there to be told; else the next step takes its time */
};

/*
 * The ladder of a shift that nobody has taken, all its steps, into ret (DUTY_STEPS_MAX). has says
 * by enum duty_tell whether there is anybody to tell. Nothing when the shift is taken or not begun.
 */
size_t duty_calls(const struct duty_shift *shift, const struct duty_deed *deed,
                  const struct duty_terms *terms, const bool has[DUTY_TELL_MAX], int64_t now,
                  struct duty_call *ret);

#endif
