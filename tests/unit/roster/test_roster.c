/* SPDX-License-Identifier: Apache-2.0 */
#include "roster/roster.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "calendar/ical.h"
#include "err_words.h"
#include "roster/gaps.h"
#include "roster/ics.h"
#include "roster/stand.h"
#include "tap.h"

enum { ZONE = 7 * 3600 };

static int64_t at(const char *text)
{
    int64_t t = 0;

    if (time_parse(slice_str(text), ZONE, &t, NULL) < 0)
        ok(false, "%s is a time", text);
    return t;
}

static struct slice person_name(void *u, uint32_t person)
{
    static char name[16];

    (void)u;
    return slice_of(name, (size_t)snprintf(name, sizeof(name), "P%u", person));
}

static struct slice post_name(void *u, uint32_t post)
{
    static char name[32];

    (void)u;
    return slice_of(name, (size_t)snprintf(name, sizeof(name), "trực; số %u", post));
}

static const struct duty_names names = {person_name, post_name, NULL};
static const struct duty_ics words = {SLICE_INIT("p"), SLICE_INIT("home"), SLICE_INIT("by"), 0};

/* "P1, P2 (home) [by …]" and who is away. */
static void is_on(const struct duty_plan *plan, const char *t, const char *want)
{
    struct buf out = BUF_INIT(2000);
    struct duty_on on;

    duty_at(plan, 0, at(t), &on);
    duty_write_people(&out, &on, &names, &words);
    for (unsigned i = 0; i < on.away_count; i++)
        buf_printf(&out, " -P%u", on.away[i]);
    is_str(buf_cstr(&out), want, "at %s", t);
    ok(on.from <= at(t) && at(t) < on.until, "its span holds it");
    buf_done(&out);
}

static void test_steps(void)
{
    struct duty_cell low[] = {{at("2026-11-23 07:00"), at("2026-11-24 07:00"), 2, 2, {0}, 0},
                              {at("2026-11-23 07:00"), at("2026-11-24 07:00"), 1, 1, {0}, 0},
                              {at("2026-11-24 07:00"), at("2026-11-25 07:00"), 3, 1, {0}, 0}};
    struct duty_cell high[] = {{at("2026-11-23 12:00"), at("2026-11-23 13:00"), 4, 1, {0}, 0}};
    struct duty_cell other[] = {{at("2026-11-20 00:00"), at("2026-12-20 00:00"), 9, 1, {0}, 0}};
    struct duty_layer layers[] = {
        {.position = 1, .from = INT64_MIN, .until = INT64_MAX, .cells = low, .cell_count = 3},
        {.position = 5, .from = INT64_MIN, .until = INT64_MAX, .cells = high, .cell_count = 1}};
    struct duty_layer other_layer = {.from = INT64_MIN,
                                     .until = INT64_MAX,
                                     .cells = other,
                                     .cell_count = 1};
    const struct duty_swap swaps[] = {{1, 3, at("2026-11-23 20:00"), at("2026-11-24 07:00"),
                                       at("2026-11-24 20:00"), at("2026-11-25 07:00")},
                                      {2, 6, at("2026-11-23 15:00"), at("2026-11-23 16:00"), 0, 0}};
    const struct duty_override overrides[] = {
        {DUTY_ADD, 7, DUTY_NOBODY, at("2026-11-23 08:00"), at("2026-11-23 09:00")},
        {DUTY_REMOVE, 2, DUTY_NOBODY, at("2026-11-23 09:00"), at("2026-11-23 10:00")},
        {DUTY_REPLACE, 1, 8, at("2026-11-23 10:00"), at("2026-11-23 11:00")},
        {DUTY_REMOVE, DUTY_NOBODY, DUTY_NOBODY, at("2026-11-23 11:00"), at("2026-11-23 11:30")}};
    struct duty_leave leaves[] = {{6, at("2026-11-23 15:30"), at("2026-11-23 17:00")},
                                  {2, at("2026-11-25 15:00"), at("2026-11-25 18:00")},
                                  {2, at("2026-11-24 15:00"), at("2026-11-24 18:00")},
                                  {2, at("2026-11-23 15:00"), at("2026-11-23 18:00")},
                                  {1, at("2026-11-23 21:00"), at("2026-11-24 07:00")}};
    const struct duty_coverage coverage[] = {
        {.post = 1, .from = at("2026-11-23"), .until = at("2026-11-28"), .presence = DUTY_ON_CALL}};
    struct duty_post posts[] = {{.from = INT64_MIN,
                                 .until = INT64_MAX,
                                 .people = 1,
                                 .offset_s = ZONE,
                                 .presence = DUTY_ON_SITE,
                                 .layers = layers,
                                 .layer_count = 2,
                                 .swaps = swaps,
                                 .swap_count = 2,
                                 .overrides = overrides,
                                 .override_count = 4,
                                 .coverage = coverage,
                                 .coverage_count = 1},
                                {.from = INT64_MIN,
                                 .until = INT64_MAX,
                                 .people = 1,
                                 .offset_s = ZONE,
                                 .presence = DUTY_ON_SITE,
                                 .layers = &other_layer,
                                 .layer_count = 1}};
    struct duty_plan plan = {.posts = posts,
                             .post_count = 2,
                             .leaves = leaves,
                             .leave_count = CANH_LEN(leaves)};
    struct arena arena = ARENA_INIT(1u << 20);
    struct err err = ERR_INIT;

    is_int(hours_parse(SLICE("07:00-24:00"), &posts[0].hours, &err), 0, "hours");
    is_int(duty_prepare(&plan, at("2026-11-22"), at("2026-11-29"), &arena, &err), 0, "prepared");
    is_on(&plan, "2026-11-23 07:30", "P1, P2");
    is_on(&plan, "2026-11-23 12:30", "P4");
    is_on(&plan, "2026-11-23 08:30", "P1, P2, P7");
    is_on(&plan, "2026-11-23 09:30", "P1");
    is_on(&plan, "2026-11-23 10:30", "P8, P2");
    is_on(&plan, "2026-11-23 11:15", "P9 (home) [by trực; số 1]");
    is_on(&plan, "2026-11-23 15:15", "P1, P6");
    is_on(&plan, "2026-11-23 15:45", "P1 -P6");
    is_on(&plan, "2026-11-23 17:30", "P1 -P2");
    is_on(&plan, "2026-11-23 19:59", "P1, P2");
    is_on(&plan, "2026-11-23 20:00", "P3, P2");
    is_on(&plan, "2026-11-23 22:00", "P3, P2");
    is_on(&plan, "2026-11-24 19:00", "P3");
    is_on(&plan, "2026-11-24 20:00", "P1");
    is_on(&plan, "2026-11-26 08:00", "P9 (home) [by trực; số 1]");
    is_on(&plan, "2026-11-26 05:00", "");
    arena_done(&arena);
}

