/* SPDX-License-Identifier: Apache-2.0 */
/* Lines at the limit of a record, and over it. */
#include <string.h>

#include "follow_kit.h"

static void test_long(void)
{
    char text[3 * LINE_BYTES];
    struct follow f;

    clean();
    open_follow(&f, true);
    memset(text, 'y', sizeof(text) - 1);
    text[sizeof(text) - 1] = 0;
    append(text);
    append("\nshort\n");
    (void)read_all(&f);
    is_int(got.len, LINE_BYTES + 1 + strlen("short "), "a line over the limit is cut");
    is_int(got.p[LINE_BYTES], '+', "and marked");
    follow_done(&f);
    ok(got.p[LINE_BYTES - 1] == 'y' && got.p[LINE_BYTES + 1] == 's', "its rest is passed over");
}

/* At the limit, with what ends it or before that is there. */
static void test_limit(void)
{
    static const struct {
        unsigned bytes;
        const char *end;
        char mark;
    } cases[] = {{LINE_BYTES, "\n", ' '},
                 {LINE_BYTES, "\r\n", ' '},
                 {LINE_BYTES + 1, "\n", '+'},
                 {LINE_BYTES + 1, "\r\n", '+'}};
    char text[LINE_BYTES + 2];
    struct follow f;

    for (size_t i = 0; i < CANH_LEN(cases); i++)
        for (unsigned late = 0; late < 2; late++) {
            clean();
            open_follow(&f, true);
            memset(text, 'y', cases[i].bytes);
            text[cases[i].bytes] = 0;
            append(text);
            if (late)
                is_int(strlen(read_all(&f)), cases[i].mark == '+' ? LINE_BYTES + 1 : 0,
                       "a line of %u that is not ended", cases[i].bytes);
            append(cases[i].end);
            if (!late || cases[i].mark == ' ') {
                is_int(strlen(read_all(&f)), LINE_BYTES + 1, "one of %u", cases[i].bytes);
                is_int(got.p[LINE_BYTES], cases[i].mark, "marked if it is over the limit");
            }
            append("next\n");
            (void)read_all(&f);
            is_str(buf_cstr(&got), "next ", "and what comes behind it");
            follow_done(&f);
        }
}

/* How many lines the first record has of a document of so many. */
static unsigned lines_of_first(unsigned lines)
{
    struct follow_line line;
    struct follow f;
    unsigned n = 0;

    clean();
    append("{\"a\":[\n");
    for (unsigned i = 3; i < lines; i++)
        append("1,\n");
    append("1\n]}\n");
    open_follow(&f, true);
    for (unsigned i = 0; i < POLLS && n == 0; i++) {
        (void)!follow_poll(&f, &err);
        if (follow_next(&f, &line))
            n = 1 + (unsigned)slice_count_byte(line.text, '\n');
    }
    follow_done(&f);
    return n;
}

static void test_lines(void)
{
    is_int(lines_of_first(FOLLOW_LINES), FOLLOW_LINES, "a document of as many lines as one has");
    is_int(lines_of_first(FOLLOW_LINES + 1), FOLLOW_LINES, "and of one more");
}

int main(void)
{
    kit_begin();
    test_long();
    test_limit();
    test_lines();
    return kit_done();
}
