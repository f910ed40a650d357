/* SPDX-License-Identifier: Apache-2.0 */
/* What rotation made of a log while nobody looked, packed and not. */
#define _GNU_SOURCE
#include <string.h>

#include "follow_kit.h"

/* A log that was read to its end by a process which is gone. */
static void was_read(const char *line)
{
    struct follow f;

    clean();
    append(line);
    open_follow(&f, true);
    (void)read_all(&f);
    follow_done(&f);
}

/* Rotated and packed while nobody looked, and another one behind it. */
static void test_packed_twice(void)
{
    struct follow f;

    append("g\n");
    rename_away(".2");
    pack(name(".2"));
    wait_a_tick();
    append("unseen\n");
    rename_away(".1");
    pack(name(".1"));
    wait_a_tick();
    append("h\n");
    open_follow(&f, false);
    is_str(read_all(&f), "g unseen h ", "two rotations, both packed");
    is_int(f.lost, 0, "nothing is lost");
    follow_done(&f);
    (void)unlink(name(".2.gz"));
    (void)unlink(name(".1.gz"));
}

/* A command of which $log is the log's path. */
static void shell(const char *command)
{
    char text[2 * PATH_MAX];

    (void)snprintf(text, sizeof(text), "log=%s; %s", path, command);
    if (system(text) != 0)
        abort();
}

static void rotate_packed(const char *line, const char *suffix)
{
    append(line);
    rename_away(suffix);
    pack(name(suffix));
    wait_a_tick();
}

/* Nobody looked for days: what was read last is not there any more, or is the oldest of many. */
static void test_packed_days(void)
{
    struct follow f;

    was_read("a\n");
    append("b\n");
    rotate_packed("b\n", ".4");
    rotate_packed("c\n", ".3");
    rotate_packed("", ".5");
    append("d\n");
    rename_away(".2");
    wait_a_tick();
    rotate_packed("e\n", ".1");
    append("f\n");
    is_str(read_again(), "b b c d e f ", "whole archives between rotated files, in their order");
    is_str(read_again(), "", "and not twice");
    append("g\n");
    is_str(read_again(), "g ", "what comes now");
    rotate_packed("h\n", ".9");
    if (unlink(name(".9.gz")) < 0)
        abort();
    rotate_packed("i\n", ".4");
    shell("echo no archive > $log.xz; touch -d '1 minute ago' $log.xz");
    rotate_packed("j\n", ".3");
    append("k\n");
    open_follow(&f, false);
    is_str(read_all(&f), "i j k ", "those behind one that is gone");
    is_int(f.lost, 1, "which is told");
    follow_done(&f);
}

/* What gzip has begun is read as far as it is there, and waited for. */
static void test_packing(void)
{
    struct follow f;

    was_read("a\n");
    rotate_packed("b\n", ".2");
    (void)usleep(1000000); /* what gzip notes has whole seconds */
    for (unsigned i = 0; i < 20000; i++)
        append("the same line\n");
    rename_away(".1");
    shell("gzip -c < $log.1 > ${log%/*}/packed; head -c 100 ${log%/*}/packed > $log.1.gz");
    if (unlink(name(".1")) < 0)
        abort();
    append("c\n");
    open_follow(&f, false);
    (void)read_all(&f);
    ok(slice_starts(buf_slice(&got), SLICE("b the")), "what is there of an archive");
    ok(!slice_ends(buf_slice(&got), SLICE("c ")), "the rest of it is waited for");
    shell("tail -c +101 ${log%/*}/packed >> $log.1.gz; rm ${log%/*}/packed");
    (void)read_all(&f);
    ok(slice_ends(buf_slice(&got), SLICE("line c ")), "and comes before what the path has");
    is_int(f.lost, 0, "nothing is lost");
    follow_done(&f);

    rotate_packed("d\n", ".2");
    for (unsigned i = 0; i < 20000; i++)
        append("another line\n");
    rename_away(".1");
    pack(name(".1"));
    shell("truncate -s -20 $log.1.gz; touch -d '2 hours ago' $log.2.gz; "
          "touch -d '1 hour ago' $log.1.gz");
    append("e\n");
    open_follow(&f, false);
    (void)read_all(&f);
    ok(slice_starts(buf_slice(&got), SLICE("d another")), "one that is damaged, as far as it goes");
    ok(slice_ends(buf_slice(&got), SLICE("e ")), "and what comes behind it");
    is_int(f.lost, 1, "a loss that is told");
    follow_done(&f);
}

/* A busy log that was read to its end is packed at once: it is not read again, whatever its packed
 * form looks like meanwhile. */
