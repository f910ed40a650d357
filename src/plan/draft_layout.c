/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands side by side in a letter, one below the other: the letterhead and the signatures are
 * two columns (a table without borders, or wide gaps in a text made from a PDF), and are read
 * column by column; a table of tasks gives a paragraph a row, with what each column says; any other
 * table a paragraph a row, cells apart by a bar.
 */
#include "base/utf.h"
#include "lang/err_plan.h"
#include "plan/draft_text.h"
#include "plan/terms.h"

enum { HEAD_LINES = 40, GAP_BLANKS = 3, TASK_COLUMNS_MAX = 24, ORDINAL_MAX = 12 };

struct layout {
    struct arena *arena;
    const struct draft_para *paras;
    size_t count;
    struct draft_para *out;
    size_t n, cap;
    bool lines;
    struct err *err;
};

static void draft_layout_write(struct layout *o, struct slice text, const struct draft_para *from)
{
    text = slice_trim(text);
    if (text.n == 0 || o->n == o->cap)
        return;
    o->out[o->n] = *from;
    o->out[o->n].text = text;
    o->n++;
}

/* Lines of one paragraph: apart where told so or where a number begins one, else one paragraph. */
static void write_para(struct layout *o, const struct draft_para *para, bool apart)
{
    struct draft_para from = *para;
    struct slice rest = para->text, line, begun = SLICE_NULL;

    from.table = 0;
    while (slice_cut(&rest, '\n', &line)) {
        if (begun.p != NULL && (apart || marker_read(slice_trim(line)).kind != MARKER_NONE)) {
            draft_layout_write(o, begun, &from);
            from.label = SLICE_NULL;
            begun = SLICE_NULL;
        }
        begun = begun.p == NULL ? line : slice_of(begun.p, (size_t)(line.p + line.n - begun.p));
    }
    draft_layout_write(o, begun, &from);
}

enum column { COLUMN_OTHER, COLUMN_ORDINAL, COLUMN_WHAT, COLUMN_WHO, COLUMN_WITH, COLUMN_DUE };

struct table {
    size_t from, end;         /* of the paragraphs */
    size_t row_from, row_end; /* of the row that is looked at */
    uint32_t cols;
    uint32_t head; /* row with the headings of a table of tasks; 0: it is none */
    uint32_t heads; /* the last row of them: below “Thực hiện” may stand “Chủ trì”, “Phối hợp” */
    struct slice headings[TASK_COLUMNS_MAX + 1];
    enum column columns[TASK_COLUMNS_MAX + 1];
    const struct draft_para *above[TASK_COLUMNS_MAX + 1]; /* the last cell of each, or NULL */
};

static enum column column_of(struct arena *arena, struct slice heading)
{
    static const struct {
        const char *words;
        enum column column;
    } rows[] = {{"phối hợp", COLUMN_WITH},
                {"thời gian", COLUMN_DUE},
                {"hoàn thành", COLUMN_DUE},
                {"tiến độ", COLUMN_DUE},
                {"hạn", COLUMN_DUE},
                {"chủ trì", COLUMN_WHO},
                {"cơ quan thực hiện", COLUMN_WHO},
                {"trách nhiệm", COLUMN_WHO},
                {"phân công", COLUMN_WHO},
                {"phụ trách", COLUMN_WHO},
                {"người thực hiện", COLUMN_WHO},
                {"đơn vị", COLUMN_WHO},
                {"nội dung", COLUMN_WHAT},
                {"nhiệm vụ", COLUMN_WHAT},
                {"công việc", COLUMN_WHAT},
                {"hoạt động", COLUMN_WHAT},
                {"giải pháp", COLUMN_WHAT},
                {"stt", COLUMN_ORDINAL},
                {"tt", COLUMN_ORDINAL},
                {"số tt", COLUMN_ORDINAL}};
    struct slice key = terms_key(arena, slice_head(heading, 200), false);

