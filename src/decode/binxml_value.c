/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Substitution values as Windows shows them: integers in decimal, HexInt as 0x and lower-case
 * digits without leading zeros, GUIDs upper-case in braces, times in ISO 8601 with the seven digits
 * of their 100 ns, binary as upper-case hexadecimal digits.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"
#include "base/utf.h"
#include "decode/binxml.h"

enum {
    DOUBLE_MAX = 32,
    SHORT_MAX = 32 + 15 * 11, /* longest rendering but for text and bytes: a SID's */
    GUID_BYTES = 16,
    SYSTEMTIME_BYTES = 16,
    SID_HEADER = 8,
    SID_PARTS_MAX = 15,
};

#define FILETIME_DAY   864000000000ull
#define FILETIME_EPOCH 134774 /* days from 1601-01-01 to 1970-01-01 */

static const char hex_upper[] = "0123456789ABCDEF";
static const char hex_lower[] = "0123456789abcdef";

/* --- small writers: each returns behind what it wrote --- */

static uint8_t *put_u64(uint8_t *to, uint64_t v)
{
    uint8_t digits[20];
    unsigned n = 0;

    do {
        digits[n++] = (uint8_t)('0' + v % 10);
        v /= 10;
    } while (v > 0);
    while (n > 0)
        *to++ = digits[--n];
    return to;
}

static uint8_t *put_i64(uint8_t *to, int64_t v)
{
    if (v >= 0)
        return put_u64(to, (uint64_t)v);
    *to++ = '-';
    return put_u64(to, 0 - (uint64_t)v);
}

static uint8_t *put_padded(uint8_t *to, uint32_t v, unsigned digits)
{
    for (unsigned i = digits; i-- > 0; v /= 10)
        to[i] = (uint8_t)('0' + v % 10);
    return to + digits;
}

static uint8_t *put_hex(uint8_t *to, uint64_t v)
{
    int shift = v ? 60 - (__builtin_clzll(v) & ~3) : 0;

    *to++ = '0';
    *to++ = 'x';
    for (; shift >= 0; shift -= 4)
        *to++ = (uint8_t)hex_lower[v >> shift & 15];
    return to;
}

static uint8_t *put_bytes(uint8_t *to, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        *to++ = (uint8_t)hex_upper[p[i] >> 4];
        *to++ = (uint8_t)hex_upper[p[i] & 15];
    }
    return to;
}

static uint8_t *put_guid(uint8_t *to, const uint8_t *p)
{
    static const uint8_t order[] = {3,    2, 1, 0,    0xFF, 5,  4,  0xFF, 7,  6,
                                    0xFF, 8, 9, 0xFF, 10,   11, 12, 13,   14, 15};

    *to++ = '{';
    for (size_t i = 0; i < sizeof(order); i++) {
        if (order[i] == 0xFF)
            *to++ = '-';
        else
            to = put_bytes(to, p + order[i], 1);
    }
    *to++ = '}';
    return to;
}

static uint8_t *put_date(uint8_t *to, int year, unsigned month, unsigned day)
{
    to = year > 9999 ? put_u64(to, (uint64_t)year) : put_padded(to, (uint32_t)year, 4);
    *to++ = '-';
    to = put_padded(to, month, 2);
    *to++ = '-';
    return put_padded(to, day, 2);
}

static uint8_t *put_clock(uint8_t *to, uint32_t seconds, uint32_t ticks)
{
    *to++ = 'T';
    to = put_padded(to, seconds / 3600, 2);
    *to++ = ':';
    to = put_padded(to, seconds / 60 % 60, 2);
    *to++ = ':';
    to = put_padded(to, seconds % 60, 2);
    *to++ = '.';
    to = put_padded(to, ticks, 7);
    *to++ = 'Z';
    return to;
}

/* Records of one chunk mostly share their day, so its text is kept. */
static uint8_t *put_filetime(struct bx *b, uint8_t *to, uint64_t t)
{
    int64_t day = (int64_t)(t / FILETIME_DAY);
    uint64_t ticks = t % FILETIME_DAY;

    if (b->day != day) {
        unsigned month, mday;
        int year;

        date_from_days(day - FILETIME_EPOCH, &year, &month, &mday);
        b->day_len = (uint32_t)(put_date(b->day_text, year, month, mday) - b->day_text);
        b->day = day;
    }
    memcpy(to, b->day_text, b->day_len);
    return put_clock(to + b->day_len, (uint32_t)(ticks / 10000000), (uint32_t)(ticks % 10000000));
}

static uint8_t *put_systemtime(uint8_t *to, const uint8_t *p)
{
    uint32_t seconds =
        (bx_u16(p + 8) % 100u) * 3600u + (bx_u16(p + 10) % 60u) * 60u + bx_u16(p + 12) % 60u;

    to = put_date(to, bx_u16(p), bx_u16(p + 2) % 100u, bx_u16(p + 6) % 100u);
    return put_clock(to, seconds, (bx_u16(p + 14) % 1000u) * 10000u);
}

