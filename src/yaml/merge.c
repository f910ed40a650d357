/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/merge.h"

#include <string.h>

#include "base/map.h"
#include "lang/err_yaml.h"

/* The pairs that a map will have. */
struct pairs {
    struct yaml_node **kids;
    uint32_t count;
    struct map seen; /* scalar keys */
};

static bool is_merge(const struct yaml_node *key)
{
    return key->kind == YAML_SCALAR && key->plain && slice_is(key->text, "<<");
}

/* Adds the pairs of a map whose keys are not there yet. */
static int add_pairs(struct pairs *to, const struct yaml_node *from)
{
    uint32_t at;

    for (uint32_t i = 0; i < from->count; i++) {
        struct yaml_node *key = from->kids[2 * i];

        if (is_merge(key))
            continue;
        if (key->kind == YAML_SCALAR) {
            if (map_get(&to->seen, key->text, &at))
                continue;
            if (map_put(&to->seen, key->text, i) < 0)
                return -CE_NOMEM;
        }
        to->kids[2 * to->count] = key;
        to->kids[2 * to->count + 1] = from->kids[2 * i + 1];
        to->count++;
    }
    return 0;
}

static uint32_t source_count(const struct yaml_node *value)
{
    return value->kind == YAML_SEQ ? value->count : 1;
}

static const struct yaml_node *merge_source(const struct yaml_node *value, uint32_t i)
{
    return value->kind == YAML_SEQ ? value->kids[i] : value;
}

/* How many pairs the map can have at most; -CE_SYNTAX where something else than maps is merged. */
static int64_t count_pairs(const struct yaml_node *map, const struct yaml_node *value,
                           struct err *err)
{
    int64_t count = map->count;

    for (uint32_t i = 0; i < source_count(value); i++) {
        const struct yaml_node *from = merge_source(value, i);

        if (from->kind != YAML_MAP)
            return err_fail_at(err, CE_SYNTAX, from->line, from->col, ERR_YAML_MERGE_TAKES_MAPS);
        count += from->count;
    }
    return count;
}

static int merge_node(struct arena *arena, struct yaml_node *map, const struct yaml_node *value,
                      struct err *err)
{
    struct pairs to = {0};
    int64_t max = count_pairs(map, value, err);
    int r;

    if (max < 0)
        return (int)max;
    to.kids = arena_array(arena, 2 * (size_t)max, sizeof(struct yaml_node *));
    if (to.kids == NULL)
        return err_nomem(err);
    map_init(&to.seen, (size_t)max);
    r = add_pairs(&to, map);
    for (uint32_t i = 0; i < source_count(value) && r == 0; i++)
        r = add_pairs(&to, merge_source(value, i));
    map_done(&to.seen);
    map->kids = to.kids;
    map->count = to.count;
    return r < 0 ? err_nomem(err) : 0;
}

int yaml_merge(struct arena *arena, struct yaml_node *map, struct err *err)
{
    for (uint32_t i = 0; i < map->count; i++) {
        if (is_merge(map->kids[2 * i]))
            return merge_node(arena, map, map->kids[2 * i + 1], err);
    }
    return 0;
}
