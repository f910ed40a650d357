/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ACCOUNT_FAILED_H
#define CANH_ACCOUNT_FAILED_H
/* Failures of signing in, until sign_in_tell() tells of them. */
#include "base/slice.h"
#include "state/state.h"

/* One more from an address; login: an account's, or empty. */
CANH_MUST_USE int failed_add(struct state *s, struct slice login, struct slice from,
                             struct err *err);

#endif
