/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "table/table.h"

#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/time.h"
#include "lang/msg_table.h"
#include "lang/said.h"
#include "lang/value.h"

void table_init(struct table *t, const struct table_column *columns, unsigned count,
                const struct table_options *options)
{
    *t = (struct table){.columns = columns,
                        .count = CANH_MIN(count, (unsigned)TABLE_COLUMNS),
                        .options = *options,
                        .arena = ARENA_INIT(TABLE_BYTES)};
}

void table_done(struct table *t)
{
    free(t->cells);
    arena_done(&t->arena);
    *t = (struct table){.count = 0};
}

void table_clear(struct table *t)
{
    t->rows = 0;
    t->at = 0;
    t->error = 0;
    arena_clear(&t->arena);
}

int table_error(const struct table *t)
{
    return t->error;
}

static void table_fail(struct table *t, int error)
{
    if (t->error == 0)
        t->error = error;
}

/* Room for one more row. */
static bool table_grow(struct table *t)
{
    const size_t row = CANH_MAX(t->count, 1u) * sizeof(*t->cells);
    struct table_cell *cells;

    if (t->rows >= TABLE_ROWS) {
        table_fail(t, -CE_TOO_BIG);
        return false;
    }
    if (t->rows < t->room)
        return true;
    cells = array_grow(t->cells, row, &t->room, TABLE_ROWS);
    if (cells == NULL) {
        table_fail(t, -CE_NOMEM);
        return false;
    }
    t->cells = cells;
    return true;
}

static void table_write(struct table *t, const struct table_cell *c)
{
    if (t->error != 0 || t->at >= t->count || !table_grow(t))
        return;
    t->cells[t->rows * t->count + t->at++] = *c;
}

static struct slice table_keep(struct table *t, struct slice s)
{
    struct slice ret =
        said_is(s) ? said_in(t->options.lang, s, &t->arena) : arena_dup(&t->arena, s);

    if (ret.p == NULL)
        table_fail(t, -CE_TOO_BIG);
    return ret;
}

void table_text(struct table *t, struct slice s)
{
    table_write(t, &(struct table_cell){.kind = TABLE_TEXT, .text = table_keep(t, s)});
}

void table_word(struct table *t, const char *key, msg_id text)
{
    table_write(t, &(struct table_cell){.kind = TABLE_WORD,
                                        .key = table_keep(t, slice_str(key)),
                                        .shown = slice_str(lang_text(t->options.lang, text))});
}

void table_word_text(struct table *t, struct slice key, struct slice text)
{
    table_write(t, &(struct table_cell){.kind = TABLE_WORD,
                                        .key = table_keep(t, key),
                                        .shown = table_keep(t, text)});
}

void table_id(struct table *t, struct slice full)
{
    table_write(t, &(struct table_cell){.kind = TABLE_ID, .text = table_keep(t, full)});
}

void table_number(struct table *t, int64_t v)
{
    table_write(t, &(struct table_cell){.kind = TABLE_NUMBER, .number = v});
}

void table_decimal(struct table *t, double v, unsigned digits)
{
    if (isfinite(v))
        table_write(t, &(struct table_cell){.kind = TABLE_DECIMAL,
                                            .digits = (uint8_t)CANH_MIN(digits, 6u),
                                            .decimal = v});
    else
        table_nothing(t);
}

void table_time(struct table *t, int64_t at)
{
    if (at == 0 || at == TIME_NONE || at == INT64_MAX)
        table_nothing(t);
    else
        table_write(t, &(struct table_cell){.kind = TABLE_TIME, .number = at});
}

void table_date(struct table *t, int64_t days)
{
    table_write(t, &(struct table_cell){.kind = TABLE_DATE, .number = days});
}

void table_span(struct table *t, int64_t ns)
{
    table_write(t, &(struct table_cell){.kind = TABLE_SPAN, .number = ns});
}

void table_flag(struct table *t, bool v)
{
    table_write(t, &(struct table_cell){.kind = TABLE_FLAG, .number = v});
}

void table_list(struct table *t, const struct slice *items, size_t n)
{
    struct buf text = BUF_INIT(1 << 20);

    for (size_t i = 0; i < n; i++) {
        buf_append_slice(&text, items[i]);
        buf_putc(&text, 0);
    }
    if (text.err < 0)
        table_fail(t, text.err);
    table_write(t, &(struct table_cell){.kind = TABLE_LIST,
                                        .text = table_keep(t, buf_slice(&text)),
                                        .number = (int64_t)n});
    buf_done(&text);
}

void table_nothing(struct table *t)
{
    table_write(t, &(struct table_cell){.kind = TABLE_NOTHING});
}

void table_absent(struct table *t)
{
    table_write(t, &(struct table_cell){.kind = TABLE_ABSENT});
}

