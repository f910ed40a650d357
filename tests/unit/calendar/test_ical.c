/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/ical.h"

#include "base/buf.h"
#include "base/time.h"
#include "err_words.h"
#include "tap.h"

#define HEAD "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n"
#define TAIL "END:VCALENDAR\r\n"

/* What Outlook writes for Berlin. */
#define BERLIN                                                                                     \
    "BEGIN:VTIMEZONE\r\nTZID:W. Europe Standard Time\r\nBEGIN:STANDARD\r\n"                        \
    "DTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"                        \
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\n"                \
    "DTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"                        \
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"

static int vietnam_only(void *u, struct arena *arena, struct slice name, struct zone *ret)
{
    (void)u;
    return slice_is(name, "Asia/Ho_Chi_Minh") ? zone_read(arena, name, ret) : -CE_NOT_FOUND;
}

static struct ical_options options(void)
{
    return (struct ical_options){.until = days_from_date(2027, 12, 1) * TIME_DAY,
                                 .zone = vietnam_only};
}

static void put_minutes(struct buf *out, int64_t t)
{
    struct civil c;

    time_to_civil(t, 0, &c);
    buf_printf(out, "%02u/%02u %02u:%02u", c.day, c.month, c.hour, c.minute);
}

/* "01/12 07:00-01/12 19:00Z; …" with Z for instants, and notes as "!12 " (error) or "?12 ". */
static void gives(const char *what, const char *events, const char *want)
{
    struct arena arena = ARENA_INIT(64u << 20);
    struct buf text = BUF_INIT(1u << 20), out = BUF_INIT(1u << 16);
    const struct ical_options opt = options();
    struct err err = ERR_INIT;
    struct ical cal;

    buf_printf(&text, HEAD "%s" TAIL, events);
    if (ok(ical_read(&arena, buf_slice(&text), &opt, &cal, &err) == 0, "%s: read %s", what,
           err_words(&err))) {
        for (size_t i = 0; i < cal.note_count; i++)
            buf_printf(&out, "%c%u ", cal.notes[i].warning ? '?' : '!', cal.notes[i].line);
        for (size_t i = 0; i < cal.span_count; i++) {
            buf_puts(&out, i ? "; " : "");
            put_minutes(&out, cal.spans[i].start);
            buf_putc(&out, '-');
            put_minutes(&out, cal.spans[i].stop);
            buf_puts(&out, cal.spans[i].floating ? "" : "Z");
        }
        is_str(buf_cstr(&out), want, "%s", what);
    }
    buf_done(&text);
    buf_done(&out);
    arena_done(&arena);
}

#define EVENT(lines) "BEGIN:VEVENT\r\nUID:a\r\n" lines "END:VEVENT\r\n"
#define DAY          "DTSTART:20261201T070000\r\nDTEND:20261201T190000\r\n"

static void test_times(void)
{
    gives("floating", EVENT(DAY), "01/12 07:00-01/12 19:00");
    gives("UTC and a duration", EVENT("DTSTART:20261201T000000Z\r\nDURATION:P1DT12H30M\r\n"),
          "01/12 00:00-02/12 12:30Z");
    gives("weeks", EVENT("DTSTART:20261201T000000Z\r\nDURATION:P1W\r\n"),
          "01/12 00:00-08/12 00:00Z");
    gives("a zone by name",
          EVENT("DTSTART;TZID=Asia/Ho_Chi_Minh:20261201T070000\r\n"
                "DTEND;TZID=\"Asia/Ho_Chi_Minh\":20261201T190000\r\n"),
          "01/12 00:00-01/12 12:00Z");
    gives("an empty parameter before it",
          EVENT("DTSTART;;TZID=Asia/Ho_Chi_Minh:20261201T070000\r\nDURATION:PT1H\r\n"),
          "01/12 00:00-01/12 01:00Z");
    gives("what Windows calls it",
          EVENT("DTSTART;TZID=SE Asia Standard Time:20261201T070000\r\nDURATION:PT1H\r\n"),
          "01/12 00:00-01/12 01:00Z");
    gives("a day", EVENT("DTSTART;VALUE=DATE:20261201\r\n"), "01/12 00:00-02/12 00:00");
    gives("days", EVENT("DTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20261203\r\n"),
          "01/12 00:00-03/12 00:00");
    gives("a zone that the file describes, with the shift over the change of its clock",
          BERLIN EVENT("DTSTART;TZID=W. Europe Standard Time:20261024T200000\r\n"
                       "DTEND;TZID=W. Europe Standard Time:20261025T080000\r\n"
                       "RRULE:FREQ=DAILY;COUNT=2\r\n"),
          "24/10 18:00-25/10 07:00Z; 25/10 19:00-26/10 08:00Z");
    gives(
        "folded lines, no carriage returns, lower case",
        "begin:vevent\nuid:a\ndtstart:2026\n 1201T07\n\t0000\ndtend:20261201T080000\nEND:vevent\n",
        "01/12 07:00-01/12 08:00");
}

