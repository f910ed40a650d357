/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "lang/msg_cli.h"

enum { FILE_BYTES = 64 << 10 };

static void find_path(struct buf *path)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

    if (config && config[0] == '/')
        buf_printf(path, "%s/canh/settings", config);
    else if (home && home[0] == '/')
        buf_printf(path, "%s/.config/canh/settings", home);
}

static const char *session_own_keep(struct arena *arena, struct slice value)
{
    return (const char *)arena_dup(arena, value).p; /* ends with a zero */
}

/* Blank lines and those with # say nothing. False: not understood. */
static bool read_line(struct arena *arena, struct slice line, struct session_own *ret)
{
    struct slice key;

    line = slice_trim(line);
    if (line.n == 0 || line.p[0] == '#')
        return true;
    if (!slice_cut(&line, '=', &key))
        return false;
    key = slice_trim(key);
    if (slice_is(key, "unit"))
        ret->unit = session_own_keep(arena, slice_trim(line));
    else if (slice_is(key, "person"))
        ret->person = session_own_keep(arena, slice_trim(line));
    else if (slice_is(key, "place"))
        ret->place = session_own_keep(arena, slice_trim(line));
    else
        return false;
    return true;
}

static int read_file(struct app *app, struct arena *arena, const char *path,
                     struct session_own *ret)
{
    struct buf text = BUF_INIT(FILE_BYTES);
    struct err err = ERR_INIT;
    struct slice rest, line;
    int r = file_read(path, &text, &err), status = 0;

    if (r < 0 && !(err.code == CE_IO && err.sys == ENOENT))
        status = app_fail(app, NULL, &err);
    rest = r < 0 ? SLICE_NULL : buf_slice(&text);
    for (unsigned n = 1; status == 0 && rest.n > 0 && slice_cut(&rest, '\n', &line); n++) {
        if (!read_line(arena, line, ret))
            status = app_usage(app, MSG_CLI_BAD_SETTING, path, n);
    }
    buf_done(&text);
    return status;
}

int session_own(struct app *app, struct arena *arena, struct session_own *ret)
{
    const char *unit = getenv("CANH_UNIT"), *person = getenv("CANH_PERSON"),
               *place = getenv("CANH_PLACE");
    struct buf path = BUF_INIT(4096);
    int status;

    *ret = (struct session_own){.unit = NULL};
    find_path(&path);
    status = path.len ? read_file(app, arena, buf_cstr(&path), ret) : 0;
    buf_done(&path);
    if (unit && unit[0])
        ret->unit = unit;
    if (person && person[0])
        ret->person = person;
    if (place && place[0])
        ret->place = place;
    return status;
}

int session_own_unit(struct app *app, struct arena *arena, const char **unit)
{
    struct session_own own = {.unit = *unit};
    int status = *unit ? 0 : session_own(app, arena, &own);

    if (status == 0)
        *unit = own.unit;
    return status;
}

int session_listed(struct session *st, const char *unit, struct state_unit *ret)
{
    int status = session_own_unit(st->app, &st->arena, &unit);

    return status != 0 || unit == NULL ? status : session_unit(st, unit, ret);
}
