/* SPDX-License-Identifier: Apache-2.0 */
/* A scan from its request to its result: what its threads need, their start and their end. */
#define _GNU_SOURCE
#include "detect/scan.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/time.h"
#include "detect/scan_internal.h"
#include "sigma/correlation_plan.h"

enum {
    TEXT_MAX = 1024 * 1024, /* of a field that the scope asks for */
    HEAD_MAX = DECODE_HEAD_MAX,
};

static unsigned scan_processors(void)
{
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 0)
        return (unsigned)CPU_COUNT(&set);
    return 1;
}

/* Standard input alone, and no file: it may never end. */
static bool is_stream(const struct scan_request *request)
{
    struct stat st;

    return !request->apart && request->inputs.count == 1 &&
           strcmp(request->inputs.items[0], "-") == 0 && fstat(STDIN_FILENO, &st) == 0 &&
           !S_ISREG(st.st_mode);
}

static bool make_correlate(struct scan *s)
{
    struct generation *g = s->request->generation;

    s->correlating = ruleset_plan(g->rules)->leg_count > 0;
    if (!s->correlating)
        return true;
    if (is_stream(s->request)) {
        s->stream = scan_stream_new(g);
        return s->stream != NULL;
    }
    s->correlate = correlate_new(g, s->request->spill_max ? s->request->spill_max : SCAN_SPILL_MAX,
                                 s->request->apart);
    return s->correlate != NULL;
}

/* Runs the threads. 0, or negative when some could not be started or nobody wants the results. */
static int run_threads(struct scan *s, struct err *err)
{
    pthread_t reader, workers[SCAN_THREADS_MAX];
    unsigned started = 0;
    bool reading, wanted;

    for (; started < s->threads; started++) {
        if (pthread_create(&workers[started], NULL, scan_worker, &s->workers[started]) != 0)
            break;
    }
    reading = started > 0 && pthread_create(&reader, NULL, scan_reader, s) == 0;
    if (!reading)
        ring_stop(&s->ring);
    wanted = scan_write(s);
    if (reading)
        (void)pthread_join(reader, NULL);
    for (unsigned i = 0; i < started; i++) {
        (void)pthread_join(workers[i], NULL);
        scan_result_add(s, &s->workers[i]);
    }
    if (!reading || s->no_memory)
        return err_nomem(err);
    return wanted ? 0 : -CE_PEER;
}

static void init_block(struct scan_block *b)
{
    b->out = b->hits = b->hosts = b->matches = b->matched = b->kept = BUF_INIT(SCAN_RESULTS_MAX);
    b->marks = BUF_INIT(SCAN_RESULTS_MAX);
    b->kept_of = BUF_INIT(SCAN_RESULTS_MAX);
    b->first = b->last = TIME_NONE;
    b->ids = BUF_INIT(SCAN_BLOCK);
    b->head = BUF_INIT(HEAD_MAX);
}

/* A store for each worker and one that the reader begins a file with; twice as many blocks, so that
 * a worker does not wait for one that has a slow block. */
static bool make_blocks(struct scan *s)
{
    void **pointers, **stores;
    bool made;

    s->store_count = s->threads + 1;
    s->block_count = 2 * s->threads + 1;
    s->stores = calloc(s->store_count, sizeof(*s->stores));
    s->blocks = calloc(s->block_count, sizeof(*s->blocks));
    pointers = calloc((size_t)s->block_count + s->store_count, sizeof(*pointers));
    made = s->blocks && s->stores && pointers;
    stores = made ? pointers + s->block_count : NULL;
    for (uint32_t i = 0; made && i < s->block_count; i++) {
        init_block(&s->blocks[i]);
        pointers[i] = &s->blocks[i];
    }
    for (uint32_t i = 0; made && i < s->store_count; i++)
        stores[i] = &s->stores[i];
    made = made && ring_init(&s->ring, pointers, s->block_count, stores, s->store_count) == 0;
    free(pointers);
    return made;
}

