/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/scope.h"

#include "base/time.h"
#include "tap.h"

static struct field fields[3];
static struct event event = {.fields = fields};
static struct buf text = {.max = 1024};

static void set(uint32_t i, uint16_t key, const char *value)
{
    fields[i] = (struct field){.text = (const uint8_t *)value,
                               .n = (uint32_t)strlen(value),
                               .key = key,
                               .type = VALUE_STRING};
}

static enum scope_verdict judge(const struct scan_scope *s)
{
    static const struct origin origin = {.received = TIME_NONE};

    return scope_judge(s, &origin, &event, &text);
}

static void test_lists(void)
{
    static const char *const hosts[] = {"other", "pc1"}, *const ids[] = {"4624"},
                             *const channels[] = {"security"};
    struct scan_scope s = SCAN_SCOPE_ALL;

    ok(scope_is_all(&s), "all");
    is_int(judge(&s), SCOPE_IN, "all is in");
    s.hosts = (struct scope_list){hosts, 2};
    ok(!scope_is_all(&s), "not all");
    is_int(judge(&s), SCOPE_IN, "a short name, another case");
    s.hosts.count = 1;
    is_int(judge(&s), SCOPE_OUT, "another host");
    s.hosts = (struct scope_list){hosts + 1, 1};
    is_int(judge(&s), SCOPE_IN, "the only host");
    set(0, KEY_COMPUTER, "PC11.tinh.local");
    is_int(judge(&s), SCOPE_OUT, "only a whole label");
    set(0, KEY_HOST, "PC1");
    is_int(judge(&s), SCOPE_IN, "of a text log");
    s.event_ids = (struct scope_list){ids, 1};
    is_int(judge(&s), SCOPE_IN, "event id");
    s.channels = (struct scope_list){channels, 1};
    is_int(judge(&s), SCOPE_IN, "channel");
    set(1, KEY_EVENT_ID, "4625");
    is_int(judge(&s), SCOPE_OUT, "all must fit");
    set(1, KEY_EVENT_ID, "4624");
    set(2, KEY_PROGRAM, "Security");
    is_int(judge(&s), SCOPE_IN, "a program");
}

static void test_time(void)
{
    struct scan_scope s = SCAN_SCOPE_ALL;

    s.from = 100 * TIME_SECOND;
    is_int(judge(&s), SCOPE_TIMELESS, "no time");
    event.flags = EVENT_TIME;
    event.time = 100 * TIME_SECOND;
    is_int(judge(&s), SCOPE_IN, "from is inside");
    event.time--;
    is_int(judge(&s), SCOPE_OUT, "before");
    s.from = TIME_NONE;
    s.until = 100 * TIME_SECOND;
    is_int(judge(&s), SCOPE_IN, "before the end");
    event.time++;
    is_int(judge(&s), SCOPE_OUT, "the end is outside");
}

static void test_files(void)
{
    struct scan_scope s = SCAN_SCOPE_ALL;

    ok(!scope_is_before(&s, 0), "nothing is asked for");
    s.from = 100 * TIME_HOUR;
    ok(!scope_is_before(&s, 86 * TIME_HOUR), "clocks may be 14 hours apart");
    ok(scope_is_before(&s, 86 * TIME_HOUR - 1), "not more");
    ok(!scope_is_before(&s, TIME_NONE), "unknown");
}

int main(void)
{
    event.count = 3;
    set(0, KEY_COMPUTER, "PC1.tinh.local");
    set(1, KEY_EVENT_ID, "4624");
    set(2, KEY_CHANNEL, "Security");
    test_lists();
    test_time();
    test_files();
    buf_done(&text);
    return tap_done();
}
