/* SPDX-License-Identifier: Apache-2.0 */
/* Whose turn it is, why, and instead of whom: swaps, changes by hand, leave, order, rules, limits.
 */
#include "base/buf.h"
#include "base/time.h"
#include "roster/roster.h"
#include "roster/shift.h"
#include "tap.h"

enum { ZONE = 7 * 3600 };

static struct arena arena = ARENA_INIT(8u << 20);

static int64_t at(const char *text)
{
    int64_t t = 0;

    if (time_parse(slice_str(text), ZONE, &t, NULL) < 0)
        ok(false, "%s is a time", text);
    return t;
}

static struct duty_cell cell(uint32_t person, int32_t position)
{
    return (struct duty_cell){.from = at("2026-11-23 07:00"),
                              .until = at("2026-11-23 19:00"),
                              .person = person,
                              .position = position};
}

static struct duty_layer layer_of(struct duty_cell *cells, size_t count)
{
    return (struct duty_layer){.from = INT64_MIN,
                               .until = INT64_MAX,
                               .cells = cells,
                               .cell_count = count};
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

/* "3 (for 1, by hand, on leave); 2", and "-4" who is away. */
static void on_is(struct duty_plan *plan, const char *t, const char *want, const char *what)
{
    static const char *const why[] = {"", ", swapped", ", by hand"};
    struct buf out = BUF_INIT(2000);
    struct err err = ERR_INIT;
    struct duty_on on;

    is_int(duty_prepare(plan, at("2026-11-22"), at("2026-11-29"), &arena, &err), 0, "prepared");
    duty_at(plan, 0, at(t), &on);
    for (unsigned i = 0; i < on.count; i++) {
        const struct duty_who *w = &on.who[i];

        buf_printf(&out, "%s%u", i ? "; " : "", w->person);
        if (w->instead_of != DUTY_NOBODY)
            buf_printf(&out, " for %u", w->instead_of);
        buf_printf(&out, "%s%s", why[w->why], w->on_leave ? ", on leave" : "");
        if (w->via != DUTY_NO_POST)
            buf_printf(&out, " via %d", w->via);
    }
    for (unsigned i = 0; i < on.away_count; i++)
        buf_printf(&out, " -%u", on.away[i]);
    is_str(buf_cstr(&out), want, "%s", what);
    buf_done(&out);
}

static void test_hands(void)
{
    const int64_t from = at("2026-11-23 07:00"), until = at("2026-11-23 19:00");
    struct duty_cell cells[] = {cell(1, 1), cell(2, 2)};
    struct duty_layer layer = layer_of(cells, 2);
    struct duty_post post = post_of(&layer);
    struct duty_plan plan = {.posts = &post, .post_count = 1};
    struct duty_leave leaves[] = {{2, from, until}};
    const struct duty_swap swap = {.person = 1, .other = 3, .from = from, .until = until};
    struct duty_override hand = {DUTY_ADD, 2, DUTY_NOBODY, from, until};

    on_is(&plan, "2026-11-23 12:00", "1; 2", "as planned");
    post.overrides = &hand;
    post.override_count = 1;
    on_is(&plan, "2026-11-23 12:00", "1; 2, by hand", "put there by hand, too");
    plan.leaves = leaves;
    plan.leave_count = 1;
    on_is(&plan, "2026-11-23 12:00", "1; 2, by hand, on leave", "although on leave");
    hand = (struct duty_override){DUTY_REPLACE, 1, 2, from, until};
    on_is(&plan, "2026-11-23 12:00", "2, on leave",
          "called from leave for a turn beside their own");
    post.override_count = 0;
    on_is(&plan, "2026-11-23 12:00", "1 -2", "on leave");
    post.swaps = &swap;
    post.swap_count = 1;
    on_is(&plan, "2026-11-23 12:00", "3 for 1, swapped -2", "swapped");
    hand = (struct duty_override){DUTY_REPLACE, 3, 8, from, until};
    post.override_count = 1;
    on_is(&plan, "2026-11-23 12:00", "8 for 1, by hand -2", "still instead of whose turn it was");
    leaves[0].person = 3;
    post.override_count = 0;
    on_is(&plan, "2026-11-23 12:00", "2 -3", "who took a turn and is on leave is away");
}

static void test_order(void)
{
    struct duty_cell cells[] = {cell(5, 2), cell(9, 1), cell(3, 2), cell(4, 2)};
    struct duty_leave leaves[] = {{9, at("2026-11-25"), at("2026-11-26")},
                                  {9, at("2026-11-23"), at("2026-11-24")},
                                  {9, at("2026-11-20"), at("2026-11-21")}};
    struct duty_layer layer = layer_of(cells, 4);
    struct duty_post post = post_of(&layer);
    struct duty_plan plan = {.posts = &post, .post_count = 1};

    on_is(&plan, "2026-11-23 12:00", "9; 3; 4; 5", "by position, then by person");
    plan.leaves = leaves;
    plan.leave_count = 3;
    on_is(&plan, "2026-11-23 12:00", "3; 4; 5 -9", "of several leaves the one that counts");
}

/* Who stands at both posts is told once, as the covered post's own. */
static void test_covering(void)
{
    struct duty_cell own[] = {cell(1, 1)}, others[] = {cell(1, 1), cell(2, 2)};
    struct duty_layer layers[] = {layer_of(own, 1), layer_of(others, 2)};
    struct duty_post posts[] = {post_of(&layers[0]), post_of(&layers[1])};
    const struct duty_coverage cover = {.post = 1,
                                        .from = INT64_MIN,
                                        .until = INT64_MAX,
                                        .presence = DUTY_ON_CALL};
    struct duty_plan plan = {.posts = posts, .post_count = 2};

    posts[0].coverage = &cover;
    posts[0].coverage_count = 1;
    on_is(&plan, "2026-11-23 12:00", "1", "enough of its own");
    posts[0].people = 2;
    on_is(&plan, "2026-11-23 12:00", "1; 2 via 1", "covered, nobody twice");
}

static void test_rule(void)
{
    const struct duty_turn turns[] = {{6, INT64_MIN, INT64_MAX}, {7, INT64_MIN, INT64_MAX}};
    struct duty_layer layer = {.from = INT64_MIN, .until = INT64_MAX, .by_rule = true};
    struct duty_post post = post_of(&layer);
    struct duty_plan plan = {.posts = &post, .post_count = 1};
    struct duty_shift s;

    layer.rule = (struct duty_rule){.zone = {.offset_s = ZONE},
                                    .start = at("2026-11-22 07:00"),
                                    .length = TIME_DAY,
                                    .turns = turns,
                                    .turn_count = 2};
    is_int(recur_parse(SLICE("FREQ=DAILY"), &layer.rule.recur, NULL), 0, "a rule");
    on_is(&plan, "2026-11-23 12:00", "7", "by rule");
    on_is(&plan, "2026-11-24 12:00", "6", "in turn");
    ok(duty_shift_at(&plan, 0, at("2026-11-24 12:00"), 6, &s) && s.position == 1,
       "who stands by rule is the first");
}

/* Two cells of one person that overlap are one shift. */
static void test_overlap(void)
{
    struct duty_cell cells[] = {cell(1, 1), cell(1, 1), cell(2, 1)};
    struct duty_layer layer = layer_of(cells, 3);
    struct duty_post post = post_of(&layer);
    struct duty_plan plan = {.posts = &post, .post_count = 1};
    struct duty_shift *list = NULL, s;
    struct err err = ERR_INIT;
    size_t n = 1;

    cells[1].from = at("2026-11-23 18:00");
    cells[1].until = at("2026-11-23 23:00");
    on_is(&plan, "2026-11-23 12:00", "1; 2", "two stand");
    ok(duty_shift_at(&plan, 0, at("2026-11-23 08:00"), 1, &s) && s.from == at("2026-11-23 07:00") &&
           s.until == at("2026-11-23 23:00"),
       "as long as both together");
    ok(duty_shift_at(&plan, 0, at("2026-11-23 22:00"), 1, &s) && s.from == at("2026-11-23 07:00") &&
           s.until == at("2026-11-23 23:00"),
       "from the other end, too");
    ok(duty_shift_at(&plan, 0, at("2026-11-23 08:00"), 2, &s) && s.until == at("2026-11-23 19:00"),
       "another's is their own");
    ok(!duty_shift_at(&plan, 0, at("2026-11-23 20:00"), 2, &s), "and over");
    is_int(duty_shift_list(&plan, 1, plan.from, plan.until, &arena, &list, &n, &err), 0,
           "no post, no shifts");
    is_int((long)n, 0, "none");
}

static void test_limits(void)
{
    static struct duty_layer layers[65];
    struct duty_post post = post_of(layers);
    struct duty_plan plan = {.posts = &post, .post_count = 1};
    const int64_t start = at("2026-11-22"), most = DUTY_WINDOW_DAYS_MAX * TIME_DAY;
    struct err err = ERR_INIT;

    post.layer_count = 64;
    is_int(duty_prepare(&plan, start, start + most, &arena, &err), 0, "as long as may be");
    is_int(duty_prepare(&plan, start, start + most + 1, &arena, &err), -CE_RANGE, "longer");
    is_int(duty_prepare(&plan, at("1930-01-01"), at("1930-02-01"), &arena, &err), 0, "long ago");
    is_int(duty_prepare(&plan, at("1899-12-01"), at("1900-02-01"), &arena, &err), -CE_RANGE,
           "too long ago");
    post.layer_count = 65;
    is_int(duty_prepare(&plan, start, start + most, &arena, &err), -CE_TOO_BIG, "too many layers");
}

int main(void)
{
    test_hands();
    test_order();
    test_covering();
    test_rule();
    test_overlap();
    test_limits();
    arena_done(&arena);
    return tap_done();
}
