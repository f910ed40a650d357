/* SPDX-License-Identifier: Apache-2.0 */
/* What checks say: kept in codes, told in two languages. */
#include "check/result_text.h"

#include "tap.h"

static void tells(const char *kept, enum lang lang, const char *want)
{
    struct buf out = BUF_INIT(4000);

    result_text_write_words(&out, lang, slice_str(kept));
    is_slice(buf_slice(&out), slice_str(want), "%s", want);
    buf_done(&out);
}

static void test_put(void)
{
    struct buf out = BUF_INIT(1000);
    char nasty[] = "a\tb\nc\x1b[31m\xff";
    struct result_arg page[] = {RESULT_NUMBER(200, 0), RESULT_NUMBER(34.2, 0)};

    result_text_write(&out, RESULT_PAGE, page, 2);
    result_text_write(&out, RESULT_SLOW, NULL, 0);
    is_slice(buf_slice(&out), SLICE("page\t200\t34\nslow"), "a line each");
    buf_clear(&out);
    result_text_write(&out, RESULT_DETAIL, &RESULT_TEXT(nasty), 1);
    is_slice(buf_slice(&out), SLICE("detail\ta b c.[31m."), "control characters do not pass");
    buf_done(&out);
}

/* A text longer than its place is cut between characters. */
static void test_long(void)
{
    struct buf out = BUF_INIT(1000), text = BUF_INIT(1000);

    buf_putc(&text, 'x');
    for (int i = 0; i < 100; i++)
        buf_puts(&text, "ệ");
    result_text_write(&out, RESULT_PLUGIN, &RESULT_TEXT(buf_cstr(&text)), 1);
    is_int((int64_t)out.len, (int64_t)(strlen("plugin\tx") + 66 * strlen("ệ") + strlen("…")),
           "whole characters and a mark");
    buf_done(&out);
    buf_done(&text);
}

int main(void)
{
    test_put();
    test_long();
    tells("page\t200\t34\nslow", LANG_EN, "status 200 after 34 ms; slow");
    tells("page\t200\t34\nslow", LANG_VI, "trạng thái 200 sau 34 ms; chậm");
    tells("file\tdump.sql\t1048576\t2.5", LANG_VI, "dump.sql: 1048576 byte, 2,5 giờ trước");
    tells("file\tdump.sql\t1048576\t2.5", LANG_EN, "dump.sql: 1048576 bytes, 2.5 hours old");
    tells("refused\ndetail\tconnect to 192.0.2.1 failed", LANG_VI,
          "bị từ chối kết nối (connect to 192.0.2.1 failed)");
    tells("plugin\tOK - 3%s%n users", LANG_EN, "OK - 3%s%n users");
    tells("page\t200", LANG_EN, "status 200 after  ms");
    tells("https://x/: status 200 in 3 ms", LANG_VI, "https://x/: status 200 in 3 ms");
    tells("", LANG_VI, "");
    return tap_done();
}
