/* SPDX-License-Identifier: Apache-2.0 */
/* Words on the pages of a PDF, as pdftotext -tsv prints them. */
#include <stdlib.h>

#include "../tests/support/err_words.h"
#include "office/pdftable.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT((size_t)64 << 20);
    struct buf out = BUF_INIT((size_t)16 << 20);
    struct err err = ERR_INIT;
    unsigned tables = 0;

    if (pdftable_write(&arena, (struct slice){data, size}, &out, &tables, &err) < 0 &&
        err_words(&err)[0] == 0)
        abort();
    buf_done(&out);
    arena_done(&arena);
    return 0;
}
