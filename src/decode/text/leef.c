/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/text/leef.h"

#include "base/num.h"
#include "base/time.h"
#include "decode/text/clock.h"
#include "decode/text/pairs.h"

enum { HEAD_MAX = 512, EVENT_ID_PART = 3, SEPARATOR_MAX = sizeof("0x5E") - 1, TIME_DIGITS = 13 };

#define TIME_MS_MAX INT64_C(9000000000000)

static const struct slice collector = SLICE_INIT("AgentDevice=WindowsLog\t");

static bool is_leef(struct slice text)
{
    return slice_starts(text, SLICE("LEEF:")) && text.n > 8 &&
           (text.p[5] == '1' || text.p[5] == '2') && text.p[6] == '.' && text.p[8] == '|';
}

static size_t leef_at(struct slice text)
{
    size_t at = slice_find(slice_head(text, HEAD_MAX), SLICE("LEEF:"));

    return at != SIZE_MAX && is_leef(slice_from(text, at)) ? at : SIZE_MAX;
}

bool leef_begins(struct slice text)
{
    return is_leef(text) || slice_starts(text, collector);
}

/*
 * Takes the separator of version 2 off *text: a character, or x and its number. A tab where it says
 * nothing or is left out.
 */
static uint8_t cut_separator(struct slice *text)
{
    size_t bar = slice_find_byte(slice_head(*text, SEPARATOR_MAX + 1), '|');
    struct slice s = slice_head(*text, bar);
    uint64_t c;

    if (bar == SIZE_MAX)
        return '\t';
    *text = slice_from(*text, bar + 1);
    if (slice_starts(s, SLICE("0x")))
        s = slice_from(s, 1);
    if (s.n > 1 && s.p[0] == 'x' && num_hex(slice_from(s, 1), &c) == 0 && c > 0 && c < 0x80)
        return (uint8_t)c;
    return s.n == 1 && s.p[0] < 0x80 ? s.p[0] : '\t';
}

/* Epoch in milliseconds, or ISO; another form is told by devTimeFormat and not read. */
static void write_time(struct fields *f, struct slice value)
{
    struct clock_time t;
    int64_t ms;

    if (value.n == TIME_DIGITS && num_range(value, 0, TIME_MS_MAX, &ms) == 0)
        fields_time(f, ms * (TIME_SECOND / 1000), true, 3);
    else if (clock_iso(value, &t) > 0)
        fields_time(f, t.t, t.zoned, t.digits);
}

static void read_pairs(struct fields *f, struct slice rest, uint8_t separator)
{
    struct slice pair;

    while (slice_cut(&rest, separator, &pair)) {
        size_t eq = slice_find_byte(pair, '=');
        struct slice key = slice_trim(slice_head(pair, eq)), value;

        if (eq == SIZE_MAX || key.n == 0)
            continue;
        value = slice_trim(slice_from(pair, eq + 1));
        fields_own(f, key, value);
        pairs_write_ecs(f, key, value);
        if (slice_is(key, "devTime") && !fields_has(f, NAME_TIMESTAMP))
            write_time(f, value);
    }
}

bool leef_parse(struct fields *f, struct slice text)
{
    static const char *const names[] = {"deviceVendor", "deviceProduct", "deviceVersion",
                                        "deviceEventClassId"};
    size_t at = leef_at(text);
    uint8_t separator = '\t';
    struct slice part;
    bool second;

    if (at == SIZE_MAX && !slice_starts(text, collector))
        return false;
    if (at != SIZE_MAX) {
        second = text.p[at + 5] == '2';
        text = slice_from(text, at + 9);
        for (size_t i = 0; i < CANH_LEN(names) && slice_cut(&text, '|', &part); i++) {
            fields_own(f, slice_str(names[i]), part);
            if (i == EVENT_ID_PART)
                fields_write(f, NAME_CODE, part);
        }
        if (second)
            separator = cut_separator(&text);
    }
    read_pairs(f, text, separator);
    return true;
}
