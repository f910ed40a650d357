/* SPDX-License-Identifier: Apache-2.0 */
/* Photographs lose what is said beside the picture; workbooks come back from bytes as they were. */
#include "office/picture.h"

#include <string.h>

#include "office/workbook_wire.h"
#include "tap.h"

#define JPEG_BEGIN "\xff\xd8"
#define APP0       "\xff\xe0\x00\x06JFIF"
#define EXIF                                                                                       \
    "\xff\xe1\x00\x0c"                                                                             \
    "Exif\0\0GPS!"
#define COMMENT "\xff\xfe\x00\x06OWNR"
#define FRAME   "\xff\xc0\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00"
#define SCAN                                                                                       \
    "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"                                                     \
    "ab\xff\x00"                                                                                   \
    "c\xff\xd0"                                                                                    \
    "d"
#define JPEG_END "\xff\xd9"
#define OF(s)    slice_of(s, sizeof(s) - 1)

static struct buf out = BUF_INIT(1 << 20);

static int clean(struct slice s)
{
    buf_clear(&out);
    out.err = 0;
    return picture_clean(s, &out);
}

static void test_jpeg(void)
{
    static const char with[] = JPEG_BEGIN APP0 EXIF COMMENT FRAME SCAN JPEG_END "a film behind";
    static const char bare[] = JPEG_BEGIN APP0 FRAME SCAN JPEG_END;
    static const char large[] =
        JPEG_BEGIN "\xff\xc0\x00\x0b\x08\xff\xff\x00\x10\x01\x01\x11\x00" SCAN JPEG_END;

    is_int(clean(OF(with)), 0, "a photograph");
    ok(slice_eq(buf_slice(&out), OF(bare)), "keeps the picture and loses the rest");
    ok(slice_find(buf_slice(&out), SLICE("GPS")) == SIZE_MAX, "also where it was taken");
    is_int(clean(OF(large)), -CE_RANGE, "one that is too large");
    for (size_t n = 3; n < sizeof(bare) - 1; n++)
        if (clean(slice_of(bare, n)) == 0) {
            ok(false, "cut at %zu", n);
            return;
        }
    ok(true, "cut anywhere it is damaged");
}

#define CHUNK(len, type, body) len type body "CRC!"
static void test_png(void)
{
    static const char begin[] = "\x89PNG\r\n\x1a\n";
    static const char with[] =
        "\x89PNG\r\n\x1a\n" CHUNK("\0\0\0\x0d", "IHDR", "\0\0\0\x10\0\0\0\x10\x08\x02\0\0\0")
            CHUNK("\0\0\0\x04", "eXIf", "GPS!") CHUNK("\0\0\0\x04", "tEXt", "OWNR")
                CHUNK("\0\0\0\x02", "IDAT", "xy") CHUNK("\0\0\0\0", "IEND", "") "behind";
    static const char bare[] =
        "\x89PNG\r\n\x1a\n" CHUNK("\0\0\0\x0d", "IHDR", "\0\0\0\x10\0\0\0\x10\x08\x02\0\0\0")
            CHUNK("\0\0\0\x02", "IDAT", "xy") CHUNK("\0\0\0\0", "IEND", "");

    is_int(clean(OF(with)), 0, "a picture of a screen");
    ok(slice_eq(buf_slice(&out), OF(bare)), "loses what stands beside it");
    is_int(clean(OF(begin)), -CE_SYNTAX, "a beginning alone");
    is_int(clean(SLICE("GIF89a")), -CE_UNKNOWN, "another kind");
}

static void test_workbook(void)
{
    struct cell cells[] = {{(const uint8_t *)"Ẫ", 3, CELL_TEXT, 0}, {NULL, 0, CELL_EMPTY, 0}};
    struct row rows[] = {{.number = 2, .count = 2, .cells = cells},
                         {.number = 9, .count = 1, .cells = cells}};
    struct merge merge = {1, 2, 1, 1};
    struct sheet sheet = {
        .name = SLICE("Lịch"), .rows = rows, .row_count = 2, .merges = &merge, .merge_count = 1};
    struct workbook t = {.format = WORKBOOK_XLSX, .sheets = &sheet, .sheet_count = 1};
    struct arena arena = ARENA_INIT(1 << 20);
    struct workbook *back = NULL;
    size_t good = 0;

    buf_clear(&out);
    workbook_encode(&out, &t);
    is_int(workbook_decode(buf_slice(&out), NULL, &arena, &back), 0, "a workbook comes back");
    ok(back && back->sheet_count == 1 && back->sheets[0].rows[1].number == 9 &&
           slice_is(cell_text(&back->sheets[0].rows[0].cells[0]), "Ẫ"),
       "as it was");
    for (size_t n = 0; n < out.len; n++)
        good += workbook_decode(slice_of(out.p, n), NULL, &arena, &back) == 0;
    is_int((int)good, 0, "cut anywhere it is refused");
    rows[1].number = 2;
    buf_clear(&out);
    workbook_encode(&out, &t);
    is_int(workbook_decode(buf_slice(&out), NULL, &arena, &back), -CE_PEER, "rows go down");
    arena_done(&arena);
}

int main(void)
{
    test_jpeg();
    test_png();
    test_workbook();
    buf_done(&out);
    return tap_done();
}
