/* SPDX-License-Identifier: Apache-2.0 */
/* Readers in a process of their own: what they read, their errors, and what they cannot do. */
#include "office/sandboxed.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err_words.h"
#include "office/doctext_wire.h"
#include "os/err_frame.h"
#include "tap.h"

static struct arena arena = ARENA_INIT(1 << 20);
static struct err err;

static void test_workbook(void)
{
    struct workbook_limits limits = workbook_default_limits;
    struct workbook *t = NULL;

    is_int(sandboxed_workbook(&arena, SLICE("Họ tên,Điện thoại\nLê Văn Đông,\"02\n3\"\n"), &limits,
                              true, &t, &err),
           0, "a table is read");
    is_int(t->sheet_count, 1, "its sheet");
    is_slice(cell_text(row_cell(&t->sheets[0].rows[1], 1)), SLICE("Lê Văn Đông"), "its cells");
    limits.max_rows = 1;
    err = ERR_INIT;
    is_int(sandboxed_workbook(&arena, SLICE("a\nb\nc\n"), &limits, true, &t, &err), -CE_TOO_BIG,
           "limits hold there, too");
    is_int(err.line, 2, "%s: in the reader's words, with the place", err_words(&err));
}

static void test_doctext(void)
{
    struct doctext_limits limits = doctext_default_limits;
    struct doctext *d = NULL, *again = NULL;
    struct buf wire = BUF_INIT(1000);

    is_int(sandboxed_doctext(&arena, SLICE("Kính gửi: Sở\n\n1. Trực 24/24\n"), &limits, true, &d,
                             &err),
           0, "a letter is read");
    is_int(d->count, 2, "its paragraphs");
    is_slice(d->paras[1].text, SLICE("1. Trực 24/24"), "their text");
    is_int(d->paras[1].number, 3, "their lines");
    err = ERR_INIT;
    is_int(sandboxed_doctext(&arena, SLICE("\x89PNG\r\n\x1a\n"), &limits, true, &d, &err),
           doctext_read(&arena, SLICE("\x89PNG\r\n\x1a\n"), &limits, &d, &(struct err){.code = 0}),
           "%s: an error comes back", err_words(&err));
    ok(err.id != 0, "as the sentence that it was");

    doctext_encode(&wire, d);
    for (size_t n = 0; n < wire.len; n++)
        if (doctext_decode(slice_of(wire.p, n), &limits, &arena, &again) == 0)
            ok(false, "%zu of %zu bytes are a document", n, wire.len);
    is_int(doctext_decode(buf_slice(&wire), &limits, &arena, &again), 0, "whole it is one");
    limits.max_paras = 1;
    is_int(doctext_decode(buf_slice(&wire), &limits, &arena, &again), -CE_PEER, "within limits");
    buf_done(&wire);
}

/* Seconds that no nanoseconds can count. */
static void test_err_time(void)
{
    static const int64_t far[] = {INT64_MAX / 1000000000, INT64_MAX / 1000000000 + 1,
                                  INT64_MIN / 1000000000, INT64_MIN / 1000000000 - 1};
    struct err told;

    for (size_t i = 0; i < CANH_LEN(far); i++) {
        struct buf wire = BUF_INIT(1000);
        struct frame_reader f;

        (void)err_fail(&err, CE_RANGE, ERR_BASE_TEXT, ERR_TIME(far[i], 0));
        frame_put_err(&wire, &err);
        f = frame_reader(buf_slice(&wire));
        frame_get_err(&f, &told);
        is_int(f.bad, i % 2, "%lld seconds: %s", (long long)far[i], err_words(&told));
        buf_done(&wire);
    }
}

static void test_err(void)
{
    struct buf wire = BUF_INIT(1000);
    struct err inner = ERR_INIT, told;
    unsigned bad = 0;

    (void)err_fail(&inner, CE_TOO_BIG, ERR_BASE_FILE_TOO_BIG, "tệp", 7);
    (void)err_fail_at(&err, CE_SYNTAX, 4, 9, ERR_BASE_BOTH, "ở đây", &inner);
    frame_put_err(&wire, &err);
    for (size_t i = 0; i < wire.len; i++) {
        struct frame_reader f = frame_reader(buf_slice(&wire));
        uint8_t was = wire.p[i];

        wire.p[i] ^= 0xFF;
        frame_get_err(&f, &told);
        bad += f.bad;
        (void)err_words(&told); /* never out of bounds */
        wire.p[i] = was;
    }
    ok(bad > 20, "%u of %zu changed bytes are noticed, none is followed", bad, wire.len);
    {
        struct frame_reader f = frame_reader(buf_slice(&wire));
        struct buf a = BUF_INIT(400);

        frame_get_err(&f, &told);
        buf_puts(&a, err_words(&err));
        ok(!f.bad && strcmp(buf_cstr(&a), err_words(&told)) == 0, "%s: the same sentence",
           buf_cstr(&a));
        buf_done(&a);
    }
    buf_done(&wire);
}

/* One letter for each thing that it could do. */
static int misbehave(void *user, struct buf *out, struct err *e)
{
    (void)user;
    (void)e;
    if (open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0)
        buf_putc(out, 'r');
    if (open("/tmp/canh-apart", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0)
        buf_putc(out, 'w');
    if (socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0)
        buf_putc(out, 'n');
    if (fork() >= 0)
        buf_putc(out, 'f');
    if (kill(getppid(), 0) == 0)
        buf_putc(out, 'k');
    if (write(5, "x", 1) == 1)
        buf_putc(out, 'd');
    return 0;
}

/* As many bytes as are asked for. */
static int fill(void *user, struct buf *out, struct err *e)
{
    (void)e;
    for (unsigned n = *(const unsigned *)user; n > 0; n--)
        buf_putc(out, 'x');
    return 0;
}

static int crash(void *user, struct buf *out, struct err *e)
{
    (void)user;
    (void)out;
    (void)e;
    __builtin_trap();
}

int main(void)
{
    struct buf out = BUF_INIT(100);
    unsigned n = 100;

    test_workbook();
    test_doctext();
    test_err();
    test_err_time();
    if (sandboxed_run(misbehave, NULL, false, &out, &err) == -CE_UNKNOWN)
        tap_skip("no sandbox on this system");
    else
        is_slice(buf_slice(&out), SLICE(""), "it may do nothing of what is tried");
    buf_clear(&out);
    is_int(sandboxed_run(fill, &n, true, &out, &err), 0, "as much as there is room for");
    is_int((int64_t)out.len, 100, "comes whole");
    buf_clear(&out);
    n = 101;
    is_int(sandboxed_run(fill, &n, true, &out, &err), -CE_TOO_BIG,
           "one byte more is not cut silently");
    is_int(sandboxed_run(crash, NULL, true, &out, &err), -CE_CORRUPT, "one that dies");
    ok(err.id != 0, "%s: is told", err_words(&err));
    buf_done(&out);
    arena_done(&arena);
    return tap_done();
}
