/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/memo.h"

#include <stdlib.h>

#include "base/err.h"

int memo_init(struct memo *m)
{
    *m = (struct memo){.entries = aligned_alloc(64, MEMO_ENTRIES * sizeof(*m->entries)),
                       .seed = hash_seed()};
    if (m->entries == NULL)
        return -CE_NOMEM;
    memset(m->entries, 0, MEMO_ENTRIES * sizeof(*m->entries));
    return 0;
}

void memo_done(struct memo *m)
{
    free(m->entries);
    *m = (struct memo){0};
}

void memo_begin(struct memo_entry *e, const void *index, uint32_t slot, const struct field *f)
{
    e->index = index;
    e->slot = (uint16_t)slot;
    e->form = f->form;
    e->n = (uint8_t)f->n;
    e->count = 0;
    if (f->n)
        memcpy(e->text, f->text, f->n);
}
