/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a rule that is named can ever alert on the node. */
#include <stdlib.h>

#include "cli/alert/alert.h"
#include "config/config.h"
#include "config/place.h"
#include "detect/generation.h"
#include "lang/msg_node.h"
#include "lang/near.h"
#include "sigma/correlation.h"

/* What alerts besides rules. */
static const char *const others[] = {"canh:not-examined", "canh:silent-source"};

struct rule_names {
    struct slice *names, *titles;
    size_t count;
};

/* What its alerts call it. */
static struct slice name_of(const struct sigma_rule *rule)
{
    return rule->id.n ? rule->id : rule->path;
}

/* Borrowed from the rules, but for the lists themselves. */
static bool list_rules(const struct ruleset *rs, struct rule_names *ret)
{
    uint32_t rules = ruleset_count(rs), all = rules + ruleset_correlation_count(rs);

    ret->count = 0;
    ret->names = calloc((size_t)all + CANH_LEN(others), sizeof(*ret->names));
    ret->titles = calloc((size_t)all + CANH_LEN(others), sizeof(*ret->titles));
    if (ret->names == NULL || ret->titles == NULL)
        return false;
    for (uint32_t i = 0; i < all; i++) {
        const struct sigma_rule *rule =
            i < rules ? ruleset_rule(rs, i) : &ruleset_correlation(rs, i - rules)->rule;

        ret->names[ret->count] = name_of(rule);
        ret->titles[ret->count++] = rule->title;
    }
    for (size_t i = 0; i < CANH_LEN(others); i++)
        ret->names[ret->count++] = slice_str(others[i]);
    return true;
}

static size_t find_name(const struct slice *names, size_t count, struct slice name)
{
    size_t i = 0;

    while (i < count && !slice_eq(names[i], name))
        i++;
    return i < count ? i : SIZE_MAX;
}

static void warn_unknown(struct app *app, const struct rule_names *n, const char *rule)
{
    struct slice name = slice_str(rule);
    size_t near;

    if (find_name(n->names, n->count, name) != SIZE_MAX)
        return;
    near = find_name(n->titles, n->count, name); /* who gives the title means its id */
    if (near == SIZE_MAX)
        near = near_find(name, n->names, n->count, sizeof(*n->names));
    if (near == SIZE_MAX)
        near = near_find(name, n->titles, n->count, sizeof(*n->titles));
    if (near == SIZE_MAX)
        app_print(app, MSG_NODE_NO_SUCH_RULE, rule);
    else
        app_print(app, MSG_NODE_NO_SUCH_RULE_NEAR, rule, SLICE_ARG(n->names[near]),
                  SLICE_ARG(n->titles[near]));
}

static int load_rules(const char *dir, struct generation **ret)
{
    struct buf folder = BUF_INIT(4096);
    struct generation_options o = {.min_status = STATUS_EXPERIMENTAL, .no_jit = true};
    struct config c;
    struct place p;
    int r = place_find(dir, &p, NULL);

    if (r == 0)
        r = config_load(&c, p.conf, true, NULL);
    if (r < 0)
        return r;
    buf_append_slice(&folder, c.rules);
    o.min_level = (enum rule_level)c.level;
    o.imported = c.rules.n ? buf_cstr(&folder) : NULL;
    r = generation_load(&o, ret, NULL);
    buf_done(&folder);
    config_done(&c);
    return r;
}

void alert_check_rule(struct app *app, const char *dir, const char *rule)
{
    struct rule_names n = {.count = 0};
    struct generation *g = NULL;

    if (rule == NULL || load_rules(dir, &g) < 0)
        return;
    if (list_rules(g->rules, &n))
        warn_unknown(app, &n, rule);
    free(n.names);
    free(n.titles);
    g = generation_unref(g);
}
