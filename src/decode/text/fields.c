/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/text/fields.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/ip.h"
#include "base/near.h"
#include "base/time.h"

enum { SCHEME_MAX = 16 };

#define FIELD_TEXT(id, text) SLICE_INIT(text),
static const struct slice name_texts[] = {FIELD_NAMES(FIELD_TEXT)};
#undef FIELD_TEXT

int fields_init(struct fields *f, const struct keys *keys)
{
    *f = (struct fields){.scratch = ARENA_INIT(FIELDS_SCRATCH_MAX), .day = INT64_MIN, .keys = keys};
    f->items = calloc(EVENT_FIELDS_MAX, sizeof(*f->items));
    f->names = calloc(EVENT_FIELDS_MAX, sizeof(*f->names));
    f->own = calloc(EVENT_FIELDS_MAX, 1);
    if (f->items == NULL || f->names == NULL || f->own == NULL) {
        fields_done(f);
        return -CE_NOMEM;
    }
    for (size_t i = 0; i < FIELD_NAME_COUNT; i++)
        f->known[i] = fields_key(f, name_texts[i]);
    return 0;
}

void fields_done(struct fields *f)
{
    free(f->items);
    free(f->names);
    free(f->own);
    f->items = NULL;
    f->names = NULL;
    f->own = NULL;
    arena_done(&f->scratch);
}

void fields_begin(struct fields *f)
{
    f->count = 0;
    f->evict = EVENT_FIELDS_MAX;
    f->lost = false;
    f->local = false;
    f->time = TIME_NONE;
    arena_clear(&f->scratch);
}

void fields_event(const struct fields *f, const struct decode_block *block,
                  const struct decode_limits *limits, struct decode_counts *counts,
                  struct event *ret)
{
    bool lost = f->lost || f->count > limits->max_fields;

    *ret = (struct event){.fields = f->items,
                          .names = f->names,
                          .own = f->own,
                          .count = CANH_MIN(f->count, limits->max_fields),
                          .time = f->time};
    if (f->time != TIME_NONE)
        ret->flags |= EVENT_TIME | (f->local ? (unsigned)EVENT_TIME_LOCAL : 0u);
    ret->flags |= lost ? (unsigned)EVENT_FIELDS_LOST : 0u;
    ret->flags |= block->cut ? (unsigned)EVENT_TRUNCATED : 0u;
    counts->records++;
    counts->fields_lost += lost;
    counts->truncated += block->cut;
}

struct slice field_name_text(enum field_name name)
{
    return name_texts[name];
}

uint16_t fields_key(const struct fields *f, struct slice name)
{
    return f->keys ? (uint16_t)keys_find(f->keys, name) : KEY_NONE;
}

/* Where a field goes when there is no more room; UINT32_MAX: nowhere. What somebody mentions takes
 * another's place. */
static CANH_COLD uint32_t place_over(struct fields *f, uint16_t key)
{
    struct field *room;

    f->lost = true;
    room = key == KEY_NONE ? NULL : event_room_over(f->items, &f->evict);
    return room == NULL ? UINT32_MAX : (uint32_t)(room - f->items);
}

/* Where the next field with that key goes; UINT32_MAX: nowhere. */
CANH_INLINE uint32_t next_place(struct fields *f, uint16_t key)
{
    return CANH_UNLIKELY(f->count >= EVENT_FIELDS_MAX) ? place_over(f, key) : f->count++;
}

CANH_INLINE void text_fields_add(struct fields *f, uint16_t key, struct slice name,
                                 struct slice value, enum value_type type, bool own)
{
    uint32_t at = CANH_UNLIKELY(value.n > UINT32_MAX) ? UINT32_MAX : next_place(f, key);

    if (CANH_UNLIKELY(at == UINT32_MAX)) {
        f->lost = true;
        return;
    }
    f->items[at] = (struct field){.text = value.p ? value.p : (const uint8_t *)"",
                                  .n = (uint32_t)value.n,
                                  .key = key,
                                  .type = (uint8_t)type,
                                  .form = FORM_UTF8};
    f->names[at] = name;
    f->own[at] = own;
}

void fields_add(struct fields *f, uint16_t key, struct slice name, struct slice value,
                enum value_type type)
{
    text_fields_add(f, key, name, value, type, false);
}

