/* SPDX-License-Identifier: Apache-2.0 */
/* What each way of packing made of a log while nobody looked, and the bounds of looking for it. */
#define _GNU_SOURCE
#include <fcntl.h>
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

/* While the path is gone what is known of a packed file is not asked again. */
static void test_known(const struct way *way)
{
    struct follow f;

    was_read(way, "a\n");
    rename_away(".1");
    open_follow(&f, false);
    is_str(read_all(&f), "", "%s: nothing came", way->suffix);
    shell(way, "${W%% *} -c < $log.1 > $log.1$S; rm $log.1; touch -d '2099-01-01' $log.1$S");
    is_str(read_all(&f), "", "%s: nor where it is packed", way->suffix);
    shell(way, "printf 'a\\nb\\n' | ${W%% *} -c > $log.1$S; touch -d '2099-01-01' $log.1$S");
    is_str(read_all(&f), "", "%s: as long as its time is the same", way->suffix);
    shell(way, "touch -d '2099-01-02' $log.1$S");
    is_str(read_all(&f), "a b ", "%s: then it is another one", way->suffix);
    follow_done(&f);
}

/* The same of a long one, which is counted a step at each look. */
static void test_counted(const struct way *way)
{
    struct rotated_sized sized = {.size = 0};
    struct follow_cursor c;
    struct rotated_log log = {.folder = folder, .name = "log", .cursor = &c, .sized = &sized};
    struct rotated_file next;
    enum rotated_found found;
    unsigned waits = 0;

    was_read(way, "a\n");
    shell(way, "head -c 20971518 /dev/zero | tr '\\0' x >> $log; touch -d '1 hour ago' $log");
    if (follow_cursor_read(buf_slice(&cursor), &c) < 0)
        abort();
    c.offset += 20971518;
    shell(way, "${W%% *} -c < $log > $log.1$S; rm $log; touch -d '1 minute ago' $log.1$S");
    while ((found = rotated_next(&log, c.written - TIME_HOUR, NULL, &next)) == ROTATED_WAIT)
        waits++;
    is_int(found, ROTATED_NONE, "%s: it is what was read", way->suffix);
    _Static_assert(PACKED_COUNT_STEP == 4 << 20, "20 MiB are counted in five steps and the end");
    is_int(waits, 5, "%s: in steps", way->suffix);
    ok(sized.counting == NULL && packed_has_room(), "%s: and nothing is open", way->suffix);
    c.offset--;
    is_int(rotated_next(&log, c.written - TIME_HOUR, NULL, &next), ROTATED_FOUND,
           "%s: a longer one is another", way->suffix);
    rotated_done(&next);
    shell(way, "touch -d '30 seconds ago' $log.1$S");
    is_int(rotated_next(&log, c.written - TIME_HOUR, NULL, &next), ROTATED_WAIT,
           "%s: one that was written anew is counted anew", way->suffix);
    ok(sized.counting != NULL, "%s: it is open meanwhile", way->suffix);
    rotated_sized_end(&sized);
    ok(packed_has_room(), "%s: until nobody wants it", way->suffix);
    start(way);
}

/* Frames that are to be skipped, before and between. */
static void test_skipped(void)
{
    static const struct way zstd = {".zst", "zstd -q --rm"};
    struct follow f;

    was_read(&zstd, "a\n");
    shell(&zstd, "skip() { printf '\\137\\052\\115\\030\\004\\000\\000\\000abcd'; }; "
                 "{ skip; printf 'a\nb\n' | zstd -qc; skip; printf 'c\n' | zstd -qc; skip; } "
                 "> $log.1.zst; touch -d '1 minute ago' $log.1.zst; rm $log");
    append("d\n");
    is_str(read_again(), "b c d ", "frames of zstd that are to be skipped are");
    was_read(&zstd, "a\n");
    shell(&zstd,
          "{ printf 'a\nb\n' | zstd -qc; printf '\\47\\265\\57\\375 \\2@\\0\\2c\n\\300\\0\\0'; } "
          "> $log.1.zst; touch -d '1 minute ago' $log.1.zst; rm $log");
    append("d\n");
    open_follow(&f, false);
    is_str(read_all(&f), "b d ", "those of versions before 0.8 are damage");
    is_int(f.lost, 1, "which is told");
    follow_done(&f);
}

