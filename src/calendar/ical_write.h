/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CALENDAR_ICAL_WRITE_H
#define CANH_CALENDAR_ICAL_WRITE_H
/*
 * Lines of an iCalendar object (RFC 5545): they end in CRLF and are folded at 75 octets between
 * characters (§3.1); text is escaped (§3.3.11), control characters are left out. Errors stick in
 * out. calendar/ical.h reads what this writes.
 */
#include "base/buf.h"
#include "base/slice.h"

/* One content line as it is, folded. */
void ical_write_line(struct buf *out, struct slice line);
/* NAME:text, escaped. */
void ical_write_text(struct buf *out, const char *name, struct slice text);
/* 20270131T165959Z; with ical_write_stamp() as a line NAME20270131T165959Z, name with its colon. */
void ical_write_time(struct buf *out, int64_t t);
void ical_write_stamp(struct buf *out, const char *name, int64_t t);

#endif
