/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_WEB_PAGE_SEARCH_H
#define CANH_WEB_PAGE_SEARCH_H
/* What a search of the journal found, as page and API show it. */
#include "base/slice.h"

struct found_record {
    int64_t at;
    struct slice source, text; /* source: its name */
};

struct found_bin {
    int64_t at, count;
};

/* How often a field has a value. */
struct found_value {
    struct slice value;
    int64_t count;
};

/* What was not seen, or not wholly (control/search.h). */
enum found_unseen {
    UNSEEN_DAMAGED,
    UNSEEN_UNDECODED,
    UNSEEN_PARTLY,
    UNSEEN_GAPS,
    UNSEEN_REDACTED,
    UNSEEN_OTHER_VALUES,
    UNSEEN_WITHOUT,
    UNSEEN_GONE,
    UNSEEN_MAX
};

struct search_found {
    int64_t from, until, step, matches;
    struct found_record *records;
    struct found_bin *bins;
    struct found_value *values;
    size_t record_count, bin_count, value_count;
    int64_t unseen[UNSEEN_MAX];
    bool more; /* records or values than these */
};

#endif
