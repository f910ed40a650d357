/* SPDX-License-Identifier: Apache-2.0 */
#include "roster/ics.h"

#include "calendar/ical_write.h"
#include "roster/shift.h"

enum { BY_HAND = 100 };

void duty_write_people(struct buf *out, const struct duty_on *on, const struct duty_names *names,
                       const struct duty_ics *words)
{
    for (unsigned i = 0; i < on->count; i++) {
        const struct duty_who *w = &on->who[i];

        if (i > 0)
            buf_puts(out, ", ");
        buf_append_slice(out, names->person(names->u, w->person));
        if (w->presence == DUTY_ON_CALL && words->on_call.n) {
            buf_puts(out, " (");
            buf_append_slice(out, words->on_call);
            buf_putc(out, ')');
        }
        if (w->via != DUTY_NO_POST) {
            buf_puts(out, " [");
            buf_append_slice(out, words->via);
            buf_putc(out, ' ');
            buf_append_slice(out, names->post(names->u, (uint32_t)w->via));
            buf_putc(out, ']');
        }
    }
}

struct writer {
    struct buf *out;
    const struct duty_plan *plan;
    uint32_t post;
    const struct duty_names *names;
    const struct duty_ics *ics;
    int64_t last; /* beginning of the event before */
    unsigned nth; /* of those that begin then */
};

/* CN="…": quotes, carets and line ends as RFC 6868 writes them. */
static void write_person(struct buf *out, const struct writer *w, uint32_t person)
{
    struct slice name = w->names->person(w->names->u, person);
    struct buf line = BUF_INIT(1u << 16);

    buf_puts(&line, "ATTENDEE;CN=\"");
    for (size_t i = 0; i < name.n; i++) {
        uint8_t c = name.p[i];

        if (c == '"' || c == '^' || c == '\n')
            buf_puts(&line, c == '"' ? "^'" : c == '^' ? "^^" : "^n");
        else if (c >= 0x20 && c != 0x7f)
            buf_putc(&line, c);
    }
    buf_puts(&line, "\":");
    if (w->names->person_id)
        buf_append_slice(&line, w->names->person_id(w->names->u, person));
    else
        buf_puts(&line, "invalid:nomail");
    out->err = out->err ? out->err : line.err;
    ical_write_line(out, buf_slice(&line));
    buf_done(&line);
}

/* The same post and beginning is the same event, of those the first, the second … */
static void write_uid(struct writer *w, int64_t from, struct buf *text)
{
    w->nth = from == w->last ? w->nth + 1 : 1;
    w->last = from;
    buf_append_slice(text, w->ics->id);
    buf_putc(text, '-');
    ical_write_time(text, from);
    if (w->nth > 1)
        buf_printf(text, "-%u", w->nth);
    buf_puts(text, "@canh");
    ical_write_text(w->out, "UID", buf_slice(text));
    buf_clear(text);
}

/* In the order in which people stand; who was put there by hand comes last. */
static unsigned position_of(const struct writer *w, const struct duty_shift *s)
{
    struct duty_on on;
    unsigned i = 0;

    if (s->position > 0)
        return (unsigned)s->position;
    duty_at(w->plan, w->post, s->from, &on);
    while (i < on.count && on.who[i].person != s->who.person)
        i++;
    return BY_HAND + i;
}

static int write_event(void *u, const struct duty_shift *s)
{
    struct writer *w = u;
    struct buf text = BUF_INIT(64 * 1024);
    struct duty_on one = {.count = 1, .who = {s->who}};

    if (s->who.person == DUTY_NOBODY)
        return w->out->err;
    buf_puts(w->out, "BEGIN:VEVENT\r\n");
    write_uid(w, s->from, &text);
    ical_write_stamp(w->out, "DTSTAMP:", w->ics->now);
    ical_write_stamp(w->out, "DTSTART:", s->from);
    ical_write_stamp(w->out, "DTEND:", s->until);
    buf_append_slice(&text, w->names->post(w->names->u, w->post));
    buf_puts(&text, ": ");
    duty_write_people(&text, &one, w->names, w->ics);
    ical_write_text(w->out, "SUMMARY", buf_slice(&text));
    write_person(w->out, w, s->who.person);
    if (s->name.n)
        ical_write_text(w->out, "X-CANH-SHIFT", s->name);
    if (s->who.via == DUTY_NO_POST)
        buf_printf(w->out, "X-CANH-POSITION:%u\r\n", position_of(w, s));
    else
        ical_write_text(w->out, "X-CANH-VIA", w->names->post(w->names->u, (uint32_t)s->who.via));
    buf_puts(w->out, "END:VEVENT\r\n");
    if (text.err && !w->out->err)
        w->out->err = text.err;
    buf_done(&text);
    return w->out->err;
}

int duty_ics_write(struct buf *out, const struct duty_plan *plan, uint32_t post, int64_t from,
                   int64_t until, const struct duty_names *names, const struct duty_ics *ics)
{
    struct writer w = {
        .out = out, .plan = plan, .post = post, .names = names, .ics = ics, .last = INT64_MIN};
    int r;

    buf_puts(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//canh//duty//EN\r\n"
                  "CALSCALE:GREGORIAN\r\n");
    ical_write_text(out, "X-WR-CALNAME", names->post(names->u, post));
    r = duty_shifts(plan, post, from, until, write_event, &w);
    buf_puts(out, "END:VCALENDAR\r\n");
    return r < 0 ? r : out->err;
}
