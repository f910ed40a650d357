/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/events.h"

#include <unistd.h>

#include "base/file.h"
#include "base/utf.h"
#include "lang/err_detect.h"

/* UTF-16, as PowerShell writes it, becomes UTF-8. */
static void from_utf16(struct buf *b)
{
    struct buf text = BUF_INIT(b->max);
    size_t mark;
    enum utf_kind kind = utf_kind_of(buf_slice(b), &mark);

    if (kind == UTF_8)
        return;
    utf_to_utf8(kind, slice_from(buf_slice(b), mark), &text);
    buf_done(b);
    *b = text;
}

int events_read(const char *path, struct buf *ret, struct err *err)
{
    int r;

    *ret = BUF_INIT(EVENTS_BYTES_MAX + DECODE_PADDING);
    r = strcmp(path, "-") == 0 ? file_read_fd(STDIN_FILENO, path, ret, err)
                               : file_read(path, ret, err);
    if (r == 0)
        from_utf16(ret);
    if (r == 0 &&
        (ret->err || ret->len > EVENTS_BYTES_MAX || buf_reserve(ret, DECODE_PADDING) == NULL))
        r = err_fail(err, CE_TOO_BIG, ERR_DETECT_LARGER_THAN_BYTES, path, EVENTS_BYTES_MAX);
    if (r == 0)
        memset(ret->p + ret->len, 0, DECODE_PADDING);
    return r;
}

/* False: use() wants no more. */
static bool read_block(struct decoder *d, const struct decode_block *block,
                       bool (*use)(void *ctx, const struct event *e),
                       void (*bad)(void *ctx, const struct decode_fault *fault), void *ctx)
{
    struct decode_fault fault = {.kind = FAULT_RECORD};
    struct event e;
    int r;

    decoder_open(d, block);
    while ((r = decoder_next(d, &e, &fault)) != 0) {
        if (r < 0 && fault.kind == FAULT_RECORD)
            bad(ctx, &fault);
        else if (r > 0 && !use(ctx, &e))
            return false;
    }
    return true;
}

/* What the text is, from *s on, which moves behind lines in no format; *ret_lines of them. */
static const struct format *format_of(struct slice *s, uint64_t *ret_lines)
{
    bool more;
    const struct format *format =
        format_find(&(struct decode_sample){.bytes = *s, .begins = true, .ends = true}, &more);
    size_t at = 0;

    if (format == NULL)
        format = format_find_later(*s, true, &at);
    *ret_lines = 0;
    for (size_t i = 0; i < at; i++)
        *ret_lines += s->p[i] == '\n';
    *s = slice_from(*s, at);
    return format;
}

int events_each(const struct buf *text, const struct keys *keys,
                bool (*use)(void *ctx, const struct event *e),
                void (*bad)(void *ctx, const struct decode_fault *fault), void *ctx,
                struct err *err)
{
    struct slice s = buf_slice(text);
    uint64_t lines;
    const struct format *format = format_of(&s, &lines);
    const size_t before = text->len - s.n;
    struct cutter *c = format ? cutter_new(format, &decode_default_limits, NULL) : NULL;
    struct decoder *d = format ? decoder_new(format, keys, &decode_default_limits) : NULL;
    struct decode_block block;
    bool wanted = true;
    size_t taken;
    int r = 0;

    if (format == NULL)
        return err_fail(err, CE_UNKNOWN, ERR_DETECT_NO_FORMAT_KNOWN);
    if (c == NULL || d == NULL)
        r = err_nomem(err);
    while (r == 0 && wanted && (r = cutter_cut(c, s, true, &block, &taken, err)) >= 0) {
        if (r == 0 && taken == 0)
            break;
        block.offset += before;
        block.line += lines;
        if (r > 0)
            wanted = read_block(d, &block, use, bad, ctx);
        s = slice_from(s, taken);
        r = 0;
    }
    (void)cutter_free(c);
    (void)decoder_free(d);
    return r;
}
