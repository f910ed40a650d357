/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/placeholder.h"

#include "base/buf.h"
#include "base/utf.h"
#include "lang/err_sigma.h"

struct expansion {
    struct build *b;
    const struct yaml_node *at;
    struct slice text;
    placeholder_fn fn;
    void *ctx;
    struct buf out;
    uint32_t produced;
};

static bool name_byte(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' ||
           c == '.' || c == '-';
}

/* The name of the placeholder whose first % stands at `at`; empty when it begins none. */
static struct slice name_at(struct slice text, size_t at)
{
    size_t end = at + 1;

    while (end < text.n && name_byte(text.p[end]))
        end++;
    if (end == text.n || text.p[end] != '%')
        return SLICE_NULL;
    return slice_of(text.p + at + 1, end - at - 1);
}

static const struct placeholder *placeholder_find(const struct rule_options *options,
                                                  struct slice name)
{
    for (uint32_t i = 0; options != NULL && i < options->placeholder_count; i++) {
        if (slice_eq(options->placeholders[i].name, name))
            return &options->placeholders[i];
    }
    return NULL;
}

/* Copies up to the next placeholder and returns where it stands; text.n when there is none. */
static size_t copy_plain(struct expansion *x, size_t at)
{
    size_t backslashes = 0;

    for (; at < x->text.n; at++) {
        uint8_t c = x->text.p[at];

        if (c == '%' && backslashes % 2 == 1)
            x->out.len--; /* the backslash that protects it */
        else if (c == '%' && name_at(x->text, at).n)
            break;
        buf_putc(&x->out, c);
        backslashes = c == '\\' ? backslashes + 1 : 0;
    }
    return at;
}

static int expand_from(struct expansion *x, size_t at, unsigned depth)
{
    const struct placeholder *values;
    struct slice name;
    size_t len;
    int r = 0;

    at = copy_plain(x, at);
    if (x->out.err)
        return build_fail(x->b, x->at, CE_TOO_BIG, ERR_SIGMA_VALUE_EXPANDS_MORE_THAN_BYTES,
                          VALUE_TEXT_MAX);
    if (at == x->text.n) {
        if (x->produced++ >= EXPANSIONS_MAX)
            return build_fail(x->b, x->at, CE_TOO_BIG, ERR_SIGMA_VALUE_EXPANDS_MORE_THAN_VALUES,
                              EXPANSIONS_MAX);
        return x->fn(x->ctx, buf_slice(&x->out));
    }
    name = name_at(x->text, at);
    values = placeholder_find(x->b->options, name);
    if (values == NULL || values->count == 0)
        return build_fail_inside(x->b, x->at, at, CE_MISSING, ERR_SIGMA_PLACEHOLDER_NO_VALUES,
                                 slice_brief(name));
    if (depth == PLACEHOLDERS_MAX)
        return build_fail(x->b, x->at, CE_TOO_BIG, ERR_SIGMA_MORE_THAN_PLACEHOLDERS_ONE_VALUE,
                          PLACEHOLDERS_MAX);
    len = x->out.len;
    for (uint32_t i = 0; i < values->count && r == 0; i++) {
        if (!utf8_valid(values->values[i]))
            return build_fail_inside(x->b, x->at, at, CE_ENCODING,
                                     ERR_SIGMA_VALUE_PLACEHOLDER_NOT_VALID_UTF, slice_brief(name));
        x->out.len = len;
        buf_append_slice(&x->out, values->values[i]);
        r = expand_from(x, at + name.n + 2, depth + 1);
    }
    return r;
}

int placeholder_expand(struct build *b, const struct yaml_node *at, struct slice text,
                       placeholder_fn fn, void *ctx)
{
    struct expansion x = {
        .b = b, .at = at, .text = text, .fn = fn, .ctx = ctx, .out = BUF_INIT(VALUE_TEXT_MAX)};
    int r = expand_from(&x, 0, 0);

    buf_done(&x.out);
    return r;
}
