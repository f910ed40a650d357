/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Widths first: each column as wide as its widest cell; texts shrink, widest first, to their least
 * width; when even that is too much, columns go by rank and the widths are made anew.
 */
#include "base/width.h"
#include "lang/msg_table.h"
#include "table/table.h"

enum { GAP = 2, LEAST = 12, LEAST_OF_ALL = 4, LINES_MAX = 8, CELL_MAX = 64 * 1024 };

struct layout {
    const struct table *t;
    const struct table_terminal *o;
    size_t wide[TABLE_COLUMNS];  /* what the cells want */
    size_t width[TABLE_COLUMNS]; /* what they get */
    bool shown[TABLE_COLUMNS];
    unsigned last; /* shown column */
    struct buf text, line;
};

/* A cell as it will stand: safe for a terminal; a dash for nothing. */
static struct slice cell_text(struct layout *l, const struct table_cell *c)
{
    buf_clear(&l->line);
    table_cell_write(l->t, c, &l->line);
    buf_clear(&l->text);
    if (l->line.len == 0)
        buf_puts(&l->text, "–");
    text_write_safe(&l->text, buf_slice(&l->line));
    return buf_slice(&l->text);
}

static struct slice terminal_heading(struct layout *l, unsigned column)
{
    buf_clear(&l->text);
    table_heading_write(l->t, column, &l->text);
    return buf_slice(&l->text);
}

static void terminal_measure(struct layout *l)
{
    for (unsigned i = 0; i < l->t->count; i++) {
        l->shown[i] = l->t->columns[i].reader != TABLE_PROGRAMS;
        l->wide[i] = text_width(terminal_heading(l, i));
        for (size_t row = 0; row < l->t->rows; row++)
            l->wide[i] = CANH_MAX(l->wide[i], text_width(cell_text(l, table_cell(l->t, row, i))));
    }
}

static void find_last(struct layout *l)
{
    l->last = 0;
    for (unsigned i = 0; i < l->t->count; i++)
        l->last = l->shown[i] ? i : l->last;
}

static size_t terminal_total(const struct layout *l)
{
    size_t sum = 0, n = 0;

    for (unsigned i = 0; i < l->t->count; i++) {
        sum += l->shown[i] ? l->width[i] : 0;
        n += l->shown[i];
    }
    return sum + (n > 0 ? (n - 1) * GAP : 0);
}

/* How narrow a column may become; figures and times say nothing when they are cut. */
static size_t least_width(const struct layout *l, unsigned i)
{
    const struct table_column *c = &l->t->columns[i];
    size_t least = c->width ? c->width : LEAST;

    if (c->kind != TABLE_TEXT && c->kind != TABLE_WORD && c->kind != TABLE_LIST)
        return l->wide[i];
    return CANH_MIN(l->wide[i], least);
}

/* Takes one column's width off the widest that is above its least; false: none is. */
static bool shrink_widest(struct layout *l, bool below_least)
{
    unsigned widest = TABLE_COLUMNS;

    for (unsigned i = 0; i < l->t->count; i++) {
        size_t least = below_least ? (size_t)LEAST_OF_ALL : least_width(l, i);

        if (l->shown[i] && l->width[i] > least &&
            (widest == TABLE_COLUMNS || l->width[i] >= l->width[widest]))
            widest = i;
    }
    if (widest == TABLE_COLUMNS)
        return false;
    l->width[widest]--;
    return true;
}

/* The next column to leave out; TABLE_COLUMNS: none may go. */
static unsigned least_wanted(const struct layout *l)
{
    unsigned found = TABLE_COLUMNS, highest = 0;

    for (unsigned i = 0; i < l->t->count; i++) {
        unsigned rank = l->t->columns[i].rank;

        if (l->shown[i] && rank > 0 && rank >= highest) {
            found = i;
            highest = rank;
        }
    }
    return found;
}

static bool is_fitted(struct layout *l, bool below_least)
{
    size_t sum;

    for (unsigned i = 0; i < l->t->count; i++)
        l->width[i] = CANH_MIN(l->wide[i], (size_t)CELL_MAX);
    for (sum = terminal_total(l); sum > l->o->columns; sum--)
        if (!shrink_widest(l, below_least))
            return false;
    return true;
}

static void terminal_fit(struct layout *l)
{
    unsigned drop;

    if (l->o->columns == 0) {
        for (unsigned i = 0; i < l->t->count; i++)
            l->width[i] = CANH_MIN(l->wide[i], (size_t)TABLE_UNBOUNDED_CELL);
        l->width[l->last] = CELL_MAX;
        return;
    }
    while (!is_fitted(l, false)) {
        drop = least_wanted(l);
        if (drop == TABLE_COLUMNS) {
            (void)is_fitted(l, true);
            break;
        }
        l->shown[drop] = false;
    }
    find_last(l);
}

static bool is_right(const struct table_column *c)
{
    if (c->align != TABLE_BY_KIND)
        return c->align == TABLE_RIGHT;
    return c->kind == TABLE_NUMBER || c->kind == TABLE_DECIMAL;
}

