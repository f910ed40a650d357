/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_RULES_IMPORT_H
#define CANH_CLI_RULES_IMPORT_H
/*
 * canh rules import: copies the rules of a folder, an archive or a file to where scans find them.
 * The collection is built beside its place and then renamed into it: it is there whole or not at
 * all.
 *
 *     rules_import_read.c   what the source holds → files of the new collection
 *     rules_import.c        into its place; what was imported, told
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "cli/app.h"

enum { IMPORT_FILE_MAX = 8 * 1024 * 1024 };

struct import_options {
    const char *to, *name;
    bool json;
};

struct import {
    struct app *app;
    const struct import_options *options;
    const char *source;
    struct buf folder;   /* of all collections */
    struct buf name;     /* of this one */
    struct buf staging;  /* where it is built */
    struct buf final;    /* where it goes */
    struct buf text;     /* of one file */
    struct buf path;     /* scratch */
    struct buf licences; /* names, ", " between */
    uint64_t entries, bytes;
    uint32_t rules, licence_count, refused_names, too_big;
};

/* Reads m->source into the folder m->staging. 0 or negative. */
CANH_MUST_USE int import_all(struct import *m, struct err *err);

#endif
