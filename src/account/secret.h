/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ACCOUNT_SECRET_H
#define CANH_ACCOUNT_SECRET_H
/*
 * Tokens and passwords. A token is 32 random bytes, handed out as base64url; the state keeps
 * BLAKE2b-256 of it. A password is kept as Argon2id says (libsodium's text form).
 */
#include "account/sign_in.h"

void secret_new(struct session_secret *ret, uint8_t hash[STATE_TOKEN]);
/* False when it cannot be a token. */
bool secret_hash(struct slice token, uint8_t hash[STATE_TOKEN]);
/* 32 bytes as text. */
void secret_write(const uint8_t bytes[STATE_TOKEN], char ret[SESSION_SECRET + 1]);

enum { PASSWORD_TEXT = 128 };

CANH_MUST_USE int password_hash(struct slice password, char ret[PASSWORD_TEXT], struct err *err);
/* With no text (nobody of that login) it takes the same time and says no. */
bool password_is(struct slice text, struct slice password);
/* -CE_RANGE with the reason. */
CANH_MUST_USE int password_judge(struct slice login, struct slice password, struct err *err);

#endif
