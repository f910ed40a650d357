/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/*
 * Faults at every point: the calls that change files are counted, and at the Nth the process is
 * killed, is killed in the middle of a write, or finds the disk full, for every N. Afterwards the
 * state opens, is whole, and an import is there as a whole or not at all.
 *
 * The definitions below stand in front of the C library's, also for SQLite.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "err_words.h"
#include "state/backup.h"
#include "state/evidence.h"
#include "state/internal.h"
#include "world.h"

enum fault { FAULT_NONE, FAULT_KILL, FAULT_TEAR, FAULT_FULL };

static enum fault fault;
static long fault_at, steps; /* 0: only count */
static bool counting;

/* True when this call must fail for want of space. Does not return when it is to be killed. */
static bool step(void)
{
    if (!counting)
        return false;
    steps++;
    if (fault == FAULT_KILL && steps == fault_at)
        (void)kill(getpid(), SIGKILL);
    return fault == FAULT_FULL && fault_at && steps >= fault_at;
}

static ssize_t full(void)
{
    errno = ENOSPC;
    return -1;
}

/* Half of a write reaches the disk, then the process dies. */
static size_t torn(size_t n)
{
    return counting && fault == FAULT_TEAR && steps == fault_at ? n / 2 : n;
}

static ssize_t after_tear(ssize_t n)
{
    if (counting && fault == FAULT_TEAR && steps == fault_at)
        (void)kill(getpid(), SIGKILL);
    return n;
}

ssize_t pwrite64(int fd, const void *p, size_t n, __off64_t at);
ssize_t pwrite64(int fd, const void *p, size_t n, __off64_t at)
{
    if (step())
        return full();
    return after_tear(syscall(SYS_pwrite64, fd, p, torn(n), at));
}

ssize_t write(int fd, const void *p, size_t n)
{
    if (fd > 2 && step())
        return full();
    return after_tear(syscall(SYS_write, fd, p, fd > 2 ? torn(n) : n));
}

int ftruncate64(int fd, __off64_t n);
int ftruncate64(int fd, __off64_t n)
{
    return step() ? (int)full() : (int)syscall(SYS_ftruncate, fd, n);
}

int rename(const char *from, const char *to)
{
    return step() ? (int)full() : (int)syscall(SYS_rename, from, to);
}

int unlink(const char *path)
{
    (void)step();
    return (int)syscall(SYS_unlink, path);
}

/* A killed process loses nothing that the system has: syncing would only cost time here. */
int fsync(int fd)
{
    (void)fd;
    return step() ? (int)full() : 0;
}

int fdatasync(int fd)
{
    (void)fd;
    return step() ? (int)full() : 0;
}

enum { PEOPLE = 12 };

static int put_person(struct world *w, int i, struct err *err)
{
    char code[16], name[32];
    struct state_person x = {.unit = w->commune_a, .invented = true};

    (void)snprintf(code, sizeof(code), "N%d", i);
    (void)snprintf(name, sizeof(name), "Người Thử %d", i);
    x.code = slice_str(code);
    x.name = slice_str(name);
    return state_person_put(w->s, &w->local, &x, err);
}

/* An import: people in one transaction. */
static int import(struct world *w, struct err *err)
{
    int r = state_begin(w->s, err);

    for (int i = 0; r == 0 && i < PEOPLE; i++)
        r = put_person(w, i, err);
    if (r == 0)
        return state_commit(w->s, err);
    state_rollback(w->s);
    return r;
}

static int add_evidence(struct world *w, struct err *err)
{
    struct state_evidence x = {.unit = w->commune_a,
                               .kind = SLICE("minutes"),
                               .method = STATE_EXAMINE,
                               .strength = STATE_DECLARED};
    char path[100];
    int fd, r;

    (void)snprintf(path, sizeof(path), "%s/../canh-fault-given", w->dir);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        abort();
    r = state_evidence_add(w->s, &w->local, fd, SLICE("a.txt"), &x, err);
    (void)close(fd);
    return r;
}

static int64_t count_of(struct world *w, const char *sql)
{
    struct db_options opt = {.slots = 1};
    struct db *db = NULL;
    struct db_stmt *st = NULL;
    struct err err = ERR_INIT;
    char path[100];
    int64_t n = -1;

    (void)snprintf(path, sizeof(path), "%s/state.db", w->dir);
    if (must(db_open(&db, path, &opt, &err), &err, "database") &&
        must(db_stmt(db, 0, sql, &st, &err), &err, sql) && db_step(st, &err) > 0)
        n = db_int(st, 0);
    db_done(&st);
    db_close(db);
    return n;
}

/* Everything that must hold whatever happened. Returns the number of imported people. */
static int64_t look(struct world *w, const char *what, long n)
{
    struct state_audit_report rep;
    struct state_evidence_check files;
    struct err err = ERR_INIT;
    int64_t people, rows;
    int r;

    world_reopen(w, STATE_WRITE);
    if (w->s == NULL)
        return -1;
    r = db_check(w->s->db, false, &err);
    if (r == 0)
        r = state_audit_verify(w->s, NULL, &rep, &err);
    if (r == 0)
        r = state_evidence_verify(w->s, false, &files, &err);
    people = count_of(w, "SELECT count(*) FROM person WHERE code LIKE 'N%'");
    rows = count_of(w, "SELECT count(*) FROM evidence");
    if (r < 0 || (people != 0 && people != PEOPLE) || rows < 0 || rows > 1)
        ok(false, "%s at step %ld: %s, %lld people, %lld rows of evidence", what, n,
           r < 0 ? err_words(&err) : "whole", (long long)people, (long long)rows);
    return people;
}

