/* SPDX-License-Identifier: Apache-2.0 */
#include "office/doctext.h"

void doctext_write(struct buf *out, const struct doctext *d)
{
    for (uint32_t i = 0; i < d->count; i++) {
        const struct doc_para *p = &d->paras[i];
        const struct doc_para *next = i + 1 < d->count ? p + 1 : NULL;

        buf_append_slice(out, p->label);
        if (p->label.n > 0)
            buf_putc(out, ' ');
        buf_append_slice(out, p->text);
        buf_putc(out, p->kind == DOC_CELL && next != NULL && next->kind == DOC_CELL &&
                              next->table == p->table && next->row == p->row
                          ? '\t'
                          : '\n');
    }
}
