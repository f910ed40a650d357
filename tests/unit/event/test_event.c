/* SPDX-License-Identifier: Apache-2.0 */
#include "event/event.h"

#include "base/time.h"
#include "tap.h"

static struct field value(uint16_t key, struct slice text, uint8_t form)
{
    return (struct field){.text = text.p, .n = (uint32_t)text.n, .key = key, .form = form};
}

static void reads(struct slice text, uint8_t form, struct slice want, const char *name)
{
    struct buf out = BUF_INIT(1000);
    struct field f = value(1, text, form);

    field_text(&f, &out);
    is_slice(buf_slice(&out), want, "%s", name);
    buf_done(&out);
}

/* Which of an event's fields are values of a key, as a text of 0 and 1. */
static void sees(const struct event *e, uint32_t key, enum event_view view, const char *want)
{
    char got[8] = "";

    for (uint32_t i = 0; i < e->count; i++)
        got[i] = event_has_value(e, i, key, view) ? '1' : '0';
    is_str(got, want, "key %u, %s", key, view == VIEW_ROUTE ? "route" : "condition");
}

static void test_views(void)
{
    struct field fields[] = {value(KEY_CHANNEL, SLICE("Application"), FORM_UTF8),
                             value(KEY_EVENT_ID, SLICE(""), FORM_UTF8),
                             value(KEY_EVENT_ID, SLICE("1"), FORM_UTF8),
                             value(KEY_EVENT_ID, SLICE("4720"), FORM_UTF8),
                             value(KEY_CHANNEL, SLICE("Security"), FORM_UTF8),
                             value(KEY_DATA_CHANNEL, SLICE("System"), FORM_UTF8)};
    struct event e = {.fields = fields, .count = 5};

    fields[1].type = VALUE_GROUP;
    sees(&e, KEY_CHANNEL, VIEW_ROUTE, "10000");
    sees(&e, KEY_CHANNEL, VIEW_CONDITION, "10001");
    sees(&e, KEY_EVENT_ID, VIEW_ROUTE, "01100");
    sees(&e, KEY_EVENT_ID, VIEW_CONDITION, "01110");
    ok(event_get(&e, KEY_EVENT_ID) == &fields[2], "a value goes before a group");
    e.count = 6;
    sees(&e, KEY_CHANNEL, VIEW_ROUTE, "100000");
    sees(&e, KEY_CHANNEL, VIEW_CONDITION, "000001");
}

/* What @timestamp says as a number, in nanoseconds since 1970. */
static void epoch_is(const char *text, int64_t want)
{
    struct field f = value(KEY_TIMESTAMP, slice_str(text), FORM_UTF8);
    struct event e = {.fields = &f, .count = 1};

    f.type = VALUE_NUMBER;
    is_int(event_time(&e), want, "@timestamp %s", text);
}

static void test_epochs(void)
{
    const int64_t second = 1556380645;

    epoch_is("1556380645", second * TIME_SECOND);
    epoch_is("1556380645.86", second * TIME_SECOND + 860000000);
    epoch_is("1556380645.123456789", second * TIME_SECOND + 123456789);
    epoch_is("1556380645.1234567899", second * TIME_SECOND + 123456789);
    epoch_is("1556380645.0009", second * TIME_SECOND + 900000);
    epoch_is("1556380645000", second * TIME_SECOND);
    epoch_is("1556380645000000", second * TIME_SECOND);
    epoch_is("1556380645000000001", second * TIME_SECOND + 1);
    epoch_is("132008542450000001", second * TIME_SECOND + 100);
    epoch_is("116444736000000000", 0);
    epoch_is("116444735999999999", INT64_C(116444735999999999));
    epoch_is("199999999999999999", INT64_C(8355526399999999900));
    epoch_is("200000000000000000", INT64_C(200000000000000000));
    epoch_is("100000000", 100000000 * TIME_SECOND);
    epoch_is("99999999", TIME_NONE);
    epoch_is("9223372036", INT64_C(9223372036) * TIME_SECOND);
    epoch_is("9223372037", TIME_NONE);
    epoch_is("9223372036854775807", INT64_MAX);
    epoch_is("9223372036854775808", TIME_NONE);
    epoch_is("100000000000", 100000000 * TIME_SECOND); /* milliseconds */
    epoch_is("99999999999", TIME_NONE);                /* seconds beyond what nanoseconds can say */
    epoch_is("1556380645.1x", TIME_NONE);
    epoch_is("1556380645.1/", TIME_NONE);
    epoch_is("1556380645.1:", TIME_NONE);
    epoch_is("-1556380645", TIME_NONE);
}

/* Whether a time is a clock on a wall: Windows' own two are UTC although they name no zone. */
static void local_is(uint16_t key, const char *text, bool want)
{
    struct field f = value(key, slice_str(text), FORM_UTF8);
    struct event e = {.fields = &f, .count = 1};
    bool local = !want;

    ok(event_clock(&e, &local) != TIME_NONE && local == want, "key %u, %s: %s", key, text,
       want ? "local" : "not local");
}

