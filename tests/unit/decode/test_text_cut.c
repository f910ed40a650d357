/* SPDX-License-Identifier: Apache-2.0 */
/* Where logs of lines are cut into blocks, what becomes of records over the limit, and that records
 * of one event stay together. */
#include <stdlib.h>

#include "base/time.h"
#include "decode/text/formats.h"
#include "tap.h"

enum { LIMIT = 64 };

static struct buf got = {.max = 1 << 20};
static struct keys *keys;
static unsigned blocks_cut;

static void put_block(const struct decode_block *b)
{
    buf_printf(&got, "%" PRIu64 ":%" PRIu64 "%s=%zu ", b->offset, b->line, b->cut ? "!" : "",
               b->text.n);
}

/* "type type …" of an event's records, and where it stands. */
static void put_event(const struct event *e)
{
    buf_printf(&got, "%" PRIu64 "@%" PRIu64, e->sequence, e->offset);
    for (uint32_t i = 0; i < e->count; i++) {
        if (slice_is(e->names[i], "type") || slice_is(e->names[i], "audit.serial"))
            buf_printf(&got, " %.*s", (int)e->fields[i].n, (const char *)e->fields[i].text);
    }
    buf_putc(&got, '\n');
}

/* What stands in `got` of a log that comes `step` bytes at a time: its blocks, or its events. */
static void cut(const struct format *format, struct slice text, size_t step, bool blocks)
{
    struct decode_limits limits = decode_default_limits;
    struct cutter *cutter;
    struct decoder *decoder = decoder_new(format, keys, &decode_default_limits);
    struct decode_block block;
    struct decode_fault fault;
    struct err err = ERR_INIT;
    struct event event;
    size_t have = 0, taken;
    int r;

    if (blocks)
        limits.max_record = LIMIT;
    cutter = cutter_new(format, &limits, &decode_no_context);
    if (cutter == NULL || decoder == NULL)
        abort();
    buf_clear(&got);
    blocks_cut = 0;
    for (;;) {
        taken = 0;
        r = cutter_cut(cutter, slice_head(text, have), have == text.n, &block, &taken, &err);
        blocks_cut += r > 0;
        if (r > 0 && blocks)
            put_block(&block);
        if (r > 0 && !blocks) {
            decoder_open(decoder, &block);
            while (decoder_next(decoder, &event, &fault) > 0)
                put_event(&event);
        }
        if (r < 0 || (r == 0 && taken == 0 && have == text.n))
            break;
        text = slice_from(text, taken);
        have = r == 0 && taken == 0 ? CANH_MIN(have + step, text.n) : have - taken;
    }
    decoder_free(decoder);
    cutter_free(cutter);
}

static void blocks_are(const struct format *format, const char *text, size_t step, const char *want,
                       const char *what)
{
    cut(format, slice_str(text), step, true);
    is_str(buf_cstr(&got), want, "%s", what);
}

#define TEN     "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define LINE    "Nov 12 08:00:01 h a: one\n" /* 25 bytes */
#define NEXT    "2026-11-12 08:24:02 UTC [1] LOG:  a"
#define MESSAGE NEXT "\n" /* 36 bytes */

static void test_blocks(void)
{
    blocks_are(&format_syslog, LINE LINE, 1000, "0:1=50 ", "all there is");
    blocks_are(&format_syslog, "\xEF\xBB\xBF" LINE, 1000, "3:1=25 ", "behind a byte order mark");
    blocks_are(&format_syslog, "\xEF\xBB\xBF" LINE, 1, "3:1=25 ", "that comes byte by byte");
    blocks_are(&format_syslog, LINE LINE, 30, "0:1=25 25:2=25 ", "only whole lines");
    blocks_are(&format_syslog, LINE LINE "no line end", 30, "0:1=25 25:2=25 50:3=11 ",
               "the last one as it is");
    blocks_are(&format_syslog, "", 30, "", "nothing of nothing");
    blocks_are(&format_syslog, LINE HUNDRED "\n" LINE, 50, "0:1=25 25:2!=64 126:3=25 ",
               "a line over the limit");
    blocks_are(&format_syslog, LINE HUNDRED HUNDRED HUNDRED "\n" LINE, 50,
               "0:1=25 25:2!=64 326:3=25 ", "one that goes on for long");
    blocks_are(&format_syslog, LINE HUNDRED, 50, "0:1=25 25:2!=64 ", "one that never ends");
    blocks_are(&format_syslog, TEN TEN TEN TEN TEN TEN "0123\n", 65, "0:1=65 ", "one at the limit");
    blocks_are(&format_syslog, TEN TEN TEN TEN TEN TEN "0123\n", 1, "0:1=65 ", "byte by byte");
}

static void test_continued(void)
{
    blocks_are(&format_postgresql, MESSAGE MESSAGE MESSAGE, 40, "0:1=36 36:2=72 ",
               "a message may go on until the next begins");
    blocks_are(&format_postgresql, MESSAGE "\tmore\n" MESSAGE MESSAGE, 20, "0:1=42 42:3=72 ",
               "with what goes on");
    blocks_are(&format_postgresql,
               MESSAGE "\tmore\n\tmore\n\tmore\n\tmore\n\tmore\n\tmore\n" MESSAGE, 36,
               "0:1!=64 72:8=36 ", "over the limit, in lines");
    blocks_are(&format_postgresql, MESSAGE "\tmore\n" NEXT HUNDRED HUNDRED TEN TEN TEN "\n" MESSAGE,
               42 + 256, "0:1=42 42:3!=64 308:4=36 ", "the next line brings it over the limit");
    blocks_are(&format_postgresql, MESSAGE "\tmore\n" NEXT HUNDRED HUNDRED TEN TEN TEN "\n" MESSAGE,
               42 + 255, "0:1!=42 42:3!=64 308:4=36 ", "of which too little is there");
    blocks_are(&format_postgresql, MESSAGE "\tmore\n\t" HUNDRED HUNDRED HUNDRED "\n" MESSAGE,
               42 + 256, "0:1!=42 42:3!=64 344:4=36 ", "or which goes on with it");
}