static void test_packing_read(void)
{
    struct follow f;

    clean();
    for (unsigned i = 0; i < 3000; i++) {
        char text[60];

        (void)snprintf(text, sizeof(text), "%u %u\n", i, i * 2654435761u);
        append(text);
    }
    open_follow(&f, true);
    (void)read_all(&f);
    rename_away(".1");
    shell("gzip -c < $log.1 > $log.packed; head -c 9000 $log.packed > $log.1.gz; rm $log.1");
    append("next\n");
    is_str(read_all(&f), "next ", "not while it is being packed");
    rename_away(".2");
    shell("mv $log.packed $log.1.gz");
    append("third\n");
    is_str(read_all(&f), "third ", "nor when it is");
    is_int(f.lost, 0, "nothing is lost");
    follow_done(&f);
    rename_away(".1");
    shell("gzip -kf $log.1");
    append("fourth\n");
    is_str(read_again(), "fourth ", "nor where both are left");
}

/* More than is kept of it: gone on with in its middle. */
static void test_packed_large(void)
{
    enum { ROWS = 400000 };
    static char row[40];
    struct follow f;
    struct follow_line line;
    unsigned next = 0, wrong = 0;
    FILE *out;

    clean();
    append("a\n");
    open_follow(&f, true);
    (void)read_all(&f);
    out = fopen(path, "a");
    for (unsigned i = 0; out && i < ROWS; i++)
        (void)fprintf(out, "row %u of many, to fill the archive\n", i);
    if (out == NULL || fclose(out) != 0)
        abort();
    follow_done(&f);
    rename_away(".1");
    pack(name(".1"));
    append("b\n");
    for (unsigned part = 0; part < 2; part++) {
        open_follow(&f, false);
        for (unsigned i = 0; next < (part ? ROWS : ROWS / 2) && i < 10000; i++) {
            (void)!follow_poll(&f, &err);
            while (next < (part ? ROWS : ROWS / 2) && follow_next(&f, &line)) {
                (void)snprintf(row, sizeof(row), "row %u ", next++);
                wrong += !slice_starts(line.text, slice_str(row));
            }
        }
        buf_clear(&cursor);
        follow_cursor_write(&f.cursor, &cursor);
        follow_done(&f);
    }
    is_int(next, ROWS, "all rows of a large archive");
    is_int(wrong, 0, "each in its place, though begun again in its middle");
    is_str(read_again(), "b ", "and what comes behind it");
}

static void test_packed(void)
{
    was_read("a\n");
    append("b\n");
    rename_away(".1");
    pack(name(".1"));
    wait_a_tick();
    append("c\n");
    is_str(read_again(), "b c ", "renamed and packed");
    is_str(read_again(), "", "and not twice");
    (void)unlink(name(".1.gz"));

    append("d\n");
    rename_away(".2");
    wait_a_tick();
    append("e\n");
    rename_away(".1");
    pack(name(".2"));
    wait_a_tick();
    append("f\n");
    is_str(read_again(), "d e f ", "two rotations, the older packed");
    (void)unlink(name(".2.gz"));
    test_packed_twice();

    was_read("x\n");
    append("y\n");
    if (rename(path, name(".1.gz")) < 0)
        abort();
    append("z\n");
    is_str(read_again(), "y z ", "a name that only looks packed: the file itself");
}

/* The same where the log was packed: what says its layout lies far before what is read. */
static void test_columns_packed(void)
{
    struct follow f;

    clean();
    append("#Software: x\n" FIELDS);
    for (unsigned i = 0; i < 60000; i++)
        append_bytes(SLICE(ROW("1") "\n"));
    append("#Fields: time\n");
    open_follow(&f, false);
    (void)read_all(&f);
    follow_done(&f);
    append("08:00:07\n");
    rename_away(".1");
    pack(name(".1"));
    is_str(read_again(), "#Fields: time\n08:00:07 ", "names in what was packed");
}

/* Columns so many that their names are not kept: their rows are marked. */
static void test_columns_many(void)
{
    static const unsigned bytes[] = {20000, 70000, 30};
    struct follow_line line;
    struct follow f;

    clean();
    if (follow_init(&f, path, SLICE_NULL, true, 0, 1 << 20, &err) < 0)
        abort();
    for (size_t i = 0; i < CANH_LEN(bytes); i++) {
        append("#Fields: date time");
        for (unsigned n = 0; n < bytes[i]; n += 10)
            append(" x-column0");
        append("\n" ROW("1") "\n");
        (void)!follow_poll(&f, &err);
        ok(follow_next(&f, &line), "a row");
        is_int(line.truncated, bytes[i] > LAYOUT_NAMES_MAX, "marked where its names are missing");
        ok(line.truncated || line.text.n > bytes[i], "else behind them");
    }
    follow_done(&f);
}

int main(void)
{
    kit_begin();
    test_packed();
    test_packed_days();
    test_packing();
    test_packing_read();
    test_packed_large();
    test_columns_packed();
    test_columns_many();
    return kit_done();
}
