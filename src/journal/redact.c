/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/assert.h"
#include "base/file.h"
#include "base/json_write.h"
#include "journal/care.h"
#include "journal/internal.h"
#include "lang/err_journal.h"

enum { SEGMENT_MAX = 512 * 1024 * 1024 };

int redaction_add(struct journal *j, const struct redaction *what)
{
    if (j->redaction_count == REDACTIONS_MAX)
        return -CE_TOO_BIG;
    if (!array_room(j->redactions, j->redaction_count, j->redaction_cap, REDACTIONS_MAX))
        return -CE_NOMEM;
    j->redactions[j->redaction_count++] = *what;
    return 0;
}

const struct redaction *redaction_unfinished(const struct journal *j, const struct stream *s,
                                             const uint8_t hash[JOURNAL_HASH_SIZE])
{
    for (uint32_t i = j->redaction_count; i-- > 0;)
        if (memcmp(hash, j->redactions[i].before, JOURNAL_HASH_SIZE) == 0 &&
            strcmp(s->name, j->redactions[i].stream) == 0)
            return &j->redactions[i];
    return NULL;
}

void redaction_forget(struct journal *j, const struct redaction *x)
{
    size_t at = (size_t)(x - j->redactions);

    j->redaction_count--;
    memmove(j->redactions + at, j->redactions + at + 1,
            (j->redaction_count - at) * sizeof(*j->redactions));
}

/* A copy of the block in which one record has no bytes. */
static int redact_without(const struct block *b, uint64_t offset, struct block *ret)
{
    block_init(ret, b->first);
    for (uint32_t i = 0; i < b->count; i++) {
        struct journal_record rec;
        int r;

        block_record(b, i, &rec);
        if (rec.offset == offset) {
            rec.raw = SLICE_NULL;
            rec.flags |= JOURNAL_REDACTED;
        }
        r = block_add(ret, &rec);
        if (r < 0)
            return r;
    }
    return 0;
}

static int make_block(struct journal *j, struct view *v, uint64_t offset, struct block_head *ret,
                      struct buf *out, struct err *err)
{
    struct block old, fresh;
    int r;

    block_init(&old, 0);
    block_init(&fresh, 0);
    r = block_decode(j->coder, &v->block, buf_slice(&v->stored), &v->cipher, &old, err);
    if (r == 0)
        r = block_load(j->coder, &v->block, buf_slice(&v->stored), &v->cipher, &old, err);
    if (r == 0) {
        r = redact_without(&old, offset, &fresh);
        if (r == 0)
            r = block_encode_as(j->coder, &fresh, &v->cipher, v->block.prev, block_size(&v->block),
                                ret, out);
        if (r == -CE_TOO_BIG) { /* as the old one may have been stored */
            fresh.fast = true;
            buf_clear(out);
            r = block_encode_as(j->coder, &fresh, &v->cipher, v->block.prev, block_size(&v->block),
                                ret, out);
        }
        if (r < 0)
            r = err_fail(err, (enum ce) - r, ERR_JOURNAL_BLOCK_WITHOUT_RECORD, ERR_KIND(r));
    }
    block_done(&old);
    block_done(&fresh);
    return r;
}

static int redact_announce(struct journal *j, const struct journal_redaction *what,
                           const struct redaction *mark, struct err *err)
{
    CANH_CLEANUP(buf_done) struct buf text = BUF_INIT(16384);
    struct json_write w = JSON_WRITE_INIT(&text);

    json_open(&w, '{');
    json_key(&w, "journal");
    json_text(&w, SLICE("redacted"));
    json_key(&w, "stream");
    json_text(&w, slice_str(mark->stream));
    json_key(&w, "offset");
    json_u64(&w, mark->offset);
    json_key(&w, "who");
    json_text(&w, what->who);
    json_key(&w, "why");
    json_text(&w, what->why);
    json_hash(&w, "before", mark->before);
    json_hash(&w, "after", mark->after);
    json_close(&w, '}');
    return text.err != 0 ? err_fail(err, CE_TOO_BIG, ERR_JOURNAL_WHO_AND_WHY_TOO_LONG)
                         : journal_audit(j, buf_slice(&text), what->now, err);
}

/* The whole segment with the new block in place of the old one, of the same size. */
static int redact_rewrite(struct journal *j, const struct stream *s, const struct view *v,
                          struct slice block, struct err *err)
{
    CANH_CLEANUP(buf_done) struct buf file = BUF_INIT(SEGMENT_MAX);
    struct path path;
    int r = file_read(segment_path(j, s, v->first, &path), &file, err);

    if (r < 0)
        return r;
    if (v->at + block.n > file.len)
        return err_fail(err, CE_CORRUPT, ERR_JOURNAL_BECOME_SHORTER, path.text);
    canh_assert(block.n == block_size(&v->block));
    memcpy(file.p + v->at, block.p, block.n);
    return file_replace(path.text, buf_slice(&file), 0600, err);
}

static int redact_found(struct journal *j, struct stream *s, struct view *v,
                        const struct journal_redaction *what, struct err *err)
{
    CANH_CLEANUP(buf_done) struct buf bytes = BUF_INIT(BLOCK_STORED_MAX);
    struct redaction mark = {.offset = what->offset, .time = what->now};
    struct block_head head;
    int r = view_read(j, s, v, block_size(&v->block), err);

    if (r == 0)
        r = view_unlock(j, s, v, err);
    if (r == 0)
        r = make_block(j, v, what->offset, &head, &bytes, err);
    if (r < 0)
        return r;
    memcpy(mark.stream, s->name, sizeof(mark.stream));
    memcpy(mark.before, v->block.hash, JOURNAL_HASH_SIZE);
    memcpy(mark.after, head.hash, JOURNAL_HASH_SIZE);
    r = redact_announce(j, what, &mark, err);
    if (r == 0 && (r = redaction_add(j, &mark)) < 0)
        r = err_code(err, r);
    if (r == 0)
        r = offsets_write(j, what->now, err);
    if (r == 0) {
        segment_close(s); /* the next block begins another segment: this one has a new file */
        r = redact_rewrite(j, s, v, buf_slice(&bytes), err);
    }
    return r;
}

int journal_redact(struct journal *j, const struct journal_redaction *what, struct err *err)
{
    struct stream *s;
    struct view v;
    int r = 0;

    if (j->options.read_only || what->stream >= j->stream_count)
        return err_fail(err, CE_DENIED, ERR_JOURNAL_NOTHING_CHANGED_HERE);
    if (what->who.n == 0 || what->why.n == 0)
        return err_fail(err, CE_MISSING, ERR_JOURNAL_WHO_REDACTS_AND_WHY_NEEDED);
    s = j->streams[what->stream];
    if (what->offset >= s->sealed)
        r = journal_seal(j, what->now, err);
    if (r < 0)
        return r;
    view_init(&v);
    r = view_open(j, s, what->offset, &v, err);
    if (r == 1)
        r = view_find(j, s, &v, what->offset, err);
    if (r == 0 || (r == 1 && what->offset < v.block.first))
        r = err_fail(err, CE_NOT_FOUND, ERR_JOURNAL_NO_RECORD, s->name, what->offset);
    if (r == 1)
        r = redact_found(j, s, &v, what, err);
    view_done(&v);
    return r;
}
