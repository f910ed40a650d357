/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/app.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"
#include "base/width.h"
#include "lang/error.h"
#include "lang/msg_cli.h"

enum { LINE_MAX_BYTES = 64 * 1024 };

static unsigned terminal_columns(void)
{
    const char *set = getenv("COLUMNS");
    struct winsize size;
    int64_t columns;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return set && num_range(slice_str(set), 20, 1000, &columns) == 0 ? (unsigned)columns : 80;
}

static bool wants_colour(void)
{
    const char *none = getenv("NO_COLOR"), *term = getenv("TERM");

    return (none == NULL || none[0] == 0) && term && strcmp(term, "dumb") != 0;
}

void app_init(struct app *app, enum lang lang)
{
    *app = (struct app){.lang = lang, .name = "canh", .line = BUF_INIT(LINE_MAX_BYTES)};
    out_init(&app->out, STDOUT_FILENO);
    app->out_tty = isatty(STDOUT_FILENO);
    app->err_tty = isatty(STDERR_FILENO);
    app->colour = app->out_tty && wants_colour();
    app->columns = app->out_tty ? terminal_columns() : 0;
}

void app_done(struct app *app)
{
    out_done(&app->out);
    buf_done(&app->line);
}

struct buf *app_line(struct app *app)
{
    buf_clear(&app->line);
    return &app->line;
}

static void describe_line(struct app *app, bool named)
{
    struct buf text = BUF_INIT(LINE_MAX_BYTES);

    if (app->progress_line)
        buf_puts(&text, "\r\x1b[K");
    app->progress_line = false;
    buf_puts(&text, named ? app->name : "");
    buf_puts(&text, named ? ": " : "");
    text_write_safe(&text, buf_slice(&app->line));
    text.err = 0; /* a line that is too long is cut */
    text.len = CANH_MIN(text.len, (size_t)LINE_MAX_BYTES - 1);
    buf_putc(&text, '\n');
    if (file_write_fd(STDERR_FILENO, "", buf_slice(&text), NULL) < 0)
        app->err_tty = false; /* nobody listens there; there is nowhere else to say it */
    buf_done(&text);
}

void app_print_line(struct app *app)
{
    describe_line(app, true);
}

void app_print_bare(struct app *app)
{
    describe_line(app, false);
}

int app_status(const struct err *err)
{
    switch (err->code) {
    case CE_NOMEM:
        return EX_OSERR;
    case CE_IO:
        return err->sys == ENOENT || err->sys == ENOTDIR ? EX_NOINPUT
               : err->sys == EACCES || err->sys == EPERM ? EX_NOPERM
                                                         : EX_IOERR;
    case CE_NOT_FOUND:
    case CE_MISSING:
        return EX_NOINPUT;
    case CE_DENIED:
        return EX_NOPERM;
    case CE_BUSY:
        return EX_TEMPFAIL;
    case CE_PEER:
        return EX_PROTOCOL;
    case CE_BUG:
        return EX_SOFTWARE;
    default:
        return EX_DATAERR;
    }
}

int app_fail(struct app *app, const char *path, const struct err *err)
{
    struct buf *line = app_line(app);

    if (path)
        buf_puts(line, path);
    if (path && err->line)
        buf_printf(line, ":%u", err->line);
    if (path && err->line && err->col)
        buf_printf(line, ":%u", err->col);
    if (path)
        buf_puts(line, ": ");
    error_write(line, app->lang, err);
    if (err->sys == ENOSPC || err->sys == EDQUOT || err->sys == EFBIG)
        buf_puts(line, lang_text(app->lang, MSG_CLI_DISK_FULL));
    app_print_line(app);
    return app_status(err);
}

int app_check_ending(struct app *app, const char *path, const char *endings)
{
    static const char *const known[] = {".csv",  ".doc",   ".docx",   ".html", ".ics",
                                        ".json", ".jsonl", ".ndjson", ".ods",  ".odt",
                                        ".pdf",  ".txt",   ".xls",    ".xlsx"};
    const char *dot = strrchr(path, '.');
    struct slice ending = slice_str(dot), rest = slice_str(endings), one;

    if (dot == NULL || strchr(dot, '/') != NULL)
        return 0;
    while (slice_cut(&rest, ' ', &one))
        if (slice_eq_nocase(one, ending))
            return 0;
    for (size_t i = 0; i < CANH_LEN(known); i++)
        if (slice_eq_nocase(slice_str(known[i]), ending))
            return app_usage(app, MSG_CLI_BAD_ENDING, path, endings);
    return 0;
}

void app_saved(struct app *app, const char *path)
{
    struct stat st;

    if (lstat(path, &st) == 0 && S_ISREG(st.st_mode))
        buf_printf(&app->out.buf, "%s\n", path);
}
