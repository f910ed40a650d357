/* SPDX-License-Identifier: Apache-2.0 */
/* The small pieces of a plan file: ids, titles, times, words of the catalogue. */
#include "base/ascii.h"
#include "base/time.h"
#include "base/utf.h"
#include "lang/err_plan.h"
#include "lang/near.h"
#include "plan/plan_internal.h"

static const char *const origin_names[ORIGIN_MAX] = {"document", "law", "proposal"};
static const char *const by_names[BY_MAX] = {"machine", "either", "person"};

const char *plan_origin_to_str(enum plan_origin o)
{
    return origin_names[o];
}

const char *plan_by_to_str(enum plan_by by)
{
    return by_names[by];
}

int plan_read_id(struct plan_reader *r, const struct yaml_node *node, struct slice *ret)
{
    struct slice s = node->kind == YAML_SCALAR ? node->text : SLICE_NULL;
    bool good = s.n > 0 && s.n <= ID_MAX && utf8_valid(s);

    for (size_t i = 0; good && i < s.n; i++)
        good = s.p[i] >= 0x80 || ascii_is_digit(s.p[i]) || ascii_is_alpha(s.p[i]) ||
               s.p[i] == '.' || s.p[i] == '-' || s.p[i] == '_' || s.p[i] == '/';
    if (!good)
        return yaml_fail(node, r->err, CE_SYNTAX, ERR_PLAN_ID_LETTERS_DIGITS_DOTS_AND, ID_MAX);
    *ret = s;
    return 0;
}

int plan_field_title(struct plan_reader *r, const struct yaml_node *map, const char *key,
                     struct title *ret)
{
    static const char *const keys[] = {"vi", "en", NULL};
    const struct yaml_node *node = yaml_get(map, key);

    if (yaml_is_null(node))
        return 0;
    if (node->kind == YAML_SCALAR) {
        if (yaml_read_text(map, key, TITLE_MAX, &ret->vi, r->err) < 0)
            return -r->err->code;
        ret->en = ret->vi;
        return 0;
    }
    if (yaml_only_keys(node, keys, r->err) < 0 ||
        yaml_read_text(node, "vi", TITLE_MAX, &ret->vi, r->err) < 0 ||
        yaml_read_text(node, "en", TITLE_MAX, &ret->en, r->err) < 0)
        return -r->err->code;
    return 0;
}

int plan_read_time(struct plan_reader *r, const struct yaml_node *node, bool whole, int64_t *ret)
{
    struct slice s = node->kind == YAML_SCALAR ? node->text : SLICE_NULL;
    int64_t t;

    if (s.n < 10 || time_parse(s, r->p->offset_s, &t, NULL) < 0)
        return yaml_fail(node, r->err, CE_SYNTAX, ERR_PLAN_DATE_LIKE_2020_10_05);
    *ret = s.n == 10 && whole ? t + TIME_DAY : t;
    return 0;
}

int plan_field_time(struct plan_reader *r, const struct yaml_node *map, const char *key, bool whole,
                    int64_t *ret)
{
    const struct yaml_node *node = yaml_get(map, key);

    return yaml_is_null(node) ? 0 : plan_read_time(r, node, whole, ret);
}

int plan_fail_reference(struct plan_reader *r, const struct yaml_node *node, unsigned what,
                        const void *base, size_t count, size_t stride)
{
    struct slice s = node->kind == YAML_SCALAR ? slice_head(node->text, 60) : SLICE("a list");
    size_t near = near_find(s, base, count, stride);
    struct slice hint;

    if (near == SIZE_MAX)
        return yaml_fail(node, r->err, CE_UNKNOWN, ERR_PLAN_NO_CALLED, ERR_ID(what), s);
    hint = *(const struct slice *)(const void *)((const uint8_t *)base + near * stride);
    return yaml_fail(node, r->err, CE_UNKNOWN, ERR_PLAN_NO_CALLED_MEANT, ERR_ID(what), s, hint);
}

int plan_read_word(struct plan_reader *r, const struct yaml_node *node, enum word_list list,
                   uint32_t *ret)
{
    uint32_t i = node->kind == YAML_SCALAR ? catalogue_find(r->c, list, node->text) : PLAN_NONE;

    if (i == PLAN_NONE)
        return plan_fail_reference(r, node, word_list_text(list), r->c->words[list],
                                   r->c->count[list], sizeof(struct word));
    *ret = i;
    return 0;
}

int plan_field_word(struct plan_reader *r, const struct yaml_node *map, const char *key,
                    enum word_list list, uint32_t *ret)
{
    const struct yaml_node *node = yaml_get(map, key);

    return yaml_is_null(node) ? 0 : plan_read_word(r, node, list, ret);
}

int plan_field_set(struct plan_reader *r, const struct yaml_node *map, const char *key,
                   enum word_list list, uint64_t *ret)
{
    struct yaml_node *node;
    uint32_t count, word = 0;
    uint64_t set = 0;

    if (yaml_read_list(map, key, CATALOGUE_SET_MAX, &node, &count, r->err) < 0)
        return -r->err->code;
    for (uint32_t i = 0; i < count; i++) {
        if (plan_read_word(r, yaml_item(node, i), list, &word) < 0)
            return -r->err->code;
        set |= UINT64_C(1) << word;
    }
    if (node != NULL)
        *ret = set;
    return 0;
}

void *plan_grow(struct plan_reader *r, const void *old, size_t count, size_t extra, size_t size)
{
    void *p = arena_array(r->arena, count + extra + 1, size);

    if (p != NULL && count > 0)
        memcpy(p, old, count * size);
    return p;
}

int plan_field_span(struct plan_reader *r, const struct yaml_node *map, const char *key,
                    struct span *ret)
{
    const struct yaml_node *node = yaml_get(map, key);
    struct err inner = ERR_INIT;

    if (yaml_is_null(node))
        return 0;
    if (node->kind != YAML_SCALAR)
        return yaml_fail(node, r->err, CE_SYNTAX, ERR_PLAN_LENGTH_TIME_LIKE_2H, key);
    if (span_parse(node->text, ret, &inner) < 0)
        return yaml_fail_inside(node, inner.col - 1, r->err, CE_SYNTAX, ERR_BASE_TEXT, &inner);
    return 0;
}

int plan_field_origin(struct plan_reader *r, const struct yaml_node *map, enum plan_origin *ret)
{
    const struct yaml_node *node = yaml_get(map, "origin");

    if (yaml_is_null(node))
        return 0;
    for (int i = 0; i < ORIGIN_MAX; i++) {
        if (node->kind == YAML_SCALAR && slice_is(node->text, origin_names[i])) {
            *ret = (enum plan_origin)i;
            return 0;
        }
    }
    return yaml_fail(node, r->err, CE_UNKNOWN, ERR_PLAN_ORIGIN_DOCUMENT_LAW_OR_PROPOSAL);
}
