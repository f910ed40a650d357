/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Source: netfilter xt_LOG.c, nf_log_syslog.c; pfSense "Raw Filter Log Format"; Cisco "System
 * Message Logging"; MikroTik "Log" manual
 */
#include "decode/text/firewall.h"

#include "base/ascii.h"

enum { FILTERLOG_COLUMNS = 40, CODE_MAX = 64 };

static void firewall_write(struct fields *f, enum field_name name, const char *value)
{
    fields_write(f, name, slice_str(value));
}

static const struct {
    const char *key;
    enum field_name name;
} netfilter_names[] = {
    {"IN", NAME_INTERFACE_IN},    {"OUT", NAME_INTERFACE_OUT}, {"SRC", NAME_SOURCE_IP},
    {"DST", NAME_DESTINATION_IP}, {"SPT", NAME_SOURCE_PORT},   {"DPT", NAME_DESTINATION_PORT},
    {"PROTO", NAME_TRANSPORT},
};

static void write_netfilter(struct fields *f, struct slice key, struct slice value)
{
    for (size_t i = 0; i < CANH_LEN(netfilter_names); i++) {
        enum field_name name = netfilter_names[i].name;

        if (!slice_is(key, netfilter_names[i].key) || fields_has(f, name))
            continue;
        if (name == NAME_SOURCE_IP)
            (void)fields_address(f, name, NAME_SOURCE_DOMAIN, value);
        else if (name == NAME_DESTINATION_IP)
            (void)fields_address(f, name, NAME_DESTINATION_DOMAIN, value);
        else if (name == NAME_TRANSPORT)
            fields_write_lower(f, name, value);
        else if (name == NAME_SOURCE_PORT || name == NAME_DESTINATION_PORT)
            fields_number(f, name, value);
        else
            fields_write(f, name, value);
    }
}

/* What the administrator's prefix says of the packet's fate. */
static void write_verdict(struct fields *f, struct slice prefix)
{
    static const char *const dropped[] = {"BLOCK", "DROP",    "DENY",   "REJECT",
                                          "Drop",  "Blocked", "denied", "REFUSED"};
    static const char *const passed[] = {"ALLOW", "ACCEPT", "PASS"};

    for (size_t i = 0; i < CANH_LEN(dropped); i++) {
        if (slice_find(prefix, slice_str(dropped[i])) != SIZE_MAX) {
            firewall_write(f, NAME_ACTION, "denied");
            firewall_write(f, NAME_OUTCOME, "failure");
            return;
        }
    }
    for (size_t i = 0; i < CANH_LEN(passed); i++) {
        if (slice_find(prefix, slice_str(passed[i])) != SIZE_MAX) {
            firewall_write(f, NAME_ACTION, "allowed");
            firewall_write(f, NAME_OUTCOME, "success");
            return;
        }
    }
}

bool netfilter_parse(struct fields *f, struct slice message, const struct decode_context *context)
{
    size_t at = slice_find(message, SLICE("IN=")), n;
    struct slice prefix, rest;

    (void)context;
    while (at != SIZE_MAX &&
           slice_find(slice_head(slice_from(message, at), 256), SLICE(" SRC=")) == SIZE_MAX) {
        n = slice_find(slice_from(message, at + 3), SLICE("IN="));
        at = n == SIZE_MAX ? n : at + 3 + n;
    }
    if (at == SIZE_MAX)
        return false;
    firewall_write(f, NAME_CATEGORY, "network");
    prefix = slice_trim(slice_head(message, at));
    n = prefix.n;
    while (n > 0 && prefix.p[n - 1] != ']')
        n--;
    write_verdict(f, prefix);
    prefix = slice_trim(slice_from(prefix, n));
    if (prefix.n > 0 && prefix.p[prefix.n - 1] == ':')
        prefix.n--; /* "DROP: IN=": it only parts the prefix from the packet */
    fields_write(f, NAME_RULE_NAME, prefix);
    rest = slice_from(message, at);
    while (rest.n > 0) {
        size_t end = slice_find_byte(rest, ' '), eq;
        struct slice word = slice_head(rest, CANH_MIN(end, rest.n));

        rest = slice_from(rest, CANH_MIN(end, rest.n) + 1);
        eq = slice_find_byte(word, '=');
        if (word.n == 0)
            continue;
        if (eq == SIZE_MAX) {
            fields_own(f, word, SLICE("1")); /* SYN, DF */
            continue;
        }
        fields_own(f, slice_head(word, eq), slice_from(word, eq + 1));
        write_netfilter(f, slice_head(word, eq), slice_from(word, eq + 1));
    }
    return true;
}

