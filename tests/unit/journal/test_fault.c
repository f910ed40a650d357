/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nothing acknowledged is lost: every call that changes the journal's folder is met by every fault,
 * and by the loss of power. Named points (the first and the last call of each kind) by default;
 * CANH_SOAK=1 tries every call.
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "err_words.h"
#include "fault.h"
#include "journal/care.h"
#include "journal/journal.h"
#include "tap.h"

#define NOW (INT64_C(1760000000) * TIME_SECOND)

enum { GROUPS = 60, STREAMS = 3, RECORDS_MAX = 12, TRIES = 12, SEEDS = 3 };

static const char *const names[STREAMS] = {"events/default", "alerts", "audit"};
static const uint8_t source[JOURNAL_ID_SIZE] = {7};
static struct journal_key key;
static char root[64];

/* What the child has done; shared with its parent. */
struct done {
    uint32_t acknowledged; /* groups */
    uint32_t begun;
    bool finished;
};

static struct journal_options options_of(const char *folder)
{
    return (struct journal_options){.folder = folder,
                                    .keys = &key,
                                    .key_count = 1,
                                    .now = NOW,
                                    .block_size = 3000,
                                    .tail_size = 6000,
                                    .tails_size = 20000,
                                    .segment_size = 2500,
                                    .reserve_size = 4096};
}

/* How many records group g has in a stream: of no regularity, the same each time. */
static uint32_t records_of(uint32_t g, uint32_t stream)
{
    return (g * 2654435761u >> 7) % (stream == 0 ? RECORDS_MAX : 3);
}

static struct slice text_of(uint32_t stream, uint64_t offset, char to[256])
{
    int n =
        snprintf(to, 256, "%s record %llu %.*s", names[stream], (unsigned long long)offset,
                 (int)(offset * 31 % 150),
                 "a text of some length, so that groups and blocks end at many different places "
                 "and nothing is aligned to anything, as with logs in the world");

    return slice_of(to, (size_t)n);
}

/* Appends group g, trying again after errors, as a sender does. */
static bool append_group(struct journal *j, const uint32_t streams[STREAMS], uint32_t g,
                         uint64_t next[STREAMS])
{
    static char texts[STREAMS * RECORDS_MAX][256];
    struct journal_record records[STREAMS * RECORDS_MAX] = {{.stream = 0}};
    struct journal_input input = {.cursor = SLICE_NULL};
    struct journal_batch batch = {.received = NOW};
    struct journal_group group = {.records = records,
                                  .inputs = &input,
                                  .input_count = 1,
                                  .batches = &batch,
                                  .batch_count = 1,
                                  .now = NOW};
    char cursor[32], id[32];

    for (uint32_t s = 0; s < STREAMS; s++)
        for (uint32_t i = 0; i < records_of(g, s); i++) {
            struct journal_record *r = &records[group.record_count];

            r->stream = streams[s];
            r->received = NOW + g;
            r->claimed = TIME_NONE;
            memcpy(r->source, source, sizeof(r->source));
            r->raw = text_of(s, next[s]++, texts[group.record_count++]);
        }
    memcpy(input.source, source, sizeof(source));
    memcpy(batch.source, source, sizeof(source));
    input.cursor = slice_of(cursor, (size_t)snprintf(cursor, sizeof(cursor), "%u", g + 1));
    batch.id = slice_of(id, (size_t)snprintf(id, sizeof(id), "batch-%u", g));
    for (uint32_t try = 0; try < TRIES; try++)
        if (journal_append(j, &group, NULL) == 0)
            return true;
    return false;
}

static void work(const char *folder, struct done *done, uint32_t from)
{
    struct journal_options o = options_of(folder);
    uint64_t next[STREAMS] = {0};
    struct journal *j = NULL;
    uint32_t streams[STREAMS];

    for (uint32_t try = 0; try < TRIES && j == NULL; try++)
        (void)!journal_open(&o, &j, NULL);
    for (uint32_t s = 0; j && s < STREAMS; s++)
        (void)!journal_stream(j, names[s], &streams[s], NULL);
    for (uint32_t g = 0; g < from; g++)
        for (uint32_t s = 0; s < STREAMS; s++)
            next[s] += records_of(g, s);
    for (uint32_t g = from; j && g < from + GROUPS; g++) {
        done->begun = g + 1;
        if (!append_group(j, streams, g, next))
            break;
        done->acknowledged = g + 1;
        (void)!journal_tick(j, NOW, NULL);
    }
    done->finished = j != NULL && done->acknowledged == from + GROUPS;
    j = journal_close(j);
}

