/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/item.h"

#include "base/ascii.h"
#include "lang/err_sigma.h"
#include "sigma/item_internal.h"
#include "sigma/placeholder.h"

enum { FIELD_NAME_MAX = 1024 };

static int parse_text(void *ctx, struct slice text)
{
    struct item *item = ctx;

    return item->kind ? item->kind->parse(item, text) : item_push_text(item, text);
}

/* A value that is text, or stands for several with expand. */
static int push_expanded(struct item *item)
{
    return item->mods & MOD_EXPAND
               ? placeholder_expand(item->b, item->at, item->at->text, parse_text, item)
               : parse_text(item, item->at->text);
}

/* Values without a kind of their own are compared as their YAML type says. */
static int push_plain(struct item *item)
{
    bool truth;

    switch (yaml_scalar_type(item->at)) {
    case YAML_NULL:
        return item_push_null(item);
    case YAML_INT:
    case YAML_FLOAT:
        if (item->field.n && !(item->mods & (MODS_TEXT & ~(uint32_t)MOD_CASED)))
            return item_push_number(item);
        break;
    case YAML_BOOL:
        (void)yaml_bool(item->at, &truth);
        return item_push_text(item, truth ? SLICE("true") : SLICE("false"));
    case YAML_STRING:
        break;
    }
    return push_expanded(item);
}

static int push_kind(struct item *item)
{
    if (yaml_is_null(item->at) && !item->kind->takes_null)
        return build_fail(item->b, item->at, CE_CONFLICT, ERR_SIGMA_NEEDS_VALUE_NOT_NULL,
                          modifier_name(item->kind->bit));
    return push_expanded(item);
}

static int push_value(struct item *item, const struct yaml_node *node)
{
    uint32_t from = item->b->count;
    int r;

    item->at = node;
    if (node->kind != YAML_SCALAR)
        return build_fail(item->b, node, CE_SYNTAX, ERR_SIGMA_VALUE_SINGLE_TEXT_NUMBER_TRUE,
                          ERR_ID(node->kind == YAML_MAP ? ERR_SIGMA_A_MAP
                                                        : ERR_SIGMA_LIST_IN_LIST));
    if (node->text.n > VALUE_TEXT_MAX)
        return build_fail(item->b, node, CE_TOO_BIG, ERR_SIGMA_VALUE_LONGER_THAN_BYTES,
                          VALUE_TEXT_MAX);
    r = item->kind ? push_kind(item) : push_plain(item);
    return r < 0 ? r : build_join(item->b, from, EXPR_OR, node);
}

/* One value or a list of them; with neq the whole is turned round. */
static int push_values(struct item *item, const struct yaml_node *value)
{
    uint32_t from = item->b->count;
    bool list = value->kind == YAML_SEQ;
    int r = 0;

    if (list && value->count == 0)
        return build_fail(item->b, value, CE_SYNTAX, ERR_SIGMA_EMPTY_LIST_VALUES_WRITE_NULL);
    if (list && value->count > 1 && item->kind && item->kind->one_value)
        return err_fail_id_at(item->b->err, CE_SYNTAX, value->line, value->col,
                              item->kind->one_value);
    for (uint32_t i = 0; i < (list ? value->count : 1) && r == 0; i++)
        r = push_value(item, list ? value->kids[i] : value);
    if (r == 0)
        r = build_join(item->b, from, item->mods & MOD_ALL ? EXPR_AND : EXPR_OR, value);
    if (r == 0 && (item->mods & MOD_NEQ))
        r = build_not(item->b, value);
    if (r == 0)
        build_mark_item(item->b);
    return r;
}

/* The modifiers of a set that need a field. */
static uint32_t without_keyword(uint32_t mods)
{
    uint32_t odd = 0;

    for (uint32_t left = mods; left; left &= left - 1) {
        const struct modifier *m = modifier_of(left);

        odd |= m->keyword ? 0 : m->bit;
    }
    return odd;
}

int item_push(struct item *item, struct atom atom)
{
    atom.field = item->field;
    return build_atom(item->b, item->at, &atom);
}

int item_build(struct build *b, const struct yaml_node *key, const struct yaml_node *value)
{
    struct item item = {.b = b};
    struct err why = ERR_INIT;
    struct slice field;
    uint32_t odd;
    int r;

    if (key->kind != YAML_SCALAR)
        return build_fail(b, key, CE_SYNTAX, ERR_SIGMA_FIELD_NAME_TEXT_NOT_LIST);
    r = modifier_parse(key->text, &field, &item.mods, &why);
    if (r < 0)
        return build_fail_inside(b, key, why.offset, (enum ce) - r, ERR_BASE_TEXT, &why);
    odd = field.n ? 0 : without_keyword(item.mods);
    item.kind = modifier_kind(item.mods);
    if (field.n == 0 && item.mods == 0)
        return build_fail(b, key, CE_MISSING, ERR_SIGMA_FIELD_NAME_EMPTY);
    if (odd)
        return build_fail(b, key, CE_MISSING, ERR_SIGMA_NEEDS_FIELD_NAME_BEFORE,
                          modifier_name(odd));
    if (field.n && (ascii_is_blank(field.p[0]) || ascii_is_blank(field.p[field.n - 1])))
        return build_fail(b, key, CE_SYNTAX, ERR_SIGMA_FIELD_NAME_BLANK, slice_brief(field));
    if (field.n > FIELD_NAME_MAX)
        return build_fail(b, key, CE_TOO_BIG, ERR_SIGMA_FIELD_NAME_LONGER_THAN_BYTES,
                          FIELD_NAME_MAX);
    item.field = arena_dup(b->arena, field);
    return item.field.p ? push_values(&item, value) : build_no_memory(b);
}

int item_build_keyword(struct build *b, const struct yaml_node *value)
{
    struct item item = {.b = b, .field = SLICE("")};
    int r = push_value(&item, value);

    if (r == 0)
        build_mark_item(b);
    return r;
}
