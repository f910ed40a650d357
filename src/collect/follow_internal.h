/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_COLLECT_FOLLOW_INTERNAL_H
#define CANH_COLLECT_FOLLOW_INTERNAL_H
/* Between finding what is to be read (follow.c) and making records of it (follow_record.c). */
#include "collect/follow.h"

/* Whether a whole record is there. */
bool follow_has_record(const struct follow *f);
/* A record of several lines is there and may go on. */
bool follow_waits(const struct follow *f);
/* Nothing is written behind what was read: a line that has no end ends there. False: there is none.
 */
bool follow_end_line(struct follow *f);

#endif
