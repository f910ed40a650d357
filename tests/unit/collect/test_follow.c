/* SPDX-License-Identifier: Apache-2.0 */
/* Following a file through what log rotation does to it, watched and unwatched. */
#define _GNU_SOURCE
#include "collect/follow.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "err_words.h"
#include "follow_kit.h"

static void test_watched(void)
{
    struct follow f;

    clean();
    append("old\n");
    open_follow(&f, false);
    is_str(read_all(&f), "", "what was there before is left");
    append("one\r\ntwo\nhal");
    is_str(read_all(&f), "one two ", "whole lines, without their ends");
    append("f\n");
    is_str(read_all(&f), "half ", "the rest of a line");
    rename_away(".1");
    append("three\n");
    is_str(read_all(&f), "three ", "renamed: the new file");
    append("four\n");
    copy_and_truncate(".2");
    append("five\n");
    is_str(read_all(&f), "four five ", "copied and truncated: the copy's rest, then the new lines");
    is_int(f.lost, 0, "nothing is lost");
    if (truncate(path, 0) < 0)
        abort();
    append("six\n");
    (void)read_all(&f);
    is_str(buf_cstr(&got), "six ", "truncated without a copy: begins anew");
    follow_done(&f);
}

/* Nobody looks meanwhile; every line must still come, once and in order. */
static void test_unwatched(void)
{
    struct follow f;

    clean();
    append("a\n");
    open_follow(&f, true);
    is_str(read_all(&f), "a ", "from the beginning, when asked");
    follow_done(&f);

    append("b\n");
    rename_away(".1");
    append("c\n");
    is_str(read_again(), "b c ", "renamed");

    append("d\n");
    copy_and_truncate(".2");
    append("e\n");
    is_str(read_again(), "d e ", "copied and truncated");

    append("f\n");
    copy_and_truncate(".3");
    wait_a_tick();
    append("g\n");
    rename_away(".9");
    wait_a_tick();
    append("h\n");
    is_str(read_again(), "f g h ", "copied, truncated, then renamed");
    is_str(read_again(), "", "and not twice");
}

/* A program that ended in the middle of a line writes no more of it. */
static void test_unended(void)
{
    struct follow f;

    clean();
    append("one\ntw");
    open_follow(&f, true);
    is_str(read_all(&f), "one ", "a line that has no end is waited for");
    rename_away(".1");
    append("three\n");
    is_str(read_all(&f), "tw three ", "until its file was rotated away");
    is_int(f.lost, 0, "nothing is lost");
    follow_done(&f);
}

/* Copies that begin alike, as far as a cursor knows: the one made last is gone on in. */
static void test_alike(void)
{
    char same[LINE_BYTES / 2];
    struct follow f;

    clean();
    memset(same, 'x', sizeof(same) - 2);
    same[sizeof(same) - 2] = '\n';
    same[sizeof(same) - 1] = 0;
    append(same);
    append("1\n");
    open_follow(&f, true);
    (void)read_all(&f);
    follow_done(&f);
    append("late\n");
    copy_and_truncate(".1");
    wait_a_tick();
    is_str(read_again(), "late ", "the rest of a copy");
    append(same);
    append("2\n");
    (void)read_again();
    ok(slice_ends(buf_slice(&got), SLICE("x 2 ")), "a new content is read");
    append("3\n");
    copy_and_truncate(".2");
    append("4\n");
    is_str(read_again(), "3 4 ", "the later of two copies");

    clean();
    append(same);
    open_follow(&f, true);
    (void)read_all(&f);
    follow_done(&f);
    append("5\n");
    copy_and_truncate(".1");
    pack(name(".1"));
    wait_a_tick();
    append(same);
    append("6\n");
    copy_and_truncate(".2");
    pack(name(".2"));
    append("7\n");
    is_str(read_again(), "6 7 ", "and of two that are packed");
    (void)unlink(name(".2.gz"));
}

static void test_gone(void)
{
    struct follow f;

    clean();
    append("a\nb\n");
    open_follow(&f, true);
    (void)read_all(&f);
    follow_done(&f);
    append("c\n");
    if (unlink(path) < 0)
        abort();
    append("d\n");
    open_follow(&f, false);
    is_str(read_all(&f), "d ", "deleted and made anew: the new lines");
    is_int(f.lost, 1, "and that something is lost is told");
    follow_done(&f);
}

