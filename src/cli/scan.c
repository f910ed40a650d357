/* SPDX-License-Identifier: Apache-2.0 */
/* The scan's threads, and the writer: blocks back in input order → output and totals. */
#define _GNU_SOURCE
#include "cli/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "lang/msg_cli.h"
#include "lang/msg_scan.h"
#include "sigma/match.h"

enum {
    IDLE_MS = 100,      /* without work for so long: write what there is, draw progress */
    NOTES_PER_FILE = 3, /* told on standard error; all are counted */
    NOTES_TOLD_MAX = 50,
    RESULTS_MAX = 256 * 1024 * 1024, /* of one block: one alert can be large */
};

atomic_int scan_interrupted;
static int wake_fd = -1; /* for the signal handler */

static void on_signal(int number)
{
    const uint64_t one = 1;
    int saved = errno;

    (void)number;
    scan_interrupted = 1;
    if (wake_fd >= 0 && write(wake_fd, &one, sizeof(one)) < 0)
        scan_interrupted =
            2; /* the reader cannot be woken in poll(), but stops at its next block */
    errno = saved;
}

/* The first signal asks for an early end, the second one ends at once. */
static void catch_signals(void)
{
    struct sigaction act = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};

    (void)sigaction(SIGINT, &act, NULL);
    (void)sigaction(SIGTERM, &act, NULL);
}

static unsigned processors(void)
{
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 0)
        return (unsigned)CPU_COUNT(&set);
    return 1;
}

static void keep_place(struct scan *s, const struct scan_file *file, const struct scan_note *note)
{
    struct buf *places = &s->places[note->trouble];
    uint32_t most = s->options->details ? SCAN_PLACES_DETAILS : SCAN_PLACES;

    if (s->place_count[note->trouble] >= most)
        return;
    s->place_count[note->trouble]++;
    buf_puts(places, file->path);
    if (note->placed && note->line)
        buf_printf(places, ":%" PRIu64, note->line);
    else if (note->placed)
        buf_printf(places, " @%" PRIu64, note->offset);
    buf_putc(places, '\t');
    buf_puts(places, note->text);
    buf_putc(places, '\n');
}

/* One line on standard error, the first few of each file. */
static void tell(struct scan *s, struct scan_file *file, const struct scan_note *note)
{
    static const msg_id texts[TROUBLE_MAX] = {
        [TROUBLE_NO_LOG] = MSG_SCAN_NO_LOG,
        [TROUBLE_EMPTY] = MSG_SCAN_EMPTY,
        [TROUBLE_DAMAGED_RECORD] = MSG_SCAN_DAMAGED_RECORD,
        [TROUBLE_NOT_TWICE] = MSG_SCAN_NOT_TWICE,
    };
    struct buf *line;

    if (!file->operand && (note->trouble == TROUBLE_NO_LOG || note->trouble == TROUBLE_EMPTY))
        return;
    if (note->trouble == TROUBLE_STALE)
        return;
    if (file->notes++ >= NOTES_PER_FILE || s->told++ >= NOTES_TOLD_MAX)
        return;
    line = app_line(s->app);
    if (note->trouble != TROUBLE_UNREADABLE || note->placed)
        buf_puts(line, file->path);
    if (note->placed && note->line)
        buf_printf(line, ":%" PRIu64, note->line);
    if (note->placed)
        lang_put(line, s->app->lang, MSG_SCAN_AT_OFFSET, note->offset);
    if (line->len)
        buf_puts(line, ": ");
    buf_puts(line, note->text[0] ? note->text : lang_text(s->app->lang, texts[note->trouble]));
    app_say_line(s->app);
}

static void take_notes(struct scan *s, struct scan_block *b)
{
    for (uint32_t i = 0; i < b->note_count; i++) {
        const struct scan_note *note = &b->notes[i];

        s->totals.troubles[note->trouble]++;
        if (b->file->operand &&
            (note->trouble == TROUBLE_NO_LOG || note->trouble == TROUBLE_UNREADABLE))
            s->operand_failed = true;
        keep_place(s, b->file, note);
        tell(s, b->file, note);
    }
    for (int i = 0; i < TROUBLE_MAX; i++)
        s->totals.troubles[i] += b->notes_lost[i];
    b->note_count = 0;
}

/* Alerts so far; after this the worker may go on with the same block. */
static void take_results(struct scan *s, struct scan_block *b)
{
    for (size_t at = 0; at + sizeof(struct scan_hit) <= b->hits.len;
         at += sizeof(struct scan_hit)) {
        struct scan_hit hit;

        memcpy(&hit, b->hits.p + at, sizeof(hit));
        tally_add(&s->tally, hit.rule, hit.time,
                  slice_head(slice_from(buf_slice(&b->hosts), hit.host_at), hit.host_n),
                  hit.recovered);
        if (s->on_hit)
            s->on_hit(s, b->file, hit.rule);
    }
    buf_put_slice(&s->out->buf, buf_slice(&b->out));
    if (b->hits.err || b->hosts.err || b->out.err)
        s->no_memory = true;
    buf_clear(&b->hits);
    buf_clear(&b->hosts);
    buf_clear(&b->out);
}

static void free_file(struct scan_file *file)
{
    if (file == NULL)
        return;
    (void)recovery_free(file->recovery);
    free(file->path);
    free(file);
}

/* The numbers of records in the log, for the second pass. */
static void take_ids(struct scan *s, struct scan_block *b)
{
    struct id_range range;

    for (size_t at = 0; at + sizeof(range) <= b->ids.len; at += sizeof(range)) {
        memcpy(&range, b->ids.p + at, sizeof(range));
        recovery_add(b->file->recovery, range);
    }
    if (b->ids.err)
        s->no_memory = true;
    buf_clear(&b->ids);
}

