/* SPDX-License-Identifier: Apache-2.0 */
#include "view/control.h"

#include <string.h>

#include "base/json_write.h"
#include "base/num.h"
#include "lang/msg_case_paper.h"
#include "lang/msg_console.h"
#include "lang/msg_level.h"

const struct view_rows_word view_level_words[] = {{"informational", MSG_LEVEL_WORD_1},
                                                  {"low", MSG_LEVEL_WORD_2},
                                                  {"medium", MSG_LEVEL_WORD_3},
                                                  {"high", MSG_LEVEL_WORD_4},
                                                  {"critical", MSG_LEVEL_WORD_5},
                                                  {NULL, 0}};
const struct view_rows_word view_case_state_words[] = {{"new", MSG_CASE_PAPER_STATE_1},
                                                       {"triage", MSG_CASE_PAPER_STATE_2},
                                                       {"contain", MSG_CASE_PAPER_STATE_3},
                                                       {"remedy", MSG_CASE_PAPER_STATE_4},
                                                       {"observe", MSG_CASE_PAPER_STATE_5},
                                                       {"closed", MSG_CASE_PAPER_STATE_6},
                                                       {"learned", MSG_CASE_PAPER_STATE_7},
                                                       {"merged", MSG_CASE_PAPER_STATE_8},
                                                       {NULL, 0}};
const struct view_rows_word view_case_line_words[] = {
    {"note", MSG_CASE_PAPER_LINE_1},       {"action", MSG_CASE_PAPER_LINE_2},
    {"decision", MSG_CASE_PAPER_LINE_3},   {"alert", MSG_CASE_PAPER_LINE_4},
    {"observable", MSG_CASE_PAPER_LINE_5}, {"evidence", MSG_CASE_PAPER_LINE_6},
    {"custody", MSG_CASE_PAPER_LINE_7},    {"report", MSG_CASE_PAPER_LINE_8},
    {"step", MSG_CASE_PAPER_LINE_9},       {NULL, 0}};
const struct view_rows_word view_case_form_words[] = {{"initial", MSG_CONSOLE_REPORT_INITIAL},
                                                      {"progress", MSG_CONSOLE_REPORT_PROGRESS},
                                                      {"closing", MSG_CONSOLE_REPORT_CLOSING},
                                                      {"data", MSG_CONSOLE_REPORT_DATA},
                                                      {NULL, 0}};
const struct view_rows_word view_case_field_words[] = {{"title", MSG_CONSOLE_CASE_TITLE},
                                                       {"system", MSG_CONSOLE_CASE_SYSTEM},
                                                       {"what", MSG_CONSOLE_CASE_WHAT},
                                                       {"cause", MSG_CONSOLE_CASE_CAUSE},
                                                       {"remedy", MSG_CONSOLE_CASE_REMEDY},
                                                       {"support", MSG_CONSOLE_CASE_SUPPORT},
                                                       {NULL, 0}};
/* Of a line: the state of a step, the level of an alert, the kind of an observable, the form of a
 * report. */
const struct view_rows_word view_case_what_words[] = {{"new", MSG_CASE_PAPER_STATE_1},
                                                      {"triage", MSG_CASE_PAPER_STATE_2},
                                                      {"contain", MSG_CASE_PAPER_STATE_3},
                                                      {"remedy", MSG_CASE_PAPER_STATE_4},
                                                      {"observe", MSG_CASE_PAPER_STATE_5},
                                                      {"closed", MSG_CASE_PAPER_STATE_6},
                                                      {"learned", MSG_CASE_PAPER_STATE_7},
                                                      {"merged", MSG_CASE_PAPER_STATE_8},
                                                      {"domain", MSG_CONSOLE_OBSERVABLE_DOMAIN},
                                                      {"hash", MSG_CONSOLE_OBSERVABLE_HASH},
                                                      {"file", MSG_CONSOLE_OBSERVABLE_FILE},
                                                      {"initial", MSG_CONSOLE_REPORT_INITIAL},
                                                      {"progress", MSG_CONSOLE_REPORT_PROGRESS},
                                                      {"closing", MSG_CONSOLE_REPORT_CLOSING},
                                                      {"data", MSG_CONSOLE_REPORT_DATA},
                                                      {"informational", MSG_LEVEL_WORD_1},
                                                      {"low", MSG_LEVEL_WORD_2},
                                                      {"medium", MSG_LEVEL_WORD_3},
                                                      {"high", MSG_LEVEL_WORD_4},
                                                      {"critical", MSG_LEVEL_WORD_5},
                                                      {NULL, 0}};
const struct view_rows_word view_alert_state_words[] = {{"new", MSG_CONSOLE_ALERT_STATE_1},
                                                        {"seen", MSG_CONSOLE_ALERT_STATE_2},
                                                        {"closed", MSG_CONSOLE_ALERT_STATE_3},
                                                        {NULL, 0}};

const struct view_rows_word view_verdict_words[] = {{"seen", MSG_CONSOLE_VERDICT_SEEN},
                                                    {"real", MSG_CONSOLE_VERDICT_REAL},
                                                    {"known", MSG_CONSOLE_VERDICT_KNOWN},
                                                    {"false", MSG_CONSOLE_VERDICT_FALSE},
                                                    {NULL, 0}};
