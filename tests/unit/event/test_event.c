/* SPDX-License-Identifier: Apache-2.0 */
#include "event/event.h"

#include "base/time.h"
#include "tap.h"

static struct field value(uint16_t key, struct slice text, uint8_t form)
{
    return (struct field){.text = text.p, .n = (uint32_t)text.n, .key = key, .form = form};
}

static void reads(struct slice text, uint8_t form, struct slice want, const char *name)
{
    struct buf out = BUF_INIT(1000);
    struct field f = value(1, text, form);

    field_text(&f, &out);
    is_slice(buf_slice(&out), want, "%s", name);
    buf_done(&out);
}

int main(void)
{
    struct field fields[] = {value(KEY_UTC_TIME, SLICE("2019-07-29 21:33:53.839"), FORM_UTF8),
                             value(KEY_SYSTEM_TIME, SLICE("rubbish"), FORM_UTF8)};
    struct event e = {.fields = fields, .count = 2};

    reads(SLICE("C:\\\\a\\\"b\\/\\n\\t"), FORM_JSON, SLICE("C:\\a\"b/\n\t"), "short escapes");
    reads(SLICE("\\u0110\\ud83c\\udfee!"), FORM_JSON, SLICE("Đ🏮!"), "unicode escapes");
    reads(SLICE("\\ud83c\\u0041\\udfee"), FORM_JSON, SLICE("\xEF\xBF\xBD\x41\xEF\xBF\xBD"),
          "lone surrogates");
    reads(SLICE("a\0b\0"), FORM_UTF16, SLICE("ab"), "UTF-16");
    is_int(event_time(&e), INT64_C(1564436033839000000), "a bad time gives way to the next");
    ok(event_get(&e, KEY_CHANNEL) == NULL, "an absent field");
    e.count = 0;
    ok(event_time(&e) == TIME_NONE, "no time at all");
    return tap_done();
}
