/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/phrase.h"

#include "base/buf.h"
#include "tap.h"

static void says(enum ce code, const char *english, const char *vietnamese)
{
    struct buf out = BUF_INIT(2000);
    struct err err = ERR_INIT;

    (void)err_set(&err, code, "%s", english);
    phrase_put(&out, LANG_VI, &err);
    is_str(buf_cstr(&out), vietnamese, "%s", english);
    buf_clear(&out);
    phrase_put(&out, LANG_EN, &err);
    is_str(buf_cstr(&out), english, "in English as it is");
    buf_done(&out);
}

int main(void)
{
    struct buf small = BUF_INIT(8);
    struct err err = ERR_INIT;

    says(CE_UNKNOWN, "no scope is called \"centers\"; is centres meant?",
         "không có phạm vi nào tên \"centers\"; có phải centres?");
    says(CE_UNKNOWN, "no kind of unit is called \"scope\"",
         "không có loại đơn vị nào tên \"scope\"");
    says(CE_SYNTAX, "key 'a is yes or no' is there already, on line 7",
         "khoá 'a is yes or no' đã có ở dòng 7");
    says(CE_NOT_FOUND, "the plan x that this one extends: neither imported nor among canh's own",
         "kế hoạch x mà kế hoạch này nối tiếp: chưa nhập, cũng không có sẵn trong canh");
    says(CE_SYNTAX, "a time hh:mm is wanted at \"25:30\"", "cần giờ dạng hh:mm ở chỗ \"25:30\"");
    says(CE_CONFLICT, "task was changed meanwhile (version 1, now 2): read it again",
         "việc vừa được người khác sửa (bản 1, nay là 2): hãy đọc lại rồi làm lại");
    says(CE_SYNTAX, "what libfyaml says itself", "sai cú pháp: what libfyaml says itself");
    says(CE_SYNTAX, "{1}", "sai cú pháp: {1}");
    says(CE_EXISTS, "đang trong ca đã nhận", "đang trong ca đã nhận");
    says(CE_BUSY, "busy", "đang bận");
    (void)err_set(&err, CE_DENIED, "%s", "a unit cannot be below itself");
    phrase_put(&small, LANG_VI, &err);
    ok(small.err < 0, "what has no room says so");
    buf_done(&small);
    return tap_done();
}
