/* SPDX-License-Identifier: Apache-2.0 */
#include "office/picture.h"

#include <string.h>

struct reader {
    struct slice in;
    size_t at;
};

static size_t picture_left(const struct reader *r)
{
    return r->in.n - r->at;
}

static uint32_t picture_be(const uint8_t *p, unsigned bytes)
{
    uint32_t v = 0;

    for (unsigned i = 0; i < bytes; i++)
        v = v << 8 | p[i];
    return v;
}

/* JPEG. */

enum {
    SOI = 0xd8,
    EOI = 0xd9,
    SOS = 0xda,
    RST_FIRST = 0xd0,
    RST_LAST = 0xd7,
    TEM = 0x01,
    SOF_FIRST = 0xc0,
    SOF_LAST = 0xcf,
    DHT = 0xc4,
    JPG = 0xc8,
    DAC = 0xcc,
    APP_FIRST = 0xe0,
    APP_ADOBE = 0xee,
    APP_LAST = 0xef,
    COMMENT = 0xfe
};

static bool is_frame(uint8_t m)
{
    return m >= SOF_FIRST && m <= SOF_LAST && m != DHT && m != JPG && m != DAC;
}

static bool is_dropped(uint8_t m)
{
    return m == COMMENT || (m > APP_FIRST && m <= APP_LAST && m != APP_ADOBE);
}

/* A segment behind its marker: its length, then what it says. */
static int picture_segment(struct reader *r, uint8_t marker, struct buf *out)
{
    const uint8_t *p = r->in.p + r->at;
    size_t n;

    if (picture_left(r) < 2)
        return -CE_SYNTAX;
    n = picture_be(p, 2);
    if (n < 2 || n > picture_left(r))
        return -CE_SYNTAX;
    if (is_frame(marker)) {
        if (n < 8)
            return -CE_SYNTAX;
        if (picture_be(p + 3, 2) > PICTURE_SIDE_MAX || picture_be(p + 5, 2) > PICTURE_SIDE_MAX)
            return -CE_RANGE;
    }
    if (!is_dropped(marker)) {
        buf_putc(out, (char)0xff);
        buf_putc(out, (char)marker);
        buf_append(out, p, n);
    }
    r->at += n;
    return 0;
}

/* The coded bytes of a scan: up to a marker that does not belong to them. */
static void picture_scan(struct reader *r, struct buf *out)
{
    size_t from = r->at;

    while (picture_left(r) >= 2) {
        const uint8_t *p = r->in.p + r->at;

        if (p[0] == 0xff && p[1] != 0 && p[1] != 0xff && !(p[1] >= RST_FIRST && p[1] <= RST_LAST))
            break;
        r->at++;
    }
    buf_append(out, r->in.p + from, r->at - from);
}

static int picture_jpeg(struct reader *r, struct buf *out)
{
    bool scanned = false;

    buf_append(out, r->in.p, 2);
    r->at = 2;
    for (;;) {
        const uint8_t *p = r->in.p + r->at;
        int done;

        if (picture_left(r) < 2 || p[0] != 0xff)
            return -CE_SYNTAX;
        r->at++;
        if (p[1] == 0xff)
            continue; /* fill */
        r->at++;
        if (p[1] == EOI)
            break;
        if (p[1] == 0 || p[1] == TEM || p[1] == SOI || (p[1] >= RST_FIRST && p[1] <= RST_LAST))
            return -CE_SYNTAX;
        done = picture_segment(r, p[1], out);
        if (done < 0)
            return done;
        if (p[1] == SOS) {
            picture_scan(r, out);
            scanned = true;
        }
    }
    buf_append(out, "\xff\xd9", 2);
    return scanned ? 0 : -CE_SYNTAX;
}

/* PNG. */

static const char png_begin[] = "\x89PNG\r\n\x1a\n";
enum { PNG_BEGIN = 8, CHUNK_HEAD = 8, CHUNK_END = 4, IHDR = 13 };

static bool is_kept(const uint8_t *type)
{
    static const char kept[][5] = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA",
                                   "cHRM", "sRGB", "sBIT", "bKGD", "pHYs"};

    for (size_t i = 0; i < CANH_LEN(kept); i++)
        if (memcmp(type, kept[i], 4) == 0)
            return true;
    return false;
}

static int picture_png(struct reader *r, struct buf *out)
{
    bool first = true;

    buf_append(out, r->in.p, PNG_BEGIN);
    r->at = PNG_BEGIN;
    for (;;) {
        const uint8_t *p = r->in.p + r->at;
        size_t n, whole;

        if (picture_left(r) < CHUNK_HEAD + CHUNK_END)
            return -CE_SYNTAX;
        n = picture_be(p, 4);
        if (n > picture_left(r) - CHUNK_HEAD - CHUNK_END ||
            (memcmp(p + 4, "IHDR", 4) == 0) != first)
            return -CE_SYNTAX;
        if (first && n != IHDR)
            return -CE_SYNTAX;
        if (first &&
            (picture_be(p + 8, 4) > PICTURE_SIDE_MAX || picture_be(p + 12, 4) > PICTURE_SIDE_MAX))
            return -CE_RANGE;
        first = false;
        whole = CHUNK_HEAD + n + CHUNK_END;
        if (is_kept(p + 4))
            buf_append(out, p, whole);
        r->at += whole;
        if (memcmp(p + 4, "IEND", 4) == 0)
            return 0;
    }
}

int picture_clean(struct slice bytes, struct buf *out)
{
    struct reader r = {.in = bytes};
    int done;

    if (bytes.n > 3 && bytes.p[0] == 0xff && bytes.p[1] == SOI && bytes.p[2] == 0xff)
        done = picture_jpeg(&r, out);
    else if (slice_starts(bytes, slice_of(png_begin, PNG_BEGIN)))
        done = picture_png(&r, out);
    else
        return -CE_UNKNOWN;
    return done == 0 && out->err ? -CE_TOO_BIG : done;
}
