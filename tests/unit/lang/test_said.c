/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/said.h"

#include "lang/zone.h"
#include "tap.h"

static struct buf out = BUF_INIT(1 << 20);

static void shows(enum lang lang, struct slice s, const char *want)
{
    buf_clear(&out);
    said_write(&out, lang, s);
    is_slice(buf_slice(&out), slice_str(want), "%s: %s", lang_to_str(lang), want);
}

/* 10:00 on the first of December in the zone of readers. */
#define MOMENT (INT64_C(1764558000) * 1000000000)

static void kept_words_are_shown_in_each_language(void)
{
    struct buf b = BUF_INIT(4000);

    said_begin(&b, SAID_READY);
    said_text(&b, SLICE("Trực đêm"));
    said_moment(&b, MOMENT);
    said_end(&b);
    shows(LANG_VI, buf_slice(&b), "Trực đêm, ca 10:00 01/12");
    shows(LANG_EN, buf_slice(&b), "Trực đêm, shift of 10:00 01/12");
    buf_clear(&b);
    said_begin(&b, SAID_CHANGE_MANY);
    said_number(&b, 1234);
    said_moment(&b, MOMENT);
    said_text(&b, SLICE("Trực đêm"));
    said_end(&b);
    shows(LANG_VI, buf_slice(&b), "đổi 1.234 ca, từ 10:00 01/12, Trực đêm");
    shows(LANG_EN, buf_slice(&b), "1,234 shifts of yours changed, from 10:00 01/12, Trực đêm");
    buf_done(&b);
}

static void what_people_wrote_is_shown_as_it_is(void)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct slice s = SLICE("Cổng thông tin ngừng");

    ok(!said_is(s), "!said_is(s)");
    ok(said_in(LANG_EN, s, &arena).p == s.p, "said_in(LANG_EN, s, &arena).p == s.p");
    shows(LANG_EN, s, "Cổng thông tin ngừng");
    arena_done(&arena);
}

static void a_text_may_have_runs_anywhere(void)
{
    struct buf b = BUF_INIT(4000);

    buf_append_slice(&b, said_words(SAID_DRILL));
    buf_append_slice(&b, said_words(SAID_DRILL_CABLE));
    buf_puts(&b, " (P1)");
    shows(LANG_VI, buf_slice(&b), "DIỄN TẬP – Đứt cáp, mất kết nối tới đơn vị (P1)");
    shows(LANG_EN, buf_slice(&b), "DRILL – A cable is cut (P1)");
    buf_done(&b);
}

static void a_title_is_kept_in_every_language(void)
{
    struct buf b = BUF_INIT(4000), whole = BUF_INIT(4000);

    said_title(&b, &(struct title){SLICE("Xóa bản sao lưu"), SLICE("Backups deleted")}, SAID_SHORT);
    shows(LANG_VI, buf_slice(&b), "Xóa bản sao lưu");
    shows(LANG_EN, buf_slice(&b), "Backups deleted");
    /* as the argument of others, too */
    said_begin(&whole, SAID_SMS_TITLE);
    said_text(&whole, buf_slice(&b));
    said_end(&whole);
    shows(LANG_VI, buf_slice(&whole), "Qua SMS: Xóa bản sao lưu");
    shows(LANG_EN, buf_slice(&whole), "By SMS: Backups deleted");
    buf_clear(&b);
    said_title(&b, &(struct title){SLICE_NULL, SLICE("Only one")}, SAID_SHORT);
    ok(!said_is(buf_slice(&b)), "!said_is(buf_slice(&b))");
    buf_clear(&b);
    said_title(&b, &(struct title){SLICE("tiếng"), SLICE("tongue")}, 4);
    shows(LANG_VI, buf_slice(&b), "ti");
    shows(LANG_EN, buf_slice(&b), "tong");
    buf_done(&b);
    buf_done(&whole);
}

static void an_argument_cannot_end_the_run(void)
{
    struct buf b = BUF_INIT(4000);

    said_begin(&b, SAID_TEAM_ASKED);
    said_text(&b, SLICE("a\x1d"
                        "b\x1f"
                        "t"));
    said_text(&b, SLICE("YC-1"));
    said_end(&b);
    ok(said_run(buf_slice(&b)) == b.len, "said_run(buf_slice(&b)) == b.len");
    shows(LANG_EN, buf_slice(&b), "Asked a b t for help, request YC-1.");
    buf_done(&b);
}

static void words_of_a_later_version_are_their_arguments(void)
{
    shows(LANG_EN, SLICE("\x1elater\x1ftone\x1fn2000\x1d!"), "one, 2,000!");
    shows(LANG_EN, SLICE("\x1eready\x1d"), ", shift of ");
}

static void a_broken_run_is_none(void)
{
    ok(said_run(SLICE("\x1eready")) == 0, "said_run(SLICE(\"\\x1eready\")) == 0");
    ok(said_run(SLICE("\x1eready\x01\x1d")) == 0, "said_run(SLICE(\"\\x1eready\\x01\\x1d\")) == 0");
    ok(said_run(SLICE("")) == 0, "said_run(SLICE(\"\")) == 0");
    ok(said_run(SLICE("ready")) == 0, "said_run(SLICE(\"ready\")) == 0");
    shows(LANG_EN, SLICE("a\x1eready"), "aready");
    shows(LANG_EN, SLICE("\x1eready\x1f\x1fnx\x1fm\x1d"), ", shift of ");
}

static void a_form_hands_back_what_it_showed(void)
{
    struct buf b = BUF_INIT(4000);

    said_title(&b, &(struct title){SLICE("Dò mật khẩu"), SLICE("Guessing")}, SAID_SHORT);
    ok(said_same(buf_slice(&b), SLICE("Dò mật khẩu")),
       "said_same(buf_slice(&b), SLICE(\"Dò mật khẩu\"))");
    ok(said_same(buf_slice(&b), SLICE("Guessing")),
       "said_same(buf_slice(&b), SLICE(\"Guessing\"))");
    ok(!said_same(buf_slice(&b), SLICE("Guessing!")),
       "!said_same(buf_slice(&b), SLICE(\"Guessing!\"))");
    ok(said_same(SLICE("a"), SLICE("a")), "said_same(SLICE(\"a\"), SLICE(\"a\"))");
    ok(!said_same(SLICE("a"), SLICE("b")), "!said_same(SLICE(\"a\"), SLICE(\"b\"))");
    buf_done(&b);
}

int main(void)
{
    kept_words_are_shown_in_each_language();
    what_people_wrote_is_shown_as_it_is();
    a_text_may_have_runs_anywhere();
    a_title_is_kept_in_every_language();
    an_argument_cannot_end_the_run();
    words_of_a_later_version_are_their_arguments();
    a_broken_run_is_none();
    a_form_hands_back_what_it_showed();
    buf_done(&out);
    return tap_done();
}
