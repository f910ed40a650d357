/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions that compare: states that a pipeline has set, and attributes of the rule. */

#include "base/ascii.h"
#include "base/num.h"
#include "lang/err_sigma.h"
#include "sigma/pipeline_internal.h"

static bool op_holds(enum compare_op op, int order)
{
    switch (op) {
    case OP_EQ:
        return order == 0;
    case OP_NE:
        return order != 0;
    case OP_GTE:
        return order >= 0;
    case OP_GT:
        return order > 0;
    case OP_LTE:
        return order <= 0;
    case OP_LT:
        return order < 0;
    default:
        return false;
    }
}

/* Two values of YAML: as numbers when both are, else as texts, which have no order. */
static bool scalars_compare(const struct yaml_node *have, const struct yaml_node *want,
                            enum compare_op op)
{
    double x, y;

    if (have->kind != YAML_SCALAR)
        return op == OP_NE;
    if (num_double(have->text, &x) == 0 && num_double(want->text, &y) == 0 && have->plain &&
        want->plain)
        return op_holds(op, x < y ? -1 : x > y);
    return slice_eq(have->text, want->text) ? op == OP_EQ : op == OP_NE;
}

static int parse_compare(struct loader *l, const struct yaml_node *n, struct cond *c,
                         const char *key, const char *value, const char *words)
{
    int op = OP_EQ, r;

    c->compare.value = yaml_get(n, value);
    if (c->compare.value->kind != YAML_SCALAR)
        return load_bad(l, c->compare.value, ERR_SIGMA_MUST_SINGLE_VALUE, value);
    if ((r = load_text(l, n, key, &c->compare.key)) < 0 ||
        (r = load_word(l, n, "op", words, &op)) < 0)
        return r;
    c->compare.op = (enum compare_op)op;
    return 0;
}

int compare_parse_state(struct loader *l, const struct yaml_node *n, struct cond *c)
{
    return parse_compare(l, n, c, "key", "val", "eq ne gte gt lte lt");
}

int compare_test_state(struct apply *a, const struct cond *c, const void *subject)
{
    const struct yaml_node *have = apply_state(a, c->compare.key, false);

    (void)subject;
    return have != NULL && scalars_compare(have, c->compare.value, c->compare.op);
}

enum attribute_kind { ATTR_TEXT, ATTR_DATE, ATTR_LEVEL, ATTR_STATUS, ATTR_TAGS };

static const struct attribute {
    const char *name;
    enum attribute_kind kind;
    size_t offset;
} attributes[] = {
    {"title", ATTR_TEXT, offsetof(struct sigma_rule, title)},
    {"id", ATTR_TEXT, offsetof(struct sigma_rule, id)},
    {"name", ATTR_TEXT, offsetof(struct sigma_rule, name)},
    {"description", ATTR_TEXT, offsetof(struct sigma_rule, description)},
    {"author", ATTR_TEXT, offsetof(struct sigma_rule, author)},
    {"date", ATTR_DATE, offsetof(struct sigma_rule, date)},
    {"modified", ATTR_DATE, offsetof(struct sigma_rule, modified)},
    {"level", ATTR_LEVEL, 0},
    {"status", ATTR_STATUS, 0},
    {"tags", ATTR_TAGS, 0},
};

static const struct attribute *find_attribute(struct slice name)
{
    for (size_t i = 0; i < CANH_LEN(attributes); i++)
        if (slice_is(name, attributes[i].name))
            return &attributes[i];
    return NULL;
}

static int find_level(struct slice text)
{
    for (int i = 0; i < LEVEL_MAX; i++)
        if (slice_is(text, rule_level_to_str((enum rule_level)i)))
            return i;
    return -1;
}

static int find_status(struct slice text)
{
    for (int i = STATUS_NONE + 1; i < STATUS_MAX; i++)
        if (slice_is(text, rule_status_to_str((enum rule_status)i)))
            return i;
    return -1;
}

/* 2024-01-31, or with slashes as old rules have it, as a number; -1 when it is none. */
static int date_number(struct slice s)
{
    int v = 0;

    if (s.n != 10)
        return -1;
    for (size_t i = 0; i < s.n; i++) {
        if (i == 4 || i == 7) {
            if (s.p[i] != '-' && s.p[i] != '/')
                return -1;
        } else if (!ascii_is_digit(s.p[i])) {
            return -1;
        } else {
            v = v * 10 + (s.p[i] - '0');
        }
    }
    return v;
}

int compare_parse_attribute(struct loader *l, const struct yaml_node *n, struct cond *c)
{
    int r = parse_compare(l, n, c, "attribute", "value", "eq ne gte gt lte lt in not_in");
    const struct attribute *at;
    struct slice want;

    if (r < 0)
        return r;
    at = find_attribute(c->compare.key);
    want = c->compare.value->text;
    if (at == NULL)
        return 0; /* one that set_custom_attribute may give */
    if (at->kind == ATTR_LEVEL && find_level(want) < 0)
        return load_bad(l, c->compare.value, ERR_SIGMA_NO_LEVEL_RULES);
    if (at->kind == ATTR_STATUS && find_status(want) < 0)
        return load_bad(l, c->compare.value, ERR_SIGMA_NO_STATUS_RULES);
    if (at->kind == ATTR_DATE && date_number(want) < 0)
        return load_bad(l, c->compare.value, ERR_SIGMA_DATE_AS_2024_01_31);
    if (at->kind == ATTR_TEXT && c->compare.op != OP_EQ && c->compare.op != OP_NE)
        return load_bad(l, n, ERR_SIGMA_TEXTS_CAN_ONLY_COMPARED_BY);
    if ((at->kind == ATTR_TAGS) != (c->compare.op == OP_IN || c->compare.op == OP_NOT_IN))
        return load_bad(l, n, ERR_SIGMA_AND_NOT_FOR_TAGS_AND);
    return 0;
}

int compare_test_attribute(struct apply *a, const struct cond *c, const void *subject)
{
    const struct attribute *at = find_attribute(c->compare.key);
    const struct yaml_node *custom;
    struct slice want = c->compare.value->text, have;
    bool found = false;

    (void)subject;
    if (at == NULL) {
        custom = apply_state(a, c->compare.key, true);
        return custom != NULL && scalars_compare(custom, c->compare.value, c->compare.op);
    }
    switch (at->kind) {
    case ATTR_LEVEL:
        return op_holds(c->compare.op, (int)a->rule->level - find_level(want));
    case ATTR_STATUS:
        return op_holds(c->compare.op, (int)a->rule->status - find_status(want));
    case ATTR_TAGS:
        for (uint32_t i = 0; i < a->rule->tag_count; i++)
            found = found || slice_eq(a->rule->tags[i], want);
        return found == (c->compare.op == OP_IN);
    case ATTR_DATE:
    case ATTR_TEXT:
        break;
    }
    have = *(const struct slice *)(const void *)((const char *)a->rule + at->offset);
    if (at->kind == ATTR_TEXT)
        return have.n > 0 && slice_eq(have, want) == (c->compare.op == OP_EQ);
    return date_number(have) >= 0 && op_holds(c->compare.op, date_number(have) - date_number(want));
}
