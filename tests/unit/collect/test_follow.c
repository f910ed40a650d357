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

/* What is there after nothing more has come for a while. */
static const char *read_all_settled(struct follow *f)
{
    struct buf first = BUF_INIT(1 << 20);

    (void)read_all(f);
    buf_append_slice(&first, buf_slice(&got));
    (void)usleep(FOLLOW_WAIT / 1000 + 20000);
    (void)read_all(f);
    buf_append_slice(&first, buf_slice(&got));
    buf_clear(&got);
    buf_append_slice(&got, buf_slice(&first));
    buf_done(&first);
    return buf_cstr(&got);
}

#define TRACE "2026-11-12 08:00:01,123 ERROR [main] a.B - x"

static void test_several_lines(void)
{
    struct follow f;

    clean();
    open_follow(&f, true);
    append(TRACE "\n\tat a.B.c(B.java:1)\nCaused by: y\n\t... 3 more\n");
    is_str(read_all(&f), "", "a record that may go on is waited for");
    append("\t... 4 more\n" TRACE "\n");
    is_str(read_all(&f), TRACE "\n\tat a.B.c(B.java:1)\nCaused by: y\n\t... 3 more\n\t... 4 more ",
           "a trace is one record, once the next begins");
    is_str(read_all_settled(&f), TRACE " ", "or nothing has come for a while");
    append(TRACE "\njava.io.IOException: y\n" TRACE "\nTraceback (most recent call last):\n"
                 "  File x\nValueError\nan error\n");
    is_str(read_all_settled(&f),
           TRACE "\njava.io.IOException: y " TRACE
                 "\nTraceback (most recent call last):\n  File x\nValueError an error ",
           "with what names the error");
    append(TRACE "\n\tat b\n");
    is_str(read_all(&f), "", "another begins");
    follow_done(&f);
    open_follow(&f, false);
    append("\tat c\n");
    is_str(read_all_settled(&f), TRACE "\n\tat b\n\tat c ", "is read whole by who comes next");
    append(TRACE "\n\tat d\n");
    (void)read_all(&f);
    rename_away(".1");
    append(TRACE "\n");
    is_str(read_all_settled(&f), TRACE "\n\tat d ", "rotation ends one");
    is_str(read_all_settled(&f), TRACE " ", "before the new file");
    follow_done(&f);
}

#define PART(STREAM, TAG, TEXT) "2026-10-09T13:45:00.123456789Z " STREAM " " TAG " " TEXT

/* Parts of a container's line, as they come. */
static void test_parts(void)
{
    struct follow f;

    clean();
    open_follow(&f, true);
    append(PART("stdout", "F", "a\n") PART("stdout", "P", "b\n"));
    is_str(read_all(&f), PART("stdout", "F", "a "), "the rest of a part is waited for");
    append(PART("stdout", "F", "c\n"));
    is_str(read_all(&f), PART("stdout", "P", "b\n") PART("stdout", "F", "c "), "and comes with it");
    append(PART("stdout", "P", "d\n") PART("stderr", "F", "e\n"));
    is_str(read_all(&f), PART("stdout", "P", "d ") PART("stderr", "F", "e "),
           "another stream's does not");
    append(PART("stdout", "P", "f\n"));
    is_str(read_all_settled(&f), PART("stdout", "P", "f "), "nor one that does not come");
    follow_done(&f);
}

static void test_audit(void)
{
#define SYSCALL(ID) "type=SYSCALL msg=audit(1794470645.130:" ID "): arch=c000003e"
#define EXECVE(ID)  "type=EXECVE msg=audit(1794470645.130:" ID "): argc=1 a0=\"id\""
    struct follow f;

    clean();
    open_follow(&f, true);
    append(SYSCALL("7") "\n" EXECVE("7") "\n" SYSCALL("8") "\n");
    is_str(read_all_settled(&f), SYSCALL("7") "\n" EXECVE("7") " " SYSCALL("8") " ",
           "records of one serial are one");
    append(SYSCALL("9") "\ntype=EOE msg=audit(1794470645.130:9): \n");
    is_str(read_all(&f),
           SYSCALL("9") "\ntype=EOE msg=audit(1794470645.130:9):  ", "EOE is the last");
    follow_done(&f);
}

static void test_documents(void)
{
    struct follow f;

    clean();
    open_follow(&f, true);
    append("{\n  \"a\": \"}\"\n}\n{\"b\":1}\n{\"c\":\n");
    is_str(read_all_settled(&f),
           "{\n  \"a\": \"}\"\n} {\"b\":1} {\"c\": ", "a document over several lines");
    append("{\"d\":1}\n");
    is_str(read_all(&f), "{\"d\":1} ", "none goes on behind a line that begins one");
    follow_done(&f);
}

/* What never ends is not looked through again for each of its many long lines. */
static void test_endless(void)
{
    enum { LINES = 900, LONG = 4000, LIMIT = 4 << 20 };
    struct follow_line line;
    struct follow f;
    char text[LONG + 5] = "\"";
    size_t longest = 0, all = 0;

    clean();
    append("{\"a\":[\n");
    memset(text + 1, 'x', LONG);
    memcpy(text + 1 + LONG, "\",\n", 4);
    for (unsigned i = 0; i < LINES; i++)
        append(text);
    if (follow_init(&f, path, SLICE_NULL, true, 0, LIMIT, &err) < 0)
        abort();
    for (unsigned i = 0; i < POLLS; i++) {
        (void)!follow_poll(&f, &err);
        for (; follow_next(&f, &line); all += line.text.n + 1)
            longest = CANH_MAX(longest, line.text.n);
    }
    ok(longest > LONG && longest < LIMIT / 4, "a record of many long lines ends early: %zu",
       longest);
    is_int(all, 7 + (size_t)LINES * (LONG + 4), "and every line comes");
    follow_done(&f);
}

