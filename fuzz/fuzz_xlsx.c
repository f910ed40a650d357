/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workbooks. Input that begins with PK is a whole package; anything else is its parts: a letter
 * that names the part, its text, a zero byte, and so on, which the target packs itself, so that
 * mutation reaches the XML.
 */
#include <stdlib.h>

#include "../tests/support/err_words.h"
#include "../tests/support/zipmake.h"
#include "office/workbook.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/worksheets/sheet1.xml",
    "content.xml",
    "xl/worksheets/sheet2.xml",
};

static void walk(const struct workbook *t)
{
    size_t sum = 0;

    for (uint32_t s = 0; s < t->sheet_count; s++) {
        for (uint32_t r = 0; r < t->sheets[s].row_count; r++) {
            const struct row *row = &t->sheets[s].rows[r];

            for (uint32_t c = 1; c <= row->count + 1; c++) {
                const struct cell *cell = row_cell(row, c);

                if (cell->kind >= CELL_KIND_MAX || (r > 0 && row[-1].number >= row->number))
                    abort();
                sum += cell->n ? cell->p[cell->n - 1] : 0;
            }
        }
    }
    if (sum == SIZE_MAX)
        abort();
    (void)workbook_first(t);
}

static void try_bytes(struct slice bytes)
{
    struct arena arena = ARENA_INIT((size_t)64 << 20);
    struct workbook_limits limits = workbook_default_limits;
    struct workbook *t;
    struct err err = ERR_INIT;

    limits.max_unpacked = 4 << 20;
    limits.max_cells = 100000;
    if (workbook_read(&arena, bytes, &limits, &t, &err) == 0)
        walk(t);
    else if (err.code == 0 || err_words(&err)[0] == 0)
        abort();
    arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct zip_part parts[8];
    struct slice rest = slice_of(data, size), part, bytes;
    size_t n = 0;

    if (slice_starts(rest, SLICE("PK"))) {
        try_bytes(rest);
        return 0;
    }
    while (n < 8 && slice_cut(&rest, 0, &part)) {
        if (part.n > 0)
            parts[n++] = (struct zip_part){names[part.p[0] % CANH_LEN(names)], slice_from(part, 1)};
    }
    bytes = zip_make(parts, n, false);
    try_bytes(bytes);
    free((void *)(uintptr_t)bytes.p);
    return 0;
}
