/* SPDX-License-Identifier: Apache-2.0 */
/* Records of a followed file: of several lines, behind the names of their columns, in UTF-16. */
#define _GNU_SOURCE
#include "collect/follow.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "follow_kit.h"

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

int main(void)
{
    kit_begin();
    test_several_lines();
    test_parts();
    test_audit();
    test_documents();
    test_endless();
    test_columns();
    test_quoted();
    test_columns_far();
    test_utf16();
    return kit_done();
}
