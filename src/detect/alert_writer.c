/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of an alert: what an event has for all its rules, what a rule has for all events. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/hex.h"
#include "base/json_write.h"
#include "detect/alert_internal.h"

enum {
    TEXT_MAX = 16 * 1024 * 1024,
    EVENT_BYTES_MAX = 256 * 1024 * 1024,
    RULES_BYTES_MAX = 64 * 1024 * 1024,
};

const struct sigma_rule alert_not_examined = {
    .title = SLICE_INIT("Not examined fully"),
    .title_vi = SLICE_INIT("Chưa được xem xét hết"),
    .id = SLICE_INIT("canh:not-examined"),
    .path = SLICE_INIT("canh:not-examined"),
    .level = LEVEL_MEDIUM,
};

/* A rule's share of its alerts. */
struct rule_share {
    const struct sigma_rule *rule;
    struct blake2b id; /* alert_id_begin() */
    struct slice json, canh_json;
};

struct alert_writer {
    const struct generation *generation;
    struct reasons *reasons;
    struct rule_share **rules; /* by rule, and one more for what was not examined; NULL until its
                                * first alert */
    struct rule_share spare;   /* of the present alert, where there was no memory to keep one */
    struct arena rules_arena, event_arena;
    struct buf text;
    struct alert_parts parts;
    struct alert_pieces pieces;
    bool fresh; /* parts are of the present event */
};

struct alert_writer *alert_writer_new(const struct generation *g)
{
    struct alert_writer *w = calloc(1, sizeof(*w));

    if (w == NULL)
        return NULL;
    w->generation = g;
    w->text = BUF_INIT(TEXT_MAX);
    w->pieces.text = BUF_INIT(EVENT_BYTES_MAX);
    w->rules_arena = ARENA_INIT(RULES_BYTES_MAX);
    w->event_arena = ARENA_INIT(EVENT_BYTES_MAX);
    w->reasons = reasons_new(g->rules);
    w->rules = calloc((size_t)ruleset_count(g->rules) + 1, sizeof(struct rule_share *));
    return w->reasons && w->rules ? w : alert_writer_free(w);
}

struct alert_writer *alert_writer_free(struct alert_writer *w)
{
    if (w == NULL)
        return NULL;
    w->reasons = reasons_free(w->reasons);
    free(w->rules);
    arena_done(&w->rules_arena);
    arena_done(&w->event_arena);
    buf_done(&w->text);
    buf_done(&w->pieces.text);
    free(w);
    return NULL;
}

void alert_writer_begin(struct alert_writer *w)
{
    w->fresh = false;
}

const struct generation *alert_generation(const struct alert *a)
{
    return a->writer->generation;
}

struct buf *alert_scratch(const struct alert *a)
{
    buf_clear(&a->writer->text);
    return &a->writer->text;
}

struct slice alert_keep_scratch(const struct alert *a)
{
    return arena_dup(&a->writer->event_arena, buf_slice(&a->writer->text));
}

struct slice alert_value_text(struct slice value)
{
    return slice_head_utf8(value, REASON_BYTES);
}

void alert_append_value(struct buf *out, const struct reason *reason)
{
    size_t at = out->len;

    if (reason->value == NULL)
        return;
    field_text(reason->value, out);
    out->len = at + alert_value_text(slice_from(buf_slice(out), at)).n;
}

struct slice alert_reason_name(const struct reason *reason)
{
    return reason->field.n ? reason->field : SLICE("*");
}

void alert_reasons(const struct alert *a,
                   void (*fn)(void *ctx, struct slice field, struct slice value), void *ctx)
{
    const struct match_reasons *why = &alert_parts(a)->why;

    for (uint32_t i = 0; i < why->count; i++) {
        struct buf *text = alert_scratch(a);

        alert_append_value(text, &why->reasons[i]);
        fn(ctx, alert_reason_name(&why->reasons[i]), buf_slice(text));
    }
}

const struct field *alert_field(const struct event *e, uint32_t key)
{
    for (uint32_t i = 0; i < e->count; i++) {
        if (e->fields[i].key == key && value_type_has_text(e->fields[i].type))
            return &e->fields[i];
    }
    return NULL;
}

/* A field's text, until the next event; empty when there is none. */
static struct slice text_of(const struct alert *a, const struct field *f)
{
    if (f == NULL)
        return SLICE("");
    if (f->form == FORM_UTF8)
        return slice_of(f->text, f->n);
    field_text(f, alert_scratch(a));
    return alert_keep_scratch(a);
}

/* The asset (else the host, the source, the log) and the user. */
static void find_entity(const struct alert *a, struct alert_parts *p)
{
    const struct alert_writer *w = a->writer;
    struct slice place = a->origin->asset.n ? a->origin->asset : p->host;

    if (place.n == 0)
        place = a->origin->source;
    if (place.n == 0 && a->origin->path)
        place = slice_str(a->origin->path);
    p->entity = (struct alert_entity){.parts = {place}, .count = 1};
    actor_write(&w->generation->actors, a->event, alert_scratch(a));
    if (w->text.len)
        p->entity.parts[p->entity.count++] = alert_keep_scratch(a);
}

