/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/scalar.h"

#include "base/ascii.h"
#include "base/err.h"

int scalar_init(struct scalar_reader *r, struct slice source, size_t max_bytes)
{
    *r = (struct scalar_reader){.source = source, .text = BUF_INIT(max_bytes)};
    r->iter = fy_token_iter_create(NULL);
    return r->iter ? 0 : -CE_NOMEM;
}

void scalar_done(struct scalar_reader *r)
{
    if (r->iter != NULL)
        fy_token_iter_destroy(r->iter);
    buf_done(&r->text);
}

/* The scalar's bytes in the source, without its quotes; false when libfyaml does not say. */
static bool source_of(const struct scalar_reader *r, struct fy_token *token, struct slice *ret)
{
    const struct fy_mark *from = fy_token_start_mark(token), *to = fy_token_end_mark(token);

    if (from == NULL || to == NULL || from->input_pos > to->input_pos ||
        to->input_pos > r->source.n)
        return false;
    *ret = slice_of(r->source.p + from->input_pos, to->input_pos - from->input_pos);
    return true;
}

static bool line_break(uint8_t c)
{
    return c == '\n' || c == '\r';
}

/* Reads over a line break and the empty lines and blanks behind it; returns how many breaks. */
static size_t skip_breaks(struct slice s, size_t *at)
{
    size_t breaks = 0;

    while (*at < s.n && (ascii_is_blank(s.p[*at]) || line_break(s.p[*at]))) {
        if (line_break(s.p[*at])) {
            breaks++;
            *at += s.p[*at] == '\r' && *at + 1 < s.n && s.p[*at + 1] == '\n';
        }
        ++*at;
    }
    return breaks;
}

/*
 * The inside of single quotes, decoded here (YAML 1.2.2, 7.3.2): libfyaml 0.7 makes three quotes
 * of the four that stand for two. One line break is a space, more are one break less.
 */
static void unquote_single(struct slice s, struct buf *out)
{
    for (size_t i = 0; i < s.n;) {
        size_t breaks;

        if (line_break(s.p[i])) {
            while (out->len && ascii_is_blank(out->p[out->len - 1]))
                out->len--;
            breaks = skip_breaks(s, &i);
            if (breaks == 1)
                buf_putc(out, ' ');
            while (breaks-- > 1)
                buf_putc(out, '\n');
            continue;
        }
        buf_putc(out, s.p[i]);
        i += 1 + (s.p[i] == '\'' && i + 1 < s.n && s.p[i + 1] == '\'');
    }
}

/* Piece by piece: fy_token_get_text() of libfyaml 0.7 loses memory on scalars of many pieces. */
static int collect_text(struct scalar_reader *r, struct fy_token *token, struct slice *ret)
{
    const struct fy_iter_chunk *chunk = NULL;
    int error = 0;

    buf_clear(&r->text);
    fy_token_iter_start(token, r->iter);
    while ((chunk = fy_token_iter_chunk_next(r->iter, chunk, &error)) != NULL)
        buf_append(&r->text, chunk->str, chunk->len);
    fy_token_iter_finish(r->iter);
    if (error != 0)
        return -CE_SYNTAX;
    *ret = buf_slice(&r->text);
    return r->text.err ? -CE_NOMEM : 0;
}

int scalar_text(struct scalar_reader *r, struct fy_token *token, struct slice *ret)
{
    enum fy_scalar_style style = fy_token_scalar_style(token);
    const struct fy_mark *from = fy_token_start_mark(token), *to = fy_token_end_mark(token);
    bool one_line = from != NULL && to != NULL && from->line == to->line;
    struct slice source;

    if (style == FYSS_LITERAL || style == FYSS_FOLDED || !source_of(r, token, &source))
        return collect_text(r, token, ret);
    if (one_line &&
        (style == FYSS_PLAIN ||
         slice_find_byte(source, style == FYSS_SINGLE_QUOTED ? '\'' : '\\') == SIZE_MAX)) {
        *ret = source;
        return 0;
    }
    if (style != FYSS_SINGLE_QUOTED)
        return collect_text(r, token, ret);
    buf_clear(&r->text);
    unquote_single(source, &r->text);
    *ret = buf_slice(&r->text);
    return r->text.err ? -CE_NOMEM : 0;
}
