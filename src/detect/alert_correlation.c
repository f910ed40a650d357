/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/alert_correlation.h"

#include "base/hex.h"
#include "base/time.h"
#include "detect/alert_internal.h"
#include "sigma/correlation.h"

enum { TEXT_MAX = 16 * 1024 * 1024 };

static const struct sigma_correlation *correlation_of(const struct correlation_alert *a)
{
    return ruleset_correlation(a->generation->rules, a->index);
}

static const struct sigma_rule *rule_of(const struct correlation_alert *a)
{
    return a->incomplete ? &alert_not_examined : &correlation_of(a)->rule;
}

static uint32_t group_count(const struct correlation_alert *a)
{
    return a->incomplete ? 0 : correlation_of(a)->group_count;
}

struct slice correlation_alert_host(const struct correlation_alert *a)
{
    static const char *const names[] = {"Computer", "host.hostname", "host.name", "hostname"};

    for (uint32_t i = 0; i < group_count(a); i++) {
        for (size_t k = 0; k < CANH_LEN(names); k++) {
            if (slice_is(correlation_of(a)->group_by[i], names[k]))
                return a->group[i];
        }
    }
    return SLICE("");
}

/* RFC 3339, without an offset where some of the times name no zone. */
static void write_time(struct json_write *w, const char *key, const struct correlation_alert *a,
                       int64_t time)
{
    struct buf text = BUF_INIT(64);

    time_format(&text, time, 9);
    text.len -= a->local;
    json_key(w, key);
    json_text(w, buf_slice(&text));
    buf_done(&text);
}

static void write_id(struct json_write *w, const struct correlation_alert *a)
{
    const struct sigma_rule *rule = rule_of(a);
    struct alert_entity entity = {0};
    struct alert_key key = {.rule = rule->id.n ? rule->id : rule->path,
                            .rule_hash = rule->content_hash,
                            .entity = &entity,
                            .window = a->incomplete ? 0 : a->from};
    uint8_t id[ALERT_ID_BYTES];
    char digits[2 * ALERT_ID_BYTES];

    for (uint32_t i = 0; i < group_count(a) && i < ALERT_ENTITY_PARTS; i++)
        entity.parts[entity.count++] = a->group[i];
    if (a->incomplete)
        entity.parts[entity.count++] = correlation_of(a)->rule.title;
    alert_id(&key, id);
    hex_write(digits, id, sizeof(id));
    json_key(w, "alert_id");
    json_text(w, slice_of((const uint8_t *)digits, sizeof(digits)));
    json_key(w, "entity");
    json_open(w, '[');
    for (uint32_t i = 0; i < entity.count; i++)
        json_text(w, entity.parts[i]);
    json_close(w, ']');
}