static void test_recurrence(void)
{
    gives("a rule", EVENT(DAY "RRULE:FREQ=DAILY;COUNT=3\r\n"),
          "01/12 07:00-01/12 19:00; 02/12 07:00-02/12 19:00; 03/12 07:00-03/12 19:00");
    gives("an end in UTC, of a zone",
          EVENT("DTSTART;TZID=Asia/Ho_Chi_Minh:20261201T070000\r\nDURATION:PT1H\r\n"
                "RRULE:FREQ=DAILY;UNTIL=20261202T000000Z\r\n"),
          "01/12 00:00-01/12 01:00Z; 02/12 00:00-02/12 01:00Z");
    gives("left out by time and by day",
          EVENT(DAY "RRULE:FREQ=DAILY;COUNT=4\r\nEXDATE:20261202T070000,20261209T070000\r\n"
                    "EXDATE;VALUE=DATE:20261203\r\n"),
          "01/12 07:00-01/12 19:00; 04/12 07:00-04/12 19:00");
    gives("added, with a period of its own, each once",
          EVENT(DAY "RDATE:20261205T070000,20261201T070000\r\n"
                    "RDATE;VALUE=PERIOD:20261203T070000/PT2H,20261204T070000/20261204T090000\r\n"),
          "01/12 07:00-01/12 19:00; 03/12 07:00-03/12 09:00; 04/12 07:00-04/12 09:00; "
          "05/12 07:00-05/12 19:00");
    gives("one occurrence moved, another cancelled",
          EVENT(DAY "RRULE:FREQ=DAILY;COUNT=3\r\n")
              EVENT("RECURRENCE-ID:20261202T070000\r\nDTSTART:20261202T120000\r\n"
                    "DTEND:20261202T130000\r\n")
                  EVENT("RECURRENCE-ID:20261203T070000\r\nSTATUS:CANCELLED\r\n" DAY),
          "01/12 07:00-01/12 19:00; 02/12 12:00-02/12 13:00");
    gives("without an end, up to what is asked for",
          EVENT("DTSTART:20271130T070000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY\r\n"),
          "?8 30/11 07:00-30/11 08:00Z");
    gives("a start that the rule does not give",
          EVENT(DAY "RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=1\r\n"), "?8 02/12 07:00-02/12 19:00");
    gives("up to a day behind what is asked for",
          EVENT("DTSTART:20271130T070000Z\r\nDURATION:PT1H\r\n"
                "RRULE:FREQ=DAILY;UNTIL=20280101T000000Z\r\n"),
          "?8 30/11 07:00-30/11 08:00Z");
    gives("added behind it", EVENT(DAY "RDATE:20280101T070000\r\n"), "?6 01/12 07:00-01/12 19:00");
    gives("two without an end, told once",
          EVENT("DTSTART:20271130T070000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY\r\n")
              EVENT("DTSTART:20271130T080000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY\r\n"),
          "?8 30/11 07:00-30/11 08:00Z; 30/11 08:00-30/11 09:00Z");
    gives("another time of the same day left out",
          EVENT(DAY "RRULE:FREQ=DAILY;COUNT=2\r\nEXDATE:20261202T080000\r\n"),
          "01/12 07:00-01/12 19:00; 02/12 07:00-02/12 19:00");
    gives("a day before 1970 left out",
          EVENT("DTSTART:19691230T230000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=3\r\n"
                "EXDATE;VALUE=DATE:19691231\r\n"),
          "30/12 23:00-31/12 00:00Z; 01/01 23:00-02/01 00:00Z");
    gives("cancelled", EVENT(DAY "STATUS:CANCELLED\r\n"), "");
}