/* Each record is read by itself: what names its columns stands before it. */
static void test_columns(void)
{
    struct follow f;

    clean();
    open_follow(&f, true);
    append("#Software: Microsoft Internet Information Services 10.0\r\n#Fields: date time c-ip "
           "cs-uri-stem\r\n" ROW("1") "\r\n");
    is_str(read_all(&f), FIELDS ROW("1") " ", "the names stand before the record");
    append(ROW("2") "\n");
    is_str(read_all(&f), FIELDS ROW("2") " ", "and before the next");
    follow_done(&f);
    append(ROW("3") "\n");
    is_str(read_again(), FIELDS ROW("3") " ", "a process that begins in the middle looks for them");
    append("#Remark: x\n" ROW("4") "\n");
    is_str(read_again(), FIELDS ROW("4") " ", "a remark between the rows leaves them");
    append("#Software: x\n#Fields: date time\n2026-11-12 08:00:04\n");
    is_str(read_again(), "#Fields: date time\n2026-11-12 08:00:04 ", "they change in the middle");
    append("2026-11-12 08:00:05\n");
    is_str(read_again(), "#Fields: date time\n2026-11-12 08:00:05 ", "the last ones hold");
    clean();
    append(FIELDS ROW("1") "\n");
    open_follow(&f, false);
    (void)read_all(&f);
    append(ROW("6") "\n");
    is_str(read_all(&f), FIELDS ROW("6") " ", "first sight, from the end");
    rename_away(".1");
    append("#Fields: date\n2026-11-13\n");
    is_str(read_all(&f), "#Fields: date\n2026-11-13 ", "those of another content are others");
    follow_done(&f);
}

static void test_quoted(void)
{
#define NAMES "\"Id\",\"LevelDisplayName\",\"Message\",\"TimeCreated\"\n"
    struct follow f;

    clean();
    open_follow(&f, true);
    append(NAMES "\"1\",\"x\",\"one\r\ntwo \"\"three\"\"\",\"t\"\n\"2\",\"x\",\"four\n");
    is_str(read_all(&f), NAMES "\"1\",\"x\",\"one\r\ntwo \"\"three\"\"\",\"t\" ",
           "a quoted value over two lines");
    append("five\",\"t\"\n");
    is_str(read_all(&f), NAMES "\"2\",\"x\",\"four\nfive\",\"t\" ", "its rest comes later");
    follow_done(&f);
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

/* Rows far behind the names: the file is too long to be read again. */
static void test_columns_far(void)
{
    struct follow f;

    clean();
    append(FIELDS);
    for (unsigned i = 0; i < 60000; i++)
        append_bytes(SLICE(ROW("1") "\n"));
    open_follow(&f, false);
    (void)read_all(&f);
    append(ROW("7") "\n");
    is_str(read_all(&f), FIELDS ROW("7") " ", "names at the beginning of a long log");
    append("#Fields: time\n08:00:07\n");
    for (unsigned i = 0; i < 2; i++) {
        (void)read_all(&f);
        follow_done(&f);
        open_follow(&f, false);
        append("7\n"); /* behind an odd offset, and behind an even one */
        is_str(read_all(&f), "#Fields: time\n7 ", "and others that came since");
        append("77\n");
    }
    follow_done(&f);
}

static void test_utf16(void)
{
    static const uint8_t le[] = "\xFF\xFE"
                                "a\0b\0\r\0\n\0"
                                "\x5F\x1EX\0=\xD8\x00\xDE\n\0";
    struct follow f;

    clean();
    open_follow(&f, true);
    append_bytes(slice_of(le, 1));
    is_str(read_all(&f), "", "half a mark");
    append_bytes(slice_of(le + 1, 13));
    is_str(read_all(&f), "ab ", "UTF-16");
    append_bytes(slice_of(le + 14, 1));
    is_str(read_all(&f), "", "half a unit");
    append_bytes(slice_of(le + 15, 2));
    follow_done(&f);
    open_follow(&f, false);
    append_bytes(slice_of(le + 17, sizeof(le) - 1 - 17));
    is_str(read_all(&f), "\u1E5FX\U0001F600 ", "a pair in two pieces, for who comes next");
    is_int(f.cursor.offset, sizeof(le) - 1, "offsets are the file's");
    follow_done(&f);
    clean();
    append("\xEF\xBB\xBF"
           "one\n");
    open_follow(&f, true);
    is_str(read_all(&f), "one ", "the mark of UTF-8 is no part of a record");
    is_int(f.cursor.offset, 7, "and counts");
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
    test_several_lines();
    test_parts();
    test_audit();
    test_documents();
    test_endless();
    test_columns();
    test_quoted();
    test_found_end();
    test_columns_far();
    test_utf16();
    test_cursors();
    return kit_done();
}