/* A layer that has ended counts no more: whose turn it is says the one below. */
static void test_ended_layer(void)
{
    struct duty_cell low[] = {{at("2026-11-23 07:00"), at("2026-11-23 19:00"), 1, 1, {0}, 0},
                              {at("2026-11-23 19:00"), at("2026-11-24 07:00"), 1, 1, {0}, 0}};
    struct duty_cell high[] = {{at("2026-11-21 00:00"), at("2026-11-28 00:00"), 4, 1, {0}, 0}};
    struct duty_layer layers[] = {
        {.position = 1, .from = INT64_MIN, .until = INT64_MAX, .cells = low, .cell_count = 2},
        {.position = 5,
         .from = at("2026-11-21"),
         .until = at("2026-11-22"),
         .cells = high,
         .cell_count = 1}};
    struct duty_post post = {.from = INT64_MIN,
                             .until = INT64_MAX,
                             .people = 1,
                             .offset_s = ZONE,
                             .presence = DUTY_ON_SITE,
                             .layers = layers,
                             .layer_count = 2};
    struct duty_plan plan = {.posts = &post, .post_count = 1};
    struct arena arena = ARENA_INIT(1u << 20);
    struct duty_shift s = {0};
    struct err err = ERR_INIT;

    is_int(hours_parse(SLICE("24/7"), &post.hours, &err), 0, "hours");
    is_int(duty_prepare(&plan, at("2026-11-20"), at("2026-11-29"), &arena, &err), 0, "prepared");
    ok(duty_shift_at(&plan, 0, at("2026-11-23 08:00"), 1, &s), "the one below");
    ok(s.from == at("2026-11-23 07:00") && s.until == at("2026-11-23 19:00"),
       "until its turn ends");
    ok(duty_shift_at(&plan, 0, at("2026-11-21 08:00"), 4, &s), "while it counts, its own");
    ok(s.from == at("2026-11-21") && s.until == at("2026-11-22"), "until it ends");
    arena_done(&arena);
}

