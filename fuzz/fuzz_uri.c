/* SPDX-License-Identifier: Apache-2.0 */
/* Targets, forms and cookies: what is accepted is clean text, and paths do not climb. */
#include <stdlib.h>

#include "base/utf.h"
#include "net/uri.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct slice s)
{
    if (!utf8_valid(s) || slice_find_byte(s, 0) != SIZE_MAX)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT((size_t)1 << 20);
    struct slice in = slice_of(data, size), params[ROUTE_PARAMS_MAX];
    struct uri_target t;
    struct uri_pairs pairs;

    if (uri_target_parse(in, &arena, &t) == 0) {
        check(t.path);
        for (size_t i = 0; i < t.segment_count; i++) {
            if (slice_is(t.segments[i], "..") || slice_find_byte(t.segments[i], '/') != SIZE_MAX)
                abort();
        }
        (void)route_fits("/api/v1/alerts/{}/ack", &t, params);
    }
    if (uri_pairs_parse(in, &arena, &pairs) == 0) {
        for (size_t i = 0; i < pairs.count; i++) {
            check(pairs.items[i].name);
            check(pairs.items[i].value);
        }
    }
    (void)uri_cookie(in, "canh");
    arena_done(&arena);
    return 0;
}
