/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <zstd.h>

#include "base/file.h"
#include "journal/care.h"
#include "lang/err_journal.h"

enum { LEVEL = 3, PIECE = 128 * 1024 };

struct journal_copy {
    char *path;
    int fd;
    uint64_t end; /* bytes written */
    ZSTD_CCtx *zstd;
    uint8_t out[PIECE];
};

int journal_copy_new(const char *path, struct journal_copy **ret, struct err *err)
{
    struct journal_copy *c = calloc(1, sizeof(*c));
    int r;

    if (c == NULL)
        return err_nomem(err);
    c->fd = -1;
    c->path = strdup(path);
    c->zstd = ZSTD_createCCtx();
    r = c->path && c->zstd ? file_open_new(path, 0600, &c->fd, err) : err_nomem(err);
    if (r == 0)
        (void)ZSTD_CCtx_setParameter(c->zstd, ZSTD_c_compressionLevel, LEVEL);
    if (r < 0)
        (void)!journal_copy_end(c, false, NULL);
    *ret = r == 0 ? c : NULL;
    return r;
}

/* Until all of the text is taken; at the end until all is written. */
static int copy_press(struct journal_copy *c, struct slice text, ZSTD_EndDirective how,
                      struct err *err)
{
    ZSTD_inBuffer in = {text.p, text.n, 0};
    size_t left;
    int r = 0;

    do {
        ZSTD_outBuffer out = {c->out, sizeof(c->out), 0};

        left = ZSTD_compressStream2(c->zstd, &out, &in, how);
        if (ZSTD_isError(left))
            return err_nomem(err);
        r = out.pos ? file_write_at(c->fd, c->path, c->end, slice_of(c->out, out.pos), err) : 0;
        c->end += out.pos;
    } while (r == 0 && (in.pos < in.size || (how == ZSTD_e_end && left > 0)));
    return r;
}

int journal_copy_write(struct journal_copy *c, struct slice record, struct err *err)
{
    int r = copy_press(c, record, ZSTD_e_continue, err);

    return r < 0 ? r : copy_press(c, SLICE("\n"), ZSTD_e_continue, err);
}

int journal_copy_end(struct journal_copy *c, bool keep, struct err *err)
{
    int r = 0;

    if (keep)
        r = copy_press(c, SLICE_NULL, ZSTD_e_end, err);
    if (keep && r == 0)
        r = file_sync_data(c->fd, c->path, err);
    if (c->fd >= 0 && (!keep || r < 0))
        (void)file_remove(c->path, NULL);
    fd_closep(&c->fd);
    (void)ZSTD_freeCCtx(c->zstd);
    free(c->path);
    free(c);
    return r;
}
