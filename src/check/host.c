/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hosts as people write them: names, with letters of any script (IDNA 2008), and addresses.
 */
#include <idn2.h>
#include <string.h>

#include "base/ascii.h"
#include "base/ip.h"
#include "check/check.h"

enum { LABEL_MAX = 63, NAME_MAX_ASCII = 253 };

static bool label_is_good(struct slice s)
{
    if (s.n == 0 || s.n > LABEL_MAX || s.p[0] == '-' || s.p[s.n - 1] == '-')
        return false;
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = s.p[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '-' || c == '_'))
            return false;
    }
    return true;
}

/* Labels of letters, digits and hyphens; what ends in a number is an address, or a mistake. */
static bool name_is_good(struct slice name)
{
    struct slice rest = name, label = SLICE_NULL;
    struct ip ip;

    if (name.n > 0 && name.p[name.n - 1] == '.')
        rest = slice_head(name, name.n - 1);
    if (rest.n == 0 || rest.n > NAME_MAX_ASCII || rest.p[rest.n - 1] == '.')
        return false;
    while (slice_cut(&rest, '.', &label))
        if (!label_is_good(label))
            return false;
    return !ascii_all(ascii_is_digit, label) || ip_parse(name, &ip) == 0;
}

/* [::1], ::1, and with a zone fe80::1%eth0. */
static bool is_v6(struct slice s)
{
    struct ip ip;

    if (s.n > 2 && s.p[0] == '[' && s.p[s.n - 1] == ']')
        s = slice_head(slice_from(s, 1), s.n - 2);
    return ip_parse(slice_head(s, CANH_MIN(slice_find_byte(s, '%'), s.n)), &ip) == 0 && ip.v6;
}

int check_host_ascii(const char *host, char ascii[CHECK_HOST_MAX])
{
    size_t n = strlen(host);
    char *converted = NULL;
    bool good;

    if (n == 0 || n >= CHECK_HOST_MAX)
        return -CE_SYNTAX;
    if (is_v6(slice_of(host, n))) {
        memcpy(ascii, host, n + 1);
        return 0;
    }
    if (idn2_to_ascii_8z(host, &converted, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK)
        return strchr(host, '_') && name_is_good(slice_of(host, n)) /* no IDNA, but DNS */
                   ? (memcpy(ascii, host, n + 1), 0)
                   : -CE_SYNTAX;
    n = strlen(converted);
    good = n < CHECK_HOST_MAX && name_is_good(slice_of(converted, n));
    if (good)
        memcpy(ascii, converted, n + 1);
    idn2_free(converted);
    return good ? 0 : -CE_SYNTAX;
}