struct outcome {
    long steps;
    bool imported, added;
};

static void child(struct world *w, int report)
{
    struct state_options opt = {.dir = w->dir,
                                .mode = STATE_WRITE,
                                .clock = world_clock,
                                .clock_user = w};
    struct outcome o = {0};
    struct err err = ERR_INIT;

    steps = 0;
    counting = true;
    if (state_open(&w->s, &opt, &err) == 0) {
        o.imported = import(w, &err) == 0;
        o.added = add_evidence(w, &err) == 0;
    }
    w->s = state_free(w->s);
    counting = false;
    o.steps = steps;
    if (write(report, &o, sizeof(o)) != sizeof(o))
        _exit(2);
    _exit(0);
}

/* Runs the work in a child with the fault at step n. False when it was killed. */
static bool run(struct world *w, enum fault f, long n, struct outcome *ret)
{
    int pipes[2], status = 0;
    pid_t pid;
    bool whole;

    if (pipe(pipes) < 0)
        abort();
    (void)fflush(stdout);
    pid = fork();
    if (pid < 0)
        abort();
    if (pid == 0) {
        fault = f;
        fault_at = n;
        child(w, pipes[1]);
    }
    (void)close(pipes[1]);
    whole = read(pipes[0], ret, sizeof(*ret)) == sizeof(*ret);
    (void)close(pipes[0]);
    (void)waitpid(pid, &status, 0);
    if (!whole && !(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL))
        ok(false, "the child at step %ld ended by itself: status %d", n, status);
    return whole;
}

/* A world to work on: made once, copied for each run. */
static void copy_world(const struct world *from, struct world *to)
{
    static const char *const names[] = {"state.db", "key"};
    struct err err = ERR_INIT;

    *to = *from;
    to->s = NULL;
    (void)snprintf(to->dir, sizeof(to->dir), "%.50s-run", from->dir);
    rm_tree(to->dir);
    must(file_mkdirs(to->dir, 0700, &err), &err, "folder");
    for (size_t i = 0; i < CANH_LEN(names); i++) {
        char a[100], b[100];

        (void)snprintf(a, sizeof(a), "%s/%s", from->dir, names[i]);
        (void)snprintf(b, sizeof(b), "%s/%s", to->dir, names[i]);
        must(file_copy(a, b, 0600, &err), &err, "copy");
    }
}

static void sweep(struct world *base, enum fault f, const char *what, long total)
{
    long imported = 0, killed = 0, tried = 0, n;

    for (n = 1; n <= total; n += TAP_EVERY(7), tried++) {
        struct world w;
        struct outcome o = {0};
        bool whole;
        int64_t people;

        copy_world(base, &w);
        whole = run(&w, f, n, &o);
        killed += !whole;
        people = look(&w, what, n);
        if (whole && o.imported && people != PEOPLE)
            ok(false, "%s at step %ld: said done, and is not", what, n);
        /* a commit that could not be synced may be there after all */
        if (whole && !o.imported && people != 0 && f != FAULT_FULL)
            ok(false, "%s at step %ld: said failed, and is there", what, n);
        imported += people == PEOPLE;
        w.s = state_free(w.s);
        rm_tree(w.dir);
    }
    ok(true, "%s at each of %ld steps: whole every time", what, tried);
    ok(imported > 0 && imported < tried, "%s: import there %ld times, absent otherwise", what,
       imported);
    if (f != FAULT_FULL)
        ok(killed > tried / 2, "%s: %ld really died", what, killed);
}

/* A full disk that gets room again: the same process goes on. */
static void test_room_again(struct world *base, long total)
{
    long n, bad = 0;

    for (n = 1; n <= total; n += 3 * TAP_EVERY(5)) {
        struct world w;
        struct err err = ERR_INIT;
        int r;

        copy_world(base, &w);
        world_reopen(&w, STATE_WRITE);
        fault = FAULT_FULL;
        fault_at = n;
        steps = 0;
        counting = true;
        r = import(&w, &err);
        counting = false;
        if (r < 0 && r != -CE_IO)
            tap_note("step %ld: %s", n, err_words(&err));
        bad += r < 0 && r != -CE_IO;
        if (r < 0 && (r = import(&w, &err)) < 0) {
            tap_note("step %ld, again: %s", n, err_words(&err));
            bad++;
        }
        (void)look(&w, "full disk with room again", n);
        w.s = state_free(w.s);
        rm_tree(w.dir);
    }
    is_int(bad, 0, "a full disk is said to be one, and the import works once there is room");
}

static void give_file(struct world *w)
{
    struct err err = ERR_INIT;
    char path[100];

    (void)snprintf(path, sizeof(path), "%s/../canh-fault-given", w->dir);
    must(file_replace(path, SLICE("biên bản thử\n"), 0600, &err), &err, "given");
}

int main(void)
{
    struct world base, w;
    struct outcome o = {0};

    world_open(&base);
    base.s = state_free(base.s); /* closes its log: one file to copy */
    give_file(&base);
    copy_world(&base, &w);
    ok(run(&w, FAULT_NONE, 0, &o) && o.imported && o.added, "without a fault the work is done");
    is_int(look(&w, "no fault", 0), PEOPLE, "and there");
    w.s = state_free(w.s);
    rm_tree(w.dir);
    tap_note("%ld steps", o.steps);
    ok(o.steps > 20, "its steps are counted");
    sweep(&base, FAULT_KILL, "killed", o.steps);
    sweep(&base, FAULT_TEAR, "killed in a write", o.steps);
    sweep(&base, FAULT_FULL, "disk full", o.steps);
    test_room_again(&base, o.steps);
    world_close(&base);
    return tap_done();
}