    if (slice_eq(key, terms_key(arena, SLICE("thực hiện"), false))) /* alone: who does it */
        return COLUMN_WHO;
    for (size_t i = 0; key.n > 0 && i < CANH_LEN(rows); i++) {
        if (terms_found(key, terms_key(arena, slice_str(rows[i].words), false)))
            return rows[i].column;
    }
    return COLUMN_OTHER;
}

/* A row that heads tasks: what is to be done, and who or until when. */
static bool is_task_head(struct layout *o, struct table *t, uint32_t row)
{
    unsigned seen[COLUMN_DUE + 1] = {0};

    memset(t->columns, 0, sizeof(t->columns));
    memset(t->headings, 0, sizeof(t->headings));
    for (size_t i = t->from; i < t->end; i++) {
        const struct draft_para *p = &o->paras[i];

        if (p->row != row || p->col > TASK_COLUMNS_MAX)
            continue;
        t->headings[p->col] = p->text;
        t->columns[p->col] = p->text.n < 120 ? column_of(o->arena, p->text) : COLUMN_OTHER;
        if (seen[t->columns[p->col]]++ > 0 && t->columns[p->col] == COLUMN_WHAT)
            t->columns[p->col] = COLUMN_OTHER;
    }
    return seen[COLUMN_WHAT] > 0 && seen[COLUMN_WHO] + seen[COLUMN_DUE] > 0;
}

/* A second row of headings, of parts of a column above: all of them are known, and nothing that is
 * to be done stands beside them. */
static bool is_head_below(const struct layout *o, struct table *t, uint32_t row)
{
    size_t known = 0;

    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t i = t->from; i < t->end; i++) {
            const struct draft_para *p = &o->paras[i];
            enum column c = p->text.n < 60 ? column_of(o->arena, p->text) : COLUMN_OTHER;

            if (p->row != row || p->col > TASK_COLUMNS_MAX)
                continue;
            if (c < COLUMN_WHO || t->columns[p->col] == COLUMN_WHAT)
                return false;
            known++;
            if (pass > 0) {
                t->columns[p->col] = c;
                t->headings[p->col] = p->text;
            }
        }
    }
    return known > 0;
}

/* Letterhead, addressees, signatures: columns are read one after the other. */
static bool is_form(const struct layout *o, const struct table *t)
{
    for (size_t i = t->from; i < t->end; i++) {
        struct slice rest = o->paras[i].text, line;

        while (slice_cut(&rest, '\n', &line)) {
            line = slice_trim(line);
            if (draft_is_motto(o->arena, line) || slice_starts(line, SLICE("Số:")) ||
                slice_starts(line, SLICE("Nơi nhận")) || slice_starts(line, SLICE("Kính gửi")))
                return true;
        }
    }
    return t->cols == 1;
}

/* Rows from … until before end, column by column. */
static void write_rows_by_column(struct layout *o, const struct table *t, size_t from, size_t end)
{
    for (uint32_t col = 1; col <= t->cols; col++) {
        for (size_t i = from; i < end; i++) {
            if (o->paras[i].col == col)
                write_para(o, &o->paras[i], true);
        }
    }
}

/* A letterhead; the addressees, which may be a row below it, come after all of it. */
static void write_columns(struct layout *o, const struct table *t)
{
    size_t from = t->from;

    for (size_t i = t->from; i < t->end; i++) {
        if (i > from && slice_starts(slice_trim(o->paras[i].text), SLICE("Kính gửi"))) {
            write_rows_by_column(o, t, from, i);
            from = i;
        }
    }
    write_rows_by_column(o, t, from, t->end);
}

/* A cell of the row that is looked at. */
static const struct draft_para *cell_at(const struct layout *o, const struct table *t, uint32_t col)
{
    for (size_t i = t->row_from; i < t->row_end; i++) {
        if (o->paras[i].col == col)
            return &o->paras[i];
    }
    return NULL;
}

