/* SPDX-License-Identifier: Apache-2.0 */
/* Times and sources as pages tell them. */
#include "base/time.h"
#include "lang/msg_console.h"
#include "state/sources.h"
#include "web/web_internal.h"

static int64_t day_of(int64_t t)
{
    return (t + (int64_t)ZONE_OWN * TIME_SECOND) / TIME_DAY;
}

static void append_when(struct buf *out, int64_t t, int64_t now, bool seconds)
{
    struct civil c;

    if (t == 0 || t == STATE_FOREVER) {
        buf_puts(out, "–");
        return;
    }
    time_to_civil(t, ZONE_OWN, &c);
    buf_printf(out, "%02u:%02u", c.hour, c.minute);
    if (seconds)
        buf_printf(out, ":%02u", c.second);
    if (day_of(t) != day_of(now))
        buf_printf(out, " %02u/%02u/%04d", c.day, c.month, c.year);
}

void write_when(struct buf *out, int64_t t, int64_t now)
{
    append_when(out, t, now, false);
}

/* A day is not broken over two lines. */
#define NO_BREAK "\u00a0"

static void write_day(struct buf *out, enum lang lang, int64_t t)
{
    static const msg_id names[] = {MSG_CONSOLE_WEEKDAY_1, MSG_CONSOLE_WEEKDAY_2,
                                   MSG_CONSOLE_WEEKDAY_3, MSG_CONSOLE_WEEKDAY_4,
                                   MSG_CONSOLE_WEEKDAY_5, MSG_CONSOLE_WEEKDAY_6,
                                   MSG_CONSOLE_WEEKDAY_7};
    const char *name = lang_text(lang, names[weekday_of_days(day_of(t)) - 1]);
    struct civil c;

    time_to_civil(t, ZONE_OWN, &c);
    for (; *name; name++)
        buf_puts(out, *name == ' ' ? NO_BREAK : (const char[]){*name, '\0'});
    buf_printf(out, NO_BREAK "%02u/%02u", c.day, c.month);
}

void write_days(struct buf *out, enum lang lang, int64_t from, int64_t until)
{
    write_day(out, lang, from);
    if (day_of(until - 1) != day_of(from)) {
        buf_puts(out, " – ");
        write_day(out, lang, until - 1);
    }
}

void write_clock(struct buf *out, int64_t t)
{
    struct civil c;

    time_to_civil(t, ZONE_OWN, &c);
    buf_printf(out, "%02u:%02u", c.hour, c.minute);
}

enum { DAY_MINUTES = 24 * 60 };

void append_span(struct buf *out, enum lang lang, int64_t span)
{
    uint64_t minutes = span > 0 ? (uint64_t)(span / TIME_MINUTE) : 0;

    if (minutes < 1)
        buf_puts(out, lang_text(lang, MSG_CONSOLE_SPAN_NOW));
    else if (minutes < 60)
        lang_write(out, lang, MSG_CONSOLE_SPAN_MINUTES, minutes);
    else if (minutes < DAY_MINUTES && minutes % 60 == 0)
        lang_write(out, lang, MSG_CONSOLE_SPAN_HOURS, minutes / 60);
    else if (minutes < DAY_MINUTES)
        lang_write(out, lang, MSG_CONSOLE_SPAN_HOURS_MINUTES, minutes / 60, minutes % 60);
    else if (minutes < 7 * DAY_MINUTES && minutes % DAY_MINUTES >= 60) /* a clock that runs out */
        lang_write(out, lang, MSG_CONSOLE_SPAN_DAYS_HOURS, minutes / DAY_MINUTES,
                   minutes % DAY_MINUTES / 60);
    else
        lang_write(out, lang, MSG_CONSOLE_SPAN_DAYS, minutes / DAY_MINUTES);
}

void page_set_when(struct page_scope *p, const char *name, int64_t t, int64_t now)
{
    struct buf b = BUF_INIT(64);

    write_when(&b, t, now);
    page_set_buf(p, name, &b);
}

void page_set_end(struct page_scope *p, const char *name, int64_t t, int64_t now)
{
    const bool midnight = t != STATE_FOREVER && t > 0 && day_of(t - 1) != day_of(t);
    struct buf b = BUF_INIT(64);
    struct civil c;

    if (midnight) {
        time_to_civil(t - 1, ZONE_OWN, &c);
        buf_puts(&b, "24:00");
        if (day_of(t - 1) != day_of(now))
            buf_printf(&b, " %02u/%02u/%04d", c.day, c.month, c.year);
    } else {
        write_when(&b, t, now);
    }
    page_set_buf(p, name, &b);
}

void page_set_second(struct page_scope *p, const char *name, int64_t t, int64_t now)
{
    struct buf b = BUF_INIT(64);

    append_when(&b, t, now, true);
    page_set_buf(p, name, &b);
}

void page_set_recorded(struct visit *v, struct page_scope *p, const char *name, int64_t t,
                       bool doubtful)
{
    const struct view_ctx view = visit_view(v);
    struct buf b = BUF_INIT(64);

    write_when(&b, t, view.at);
    if (t != 0)
        buf_puts(&b, view_clock_sign(&view, t, doubtful));
    page_set_buf(p, name, &b);
}

void page_set_span(struct page_scope *p, const char *name, enum lang lang, int64_t span)
{
    struct buf b = BUF_INIT(128);

    append_span(&b, lang, span);
    page_set_buf(p, name, &b);
}

struct slice source_name(struct state *s, struct slice hex, struct arena *arena)
{
    const struct state_actor all = state_actor_system();
    struct state_source x = {.name = SLICE_NULL};
    struct state_id id;

    if (id_parse(hex, &id) < 0 || state_source_get(s, &all, id, arena, &x, NULL) < 0)
        return SLICE_NULL;
    return x.name.n ? x.name : x.code;
}

struct slice visit_source_name(struct visit *v, struct slice hex)
{
    return source_name(v->s, hex, v->arena);
}
