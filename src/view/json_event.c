/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/json_write.h"
#include "base/num.h"
#include "base/time.h"
#include "view/event.h"

enum { VALUE_BYTES = 64 * 1024 * 1024, DEPTH_MAX = 16 };

struct named {
    struct slice name;
    uint32_t at; /* of the field */
};

int64_t view_event_time(const struct view_event *x, bool *ret_zoned)
{
    bool local;
    int64_t t = event_clock(x->event, &local);

    *ret_zoned = !local || x->zone != NULL;
    return t == TIME_NONE || !local || x->zone == NULL ? t : zone_from_wall(x->zone, t);
}

struct slice view_event_name(const struct view_event *x, uint32_t i)
{
    const struct event *e = x->event;

    if (e->names != NULL)
        return e->names[i];
    return e->fields[i].key == KEY_NONE ? SLICE_NULL : keys_name(x->keys, e->fields[i].key);
}

bool view_event_is_own(const struct view_event *x, uint32_t i)
{
    return x->event->own != NULL && x->event->own[i];
}

static int json_event_compare(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int d = slice_cmp(x->name, y->name);

    return d != 0 ? d : (x->at > y->at) - (x->at < y->at);
}

static void append_value(struct json_write *w, const struct field *f, struct buf *text)
{
    uint64_t number;

    buf_clear(text);
    field_text(f, text);
    if (f->type == VALUE_NULL)
        json_null(w);
    else if (f->type == VALUE_BOOL)
        json_bool(w, slice_is(buf_slice(text), "true"));
    else if (f->type == VALUE_NUMBER && num_u64(buf_slice(text), &number) == 0)
        json_u64(w, number);
    else
        json_text(w, buf_slice(text));
}

/* All values of a name: one as it is, several as a list; process.args always is one. */
static uint32_t write_values(struct json_write *w, const struct view_event *x,
                             const struct named *first, uint32_t count, struct buf *text)
{
    bool list = slice_is(first->name, "process.args");
    uint32_t n = 1;

    while (n < count && slice_eq(first[n].name, first->name))
        n++;
    list |= n > 1;
    if (list)
        json_open(w, '[');
    for (uint32_t i = 0; i < n; i++)
        append_value(w, &x->event->fields[first[i].at], text);
    if (list)
        json_close(w, ']');
    return n;
}

/* How many parts of `a` up to a dot also begin `b`. */
static size_t common_depth(struct slice a, struct slice b, size_t *ret_bytes)
{
    size_t depth = 0;

    *ret_bytes = 0;
    for (size_t i = 0; i < a.n && i < b.n && a.p[i] == b.p[i]; i++) {
        if (a.p[i] == '.') {
            depth++;
            *ret_bytes = i + 1;
        }
    }
    return depth;
}

/* Sorted names as objects in each other: "source.ip" is ip in source. */
static void write_nested(struct json_write *w, const struct view_event *x,
                         const struct named *names, uint32_t count, struct buf *text)
{
    struct slice before = SLICE_NULL;
    size_t depth = 0;

    for (uint32_t i = 0; i < count;) {
        struct slice rest = names[i].name;
        size_t bytes, keep = common_depth(before, rest, &bytes), dot;

        for (; depth > keep; depth--)
            json_close(w, '}');
        rest = slice_from(rest, bytes);
        while (depth < DEPTH_MAX && (dot = slice_find_byte(rest, '.')) != SIZE_MAX) {
            json_key_slice(w, slice_head(rest, dot));
            json_open(w, '{');
            rest = slice_from(rest, dot + 1);
            depth++;
        }
        json_key_slice(w, rest);
        before = names[i].name;
        i += write_values(w, x, &names[i], count - i, text);
    }
    for (; depth > 0; depth--)
        json_close(w, '}');
}

static void write_rule(struct json_write *w, const struct sigma_rule *rule)
{
    json_open(w, '{');
    if (rule->id.n > 0) {
        json_key(w, "id");
        json_text(w, rule->id);
    }
    json_key(w, "name");
    json_text(w, rule_title(rule, false));
    json_close(w, '}');
}

