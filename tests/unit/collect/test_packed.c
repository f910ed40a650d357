/* SPDX-License-Identifier: Apache-2.0 */
/* What each way of packing made of a log while nobody looked, and the bounds of looking for it. */
#define _GNU_SOURCE
#include <string.h>
#include <sys/stat.h>

#include "collect/rotated.h"
#include "follow_kit.h"

static const struct way {
    const char *suffix, *command;
} ways[] = {{".gz", "gzip"}, {".xz", "xz -T1"}, {".zst", "zstd -q --rm"}, {".bz2", "bzip2"}};

/* A command of which $log is the log's path; W is how the way packs, S its suffix. */
static void shell(const struct way *way, const char *command)
{
    char text[3 * PATH_MAX];

    (void)snprintf(text, sizeof(text), "log=%.200s; W='%s'; S=%s; set -e; %s", path, way->command,
                   way->suffix, command);
    if (system(text) != 0)
        abort();
}

/* The same of the log with a number behind its name. */
static void shell_of(const struct way *way, unsigned i, const char *command)
{
    char text[PATH_MAX];

    (void)snprintf(text, sizeof(text), "i=%u; %s", i, command);
    shell(way, text);
}

static void start(const struct way *way)
{
    shell(way, "rm -f $log*");
    clean();
}

static void was_read(const struct way *way, const char *line)
{
    struct follow f;

    start(way);
    append(line);
    open_follow(&f, true);
    (void)read_all(&f);
    follow_done(&f);
}

static void test_rotations(const struct way *way)
{
    was_read(way, "a\n");
    append("b\n");
    rename_away(".2");
    shell(way, "$W $log.2");
    wait_a_tick();
    append("unseen\n");
    rename_away(".1");
    shell(way, "$W $log.1; touch -d '1 minute ago' $log.2$S; touch -d '30 seconds ago' $log.1$S");
    append("c\n");
    is_str(read_again(), "b unseen c ", "%s: two rotations", way->suffix);
    is_str(read_again(), "", "%s: and not twice", way->suffix);
}

/* By a shell, so that the time is the packing's: told by how much it holds. */
static void test_read_before(const struct way *way)
{
    was_read(way, "a\n");
    rename_away(".1");
    shell(way, "${W%% *} -c < $log.1 > $log.1$S; rm $log.1; touch -d '1 hour' $log.1$S");
    append("b\n");
    is_str(read_again(), "b ", "%s: what was read to its end is not read again", way->suffix);
}

/* Several streams in a file, and zeros behind them. Gzip notes the size of the last alone. */
static void test_streams(const struct way *way)
{
    was_read(way, "a\n");
    shell(way,
          "printf 'a\\nb\\n' | ${W%% *} -c > $log.1$S; printf 'c\\n' | ${W%% *} -c >> $log.1$S; "
          "head -c 512 /dev/zero >> $log.1$S; touch -d '1 minute ago' $log.1$S; rm $log");
    append("d\n");
    is_str(read_again(), "b c d ", "%s: streams one after another", way->suffix);
}

/* Cut or changed in its middle: what stands before it counts, and the loss is told. */
static void test_damaged(const struct way *way)
{
    static const char *const damages[] = {
        "truncate -s -9 $log.1$S",
        "n=$(stat -c %s $log.1$S); printf XXXXXXXX | dd of=$log.1$S bs=1 "
        "seek=$((n - 40)) conv=notrunc status=none"};
    struct follow f;

    for (size_t i = 0; i < CANH_LEN(damages); i++) {
        was_read(way, "0 0\n");
        for (unsigned n = 1; n < 60000; n++) {
            char text[60];

            (void)snprintf(text, sizeof(text), "%u %u\n", n, n * 2654435761u);
            if (n % 100 == 1)
                append(text);
        }
        rename_away(".1");
        shell(way, "$W $log.1");
        shell(way, damages[i]);
        shell(way, "touch -d '1 minute ago' $log.1$S");
        append("next\n");
        open_follow(&f, false);
        ok(slice_ends(slice_str(read_all(&f)), SLICE("next ")), "%s: what comes behind damage %zu",
           way->suffix, i);
        is_int(f.lost, 1, "%s: a loss that is told", way->suffix);
        follow_done(&f);
    }
}

