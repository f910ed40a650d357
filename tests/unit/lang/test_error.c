/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/error.h"

#include <errno.h>
#include <string.h>

#include "base/utf.h"
#include "tap.h"

static void says(const struct err *err, const char *english, const char *vietnamese)
{
    struct buf out = BUF_INIT(2000);

    error_write(&out, LANG_EN, err);
    is_str(buf_cstr(&out), english, "in English: %s", english);
    buf_clear(&out);
    error_write(&out, LANG_VI, err);
    is_str(buf_cstr(&out), vietnamese, "in Vietnamese: %s", vietnamese);
    buf_done(&out);
}

static void test_words(void)
{
    struct err err = ERR_INIT, outer = ERR_INIT;

    is_int(err_fail_at(&err, CE_TOO_BIG, 3, 7, ERR_BASE_FILE_TOO_BIG, SLICE("a.yml"), (size_t)99),
           -CE_TOO_BIG, "worth its code");
    ok(err.code == CE_TOO_BIG && err.line == 3 && err.col == 7 && err.sys == 0, "its place");
    says(&err, "a.yml: larger than 99 bytes", "a.yml: lớn hơn 99 byte");
    is_int(err_fail_sys(&err, ENOENT, ERR_BASE_FILE, "x.yml"), -CE_IO, "a system's error");
    says(&err, "x.yml: No such file or directory", "x.yml: không có tệp hoặc thư mục này");
    ok(err.line == 0 && err.sys == ENOENT, "nothing is left of the one before");
    (void)err_fail(&outer, CE_IO, ERR_BASE_BOTH, "plan", &err);
    says(&outer, "plan: x.yml: No such file or directory",
         "plan: x.yml: không có tệp hoặc thư mục này");
    (void)err_fail(&outer, CE_IO, ERR_BASE_BOTH, "all", &outer);
    says(&outer, "all: plan: x.yml: No such file or directory",
         "all: plan: x.yml: không có tệp hoặc thư mục này");
    (void)err_fail(&err, CE_IO, ERR_BASE_BOTH, "a", ERR_ID(CE_CORRUPT));
    says(&err, "a: corrupt", "a: hỏng");
    (void)err_nomem(&err);
    says(&err, "out of memory", "hết bộ nhớ");
    is_int(err_code(&err, -CE_BUSY), -CE_BUSY, "only its kind");
    says(&err, "busy", "đang bận");
    is_int(err_fail(NULL, CE_BUSY, ERR_BASE_FILE, "x"), -CE_BUSY, "no place to tell");
    (void)err_fail(&err, CE_IO, ERR_BASE_BOTH, ERR_TIME(INT64_C(1601883000), 25200), -1.5);
    says(&err, "2020-10-05 14:30: -1.5", "14:30 05/10/2020: -1.5");
    (void)err_fail(&err, CE_IO, ERR_BASE_BOTH, ERR_EACH(SLICE("Tổng số"), SLICE("Total")), 3);
    says(&err, "Total: 3", "Tổng số: 3");
    (void)err_fail(&outer, CE_IO, ERR_BASE_BOTH, &err, ERR_EACH(SLICE("chỉ một"), SLICE_NULL));
    says(&outer, "Total: 3: chỉ một", "Tổng số: 3: chỉ một");
    (void)err_fail(&err, CE_IO, ERR_BASE_BOTH, INT64_MIN, UINT64_MAX);
    says(&err, "-9223372036854775808: 18446744073709551615",
         "-9223372036854775808: 18446744073709551615");
}

/* Every length of a text of two- to four-byte characters: whole, and as long as it can be. */
static void test_cut(const char *character)
{
    size_t len = strlen(character);
    char text[ERR_POOL + 20];
    bool valid = true, full = true;

    for (size_t lead = 0; lead < 5; lead++) {
        struct err err = ERR_INIT;
        size_t n = lead;

        memset(text, 'a', lead);
        for (; n + len < sizeof(text); n += len)
            memcpy(text + n, character, len);
        text[n] = 0;
        (void)err_fail(&err, CE_SYNTAX, ERR_BASE_FILE, text);
        valid = valid && utf8_valid((struct slice){(const uint8_t *)err.pool, err.used});
        full = full && err.used + len > ERR_POOL;
    }
    ok(valid, "a text is cut at a character (%zu bytes)", len);
    ok(full, "and no earlier than it must");
}

/* An error told in another, told in another …: what has no room is left out, nothing else. */
static void test_full(void)
{
    struct err err = ERR_INIT;
    struct buf out = BUF_INIT(4000), small = BUF_INIT(8);

    (void)err_fail(&err, CE_SYNTAX, ERR_BASE_FILE, "0");
    for (int i = 0; i < 50; i++) {
        char name[12];

        snprintf(name, sizeof(name), "name%d", i);
        (void)err_fail(&err, CE_SYNTAX, ERR_BASE_BOTH, name, &err);
        ok(err.count <= ERR_ARGS_MAX && err.used <= ERR_POOL, "%d deep", i);
    }
    error_write(&out, LANG_EN, &err);
    ok(slice_starts(buf_slice(&out), SLICE("name49: name48: name47")), "the outer words are there");
    error_write(&small, LANG_VI, &err);
    ok(small.err < 0, "what has no room in a buffer says so");
    buf_done(&out);
    buf_done(&small);
}

int main(void)
{
    test_words();
    test_cut("\xC4\x91");
    test_cut("\xE1\xBA\xAD");
    test_cut("\xF0\x9F\x94\x92");
    test_full();
    return tap_done();
}