static const char *problem(const char *fmt, ...) CANH_PRINTF(1, 2);
static const char *problem(const char *fmt, ...)
{
    static char texts[2][400];
    static unsigned turn;
    char *text = texts[turn++ % 2];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(texts[0]), fmt, ap);
    va_end(ap);
    return text;
}

/* Whether the stream has exactly its records of the first `groups` groups. */
static const char *check_stream(struct journal *j, uint32_t s, uint32_t groups)
{
    struct journal_reader *reader = NULL;
    struct journal_record rec;
    struct err err = ERR_INIT;
    uint64_t wanted = 0, got = 0;
    uint32_t stream;
    char text[256];
    int r;

    for (uint32_t g = 0; g < groups; g++)
        wanted += records_of(g, s);
    if (journal_stream(j, names[s], &stream, &err) < 0 ||
        journal_reader_new(j, stream, 0, &reader, &err) < 0)
        return problem("%s", err_words(&err));
    while ((r = journal_read(reader, &rec, &err)) > 0) {
        if (rec.offset != got || !slice_eq(rec.raw, text_of(s, got, text))) {
            r = -CE_CORRUPT;
            (void)err_fail(&err, CE_CORRUPT, ERR_BASE_BOTH, "another record", got);
            break;
        }
        got++;
    }
    reader = journal_reader_free(reader);
    if (r < 0)
        return problem("%s: %s", names[s], err_words(&err));
    return got == wanted ? NULL
                         : problem("%s: %llu records where %u groups have %llu", names[s],
                                   (unsigned long long)got, groups, (unsigned long long)wanted);
}

/* What was acknowledged is there, what was begun is there wholly or not, and nothing else. */
static const char *check_journal(struct journal *j, const struct done *done, uint32_t *ret_groups)
{
    struct slice cursor = journal_input(j, source);
    const char *what = NULL;
    char id[32];

    *ret_groups = 0;
    for (size_t i = 0; i < cursor.n; i++)
        *ret_groups = *ret_groups * 10 + (cursor.p[i] - '0');
    if (*ret_groups != done->acknowledged && *ret_groups != done->begun)
        return problem("the source's position says %u, acknowledged were %u", *ret_groups,
                       done->acknowledged);
    for (uint32_t s = 0; s < STREAMS && what == NULL; s++)
        what = check_stream(j, s, *ret_groups);
    for (uint32_t g = 0; g < done->begun && what == NULL; g++) {
        struct slice name = slice_of(id, (size_t)snprintf(id, sizeof(id), "batch-%u", g));

        if (journal_batch_known(j, source, name) != (g < *ret_groups))
            what = problem("batch %u of %u groups", g, *ret_groups);
    }
    return what;
}

static void tell(void *ctx, const struct journal_problem *p)
{
    (void)ctx;
    tap_note("%s segment %llu byte %llu: %s: %s", p->stream, (unsigned long long)p->segment,
             (unsigned long long)p->at, p->what, p->detail);
}

static const char *check_folder(const char *folder, const struct done *done, uint32_t *ret_groups)
{
    struct journal_options o = options_of(folder);
    struct journal_verdict verdict;
    struct journal *j = NULL;
    struct err err = ERR_INIT;
    const char *what;

    *ret_groups = 0;
    if (journal_open(&o, &j, &err) < 0)
        return problem("does not open: %s", err_words(&err));
    what = check_journal(j, done, ret_groups);
    if (what == NULL && (journal_verify(j, tell, NULL, &verdict, &err) < 0 || verdict.problems))
        what = "verify finds what is told above";
    j = journal_close(j);
    return what;
}

/* After what happened the journal opens, is whole, and can be written on. */
static const char *check_and_go_on(const char *folder, const struct done *done)
{
    struct done more = {.acknowledged = 0};
    const char *what;
    uint32_t groups;

    what = check_folder(folder, done, &groups);
    if (what)
        return problem("at first: %.300s", what);
    work(folder, &more, groups);
    if (!more.finished)
        return "cannot be written on";
    return check_folder(folder, &more, &groups);
}