static void take_block(struct scan *s, struct scan_block *b)
{
    s->totals.events += b->events;
    s->totals.recovered += b->recovered;
    s->totals.lost += b->lost;
    b->events = b->recovered = b->lost = 0;
    take_ids(s, b);
    take_notes(s, b);
    if (!b->file_ends)
        return;
    if (b->file->recovery)
        s->totals.not_recovered += recovery_left_out(b->file->recovery);
    s->totals.files++;
    s->totals.logs += b->file->kind != LOG_NONE;
    free_file(b->file);
}

static void write_results(struct scan *s)
{
    enum ring_event event;
    void *block;

    while ((event = ring_next(&s->ring, IDLE_MS, &block)) != RING_END) {
        bool fine = true;

        if (event == RING_TIMEOUT) {
            fine = out_flush(s->out);
        } else {
            take_results(s, block);
            if (event == RING_BLOCK)
                take_block(s, block);
            ring_release(&s->ring);
            fine = out_settle(s->out);
        }
        scan_progress_draw(s, false);
        if (!fine || s->no_memory)
            ring_stop(&s->ring);
    }
    (void)out_flush(s->out);
}

/* What the workers counted by themselves. */
static void add_worker(struct scan *s, struct scan_worker *w)
{
    const struct decode_counts *json = json_counts(w->json);
    struct matcher_counts counts;

    matcher_count(w->matcher, &counts);
    s->totals.unrouted += counts.unrouted;
    s->totals.regex_limits += counts.regex_limits;
    s->totals.failed += counts.failed;
    s->totals.truncated += json->truncated;
    s->totals.fields_lost += json->fields_lost;
}

/* Runs the threads; false when some could not be started. */
static bool run_threads(struct scan *s)
{
    pthread_t reader, workers[SCAN_THREADS_MAX];
    unsigned started = 0;
    bool reading;

    for (; started < s->threads; started++) {
        if (pthread_create(&workers[started], NULL, scan_worker, &s->workers[started]) != 0)
            break;
    }
    reading = started > 0 && pthread_create(&reader, NULL, scan_reader, s) == 0;
    if (!reading)
        ring_stop(&s->ring);
    write_results(s);
    if (reading)
        (void)pthread_join(reader, NULL);
    for (unsigned i = 0; i < started; i++) {
        (void)pthread_join(workers[i], NULL);
        add_worker(s, &s->workers[i]);
    }
    return reading;
}

static bool make_blocks(struct scan *s)
{
    void **pointers;
    bool made;

    s->block_count = 2 * s->threads + 2;
    s->blocks = calloc(s->block_count, sizeof(*s->blocks));
    pointers = calloc(s->block_count, sizeof(*pointers));
    for (uint32_t i = 0; s->blocks && pointers && i < s->block_count; i++) {
        s->blocks[i].out = s->blocks[i].hits = s->blocks[i].hosts = BUF_INIT(RESULTS_MAX);
        s->blocks[i].ids = BUF_INIT(SCAN_BLOCK);
        pointers[i] = &s->blocks[i];
    }
    made = s->blocks && pointers && ring_init(&s->ring, pointers, s->block_count) == 0;
    free(pointers);
    return made;
}

static bool make_workers(struct scan *s)
{
    s->workers = calloc(s->threads, sizeof(*s->workers));
    for (unsigned i = 0; s->workers && i < s->threads; i++) {
        if (scan_worker_init(&s->workers[i], s) < 0)
            return false;
    }
    return s->workers != NULL;
}

/* Files whose last block the writer never saw, after an early stop. */
static void free_lost_files(struct scan *s)
{
    for (uint64_t i = s->ring.head; i < s->ring.fill_at; i++) {
        struct scan_block *b = s->ring.slots[i % s->ring.count].block;

        if (b->file_ends)
            free_file(b->file);
    }
    free_file(s->unfinished);
}

static void free_all(struct scan *s)
{
    if (s->ring.slots)
        free_lost_files(s);
    ring_done_with(&s->ring);
    for (uint32_t i = 0; s->blocks && i < s->block_count; i++) {
        free(s->blocks[i].data);
        buf_done(&s->blocks[i].out);
        buf_done(&s->blocks[i].hits);
        buf_done(&s->blocks[i].hosts);
        buf_done(&s->blocks[i].ids);
    }
    free(s->blocks);
    for (unsigned i = 0; s->workers && i < s->threads; i++)
        scan_worker_done(&s->workers[i]);
    free(s->workers);
    for (int i = 0; i < TROUBLE_MAX; i++)
        buf_done(&s->places[i]);
    tally_done(&s->tally);
    fd_closep(&s->wake_fd);
}

int scan_run(struct scan *s, int (*report)(struct scan *s))
{
    int status = EX_OSERR;

    s->threads = CANH_MIN(s->threads ? s->threads : processors(), (unsigned)SCAN_THREADS_MAX);
    s->wake_fd = wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    for (int i = 0; i < TROUBLE_MAX; i++)
        s->places[i] = BUF_INIT(1024 * 1024);
    catch_signals();
    s->progress.began = time_now();
    if (tally_init(&s->tally, ruleset_count(s->loaded.rs)) == 0 && make_workers(s) &&
        make_blocks(s) && run_threads(s) && !s->no_memory)
        status = 0;
    s->totals.nanoseconds = time_now() - s->progress.began;
    scan_progress_draw(s, true);
    if (status == 0)
        status = report(s);
    else
        app_say(s->app, MSG_CLI_NO_MEMORY);
    wake_fd = -1;
    free_all(s);
    return status;
}
