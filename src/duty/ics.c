/* SPDX-License-Identifier: Apache-2.0 */
#include "duty/ics.h"

enum { FOLD = 75 };

/* Appends a content line, folded so that no line has over 75 octets and no character is cut. */
static void put_folded(struct buf *out, struct slice line)
{
    size_t room = FOLD;

    while (line.n > room) {
        size_t n = room;

        while (n > 1 && (line.p[n] & 0xc0) == 0x80)
            n--;
        buf_put_slice(out, slice_head(line, n));
        buf_puts(out, "\r\n ");
        line = slice_from(line, n);
        room = FOLD - 1;
    }
    buf_put_slice(out, line);
    buf_puts(out, "\r\n");
}

void ics_put_text(struct buf *out, const char *name, struct slice text)
{
    struct buf line = BUF_INIT(1u << 20);

    buf_puts(&line, name);
    buf_putc(&line, ':');
    for (size_t i = 0; i < text.n; i++) {
        uint8_t c = text.p[i];

        if (c == '\\' || c == ';' || c == ',')
            buf_putc(&line, '\\');
        if (c == '\n')
            buf_puts(&line, "\\n");
        else if (c >= 0x20 && c != 0x7f)
            buf_putc(&line, c);
    }
    if (line.err && !out->err)
        out->err = line.err;
    put_folded(out, buf_slice(&line));
    buf_done(&line);
}

void ics_put_time(struct buf *out, int64_t t)
{
    struct civil c;

    time_to_civil(t, 0, &c);
    buf_printf(out, "%04d%02u%02uT%02u%02u%02uZ", c.year, c.month, c.day, c.hour, c.minute,
               c.second);
}

void duty_put_people(struct buf *out, const struct duty_on *on, const struct duty_names *names,
                     const struct duty_ics *words)
{
    for (unsigned i = 0; i < on->count; i++) {
        const struct duty_who *w = &on->who[i];

        if (i > 0)
            buf_puts(out, ", ");
        buf_put_slice(out, names->person(names->u, w->person));
        if (w->presence == DUTY_ON_CALL && words->on_call.n) {
            buf_puts(out, " (");
            buf_put_slice(out, words->on_call);
            buf_putc(out, ')');
        }
        if (w->via != DUTY_NO_POST) {
            buf_puts(out, " [");
            buf_put_slice(out, words->via);
            buf_putc(out, ' ');
            buf_put_slice(out, names->post(names->u, (uint32_t)w->via));
            buf_putc(out, ']');
        }
    }
}

struct writer {
    struct buf *out;
    uint32_t post;
    const struct duty_names *names;
    const struct duty_ics *ics;
};

static void put_stamp(struct buf *out, const char *name, int64_t t)
{
    buf_puts(out, name);
    ics_put_time(out, t);
    buf_puts(out, "\r\n");
}

static int put_event(void *u, const struct duty_on *on)
{
    const struct writer *w = u;
    struct buf text = BUF_INIT(64 * 1024);

    if (on->count == 0)
        return w->out->err;
    buf_puts(w->out, "BEGIN:VEVENT\r\n");
    buf_put_slice(&text, w->ics->id);
    buf_putc(&text, '-');
    ics_put_time(&text, on->from);
    buf_puts(&text, "@canh");
    ics_put_text(w->out, "UID", buf_slice(&text));
    put_stamp(w->out, "DTSTAMP:", w->ics->now);
    put_stamp(w->out, "DTSTART:", on->from);
    put_stamp(w->out, "DTEND:", on->until);
    buf_clear(&text);
    buf_put_slice(&text, w->names->post(w->names->u, w->post));
    buf_puts(&text, ": ");
    duty_put_people(&text, on, w->names, w->ics);
    ics_put_text(w->out, "SUMMARY", buf_slice(&text));
    buf_puts(w->out, "END:VEVENT\r\n");
    if (text.err && !w->out->err)
        w->out->err = text.err;
    buf_done(&text);
    return w->out->err;
}

int duty_ics_put(struct buf *out, const struct duty_plan *plan, uint32_t post, int64_t from,
                 int64_t until, const struct duty_names *names, const struct duty_ics *ics)
{
    struct writer w = {.out = out, .post = post, .names = names, .ics = ics};
    int r;

    buf_puts(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//canh//duty//EN\r\n"
                  "CALSCALE:GREGORIAN\r\n");
    r = duty_spans(plan, post, from, until, put_event, &w);
    buf_puts(out, "END:VCALENDAR\r\n");
    return r < 0 ? r : out->err;
}
