/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times as log lines write them: tests/golden/clock.txt has a text a line and, behind “ => ”, what
 * each reader takes for a time in it, how many bytes, with a zone or without, how many digits of
 * fraction. With CANH_BLESS=1 that is written anew.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/time.h"
#include "decode/text/clock.h"
#include "tap.h"

enum { TEXT_MAX = 1 << 20 };

static void put_time(struct buf *out, const char *name, size_t n, const struct clock_time *t)
{
    if (n == 0)
        return;
    buf_printf(out, " %s %zu ", name, n);
    if (t->t == TIME_NONE)
        buf_puts(out, "never");
    else
        time_format(out, t->t, t->digits);
    buf_printf(out, "%s %u;", t->zoned ? "" : " local", t->digits);
}

/* The same by another context: in which year, and what else is not the same. */
static void put_year(struct buf *out, struct slice s, const struct decode_context *context,
                     size_t as, const struct clock_time *first)
{
    struct clock_time t = {.t = TIME_NONE};
    size_t n = clock_bsd(s, context, &t);
    struct civil c;

    if (n != as || (n > 0 && (t.zoned != first->zoned || t.digits != first->digits)))
        buf_printf(out, " but %zu", n);
    if (n == 0)
        return;
    time_to_civil(t.t, 0, &c);
    if (t.t == TIME_NONE)
        buf_puts(out, " never");
    else
        buf_printf(out, " %04d-%02u-%02u", c.year, c.month, c.day);
}

static void read_all(struct slice s, struct buf *out)
{
    struct decode_context modified = decode_no_context, received = decode_no_context,
                          year = decode_no_context;
    struct clock_time t;
    size_t n;

    modified.modified = time_from_civil(&(struct civil){2026, 3, 1, 12, 0, 0, 0}, 0);
    received.received = time_from_civil(&(struct civil){2026, 12, 31, 23, 0, 0, 0}, 0);
    year.year = 2020;
    n = clock_bsd(s, &modified, &t);
    put_time(out, "bsd", n, &t);
    put_year(out, s, &received, n, &t);
    put_year(out, s, &year, n, &t);
    put_year(out, s, &decode_no_context, n, &t);
    put_time(out, "iso", clock_iso(s, &t), &t);
    put_time(out, "clf", clock_clf(s, &t), &t);
    put_time(out, "ctime", clock_ctime(s, &t), &t);
    put_time(out, "us", clock_us(s, &t), &t);
    put_time(out, "epoch", clock_epoch(s, &t), &t);
}

int main(void)
{
    const char *bless = getenv("CANH_BLESS");
    struct buf text = BUF_INIT(TEXT_MAX), file = BUF_INIT(TEXT_MAX), got = BUF_INIT(TEXT_MAX);
    struct err err = ERR_INIT;
    struct slice rest, line;
    char path[4096];

    (void)snprintf(path, sizeof(path), "%s/tests/golden/clock.txt", tap_source_dir());
    ok(file_read(path, &text, &err) == 0, "%s is read", path);
    rest = buf_slice(&text);
    while (rest.n > 0 && slice_cut(&rest, '\n', &line)) {
        size_t n = CANH_MIN(slice_find(line, SLICE(" =>")), line.n);
        struct slice time = slice_head(line, n);

        buf_clear(&got);
        read_all(time, &got);
        is_slice(slice_from(line, CANH_MIN(n + 3, line.n)), buf_slice(&got), SLICE_FMT,
                 SLICE_ARG(time));
        buf_printf(&file, SLICE_FMT " =>" SLICE_FMT "\n", SLICE_ARG(time),
                   SLICE_ARG(buf_slice(&got)));
    }
    if (bless && bless[0] == '1')
        ok(file_replace(path, buf_slice(&file), 0644, &err) == 0, "%s is written", path);
    buf_done(&text);
    buf_done(&file);
    buf_done(&got);
    return tap_done();
}