static void test_errors(void)
{
    gives("30 February", EVENT("DTSTART:20270230T070000\r\nDURATION:PT1H\r\n"), "!6 ");
    gives("no start", EVENT("SUMMARY:x\r\n"), "!4 ");
    gives("no end", EVENT("DTSTART:20261201T070000\r\n"), "!6 ");
    gives("an end before the start", EVENT("DTSTART:20261201T070000\r\nDTEND:20261201T070000\r\n"),
          "!7 ");
    gives("kinds that do not go together",
          EVENT("DTSTART:20261201T070000\r\nDTEND:20261201T070000Z\r\n"), "!7 ");
    gives("left out in another kind", EVENT(DAY "EXDATE:20261201T070000Z\r\n"), "!8 ");
    gives("an unknown zone",
          EVENT("DTSTART;TZID=Nowhere:20261201T070000\r\nDURATION:PT1H\r\n")
              EVENT("DTSTART;TZID=Nowhere:20261202T070000\r\nDURATION:PT1H\r\n"),
          "!6 ");
    gives("two unknown zones",
          EVENT("DTSTART;TZID=Nowhere:20261201T070000\r\nDURATION:PT1H\r\n")
              EVENT("DTSTART;TZID=Elsewhere:20261202T070000\r\nDURATION:PT1H\r\n"),
          "!6 !11 ");
    gives("366 days", EVENT("DTSTART:20261201T000000Z\r\nDURATION:P366D\r\n"),
          "01/12 00:00-02/12 00:00Z");
    gives("a number without its unit", EVENT("DTSTART:20261201T070000\r\nDURATION:P1D1\r\n"),
          "!7 ");
    gives("a number that is too long",
          EVENT("DTSTART:20261201T070000\r\nDURATION:P1DT1000001S\r\n"), "!7 ");
    gives("a broken zone",
          "BEGIN:VTIMEZONE\r\nTZID:x\r\nBEGIN:STANDARD\r\nDTSTART:20260101T000000\r\n"
          "END:STANDARD\r\nEND:VTIMEZONE\r\n" EVENT(
              "DTSTART;TZID=x:20261201T070000\r\nDURATION:PT1H\r\n"),
          "!6 ");
    gives("a rule several times a day", EVENT(DAY "RRULE:FREQ=HOURLY\r\n"), "!8 ");
    gives("two ends", EVENT(DAY "DURATION:PT1H\r\n"), "!8 ");
    gives("two starts", EVENT(DAY "DTSTART:20261201T070000\r\n"), "!8 ");
    gives("from one occurrence on",
          EVENT(DAY "RECURRENCE-ID;RANGE=THISANDFUTURE:20261201T070000\r\n"), "!8 ");
    gives("rules of exceptions", EVENT(DAY "EXRULE:FREQ=DAILY\r\n"), "!8 ");
    gives("a year and more", EVENT("DTSTART:20261201T070000\r\nDURATION:P400D\r\n"), "!7 ");
    gives("no colon", EVENT(DAY "nonsense\r\n"), "!8 01/12 07:00-01/12 19:00");
    gives("no name", EVENT(DAY ":nonsense\r\n"), "!8 01/12 07:00-01/12 19:00");
    gives("no name, two colons", EVENT(DAY ":non:sense\r\n"), "!8 01/12 07:00-01/12 19:00");
    gives("a year of 366 days", EVENT("DTSTART:20261201T070000Z\r\nDTEND:20271202T070000Z\r\n"),
          "01/12 07:00-02/12 07:00Z");
    gives("a second more", EVENT("DTSTART:20261201T070000Z\r\nDTEND:20271202T070001Z\r\n"), "!7 ");
    gives("seconds", EVENT("DTSTART:20261201T000000Z\r\nDURATION:PT120S\r\n"),
          "01/12 00:00-01/12 00:02Z");
    gives("a leap second", EVENT("DTSTART:20261201T065960Z\r\nDURATION:PT1H\r\n"),
          "01/12 06:59-01/12 07:59Z");
    gives("a unit that is none", EVENT("DTSTART:20261201T070000\r\nDURATION:P1D1Y\r\n"), "!7 ");
    gives("a bad duration", EVENT("DTSTART:20261201T070000\r\nDURATION:P1H\r\n"), "!7 ");
}

