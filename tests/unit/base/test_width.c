/* SPDX-License-Identifier: Apache-2.0 */
#include "base/width.h"

#include "tap.h"

static void test_widths(void)
{
    static const struct {
        const char *text;
        size_t columns;
    } rows[] = {
        {"", 0},
        {"canh", 4},
        {"Nghiêm trọng", 12},
        {"Nghie\xCC\x82m tro\xCC\xA3ng", 12}, /* decomposed, as macOS writes it */
        {"Đặng Thị Hồng", 13},
        {"漢字", 4},
        {"ｗｉｄｅ", 8},
        {"한글", 4},
        {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", 2}, /* 한 as three jamo */
        {"🔥", 2},
        {"👨‍👩‍👧", 2}, /* joined */
        {"❤️", 2},             /* narrow sign, emoji style */
        {"🇻🇳", 2},                 /* two regional indicators */
        {"\x1b[31m", 4},           /* the escape itself takes nothing */
        {"a\xFF"
         "b",
         3},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++)
        is_int(text_width(slice_str(rows[i].text)), rows[i].columns, "width of row %zu", i);
}

static void is_safe(const char *text, size_t n, const char *want, const char *what)
{
    struct buf out = BUF_INIT(4096);

    text_write_safe(&out, slice_of(text, n));
    is_slice(buf_slice(&out), slice_str(want), "%s", what);
    buf_done(&out);
}

static void test_safe(void)
{
#define SAFE(lit, want, what) is_safe(lit, sizeof(lit) - 1, want, what)
    SAFE("Lê Văn Tám — 漢字 👍", "Lê Văn Tám — 漢字 👍", "readable text stays");
    SAFE("\x1b]0;owned\x07", "\\x1b]0;owned\\x07", "a terminal title");
    SAFE("a\nb\r\tc\0d\x7f", "a\\nb\\r\\tc\\x00d\\x7f", "controls");
    SAFE("\xC2\x9B"
         "31m",
         "\\u009b31m", "a one-character CSI");
    SAFE("abc\xE2\x80\xAEtxt.exe", "abc\\u202etxt.exe", "a direction override");
    SAFE("x\xE2\x80\x8By\xEF\xBB\xBF", "x\\u200by\\ufeff", "invisible characters");
    SAFE("\xF3\xA0\x81\x81", "\\ue0041", "a tag character");
    SAFE("\x80\xC3", "\\x80\\xc3", "bytes that are no UTF-8");
    SAFE("👨‍👩‍👧", "👨‍👩‍👧", "a joiner inside an emoji stays");
    SAFE("", "", "nothing");
}

static void is_fit(const char *text, size_t columns, size_t pad, const char *want)
{
    struct buf out = BUF_INIT(4096);

    text_write_fit(&out, slice_str(text), columns, pad);
    is_slice(buf_slice(&out), slice_str(want), "%s in %zu columns, padded to %zu", text, columns,
             pad);
    buf_done(&out);
}

static void test_fit(void)
{
    is_fit("canh", 10, 6, "canh  ");
    is_fit("canh gác", 8, 8, "canh gác");
    is_fit("canh gác", 7, 7, "canh g…");
    is_fit("漢字漢字", 5, 5, "漢字…");
    is_fit("漢字漢字", 4, 4, "漢… ");
    is_fit("tro\xCC\xA3ng", 4, 4, "tro\xCC\xA3…");
    is_fit("x", 0, 2, "  ");
    is_fit("xy", 1, 1, "…");
}

static void is_tail(const char *text, size_t columns, size_t pad, const char *want)
{
    struct buf out = BUF_INIT(4096);

    text_write_tail(&out, slice_str(text), columns, pad);
    is_slice(buf_slice(&out), slice_str(want), "the end of %s in %zu columns, padded to %zu", text,
             columns, pad);
    buf_done(&out);
}

static void test_tail(void)
{
    is_tail("a/b.log", 7, 9, "a/b.log  ");
    is_tail("/var/log/a.log", 7, 8, "…/a.log ");
    is_tail("漢字漢字", 5, 5, "…漢字");
    is_tail("漢字漢字", 4, 4, "…字 ");
    is_tail("tro\xCC\xA3ng", 4, 4, "…o\xCC\xA3ng");
    is_tail("tro\xCC\xA3ng", 3, 3, "…ng");
    is_tail("x", 0, 2, "  ");
    is_tail("xy", 1, 2, "… ");
}

static void is_wrapped(const char *text, size_t at, size_t indent, size_t columns, const char *want)
{
    struct buf out = BUF_INIT(4096);

    text_write_wrapped(&out, slice_str(text), at, indent, columns);
    is_slice(buf_slice(&out), slice_str(want), "wrapped at %zu", columns);
    buf_done(&out);
}

static void test_wrap(void)
{
    is_wrapped("một hai ba bốn", 0, 0, 7, "một hai\nba bốn");
    is_wrapped("một hai ba bốn", 4, 4, 11, "một hai\n    ba bốn");
    is_wrapped("averyveryverylongword x", 0, 2, 8, "averyveryverylongword\n  x");
    is_wrapped("a  b", 0, 0, 80, "a b");
    is_wrapped("", 0, 0, 80, "");
}

static void is_folded(const char *text, size_t indent, size_t columns, const char *want)
{
    struct buf b = BUF_INIT(4096);

    text_write_folded(&b, slice_str(text), indent, columns);
    is_str(buf_cstr(&b), want, "folded to %zu columns", columns);
    buf_done(&b);
}

static void test_fold(void)
{
    is_folded("một hai  ba bốn năm sáu bảy", 2, 22, "một hai  ba bốn năm \n  sáu bảy");
    is_folded("0123456789012345678901234", 0, 20, "01234567890123456789\n01234");
    is_folded("01234567890123456789", 0, 20, "01234567890123456789");
    is_folded("越越越越越越越越越越越", 1, 21, "越越越越越越越越越越\n 越");
    is_folded("", 4, 80, "");
    is_folded("0123456789012345678901", 70, 75, /* never narrower than 20 */
              "01234567890123456789\n                                                              "
              "        01");
}

int main(void)
{
    test_widths();
    test_safe();
    test_fit();
    test_tail();
    test_wrap();
    test_fold();
    return tap_done();
}