static struct done run_child(struct fault_log *log, const char *folder, uint32_t at,
                             enum fault_kind kind)
{
    struct done *done = fault_note(log);
    pid_t pid;
    int status;

    fault_log_clear(log);
    pid = fork();
    if (pid == 0) {
        fault_begin(log, folder, at, kind);
        work(folder, done, 0);
        fault_end();
        _exit(0);
    }
    (void)waitpid(pid, &status, 0);
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
        tap_note("child ended by signal %d", WTERMSIG(status));
    return *done;
}

static const char *try_fault(struct fault_log *log, uint32_t at, enum fault_kind kind)
{
    char folder[300], off[300];
    const char *what = NULL;
    struct done done;

    (void)snprintf(folder, sizeof(folder), "%s/journal", root);
    (void)snprintf(off, sizeof(off), "%s/off", root);
    if (file_mkdirs(folder, 0700, NULL) < 0)
        return "no folder to work in";
    done = run_child(log, folder, at, kind);
    if ((kind == FAULT_EIO || kind == FAULT_SHORT) && !done.finished)
        what = "one failure ended the work";
    for (uint64_t seed = 1; seed <= SEEDS && what == NULL; seed++) {
        if (!fault_power_off(log, folder, off, seed * 1000 + at))
            what = "the power-off cannot be made";
        else
            what = check_and_go_on(off, &done);
        if (what)
            what = problem("power off, seed %d: %.300s", (int)seed, what);
        if (what == NULL || getenv("CANH_KEEP") == NULL)
            (void)file_remove_tree(off, NULL);
    }
    if (what == NULL)
        what = check_and_go_on(folder, &done);
    if (what == NULL || getenv("CANH_KEEP") == NULL)
        (void)file_remove_tree(folder, NULL);
    return what;
}

/* The first two calls of each kind and the last. */
static bool is_named(char (*seen)[200], uint32_t count, uint32_t i)
{
    uint32_t before = 0;
    bool last = true;

    for (uint32_t k = 0; k < count; k++) {
        before += k < i && strcmp(seen[k], seen[i]) == 0;
        last = last && !(k > i && strcmp(seen[k], seen[i]) == 0);
    }
    return before < 2 || last;
}

static void test_all(struct fault_log *log)
{
    static const char *const kinds[FAULT_KINDS] = {[FAULT_KILL] = "kill before",
                                                   [FAULT_KILL_AFTER] = "kill after",
                                                   [FAULT_EIO] = "EIO at",
                                                   [FAULT_ENOSPC] = "no space at",
                                                   [FAULT_SHORT] = "half of"};
    bool soak = getenv("CANH_SOAK") != NULL;
    const char *what = try_fault(log, 0, FAULT_NONE);
    uint32_t count = fault_calls(log), tried = 0, named = 0;
    char(*seen)[200] = calloc(count, sizeof(*seen));

    ok(what == NULL, "without a fault: %s", what ? what : "fine");
    for (uint32_t i = 0; i < count; i++)
        (void)snprintf(seen[i], sizeof(seen[i]), "%s", fault_call_name(log, i));
    for (uint32_t i = 0; i < count; i++) {
        if (!soak && (!is_named(seen, count, i) || named++ % TAP_EVERY(3) != 0))
            continue;
        tried++;
        for (enum fault_kind kind = FAULT_KILL; kind < FAULT_KINDS; kind++) {
            what = try_fault(log, i + 1, kind);
            ok(what == NULL, "%s call %u, %s: %s", kinds[kind], i + 1, seen[i],
               what ? what : "nothing lost");
        }
    }
    tap_note("%u of %u calls", tried, count);
    free(seen);
}

int main(void)
{
    struct fault_log *log = fault_log_new();

    /* in memory: what a disk would do is known without it */
    (void)snprintf(root, sizeof(root), "%s/canh-fault-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (log == NULL || mkdtemp(root) == NULL)
        return 99;
    journal_key_make(&key);
    test_all(log);
    (void)file_remove_tree(root, NULL);
    log = fault_log_free(log);
    return tap_done();
}
