/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_EXPR_TEXT_H
#define CANH_TESTS_EXPR_TEXT_H
/*
 * An expression as one line, for tests to compare:
 *     (Image="*\cmd.exe" and not (EventID=#1 or any="*x*"))
 * A pattern is written as in a rule, == means case-sensitive, `any` stands for a keyword's field;
 * f<5, f~/regex/i, f in 10.0.0.0/8, f is null, f exists, f ref$ other, hour(f)=3.
 */
#include "base/buf.h"
#include "sigma/expr.h"

void expr_text(const struct expr *e, struct buf *out);

#endif
