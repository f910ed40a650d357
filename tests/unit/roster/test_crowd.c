/* SPDX-License-Identifier: Apache-2.0 */
/* More people at once than are told: the last ones are left out, and that is said. */
#include "base/time.h"
#include "roster/roster.h"
#include "roster/shift.h"
#include "tap.h"

enum { ZONE = 7 * 3600, MANY = DUTY_AT_ONCE_MAX + 4 };

static int64_t at(const char *text)
{
    int64_t t = 0;

    if (time_parse(slice_str(text), ZONE, &t, NULL) < 0)
        ok(false, "%s is a time", text);
    return t;
}

static struct duty_post post_of(struct duty_layer *layer)
{
    struct duty_post post = {.from = INT64_MIN,
                             .until = INT64_MAX,
                             .people = 1,
                             .offset_s = ZONE,
                             .presence = DUTY_ON_SITE,
                             .layers = layer,
                             .layer_count = 1};

    is_int(hours_parse(SLICE("24/7"), &post.hours, NULL), 0, "hours");
    return post;
}

/* count people from `first` on, all day; the position of each is its number, or counts down. */
static struct duty_layer crowd(struct duty_cell *cells, unsigned count, unsigned first, bool down)
{
    for (unsigned i = 0; i < count; i++)
        cells[i] = (struct duty_cell){.from = at("2026-11-23 07:00") + (int64_t)i * TIME_MINUTE,
                                      .until = at("2026-11-23 19:00"),
                                      .person = first + i,
                                      .position = (int32_t)(down ? count - i : i + 1)};
    return (struct duty_layer){.from = INT64_MIN,
                               .until = INT64_MAX,
                               .cells = cells,
                               .cell_count = count};
}

static struct duty_on on_at(struct duty_plan *plan, const char *t)
{
    struct arena arena = ARENA_INIT(1u << 20);
    struct err err = ERR_INIT;
    struct duty_on on;

    is_int(duty_prepare(plan, at("2026-11-23"), at("2026-11-25"), &arena, &err), 0, "prepared");
    duty_at(plan, 0, at(t), &on);
    arena_done(&arena);
    return on;
}

static void test_positions(void)
{
    struct duty_cell cells[MANY];
    bool ordered = true;

    for (int down = 0; down < 2; down++) {
        struct duty_layer layer = crowd(cells, MANY, 1, down != 0);
        struct duty_post post = post_of(&layer);
        struct duty_plan plan = {.posts = &post, .post_count = 1};
        struct duty_on on = on_at(&plan, "2026-11-23 12:00");

        ok(on.count == DUTY_AT_ONCE_MAX && on.more, "as many as are told, and more");
        for (unsigned i = 0; i < on.count; i++)
            ordered &= on.who[i].person == (down ? MANY - i : i + 1);
        ok(ordered, "the first positions, whoever begins first");
        on = on_at(&plan, "2026-11-23 07:15");
        ok(on.count == DUTY_AT_ONCE_MAX && !on.more, "exactly as many");
    }
}

static void test_added(void)
{
    const struct duty_override added[] = {{DUTY_ADD, 3, DUTY_NOBODY, at("2026-11-23 08:00"),
                                           at("2026-11-23 09:00")},
                                          {DUTY_ADD, 99, DUTY_NOBODY, at("2026-11-23 09:00"),
                                           at("2026-11-23 10:00")}};
    struct duty_cell cells[DUTY_AT_ONCE_MAX];
    struct duty_layer layer = crowd(cells, DUTY_AT_ONCE_MAX, 1, false);
    struct duty_post post = post_of(&layer);
    struct duty_plan plan = {.posts = &post, .post_count = 1};
    struct duty_on on;

    post.overrides = added;
    post.override_count = 2;
    on = on_at(&plan, "2026-11-23 08:30");
    ok(on.count == DUTY_AT_ONCE_MAX && !on.more, "one of them is put there by hand, too");
    on = on_at(&plan, "2026-11-23 09:30");
    ok(on.count == DUTY_AT_ONCE_MAX && on.more, "one more than are told");
}

static void test_covering(void)
{
    struct duty_cell own[10], others[MANY];
    struct duty_layer layers[] = {crowd(own, 10, 1, false), crowd(others, 10, 101, false)};
    struct duty_post posts[] = {post_of(&layers[0]), post_of(&layers[1])};
    const struct duty_coverage cover = {.post = 1,
                                        .from = INT64_MIN,
                                        .until = INT64_MAX,
                                        .presence = DUTY_ON_CALL};
    struct duty_plan plan = {.posts = posts, .post_count = 2};
    struct duty_on on;

    posts[0].people = MANY;
    posts[0].coverage = &cover;
    posts[0].coverage_count = 1;
    on = on_at(&plan, "2026-11-23 12:00");
    ok(on.count == DUTY_AT_ONCE_MAX && on.more, "two posts have more than are told");
    ok(on.who[9].person == 10 && on.who[9].via == DUTY_NO_POST && on.who[10].person == 101 &&
           on.who[10].via == 1 && on.who[10].presence == DUTY_ON_CALL,
       "the post's own come first");
    layers[0].cell_count = 0;
    on = on_at(&plan, "2026-11-23 12:00");
    ok(on.count == 10 && !on.more, "the covering post alone");
    layers[1] = crowd(others, MANY, 101, false);
    on = on_at(&plan, "2026-11-23 12:00");
    ok(on.count == DUTY_AT_ONCE_MAX && on.more, "which itself has more than are told");
}

static int never(void *u, const struct duty_on *on)
{
    (void)u, (void)on;
    return 7;
}

static int never_day(void *u, int64_t day, const struct duty_on *on)
{
    (void)u, (void)day, (void)on;
    return 7;
}

static int never_shift(void *u, const struct duty_shift *shift)
{
    (void)u, (void)shift;
    return 7;
}

/* Nothing is asked of a post that the plan has not, nor of no time. */
static void test_nothing(void)
{
    struct duty_cell cells[2];
    struct duty_layer layer = crowd(cells, 2, 1, false);
    struct duty_post post = post_of(&layer);
    struct duty_plan plan = {.posts = &post, .post_count = 1};
    int64_t from, until;

    (void)on_at(&plan, "2026-11-23 12:00");
    from = plan.from;
    until = plan.until;
    is_int(duty_spans(&plan, 1, from, until, never, NULL), 0, "no post, no spans");
    is_int(duty_spans(&plan, 0, until, until, never, NULL), 0, "no time, no spans");
    is_int(duty_spans(&plan, 0, from, until, never, NULL), 7, "else what is answered");
    is_int(duty_days(&plan, 1, from, until, never_day, NULL), 0, "no post, no days");
    is_int(duty_days(&plan, 0, from, until, never_day, NULL), 7, "else what is answered");
    is_int(duty_shifts(&plan, 1, from, until, never_shift, NULL), 0, "no post, no shifts");
    is_int(duty_shifts(&plan, 0, from, until, never_shift, NULL), 7, "else what is answered");
}

int main(void)
{
    test_positions();
    test_added();
    test_covering();
    test_nothing();
    return tap_done();
}
