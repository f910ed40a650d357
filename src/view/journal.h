/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_JOURNAL_H
#define CANH_VIEW_JOURNAL_H
/*
 * What a journal holds and what is wrong in it; records found in it. Of the context only the
 * language and the zone are heeded. A library of its own: who lists the state needs no journal.
 */
#include "journal/care.h"
#include "search/search.h"
#include "view/view.h"

/* A row a stream. */
CANH_MUST_USE int view_streams(const struct view_ctx *c, struct journal *j, struct table *ret,
                               struct err *err);

/* The same row by row: of a journal that somebody else holds open. */
void view_streams_begin(const struct view_ctx *c, struct table *ret);
void view_stream_write(struct table *t, const struct journal_stream_state *x);

/* A row a step of a repair: begins the table, puts one. */
void view_journal_mends(const struct view_ctx *c, struct table *ret);
void view_journal_mend_write(struct table *t, const struct journal_mend *m);

/* A row a key: its identity and its use, never the key itself. */
void view_journal_keys(const struct view_ctx *c, const struct journal_keys *keys,
                       struct table *ret);

/* A row a problem: begins the table, puts one. */
void view_journal_problems(const struct view_ctx *c, struct table *ret);
void view_journal_problem_write(struct table *t, const struct journal_problem *p);

/* What was counted of a field, in the order given. */
CANH_MUST_USE int view_search_values(const struct view_ctx *c, const struct search_value *values,
                                     size_t n, struct table *ret, struct err *err);

/* How many were received in each span. */
CANH_MUST_USE int view_search_bins(const struct view_ctx *c, const struct search_bin *bins,
                                   size_t n, struct table *ret, struct err *err);

/* A record that was found. */
struct view_record {
    int64_t received;
    uint64_t offset;
    struct slice source, unit; /* identities */
    struct slice raw;
};
/* Appends its object and a newline; an alert's own object stands in it as it is. */
void view_json_record(struct buf *out, const struct view_record *x);
void view_json_alert(struct buf *out, const struct view_record *x);

#endif
