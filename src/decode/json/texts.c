/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records, or an event's data, inside a string of the record: as JSON, as XML or as Windows' own
 * words. They are looked into when the record is complete, because what a program says (a message)
 * must not pass for the event of a record that says itself which event it is.
 */
#include <stdlib.h>

#include "base/num.h"
#include "decode/json/internal.h"
#include "decode/text/rendered.h"
#include "decode/text/wineventlog.h"
#include "decode/text/xml_event.h"

static bool begins_document(const struct field *f)
{
    static const char *const escapes[] = {"\\u003c", "\\u003C", "\\r", "\\n", "\\t", "\\ufeff"};
    struct slice s = slice_trim(slice_of(f->text, f->n));

    if (s.n > 0 && slice_find_byte(SLICE("{[<"), s.p[0]) != SIZE_MAX)
        return true;
    for (size_t i = 0; i < CANH_LEN(escapes); i++) {
        if (slice_starts(s, slice_str(escapes[i])))
            return true;
    }
    return false;
}

/* In a document in a text only XML is looked into: so no depth is without an end. */
static bool begins_xml(const struct field *f)
{
    struct slice s = slice_trim(slice_of(f->text, f->n));

    return slice_starts(s, SLICE("<")) || slice_starts(s, SLICE("\\u003c")) ||
           slice_starts(s, SLICE("\\u003C"));
}

/* 01/02/2026, also with the slashes escaped. */
static bool begins_with_time(const struct field *f)
{
    return f->n > 5 && (uint8_t)(f->text[0] - '0') < 2 &&
           (f->text[2] == '/' || (f->text[2] == '\\' && f->text[3] == '/'));
}

/* A message that is no document may tell the event's data. */
static void note_message(struct json_walk *w, const struct field *f)
{
    struct json_decoder *d = w->decoder;

    if (d->said == 0 || f->n > w->fields[d->said - 1].n)
        d->said = (uint32_t)(f - w->fields) + 1;
}

void json_text_note(struct json_walk *w, const struct json_node *node, const struct field *f)
{
    struct json_decoder *d = w->decoder;

    if (f->type != VALUE_STRING || (w->nested && !begins_xml(f)))
        return;
    if (begins_document(f) || (node->role == SHAPE_RECORD && begins_with_time(f))) {
        if (d->text_count < JSON_TEXTS_MAX)
            d->texts[d->text_count++] = (struct json_text){(uint32_t)(f - w->fields), node->role};
        else
            w->lost = true;
    } else if (node->role == SHAPE_MESSAGE || node->role == SHAPE_ORIGINAL) {
        note_message(w, f);
    }
}

/* Appends what the XML gave. */
static void append_items(struct json_walk *w, const struct fields *from, uint32_t at)
{
    for (; at < from->count; at++) {
        if (from->items[at].key == KEY_NONE)
            continue;
        if (w->f < w->fields_end)
            *w->f++ = from->items[at];
        else
            json_field_late(w, &from->items[at]);
    }
    w->lost |= from->lost;
}

/* The decoder's memory for such texts, made when first needed; empty at the record's first. */
static struct fields *xml_fields(struct json_decoder *d)
{
    if (d->xml == NULL) {
        d->xml = calloc(1, sizeof(*d->xml));
        if (d->xml != NULL && fields_init(d->xml, d->trie.keys) < 0) {
            free(d->xml);
            d->xml = NULL;
        }
    }
    if (d->xml != NULL && !d->xml_used)
        fields_begin(d->xml);
    d->xml_used = true;
    return d->xml;
}

void json_texts_done(struct json_decoder *d)
{
    if (d->xml != NULL)
        fields_done(d->xml);
    free(d->xml);
    free(d->witness);
    json_line_done(d);
    d->xml = NULL;
    d->witness = NULL;
}

enum text_kind { TEXT_XML, TEXT_XML_DATA, TEXT_WINEVENTLOG };

static bool write_text(struct json_walk *w, struct slice text, enum text_kind kind)
{
    struct fields *f = xml_fields(w->decoder);
    bool taken = false;
    uint32_t at;

    if (f == NULL) {
        w->lost = true;
        return false;
    }
    at = f->count;
    switch (kind) {
    case TEXT_XML:
        taken = xml_event_parse(f, text);
        break;
    case TEXT_XML_DATA:
        taken = xml_event_data(f, text);
        break;
    case TEXT_WINEVENTLOG:
        taken = wineventlog_parse(f, text);
        break;
    }
    if (!taken)
        return false;
    append_items(w, f, at);
    w->unpacked = true;
    return true;
}

