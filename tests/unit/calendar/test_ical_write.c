/* SPDX-License-Identifier: Apache-2.0 */
/* Lines are folded at 75 octets, between characters, and unfold to what they were. */
#include "calendar/ical_write.h"

#include <string.h>

#include "tap.h"

enum { LINE = 75 };

static void folds(const char *character, size_t before)
{
    struct buf line = BUF_INIT(1000), out = BUF_INIT(2000), back = BUF_INIT(1000);
    struct slice rest, part;
    size_t longest = 0, shortest = LINE, last = LINE;
    bool split = false;

    for (size_t i = 0; i < before; i++)
        buf_putc(&line, 'x');
    while (line.len < 300)
        buf_puts(&line, character);
    ical_write_line(&out, buf_slice(&line));
    rest = buf_slice(&out);
    for (size_t n; (n = slice_find(rest, SLICE("\r\n"))) != SIZE_MAX;
         rest = slice_from(rest, n + 2)) {
        part = slice_head(rest, n);
        longest = part.n > longest ? part.n : longest;
        shortest = last < shortest ? last : shortest; /* of all but the last line */
        last = part.n;
        if (back.len > 0)
            part = slice_from(part, 1); /* the blank of a continuation */
        split = split || (part.n && (part.p[0] & 0xC0) == 0x80);
        buf_append_slice(&back, part);
    }
    is_slice(buf_slice(&back), buf_slice(&line), "%zu bytes before %s", before, character);
    ok(longest <= LINE && shortest > LINE - strlen(character),
       "no line is longer, or much shorter");
    ok(!split && rest.n == 0, "no character is cut, and the last line ends");
    buf_done(&line);
    buf_done(&out);
    buf_done(&back);
}

static void test_text(void)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"plain", "N:plain\r\n"},
        {";a,b\\c", "N:\\;a\\,b\\\\c\r\n"},
        {"\na\nb\r\t\x7f\x1f c:", "N:\\na\\nb c:\r\n"},
        {"", "N:\r\n"},
    };
    struct buf out = BUF_INIT(2000), small = BUF_INIT(8);

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        buf_clear(&out);
        ical_write_text(&out, "N", slice_str(rows[i].text));
        is_str(buf_cstr(&out), rows[i].want, "escaped");
    }
    ical_write_text(&small, "N", SLICE("a text without room"));
    ok(small.err < 0, "without room");
    buf_done(&out);
    buf_done(&small);
}

static void test_times(void)
{
    struct buf out = BUF_INIT(2000);

    ical_write_stamp(&out, "DTSTART:", INT64_C(1801414799) * 1000000000);
    ical_write_time(&out, 0);
    is_str(buf_cstr(&out), "DTSTART:20270131T165959Z\r\n19700101T000000Z", "in UTC");
    buf_done(&out);
}

int main(void)
{
    test_text();
    test_times();
    for (size_t before = 0; before < 5; before++) {
        folds("a", before);
        folds("đ", before);
        folds("ậ", before);
        folds("\xF0\x9F\x93\x85", before);
    }
    return tap_done();
}
