/* SPDX-License-Identifier: Apache-2.0 */
/* One alert as a line of JSON (docs/alert-json.md) or CSV. */
#include "detect/alert.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/json_write.h"
#include "base/num.h"
#include "base/time.h"
#include "base/width.h"
#include "sigma/explain.h"

enum {
    REASONS_MAX = 32,   /* fields told per alert */
    REASON_BYTES = 4096 /* of one value */
};

/* Fields that made the rule match, each once. */
struct reasons {
    struct slice fields[REASONS_MAX], values[REASONS_MAX];
    uint32_t count;
    struct slice mapping;
};

static void add_reason(void *ctx, struct slice field, struct slice value)
{
    struct reasons *r = ctx;

    if (field.n == 0)
        field = SLICE("*"); /* a keyword, somewhere in the event */
    for (uint32_t i = 0; i < r->count; i++) {
        if (slice_eq(r->fields[i], field))
            return;
    }
    if (r->count == REASONS_MAX)
        return;
    r->fields[r->count] = field;
    r->values[r->count++] = value;
}

/* What stands for a rule where something was not examined fully. */
static const struct sigma_rule not_examined = {
    .title = SLICE_INIT("Not examined fully"),
    .title_vi = SLICE_INIT("Chưa được xem xét hết"),
    .id = SLICE_INIT("canh:not-examined"),
    .path = SLICE_INIT("canh:not-examined"),
    .level = LEVEL_MEDIUM,
};

void alert_put_gaps(struct buf *out, unsigned gaps, const char *separator)
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

/* Why the rule matched: by the first variant whose route and condition hold. */
static void find_reasons(const struct alert *a, struct reasons *ret)
{
    const struct keys *keys = ruleset_keys(a->generation->rules);
    uint32_t count;
    const struct rule_variant *variants = ruleset_variants(a->generation->rules, a->rule, &count);

    *ret = (struct reasons){0};
    for (uint32_t i = 0; i < count; i++) {
        const struct rule_variant *v = &variants[i];
        const struct verdict *route, *condition;

        if (explain_expr(a->arena, v->route, a->event, keys, &route) < 0 || !route->holds ||
            explain_expr(a->arena, v->condition, a->event, keys, &condition) < 0 ||
            !condition->holds)
            continue;
        ret->mapping = v->mapping;
        explain_reasons(condition, add_reason, ret);
        return;
    }
}

/* At most n bytes, not through the middle of a character. */
static struct slice cut_text(struct slice s, size_t n)
{
    if (s.n <= n)
        return s;
    while (n > 0 && (s.p[n] & 0xC0) == 0x80)
        n--;
    return slice_head(s, n);
}

const struct field *alert_field(const struct event *e, uint32_t key)
{
    for (uint32_t i = 0; i < e->count; i++) {
        if (e->fields[i].key == key && e->fields[i].type <= VALUE_BOOL)
            return &e->fields[i];
    }
    return NULL;
}

/* A field's text, in the alert's arena; empty when there is none. */
static struct slice text_of(const struct alert *a, uint32_t key)
{
    const struct field *f = alert_field(a->event, key);

    buf_clear(a->text);
    if (f)
        field_text(f, a->text);
    return arena_dup(a->arena, buf_slice(a->text));
}

/* What several parts of a line need. */
struct parts {
    const struct sigma_rule *rule;
    struct slice host, channel, event_id, provider, record;
    struct alert_entity entity;
    char id[2 * ALERT_ID_BYTES + 1];
    struct reasons why;
};

int64_t origin_time(const struct origin *origin, const struct event *e, bool *ret_local)
{
    int64_t t = event_clock(e, ret_local);

    if (t == TIME_NONE || !*ret_local || !origin->zoned)
        return t;
    *ret_local = false;
    return t - origin->zone_s * TIME_SECOND;
}

/* The host (else the source, else the log) and the user. */
static void find_entity(const struct alert *a, struct parts *p)
{
    struct slice place = p->host;

    if (place.n == 0)
        place = a->origin->source;
    if (place.n == 0 && a->origin->path)
        place = slice_str(a->origin->path);
    p->entity = (struct alert_entity){.parts = {place}, .count = 1};
    buf_clear(a->text);
    actor_put(&a->generation->actors, a->event, a->text);
    if (a->text->len)
        p->entity.parts[p->entity.count++] = arena_dup(a->arena, buf_slice(a->text));
}

static void find_id(const struct alert *a, struct parts *p)
{
    int64_t at = a->origin->received != TIME_NONE ? a->origin->received : a->time;
    struct alert_key key = {.rule = p->rule->id.n ? p->rule->id : p->rule->path,
                            .rule_hash = p->rule->content_hash,
                            .entity = &p->entity,
                            .window = alert_window(at, a->origin->fold)};
    uint8_t id[ALERT_ID_BYTES];

    alert_id(&key, id);
    for (size_t i = 0; i < sizeof(id); i++)
        (void)snprintf(p->id + 2 * i, 3, "%02x", id[i]);
}

