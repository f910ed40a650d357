/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_FOLLOW_KIT_H
#define CANH_TESTS_FOLLOW_KIT_H
/* A log in a folder of its own that is written, rotated and followed, for tests of follow.h. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "collect/follow.h"
#include "tap.h"

#define FIELDS "#Fields: date time c-ip cs-uri-stem\n"
#define ROW(N) "2026-11-12 08:00:0" N " 203.0.113.7 /a"

enum { LINE_BYTES = 4096, POLLS = 150 };

static char folder[] = "/tmp/canh-follow-XXXXXX";
static char path[PATH_MAX];
static struct err err;
static struct buf cursor = BUF_INIT(FOLLOW_CURSOR_MAX);
static struct buf got = BUF_INIT(1 << 20);

/* The path, or with a suffix a name beside it. */
static inline const char *name(const char *suffix)
{
    static char text[2][PATH_MAX];
    static unsigned turn;

    turn ^= 1;
    (void)snprintf(text[turn], sizeof(text[turn]), "%.2000s%s", path, suffix);
    return text[turn];
}

static inline void append(const char *text)
{
    FILE *f = fopen(path, "a");

    if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
        abort();
}

static inline void copy_and_truncate(const char *suffix)
{
    struct buf text = BUF_INIT(1 << 20);

    if (file_read(path, &text, NULL) < 0 ||
        file_create(name(suffix), buf_slice(&text), 0600, NULL) < 0 || truncate(path, 0) < 0)
        abort();
    buf_done(&text);
}

static inline void rename_away(const char *suffix)
{
    if (rename(path, name(suffix)) < 0)
        abort();
}

/* Mtimes tell which rotated file comes after which. */
static inline void wait_a_tick(void)
{
    (void)usleep(20000);
}

static int64_t since; /* what open_follow() says of it */

static inline void open_follow(struct follow *f, bool all)
{
    if (follow_init(f, path, buf_slice(&cursor), all, since, LINE_BYTES, &err) < 0)
        abort();
}

/* Reads what there is, as watch does; the lines, each with a blank behind, are in got. */
static inline const char *read_all(struct follow *f)
{
    struct follow_line line;

    buf_clear(&got);
    for (unsigned i = 0; i < POLLS; i++) {
        (void)!follow_poll(f, &err);
        while (follow_next(f, &line)) {
            buf_append_slice(&got, line.text);
            buf_putc(&got, line.truncated ? '+' : ' ');
        }
    }
    buf_clear(&cursor);
    follow_cursor_write(&f->cursor, &cursor);
    return buf_cstr(&got);
}

/* A process that begins again at the cursor. */
static inline const char *read_again(void)
{
    static struct follow f;
    const char *text;

    open_follow(&f, false);
    text = read_all(&f);
    is_int(f.lost, 0, "nothing is lost");
    follow_done(&f);
    return text;
}

static inline void clean(void)
{
    static const char *const suffixes[] = {"",      ".1",    ".2",    ".3",    ".9",    ".xz",
                                           ".1.gz", ".2.gz", ".3.gz", ".4.gz", ".5.gz", ".9.gz"};

    for (size_t i = 0; i < CANH_LEN(suffixes); i++)
        (void)unlink(name(suffixes[i]));
    buf_clear(&cursor);
}

static inline void append_bytes(struct slice bytes)
{
    FILE *f = fopen(path, "a");

    if (f == NULL || fwrite(bytes.p, 1, bytes.n, f) != bytes.n || fclose(f) != 0)
        abort();
}

static inline void pack(const char *from)
{
    char command[2 * PATH_MAX];

    (void)snprintf(command, sizeof(command), "gzip -f %s", from);
    if (system(command) != 0)
        abort();
}

static inline void kit_begin(void)
{
    if (mkdtemp(folder) == NULL)
        abort();
    (void)snprintf(path, sizeof(path), "%s/log", folder);
}

static inline int kit_done(void)
{
    clean();
    (void)rmdir(folder);
    buf_done(&cursor);
    buf_done(&got);
    return tap_done();
}

#endif
