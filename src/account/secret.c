/* SPDX-License-Identifier: Apache-2.0 */
#include "account/secret.h"

#include <sodium.h>

#include "account/account.h"
#include "base/utf.h"
#include "lang/err_account.h"

/* 19 MiB and two passes: a desk has one thread, and many may sign in at the change of shifts. */
#define PASSWORD_MEMORY ((size_t)19 << 20)
enum { PASSWORD_PASSES = 2 };

_Static_assert(PASSWORD_TEXT >= crypto_pwhash_STRBYTES, "room for the text form");

void secret_write(const uint8_t bytes[STATE_TOKEN], char ret[SESSION_SECRET + 1])
{
    (void)sodium_bin2base64(ret, SESSION_SECRET + 1, bytes, STATE_TOKEN,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static bool secret_decode(struct slice token, uint8_t ret[STATE_TOKEN])
{
    size_t n = 0;

    return token.n == SESSION_SECRET &&
           sodium_base642bin(ret, STATE_TOKEN, (const char *)token.p, token.n, NULL, &n, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           n == STATE_TOKEN;
}

void secret_new(struct session_secret *ret, uint8_t hash[STATE_TOKEN])
{
    uint8_t bytes[STATE_TOKEN];

    randombytes_buf(bytes, sizeof(bytes));
    secret_write(bytes, ret->token);
    (void)crypto_generichash(hash, STATE_TOKEN, bytes, sizeof(bytes), NULL, 0);
    sodium_memzero(bytes, sizeof(bytes));
}

bool secret_hash(struct slice token, uint8_t hash[STATE_TOKEN])
{
    uint8_t bytes[STATE_TOKEN];

    if (!secret_decode(token, bytes))
        return false;
    (void)crypto_generichash(hash, STATE_TOKEN, bytes, sizeof(bytes), NULL, 0);
    sodium_memzero(bytes, sizeof(bytes));
    return true;
}

int password_hash(struct slice password, char ret[PASSWORD_TEXT], struct err *err)
{
    memset(ret, 0, PASSWORD_TEXT);
    if (crypto_pwhash_str_alg(ret, (const char *)password.p, password.n, PASSWORD_PASSES,
                              PASSWORD_MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return err_nomem(err);
    return 0;
}

bool password_is(struct slice text, struct slice password)
{
    char copy[PASSWORD_TEXT] = "";

    if (password.n > ACCOUNT_PASSWORD_MAX)
        return false;
    if (text.n == 0 || text.n >= sizeof(copy)) {
        (void)!crypto_pwhash_str_alg(copy, (const char *)password.p, password.n, PASSWORD_PASSES,
                                     PASSWORD_MEMORY, crypto_pwhash_ALG_ARGON2ID13);
        return false;
    }
    memcpy(copy, text.p, text.n);
    return crypto_pwhash_str_verify(copy, (const char *)password.p, password.n) == 0;
}

/* One character again and again, or a run like 1234567890. */
static bool is_plain(struct slice s)
{
    size_t runs = 0;

    for (size_t i = 1; i < s.n; i++) {
        int step = s.p[i] - s.p[i - 1];

        runs += step >= -1 && step <= 1;
    }
    return runs + 2 >= s.n;
}

static size_t secret_characters(struct slice s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += (s.p[i] & 0xC0) != 0x80;
    return n;
}

int password_judge(struct slice login, struct slice password, struct err *err)
{
    if (!utf8_valid(password) || secret_characters(password) < ACCOUNT_PASSWORD_MIN)
        return err_fail(err, CE_RANGE, ERR_ACCOUNT_PASSWORD_AT_LEAST_CHARACTERS,
                        ACCOUNT_PASSWORD_MIN);
    if (password.n > ACCOUNT_PASSWORD_MAX)
        return err_fail(err, CE_RANGE, ERR_ACCOUNT_PASSWORD_AT_MOST_BYTES, ACCOUNT_PASSWORD_MAX);
    if (is_plain(password) || slice_find(password, login) != SIZE_MAX)
        return err_fail(err, CE_RANGE, ERR_ACCOUNT_PASSWORD_GUESSED_AT_ONCE_NO);
    return 0;
}
