/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/label.h"

#define LABEL_ROW(id, key, text, use) [LABEL_##id] = {key, text, use},
const struct label_row label_rows[LABEL_COUNT] = {LABELS(LABEL_ROW)};

enum label label_find(struct slice key)
{
    enum label i = 0;

    while (i < LABEL_COUNT && !slice_is(key, label_rows[i].key))
        i++;
    return i;
}
