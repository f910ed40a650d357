/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/lang.h"
#include "lang/msg_cli.h"
#include "lang/msg_scan.h"

#include "tap.h"

static void test_locale(void)
{
    static const struct {
        const char *all, *messages, *lang;
        enum lang want;
    } rows[] = {
        {NULL, NULL, NULL, LANG_EN},
        {NULL, NULL, "vi_VN.UTF-8", LANG_VI},
        {"", "", "vi", LANG_VI},
        {"C", NULL, "vi_VN.UTF-8", LANG_EN},
        {NULL, "vi_VN", "en_US.UTF-8", LANG_VI},
        {NULL, NULL, "vim", LANG_EN},
        {NULL, NULL, "de_DE.UTF-8", LANG_EN},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++)
        is_int(lang_from_locale(rows[i].all, rows[i].messages, rows[i].lang), rows[i].want,
               "language of locale %zu", i);
    is_int(lang_from_str(SLICE("vi")), LANG_VI, "vi by name");
    is_int(lang_from_str(SLICE("VI")), LANG_MAX, "names are exact");
    is_str(lang_to_str(LANG_EN), "en", "name of English");
}

static void test_texts(void)
{
    struct buf out = BUF_INIT(4096), tiny = BUF_INIT(8);

    lang_write(&out, LANG_EN, MSG_SCAN_ETA, UINT64_C(5000000000), UINT64_C(7));
    is_slice(buf_slice(&out), SLICE("5000000000:07 left"), "English");
    buf_clear(&out);
    lang_write(&out, LANG_VI, MSG_SCAN_ETA, UINT64_C(5000000000), UINT64_C(7));
    is_slice(buf_slice(&out), SLICE("còn 5000000000:07"), "Vietnamese");
    buf_clear(&out);
    lang_write(&out, LANG_VI, MSG_CLI_USAGE);
    is_slice(buf_slice(&out), SLICE("cách dùng:"), "a text without arguments");
    lang_write(&tiny, LANG_EN, MSG_SCAN_ETA, UINT64_C(1), UINT64_C(1));
    ok(tiny.err < 0 && tiny.len == 0, "over the buffer's maximum nothing is written");
    for (int l = 0; l < LANG_MAX; l++) {
        int missing = 0;

        for (unsigned a = 0; a < lang_area_count; a++) {
            for (unsigned i = a == 0; i < lang_areas[a].count; i++)
                missing += lang_text((enum lang)l, a * LANG_AREA_SIZE + i)[0] == 0;
        }
        is_str(lang_text((enum lang)l, lang_area_count * LANG_AREA_SIZE), "", "no such area");
        is_int(missing, 0, "no text is missing in %s", lang_to_str((enum lang)l));
    }
    buf_done(&out);
    buf_done(&tiny);
}

static void test_numbers(void)
{
    static const struct {
        uint64_t v;
        const char *vi, *en;
    } rows[] = {
        {0, "0", "0"},
        {999, "999", "999"},
        {1000, "1.000", "1,000"},
        {123456, "123.456", "123,456"},
        {UINT64_MAX, "18.446.744.073.709.551.615", "18,446,744,073,709,551,615"},
    };
    struct buf out = BUF_INIT(256);

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        buf_clear(&out);
        lang_write_number(&out, LANG_VI, rows[i].v);
        is_slice(buf_slice(&out), slice_str(rows[i].vi), "Vietnamese number %zu", i);
        buf_clear(&out);
        lang_write_number(&out, LANG_EN, rows[i].v);
        is_slice(buf_slice(&out), slice_str(rows[i].en), "English number %zu", i);
    }
    buf_clear(&out);
    lang_write_decimal(&out, LANG_VI, 2.25, 1);
    lang_write_decimal(&out, LANG_EN, -0.5, 2);
    is_slice(buf_slice(&out), SLICE("2,2-0.50"), "decimals");
    buf_done(&out);
}

int main(void)
{
    test_locale();
    test_texts();
    test_numbers();
    return tap_done();
}
