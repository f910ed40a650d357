/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/listing.h"

#include <sys/stat.h>

#include "base/file.h"
#include "base/time.h"
#include "base/width.h"
#include "lang/msg_cli.h"
#include "lang/msg_table.h"

enum { FILE_BYTES_MAX = 512 << 20 };

enum face { FACE_NONE, FACE_XLSX, FACE_CSV, FACE_HTML, FACE_JSON };

static bool is_no_file(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

/* The format that a file's name asks for; a device or pipe (/dev/stdout) gets CSV. */
static enum face face_of(const char *path)
{
    static const struct {
        const char *ending;
        enum face face;
    } rows[] = {{".xlsx", FACE_XLSX}, {".csv", FACE_CSV},    {".html", FACE_HTML},
                {".json", FACE_JSON}, {".jsonl", FACE_JSON}, {".ndjson", FACE_JSON}};

    struct slice name = slice_str(path);

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        struct slice ending = slice_str(rows[i].ending);

        if (name.n > ending.n && slice_eq_nocase(slice_from(name, name.n - ending.n), ending))
            return rows[i].face;
    }
    return is_no_file(path) ? FACE_CSV : FACE_NONE;
}

int listing_check(struct app *app, const struct listing_options *o)
{
    if (o->json && o->csv)
        return app_usage(app, MSG_CLI_NOT_TOGETHER, "json", "csv");
    if (o->output && (o->json || o->csv))
        return app_usage(app, MSG_CLI_NOT_TOGETHER, "output", o->json ? "json" : "csv");
    if (o->output && face_of(o->output) == FACE_NONE)
        return app_usage(app, MSG_TABLE_BAD_ENDING, o->output);
    return 0;
}

static void write_html(const struct table *t, struct buf *out)
{
    struct table_html o = {.caption = SLICE_NULL};

    buf_printf(out,
               "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><title>%s</title>"
               "</head><body>\n",
               lang_to_str(t->options.lang), t->options.name);
    table_to_html(t, &o, out);
    buf_puts(out, "</body></html>\n");
}

static int listing_draw(const struct table *const *tables, size_t count, enum face face,
                        struct buf *out, struct err *err)
{
    int r = 0;

    if (face == FACE_XLSX)
        return table_to_xlsx(tables, count, slice_str(tables[0]->options.name),
                             time_now() / TIME_SECOND, out, err);
    for (size_t i = 0; i < count && r == 0; i++) {
        if (i > 0 && face == FACE_CSV)
            buf_puts(out, "\r\n");
        if (face == FACE_CSV)
            r = table_to_csv(tables[i], out, err);
        else if (face == FACE_HTML)
            write_html(tables[i], out);
        else
            table_to_json_lines(tables[i], out);
    }
    return r < 0 ? r : out->err == 0 ? 0 : err_code(err, out->err);
}

static int write_file(struct app *app, const struct table *const *tables, size_t count,
                      const char *path)
{
    struct buf bytes = BUF_INIT(FILE_BYTES_MAX);
    struct err err = ERR_INIT;
    int r = listing_draw(tables, count, face_of(path), &bytes, &err);

    if (r == 0)
        r = file_deliver(path, buf_slice(&bytes), 0644, &err);
    buf_done(&bytes);
    return r < 0 ? app_fail(app, NULL, &err) : 0;
}

static void print_terminal(struct app *app, const struct table *t)
{
    struct table_terminal o = {.columns = app->columns, .colour = app->colour};

    table_to_terminal(t, &o, &app->out.buf);
}

int listing_print_all(struct app *app, const struct table *const *tables, size_t count,
                      const struct listing_options *o)
{
    struct err err = ERR_INIT;
    int r = 0;

    for (size_t i = 0; i < count; i++) {
        if (tables[i]->error != 0) {
            app_print(app, MSG_TABLE_TOO_LONG);
            return EX_DATAERR;
        }
    }
    if (o->output)
        return write_file(app, tables, count, o->output);
    for (size_t i = 0; i < count && !o->json && !o->csv; i++) {
        print_terminal(app, tables[i]);
        (void)out_settle(&app->out);
    }
    if (o->json || o->csv)
        r = listing_draw(tables, count, o->csv ? FACE_CSV : FACE_JSON, &app->out.buf, &err);
    return r < 0 ? app_fail(app, NULL, &err) : 0;
}

int listing_print(struct app *app, const struct table *t, const struct listing_options *o)
{
    return listing_print_all(app, &t, 1, o);
}

struct view_ctx listing_ctx(struct session *l, int64_t at)
{
    return (struct view_ctx){.state = l->s,
                             .actor = &l->actor,
                             .arena = &l->arena,
                             .lang = l->app->lang,
                             .zone = ZONE_OWN,
                             .at = at};
}

struct view_ctx listing_face(const struct app *app)
{
    return (struct view_ctx){.lang = app->lang, .zone = ZONE_OWN};
}

void listing_wrap(struct app *app, size_t from)
{
    struct buf *out = &app->out.buf, text = BUF_INIT(1u << 20);
    struct slice rest;

    if (app->columns == 0 || from > out->len) /* no terminal; printed already */
        return;
    rest = slice_from(buf_slice(out), from);
    buf_append_slice(&text, rest);
    out->len = from;
    for (rest = buf_slice(&text); rest.n > 0;) {
        size_t n = slice_find_byte(rest, '\n');

        text_write_wrapped(out, slice_head(rest, n), 0, 0, app->columns);
        if (n < rest.n)
            buf_putc(out, '\n');
        rest = slice_from(rest, CANH_MIN(n, rest.n - 1) + 1);
    }
    buf_done(&text);
}

void listing_line(struct app *app, msg_id title, struct slice text)
{
    struct buf *out = &app->out.buf;

    if (text.n == 0)
        return;
    buf_printf(out, "%s: ", lang_text(app->lang, title));
    text_write_safe(out, text);
    buf_putc(out, '\n');
}
