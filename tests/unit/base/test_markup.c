/* SPDX-License-Identifier: Apache-2.0 */
#include "base/markup.h"
#include "tap.h"

static void check(struct slice text, struct slice want, const char *what)
{
    struct buf out = BUF_INIT(1000);

    markup_write(&out, text);
    is_slice(buf_slice(&out), want, "%s", what);
    buf_done(&out);
}

int main(void)
{
    struct buf out = BUF_INIT(100);

    check(SLICE("<a href=\"x\" title='y'>&"),
          SLICE("&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;"), "what markup means");
    check(SLICE("Quảng Ngãi\r\n\t\xF0\x9F\x8F\xAE"), SLICE("Quảng Ngãi\r\n\t\xF0\x9F\x8F\xAE"),
          "text and white space as they are");
    check(SLICE("a\0b\x1B[31m\xFFz"),
          SLICE("a\uFFFD"
                "b\uFFFD[31m\uFFFDz"),
          "what XML cannot hold");
    check(SLICE("\xEF\xBF\xBE\xEF\xBF\xBD"), SLICE("\uFFFD\uFFFD"), "U+FFFE, and U+FFFD itself");
    check(SLICE(""), SLICE(""), "nothing");
    markup_write_paper(&out, SLICE("a\x0B<\xFF&"));
    is_slice(buf_slice(&out), SLICE("a&lt;&amp;"), "left out on paper");
    buf_done(&out);
    return tap_done();
}
