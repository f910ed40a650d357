/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/evidence_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "form/doctext.h"
#include "form/table.h"
#include "state/filetype.h"
#include "state/marking.h"

static bool table_marked(const struct table *t)
{
    for (uint32_t s = 0; s < t->sheet_count; s++) {
        const struct sheet *sheet = &t->sheets[s];

        for (uint32_t r = 0; r < sheet->row_count; r++) {
            for (uint32_t c = 0; c < sheet->rows[r].count; c++) {
                if (marking_find(cell_text(&sheet->rows[r].cells[c])) != MARKING_NONE)
                    return true;
            }
        }
    }
    return false;
}

static bool document_marked(const struct doctext *d)
{
    for (uint32_t i = 0; i < d->count; i++) {
        if (marking_find(d->paras[i].text) != MARKING_NONE)
            return true;
    }
    return false;
}

/* What cannot be read as a document or a table is left to who looks at it. */
static bool office_marked(struct slice bytes)
{
    struct arena arena = ARENA_INIT(DOCTEXT_ARENA_MAX);
    struct doctext *d;
    struct table *t;
    bool marked = false;

    if (doctext_read(&arena, bytes, NULL, &d, &ERR_INIT) == 0)
        marked = document_marked(d);
    else if (table_read(&arena, bytes, NULL, &t, &ERR_INIT) == 0)
        marked = table_marked(t);
    arena_done(&arena);
    return marked;
}

static bool is_marked(const char *type, struct slice bytes)
{
    if (strcmp(type, "text/plain") == 0)
        return marking_find(bytes) != MARKING_NONE;
    return strncmp(type, "application/vnd.", 16) == 0 && office_marked(bytes);
}

static int look(struct app *app, int fd, const char *path)
{
    struct buf bytes = BUF_INIT(EVIDENCE_FILE_MAX);
    struct err err = ERR_INIT;
    const char *type;
    int r = file_read_fd(fd, path, &bytes, &err), status = 0;

    if (r < 0) {
        status = app_fail(app, NULL, &err);
    } else if (bytes.len == 0) {
        app_say(app, MSG_REGISTER_FILE_EMPTY, path);
        status = EX_DATAERR;
    } else if ((type = filetype_of(slice_head(buf_slice(&bytes), FILETYPE_HEAD))) == NULL) {
        app_say(app, MSG_REGISTER_FILE_TYPE, path);
        status = EX_DATAERR;
    } else if (is_marked(type, buf_slice(&bytes))) {
        app_say(app, MSG_REGISTER_FILE_MARKED, path);
        status = EX_NOPERM;
    }
    buf_done(&bytes);
    return status;
}

int evidence_file_open(struct app *app, const char *path, int *ret_fd)
{
    struct err err = ERR_INIT;
    CANH_CLEANUP(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    int status;

    if (fd < 0 || fstat(fd, &st) < 0) {
        (void)err_sys(&err, errno, "%s", path);
        return app_fail(app, NULL, &err);
    }
    if (!S_ISREG(st.st_mode)) {
        app_say(app, MSG_REGISTER_FILE_IRREGULAR, path);
        return EX_DATAERR;
    }
    if (st.st_size > EVIDENCE_FILE_MAX) {
        app_say(app, MSG_REGISTER_FILE_TOO_BIG, path, EVIDENCE_FILE_MAX >> 20);
        return EX_DATAERR;
    }
    status = look(app, fd, path);
    if (status != 0)
        return status;
    *ret_fd = fd_take(&fd);
    return 0;
}
