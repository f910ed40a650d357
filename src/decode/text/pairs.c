/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Source: Fortinet "FortiOS Log Message Reference"; Sophos "Syslog guide"; SonicWall "Log Events";
 * Micro Focus "Implementing ArcSight CEF"
 */
#include "decode/text/pairs.h"

#include "base/ascii.h"
#include "base/ip.h"
#include "base/num.h"
#include "base/time.h"
#include "decode/text/clock.h"

enum {
    KEY_MAX = 64,
    CEF_PARTS = 8,
    PAIRS_LEAST = 3,
    HEAD_PAIRS = 16,
    HEAD_BYTES = 1024,
    PROTOCOL_MAX = 12
};

static const struct {
    const char *key;
    enum field_name name;
    enum field_name domain; /* for addresses */
} ecs[] = {
    {"srcip", NAME_SOURCE_IP, NAME_SOURCE_DOMAIN},
    {"src", NAME_SOURCE_IP, NAME_SOURCE_DOMAIN},
    {"src_ip", NAME_SOURCE_IP, NAME_SOURCE_DOMAIN},
    {"remip", NAME_SOURCE_IP, NAME_SOURCE_DOMAIN},
    {"dstip", NAME_DESTINATION_IP, NAME_DESTINATION_DOMAIN},
    {"dst", NAME_DESTINATION_IP, NAME_DESTINATION_DOMAIN},
    {"dst_ip", NAME_DESTINATION_IP, NAME_DESTINATION_DOMAIN},
    {"srcport", NAME_SOURCE_PORT, 0},
    {"src_port", NAME_SOURCE_PORT, 0},
    {"spt", NAME_SOURCE_PORT, 0},
    {"dstport", NAME_DESTINATION_PORT, 0},
    {"dst_port", NAME_DESTINATION_PORT, 0},
    {"srcPort", NAME_SOURCE_PORT, 0},
    {"dstPort", NAME_DESTINATION_PORT, 0},
    {"usrName", NAME_USER, 0},
    {"dpt", NAME_DESTINATION_PORT, 0},
    {"user", NAME_USER, 0},
    {"user_name", NAME_USER, 0},
    {"suser", NAME_USER, 0},
    {"duser", NAME_TARGET_USER, 0},
    {"devname", NAME_HOST, 0},
    {"device_name", NAME_HOST, 0},
    {"dvchost", NAME_HOST, 0},
    {"action", NAME_ACTION, 0},
    {"act", NAME_ACTION, 0},
    {"level", NAME_LEVEL, 0},
    {"logid", NAME_CODE, 0},
    {"log_id", NAME_CODE, 0},
    {"url", NAME_URL, 0},
    {"request", NAME_URL, 0},
    {"hostname", NAME_URL_DOMAIN, 0},
    {"srcintf", NAME_INTERFACE_IN, 0},
    {"dstintf", NAME_INTERFACE_OUT, 0},
    {"smac", NAME_SOURCE_MAC, 0},
    {"srcmac", NAME_SOURCE_MAC, 0},
    {"filePath", NAME_FILE_PATH, 0},
    {"fname", NAME_FILE_PATH, 0},
    {"qname", NAME_QUESTION, 0},
    {"requestMethod", NAME_METHOD, 0},
    {"requestClientApplication", NAME_USER_AGENT, 0},
};

/* IANA numbers that devices write for protocols. */
static const struct {
    const char *number, *name;
} protocols[] = {{"6", "tcp"}, {"17", "udp"}, {"1", "icmp"}, {"58", "ipv6-icmp"}};

static void write_transport(struct fields *f, struct slice value)
{
    for (size_t i = 0; i < CANH_LEN(protocols); i++) {
        if (slice_is(value, protocols[i].number)) {
            fields_write(f, NAME_TRANSPORT, slice_str(protocols[i].name));
            return;
        }
    }
    if (value.n <= PROTOCOL_MAX)
        fields_write_lower(f, NAME_TRANSPORT, value);
}

static void write_outcome(struct fields *f, struct slice value)
{
    static const char *const bad[] = {"failed", "failure", "fail",    "blocked", "denied",
                                      "deny",   "drop",    "dropped", "Denied",  "blocked-by"},
                             *const good[] = {"success", "accept", "allowed", "pass", "Allowed"};

    for (size_t i = 0; i < CANH_LEN(bad); i++) {
        if (slice_is(value, bad[i]))
            fields_write(f, NAME_OUTCOME, SLICE("failure"));
    }
    for (size_t i = 0; i < CANH_LEN(good); i++) {
        if (slice_is(value, good[i]))
            fields_write(f, NAME_OUTCOME, SLICE("success"));
    }
}

