/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/rule_name.h"

#include <stdlib.h>

#include "lang/near.h"
#include "sigma/correlation.h"

/* What alerts besides rules. */
static const char *const others[] = {"canh:not-examined", "canh:silent-source"};

static const struct sigma_rule *rule_at(const struct ruleset *rs, uint32_t i)
{
    uint32_t rules = ruleset_count(rs);

    return i < rules ? ruleset_rule(rs, i) : &ruleset_correlation(rs, i - rules)->rule;
}

/* Rules, then correlations, then the others. */
static size_t list_names(const struct ruleset *rs, struct rule_named *to)
{
    uint32_t all = ruleset_count(rs) + ruleset_correlation_count(rs);

    for (uint32_t i = 0; i < all; i++) {
        const struct sigma_rule *rule = rule_at(rs, i);

        to[i] = (struct rule_named){rule->id.n ? rule->id : rule->path, rule->title};
    }
    for (size_t i = 0; i < CANH_LEN(others); i++)
        to[all + i] = (struct rule_named){.name = slice_str(others[i])};
    return all + CANH_LEN(others);
}

static bool has_name(const struct rule_named *names, size_t count, struct slice name)
{
    for (size_t i = 0; i < count; i++)
        if (slice_eq(names[i].name, name))
            return true;
    return false;
}

/* Who gives the title means its id. */
static size_t find_near(const struct rule_named *names, size_t count, struct slice name)
{
    size_t near;

    for (size_t i = 0; i < count; i++)
        if (names[i].title.n && slice_eq(names[i].title, name))
            return i;
    near = near_find(name, &names->name, count, sizeof(*names));
    return near != SIZE_MAX ? near : near_find(name, &names->title, count, sizeof(*names));
}

int rule_name_look(const struct generation *g, struct slice name, struct rule_named *ret_near,
                   enum rule_name *ret)
{
    const struct ruleset *rs = g->rules;
    struct rule_named *names =
        calloc((size_t)ruleset_count(rs) + ruleset_correlation_count(rs) + CANH_LEN(others),
               sizeof(*names));
    size_t count, near;

    if (names == NULL)
        return -CE_NOMEM;
    count = list_names(rs, names);
    *ret = RULE_NAME_KNOWN;
    if (!has_name(names, count, name)) {
        near = find_near(names, count, name);
        *ret = near == SIZE_MAX ? RULE_NAME_UNKNOWN : RULE_NAME_NEAR;
        if (near != SIZE_MAX)
            *ret_near = names[near];
    }
    free(names);
    return 0;
}