static bool make_workers(struct scan *s)
{
    s->workers = calloc(s->threads, sizeof(*s->workers));
    for (unsigned i = 0; s->workers && i < s->threads; i++) {
        s->workers[i].scan = s;
        correlate_scratch_init(&s->workers[i].scratch);
        s->workers[i].text = BUF_INIT(TEXT_MAX);
        s->workers[i].detector = detector_new(s->request->generation);
        if (s->workers[i].detector == NULL)
            return false;
        s->workers[i].detector->limits.named = s->request->no_match;
    }
    return s->workers != NULL;
}

/* Files whose last block the writer never saw, after an early stop. */
static void free_lost_files(struct scan *s)
{
    for (uint64_t i = s->ring.head; i < s->ring.fill_at; i++) {
        struct scan_block *b = s->ring.slots[i % s->ring.count].block;

        if (b->file_ends)
            scan_file_free(b->file);
    }
    scan_file_free(s->unfinished);
}

static void free_worker(struct scan_worker *w)
{
    (void)detector_free(w->detector);
    correlate_scratch_done(&w->scratch);
    buf_done(&w->text);
}

static void free_all(struct scan *s)
{
    if (s->ring.slots)
        free_lost_files(s);
    ring_done_with(&s->ring);
    for (uint32_t i = 0; s->blocks && i < s->block_count; i++) {
        buf_done(&s->blocks[i].out);
        buf_done(&s->blocks[i].hits);
        buf_done(&s->blocks[i].hosts);
        buf_done(&s->blocks[i].matches);
        buf_done(&s->blocks[i].matched);
        buf_done(&s->blocks[i].marks);
        buf_done(&s->blocks[i].kept_of);
        buf_done(&s->blocks[i].kept);
        buf_done(&s->blocks[i].ids);
        buf_done(&s->blocks[i].head);
    }
    free(s->blocks);
    for (uint32_t i = 0; s->stores && i < s->store_count; i++)
        free(s->stores[i].data);
    free(s->stores);
    for (unsigned i = 0; s->workers && i < s->threads; i++)
        free_worker(&s->workers[i]);
    free(s->workers);
    (void)correlate_free(s->correlate);
    (void)scan_stream_free(s->stream);
    buf_done(&s->text);
}

/* A single log has no copies; archives are told when they are opened. */
static bool may_have_copies(const struct scan_request *request)
{
    struct stat st;

    return request->inputs.count != 1 ||
           (stat(request->inputs.items[0], &st) == 0 && S_ISDIR(st.st_mode));
}

void scan_expect_copies(struct scan *s)
{
    atomic_store(&s->several, true);
    if (!s->request->copies && !s->request->apart)
        atomic_store(&s->marking, true);
}

int scan_run(const struct scan_request *request, struct scan_result *ret, struct err *err)
{
    struct scan s = {.request = request,
                     .result = ret,
                     .seed = hash_seed(),
                     .text = BUF_INIT(SCAN_RESULTS_MAX),
                     .progress = {.began = time_now()}};
    int r;

    if (may_have_copies(request))
        scan_expect_copies(&s);
    s.threads = CANH_MIN(request->threads ? request->threads : scan_processors(),
                         (unsigned)SCAN_THREADS_MAX);
    s.block_size = request->block ? request->block : SCAN_BLOCK;
    if (scan_result_init(ret, request) && make_workers(&s) && make_blocks(&s) && make_correlate(&s))
        r = run_threads(&s, err);
    else
        r = err_nomem(err);
    if (r == 0)
        r = scan_run_correlations(&s, err);
    if (r == 0)
        scan_result_kinds(&s);
    ret->bytes_read = atomic_load(&s.bytes_read);
    ret->nanoseconds = time_now() - s.progress.began;
    ret->uncounted_copies = s.marks.full || s.copies.full;
    copies_done(&s.copies);
    marks_done(&s.marks);
    free_all(&s);
    return r;
}
