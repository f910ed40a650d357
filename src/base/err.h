/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_ERR_H
#define CANH_BASE_ERR_H
/*
 * Errors: functions return 0 (or a count) on success and a negative -CE_* code on failure.
 * Where a person needs more, the caller passes a struct err, filled only on failure.
 * Rooms return errors; only the program prints them, once.
 */
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

enum ce {
    CE_OK = 0,
    CE_NOMEM,     /* the system refused memory */
    CE_TRUNCATED, /* input ended too early */
    CE_TOO_BIG,   /* over a stated maximum size or count */
    CE_DEPTH,     /* nested deeper than allowed */
    CE_SYNTAX,    /* not in the format it should be */
    CE_ENCODING,  /* not valid in its character set */
    CE_UNKNOWN,   /* a name, type or version this program does not know */
    CE_MISSING,   /* something required is absent */
    CE_CONFLICT,  /* two things contradict, or someone else changed it meanwhile */
    CE_RANGE,     /* a number or date outside its range */
    CE_DENIED,    /* not permitted */
    CE_NOT_FOUND, /* no such thing */
    CE_EXISTS,    /* it is there already */
    CE_CORRUPT,   /* checksum or structure wrong */
    CE_BUSY,      /* try again later */
    CE_PEER,      /* the other side misbehaved */
    CE_IO,        /* the system failed an operation; see err.sys */
    CE_BUG,       /* our own mistake */
    CE_MAX
};

/* line and col count from 1 and are 0 when unknown; sys is an errno or 0. */
struct err {
    int code;
    int sys;
    unsigned line, col;
    uint64_t offset;
    char msg[240];
};

#define ERR_INIT ((struct err){.code = 0})

/*
 * Fill err (may be NULL) and are worth -code, so that a caller can write `return err_set(...)`: at
 * no place, at a place in a text, or with errno, whose text is appended to the message. What is
 * longer than msg is cut at a character.
 * Macros, so that compilers and analyzers see that the result is negative; code is evaluated twice.
 */
#define err_set(err, code, ...) (err_put((err), (code), 0, 0, __VA_ARGS__), -(int)(code))
#define err_at(err, code, line, col, ...)                                                          \
    (err_put((err), (code), (line), (col), __VA_ARGS__), -(int)(code))
#define err_sys(err, errnum, ...) (err_put_sys((err), (errnum), __VA_ARGS__), -(int)CE_IO)

/* What they fill in. */
void err_put(struct err *err, enum ce code, unsigned line, unsigned col, const char *fmt, ...)
    CANH_PRINTF(5, 6);
void err_put_sys(struct err *err, int sys, const char *fmt, ...) CANH_PRINTF(3, 4);
/* One short English phrase for a code (positive or negative). */
const char *ce_to_str(int code);

#endif
