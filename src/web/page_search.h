/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_WEB_PAGE_SEARCH_H
#define CANH_WEB_PAGE_SEARCH_H
/* Between the files of searches of the journal: what is asked, and what was found. */
#include "web/web_internal.h"

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

/* A word of what is asked: in the query of a page, or in the body of what was sent. */
struct slice search_asked(const struct visit *v, const char *name);
/* Whether it may begin: for what, by whom, and no more than is taken. */
CANH_MUST_USE int search_check(const struct visit *v, struct err *err);
/* Query, reason, unit, rule and language; false: it is too much. */
bool search_write_asked(struct visit *v, struct control_args *args);
bool search_write_number(struct visit *v, struct control_args *args, const char *key, int64_t n);

#endif
