/* SPDX-License-Identifier: Apache-2.0 */
/* Logons as a table. */
#include "hunt/logons.h"
#include "lang/msg_hunt.h"

static const struct table_column columns[] = {
    {.key = "user", .title = MSG_HUNT_COL_USER, .width = 16},
    {.key = "target", .title = MSG_HUNT_COL_AS, .rank = 6},
    {.key = "host", .title = MSG_HUNT_COL_HOST, .width = 12, .rank = 1},
    {.key = "from", .title = MSG_HUNT_COL_FROM_WHERE, .width = 14},
    {.key = "how", .title = MSG_HUNT_COL_HOW, .width = 8, .rank = 2},
    {.key = "good", .title = MSG_HUNT_COL_GOOD, .kind = TABLE_NUMBER},
    {.key = "failed", .title = MSG_HUNT_COL_FAILED, .kind = TABLE_NUMBER},
    {.key = "failed_before", .title = MSG_HUNT_COL_BEFORE, .kind = TABLE_NUMBER, .rank = 3},
    {.key = "first", .title = MSG_HUNT_COL_FIRST, .kind = TABLE_TIME, .rank = 4},
    {.key = "last", .title = MSG_HUNT_COL_LAST, .kind = TABLE_TIME, .rank = 5},
    {.key = "local", .title = MSG_HUNT_COL_LOCAL, .kind = TABLE_FLAG, .reader = TABLE_PROGRAMS},
    {.key = "sessions", .title = MSG_HUNT_COL_SESSIONS, .kind = TABLE_NUMBER, .rank = 7},
    {.key = "longest", .title = MSG_HUNT_COL_LONGEST, .kind = TABLE_SPAN, .rank = 8},
    {.key = "total", .title = MSG_HUNT_COL_TOTAL, .kind = TABLE_SPAN, .rank = 9},
};

static void write_how(const struct words *words, struct table *t, const struct logon_row *row)
{
    struct slice word = words_find(words, row->how_label, row->how, t->options.lang);

    table_word_text(t, row->how, word.n ? word : row->how);
}

static void write_row(const struct words *words, struct table *t, const struct logon_row *row)
{
    table_text(t, row->user);
    if (row->target.n)
        table_text(t, row->target);
    else
        table_nothing(t);
    table_text(t, row->host);
    table_text(t, row->from);
    write_how(words, t, row);
    table_number(t, (int64_t)row->good);
    table_number(t, (int64_t)row->failed);
    table_number(t, (int64_t)row->before);
    if (row->before)
        table_mark(t, TABLE_BAD);
    table_time(t, row->first);
    table_time(t, row->last);
    table_flag(t, row->local);
    table_number(t, (int64_t)row->sessions);
    if (row->sessions) {
        table_span(t, row->longest);
        table_span(t, row->total);
    }
}

int logons_write_list(struct logons *l, const struct words *words, struct list *list,
                      uint64_t *ret_rows, struct err *err)
{
    struct logon_row row;
    int r = list_table(list, "logons", SLICE_NULL, columns, CANH_LEN(columns), err);

    while (r == 0 && logons_next(l, &row)) {
        ++*ret_rows;
        write_row(words, &list->table, &row);
        r = list_row(list, err);
    }
    return r == 0 ? list_table_end(list, err) : r;
}
