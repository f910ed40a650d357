/* SPDX-License-Identifier: Apache-2.0 */
/* CSV in every encoding; what is read is valid UTF-8 and within its limits. */
#include <stdlib.h>

#include "../tests/support/err_words.h"
#include "base/utf.h"
#include "office/workbook.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT((size_t)64 << 20);
    struct workbook_limits limits = workbook_default_limits;
    struct workbook *t;
    struct err err = ERR_INIT;

    limits.max_cell_bytes = 1000;
    limits.max_cells = 100000;
    if (workbook_read(&arena, slice_of(data, size), &limits, &t, &err) < 0) {
        if (err.code == 0 || err_words(&err)[0] == 0)
            abort();
    } else {
        for (uint32_t r = 0; r < (t->sheet_count ? t->sheets[0].row_count : 0); r++) {
            const struct row *row = &t->sheets[0].rows[r];

            for (uint32_t c = 1; c <= row->count; c++) {
                struct slice s = cell_text(row_cell(row, c));

                if (!utf8_valid(s) || s.n > 3000)
                    abort();
            }
        }
    }
    arena_done(&arena);
    return 0;
}
