/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/ical_line.h"

#include "base/ascii.h"
#include "base/err.h"
#include "base/num.h"
#include "base/time.h"

/* One line of the file without its end. */
static struct slice ical_line_physical(struct ical_lines *l)
{
    size_t n = slice_find_byte(l->rest, '\n');
    struct slice line = slice_head(l->rest, n);

    l->rest = n == SIZE_MAX ? SLICE_NULL : slice_from(l->rest, n + 1);
    l->number++;
    return line.n > 0 && line.p[line.n - 1] == '\r' ? slice_head(line, line.n - 1) : line;
}

static bool goes_on(const struct ical_lines *l)
{
    return l->rest.n > 0 && (l->rest.p[0] == ' ' || l->rest.p[0] == '\t');
}

/* Where the name ends, and where the value begins: at the first colon outside of quotes. */
static void ical_line_split(struct slice s, struct ical_line *ret)
{
    size_t name = 0, colon;
    bool quoted = false;

    while (name < s.n && s.p[name] != ';' && s.p[name] != ':')
        name++;
    for (colon = name; colon < s.n && (quoted || s.p[colon] != ':'); colon++)
        quoted ^= s.p[colon] == '"';
    ret->name = slice_head(s, name);
    ret->params = name < colon ? slice_from(slice_head(s, colon), name + 1) : SLICE_NULL;
    ret->value = slice_from(s, colon + 1);
    ret->bad = colon >= s.n || name == 0;
}

int ical_next_line(struct ical_lines *l, struct ical_line *ret)
{
    struct slice line;

    do {
        if (l->rest.n == 0)
            return 0;
        ret->number = l->number;
        line = ical_line_physical(l);
    } while (slice_trim(line).n == 0);
    buf_clear(&l->text);
    buf_append_slice(&l->text, line);
    while (goes_on(l))
        buf_append_slice(&l->text, slice_from(ical_line_physical(l), 1));
    if (l->text.err)
        return l->text.err;
    ical_line_split(buf_slice(&l->text), ret);
    return 1;
}

/* ^n, ^^ and ^' (RFC 6868); what else follows a caret stays. */
static struct slice without_carets(struct arena *arena, struct slice s)
{
    uint8_t *to = arena_alloc(arena, s.n + 1);
    size_t n = 0;

    for (size_t i = 0; to && i < s.n; i++) {
        uint8_t next = i + 1 < s.n ? s.p[i + 1] : 0;
        bool pair = s.p[i] == '^' && (next == '^' || next == 'n' || next == '\'');

        if (pair)
            i++;
        to[n++] = !pair ? s.p[i] : next == 'n' ? '\n' : next == '\'' ? '"' : '^';
    }
    return slice_of(to, n);
}

struct slice ical_param(struct arena *arena, struct slice params, const char *name)
{
    while (params.n > 0) {
        size_t end = 0, equals, comma = SIZE_MAX;
        bool quoted = false;
        struct slice part, value;

        for (; end < params.n && (quoted || params.p[end] != ';'); end++) {
            quoted ^= params.p[end] == '"';
            if (!quoted && params.p[end] == ',' && comma == SIZE_MAX)
                comma = end;
        }
        part = slice_head(params, CANH_MIN(end, comma));
        params = slice_from(params, end + 1);
        equals = slice_find_byte(part, '=');
        if (equals == SIZE_MAX || !slice_eq_nocase(slice_head(part, equals), slice_str(name)))
            continue;
        value = slice_trim(slice_from(part, equals + 1));
        if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
            value = slice_of(value.p + 1, value.n - 2);
        return without_carets(arena, value);
    }
    return SLICE_NULL;
}

struct slice ical_text(struct arena *arena, struct slice value)
{
    uint8_t *to = arena_alloc(arena, value.n + 1);
    size_t n = 0;

    for (size_t i = 0; to && i < value.n; i++) {
        uint8_t c = value.p[i];

        if (c == '\\' && i + 1 < value.n) {
            c = value.p[++i];
            c = c == 'n' || c == 'N' ? '\n' : c;
        }
        if (c == '\n' || (c >= 0x20 && c != 0x7f))
            to[n++] = c;
    }
    return slice_trim(slice_of(to, n));
}

