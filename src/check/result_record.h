/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CHECK_RESULT_RECORD_H
#define CANH_CHECK_RESULT_RECORD_H
/*
 * One run of a check as it stands in the journal's stream `results`: an object of JSON without
 * nesting, format 1. Fields that a reader does not know are passed over. Pure.
 */
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "check/check.h"

enum { RESULT_RECORD_VERSION = 1, RESULT_RECORD_MAX = 8192, CHECK_ID_BYTES = 16 };

struct result_record {
    uint8_t check[CHECK_ID_BYTES]; /* its id in the state */
    enum check_outcome outcome;
    int64_t at, took; /* wall clock at the start; nanoseconds */
    double value;
    struct slice text;    /* check/result_text.h */
    struct slice station; /* from where it was seen */
};

/* Appends the object. */
void result_record_write(struct buf *out, const struct result_record *x);
/* Reads one; texts lie in the arena. -CE_SYNTAX, -CE_MISSING, -CE_TOO_BIG. */
CANH_MUST_USE int result_record_read(struct slice json, struct arena *arena,
                                     struct result_record *ret, struct err *err);

#endif