static uint8_t *put_sid(uint8_t *to, const uint8_t *p)
{
    uint64_t authority = 0;

    for (int i = 2; i < SID_HEADER; i++)
        authority = authority << 8 | p[i];
    *to++ = 'S';
    *to++ = '-';
    to = put_u64(to, p[0]);
    *to++ = '-';
    to = authority > UINT32_MAX ? put_hex(to, authority) : put_u64(to, authority);
    for (unsigned i = 0; i < p[1]; i++) {
        *to++ = '-';
        to = put_u64(to, bx_u32(p + SID_HEADER + 4 * i));
    }
    return to;
}

/* The shortest text that reads back as the same number. */
static uint8_t *put_double(uint8_t *to, double v, bool single)
{
    int n = 0;

    for (int digits = 6; digits <= 17; digits++) {
        n = snprintf((char *)to, DOUBLE_MAX, "%.*g", digits, v);
        if (!isfinite(v) || (single && digits >= 9))
            break;
        /* strtod is locale-dependent in its point, like snprintf, so the two agree */
        if (single ? strtof((const char *)to, NULL) == (float)v
                   : strtod((const char *)to, NULL) == v)
            break;
    }
    for (int i = 0; i < n; i++) {
        if (to[i] == ',')
            to[i] = '.';
    }
    return to + n;
}

/* --- by type --- */

static uint64_t unsigned_of(const struct bx_value *v)
{
    switch (v->n) {
    case 1:
        return v->p[0];
    case 2:
        return bx_u16(v->p);
    case 4:
        return bx_u32(v->p);
    default:
        return bx_u64(v->p);
    }
}

static int64_t signed_of(const struct bx_value *v)
{
    switch (v->n) {
    case 1:
        return (int8_t)v->p[0];
    case 2:
        return (int16_t)bx_u16(v->p);
    case 4:
        return (int32_t)bx_u32(v->p);
    default:
        return (int64_t)bx_u64(v->p);
    }
}

static uint8_t *put_float(uint8_t *to, const struct bx_value *v)
{
    double d;
    float f;

    if (v->n == 4) {
        uint32_t bits = bx_u32(v->p);

        memcpy(&f, &bits, sizeof(f));
        return put_double(to, f, true);
    }
    {
        uint64_t bits = bx_u64(v->p);

        memcpy(&d, &bits, sizeof(d));
    }
    return put_double(to, d, false);
}

/* What a type's bytes must look like, and what JSON calls it. */
struct type_row {
    uint16_t sizes; /* bit n: n bytes are possible */
    uint8_t json;   /* enum value_type */
};

#define INTEGER_SIZES (1u << 1 | 1u << 2 | 1u << 4 | 1u << 8)

static const struct type_row type_rows[] = {
    [BX_I8] = {INTEGER_SIZES, VALUE_NUMBER},      [BX_U8] = {INTEGER_SIZES, VALUE_NUMBER},
    [BX_I16] = {INTEGER_SIZES, VALUE_NUMBER},     [BX_U16] = {INTEGER_SIZES, VALUE_NUMBER},
    [BX_I32] = {INTEGER_SIZES, VALUE_NUMBER},     [BX_U32] = {INTEGER_SIZES, VALUE_NUMBER},
    [BX_I64] = {INTEGER_SIZES, VALUE_NUMBER},     [BX_U64] = {INTEGER_SIZES, VALUE_NUMBER},
    [BX_F32] = {1u << 4 | 1u << 8, VALUE_NUMBER}, [BX_F64] = {1u << 4 | 1u << 8, VALUE_NUMBER},
    [BX_BOOL] = {INTEGER_SIZES, VALUE_BOOL},      [BX_SIZE] = {1u << 4 | 1u << 8, VALUE_STRING},
    [BX_FILETIME] = {1u << 8, VALUE_STRING},      [BX_HEX32] = {INTEGER_SIZES, VALUE_STRING},
    [BX_HEX64] = {INTEGER_SIZES, VALUE_STRING},
};

static uint8_t *put_scalar(struct bx *b, uint8_t *to, const struct bx_value *v, uint8_t *json)
{
    *json = type_rows[v->type].json;
    switch (v->type) {
    case BX_I8:
    case BX_I16:
    case BX_I32:
    case BX_I64:
        return put_i64(to, signed_of(v));
    case BX_F32:
    case BX_F64: {
        uint8_t *end = put_float(to, v);

        if (end[-1] > '9') /* inf, nan: no JSON numbers */
            *json = VALUE_STRING;
        return end;
    }
    case BX_BOOL: {
        bool yes = unsigned_of(v) != 0;

        memcpy(to, yes ? "true" : "false", yes ? 4 : 5);
        return to + (yes ? 4 : 5);
    }
    case BX_SIZE:
    case BX_HEX32:
    case BX_HEX64:
        return put_hex(to, unsigned_of(v));
    case BX_FILETIME:
        return put_filetime(b, to, bx_u64(v->p));
    default:
        return put_u64(to, unsigned_of(v));
    }
}

