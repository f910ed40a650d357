/* SPDX-License-Identifier: Apache-2.0 */
/* Words on places → lines and rows of tables. */
#include "office/pdftable.h"

#include "err_words.h"
#include "tap.h"

static struct arena arena = ARENA_INIT(64 << 20);
static struct err err;

/* One word as pdftotext -tsv prints it. */
static void word(struct buf *tsv, int page, double left, double top, double width, const char *text)
{
    buf_printf(tsv, "5\t%d\t0\t1\t0\t0\t%.2f\t%.2f\t%.2f\t12.00\t100\t%s\n", page, left, top, width,
               text);
}

static void reads(struct buf *tsv, unsigned tables, const char *want, const char *name)
{
    struct buf out = BUF_INIT(1 << 16);
    unsigned n = 99;

    is_int(pdftable_write(&arena, buf_slice(tsv), &out, &n, &err), 0, "%s: is read", name);
    is_int(n, tables, "%s: tables", name);
    is_slice(buf_slice(&out), slice_str(want), "%s", name);
    buf_done(&out);
    buf_clear(tsv);
}

static void put_head(struct buf *tsv, double top)
{
    word(tsv, 1, 60, top, 22, "STT");
    word(tsv, 1, 100, top, 18, "Nội");
    word(tsv, 1, 121, top, 26, "dung");
    word(tsv, 1, 220, top, 18, "Chủ");
    word(tsv, 1, 241, top, 12, "trì");
    word(tsv, 1, 300, top, 20, "Hạn");
}

static void test_lines(struct buf *tsv)
{
    word(tsv, 1, 300, 30.2, 40, "PHẢI");
    word(tsv, 1, 60, 30, 40, "TRÁI");
    word(tsv, 1, 103, 30, 40, "LÁ");
    word(tsv, 1, 60, 60, 40, "Một");
    word(tsv, 1, 300, 800, 6, "1");
    word(tsv, 2, 60, 30, 40, "Hai");
    reads(tsv, 0, "TRÁI LÁ    PHẢI\nMột\nHai\n", "columns, pages and their numbers");
    buf_puts(tsv, "level\tpage_num\n1\t1\t0\t0\t0\t0\t0\t0\t595.3\t841.8\t-1\t###PAGE###\n"
                  "5\t1\t0\t0\t0\t0\tx\t1\t1\t1\t1\tnot\n5\t1\t0\t0\t0\t0\t-1\t1\t1\t1\t1\tnot\n"
                  "5\t1\t0\t0\t0\t0\t1\t1\t1\t0\t1\tnot\n\n");
    reads(tsv, 0, "", "what is no word of a page");
}

/* Six lines of text in two columns; the left one has one more. */
static void test_columns(struct buf *tsv)
{
    static const char *const left[] = {"l1a", "l2a", "l3a", "l4a", "l5a", "l6a", "l7a"};
    static const char *const right[] = {"r1a", "r2a", "r3a", "r4a", "r5a", "r6a"};

    word(tsv, 1, 150, 60, 300, "TITLE");
    for (int i = 0; i < 7; i++) {
        word(tsv, 1, 60, 100 + i * 14, 50, left[i]);
        word(tsv, 1, 118, 100 + i * 14, 50, "b");
        word(tsv, 1, 172, 100 + i * 14, 50, "c");
        word(tsv, 1, 230, 100 + i * 14, 50, "d");
        if (i == 6)
            break;
        word(tsv, 1, 310, 100 + i * 14, 50, right[i]);
        word(tsv, 1, 364, 100 + i * 14, 50, "f");
        word(tsv, 1, 420, 100 + i * 14, 50, "g");
        word(tsv, 1, 484, 100 + i * 14, 50, "h");
    }
    word(tsv, 1, 60, 240, 20, "Nơi");
    word(tsv, 1, 84, 240, 30, "nhận:");
    reads(tsv, 1,
          "TITLE\nl1a b c d\nl2a b c d\nl3a b c d\nl4a b c d\nl5a b c d\nl6a b c d\nl7a b c d\n"
          "r1a f g h\nr2a f g h\nr3a f g h\nr4a f g h\nr5a f g h\nr6a f g h\nNơi nhận:\n",
          "a body in two columns");
    for (int i = 0; i < 6; i++) {
        word(tsv, 1, 60, 100 + i * 14, 30, "tên");
        word(tsv, 1, 310, 100 + i * 14, 30, "Sở");
    }
    reads(tsv, 0, "tên    Sở\ntên    Sở\ntên    Sở\ntên    Sở\ntên    Sở\ntên    Sở\n",
          "short things beside each other stay lines");
}

static void test_table(struct buf *tsv)
{
    put_head(tsv, 100);
    word(tsv, 1, 62, 120, 6, "1");
    word(tsv, 1, 98, 120, 60, "Sao|lưu");
    word(tsv, 1, 218, 120, 50, "Sở");
    word(tsv, 1, 218, 134, 40, "Mẫu");
    word(tsv, 1, 62, 154, 6, "2");
    word(tsv, 1, 98, 154, 60, "Rà");
    word(tsv, 1, 300, 154, 60, "15/01");
    word(tsv, 1, 60, 180, 60, "Trân");
    word(tsv, 1, 123, 180, 60, "trọng./.");
    reads(tsv, 1,
          "| STT | Nội dung | Chủ trì | Hạn |\n| 1 | Sao/lưu | Sở Mẫu |  |\n"
          "| 2 | Rà |  | 15/01 |\nTrân trọng./.\n",
          "a table ends where a line bridges its columns");
    put_head(tsv, 100);
    word(tsv, 1, 98, 120, 60, "Sao");
    word(tsv, 1, 62, 134, 6, "1");
    word(tsv, 1, 98, 134, 60, "lưu");
    word(tsv, 1, 98, 148, 60, "ngay");
    word(tsv, 1, 62, 168, 6, "2");
    word(tsv, 1, 98, 168, 60, "Rà");
    reads(tsv, 1,
          "| STT | Nội dung | Chủ trì | Hạn |\n| 1 | Sao lưu ngay |  |  |\n| 2 | Rà |  |  |\n",
          "numbers in the middle of their rows");
    word(tsv, 1, 60, 100, 22, "TT");
    word(tsv, 1, 85, 100, 22, "là");
    word(tsv, 1, 110, 100, 22, "chữ");
    reads(tsv, 0, "TT là chữ\n", "a sentence is no table");
}

int main(void)
{
    struct buf tsv = BUF_INIT(1 << 16);

    test_lines(&tsv);
    test_columns(&tsv);
    test_table(&tsv);
    buf_done(&tsv);
    arena_done(&arena);
    return tap_done();
}
