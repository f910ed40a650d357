/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Substitution values as Windows shows them: integers in decimal, HexInt as 0x and lower-case
 * digits without leading zeros, GUIDs upper-case in braces, times in ISO 8601 with the seven digits
 * of their 100 ns, binary as upper-case hexadecimal digits.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/time.h"
#include "base/utf.h"
#include "decode/evtx/binxml.h"
#include "decode/evtx/binxml_digits.h"

enum {
    DOUBLE_MAX = 32,
    GUID_TEXT = 38,
    SYSTEMTIME_BYTES = 16,
};

#define FILETIME_DAY   864000000000ull
#define FILETIME_EPOCH 134774 /* days from 1601-01-01 to 1970-01-01 */

static uint8_t *write_guid(struct bx *b, uint8_t *to, const struct bx_value *v)
{
    const uint8_t *p = v->p;
    uint8_t digits[32];

    (void)b;
    write_hex32(digits, (uint64_t)bx_u32(p) << 32 | (uint64_t)bx_u16(p + 4) << 16 | bx_u16(p + 6),
                __builtin_bswap64(bx_u64(p + 8)));
    memcpy(to, "{00000000-0000-0000-0000-000000000000}", GUID_TEXT);
    memcpy(to + 1, digits, 8);
    memcpy(to + 10, digits + 8, 4);
    memcpy(to + 15, digits + 12, 4);
    memcpy(to + 20, digits + 16, 4);
    memcpy(to + 25, digits + 20, 12);
    return to + GUID_TEXT;
}

static uint8_t *write_date(uint8_t *to, int year, unsigned month, unsigned day)
{
    to = year > 9999 ? write_u64(to, (uint64_t)year) : write_padded(to, (uint32_t)year, 4);
    *to++ = '-';
    to = write_padded(to, month, 2);
    *to++ = '-';
    return write_padded(to, day, 2);
}

static uint8_t *append_clock(uint8_t *to, uint32_t seconds, uint32_t ticks)
{
    *to++ = 'T';
    to = write_padded(to, seconds / 3600, 2);
    *to++ = ':';
    to = write_padded(to, seconds / 60 % 60, 2);
    *to++ = ':';
    to = write_padded(to, seconds % 60, 2);
    *to++ = '.';
    to = write_padded(to, ticks, 7);
    *to++ = 'Z';
    return to;
}

/* Records of one chunk mostly share their day, so its text is kept. */
static uint8_t *write_filetime(struct bx *b, uint8_t *to, const struct bx_value *v)
{
    uint64_t t = bx_u64(v->p);
    int64_t day = (int64_t)(t / FILETIME_DAY);
    uint64_t ticks = t % FILETIME_DAY;

    if (b->day != day) {
        unsigned month, mday;
        int year;

        date_from_days(day - FILETIME_EPOCH, &year, &month, &mday);
        b->day_len = (uint32_t)(write_date(b->day_text, year, month, mday) - b->day_text);
        b->day = day;
    }
    canh_assert(b->day_len <= sizeof(b->day_text));
    memcpy(to, b->day_text, b->day_len);
    return append_clock(to + b->day_len, (uint32_t)(ticks / 10000000),
                        (uint32_t)(ticks % 10000000));
}

static uint8_t *write_systemtime(struct bx *b, uint8_t *to, const struct bx_value *v)
{
    const uint8_t *p = v->p;
    uint32_t seconds =
        (bx_u16(p + 8) % 100u) * 3600u + (bx_u16(p + 10) % 60u) * 60u + bx_u16(p + 12) % 60u;

    (void)b;
    to = write_date(to, bx_u16(p), bx_u16(p + 2) % 100u, bx_u16(p + 6) % 100u);
    return append_clock(to, seconds, (bx_u16(p + 14) % 1000u) * 10000u);
}

/* Twelve digits. Source: MS-DTYP, section 2.4.2.1, IdentifierAuthorityHex. */
static uint8_t *write_authority(uint8_t *to, uint64_t authority)
{
    *to++ = '0';
    *to++ = 'x';
    for (int shift = 44; shift >= 0; shift -= 4)
        *to++ = (uint8_t) "0123456789abcdef"[authority >> shift & 15];
    return to;
}

