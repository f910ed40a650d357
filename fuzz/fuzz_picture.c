/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What comes back from the process that reads uploads: photographs without what stands beside the
 * picture (cleaned twice is cleaned once), workbooks, documents and errors as bytes.
 */
#include <stdlib.h>

#include "../tests/support/err_words.h"
#include "office/doctext_wire.h"
#include "office/picture.h"
#include "office/workbook_wire.h"
#include "os/err_frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void clean(struct slice in)
{
    struct buf once = BUF_INIT(1 << 20), twice = BUF_INIT(1 << 20);

    if (picture_clean(in, &once) == 0) {
        if (once.len > in.n || picture_clean(buf_slice(&once), &twice) != 0 ||
            !slice_eq(buf_slice(&once), buf_slice(&twice)))
            abort();
    }
    buf_done(&once);
    buf_done(&twice);
}

static void take(struct slice in)
{
    struct arena arena = ARENA_INIT((size_t)64 << 20);
    struct buf again = BUF_INIT(WORKBOOK_WIRE_MAX);
    struct workbook *t = NULL;

    if (workbook_decode(in, NULL, &arena, &t) == 0) {
        workbook_encode(&again, t);
        if (again.len != in.n)
            abort();
    }
    buf_done(&again);
    arena_done(&arena);
}

static void take_document(struct slice in)
{
    struct arena arena = ARENA_INIT((size_t)64 << 20);
    struct buf again = BUF_INIT(in.n);
    struct doctext *d = NULL;

    if (doctext_decode(in, &doctext_default_limits, &arena, &d) == 0) {
        doctext_encode(&again, d);
        if (again.err || again.len != in.n)
            abort();
    }
    buf_done(&again);
    arena_done(&arena);
}

/* An error is worded whatever it is; one that is taken is written as it came. */
static void take_error(struct slice in)
{
    struct frame_reader f = frame_reader(in);
    struct buf again = BUF_INIT(in.n);
    struct err err;

    frame_get_err(&f, &err);
    (void)err_words_in(LANG_VI, &err);
    if (!f.bad) {
        frame_put_err(&again, &err);
        if (again.err || again.len != in.n - f.rest.n)
            abort();
    }
    buf_done(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    clean(slice_of(data, size));
    take(slice_of(data, size));
    take_document(slice_of(data, size));
    take_error(slice_of(data, size));
    return 0;
}
