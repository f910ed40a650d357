/* SPDX-License-Identifier: Apache-2.0 */
/* Documents; the input's form is that of fuzz_xlsx: a package, or the parts of one. */
#include <stdlib.h>

#include "../tests/support/err_words.h"
#include "../tests/support/zipmake.h"
#include "base/utf.h"
#include "office/alltext.h"
#include "office/doctext.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {
    "_rels/.rels",     "word/document.xml",  "word/_rels/document.xml.rels",
    "word/styles.xml", "word/numbering.xml", "content.xml",
    "styles.xml",      "mimetype",
};

static int no_line_is_odd(void *user, struct slice line)
{
    (void)user;
    if (line.n == 0 || !utf8_valid(line))
        abort();
    return 0;
}

static void try_bytes(struct slice bytes)
{
    struct arena arena = ARENA_INIT((size_t)32 << 20);
    struct doctext_limits limits = doctext_default_limits;
    struct doctext *d;
    struct err err = ERR_INIT;

    limits.max_unpacked = 4 << 20;
    limits.max_para_bytes = 4096;
    if (doctext_read(&arena, bytes, &limits, &d, &err) < 0) {
        if (err.code == 0 || err_words(&err)[0] == 0)
            abort();
    } else {
        struct buf b = BUF_INIT((size_t)64 << 20);

        for (uint32_t i = 0; i < d->count; i++) {
            if (d->paras[i].text.n == 0 || !utf8_valid(d->paras[i].text))
                abort();
        }
        doctext_write(&b, d);
        buf_done(&b);
    }
    arena_done(&arena);
    err = ERR_INIT;
    if (file_kind(bytes) == FILE_ZIP && alltext_each(bytes, no_line_is_odd, NULL, &err) < 0 &&
        err.code == 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct zip_part parts[8];
    struct slice rest = slice_of(data, size), part, bytes;
    size_t n = 0;

    /* plain text and whole packages come as they are; parts begin with a letter h … o */
    if (size == 0 || data[0] < 'h' || data[0] > 'o') {
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
