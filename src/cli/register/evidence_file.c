/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/register/evidence_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/session.h"
#include "lang/msg_register.h"
#include "office/pdftext.h"
#include "record/handed.h"

/* Why canh could not read it. */
static void write_reason(struct buf *out, enum lang lang, enum handed_outcome o, unsigned pages)
{
    static const msg_id texts[HANDED_MAX_OUTCOME] = {
        [HANDED_PICTURE] = MSG_REGISTER_UNREAD_PICTURE,
        [HANDED_OLD_FONTS] = MSG_REGISTER_UNREAD_OLD_FONTS,
        [HANDED_LOCKED] = MSG_REGISTER_UNREAD_LOCKED,
        [HANDED_ARCHIVE] = MSG_REGISTER_UNREAD_ARCHIVE,
        [HANDED_NO_READER] = MSG_REGISTER_UNREAD_NO_READER,
        [HANDED_NO_SANDBOX] = MSG_REGISTER_UNREAD_NO_SANDBOX,
        [HANDED_OTHER] = MSG_REGISTER_UNREAD_OTHER,
    };

    if (o == HANDED_SCAN)
        lang_write(out, lang, MSG_REGISTER_UNREAD_SCAN, pages);
    else
        buf_puts(out, lang_text(lang, texts[o]));
}

static int refuse_unread(struct app *app, const char *path, enum handed_outcome o, unsigned pages)
{
    struct buf *line = app_line(app);

    buf_printf(line, "%s: ", path);
    write_reason(line, app->lang, o, pages);
    buf_puts(line, lang_text(app->lang, MSG_REGISTER_UNREAD));
    app_print_line(app);
    return EX_NOPERM;
}

static int evidence_file_examine(struct app *app, int fd, const char *path, bool declared,
                                 struct slice *ret_marking)
{
    struct pdftext_options pdf = {.program = PDFTEXT_PROGRAM, .degrade = session_degrades()};
    enum handed_outcome o = HANDED_OTHER;
    struct err err = ERR_INIT;
    unsigned pages;

    *ret_marking = SLICE_NULL;
    if (handed_examine(fd, &pdf, &o, &pages, &err) < 0)
        return app_fail(app, path, &err);
    switch (o) {
    case HANDED_READ:
        return 0;
    case HANDED_MARKED:
        app_print(app, MSG_REGISTER_FILE_MARKED, path);
        return EX_NOPERM;
    case HANDED_EMPTY:
        app_print(app, MSG_REGISTER_FILE_EMPTY, path);
        return EX_DATAERR;
    case HANDED_TYPE:
        app_print(app, MSG_REGISTER_FILE_TYPE, path);
        return EX_DATAERR;
    case HANDED_TOO_BIG:
        app_print(app, MSG_REGISTER_FILE_TOO_BIG, path, HANDED_MAX >> 20);
        return EX_DATAERR;
    default:
        break;
    }
    if (!declared)
        return refuse_unread(app, path, o, pages);
    *ret_marking = SLICE(EVIDENCE_UNREAD);
    return 0;
}

int evidence_file_open(struct app *app, const char *path, bool declared, int *ret_fd,
                       struct slice *ret_marking)
{
    struct err err = ERR_INIT;
    CANH_CLEANUP(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    struct stat st;
    int status;

    if (fd < 0 && errno == ELOOP) {
        app_print(app, MSG_REGISTER_FILE_LINK, path);
        return EX_DATAERR;
    }
    if (fd < 0 || fstat(fd, &st) < 0) {
        (void)err_fail_sys(&err, errno, ERR_BASE_FILE, path);
        return app_fail(app, NULL, &err);
    }
    if (!S_ISREG(st.st_mode)) {
        app_print(app, MSG_REGISTER_FILE_IRREGULAR, path);
        return EX_DATAERR;
    }
    status = evidence_file_examine(app, fd, path, declared, ret_marking);
    if (status != 0)
        return status;
    *ret_fd = fd_take(&fd);
    return 0;
}
