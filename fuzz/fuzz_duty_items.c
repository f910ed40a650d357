/* SPDX-License-Identifier: Apache-2.0 */
/* The items of a handover and the terms of duty: read or not; what is read is written and read the
 * same. */
#include <stdlib.h>

#include "duty/items.h"
#include "roster/terms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT(64u << 20);
    struct duty_items one = {.arena = &arena}, two = {.arena = &arena};
    struct buf json = BUF_INIT(8u << 20);
    struct err err = ERR_INIT;
    struct duty_terms terms;

    if (duty_items_read(slice_of(data, size), &one, &err) == 0) {
        duty_items_write(&json, &one);
        if (json.err || duty_items_read(buf_slice(&json), &two, &err) < 0 || one.count != two.count)
            abort();
        for (size_t i = 0; i < one.count; i++) {
            if (one.items[i].kind != two.items[i].kind || one.items[i].due != two.items[i].due)
                abort();
        }
    }
    if (duty_terms_parse(slice_of(data, size), &terms, &err) == 0 &&
        (terms.step_count == 0 || terms.step_count > DUTY_STEPS_MAX))
        abort();
    buf_done(&json);
    arena_done(&arena);
    return 0;
}
