/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/atom.h"

#include "tap.h"

static bool number(enum atom_op op, double want, const char *text)
{
    return atom_number_holds(&(struct atom){.op = op, .number = want}, slice_str(text));
}

static void test_numbers(void)
{
    ok(number(ATOM_NUMBER, 4688, "4688") && number(ATOM_NUMBER, 4688, "4688.0"), "equal");
    ok(!number(ATOM_NUMBER, 4688, "4689") && !number(ATOM_NUMBER, 4688, "0x1251"), "not equal");
    ok(number(ATOM_NUMBER, 5, "0x5") && number(ATOM_NUMBER, 32, "0x20") &&
           number(ATOM_NUMBER, 0xABCDEF, "0XabCDef"),
       "hexadecimal, as Windows writes it");
    ok(number(ATOM_NUMBER, 9007199254740991.0 / 2 - 0.5, "0xfffffffffffff"), "13 digits");
    ok(!number(ATOM_NUMBER, 0, "0x") && !number(ATOM_NUMBER, 32, "20h") &&
           !number(ATOM_NUMBER, 0, "0xg") && !number(ATOM_NUMBER, 1, "0x00000000000001"),
       "no digits, another base, 14 digits");
    ok(number(ATOM_GT, 31, "0x20") && !number(ATOM_GT, 32, "0x20"), "and compared");
    ok(number(ATOM_LT, 5, "4.9") && !number(ATOM_LT, 5, "5"), "less");
    ok(number(ATOM_LTE, 5, "5") && !number(ATOM_LTE, 5, "5.1"), "less or equal");
    ok(number(ATOM_GT, 5, "1e1") && !number(ATOM_GT, 5, "5"), "greater");
    ok(number(ATOM_GTE, -5, "-5") && !number(ATOM_GTE, -5, "-6"), "greater or equal");
    ok(!number(ATOM_LT, 5, "") && !number(ATOM_GTE, 5, "six"), "text that is no number is neither");
}

static bool in_net(const char *text, uint8_t bits)
{
    const struct atom a = {.op = ATOM_CIDR, .cidr = {.address = {10, 1}, .bits = bits}};

    return atom_cidr_holds(&a, slice_str(text));
}

static void test_networks(void)
{
    ok(in_net("10.1.255.3", 16) && !in_net("10.2.0.1", 16), "inside and outside");
    ok(in_net("::ffff:10.1.2.3", 16), "mapped into IPv6");
    ok(!in_net("10.1.2.3%1", 16), "only IPv6 addresses have zones");
    ok(!in_net("10.1.2.3:80", 16) && !in_net("host", 16) && !in_net("", 0), "no address");
}

static void test_zones(void)
{
    const struct atom a = {.op = ATOM_CIDR,
                           .cidr = {.address = {0xfe, 0x80}, .bits = 10, .v6 = true}};

    ok(atom_cidr_holds(&a, SLICE("fe80::1:2:3:4%10")) && atom_cidr_holds(&a, SLICE("fe80::1%eth0")),
       "the zone of a link-local address");
    ok(!atom_cidr_holds(&a, SLICE("fe80::1%")) && !atom_cidr_holds(&a, SLICE("%10")) &&
           !atom_cidr_holds(&a, SLICE("2001::1%10")),
       "no zone, no address, another network");
}

static bool at_time(enum time_part part, int64_t want, const char *text)
{
    const struct atom a = {.op = ATOM_TIMEPART, .time = {part, want}};

    return atom_time_holds(&a, slice_str(text));
}

static void test_times(void)
{
    static const char time[] = "2021-01-03T23:59:07+07:00";

    ok(at_time(TIME_PART_HOUR, 23, time) && at_time(TIME_PART_MINUTE, 59, time),
       "the clock as written, its zone not applied");
    ok(at_time(TIME_PART_DAY, 3, time) && at_time(TIME_PART_MONTH, 1, time) &&
           at_time(TIME_PART_YEAR, 2021, time),
       "the date");
    ok(at_time(TIME_PART_WEEK, 53, time) && !at_time(TIME_PART_WEEK, 1, time),
       "the week of ISO 8601");
    ok(!at_time(TIME_PART_DAY, 3, "yesterday"), "text that is no time");
}

static bool refers(enum fieldref_kind kind, const char *text, const char *other)
{
    const struct atom a = {.op = ATOM_FIELDREF, .ref = {.kind = kind}};

    return atom_fieldref_holds(&a, slice_str(text), slice_str(other));
}

static void test_references(void)
{
    ok(refers(FIELDREF_EQ, "abc", "abc") && !refers(FIELDREF_EQ, "abc", "ab"), "equal");
    ok(refers(FIELDREF_STARTS, "abc", "ab") && !refers(FIELDREF_STARTS, "abc", "bc"), "begins");
    ok(refers(FIELDREF_ENDS, "abc", "bc") && !refers(FIELDREF_ENDS, "abc", "ab"), "ends");
    ok(refers(FIELDREF_CONTAINS, "abc", "b") && !refers(FIELDREF_CONTAINS, "abc", "ac"),
       "contains");
}

int main(void)
{
    test_numbers();
    test_networks();
    test_zones();
    test_times();
    test_references();
    return tap_done();
}
