/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_LANG_ERROR_H
#define CANH_LANG_ERROR_H
/*
 * Errors in words: the one place where a struct err (base/err.h) becomes a sentence.
 */
#include "base/buf.h"
#include "base/err.h"
#include "lang/lang.h"

/* Appends what err says, without its place (line, column). Errors stick in out. */
void error_write(struct buf *out, enum lang lang, const struct err *err);
/* What kind of error a code is (negative or not): "not found". */
const char *error_kind(enum lang lang, int code);
/* What the system says about an errno. */
const char *error_system(enum lang lang, int sys);

#endif
