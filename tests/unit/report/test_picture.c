/* SPDX-License-Identifier: Apache-2.0 */
#include "report/picture.h"

#include <stdio.h>

#include "err_words.h"
#include "office/doctext.h"
#include "office/odt.h"
#include "office/pdf.h"
#include "picture_sample.h"
#include "report/picture_build.h"
#include "tap.h"

static struct err err;

static unsigned pages_of(struct paper *p)
{
    struct buf pdf = BUF_INIT(16 << 20);
    unsigned n = 0;

    is_int(pdf_render(p, &pdf, &n, &err), 0, "is drawn: %s", err_words(&err));
    buf_done(&pdf);
    return n;
}

/* The words of the page, by way of its ODT. */
static void text_of(struct paper *p, struct buf *out)
{
    struct arena arena = ARENA_INIT(DOCTEXT_ARENA_MAX);
    struct buf odt = BUF_INIT(16 << 20);
    struct doctext *d = NULL;

    if (odt_render(p, &odt, &err) == 0 &&
        doctext_read(&arena, buf_slice(&odt), NULL, &d, &err) == 0)
        doctext_write(out, d);
    buf_done(&odt);
    arena_done(&arena);
}

static bool says(const struct buf *b, const char *what)
{
    return slice_find(buf_slice(b), slice_str(what)) != SIZE_MAX;
}

static void test_sample(void)
{
    struct arena arena = ARENA_INIT(64 << 20);
    struct overview pic = sample_picture();
    struct buf text = BUF_INIT(1 << 20);
    struct paper p;

    paper_init(&p, &arena);
    is_int(picture_build(&p, &pic, LANG_VI, &err), 0, "the picture: %s", err_words(&err));
    is_int(pages_of(&p), 1, "on one page");
    text_of(&p, &text);
    ok(says(&text, "Có người trực: 109/112 vị trí"), "duty");
    ok(says(&text, "Phát hiện: đỏ 1 · cam 2 · vàng 5 · xanh 0"), "cases");
    ok(says(&text, "(còn 130 phút)") || says(&text, "(còn 2 giờ)"), "the countdown");
    ok(says(&text, "43 %\t24 %\t25 %\t7"), "a clause split into proved, declared, unknown");
    ok(says(&text, "Trung tâm dữ liệu\tchưa rõ\t–\tchưa có"), "an unknown service");
    ok(says(&text, "99,9 %"), "availability is not rounded up");
    ok(says(&text, "UBND xã Mẫu Đảo: chưa có"), "a station never heard of");
    ok(says(&text, "Nơi lộ dữ liệu cá nhân: chưa rõ"), "an unknown figure");
    ok(says(&text, "3/14 trạm"), "silent stations");
    buf_clear(&text);
    paper_init(&p, &arena);
    is_int(picture_build(&p, &pic, LANG_EN, &err), 0, "in English: %s", err_words(&err));
    text_of(&p, &text);
    ok(says(&text, "Manned: 109 of 112 posts"), "duty in English");
    buf_done(&text);
    arena_done(&arena);
}

/* Everything at its worst: long names, long lists. Still one page, and it says what is left out. */
static void test_crowded(void)
{
    static const struct slice name =
        SLICE("Ủy ban nhân dân đặc khu Nguyễn Thị Minh Khai – Trần Hưng Đạo tỉnh Mẫu");
    enum { MANY = 96 };
    struct arena arena = ARENA_INIT((size_t)256 << 20);
    struct overview pic = sample_picture();
    struct overview_duty missing[MANY];
    struct overview_station silent[MANY];
    struct overview_request requests[MANY];
    struct overview_service services[MANY];
    struct overview_operator operators[MANY];
    struct slice sentences[3] = {name, name, name};
    struct buf text = BUF_INIT(1 << 20);
    struct paper p;

    for (int i = 0; i < MANY; i++) {
        missing[i] = (struct overview_duty){.unit = name, .post = name};
        silent[i] = (struct overview_station){.name = name, .last_heard = SAMPLE_NOW - 5000};
        requests[i] = (struct overview_request){.number = name, .unit = name, .since = SAMPLE_NOW};
        services[i] = (struct overview_service){.name = name,
                                                .state = OVERVIEW_BAD,
                                                .up24 = 0.5,
                                                .checked = SAMPLE_NOW};
        operators[i] = sample_operators[i % 3];
        operators[i].name = name;
    }
    pic.missing = missing;
    pic.silent = silent;
    pic.requests = requests;
    pic.services = services;
    pic.operators = operators;
    pic.missing_count = pic.silent_count = pic.request_count = pic.service_count =
        pic.operator_count = MANY;
    pic.stations = MANY;
    pic.sentences = sentences;
    pic.next_deadline = name;
    pic.plan = name;
    paper_init(&p, &arena);
    is_int(picture_build(&p, &pic, LANG_VI, &err), 0, "a crowded picture: %s", err_words(&err));
    is_int(pages_of(&p), 1, "on one page");
    text_of(&p, &text);
    ok(says(&text, "… và "), "says how many more there are");
    ok(says(&text, "96/96 trạm"), "and the whole number");
    buf_done(&text);
    arena_done(&arena);
}

static void test_empty(void)
{
    struct arena arena = ARENA_INIT(64 << 20);
    struct overview pic = {.days_left = INT32_MIN,
                           .now = SAMPLE_NOW,
                           .oldest = OVERVIEW_NEVER,
                           .red_overdue = {-1, OVERVIEW_NEVER},
                           .stale_backups = {-1, OVERVIEW_NEVER},
                           .exposures = {-1, OVERVIEW_NEVER}};
    struct overview_clause none = {.number = SLICE("I.1"),
                                   .title = SLICE("x"),
                                   .trend = {NAN, NAN, NAN, NAN, NAN, NAN, NAN}};
    struct buf text = BUF_INIT(1 << 20);
    struct paper p;

    pic.clauses = &none;
    pic.clause_count = 1;
    paper_init(&p, &arena);
    is_int(picture_build(&p, &pic, LANG_VI, &err), 0, "nothing known: %s", err_words(&err));
    is_int(pages_of(&p), 1, "on one page");
    text_of(&p, &text);
    ok(!says(&text, "100 %"), "nothing is met");
    ok(says(&text, "Số liệu cũ nhất: chưa có"), "and it says so");
    buf_done(&text);
    arena_done(&arena);
}

static void shares(uint32_t part, uint32_t all, const char *want)
{
    struct buf b = BUF_INIT(100);

    pic_percent(&b, part, all);
    is_slice(buf_slice(&b), slice_str(want), "%u of %u", part, all);
    buf_done(&b);
}

static void names(const char *name, size_t n, const char *want)
{
    struct buf b = BUF_INIT(100);

    pic_cut_name(&b, slice_str(name), n);
    is_slice(buf_slice(&b), slice_str(want), "%s", want);
    buf_done(&b);
}

int main(void)
{
    names("Xã Mẫu", 10, "Xã Mẫu");
    names("Ủy ban nhân dân xã Bình Mẫu", 16, "Ủy ban …Bình Mẫu");
    shares(0, 300, "0 %");
    shares(1, 300, "<1 %");
    shares(299, 300, ">99 %");
    shares(300, 300, "100 %");
    test_sample();
    test_crowded();
    test_empty();
    return tap_done();
}