static const char *colour_of(const struct layout *l, const struct table_cell *c)
{
    static const char *const colours[] = {[TABLE_PLAIN] = "",
                                          [TABLE_GOOD] = "\x1b[32m",
                                          [TABLE_WARN] = "\x1b[33m",
                                          [TABLE_BAD] = "\x1b[31m",
                                          [TABLE_UNKNOWN] = "\x1b[35m"};

    return l->o->colour && c != NULL && c->mark < CANH_LEN(colours) ? colours[c->mark] : "";
}

static void write_blanks(struct buf *out, size_t n)
{
    for (; n > 0; n--)
        buf_putc(out, ' ');
}

static void write_cell(const struct layout *l, unsigned i, struct slice s, const char *colour,
                       struct buf *out)
{
    size_t width = text_width(s), room = l->width[i];
    bool right = is_right(&l->t->columns[i]), last = i == l->last;

    if (right && width < room && !(last && l->o->columns == 0))
        write_blanks(out, room - width);
    buf_puts(out, colour);
    (l->t->columns[i].tail
         ? text_write_tail
         : text_write_fit)(out, s, l->o->columns == 0 ? (size_t)CELL_MAX : room, 0);
    buf_puts(out, colour[0] ? "\x1b[0m" : "");
    if (last)
        return;
    if (!right && width < room)
        write_blanks(out, room - width);
    write_blanks(out, GAP);
}

/* The part of s that stands on line n when broken at blanks; false: it has fewer lines. */
static bool wrapped_line(struct slice s, size_t width, unsigned n, struct buf *lines,
                         struct slice *ret)
{
    struct slice rest;

    buf_clear(lines);
    text_write_wrapped(lines, s, 0, 0, width);
    rest = buf_slice(lines);
    for (unsigned i = 0; slice_cut(&rest, '\n', ret); i++) {
        if (i == n && (i + 1 < LINES_MAX || rest.n == 0))
            return true;
        if (i == n) { /* the last line that there is room for holds the rest, cut */
            *ret = slice_of(ret->p, ret->n + 1 + rest.n);
            for (size_t k = 0; k < ret->n; k++)
                if (ret->p[k] == '\n')
                    lines->p[(size_t)(ret->p - lines->p) + k] = ' ';
            return true;
        }
    }
    return false;
}

static bool is_wrapped(const struct layout *l, unsigned i)
{
    return l->t->columns[i].wrap && l->o->columns > 0 && l->wide[i] > l->width[i];
}

/* One line of a row; false: nothing stands on it. Trailing blanks are taken off. */
static bool write_line(struct layout *l, size_t row, unsigned n, struct buf *lines, struct buf *out)
{
    size_t start = out->len;
    bool any = n == 0;

    for (unsigned i = 0; i < l->t->count; i++) {
        const struct table_cell *c = table_cell(l->t, row, i);
        struct slice s = SLICE("");

        if (!l->shown[i])
            continue;
        if (is_wrapped(l, i)) {
            if (wrapped_line(cell_text(l, c), l->width[i], n, lines, &s))
                any = true;
            else
                s = SLICE("");
        } else if (n == 0) {
            s = cell_text(l, c);
        }
        write_cell(l, i, s, s.n > 0 ? colour_of(l, c) : "", out);
    }
    if (n > 0 && !any) {
        out->len = start;
        return false;
    }
    while (n > 0 && out->err == 0 && out->len > start && out->p[out->len - 1] == ' ')
        out->len--;
    buf_putc(out, '\n');
    return true;
}

static void write_left_out(const struct layout *l, struct buf *out)
{
    struct buf names = BUF_INIT(CELL_MAX), line = BUF_INIT(CELL_MAX);

    for (unsigned i = 0; i < l->t->count; i++) {
        if (l->shown[i] || l->t->columns[i].reader == TABLE_PROGRAMS)
            continue;
        buf_puts(&names, names.len > 0 ? ", " : "");
        table_heading_write(l->t, i, &names);
    }
    if (names.len > 0) {
        lang_write(&line, l->t->options.lang, MSG_TABLE_LEFT_OUT, SLICE_ARG(buf_slice(&names)));
        text_write_wrapped(out, buf_slice(&line), 0, 0, l->o->columns);
        buf_putc(out, '\n');
    }
    buf_done(&names);
    buf_done(&line);
}

static void write_rows(struct layout *l, struct buf *out)
{
    struct buf lines = BUF_INIT(CELL_MAX);

    for (unsigned i = 0; i < l->t->count; i++)
        if (l->shown[i])
            write_cell(l, i, terminal_heading(l, i), "", out);
    buf_putc(out, '\n');
    for (size_t row = 0; row < l->t->rows; row++)
        for (unsigned n = 0; n < LINES_MAX && write_line(l, row, n, &lines, out); n++)
            ;
    buf_done(&lines);
}

void table_to_terminal(const struct table *t, const struct table_terminal *o, struct buf *out)
{
    struct layout l = {.t = t, .o = o, .text = BUF_INIT(1 << 20), .line = BUF_INIT(1 << 20)};

    if (t->rows == 0) {
        lang_write(out, t->options.lang, MSG_TABLE_EMPTY);
        buf_putc(out, '\n');
        return;
    }
    terminal_measure(&l);
    find_last(&l);
    terminal_fit(&l);
    write_rows(&l, out);
    write_left_out(&l, out);
    buf_done(&l.text);
    buf_done(&l.line);
}