/* Begun, and not ended yet. */
static void test_packing(const struct way *way)
{
    struct follow f;

    was_read(way, "a\n");
    shell(way, "seq 3000 >> $log; echo line >> $log");
    rename_away(".1");
    shell(way, "$W $log.1; mv $log.1$S $log-whole; head -c 60 $log-whole > $log.1$S");
    append("c\n");
    open_follow(&f, false);
    ok(!slice_ends(slice_str(read_all(&f)), SLICE("c ")), "%s: its rest is waited for",
       way->suffix);
    shell(way, "tail -c +61 $log-whole >> $log.1$S; rm $log-whole");
    ok(slice_ends(slice_str(read_all(&f)), SLICE("line c ")), "%s: and comes", way->suffix);
    is_int(f.lost, 0, "%s: nothing is lost", way->suffix);
    follow_done(&f);
}

/* More logs than may be unpacked at a time: the others wait, and all are read. */
static void test_many(const struct way *way)
{
    enum { LOGS = UNPACK_OPEN + 2, ROWS = 100000 };
    static struct follow logs[LOGS];
    unsigned rows[LOGS] = {0};
    struct follow_line line;
    bool waited = false;
    unsigned all = 0;

    start(way);
    for (unsigned i = 0; i < LOGS; i++) {
        char at[PATH_MAX];

        (void)snprintf(at, sizeof(at), "%.200s-%u", path, i);
        shell_of(way, i, "echo first $i > $log-$i");
        if (follow_init(&logs[i], at, SLICE_NULL, true, 0, LINE_BYTES, &err) < 0)
            abort();
        (void)!follow_poll(&logs[i], &err);
        while (follow_next(&logs[i], &line))
            rows[i]++;
        buf_clear(&cursor);
        follow_cursor_write(&logs[i].cursor, &cursor);
        follow_done(&logs[i]);
        shell_of(way, i, "seq 99999 >> $log-$i; mv $log-$i $log-$i.1; $W $log-$i.1");
        if (follow_init(&logs[i], at, buf_slice(&cursor), false, 0, LINE_BYTES, &err) < 0)
            abort();
        waited = waited || logs[i].fd < 0;
    }
    ok(waited, "%s: not all at a time", way->suffix);
    for (unsigned turn = 0; turn < 2000 && all < LOGS * ROWS; turn++) {
        all = 0;
        for (unsigned i = 0; i < LOGS; i++) {
            (void)!follow_poll(&logs[i], &err);
            while (follow_next(&logs[i], &line))
                rows[i]++;
            all += rows[i];
        }
    }
    is_int(all, LOGS * ROWS, "%s: every row of all", way->suffix);
    for (unsigned i = 0; i < LOGS; i++) {
        is_int(logs[i].lost, 0, "%s: nothing is lost", way->suffix);
        follow_done(&logs[i]);
    }
    ok(packed_has_room(), "%s: and none is open", way->suffix);
}

/* More memory than one may take. */
static void test_memory(void)
{
    static const struct way xz = {".xz", "xz"};
    struct follow f;

    was_read(&xz, "a\n");
    shell(&xz, "rm $log; printf 'a\\nb\\n' | xz --lzma2=dict=128MiB > $log.1.xz; "
               "touch -d '1 minute ago' $log.1.xz");
    append("c\n");
    open_follow(&f, false);
    is_str(read_all(&f), "c ", "one that needs too much memory is left");
    ok(f.lost > 0, "which is told");
    follow_done(&f);
}

/* Names beyond the bound are counted, and those of other logs do not count. */
static void test_names(void)
{
    static const struct way none = {"", "true"};
    struct follow_cursor c = {.dev = 0};
    struct rotated_log log = {.folder = folder, .name = "log", .cursor = &c};

    start(&none);
    shell(&none,
          "cd ${log%/*}; seq -f other%g 5000 | xargs touch; seq -f log.%g 4096 | xargs touch");
    _Static_assert(ROTATED_NAMES == 4096, "as many as are made");
    is_int(rotated_unread(&log, 0, INT64_MAX), 0, "as many names as are looked at");
    shell(&none, "touch $log.a $log.b");
    is_int(rotated_unread(&log, 0, INT64_MAX), 2, "two more");
    shell(&none, "cd ${log%/*}; find . -type f -delete");
}

int main(void)
{
    kit_begin();
    for (size_t i = 0; i < CANH_LEN(ways); i++) {
        test_rotations(&ways[i]);
        test_read_before(&ways[i]);
        if (i > 0)
            test_streams(&ways[i]);
        test_damaged(&ways[i]);
        test_packing(&ways[i]);
        test_many(&ways[i]);
        start(&ways[i]);
    }
    test_memory();
    test_names();
    start(&ways[0]);
    return kit_done();
}
