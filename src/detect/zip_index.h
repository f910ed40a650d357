/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_ZIP_INDEX_H
#define CANH_DETECT_ZIP_INDEX_H
/*
 * The names in the index (central directory) of a ZIP archive: what should be in it, whatever
 * became of the members themselves. PKWARE APPNOTE 6.3, sections 4.3.12 to 4.3.16. Pure.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* So much of the file's end has the records that lead to the index. */
enum { ZIP_TAIL_MAX = 22 + 65535 + 20 + 56 };

/*
 * Where the index stands, from the file's last bytes (all of a shorter file, else ZIP_TAIL_MAX).
 * False when there is none, or it would lie outside the file.
 */
bool zip_index_find(struct slice tail, uint64_t file_size, uint64_t *ret_at, uint64_t *ret_bytes);

/* Takes the next entry off the index; its name borrows from it. False at the end or at what is no
 * entry. */
bool zip_index_next(struct slice *index, struct slice *ret_name);

#endif