/* What stands wrong in one date of several is told; the others count. */
static void test_dates(void)
{
    gives("added in another kind", EVENT(DAY "RDATE:20261205T070000Z\r\n"),
          "!8 01/12 07:00-01/12 19:00");
    gives("added for a time that is none", EVENT(DAY "RDATE;VALUE=PERIOD:20261203T070000/PX\r\n"),
          "!8 01/12 07:00-01/12 19:00");
    gives("added until its own beginning",
          EVENT(DAY "RDATE;VALUE=PERIOD:20261203T070000/20261203T070000\r\n"),
          "!8 01/12 07:00-01/12 19:00");
    gives("added for more than a year", EVENT(DAY "RDATE;VALUE=PERIOD:20261203T070000/P400D\r\n"),
          "!8 01/12 07:00-01/12 19:00");
    gives("added for a leap year", EVENT(DAY "RDATE;VALUE=PERIOD:20261203T070000/P366D\r\n"),
          "01/12 07:00-01/12 19:00; 03/12 07:00-04/12 07:00");
    gives("an end that is no day", EVENT("DTSTART:20261201T070000\r\nDTEND:20270230T070000\r\n"),
          "!7 ");
    gives("left out on no day", EVENT(DAY "EXDATE:20270230T070000\r\n"), "!8 ");
    gives("moved from no day",
          EVENT(DAY "RRULE:FREQ=DAILY;COUNT=2\r\n") EVENT("RECURRENCE-ID:20270230T070000\r\n" DAY),
          "!12 01/12 07:00-01/12 19:00; 02/12 07:00-02/12 19:00");
    gives("moved in another kind",
          EVENT(DAY "RRULE:FREQ=DAILY;COUNT=2\r\n") EVENT("RECURRENCE-ID:20261202T070000Z\r\n" DAY),
          "!12 01/12 07:00-01/12 19:00");
    gives("a sign before a duration", EVENT("DTSTART:20261201T000000Z\r\nDURATION:+PT1H\r\n"),
          "01/12 00:00-01/12 01:00Z");
    gives("a duration without its letter", EVENT("DTSTART:20261201T000000Z\r\nDURATION:1H\r\n"),
          "!7 ");
    gives("a duration of nothing", EVENT("DTSTART:20261201T000000Z\r\nDURATION:PT0S\r\n"), "!7 ");
    gives("units in another order", EVENT("DTSTART:20261201T000000Z\r\nDURATION:P1D1W\r\n"), "!7 ");
    gives("hours among days", EVENT("DTSTART:20261201T000000Z\r\nDURATION:P1H\r\n"), "!7 ");
    gives("a year that is none", EVENT("DTSTART:18991201T000000Z\r\nDURATION:PT1H\r\n"), "!6 ");
    gives("the first year", EVENT("DTSTART:19000101T000000Z\r\nDURATION:PT1H\r\n"),
          "01/01 00:00-01/01 01:00Z");
}

#define SERIES(uid, day)                                                                           \
    "BEGIN:VEVENT\r\nUID:" uid "\r\nDTSTART:202612" day                                            \
    "T070000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=2\r\nEND:VEVENT\r\n"
#define MOVED(uid, day, to)                                                                        \
    "BEGIN:VEVENT\r\nUID:" uid "\r\nRECURRENCE-ID:202612" day "T070000\r\nDTSTART:202612" to       \
    "T120000\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"

/* Each series loses the occurrence that was moved from it, and no other. */
static void test_moved(void)
{
    gives("three series, one occurrence of each moved",
          MOVED("c", "21", "21") SERIES("a", "01") SERIES("b", "10") SERIES("c", "20")
              MOVED("a", "02", "02") MOVED("b", "10", "10"),
          "21/12 12:00-21/12 13:00; 01/12 07:00-01/12 08:00; 11/12 07:00-11/12 08:00; "
          "20/12 07:00-20/12 08:00; 02/12 12:00-02/12 13:00; 10/12 12:00-10/12 13:00");
}

