/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/record.h"

#include "base/json_write.h"

void journal_gap_write(struct buf *out, const struct journal_gap *gap)
{
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '{');
    json_key(&w, "gap");
    json_text(&w, gap->reason);
    json_key(&w, "count");
    if (gap->count)
        json_u64(&w, gap->count);
    else
        json_null(&w);
    json_key(&w, "from");
    json_time(&w, gap->from);
    json_key(&w, "until");
    json_time(&w, gap->until);
    json_close(&w, '}');
}

void journal_record_write(struct buf *out, const struct journal_record *r)
{
    write_varint(out, r->stream);
    write_varint(out, r->offset);
    write_uint(out, (uint64_t)r->received, 8);
    write_uint(out, (uint64_t)r->claimed, 8);
    buf_append(out, r->source, JOURNAL_ID_SIZE);
    buf_append(out, r->unit, JOURNAL_ID_SIZE);
    write_varint(out, r->decoder);
    write_varint(out, r->flags);
    buf_putc(out, (uint8_t)r->position.count);
    write_varint(out, r->position.at);
    write_varint(out, r->position.base.n);
    buf_append_slice(out, r->position.base);
    write_varint(out, r->raw.n);
    buf_append_slice(out, r->raw);
}

static struct slice get_slice(struct cur *c, size_t max)
{
    uint64_t n = cur_varint(c);

    if (n > max)
        c->bad = true;
    return c->bad ? SLICE_NULL : cur_bytes(c, (size_t)n);
}

static uint32_t get_u32(struct cur *c)
{
    uint64_t v = cur_varint(c);

    if (v > UINT32_MAX)
        c->bad = true;
    return (uint32_t)v;
}

bool journal_record_get(struct cur *c, struct journal_record *ret)
{
    uint8_t count;

    *ret = (struct journal_record){.stream = get_u32(c)};
    ret->offset = cur_varint(c);
    ret->received = (int64_t)cur_u64(c);
    ret->claimed = (int64_t)cur_u64(c);
    cur_copy(c, ret->source, JOURNAL_ID_SIZE);
    cur_copy(c, ret->unit, JOURNAL_ID_SIZE);
    ret->decoder = get_u32(c);
    ret->flags = get_u32(c);
    count = cur_u8(c);
    ret->position.count = (enum journal_count)count;
    ret->position.at = cur_varint(c);
    ret->position.base = get_slice(c, JOURNAL_CURSOR_MAX);
    ret->raw = get_slice(c, JOURNAL_RAW_MAX);
    return !c->bad && count <= JOURNAL_AT_BYTE;
}

static bool word_byte(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool journal_name_valid(struct slice name)
{
    size_t slashes = 0;

    if (name.n == 0 || name.n > JOURNAL_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '/' && i > 0 && i + 1 < name.n && slashes == 0)
            slashes++;
        else if (!word_byte(name.p[i]))
            return false;
    }
    return true;
}
