/* SPDX-License-Identifier: Apache-2.0 */
#include "account/totp.h"

#include <gnutls/crypto.h>

#include "base/ascii.h"
#include "base/time.h"

static void totp_hmac(const uint8_t secret[TOTP_SECRET], int64_t step, uint8_t ret[20])
{
    uint8_t counter[8];

    for (unsigned i = 0; i < sizeof(counter); i++)
        counter[i] = (uint8_t)((uint64_t)step >> (8 * (7 - i)));
    if (gnutls_hmac_fast(GNUTLS_MAC_SHA1, secret, TOTP_SECRET, counter, sizeof(counter), ret) < 0)
        memset(ret, 0xFF, 20); /* gives a code that nobody knows */
}

void totp_code(const uint8_t secret[TOTP_SECRET], int64_t step, char ret[TOTP_DIGITS + 1])
{
    uint8_t h[20];
    uint32_t v;
    unsigned at;

    totp_hmac(secret, step, h);
    at = h[19] & 15; /* RFC 4226 §5.3 */
    v = (uint32_t)(h[at] & 0x7F) << 24 | (uint32_t)h[at + 1] << 16 | (uint32_t)h[at + 2] << 8 |
        h[at + 3];
    for (unsigned i = TOTP_DIGITS; i > 0; i--) {
        ret[i - 1] = (char)('0' + v % 10);
        v /= 10;
    }
    ret[TOTP_DIGITS] = '\0';
}

int64_t totp_check(const uint8_t secret[TOTP_SECRET], struct slice code, int64_t now)
{
    int64_t step = now / (TOTP_STEP_S * TIME_SECOND), found = -1;
    char digits[TOTP_DIGITS + 1] = "", want[TOTP_DIGITS + 1];
    unsigned n = 0;

    for (size_t i = 0; i < code.n; i++) {
        if (code.p[i] == ' ')
            continue;
        if (n == TOTP_DIGITS || !ascii_is_digit(code.p[i]))
            return -1;
        digits[n++] = (char)code.p[i];
    }
    if (n != TOTP_DIGITS)
        return -1;
    for (int64_t s = step - 1; s <= step + 1; s++) {
        totp_code(secret, s, want);
        if (gnutls_memcmp(want, digits, TOTP_DIGITS) == 0)
            found = s;
    }
    return found;
}

void totp_write_secret(struct buf *out, const uint8_t secret[TOTP_SECRET])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint32_t bits = 0;
    unsigned have = 0;

    for (unsigned i = 0; i < TOTP_SECRET; i++) {
        bits = bits << 8 | secret[i];
        for (have += 8; have >= 5; have -= 5)
            buf_putc(out, (uint8_t)letters[bits >> (have - 5) & 31]);
    }
}
