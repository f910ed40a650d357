/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_ASSERT_H
#define CANH_BASE_ASSERT_H
/*
 * canh_assert(x): x always holds unless this program has a bug, and going on without it would harm
 * memory or data. On in every build: says where on standard error and aborts. Input never reaches
 * it: what comes from outside is checked and refused.
 */
#include "base/attr.h"

#define canh_assert(x) (CANH_LIKELY(x) ? (void)0 : assert_failed(#x, __FILE__, __LINE__, __func__))

CANH_NORETURN CANH_COLD void assert_failed(const char *what, const char *file, int line,
                                           const char *function);

#endif
