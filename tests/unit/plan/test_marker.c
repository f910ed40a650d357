/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/marker.h"

#include "plan/terms.h"
#include "tap.h"

static void reads(const char *text, enum marker_kind kind, unsigned value, const char *rest)
{
    struct slice s = slice_str(text);
    struct marker m = marker_read(s);

    is_int(m.kind, kind, "%s", text);
    is_int(m.value, value, "its value");
    is_slice(slice_from(s, m.length), slice_str(rest), "its text");
}

static void key_is(const char *text, bool plain, const char *want)
{
    struct arena a = ARENA_INIT(1 << 16);

    is_slice(terms_key(&a, slice_str(text), plain), slice_str(want), "key of %s", text);
    arena_done(&a);
}

int main(void)
{
    char text[16], hundred[102];

    reads("1. Tăng cường", MARKER_ARABIC, 1, "Tăng cường");
    reads("3.Tuyên truyền", MARKER_ARABIC, 3, "Tuyên truyền");
    reads("4.\xC2\xA0Tuyên truyền", MARKER_ARABIC, 4, "Tuyên truyền");
    reads("4. \t\xC2\xA0Tuyên truyền", MARKER_ARABIC, 4, "Tuyên truyền");
    reads("12) Đo thử", MARKER_ARABIC, 12, "Đo thử");
    reads("I. Đối với", MARKER_ROMAN, 1, "Đối với");
    reads("XIV. Tổ chức", MARKER_ROMAN, 14, "Tổ chức");
    reads("A. Các cơ quan", MARKER_UPPER, 1, "Các cơ quan");
    reads("a) Hàng ngày", MARKER_LETTER, 1, "Hàng ngày");
    reads("đ) phổ biến", MARKER_LETTER, 5, "phổ biến");
    reads("e. Kiểm tra", MARKER_LETTER, 6, "Kiểm tra");
    reads("- Như trên", MARKER_DASH, 0, "Như trên");
    reads("– Các sở", MARKER_DASH, 0, "Các sở");
    reads("+ Bưu điện", MARKER_PLUS, 0, "Bưu điện");
    reads("1.2. Nội dung", MARKER_DOTTED, 2, "Nội dung");
    reads("1.2 Nội dung", MARKER_DOTTED, 2, "Nội dung");
    reads("Điều 5. Trách nhiệm", MARKER_ARTICLE, 5, "Trách nhiệm");
    reads("Phần II: Tổ chức", MARKER_PART, 2, "Tổ chức");
    reads("Chương III", MARKER_CHAPTER, 3, "");
    reads("Điều 23 Luật An ninh mạng", MARKER_NONE, 0, "Điều 23 Luật An ninh mạng");
    reads("17/9/2020 về việc", MARKER_NONE, 0, "17/9/2020 về việc");
    reads("24 giờ trong ngày", MARKER_NONE, 0, "24 giờ trong ngày");
    reads("1.500 điểm", MARKER_NONE, 0, "1.500 điểm");
    reads("2.5 triệu", MARKER_NONE, 0, "2.5 triệu");
    reads("TP.HCM", MARKER_NONE, 0, "TP.HCM");
    reads("cấp. Một", MARKER_NONE, 0, "cấp. Một");
    reads("", MARKER_NONE, 0, "");
    reads("PHỤ LỤC", MARKER_ANNEX, 1, "");
    reads("PHỤ LỤC: Biểu mẫu", MARKER_ANNEX, 1, "Biểu mẫu");
    reads("Phụ lục 12. Biểu", MARKER_ANNEX, 1, "Biểu");
    reads("Phụ lục B: Biểu", MARKER_ANNEX, 1, "Biểu");
    reads("Phụ lục kèm theo", MARKER_NONE, 0, "Phụ lục kèm theo");
    reads("7/ Kiểm tra", MARKER_ARABIC, 7, "Kiểm tra");
    reads("7/Kiểm tra", MARKER_ARABIC, 7, "Kiểm tra");
    reads("77/VP-KT", MARKER_NONE, 0, "77/VP-KT");
    reads("7/", MARKER_NONE, 0, "7/");
    reads("7/kiểm tra", MARKER_NONE, 0, "7/kiểm tra");
    reads("7/K", MARKER_NONE, 0, "7/K");
    reads("1\xef\xb8\x8f\xe2\x83\xa3 Kiểm tra", MARKER_ARABIC, 1, "Kiểm tra");
    reads("1\xef\xb8\x8f\xe2\x83\xa3", MARKER_ARABIC, 1, "");
    reads("1\xef\xb8\x8f\xe2\x83\xa3!", MARKER_NONE, 0, "1\xef\xb8\x8f\xe2\x83\xa3!");
    reads("1.2.Nội dung", MARKER_DOTTED, 2, "Nội dung");
    reads("1.2)Nội dung", MARKER_DOTTED, 2, "Nội dung");
    reads("1.2/Nội dung", MARKER_NONE, 0, "1.2/Nội dung");
    reads("1.2- Nội dung", MARKER_DOTTED, 2, "Nội dung");
    reads("a.1 Kiểm tra", MARKER_NONE, 0, "a.1 Kiểm tra");
    reads("a.123) Kiểm tra", MARKER_NONE, 0, "a.123) Kiểm tra");
    reads("a.12. Kiểm tra", MARKER_SMALL, 12, "Kiểm tra");
    reads("a12. Kiểm tra", MARKER_NONE, 0, "a12. Kiểm tra");
    reads("Một là, kiểm tra", MARKER_WORD, 1, "Một là, kiểm tra");
    reads("Hai là: kiểm tra", MARKER_WORD, 2, "Hai là: kiểm tra");
    reads("Thứ nhất, kiểm tra", MARKER_WORD, 1, "Thứ nhất, kiểm tra");
    reads("Một lành mạnh", MARKER_NONE, 0, "Một lành mạnh");
    reads("một là, kiểm tra", MARKER_NONE, 0, "một là, kiểm tra");
    reads("Thứ hai hằng tuần", MARKER_NONE, 0, "Thứ hai hằng tuần");
    reads("Thứ hai", MARKER_NONE, 0, "Thứ hai");
    reads("7: Kiểm tra", MARKER_ARABIC, 7, "Kiểm tra");
    reads("7:", MARKER_NONE, 0, "7:");
    reads("7- Kiểm tra", MARKER_ARABIC, 7, "Kiểm tra");
    reads("7 - Kiểm tra", MARKER_ARABIC, 7, "Kiểm tra");
    reads("7  - Kiểm tra", MARKER_NONE, 0, "7  - Kiểm tra");
    reads("7-", MARKER_NONE, 0, "7-");
    reads("ii) Kiểm tra", MARKER_SMALL, 2, "Kiểm tra");
    reads("(iv) Kiểm tra", MARKER_SMALL, 4, "Kiểm tra");
    reads("(2) Kiểm tra", MARKER_ARABIC, 2, "Kiểm tra");
    reads("(đ) Kiểm tra", MARKER_LETTER, 5, "Kiểm tra");
    reads("a.1) Kiểm tra", MARKER_SMALL, 1, "Kiểm tra");
    reads("b2) Kiểm tra", MARKER_SMALL, 2, "Kiểm tra");
    is_slice(slice_of(text, marker_name(MARKER_UPPER, 26, text)), SLICE("Z"), "the last capital");
    is_slice(slice_of(text, marker_name(MARKER_UPPER, 1, text)), SLICE("A"), "the first");
    is_slice(slice_of(text, marker_name(MARKER_LETTER, 5, text)), SLICE("đ"), "the fifth is đ");
    is_slice(slice_of(text, marker_name(MARKER_ROMAN, 39, text)), SLICE("XXXIX"), "39");
    is_int(marker_of_label(SLICE(" iv ")).kind, MARKER_PLUS, "an unknown label is a bullet");
    is_int(marker_of_label(SLICE("b)")).value, 2, "a label of its own");
    key_is("  Hoà, HÒA; hoà", false, " hoa` hoa` hoa` ");
    key_is("cấp cáp đứt", false, " ca^p/ cap/ d-u't/ ");
    key_is("Cấp CÁP đứt", true, " cap cap dut ");
    key_is("!!", false, " ");
    ok(terms_unmarked(SLICE("kiem tra tuong lua moi ngay")), "typed without marks");
    ok(terms_unmarked(SLICE("kiem tra mau")), "of ten letters");
    ok(!terms_unmarked(SLICE("kiem tra ma")), "not of nine");
    memset(hundred, 'a', sizeof(hundred));
    memcpy(hundred + 50, "á", strlen("á"));
    ok(!terms_unmarked(slice_of(hundred, 101)), "one mark among a hundred letters is one");
    ok(terms_unmarked(slice_of(hundred, 102)), "one among more is a slip");
    ok(!terms_unmarked(SLICE("kiểm tra tường lửa mỗi ngày")), "typed with them");
    return tap_done();
}
