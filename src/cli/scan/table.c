/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* What was found, for a person: grouped by severity, then by rule. */
#include <stdlib.h>

#include "base/time.h"
#include "base/width.h"
#include "cli/scan/scan.h"
#include "lang/level.h"
#include "lang/msg_scan.h"

enum {
    TIME_COLUMNS = 19,
    HOSTS_SHOWN = 3,
    TITLE_MIN = 24,
    TITLE_LEGIBLE = 48, /* where longer titles would be cut below this, the last times go */
    HOSTS_MIN = 12,
    TITLE_PLAIN = 72,
    GAP = 2,
    LINE_MAX_BYTES = 1024 * 1024,
};

static const char *const level_colours[LEVEL_MAX] = {
    [LEVEL_INFORMATIONAL] = "\x1b[2m", [LEVEL_LOW] = "\x1b[36m",        [LEVEL_MEDIUM] = "\x1b[33m",
    [LEVEL_HIGH] = "\x1b[31m",         [LEVEL_CRITICAL] = "\x1b[1;31m",
};

/* Widths of the columns; 0: not shown. */
struct layout {
    size_t count, last, title, hosts;
    bool cut; /* to the width of a terminal */
};

struct sheet {
    const struct scan_view *scan;
    struct buf *out;
    enum lang lang;
    struct layout layout;
    uint32_t *order; /* rules found */
    uint32_t count;
    struct buf cell;
};

static const struct sigma_rule *rule_of(const struct sheet *t, uint32_t row)
{
    return ruleset_rule(t->scan->loaded.rs, t->order[row]);
}

static struct slice title_of(const struct sheet *t, uint32_t row)
{
    return rule_title(rule_of(t, row), t->lang == LANG_VI);
}

static const struct tally_rule *found_of(const struct sheet *t, uint32_t row)
{
    return &t->scan->result.tally.rules[t->order[row]];
}

/* Level from the worst down, most alerts first, then by name and id. */
static int by_weight(const void *a, const void *b, void *arg)
{
    const struct scan_view *s = arg;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    const struct sigma_rule *p = ruleset_rule(s->loaded.rs, x), *q = ruleset_rule(s->loaded.rs, y);
    uint64_t n = s->result.tally.rules[x].count, m = s->result.tally.rules[y].count;
    int order;

    if (p->level != q->level)
        return p->level > q->level ? -1 : 1;
    if (n != m)
        return n > m ? -1 : 1;
    order = slice_cmp(p->title, q->title);
    if (order == 0)
        order = slice_cmp(p->id, q->id);
    return order ? order : x < y ? -1 : x > y;
}

static struct slice safe_text(struct sheet *t, struct slice s)
{
    buf_clear(&t->cell);
    text_write_safe(&t->cell, s);
    return buf_slice(&t->cell);
}

static void table_measure(struct sheet *t)
{
    struct layout *l = &t->layout;
    size_t left, columns = t->scan->out == &t->scan->app->out ? t->scan->app->columns : 0;

    l->count = text_width(slice_str(lang_text(t->lang, MSG_SCAN_COL_COUNT)));
    for (uint32_t i = 0; i < t->count; i++) {
        size_t width = text_width(safe_text(t, title_of(t, i)));

        l->title = CANH_MAX(l->title, width);
        buf_clear(&t->cell);
        lang_write_number(&t->cell, t->lang, found_of(t, i)->count);
        l->count = CANH_MAX(l->count, t->cell.len);
    }
    l->last = TIME_COLUMNS;
    l->cut = columns > 0;
    if (!l->cut) {
        l->title = CANH_MIN(l->title, (size_t)TITLE_PLAIN);
        l->hosts = SIZE_MAX;
        return;
    }
    left = GAP + l->count + GAP + TIME_COLUMNS + GAP + TIME_COLUMNS + GAP;
    if (left + CANH_MIN(l->title, (size_t)TITLE_LEGIBLE) + GAP + HOSTS_MIN > columns) {
        l->last = 0;
        left -= TIME_COLUMNS + GAP;
    }
    left = columns > left ? columns - left : 0;
    l->title = CANH_MIN(l->title, CANH_MAX((size_t)TITLE_MIN,
                                           left - CANH_MIN(left, (size_t)GAP + HOSTS_MIN)));
    l->hosts = left > l->title + GAP ? left - l->title - GAP : 0;
}

