/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a value can mean beyond itself: the name or the text of a pair
 * ({"@Name": "Image", "#text": "C:\\…"} is the field Image), or a JSON document inside a string.
 */
#include "base/num.h"
#include "base/utf.h"
#include "decode/json/ecs.h"
#include "decode/json/internal.h"

void json_unescape(struct slice s, struct buf *out)
{
    struct field f = {.text = s.p, .n = (uint32_t)s.n, .form = FORM_JSON};

    field_text(&f, out);
}

static struct field *value_append(struct json_walk *w, uint16_t key, uint8_t type)
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

/* A pair that had a name and no text was an element without content. */
static void end_pair(struct json_walk *w)
{
    if (w->pair.have_name && !w->pair.have_text)
        (void)value_append(w, w->pair.key, VALUE_EMPTY);
    w->pair = (struct json_pair){0};
}

void json_edge_effects(struct json_walk *w, unsigned flags, const uint16_t *groups,
                       uint32_t group_count)
{
    if (flags & EDGE_PAIR_END)
        end_pair(w);
    for (uint32_t i = 0; i < group_count; i++)
        (void)value_append(w, groups[i], VALUE_GROUP);
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
    case SHAPE_MARK:
        w->known = true;
        break;
    case SHAPE_RECORD:
    case SHAPE_MESSAGE:
    case SHAPE_ORIGINAL:
    case SHAPE_DATA_TEXT:
        json_text_note(w, node, &f[count - 1]);
        break;
    case SHAPE_FINDING:
        w->finding = true;
        break;
    case SHAPE_REQUEST:
        if (f->type == VALUE_STRING && !w->nested)
            w->decoder->request = (uint32_t)(&f[count - 1] - w->fields) + 1;
        break;
    case SHAPE_ECS:
        if (w->decoder->ecs_count < JSON_ECS_MAX)
            w->decoder->ecs[w->decoder->ecs_count++] =
                (struct json_ecs){(uint32_t)(&f[count - 1] - w->fields), node->ecs};
        break;
    default:
        break;
    }
}

struct slice json_raw_text(const struct json_walk *w, uint16_t key)
{
    for (const struct field *f = w->fields; f < w->f; f++) {
        if (f->key == key && value_type_has_text(f->type))
            return slice_of(f->text, f->n);
    }
    return SLICE_NULL;
}

static bool has_key(const struct json_walk *w, uint16_t key)
{
    for (const struct field *f = w->fields; f < w->f; f++) {
        if (f->key == key)
            return true;
    }
    return false;
}

static void rename_field(struct json_walk *w, uint32_t index, struct slice name)
{
    uint16_t key = (uint16_t)keys_find(w->trie->keys, name);
    struct field *f = &w->fields[index];

    if (key == KEY_NONE || has_key(w, key))
        return;
    if (f->key == KEY_NONE) {
        f->key = key;
    } else {
        struct field *also = value_append(w, key, f->type);

        if (also != NULL) {
            *also = *f;
            also->key = key;
        }
    }
}

/* One part of a composed value: "domain\\" before the name, "MD5=value," of a hash. */
static void write_part(struct json_walk *w, const struct json_ecs *ecs, enum ecs_part want)
{
    struct buf *out = &w->decoder->composed;
    const struct field *f = &w->fields[ecs->field];
    struct slice hash;

    if (ecs_part(ecs->ecs, &hash) != want || !value_type_has_text(f->type) ||
        out->len + hash.n + f->n + 2 > out->cap)
        return;
    if (want == ECS_HASH)
        buf_printf(out, "%s%.*s=", out->len && out->p[out->len - 1] != 0 ? "," : "",
                   SLICE_ARG(hash));
    field_text(f, out);
    if (want == ECS_USER_DOMAIN)
        buf_putc(out, '\\');
}

static void add_composed(struct json_walk *w, const char *name, size_t from)
{
    struct buf *out = &w->decoder->composed;
    uint16_t key = (uint16_t)keys_find(w->trie->keys, slice_str(name));
    struct field *f;

    if (out->err || out->len == from || key == KEY_NONE || has_key(w, key))
        return;
    f = value_append(w, key, VALUE_STRING);
    if (f == NULL)
        return;
    f->text = out->p + from;
    f->n = (uint32_t)(out->len - from);
    w->unpacked = true; /* this text does not stand in the record */
}

