/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/bytes_hot.h"

const struct bytes bytes_v4 = {
    .fold_plain = hot_fold_plain,
    .fold_json = hot_fold_json,
    .fold_utf16 = hot_fold_utf16,
    .same = hot_same,
    .find = hot_find,
    .scan = hot_scan,
};
