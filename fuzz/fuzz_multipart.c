/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Uploads: the first line is the Content-Type, the rest the body; and what canh-convert answers.
 * What is accepted lies within what came, and is clean text where it is text.
 */
#include <stdlib.h>

#include "base/utf.h"
#include "net/multipart.h"
#include "node/wire/convert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(struct slice body, const struct multipart *m)
{
    if (m->file.n > 0 && (m->file.p < body.p || m->file.p + m->file.n > body.p + body.n))
        abort();
    if (!utf8_valid(m->file_name) || slice_find_byte(m->file_name, '/') != SIZE_MAX)
        abort();
    for (size_t i = 0; i < m->fields.count; i++)
        if (m->fields.items[i].name.n == 0 || !utf8_valid(m->fields.items[i].value))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT((size_t)4 << 20);
    struct slice in = slice_of(data, size);
    size_t line = CANH_MIN(slice_find_byte(in, '\n'), in.n);
    struct slice body = slice_from(in, CANH_MIN(line + 1, in.n));
    struct multipart m;
    struct convert_answer a;
    struct convert_file f;

    if (multipart_parse(slice_head(in, line), body, &arena, &m) == 0)
        look(body, &m);
    if (convert_get(in, &arena, &a) == 0 && a.row_count > CONVERT_ROWS_MAX)
        abort();
    if (convert_file_get(in, &f) == 0 && f.read && (f.bytes.p != in.p + 1 || f.bytes.n != in.n - 5))
        abort();
    arena_done(&arena);
    return 0;
}