static void value_compose(struct json_walk *w)
{
    struct json_decoder *d = w->decoder;
    uint32_t count = d->ecs_count;
    size_t from;

    buf_clear(&d->composed);
    if (buf_reserve(&d->composed, JSON_COMPOSED_MAX) == NULL)
        return;
    for (uint32_t i = 0; i < count; i++)
        write_part(w, &d->ecs[i], ECS_USER_DOMAIN);
    for (uint32_t i = 0; i < count; i++)
        write_part(w, &d->ecs[i], ECS_USER_NAME);
    add_composed(w, "User", 0);
    buf_putc(&d->composed, 0);
    from = d->composed.len;
    for (uint32_t i = 0; i < count; i++)
        write_part(w, &d->ecs[i], ECS_HASH);
    add_composed(w, "Hashes", from);
}

static struct slice ecs_text(const struct json_walk *w, const struct json_ecs *ecs)
{
    const struct field *f = &w->fields[ecs->field];

    return value_type_has_text(f->type) ? slice_of(f->text, f->n) : SLICE_NULL;
}

static bool is_id(struct slice text, uint32_t *ret)
{
    uint64_t id;

    if (num_u64(text, &id) < 0 || id >= UINT32_MAX)
        return false;
    *ret = (uint32_t)id;
    return true;
}

/* UINT32_MAX: none that is a number. */
static uint32_t event_id(const struct json_walk *w)
{
    const struct json_decoder *d = w->decoder;
    struct slice text = json_raw_text(w, KEY_EVENT_ID);
    uint32_t id = UINT32_MAX;

    if (text.n > 0)
        return is_id(text, &id) ? id : UINT32_MAX;
    for (uint32_t i = 0; i < d->ecs_count; i++) {
        if (ecs_is_event_id(d->ecs[i].ecs) && is_id(ecs_text(w, &d->ecs[i]), &id))
            break;
    }
    return id;
}

/* What says that it is an event of Windows: provider, log or id, in this order; empty: nothing. */
static struct slice windows_mark(const struct json_walk *w, uint32_t id)
{
    static const uint16_t marks[] = {KEY_PROVIDER, KEY_CHANNEL, KEY_EVENT_ID};
    const struct json_decoder *d = w->decoder;
    struct slice log = SLICE_NULL;
    bool windows = false;

    for (size_t i = 0; i < CANH_LEN(marks); i++) {
        struct slice text = json_raw_text(w, marks[i]);

        if (text.n > 0 && (marks[i] != KEY_EVENT_ID || id != UINT32_MAX))
            return text;
    }
    for (uint32_t i = 0; i < d->ecs_count && id != UINT32_MAX; i++) {
        if (ecs_is_channel(d->ecs[i].ecs))
            log = ecs_text(w, &d->ecs[i]);
        windows |= ecs_tells_windows(d->ecs[i].ecs);
    }
    return windows ? log : SLICE_NULL;
}

/* The log of a record that names none. */
static void add_log(struct json_walk *w, uint32_t id)
{
    const struct json_decoder *d = w->decoder;
    struct field *f;

    if (id == UINT32_MAX || json_raw_text(w, KEY_CHANNEL).n > 0)
        return;
    for (uint32_t i = 0; i < d->ecs_count; i++) {
        struct slice text = ecs_text(w, &d->ecs[i]), log = ecs_log(d->ecs[i].ecs, text, id);

        if (log.n == 0 || (f = value_append(w, KEY_CHANNEL, VALUE_STRING)) == NULL)
            continue;
        f->text = log.p;
        f->n = (uint32_t)log.n;
        f->form = w->fields[d->ecs[i].field].form;
        w->unpacked = true;
        return;
    }
    json_log_of_provider(w);
}

void json_finding_end(struct json_walk *w)
{
    static const uint16_t heads[] = {KEY_CHANNEL, KEY_EVENT_ID, KEY_PROVIDER};

    for (struct field *f = w->fields; f < w->f; f++) {
        for (size_t i = 0; i < CANH_LEN(heads); i++)
            f->key = f->key == heads[i] ? KEY_NONE : f->key;
    }
    w->known = false;
}

void json_ecs_end(struct json_walk *w)
{
    struct json_decoder *d = w->decoder;
    uint32_t id = event_id(w), other;
    struct slice provider = windows_mark(w, id);

    for (uint32_t i = 0; i < d->ecs_count; i++) {
        struct slice name = ecs_name(d->ecs[i].ecs, provider, id);

        if (name.n > 0 &&
            (!ecs_is_event_id(d->ecs[i].ecs) || is_id(ecs_text(w, &d->ecs[i]), &other)))
            rename_field(w, d->ecs[i].field, name);
    }
    if (slice_ends(provider, SLICE("Sysmon")))
        value_compose(w);
    add_log(w, id);
}

void json_value_late(struct json_walk *w, const struct json_node *node, struct field value)
{
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
