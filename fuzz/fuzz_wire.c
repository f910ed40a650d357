/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as what the processes of a node and its clients send each other: a batch of records, a
 * snapshot of sources, an act with its arguments, a position in a followed file. Each is refused or
 * read without leaving the bytes; a batch that reads whole is written the same again.
 */
#include <stdlib.h>

#include "collect/follow_cursor.h"
#include "control/wire.h"
#include "node/wire/batch.h"
#include "node/wire/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(struct slice all, struct slice part)
{
    if (part.n && (part.p < all.p || part.p + part.n > all.p + all.n))
        abort();
}

static void try_batch(struct slice bytes)
{
    struct buf again = BUF_INIT(1 << 24);
    uint32_t records = 0, inputs = 0, marks = 0;
    struct batch_reader b;
    struct batch_record x;
    struct batch_input in;
    struct batch_mark_of mark;
    int r = batch_open(&b, bytes, NULL);

    if (r < 0)
        return;
    batch_begin(&again);
    while ((r = batch_next(&b, &x, NULL)) > 0) {
        inside(bytes, x.raw);
        inside(bytes, x.base);
        batch_add_record(&again, &x);
        records++;
    }
    while (r == 0 && (r = batch_next_input(&b, &in, NULL)) > 0) {
        inside(bytes, in.cursor);
        batch_add_input(&again, &in);
        inputs++;
        r = 0;
    }
    while (r == 0 && (r = batch_next_mark(&b, &mark, NULL)) > 0) {
        inside(bytes, mark.id);
        batch_add_mark(&again, &mark);
        marks++;
        r = 0;
    }
    batch_end(&again, records, inputs, marks);
    if (r == 0 && batch_close(&b, NULL) == 0 && !slice_eq(buf_slice(&again), bytes))
        abort();
    buf_done(&again);
}

static void try_snapshot(struct slice bytes)
{
    struct arena arena = ARENA_INIT(1 << 24);
    struct snapshot s;

    if (snapshot_read(bytes, &arena, &s, NULL) == 0 && s.source_count > SNAPSHOT_SOURCES_MAX)
        abort();
    arena_done(&arena);
}

static void try_act(struct slice bytes)
{
    struct control_args args;
    struct slice name;

    if (control_args_read(bytes, &name, &args, NULL) < 0)
        return;
    inside(bytes, name);
    for (size_t i = 0; i < args.count; i++)
        inside(bytes, args.items[i].value);
}

static void try_cursor(struct slice bytes)
{
    struct buf text = BUF_INIT(FOLLOW_CURSOR_MAX);
    struct follow_cursor c, again;

    if (follow_cursor_read(bytes, &c) < 0)
        return;
    follow_cursor_write(&c, &text);
    if (text.err || follow_cursor_read(buf_slice(&text), &again) < 0 || again.offset != c.offset ||
        again.generation != c.generation)
        abort();
    buf_done(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = slice_of(data, size);

    try_batch(bytes);
    try_snapshot(bytes);
    try_act(bytes);
    try_cursor(bytes);
    return 0;
}
