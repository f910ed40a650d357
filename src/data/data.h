/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DATA_DATA_H
#define CANH_DATA_DATA_H
/*
 * The data files that the program carries in itself, as they stood when it was built, so that it
 * works without any file beside it. The table is written by tools/embed.py.
 */
#include "base/attr.h"
#include "base/slice.h"

struct data_file {
    const char *name; /* path inside its folder */
    const uint8_t *bytes;
    size_t size;
};

struct data_folder {
    const char *name;
    const struct data_file *files; /* sorted by name, byte order */
    size_t count;
};

extern const struct data_folder data_folders[];
extern const size_t data_folder_count;

/* The folder ("mappings", "rules", …), or NULL. */
const struct data_folder *data_folder(const char *name);
/* A file of it by name, or NULL. */
const struct data_file *data_find(const struct data_folder *folder, struct slice name);

CANH_INLINE struct slice data_bytes(const struct data_file *f)
{
    return slice_of(f->bytes, f->size);
}

#endif