bool filterlog_parse(struct fields *f, struct slice message, const struct decode_context *context)
{
    static const char *const names[] = {"rule",   "subrule", "anchor",    "tracker",  "interface",
                                        "reason", "action",  "direction", "ipversion"};
    struct slice column[FILTERLOG_COLUMNS], rest = message;
    size_t count = 0, at;
    bool v6;

    (void)context;
    while (count < FILTERLOG_COLUMNS && slice_cut(&rest, ',', &column[count]))
        count++;
    if (count < 17 || !(slice_is(column[8], "4") || slice_is(column[8], "6")))
        return false;
    for (size_t i = 0; i < CANH_LEN(names); i++)
        fields_own(f, slice_str(names[i]), column[i]);
    v6 = slice_is(column[8], "6");
    at = v6 ? 15 : 18; /* of the source; the protocol's name stands at 12 or 16 */
    if (count <= at + 1)
        return false;
    firewall_write(f, NAME_CATEGORY, "network");
    firewall_write(f, NAME_ACTION, slice_is(column[6], "pass") ? "allowed" : "denied");
    firewall_write(f, NAME_OUTCOME, slice_is(column[6], "pass") ? "success" : "failure");
    fields_write(f, slice_is(column[7], "out") ? NAME_INTERFACE_OUT : NAME_INTERFACE_IN, column[4]);
    fields_write_lower(f, NAME_TRANSPORT, column[v6 ? 12 : 16]);
    (void)fields_address(f, NAME_SOURCE_IP, NAME_SOURCE_DOMAIN, column[at]);
    (void)fields_address(f, NAME_DESTINATION_IP, NAME_DESTINATION_DOMAIN, column[at + 1]);
    if (count > at + 3 && fields_get(f, NAME_TRANSPORT).n == 3 &&
        fields_get(f, NAME_TRANSPORT).p[0] != 'i') {
        fields_number(f, NAME_SOURCE_PORT, column[at + 2]);
        fields_number(f, NAME_DESTINATION_PORT, column[at + 3]);
    }
    return true;
}

static bool code_char(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool cisco_begins(struct slice s)
{
    size_t n = 1, dashes = 0;

    if (s.n < 6 || s.p[0] != '%')
        return false;
    while (n < s.n && n < CODE_MAX && code_char(s.p[n]))
        dashes += s.p[n++] == '-';
    return dashes >= 2 && n < s.n && s.p[n] == ':';
}

struct slice cisco_prepare(struct fields *f, struct slice s)
{
    size_t end = slice_find_byte(slice_head(s, CODE_MAX + 1), ':'), dash;
    struct slice code;

    if (slice_starts(s, SLICE("%%"))) { /* %%10WEB/4/WEBOPT_LOGIN_FAIL(l): of H3C and Huawei */
        end = slice_find(slice_head(s, CODE_MAX + 32), SLICE(": "));
        fields_write(f, NAME_CODE, slice_of(s.p + 2, end == SIZE_MAX ? 0 : end - 2));
        return end == SIZE_MAX ? s : slice_from(s, end + 2);
    }
    if (!cisco_begins(s))
        return s;
    code = slice_of(s.p + 1, end - 1);
    fields_write(f, NAME_CODE, code);
    dash = slice_find_byte(code, '-');
    fields_own(f, SLICE("facility"), slice_head(code, dash));
    while (dash + 2 < code.n && !(code.p[dash] == '-' && code.p[dash + 2] == '-'))
        dash++;
    if (dash + 2 < code.n) {
        if (!fields_has(f, NAME_SEVERITY))
            fields_number(f, NAME_SEVERITY, slice_of(code.p + dash + 1, 1));
        fields_own(f, SLICE("mnemonic"), slice_from(code, dash + 3));
    }
    return slice_trim(slice_from(s, end + 1));
}

bool mikrotik_begins(struct slice s)
{
    size_t n = 0, commas = 0;

    while (n < s.n && n < CODE_MAX &&
           (ascii_is_lower(s.p[n]) || s.p[n] == ',' || s.p[n] == '-' || s.p[n] == '!'))
        commas += s.p[n++] == ',';
    return commas > 0 && n < s.n && s.p[n] == ' ';
}

struct slice mikrotik_prepare(struct fields *f, struct slice s)
{
    size_t gap = slice_find_byte(s, ' ');

    if (!mikrotik_begins(s))
        return s;
    fields_own(f, SLICE("topics"), slice_head(s, gap));
    fields_write(f, NAME_LOGGER, slice_head(s, slice_find_byte(s, ',')));
    return slice_trim(slice_from(s, gap));
}
