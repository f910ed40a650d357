/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of the journal as bytes: its head, the groups of a tail or of `offsets`, the blocks of a
 * segment. A block that can be read is written and read again, the same.
 */
#include <stdint.h>
#include <stdlib.h>

#include "journal/block.h"
#include "journal/group.h"
#include "journal/head.h"
#include "journal/offsets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_groups(const struct journal_head *h, const struct journal_cipher *c,
                        struct slice rest)
{
    CANH_CLEANUP(buf_done) struct buf scratch = BUF_INIT(1024 * 1024);
    struct offsets o;
    struct slice entries;
    uint64_t sequence;
    size_t n;

    offsets_init(&o);
    while (group_get(h, c, rest, &scratch, &sequence, &entries, &n) == 1) {
        if (offsets_read(&o, entries) < 0)
            break;
        rest = slice_from(rest, n);
        buf_clear(&scratch);
    }
    offsets_done(&o);
}

static bool same_records(const struct block *a, const struct block *b)
{
    struct journal_record x, y;

    for (uint32_t i = 0; i < a->count; i++) {
        block_record(a, i, &x);
        block_record(b, i, &y);
        if (x.received != y.received || x.offset != y.offset || x.flags != y.flags ||
            x.position.at != y.position.at || !slice_eq(x.position.base, y.position.base) ||
            !slice_eq(x.raw, y.raw))
            return false;
    }
    return a->count == b->count;
}

/* What was read is written again, and read the same. */
static void write_again(struct block_coder *coder, const struct block *b)
{
    static const uint8_t prev[JOURNAL_HASH_SIZE];
    CANH_CLEANUP(buf_done) struct buf out = BUF_INIT(64 * 1024 * 1024);
    struct journal_cipher plain;
    struct block_head h;
    struct block copy, again;
    bool fits = true;

    cipher_plain(&plain);
    block_init(&copy, b->first);
    block_init(&again, 0);
    for (uint32_t i = 0; i < b->count && fits; i++) {
        struct journal_record rec;

        block_record(b, i, &rec);
        fits = block_add(&copy, &rec) == 0;
    }
    if (fits && b->count && block_encode(coder, &copy, &plain, prev, &h, &out) == 0 &&
        (!block_hash_holds(&h, buf_slice(&out)) ||
         block_decode(coder, &h, buf_slice(&out), &plain, &again, NULL) < 0 ||
         block_load(coder, &h, buf_slice(&out), &plain, &again, NULL) < 0 ||
         !same_records(b, &again)))
        abort();
    block_done(&copy);
    block_done(&again);
}

static void read_blocks(const struct journal_cipher *c, struct slice rest)
{
    struct block_coder *coder = block_coder_new();
    struct block_head h;
    struct block b;

    block_init(&b, 0);
    while (coder && block_head_get(rest, &h, NULL) == 0 && block_size(&h) <= rest.n) {
        if (h.raw_size < 1024 * 1024 && h.columns_plain < 1024 * 1024 &&
            block_decode(coder, &h, rest, c, &b, NULL) == 0 &&
            block_load(coder, &h, rest, c, &b, NULL) == 0)
            write_again(coder, &b);
        rest = slice_from(rest, (size_t)block_size(&h));
    }
    block_done(&b);
    coder = block_coder_free(coder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice file = slice_of(data, size);
    struct journal_cipher plain;
    struct journal_head h;
    size_t at;

    cipher_plain(&plain);
    if (head_get(file, &h, &at, NULL) == 0 && h.cipher == CIPHER_NONE) {
        file = slice_from(file, at);
        if (h.kind == FILE_SEGMENT)
            read_blocks(&plain, file);
        else
            read_groups(&h, &plain, file);
    } else {
        read_blocks(&plain, file);
        read_groups(&(struct journal_head){.number = 1}, &plain, file);
    }
    return 0;
}
