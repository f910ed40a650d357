/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/atom.h"

#include "base/ip.h"
#include "base/num.h"
#include "base/time.h"

/* 0x20: up to 13 digits, which a double holds exactly. */
static bool hexadecimal(struct slice s, double *ret)
{
    uint64_t v;

    if (s.n < 3 || s.n > 15 || s.p[0] != '0' || (s.p[1] | 0x20) != 'x' || num_hex(s, &v) < 0)
        return false;
    *ret = (double)v;
    return true;
}

bool atom_number_of(struct slice text, double *ret)
{
    return num_double(text, ret) == 0 || hexadecimal(text, ret);
}

bool atom_number_holds(const struct atom *a, struct slice text)
{
    double d;

    if (!atom_number_of(text, &d))
        return false;
    switch (a->op) {
    case ATOM_LT:
        return d < a->number;
    case ATOM_LTE:
        return d <= a->number;
    case ATOM_GT:
        return d > a->number;
    case ATOM_GTE:
        return d >= a->number;
    default:
        return d == a->number;
    }
}

/* Windows and others write the interface behind a link-local address: fe80::1%10 (RFC 4007
 * section 11). */
static struct slice without_zone(struct slice s)
{
    size_t at = slice_find_byte(s, '%');
    bool zone = at != SIZE_MAX && at + 1 < s.n && slice_find_byte(slice_head(s, at), ':') < at;

    return zone ? slice_head(s, at) : s;
}

bool atom_cidr_holds(const struct atom *a, struct slice text)
{
    struct ip ip;

    text = without_zone(text);
    return ip_parse(text, &ip) == 0 && ip_in_net(&ip, a->cidr.address, a->cidr.bits, a->cidr.v6);
}

bool atom_time_holds(const struct atom *a, struct slice text)
{
    int64_t want = a->time.value;
    struct civil c;

    if (time_parse_civil(text, &c) < 0)
        return false;
    switch (a->time.part) {
    case TIME_PART_MINUTE:
        return c.minute == want;
    case TIME_PART_HOUR:
        return c.hour == want;
    case TIME_PART_DAY:
        return c.day == want;
    case TIME_PART_WEEK:
        return week_of_days(days_from_date(c.year, c.month, c.day)) == want;
    case TIME_PART_MONTH:
        return c.month == want;
    default:
        return c.year == want;
    }
}

bool atom_fieldref_holds(const struct atom *a, struct slice text, struct slice other)
{
    switch (a->ref.kind) {
    case FIELDREF_STARTS:
        return slice_starts(text, other);
    case FIELDREF_ENDS:
        return slice_ends(text, other);
    case FIELDREF_CONTAINS:
        return slice_find(text, other) != SIZE_MAX;
    default:
        return slice_eq(text, other);
    }
}
