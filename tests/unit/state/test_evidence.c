/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Evidence files by content, proofs, and the bulk reader. */
#include "state/evidence.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "rows.h"
#include "state/store.h"

static struct rows rows;

/* An open file with this content, already without a name. */
static int file_with(struct world *w, const void *p, size_t n)
{
    char path[128];
    int fd;

    (void)snprintf(path, sizeof(path), "%s/given", w->dir);
    fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || (n && write(fd, p, n) != (ssize_t)n))
        abort();
    (void)unlink(path);
    return fd;
}

static int add(struct world *w, const struct state_actor *a, const char *content, const char *name,
               struct state_evidence *x, struct err *err)
{
    CANH_CLEANUP(fd_closep) int fd = file_with(w, content, strlen(content));

    *x = (struct state_evidence){.unit = w->commune_a,
                                 .kind = SLICE("minutes"),
                                 .method = STATE_EXAMINE,
                                 .strength = STATE_DECLARED};
    return state_evidence_add(w->s, a, fd, slice_str(name), x, err);
}

static void evidence_path(struct world *w, struct state_id id, char to[STORE_PATH])
{
    struct state_evidence x;
    struct err err = ERR_INIT;

    must(state_evidence_get(w->s, &w->local, id, &w->arena, &x, &err), &err, "get");
    store_path(state_dir(w->s), x.sha256.p, to);
}

static void test_files(void)
{
    struct world w;
    struct state_actor duty, stranger;
    struct state_evidence x, y;
    struct state_evidence_check rep;
    struct buf content = BUF_INIT(1000);
    char path[STORE_PATH];
    struct stat st;
    struct err err = ERR_INIT;
    int fd = -1;

    world_open(&w);
    duty = actor(w.person_a, w.commune_a, STATE_DUTY);
    stranger = actor(w.person_b, w.commune_b, STATE_DUTY);
    is_int(add(&w, &duty, "biên bản số 1\n", "../../../tmp/evil\n.txt", &x, &err), 0,
           "a file is added");
    is_int(state_evidence_get(w.s, &duty, x.id, &w.arena, &y, &err), 0, "its row");
    is_slice(y.name, SLICE("evil_.txt"), "its name is only a text");
    is_slice(y.type, SLICE("text/plain"), "its type is what it is");
    is_int(y.size, 19, "with its size");
    evidence_path(&w, x.id, path);
    ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600, "it lies under its hash");
    is_int(state_evidence_open(w.s, &duty, x.id, &fd, &err), 0, "it opens");
    is_int(file_read_fd(fd, "x", &content, &err), 0, "from its start");
    is_slice(buf_slice(&content), SLICE("biên bản số 1\n"), "with its content");
    fd_closep(&fd);
    is_int(state_evidence_open(w.s, &stranger, x.id, &fd, &err), -CE_DENIED, "not for strangers");
    is_int(add(&w, &stranger, "khác\n", "a.txt", &y, &err), -CE_DENIED, "who cannot add either");
    is_int(add(&w, &duty, "biên bản số 1\n", "copy.txt", &y, &err), 0, "the same content again");
    is_int(state_evidence_verify(w.s, false, &rep, &err), 0, "all files are as stored");
    ok(rep.files == 1 && rep.orphans == 0, "one file for two rows, nothing left over");
    y.version = 1;
    y.text = SLICE("sửa");
    is_int(state_evidence_put(w.s, &duty, &y, &err), -CE_DENIED, "evidence is not edited");
    buf_done(&content);
    world_close(&w);
}

