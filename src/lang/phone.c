/* SPDX-License-Identifier: Apache-2.0 */
/* Telephone numbers of the Vietnamese numbering plan (two-digit mobile prefixes since 2018). */
#include "lang/phone.h"

#include "base/err.h"

enum { DIGITS_MAX = 15, SHORT_MIN = 3, SHORT_MAX = 8 }; /* ITU-T E.164 */

/* Digits of s; plus = written with +. False when there is anything that no number has. */
static bool digits_of(struct slice s, char to[32], size_t *n, bool *plus)
{
    s = slice_trim(s);
    *n = 0;
    if (slice_starts(s, SLICE("(+")))
        s = slice_from(s, 1);
    *plus = slice_starts(s, SLICE("+"));
    if (*plus)
        s = slice_from(s, 1);
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = s.p[i];

        if (c >= '0' && c <= '9') {
            if (*n >= 31)
                return false;
            to[(*n)++] = (char)c;
        } else if (c == 0xC2 && i + 1 < s.n && s.p[i + 1] == 0xA0) {
            i++;
        } else if (strchr(" .-()/", c) == NULL || c == 0) {
            return false;
        }
    }
    return *n > 0;
}

/* The national number without its 0. */
static int check_national(struct slice n)
{
    bool mobile = n.n > 0 && slice_find_byte(SLICE("35789"), n.p[0]) != SIZE_MAX;

    if (mobile)
        return n.n == 9 ? 0 : -CE_RANGE;
    if (n.n > 0 && n.p[0] == '2')
        return n.n == 10 ? 0 : -CE_RANGE;
    if (n.n == 10 && n.p[0] == '1' && slice_find_byte(SLICE("2689"), n.p[1]) != SIZE_MAX)
        return -CE_UNKNOWN;
    return n.n < 9 ? -CE_SYNTAX : -CE_RANGE;
}

static int write_e164(char ret[PHONE_SIZE], const char *country, struct slice n)
{
    size_t c = strlen(country);

    ret[0] = '+';
    memcpy(ret + 1, country, c);
    memcpy(ret + 1 + c, n.p, n.n);
    ret[1 + c + n.n] = 0;
    return 0;
}

int phone_e164(struct slice s, char ret[PHONE_SIZE])
{
    char digits[32];
    size_t n;
    bool plus;
    struct slice d;
    int r;

    if (!digits_of(s, digits, &n, &plus))
        return -CE_SYNTAX;
    d = slice_of(digits, n);
    if (!plus && slice_starts(d, SLICE("00"))) {
        plus = true;
        d = slice_from(d, 2);
    }
    if (plus && !slice_starts(d, SLICE("84"))) {
        if (d.n < 8 || d.n > DIGITS_MAX || d.p[0] == '0')
            return -CE_RANGE;
        return write_e164(ret, "", d);
    }
    if (plus || (slice_starts(d, SLICE("84")) && d.n >= 11))
        d = slice_from(d, 2);
    if (d.n > 0 && d.p[0] == '0') /* also +84 (0) 912… */
        d = slice_from(d, 1);
    r = check_national(d);
    return r < 0 ? r : write_e164(ret, "84", d);
}

int phone_short(struct slice s, char ret[PHONE_SIZE])
{
    char digits[32];
    size_t n;
    bool plus;

    if (!digits_of(s, digits, &n, &plus) || plus || digits[0] == '0' || n < SHORT_MIN ||
        n > SHORT_MAX)
        return -CE_SYNTAX;
    memcpy(ret, digits, n);
    ret[n] = 0;
    return 0;
}

void phone_write(struct buf *out, struct slice e164)
{
    struct slice n = slice_starts(e164, SLICE("+84")) ? slice_from(e164, 3) : SLICE_NULL;

    if (n.n == 9) {
        buf_printf(out, "0%.3s %.3s %.3s", (const char *)n.p, (const char *)n.p + 3,
                   (const char *)n.p + 6);
        return;
    }
    if (n.n == 10)
        buf_printf(out, "0%.3s %.4s %.3s", (const char *)n.p, (const char *)n.p + 3,
                   (const char *)n.p + 7);
    else
        buf_append_slice(out, e164);
}
