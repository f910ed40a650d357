/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/text/fields.h"

#include <stdlib.h>

#include "base/time.h"
#include "base/near.h"
#include "tap.h"

static struct keys *keys;
static struct fields f;

static struct slice value(enum field_name name)
{
    return fields_get(&f, name);
}

static void test_addresses(void)
{
    static const struct {
        const char *text, *ip, *domain;
    } rows[] = {
        {"203.0.113.7", "203.0.113.7", ""},
        {"2001:db8::1", "2001:db8::1", ""},
        {"[2001:db8::1]", "2001:db8::1", ""},
        {"::ffff:203.0.113.7", "::ffff:203.0.113.7", ""},
        {"fe80::1%eth0", "fe80::1", ""},
        {"[fe80::1%7]", "fe80::1", ""},
        {"203.0.113.7%1", "", ""}, /* only IPv6 has zones */
        {"203.0.113.256", "", "203.0.113.256"},
        {"host-1_A.example9", "", "host-1_A.example9"},
        {"m\xC3\xA1y.example", "", "m\xC3\xA1y.example"},
        {"[h]", "", "h"},
        {"[]", "", ""},
        {"[h", "", ""},
        {"h]", "", ""},
        {"a/b", "", ""},
        {"a:b", "", ""},
        {"a@b", "", ""},
        {"a[b", "", ""},
        {"a`b", "", ""},
        {"a{b", "", ""},
        {"a b", "", ""},
        {"", "", ""},
        {"-", "", ""},
        {"?", "", ""},
        {"unknown", "", ""},
        {"UNKNOWN", "", ""},
        {"N/A", "", ""},
        {"(null)", "", ""},
        {"unknown.example", "", "unknown.example"},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        bool set;

        fields_begin(&f);
        set = fields_address(&f, NAME_SOURCE_IP, NAME_SOURCE_DOMAIN, slice_str(rows[i].text));
        is_slice(value(NAME_SOURCE_IP), slice_str(rows[i].ip), "address of '%s'", rows[i].text);
        is_slice(value(NAME_SOURCE_DOMAIN), slice_str(rows[i].domain), "host of '%s'",
                 rows[i].text);
        is_int(set, rows[i].ip[0] || rows[i].domain[0], "told");
    }
}

static void test_times(void)
{
    static const char *const want[] = {
        "2026-11-12T01:02:03",           "2026-11-12T01:02:03.1",
        "2026-11-12T01:02:03.12",        "2026-11-12T01:02:03.123",
        "2026-11-12T01:02:03.1234",      "2026-11-12T01:02:03.12345",
        "2026-11-12T01:02:03.123456",    "2026-11-12T01:02:03.1234567",
        "2026-11-12T01:02:03.12345678",  "2026-11-12T01:02:03.123456789",
        "2026-11-12T01:02:03.123456789",
    };
    int64_t t;

    if (time_parse(SLICE("2026-11-12T01:02:03.123456789Z"), 0, &t, NULL) < 0)
        abort();
    for (unsigned digits = 0; digits < CANH_LEN(want); digits++) {
        fields_begin(&f);
        fields_time(&f, t, false, digits);
        is_slice(value(NAME_TIMESTAMP), slice_str(want[digits]), "%u digits", digits);
        ok(f.local && f.time == t, "of a clock on a wall");
    }
    fields_begin(&f);
    fields_time(&f, t, true, 0);
    is_slice(value(NAME_TIMESTAMP), SLICE("2026-11-12T01:02:03Z"), "with a zone");
    ok(!f.local, "is no local time");
    fields_begin(&f);
    ok(f.time == TIME_NONE && !f.local, "forgotten with its line");
    fields_time(&f, TIME_NONE, true, 0);
    is_int(f.count, 0, "no time, no field");
}

/* Days one after the other, back again, and before 1970. */
static void test_days(void)
{
    static const struct {
        int64_t t;
        const char *text;
    } rows[] = {
        {1772323199 * TIME_SECOND, "2026-02-28T23:59:59Z"},
        {1772323200 * TIME_SECOND, "2026-03-01T00:00:00Z"},
        {1772323199 * TIME_SECOND, "2026-02-28T23:59:59Z"},
        {0, "1970-01-01T00:00:00Z"},
        {-1, "1969-12-31T23:59:59Z"},
        {-TIME_DAY, "1969-12-31T00:00:00Z"},
        {-TIME_DAY - 1, "1969-12-30T23:59:59Z"},
        {INT64_MAX, "2262-04-11T23:47:16Z"},
        {INT64_MIN + 1, "1677-09-21T00:12:43Z"},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        fields_begin(&f);
        fields_time(&f, rows[i].t, true, 0);
        is_slice(value(NAME_TIMESTAMP), slice_str(rows[i].text), "%s", rows[i].text);
    }
    fields_begin(&f);
    fields_time(&f, -1, true, 9);
    is_slice(value(NAME_TIMESTAMP), SLICE("1969-12-31T23:59:59.999999999Z"), "just before 1970");
}

/* Looks for one of two bytes find what looking byte by byte finds, wherever it stands. */
static void test_near(void)
{
    uint8_t text[50];

    for (size_t n = 0; n <= sizeof(text); n++) {
        for (size_t at = 0; at <= n; at++) {
            memset(text, '.', sizeof(text));
            text[at < n ? at : 0] = at < n ? '"' : '.';
            if (at + 3 < n)
                text[at + 3] = ' ';
            if (near_either(slice_of(text, n), ' ', '"') != (at < n ? at : SIZE_MAX) ||
                near_byte(slice_of(text, n), ' ') != (at + 3 < n ? at + 3 : SIZE_MAX))
                ok(false, "at %zu of %zu", at, n);
        }
    }
    ok(near_byte(SLICE_NULL, 0) == SIZE_MAX, "not in nothing");
    ok(near_byte(SLICE("a"), 0) == SIZE_MAX, "not behind the end");
}