static bool ical_line_digits(struct slice s, size_t from, size_t n, int64_t max, int64_t *ret)
{
    return s.n >= from + n && num_range(slice_head(slice_from(s, from), n), 0, max, ret) == 0;
}

static bool parse_civil(struct slice s, struct civil *ret, struct ical_time *t)
{
    int64_t year, month, day, hour = 0, minute = 0, second = 0;

    t->date = s.n == 8;
    t->utc = s.n == 16 && s.p[15] == 'Z';
    if ((s.n != 8 && s.n != 15 && !t->utc) || (s.n > 8 && s.p[8] != 'T') ||
        !ical_line_digits(s, 0, 4, 9999, &year) || !ical_line_digits(s, 4, 2, 12, &month) ||
        !ical_line_digits(s, 6, 2, 31, &day) ||
        (s.n > 8 &&
         (!ical_line_digits(s, 9, 2, 23, &hour) || !ical_line_digits(s, 11, 2, 59, &minute) ||
          !ical_line_digits(s, 13, 2, 60, &second))))
        return false;
    *ret = (struct civil){.year = (int)year,
                          .month = (unsigned)month,
                          .day = (unsigned)day,
                          .hour = (unsigned)hour,
                          .minute = (unsigned)minute,
                          .second = (unsigned)CANH_MIN(second, 59)};
    return true;
}

bool ical_parse_time(struct slice s, struct ical_time *ret)
{
    struct civil c;

    if (!parse_civil(s, &c, ret) || c.year < 1900 || c.year > 2199)
        return false;
    ret->at = time_from_civil(&c, 0);
    return ret->at != TIME_NONE;
}

bool ical_parse_onset(struct slice s, int64_t *ret)
{
    struct ical_time t;
    struct civil c;

    if (!parse_civil(s, &c, &t) || c.year > 2199)
        return false;
    c.year = CANH_MAX(c.year, 1970);
    c.day = c.month == 2 ? CANH_MIN(c.day, 28u) : c.day;
    *ret = time_from_civil(&c, 0);
    return *ret != TIME_NONE;
}

bool ical_parse_duration(struct slice s, int64_t *ret_days, int64_t *ret_ns)
{
    static const struct {
        char unit;
        bool time;
        int64_t days, ns;
    } units[] = {{'W', false, 7, 0},
                 {'D', false, 1, 0},
                 {'H', true, 0, TIME_HOUR},
                 {'M', true, 0, TIME_MINUTE},
                 {'S', true, 0, TIME_SECOND}};
    bool time = false;

    *ret_days = *ret_ns = 0;
    if (s.n > 0 && s.p[0] == '+')
        s = slice_from(s, 1);
    if (s.n < 2 || s.p[0] != 'P')
        return false;
    s = slice_from(s, 1);
    for (size_t next = 0; s.n > 0;) {
        size_t n = 0;
        int64_t v;

        if (!time && s.p[0] == 'T') {
            time = true;
            s = slice_from(s, 1);
        }
        while (n < s.n && ascii_is_digit(s.p[n]))
            n++;
        if (n == s.n || num_range(slice_head(s, n), 0, 1000000, &v) < 0)
            return false;
        while (next < CANH_LEN(units) &&
               ((uint8_t)units[next].unit != s.p[n] || units[next].time != time))
            next++; /* each once, in this order */
        if (next == CANH_LEN(units))
            return false;
        *ret_days += v * units[next].days;
        *ret_ns += v * units[next].ns;
        next++;
        s = slice_from(s, n + 1);
    }
    return *ret_days > 0 || *ret_ns > 0;
}

bool ical_parse_offset(struct slice s, int *ret)
{
    int64_t h, m, sec = 0;

    if ((s.n != 5 && s.n != 7) || (s.p[0] != '+' && s.p[0] != '-') ||
        !ical_line_digits(s, 1, 2, 23, &h) || !ical_line_digits(s, 3, 2, 59, &m) ||
        (s.n == 7 && !ical_line_digits(s, 5, 2, 59, &sec)))
        return false;
    *ret = (int)(h * 3600 + m * 60 + sec) * (s.p[0] == '-' ? -1 : 1);
    return true;
}
