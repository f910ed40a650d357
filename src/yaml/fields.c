/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/fields.h"

#include "base/ascii.h"
#include "base/num.h"
#include "base/time.h"
#include "lang/err_yaml.h"
#include "lang/near.h"

enum { NAME_MAX_BYTES = 64, KEYS_MAX = 64 };

static int unknown_key(const struct yaml_node *key, const char *const *keys, struct err *err)
{
    struct slice names[KEYS_MAX];
    size_t n = 0, near;

    for (; n < KEYS_MAX && keys[n] != NULL; n++)
        names[n] = slice_str(keys[n]);
    near = near_find(key->text, names, n, sizeof(names[0]));
    if (near != SIZE_MAX)
        return yaml_fail(key, err, CE_UNKNOWN, ERR_YAML_UNKNOWN_KEY_MEANT, slice_brief(key->text),
                         keys[near]);
    return yaml_fail(key, err, CE_UNKNOWN, ERR_YAML_UNKNOWN_KEY, slice_brief(key->text));
}

int yaml_only_keys(const struct yaml_node *map, const char *const *keys, struct err *err)
{
    if (map == NULL || map->kind != YAML_MAP)
        return yaml_fail(map, err, CE_SYNTAX, ERR_YAML_MAP_KEY_VALUE_WANTED_HERE);
    for (uint32_t i = 0; i < map->count; i++) {
        const struct yaml_node *key = map->kids[2 * i];
        bool known = false;

        for (size_t k = 0; keys[k] != NULL && !known; k++)
            known = key->kind == YAML_SCALAR && slice_is(key->text, keys[k]);
        if (!known)
            return unknown_key(key, keys, err);
    }
    return 0;
}

int yaml_need(const struct yaml_node *map, const char *key, struct yaml_node **ret, struct err *err)
{
    struct yaml_node *value = yaml_get(map, key);

    if (yaml_is_null(value))
        return yaml_fail(value ? value : map, err, CE_MISSING, ERR_YAML_MISSING, key);
    *ret = value;
    return 0;
}

int yaml_read_text(const struct yaml_node *map, const char *key, size_t max, struct slice *ret,
                   struct err *err)
{
    const struct yaml_node *value = yaml_get(map, key);

    if (yaml_is_null(value))
        return 0;
    if (value->kind != YAML_SCALAR)
        return yaml_fail(value, err, CE_SYNTAX, ERR_YAML_ONE_TEXT_NOT_LIST_OR, key);
    if (value->text.n > max)
        return yaml_fail(value, err, CE_TOO_BIG, ERR_YAML_AT_MOST_BYTES, key, max);
    *ret = value->text;
    return 0;
}

int yaml_read_bool(const struct yaml_node *map, const char *key, bool *ret, struct err *err)
{
    const struct yaml_node *value = yaml_get(map, key);

    if (yaml_is_null(value) || yaml_bool(value, ret))
        return 0;
    if (value->kind == YAML_SCALAR &&
        (slice_is(value->text, "yes") || slice_is(value->text, "no"))) {
        *ret = slice_is(value->text, "yes");
        return 0;
    }
    return yaml_fail(value, err, CE_SYNTAX, ERR_YAML_YES_OR_NO, key);
}

int yaml_read_int(const struct yaml_node *map, const char *key, int64_t min, int64_t max,
                  int64_t *ret, struct err *err)
{
    const struct yaml_node *value = yaml_get(map, key);
    int64_t n;

    if (yaml_is_null(value))
        return 0;
    if (!yaml_int(value, &n) || n < min || n > max)
        return yaml_fail(value, err, CE_RANGE, ERR_YAML_WHOLE_NUMBER_FROM, key, min, max);
    *ret = n;
    return 0;
}

int yaml_read_date(const struct yaml_node *map, const char *key, int64_t *ret_days, struct err *err)
{
    const struct yaml_node *node = yaml_get(map, key);
    int64_t y, m, d;
    struct slice s;

    if (yaml_is_null(node))
        return 0;
    s = node->kind == YAML_SCALAR ? node->text : SLICE_NULL;
    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' ||
        num_range(slice_head(s, 4), 1900, 2199, &y) < 0 ||
        num_range(slice_of(s.p + 5, 2), 1, 12, &m) < 0 ||
        num_range(slice_of(s.p + 8, 2), 1, 31, &d) < 0 ||
        !date_valid((int)y, (unsigned)m, (unsigned)d))
        return yaml_fail(node, err, CE_SYNTAX, ERR_YAML_DATE_LIKE_2020_10_05);
    *ret_days = days_from_date((int)y, (unsigned)m, (unsigned)d);
    return 0;
}

int yaml_read_list(const struct yaml_node *map, const char *key, uint32_t max,
                   struct yaml_node **ret, uint32_t *ret_count, struct err *err)
{
    struct yaml_node *value = yaml_get(map, key);

    *ret_count = 0;
    *ret = value;
    if (yaml_is_null(value))
        return 0;
    if (value->kind == YAML_MAP)
        return yaml_fail(value, err, CE_SYNTAX, ERR_YAML_LIST, key);
    *ret_count = value->kind == YAML_SEQ ? value->count : 1;
    if (*ret_count > max)
        return yaml_fail(value, err, CE_TOO_BIG, ERR_YAML_AT_MOST_ITEMS, key, max);
    return 0;
}

struct yaml_node *yaml_item(struct yaml_node *list, uint32_t i)
{
    return list->kind == YAML_SEQ ? list->kids[i] : list;
}

int yaml_name(const struct yaml_node *node, struct slice *ret, struct err *err)
{
    struct slice s = node->kind == YAML_SCALAR ? node->text : SLICE_NULL;
    bool good = s.n > 0 && s.n <= NAME_MAX_BYTES;

    for (size_t i = 0; good && i < s.n; i++)
        good = ascii_is_lower(s.p[i]) || ascii_is_digit(s.p[i]) || s.p[i] == '-' || s.p[i] == '_' ||
               s.p[i] == '.';
    if (!good)
        return yaml_fail(node, err, CE_SYNTAX, ERR_YAML_NAME_Z_0_9_DOT);
    *ret = s;
    return 0;
}