#define ZONE(lines) "BEGIN:VTIMEZONE\r\n" lines "END:VTIMEZONE\r\n"
#define STANDARD(lines)                                                                            \
    "BEGIN:STANDARD\r\n" lines "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n"
#define IN_X "DTSTART;TZID=X:20261201T070000\r\nDURATION:PT1H\r\n"

static void test_zones(void)
{
    gives("the second zone of two",
          ZONE("TZID:Y\r\n" STANDARD("DTSTART:19700101T000000\r\n"))
              ZONE("TZID:X\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0200\r\n"
                   "TZOFFSETTO:+0200\r\nEND:STANDARD\r\n") EVENT(IN_X),
          "01/12 05:00-01/12 06:00Z");
    gives("a zone that changes on named days",
          ZONE("TZID:X\r\n" STANDARD(
              "DTSTART:19700101T000000\r\n") "BEGIN:DAYLIGHT\r\nDTSTART:20250601T000000\r\nRDATE:"
                                             "20261101T000000\r\n"
                                             "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0300\r\nEND:"
                                             "DAYLIGHT\r\n") EVENT(IN_X),
          "01/12 04:00-01/12 05:00Z");
    gives("before, at and behind the changes of a zone",
          ZONE("TZID:X\r\nBEGIN:STANDARD\r\nDTSTART:20260601T000000\r\nTZOFFSETFROM:+0500\r\n"
               "TZOFFSETTO:+0100\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:20261101T000000\r\n"
               "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0300\r\nEND:DAYLIGHT\r\n")
              EVENT("DTSTART;TZID=X:20260101T070000\r\nDURATION:PT1H\r\n")
                  EVENT("DTSTART;TZID=X:20261031T233000\r\nDURATION:PT15M\r\n")
                      EVENT("DTSTART;TZID=X:20261101T023000\r\nDURATION:PT15M\r\n"),
          "01/01 02:00-01/01 03:00Z; 31/10 22:30-31/10 22:45Z; 31/10 23:30-31/10 23:45Z");
    gives("the moment of a change",
          ZONE("TZID:X\r\nBEGIN:STANDARD\r\nDTSTART:20260601T000000\r\nTZOFFSETFROM:+0500\r\n"
               "TZOFFSETTO:+0500\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:20261101T000000\r\n"
               "TZOFFSETFROM:+0500\r\nTZOFFSETTO:+0300\r\nEND:DAYLIGHT\r\n")
              EVENT("DTSTART;TZID=X:20261031T235959\r\nDURATION:PT15M1S\r\n")
                  EVENT("DTSTART;TZID=X:20261101T000000\r\nDURATION:PT15M\r\n"),
          "31/10 18:59-31/10 19:15Z; 31/10 21:00-31/10 21:15Z");
    gives("a zone with an offset that is none",
          ZONE("TZID:X\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+2:00\r\n"
               "TZOFFSETTO:+0200\r\nEND:STANDARD\r\n") EVENT(IN_X),
          "!8 !6 ");
    gives("a zone without observances", ZONE("TZID:X\r\n") EVENT(IN_X), "!4 ");
    gives("a zone without a name", ZONE(STANDARD("DTSTART:19700101T000000\r\n")) EVENT(DAY),
          "!4 01/12 07:00-01/12 19:00");
    gives("a zone from no day on",
          ZONE("TZID:X\r\n" STANDARD("DTSTART:19701301T000000\r\n")) EVENT(IN_X), "!6 ");
    gives("a zone from a year on that no time has",
          ZONE("TZID:X\r\n" STANDARD("DTSTART:22000101T000000\r\n")) EVENT(IN_X), "!6 ");
    gives("a zone from the last year on",
          ZONE("TZID:X\r\n" STANDARD("DTSTART:21990101T000000\r\n")) EVENT(IN_X),
          "01/12 06:00-01/12 07:00Z");
    gives("the first year of a zone that is older",
          BERLIN EVENT("DTSTART;TZID=W. Europe Standard Time:19700701T070000\r\nDURATION:PT1H\r\n"),
          "01/07 05:00-01/07 06:00Z");
    gives("the day before a change at the end of a month",
          ZONE("TZID:X\r\n" STANDARD(
              "DTSTART:19700101T000000\r\n") "BEGIN:DAYLIGHT\r\nDTSTART:20261130T000000\r\n"
                                             "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0300\r\nEND:"
                                             "DAYLIGHT\r\n")
              EVENT("DTSTART;TZID=X:20261129T070000\r\nDURATION:PT1H\r\n") EVENT(IN_X),
          "29/11 06:00-29/11 07:00Z; 01/12 04:00-01/12 05:00Z");
    gives("a zone that changes on no day",
          ZONE("TZID:X\r\n" STANDARD("DTSTART:19700101T000000\r\nRDATE:20261301T000000\r\n"))
              EVENT(IN_X),
          "!6 ");
}