static bool is_scalar(const struct bx_value *v)
{
    return v->type < CANH_LEN(type_rows) && v->n < 16 && (type_rows[v->type].sizes >> v->n & 1);
}

static bool is_sid(const struct bx_value *v)
{
    return v->type == BX_SID && v->n >= SID_HEADER && v->p[1] <= SID_PARTS_MAX &&
           v->n >= SID_HEADER + 4u * v->p[1];
}

/* --- texts --- */

/* Code page 1252, the one that most writers of narrow strings use; 0x80..0x9F differ from Latin-1.
 */
static uint32_t ansi_char(uint8_t c)
{
    static const uint16_t high[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020,
                                      0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
                                      0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D,
                                      0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
                                      0x0153, 0x9D,   0x017E, 0x0178};

    return c >= 0x80 && c < 0xA0 ? high[c - 0x80] : c;
}

uint8_t *bx_scratch(struct bx *b, size_t n, size_t *ret_room)
{
    *ret_room = CANH_MIN(n, BX_SCRATCH - b->scratch_used);
    if (*ret_room < n && b->event != NULL)
        b->event->flags |= EVENT_TRUNCATED;
    return b->scratch + b->scratch_used;
}

static void ansi_text(struct bx *b, const struct bx_value *v, struct bx_text *ret)
{
    uint32_t n = v->n;
    size_t room;
    uint8_t *to, *start;

    while (n > 0 && v->p[n - 1] == 0)
        n--;
    if (is_ascii(slice_of(v->p, n))) {
        *ret = (struct bx_text){v->p, n, VALUE_STRING, FORM_UTF8};
        return;
    }
    start = to = bx_scratch(b, (size_t)n * 3, &room);
    for (uint32_t i = 0; i < n && room - (size_t)(to - start) >= 3; i++)
        to += utf8_encode(ansi_char(v->p[i]), to);
    b->scratch_used += (size_t)(to - start);
    *ret = (struct bx_text){start, (uint32_t)(to - start), VALUE_STRING, FORM_UTF8};
}

static void hex_text(struct bx *b, const struct bx_value *v, struct bx_text *ret)
{
    size_t room;
    uint8_t *to = bx_scratch(b, (size_t)v->n * 2, &room);

    (void)put_bytes(to, v->p, room / 2);
    b->scratch_used += room & ~(size_t)1;
    *ret = (struct bx_text){to, (uint32_t)(room & ~(size_t)1), VALUE_STRING, FORM_UTF8};
}

static void short_text(struct bx *b, const struct bx_value *v, struct bx_text *ret)
{
    uint8_t *to = b->scratch + b->scratch_used, *end, json = VALUE_STRING;

    if (v->type == BX_GUID)
        end = put_guid(to, v->p);
    else if (v->type == BX_SYSTEMTIME)
        end = put_systemtime(to, v->p);
    else if (v->type == BX_SID)
        end = put_sid(to, v->p);
    else
        end = put_scalar(b, to, v, &json);
    b->scratch_used += (size_t)(end - to);
    *ret = (struct bx_text){to, (uint32_t)(end - to), json, FORM_UTF8};
}

static bool is_short(const struct bx_value *v)
{
    return is_scalar(v) || is_sid(v) || (v->type == BX_GUID && v->n == GUID_BYTES) ||
           (v->type == BX_SYSTEMTIME && v->n == SYSTEMTIME_BYTES);
}

void bx_value_text(struct bx *b, const struct bx_value *v, struct bx_text *ret)
{
    if (v->type == BX_STRING || v->type == BX_XML) {
        *ret = bx_string(v->p, v->n);
    } else if (v->type == BX_NULL || (v->n == 0 && v->type != BX_ANSI && v->type != BX_BINARY)) {
        *ret = (struct bx_text){v->p, 0, VALUE_NULL, FORM_UTF8};
    } else if (v->type == BX_ANSI) {
        ansi_text(b, v, ret);
    } else if (is_short(v)) {
        size_t room;

        (void)bx_scratch(b, SHORT_MAX, &room);
        if (room == SHORT_MAX)
            short_text(b, v, ret);
        else
            *ret = (struct bx_text){v->p, 0, VALUE_NULL, FORM_UTF8};
    } else {
        hex_text(b, v, ret); /* binary, handles, and what has not the size its type needs */
    }
}