/* As many bytes as may be unpacked, and one more. */
static void test_most(const struct way *way)
{
    enum { BYTES = 200000 };
    struct packed *p;
    int fd, log_fd, r;

    start(way);
    shell(way, "head -c 200000 /dev/zero | ${W%% *} -c > $log.1$S");
    for (int over = 0; over < 2; over++) {
        char packed[PATH_MAX];

        (void)snprintf(packed, sizeof(packed), "%.200s.1%s", path, way->suffix);
        fd = open(packed, O_RDONLY);
        p = packed_open(fd, BYTES - (uint64_t)over, &log_fd);
        while ((r = packed_more(p, log_fd, 0)) == 1)
            ;
        is_int(r, over ? -CE_CORRUPT : 0, "%s: %d more than may be", way->suffix, over);
        is_int(packed_more(p, log_fd, 0), 0, "%s: told once", way->suffix);
        ok(lseek(log_fd, 0, SEEK_END) >= BYTES - (over ? 64 * 1024 : 0), "%s: what stands before",
           way->suffix);
        p = packed_close(p);
        fd_closep(&log_fd);
        fd_closep(&fd);
    }
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

/* Bytes that give nothing, up to their bound and beyond it: what stands behind is left, and told.
 */
static void test_barren(const struct way *way)
{
    static const char *const zeros[] = {"head -c 4000000 /dev/zero >> $log.1$S",
                                        "head -c 4300000 /dev/zero >> $log.1$S"};
    struct follow f;

    for (int over = 0; over < 2; over++) {
        was_read(way, "a\n");
        shell(way, "printf 'a\\nb\\n' | ${W%% *} -c > $log.1$S; rm $log");
        shell(way, zeros[over]);
        shell(way, "printf 'c\\n' | ${W%% *} -c >> $log.1$S; touch -d '1 minute ago' $log.1$S");
        append("d\n");
        open_follow(&f, false);
        is_str(read_all(&f), over ? "b d " : "b c d ", "%s: zeros, %d", way->suffix, over);
        is_int(f.lost, over, "%s: a loss that is told", way->suffix);
        follow_done(&f);
    }
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
    struct rotated_sized sized = {.size = 0};
    struct rotated_log log = {.folder = folder, .name = "log", .cursor = &c, .sized = &sized};
    struct rotated_file next;

    start(&none);
    shell(&none,
          "cd ${log%/*}; seq -f other%g 5000 | xargs touch; seq -f log.%g 4096 | xargs touch; "
          "touch $log.a $log.b");
    _Static_assert(ROTATED_NAMES == 4096, "as many as are made");
    is_int(rotated_unread(&log, 0, INT64_MAX), 0, "as many names as are looked at");
    shell(&none, "touch $log.5000 $log.5001");
    is_int(rotated_unread(&log, 0, INT64_MAX), 2, "two more");
    shell(&none,
          "cd ${log%/*}; find . -name 'log.*' | xargs touch -d '1 hour ago'; touch $log.5002");
    is_int(rotated_unread(&log, time_now() - TIME_MINUTE, INT64_MAX), 0,
           "those that are older than what was read do not count, however many");
    shell(&none, "echo x > $log; touch $log.5003; rm $log.5002");
    is_int(rotated_next(&log, time_now() - TIME_MINUTE, NULL, &next), ROTATED_FOUND,
           "and one that is newer is found among them");
    rotated_done(&next);
    shell(&none, "cd ${log%/*}; find . -type f -delete");
}

int main(void)
{
    kit_begin();
    for (size_t i = 0; i < CANH_LEN(ways); i++) {
        test_rotations(&ways[i]);
        test_read_before(&ways[i]);
        if (i > 0) {
            test_streams(&ways[i]);
            test_known(&ways[i]);
            test_counted(&ways[i]);
        }
        test_barren(&ways[i]);
        test_damaged(&ways[i]);
        test_packing(&ways[i]);
        test_many(&ways[i]);
        test_most(&ways[i]);
        start(&ways[i]);
    }
    test_memory();
    test_skipped();
    test_names();
    start(&ways[0]);
    return kit_done();
}