static void test_refused(void)
{
    struct duty_cell cell = {.from = 5, .until = 5};
    struct duty_layer layer = {.cells = &cell, .cell_count = 1};
    struct duty_post post = {.layers = &layer, .layer_count = 1};
    struct duty_plan plan = {.posts = &post, .post_count = 1};
    struct arena arena = ARENA_INIT(1u << 20);
    struct duty_on on;

    is_int(duty_prepare(&plan, 0, TIME_DAY, &arena, NULL), -CE_RANGE, "an empty cell");
    is_int(duty_prepare(&plan, 0, 0, &arena, NULL), -CE_RANGE, "an empty window");
    is_int(duty_prepare(&plan, 0, 900 * TIME_DAY, &arena, NULL), -CE_RANGE, "a long window");
    is_int(duty_prepare(&plan, INT64_MIN, 0, &arena, NULL), -CE_RANGE, "long ago");
    duty_at(&plan, 7, 0, &on);
    is_int(on.count, 0, "an unknown post");
    arena_done(&arena);
}

static uint64_t seed;

static unsigned rnd(unsigned n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % n;
}

enum { PEOPLE = 6, POSTS = 3, CELLS = 12, DAYS = 12 };

struct world {
    struct duty_plan plan;
    struct duty_post posts[POSTS];
    struct duty_layer layers[POSTS][3];
    struct duty_cell cells[POSTS][CELLS];
    struct duty_turn turns[POSTS][4];
    struct duty_swap swaps[POSTS][3];
    struct duty_override overrides[POSTS][3];
    struct duty_coverage coverage[POSTS][2];
    struct duty_leave leaves[6];
    int64_t base;
};

static struct world world;

static void random_span(int64_t *from, int64_t *until)
{
    *from = world.base + (int64_t)rnd(DAYS * 48) * 30 * TIME_MINUTE;
    *until = *from + (1 + (int64_t)rnd(72)) * 30 * TIME_MINUTE;
}

static uint32_t random_person(void)
{
    return rnd(PEOPLE);
}

/* Vietnam's, or one whose clock is set back (at three on 25 October) within the window. */
static const struct zone *random_zone(void)
{
    static const struct zone_change changes[] = {{INT64_C(1774746000) * TIME_SECOND, 7200},
                                                 {INT64_C(1792890000) * TIME_SECOND, 3600}};
    static const struct zone zones[] = {{.offset_s = ZONE}, {3600, changes, 2}};

    return &zones[rnd(2)];
}

static void random_layers(unsigned i)
{
    static const char *const rules[] = {"FREQ=DAILY", "FREQ=DAILY;INTERVAL=2;COUNT=4",
                                        "FREQ=WEEKLY;BYDAY=MO,WE,SA", "FREQ=DAILY;BYDAY=SA,SU",
                                        "FREQ=MONTHLY;BYDAY=1FR,-1FR"};
    struct duty_layer *l = world.layers[i];
    int64_t from, until;

    for (unsigned k = 0; k < CELLS; k++) {
        struct duty_cell *c = &world.cells[i][k];

        *c = (struct duty_cell){.person = random_person(), .position = (int32_t)rnd(3)};
        random_span(&c->from, &c->until);
    }
    for (unsigned k = 0; k < 4; k++)
        world.turns[i][k] =
            (struct duty_turn){rnd(5) ? random_person() : DUTY_NOBODY,
                               rnd(2) ? INT64_MIN : world.base + TIME_DAY,
                               rnd(2) ? INT64_MAX : world.base + rnd(DAYS) * TIME_DAY};
    for (unsigned k = 0; k < 2; k++)
        l[k] = (struct duty_layer){.position = (int32_t)rnd(4),
                                   .from = INT64_MIN,
                                   .until = INT64_MAX,
                                   .cells = world.cells[i] + k * CELLS / 2,
                                   .cell_count = CELLS / 2};
    random_span(&from, &until);
    l[2] = (struct duty_layer){.position = (int32_t)rnd(4),
                               .from = from,
                               .until = INT64_MAX,
                               .by_rule = true,
                               .rule = {.zone = *random_zone(),
                                        .start = from - TIME_DAY * rnd(40),
                                        .length = (1 + rnd(60)) * TIME_HOUR,
                                        .turns = world.turns[i],
                                        .turn_count = rnd(5)}};
    ok(recur_parse(slice_str(rules[rnd(CANH_LEN(rules))]), &l[2].rule.recur, NULL) == 0, "rule %u",
       i);
}