void fields_adopt(struct fields *f, const struct field *field, struct slice name)
{
    uint32_t at = next_place(f, field->key);

    if (at == UINT32_MAX)
        return;
    f->items[at] = *field;
    f->names[at] = name;
    f->own[at] = true;
}

void fields_write(struct fields *f, enum field_name name, struct slice value)
{
    if (value.n > 0)
        fields_add(f, f->known[name], name_texts[name], value, VALUE_STRING);
}

void fields_write_lower(struct fields *f, enum field_name name, struct slice value)
{
    uint8_t *p = value.n > 0 ? fields_scratch(f, value.n) : NULL;

    if (p == NULL)
        return;
    for (size_t i = 0; i < value.n; i++)
        p[i] = ascii_to_lower(value.p[i]);
    fields_write(f, name, slice_of(p, value.n));
}

void fields_number(struct fields *f, enum field_name name, struct slice digits)
{
    bool number = true;

    for (size_t i = 0; i < digits.n; i++)
        number &= ascii_is_digit(digits.p[i]);
    if (digits.n > 0)
        fields_add(f, f->known[name], name_texts[name], digits,
                   number ? VALUE_NUMBER : VALUE_STRING);
}

void fields_digits(struct fields *f, enum field_name name, struct slice digits)
{
    fields_add(f, f->known[name], name_texts[name], digits, VALUE_NUMBER);
}

void fields_number_u64(struct fields *f, enum field_name name, uint64_t value)
{
    uint8_t text[20], *p;
    size_t at = sizeof(text);

    do
        text[--at] = (uint8_t)('0' + value % 10);
    while ((value /= 10) > 0);
    p = fields_scratch(f, sizeof(text) - at);
    if (p == NULL)
        return;
    memcpy(p, text + at, sizeof(text) - at);
    fields_number(f, name, slice_of(p, sizeof(text) - at));
}

void fields_own(struct fields *f, struct slice name, struct slice value)
{
    if (name.n > 0)
        text_fields_add(f, fields_key(f, name), name, value, VALUE_STRING, true);
}

void fields_data(struct fields *f, struct slice name, struct slice value)
{
    text_fields_add(f, (uint16_t)(f->keys ? keys_find_data(f->keys, name) : KEY_NONE), name, value,
                    value.n ? VALUE_STRING : VALUE_EMPTY, true);
}

struct slice fields_get(const struct fields *f, enum field_name name)
{
    for (uint32_t i = 0; i < f->count; i++) {
        if (f->names[i].p == name_texts[name].p)
            return slice_of(f->items[i].text, f->items[i].n);
    }
    return SLICE_NULL;
}

bool fields_has(const struct fields *f, enum field_name name)
{
    return fields_get(f, name).p != NULL;
}

struct slice fields_get_own(const struct fields *f, struct slice name)
{
    for (uint32_t i = 0; i < f->count; i++) {
        if (f->own[i] && slice_eq(f->names[i], name))
            return slice_of(f->items[i].text, f->items[i].n);
    }
    return SLICE_NULL;
}

static bool host_char(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-' || c == '_' || c >= 0x80;
}

static bool fields_placeholder(struct slice s)
{
    return s.n == 0 || slice_is(s, "-") || slice_is(s, "?") || slice_is(s, "unknown") ||
           slice_is(s, "UNKNOWN") || slice_is(s, "N/A") || slice_is(s, "(null)");
}

bool fields_address(struct fields *f, enum field_name ip, enum field_name domain, struct slice text)
{
    struct ip parsed;
    size_t zone;

    if (text.n > 2 && text.p[0] == '[' && text.p[text.n - 1] == ']')
        text = slice_of(text.p + 1, text.n - 2);
    zone = near_byte(text, '%');
    if (zone != SIZE_MAX && near_byte(text, ':') < zone)
        text.n = zone;
    if (fields_placeholder(text))
        return false;
    if (ip_parse(text, &parsed) == 0) {
        fields_write(f, ip, text);
        return true;
    }
    for (size_t i = 0; i < text.n; i++) {
        if (!host_char(text.p[i]))
            return false;
    }
    fields_write(f, domain, text);
    return true;
}