/* With its folder, once all of it was read: the one that comes again is another one. */
static void test_forgotten(void)
{
    struct follow f;

    clean();
    append("a\nlast");
    open_follow(&f, true);
    is_str(read_all(&f), "a ", "a line that may go on is not there yet");
    if (unlink(path) < 0)
        abort();
    is_int(follow_forget(&f, time_now()), -CE_BUSY, "its last line comes first");
    is_str(read_all(&f), "last ", "then it does");
    is_int(follow_forget(&f, time_now()), 1, "and all of it was read");
    is_str(read_all(&f), "", "nothing is there");
    is_int(follow_forget(&f, time_now()), 0, "there is nothing to forget");
    follow_done(&f);
    append("b\n");
    is_str(read_again(), "b ", "the one that comes is all new, and none was lost");
}

/* Not all lines of a poll are taken at once: the others wait, whatever becomes of the file. */
static void test_slow(void)
{
    struct follow f;
    struct follow_line line;

    clean();
    append("one\ntwo\nthree\n");
    open_follow(&f, true);
    ok(follow_poll(&f, &err) == 1 && follow_next(&f, &line), "a line is taken");
    rename_away(".1");
    append("four\n");
    for (unsigned i = 0; i < POLLS; i++)
        (void)!follow_poll(&f, &err);
    is_str(read_all(&f), "two three four ", "the others are still there");
    follow_done(&f);
}

/* Came and went between two looks. */
static void test_unseen(void)
{
    struct follow f;

    clean();
    append("before\n");
    rename_away(".9");
    wait_a_tick();
    since = time_now();
    wait_a_tick();
    open_follow(&f, false);
    is_str(read_all(&f), "", "nothing is there yet");
    append("one\n");
    rename_away(".2");
    wait_a_tick();
    append("two\n");
    rename_away(".1");
    wait_a_tick();
    is_str(read_all(&f), "one two ", "rotated away unseen: read, the oldest first");
    append("three\n");
    is_str(read_all(&f), "three ", "then the file itself");
    follow_done(&f);
    clean();
    open_follow(&f, false);
    is_str(read_all(&f), "", "nothing is there");
    follow_done(&f);
    append("four\n");
    rename_away(".1.gz");
    append("five\n");
    open_follow(&f, false);
    is_str(read_all(&f), "five ", "a packed one is not read");
    is_int(f.lost, 1, "which counts as a loss");
    follow_done(&f);
    since = 0;
}

/* A log that is empty has been read to its end. */
static void test_found_end(void)
{
    struct follow f;

    clean();
    append("");
    open_follow(&f, true);
    is_str(read_all(&f), "", "nothing yet");
    ok(f.found_end, "and what comes now is new");
    follow_done(&f);
}

static void test_cursors(void)
{
    static const char *const bad[] = {"",
                                      "1",
                                      "2 1 1 1 1 1 1",
                                      "2 1 1 1 1 1 1 x",
                                      "3 1 1 1 1 1 1 1",
                                      "1 x y 1 1 1 1",
                                      "1 1 1 1 1 1025 1",
                                      "1 1 1 1 18446744073709551615 1 1",
                                      "1 1 1 1 1 1 1 1"};
    struct follow_cursor c;

    for (size_t i = 0; i < CANH_LEN(bad); i++)
        is_int(follow_cursor_read(slice_str(bad[i]), &c), -CE_SYNTAX, "refused: '%s'", bad[i]);
    is_int(follow_cursor_read(SLICE("2 fe 7 2 99 1024 abc 17"), &c), 0, "a cursor");
    is_int(c.written, 17, "when the log was written");
    is_int(follow_cursor_read(SLICE("1 fe 7 2 99 1024 abc"), &c), 0, "one of an older canh");
    ok(c.dev == 0xfe && c.ino == 7 && c.generation == 2 && c.offset == 99 && c.head_n == 1024 &&
           c.head == 0xabc,
       "its parts");
}

int main(void)
{
    kit_begin();
    test_watched();
    test_unwatched();
    test_unended();
    test_alike();
    test_gone();
    test_forgotten();
    test_unseen();
    test_slow();
    test_found_end();
    test_cursors();
    return kit_done();
}
