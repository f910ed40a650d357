/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_FUZZ_YAML_WALK_H
#define CANH_FUZZ_YAML_WALK_H
/* Trees of YAML, however they were come by, hold what yaml.h promises. */
#include <stdlib.h>

#include "yaml/yaml.h"

static const struct yaml_limits limits = {.max_bytes = 1 << 16,
                                          .max_nodes = 5000,
                                          .max_depth = 20,
                                          .max_docs = 20};

/* Weight and height are exact, so this recursion is bounded by the limits. */
static uint32_t walk(const struct yaml_node *node, unsigned level)
{
    uint32_t weight = 1, kids = node->kind == YAML_MAP ? 2 * node->count : node->count;
    double d;

    if (level > limits.max_depth || node->line == 0 || node->col == 0)
        abort();
    if (node->kind == YAML_SCALAR) {
        if (node->text.p[node->text.n] != 0)
            abort();
        if (yaml_scalar_type(node) == YAML_INT || yaml_scalar_type(node) == YAML_FLOAT)
            (void)yaml_double(node, &d);
        return 1;
    }
    for (uint32_t i = 0; i < kids; i++)
        weight += walk(node->kids[i], level + 1);
    if (weight != node->weight)
        abort();
    return weight;
}

#endif
