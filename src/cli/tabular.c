/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/tabular.h"

#include "base/time.h"
#include "base/width.h"
#include "cli/ledger.h"
#include "lang/msg_cli.h"

enum { TEXT_MAX = 64 << 20, CELL_COLUMNS_MAX = 48 };

void tabular_init(struct tabular *g, struct app *app, const struct tabular_column *columns,
                  unsigned count, bool json)
{
    *g = (struct tabular){.app = app,
                          .columns = columns,
                          .count = CANH_MIN(count, (unsigned)TABULAR_COLUMNS_MAX),
                          .json = json,
                          .text = BUF_INIT(TEXT_MAX),
                          .cells = BUF_INIT(TEXT_MAX)};
    g->w = JSON_WRITE_INIT(&app->out.buf);
    for (unsigned i = 0; i < g->count && !json; i++)
        g->width[i] = text_width(slice_str(lang_text(app->lang, columns[i].title)));
}

/* Ends the cell whose text was appended. */
static void end_cell(struct tabular *g, size_t start)
{
    struct slice s = slice_from(buf_slice(&g->text), start);
    size_t width = CANH_MIN(text_width(s), (size_t)CELL_COLUMNS_MAX);

    g->width[g->at] = CANH_MAX(g->width[g->at], width);
    buf_put(&g->cells, &g->text.len, sizeof(g->text.len));
    g->at++;
}

/* The key of a new member; false for people, whose cell begins at *ret_start. */
static bool begin(struct tabular *g, size_t *ret_start)
{
    *ret_start = g->text.len;
    if (!g->json)
        return false;
    if (g->at == 0)
        json_open(&g->w, '{');
    json_key(&g->w, g->columns[g->at++].key);
    return true;
}

void tabular_text(struct tabular *g, struct slice s)
{
    size_t start;

    if (begin(g, &start)) {
        json_text(&g->w, s);
        return;
    }
    if (s.n == 0)
        buf_puts(&g->text, "–");
    text_put_safe(&g->text, s);
    end_cell(g, start);
}

void tabular_word(struct tabular *g, const char *key, msg_id text)
{
    tabular_text(g, slice_str(g->json ? key : lang_text(g->app->lang, text)));
}

