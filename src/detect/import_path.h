/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_IMPORT_PATH_H
#define CANH_DETECT_IMPORT_PATH_H
/*
 * Names out of an archive or a foreign folder, before they become names of ours. Pure.
 */
#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

enum import_kind {
    IMPORT_OTHER,   /* of no use to us */
    IMPORT_RULE,    /* a YAML file; its text decides */
    IMPORT_LICENCE, /* LICENSE, LICENCE, COPYING, NOTICE; more behind a dot or dash */
};

enum { IMPORT_PARTS_MAX = 32, IMPORT_PART_BYTES = 200 };

/*
 * Appends the path without "." parts. False when it must not be used: absolute, with "..", a
 * backslash, a drive, control characters, not UTF-8, hidden parts, too long or too deep.
 */
bool import_safe_path(struct slice path, struct buf *ret);

enum import_kind import_kind_of(struct slice path);

/* Appends the name of a collection: the source's last part without .zip, .tar.gz and the like, and
 * every character but letters, digits, '.', '_' and '-' as '-'. False when nothing remains. */
bool import_name_of(struct slice source, struct buf *ret);

#endif
