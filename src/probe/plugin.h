/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PROBE_PLUGIN_H
#define CANH_PROBE_PLUGIN_H
/*
 * Which programs a check may run: those below a configured folder that, like every folder on the
 * way to them, root alone may write. Folders: $CANH_PLUGINS (with colons between them), else the
 * lines of /etc/canh/plugins, else those of Debian's packages. Only for this room.
 */
#include <limits.h>

enum plugin_refusal {
    PLUGIN_FINE,
    PLUGIN_ELSEWHERE, /* below no configured folder, whether it is there or not */
    PLUGIN_MISSING,
    PLUGIN_OTHERS_WRITE, /* somebody besides root could put another program there */
};

/* real: the file itself, behind all links. Run that one: a link may be another a moment later. */
enum plugin_refusal plugin_examine(const char *path, char real[PATH_MAX]);

#endif