void tabular_number(struct tabular *g, int64_t v)
{
    size_t start;

    if (begin(g, &start)) {
        json_i64(&g->w, v);
        return;
    }
    if (v < 0)
        buf_putc(&g->text, '-');
    lang_put_number(&g->text, g->app->lang, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
    end_cell(g, start);
}

void tabular_none(struct tabular *g)
{
    size_t start;

    if (begin(g, &start)) {
        json_null(&g->w);
        return;
    }
    buf_puts(&g->text, "–");
    end_cell(g, start);
}

void tabular_time(struct tabular *g, int64_t t)
{
    size_t start;

    if (t == 0 || t == TIME_NONE || t == INT64_MAX) {
        tabular_none(g);
        return;
    }
    if (begin(g, &start)) {
        json_time(&g->w, t);
        return;
    }
    ledger_put_time(&g->text, t);
    end_cell(g, start);
}

void elapsed_put(struct buf *out, enum lang lang, int64_t ns)
{
    static const struct {
        int64_t unit;
        msg_id word;
        unsigned digits;
    } steps[] = {{TIME_DAY, MSG_CLI_DAYS, 1},
                 {TIME_HOUR, MSG_CLI_HOURS, 1},
                 {TIME_MINUTE, MSG_CLI_MINUTES, 0},
                 {TIME_SECOND, MSG_CLI_SECONDS, 0}};
    size_t i = 0;

    while (i + 1 < CANH_LEN(steps) && ns < steps[i].unit)
        i++;
    if (ns % steps[i].unit == 0 || steps[i].digits == 0)
        lang_put_number(out, lang, (uint64_t)(ns / steps[i].unit));
    else
        lang_put_decimal(out, lang, (double)ns / (double)steps[i].unit, steps[i].digits);
    buf_putc(out, ' ');
    buf_puts(out, lang_text(lang, steps[i].word));
}

void tabular_id(struct tabular *g, struct state_id id)
{
    struct buf text = BUF_INIT(64);

    id_put(&text, id);
    tabular_text(g, slice_head(buf_slice(&text), g->json ? STATE_ID_TEXT : TABULAR_ID));
    buf_done(&text);
}

void tabular_line(struct app *app, msg_id title, struct slice text)
{
    struct buf *out = &app->out.buf;

    if (text.n == 0)
        return;
    buf_printf(out, "%s: ", lang_text(app->lang, title));
    text_put_safe(out, text);
    buf_putc(out, '\n');
}

void tabular_span(struct tabular *g, int64_t ns)
{
    size_t start;

    if (begin(g, &start)) {
        json_i64(&g->w, ns / TIME_SECOND);
        return;
    }
    elapsed_put(&g->text, g->app->lang, CANH_MAX(ns, (int64_t)0));
    end_cell(g, start);
}

void tabular_flag(struct tabular *g, bool v)
{
    size_t start;

    if (begin(g, &start)) {
        json_bool(&g->w, v);
        return;
    }
    buf_puts(&g->text, v ? lang_text(g->app->lang, MSG_CLI_YES) : "–");
    end_cell(g, start);
}

void tabular_row(struct tabular *g)
{
    g->rows++;
    g->at = 0;
    if (!g->json)
        return;
    json_close(&g->w, '}');
    buf_putc(&g->app->out.buf, '\n');
    g->w.comma = false;
    (void)out_settle(&g->app->out);
}

/* Columns left for the last one; what it needs where there is no terminal. */
static size_t last_width(const struct tabular *g)
{
    size_t before = 0;

    for (unsigned i = 0; i + 1 < g->count; i++)
        before += g->width[i] + 2;
    if (g->app->columns == 0)
        return SIZE_MAX;
    return g->app->columns > before + 20 ? g->app->columns - before : 20;
}

static void put_cell(struct tabular *g, unsigned column, struct slice s, size_t last)
{
    struct buf *out = &g->app->out.buf;
    size_t width = text_width(s);

    if (column + 1 == g->count) {
        text_put_fit(out, s, last, 0);
        buf_putc(out, '\n');
        return;
    }
    for (; g->columns[column].right && width < g->width[column]; width++)
        buf_putc(out, ' ');
    text_put_fit(out, s, g->width[column], g->columns[column].right ? 0 : g->width[column]);
    buf_puts(out, "  ");
}

static size_t cell_end(const struct tabular *g, size_t i)
{
    size_t end;

    memcpy(&end, g->cells.p + i * sizeof(end), sizeof(end));
    return end;
}

static void put_rows(struct tabular *g)
{
    size_t last = last_width(g), from = 0, cells = g->cells.len / sizeof(size_t);

    for (unsigned i = 0; i < g->count; i++)
        put_cell(g, i, slice_str(lang_text(g->app->lang, g->columns[i].title)), last);
    for (size_t i = 0; i < cells; i++) {
        size_t end = cell_end(g, i);

        put_cell(g, (unsigned)(i % CANH_MAX(g->count, 1u)), slice_of(g->text.p + from, end - from),
                 last);
        from = end;
        (void)out_settle(&g->app->out);
    }
}

void tabular_done(struct tabular *g)
{
    if (g->text.err < 0 || g->cells.err < 0)
        app_say(g->app, MSG_CLI_LIST_TOO_LONG);
    else if (!g->json && g->rows > 0)
        put_rows(g);
    else if (!g->json)
        lang_put(&g->app->out.buf, g->app->lang, MSG_CLI_NOTHING_LISTED);
    buf_done(&g->text);
    buf_done(&g->cells);
}
