/* SPDX-License-Identifier: Apache-2.0 */
/* One alert as a line of JSON (docs/alert-json.md) or CSV. */
#include "detect/alert.h"

#include "base/err.h"
#include "base/json_write.h"
#include "base/num.h"
#include "base/time.h"
#include "base/width.h"
#include "base/zone.h"
#include "detect/alert_internal.h"

void alert_write_gaps(struct buf *out, unsigned gaps, const char *separator)
{
    static const char *const names[] = {"fields", "size", "regex", "cut"};
    bool first = true;

    for (size_t i = 0; i < CANH_LEN(names); i++) {
        if (!(gaps >> i & 1))
            continue;
        buf_puts(out, first ? "" : separator);
        buf_puts(out, names[i]);
        first = false;
    }
}

int64_t origin_time(const struct origin *origin, const struct event *e, bool *ret_local)
{
    int64_t t = event_clock(e, ret_local);

    if (t == TIME_NONE || !*ret_local || origin->zone == NULL)
        return t;
    *ret_local = false;
    return zone_from_wall(origin->zone, t);
}

/* The event up to its original, and the key of the rule behind it: alert_json(). */
static void write_event(struct json_write *w, const struct alert *a, const struct alert_parts *p)
{
    json_key(w, "event");
    json_open(w, '{');
    json_members(w, SLICE("\"kind\":\"alert\""));
    json_optional(w, "code", p->event_id);
    json_optional(w, "provider", p->provider);
    json_key(w, "sequence");
    json_u64(w, a->event->sequence);
}

static void write_winlog(struct json_write *w, const struct alert_parts *p)
{
    uint64_t number;

    if (p->channel.n == 0)
        return;
    json_key(w, "winlog");
    json_open(w, '{');
    json_key(w, "channel");
    json_text(w, p->channel);
    json_optional(w, "event_id", p->event_id);
    json_optional(w, "provider_name", p->provider);
    if (num_u64(p->record, &number) == 0) {
        json_key(w, "record_id");
        json_u64(w, number);
    }
    json_optional(w, "computer_name", p->host);
    json_close(w, '}');
}

static void write_place(struct json_write *w, const struct alert *a, const struct alert_parts *p)
{
    json_key(w, "log");
    json_open(w, '{');
    if (a->origin->path) {
        json_members(w, SLICE("\"file\":{\"path\":"));
        w->comma = false;
        json_text(w, slice_str(a->origin->path));
        json_close(w, '}');
    }
    json_key(w, "offset");
    json_u64(w, a->event->offset);
    json_close(w, '}');
    if (p->host.n == 0)
        return;
    json_members(w, SLICE("\"host\":{\"name\":"));
    w->comma = false;
    json_text(w, p->host);
    json_close(w, '}');
}

static void write_flag(struct json_write *w, const char *key, bool set)
{
    if (!set)
        return;
    json_key(w, key);
    json_bool(w, true);
}

/* RFC 3339 with quotes; without an offset where the zone is not known. Empty without a time. */
static struct slice alert_time(const struct alert *a, struct buf *text)
{
    if (a->time == TIME_NONE)
        return SLICE("");
    buf_putc(text, '"');
    time_format(text, a->time, 9);
    text->len -= a->local;
    buf_putc(text, '"');
    return buf_slice(text);
}

/* Behind an alert's id: whom it is about, and how much of it. One match is an alert of count 1. */
static void write_identity(struct json_write *w, const struct alert *a, const struct alert_parts *p,
                           struct slice time)
{
    json_key(w, "entity");
    json_open(w, '[');
    for (uint32_t i = 0; i < p->entity.count; i++)
        json_text(w, p->entity.parts[i]);
    json_close(w, ']');
    json_members(w, SLICE("\"count\":1"));
    if (time.n && a->local) {
        json_key(w, "time_local");
        json_members(w, time);
    } else if (time.n) {
        json_key(w, "first");
        json_members(w, time);
        json_key(w, "last");
        json_members(w, time);
    }
    json_optional(w, "unit", a->origin->unit);
    json_optional(w, "source", a->origin->source);
    write_flag(w, "history", a->origin->history);
}