static void random_changes(unsigned i)
{
    for (unsigned k = 0; k < 3; k++) {
        struct duty_swap *s = &world.swaps[i][k];
        struct duty_override *o = &world.overrides[i][k];

        *s = (struct duty_swap){.person = random_person(), .other = random_person()};
        random_span(&s->from, &s->until);
        if (rnd(2))
            random_span(&s->back_from, &s->back_until);
        *o = (struct duty_override){(enum duty_override_kind)rnd(3), random_person(),
                                    random_person(), 0, 0};
        random_span(&o->from, &o->until);
    }
    for (unsigned k = 0; k < 2; k++) {
        struct duty_coverage *c = &world.coverage[i][k];

        *c = (struct duty_coverage){.post = rnd(POSTS),
                                    .has_hours = rnd(2),
                                    .presence = rnd(2) ? DUTY_ON_CALL : DUTY_ON_SITE};
        random_span(&c->from, &c->until);
        if (c->has_hours && hours_parse(SLICE("mon-fri 22:00-06:00"), &c->hours, NULL) < 0)
            ok(false, "hours");
    }
}

static void random_world(void)
{
    static const char *const texts[] = {"24/7", "mon-fri 07:30-17:00", "sat,sun 20:30-06:00"};

    memset(&world, 0, sizeof(world));
    world.base = at(rnd(2) ? "2026-10-20" : "2026-11-20");
    for (unsigned i = 0; i < POSTS; i++) {
        struct duty_post *p = &world.posts[i];

        random_layers(i);
        random_changes(i);
        *p = (struct duty_post){.from = world.base + rnd(2) * TIME_DAY,
                                .until = INT64_MAX,
                                .people = rnd(3),
                                .offset_s = ZONE,
                                .presence = rnd(3) ? DUTY_ON_SITE : DUTY_ON_CALL,
                                .layers = world.layers[i],
                                .layer_count = 3,
                                .swaps = world.swaps[i],
                                .swap_count = rnd(4),
                                .overrides = world.overrides[i],
                                .override_count = rnd(4),
                                .coverage = world.coverage[i],
                                .coverage_count = rnd(3)};
        if (hours_parse(slice_str(texts[rnd(3)]), &p->hours, NULL) < 0)
            ok(false, "hours");
    }
    for (unsigned k = 0; k < 6; k++) {
        world.leaves[k].person = random_person();
        random_span(&world.leaves[k].from, &world.leaves[k].until);
    }
    world.plan = (struct duty_plan){.posts = world.posts,
                                    .post_count = POSTS,
                                    .leaves = world.leaves,
                                    .leave_count = rnd(7)};
}

/* What a view says of an instant, gathered from its own walk over the window. */
enum { STEP_MINUTES = 15, STEPS = DAYS * 24 * 60 / STEP_MINUTES };

struct view {
    int64_t next; /* where the last span ended */
    bool broken;
    char text[STEPS][64];
};

static struct view from_spans, from_days;

static void fill(struct view *v, int64_t from, int64_t until, struct slice text)
{
    for (int64_t i = (from - world.plan.from) / (STEP_MINUTES * TIME_MINUTE);
         i < STEPS && world.plan.from + i * STEP_MINUTES * TIME_MINUTE < until; i++)
        snprintf(v->text[i], sizeof(v->text[i]), "%.*s", SLICE_ARG(text));
}

static void fill_on(struct view *v, const struct duty_on *on)
{
    struct buf out = BUF_INIT(2000);

    v->broken |= on->from != v->next || on->until <= on->from;
    v->next = on->until;
    duty_write_people(&out, on, &names, &words);
    fill(v, on->from, on->until, buf_slice(&out));
    buf_done(&out);
}

static int on_span(void *u, const struct duty_on *on)
{
    fill_on(u, on);
    return 0;
}

static int see_day(void *u, int64_t day, const struct duty_on *on)
{
    struct view *v = u;

    v->broken |= on->from + ZONE * TIME_SECOND < day * TIME_DAY ||
                 on->until + ZONE * TIME_SECOND > (day + 1) * TIME_DAY;
    fill_on(v, on);
    return 0;
}