/* As many people as one event may have; a position is a number from 1 on. */
static void test_many_people(void)
{
    struct arena arena = ARENA_INIT(64u << 20);
    const struct ical_options opt = options();
    struct buf text = BUF_INIT(1u << 20);
    struct ical cal;

    buf_puts(&text, HEAD "BEGIN:VEVENT\r\n" DAY "X-CANH-POSITION:0\r\n");
    for (int i = 0; i <= ICAL_PEOPLE_MAX; i++)
        buf_printf(&text, "ATTENDEE;CN=P%d:urn:p:%d\r\n", i, i);
    buf_puts(&text, "END:VEVENT\r\n" TAIL);
    if (ok(ical_read(&arena, buf_slice(&text), &opt, &cal, NULL) == 0, "read")) {
        is_int(cal.events[0].people_count, ICAL_PEOPLE_MAX, "as many as there may be");
        ok(slice_is(cal.events[0].people[ICAL_PEOPLE_MAX - 1].name, "P31"), "the first of them");
        is_int(cal.events[0].position, 0, "no position");
        ok(cal.errors == 2 && cal.note_count == 2 && cal.notes[0].line == 7 &&
               cal.notes[1].line == 8 + ICAL_PEOPLE_MAX,
           "both are told");
    }
    buf_done(&text);
    arena_done(&arena);
}

/* Mistakes beyond the last that is told are counted. */
static void test_many_notes(void)
{
    struct arena arena = ARENA_INIT(64u << 20);
    const struct ical_options opt = options();
    struct buf text = BUF_INIT(1u << 20);
    struct ical cal;

    buf_puts(&text, HEAD);
    for (int i = 0; i < ICAL_NOTES_MAX + 2; i++)
        buf_puts(&text, EVENT(DAY "nonsense\r\n"));
    buf_puts(&text, TAIL);
    if (ok(ical_read(&arena, buf_slice(&text), &opt, &cal, NULL) == 0, "read")) {
        is_int(cal.note_count, ICAL_NOTES_MAX, "as many are told as there may be");
        is_int(cal.errors, ICAL_NOTES_MAX + 2, "all are counted");
    }
    buf_done(&text);
    arena_done(&arena);
}

static void test_people(void)
{
    static const char text[] =
        HEAD "X-WR-CALNAME:Trực\\, ATTT\r\nBEGIN:VEVENT\r\n" DAY
             "SUMMARY:Trực: An\\; Bình\\nCông\\\\\r\nLOCATION:Tầng 2\r\nX-CANH-SHIFT:Ca 1\r\n"
             "X-CANH-POSITION:2\r\nATTENDEE;CN=\"An ^'Hai^' ^^\";ROLE=CHAIR:mailto:an@x.example\r\n"
             "ATTENDEE;CN=Phòng họp;CUTYPE=ROOM:mailto:p@x.example\r\n"
             "ATTENDEE;PARTSTAT=DECLINED;CN=Bình:mailto:b@x.example\r\n"
             "BEGIN:VALARM\r\nSUMMARY:not the event's\r\nEND:VALARM\r\n"
             "ATTENDEE:urn:uuid:1\r\nATTENDEE;CN=\"\":urn:uuid:2\r\nEND:VEVENT\r\n" TAIL;
    struct arena arena = ARENA_INIT(64u << 20);
    const struct ical_options opt = options();
    const struct ical_event *e;
    struct ical cal;

    if (!ok(ical_read(&arena, slice_str(text), &opt, &cal, NULL) == 0 && cal.event_count == 1,
            "an event"))
        return;
    e = &cal.events[0];
    ok(slice_is(cal.name, "Trực, ATTT") && slice_is(e->summary, "Trực: An; Bình\nCông\\") &&
           slice_is(e->location, "Tầng 2") && slice_is(e->shift, "Ca 1") && e->position == 2,
       "texts, unescaped: %.*s", SLICE_ARG(e->summary));
    is_int(e->people_count, 3, "three attend");
    is_slice(e->people[2].name, SLICE(""), "one without a name");
    ok(slice_is(e->people[0].name, "An \"Hai\" ^") &&
           slice_is(e->people[0].address, "an@x.example") && e->people[0].line == 12 &&
           slice_is(e->people[1].address, "urn:uuid:1"),
       "names and addresses");
    ok(cal.note_count == 1 && cal.errors == 0 && cal.notes[0].warning && cal.notes[0].line == 14,
       "who declined is told");
    arena_done(&arena);
}

