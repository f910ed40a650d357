/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/group.h"

#include <sodium.h>

#include "base/crc32.h"
#include "base/err.h"

enum { GROUP_FIXED = 8 + 4 }; /* sequence, check sum */

uint64_t batch_hash(const uint8_t source[JOURNAL_ID_SIZE], struct slice id)
{
    uint8_t h[crypto_generichash_BYTES_MIN];
    struct cur c = {.p = h, .end = h + sizeof(h)};

    (void)crypto_generichash(h, sizeof(h), id.p, id.n, source, JOURNAL_ID_SIZE);
    return cur_u64(&c);
}

static void write_text(struct buf *out, struct slice s)
{
    write_varint(out, s.n);
    buf_append_slice(out, s);
}

void entry_write(struct buf *out, const struct entry *e)
{
    buf_putc(out, (uint8_t)e->kind);
    switch (e->kind) {
    case ENTRY_STREAM:
        write_varint(out, e->stream.number);
        write_text(out, e->stream.name);
        break;
    case ENTRY_RECORD:
        journal_record_write(out, &e->record);
        break;
    case ENTRY_INPUT:
        buf_append(out, e->input.source, JOURNAL_ID_SIZE);
        write_text(out, e->input.cursor);
        break;
    case ENTRY_BATCH:
        buf_append(out, e->batch.source, JOURNAL_ID_SIZE);
        write_uint(out, e->batch.hash, 8);
        write_uint(out, (uint64_t)e->batch.received, 8);
        break;
    case ENTRY_CONSUMER:
        write_text(out, e->consumer.name);
        write_text(out, e->consumer.stream);
        write_varint(out, e->consumer.offset);
        break;
    case ENTRY_SEALED:
        write_text(out, e->sealed.stream);
        write_varint(out, e->sealed.offset);
        write_varint(out, e->sealed.segment);
        write_varint(out, e->sealed.end);
        buf_append(out, e->sealed.hash, JOURNAL_HASH_SIZE);
        break;
    case ENTRY_REMOVED:
        write_text(out, e->removed.stream);
        write_varint(out, e->removed.first);
        write_uint(out, (uint64_t)e->removed.time, 8);
        buf_append(out, e->removed.hash, JOURNAL_HASH_SIZE);
        break;
    case ENTRY_REDACTED:
        write_text(out, e->redacted.stream);
        write_varint(out, e->redacted.offset);
        write_uint(out, (uint64_t)e->redacted.time, 8);
        buf_append(out, e->redacted.before, JOURNAL_HASH_SIZE);
        buf_append(out, e->redacted.after, JOURNAL_HASH_SIZE);
        break;
    case ENTRY_LOST:
        write_text(out, e->lost.stream);
        write_varint(out, e->lost.from);
        write_varint(out, e->lost.until);
        write_uint(out, (uint64_t)e->lost.time, 8);
        buf_append(out, e->lost.hash, JOURNAL_HASH_SIZE);
        break;
    }
}

static struct slice get_text(struct cur *c, size_t max)
{
    uint64_t n = cur_varint(c);

    if (n > max)
        c->bad = true;
    return c->bad ? SLICE_NULL : cur_bytes(c, (size_t)n);
}

static struct slice get_name(struct cur *c)
{
    struct slice name = get_text(c, JOURNAL_NAME_MAX);

    if (!journal_name_valid(name))
        c->bad = true;
    return name;
}

static void get_stream(struct cur *c, struct entry *e)
{
    uint64_t number = cur_varint(c);

    if (number >= JOURNAL_STREAMS_MAX)
        c->bad = true;
    e->stream.number = (uint32_t)number;
    e->stream.name = get_name(c);
}