static bool event_of(const struct ical *cal, int64_t t, const struct duty_who *who)
{
    for (size_t i = 0; i < cal->span_count; i++) {
        const struct ical_span *s = &cal->spans[i];
        const struct ical_event *e = &cal->events[s->event];

        if (s->start <= t && t < s->stop && (e->via.n > 0) == (who->via != DUTY_NO_POST) &&
            slice_eq(e->people[0].name, person_name(NULL, who->person)))
            return true;
    }
    return false;
}

/* The calendar, read back, has an event of one person for everybody who stands, and no other. */
static bool ics_agrees(uint32_t post, struct arena *arena)
{
    const struct duty_plan *plan = &world.plan;
    const struct ical_options opt = {.until = INT64_MAX};
    struct buf out = BUF_INIT(1u << 20);
    struct ical cal;
    bool same = duty_ics_write(&out, plan, post, plan->from, plan->until, &names, &words) == 0 &&
                ical_read(arena, buf_slice(&out), &opt, &cal, NULL) == 0 && cal.note_count == 0;

    for (size_t i = 0; same && i < cal.event_count; i++)
        same = cal.events[i].people_count == 1;
    for (int i = 0; same && i < STEPS; i++) {
        int64_t t = plan->from + i * STEP_MINUTES * TIME_MINUTE;
        unsigned met = 0;
        struct duty_on on;

        duty_at(plan, post, t, &on);
        for (size_t k = 0; k < cal.span_count; k++)
            met += cal.spans[k].start <= t && t < cal.spans[k].stop;
        same = met == on.count;
        for (unsigned k = 0; same && k < on.count; k++)
            same = event_of(&cal, t, &on.who[k]);
    }
    buf_done(&out);
    return same;
}

/* Everybody says the same as the one function, at every quarter of an hour. */
static bool all_agree(uint32_t post)
{
    struct buf now = BUF_INIT(2000);
    const struct duty_plan *plan = &world.plan;
    bool same = true;

    memset(&from_spans, 0, sizeof(from_spans));
    memset(&from_days, 0, sizeof(from_days));
    from_spans.next = from_days.next = plan->from;
    same &= duty_spans(plan, post, plan->from, plan->until, on_span, &from_spans) == 0;
    same &= duty_days(plan, post, plan->from, plan->until, see_day, &from_days) == 0;
    same &= from_spans.next == plan->until && from_days.next == plan->until;
    same &= !from_spans.broken && !from_days.broken;
    for (int i = 0; i < STEPS; i++) {
        int64_t t = plan->from + i * STEP_MINUTES * TIME_MINUTE;
        struct duty_on on;

        duty_at(plan, post, t, &on);
        buf_clear(&now);
        duty_write_people(&now, &on, &names, &words);
        same &= on.from <= t && t < on.until;
        same &= strncmp(buf_cstr(&now), from_spans.text[i], 63) == 0 &&
                strcmp(from_spans.text[i], from_days.text[i]) == 0;
    }
    buf_done(&now);
    return same;
}

/* Gaps are exactly the required time in which too few stand. */
static bool gaps_agree(uint32_t post, struct arena *arena)
{
    const struct duty_post *p = &world.posts[post];
    struct duty_problem *list = NULL;
    size_t n = 0;
    bool same = duty_problems(&world.plan, post, world.plan.from, world.plan.until, arena, &list,
                              &n, NULL) == 0;

    for (int i = 0; i < STEPS; i++) {
        int64_t t = world.plan.from + i * STEP_MINUTES * TIME_MINUTE, lo = INT64_MIN,
                hi = INT64_MAX;
        struct duty_on on;
        bool want, got = false;

        duty_at(&world.plan, post, t, &on);
        want = t >= p->from && hours_at(&p->hours, ZONE, t, &lo, &hi) && on.count < p->people;
        for (size_t k = 0; k < n; k++)
            got |= list[k].fault == DUTY_GAP && list[k].from <= t && t < list[k].until;
        same &= want == got;
    }
    return same;
}

/* Whether exactly the people of an answer have a shift at t; in a gap one of nobody. */
static bool shifts_at(const struct duty_shift *list, size_t n, int64_t t, const struct duty_on *on,
                      bool needed)
{
    unsigned met = 0, gaps = 0;

    for (size_t i = 0; i < n; i++) {
        const struct duty_who *w = &list[i].who;
        bool there = false;

        if (t < list[i].from || t >= list[i].until)
            continue;
        for (unsigned k = 0; k < on->count; k++)
            there |= on->who[k].person == w->person && on->who[k].via == w->via &&
                     on->who[k].instead_of == w->instead_of && on->who[k].why == w->why;
        gaps += w->person == DUTY_NOBODY;
        if (w->person != DUTY_NOBODY && !there)
            return false;
        met++;
    }
    return on->count > 0 ? met == on->count && gaps == 0 : met == (needed ? 1 : 0) && gaps == met;
}

