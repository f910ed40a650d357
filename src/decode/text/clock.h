/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_CLOCK_H
#define CANH_DECODE_TEXT_CLOCK_H
/*
 * Times as log lines write them. Each reader looks at the start of the text and returns how many
 * bytes the time takes, 0 when there is none.
 *
 * A time without a zone is given as if it were UTC, `zoned` false. Names of zones other than UTC,
 * GMT and Z mean many things and count as none.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"
#include "decode/decoder.h"

struct clock_time {
    int64_t t; /* TIME_NONE: no year could be found, or it is one that no time can say */
    bool zoned;
    uint8_t digits; /* of fraction */
};

/* [yyyy ]Mmm dd [yyyy] hh:mm:ss[.fraction][ zone][ yyyy], RFC 3164 and what devices make of it. */
size_t clock_bsd(struct slice s, const struct decode_context *context, struct clock_time *ret);
/* yyyy-mm-dd or yyyy/mm/dd or yyyy.mm.dd, then T or blank, hh:mm:ss[.,fraction][[ ]zone]. */
size_t clock_iso(struct slice s, struct clock_time *ret);
/* dd/Mmm/yyyy:hh:mm:ss ±hhmm, of web servers; also dd-Mmm-yyyy hh:mm:ss[.fraction] of bind. */
size_t clock_clf(struct slice s, struct clock_time *ret);
/* Www Mmm dd hh:mm:ss[.fraction] yyyy. */
size_t clock_ctime(struct slice s, struct clock_time *ret);
/* mm/dd/yyyy hh:mm:ss[.fraction] AM or PM, of Splunk and of programs set to American English. */
size_t clock_us(struct slice s, struct clock_time *ret);
/* Seconds since 1970 with an optional fraction. */
size_t clock_epoch(struct slice s, struct clock_time *ret);

#endif
