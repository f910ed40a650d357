/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/file.h"
#include "base/time.h"
#include "journal/internal.h"
#include "lang/err_journal.h"

struct stream *stream_find(const struct journal *j, struct slice name)
{
    for (uint32_t i = 0; i < j->stream_count; i++)
        if (slice_is(name, j->streams[i]->name))
            return j->streams[i];
    return NULL;
}

int stream_add(struct journal *j, struct slice name, struct stream **ret, struct err *err)
{
    struct stream *s;

    *ret = stream_find(j, name);
    if (*ret)
        return 0;
    if (!journal_name_valid(name))
        return err_fail(err, CE_RANGE, ERR_JOURNAL_NOT_NAME_STREAM, name);
    if (j->stream_count == JOURNAL_STREAMS_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_JOURNAL_MORE_THAN_STREAMS, JOURNAL_STREAMS_MAX);
    s = calloc(1, sizeof(*s));
    if (s == NULL)
        return err_nomem(err);
    memcpy(s->name, name.p, name.n);
    s->fd = -1;
    block_init(&s->pending, 0);
    head_genesis(j->id, name, s->hash);
    j->streams[j->stream_count++] = s;
    *ret = s;
    return 0;
}

struct stream *stream_free(struct stream *s)
{
    if (s == NULL)
        return NULL;
    segment_close(s);
    block_done(&s->pending);
    free(s->segments);
    free(s);
    return NULL;
}

int stream_add_segment(struct stream *s, uint64_t first)
{
    if (!array_room(s->segments, s->segment_count, s->segment_cap, SIZE_MAX))
        return -CE_NOMEM;
    s->segments[s->segment_count++] = first;
    return 0;
}

static int note_segment(void *ctx, uint64_t number)
{
    return stream_add_segment(ctx, number);
}

static int compare_u64(const void *a, const void *b)
{
    uint64_t x, y;

    memcpy(&x, a, sizeof(x));
    memcpy(&y, b, sizeof(y));
    return x < y ? -1 : x > y;
}

/* A folder that has segments is a stream. */
static int load_one(struct journal *j, const char *name, struct err *err)
{
    struct slice text = slice_str(name);
    struct stream probe = {.fd = -1}, *s;
    struct path path;
    int r;

    if (!journal_name_valid(text))
        return 0;
    r = folder_numbers(journal_path(j, &path, "streams/%s", name), ".seg", note_segment, &probe,
                       err);
    if (r == 0 && probe.segment_count)
        r = stream_add(j, text, &s, err);
    if (r < 0 || probe.segment_count == 0) {
        free(probe.segments);
        return r;
    }
    free(s->segments);
    s->segments = probe.segments;
    s->segment_count = probe.segment_count;
    s->segment_cap = probe.segment_cap;
    qsort(s->segments, s->segment_count, sizeof(*s->segments), compare_u64);
    return 0;
}

static int load_folder(struct journal *j, const char *prefix, struct err *err)
{
    struct path path;
    DIR *d = opendir(journal_path(j, &path, "streams/%s", prefix));
    struct dirent *e;
    int r = 0;

    if (d == NULL)
        return errno == ENOENT ? 0 : err_fail_sys(err, errno, ERR_BASE_FILE, path.text);
    while (r == 0 && (e = readdir(d)) != NULL) {
        char name[2 * JOURNAL_NAME_MAX];
        struct slice word = slice_str(e->d_name);

        if (e->d_type != DT_DIR || word.n >= JOURNAL_NAME_MAX || !journal_name_valid(word))
            continue;
        (void)snprintf(name, sizeof(name), "%s%s" SLICE_FMT, prefix, *prefix ? "/" : "",
                       SLICE_ARG(word));
        r = load_one(j, name, err);
        if (r == 0 && *prefix == 0)
            r = load_folder(j, name, err);
    }
    (void)closedir(d);
    return r;
}

int stream_load_all(struct journal *j, struct err *err)
{
    return load_folder(j, "", err);
}