static void url_is(const char *url, const char *domain, const char *path, const char *query)
{
    fields_begin(&f);
    fields_url(&f, slice_str(url));
    is_slice(value(NAME_URL_DOMAIN), slice_str(domain), "host of %s", url);
    is_slice(value(NAME_URL_PATH), slice_str(path), "path of %s", url);
    is_slice(value(NAME_URL_QUERY), slice_str(query), "query of %s", url);
}

static void test_names(void)
{
    url_is("http://a.example:80/b?c?d", "a.example", "/b", "c?d");
    url_is("http:///b", "", "/b", "");
    url_is("_ttp://a/b", "", "_ttp://a/b", "");
    url_is("a+b-c.1://u@v@[::1]:8/b", "[::1]", "/b", "");
    url_is("://a/b", "", "://a/b", "");
    url_is("http://a?b", "a", "", "b");
    url_is("http://a#b?c", "a", "#b", "c");
    url_is("/b", "", "/b", "");
    for (size_t i = 0; i < FIELD_NAME_COUNT; i++)
        is_int(f.known[i], fields_key(&f, field_name_text((enum field_name)i)), "key of name %zu",
               i);
    fields_begin(&f);
    fields_write(&f, NAME_USER, SLICE("lan"));
    fields_own(&f, SLICE("user.name"), SLICE("lan"));
    fields_own(&f, SLICE(""), SLICE("lan"));
    ok(f.count == 2 && !f.own[0] && f.own[1], "a name of the schema, and the source's own");
}

static void number_is(uint64_t number, const char *want)
{
    fields_begin(&f);
    fields_number_u64(&f, NAME_PID, number);
    is_slice(value(NAME_PID), slice_str(want), "%s", want);
    is_int(f.items[0].type, VALUE_NUMBER, "is a number");
}

static void test_values(void)
{
    char own[] = "user.name"; /* in a log: not the text that the schema's name is known by */

    number_is(0, "0");
    number_is(9, "9");
    number_is(10, "10");
    number_is(UINT64_MAX, "18446744073709551615");
    fields_begin(&f);
    fields_number(&f, NAME_PID, SLICE("17x"));
    is_int(f.items[0].type, VALUE_STRING, "no digits, no number");
    fields_number(&f, NAME_STATUS, SLICE(""));
    fields_write(&f, NAME_USER, SLICE(""));
    fields_write_lower(&f, NAME_TRANSPORT, SLICE(""));
    is_int(f.count, 1, "names of the schema are left out where they have no value");
    fields_write_lower(&f, NAME_TRANSPORT, SLICE("TCP@Z[az"));
    is_slice(value(NAME_TRANSPORT), SLICE("tcp@z[az"), "lower case");
    fields_own(&f, slice_str(own), SLICE(""));
    is_int(f.count, 3, "the source's own names are not");
    ok(!fields_has(&f, NAME_USER), "nor do they pass for the schema's");
    fields_write(&f, NAME_USER, SLICE("lan"));
    fields_write(&f, NAME_USER, SLICE("an"));
    is_slice(value(NAME_USER), SLICE("lan"), "the first value");
    ok(fields_get_own(&f, slice_str(own)).p != NULL && fields_get_own(&f, slice_str(own)).n == 0,
       "each by itself");
    fields_data(&f, SLICE("EventID"), SLICE("1"));
    is_int(f.items[f.count - 1].key, KEY_NONE, "a name of System's in data is not System's");
    fields_data(&f, SLICE("Channel"), SLICE(""));
    is_int(f.items[f.count - 1].key, KEY_DATA_CHANNEL, "Channel has a number of its own there");
    is_int(f.items[f.count - 1].type, VALUE_EMPTY, "and nothing is null, too");
    fields_own(&f, SLICE("EventID"), SLICE("1"));
    is_int(f.items[f.count - 1].key, KEY_EVENT_ID, "elsewhere it is");
}

/* More fields than there is room for: what nobody asks for gives way. */
static void test_room(void)
{
    fields_begin(&f);
    for (uint32_t i = 0; i < EVENT_FIELDS_MAX; i++)
        fields_own(&f, SLICE("other"), SLICE("x"));
    ok(f.count == EVENT_FIELDS_MAX && !f.lost, "as many as there is room for");
    fields_own(&f, SLICE("other"), SLICE("y"));
    ok(f.count == EVENT_FIELDS_MAX && f.lost, "one more is lost, and told");
    fields_own(&f, SLICE("EventID"), SLICE("7"));
    is_slice(fields_get_own(&f, SLICE("EventID")), SLICE("7"), "but not one that rules ask for");
    is_int(f.count, EVENT_FIELDS_MAX, "which takes another's place");
    fields_begin(&f);
    for (uint32_t i = 0; i < EVENT_FIELDS_MAX; i++)
        fields_own(&f, SLICE("other"), SLICE("x"));
    fields_own(&f, SLICE("EventID"), SLICE("7"));
    ok(f.lost, "and the other is lost");
    fields_begin(&f);
    ok(fields_scratch(&f, (size_t)1 << 40) == NULL && f.lost, "without memory something is lost");
    fields_begin(&f);
    ok(!f.lost && f.count == 0, "all that is forgotten with the line");
}

int main(void)
{
    keys = keys_new();
    if (keys == NULL || fields_init(&f, keys) < 0)
        abort();
    test_addresses();
    test_times();
    test_days();
    test_near();
    test_values();
    test_room();
    test_names();
    fields_done(&f);
    keys = keys_free(keys);
    return tap_done();
}
