/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ROSTER_ICS_H
#define CANH_ROSTER_ICS_H
/*
 * A post's duty as an iCalendar object (RFC 5545): one VEVENT per shift (shift.h), in UTC, with its
 * person as ATTENDEE. Lines end in CRLF and are folded at 75 octets between characters; text is
 * escaped (§3.3.11), control characters are left out. UIDs depend on the post and the beginning
 * alone (of those that begin together on their order), so that importing twice updates.
 *
 * What only canh reads, so that canh import roster gives the same roster back: X-CANH-SHIFT (the
 * shift's name), X-CANH-POSITION (first, deputy …), X-CANH-VIA (the post that covers).
 */
#include "base/buf.h"
#include "roster/roster.h"

/* Names for numbers. Each returns a slice that lives at least until the next call. */
struct duty_names {
    struct slice (*person)(void *u, uint32_t person);
    struct slice (*post)(void *u, uint32_t post);
    void *u;
    /* A URI that names the person wherever canh reads it again; NULL: none. */
    struct slice (*person_id)(void *u, uint32_t person);
};

struct duty_ics {
    struct slice id;      /* of the post: letters, digits and hyphens; the stem of UIDs */
    struct slice on_call; /* the words after a name: "at home"; may be empty */
    struct slice via;     /* the words before a covering post: "covered by" */
    int64_t now;          /* DTSTAMP */
};

/* Appends the calendar of the shifts that overlap [from, until), whole. 0 or out->err. */
CANH_MUST_USE int duty_ics_write(struct buf *out, const struct duty_plan *plan, uint32_t post,
                                 int64_t from, int64_t until, const struct duty_names *names,
                                 const struct duty_ics *ics);

/* The names of a span's people in order: "An, Bình (at home)". Used by every view. */
void duty_write_people(struct buf *out, const struct duty_on *on, const struct duty_names *names,
                       const struct duty_ics *words);

#endif