static void write_gap(struct sheet *t)
{
    buf_puts(t->out, "  ");
}

/* Behind a time: "?" where some of the times name no zone. */
static void write_gap_behind(struct sheet *t, const struct tally_rule *found)
{
    buf_puts(t->out, found->local ? "? " : "  ");
}

static void write_right(struct sheet *t, struct slice s, size_t width)
{
    for (size_t n = text_width(s); n < width; n++)
        buf_putc(t->out, ' ');
    buf_append_slice(t->out, s);
}

static void write_time(struct sheet *t, int64_t time)
{
    struct civil c;

    if (time == TIME_NONE) {
        text_write_fit(t->out, SLICE("-"), TIME_COLUMNS, TIME_COLUMNS);
        return;
    }
    time_to_civil(time, zone_at(&t->scan->zone, time), &c);
    buf_printf(t->out, "%04d-%02u-%02u %02u:%02u:%02u", c.year, c.month, c.day, c.hour, c.minute,
               c.second);
}

static void write_hosts(struct sheet *t, uint32_t row)
{
    struct tally_host hosts[HOSTS_SHOWN];
    uint32_t total = found_of(t, row)->hosts;
    uint32_t n = tally_hosts(&t->scan->result.tally, t->order[row], hosts, HOSTS_SHOWN);

    buf_clear(&t->cell);
    for (uint32_t i = 0; i < n; i++) {
        buf_puts(&t->cell, i ? ", " : "");
        text_write_safe(&t->cell, hosts[i].name);
    }
    if (total > n)
        buf_printf(&t->cell, " +%u", total - n);
    text_write_fit(t->out, buf_slice(&t->cell), t->layout.hosts, 0);
}

static void write_colour(struct sheet *t, const char *code)
{
    if (t->scan->app->colour && t->scan->out == &t->scan->app->out)
        buf_puts(t->out, code);
}

/* A paragraph under a row. Line breaks of the rule's text are blanks here. */
static void write_paragraph(struct sheet *t, struct slice s)
{
    size_t indent = GAP + t->layout.count + GAP, columns = t->scan->app->columns;
    struct buf text = BUF_INIT(LINE_MAX_BYTES);

    if (s.n == 0)
        return;
    buf_append_slice(&text, s);
    for (size_t i = 0; i < text.len; i++)
        text.p[i] = text.p[i] == '\n' ? ' ' : text.p[i];
    s = safe_text(t, slice_trim(buf_slice(&text)));
    text_write_fit(t->out, SLICE(""), 0, indent);
    text_write_wrapped(t->out, s, indent, indent, CANH_MAX(columns ? columns : 100, indent + 20));
    buf_putc(t->out, '\n');
    buf_done(&text);
}

static void write_details(struct sheet *t, uint32_t row)
{
    const struct sigma_rule *rule = rule_of(t, row);
    struct slice advice = rule_advice(rule, t->lang == LANG_VI);
    struct buf tags = BUF_INIT(LINE_MAX_BYTES);

    for (uint32_t i = 0; i < rule->tag_count; i++) {
        buf_puts(&tags, i ? " " : "");
        buf_append_slice(&tags, rule->tags[i]);
    }
    write_colour(t, "\x1b[2m");
    write_paragraph(t, buf_slice(&tags));
    write_colour(t, "\x1b[0m");
    write_paragraph(t, advice.n ? advice : rule->description);
    buf_done(&tags);
}

/* What is no longer, or not surely, part of the log must not look as if it were. */
static void write_recovered(struct sheet *t, const struct tally_rule *found)
{
    struct buf number = BUF_INIT(64);

    write_gap(t);
    text_write_fit(t->out, SLICE(""), 0, t->layout.count);
    write_gap(t);
    if (found->recovered < found->count) {
        lang_write_number(&number, t->lang, found->recovered);
        lang_write(t->out, t->lang, MSG_SCAN_ROW_RECOVERED, buf_cstr(&number));
    } else {
        buf_puts(t->out, lang_text(t->lang, MSG_SCAN_ROW_ALL_RECOVERED));
    }
    buf_putc(t->out, '\n');
    buf_done(&number);
}

