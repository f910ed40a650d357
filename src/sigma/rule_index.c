/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/rule_index.h"

static int rule_index_add(struct rule_index *x, struct slice key, uint32_t entry)
{
    uint32_t head = UINT32_MAX;

    x->next[entry] = UINT32_MAX;
    if (key.n == 0)
        return 0;
    (void)map_get(&x->heads, key, &head);
    x->next[entry] = head;
    return map_put(&x->heads, key, entry);
}

int rule_index_init(struct rule_index *x, struct arena *arena, struct sigma_rule *const *rules,
                    uint32_t count)
{
    int r = 0;

    map_init(&x->heads, 2 * (size_t)count);
    x->next = arena_new_array(arena, 2 * (size_t)count, uint32_t);
    if (x->next == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < count && r == 0; i++) {
        r = rule_index_add(x, rules[i]->id, 2 * i);
        if (r == 0)
            r = rule_index_add(x, rules[i]->name, 2 * i + 1);
    }
    return r;
}

void rule_index_done(struct rule_index *x)
{
    map_done(&x->heads);
}

uint32_t rule_index_find(const struct rule_index *x, struct slice key)
{
    uint32_t entry = UINT32_MAX;

    (void)map_get(&x->heads, key, &entry);
    return entry;
}

uint32_t rule_index_next(const struct rule_index *x, uint32_t entry)
{
    return x->next[entry];
}
