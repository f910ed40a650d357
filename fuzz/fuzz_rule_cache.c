/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a cache of rules; what comes out of it is walked and holds what yaml/pack.h says. */
#include "base/err.h"
#include "detect/rule_cache.h"
#include "yaml_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
