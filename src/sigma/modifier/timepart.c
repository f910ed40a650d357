/* SPDX-License-Identifier: Apache-2.0 */
/* minute, hour, day, week, month, year: a part of the time that a value is. */
#include "base/time.h"
#include "lang/err_sigma.h"
#include "lang/msg_explain.h"
#include "sigma/atom.h"
#include "sigma/comparison.h"
#include "sigma/item_internal.h"
#include "sigma/test.h"

static const struct {
    uint32_t mod;
    const char *name;
    int64_t min, max;
} parts[] = {
    [TIME_PART_MINUTE] = {MOD_MINUTE, "minute", 0, 59},
    [TIME_PART_HOUR] = {MOD_HOUR, "hour", 0, 23},
    [TIME_PART_DAY] = {MOD_DAY, "day", 1, 31},
    [TIME_PART_WEEK] = {MOD_WEEK, "week", 1, 53},
    [TIME_PART_MONTH] = {MOD_MONTH, "month", 1, 12},
    [TIME_PART_YEAR] = {MOD_YEAR, "year", 1, 9999},
};

static int parse_timepart(struct item *item, struct slice text)
{
    struct atom atom = {.op = ATOM_TIMEPART};
    size_t part = 0;

    (void)text;
    while (parts[part].mod != item->kind->bit)
        part++;
    if (!yaml_int(item->at, &atom.time.value) || atom.time.value < parts[part].min ||
        atom.time.value > parts[part].max)
        return build_fail(item->b, item->at, CE_RANGE, ERR_SIGMA_TAKES_NUMBER_FROM,
                          parts[part].name, parts[part].min, parts[part].max);
    atom.time.part = (enum time_part)part;
    return item_push(item, atom);
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

static void identify_timepart(const struct atom *a, struct buf *out)
{
    buf_putc(out, (uint8_t)a->time.part);
    buf_append_i64(out, a->time.value);
}

static bool holds_timepart(struct runner *r, const struct test *t, struct value *v)
{
    return atom_time_holds(t->atom, test_plain(r, v));
}

static int explain_timepart(struct explainer *x, const struct atom *a, struct slice text,
                            struct verdict *v, bool *ret)
{
    (void)x;
    (void)v;
    *ret = atom_time_holds(a, text);
    return 0;
}

static struct atom_words timepart_words(const struct atom *a, struct buf *want)
{
    buf_append_i64(want, a->time.value);
    return (struct atom_words){.verb = MSG_EXPLAIN_TIME_PART,
                               .named = true,
                               .name = parts[a->time.part].name};
}

const struct comparison comparison_timepart = {
    .op = ATOM_TIMEPART,
    .identify = identify_timepart,
    .cost = 80,
    .holds = holds_timepart,
    .explain = explain_timepart,
    .words = timepart_words,
};

#define TIMEPART(part, row)                                                                        \
    const struct modifier modifier_##row = {                                                       \
        .names = {SLICE_INIT(#row)},                                                               \
        .bit = MOD_##part,                                                                         \
        .group = {MODS_KIND, ERR_SIGMA_WHY_ONE_WAY},                                               \
        .with = {MOD_ALL | MOD_NEQ, ERR_SIGMA_WHY_DATE_PART},                                      \
        .parse = parse_timepart,                                                                   \
        .takes_null = true,                                                                        \
    }
TIMEPART(MINUTE, minute);
TIMEPART(HOUR, hour);
TIMEPART(DAY, day);
TIMEPART(WEEK, week);
TIMEPART(MONTH, month);
TIMEPART(YEAR, year);