static void test_refused(void)
{
    struct world w;
    struct state_options small;
    struct state_actor duty;
    struct state_evidence x;
    struct state_evidence_check rep;
    struct err err = ERR_INIT;
    int pipes[2], dir;

    world_open(&w);
    duty = actor(w.person_a, w.commune_a, STATE_DUTY);
    is_int(add(&w, &duty, "MZ\x90", "a.pdf", &x, &err), -CE_DENIED, "a program called .pdf");
    is_int(add(&w, &duty, "", "empty.txt", &x, &err), -CE_DENIED, "an empty file");
    is_int(add(&w, &duty, "UBND TỈNH\nMẬT\nSố: 1\n", "cv.txt", &x, &err), -CE_DENIED,
           "a classified text");
    x = (struct state_evidence){.unit = w.commune_a,
                                .kind = SLICE("k"),
                                .method = STATE_TEST,
                                .strength = STATE_DECLARED};
    if (pipe(pipes) < 0)
        abort();
    is_int(state_evidence_add(w.s, &duty, pipes[0], SLICE("p"), &x, &err), -CE_DENIED, "a pipe");
    dir = open(w.dir, O_RDONLY | O_DIRECTORY);
    is_int(state_evidence_add(w.s, &duty, dir, SLICE("p"), &x, &err), -CE_DENIED, "a folder");
    fd_closep(&pipes[0]);
    fd_closep(&pipes[1]);
    fd_closep(&dir);
    is_int(state_evidence_verify(w.s, false, &rep, &err), 0, "verify");
    ok(rep.files == 0 && rep.orphans == 0, "nothing of them was kept");

    small = (struct state_options){.dir = w.dir,
                                   .mode = STATE_WRITE,
                                   .clock = world_clock,
                                   .clock_user = &w,
                                   .evidence_max = 10};
    w.s = state_free(w.s);
    must(state_open(&w.s, &small, &err), &err, "open");
    is_int(add(&w, &duty, "dài hơn mười byte\n", "a.txt", &x, &err), -CE_TOO_BIG, "too large");
    is_int(add(&w, &duty, "ngắn\n", "a.txt", &x, &err), 0, "short enough");
    world_close(&w);
}

static void test_strength(void)
{
    struct world w;
    struct state_actor duty, head, sys = state_actor_system();
    struct state_evidence x = {.kind = SLICE("k"), .method = STATE_TEST};
    struct err err = ERR_INIT;

    world_open(&w);
    duty = actor(w.person_a, w.commune_a, STATE_DUTY);
    head = actor(w.person_a2, w.commune_a, STATE_HEAD);
    x.unit = w.commune_a;
    x.strength = STATE_MEASURED;
    is_int(state_evidence_put(w.s, &duty, &x, &err), -CE_DENIED, "a person does not measure");
    is_int(state_evidence_put(w.s, &head, &x, &err), -CE_DENIED, "whoever it is");
    is_int(state_evidence_put(w.s, &sys, &x, &err), 0, "a machine does");
    x.version = 0;
    x.id = STATE_ID_NONE;
    x.strength = STATE_CONFIRMED;
    is_int(state_evidence_put(w.s, &duty, &x, &err), -CE_DENIED, "an officer declares");
    x.signer = w.person_a2;
    is_int(state_evidence_put(w.s, &head, &x, &err), -CE_DENIED, "and so does their head");
    is_int(state_evidence_put(w.s, &w.local, &x, &err), -CE_DENIED, "whoever enters it");
    x.signer = STATE_ID_NONE;
    is_int(state_evidence_put(w.s, &w.local, &x, &err), -CE_MISSING, "or names nobody");
    x.strength = STATE_DECLARED;
    x.version = 0;
    x.id = STATE_ID_NONE;
    x.collected = T0 + TIME_DAY;
    is_int(state_evidence_put(w.s, &head, &x, &err), -CE_RANGE, "nothing comes from the future");
    x.collected = T0;
    x.marking = SLICE("secret");
    is_int(state_evidence_put(w.s, &head, &x, &err), -CE_UNKNOWN, "an unknown marking");
    x.marking = SLICE("red");
    x.name = SLICE("a.pdf");
    is_int(state_evidence_put(w.s, &head, &x, &err), -CE_DENIED, "a file is not claimed by name");
    world_close(&w);
}

