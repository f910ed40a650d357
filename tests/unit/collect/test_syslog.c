/* SPDX-License-Identifier: Apache-2.0 */
/* Syslog over a stream: both framings, mixed, cut anywhere, over the limit. */
#include "collect/syslog.h"

#include <stdlib.h>

#include "tap.h"

static struct buf got = BUF_INIT(1 << 20);

static void take(const struct syslog_message *m)
{
    buf_append_slice(&got, slice_head(m->text, 20));
    buf_putc(&got, m->truncated ? '+' : '|');
}

/* The messages, a | behind each, + behind one that was cut. */
static const char *read_in_steps(struct slice in, size_t step)
{
    struct syslog_stream s;
    struct syslog_message m;

    buf_clear(&got);
    syslog_stream_init(&s);
    while (in.n) {
        size_t n;
        uint8_t *to = syslog_stream_room(&s, &n);

        n = CANH_MIN(CANH_MIN(n, step), in.n);
        memcpy(to, in.p, n);
        syslog_stream_consume(&s, n);
        in = slice_from(in, n);
        while (syslog_stream_next(&s, &m))
            take(&m);
    }
    if (syslog_stream_rest(&s, &m))
        take(&m);
    syslog_stream_done(&s);
    return buf_cstr(&got);
}

static void test_framings(void)
{
    static const struct {
        const char *in, *want, *name;
    } rows[] = {
        {"<13>one\n<13>two\r\n\n<13>three\n", "<13>one|<13>two|<13>three|", "lines"},
        {"7 <13>one8 <13>t\nwo", "<13>one|<13>t\nwo|", "counted, with a line end inside"},
        {"8 <13>one\n<13>two\n7 <13>six", "<13>one|<13>two|<13>six|", "mixed"},
        {"2026-11-29 x\n", "2026-11-29 x|", "digits that are no count"},
        {"1234567890 x\n", "1234567890 x|", "too many digits for a count"},
        {"0 x\n", "0 x|", "no count begins with 0"},
        {"<13>end", "<13>end|", "a last line without an end"},
        {"50 <13>end", "50 <13>end|", "a counted one that is not whole"},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++)
        for (size_t step = 1; step < 64; step *= 3)
            is_str(read_in_steps(slice_str(rows[i].in), step), rows[i].want, "%s, by %u",
                   rows[i].name, (unsigned)step);
}

static void test_long(void)
{
    struct buf in = BUF_INIT(1 << 20);

    for (unsigned i = 0; i < SYSLOG_MAX + 5000; i++)
        buf_putc(&in, 'x');
    buf_puts(&in, "\n<13>next\n");
    is_str(read_in_steps(buf_slice(&in), 4096), "xxxxxxxxxxxxxxxxxxxx+<13>next|",
           "a line over the limit is cut, its rest passed over");
    buf_clear(&in);
    buf_puts(&in, "100000 ");
    for (unsigned i = 0; i < 100000; i++)
        buf_putc(&in, 'y');
    buf_puts(&in, "8 <13>next");
    is_str(read_in_steps(buf_slice(&in), 4096), "yyyyyyyyyyyyyyyyyyyy+<13>next|",
           "so is a counted one");
    buf_clear(&in);
    for (unsigned i = 0; i < SYSLOG_MAX; i++)
        buf_putc(&in, 'z');
    buf_putc(&in, '\n');
    is_str(read_in_steps(buf_slice(&in), 4096), "zzzzzzzzzzzzzzzzzzzz|", "the limit itself fits");
    buf_done(&in);
}

int main(void)
{
    test_framings();
    test_long();
    is_slice(syslog_datagram(SLICE("<13>x\n")), SLICE("<13>x"), "a datagram's line end goes");
    buf_done(&got);
    return tap_done();
}
