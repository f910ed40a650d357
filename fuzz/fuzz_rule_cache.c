/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a cache of rules; what comes out of it is walked and holds what yaml/pack.h says. */
#include <stdlib.h>

#include "base/err.h"
#include "detect/rule_cache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct yaml_limits limits = {.max_bytes = 1 << 16,
                                          .max_nodes = 5000,
                                          .max_depth = 20,
                                          .max_docs = 20};

/* Weight and height are exact, so this recursion is bounded by the limits. */
static uint32_t walk(const struct yaml_node *node, unsigned level)
{
    uint32_t weight = 1, kids = node->kind == YAML_MAP ? 2 * node->count : node->count;

    if (level > limits.max_depth || node->line == 0 || node->col == 0)
        abort();
    if (node->kind == YAML_SCALAR) {
        if (node->text.p[node->text.n] != 0)
            abort();
        return 1;
    }
    for (uint32_t i = 0; i < kids; i++)
        weight += walk(node->kids[i], level + 1);
    if (weight != node->weight)
        abort();
    return weight;
}

static void read_entry(void *ctx, struct slice name, struct slice packed)
{
    struct arena arena = ARENA_INIT(1 << 24);
    struct yaml_docs docs;

    (void)ctx;
    if (name.n != YAML_NAME_BYTES)
        abort();
    if (yaml_unpack(&arena, packed, &limits, &docs) < 0 && docs.count > 0)
        abort();
    for (size_t i = 0; i < docs.count; i++)
        (void)walk(docs.roots[i], 1);
    arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    (void)rule_cache_each(slice_of(data, size), read_entry, NULL);
    read_entry(NULL, slice_of("................................", YAML_NAME_BYTES),
               slice_of(data, size));
    return 0;
}
