/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SEARCH_SEARCH_H
#define CANH_SEARCH_SEARCH_H
/*
 * A query, a Sigma rule, or both, over the records of one stream of a journal. Blocks that cannot
 * hold a match by time, source, unit, word or address are not opened; the others are read oldest
 * first, and their records decoded again, on as many threads as there are cores (crew.h): what is
 * found, and in which order, does not depend on how many. Memory is that of a block a thread.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/map.h"
#include "base/slice.h"
#include "decode/decoder.h"
#include "detect/cancel.h"
#include "detect/generation.h"
#include "journal/journal.h"

enum {
    SEARCH_BINS_MAX = 4096,
    SEARCH_VALUES_MAX = 10000, /* values counted apart */
};

/* Whose records may be seen. Nothing by default. */
struct search_scope {
    bool all;
    const uint8_t (*units)[JOURNAL_ID_SIZE];
    uint32_t count;
};

/* A record that matches; with rules one for each alert of it. Valid during the call. */
struct search_match {
    const struct journal_record *record;
    struct slice text; /* of the record, as the asker may read it */
};

struct search_request {
    const char *stream;
    struct slice query;
    struct generation *rules; /* also one of these must match; NULL: none is asked */
    struct search_scope scope;
    int64_t now; /* for last: */
    int zone_s;  /* seconds east of UTC, of times without a zone in the query */
    /* The ids that a name of the query stands for, besides 32 hexadecimal digits; may be NULL. */
    bool (*name)(void *ctx, bool unit, struct slice name, uint8_t ret[JOURNAL_ID_SIZE]);
    /* The format of a source's records; NULL, or NULL from it: by their content. */
    const struct format *(*format)(void *ctx, const uint8_t source[JOURNAL_ID_SIZE]);
    unsigned workers;            /* threads; 0: as many as cores; 1: none */
    uint64_t limit;              /* of matches; 0: none */
    struct slice count_by;       /* a field whose values are counted; empty: none */
    int64_t step;                /* of the histogram over received times; 0: none */
    const struct cancel *cancel; /* may be NULL */
    uint64_t mask;               /* not 0: a random seed, and names of people are masked (mask.h) */
    /* A nonzero return ends the search and is what search_run() returns. */
    int (*match)(void *ctx, const struct search_match *m);
    void *ctx;
};

struct search_value {
    struct slice value;
    uint64_t count;
};

struct search_bin {
    int64_t start; /* received time, a multiple of the step */
    uint64_t count;
};

struct search_result {
    uint64_t blocks, opened; /* opened: whose records were read */
    uint64_t records, bytes; /* tried */
    uint64_t matches;        /* records; with rules a record may have several alerts */
    uint64_t undecoded;      /* a field was asked for and no format read the record */
    uint64_t partly;         /* a rule was asked for and did not see all of the record */
    uint64_t gaps;           /* records that say what was lost; never matches */
    uint64_t redacted;       /* whose bytes were taken out */
    uint64_t damaged;        /* blocks that cannot be read */
    uint64_t gone;           /* that retention took while the others were read */
    bool cancelled, limited;
    /* Values in the order in which they came. without: the field is not there. */
    struct search_value *values;
    uint32_t value_count;
    uint64_t other_values, without;
    struct search_bin *bins; /* by time, none that is empty */
    uint32_t bin_count;
    uint64_t other_bins;
    struct arena arena;
    struct map map;
};

void search_result_init(struct search_result *r);
void search_result_done(struct search_result *r);
/* At the end: the most frequent values first. */
void search_result_sort(struct search_result *r);

/*
 * 0, what match() returned, or negative: the query is none (err has the column), a name is unknown,
 * the stream is not there, memory. Damaged blocks are counted and passed over.
 */
CANH_MUST_USE int search_run(struct journal *j, const struct search_request *request,
                             struct search_result *ret, struct err *err);

/*
 * The same for records that come one by one from elsewhere, in blocks: whoever has them may leave
 * out what lies outside the times, and blocks that do not hold what is wanted. The request stays
 * the caller's and valid; its stream is not looked at.
 */
struct search_session;
CANH_MUST_USE int search_session_new(const struct search_request *request,
                                     struct search_result *ret, struct search_session **ret_s,
                                     struct err *err);
struct search_session *search_session_free(struct search_session *s); /* returns NULL */
/* Received times, or TIME_NONE; until is outside. */
void search_session_span(const struct search_session *s, int64_t *ret_from, int64_t *ret_until);
/* Appends the term of journal/predicate.h. */
void search_session_predicate(const struct search_session *s, struct buf *out);
/* Another block begins. */
void search_session_block(struct search_session *s);
/* 0, what match() returned, or negative. */
CANH_MUST_USE int search_session_try(struct search_session *s, const struct journal_record *rec);
/* Nothing more is wanted. */
bool search_session_ends(const struct search_session *s);

#endif
