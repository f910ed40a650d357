/* SPDX-License-Identifier: Apache-2.0 */
#include "report/template.h"

static const struct template_value *template_find(struct slice name,
                                                  const struct template_value *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_is(name, values[i].name))
            return &values[i];
    }
    return NULL;
}

void template_fill(struct buf *out, struct slice text, const struct template_value *values,
                   size_t count)
{
    while (text.n > 0) {
        size_t open = slice_find(text, SLICE("{{"));
        size_t close =
            open == SIZE_MAX ? SIZE_MAX : slice_find(slice_from(text, open), SLICE("}}"));
        const struct template_value *v;

        if (close == SIZE_MAX)
            break;
        buf_append_slice(out, slice_head(text, open));
        v = template_find(slice_trim(slice_of(text.p + open + 2, close - 2)), values, count);
        for (size_t i = 0; v && i < v->count; i++) {
            if (i > 0)
                buf_puts(out, ", ");
            buf_append_slice(out, v->items[i]);
        }
        if (v == NULL)
            buf_append_slice(out, slice_of(text.p + open, close + 2));
        text = slice_from(text, open + close + 2);
    }
    buf_append_slice(out, text);
}

const struct template_value *template_whole(struct slice text, const struct template_value *values,
                                            size_t count)
{
    struct slice s = slice_trim(text);

    if (!slice_starts(s, SLICE("{{")) || slice_find(s, SLICE("}}")) != s.n - 2)
        return NULL;
    return template_find(slice_trim(slice_of(s.p + 2, s.n - 4)), values, count);
}
