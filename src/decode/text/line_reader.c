/* SPDX-License-Identifier: Apache-2.0 */
/* What a line is read with, whatever its format. */
#include <stdlib.h>

#include "decode/text/formats.h"

enum { TABLE_MAX = 16 * 1024 * 1024 };

struct line_reader *line_reader_new(const struct keys *keys)
{
    struct line_reader *r = calloc(1, sizeof(*r));

    if (r == NULL)
        return NULL;
    r->table = ARENA_INIT(TABLE_MAX);
    r->document = BUF_INIT(FIELDS_SCRATCH_MAX);
    r->joined = BUF_INIT(FIELDS_SCRATCH_MAX);
    if (fields_init(&r->fields, keys) == 0)
        r->programs = programs_new(&r->table, &r->fields);
    return r->programs ? r : line_reader_free(r);
}

struct line_reader *line_reader_free(struct line_reader *r)
{
    if (r == NULL)
        return NULL;
    fields_done(&r->fields);
    programs_done(r->programs);
    arena_done(&r->table);
    buf_done(&r->document);
    buf_done(&r->joined);
    free(r);
    return NULL;
}

bool line_reader_any(struct line_reader *r, struct slice line, const struct line_format *but)
{
    for (size_t i = 0; line_formats[i] != NULL; i++) {
        const struct line_format *x = line_formats[i];

        fields_begin(&r->fields);
        if (x == but || !x->begins(line, r->context) || !x->parse(r, line))
            continue;
        fields_write_new(&r->fields, NAME_MODULE, slice_str(x->name));
        return true;
    }
    fields_begin(&r->fields);
    return false;
}