/* A list of the rules that look at the event, or of those that it matches. */
static void write_rules(struct json_write *w, const struct view_event *x, bool matched)
{
    json_open(w, '[');
    for (uint32_t i = 0; i < x->look->rule_count; i++) {
        const struct trace_rule *r = &x->look->rules[i];

        if (!matched || r->matches)
            write_rule(w, ruleset_rule(x->rules, r->rule));
    }
    json_close(w, ']');
}

static void write_look(struct json_write *w, const struct view_event *x)
{
    json_key(w, "route");
    json_open(w, '[');
    for (uint32_t i = 0; i < x->look->mapping_count; i++)
        json_text(w, x->look->mappings[i]);
    json_close(w, ']');
    json_key(w, "rules");
    write_rules(w, x, false);
    json_key(w, "matched");
    write_rules(w, x, true);
}

static void write_canh(struct json_write *w, const struct view_event *x, struct named *names,
                       uint32_t count, struct buf *text)
{
    const struct event *e = x->event;

    json_key(w, "canh");
    json_open(w, '{');
    json_key(w, "format");
    json_text(w, slice_str(x->format));
    json_key(w, "line");
    json_u64(w, e->sequence);
    json_key(w, "offset");
    json_u64(w, e->offset);
    if (e->flags & EVENT_TIME_LOCAL && x->zone == NULL) {
        json_key(w, "no_zone");
        json_bool(w, true);
    }
    if (e->flags & EVENT_TRUNCATED) {
        json_key(w, "truncated");
        json_bool(w, true);
    }
    if (e->flags & EVENT_FIELDS_LOST) {
        json_key(w, "fields_lost");
        json_bool(w, true);
    }
    if (x->look != NULL)
        write_look(w, x);
    json_key(w, "fields");
    if (x->record.n > 0) {
        buf_append_slice(w->out, x->record);
    } else {
        json_open(w, '{');
        for (uint32_t i = 0; i < count;) {
            json_key_slice(w, names[i].name);
            i += write_values(w, x, &names[i], count - i, text);
        }
        json_close(w, '}');
    }
    json_close(w, '}');
}

static void write_timestamp(struct json_write *w, const struct view_event *x)
{
    struct buf text = BUF_INIT(64);
    bool zoned;
    int64_t t = view_event_time(x, &zoned);

    if (t == TIME_NONE)
        return;
    json_key(w, "@timestamp");
    time_format(&text, t, 9);
    if (!zoned && text.len > 0)
        text.len--; /* Z */
    json_text(w, buf_slice(&text));
    buf_done(&text);
}

void view_json_event(struct buf *out, const struct view_event *x)
{
    struct named ecs[EVENT_FIELDS_MAX], owns[EVENT_FIELDS_MAX];
    struct json_write w = JSON_WRITE_INIT(out);
    struct buf text = BUF_INIT(VALUE_BYTES);
    uint32_t ecs_count = 0, own_count = 0;

    for (uint32_t i = 0; i < x->event->count && i < EVENT_FIELDS_MAX; i++) {
        struct slice name = view_event_name(x, i);

        if (name.n == 0 || slice_is(name, "@timestamp") || x->event->fields[i].type == VALUE_GROUP)
            continue;
        if (view_event_is_own(x, i))
            owns[own_count++] = (struct named){name, i};
        else
            ecs[ecs_count++] = (struct named){name, i};
    }
    qsort(ecs, ecs_count, sizeof(*ecs), json_event_compare);
    qsort(owns, own_count, sizeof(*owns), json_event_compare);
    json_open(&w, '{');
    write_timestamp(&w, x);
    write_nested(&w, x, ecs, ecs_count, &text);
    write_canh(&w, x, owns, own_count, &text);
    json_close(&w, '}');
    buf_putc(out, '\n');
    buf_done(&text);
}
