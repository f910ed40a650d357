/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a value can mean beyond itself: the name or the text of a pair
 * ({"@Name": "Image", "#text": "C:\\…"} is the field Image), or a JSON document inside a string.
 */
#include "base/utf.h"
#include "decode/json/internal.h"

void json_unescape(struct slice s, struct buf *out)
{
    struct field f = {.text = s.p, .n = (uint32_t)s.n, .form = FORM_JSON};

    field_text(&f, out);
}

static struct field *append(struct json_walk *w, uint16_t key, uint8_t type)
{
    struct field made = {.text = w->limit, .key = key, .type = type};

    if (w->f >= w->fields_end) {
        json_field_late(w, &made);
        return NULL;
    }
    *w->f = made;
    return w->f++;
}

void json_field_late(struct json_walk *w, const struct field *f)
{
    struct field *room;

    w->lost = true;
    if (f->key == KEY_NONE)
        return;
    do
        room = event_room_over(w->fields, &w->evict);
    while (room != NULL && room == w->pair.text);
    if (room != NULL)
        *room = *f;
}

/* A pair that had a name and no text is an empty value of that name. */
static void end_pair(struct json_walk *w)
{
    if (w->pair.have_name && !w->pair.have_text)
        (void)append(w, w->pair.key, VALUE_STRING);
    w->pair = (struct json_pair){0};
}

void json_edge_effects(struct json_walk *w, unsigned flags, const uint16_t *groups,
                       uint32_t group_count)
{
    if (flags & EDGE_PAIR_END)
        end_pair(w);
    for (uint32_t i = 0; i < group_count; i++)
        (void)append(w, groups[i], VALUE_GROUP);
}

static uint16_t pair_key(struct json_walk *w, const struct field *name)
{
    struct buf text = BUF_INIT(JSON_NAME_MAX + 8);
    uint16_t key = KEY_NONE;

    if (name->n <= JSON_NAME_MAX) {
        field_text(name, &text);
        key = shape_data_name(w->trie->keys, buf_slice(&text));
    }
    buf_done(&text);
    return key;
}

void json_value_role(struct json_walk *w, const struct json_node *node, struct field *f,
                     size_t count)
{
    struct json_pair *pair = &w->pair;

    switch (node->role) {
    case SHAPE_PAIR_NAME:
        pair->key = pair_key(w, f);
        pair->have_name = true;
        if (pair->text != NULL)
            pair->text->key = pair->key;
        break;
    case SHAPE_PAIR_TEXT:
        if (pair->have_name)
            f[count - 1].key = pair->key;
        else
            pair->text = &f[count - 1];
        pair->have_text = true;
        break;
    case SHAPE_NESTED:
        if (f->type == VALUE_STRING && json_nested(w, f)) {
            for (size_t i = 0; i < count; i++)
                f[i].key = KEY_NONE;
        }
        break;
    default:
        break;
    }
}

void json_value_late(struct json_walk *w, const struct json_node *node, struct field value)
{
    w->lost = true;
    for (unsigned i = 0; i < node->names; i++) {
        value.key = node->keys[i];
        json_field_late(w, &value);
    }
    if (node->role == SHAPE_PAIR_NAME) {
        json_value_role(w, node, &value, 1);
    } else if (node->role == SHAPE_PAIR_TEXT) {
        value.key = w->pair.have_name ? w->pair.key : KEY_NONE;
        json_field_late(w, &value);
        w->pair.have_text = true;
    }
}
