/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as packed rules: what is read compiles, meets an event and is packed to be read again.
 */
#include <stdlib.h>

#include "event/event.h"
#include "sigma/match.h"
#include "sigma/ruleset_pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PACKED_MAX = 1 << 24 };

static void run_event(const struct ruleset *rs)
{
    struct event e = {0};
    struct matcher *m = matcher_new(rs);

    if (m != NULL)
        (void)matcher_run(m, &e);
    (void)matcher_free(m);
}

static void pack_again(const struct ruleset *rs)
{
    const struct ruleset_options options = {0};
    struct ruleset *again = ruleset_new(&options);
    struct buf packed = BUF_INIT(PACKED_MAX);

    if (again == NULL || !ruleset_pack(rs, &packed) ||
        ruleset_unpack(again, buf_slice(&packed)) < 0)
        abort();
    buf_done(&packed);
    (void)ruleset_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct ruleset_options options = {0};
    struct ruleset *rs = ruleset_new(&options);
    struct err err = ERR_INIT;

    if (rs != NULL && ruleset_unpack(rs, slice_of(data, size)) == 0 &&
        ruleset_compile(rs, &err) == 0) {
        run_event(rs);
        pack_again(rs);
    }
    (void)ruleset_free(rs);
    return 0;
}
