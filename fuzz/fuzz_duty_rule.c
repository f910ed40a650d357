/* SPDX-License-Identifier: Apache-2.0 */
/* A recurrence: parses or not; its occurrences are in order, in the window, apart from each other.
 */
#include <stdlib.h>

#include "base/time.h"
#include "roster/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expand(const struct recur *recur, unsigned length)
{
    const struct duty_turn turns[] = {{0, INT64_MIN, INT64_MAX},
                                      {1, 10 * TIME_DAY, 50 * TIME_DAY},
                                      {DUTY_NOBODY, INT64_MIN, INT64_MAX}};
    const int64_t from = 20 * TIME_DAY, until = 80 * TIME_DAY;
    const struct duty_rule rule = {.recur = *recur,
                                   .zone = {.offset_s = 7 * 3600},
                                   .start = TIME_HOUR,
                                   .length = (1 + length) * TIME_HOUR,
                                   .turns = turns,
                                   .turn_count = CANH_LEN(turns)};
    struct arena arena = ARENA_INIT(16u << 20);
    struct duty_cell *cells = NULL;
    size_t n = 0;

    if (duty_rule_expand(&rule, from, until, &arena, &cells, &n, NULL) == 0) {
        for (size_t i = 0; i < n; i++) {
            if (cells[i].from >= cells[i].until || cells[i].until <= from ||
                cells[i].from >= until || (i > 0 && cells[i].from < cells[i - 1].until))
                abort();
        }
    }
    arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = ERR_INIT;
    struct recur rule;

    if (recur_parse(slice_of(data, size), &rule, &err) < 0) {
        if (err.col == 0 || err.col > size + 1)
            abort();
        return 0;
    }
    recur_until_local(&rule, 7 * 3600);
    expand(&rule, size ? data[size - 1] % 80 : 0);
    return 0;
}
