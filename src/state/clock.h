/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_CLOCK_H
#define CANH_STATE_CLOCK_H
/*
 * What a person says of the machine's clock, and what that means for times that were written under
 * it. How the clock is judged before a write stands in state_clock_rules (state.h).
 */
#include "state/state.h"

/* Whether a write would be refused, or is marked, because of the clock; why, in *ret_why. */
bool state_clock_doubtful(struct state *s, struct err *ret_why);
/*
 * "The clock was wrong from … until …": an entry of the audit that mends what was written under it.
 * Nothing is rewritten; times of that span are shown with a mark, and later ones are measured by
 * the present clock again. -CE_RANGE when entries outside the span are later than now. ADMIN.
 */
CANH_MUST_USE int state_clock_mend(struct state *s, const struct state_actor *a, int64_t from,
                                   int64_t until, struct err *err);
/* What was said later of a time that the clock showed. */
enum state_clock_mark {
    STATE_CLOCK_SAID_NOTHING,
    STATE_CLOCK_SAID_MENDED, /* it was not wrong, but a warning of that time is settled */
    STATE_CLOCK_SAID_WRONG,
};
enum state_clock_mark state_clock_mark_of(struct state *s, int64_t at);
/*
 * How a time is told: "wrong" when that was said of it; "doubtful" when a warning was written with
 * it (doubtful) that nothing said later has settled; else "".
 */
const char *state_clock_word(struct state *s, int64_t at, bool doubtful);

#endif