static void find_parts(const struct alert *a, struct parts *ret)
{
    arena_clear(a->arena);
    ret->rule = a->gaps ? &not_examined : ruleset_rule(a->generation->rules, a->rule);
    ret->host = text_of(a, KEY_COMPUTER);
    if (ret->host.n == 0)
        ret->host = text_of(a, KEY_HOST);
    ret->channel = text_of(a, KEY_CHANNEL);
    ret->event_id = text_of(a, KEY_EVENT_ID);
    ret->provider = text_of(a, KEY_PROVIDER);
    ret->record = text_of(a, KEY_RECORD_ID);
    find_entity(a, ret);
    find_id(a, ret);
    if (a->gaps)
        ret->why = (struct reasons){0};
    else
        find_reasons(a, &ret->why);
}

static void put_optional(struct json_write *w, const char *key, struct slice s)
{
    if (s.n == 0)
        return;
    json_key(w, key);
    json_text(w, s);
}

static void put_event(struct json_write *w, const struct alert *a, const struct parts *p)
{
    json_key(w, "event");
    json_open(w, '{');
    json_key(w, "kind");
    json_text(w, SLICE("alert"));
    put_optional(w, "code", p->event_id);
    put_optional(w, "provider", p->provider);
    json_key(w, "sequence");
    json_u64(w, a->event->sequence);
    put_optional(w, "original", a->original);
    json_close(w, '}');
}

static void put_rule(struct json_write *w, const struct sigma_rule *rule)
{
    json_key(w, "rule");
    json_open(w, '{');
    put_optional(w, "id", rule->id);
    json_key(w, "name");
    json_text(w, rule->title);
    json_key(w, "level");
    json_text(w, slice_str(rule_level_to_str(rule->level)));
    if (rule->status != STATUS_NONE)
        put_optional(w, "status", slice_str(rule_status_to_str(rule->status)));
    put_optional(w, "author", rule->author);
    put_optional(w, "description", rule->description);
    json_key(w, "path");
    json_text(w, rule->path);
    if (rule->tag_count) {
        json_key(w, "tags");
        json_open(w, '[');
        for (uint32_t i = 0; i < rule->tag_count; i++)
            json_text(w, rule->tags[i]);
        json_close(w, ']');
    }
    json_close(w, '}');
}

static void put_winlog(struct json_write *w, const struct parts *p)
{
    uint64_t number;

    if (p->channel.n == 0)
        return;
    json_key(w, "winlog");
    json_open(w, '{');
    json_key(w, "channel");
    json_text(w, p->channel);
    put_optional(w, "event_id", p->event_id);
    put_optional(w, "provider_name", p->provider);
    if (num_u64(p->record, &number) == 0) {
        json_key(w, "record_id");
        json_u64(w, number);
    }
    put_optional(w, "computer_name", p->host);
    json_close(w, '}');
}

static void put_place(struct json_write *w, const struct alert *a, const struct parts *p)
{
    json_key(w, "log");
    json_open(w, '{');
    if (a->origin->path) {
        json_key(w, "file");
        json_open(w, '{');
        json_key(w, "path");
        json_text(w, slice_str(a->origin->path));
        json_close(w, '}');
    }
    json_key(w, "offset");
    json_u64(w, a->event->offset);
    json_close(w, '}');
    if (p->host.n == 0)
        return;
    json_key(w, "host");
    json_open(w, '{');
    json_key(w, "name");
    json_text(w, p->host);
    json_close(w, '}');
}

static void put_flag(struct json_write *w, const char *key, bool set)
{
    if (!set)
        return;
    json_key(w, key);
    json_bool(w, true);
}

/* RFC 3339 without an offset. */
static void put_local_time(struct json_write *w, const struct alert *a)
{
    buf_clear(a->text);
    time_format(a->text, a->time, 9);
    json_key(w, "time_local");
    json_text(w, slice_head(buf_slice(a->text), a->text->len - 1));
}

/* Which alert this is, and how much of it: one match is an alert of count 1. */
static void put_identity(struct json_write *w, const struct alert *a, const struct parts *p)
{
    json_key(w, "alert_id");
    json_text(w, slice_str(p->id));
    json_key(w, "entity");
    json_open(w, '[');
    for (uint32_t i = 0; i < p->entity.count; i++)
        json_text(w, p->entity.parts[i]);
    json_close(w, ']');
    json_key(w, "count");
    json_u64(w, 1);
    if (a->time != TIME_NONE && a->local) {
        put_local_time(w, a);
    } else if (a->time != TIME_NONE) {
        json_key(w, "first");
        json_time(w, a->time);
        json_key(w, "last");
        json_time(w, a->time);
    }
    put_optional(w, "unit", a->origin->unit);
    put_optional(w, "source", a->origin->source);
    put_flag(w, "history", a->origin->history);
}

