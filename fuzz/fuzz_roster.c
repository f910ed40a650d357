/* SPDX-License-Identifier: Apache-2.0 */
/* A duty sheet (as CSV): read or not; every entry is a real day, a span, a name, in the sheet. */
#include <stdlib.h>

#include "base/time.h"
#include "import/roster_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct roster_sheet *r)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct roster_entry *x = &r->entries[i];

        if (x->day == TIME_NONE || x->day < -30000 || x->day > 90000 || x->time.from < 0 ||
            x->time.from >= 1440 || x->time.until <= x->time.from || x->time.until > 2880 ||
            x->person.n == 0 || x->row == 0 || x->col == 0 || x->position < 1)
            abort();
    }
    for (size_t i = 0; i < r->note_count; i++) {
        if (r->notes[i].text.n == 0)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT(64u << 20);
    const struct roster_options opt = {.lang = LANG_EN, .year = size % 2 ? 2026 : 0};
    struct err err = ERR_INIT;
    struct roster_sheet r;
    struct workbook *t = NULL;

    if (size < 20000 && workbook_read(&arena, slice_of(data, size), NULL, &t, &err) == 0 &&
        t->sheet_count > 0 && roster_read(&arena, &t->sheets[0], &opt, &r, &err) == 0)
        check(&r);
    arena_done(&arena);
    return 0;
}