static void test_damage(void)
{
    struct world w;
    struct state_actor duty;
    struct state_evidence x;
    struct state_evidence_check rep;
    char path[STORE_PATH];
    struct err err = ERR_INIT;
    int fd = -1;

    world_open(&w);
    duty = actor(w.person_a, w.commune_a, STATE_DUTY);
    must(add(&w, &duty, "bằng chứng\n", "a.txt", &x, &err), &err, "add");
    evidence_path(&w, x.id, path);
    fd = open(path, O_WRONLY | O_APPEND);
    ok(write(fd, "x", 1) == 1, "somebody changes the file");
    fd_closep(&fd);
    is_int(state_evidence_open(w.s, &duty, x.id, &fd, &err), -CE_CORRUPT, "it does not open");
    is_int(state_evidence_verify(w.s, false, &rep, &err), -CE_CORRUPT, "verify says so");
    is_int(rep.damaged, 1, "one damaged");
    (void)unlink(path);
    is_int(state_evidence_verify(w.s, false, &rep, &err), -CE_CORRUPT, "verify says so");
    is_int(rep.missing, 1, "one missing");
    world_close(&w);
}

/* Puts a link to `target` in the place of a file or folder, which keeps its content beside it. */
static void put_link(const char *path, const char *target)
{
    char aside[4 * STORE_PATH];

    (void)snprintf(aside, sizeof(aside), "%s.away", path);
    if (rename(path, aside) < 0 || symlink(target ? target : aside, path) < 0)
        abort();
}

static void take_link(const char *path)
{
    char aside[4 * STORE_PATH];

    (void)snprintf(aside, sizeof(aside), "%s.away", path);
    if (unlink(path) < 0 || rename(aside, path) < 0)
        abort();
}

/* Whatever in the store is a link: nothing is read or written through it, and nothing goes. */
static void test_links(void)
{
    static const char text[] = "bằng chứng\n";
    struct state_evidence_check rep;
    struct state_evidence x, y;
    struct state_actor duty;
    struct world w;
    char path[3][STORE_PATH];
    struct err err = ERR_INIT;
    int fd = -1;

    world_open(&w);
    duty = actor(w.person_a, w.commune_a, STATE_DUTY);
    must(add(&w, &duty, text, "a.txt", &x, &err), &err, "add");
    for (int i = 0; i < 3; i++) { /* the file, its folder, the store */
        evidence_path(&w, x.id, path[i]);
        for (int up = 0; up < i; up++)
            *strrchr(path[i], '/') = 0;
        put_link(path[i], NULL);
        is_int(state_evidence_open(w.s, &duty, x.id, &fd, &err), -CE_DENIED, "%d: not read", i);
        is_int(add(&w, &duty, text, "b.txt", &y, &err), -CE_DENIED, "%d: nor written", i);
        ok(state_evidence_verify(w.s, true, &rep, &err) < 0, "%d: verify says so", i);
        take_link(path[i]);
        is_int(state_evidence_open(w.s, &duty, x.id, &fd, &err), 0, "%d: put back, it is read", i);
        fd_closep(&fd);
    }
    is_int(state_evidence_verify(w.s, true, &rep, &err), 0, "nothing of it has gone");
    world_close(&w);
}

static void test_orphans(void)
{
    struct world w;
    struct state_evidence_check rep;
    struct store_file f;
    struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    char path[STORE_PATH];
    struct err err = ERR_INIT;
    int fd;

    world_open(&w);
    fd = file_with(&w, "mồ côi\n", 10);
    is_int(store_add(state_dir(w.s), fd, 1000, &f, &err), 0, "a file whose row never came");
    fd_closep(&fd);
    is_int(state_evidence_verify(w.s, true, &rep, &err), 0, "verify");
    is_int(rep.orphans, 1, "it is counted");
    store_path(state_dir(w.s), f.sha256, path);
    ok(access(path, F_OK) == 0, "and kept: its writer may still be at work");
    (void)utimensat(AT_FDCWD, path, old, 0);
    is_int(state_evidence_verify(w.s, true, &rep, &err), 0, "an hour later");
    ok(access(path, F_OK) < 0, "it goes");
    world_close(&w);
}

