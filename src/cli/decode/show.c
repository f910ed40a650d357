/* SPDX-License-Identifier: Apache-2.0 */
/* An event as fields, for people. */
#include "base/time.h"
#include "base/width.h"
#include "cli/decode/decode.h"
#include "lang/msg_decode.h"

enum {
    VALUE_BYTES = 64 * 1024 * 1024,
    NAME_COLUMN = 32,        /* as wide as most names */
    NAME_COLUMN_NARROW = 24, /* on a terminal; longer ones stand in a line of their own */
    TITLES = 5
};

/* What an event is written to. */
struct page {
    struct buf *out, *safe;
    enum lang lang;
    unsigned columns; /* of the terminal, or 0: every value in one line */
};

static void write_line(struct page *p, struct slice name, struct slice value)
{
    size_t column = p->columns ? NAME_COLUMN_NARROW : NAME_COLUMN, width;

    buf_puts(p->out, "  ");
    buf_clear(p->safe);
    text_write_safe(p->safe, name);
    width = text_width(buf_slice(p->safe));
    buf_append_slice(p->out, buf_slice(p->safe));
    if (p->columns && width > column) {
        buf_puts(p->out, "\n  ");
        width = 0;
    }
    for (; width <= column; width++)
        buf_putc(p->out, ' ');
    buf_clear(p->safe);
    text_write_safe(p->safe, value);
    if (p->columns)
        text_write_folded(p->out, buf_slice(p->safe), column + 3, p->columns);
    else
        buf_append_slice(p->out, buf_slice(p->safe));
    buf_putc(p->out, '\n');
}

/* Titles with commas between, as many as a person reads. */
static void write_titles(struct buf *out, const struct view_event *x, bool matched, enum lang lang)
{
    uint32_t count = matched ? x->look->matched : x->look->rule_count, shown = 0;

    buf_printf(out, "%" PRIu32, count);
    for (uint32_t i = 0; i < x->look->rule_count && shown < TITLES; i++) {
        const struct trace_rule *r = &x->look->rules[i];

        if (matched && !r->matches)
            continue;
        buf_puts(out, shown++ ? "; " : ": ");
        buf_append_slice(out, rule_title(ruleset_rule(x->rules, r->rule), lang == LANG_VI));
    }
    if (count > shown)
        buf_puts(out, "; …");
}

/* By which mappings the event is led to which rules. */
static void write_look(struct page *p, const struct view_event *x, struct buf *text)
{
    enum lang lang = p->lang;
    const struct trace *l = x->look;

    buf_clear(text);
    for (uint32_t i = 0; i < l->mapping_count; i++) {
        buf_puts(text, i ? ", " : "");
        buf_append_slice(text, l->mappings[i]);
    }
    if (l->mapping_count == 0)
        buf_puts(text, lang_text(lang, MSG_DECODE_NO_ROUTE));
    write_line(p, slice_str(lang_text(lang, MSG_DECODE_ROUTE)), buf_slice(text));
    if (l->mapping_count == 0)
        return;
    buf_clear(text);
    write_titles(text, x, false, lang);
    write_line(p, slice_str(lang_text(lang, MSG_DECODE_LOOKED)), buf_slice(text));
    buf_clear(text);
    write_titles(text, x, true, lang);
    write_line(p, slice_str(lang_text(lang, MSG_DECODE_MATCHED)), buf_slice(text));
}

void decode_write_text(struct buf *out, const struct view_event *x, enum lang lang,
                       unsigned columns)
{
    struct buf text = BUF_INIT(VALUE_BYTES), safe = BUF_INIT(4 * VALUE_BYTES);
    struct page page = {out, &safe, lang, columns};
    bool zoned;
    int64_t t = view_event_time(x, &zoned);

    buf_printf(out, "%lu · %s", (unsigned long)x->event->sequence, x->format);
    if (t != TIME_NONE) {
        buf_puts(out, " · ");
        time_format(&text, t, 3);
        if (!zoned && text.len > 0)
            text.len--;
        buf_append_slice(out, buf_slice(&text));
    }
    buf_putc(out, '\n');
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < x->event->count; i++) {
            struct slice name = view_event_name(x, i);

            if (name.n == 0 || view_event_is_own(x, i) != (pass == 1) ||
                slice_is(name, "@timestamp") || x->event->fields[i].type == VALUE_GROUP)
                continue;
            buf_clear(&text);
            field_text(&x->event->fields[i], &text);
            write_line(&page, name, buf_slice(&text));
        }
    }
    if (x->record.n > 0)
        write_line(&page, SLICE("record"), x->record);
    if (x->look != NULL)
        write_look(&page, x, &text);
    buf_putc(out, '\n');
    buf_done(&text);
    buf_done(&safe);
}