int entry_get(struct cur *c, struct entry *ret)
{
    if (cur_left(c) == 0)
        return 0;
    *ret = (struct entry){.kind = (enum entry_kind)cur_u8(c)};
    switch (ret->kind) {
    case ENTRY_STREAM:
        get_stream(c, ret);
        break;
    case ENTRY_RECORD:
        if (!journal_record_get(c, &ret->record))
            c->bad = true;
        break;
    case ENTRY_INPUT:
        cur_copy(c, ret->input.source, JOURNAL_ID_SIZE);
        ret->input.cursor = get_text(c, JOURNAL_CURSOR_MAX);
        break;
    case ENTRY_BATCH:
        cur_copy(c, ret->batch.source, JOURNAL_ID_SIZE);
        ret->batch.hash = cur_u64(c);
        ret->batch.received = (int64_t)cur_u64(c);
        break;
    case ENTRY_CONSUMER:
        ret->consumer.name = get_name(c);
        ret->consumer.stream = get_name(c);
        ret->consumer.offset = cur_varint(c);
        break;
    case ENTRY_SEALED:
        ret->sealed.stream = get_name(c);
        ret->sealed.offset = cur_varint(c);
        ret->sealed.segment = cur_varint(c);
        ret->sealed.end = cur_varint(c);
        cur_copy(c, ret->sealed.hash, JOURNAL_HASH_SIZE);
        break;
    case ENTRY_REMOVED:
        ret->removed.stream = get_name(c);
        ret->removed.first = cur_varint(c);
        ret->removed.time = (int64_t)cur_u64(c);
        cur_copy(c, ret->removed.hash, JOURNAL_HASH_SIZE);
        break;
    case ENTRY_REDACTED:
        ret->redacted.stream = get_name(c);
        ret->redacted.offset = cur_varint(c);
        ret->redacted.time = (int64_t)cur_u64(c);
        cur_copy(c, ret->redacted.before, JOURNAL_HASH_SIZE);
        cur_copy(c, ret->redacted.after, JOURNAL_HASH_SIZE);
        break;
    case ENTRY_LOST:
        ret->lost.stream = get_name(c);
        ret->lost.from = cur_varint(c);
        ret->lost.until = cur_varint(c);
        ret->lost.time = (int64_t)cur_u64(c);
        cur_copy(c, ret->lost.hash, JOURNAL_HASH_SIZE);
        c->bad = c->bad || ret->lost.from >= ret->lost.until;
        break;
    default:
        c->bad = true;
    }
    return c->bad ? -CE_CORRUPT : 1;
}

/* What a group is bound to: it is no other journal's, tail's or number's. */
enum { BOUND_SIZE = JOURNAL_ID_SIZE + 8 + 8 };

static void bind_group(const struct journal_head *tail, uint64_t sequence, uint8_t ret[BOUND_SIZE])
{
    uint64_t numbers[2] = {tail->number, sequence};

    memcpy(ret, tail->journal, JOURNAL_ID_SIZE);
    for (size_t i = 0; i < 16; i++)
        ret[JOURNAL_ID_SIZE + i] = (uint8_t)(numbers[i / 8] >> i % 8 * 8);
}

static uint32_t group_sum(struct slice sequence, struct slice stored)
{
    return crc32_update(crc32_update(0, sequence), stored);
}

void group_append(const struct journal_head *tail, const struct journal_cipher *c,
                  uint64_t sequence, struct slice entries, struct buf *out)
{
    uint8_t bound[BOUND_SIZE];
    size_t at, stored;
    struct buf sum;

    bind_group(tail, sequence, bound);
    write_uint(out, FRAME_GROUP, 4);
    write_uint(out, GROUP_FIXED + cipher_size(c, entries.n), 4);
    at = out->len;
    write_uint(out, sequence, 8);
    write_uint(out, 0, 4);
    stored = out->len;
    cipher_seal(c, slice_of(bound, sizeof(bound)), entries, out);
    if (out->err != 0)
        return;
    sum = (struct buf){.p = out->p + at + 8, .cap = 4, .max = 4};
    write_uint(&sum,
               group_sum(slice_of(out->p + at, 8), slice_of(out->p + stored, out->len - stored)),
               4);
}

/* The stored entries of the whole group at the start of rest. */
static bool group_peek_inside(struct slice rest, uint64_t *ret_sequence, struct slice *ret_stored,
                              size_t *ret_size)
{
    struct cur c = cur_of(rest);
    uint32_t magic = cur_u32(&c), size = cur_u32(&c), sum;
    struct slice sequence;

    if (c.bad || magic != FRAME_GROUP || size < GROUP_FIXED)
        return false;
    sequence = slice_of(c.p, 8);
    *ret_sequence = cur_u64(&c);
    sum = cur_u32(&c);
    *ret_stored = cur_bytes(&c, size - GROUP_FIXED);
    *ret_size = FRAME_OPEN + size;
    return !c.bad && group_sum(sequence, *ret_stored) == sum;
}

bool group_peek(struct slice rest, uint64_t *ret_sequence, size_t *ret_size)
{
    struct slice stored;

    return group_peek_inside(rest, ret_sequence, &stored, ret_size);
}

int group_get(const struct journal_head *tail, const struct journal_cipher *c, struct slice rest,
              struct buf *scratch, uint64_t *ret_sequence, struct slice *ret_entries,
              size_t *ret_size)
{
    uint8_t bound[BOUND_SIZE];
    struct slice stored;

    if (!group_peek_inside(rest, ret_sequence, &stored, ret_size))
        return 0;
    bind_group(tail, *ret_sequence, bound);
    if (cipher_open(c, slice_of(bound, sizeof(bound)), stored, scratch, ret_entries))
        return 1;
    return scratch->err != 0 ? scratch->err : -CE_CORRUPT;
}