/* What root adds to somebody's state is theirs: the node runs as that user. */
static void test_owner(void)
{
    enum { NODE = 65534 };
    struct world w;
    struct store_file f;
    struct stat st;
    char path[STORE_PATH];
    struct err err = ERR_INIT;
    int fd;

    if (geteuid() != 0) {
        tap_skip("only root adds to a state of somebody else");
        return;
    }
    world_open(&w);
    if (chown(state_dir(w.s), NODE, NODE) < 0)
        abort();
    fd = file_with(&w, "của nút\n", 11);
    is_int(store_add(state_dir(w.s), fd, 1000, &f, &err), 0, "root adds a file");
    fd_closep(&fd);
    store_path(state_dir(w.s), f.sha256, path);
    for (int i = 0; i < 3; i++) {
        ok(lstat(path, &st) == 0 && st.st_uid == NODE && st.st_gid == NODE, "%s is the node's",
           path);
        *strrchr(path, '/') = 0;
    }
    if (chown(state_dir(w.s), 0, 0) < 0)
        abort();
    world_close(&w);
}

struct seen {
    size_t n;
    struct state_id unit, obligation;
    int64_t start;
    bool sorted;
};

static int see(void *u, const struct state_proof *x)
{
    struct seen *s = u;
    int c = id_cmp(s->unit, x->unit);

    if (c == 0)
        c = id_cmp(s->obligation, x->obligation);
    s->sorted = s->sorted && (s->n == 0 || c < 0 || (c == 0 && s->start <= x->start));
    s->unit = x->unit;
    s->obligation = x->obligation;
    s->start = x->start;
    s->n++;
    return 0;
}

static void test_proofs(void)
{
    struct world w;
    struct state_actor sys = state_actor_system(), b;
    struct state_proof *one = rows_at(&rows, E_PROOF), x;
    struct seen seen = {.sorted = true};
    struct err err = ERR_INIT;

    world_open(&w);
    rows_fill(&w, &rows);
    is_int(one->collected, T0, "a proof has its evidence's time");
    is_int(one->strength, STATE_DECLARED, "and its strength");
    for (int i = 1; i <= 9; i++) {
        x = (struct state_proof){.unit = i % 2 ? w.commune_b : w.commune_a,
                                 .obligation = one->obligation,
                                 .evidence = one->evidence,
                                 .start = T0 + i * TIME_DAY,
                                 .stop = T0 + (i + 1) * TIME_DAY,
                                 .verdict = STATE_SHOWS_MET,
                                 .strength = STATE_MEASURED};
        must(state_proof_put(w.s, &sys, &x, &err), &err, "proof");
        is_int(x.strength, STATE_DECLARED, "whatever was claimed");
    }
    is_int(state_proof_scan(w.s, &sys, T0, T0 + 100 * TIME_DAY, see, &seen, &err), 0, "a scan");
    is_int(seen.n, 10, "sees all");
    ok(seen.sorted, "by unit, obligation, start");
    b = actor(w.person_b, w.commune_b, STATE_DUTY);
    seen = (struct seen){.sorted = true};
    is_int(state_proof_scan(w.s, &b, T0, T0 + 100 * TIME_DAY, see, &seen, &err), 0,
           "commune B scans");
    is_int(seen.n, 5, "its own");
    seen = (struct seen){.sorted = true};
    is_int(state_proof_of(w.s, &b, one->obligation, w.commune_b, T0 + 3 * TIME_DAY,
                          T0 + 4 * TIME_DAY, see, &seen, &err),
           0, "one day of one obligation");
    is_int(seen.n, 1, "is one");
    is_int(state_proof_of(w.s, &b, one->obligation, w.commune_a, T0, T0 + TIME_DAY, see, &seen,
                          &err),
           -CE_DENIED, "of another unit: none");
    world_close(&w);
}

int main(void)
{
    test_files();
    test_refused();
    test_strength();
    test_damage();
    test_links();
    test_orphans();
    test_owner();
    test_proofs();
    return tap_done();
}
