/* SPDX-License-Identifier: Apache-2.0 */
/* A post's calendar, line by line: who begins together, who was put there by hand, who covers. */
#include "roster/ics.h"

#include "base/time.h"
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
    static const char *const people[] = {"Vũ Minh An", "Lê \"Bình\" ^", "Trần\nChi\x7f", "Đỗ Dung"};

    (void)u;
    return slice_str(people[person]);
}

static struct slice person_id(void *u, uint32_t person)
{
    static const char *const ids[] = {"urn:p:0", "urn:p:1", "urn:p:2", "urn:p:3"};

    (void)u;
    return slice_str(ids[person]);
}

static struct slice post_name(void *u, uint32_t post)
{
    (void)u;
    return post == 0 ? SLICE("Watch") : SLICE("Other");
}

static const struct duty_names names = {person_name, post_name, NULL, person_id};
static const struct duty_names no_ids = {person_name, post_name, NULL, NULL};
static const struct duty_ics words = {SLICE_INIT("w"), SLICE_INIT("home"), SLICE_INIT("by"), 0};

/* Two stand together, a third is put there by hand for the afternoon, the second goes on alone. */
static struct duty_cell cells[] = {
    {.person = 0, .shift = SLICE_INIT("S"), .position = 1},
    {.person = 1, .shift = SLICE_INIT("S"), .position = 2},
    {.person = 1, .position = 1},
};
static struct duty_layer layer = {.from = INT64_MIN,
                                  .until = INT64_MAX,
                                  .cells = cells,
                                  .cell_count = CANH_LEN(cells)};
static struct duty_override added[] = {{.kind = DUTY_ADD, .person = 3, .other = DUTY_NOBODY},
                                       {.kind = DUTY_ADD, .person = 2, .other = DUTY_NOBODY},
                                       {.kind = DUTY_ADD, .person = 0, .other = DUTY_NOBODY}};
static struct duty_post post = {.from = INT64_MIN,
                                .until = INT64_MAX,
                                .people = 1,
                                .offset_s = ZONE,
                                .presence = DUTY_ON_SITE,
                                .layers = &layer,
                                .layer_count = 1,
                                .overrides = added,
                                .override_count = 3};
static struct duty_plan plan = {.posts = &post, .post_count = 1};

static void make_plan(struct arena *arena)
{
    struct err err = ERR_INIT;

    for (unsigned i = 0; i < 2; i++) {
        cells[i].from = at("2026-11-23 07:00");
        cells[i].until = at("2026-11-23 19:00");
        added[i].from = at("2026-11-23 13:00");
        added[i].until = at("2026-11-23 19:00");
    }
    cells[2].from = at("2026-11-23 19:00");
    cells[2].until = at("2026-11-24 07:00");
    added[2].from = at("2026-11-24 08:00");
    added[2].until = at("2026-11-24 09:00");
    is_int(hours_parse(SLICE("mon 07:00-24:00"), &post.hours, NULL), 0, "hours");
    is_int(duty_prepare(&plan, at("2026-11-23"), at("2026-11-25"), arena, &err), 0, "prepared");
}

