/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "journal/care.h"
#include "journal/internal.h"
#include "lang/error.h"

struct journal_verify {
    struct journal *j;
    const struct stream *stream;
    uint32_t streams; /* those before this one are checked */
    uint64_t at;      /* segments before it are checked */
    void (*tell)(void *ctx, const struct journal_problem *p);
    void *ctx;
    struct journal_verdict *verdict;
    uint64_t next;                   /* offset that must come */
    uint8_t prev[JOURNAL_HASH_SIZE]; /* hash that it must name */
    struct view view;
    struct block block;
};

static void verify_report(struct journal_verify *job, const char *what, const char *detail)
{
    struct journal_problem p = {.stream = job->stream->name,
                                .segment = job->view.first,
                                .at = job->view.at,
                                .what = what,
                                .detail = detail ? detail : ""};

    job->verdict->problems++;
    if (job->tell)
        job->tell(job->ctx, &p);
}

static void report_error(struct journal_verify *job, const char *what, const struct err *err)
{
    struct buf why = BUF_INIT(1024);

    error_write(&why, LANG_EN, err);
    verify_report(job, what, buf_cstr(&why));
    buf_done(&why);
}

void redaction_original(const struct journal *j, uint8_t hash[JOURNAL_HASH_SIZE])
{
    for (uint32_t i = j->redaction_count; i-- > 0;)
        if (memcmp(hash, j->redactions[i].after, JOURNAL_HASH_SIZE) == 0)
            memcpy(hash, j->redactions[i].before, JOURNAL_HASH_SIZE);
}

/* The block's records, where the key is there. */
static void check_records(struct journal_verify *job)
{
    struct view *v = &job->view;
    struct err err = ERR_INIT;
    int r = view_unlock(job->j, job->stream, v, &err);

    if (r == -CE_DENIED) {
        job->verdict->unread = true;
        return;
    }
    if (r == 0)
        r = block_decode(job->j->coder, &v->block, buf_slice(&v->stored), &v->cipher, &job->block,
                         &err);
    if (r == 0)
        r = block_load(job->j->coder, &v->block, buf_slice(&v->stored), &v->cipher, &job->block,
                       &err);
    if (r < 0)
        report_error(job, "records", &err);
    block_done(&job->block);
}

/* Goes on at this record where those before it were given up. */
static void pass_lost(struct journal_verify *job, uint64_t first)
{
    const struct lost *x =
        job->next < first ? lost_find(job->j, job->stream, job->next, first) : NULL;

    if (x == NULL)
        return;
    job->verdict->lost += first - job->next;
    job->next = first;
    memcpy(job->prev, x->hash, JOURNAL_HASH_SIZE);
}

static void check_block(struct journal_verify *job)
{
    const struct block_head *h = &job->view.block;
    uint8_t original[JOURNAL_HASH_SIZE];

    job->verdict->blocks++;
    job->verdict->records += h->count;
    pass_lost(job, h->first);
    if (h->first != job->next)
        verify_report(job, "order", "other records than those that come next");
    if (memcmp(h->prev, job->prev, JOURNAL_HASH_SIZE) != 0)
        verify_report(job, "chain", "another block was before it");
    if (!block_hash_holds(h, buf_slice(&job->view.stored)))
        verify_report(job, "hash", "its bytes were changed");
    else
        check_records(job);
    if (redaction_unfinished(job->j, job->stream, h->hash))
        verify_report(job, "unfinished-redaction",
                      "a record that was to be redacted is still there");
    memcpy(original, h->hash, JOURNAL_HASH_SIZE);
    redaction_original(job->j, original);
    job->verdict->redactions += memcmp(original, h->hash, JOURNAL_HASH_SIZE) != 0;
    memcpy(job->prev, original, JOURNAL_HASH_SIZE);
    job->next = h->first + h->count;
}

static void check_blocks(struct journal_verify *job)
{
    struct view *v = &job->view;
    struct err err = ERR_INIT;

    while (v->at < v->end) {
        int r = view_find(job->j, job->stream, v, 0, &err);

        if (r == 1)
            r = view_read(job->j, job->stream, v, block_size(&v->block), &err);
        if (r < 0) {
            report_error(job, r == -CE_TRUNCATED ? "truncated" : "head", &err);
            return;
        }
        check_block(job);
        v->at += block_size(&v->block);
    }
}

