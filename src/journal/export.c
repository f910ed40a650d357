/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/file.h"
#include "journal/blocks.h"
#include "journal/care.h"
#include "journal/internal.h"

struct export_job {
    struct journal *j;
    const char *path;
    int fd;
    uint64_t end;
    uint8_t prev[JOURNAL_HASH_SIZE];
};

static int write_next(struct export_job *job, struct slice bytes, struct err *err)
{
    int r = file_write_at(job->fd, job->path, job->end, bytes, err);

    job->end += bytes.n;
    return r;
}

static int write_head(struct export_job *job, const struct stream *s, uint64_t first,
                      struct err *err)
{
    CANH_CLEANUP(buf_done) struct buf out = BUF_INIT(HEAD_SIZE_MAX * 2);
    struct journal_head h = {.kind = FILE_SEGMENT, .number = first, .created = job->j->options.now};
    struct journal_cipher plain;

    memcpy(h.journal, job->j->id, JOURNAL_ID_SIZE);
    memcpy(h.prev, job->prev, JOURNAL_HASH_SIZE);
    memcpy(h.stream, s->name, sizeof(h.stream));
    head_write(&h, NULL, &plain, &out);
    return out.err != 0 ? err_nomem(err) : write_next(job, buf_slice(&out), err);
}

static int write_blocks(struct export_job *job, const struct stream *s, uint64_t until,
                        struct journal_blocks *blocks, struct err *err)
{
    CANH_CLEANUP(buf_done) struct buf out = BUF_INIT(BLOCK_STORED_MAX);
    struct block_head head;
    int r;

    while ((r = journal_blocks_next(blocks, &head, err)) == 1 && head.first < until) {
        struct block_head plain;

        if (job->end == 0) {
            memcpy(job->prev, head.prev, JOURNAL_HASH_SIZE);
            r = write_head(job, s, head.first, err);
            if (r < 0)
                return r;
        }
        buf_clear(&out);
        r = journal_blocks_open(blocks, job->prev, &plain, &out, err);
        if (r == 0)
            r = write_next(job, buf_slice(&out), err);
        if (r < 0)
            return r;
        memcpy(job->prev, plain.hash, JOURNAL_HASH_SIZE);
    }
    return r < 0 ? r : 0;
}

int journal_export(struct journal *j, uint32_t stream, uint64_t from, uint64_t until,
                   const char *path, struct err *err)
{
    struct export_job job = {.j = j, .path = path, .fd = -1};
    struct journal_blocks *blocks = NULL;
    int r = journal_blocks_new(j, stream, from, &blocks, err);

    if (r == 0)
        r = file_open_new(path, 0600, &job.fd, err);
    if (r == 0)
        r = write_blocks(&job, j->streams[stream], until, blocks, err);
    if (r == 0)
        r = file_sync_data(job.fd, path, err);
    if (r < 0 && job.fd >= 0)
        (void)file_remove(path, NULL);
    fd_closep(&job.fd);
    blocks = journal_blocks_free(blocks);
    return r;
}
