/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/events.h"

#include <unistd.h>

#include "base/file.h"
#include "base/utf.h"
#include "decode/evtx/evtx.h"
#include "decode/json/json.h"
#include "decode/json/split.h"

struct reader {
    const struct keys *keys;
    bool (*use)(void *ctx, const struct event *e);
    void (*bad)(void *ctx, const struct err *err);
    void *ctx;
};

/* UTF-16 with a byte order mark, as PowerShell writes it, becomes UTF-8. */
static void from_utf16(struct buf *b)
{
    struct buf text = BUF_INIT(b->max);
    struct slice s = buf_slice(b);

    if (slice_starts(s, SLICE("\xFF\xFE")))
        utf16le_to_utf8(slice_from(s, 2), &text);
    else if (slice_starts(s, SLICE("\xFE\xFF")))
        utf16be_to_utf8(slice_from(s, 2), &text);
    else
        return;
    buf_done(b);
    *b = text;
}

int events_read(const char *path, struct buf *ret, struct err *err)
{
    int r;

    *ret = BUF_INIT(EVENTS_BYTES_MAX + JSON_PADDING);
    r = strcmp(path, "-") == 0 ? file_read_fd(STDIN_FILENO, path, ret, err)
                               : file_read(path, ret, err);
    if (r == 0)
        from_utf16(ret);
    if (r == 0 &&
        (ret->err || ret->len > EVENTS_BYTES_MAX || buf_reserve(ret, JSON_PADDING) == NULL))
        r = err_set(err, CE_TOO_BIG, "%s: larger than %d bytes", path, EVENTS_BYTES_MAX);
    if (r == 0)
        memset(ret->p + ret->len, 0, JSON_PADDING);
    return r;
}

static bool each_of_block(struct reader *x, struct json_decoder *d, const struct json_block *block)
{
    struct err err = ERR_INIT;
    struct event e;
    int r;

    json_start(d, block);
    while ((r = json_next(d, &e, &err)) != 0) {
        if (r < 0)
            x->bad(x->ctx, &err);
        else if (!x->use(x->ctx, &e))
            return false;
    }
    return true;
}

static int each_json(struct reader *x, struct slice text, struct err *err)
{
    struct json_decoder *d = json_decoder_new(x->keys, &decode_default_limits);
    struct json_split split;
    struct json_block block;
    size_t taken;
    int r = d ? 0 : err_set(err, CE_NOMEM, "%s", ce_to_str(CE_NOMEM));

    json_split_init(&split, &decode_default_limits);
    while (r == 0 && (r = json_split_cut(&split, text, true, &block, &taken, err)) >= 0) {
        if (r == 0 && taken == 0)
            break;
        if (r > 0 && !each_of_block(x, d, &block))
            text = SLICE_NULL;
        else
            text = slice_from(text, taken);
        r = 0;
    }
    (void)json_decoder_free(d);
    return r;
}

static bool each_of_chunk(struct reader *x, struct evtx_decoder *d)
{
    struct err err = ERR_INIT;
    struct event e;
    int r;

    while ((r = evtx_next(d, &e, &err)) != 0) {
        if (r < 0)
            x->bad(x->ctx, &err);
        else if (!x->use(x->ctx, &e))
            return false;
    }
    return true;
}

static int each_evtx(struct reader *x, struct slice text, struct err *err)
{
    struct evtx_decoder *d = evtx_decoder_new(x->keys, &decode_default_limits);
    size_t at = slice_starts(text, SLICE("ElfFile")) ? EVTX_FILE_HEADER : 0;

    if (d == NULL)
        return err_set(err, CE_NOMEM, "%s", ce_to_str(CE_NOMEM));
    while (at < text.n) {
        struct slice window = slice_head(slice_from(text, at), EVTX_CHUNK);
        size_t skip = evtx_chunk_find(window);
        struct evtx_chunk_report report;

        if (skip == 0) {
            skip = evtx_chunk_begin(d, window, at, &report);
            if (!each_of_chunk(x, d))
                break;
        }
        at += skip;
    }
    (void)evtx_decoder_free(d);
    return 0;
}

enum log_kind log_recognise(struct slice s)
{
    if (evtx_recognise(s))
        return LOG_EVTX;
    if (slice_starts(s, SLICE("\xEF\xBB\xBF")))
        s = slice_from(s, 3);
    s = slice_trim(s);
    s = slice_trim(slice_from(s, json_record_line(s)));
    return s.n && (s.p[0] == '{' || s.p[0] == '[') ? LOG_JSON : LOG_NONE;
}

int events_each(const struct buf *text, const struct keys *keys,
                bool (*use)(void *ctx, const struct event *e),
                void (*bad)(void *ctx, const struct err *err), void *ctx, struct err *err)
{
    struct reader x = {keys, use, bad, ctx};
    struct slice s = buf_slice(text);

    switch (log_recognise(s)) {
    case LOG_EVTX:
        return each_evtx(&x, s, err);
    case LOG_JSON:
        return each_json(&x, s, err);
    default:
        return err_set(err, CE_UNKNOWN, "neither EVTX nor JSON");
    }
}