const struct view_rows_word view_message_words[] = {
    {"waiting", MSG_CONSOLE_MESSAGE_1},  {"handed", MSG_CONSOLE_MESSAGE_2},
    {"sent", MSG_CONSOLE_MESSAGE_3},     {"failed", MSG_CONSOLE_MESSAGE_4},
    {"unknown", MSG_CONSOLE_MESSAGE_5},  {"carried", MSG_CONSOLE_MESSAGE_6},
    {"needless", MSG_CONSOLE_MESSAGE_7}, {NULL, 0}};

static enum table_kind kind_of(enum control_kind kind)
{
    static const enum table_kind kinds[] = {
        [CONTROL_IS_TEXT] = TABLE_TEXT,    [CONTROL_IS_NUMBER] = TABLE_NUMBER,
        [CONTROL_IS_TIME] = TABLE_TIME,    [CONTROL_IS_SPAN] = TABLE_SPAN,
        [CONTROL_IS_FLAG] = TABLE_FLAG,    [CONTROL_IS_ID] = TABLE_ID,
        [CONTROL_IS_BYTES] = TABLE_NUMBER,
    };

    return kinds[kind];
}

static uint8_t cell_of(const struct control_act *act, const char *key)
{
    size_t i = 0;

    while (i < act->column_count && strcmp(act->columns[i].key, key) != 0)
        i++;
    return (uint8_t)i;
}

static void add_column(struct view_rows *v, unsigned i, uint8_t at,
                       const struct view_rows_column *column)
{
    bool known = at < v->act->column_count;

    v->at[i] = at;
    v->words[i] = column->words;
    v->lines[i] = column->lines;
    v->columns[i] = (struct table_column){
        .key = column->key,
        .title = column->title,
        .rank = column->rank,
        .width = column->width,
        .wrap = column->wrap,
        .kind = column->words || column->lines ? TABLE_WORD
                : known                        ? kind_of(v->act->columns[at].kind)
                                               : TABLE_TEXT,
    };
}

void view_rows_begin(const struct view_ctx *c, const struct control_act *act,
                     const struct view_rows_column *columns, unsigned count, struct view_rows *ret)
{
    bool all = count == 0;

    ret->act = act;
    count = all ? (unsigned)act->column_count : count;
    count = CANH_MIN(count, (unsigned)VIEW_ROWS_COLUMNS);
    for (unsigned i = 0; i < count; i++) {
        struct view_rows_column own = {.key = all ? act->columns[i].key : NULL};

        add_column(ret, i, all ? (uint8_t)i : cell_of(act, columns[i].key),
                   all ? &own : &columns[i]);
    }
    view_begin(c, &ret->table, "rows", ret->columns, count);
}

static void write_cell(struct table *t, enum control_kind kind, struct slice s)
{
    int64_t v = 0;

    if (kind == CONTROL_IS_ID)
        table_id(t, s);
    else if (kind == CONTROL_IS_TEXT)
        table_text(t, s);
    else if (num_i64(s, &v) < 0)
        table_nothing(t);
    else if (kind == CONTROL_IS_TIME)
        table_time(t, v);
    else if (kind == CONTROL_IS_SPAN)
        table_span(t, v);
    else if (kind == CONTROL_IS_FLAG)
        table_flag(t, v != 0);
    else
        table_number(t, v);
}

static void write_word(struct table *t, const struct view_rows_word *words, struct slice s)
{
    for (; words->word; words++) {
        if (slice_is(s, words->word)) {
            table_word(t, words->word, words->text);
            return;
        }
    }
    if (s.n > 0)
        table_word_text(t, s, s);
    else
        table_nothing(t);
}

static void write_lines(struct table *t, struct slice s)
{
    struct buf text = BUF_INIT(CONTROL_TEXT_MAX);
    struct slice rest = s, line;

    if (s.n == 0) {
        table_nothing(t);
        return;
    }
    while (slice_cut(&rest, '\n', &line)) {
        if (text.len > 0)
            buf_puts(&text, ", ");
        buf_append_slice(&text, line);
    }
    table_word_text(t, s, text.err < 0 ? s : buf_slice(&text));
    buf_done(&text);
}

void view_rows_write(struct view_rows *v, const struct slice *cells, size_t n)
{
    for (unsigned i = 0; i < v->table.count; i++) {
        size_t at = v->at[i];

        if (v->words[i] && at < n)
            write_word(&v->table, v->words[i], cells[at]);
        else if (v->lines[i] && at < n)
            write_lines(&v->table, cells[at]);
        else if (at < n && at < v->act->column_count)
            write_cell(&v->table, v->act->columns[at].kind, cells[at]);
        else
            table_absent(&v->table);
    }
    table_row_end(&v->table);
}

void view_json_source_added(struct buf *out, const struct control_act *act,
                            const struct slice *cells, size_t n, struct slice config)
{
    const struct view_ctx plain = {.lang = LANG_EN};
    struct json_write w = JSON_WRITE_INIT(out);
    struct buf row = BUF_INIT(1 << 20);
    struct json_write inner = JSON_WRITE_INIT(&row);
    struct view_rows v;

    view_rows_begin(&plain, act, NULL, 0, &v);
    view_rows_write(&v, cells, n);
    table_row_to_json(&v.table, 0, &inner);
    json_open(&w, '{');
    if (row.len > 2)
        json_members(&w, slice_of(row.p + 1, row.len - 2));
    json_key(&w, "config");
    json_text(&w, config);
    json_close(&w, '}');
    buf_putc(out, '\n');
    table_done(&v.table);
    buf_done(&row);
}