static struct table_cell *table_last(struct table *t)
{
    return t->error != 0 || t->at == 0 ? NULL : &t->cells[t->rows * t->count + t->at - 1];
}

void table_shown(struct table *t, struct slice text)
{
    struct table_cell *c = table_last(t);

    if (c != NULL)
        c->shown = table_keep(t, text);
}

void table_mark(struct table *t, enum table_mark mark)
{
    struct table_cell *c = table_last(t);

    if (c != NULL)
        c->mark = (uint8_t)mark;
}

void table_link(struct table *t, struct slice target)
{
    struct table_cell *c = table_last(t);

    if (c != NULL)
        c->link = table_keep(t, target);
}

void table_row_end(struct table *t)
{
    while (t->error == 0 && t->at < t->count)
        table_nothing(t);
    if (t->error == 0 && table_grow(t))
        t->rows++;
    t->at = 0;
}

const struct table_cell *table_cell(const struct table *t, size_t row, unsigned column)
{
    static const struct table_cell none = {.kind = TABLE_NOTHING};

    return row < t->rows && column < t->count ? &t->cells[row * t->count + column] : &none;
}

/* What rows are sorted by: the cell's place says which row it is of. */
struct sort_ctx {
    const struct table *t;
    unsigned column;
    bool descending;
    struct viet *words;
};

static struct slice sort_text(const struct table_cell *c)
{
    return c->kind == TABLE_WORD ? c->shown : c->text;
}

static int compare_values(const struct table_cell *a, const struct table_cell *b,
                          struct viet *words)
{
    struct slice x = sort_text(a), y = sort_text(b);

    if (a->kind != b->kind)
        return (a->kind > b->kind) - (a->kind < b->kind);
    switch ((enum table_kind)a->kind) {
    case TABLE_TEXT:
    case TABLE_WORD:
        return words ? viet_cmp(words, x, y) : slice_cmp(x, y);
    case TABLE_ID:
    case TABLE_LIST:
        return slice_cmp(x, y);
    case TABLE_DECIMAL:
        return (a->decimal > b->decimal) - (a->decimal < b->decimal);
    default:
        return (a->number > b->number) - (a->number < b->number);
    }
}

bool table_cell_is_blank(const struct table_cell *c)
{
    return c->kind == TABLE_NOTHING || c->kind == TABLE_ABSENT ||
           (c->kind == TABLE_TEXT && c->text.n == 0);
}

static int compare_rows(const void *a, const void *b, void *ctx)
{
    const struct sort_ctx *s = ctx;
    const size_t *i = a, *k = b;
    const struct table_cell *x = table_cell(s->t, *i, s->column);
    const struct table_cell *y = table_cell(s->t, *k, s->column);
    int order;

    if (table_cell_is_blank(x) || table_cell_is_blank(y))
        order = table_cell_is_blank(x) - table_cell_is_blank(y);
    else
        order = compare_values(x, y, s->words) * (s->descending ? -1 : 1);
    return order ? order : (*i > *k) - (*i < *k);
}

static unsigned find_column(const struct table *t, struct slice key)
{
    unsigned i = 0;

    while (i < t->count && !slice_is(key, t->columns[i].key))
        i++;
    return i;
}

bool table_sort(struct table *t, struct slice key, bool descending, struct viet *words)
{
    struct sort_ctx s = {t, find_column(t, key), descending, words};
    struct table_cell *cells;
    size_t *order;

    if (s.column == t->count)
        return false;
    if (t->rows < 2)
        return true;
    order = reallocarray(NULL, t->rows, sizeof(*order));
    cells = reallocarray(NULL, t->rows, t->count * sizeof(*cells));
    for (size_t i = 0; order != NULL && i < t->rows; i++)
        order[i] = i;
    if (order == NULL || cells == NULL) {
        table_fail(t, -CE_NOMEM);
        free(cells);
        free(order);
        return true;
    }
    qsort_r(order, t->rows, sizeof(*order), compare_rows, &s);
    for (size_t i = 0; i < t->rows; i++)
        memcpy(cells + i * t->count, t->cells + order[i] * t->count, t->count * sizeof(*cells));
    free(order);
    free(t->cells);
    t->cells = cells;
    t->room = t->rows;
    return true;
}

/* A row as people read it, folded; false when it is too long. */
static bool fold_row(const struct table *t, size_t row, struct buf *text, struct buf *folded)
{
    buf_clear(text);
    buf_clear(folded);
    for (unsigned i = 0; i < t->count; i++) {
        if (t->columns[i].reader == TABLE_PROGRAMS)
            continue;
        table_cell_write(t, table_cell(t, row, i), text);
        buf_putc(text, '\n');
    }
    viet_fold(buf_slice(text), folded);
    return text->err == 0 && folded->err == 0;
}

