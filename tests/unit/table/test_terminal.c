/* SPDX-License-Identifier: Apache-2.0 */
/* How a table stands on a terminal: every line within its columns, nothing lost without a word. */
#include "base/width.h"
#include "table/table.h"
#include "tap.h"

static const struct table_column columns[] = {
    {.key = "code", .heading = "Code"},
    {.key = "id", .heading = "Id", .kind = TABLE_ID, .rank = 3},
    {.key = "level", .heading = "Level", .kind = TABLE_NUMBER, .rank = 2},
    {.key = "since", .heading = "Since", .kind = TABLE_TIME, .rank = 1},
    {.key = "name", .heading = "Name", .wrap = true},
    {.key = "note", .heading = "Note"},
};

static void fill(struct table *t, const char *name, const char *note)
{
    static const struct table_options o = {.name = "things", .lang = LANG_EN, .zone = 7 * 3600};

    table_init(t, columns, CANH_LEN(columns), &o);
    table_text(t, SLICE("cntt"));
    table_id(t, SLICE("0123456789abcdef0123456789abcdef"));
    table_number(t, 12345);
    table_time(t, INT64_C(1606782600000000000));
    table_text(t, slice_str(name));
    table_text(t, slice_str(note));
    table_row_end(t);
}

/* The widest line, and how many there are. */
static size_t widest(struct slice text, unsigned *ret_lines)
{
    struct slice line;
    size_t max = 0;

    *ret_lines = 0;
    for (; text.n > 0 && slice_cut(&text, '\n', &line); ++*ret_lines)
        max = CANH_MAX(max, text_width(line));
    return max;
}

static void test_every_width(void)
{
    struct buf out = BUF_INIT(1 << 20);
    struct table t;
    unsigned lines;

    fill(&t, "Trung tâm Công nghệ thông tin và Truyền thông tỉnh, cơ sở hai",
         "漢字の説明はとても長いのでここでは切られてしまうかもしれません");
    for (unsigned width = 20; width <= 220; width++) {
        size_t got;

        buf_clear(&out);
        table_to_terminal(&t, &(struct table_terminal){.columns = width}, &out);
        got = widest(buf_slice(&out), &lines);
        if (got > width || lines < 2) {
            ok(false, "%u columns: a line of %zu\n%.*s", width, got, SLICE_ARG(buf_slice(&out)));
            break;
        }
    }
    ok(out.err == 0, "each width from 20 to 220 holds every line");
    table_done(&t);
    buf_done(&out);
}

static void is_shown(struct table *t, unsigned width, const char *want)
{
    struct buf out = BUF_INIT(1 << 20);

    table_to_terminal(t, &(struct table_terminal){.columns = width}, &out);
    is_slice(buf_slice(&out), slice_str(want), "%u columns", width);
    buf_done(&out);
}

static void test_rank(void)
{
    struct table t;

    fill(&t, "Server", "in room 3");
    is_shown(&t, 80,
             "Code  Id         Level  Since             Name    Note\n"
             "cntt  01234567  12,345  07:30 01/12/2020  Server  in room 3\n");
    is_shown(&t, 50,
             "Code   Level  Since             Name    Note\n"
             "cntt  12,345  07:30 01/12/2020  Server  in room 3\n"
             "(no room, not shown: Id; to see all: a wider\n"
             "window, --json or -o FILE.xlsx)\n");
    is_shown(&t, 30,
             "Code  Name    Note\n"
             "cntt  Server  in room 3\n"
             "(no room, not shown: Id,\n"
             "Level, Since; to see all: a\n"
             "wider window, --json or -o\n"
             "FILE.xlsx)\n");
    table_done(&t);
}

static void test_wrap(void)
{
    static const struct table_column two[] = {{.key = "n", .heading = "N", .kind = TABLE_NUMBER},
                                              {.key = "t", .heading = "Text", .wrap = true}};
    static const struct table_options o = {.name = "two", .lang = LANG_EN};
    struct table t;

    table_init(&t, two, 2, &o);
    table_number(&t, 1);
    table_text(&t, SLICE("one two three four five six"));
    table_row_end(&t);
    table_number(&t, 20);
    table_text(&t, SLICE("\x1b[31mred"));
    table_row_end(&t);
    is_shown(&t, 20,
             " N  Text\n"
             " 1  one two three\n"
             "    four five six\n"
             "20  \\x1b[31mred\n");
    table_clear(&t);
    is_shown(&t, 20, "(nothing yet)\n");
    table_done(&t);
}

static void test_colour(void)
{
    static const struct table_column one[] = {{.key = "s", .heading = "S"}};
    static const struct table_options o = {.name = "one", .lang = LANG_EN};
    struct buf out = BUF_INIT(1000);
    struct table t;

    table_init(&t, one, 1, &o);
    table_text(&t, SLICE("late"));
    table_mark(&t, TABLE_BAD);
    table_row_end(&t);
    table_to_terminal(&t, &(struct table_terminal){.columns = 40, .colour = true}, &out);
    is_slice(buf_slice(&out), SLICE("S\n\x1b[31mlate\x1b[0m\n"), "a mark is a colour");
    table_done(&t);
    buf_done(&out);
}

int main(void)
{
    test_every_width();
    test_rank();
    test_wrap();
    test_colour();
    return tap_done();
}
