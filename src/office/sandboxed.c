/* SPDX-License-Identifier: Apache-2.0 */
#include "office/sandboxed.h"

#include <signal.h>

#include "base/file.h"
#include "base/time.h"
#include "lang/err_office.h"
#include "office/doctext_wire.h"
#include "office/paper.h"
#include "office/workbook_wire.h"
#include "os/child.h"
#include "os/err_frame.h"

enum { MADE, FAILED, SIGNALS = 128, ANSWER_MAX = 1 << 30 };

struct job {
    sandboxed_work *work;
    void *user;
};

static int sandboxed_child(void *user, int fd)
{
    const struct job *j = user;
    struct buf out = BUF_INIT(ANSWER_MAX);
    struct err err = ERR_INIT;
    int r;

    frame_put_u8(&out, MADE);
    r = j->work(j->user, &out, &err);
    if (r == 0 && out.err)
        r = err_code(&err, out.err);
    if (r < 0) {
        buf_done(&out);
        out = BUF_INIT(ANSWER_MAX);
        frame_put_u8(&out, FAILED);
        frame_put_err(&out, err.code ? &err : &(struct err){.code = -r});
    }
    return file_write_fd(fd, "answer", buf_slice(&out), &err) < 0;
}

/* What stands in the child's answer. */
static int sandboxed_answer(struct slice s, struct slice *ret, struct err *err)
{
    struct frame_reader f = frame_reader(s);
    uint8_t fate = frame_get_u8(&f);

    if (!f.bad && fate == MADE) {
        *ret = f.rest;
        return 0;
    }
    if (!f.bad && fate == FAILED) {
        struct err told;

        frame_get_err(&f, &told);
        if (err != NULL)
            *err = told;
        return -told.code;
    }
    return err_code(err, CE_PEER);
}

/* Runs it and borrows what it made from `all`. */
static int run(struct job *j, bool degrade, struct buf *all, struct slice *ret, struct err *err)
{
    struct sandbox_rules rules = {.read = paper_fonts, .degrade = degrade};
    struct child c = {.call = sandboxed_child,
                      .user = j,
                      .in = -1,
                      .timeout = SANDBOXED_WAIT_SECONDS * TIME_SECOND,
                      .hostile = true,
                      .memory = (uint64_t)SANDBOXED_MEMORY_MIB << 20,
                      .cpu = SANDBOXED_SECONDS};
    struct sandbox *s = NULL;
    int status = 0, r = sandbox_new(&rules, &s, err);

    if (r < 0)
        return r;
    c.sandbox = s;
    r = child_run(&c, all, &status, err);
    (void)sandbox_free(s);
    if (r == 0 && all->err)
        r = err_code(err, all->err);
    if (r == 0 && status == SIGNALS + SIGXCPU)
        r = err_fail(err, CE_BUSY, ERR_BASE_PROGRAM_LATE, "canh");
    if (r == 0 && status != 0)
        r = err_fail(err, CE_CORRUPT, ERR_OFFICE_READER_ENDED,
                     status > SIGNALS ? status - SIGNALS : 0);
    return r < 0 ? r : sandboxed_answer(buf_slice(all), ret, err);
}

int sandboxed_run(sandboxed_work *what, void *user, bool degrade, struct buf *out, struct err *err)
{
    struct job j = {what, user};
    struct buf all = BUF_INIT(out->max + 2); /* its fate, and one byte that shows that it is cut */
    struct slice made;
    int r = run(&j, degrade, &all, &made, err);

    if (r == 0) {
        buf_append_slice(out, made);
        r = out->err ? err_code(err, out->err) : 0;
    }
    buf_done(&all);
    return r;
}

struct read_job {
    struct slice bytes;
    const void *limits;
};

static int read_workbook(void *user, struct buf *out, struct err *err)
{
    const struct read_job *j = user;
    struct arena arena = ARENA_INIT(WORKBOOK_ARENA_MAX);
    struct workbook *t = NULL;
    int r = workbook_read(&arena, j->bytes, j->limits, &t, err);

    if (r == 0)
        workbook_encode(out, t);
    arena_done(&arena);
    return r;
}

static int read_doctext(void *user, struct buf *out, struct err *err)
{
    const struct read_job *j = user;
    struct arena arena = ARENA_INIT(DOCTEXT_ARENA_MAX);
    struct doctext *d = NULL;
    int r = doctext_read(&arena, j->bytes, j->limits, &d, err);

    if (r == 0)
        doctext_encode(out, d);
    arena_done(&arena);
    return r;
}

/* What a reader made, in the arena; texts borrow from it. */
static int read_sandboxed(sandboxed_work *reader, struct read_job *q, bool degrade,
                          struct arena *arena, struct slice *ret, struct err *err)
{
    struct job j = {reader, q};
    struct buf all = BUF_INIT(ANSWER_MAX);
    int r = run(&j, degrade, &all, ret, err);

    if (r == 0) {
        *ret = arena_dup(arena, *ret);
        r = ret->p == NULL ? err_nomem(err) : 0;
    }
    buf_done(&all);
    return r;
}

int sandboxed_workbook(struct arena *arena, struct slice bytes,
                       const struct workbook_limits *limits, bool degrade, struct workbook **ret,
                       struct err *err)
{
    struct read_job q = {bytes, limits};
    struct slice made;
    int r = read_sandboxed(read_workbook, &q, degrade, arena, &made, err);

    if (r < 0)
        return r;
    r = workbook_decode(made, limits, arena, ret);
    return r < 0 ? err_code(err, r) : 0;
}

int sandboxed_doctext(struct arena *arena, struct slice bytes, const struct doctext_limits *limits,
                      bool degrade, struct doctext **ret, struct err *err)
{
    struct read_job q = {bytes, limits};
    struct slice made;
    int r = read_sandboxed(read_doctext, &q, degrade, arena, &made, err);

    if (r < 0)
        return r;
    r = doctext_decode(made, limits, arena, ret);
    return r < 0 ? err_code(err, r) : 0;
}