static const struct alert_pieces *find_pieces(const struct alert *a, const struct alert_parts *p)
{
    struct alert_pieces *ret = alert_pieces(a);
    struct json_write w = JSON_WRITE_INIT(&ret->text);
    uint8_t room[64];
    struct buf time_text = {.p = room, .cap = sizeof(room), .max = sizeof(room)};
    struct slice time;

    if (ret->written)
        return ret;
    ret->written = true;
    buf_clear(&ret->text);
    time = alert_time(a, &time_text);
    json_open(&w, '{');
    if (time.n && !a->local) {
        json_key(&w, "@timestamp");
        json_members(&w, time);
    }
    write_event(&w, a, p);
    ret->original_at = ret->text.len;
    write_place(&w, a, p);
    write_winlog(&w, p);
    json_members(&w, SLICE("\"ecs\":{\"version\":\"8.11\"},\"canh\":{\"schema\":"));
    buf_append_u64(w.out, ALERT_SCHEMA);
    json_members(&w, SLICE("\"alert_id\":\""));
    ret->id_at = ret->text.len;
    buf_putc(w.out, '"');
    write_identity(&w, a, p, time);
    return ret;
}

/* Mostly it stands in the record as it is to be written. */
static void write_value(struct json_write *w, const struct alert *a, const struct reason *reason)
{
    const struct field *f = reason->value;
    struct buf *text;

    if (f != NULL && f->form == FORM_JSON && f->n <= REASON_BYTES &&
        json_inside(w, slice_of(f->text, f->n)))
        return;
    text = alert_scratch(a);
    alert_append_value(text, reason);
    json_text(w, buf_slice(text));
}

static void write_matched(struct json_write *w, const struct alert *a,
                          const struct match_reasons *why)
{
    json_key(w, "matched");
    json_open(w, '{');
    for (uint32_t i = 0; i < why->count; i++) {
        json_key_slice(w, alert_reason_name(&why->reasons[i]));
        write_value(w, a, &why->reasons[i]);
    }
    json_close(w, '}');
}

static void write_canh(struct json_write *w, const struct alert *a, const struct alert_parts *p)
{
    json_members(w, p->canh_json);
    json_optional(w, "mapping", p->why.mapping);
    if (a->gaps) {
        struct buf *text = alert_scratch(a);

        alert_write_gaps(text, a->gaps, " ");
        json_optional(w, "why", buf_slice(text));
    }
    json_optional(w, "suppression", a->suppression);
    write_flag(w, "recovered", a->event->flags & EVENT_RECOVERED);
    write_flag(w, "damaged", a->event->flags & EVENT_DAMAGED);
    write_matched(w, a, &p->why);
}

void alert_json(struct buf *out, const struct alert *a)
{
    const struct alert_parts *p = alert_parts(a);
    const struct alert_pieces *pieces = find_pieces(a, p);
    struct slice text = buf_slice(&pieces->text), place;
    struct json_write w = {.out = out, .comma = true};

    if (pieces->text.err != 0 || p->rule_json.p == NULL || p->canh_json.p == NULL) {
        if (out->err == 0)
            out->err = pieces->text.err ? pieces->text.err : -CE_NOMEM;
        return;
    }
    place = slice_head(slice_from(text, pieces->original_at), pieces->id_at - pieces->original_at);
    buf_append_slice(out, slice_head(text, pieces->original_at));
    json_optional(&w, "original", a->original);
    buf_append_slice(out, SLICE("},\"rule\":"));
    buf_append_slice(out, p->rule_json);
    buf_append_slice(out, place);
    buf_append(out, p->id, sizeof(p->id));
    buf_append_slice(out, slice_from(text, pieces->id_at));
    write_canh(&w, a, p);
    buf_append_slice(out, SLICE("}}\n"));
}

/*
 * A quoted cell and a comma; one line whatever is in it. Text that a spreadsheet would run as a
 * formula gets a ' before it.
 */
