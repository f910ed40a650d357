/* SPDX-License-Identifier: Apache-2.0 */
#include "roster/gaps.h"

#include "base/buf.h"
#include "tap.h"

enum { ZONE = 7 * 3600 };

static int64_t at(const char *text)
{
    int64_t t = 0;

    if (time_parse(slice_str(text), ZONE, &t, NULL) < 0)
        ok(false, "%s is a time", text);
    return t;
}

static void problems(struct duty_plan *plan, const char *want)
{
    struct arena arena = ARENA_INIT(1u << 20);
    struct duty_problem *p = NULL;
    struct buf out = BUF_INIT(8000);
    struct err err = ERR_INIT;
    size_t n = 0;

    is_int(duty_prepare(plan, at("2026-11-23"), at("2026-11-30"), &arena, &err), 0, "prepared");
    is_int(duty_problems(plan, 0, plan->from, plan->until, &arena, &p, &n, &err), 0, "looked at");
    for (size_t i = 0; i < n; i++) {
        struct civil a, b;

        time_to_civil(p[i].from, ZONE, &a);
        time_to_civil(p[i].until, ZONE, &b);
        buf_printf(&out, "%s%c%d %02u %02u:%02u-%02u %02u:%02u", i ? "; " : "", "gar"[p[i].fault],
                   p[i].fault == DUTY_GAP ? (int)p[i].have : (int)p[i].person, a.day, a.hour,
                   a.minute, b.day, b.hour, b.minute);
    }
    is_str(buf_cstr(&out), want, "problems");
    buf_done(&out);
    arena_done(&arena);
}

static void test_gaps(void)
{
    struct duty_cell cells[] = {
        {.from = at("2026-11-23 07:30"), .until = at("2026-11-25 12:00"), .person = 1},
        {.from = at("2026-11-26 08:00"), .until = at("2026-12-30 17:00"), .person = 2},
    };
    struct duty_layer layer = {.from = INT64_MIN,
                               .until = INT64_MAX,
                               .cells = cells,
                               .cell_count = 2};
    struct duty_leave leaves[] = {{2, at("2026-11-27 12:00"), at("2026-11-27 15:00")},
                                  {1, at("2026-11-23 07:30"), at("2026-11-23 09:00")}};
    const struct duty_override recall[] = {{DUTY_ADD, 1, DUTY_NOBODY, at("2026-11-23 08:00"),
                                            at("2026-11-23 10:00")},
                                           {DUTY_REPLACE, 2, 5, at("2026-11-27 13:00"),
                                            at("2026-11-27 20:00")}};
    struct duty_post post = {.from = INT64_MIN,
                             .until = INT64_MAX,
                             .people = 1,
                             .offset_s = ZONE,
                             .presence = DUTY_ON_SITE,
                             .layers = &layer,
                             .layer_count = 1};
    struct duty_plan plan = {.posts = &post, .post_count = 1};

    is_int(hours_parse(SLICE("mon-fri 07:30-17:00"), &post.hours, NULL), 0, "hours");
    problems(&plan, "g0 25 12:00-25 17:00; g0 26 07:30-26 08:00");
    plan.leaves = leaves;
    plan.leave_count = 2;
    problems(&plan, "g0 23 07:30-23 09:00; a1 23 07:30-23 09:00; g0 25 12:00-25 17:00; "
                    "g0 26 07:30-26 08:00; g0 27 12:00-27 15:00; a2 27 12:00-27 15:00");
    post.overrides = recall;
    post.override_count = 2;
    problems(&plan, "g0 23 07:30-23 08:00; a1 23 07:30-23 08:00; r1 23 08:00-23 09:00; "
                    "g0 25 12:00-25 17:00; g0 26 07:30-26 08:00; g0 27 12:00-27 13:00; "
                    "a2 27 12:00-27 13:00");
    post.people = 0;
    plan.leave_count = 0;
    problems(&plan, "");
}

/* One is there, then another, while two should be: one gap. Of what begins at once, those away come
 * before those recalled, each by their number. */