static uint8_t *render_sid(uint8_t *to, const uint8_t *p)
{
    uint64_t authority = 0;

    for (int i = 2; i < BX_SID_HEADER; i++)
        authority = authority << 8 | p[i];
    *to++ = 'S';
    *to++ = '-';
    to = write_u64(to, p[0]);
    *to++ = '-';
    to = authority > UINT32_MAX ? write_authority(to, authority) : write_u64(to, authority);
    for (unsigned i = 0; i < p[1]; i++) {
        *to++ = '-';
        to = write_u64(to, bx_u32(p + BX_SID_HEADER + 4 * i));
    }
    return to;
}

/* Mostly it is that of the record before. */
uint8_t *bx_put_sid(struct bx *b, uint8_t *to, const struct bx_value *v)
{
    size_t n = BX_SID_HEADER + 4u * v->p[1];

    canh_assert(n <= sizeof(b->sid));
    if (memcmp(b->sid, v->p, n) != 0) {
        memcpy(b->sid, v->p, n);
        b->sid_len = (uint32_t)(render_sid(b->sid_text, v->p) - b->sid_text);
    }
    memcpy(to, b->sid_text, b->sid_len);
    return to + b->sid_len;
}

/* The shortest text that reads back as the same number. */
static uint8_t *write_double(uint8_t *to, double v, bool single)
{
    int n = 0;

    for (int digits = 6; digits <= 17; digits++) {
        n = snprintf((char *)to, DOUBLE_MAX, "%.*g", digits, v);
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

static uint8_t *write_float(struct bx *b, uint8_t *to, const struct bx_value *v)
{
    uint64_t bits = unsigned_of(v);
    double d;
    float f;

    (void)b;
    if (v->n == sizeof(f)) {
        memcpy(&f, v->p, sizeof(f));
        return write_double(to, f, true);
    }
    memcpy(&d, &bits, sizeof(d));
    return write_double(to, d, false);
}

static uint8_t *write_signed(struct bx *b, uint8_t *to, const struct bx_value *v)
{
    (void)b;
    return write_i64(to, signed_of(v));
}

static uint8_t *write_unsigned(struct bx *b, uint8_t *to, const struct bx_value *v)
{
    (void)b;
    return write_u64(to, unsigned_of(v));
}

static uint8_t *write_hex_int(struct bx *b, uint8_t *to, const struct bx_value *v)
{
    (void)b;
    return write_hex(to, unsigned_of(v));
}

static uint8_t *write_bool(struct bx *b, uint8_t *to, const struct bx_value *v)
{
    struct slice s = unsigned_of(v) ? SLICE("true") : SLICE("false");

    (void)b;
    memcpy(to, s.p, s.n);
    return to + s.n;
}

/* Values of fixed size: which sizes are possible, what JSON calls them, and how they are written.
 */
#define SIZE_BIT(n) (1u << (n))
#define INTEGERS    (SIZE_BIT(1) | SIZE_BIT(2) | SIZE_BIT(4) | SIZE_BIT(8))
#define WORDS       (SIZE_BIT(4) | SIZE_BIT(8))

static const struct row {
    bx_put *put;
    uint32_t sizes;
    uint8_t json; /* enum value_type */
} rows[] = {
    [BX_I8] = {write_signed, INTEGERS, VALUE_NUMBER},
    [BX_U8] = {write_unsigned, INTEGERS, VALUE_NUMBER},
    [BX_I16] = {write_signed, INTEGERS, VALUE_NUMBER},
    [BX_U16] = {write_unsigned, INTEGERS, VALUE_NUMBER},
    [BX_I32] = {write_signed, INTEGERS, VALUE_NUMBER},
    [BX_U32] = {write_unsigned, INTEGERS, VALUE_NUMBER},
    [BX_I64] = {write_signed, INTEGERS, VALUE_NUMBER},
    [BX_U64] = {write_unsigned, INTEGERS, VALUE_NUMBER},
    [BX_F32] = {write_float, WORDS, VALUE_NUMBER},
    [BX_F64] = {write_float, WORDS, VALUE_NUMBER},
    [BX_BOOL] = {write_bool, INTEGERS, VALUE_BOOL},
    [BX_GUID] = {write_guid, SIZE_BIT(16), VALUE_STRING},
    [BX_SIZE] = {write_hex_int, WORDS, VALUE_STRING},
    [BX_FILETIME] = {write_filetime, SIZE_BIT(8), VALUE_STRING},
    [BX_SYSTEMTIME] = {write_systemtime, SIZE_BIT(16), VALUE_STRING},
    [BX_HEX32] = {write_hex_int, INTEGERS, VALUE_STRING},
    [BX_HEX64] = {write_hex_int, INTEGERS, VALUE_STRING},
};

static const struct row sid_row = {.put = bx_put_sid, .json = VALUE_STRING};

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
    canh_assert(b->scratch_used <= b->scratch_max);
    *ret_room = CANH_MIN(n, b->scratch_max - b->scratch_used);
    b->cut = b->cut || *ret_room < n;
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

    (void)write_bytes(to, v->p, room / 2);
    b->scratch_used += room & ~(size_t)1;
    *ret = (struct bx_text){to, (uint32_t)(room & ~(size_t)1), VALUE_STRING, FORM_UTF8};
}

static const struct row *row_of(const struct bx_value *v)
{
    if (v->type < CANH_LEN(rows) && v->n <= 16 && (rows[v->type].sizes >> v->n & 1))
        return &rows[v->type];
    return bx_is_sid(v) ? &sid_row : NULL;
}

static void row_text(struct bx *b, const struct row *row, const struct bx_value *v,
                     struct bx_text *ret)
{
    uint8_t *to = b->scratch + b->scratch_used, *end;

    if (CANH_UNLIKELY(b->scratch_max - b->scratch_used < BX_PUT_MAX)) {
        b->cut = true;
        *ret = (struct bx_text){v->p, 0, VALUE_NULL, FORM_UTF8};
        return;
    }
    end = row->put(b, to, v);
    b->scratch_used += (size_t)(end - to);
    *ret = (struct bx_text){to, (uint32_t)(end - to), row->json, FORM_UTF8};
    if (row->json == VALUE_NUMBER && end[-1] > '9')
        ret->type = VALUE_STRING; /* inf, nan: no JSON numbers */
}

bool bx_has_sizes(uint8_t type)
{
    return type < CANH_LEN(rows) && rows[type].put != NULL;
}

bx_put *bx_value_put(const struct bx_value *v, uint8_t *ret_type)
{
    const struct row *row = row_of(v);

    if (row == NULL || row == &sid_row || row->put == write_float)
        return NULL;
    *ret_type = row->json;
    return row->put;
}

bool bx_value_json(struct bx *b, const struct bx_value *v, struct buf *out)
{
    const struct row *row = row_of(v);
    uint8_t *to = NULL, *end;
    bool quoted;

    if (row != NULL && row->put != write_float)
        to = buf_reserve(out, BX_PUT_MAX + 2);
    if (to == NULL)
        return false;
    quoted = row->json == VALUE_STRING;
    *to = '"';
    end = row->put(b, to + quoted, v);
    *end = '"';
    out->len += (size_t)(end - to) + quoted;
    return true;
}

void bx_value_text(struct bx *b, const struct bx_value *v, struct bx_text *ret)
{
    const struct row *row = row_of(v);

    if (row != NULL)
        row_text(b, row, v, ret);
    else if (v->type == BX_STRING || v->type == BX_XML)
        *ret = bx_string(v->p, v->n);
    else if (v->type == BX_ANSI)
        ansi_text(b, v, ret);
    else if (v->type == BX_NULL || (v->n == 0 && v->type != BX_BINARY))
        *ret = (struct bx_text){v->p, 0, VALUE_NULL, FORM_UTF8};
    else
        hex_text(b, v, ret); /* binary, handles, and what has not the size its type needs */
}
