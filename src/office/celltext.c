/* SPDX-License-Identifier: Apache-2.0 */
#include "office/celltext.h"

#include "base/markup.h"
#include "base/utf.h"

char *celltext_make(struct buf *scratch, struct slice s, size_t chars)
{
    static char none[1];
    unsigned len;

    buf_clear(scratch);
    for (size_t i = 0; i < s.n && chars > 0; i += len, chars--) {
        uint32_t c = utf8_decode(s.p + i, s.n - i, &len);
        uint8_t bytes[4];

        buf_append(scratch, bytes, utf8_encode(markup_holds(c) ? c : UTF_REPLACEMENT, bytes));
    }
    return *buf_cstr(scratch) != 0 ? (char *)scratch->p : none;
}