/* What makes a document of the text: names in data on their own are to be those of data. */
static struct json_frame frame_of(struct slice text, bool data)
{
    if (!data || shape_nested(text))
        return (struct json_frame){SLICE_INIT(""), SLICE_INIT("")};
    if (text.p[0] == '[')
        return (struct json_frame){SLICE_INIT("{\"EventData\":{\"Data\":"), SLICE_INIT("}}")};
    return (struct json_frame){SLICE_INIT("{\"EventData\":"), SLICE_INIT("}")};
}

static void look_into(struct json_walk *w, const struct json_text *t)
{
    const struct json_frame bare = {SLICE_INIT(""), SLICE_INIT("")};
    bool data = t->role == SHAPE_DATA_TEXT, taken;
    size_t before = w->decoder->nested.len;
    struct field f = w->fields[t->field];
    struct slice s = json_text_open(w, &f, &bare);
    struct json_frame frame;

    if (s.n == 0 || (s.p[0] == '[' && !data))
        return;
    if (s.p[0] == '<') {
        taken = write_text(w, s, data ? TEXT_XML_DATA : TEXT_XML);
    } else if (s.p[0] != '{' && s.p[0] != '[') {
        taken = write_text(w, s, TEXT_WINEVENTLOG);
    } else {
        frame = frame_of(s, data);
        w->decoder->nested.len = before;
        taken = json_document(w, json_text_open(w, &f, &frame));
    }
    if (!taken)
        w->decoder->nested.len = before;
}

bool json_texts_init(struct json_decoder *d)
{
    const struct keys *keys = d->trie.keys;

    d->witness = calloc((size_t)keys_count(keys) + 1, 1);
    for (size_t i = 0; d->witness != NULL && rendered_witnesses[i] != NULL; i++)
        d->witness[keys_find(keys, slice_str(rendered_witnesses[i]))] = 1;
    if (d->witness != NULL)
        d->witness[KEY_NONE] = 0;
    return d->witness != NULL;
}

/* Whether the record has the event's data itself: then nobody asks what the message says. */
static bool has_data(const struct json_walk *w)
{
    const uint8_t *witness = w->decoder->witness;
    unsigned found = 0;

    for (const struct field *f = w->fields; f < w->f; f++)
        found |= witness[f->key];
    return found != 0;
}

void json_append_reported(struct json_walk *w, const struct fields *from, uint32_t at)
{
    const struct field *own_end = w->f;

    for (; at < from->count; at++) {
        const struct field *f = &from->items[at], *own = w->fields;

        while (own < own_end && (own->key != f->key || own->type == VALUE_GROUP))
            own++;
        if (f->key == KEY_NONE || own < own_end)
            continue;
        if (w->f < w->fields_end)
            *w->f++ = *f;
        else
            json_field_late(w, f);
    }
    w->lost |= from->lost;
    w->unpacked = true;
}

void json_log_of_provider(struct json_walk *w)
{
    const struct rendered_provider *provider = rendered_provider(json_raw_text(w, KEY_PROVIDER));

    if (provider == NULL || provider->channel == NULL || json_raw_text(w, KEY_CHANNEL).n > 0 ||
        w->f >= w->fields_end)
        return;
    *w->f++ = (struct field){.text = (const uint8_t *)provider->channel,
                             .n = (uint32_t)strlen(provider->channel),
                             .key = KEY_CHANNEL,
                             .type = VALUE_STRING};
    w->unpacked = true;
}

void json_message_end(struct json_walk *w)
{
    const struct json_frame bare = {SLICE_INIT(""), SLICE_INIT("")};
    const struct rendered_provider *provider = rendered_provider(json_raw_text(w, KEY_PROVIDER));
    struct field said = w->fields[w->decoder->said - 1];
    struct slice message;
    struct fields *f;
    uint64_t id;
    uint32_t at;

    json_line_end(w, &said);
    if (provider == NULL || num_u64(json_raw_text(w, KEY_EVENT_ID), &id) < 0 || id > UINT32_MAX)
        return;
    json_log_of_provider(w);
    if (has_data(w))
        return;
    message = json_text_open(w, &said, &bare);
    f = xml_fields(w->decoder);
    if (message.p == NULL || f == NULL) {
        w->lost = true;
        return;
    }
    at = f->count;
    if (rendered_parse(f, provider, (uint32_t)id, message))
        json_append_reported(w, f, at);
}

void json_texts_end(struct json_walk *w)
{
    struct json_decoder *d = w->decoder;
    bool named = json_raw_text(w, KEY_CHANNEL).n > 0 || json_raw_text(w, KEY_EVENT_ID).n > 0;

    for (uint32_t i = 0; i < d->text_count; i++) {
        uint8_t role = d->texts[i].role;

        if (role == SHAPE_ORIGINAL ? !named || !has_data(w) : role != SHAPE_MESSAGE || !named)
            look_into(w, &d->texts[i]);
    }
}