#define ENTRY "__CURSOR=a\nMESSAGE=b\n\n" /* 22 bytes, 3 lines */

static void test_entries(void)
{
    blocks_are(&format_journal, ENTRY ENTRY ENTRY, 1000, "0:1=66 ", "entries of the journal");
    blocks_are(&format_journal, ENTRY ENTRY ENTRY, 30, "0:1=22 22:4=22 44:7=22 ",
               "only whole ones");
    blocks_are(&format_journal, ENTRY "no field\n" ENTRY, 25, "0:1=22 22:4=31 ",
               "what is none is no end");
    blocks_are(&format_journal, "__CURSOR=a\nMESSAGE=" HUNDRED "\n\n" ENTRY, 30,
               "0:1!=64 121:4=22 ", "one over the limit");
    blocks_are(&format_journal, ENTRY "__CURSOR=a\nMESSAGE=" HUNDRED HUNDRED "\n\n" ENTRY, 30,
               "0:1=22 22:4!=64 243:7=22 ", "one that goes on for long");
}

#define PART(TAG) "2026-11-12T08:00:01Z stdout " TAG " a\n" /* 32 bytes */

static void test_parts(void)
{
    blocks_are(&format_cri, PART("F") PART("P") PART("F") PART("F"), 40, "0:1=32 32:2=64 96:4=32 ",
               "parts of a line are in one block");
    blocks_are(&format_cri, PART("P") PART("P") PART("P") PART("F"), 32, "0:1!=64 96:4=32 ",
               "over the limit they are cut");
}

static void test_names(void)
{
    blocks_are(&format_w3c, "#Fields: x\n1\n2\n#Fields: y\n3\n", 1000, "0:1=15 15:4=13 ",
               "new names begin a block");
    blocks_are(&format_w3c, "#Version: 1\n#Fields: x\n1\n", 1000, "0:1=25 ",
               "but not where no record is before them");
}

/* Events of two records each, of which the second comes `behind` records later. */
static void put_audit(struct buf *log, unsigned first, unsigned events, unsigned behind)
{
    for (unsigned i = first; i < first + events + behind; i++) {
        if (i < first + events)
            buf_printf(log, "type=A msg=audit(1794470645.130:%u): a=1\n", i);
        if (i >= first + behind)
            buf_printf(log, "type=B msg=audit(1794470645.130:%u): b=2\n", i - behind);
    }
}

static void audit_is_whole(const struct buf *log, bool one_block, const char *what)
{
    static const size_t steps[] = {100, 4000};
    struct buf whole = BUF_INIT(1 << 20);

    cut(&format_auditd, buf_slice(log), log->len, false);
    buf_append_slice(&whole, buf_slice(&got));
    ok(slice_find(buf_slice(&whole), SLICE("\n2@40 1 A B\n")) != SIZE_MAX, "both records of one");
    for (size_t i = 0; i < CANH_LEN(steps); i++) {
        cut(&format_auditd, buf_slice(log), steps[i], false);
        is_slice(buf_slice(&got), buf_slice(&whole), "%s, %zu bytes at a time", what, steps[i]);
        is_int(blocks_cut == 1, one_block, "in one block, or not");
    }
    buf_done(&whole);
}

static void test_audit(void)
{
    struct buf log = BUF_INIT(1 << 20);

    put_audit(&log, 0, 200, 5);
    audit_is_whole(&log, true, "some event is always open");
    buf_clear(&log);
    for (unsigned i = 0; i < 30; i++)
        put_audit(&log, 10 * i, 10, 3);
    audit_is_whole(&log, false, "now and then none is");
    buf_done(&log);
}

/* Two records of an event, together more than is kept of one. */
static void test_large(void)
{
    struct decoder *decoder = decoder_new(&format_auditd, keys, &decode_default_limits);
    struct decode_block block = {.context = &decode_no_context, .line = 1};
    struct buf log = BUF_INIT(4 << 20);
    struct decode_fault fault;
    struct event event = {.flags = 0};

    for (int i = 0; i < 2; i++) {
        buf_puts(&log, "type=A msg=audit(1794470645.130:1): a=");
        for (int k = 0; k < 60 * 1024; k++)
            buf_puts(&log, TEN);
        buf_putc(&log, '\n');
    }
    block.text = buf_slice(&log);
    decoder_open(decoder, &block);
    ok(decoder_next(decoder, &event, &fault) > 0 && event.flags & EVENT_FIELDS_LOST,
       "an event of more than a mebibyte is not all there");
    is_int(decoder_next(decoder, &event, &fault), 0, "and is one");
    decoder_free(decoder);
    buf_done(&log);
}

int main(void)
{
    keys = keys_new();
    if (keys == NULL)
        abort();
    test_blocks();
    test_continued();
    test_entries();
    test_parts();
    test_names();
    test_audit();
    test_large();
    keys = keys_free(keys);
    buf_done(&got);
    return tap_done();
}