/* Shifts that nobody took are told to whoever is planned, from the ladder's first step on. */
static bool told(const struct duty_shift *s)
{
    static const struct duty_terms terms = {.ladder = {{5, DUTY_TELL_PERSON}, {15, DUTY_TELL_HUB}},
                                            .step_count = 2};
    const bool has[DUTY_TELL_MAX] = {s->who.person != DUTY_NOBODY, false, false, true};
    const struct duty_deed nothing = {.in_at = 0}, taken = {.in_at = s->from};
    struct duty_call calls[DUTY_STEPS_MAX];
    int64_t late = s->from + 5 * TIME_MINUTE;

    return duty_stand_of(s, &nothing, &terms, 0, ZONE, late).standing == DUTY_LATE &&
           duty_stand_of(s, &nothing, &terms, 0, ZONE, s->until).standing == DUTY_MISSED &&
           duty_stand_of(s, &taken, &terms, 0, ZONE, late).standing == DUTY_ON &&
           duty_calls(s, &nothing, &terms, has, late, calls) == 2 && calls[0].due &&
           calls[0].reaches == (s->who.person != DUTY_NOBODY) &&
           calls[1].due == (s->who.person == DUTY_NOBODY) &&
           duty_calls(s, &taken, &terms, has, late, calls) == 0;
}

/* Planned = escalated: shifts are what the one function says, and nothing else is missed. */
static bool shifts_agree(uint32_t post, struct arena *arena)
{
    const struct duty_post *p = &world.posts[post];
    struct duty_shift *list = NULL, one;
    size_t n = 0;
    bool same = duty_shift_list(&world.plan, post, world.plan.from, world.plan.until, arena, &list,
                                &n, NULL) == 0;

    for (int i = 0; i < STEPS; i++) {
        int64_t t = world.plan.from + i * STEP_MINUTES * TIME_MINUTE, lo = INT64_MIN,
                hi = INT64_MAX;
        struct duty_on on;

        duty_at(&world.plan, post, t, &on);
        same &= shifts_at(list, n, t, &on,
                          p->people > 0 && t >= p->from && hours_at(&p->hours, ZONE, t, &lo, &hi));
        for (unsigned k = 0; k < on.count; k++)
            same &= duty_shift_at(&world.plan, post, t, on.who[k].person, &one) && one.from <= t &&
                    t < one.until;
    }
    for (size_t i = 0; i < n; i++)
        same &= list[i].from < list[i].until && told(&list[i]);
    return same;
}

/* Two cells of one person that touch are two shifts; a cell that another begins in is one. */
static void test_shifts(void)
{
    struct duty_cell cells[] = {{at("2026-11-23 07:00"), at("2026-11-23 19:00"), 1, 1, {0}, 0},
                                {at("2026-11-23 19:00"), at("2026-11-24 07:00"), 1, 1, {0}, 0},
                                {at("2026-11-23 12:00"), at("2026-11-23 14:00"), 2, 2, {0}, 0}};
    struct duty_layer layer = {.from = INT64_MIN,
                               .until = INT64_MAX,
                               .cells = cells,
                               .cell_count = 3};
    const struct duty_swap swap = {1, 3, at("2026-11-23 19:00"), at("2026-11-23 21:00"), 0, 0};
    struct duty_post post = {.from = at("2026-11-01"),
                             .until = INT64_MAX,
                             .people = 1,
                             .offset_s = ZONE,
                             .presence = DUTY_ON_SITE,
                             .layers = &layer,
                             .layer_count = 1,
                             .swaps = &swap,
                             .swap_count = 1};
    struct duty_plan plan = {.posts = &post, .post_count = 1};
    struct arena arena = ARENA_INIT(1u << 20);
    struct duty_shift *list = NULL;
    struct err err = ERR_INIT;
    size_t n = 0;

    ok(hours_parse(SLICE("24/7"), &post.hours, NULL) == 0, "hours");
    ok(duty_prepare(&plan, at("2026-11-23"), at("2026-11-25"), &arena, &err) == 0 &&
           duty_shift_list(&plan, 0, at("2026-11-23 13:00"), at("2026-11-24 08:00"), &arena, &list,
                           &n, &err) == 0,
       "a list: %s", err_words(&err));
    if (is_int(n, 5, "shifts and a gap")) {
        ok(list[0].who.person == 1 && list[0].from == cells[0].from &&
               list[0].until == cells[0].until,
           "whole, though asked from its middle and though somebody joins");
        ok(list[1].who.person == 2 && list[1].from == cells[1].from, "who joins");
        ok(list[2].who.person == 3 && list[2].until == swap.until, "the swapped part");
        ok(list[3].who.person == 1 && list[3].from == swap.until && list[3].until == cells[2].until,
           "the rest of the second cell");
        ok(list[4].who.person == DUTY_NOBODY && list[4].from == cells[2].until, "the gap");
    }
    arena_done(&arena);
}