/* The same, or one from above that is merged down to this row: a lead, a date for several tasks. */
static const struct draft_para *task_cell(const struct layout *o, const struct table *t,
                                          uint32_t col)
{
    const struct draft_para *c = cell_at(o, t, col);
    const struct draft_para *above = col <= TASK_COLUMNS_MAX ? t->above[col] : NULL;

    if (c == NULL && above != NULL && t->columns[col] != COLUMN_ORDINAL &&
        above->row + (uint64_t)above->rows > o->paras[t->row_from].row)
        return above;
    return c;
}

/* The number in a row's first column as a label: “1” is “1.”; a row without one has a dash. */
static struct slice label_of(struct layout *o, struct slice ordinal)
{
    struct buf text = BUF_INIT(64);
    struct slice ret;

    ordinal = slice_trim(ordinal);
    if (ordinal.n == 0 || ordinal.n > ORDINAL_MAX)
        return SLICE("-");
    buf_append_slice(&text, ordinal);
    if (ordinal.p[ordinal.n - 1] != '.' && ordinal.p[ordinal.n - 1] != ')')
        buf_putc(&text, '.');
    ret = arena_dup(o->arena, buf_slice(&text));
    buf_done(&text);
    return ret;
}

/* The whole row as text, so that nothing of it is lost: what, then the other columns by name. */
static void write_row_text(struct buf *out, const struct layout *o, const struct table *t,
                           bool headings)
{
    const struct draft_para *what = NULL;
    bool first = true;

    for (uint32_t col = 1; headings && col <= t->cols && col <= TASK_COLUMNS_MAX; col++) {
        if (t->columns[col] == COLUMN_WHAT)
            what = task_cell(o, t, col);
    }
    if (what)
        buf_append_slice(out, what->text);
    first = what == NULL;
    for (uint32_t col = 1; col <= t->cols; col++) {
        const struct draft_para *c = headings ? task_cell(o, t, col) : cell_at(o, t, col);

        if (c == NULL || c == what ||
            (headings && col <= TASK_COLUMNS_MAX && t->columns[col] == COLUMN_ORDINAL &&
             slice_trim(c->text).n <= ORDINAL_MAX))
            continue; /* it is the label */
        buf_puts(out, first ? "" : " | ");
        if (headings && col <= TASK_COLUMNS_MAX && t->headings[col].n > 0 && what)
            buf_printf(out, SLICE_FMT ": ", SLICE_ARG(slice_trim(t->headings[col])));
        buf_append_slice(out, c->text);
        first = false;
    }
}

static void write_row(struct layout *o, const struct table *t)
{
    struct draft_task task = {.what = SLICE_NULL}, *keep;
    const struct draft_para *first = &o->paras[t->row_from];
    struct draft_para para = {.number = first->number, .table = first->table};
    struct buf text = BUF_INIT(1 << 20);
    struct slice ordinal = SLICE_NULL;
    bool tasks = t->head > 0 && first->row > t->heads;

    for (uint32_t col = 1; col <= t->cols; col++) {
        const struct draft_para *c = tasks ? task_cell(o, t, col) : NULL;

        if (c == NULL || col > TASK_COLUMNS_MAX)
            continue;
        switch (t->columns[col]) {
        case COLUMN_ORDINAL:
            ordinal = c->text;
            break;
        case COLUMN_WHAT:
            task.what = c->text;
            break;
        case COLUMN_WHO:
            task.who = task.who.n ? task.who : c->text;
            break;
        case COLUMN_WITH:
            task.with = c->text;
            break;
        case COLUMN_DUE:
            task.due = c->text;
            break;
        case COLUMN_OTHER:
            break;
        }
    }
    write_row_text(&text, o, t, tasks);
    if (tasks)
        para.label = label_of(o, ordinal);
    if (task.what.n > 0 && (task.who.n > 0 || task.due.n > 0)) {
        keep = arena_new(o->arena, struct draft_task);
        if (keep)
            *keep = task;
        para.task = keep;
    }
    draft_layout_write(o, arena_dup(o->arena, buf_slice(&text)), &para);
    buf_done(&text);
}