void pairs_write_ecs(struct fields *f, struct slice key, struct slice value)
{
    int64_t port;

    if (value.n == 0)
        return;
    for (size_t i = 0; i < CANH_LEN(ecs); i++) {
        enum field_name name = ecs[i].name;

        if (!slice_is(key, ecs[i].key) || fields_has(f, name))
            continue;
        if (name == NAME_SOURCE_IP || name == NAME_DESTINATION_IP)
            (void)fields_address(f, name, ecs[i].domain, value);
        else if (name == NAME_SOURCE_PORT || name == NAME_DESTINATION_PORT) {
            if (num_range(value, 0, 65535, &port) == 0)
                fields_number(f, name, value);
        } else if (name == NAME_URL)
            fields_url(f, value);
        else
            fields_write(f, name, value);
    }
    if ((slice_is(key, "proto") || slice_is(key, "protocol")) && !fields_has(f, NAME_TRANSPORT))
        write_transport(f, value);
    if ((slice_is(key, "status") || slice_is(key, "action") || slice_is(key, "outcome") ||
         slice_is(key, "act")) &&
        !fields_has(f, NAME_OUTCOME))
        write_outcome(f, value);
    /* ui=https(192.0.2.1) of an administrator's login */
    if (slice_is(key, "ui") && !fields_has(f, NAME_SOURCE_IP)) {
        size_t open = slice_find_byte(value, '(');

        if (open != SIZE_MAX && value.p[value.n - 1] == ')')
            (void)fields_address(f, NAME_SOURCE_IP, NAME_SOURCE_DOMAIN,
                                 slice_of(value.p + open + 1, value.n - open - 2));
    }
}

static bool key_char(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == '/';
}

/* One pair at the start of s, blanks before it; bytes taken, 0 when there is none. */
static size_t read_pair(struct slice s, struct slice *ret_key, struct slice *ret_value)
{
    size_t at = 0, from;

    while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t' || s.p[at] == ','))
        at++;
    from = at;
    while (at < s.n && at - from < KEY_MAX && key_char(s.p[at]))
        at++;
    if (at == from || at >= s.n || s.p[at] != '=')
        return 0;
    *ret_key = slice_of(s.p + from, at - from);
    from = ++at;
    if (at < s.n && s.p[at] == '"') {
        from = ++at;
        while (at < s.n && s.p[at] != '"')
            at += s.p[at] == '\\' && at + 1 < s.n ? 2 : 1;
        at = CANH_MIN(at, s.n);
        *ret_value = slice_of(s.p + from, at - from);
        return CANH_MIN(at + 1, s.n);
    }
    while (at < s.n && s.p[at] != ' ' && s.p[at] != '\t')
        at++;
    *ret_value = slice_of(s.p + from, at - from);
    return at;
}

bool pairs_begins(struct slice text)
{
    struct slice key, value;

    for (int i = 0; i < PAIRS_LEAST; i++) {
        size_t n = read_pair(text, &key, &value);

        if (n == 0)
            return false;
        text = slice_from(text, n);
    }
    return true;
}

/* date= and time=, with tz= or eventtime= beside them. */
static void write_time(struct fields *f)
{
    struct slice date = fields_get_own(f, SLICE("date")), clock = fields_get_own(f, SLICE("time")),
                 tz = fields_get_own(f, SLICE("tz"));
    size_t n = date.n + 1 + clock.n + tz.n;
    struct clock_time t;
    uint8_t *p;

    if (clock.n > 18 && clock_iso(clock, &t) > 0) {
        fields_time(f, t.t, t.zoned, t.digits);
        return;
    }
    if (date.n != 10 || clock.n < 8 || n > 64 || (p = fields_scratch(f, n)) == NULL)
        return;
    memcpy(p, date.p, date.n);
    p[date.n] = 'T';
    memcpy(p + date.n + 1, clock.p, clock.n);
    if (tz.n > 0)
        memcpy(p + date.n + 1 + clock.n, tz.p, tz.n);
    if (clock_iso(slice_of(p, n), &t) > 0)
        fields_time(f, t.t, t.zoned, t.digits);
}

bool cef_begins(struct slice text)
{
    return slice_starts(text, SLICE("CEF:")) && text.n > 5 &&
           (text.p[4] == '0' || text.p[4] == '1') && text.p[5] == '|';
}

static size_t cef_at(struct slice text)
{
    size_t at = slice_find(slice_head(text, 512), SLICE("CEF:"));

    return at != SIZE_MAX && cef_begins(slice_from(text, at)) ? at : SIZE_MAX;
}

/* Without the backslashes before | = \ and with \n as a line break. */
static struct slice cef_unescape(struct fields *f, struct slice s)
{
    uint8_t *p;
    size_t n = 0;

    if (slice_find_byte(s, '\\') == SIZE_MAX || (p = fields_scratch(f, s.n)) == NULL)
        return s;
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = s.p[i];

        if (c == '\\' && i + 1 < s.n) {
            c = s.p[++i];
            c = c == 'n' ? '\n' : c == 'r' ? '\r' : c;
        }
        p[n++] = c;
    }
    return slice_of(p, n);
}

/*
 * Where the next ` key=` begins in s, at least `from`; s.n when there is none. An = in a value has
 * a backslash before it.
 */
