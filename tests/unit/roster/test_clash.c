/* SPDX-License-Identifier: Apache-2.0 */
#include "roster/clash.h"

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

static void clashes(struct duty_plan *plan, const char *want, const char *what)
{
    struct arena arena = ARENA_INIT(1u << 20);
    struct duty_clash *c = NULL;
    struct buf out = BUF_INIT(8000);
    struct err err = ERR_INIT;
    size_t n = 0;

    is_int(duty_prepare(plan, at("2026-11-23"), at("2026-11-30"), &arena, &err), 0, "prepared");
    is_int(duty_clashes(plan, plan->from, plan->until, &arena, &c, &n, &err), 0, "looked at");
    for (size_t i = 0; i < n; i++) {
        struct civil a, b;

        time_to_civil(c[i].from, ZONE, &a);
        time_to_civil(c[i].until, ZONE, &b);
        buf_printf(&out, "%s%u at %u,%u %02u %02u-%02u %02u", i ? "; " : "", c[i].person, c[i].post,
                   c[i].other, a.day, a.hour, b.day, b.hour);
    }
    is_str(buf_cstr(&out), want, "%s", what);
    buf_done(&out);
    arena_done(&arena);
}

/* One stays while the other is relieved: one stay of 24 hours, so one clash with the other post. */
static void test_pairs(void)
{
    struct duty_cell pairs[] = {
        {.from = at("2026-11-23 07:00"), .until = at("2026-11-23 19:00"), .person = 1},
        {.from = at("2026-11-23 07:00"), .until = at("2026-11-23 19:00"), .person = 2},
        {.from = at("2026-11-23 19:00"), .until = at("2026-11-24 07:00"), .person = 3},
        {.from = at("2026-11-23 19:00"), .until = at("2026-11-24 07:00"), .person = 1}};
    struct duty_cell other[] = {
        {.from = at("2026-11-23 07:00"), .until = at("2026-11-24 07:00"), .person = 1}};
    struct duty_layer layers[] = {
        {.from = INT64_MIN, .until = INT64_MAX, .cells = pairs, .cell_count = 4},
        {.from = INT64_MIN, .until = INT64_MAX, .cells = other, .cell_count = 1}};
    struct duty_post posts[2];
    struct duty_plan plan = {.posts = posts, .post_count = 2};

    for (unsigned i = 0; i < 2; i++) {
        posts[i] = (struct duty_post){.from = INT64_MIN,
                                      .until = INT64_MAX,
                                      .people = i == 0 ? 2 : 1,
                                      .offset_s = ZONE,
                                      .presence = DUTY_ON_SITE,
                                      .layers = &layers[i],
                                      .layer_count = 1};
        is_int(hours_parse(SLICE("24/7"), &posts[i].hours, NULL), 0, "hours");
    }
    clashes(&plan, "1 at 0,1 23 07-24 07", "one stay beside others");
}

/* Posts with a cell each. */
static void posts_clash(const struct duty_cell *cells, const uint32_t *posts_of, unsigned count,
                        const char *want, const char *what)
{
    struct duty_cell own[3][4];
    struct duty_layer layers[3];
    struct duty_post posts[3];
    struct duty_plan plan = {.posts = posts, .post_count = 3};

    for (unsigned i = 0; i < 3; i++) {
        layers[i] = (struct duty_layer){.from = INT64_MIN, .until = INT64_MAX, .cells = own[i]};
        posts[i] = (struct duty_post){.from = INT64_MIN,
                                      .until = INT64_MAX,
                                      .people = 1,
                                      .offset_s = ZONE,
                                      .presence = DUTY_ON_SITE,
                                      .layers = &layers[i],
                                      .layer_count = 1};
        is_int(hours_parse(SLICE("24/7"), &posts[i].hours, NULL), 0, "hours");
    }
    for (unsigned i = 0; i < count; i++)
        own[posts_of[i]][layers[posts_of[i]].cell_count++] = cells[i];
    clashes(&plan, want, what);
}

static struct duty_cell cell(uint32_t person, const char *from, const char *until)
{
    return (struct duty_cell){.from = at(from), .until = at(until), .person = person};
}

