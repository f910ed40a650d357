/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_journal NODE MEGABYTES: appends that much of made-up syslog to the journal of a node that
 * does not run, in groups as a busy node writes them, as if 10,000 lines came a second (so that
 * they are stored small, not fast), and prints the same lines. One line, in the middle, has the
 * word needle7q3x; one in 5,000 the word haystack.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/time.h"
#include "journal/journal.h"
#include "journal/key.h"

enum { GROUP = 4096, LINE_LEAST = 100, LINE_MAX = 400, MIB = 1 << 20 };
#define PACE (TIME_SECOND / 10000) /* a line */

static const char *const words[] = {"accepted", "session",  "opened",   "closed",  "for",
                                    "user",     "invalid",  "timeout",  "query",   "answered",
                                    "cached",   "denied",   "transfer", "started", "finished",
                                    "mounted",  "snapshot", "zone"};
static const char *const programs[] = {"sshd", "named", "systemd", "postfix/smtpd", "kernel"};

static uint64_t random_next(void)
{
    static uint64_t x = 88172645463325252u;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return x;
}

static size_t line_write(char *to, uint64_t n, bool middle)
{
    size_t at =
        (size_t)snprintf(to, LINE_MAX,
                         "<38>Nov 29 13:%02u:%02u host%02u %s[%u]: ", (unsigned)(n / 60 % 60),
                         (unsigned)(n % 60), (unsigned)(random_next() % 40),
                         programs[random_next() % CANH_LEN(programs)],
                         (unsigned)(300 + random_next() % 30000));

    if (middle)
        at += (size_t)snprintf(to + at, LINE_MAX - at, "needle7q3x ");
    if (n % 5000 == 7)
        at += (size_t)snprintf(to + at, LINE_MAX - at, "haystack ");
    for (uint64_t i = 6 + random_next() % 18; i > 0; i--)
        at +=
            (size_t)snprintf(to + at, LINE_MAX - at, "%s ", words[random_next() % CANH_LEN(words)]);
    at += (size_t)snprintf(to + at, LINE_MAX - at, "10.%u.%u.%u id=%012llx",
                           (unsigned)(random_next() % 10), (unsigned)(random_next() % 256),
                           (unsigned)(1 + random_next() % 254),
                           (unsigned long long)(random_next() >> 16));
    return at;
}

static int journal_fill(struct journal *j, uint64_t bytes, struct err *err)
{
    static char texts[GROUP][LINE_MAX];
    static struct journal_record records[GROUP];
    uint64_t written = 0, lines = 0;
    int64_t began = time_now() - (int64_t)(bytes / LINE_LEAST) * PACE;
    bool middle = false;
    uint32_t stream;
    int r = journal_stream(j, "events/default", &stream, err);

    while (r == 0 && written < bytes) {
        struct journal_group g = {.records = records,
                                  .record_count = GROUP,
                                  .now = began + (int64_t)lines * PACE};

        for (unsigned i = 0; i < GROUP; i++) {
            bool needle = !middle && written >= bytes / 2;
            size_t n = line_write(texts[i], lines, needle);

            middle = middle || needle;
            records[i] =
                (struct journal_record){.stream = stream,
                                        .received = g.now,
                                        .claimed = TIME_NONE,
                                        .position = {.base = SLICE("bench"), .at = lines++},
                                        .raw = slice_of(texts[i], n)};
            records[i].source[0] = records[i].unit[0] = 7;
            written += n + 1;
            if (fwrite(texts[i], 1, n, stdout) != n || putchar('\n') == EOF)
                return err_code(err, CE_IO);
        }
        r = journal_append(j, &g, err);
        if (r == 0)
            r = journal_tick(j, g.now, err);
    }
    return r == 0 ? journal_seal(j, time_now(), err) : r;
}

int main(int argc, char **argv)
{
    struct buf text = BUF_INIT(8192), path = BUF_INIT(4096), folder = BUF_INIT(4096);
    struct journal_keys keys = {.count = 0};
    struct journal_options o = {.now = time_now()};
    struct journal *j = NULL;
    struct err err = ERR_INIT;
    int r;

    if (argc != 3) {
        (void)fprintf(stderr, "usage: bench_journal NODE MEGABYTES\n");
        return 64;
    }
    buf_printf(&path, "%s/keys/journal.key", argv[1]);
    buf_printf(&folder, "%s/journal", argv[1]);
    r = file_read(buf_cstr(&path), &text, &err);
    if (r == 0)
        r = journal_keys_parse(buf_slice(&text), &keys, &err);
    o.folder = buf_cstr(&folder);
    o.keys = keys.items;
    o.key_count = keys.count;
    if (r == 0)
        r = journal_open(&o, &j, &err);
    if (r == 0)
        r = journal_fill(j, strtoull(argv[2], NULL, 10) * MIB, &err);
    j = journal_close(j);
    if (r < 0)
        (void)fprintf(stderr, "bench_journal: code %d, system %d\n", -r, err.sys);
    return r < 0;
}