static size_t cef_next(struct slice s, size_t from)
{
    for (size_t eq = from; eq < s.n; eq++) {
        size_t at = eq;

        if (s.p[eq] == '\\') {
            eq++;
            continue;
        }
        if (s.p[eq] != '=')
            continue;
        while (at > from && eq - at < KEY_MAX &&
               (key_char(s.p[at - 1]) || s.p[at - 1] == '[' || s.p[at - 1] == ']'))
            at--;
        if (at < eq && at > from && s.p[at - 1] == ' ')
            return at - 1;
    }
    return s.n;
}

/* Whether pairs have the names of a Windows event: its paths hold blanks that nothing quotes. */
static bool names_windows(struct slice text)
{
    bool log = false, id = false;
    struct slice key, value;
    size_t n;

    if (slice_find(slice_head(text, HEAD_BYTES), SLICE("Event")) == SIZE_MAX)
        return false;
    for (int i = 0; i < HEAD_PAIRS && (n = read_pair(text, &key, &value)) > 0; i++) {
        log |= slice_is(key, "LogName") || slice_is(key, "Channel");
        id |= slice_is(key, "EventCode") || slice_is(key, "EventID") || slice_is(key, "EventId");
        text = slice_from(text, n);
    }
    return log && id;
}

/* The value goes on up to the next ` key=`; bytes taken. */
static size_t pairs_widen(struct slice text, size_t n, struct slice *value)
{
    size_t from = (size_t)(value->p - text.p), end;
    struct slice whole;

    if (value->p[-1] == '"')
        return n;
    end = cef_next(text, from);
    whole = slice_of(value->p, end - from);
    whole = slice_head(whole, slice_find_byte(whole, '\t'));
    *value = slice_trim(whole);
    return from + whole.n;
}

/* What such an event calls its time; Sysmon's own is UTC. */
static void write_event_time(struct fields *f)
{
    static const char *const names[] = {"UtcTime", "TimeCreated", "TimeGenerated", "EventTime"};
    struct clock_time t;

    for (size_t i = 0; i < CANH_LEN(names) && !fields_has(f, NAME_TIMESTAMP); i++) {
        if (clock_iso(fields_get_own(f, slice_str(names[i])), &t) > 0)
            fields_time(f, t.t, t.zoned || i == 0, t.digits);
    }
}

bool pairs_parse(struct fields *f, struct slice text, bool *ret_windows)
{
    struct slice key, value;
    bool windows;
    size_t n;

    *ret_windows = false;
    if (!pairs_begins(text))
        return false;
    *ret_windows = windows = names_windows(text);
    while ((n = read_pair(text, &key, &value)) > 0) {
        if (windows)
            n = pairs_widen(text, n, &value);
        fields_own(f, key, value);
        pairs_write_ecs(f, key, value);
        text = slice_from(text, n);
    }
    if (!fields_has(f, NAME_TIMESTAMP))
        write_time(f);
    if (windows)
        write_event_time(f);
    return true;
}

static void cef_write_time(struct fields *f, struct slice value)
{
    struct clock_time t;

    if (value.n == 13 && clock_epoch(slice_head(value, 10), &t) == 10) {
        int64_t ms;

        if (num_range(slice_from(value, 10), 0, 999, &ms) == 0)
            fields_time(f, t.t + ms * (TIME_SECOND / 1000), true, 3);
    } else if (clock_iso(value, &t) > 0) {
        fields_time(f, t.t, t.zoned, t.digits);
    }
}

bool cef_parse(struct fields *f, struct slice text)
{
    static const char *const names[] = {"cefVersion",    "deviceVendor",       "deviceProduct",
                                        "deviceVersion", "deviceEventClassId", "name",
                                        "severity"};
    size_t at = cef_at(text), from, part = 0;
    struct slice rest;

    if (at == SIZE_MAX)
        return false;
    rest = slice_from(text, at + 4);
    for (from = 0, at = 0; at < rest.n && part < CANH_LEN(names); at++) {
        if (rest.p[at] == '\\') {
            at++;
        } else if (rest.p[at] == '|') {
            fields_own(f, slice_str(names[part]),
                       cef_unescape(f, slice_of(rest.p + from, at - from)));
            if (part == 4)
                fields_write(f, NAME_CODE, slice_of(rest.p + from, at - from));
            part++;
            from = at + 1;
        }
    }
    rest = slice_from(rest, from);
    while (rest.n > 0) {
        size_t eq = slice_find_byte(rest, '='), end;
        struct slice key, value;

        if (eq == SIZE_MAX)
            break;
        end = cef_next(rest, eq + 1);
        key = slice_trim(slice_head(rest, eq));
        value = cef_unescape(f, slice_trim(slice_of(rest.p + eq + 1, end - eq - 1)));
        fields_own(f, key, value);
        pairs_write_ecs(f, key, value);
        if (slice_is(key, "rt") || (slice_is(key, "end") && !fields_has(f, NAME_TIMESTAMP)))
            cef_write_time(f, value);
        if (slice_is(key, "msg") && !fields_has(f, NAME_MESSAGE))
            fields_write(f, NAME_MESSAGE, value);
        rest = slice_from(rest, end);
    }
    return true;
}
