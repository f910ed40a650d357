/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EVTX decoding alone, no rules: bench_evtx [-j] [-s SECONDS] FILE...
 * Reads the files into memory once and decodes them over and over. -j also renders each as JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../tests/support/err_words.h"
#include "base/file.h"
#include "base/time.h"
#include "decode/evtx/evtx.h"

enum { FILE_MAX = 1 << 30 };

struct totals {
    uint64_t records, bytes, bad, fields, chunks;
};

static void decode_file(struct evtx_decoder *d, struct slice file, struct buf *json,
                        struct totals *t)
{
    struct evtx_chunk_report report;
    struct err err = ERR_INIT;
    struct event e;
    int r;

    for (size_t at = 0, skip; at < file.n;) {
        struct slice window = slice_head(slice_from(file, at), EVTX_CHUNK);

        skip = evtx_chunk_find(window);
        if (skip > 0) {
            at += skip;
            continue;
        }
        at += evtx_chunk_begin(d, window, at, &report);
        t->chunks++;
        while ((r = evtx_next(d, &e, &err)) != 0) {
            if (r < 0)
                continue;
            t->fields += e.count;
            t->bytes += e.raw.n;
            buf_clear(json);
            if (json->max && evtx_record_json(d, json, &err) < 0)
                t->bad++;
        }
        t->records += report.records;
        t->bad += report.bad;
    }
}

int main(int argc, char **argv)
{
    struct keys *keys = keys_new();
    struct evtx_decoder *d = keys ? evtx_decoder_new(keys, &decode_default_limits) : NULL;
    struct buf json = BUF_INIT(0);
    struct totals t = {0};
    int64_t start, spent, limit = 2 * TIME_SECOND;
    struct buf *files;
    int c;

    if (d == NULL)
        return EXIT_FAILURE;
    while ((c = getopt(argc, argv, "js:")) != -1) {
        if (c == 'j')
            json.max = FILE_MAX;
        else if (c == 's')
            limit = (int64_t)strtol(optarg, NULL, 10) * TIME_SECOND;
        else
            return EXIT_FAILURE;
    }
    files = calloc((size_t)argc, sizeof(*files));
    for (int i = optind; files != NULL && i < argc; i++) {
        struct err err = ERR_INIT;

        files[i] = BUF_INIT(FILE_MAX);
        if (file_read(argv[i], &files[i], &err) < 0) {
            fprintf(stderr, "%s\n", err_words(&err));
            return EXIT_FAILURE;
        }
    }
    start = time_now();
    do {
        for (int i = optind; files != NULL && i < argc; i++)
            decode_file(d, buf_slice(&files[i]), &json, &t);
        spent = time_now() - start;
    } while (spent < limit && t.records > 0);
    printf("evtx: %.0f records/s, %.1f MB/s of records, %.0f ns and %.1f fields a record, "
           "%.1f records a chunk, %llu bad\n",
           (double)t.records * 1e9 / (double)spent, (double)t.bytes * 1e3 / (double)spent,
           (double)spent / (double)t.records, (double)t.fields / (double)t.records,
           (double)t.records / (double)t.chunks, (unsigned long long)t.bad);
    for (int i = optind; files != NULL && i < argc; i++)
        buf_done(&files[i]);
    free(files);
    buf_done(&json);
    evtx_decoder_free(d);
    keys_free(keys);
    return EXIT_SUCCESS;
}