static void test_clocks(void)
{
    struct event e = {.flags = EVENT_TIME, .time = 77};
    bool local = true;

    local_is(KEY_TIMESTAMP, "2026-01-01 00:00:00", true);
    local_is(KEY_TIMESTAMP, "2026-01-01T00:00:00Z", false);
    local_is(KEY_EVENT_TIME, "2026-01-01 00:00:00", true);
    local_is(KEY_EVENT_TIME, "2026-01-01T00:00:00+07:00", false);
    local_is(KEY_UTC_TIME, "2026-01-01 00:00:00", false);
    local_is(KEY_SYSTEM_TIME, "2026-01-01 00:00:00", false);
    local_is(KEY_TIMESTAMP, "1556380645", false);
    ok(event_clock(&e, &local) == 77 && !local, "the decoder's own time");
    e.flags |= EVENT_TIME_LOCAL;
    ok(event_clock(&e, &local) == 77 && local, "without a zone");
    e.flags = EVENT_TIME_LOCAL;
    ok(event_clock(&e, &local) == TIME_NONE && !local, "no time has no zone to lack");
}

/* Where a field that matters finds room among those that do not, from the last on. */
static void test_room_over(void)
{
    struct field fields[] = {value(KEY_NONE, SLICE("a"), FORM_UTF8),
                             value(KEY_CHANNEL, SLICE("b"), FORM_UTF8),
                             value(KEY_NONE, SLICE("c"), FORM_UTF8),
                             value(KEY_EVENT_ID, SLICE("d"), FORM_UTF8)};
    uint32_t from = CANH_LEN(fields);

    ok(event_room_over(fields, &from) == &fields[2], "the last that no rule asks for");
    ok(event_room_over(fields, &from) == &fields[0], "then the one before it");
    ok(event_room_over(fields, &from) == NULL, "then there is none");
    ok(event_room_over(fields, &from) == NULL && from == 0, "and stays so");
}

int main(void)
{
    struct field fields[] = {value(KEY_UTC_TIME, SLICE("2019-07-29 21:33:53.839"), FORM_UTF8),
                             value(KEY_SYSTEM_TIME, SLICE("rubbish"), FORM_UTF8)};
    struct event e = {.fields = fields, .count = 2};

    reads(SLICE("C:\\\\a\\\"b\\/\\n\\t"), FORM_JSON, SLICE("C:\\a\"b/\n\t"), "short escapes");
    reads(SLICE("\\u0110\\ud83c\\udfee!"), FORM_JSON, SLICE("Đ🏮!"), "unicode escapes");
    reads(SLICE("\\ud83c\\u0041\\udfee"), FORM_JSON, SLICE("\xEF\xBF\xBD\x41\xEF\xBF\xBD"),
          "lone surrogates");
    reads(SLICE("\\u0009\\u00e9\\u00C9\\uFFfd"), FORM_JSON, SLICE("\téÉ\xEF\xBF\xBD"),
          "every kind of digit");
    reads(SLICE("\\ud83c\\udfee"), FORM_JSON, SLICE("🏮"), "a pair at the very end");
    reads(SLICE("a\\u00e"), FORM_JSON, SLICE("a\xEF\xBF\xBD"), "an escape that is cut");
    reads(SLICE("a\\u0041"), FORM_JSON, SLICE("aA"), "an escape at the very end");
    reads(SLICE("C:\\\\a\\"), FORM_JSON, SLICE("C:\\a\\"), "one that is cut behind its backslash");
    reads(SLICE("a\0b\0"), FORM_UTF16, SLICE("ab"), "UTF-16");
    is_int(event_time(&e), INT64_C(1564436033839000000), "a bad time gives way to the next");
    ok(event_get(&e, KEY_CHANNEL) == NULL, "an absent field");
    e.count = 0;
    ok(event_time(&e) == TIME_NONE, "no time at all");
    test_views();
    fields[0] = value(KEY_SYSTEM_TIME, SLICE("/Date(1564436033839)/"), FORM_UTF8);
    e.count = 1;
    is_int(event_time(&e), INT64_C(1564436033839000000), "milliseconds as PowerShell writes them");
    fields[0] = value(KEY_SYSTEM_TIME, SLICE("/Date(156443603383900"), FORM_UTF8);
    ok(event_time(&e) == TIME_NONE, "half of what PowerShell writes");
    fields[0] = value(KEY_SYSTEM_TIME, SLICE("1564436033839)/"), FORM_UTF8);
    ok(event_time(&e) == TIME_NONE, "the other half");
    test_room_over();
    test_epochs();
    test_clocks();
    return tap_done();
}
