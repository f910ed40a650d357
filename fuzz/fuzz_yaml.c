/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as YAML; whatever comes out is walked and holds what yaml.h promises. */
#include "../tests/support/err_words.h"
#include "yaml_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT(1 << 24);
    struct yaml_docs docs;
    struct err err = ERR_INIT;
    int r = yaml_parse(&arena, slice_of(data, size), &limits, &docs, &err);

    if (r < 0 && (err.code == 0 || err_words(&err)[0] == 0))
        abort();
    for (size_t i = 0; i < docs.count; i++)
        (void)walk(docs.roots[i], 1);
    arena_done(&arena);
    return 0;
}
