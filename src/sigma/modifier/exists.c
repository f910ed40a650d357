/* SPDX-License-Identifier: Apache-2.0 */
/* exists, and the value null: is there a value at all? */
#include "lang/err_sigma.h"
#include "lang/msg_explain.h"
#include "sigma/comparison.h"
#include "sigma/item_internal.h"

static int parse_exists(struct item *item, struct slice text)
{
    bool wanted;
    int r;

    (void)text;
    if (!yaml_bool(item->at, &wanted))
        return build_fail(item->b, item->at, CE_SYNTAX, ERR_SIGMA_EXISTS_TAKES_TRUE_OR_FALSE);
    r = item_push(item, (struct atom){.op = ATOM_EXISTS});
    return r == 0 && !wanted ? build_not(item->b, item->at) : r;
}

int item_push_null(struct item *item)
{
    uint32_t odd = item->mods & (MODS_TEXT | MOD_EXPAND);

    if (item->field.n == 0)
        return build_fail(item->b, item->at, CE_SYNTAX, ERR_SIGMA_KEYWORD_CANNOT_NULL);
    if (odd)
        return build_fail(item->b, item->at, CE_CONFLICT, ERR_SIGMA_NEEDS_TEXT_NOT_NULL,
                          modifier_name(odd));
    return item_push(item, (struct atom){.op = ATOM_NULL});
}

static bool exists_holds(bool there, bool all_null)
{
    (void)all_null;
    return there;
}

static bool null_holds(bool there, bool all_null)
{
    (void)there;
    return all_null;
}

/* An event without the field satisfies it, too. */
static struct need null_need(struct program_build *b, const struct test *t)
{
    struct need n = need_value();

    (void)b;
    (void)t;
    n.possible = false;
    return n;
}

static struct atom_words exists_words(const struct atom *a, struct buf *want)
{
    (void)a;
    (void)want;
    return (struct atom_words){.verb = MSG_EXPLAIN_EXISTS, .name = "exists"};
}

static struct atom_words null_words(const struct atom *a, struct buf *want)
{
    (void)a;
    (void)want;
    return (struct atom_words){.verb = MSG_EXPLAIN_IS_NULL, .name = "null"};
}

const struct comparison comparison_exists = {
    .op = ATOM_EXISTS,
    .cost = 2,
    .holds_of_field = exists_holds,
    .words = exists_words,
};

const struct comparison comparison_null = {
    .op = ATOM_NULL,
    .cost = 2,
    .holds_of_field = null_holds,
    .need = null_need,
    .words = null_words,
};

const struct modifier modifier_exists = {
    .names = {SLICE_INIT("exists")},
    .bit = MOD_EXISTS,
    .group = {MODS_KIND, ERR_SIGMA_WHY_ONE_WAY},
    .with = {MOD_NEQ, ERR_SIGMA_WHY_EXISTS},
    .parse = parse_exists,
    .takes_null = true,
    .one_value = ERR_SIGMA_EXISTS_TAKES_ONE_VALUE_NOT,
};
