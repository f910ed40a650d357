/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records, or an event's data, inside a string of the record: as JSON or as XML. They are looked
 * into when the record is complete, because what a program says (a message) must not pass for the
 * event of a record that says itself which event it is.
 */
#include <stdlib.h>

#include "decode/json/internal.h"
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

void json_text_note(struct json_walk *w, const struct json_node *node, const struct field *f)
{
    struct json_decoder *d = w->decoder;

    if (f->type == VALUE_STRING && !w->nested && d->text_count < JSON_TEXTS_MAX &&
        begins_document(f))
        d->texts[d->text_count++] = (struct json_text){(uint32_t)(f - w->fields), node->role};
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

/* The decoder's memory for XML, made when first needed; empty at the record's first text. */
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
    d->xml = NULL;
}

static bool put_xml(struct json_walk *w, struct slice text, bool data)
{
    struct fields *f = xml_fields(w->decoder);
    uint32_t at;

    if (f == NULL) {
        w->lost = true;
        return false;
    }
    at = f->count;
    if (!(data ? xml_event_data(f, text) : xml_event_parse(f, text)))
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
        taken = put_xml(w, s, data);
    } else {
        frame = frame_of(s, data);
        w->decoder->nested.len = before;
        taken = json_document(w, json_text_open(w, &f, &frame));
    }
    if (!taken)
        w->decoder->nested.len = before;
}

void json_texts_end(struct json_walk *w)
{
    struct json_decoder *d = w->decoder;
    bool named = json_raw_text(w, KEY_CHANNEL).n > 0 || json_raw_text(w, KEY_EVENT_ID).n > 0;

    d->xml_used = false;
    for (uint32_t i = 0; i < d->text_count; i++) {
        if (d->texts[i].role != SHAPE_MESSAGE || !named)
            look_into(w, &d->texts[i]);
    }
}
