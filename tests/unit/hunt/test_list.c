/* SPDX-License-Identifier: Apache-2.0 */
/* Tables longer than a part: on a terminal cut and said so, elsewhere whole with one heading. */
#include "hunt/list.h"

#include "lang/msg_hunt.h"
#include "tap.h"

enum { ROWS = 1234 };

static const struct table_column columns[] = {
    {.key = "user", .title = MSG_HUNT_COL_USER},
    {.key = "record", .title = MSG_HUNT_COL_RECORD, .kind = TABLE_NUMBER},
};

static struct buf out = {.max = 1 << 24};

static void make(enum list_face face, uint64_t limit, unsigned rows)
{
    struct list_request request = {.face = face, .lang = LANG_EN, .limit = limit, .out = &out};
    struct err err = ERR_INIT;
    struct list l;
    int r = list_begin(&l, &request, &err);

    buf_clear(&out);
    for (int t = 0; t < 2 && r == 0; t++) {
        r = list_table(&l, "t", SLICE("Title"), columns, CANH_LEN(columns), &err);
        for (unsigned i = 0; i < rows && r == 0; i++) {
            table_text(&l.table, SLICE("an"));
            table_number(&l.table, i);
            r = list_row(&l, &err);
        }
        if (r == 0)
            r = list_table_end(&l, &err);
    }
    is_int(r, 0, "made");
    is_int(list_end(&l, -1, &err), 0, "ended");
}

static unsigned lines_with(const char *text)
{
    struct slice rest = buf_slice(&out), line;
    unsigned n = 0;

    while (slice_cut(&rest, '\n', &line))
        n += slice_find(line, slice_str(text)) != SIZE_MAX;
    return n;
}

int main(void)
{
    make(LIST_TEXT, 10, ROWS);
    is_int(lines_with("an "), 20, "ten rows of each");
    is_int(lines_with("1,224 more"), 2, "and how many more");
    make(LIST_TEXT, 10, 10);
    is_int(lines_with("more;"), 0, "nothing more");
    make(LIST_TEXT, 0, ROWS);
    is_int(lines_with("an "), 2 * ROWS, "all");
    make(LIST_TEXT, 10, 0);
    is_int(lines_with("Title"), 2, "an empty table has its title");
    make(LIST_JSON, 10, ROWS);
    is_int(lines_with("\"record\":"), 2 * ROWS, "JSON has all");
    make(LIST_CSV, 10, ROWS);
    is_int(lines_with("an;"), 2 * ROWS, "CSV has all");
    is_int(lines_with("user;record"), 2, "a heading each");
    is_int(lines_with("\xEF\xBB\xBF"), 1, "one byte order mark");
    make(LIST_XLSX, 10, ROWS);
    buf_done(&out);
    return tap_done();
}