static void test_random(void)
{
    for (unsigned round = 0; round < 60; round++) {
        struct arena arena = ARENA_INIT(16u << 20);
        struct err err = ERR_INIT;
        bool agree = true, exported = true, gaps = true, shifts = true;

        seed = round;
        random_world();
        if (!ok(duty_prepare(&world.plan, world.base, world.base + DAYS * TIME_DAY, &arena, &err) ==
                    0,
                "roster %u: %s", round, err_words(&err)))
            continue;
        for (uint32_t i = 0; i < POSTS; i++) {
            agree &= all_agree(i);
            exported &= ics_agrees(i, &arena);
            gaps &= gaps_agree(i, &arena);
            shifts &= shifts_agree(i, &arena);
        }
        ok(agree, "roster %u: point, spans and days agree", round);
        ok(exported, "roster %u: so does its calendar, read back", round);
        ok(gaps, "roster %u: gaps are where too few stand", round);
        ok(shifts, "roster %u: shifts are what is planned, and who is told is who is planned",
           round);
        arena_done(&arena);
    }
}

/* Gaps that touch the time asked about belong to it only where they reach into it. */
static void test_gap_edges(void)
{
    struct duty_post post = {.from = at("2026-11-01"),
                             .until = INT64_MAX,
                             .people = 1,
                             .offset_s = ZONE,
                             .presence = DUTY_ON_SITE};
    struct duty_plan plan = {.posts = &post, .post_count = 1};
    struct arena arena = ARENA_INIT(1u << 20);
    struct duty_shift *list = NULL;
    struct err err = ERR_INIT;
    size_t n = 9;

    ok(hours_parse(SLICE("06:00-08:00"), &post.hours, NULL) == 0 &&
           duty_prepare(&plan, at("2026-11-22"), at("2026-11-26"), &arena, &err) == 0,
       "a post with hours: %s", err_words(&err));
    ok(duty_shift_list(&plan, 0, at("2026-11-23 08:00"), at("2026-11-24 06:00"), &arena, &list, &n,
                       &err) == 0 &&
           n == 0,
       "between two gaps: %zu", n);
    ok(duty_shift_list(&plan, 0, at("2026-11-23 07:59"), at("2026-11-24 06:01"), &arena, &list, &n,
                       &err) == 0 &&
           n == 2,
       "a minute of each: %zu", n);
    arena_done(&arena);
}

/* Whatever differs makes two answers differ. */
static void test_same(void)
{
    const struct duty_on base = {.count = 2,
                                 .who = {{.person = 1}, {.person = 2}},
                                 .away_count = 2,
                                 .away = {7, 8}};
    struct duty_on x[] = {base, base, base, base, base, base, base, base, base, base, base};

    x[0].count = 1;
    x[1].away_count = 1;
    x[2].more = true;
    x[3].away[0] = 9;
    x[4].away[1] = 9;
    x[5].who[1].person = 9;
    x[6].who[0].instead_of = 9;
    x[7].who[1].why++;
    x[8].who[0].via++;
    x[9].who[1].presence++;
    x[10].who[1].on_leave = true;
    ok(duty_same(&base, &base), "the same");
    for (size_t i = 0; i < CANH_LEN(x); i++)
        ok(!duty_same(&base, &x[i]) && !duty_same(&x[i], &base), "another: %zu", i);
}

int main(void)
{
    test_steps();
    test_shifts();
    test_ended_layer();
    test_refused();
    test_random();
    test_same();
    test_gap_edges();
    return tap_done();
}