static const char shown[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//canh//duty//EN\r\nCALSCALE:GREGORIAN\r\n"
    "X-WR-CALNAME:Watch\r\n"
    "BEGIN:VEVENT\r\nUID:w-20261123T000000Z@canh\r\nDTSTAMP:19700101T000000Z\r\n"
    "DTSTART:20261123T000000Z\r\nDTEND:20261123T120000Z\r\nSUMMARY:Watch: Vũ Minh An\r\n"
    "ATTENDEE;CN=\"Vũ Minh An\":urn:p:0\r\nX-CANH-SHIFT:S\r\nX-CANH-POSITION:1\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nUID:w-20261123T000000Z-2@canh\r\nDTSTAMP:19700101T000000Z\r\n"
    "DTSTART:20261123T000000Z\r\nDTEND:20261123T120000Z\r\nSUMMARY:Watch: Lê \"Bình\" ^\r\n"
    "ATTENDEE;CN=\"Lê ^'Bình^' ^^\":urn:p:1\r\nX-CANH-SHIFT:S\r\nX-CANH-POSITION:2\r\n"
    "END:VEVENT\r\n"
    "BEGIN:VEVENT\r\nUID:w-20261123T060000Z@canh\r\nDTSTAMP:19700101T000000Z\r\n"
    "DTSTART:20261123T060000Z\r\nDTEND:20261123T120000Z\r\nSUMMARY:Watch: Đỗ Dung\r\n"
    "ATTENDEE;CN=\"Đỗ Dung\":urn:p:3\r\nX-CANH-POSITION:102\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nUID:w-20261123T060000Z-2@canh\r\nDTSTAMP:19700101T000000Z\r\n"
    "DTSTART:20261123T060000Z\r\nDTEND:20261123T120000Z\r\nSUMMARY:Watch: Trần\\nChi\r\n"
    "ATTENDEE;CN=\"Trần^nChi\":urn:p:2\r\nX-CANH-POSITION:103\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nUID:w-20261123T120000Z@canh\r\nDTSTAMP:19700101T000000Z\r\n"
    "DTSTART:20261123T120000Z\r\nDTEND:20261124T000000Z\r\nSUMMARY:Watch: Lê \"Bình\" ^\r\n"
    "ATTENDEE;CN=\"Lê ^'Bình^' ^^\":urn:p:1\r\nX-CANH-POSITION:1\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nUID:w-20261124T010000Z@canh\r\nDTSTAMP:19700101T000000Z\r\n"
    "DTSTART:20261124T010000Z\r\nDTEND:20261124T020000Z\r\nSUMMARY:Watch: Vũ Minh An\r\n"
    "ATTENDEE;CN=\"Vũ Minh An\":urn:p:0\r\nX-CANH-POSITION:100\r\nEND:VEVENT\r\n"
    "END:VCALENDAR\r\n";

static void test_calendar(void)
{
    struct arena arena = ARENA_INIT(1u << 20);
    struct buf out = BUF_INIT(1u << 16), small = BUF_INIT(600),
               short_of = BUF_INIT(sizeof(shown) - 6);

    make_plan(&arena);
    is_int(duty_ics_write(&out, &plan, 0, plan.from, plan.until, &names, &words), 0, "written");
    is_str(buf_cstr(&out), shown, "the calendar");
    buf_clear(&out);
    is_int(duty_ics_write(&out, &plan, 0, plan.from, plan.until, &no_ids, &words), 0, "written");
    ok(strstr(buf_cstr(&out), "ATTENDEE;CN=\"Đỗ Dung\":invalid:nomail\r\n") != NULL,
       "whom no URI names");
    is_int(duty_ics_write(&small, &plan, 0, plan.from, plan.until, &names, &words), -CE_TOO_BIG,
           "what has no room is told");
    is_int(duty_ics_write(&short_of, &plan, 0, plan.from, plan.until, &names, &words), -CE_TOO_BIG,
           "also of the last line");
    buf_done(&short_of);
    buf_done(&small);
    buf_done(&out);
    arena_done(&arena);
}

static void test_people(void)
{
    struct duty_on on = {.count = 3,
                         .who = {{.person = 0, .presence = DUTY_ON_SITE, .via = DUTY_NO_POST},
                                 {.person = 3, .presence = DUTY_ON_CALL, .via = DUTY_NO_POST},
                                 {.person = 1, .presence = DUTY_ON_CALL, .via = 1}}};
    struct duty_ics plain = words;
    struct buf out = BUF_INIT(1000);

    duty_write_people(&out, &on, &names, &words);
    is_str(buf_cstr(&out), "Vũ Minh An, Đỗ Dung (home), Lê \"Bình\" ^ (home) [by Other]", "people");
    buf_clear(&out);
    plain.on_call = SLICE("");
    duty_write_people(&out, &on, &names, &plain);
    is_str(buf_cstr(&out), "Vũ Minh An, Đỗ Dung, Lê \"Bình\" ^ [by Other]", "with fewer words");
    buf_done(&out);
}

int main(void)
{
    test_calendar();
    test_people();
    return tap_done();
}
