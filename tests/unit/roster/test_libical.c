/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calendar of a post read by libical: it finds no error, nothing that RFC 5545 wants is
 * missing, and the same times and names come back, whatever the names hold.
 */
#include <libical/ical.h>
#include <string.h>

#include "err_words.h"
#include "roster/ics.h"
#include "roster/shift.h"
#include "tap.h"

static const char *const people[] = {
    "Nguyễn Văn Thử",
    "Trần; Thị, Mẫu \\ \"hai\"",
    "Một tên rất dài để gấp dòng: Công Tằng Tôn Nữ Thị Thử Nghiệm Lịch Điện Tử Của Tỉnh Giả Định",
};

static struct slice person_name(void *u, uint32_t person)
{
    (void)u;
    return slice_str(people[person % CANH_LEN(people)]);
}

static struct slice post_name(void *u, uint32_t post)
{
    (void)u, (void)post;
    return SLICE("Trực an toàn thông tin; phòng máy, tầng 2");
}

static const struct duty_names names = {person_name, post_name, NULL, NULL};
static const struct duty_ics words = {SLICE_INIT("a1"), SLICE_INIT("tại nhà"),
                                      SLICE_INIT("trực thay bởi"), 0};

struct seen {
    icalcomponent *event; /* the next one */
    unsigned count;
    bool same;
};

static bool same_person(icalcomponent *event, uint32_t person)
{
    icalproperty *p = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);
    char *name = p ? icalproperty_get_parameter_as_string_r(p, "CN") : NULL;
    struct buf want = BUF_INIT(1u << 16);
    bool same;

    for (const char *c = people[person % CANH_LEN(people)]; *c; c++) { /* RFC 6868 is kept */
        if (*c == '"')
            buf_puts(&want, "^'");
        else
            buf_putc(&want, (uint8_t)*c);
    }
    same = name && strcmp(name, buf_cstr(&want)) == 0;
    icalmemory_free_buffer(name);
    buf_done(&want);
    return same;
}

/* Every shift of somebody is the next event. */
static int compare(void *u, const struct duty_shift *x)
{
    struct duty_on one = {.count = 1, .who = {x->who}};
    struct buf want = BUF_INIT(1u << 16);
    struct seen *s = u;
    icaltimetype from, until;
    const char *summary;

    if (x->who.person == DUTY_NOBODY)
        return 0;
    s->count++;
    if (s->event == NULL)
        return -1;
    buf_append_slice(&want, post_name(NULL, 0));
    buf_puts(&want, ": ");
    duty_write_people(&want, &one, &names, &words);
    from = icalcomponent_get_dtstart(s->event);
    until = icalcomponent_get_dtend(s->event);
    summary = icalcomponent_get_summary(s->event);
    s->same = s->same && icaltime_as_timet(from) == x->from / TIME_SECOND &&
              icaltime_as_timet(until) == x->until / TIME_SECOND && icaltime_is_utc(from) &&
              summary && strcmp(summary, buf_cstr(&want)) == 0 &&
              icalcomponent_get_uid(s->event) != NULL && same_person(s->event, x->who.person);
    s->event =
        icalcomponent_get_next_component(icalcomponent_get_parent(s->event), ICAL_VEVENT_COMPONENT);
    buf_done(&want);
    return 0;
}

int main(void)
{
    const int64_t base = days_from_date(2026, 12, 1) * TIME_DAY;
    struct duty_cell cells[20];
    struct duty_layer layer = {.from = INT64_MIN,
                               .until = INT64_MAX,
                               .cells = cells,
                               .cell_count = CANH_LEN(cells)};
    struct duty_post post = {.from = base,
                             .until = INT64_MAX,
                             .people = 1,
                             .offset_s = 7 * 3600,
                             .presence = DUTY_ON_CALL,
                             .layers = &layer,
                             .layer_count = 1};
    struct duty_plan plan = {.posts = &post, .post_count = 1};
    struct arena arena = ARENA_INIT(1u << 20);
    struct buf out = BUF_INIT(1u << 20);
    struct seen seen = {.same = true};
    struct err err = ERR_INIT;
    icalcomponent *calendar;

    for (uint32_t i = 0; i < CANH_LEN(cells); i++)
        cells[i] = (struct duty_cell){.from = base + i * 8 * TIME_HOUR,
                                      .until = base + (i + 1 + i % 3) * 8 * TIME_HOUR,
                                      .person = i % 7 == 6 ? DUTY_NOBODY : i % 3,
                                      .position = 1};
    ok(hours_parse(SLICE("24/7"), &post.hours, NULL) == 0 &&
           duty_prepare(&plan, base, base + 8 * TIME_DAY, &arena, &err) == 0,
       "a roster: %s", err_words(&err));
    for (size_t i = 0; i < CANH_LEN(cells); i++) {
        if (cells[i].person == DUTY_NOBODY)
            cells[i].person = 2;
    }
    is_int(duty_ics_write(&out, &plan, 0, plan.from, plan.until, &names, &words), 0,
           "its calendar");
    icalerror_set_errors_are_fatal(0);
    calendar = icalparser_parse_string(buf_cstr(&out));
    if (!ok(calendar != NULL, "libical reads it"))
        return tap_done();
    is_int(icalcomponent_count_errors(calendar), 0, "without an error");
    ok(icalrestriction_check(calendar) && icalcomponent_count_errors(calendar) == 0,
       "and nothing is missing in it");
    seen.event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    is_int(duty_shifts(&plan, 0, plan.from, plan.until, compare, &seen), 0,
           "an event for each shift");
    ok(seen.same && seen.event == NULL && seen.count > 5, "the same times and names in %u events",
       seen.count);
    icalcomponent_free(calendar);
    buf_done(&out);
    arena_done(&arena);
    return tap_done();
}