static void write_row(struct sheet *t, uint32_t row)
{
    const struct tally_rule *found = found_of(t, row);
    struct slice title;

    write_gap(t);
    buf_clear(&t->cell);
    lang_write_number(&t->cell, t->lang, found->count);
    write_right(t, buf_slice(&t->cell), t->layout.count);
    write_gap(t);
    write_time(t, found->first);
    write_gap_behind(t, found);
    if (t->layout.last) {
        write_time(t, found->last);
        write_gap_behind(t, found);
    }
    title = safe_text(t, title_of(t, row));
    text_write_fit(t->out, title, t->layout.cut ? t->layout.title : SIZE_MAX, t->layout.title);
    if (found->hosts) {
        write_gap(t);
        write_hosts(t, row);
    }
    while (t->out->len && t->out->p[t->out->len - 1] == ' ')
        t->out->len--;
    buf_putc(t->out, '\n');
    if (found->recovered)
        write_recovered(t, found);
}

static void write_column_names(struct sheet *t)
{
    char zone[72] = "UTC";
    int minutes = t->scan->zone.offset_s / 60;

    if (t->scan->zone.change_count > 0)
        (void)snprintf(zone, sizeof(zone), "%s", t->scan->options->zone);
    else if (minutes)
        (void)snprintf(zone, sizeof(zone), "%c%02d:%02d", minutes < 0 ? '-' : '+',
                       abs(minutes) / 60, abs(minutes) % 60);
    write_colour(t, "\x1b[2m");
    write_gap(t);
    write_right(t, slice_str(lang_text(t->lang, MSG_SCAN_COL_COUNT)), t->layout.count);
    write_gap(t);
    buf_clear(&t->cell);
    lang_write(&t->cell, t->lang, MSG_SCAN_COL_FIRST, zone);
    text_write_fit(t->out, buf_slice(&t->cell), TIME_COLUMNS, TIME_COLUMNS);
    write_gap(t);
    if (t->layout.last) {
        text_write_fit(t->out, slice_str(lang_text(t->lang, MSG_SCAN_COL_LAST)), TIME_COLUMNS,
                       TIME_COLUMNS);
        write_gap(t);
    }
    text_write_fit(t->out, slice_str(lang_text(t->lang, MSG_SCAN_COL_RULE)), t->layout.title,
                   t->layout.title);
    write_gap(t);
    text_write_fit(t->out, slice_str(lang_text(t->lang, MSG_SCAN_COL_HOSTS)), t->layout.hosts, 0);
    write_colour(t, "\x1b[0m");
    buf_putc(t->out, '\n');
}

/* The heading of a severity; returns the first row of the next one. */
static uint32_t write_heading(struct sheet *t, uint32_t row)
{
    enum rule_level level = rule_of(t, row)->level;
    struct buf rules = BUF_INIT(64), alerts = BUF_INIT(64);
    uint64_t sum = 0;
    uint32_t end = row;

    for (; end < t->count && rule_of(t, end)->level == level; end++)
        sum += found_of(t, end)->count;
    lang_write_number(&rules, t->lang, end - row);
    lang_write_number(&alerts, t->lang, sum);
    write_colour(t, level_colours[level]);
    buf_puts(t->out, level_capitals(t->lang, (int32_t)level + 1));
    write_colour(t, "\x1b[0m");
    write_gap(t);
    lang_write(t->out, t->lang, MSG_SCAN_HEADING, buf_cstr(&rules), buf_cstr(&alerts));
    buf_putc(t->out, '\n');
    buf_done(&rules);
    buf_done(&alerts);
    return end;
}

void scan_write_table(struct scan_view *s, struct buf *out)
{
    struct sheet t = {.scan = s,
                      .out = out,
                      .lang = s->app->lang,
                      .cell = BUF_INIT(LINE_MAX_BYTES)};

    t.order = calloc((size_t)s->result.tally.rules_hit + 1, sizeof(*t.order));
    for (uint32_t i = 0; t.order && i < s->result.tally.rule_count; i++) {
        if (s->result.tally.rules[i].count)
            t.order[t.count++] = i;
    }
    if (t.count > 0) {
        qsort_r(t.order, t.count, sizeof(*t.order), by_weight, s);
        table_measure(&t);
    }
    for (uint32_t row = 0; row < t.count;) {
        uint32_t end = write_heading(&t, row);

        write_column_names(&t);
        for (; row < end; row++) {
            write_row(&t, row);
            if (s->options->details)
                write_details(&t, row);
        }
        buf_putc(out, '\n');
    }
    free(t.order);
    buf_done(&t.cell);
}
