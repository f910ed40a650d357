/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ALERT_REPLY_H
#define CANH_ALERT_REPLY_H
/*
 * What somebody writes back to canh by SMS. Pure. People type as they type: capitals or not, marks
 * or not, words around the code, a signature of the phone behind it.
 *
 *     K7Q2M                  the code of a message: taken (a shift: on duty)
 *     k7q2m da nhan          the same
 *     BAO mất điện từ 6h     a difficulty, told to whoever leads the unit
 */
#include "base/slice.h"

enum { REPLY_CODE = 5, REPLY_CANDIDATES = 4, REPLY_TEXT_MAX = 600 };

enum reply_kind { REPLY_NOTHING, REPLY_TO_CODE, REPLY_REPORT };

struct reply {
    enum reply_kind kind;
    /* Words that can be a code, as codes are written; the first that there is, counts. */
    char codes[REPLY_CANDIDATES][REPLY_CODE + 1];
    size_t count;
    struct slice text; /* of REPORT: what comes after the word, at most REPLY_TEXT_MAX bytes */
};

/* text: valid UTF-8 or not. */
void reply_parse(struct slice text, struct reply *ret);

#endif
