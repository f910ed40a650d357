/* SPDX-License-Identifier: Apache-2.0 */
#include "data/data.h"

const struct data_folder *data_folder(const char *name)
{
    for (size_t i = 0; i < data_folder_count; i++)
        if (strcmp(data_folders[i].name, name) == 0)
            return &data_folders[i];
    return NULL;
}

const struct data_file *data_find(const struct data_folder *folder, struct slice name)
{
    size_t low = 0, high = folder->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_cmp(slice_str(folder->files[middle].name), name);

        if (order == 0)
            return &folder->files[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