void alert_write_cell(struct buf *out, struct buf *text, struct slice s)
{
    struct slice safe, part;
    bool first = true;

    buf_clear(text);
    text_write_safe(text, s);
    safe = buf_slice(text);
    buf_putc(out, '"');
    if (safe.n && slice_find_byte(SLICE("=+-@"), safe.p[0]) != SIZE_MAX)
        buf_putc(out, '\'');
    while (safe.p && slice_cut(&safe, '"', &part)) {
        if (!first)
            buf_puts(out, "\"\"");
        buf_append_slice(out, part);
        first = false;
    }
    buf_puts(out, "\",");
}

static void write_cell(struct buf *out, const struct alert *a, struct slice s)
{
    alert_write_cell(out, alert_scratch(a), s);
}

void alert_csv_head(struct buf *out)
{
    buf_puts(out, "\xEF\xBB\xBF"
                  "time,level,rule,rule_id,tags,host,channel,event_id,record,"
                  "file,offset,matched,title_vi,marks\r\n");
}

static struct slice joined_tags(const struct alert *a, const struct sigma_rule *rule)
{
    struct buf *text = alert_scratch(a);

    for (uint32_t i = 0; i < rule->tag_count; i++) {
        buf_puts(text, i ? " " : "");
        buf_append_slice(text, rule->tags[i]);
    }
    return alert_keep_scratch(a);
}

static struct slice joined_reasons(const struct alert *a, const struct match_reasons *why)
{
    struct buf *text = alert_scratch(a);

    for (uint32_t i = 0; i < why->count; i++) {
        buf_puts(text, i ? "; " : "");
        buf_append_slice(text, alert_reason_name(&why->reasons[i]));
        buf_puts(text, ": ");
        alert_append_value(text, &why->reasons[i]);
    }
    return alert_keep_scratch(a);
}

/* RFC 3339 in the zone that was asked for; without one where the time has none. */
static void write_csv_time(struct buf *out, const struct alert *a)
{
    const struct zone *shown = a->local ? NULL : a->origin->shown;
    int minutes = shown ? zone_at(shown, a->time) / 60 : 0, size = minutes < 0 ? -minutes : minutes;

    if (a->time == TIME_NONE)
        return;
    time_format(out, a->time + minutes * TIME_MINUTE, 3);
    if (a->local || minutes != 0)
        out->len--; /* no Z */
    if (minutes != 0)
        buf_printf(out, "%c%02d:%02d", minutes < 0 ? '-' : '+', size / 60, size % 60);
}

void alert_csv(struct buf *out, const struct alert *a)
{
    static const char *const marks[2][2] = {{"", "damaged"}, {"recovered", "recovered damaged"}};
    const struct alert_parts *p = alert_parts(a);

    write_csv_time(out, a);
    buf_putc(out, ',');
    write_cell(out, a, slice_str(rule_level_to_str(p->rule->level)));
    write_cell(out, a, p->rule->title);
    write_cell(out, a, p->rule->id);
    write_cell(out, a, joined_tags(a, p->rule));
    write_cell(out, a, p->host);
    write_cell(out, a, p->channel);
    write_cell(out, a, p->event_id);
    buf_append_u64(out, a->event->sequence);
    buf_putc(out, ',');
    write_cell(out, a, slice_str(a->origin->path ? a->origin->path : ""));
    buf_append_u64(out, a->event->offset);
    buf_putc(out, ',');
    write_cell(out, a, joined_reasons(a, &p->why));
    write_cell(out, a, p->rule->title_vi);
    if (a->gaps) {
        buf_puts(out, "not examined: ");
        alert_write_gaps(out, a->gaps, " ");
        buf_puts(out, "\r\n");
        return;
    }
    if (a->suppression.n)
        buf_puts(out, "suppressed ");
    buf_puts(
        out,
        marks[a->event->flags & EVENT_RECOVERED ? 1 : 0][a->event->flags & EVENT_DAMAGED ? 1 : 0]);
    buf_puts(out, "\r\n");
}