static void test_together(void)
{
    struct duty_cell cells[] = {
        {.from = at("2026-11-23 08:00"), .until = at("2026-11-23 12:00"), .person = 1},
        {.from = at("2026-11-23 12:00"), .until = at("2026-11-23 17:00"), .person = 2}};
    struct duty_cell crowd[] = {
        {.from = at("2026-11-23 08:00"), .until = at("2026-11-23 17:00"), .person = 9},
        {.from = at("2026-11-23 08:00"), .until = at("2026-11-23 17:00"), .person = 4}};
    struct duty_layer layer = {.from = INT64_MIN,
                               .until = INT64_MAX,
                               .cells = cells,
                               .cell_count = 2};
    struct duty_leave leaves[] = {{9, at("2026-11-23"), at("2026-11-24")},
                                  {4, at("2026-11-23"), at("2026-11-24")},
                                  {7, at("2026-11-23"), at("2026-11-24")},
                                  {3, at("2026-11-23"), at("2026-11-24")}};
    const struct duty_override added[] = {{DUTY_ADD, 7, DUTY_NOBODY, at("2026-11-23 08:00"),
                                           at("2026-11-23 17:00")},
                                          {DUTY_ADD, 3, DUTY_NOBODY, at("2026-11-23 08:00"),
                                           at("2026-11-23 17:00")}};
    struct duty_post post = {.from = INT64_MIN,
                             .until = INT64_MAX,
                             .people = 2,
                             .offset_s = ZONE,
                             .presence = DUTY_ON_SITE,
                             .layers = &layer,
                             .layer_count = 1};
    struct duty_plan plan = {.posts = &post, .post_count = 1};

    is_int(hours_parse(SLICE("mon 08:00-17:00"), &post.hours, NULL), 0, "hours");
    problems(&plan, "g1 23 08:00-23 17:00");
    layer.cells = crowd;
    plan.leaves = leaves;
    plan.leave_count = 4;
    post.overrides = added;
    post.override_count = 2;
    post.people = 3;
    problems(&plan, "g2 23 08:00-23 17:00; a4 23 08:00-23 17:00; a9 23 08:00-23 17:00; "
                    "r3 23 08:00-23 17:00; r7 23 08:00-23 17:00");
}

/* A post that the plan has not has no problems. */
static void test_no_post(void)
{
    struct arena arena = ARENA_INIT(1u << 20);
    struct duty_plan plan = {.post_count = 0};
    struct duty_problem *p = NULL;
    struct err err = ERR_INIT;
    size_t n = 1;

    is_int(duty_problems(&plan, 0, 0, TIME_DAY, &arena, &p, &n, &err), 0, "no such post");
    ok(p == NULL && n == 0, "and none of its problems");
    arena_done(&arena);
}

static void describes(struct duty_problem p, const char *vi, const char *en)
{
    struct buf out = BUF_INIT(1000);

    duty_problem_describe(&out, LANG_VI, &p, SLICE("Trần Văn Bá"));
    is_str(buf_cstr(&out), vi, "a problem in Vietnamese");
    buf_clear(&out);
    duty_problem_describe(&out, LANG_EN, &p, SLICE("Trần Văn Bá"));
    is_str(buf_cstr(&out), en, "in English");
    buf_done(&out);
}

int main(void)
{
    describes((struct duty_problem){.fault = DUTY_GAP, .have = 1, .need = 2}, "có 1 trên 2 người",
              "1 of 2 on duty");
    describes((struct duty_problem){.fault = DUTY_AWAY},
              "Trần Văn Bá vắng mặt (nghỉ phép, công tác …) mà vẫn có trong lịch",
              "Trần Văn Bá is away, yet still planned");
    describes((struct duty_problem){.fault = DUTY_RECALLED},
              "Trần Văn Bá nghỉ phép nhưng được điều trực",
              "Trần Văn Bá is on leave, put on duty by an override");
    test_gaps();
    test_together();
    test_no_post();
    return tap_done();
}
