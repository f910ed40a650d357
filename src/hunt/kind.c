/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/kind.h"

#include "data/data.h"
#include "lang/err_hunt.h"
#include "yaml/fields.h"
#include "yaml/yaml.h"

enum { ROWS_MAX = 256, ARENA_BYTES = 4 * 1024 * 1024, VALUE_MAX = 64 * 1024 };

static const char *const role_names[ROLE_COUNT] = {"none", "on",      "off",
                                                   "fail", "process", "script"};

/* "A" or "A\B". */
static struct kind_source source_of(struct slice text)
{
    size_t at = slice_find_byte(text, '\\');

    if (at == SIZE_MAX)
        return (struct kind_source){.name = text};
    return (struct kind_source){.name = slice_head(text, at), .joined = slice_from(text, at + 1)};
}

static int read_show(const struct yaml_node *key, struct yaml_node *value, struct kind_show *ret,
                     struct err *err)
{
    uint32_t n = value->kind == YAML_SEQ ? value->count : 1;

    ret->label = label_find(key->text);
    if (ret->label == LABEL_COUNT)
        return yaml_fail(key, err, CE_UNKNOWN, ERR_HUNT_NO_LABEL, slice_brief(key->text));
    if (n > KIND_SOURCES)
        return yaml_fail(value, err, CE_TOO_BIG, ERR_HUNT_TOO_MANY, KIND_SOURCES);
    for (; ret->count < n; ret->count++)
        ret->sources[ret->count] = source_of(yaml_item(value, ret->count)->text);
    return 0;
}

static int read_shows(struct arena *arena, const struct yaml_node *map, struct kind *ret,
                      struct err *err)
{
    struct kind_show *shows = arena_new_array(arena, map->count + 1, struct kind_show);
    int r = 0;

    if (shows == NULL)
        return err_nomem(err);
    ret->shows = shows;
    for (; ret->show_count < map->count && r == 0; ret->show_count++)
        r = read_show(map->kids[2 * ret->show_count], map->kids[2 * ret->show_count + 1],
                      &shows[ret->show_count], err);
    return r;
}

static int read_terms(struct arena *arena, const struct yaml_node *map, struct kind *ret,
                      struct err *err)
{
    if (map->count > KIND_TERMS)
        return yaml_fail(map, err, CE_TOO_BIG, ERR_HUNT_TOO_MANY, KIND_TERMS);
    for (uint32_t i = 0; i < map->count; i++) {
        struct yaml_node *value = map->kids[2 * i + 1];
        struct kind_term *term = &ret->terms[ret->term_count++];
        struct slice *values;

        term->name = map->kids[2 * i]->text;
        term->value_count = value->kind == YAML_SEQ ? value->count : 1;
        values = arena_new_array(arena, term->value_count, struct slice);
        if (values == NULL)
            return err_nomem(err);
        for (uint32_t k = 0; k < term->value_count; k++)
            values[k] = yaml_item(value, k)->text;
        term->values = values;
    }
    return 0;
}

static int read_role(const struct yaml_node *row, struct kind *ret, struct err *err)
{
    const struct yaml_node *role = yaml_get(row, "role");

    if (role == NULL)
        return 0;
    while (ret->role < ROLE_COUNT && !slice_is(role->text, role_names[ret->role]))
        ret->role++;
    return ret->role < ROLE_COUNT
               ? 0
               : yaml_fail(role, err, CE_UNKNOWN, ERR_HUNT_NO_ROLE, slice_brief(role->text));
}

static int read_row(struct arena *arena, const struct yaml_node *row, struct kind *ret,
                    struct err *err)
{
    static const char *const keys[] = {"when", "show", "role", "how", NULL};
    struct yaml_node *when, *show;
    int r = yaml_only_keys(row, keys, err);

    if (r == 0)
        r = yaml_need(row, "when", &when, err);
    if (r == 0)
        r = yaml_need(row, "show", &show, err);
    if (r == 0)
        r = read_terms(arena, when, ret, err);
    if (r == 0)
        r = read_shows(arena, show, ret, err);
    if (r == 0)
        r = read_role(row, ret, err);
    ret->how = yaml_get_text(row, "how");
    return r;
}

static int read_file(struct kinds *k, struct slice text, struct err *err)
{
    struct yaml_docs docs = {0};
    int r = yaml_parse(&k->arena, text, &yaml_default_limits, &docs, err);

    for (uint32_t d = 0; r == 0 && d < docs.count; d++) {
        const struct yaml_node *list = docs.roots[d];

        for (uint32_t i = 0; r == 0 && list->kind == YAML_SEQ && i < list->count; i++) {
            if (k->count == ROWS_MAX)
                return yaml_fail(list, err, CE_TOO_BIG, ERR_HUNT_TOO_MANY, ROWS_MAX);
            r = read_row(&k->arena, list->kids[i], &k->items[k->count++], err);
        }
    }
    return r;
}

