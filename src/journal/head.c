/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/head.h"

#include "base/crc32.h"
#include "base/cur.h"
#include "lang/err_journal.h"

enum { MAGIC_SIZE = 8 };

static const char magics[FILE_KINDS][MAGIC_SIZE + 1] = {
    [FILE_TAIL] = "CANHTAIL",
    [FILE_SEGMENT] = "CANHSEGM",
    [FILE_OFFSETS] = "CANHOFFS",
};

/* Everything that the wrapped key is bound to. */
static void write_fields(const struct journal_head *h, struct buf *out)
{
    struct slice name = slice_str(h->stream);

    buf_append(out, magics[h->kind], MAGIC_SIZE);
    write_uint(out, h->version ? h->version : JOURNAL_VERSION_FIRST, 2);
    buf_putc(out, CODEC_ZSTD);
    buf_putc(out, h->cipher);
    buf_append(out, h->journal, JOURNAL_ID_SIZE);
    write_uint(out, h->number, 8);
    write_uint(out, h->group, 8);
    write_uint(out, (uint64_t)h->created, 8);
    buf_append(out, h->prev, JOURNAL_HASH_SIZE);
    buf_putc(out, (uint8_t)name.n);
    buf_append_slice(out, name);
    buf_append(out, h->key_id, JOURNAL_KEY_ID_SIZE);
}

static void append_frame(struct slice fields, const struct journal_head *h, struct buf *out)
{
    size_t size = fields.n + JOURNAL_WRAPPED_SIZE + 4, from;

    write_uint(out, FRAME_HEAD, 4);
    write_uint(out, size, 4);
    from = out->len;
    buf_append_slice(out, fields);
    buf_append(out, h->wrapped, JOURNAL_WRAPPED_SIZE);
    if (out->err == 0)
        write_uint(out, crc32_update(0, slice_of(out->p + from, out->len - from)), 4);
}

void head_write(struct journal_head *h, const struct journal_key *master,
                struct journal_cipher *ret, struct buf *out)
{
    CANH_CLEANUP(buf_done) struct buf fields = BUF_INIT(HEAD_SIZE_MAX);

    h->cipher = master ? CIPHER_XCHACHA20_POLY1305 : CIPHER_NONE;
    memset(h->key_id, 0, sizeof(h->key_id));
    memset(h->wrapped, 0, sizeof(h->wrapped));
    if (master)
        memcpy(h->key_id, master->id, sizeof(h->key_id));
    write_fields(h, &fields);
    if (fields.err != 0)
        out->err = fields.err;
    else if (master)
        cipher_make(master, buf_slice(&fields), ret, h->wrapped);
    else
        cipher_plain(ret);
    append_frame(buf_slice(&fields), h, out);
}

static int get_kind(struct cur *c, struct journal_head *h, struct err *err)
{
    struct slice magic = cur_bytes(c, MAGIC_SIZE);
    unsigned codec;

    for (h->kind = 0; h->kind < FILE_KINDS; h->kind++)
        if (slice_eq(magic, slice_of(magics[h->kind], MAGIC_SIZE)))
            break;
    if (h->kind == FILE_KINDS)
        return err_fail(err, CE_CORRUPT, ERR_JOURNAL_NOT_FILE_JOURNAL);
    h->version = cur_u16(c);
    codec = cur_u8(c);
    h->cipher = cur_u8(c);
    if (h->version < JOURNAL_VERSION_FIRST || h->version > JOURNAL_VERSION)
        return err_fail(err, CE_UNKNOWN, ERR_JOURNAL_JOURNAL_FORMAT_THIS_CANH_READS,
                        (unsigned)h->version, (unsigned)JOURNAL_VERSION);
    if (codec != CODEC_ZSTD || h->cipher > CIPHER_XCHACHA20_POLY1305)
        return err_fail(err, CE_UNKNOWN, ERR_JOURNAL_CODEC_OR_CIPHER_NOT_KNOWN, codec, h->cipher);
    return 0;
}

static void get_fields(struct cur *c, struct journal_head *h)
{
    struct slice name;

    cur_copy(c, h->journal, JOURNAL_ID_SIZE);
    h->number = cur_u64(c);
    h->group = cur_u64(c);
    h->created = (int64_t)cur_u64(c);
    cur_copy(c, h->prev, JOURNAL_HASH_SIZE);
    name = cur_bytes(c, cur_u8(c));
    if (name.n > JOURNAL_NAME_MAX || (name.n > 0 && !journal_name_valid(name)))
        c->bad = true;
    else if (name.n)
        memcpy(h->stream, name.p, name.n);
    cur_copy(c, h->key_id, JOURNAL_KEY_ID_SIZE);
    cur_copy(c, h->wrapped, JOURNAL_WRAPPED_SIZE);
}

int head_get(struct slice file, struct journal_head *ret, size_t *ret_size, struct err *err)
{
    struct cur c = cur_of(file);
    uint32_t magic = cur_u32(&c), size = cur_u32(&c);
    struct slice body;
    int r;

    *ret = (struct journal_head){.kind = FILE_TAIL};
    if (c.bad)
        return err_fail(err, CE_TRUNCATED, ERR_JOURNAL_SHORTER_THAN_HEAD);
    if (magic != FRAME_HEAD || size > HEAD_SIZE_MAX || size < 4)
        return err_fail(err, CE_CORRUPT, ERR_JOURNAL_NOT_FILE_JOURNAL);
    body = cur_bytes(&c, size);
    if (c.bad)
        return err_fail(err, CE_TRUNCATED, ERR_JOURNAL_SHORTER_THAN_HEAD);
    c = cur_of(slice_from(body, size - 4));
    if (crc32_update(0, slice_head(body, size - 4)) != cur_u32(&c))
        return err_fail(err, CE_CORRUPT, ERR_JOURNAL_CHECK_SUM_HEAD);
    c = cur_of(slice_head(body, size - 4));
    r = get_kind(&c, ret, err);
    if (r < 0)
        return r;
    get_fields(&c, ret);
    if (c.bad || cur_left(&c))
        return err_fail(err, CE_CORRUPT, ERR_JOURNAL_HEAD_WRONG_LENGTH);
    *ret_size = FRAME_OPEN + size;
    return 0;
}

int head_unlock(const struct journal_head *h, const struct journal_key *keys, uint32_t count,
                struct journal_cipher *ret, struct err *err)
{
    CANH_CLEANUP(buf_done) struct buf fields = BUF_INIT(HEAD_SIZE_MAX);

    if (h->cipher == CIPHER_NONE) {
        cipher_plain(ret);
        return 0;
    }
    write_fields(h, &fields);
    if (fields.err != 0)
        return err_nomem(err);
    for (uint32_t i = 0; i < count; i++)
        if (memcmp(keys[i].id, h->key_id, JOURNAL_KEY_ID_SIZE) == 0)
            return cipher_unwrap(&keys[i], buf_slice(&fields), h->wrapped, ret)
                       ? 0
                       : err_fail(err, CE_CORRUPT, ERR_JOURNAL_DATA_KEY_WAS_CHANGED);
    return err_fail(err, CE_DENIED, ERR_JOURNAL_ENCRYPTED_BY_KEY_WHICH_NOT, h->key_id[0],
                    h->key_id[1], h->key_id[2], h->key_id[3]);
}

void head_genesis(const uint8_t journal[JOURNAL_ID_SIZE], struct slice stream,
                  uint8_t ret[JOURNAL_HASH_SIZE])
{
    journal_hash(slice_of(journal, JOURNAL_ID_SIZE), stream, ret);
}
