/* SPDX-License-Identifier: Apache-2.0 */
/* Page templates: whatever is accepted, a value adds no markup in it. */
#include <stdlib.h>

#include "web/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count(struct slice s, uint8_t c)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == c;
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct template_file file = {SLICE("page"), slice_of(data, size)};
    struct arena arena = ARENA_INIT((size_t)1 << 20);
    struct buf out = BUF_INIT((size_t)1 << 20), plain = BUF_INIT((size_t)1 << 20);
    struct page_scope *p = page_new(&arena), *q = page_new(&arena);
    struct template_set *t = NULL;
    struct err err = ERR_INIT;

    page_set_text(p, "v", "\"<'>");
    page_set_text(q, "v", "x");
    if (template_set_new(&t, &file, 1, SLICE("/watch"), &err) == 0 &&
        template_render(t, "page", LANG_VI, p, NULL, &out, &err) == 0 &&
        template_render(t, "page", LANG_VI, q, NULL, &plain, &err) == 0) {
        if (count(buf_slice(&out), '<') != count(buf_slice(&plain), '<') ||
            count(buf_slice(&out), '"') != count(buf_slice(&plain), '"'))
            abort();
    }
    template_set_free(t);
    buf_done(&out);
    buf_done(&plain);
    arena_done(&arena);
    return 0;
}