static void check_segment(struct journal_verify *job, uint32_t i)
{
    const struct stream *s = job->stream;
    struct err err = ERR_INIT;
    int r = view_open(job->j, s, s->segments[i], &job->view, &err);

    job->view.first = s->segments[i];
    job->verdict->segments++;
    if (r != 1) {
        report_error(job, "head", &err);
        return;
    }
    job->verdict->bytes += job->view.end;
    pass_lost(job, s->segments[i]);
    if (s->segments[i] != job->next) {
        verify_report(job, "missing", "records before it are not there");
        job->next = s->segments[i];
        memcpy(job->prev, job->view.head.prev, JOURNAL_HASH_SIZE);
    }
    if (memcmp(job->view.head.prev, job->prev, JOURNAL_HASH_SIZE) != 0)
        verify_report(job, "chain", "another segment was before it");
    check_blocks(job);
}

static void begin_stream(struct journal_verify *job)
{
    const struct stream *s = job->j->streams[job->streams];

    job->stream = s;
    job->at = 0;
    job->next = s->removed.first;
    if (s->removed.first)
        memcpy(job->prev, s->removed.hash, JOURNAL_HASH_SIZE);
    else
        head_genesis(job->j->id, slice_str(s->name), job->prev);
}

static void end_stream(struct journal_verify *job)
{
    const struct stream *s = job->stream;
    uint8_t last[JOURNAL_HASH_SIZE];

    memcpy(last, s->hash, JOURNAL_HASH_SIZE);
    redaction_original(job->j, last);
    pass_lost(job, s->sealed);
    if (job->next != s->sealed)
        verify_report(job, "end", "the last sealed records are not there");
    else if (memcmp(job->prev, last, JOURNAL_HASH_SIZE) != 0)
        verify_report(job, "end", "the last block is another");
}

/* Old segments may have gone since the step before. */
static void pass_removed(struct journal_verify *job)
{
    const struct stream *s = job->stream;

    if (s->removed.first <= job->next)
        return;
    job->next = s->removed.first;
    memcpy(job->prev, s->removed.hash, JOURNAL_HASH_SIZE);
}

int journal_verify_new(struct journal *j,
                       void (*tell_fn)(void *ctx, const struct journal_problem *p), void *ctx,
                       struct journal_verdict *verdict, struct journal_verify **ret,
                       struct err *err)
{
    struct journal_verify *job = calloc(1, sizeof(*job));

    *ret = job;
    *verdict = (struct journal_verdict){.unread = j->locked};
    if (job == NULL)
        return err_nomem(err);
    job->j = j;
    job->tell = tell_fn;
    job->ctx = ctx;
    job->verdict = verdict;
    view_init(&job->view);
    block_init(&job->block, 0);
    return 0;
}

struct journal_verify *journal_verify_free(struct journal_verify *job)
{
    if (job == NULL)
        return NULL;
    view_done(&job->view);
    block_done(&job->block);
    free(job);
    return NULL;
}

/* The end of a stream is looked at together with its last segment, before that grows. */
bool journal_verify_step(struct journal_verify *job)
{
    const struct stream *s;
    uint32_t i = 0;

    if (job->streams >= job->j->stream_count)
        return false;
    if (job->stream == NULL)
        begin_stream(job);
    s = job->stream;
    pass_removed(job);
    while (i < s->segment_count && s->segments[i] < job->at)
        i++;
    if (i < s->segment_count) {
        check_segment(job, i);
        job->at = s->segments[i] + 1;
    }
    if (i + 1 >= s->segment_count) {
        end_stream(job);
        job->verdict->unsealed += s->pending.count;
        job->stream = NULL;
        job->streams++;
    }
    return job->streams < job->j->stream_count;
}

int journal_verify(struct journal *j, void (*tell_fn)(void *ctx, const struct journal_problem *p),
                   void *ctx, struct journal_verdict *ret, struct err *err)
{
    struct journal_verify *job;
    int r = journal_verify_new(j, tell_fn, ctx, ret, &job, err);

    while (r == 0 && journal_verify_step(job))
        continue;
    job = journal_verify_free(job);
    return r;
}
