/* SPDX-License-Identifier: Apache-2.0 */
/* Letters as bytes: nothing in them becomes a header or another address. */
#include "notify/letter.h"
#include "tap.h"

static void addresses(void)
{
    ok(letter_address_ok(SLICE("truc@xa-a.example")), "an address");
    ok(!letter_address_ok(SLICE("truc@xa\r\nBcc: x@y")), "no line of its own");
    ok(!letter_address_ok(SLICE("a@b@c")) && !letter_address_ok(SLICE("a b@c")) &&
           !letter_address_ok(SLICE("<a@b>")) && !letter_address_ok(SLICE("a@b,c@d")) &&
           !letter_address_ok(SLICE("@b")) && !letter_address_ok(SLICE("a@")),
       "nor anything else");
    ok(letter_number_ok(SLICE("+84901234567")) && letter_number_ok(SLICE("5656")), "numbers");
    ok(!letter_number_ok(SLICE("+")) && !letter_number_ok(SLICE("09a")) &&
           !letter_number_ok(SLICE("0901234567890123456789")),
       "and none");
}

static void mail(void)
{
    const struct letter l = {.to = SLICE("a@b.example"),
                             .code = SLICE("K7QF2"),
                             .subject =
                                 SLICE("Cảnh báo\r\nBcc: x@y.example – mức NGHIÊM TRỌNG ẫ ỗ ữ"),
                             .text = SLICE("dòng một\n.\ndòng hai")};
    struct buf out = BUF_INIT(8192);

    letter_write_mail(&out, &l, SLICE("canh@unit.example"), 1795305600);
    ok(slice_starts(buf_slice(&out), SLICE("Date: Sun, 22 Nov 2026 00:00:00 +0000\r\n")),
       "the date");
    ok(slice_find(buf_slice(&out), SLICE("\r\nBcc")) == SIZE_MAX, "no header from the subject");
    ok(slice_find(buf_slice(&out), SLICE("Message-ID: <canh-K7QF2@unit.example>\r\n")) != SIZE_MAX,
       "its id is the code");
    ok(slice_find(buf_slice(&out), SLICE("\r\n\r\nZMOybmcgbeG7mXQKLgpkw7JuZyBoYWk=\r\n")) !=
           SIZE_MAX,
       "the text in base64: no line ends it");
    for (size_t i = 0, at = 0; i < out.len; i++) {
        if (out.p[i] == '\n') {
            if (i - at > 998)
                ok(false, "a line of %zu bytes", i - at);
            at = i;
        }
    }
    buf_done(&out);
}

static void posts(void)
{
    const struct letter l = {.to = SLICE("+84901"),
                             .code = SLICE("K\"7"),
                             .text = SLICE("a\"b\\c\n"),
                             .level = 5};
    struct buf out = BUF_INIT(8192);

    letter_write_sms(&out, &l);
    is_str(buf_cstr(&out), "{\"id\":\"K\\\"7\",\"to\":\"+84901\",\"text\":\"a\\\"b\\\\c\\n\"}",
           "SMS");
    buf_clear(&out);
    letter_write_hook(&out, &l);
    is_str(buf_cstr(&out),
           "{\"id\":\"K\\\"7\",\"level\":5,\"subject\":\"\",\"text\":\"a\\\"b\\\\c\\n\"}",
           "webhook");
    buf_done(&out);
}

int main(void)
{
    addresses();
    mail();
    posts();
    return tap_done();
}
