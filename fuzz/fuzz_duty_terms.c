/* SPDX-License-Identifier: Apache-2.0 */
/* A unit's terms of duty: read, in bounds; or refused at a place. */
#include <stdlib.h>

#include "../tests/support/err_words.h"
#include "roster/terms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = ERR_INIT;
    struct duty_terms t;

    if (duty_terms_parse(slice_of(data, size), &t, &err) < 0) {
        if (err.code == 0 || err_words(&err)[0] == 0)
            abort();
        return 0;
    }
    if (t.step_count == 0 || t.step_count > DUTY_STEPS_MAX || t.night.count > HOURS_PARTS_MAX ||
        t.mark_grace < 0 || t.early < 0 || t.typed_later < 0 || t.night_turn < 0)
        abort();
    for (size_t i = 0; i < t.step_count; i++) {
        if (t.ladder[i].tell >= DUTY_TELL_MAX ||
            (i > 0 && t.ladder[i].minutes < t.ladder[i - 1].minutes))
            abort();
    }
    return 0;
}
