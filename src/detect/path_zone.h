/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_PATH_ZONE_H
#define CANH_DETECT_PATH_ZONE_H
/*
 * Zones of the times that name none, where they differ by path: machines of several zones, or one
 * whose application logs in UTC.
 */
#include <stdint.h>

#include "base/slice.h"
#include "base/zone.h"

struct path_zone {
    /* A file, folder or archive as its path begins, or with *, ? or [ a pattern of whole paths
     * (fnmatch(3) without FNM_PATHNAME: * passes '/'). Empty: every path. */
    const char *path;
    struct zone zone;
};

/* The zone of the last that fits; NULL: none does. */
const struct zone *path_zone_of(const struct path_zone *zones, uint32_t count, const char *path);

#endif
