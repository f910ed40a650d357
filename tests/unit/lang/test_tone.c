/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/tone.h"

#include "base/utf.h"
#include "tap.h"

static void plain(const char *in, const char *want)
{
    struct buf out = BUF_INIT(1000);
    struct slice s = slice_str(in);

    while (s.n > 0) {
        unsigned marks;
        uint8_t to[4];

        buf_append(&out, to, utf8_encode(viet_next(&s, &marks), to));
    }
    is_slice(buf_slice(&out), slice_str(want), "plain of \"%s\"", in);
    buf_done(&out);
}

static void test_letters(void)
{
    plain("Đơn vị", "don vi");
    plain("ĐƠN_VỊ:", "don_vi:");
    plain("Họ và tên", "ho va ten");
    plain("Họ và tên", "ho va ten"); /* decomposed */
    plain("Nguyễn Thị Hường", "nguyen thi huong");
    plain("QUẢNG NGÃI", "quang ngai");
    plain("\xff x", "\xff x");
    plain("日本", "日本");
}

static void test_next(void)
{
    struct slice a = slice_str("ậ"), b = slice_str("a\xcc\xa3\xcc\x82"), c = slice_str("ạ\xcc\x82");
    unsigned ma, mb, mc;

    ok(viet_next(&a, &ma) == 'a' && viet_next(&b, &mb) == 'a' && viet_next(&c, &mc) == 'a',
       "three ways of writing ậ have the base a");
    ok(ma == (VIET_CIRCUMFLEX | VIET_DOT) && mb == ma && mc == ma, "and the same marks");
    ok(a.n == 0 && b.n == 0 && c.n == 0, "and are used up whole");
}

int main(void)
{
    test_letters();
    test_next();
    return tap_done();
}
