/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ACCOUNT_TOTP_H
#define CANH_ACCOUNT_TOTP_H
/*
 * Time-based one-time passwords (RFC 6238) as every authenticator app makes them: HMAC-SHA-1, steps
 * of 30 seconds, six digits. Pure.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

enum { TOTP_SECRET = 20, TOTP_STEP_S = 30, TOTP_DIGITS = 6 };

/* The code of a step, six digits and a zero. */
void totp_code(const uint8_t secret[TOTP_SECRET], int64_t step, char ret[TOTP_DIGITS + 1]);
/* Blanks in the code are passed over; one step before and after counts, for slow hands and clocks.
 * The step that fits, or -1. */
int64_t totp_check(const uint8_t secret[TOTP_SECRET], struct slice code, int64_t now);
/* Appends the secret in base32 (RFC 4648, no padding), as people type it into the app. */
void totp_write_secret(struct buf *out, const uint8_t secret[TOTP_SECRET]);

#endif