static void write_table(struct layout *o, size_t from, size_t end)
{
    struct table t = {.from = from, .end = end};
    uint32_t rows = 0;

    for (size_t i = from; i < end; i++) {
        t.cols = CANH_MAX(t.cols, o->paras[i].col);
        rows = CANH_MAX(rows, o->paras[i].row);
    }
    for (uint32_t row = 1; row <= CANH_MIN(rows, 3u) && t.head == 0; row++) {
        if (is_task_head(o, &t, row))
            t.head = row;
    }
    t.heads = t.head;
    if (t.head > 0 && is_head_below(o, &t, t.head + 1))
        t.heads++;
    if (t.heads == rows)
        t.head = t.heads = 0; /* it heads nothing */
    if (t.head == 0 && is_form(o, &t)) {
        write_columns(o, &t);
        return;
    }
    for (t.row_from = from; t.row_from < end; t.row_from = t.row_end) {
        t.row_end = t.row_from + 1;
        while (t.row_end < end && o->paras[t.row_end].row == o->paras[t.row_from].row)
            t.row_end++;
        if (o->paras[t.row_from].row < t.head ||
            o->paras[t.row_from].row > t.heads) /* its words stand in each row again */
            write_row(o, &t);
        for (size_t i = t.row_from; i < t.row_end; i++) {
            if (o->paras[i].col <= TASK_COLUMNS_MAX)
                t.above[o->paras[i].col] = &o->paras[i];
        }
    }
}

/* “Số:      /KH-UBND”, “ngày    tháng    năm”: room to write in, not the edge of a column. */
static bool is_blank_to_fill(struct slice s, size_t at, size_t n)
{
    struct slice before = slice_trim(slice_head(s, at)), after = slice_from(s, at + n);

    return slice_starts(after, SLICE("tháng")) || slice_starts(after, SLICE("năm")) ||
           slice_starts(after, SLICE("/")) ||
           (slice_starts(before, SLICE("Số")) && before.n < 8 &&
            slice_find(slice_head(after, 40), SLICE("/")) != SIZE_MAX);
}

/* Where a wide gap parts a line: *ret_n bytes of it. */
static size_t find_gap(struct slice s, size_t *ret_n)
{
    for (size_t i = 1; i < s.n; i++) {
        size_t n = 0;
        bool bar = false;

        while (i + n < s.n && (s.p[i + n] == ' ' || s.p[i + n] == '\t' || s.p[i + n] == '|')) {
            bar = bar || s.p[i + n] != ' ';
            n++;
        }
        if ((n >= GAP_BLANKS || (n > 0 && bar)) && !is_blank_to_fill(s, i, n)) {
            *ret_n = n;
            return i;
        }
        i += n;
    }
    *ret_n = 0;
    return SIZE_MAX;
}

/* Motto or date behind something else with no more than a blank between. */
static size_t find_right(struct slice s)
{
    static const char *const words[] = {"CỘNG HÒA XÃ HỘI", "CỘNG HOÀ XÃ HỘI", "ĐẢNG CỘNG SẢN",
                                        "Độc lập"};
    size_t comma = slice_find(s, SLICE(", ngày")), at = 0;

    for (size_t i = 0; i < CANH_LEN(words); i++) {
        size_t found = slice_find(s, slice_str(words[i]));

        if (found != SIZE_MAX && found > 0)
            return found;
    }
    if (comma == SIZE_MAX || !slice_starts(s, SLICE("Số")))
        return SIZE_MAX;
    at = slice_find_byte(s, '/');
    while (at != SIZE_MAX && at < comma && s.p[at] != ' ')
        at++;
    return at != SIZE_MAX && at < comma ? at : SIZE_MAX;
}

/* A line of a head or an end in its halves. */
static void draft_layout_halve(struct layout *o, struct slice s, struct slice *left,
                               struct slice *right)
{
    size_t n = 0, at = find_gap(s, &n);

