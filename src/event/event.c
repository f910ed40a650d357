/* SPDX-License-Identifier: Apache-2.0 */
#include "event/event.h"

#include "base/ascii.h"
#include "base/num.h"
#include "base/time.h"
#include "base/utf.h"

const struct field *event_get(const struct event *e, uint32_t key)
{
    const struct field *group = NULL;

    for (uint32_t i = 0; i < e->count; i++) {
        const struct field *f = &e->fields[i];

        if (f->key == key && f->type != VALUE_GROUP)
            return f;
        if (f->key == key && group == NULL)
            group = f;
    }
    return group;
}

bool event_has_value(const struct event *e, uint32_t i, uint32_t key, enum event_view view)
{
    const struct field *f = &e->fields[i];

    if (view == VIEW_CONDITION && key == KEY_CHANNEL && event_get(e, KEY_DATA_CHANNEL) != NULL)
        return f->key == KEY_DATA_CHANNEL;
    if (f->key != key || view == VIEW_CONDITION || key > KEY_SINGLE_LAST)
        return f->key == key;
    return f->type == VALUE_GROUP || event_get(e, key) == f;
}

struct field *event_room_over(struct field *fields, uint32_t *from)
{
    while (*from > 0) {
        if (fields[--*from].key == KEY_NONE)
            return &fields[*from];
    }
    return NULL;
}

static uint32_t event_hex4(const uint8_t *p)
{
    uint32_t v = 0;

    for (int i = 0; i < 4; i++) {
        uint8_t c = p[i];

        v = v << 4 | (c <= '9' ? (uint32_t)(c - '0') : (uint32_t)((c | 0x20) - 'a' + 10));
    }
    return v;
}

/* The character of a \uXXXX (or surrogate pair) at p; p points behind "\u". */
static uint32_t unicode_escape(const uint8_t *p, size_t n, size_t *ret_taken)
{
    bool low = n >= 10 && p[4] == '\\' && p[5] == 'u', pair;
    uint32_t c;

    if (n < 4) {
        *ret_taken = n;
        return UTF_REPLACEMENT;
    }
    c = utf16_join(event_hex4(p), low ? event_hex4(p + 6) : 0, &pair);
    *ret_taken = pair ? 10 : 4;
    return c;
}

static uint8_t short_escape(uint8_t c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c;
    }
}

static void unescape_json(struct slice s, struct buf *out)
{
    uint8_t *start = s.n ? buf_reserve(out, s.n) : NULL, *to = start;

    if (start == NULL)
        return;
    for (size_t i = 0; i < s.n;) {
        size_t plain = CANH_MIN(slice_find_byte(slice_from(s, i), '\\'), s.n - i), taken;

        memcpy(to, s.p + i, plain);
        to += plain;
        i += plain;
        if (i == s.n)
            break;
        if (i + 1 == s.n) {
            *to++ = s.p[i++];
        } else if (s.p[i + 1] != 'u') {
            *to++ = short_escape(s.p[i + 1]);
            i += 2;
        } else {
            to += utf8_encode(unicode_escape(s.p + i + 2, s.n - i - 2, &taken), to);
            i += 2 + taken;
        }
    }
    out->len += (size_t)(to - start);
}

void field_text(const struct field *f, struct buf *out)
{
    struct slice s = slice_of(f->text, f->n);

    switch (f->form) {
    case FORM_JSON:
        unescape_json(s, out);
        break;
    case FORM_UTF16:
        utf16le_to_utf8(s, out);
        break;
    default:
        buf_append_slice(out, s);
    }
}

#define FILETIME_1970 UINT64_C(116444736000000000)

/* A FILETIME of Windows: tenths of microseconds since 1601. Those from 1970 on are nanoseconds of
 * 1973 to 1976 otherwise, of which no log tells. */
static bool is_filetime(uint64_t n)
{
    return n >= FILETIME_1970 && n < UINT64_C(200000000000000000);
}

/*
 * Seconds, milliseconds, microseconds or nanoseconds since 1970, or a FILETIME: by how large the
 * number is. /Date(…)/ is how ConvertTo-Json of PowerShell 5 writes milliseconds.
 */
static int64_t epoch_time(struct slice s)
{
    static const int64_t scales[] = {TIME_SECOND, TIME_SECOND / 1000, 1000, 1};
    struct slice date = SLICE("/Date(");
    uint64_t whole, nano = 0;
    size_t dot;

    if (slice_starts(s, date) && slice_ends(s, SLICE(")/")))
        s = slice_of(s.p + date.n, s.n - date.n - 2);
    dot = slice_find_byte(s, '.');

    if (num_u64(slice_head(s, dot), &whole) < 0 || whole < 100000000)
        return TIME_NONE;
    for (size_t i = dot, scale = 100000000; dot != SIZE_MAX && ++i < s.n && scale > 0;
         scale /= 10) {
        if (!ascii_is_digit(s.p[i]))
            return TIME_NONE;
        nano += (uint64_t)(s.p[i] - '0') * scale;
    }
    if (is_filetime(whole))
        return (int64_t)(whole - FILETIME_1970) * 100;
    for (size_t i = 0; i < CANH_LEN(scales); i++) {
        /* up to the year 5138 in each unit */
        if (whole / UINT64_C(100000000000) < (uint64_t)(TIME_SECOND / scales[i]))
            return whole > (uint64_t)(INT64_MAX / scales[i])
                       ? TIME_NONE
                       : (int64_t)whole * scales[i] + (i == 0 ? (int64_t)nano : 0);
    }
    return TIME_NONE;
}

int64_t event_time(const struct event *e)
{
    bool local;

    return event_clock(e, &local);
}

static int64_t read_clock(const struct event *e, bool *ret_local)
{
    static const uint8_t order[] = {KEY_SYSTEM_TIME, KEY_TIMESTAMP, KEY_EVENT_TIME, KEY_UTC_TIME};
    uint8_t room[256];
    struct buf text = {.p = room, .cap = sizeof(room), .max = sizeof(room)};
    int64_t t = TIME_NONE;

    *ret_local = false;
    for (size_t i = 0; i < sizeof(order) && t == TIME_NONE; i++) {
        const struct field *f = event_get(e, order[i]);
        bool zoned = true;

        if (f == NULL)
            continue;
        buf_clear(&text);
        field_text(f, &text);
        if (time_parse(buf_slice(&text), 0, &t, &zoned) < 0)
            t = epoch_time(buf_slice(&text));
        else
            *ret_local = !zoned && order[i] != KEY_UTC_TIME && order[i] != KEY_SYSTEM_TIME;
    }
    return t;
}

int64_t event_clock(const struct event *e, bool *ret_local)
{
    if (!(e->flags & EVENT_TIME))
        return read_clock(e, ret_local);
    *ret_local = (e->flags & EVENT_TIME_LOCAL) != 0;
    return e->time;
}
