/* SPDX-License-Identifier: Apache-2.0 */
#include "view/journal.h"

#include "base/hex.h"
#include "lang/msg_journal.h"

static const struct table_column stream_columns[] = {
    {.key = "stream", .title = MSG_JOURNAL_COL_STREAM},
    {.key = "first", .title = MSG_JOURNAL_COL_FIRST, .kind = TABLE_NUMBER, .rank = 2},
    {.key = "next", .title = MSG_JOURNAL_COL_NEXT, .kind = TABLE_NUMBER},
    {.key = "segments", .title = MSG_JOURNAL_COL_SEGMENTS, .kind = TABLE_NUMBER, .rank = 3},
    {.key = "stored", .title = MSG_JOURNAL_COL_STORED, .kind = TABLE_NUMBER, .rank = 1},
    {.key = "oldest", .title = MSG_JOURNAL_COL_OLDEST, .kind = TABLE_TIME, .rank = 1},
    {.key = "newest", .title = MSG_JOURNAL_COL_NEWEST, .kind = TABLE_TIME},
};

void view_streams_begin(const struct view_ctx *c, struct table *ret)
{
    VIEW_BEGIN(c, ret, "streams", stream_columns);
}

void view_stream_write(struct table *t, const struct journal_stream_state *x)
{
    table_text(t, slice_str(x->name));
    table_number(t, (int64_t)x->first);
    table_number(t, (int64_t)x->next);
    table_number(t, (int64_t)x->segments);
    table_number(t, (int64_t)x->stored);
    table_time(t, x->oldest);
    table_time(t, x->newest);
    table_row_end(t);
}

int view_streams(const struct view_ctx *c, struct journal *j, struct table *ret, struct err *err)
{
    int r = 0;

    view_streams_begin(c, ret);
    for (uint32_t i = 0; r == 0 && i < journal_stream_count(j); i++) {
        struct journal_stream_state x;

        r = journal_stream_state(j, i, &x, err);
        if (r == 0)
            view_stream_write(ret, &x);
    }
    return view_end(ret, r, err);
}

static const struct table_column mend_columns[] = {
    {.key = "stream", .title = MSG_JOURNAL_COL_STREAM},
    {.key = "segment", .title = MSG_JOURNAL_COL_SEGMENT, .kind = TABLE_NUMBER},
    {.key = "problem", .title = MSG_JOURNAL_COL_PROBLEM, .wrap = true},
    {.key = "from", .title = MSG_JOURNAL_COL_LOST_FROM, .kind = TABLE_NUMBER},
    {.key = "until", .title = MSG_JOURNAL_COL_LOST_UNTIL, .kind = TABLE_NUMBER},
};

void view_journal_mends(const struct view_ctx *c, struct table *ret)
{
    VIEW_BEGIN(c, ret, "journal-repair", mend_columns);
}

void view_journal_mend_write(struct table *t, const struct journal_mend *m)
{
    table_text(t, slice_str(m->stream));
    table_number(t, (int64_t)m->segment);
    table_text(t, slice_str(m->what));
    table_mark(t, TABLE_BAD);
    table_number(t, (int64_t)m->from);
    table_number(t, (int64_t)m->until);
    table_row_end(t);
}

static const struct table_column key_columns[] = {
    {.key = "key", .title = MSG_JOURNAL_COL_KEY},
    {.key = "use", .title = MSG_JOURNAL_COL_USE},
};

void view_journal_keys(const struct view_ctx *c, const struct journal_keys *keys, struct table *ret)
{
    VIEW_BEGIN(c, ret, "journal-keys", key_columns);
    for (uint32_t i = 0; i < keys->count; i++) {
        char hex[2 * JOURNAL_KEY_ID_SIZE];

        hex_write(hex, keys->items[i].id, JOURNAL_KEY_ID_SIZE);
        table_text(ret, slice_of(hex, sizeof(hex)));
        if (i == 0)
            table_word(ret, "write", MSG_JOURNAL_KEY_NOW);
        else
            table_word(ret, "read", MSG_JOURNAL_KEY_EARLIER);
        table_row_end(ret);
    }
}

static const struct table_column problem_columns[] = {
    {.key = "stream", .title = MSG_JOURNAL_COL_STREAM},
    {.key = "segment", .title = MSG_JOURNAL_COL_SEGMENT, .kind = TABLE_NUMBER},
    {.key = "at", .title = MSG_JOURNAL_COL_AT, .kind = TABLE_NUMBER},
    {.key = "problem", .title = MSG_JOURNAL_COL_PROBLEM},
    {.key = "detail", .title = MSG_JOURNAL_COL_DETAIL, .wrap = true, .width = 16},
};

void view_journal_problems(const struct view_ctx *c, struct table *ret)
{
    VIEW_BEGIN(c, ret, "journal-problems", problem_columns);
}

void view_journal_problem_write(struct table *t, const struct journal_problem *p)
{
    table_text(t, slice_str(p->stream));
    table_number(t, (int64_t)p->segment);
    table_number(t, (int64_t)p->at);
    table_text(t, slice_str(p->what));
    table_mark(t, TABLE_BAD);
    table_text(t, slice_str(p->detail ? p->detail : ""));
    table_row_end(t);
}

static const struct table_column value_columns[] = {
    {.key = "count", .title = MSG_JOURNAL_COL_COUNT, .kind = TABLE_NUMBER},
    {.key = "value", .title = MSG_JOURNAL_COL_VALUE, .wrap = true},
};

int view_search_values(const struct view_ctx *c, const struct search_value *values, size_t n,
                       struct table *ret, struct err *err)
{
    VIEW_BEGIN(c, ret, "search-values", value_columns);
    for (size_t i = 0; i < n; i++) {
        table_number(ret, (int64_t)values[i].count);
        table_text(ret, values[i].value);
        table_row_end(ret);
    }
    return view_end(ret, 0, err);
}

static const struct table_column bin_columns[] = {
    {.key = "start", .title = MSG_JOURNAL_COL_START, .kind = TABLE_TIME},
    {.key = "count", .title = MSG_JOURNAL_COL_COUNT, .kind = TABLE_NUMBER},
};

int view_search_bins(const struct view_ctx *c, const struct search_bin *bins, size_t n,
                     struct table *ret, struct err *err)
{
    VIEW_BEGIN(c, ret, "search-histogram", bin_columns);
    for (size_t i = 0; i < n; i++) {
        table_time(ret, bins[i].start);
        table_number(ret, (int64_t)bins[i].count);
        table_row_end(ret);
    }
    return view_end(ret, 0, err);
}
