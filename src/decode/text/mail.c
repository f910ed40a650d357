/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/text/mail.h"

#include "base/ascii.h"
#include "decode/text/clock.h"

enum { QUEUE_ID_LEAST = 6, QUEUE_ID_MOST = 20 };

static bool mail_alnum(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

struct slice postfix_prepare(struct fields *f, struct slice s)
{
    size_t n = 0;

    while (n < s.n && n <= QUEUE_ID_MOST && mail_alnum(s.p[n]))
        n++;
    if (n < QUEUE_ID_LEAST || n > QUEUE_ID_MOST || !slice_starts(slice_from(s, n), SLICE(": ")))
        return s;
    fields_write(f, NAME_QUEUE_ID, slice_head(s, n));
    return slice_from(s, n + 2);
}

static bool mail_contains(struct slice s, const char *what)
{
    return slice_find(s, slice_str(what)) != SIZE_MAX;
}

static size_t find_last(struct slice s, struct slice needle)
{
    for (size_t i = s.n >= needle.n ? s.n - needle.n + 1 : 0; i-- > 0;) {
        if (memcmp(s.p + i, needle.p, needle.n) == 0)
            return i;
    }
    return SIZE_MAX;
}

static void mail_write(struct fields *f, enum field_name name, const char *value)
{
    fields_write(f, name, slice_str(value));
}

/* Up to the next comma or blank. */
static struct slice value_at(struct slice s, size_t at)
{
    size_t n = 0;

    s = slice_from(s, at);
    while (n < s.n && s.p[n] != ',' && s.p[n] != ' ')
        n++;
    return slice_head(s, n);
}

static void write_attempts(struct fields *f, struct slice what)
{
    size_t at = slice_find(what, SLICE("auth failed, ")), n = 0;

    if (at == SIZE_MAX)
        return;
    what = slice_from(what, at + sizeof("auth failed, ") - 1);
    while (n < what.n && ascii_is_digit(what.p[n]))
        n++;
    fields_number(f, NAME_COUNT, slice_head(what, n));
}

/* `what (…): user=<U>, method=M, rip=A, lip=A, …` */
static bool parse_client(struct fields *f, struct slice s)
{
    size_t rip = find_last(s, SLICE(" rip=")), user = slice_find(s, SLICE(" user=<")), end, lip;
    struct slice what, list;

    if (rip == SIZE_MAX)
        return false;
    list = slice_from(s, rip + 1);
    what = slice_head(s, CANH_MIN(rip, user));
    (void)fields_address(f, NAME_SOURCE_IP, NAME_SOURCE_DOMAIN, value_at(list, 4));
    lip = slice_find(list, SLICE(" lip="));
    if (lip != SIZE_MAX)
        (void)fields_address(f, NAME_DESTINATION_IP, NAME_DESTINATION_DOMAIN,
                             value_at(list, lip + 5));
    if (user < rip) {
        struct slice rest = slice_of(s.p + user + 7, rip - user - 7);

        end = find_last(rest, SLICE(">,"));
        fields_write(f, NAME_USER, slice_head(rest, end == SIZE_MAX ? 0 : end));
    }
    if (mail_contains(what, "Login:")) {
        mail_write(f, NAME_CATEGORY, "authentication");
        mail_write(f, NAME_ACTION, "mail_login");
        mail_write(f, NAME_OUTCOME, "success");
    } else if (mail_contains(what, "auth failed") || mail_contains(what, "tried to use dis")) {
        mail_write(f, NAME_CATEGORY, "authentication");
        mail_write(f, NAME_ACTION, "mail_login");
        mail_write(f, NAME_OUTCOME, "failure");
        write_attempts(f, what);
    } else {
        mail_write(f, NAME_CATEGORY, "network");
        mail_write(f, NAME_ACTION, "mail_closed");
        if (mail_contains(what, "before auth was ready") ||
            mail_contains(what, "finish SASL auth") || mail_contains(what, "during TLS handshake"))
            mail_write(f, NAME_OUTCOME, "failure");
    }
    return true;
}

/* `driver(U,A[,…])[<session>]: text`. */
static bool parse_driver(struct fields *f, struct slice s)
{
    static const char *const drivers[] = {"pam(",    "sql(",    "ldap(",   "passwd-file(",
                                          "shadow(", "passwd(", "static(", "auth(",
                                          "imap(",   "lua(",    "oauth2("};
    struct slice names = SLICE_NULL, what, user;
    size_t comma, end;

    for (size_t i = 0; i < CANH_LEN(drivers) && names.p == NULL; i++) {
        size_t at = slice_find(s, slice_str(drivers[i]));

        /* "auth(default): " names a process */
        if (at != SIZE_MAX && (at == 0 || s.p[at - 1] == ' ') &&
            slice_find_byte(slice_head(slice_from(s, at), 400), ',') != SIZE_MAX)
            names = slice_from(s, at + strlen(drivers[i]));
    }
    if (names.p == NULL)
        return false;
    comma = slice_find_byte(names, ',');
    end = slice_find_byte(names, ')');
    if (end == SIZE_MAX || comma > end)
        return false;
    user = slice_head(names, comma);
    what = slice_from(names, end);
    names = slice_of(names.p + comma + 1, end - comma - 1);
    if (!mail_contains(what, "unknown user") && !mail_contains(what, "assword mismatch") &&
        !mail_contains(what, "failed") && !mail_contains(what, "Login attempt with"))
        return false;
    fields_write(f, NAME_USER, user);
    (void)fields_address(f, NAME_SOURCE_IP, NAME_SOURCE_DOMAIN, value_at(names, 0));
    mail_write(f, NAME_CATEGORY, "authentication");
    mail_write(f, NAME_ACTION, "mail_login");
    mail_write(f, NAME_OUTCOME, "failure");
    return true;
}

bool dovecot_parse(struct fields *f, struct slice message, const struct decode_context *context)
{
    (void)context;
    return parse_client(f, message) || parse_driver(f, message);
}

/* xxxxxx-xxxxxx-xx, since 4.97 xxxxxx-xxxxxxxxxxx-xxxx. */
static size_t exim_id(struct slice s)
{
    static const uint8_t parts[2][3] = {{6, 6, 2}, {6, 11, 4}};

    for (size_t form = 0; form < CANH_LEN(parts); form++) {
        size_t at = 0;
        bool fits = true;

        for (size_t part = 0; part < 3 && fits; part++) {
            for (size_t i = 0; i < parts[form][part]; i++, at++)
                fits &= at < s.n && mail_alnum(s.p[at]);
            if (part < 2)
                fits &= at < s.n && s.p[at++] == '-';
        }
        if (fits && at < s.n && s.p[at] == ' ')
            return at;
    }
    return 0;
}

void mail_write_domain(struct fields *f)
{
    struct slice from = fields_get(f, NAME_MAIL_FROM);
    size_t at = find_last(from, SLICE("@"));

    if (at != SIZE_MAX)
        fields_write(f, NAME_MAIL_FROM_DOMAIN, slice_from(from, at + 1));
}

struct slice exim_prepare(struct fields *f, struct slice s)
{
    struct clock_time t;
    size_t n = clock_iso(s, &t);

    if (n > 0)
        s = slice_trim(slice_from(s, n));
    if (s.n > 2 && s.p[0] == '[' && ascii_is_digit(s.p[1])) {
        n = slice_find(slice_head(s, 16), SLICE("] "));
        if (n != SIZE_MAX && f != NULL && !fields_has(f, NAME_PID))
            fields_number(f, NAME_PID, slice_of(s.p + 1, n - 1));
        s = n == SIZE_MAX ? s : slice_from(s, n + 2);
    }
    n = exim_id(s);
    if (n == 0)
        return s;
    if (f != NULL)
        fields_write(f, NAME_QUEUE_ID, slice_head(s, n));
    return slice_from(s, n + 1);
}