static void put_canh(struct json_write *w, const struct alert *a, const struct parts *p)
{
    char hash[17];

    (void)snprintf(hash, sizeof(hash), "%016" PRIx64, p->rule->content_hash);
    json_key(w, "canh");
    json_open(w, '{');
    json_key(w, "schema");
    json_u64(w, ALERT_SCHEMA);
    put_identity(w, a, p);
    json_key(w, "rule_hash");
    json_text(w, slice_str(hash));
    put_optional(w, "title_vi", p->rule->title_vi);
    put_optional(w, "advice_vi", p->rule->advice_vi);
    put_optional(w, "mapping", p->why.mapping);
    if (a->gaps) {
        buf_clear(a->text);
        alert_put_gaps(a->text, a->gaps, " ");
        put_optional(w, "why", buf_slice(a->text));
    }
    put_flag(w, "recovered", a->event->flags & EVENT_RECOVERED);
    put_flag(w, "damaged", a->event->flags & EVENT_DAMAGED);
    json_key(w, "matched");
    json_open(w, '{');
    for (uint32_t i = 0; i < p->why.count; i++) {
        json_key_slice(w, p->why.fields[i]);
        json_text(w, cut_text(p->why.values[i], REASON_BYTES));
    }
    json_close(w, '}');
    json_close(w, '}');
}

void alert_json(struct buf *out, const struct alert *a)
{
    struct json_write w = JSON_WRITE_INIT(out);
    struct parts p;

    find_parts(a, &p);
    json_open(&w, '{');
    if (a->time != TIME_NONE && !a->local) {
        json_key(&w, "@timestamp");
        json_time(&w, a->time);
    }
    put_event(&w, a, &p);
    put_rule(&w, p.rule);
    put_place(&w, a, &p);
    put_winlog(&w, &p);
    json_key(&w, "ecs");
    json_open(&w, '{');
    json_key(&w, "version");
    json_text(&w, SLICE("8.11"));
    json_close(&w, '}');
    put_canh(&w, a, &p);
    json_close(&w, '}');
    buf_putc(out, '\n');
}

/*
 * A quoted cell and a comma; one line whatever is in it. Text that a spreadsheet would run as a
 * formula gets a ' before it.
 */
static void put_cell(struct buf *out, const struct alert *a, struct slice s)
{
    struct slice safe, part;
    bool first = true;

    buf_clear(a->text);
    text_put_safe(a->text, s);
    safe = buf_slice(a->text);
    buf_putc(out, '"');
    if (safe.n && slice_find_byte(SLICE("=+-@"), safe.p[0]) != SIZE_MAX)
        buf_putc(out, '\'');
    while (safe.p && slice_cut(&safe, '"', &part)) {
        if (!first)
            buf_puts(out, "\"\"");
        buf_put_slice(out, part);
        first = false;
    }
    buf_puts(out, "\",");
}

void alert_csv_head(struct buf *out)
{
    buf_puts(out, "\xEF\xBB\xBF"
                  "time,level,rule,rule_id,tags,host,channel,event_id,record,"
                  "file,offset,matched,title_vi,marks\r\n");
}

static struct slice joined_tags(const struct alert *a, const struct sigma_rule *rule)
{
    buf_clear(a->text);
    for (uint32_t i = 0; i < rule->tag_count; i++) {
        buf_puts(a->text, i ? " " : "");
        buf_put_slice(a->text, rule->tags[i]);
    }
    return arena_dup(a->arena, buf_slice(a->text));
}

static struct slice joined_reasons(const struct alert *a, const struct reasons *why)
{
    buf_clear(a->text);
    for (uint32_t i = 0; i < why->count; i++) {
        buf_puts(a->text, i ? "; " : "");
        buf_put_slice(a->text, why->fields[i]);
        buf_puts(a->text, ": ");
        buf_put_slice(a->text, cut_text(why->values[i], REASON_BYTES));
    }
    return arena_dup(a->arena, buf_slice(a->text));
}

void alert_csv(struct buf *out, const struct alert *a)
{
    static const char *const marks[2][2] = {{"", "damaged"}, {"recovered", "recovered damaged"}};
    struct parts p;

    find_parts(a, &p);
    if (a->time != TIME_NONE)
        time_format(out, a->time, 3);
    if (a->time != TIME_NONE && a->local)
        out->len--; /* no Z */
    buf_putc(out, ',');
    put_cell(out, a, slice_str(rule_level_to_str(p.rule->level)));
    put_cell(out, a, p.rule->title);
    put_cell(out, a, p.rule->id);
    put_cell(out, a, joined_tags(a, p.rule));
    put_cell(out, a, p.host);
    put_cell(out, a, p.channel);
    put_cell(out, a, p.event_id);
    buf_put_u64(out, a->event->sequence);
    buf_putc(out, ',');
    put_cell(out, a, slice_str(a->origin->path ? a->origin->path : ""));
    buf_put_u64(out, a->event->offset);
    buf_putc(out, ',');
    put_cell(out, a, joined_reasons(a, &p.why));
    put_cell(out, a, p.rule->title_vi);
    if (a->gaps) {
        buf_puts(out, "not examined: ");
        alert_put_gaps(out, a->gaps, " ");
        buf_puts(out, "\r\n");
        return;
    }
    buf_puts(
        out,
        marks[a->event->flags & EVENT_RECOVERED ? 1 : 0][a->event->flags & EVENT_DAMAGED ? 1 : 0]);
    buf_puts(out, "\r\n");
}
