/* SPDX-License-Identifier: Apache-2.0 */
/* Names of people in what somebody sees who looks without a case. */
#include "search/mask.h"

#include <stdlib.h>
#include <string.h>

#include "search/record_decoder.h"
#include "tap.h"

static struct keys *keys;
static struct mask *mask;
static struct record_decoder decoder;

static const char *masked(const char *raw)
{
    static char text[4096];
    struct slice s = slice_str(raw);
    const struct event *e =
        record_decode(&decoder, record_format(s), &(struct journal_record){.raw = s});
    struct slice got = mask_text(mask, s, e);

    memcpy(text, got.p, got.n);
    text[got.n] = '\0';
    return text;
}

static void hides(const char *raw, const char *what)
{
    const char *got = masked(raw);

    ok(strstr(got, what) == NULL, "%s is hidden: %s", what, got);
}

static void stays(const char *raw)
{
    is_str(masked(raw), raw, "nothing to hide");
}

#define SSH "Nov 29 12:00:00 web01 sshd[1]: Failed password for alice from 203.0.113.7 port 9 ssh2"

static void test_lines(void)
{
    char first[400];

    hides(SSH, "alice");
    hides(SSH, "203.0.113.7");
    ok(strstr(masked(SSH), "web01 sshd[1]: Failed password for [user ") != NULL,
       "the rest stays: %s", masked(SSH));
    memcpy(first, masked(SSH), sizeof(first));
    is_str(masked(SSH), first, "the same value has the same name");
    hides("{\"Channel\":\"Security\",\"EventID\":4625,\"TargetUserName\":\"LAB\\\\svc-3\","
          "\"IpAddress\":\"2001:db8::7\",\"Path\":\"C:\\\\Users\\\\svc-3\\\\x\"}",
          "svc-3");
    hides("{\"Channel\":\"Security\",\"EventID\":4625,\"TargetUserName\":\"x1\","
          "\"IpAddress\":\"2001:db8::7\"}",
          "2001:db8::7");
    hides("no format knows this; mail to Nguyen.Van-A@so-yte.example, please", "Nguyen");
    hides("a connection 192.0.2.7:443->192.0.2.8:80 [2001:db8::9]:1", "192.0.2");
    hides("a connection 192.0.2.7:443->192.0.2.8:80 [2001:db8::9]:1", "db8");
    hides("from ::ffff:192.0.2.9, at the end 192.0.2.9", "192.0.2.9");
}

static void test_rest(void)
{
    stays("Nov 29 12:00:00 web01 kernel: started at 12:00:00, 3 of 4 done");
    stays("a std::string, a :: b, 1.2.3, -@-");
    stays("");
    ok(strstr(masked(
                  "Nov 29 12:00:00 w sshd[1]: Failed password for al from 192.0.2.1 port 9 ssh2"),
              "port 9") != NULL &&
           strstr(masked(
                      "Nov 29 12:00:00 alfa sshd[1]: Failed password for al from 192.0.2.1 port 9"),
                  "alfa") != NULL,
       "only whole words are an account");
}

static void test_values(void)
{
    struct slice a = mask_value(mask, SLICE("LAB\\svc-3"), true);
    char one[64];

    ok(slice_starts(a, SLICE("[user ")), "a value of a field of accounts");
    memcpy(one, a.p, a.n);
    ok(slice_eq(mask_value(mask, SLICE("svc-3"), true), slice_of(one, a.n)),
       "is the same account without its domain");
    ok(slice_is(mask_value(mask, SLICE("-"), true), "-"), "nobody stays nobody");
    ok(slice_starts(mask_value(mask, SLICE("192.0.2.1"), false), SLICE("[address ")), "an address");
    ok(slice_is(mask_value(mask, SLICE("4625"), false), "4625"), "a number");
}

int main(void)
{
    keys = keys_new();
    mask = keys ? mask_new(keys, 42) : NULL;
    if (mask == NULL)
        abort();
    record_decoder_init(&decoder, keys, 1 << 20);
    test_lines();
    test_rest();
    test_values();
    record_decoder_done(&decoder);
    mask = mask_free(mask);
    keys = keys_free(keys);
    return tap_done();
}
