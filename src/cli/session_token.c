/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/session_token.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "lang/err_cli.h"

enum { FILE_BYTES = 64 << 10 };

/* False where nobody has a home. */
static bool find_file(struct buf *path)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

    if (state && state[0] == '/')
        buf_printf(path, "%s/canh/sessions", state);
    else if (home && home[0] == '/')
        buf_printf(path, "%s/.local/state/canh/sessions", home);
    return path->len > 0;
}

/* One folder has one name. */
static void write_folder(struct buf *out, const char *dir)
{
    char real[PATH_MAX];

    buf_puts(out, realpath(dir, real) ? real : dir);
}

/* Missing: nothing. */
static int read_file(const char *path, struct buf *text, struct err *err)
{
    CANH_CLEANUP(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat st;

    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR || errno == EACCES
                   ? 0
                   : err_fail_sys(err, errno, ERR_BASE_FILE, path);
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077))
        return err_fail(err, CE_DENIED, ERR_CLI_SESSIONS_ARE_OPEN, path);
    return file_read_fd(fd, path, text, err);
}

/* A line: token, blank, folder. */
static bool is_of(struct slice line, struct slice folder, struct slice *ret_token)
{
    return slice_cut(&line, ' ', ret_token) && slice_eq(line, folder);
}

int session_token_get(struct arena *arena, const char *dir, struct slice *ret, struct err *err)
{
    struct buf path = BUF_INIT(PATH_MAX), folder = BUF_INIT(PATH_MAX), text = BUF_INIT(FILE_BYTES);
    struct slice rest, line, token;
    int r = find_file(&path) ? read_file(buf_cstr(&path), &text, err) : 0;

    *ret = SLICE_NULL;
    write_folder(&folder, dir);
    rest = buf_slice(&text);
    while (r == 0 && slice_cut(&rest, '\n', &line))
        if (is_of(line, buf_slice(&folder), &token))
            *ret = arena_dup(arena, token);
    buf_done(&path);
    buf_done(&folder);
    buf_done(&text);
    return r;
}

static int write_file(const char *path, struct slice text, struct err *err)
{
    struct buf folder = BUF_INIT(PATH_MAX);
    int r;

    buf_puts(&folder, path);
    folder.len -= sizeof("/sessions") - 1;
    r = file_mkdirs(buf_cstr(&folder), 0700, err);
    buf_done(&folder);
    return r < 0 ? r : file_replace(path, text, 0600, err);
}

int session_token_write(const char *dir, struct slice token, struct err *err)
{
    struct buf path = BUF_INIT(PATH_MAX), folder = BUF_INIT(PATH_MAX);
    struct buf text = BUF_INIT(FILE_BYTES), after = BUF_INIT(FILE_BYTES);
    struct slice rest, line, old;
    int r = find_file(&path) ? read_file(buf_cstr(&path), &text, err)
                             : err_fail(err, CE_MISSING, ERR_CLI_NO_HOME);

    write_folder(&folder, dir);
    rest = buf_slice(&text);
    while (r == 0 && slice_cut(&rest, '\n', &line))
        if (line.n && !is_of(line, buf_slice(&folder), &old))
            buf_printf(&after, SLICE_FMT "\n", SLICE_ARG(line));
    if (r == 0 && token.n)
        buf_printf(&after, SLICE_FMT " " SLICE_FMT "\n", SLICE_ARG(token),
                   SLICE_ARG(buf_slice(&folder)));
    if (r == 0)
        r = write_file(buf_cstr(&path), buf_slice(&after), err);
    buf_done(&path);
    buf_done(&folder);
    buf_done(&text);
    buf_done(&after);
    return r;
}
