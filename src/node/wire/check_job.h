/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_WIRE_CHECK_JOB_H
#define CANH_NODE_WIRE_CHECK_JOB_H
/*
 * One run of a check, from the desk's timetable to canh-check:
 *
 *     check, unit (16 bytes each)   text kind, target, parameters, station   i64 timeout
 */
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

struct check_job {
    uint8_t check[16], unit[16];
    struct slice kind, target, params;
    struct slice station; /* the name of this machine */
    int64_t timeout;
};

void check_job_write(struct buf *out, const struct check_job *x);
/* Slices borrow from bytes. -CE_PEER: it is none. */
CANH_MUST_USE int check_job_read(struct slice bytes, struct check_job *ret, struct err *err);

#endif