/* What the event says, once for all its rules. */
static void find_event(const struct alert *a, struct alert_parts *p)
{
    const struct event *e = a->event;
    const struct field *first[KEY_WELL_KNOWN_END] = {NULL};

    for (uint32_t i = e->count; i > 0; i--) {
        const struct field *f = &e->fields[i - 1];

        if (f->key < KEY_WELL_KNOWN_END && value_type_has_text(f->type))
            first[f->key] = f;
    }
    arena_clear(&a->writer->event_arena);
    p->host = text_of(a, first[KEY_COMPUTER]);
    if (p->host.n == 0)
        p->host = text_of(a, first[KEY_HOST]);
    p->channel = text_of(a, first[KEY_CHANNEL]);
    p->event_id = text_of(a, first[KEY_EVENT_ID]);
    p->provider = text_of(a, first[KEY_PROVIDER]);
    p->record = text_of(a, first[KEY_RECORD_ID]);
    find_entity(a, p);
    reasons_begin(a->writer->reasons, e);
    a->writer->pieces.written = false;
    a->writer->fresh = true;
}

void alert_write_rule(struct json_write *w, const struct sigma_rule *rule)
{
    json_open(w, '{');
    json_optional(w, "id", rule->id);
    json_key(w, "name");
    json_text(w, rule->title);
    json_key(w, "level");
    json_text(w, slice_str(rule_level_to_str(rule->level)));
    if (rule->status != STATUS_NONE)
        json_optional(w, "status", slice_str(rule_status_to_str(rule->status)));
    json_optional(w, "author", rule->author);
    json_optional(w, "description", rule->description);
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

void alert_write_rule_canh(struct json_write *w, const struct sigma_rule *rule)
{
    char hash[17];

    (void)snprintf(hash, sizeof(hash), "%016" PRIx64, rule->content_hash);
    json_key(w, "rule_hash");
    json_text(w, slice_str(hash));
    json_optional(w, "title_vi", rule->title_vi);
    json_optional(w, "meaning_vi", rule->meaning_vi);
    json_optional(w, "advice", rule->advice);
    json_optional(w, "advice_vi", rule->advice_vi);
}

static struct slice alert_writer_result(const struct alert *a,
                                        void (*put)(struct json_write *, const struct sigma_rule *),
                                        const struct sigma_rule *rule)
{
    struct json_write w = JSON_WRITE_INIT(alert_scratch(a));

    put(&w, rule);
    return arena_dup(&a->writer->rules_arena, buf_slice(w.out));
}

/* What the rule says, once for all events. */
static const struct rule_share *find_rule(const struct alert *a)
{
    struct alert_writer *w = a->writer;
    const struct ruleset *rules = w->generation->rules;
    uint32_t number = a->gaps ? ruleset_count(rules) : a->rule;
    struct rule_share *share = w->rules[number];
    const struct sigma_rule *rule;

    if (share != NULL)
        return share;
    rule = a->gaps ? &alert_not_examined : ruleset_rule(rules, a->rule);
    share = arena_new(&w->rules_arena, struct rule_share);
    if (share == NULL)
        share = &w->spare;
    share->rule = rule;
    alert_id_begin(&share->id, rule->id.n ? rule->id : rule->path, rule->content_hash);
    share->json = alert_writer_result(a, alert_write_rule, rule);
    share->canh_json = alert_writer_result(a, alert_write_rule_canh, rule);
    if (share != &w->spare && share->json.p && share->canh_json.p)
        w->rules[number] = share;
    return share;
}

static void find_id(const struct alert *a, const struct blake2b *rule, struct alert_parts *p)
{
    int64_t at = a->origin->received != TIME_NONE ? a->origin->received : a->time;
    struct blake2b id = *rule;

    p->window = alert_window(at, a->origin->fold);
    alert_id_end(&id, &p->entity, p->window, p->id_bytes);
    hex_write(p->id, p->id_bytes, sizeof(p->id_bytes));
}

const struct alert_parts *alert_parts(const struct alert *a)
{
    struct alert_parts *p = &a->writer->parts;
    const struct rule_share *share;

    if (!a->writer->fresh)
        find_event(a, p);
    share = find_rule(a);
    p->rule = share->rule;
    p->rule_json = share->json;
    p->canh_json = share->canh_json;
    find_id(a, &share->id, p);
    p->why = a->gaps ? (struct match_reasons){0} : reasons_find(a->writer->reasons, a->variant);
    return p;
}

struct alert_pieces *alert_pieces(const struct alert *a)
{
    return &a->writer->pieces;
}