static void test_order(void)
{
    struct duty_cell times[] = {cell(1, "2026-11-23 12:00", "2026-11-23 20:00"),
                                cell(1, "2026-11-23 08:00", "2026-11-23 14:00"),
                                cell(1, "2026-11-23 19:00", "2026-11-23 22:00")};
    struct duty_cell same[] = {cell(1, "2026-11-23 12:00", "2026-11-23 20:00"),
                               cell(1, "2026-11-23 12:00", "2026-11-23 18:00"),
                               cell(1, "2026-11-23 12:00", "2026-11-23 14:00")};
    struct duty_cell people[] = {cell(2, "2026-11-23 08:00", "2026-11-23 12:00"),
                                 cell(1, "2026-11-23 12:00", "2026-11-23 20:00"),
                                 cell(2, "2026-11-23 08:00", "2026-11-23 12:00"),
                                 cell(1, "2026-11-23 12:00", "2026-11-23 20:00")};
    struct duty_cell relieved[] = {cell(1, "2026-11-23 08:00", "2026-11-23 12:00"),
                                   cell(2, "2026-11-23 12:00", "2026-11-23 20:00"),
                                   cell(1, "2026-11-23 12:00", "2026-11-23 20:00")};

    posts_clash(times, (uint32_t[]){0, 1, 2}, 3, "1 at 0,1 23 12-23 14; 1 at 0,2 23 19-23 20",
                "in the order of time");
    posts_clash(same, (uint32_t[]){0, 1, 2}, 3,
                "1 at 0,1 23 12-23 18; 1 at 0,2 23 12-23 14; 1 at 1,2 23 12-23 14",
                "at once: in the order of posts");
    posts_clash(people, (uint32_t[]){0, 0, 1, 1}, 4, "1 at 0,1 23 12-23 20; 2 at 0,1 23 08-23 12",
                "in the order of people");
    posts_clash(relieved, (uint32_t[]){0, 0, 1}, 3, "",
                "who is relieved by another may stand elsewhere");
}

static void test_words(void)
{
    struct buf out = BUF_INIT(1000);

    duty_clash_describe(&out, LANG_EN, SLICE("Trần Văn Bá"), SLICE("P1"));
    is_str(buf_cstr(&out), "Trần Văn Bá is planned at P1 at the same time", "in words");
    buf_done(&out);
}

int main(void)
{
    test_words();
    struct duty_cell one[] = {
        {.from = at("2026-11-23 07:00"), .until = at("2026-11-23 19:00"), .person = 1},
        {.from = at("2026-11-23 19:00"), .until = at("2026-11-24 07:00"), .person = 1},
        {.from = at("2026-11-24 07:00"), .until = at("2026-11-24 19:00"), .person = 2}};
    struct duty_cell two[] = {
        {.from = at("2026-11-23 15:00"), .until = at("2026-11-23 23:00"), .person = 1},
        {.from = at("2026-11-24 19:00"), .until = at("2026-11-25 07:00"), .person = 2}};
    struct duty_layer layers[] = {
        {.from = INT64_MIN, .until = INT64_MAX, .cells = one, .cell_count = 3},
        {.from = INT64_MIN, .until = INT64_MAX, .cells = two, .cell_count = 2}};
    const struct duty_override taken[] = {
        {DUTY_REMOVE, 1, DUTY_NOBODY, at("2026-11-23 15:00"), at("2026-11-23 23:00")}};
    struct duty_post posts[2];
    struct duty_plan plan = {.posts = posts, .post_count = 2};

    for (unsigned i = 0; i < 2; i++) {
        posts[i] = (struct duty_post){.from = INT64_MIN,
                                      .until = INT64_MAX,
                                      .people = 1,
                                      .offset_s = ZONE,
                                      .presence = DUTY_ON_SITE,
                                      .layers = &layers[i],
                                      .layer_count = 1};
        is_int(hours_parse(SLICE("24/7"), &posts[i].hours, NULL), 0, "hours");
    }
    clashes(&plan, "1 at 0,1 23 15-23 23",
            "across two cells of one post: one clash; touching: none");
    posts[1].overrides = taken;
    posts[1].override_count = 1;
    clashes(&plan, "", "who was taken away stands at one post");
    test_pairs();
    test_order();
    return tap_done();
}