static void write_events(struct json_write *w, const struct correlation_alert *a)
{
    json_key(w, "events");
    json_open(w, '[');
    for (uint32_t i = 0; i < a->event_count; i++) {
        const struct correlation_event *e = &a->events[i];

        json_open(w, '{');
        write_time(w, "time", a, e->time);
        json_key(w, "path");
        json_text(w, slice_str(e->path));
        json_key(w, "offset");
        json_u64(w, e->offset);
        json_key(w, "rule");
        json_text(w, e->rule);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_correlation(struct json_write *w, const struct correlation_alert *a)
{
    json_key(w, "correlation");
    json_open(w, '{');
    json_key(w, "type");
    json_text(w, slice_str(correlation_type_to_str(correlation_of(a)->type)));
    if (a->incomplete) {
        json_key(w, "rule");
        json_text(w, correlation_of(a)->rule.title);
        json_close(w, '}');
        return;
    }
    write_time(w, "from", a, a->from);
    write_time(w, "to", a, a->to);
    json_key(w, "count");
    json_u64(w, a->count);
    write_events(w, a);
    json_close(w, '}');
}

static void write_canh(struct json_write *w, const struct correlation_alert *a)
{
    json_key(w, "canh");
    json_open(w, '{');
    json_key(w, "schema");
    json_u64(w, ALERT_SCHEMA);
    write_id(w, a);
    json_key(w, "count");
    json_u64(w, 1);
    if (a->local)
        write_time(w, "time_local", a, a->time);
    if (!a->incomplete && !a->local) {
        write_time(w, "first", a, a->from);
        write_time(w, "last", a, a->to);
    }
    alert_write_rule_canh(w, rule_of(a));
    if (a->incomplete)
        json_optional(w, "why", SLICE("correlation"));
    json_optional(w, "suppression", a->suppression);
    write_correlation(w, a);
    json_key(w, "matched");
    json_open(w, '{');
    for (uint32_t i = 0; i < group_count(a); i++) {
        json_key_slice(w, correlation_of(a)->group_by[i]);
        json_text(w, alert_value_text(a->group[i]));
    }
    json_close(w, '}');
    json_close(w, '}');
}

static void write_log(struct json_write *w, const struct correlation_alert *a)
{
    json_key(w, "log");
    json_open(w, '{');
    if (a->path) {
        json_key(w, "file");
        json_open(w, '{');
        json_key(w, "path");
        json_text(w, slice_str(a->path));
        json_close(w, '}');
    }
    json_key(w, "offset");
    json_u64(w, a->offset);
    json_close(w, '}');
}

void correlation_alert_json(struct buf *out, const struct correlation_alert *a)
{
    struct json_write w = JSON_WRITE_INIT(out);
    struct slice host = correlation_alert_host(a);

    json_open(&w, '{');
    if (!a->incomplete && !a->local)
        write_time(&w, "@timestamp", a, a->time);
    json_key(&w, "event");
    json_open(&w, '{');
    json_key(&w, "kind");
    json_text(&w, SLICE("alert"));
    json_close(&w, '}');
    json_key(&w, "rule");
    alert_write_rule(&w, rule_of(a));
    write_log(&w, a);
    if (host.n) {
        json_key(&w, "host");
        json_open(&w, '{');
        json_key(&w, "name");
        json_text(&w, host);
        json_close(&w, '}');
    }
    json_key(&w, "ecs");
    json_open(&w, '{');
    json_key(&w, "version");
    json_text(&w, SLICE("8.11"));
    json_close(&w, '}');
    write_canh(&w, a);
    json_close(&w, '}');
    buf_putc(out, '\n');
}

/* "user: x; source.ip: y", or which correlation is not exact. */
static void join_group(struct buf *to, const struct correlation_alert *a)
{
    if (a->incomplete)
        buf_append_slice(to, correlation_of(a)->rule.title);
    for (uint32_t i = 0; i < group_count(a); i++) {
        buf_puts(to, i ? "; " : "");
        buf_append_slice(to, correlation_of(a)->group_by[i]);
        buf_puts(to, ": ");
        buf_append_slice(to, alert_value_text(a->group[i]));
    }
}

static void join_tags(struct buf *to, const struct sigma_rule *rule)
{
    for (uint32_t i = 0; i < rule->tag_count; i++) {
        buf_puts(to, i ? " " : "");
        buf_append_slice(to, rule->tags[i]);
    }
}

void correlation_alert_csv(struct buf *out, const struct correlation_alert *a)
{
    struct buf text = BUF_INIT(TEXT_MAX), joined = BUF_INIT(TEXT_MAX);
    const struct sigma_rule *rule = rule_of(a);

    if (!a->incomplete)
        time_format(out, a->time, 3);
    out->len -= a->local;
    buf_putc(out, ',');
    alert_write_cell(out, &text, slice_str(rule_level_to_str(rule->level)));
    alert_write_cell(out, &text, rule->title);
    alert_write_cell(out, &text, rule->id);
    join_tags(&joined, rule);
    alert_write_cell(out, &text, buf_slice(&joined));
    alert_write_cell(out, &text, correlation_alert_host(a));
    buf_puts(out, ",,,");
    alert_write_cell(out, &text, slice_str(a->path ? a->path : ""));
    buf_append_u64(out, a->offset);
    buf_putc(out, ',');
    buf_clear(&joined);
    join_group(&joined, a);
    alert_write_cell(out, &text, buf_slice(&joined));
    alert_write_cell(out, &text, rule->title_vi);
    buf_puts(out, a->incomplete      ? "not examined: correlation\r\n"
                  : a->suppression.n ? "correlation suppressed\r\n"
                                     : "correlation\r\n");
    buf_done(&text);
    buf_done(&joined);
}
