/* SPDX-License-Identifier: Apache-2.0 */
/* The timeline for a person: a line a hit, its details under it. */
#include "base/time.h"
#include "base/width.h"
#include "hunt/face.h"
#include "lang/level.h"
#include "lang/msg_hunt.h"

enum {
    INDENT = 10,     /* under the time of day */
    VALUE_MAX = 600, /* bytes of one long value that are shown */
    WIDTH = 100,     /* where there is no terminal */
};

static const char *const colours[LEVEL_MAX] = {
    [LEVEL_INFORMATIONAL] = "\x1b[2m", [LEVEL_LOW] = "\x1b[36m",        [LEVEL_MEDIUM] = "\x1b[33m",
    [LEVEL_HIGH] = "\x1b[31m",         [LEVEL_CRITICAL] = "\x1b[1;31m",
};

static void write_colour(struct face_job *j, const char *code)
{
    if (j->colour)
        buf_puts(j->out, code);
}

static unsigned width_of(const struct face_job *j)
{
    return j->columns ? CANH_MAX(j->columns, 40u) : WIDTH;
}

/* The day, once for all hits of it. */
static void write_day(struct face_job *j, const struct hit *h)
{
    struct civil c = {0};
    int day = INT32_MIN + 1;

    if (h->time != TIME_NONE) {
        time_to_civil(h->time, face_offset(j, h), &c);
        day = (int)days_from_date(c.year, c.month, c.day);
    }
    if (day == j->day)
        return;
    buf_puts(j->out, j->day == INT32_MIN ? "" : "\n");
    write_colour(j, "\x1b[1m");
    if (h->time != TIME_NONE)
        buf_printf(j->out, "%04d-%02u-%02u", c.year, c.month, c.day);
    else
        buf_puts(j->out, lang_text(j->lang, MSG_HUNT_NO_TIME));
    write_colour(j, "\x1b[0m");
    buf_putc(j->out, '\n');
    j->day = day;
}

static void append_clock(struct face_job *j, const struct hit *h)
{
    struct civil c;

    if (h->time == TIME_NONE) {
        buf_puts(j->out, "          ");
        return;
    }
    time_to_civil(h->time, face_offset(j, h), &c);
    buf_printf(j->out, "%02u:%02u:%02u%s", c.hour, c.minute, c.second, h->local ? "? " : "  ");
}

/* The whole line: level, host, what the rule says. */
static void write_line(struct face_job *j, const struct hit *h)
{
    const struct sigma_rule *rule = face_rule(j, h);
    const char *level = level_capitals(j->lang, (int32_t)rule->level + 1);
    size_t at;

    append_clock(j, h);
    write_colour(j, colours[rule->level]);
    buf_puts(j->out, level);
    write_colour(j, "\x1b[0m");
    buf_puts(j->out, "  ");
    at = INDENT + text_width(slice_str(level)) + 2;
    buf_clear(&j->text);
    text_write_safe(&j->text, rule_title(rule, j->lang == LANG_VI));
    if (h->host.n) {
        buf_puts(&j->text, " · ");
        text_write_safe(&j->text, h->host);
    }
    if (h->correlation)
        lang_write(&j->text, j->lang, MSG_HUNT_EVENTS_OF, h->count);
    text_write_wrapped(j->out, buf_slice(&j->text), at, INDENT, width_of(j));
    buf_putc(j->out, '\n');
}

static void write_safe_value(struct face_job *j, const struct hit_detail *d)
{
    struct slice shown;

    buf_clear(&j->cell);
    face_write_value(j, d, &j->cell);
    shown = slice_head_utf8(buf_slice(&j->cell), VALUE_MAX);
    text_write_safe(&j->text, shown);
    if (shown.n < j->cell.len)
        buf_puts(&j->text, " …");
}

/* Short details together, each long one on lines of its own. */
static void write_details(struct face_job *j, const struct hit *h, bool long_ones)
{
    bool first = true;

    buf_clear(&j->text);
    for (uint32_t i = 0; i < h->detail_count; i++) {
        const struct hit_detail *d = &h->details[i];
        unsigned use = label_rows[d->label].use;

        if (!(use & LABEL_SHOWN) || ((use & LABEL_LONG) != 0) != long_ones)
            continue;
        buf_puts(&j->text, first ? "" : " · ");
        first = long_ones;
        buf_clear(&j->cell);
        face_write_label(j, d, &j->cell);
        text_write_safe(&j->text, buf_slice(&j->cell));
        buf_puts(&j->text, " ");
        write_safe_value(j, d);
        if (!long_ones)
            continue;
        buf_printf(j->out, "%*s", INDENT, "");
        text_write_wrapped(j->out, buf_slice(&j->text), INDENT, INDENT + 2, width_of(j));
        buf_putc(j->out, '\n');
        buf_clear(&j->text);
    }
    if (long_ones || first)
        return;
    buf_printf(j->out, "%*s", INDENT, "");
    text_write_wrapped(j->out, buf_slice(&j->text), INDENT, INDENT, width_of(j));
    buf_putc(j->out, '\n');
}

static int face_text_begin(struct face_job *j, struct err *err)
{
    (void)j;
    (void)err;
    return 0;
}

/* Another rule that matches the event of the hit before: its details stand there already. */
static bool is_same_event(const struct face_job *j, const struct hit *h)
{
    return j->offset == h->offset && slice_eq(buf_slice(&j->place), h->path) && !h->correlation;
}

static int face_text_write(struct face_job *j, const struct hit *h, struct err *err)
{
    (void)err;
    write_day(j, h);
    write_line(j, h);
    if (j->lines && is_same_event(j, h))
        return 0;
    write_details(j, h, false);
    write_details(j, h, true);
    buf_clear(&j->place);
    buf_append_slice(&j->place, h->path);
    j->offset = h->offset;
    j->lines = true;
    return 0;
}

static int face_text_end(struct face_job *j, int fd, struct err *err)
{
    (void)fd;
    (void)err;
    if (j->day != INT32_MIN)
        buf_putc(j->out, '\n');
    return 0;
}

const struct hit_face face_text = {"text", face_text_begin, face_text_write, face_text_end};