    *left = s;
    *right = SLICE_NULL;
    if (at == SIZE_MAX)
        at = find_right(s);
    if (at != SIZE_MAX) {
        *left = slice_trim(slice_head(s, at));
        *right = slice_trim(slice_from(s, at + n));
    } else if (draft_is_motto(o->arena, s) || draft_is_date_line(s)) {
        *left = SLICE_NULL;
        *right = s;
    }
}

static void write_halves(struct layout *o, size_t from, size_t end)
{
    bool any = false;

    for (size_t i = from; i < end && !any; i++) {
        struct slice left, right;

        draft_layout_halve(o, slice_trim(o->paras[i].text), &left, &right);
        any = left.n > 0 && right.n > 0;
    }
    for (int side = 0; side < (any ? 2 : 1); side++) {
        for (size_t i = from; i < end; i++) {
            struct slice halves[2];

            draft_layout_halve(o, slice_trim(o->paras[i].text), &halves[0], &halves[1]);
            draft_layout_write(o, any ? halves[side] : o->paras[i].text, &o->paras[i]);
        }
    }
}

static bool ends_head(const struct layout *o, struct slice s)
{
    enum marker_kind kind = marker_read(s).kind;

    return draft_begins(o->arena, s, "kính gửi") || draft_begins(o->arena, s, "căn cứ") ||
           draft_kind(s) > 0 || (kind != MARKER_NONE && kind < MARKER_DASH);
}

/* Lines and tables as they follow each other. */
static void write_body(struct layout *o, size_t from, size_t end)
{
    for (size_t i = from; i < end;) {
        size_t next = i + 1;

        while (o->paras[i].table > 0 && next < end && o->paras[next].table == o->paras[i].table)
            next++;
        if (o->paras[i].table > 0)
            write_table(o, i, next);
        else
            draft_layout_write(o, o->paras[i].text, &o->paras[i]);
        i = next;
    }
}

static void write_text(struct layout *o)
{
    size_t head = 0, notes = o->count, end;

    while (head < o->count && head < HEAD_LINES && !ends_head(o, slice_trim(o->paras[head].text)))
        head++;
    if (head == HEAD_LINES)
        head = 0;
    for (size_t i = o->count; i-- > head && notes == o->count;) {
        if (slice_starts(slice_trim(o->paras[i].text), SLICE("Nơi nhận")))
            notes = i;
    }
    for (end = notes; end < o->count && draft_kind(slice_trim(o->paras[end].text)) == 0 &&
                      marker_read(slice_trim(o->paras[end].text)).kind != MARKER_ANNEX;)
        end++;
    write_halves(o, 0, head);
    write_body(o, head, notes);
    write_halves(o, notes, end);
    write_body(o, end, o->count);
}

static void write_document(struct layout *o)
{
    bool head = true;

    for (size_t i = 0; i < o->count;) {
        const struct draft_para *p = &o->paras[i];
        size_t end = i + 1;

        if (p->table == 0) {
            head = head && i < HEAD_LINES && !ends_head(o, slice_trim(p->text));
            write_para(o, p, head);
        } else {
            while (end < o->count && o->paras[end].table == p->table)
                end++;
            write_table(o, i, end);
        }
        i = end;
    }
}

int draft_layout(struct arena *arena, const struct draft_para *paras, size_t count, bool lines,
                 struct draft_para **ret, size_t *ret_count, struct err *err)
{
    struct layout o = {.arena = arena, .paras = paras, .count = count, .lines = lines, .err = err};

    o.cap = 2 * count + 1;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < paras[i].text.n; k++)
            o.cap += paras[i].text.p[k] == '\n';
    }
    if (o.cap > 4 * (size_t)DRAFT_PARAS_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_PLAN_MORE_THAN_PARAGRAPHS, DRAFT_PARAS_MAX);
    o.out = arena_new_array(arena, o.cap, struct draft_para);
    if (o.out == NULL)
        return err_nomem(err);
    if (lines)
        write_text(&o);
    else
        write_document(&o);
    *ret = o.out;
    *ret_count = o.n;
    return 0;
}
