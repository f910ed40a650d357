/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ROSTER_SPAN_TEXT_H
#define CANH_ROSTER_SPAN_TEXT_H
/* Times of shifts as people write them, local. */
#include "base/buf.h"

/* Appends 23/11/2026 07:30. */
void duty_time_write(struct buf *out, int64_t t, int offset_s);
/* Appends 23/11/2026 07:30–19:30, with the second day only where it differs. */
void duty_span_write(struct buf *out, int64_t from, int64_t until, int offset_s);
/* Appends the end of something: 24:00 of a day rather than 00:00 of the next. */
void duty_end_write(struct buf *out, int64_t t, int offset_s);

#endif
