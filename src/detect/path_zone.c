/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/path_zone.h"

#include <fnmatch.h>
#include <string.h>

/* "/var/log" holds "/var/log" and "/var/log/auth.log", not "/var/logs"; "a.zip" what is in it,
 * "a.zip!/auth.log". */
static bool path_zone_holds(const char *top, const char *path)
{
    size_t n = strlen(top);

    while (n > 1 && top[n - 1] == '/')
        n--;
    return strncmp(top, path, n) == 0 &&
           (path[n] == 0 || path[n] == '/' || top[n - 1] == '/' || strncmp(path + n, "!/", 2) == 0);
}

static bool path_zone_fits(const struct path_zone *z, const char *path)
{
    if (z->path[0] == 0)
        return true;
    if (strpbrk(z->path, "*?[") != NULL)
        return fnmatch(z->path, path, 0) == 0;
    return path_zone_holds(z->path, path);
}

const struct zone *path_zone_of(const struct path_zone *zones, uint32_t count, const char *path)
{
    while (count-- > 0) {
        if (path_zone_fits(&zones[count], path))
            return &zones[count].zone;
    }
    return NULL;
}