int kinds_load(struct kinds *k, struct err *err)
{
    const struct data_folder *folder = data_folder("kinds");
    int r = 0;

    *k = (struct kinds){.arena = ARENA_INIT(ARENA_BYTES)};
    k->items = arena_new_array(&k->arena, ROWS_MAX, struct kind);
    if (k->items == NULL)
        return err_nomem(err);
    for (size_t i = 0; folder && r == 0 && i < folder->count; i++) {
        if (slice_ends(slice_str(folder->files[i].name), SLICE(".yml")))
            r = read_file(k, data_bytes(&folder->files[i]), err);
    }
    return r;
}

void kinds_done(struct kinds *k)
{
    arena_done(&k->arena);
}

static bool kind_intern(struct ruleset *rs, struct slice name, uint16_t *ret)
{
    *ret = name.n ? ruleset_intern(rs, name) : KEY_NONE;
    return name.n == 0 || *ret != KEY_NONE;
}

int kinds_intern(struct kinds *k, struct ruleset *rs, struct err *err)
{
    bool fine = true;

    for (uint32_t i = 0; i < k->count; i++) {
        struct kind *kind = &k->items[i];

        for (uint32_t t = 0; t < kind->term_count; t++)
            fine &= kind_intern(rs, kind->terms[t].name, &kind->terms[t].key);
        for (uint32_t s = 0; s < kind->show_count; s++) {
            struct kind_show *show = &kind->shows[s];

            for (uint32_t n = 0; n < show->count; n++)
                fine &= kind_intern(rs, show->sources[n].name, &show->sources[n].key) &&
                        kind_intern(rs, show->sources[n].joined, &show->sources[n].joined_key);
        }
    }
    return fine ? 0 : err_nomem(err);
}

static bool term_fits(const struct kind_term *term, const struct event *e, struct buf *scratch)
{
    const struct field *f = event_get(e, term->key);

    if (f == NULL || !value_type_has_text(f->type) || f->n > VALUE_MAX)
        return false;
    buf_clear(scratch);
    field_text(f, scratch);
    for (uint32_t i = 0; i < term->value_count; i++) {
        if (slice_eq_nocase(buf_slice(scratch), term->values[i]))
            return true;
    }
    return false;
}

const struct kind *kind_of(const struct kinds *k, const struct event *e, struct buf *scratch)
{
    for (uint32_t i = 0; i < k->count; i++) {
        const struct kind *kind = &k->items[i];
        uint32_t t = 0;

        while (t < kind->term_count && term_fits(&kind->terms[t], e, scratch))
            t++;
        if (t == kind->term_count)
            return kind;
    }
    return NULL;
}

static bool append_field(const struct event *e, uint16_t key, struct buf *out)
{
    const struct field *f = key ? event_get(e, key) : NULL;
    size_t from = out->len;
    struct slice text;

    if (f == NULL || !value_type_has_text(f->type) || f->n > VALUE_MAX)
        return false;
    field_text(f, out);
    text = slice_trim(slice_from(buf_slice(out), from));
    if (text.n == 0 || slice_is(text, "-") || slice_is(text, "::") || slice_is(text, "LOCAL"))
        out->len = from;
    return out->len > from;
}

static bool write_source(const struct kind_source *s, const struct event *e, struct buf *out)
{
    size_t from = out->len;

    if (s->joined.n == 0)
        return append_field(e, s->key, out);
    if (append_field(e, s->key, out))
        buf_putc(out, '\\');
    if (append_field(e, s->joined_key, out))
        return true;
    out->len = from;
    return false;
}

bool kind_write_show(const struct kind_show *show, const struct event *e, struct buf *out)
{
    for (uint32_t i = 0; i < show->count; i++) {
        if (write_source(&show->sources[i], e, out))
            return true;
    }
    return false;
}

bool kind_write(const struct kind *kind, const struct event *e, enum label label, struct buf *out)
{
    for (uint32_t i = 0; kind && i < kind->show_count; i++) {
        if (kind->shows[i].label == label)
            return kind_write_show(&kind->shows[i], e, out);
    }
    if (kind && label == LABEL_HOW)
        buf_append_slice(out, kind->how);
    return kind && label == LABEL_HOW && kind->how.n;
}