static void refused(const char *what, struct slice text, enum ce code)
{
    struct arena arena = ARENA_INIT(64u << 20);
    const struct ical_options opt = options();
    struct err err = ERR_INIT;
    struct ical cal;

    is_int(ical_read(&arena, text, &opt, &cal, &err), -(int)code, "%s: %s", what, err_words(&err));
    arena_done(&arena);
}

static void test_refused(void)
{
    struct buf big = BUF_INIT(16u << 20);

    refused("nothing", SLICE(""), CE_SYNTAX);
    refused("a sheet", SLICE("Ngày;Ca\n1;2\n"), CE_SYNTAX);
    refused("cut off", SLICE(HEAD "BEGIN:VEVENT\r\n"), CE_TRUNCATED);
    refused("another end", SLICE(HEAD "BEGIN:VEVENT\r\nEND:VTODO\r\n"), CE_SYNTAX);
    refused("not UTF-8", SLICE(HEAD "X:\xff\xfe\r\n" TAIL), CE_ENCODING);
    refused("half a character", SLICE(HEAD "X:B\xe1\xba\r\n" TAIL), CE_ENCODING);
    refused("a fold in a character, then nothing", SLICE(HEAD "X:B\xe1\xba\r\n \xa1\r\n"),
            CE_TRUNCATED);
    for (int i = 0; i < 10; i++)
        buf_puts(&big, "BEGIN:VCALENDAR\r\n");
    refused("deep", buf_slice(&big), CE_DEPTH);
    buf_clear(&big);
    buf_puts(&big, HEAD "X:");
    for (int i = 0; i < ICAL_LINE_MAX / 50; i++)
        buf_puts(&big, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n ");
    refused("a long line", buf_slice(&big), CE_TOO_BIG);
    buf_clear(&big);
    buf_puts(&big, HEAD);
    for (int i = 0; i < 300; i++)
        buf_puts(&big, EVENT(DAY "RRULE:FREQ=DAILY\r\n"));
    buf_puts(&big, TAIL);
    refused("more turns than a province has", buf_slice(&big), CE_TOO_BIG);
    buf_clear(&big);
    buf_puts(&big, HEAD);
    for (int i = 0; i < 1000; i++)
        buf_puts(&big, EVENT("DTSTART:19000101T000000\r\nDURATION:PT1H\r\n"
                             "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\r\n"));
    buf_puts(&big, TAIL);
    refused("rules that give nothing and take long", buf_slice(&big), CE_TOO_BIG);
    buf_done(&big);
    ok(ical_is(SLICE("\xef\xbb\xbf\r\nbegin:vcalendar\r\n")) &&
           ical_is(SLICE("\xef\xbb\xbf"
                         "BEGIN:VCALENDAR\r\n")) &&
           ical_is(SLICE("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")) && !ical_is(SLICE("PK\x03\x04")) &&
           !ical_is(SLICE("")),
       "a calendar is known by its beginning");
}

int main(void)
{
    test_times();
    test_recurrence();
    test_errors();
    test_dates();
    test_moved();
    test_zones();
    test_many_people();
    test_many_notes();
    test_people();
    test_refused();
    return tap_done();
}
