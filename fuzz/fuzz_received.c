/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a body over HTTP: packed in one of the codings, as _bulk, as OTLP; or as a stream of
 * Lumberjack. The first byte chooses. Nothing grows beyond its maximum, and what is given lies in
 * the body or the arena.
 */
#include <stdlib.h>

#include "collect/body.h"
#include "collect/bulk.h"
#include "collect/lumberjack.h"
#include "collect/otlp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OUT_MAX = 1 << 20 };

static void try_body(struct slice in, const char *coding)
{
    struct buf out = BUF_INIT(OUT_MAX);
    int r = body_decode(slice_str(coding), in, &out);

    if (out.len > OUT_MAX || r > 0)
        abort();
    buf_done(&out);
}

static void try_bulk(struct slice in)
{
    struct arena arena = ARENA_INIT(OUT_MAX);
    struct bulk_reader b = {.rest = in, .arena = &arena};
    struct bulk_item x;

    while (bulk_next(&b, &x) > 0)
        if (x.document.n && (x.document.p < in.p || x.document.p + x.document.n > in.p + in.n))
            abort();
    arena_done(&arena);
}

static int take(void *u, struct slice raw, bool canonical)
{
    size_t *left = u;

    if (canonical && (raw.n < 2 || raw.p[0] != '{' || raw.p[raw.n - 1] != '}'))
        abort();
    return (*left)-- ? 0 : -CE_TOO_BIG;
}

static void try_otlp(struct slice in)
{
    struct arena arena = ARENA_INIT(OUT_MAX);
    size_t left = 1000;
    int r = otlp_logs_read(in, &arena, take, &left);

    (void)r;
    arena_done(&arena);
}

static void try_lumberjack(struct slice in)
{
    struct lumberjack_stream s;
    struct lumberjack_event e;
    int r = 0;

    lumberjack_init(&s);
    while (in.n && r >= 0) {
        size_t n;
        uint8_t *to = lumberjack_room(&s, &n);

        if (to == NULL)
            abort();
        n = CANH_MIN(n, in.n);
        memcpy(to, in.p, n);
        lumberjack_consume(&s, n);
        in = slice_from(in, n);
        while ((r = lumberjack_next(&s, &e)) > 0)
            if (e.json.n > LUMBERJACK_EVENT_MAX || e.last != (s.window == 0))
                abort();
    }
    lumberjack_done(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice in = slice_of(data, size);

    if (size == 0)
        return 0;
    in = slice_from(in, 1);
    switch (data[0] % 5) {
    case 0:
        try_body(in, "gzip");
        break;
    case 1:
        try_body(in, "zstd");
        break;
    case 2:
        try_bulk(in);
        break;
    case 3:
        try_otlp(in);
        break;
    default:
        try_lumberjack(in);
    }
    return 0;
}