/* The host in [user@]host[:port]. */
static struct slice host_of(struct slice s)
{
    size_t at;

    while ((at = near_byte(s, '@')) != SIZE_MAX)
        s = slice_from(s, at + 1);
    if (s.n > 0 && s.p[0] == '[')
        return slice_head(s, near_byte(s, ']') + 1);
    return slice_head(s, near_byte(s, ':'));
}

/* Bytes of "scheme://" at the start of s (RFC 3986, 3.1), 0 when there is none. */
static size_t scheme_length(struct slice s)
{
    size_t n = 0;

    while (n < s.n && n < SCHEME_MAX &&
           (ascii_is_alnum(s.p[n]) || s.p[n] == '+' || s.p[n] == '-' || s.p[n] == '.'))
        n++;
    return n > 0 && slice_starts(slice_from(s, n), SLICE("://")) ? n + 3 : 0;
}

void fields_url(struct fields *f, struct slice url)
{
    size_t n = scheme_length(url), at;
    struct slice path = slice_from(url, n);

    fields_write(f, NAME_URL, url);
    if (n > 0) {
        for (n = 0; n < path.n && path.p[n] != '/' && path.p[n] != '?' && path.p[n] != '#';)
            n++;
        fields_write(f, NAME_URL_DOMAIN, host_of(slice_head(path, n)));
        path = slice_from(path, n);
    }
    at = near_byte(path, '?');
    fields_write(f, NAME_URL_PATH, slice_head(path, at));
    if (at != SIZE_MAX)
        fields_write(f, NAME_URL_QUERY, slice_from(path, at + 1));
}

uint8_t *fields_scratch(struct fields *f, size_t n)
{
    uint8_t *p = arena_alloc(&f->scratch, n);

    if (p == NULL)
        f->lost = true;
    return p;
}

/* The last `digits` digits of value. */
CANH_INLINE uint8_t *write_digits(uint8_t *p, uint32_t value, unsigned digits)
{
    for (unsigned i = digits; i-- > 0; value /= 10)
        p[i] = (uint8_t)('0' + value % 10);
    return p + digits;
}

/* The date as a timestamp begins with it: lines of one day follow each other. */
static void write_date(struct fields *f, int64_t day)
{
    uint8_t *p = f->date;
    unsigned month, mday;
    int year;

    date_from_days(day, &year, &month, &mday);
    p = write_digits(p, (uint32_t)year, 4);
    *p++ = '-';
    p = write_digits(p, month, 2);
    *p++ = '-';
    p = write_digits(p, mday, 2);
    *p = 'T';
    f->day = day;
}

void fields_time(struct fields *f, int64_t t, bool zoned, unsigned digits)
{
    enum { LONGEST = 31 };
    static const uint32_t scale[] = {1000000000, 100000000, 10000000, 1000000, 100000,
                                     10000,      1000,      100,      10,      1};
    int64_t day = t / TIME_DAY, rest = t % TIME_DAY;
    uint8_t *text, *p;
    uint32_t second;

    if (t == TIME_NONE || (text = fields_scratch(f, LONGEST)) == NULL)
        return;
    f->time = t;
    f->local = !zoned;
    day -= rest < 0;
    rest += rest < 0 ? TIME_DAY : 0;
    if (day != f->day)
        write_date(f, day);
    memcpy(text, f->date, sizeof(f->date));
    second = (uint32_t)(rest / TIME_SECOND);
    p = write_digits(text + sizeof(f->date), second / 3600, 2);
    *p++ = ':';
    p = write_digits(p, second / 60 % 60, 2);
    *p++ = ':';
    p = write_digits(p, second % 60, 2);
    digits = CANH_MIN(digits, 9u);
    if (digits > 0) {
        *p++ = '.';
        p = write_digits(p, (uint32_t)(rest % TIME_SECOND) / scale[digits], digits);
    }
    if (zoned)
        *p++ = 'Z';
    fields_write(f, NAME_TIMESTAMP, slice_of(text, (size_t)(p - text)));
}

void fields_write_new(struct fields *f, enum field_name name, struct slice value)
{
    if (!fields_has(f, name))
        fields_write(f, name, value);
}