static bool has_words(struct slice folded, struct slice words)
{
    struct slice word;

    while (words.n > 0) {
        size_t cut = CANH_MIN(slice_find_byte(words, ' '), words.n);

        word = slice_head(words, cut);
        words = slice_from(words, CANH_MIN(cut + 1, words.n));
        if (word.n > 0 && slice_find(folded, word) == SIZE_MAX)
            return false;
    }
    return true;
}

void table_find(struct table *t, struct slice words)
{
    struct buf wanted = BUF_INIT(TABLE_FIND_MAX), text = BUF_INIT(1 << 20),
               folded = BUF_INIT(1 << 20);
    size_t kept = 0;

    viet_fold(slice_head_utf8(words, TABLE_FIND_MAX / 4), &wanted);
    for (size_t i = 0; i < t->rows && wanted.len > 0; i++) {
        if (!fold_row(t, i, &text, &folded))
            table_fail(t, -CE_TOO_BIG);
        if (!has_words(buf_slice(&folded), buf_slice(&wanted)))
            continue;
        memmove(t->cells + kept++ * t->count, t->cells + i * t->count,
                t->count * sizeof(*t->cells));
    }
    if (wanted.err)
        table_fail(t, -CE_TOO_BIG);
    if (wanted.len > 0)
        t->rows = kept;
    buf_done(&wanted);
    buf_done(&text);
    buf_done(&folded);
}

void table_span_write(struct buf *out, enum lang lang, int64_t ns)
{
    static const struct {
        int64_t unit;
        msg_id word;
        unsigned digits;
    } steps[] = {{TIME_DAY, MSG_TABLE_DAYS, 1},
                 {TIME_HOUR, MSG_TABLE_HOURS, 1},
                 {TIME_MINUTE, MSG_TABLE_MINUTES, 0},
                 {TIME_SECOND, MSG_TABLE_SECONDS, 0}};
    size_t i = 0;

    while (i + 1 < CANH_LEN(steps) && ns < steps[i].unit)
        i++;
    if (ns % steps[i].unit == 0 || steps[i].digits == 0)
        lang_write_number(out, lang, (uint64_t)(ns / steps[i].unit));
    else
        lang_write_decimal(out, lang, (double)ns / (double)steps[i].unit, steps[i].digits);
    buf_putc(out, ' ');
    buf_puts(out, lang_text(lang, steps[i].word));
}

void table_time_write(struct buf *out, int32_t zone, int64_t at)
{
    struct civil f;

    time_to_civil(at, zone, &f);
    buf_printf(out, "%02u:%02u %02u/%02u/%04d", f.hour, f.minute, f.day, f.month, f.year);
}

static void write_number(const struct table *t, int64_t v, struct buf *out)
{
    if (v < 0)
        buf_putc(out, '-');
    lang_write_number(out, t->options.lang, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

static void write_list(const struct table_cell *c, struct buf *out)
{
    struct slice rest = c->text, item;

    for (int64_t i = 0; i < c->number && slice_cut(&rest, 0, &item); i++) {
        buf_puts(out, i > 0 ? ", " : "");
        buf_append_slice(out, item);
    }
}

void table_cell_write(const struct table *t, const struct table_cell *c, struct buf *out)
{
    enum lang lang = t->options.lang;

    if (c->shown.n > 0) {
        buf_append_slice(out, c->shown);
        return;
    }
    switch ((enum table_kind)c->kind) {
    case TABLE_TEXT:
        buf_append_slice(out, c->text);
        break;
    case TABLE_ID:
        buf_append_slice(out, slice_head(c->text, TABLE_ID_SHOWN));
        break;
    case TABLE_NUMBER:
        write_number(t, c->number, out);
        break;
    case TABLE_DECIMAL:
        lang_write_decimal(out, lang, c->decimal, c->digits);
        break;
    case TABLE_TIME:
        table_time_write(out, t->options.zone, c->number);
        break;
    case TABLE_DATE:
        date_write(out, c->number);
        break;
    case TABLE_SPAN:
        table_span_write(out, lang, CANH_MAX(c->number, (int64_t)0));
        break;
    case TABLE_FLAG:
        buf_puts(out, c->number ? lang_text(lang, MSG_TABLE_YES) : "");
        break;
    case TABLE_LIST:
        write_list(c, out);
        break;
    case TABLE_WORD:
    case TABLE_NOTHING:
    case TABLE_ABSENT:
    case TABLE_KIND_MAX:
        break;
    }
}

void table_heading_write(const struct table *t, unsigned column, struct buf *out)
{
    const struct table_column *c = &t->columns[column];

    buf_puts(out, c->heading ? c->heading : lang_text(t->options.lang, c->title));
    if (c->unit != NULL)
        buf_printf(out, " (%s)", c->unit);
}
