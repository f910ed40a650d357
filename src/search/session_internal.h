/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SEARCH_SESSION_INTERNAL_H
#define CANH_SEARCH_SESSION_INTERNAL_H
/* A search while it runs: what search.c and session.c share. */
#include "journal/block.h"
#include "search/mask.h"
#include "search/query.h"
#include "search/record_decoder.h"
#include "search/search.h"

struct id_list {
    uint8_t ids[QUERY_SCOPES_MAX][JOURNAL_ID_SIZE];
    uint32_t count;
};

/* What a source's records are, within a block. */
struct source_state {
    bool wanted;
    const struct format *format; /* NULL: not known yet */
};

/* What a record, or an alert of it, was found to be: all that counting and match() need. */
struct search_hit {
    uint64_t times;               /* as many that are the same to whoever counts */
    bool counts;                  /* a record that matches; else an alert of one */
    bool given;                   /* to match() */
    bool valued;                  /* the field that is counted is there */
    struct journal_record record; /* its raw bytes are not kept */
    struct slice text, value;
};

/* Findings of a worker, copied, in their order. */
struct found {
    struct arena arena;
    struct search_hit *items;
    uint32_t count, cap;
    uint64_t matches;
    int code; /* negative: not all could be kept */
};
void found_init(struct found *f, size_t bytes_max);
void found_clear(struct found *f);
void found_done(struct found *f);

struct search_session {
    const struct search_request *request;
    struct search_result *result;
    struct arena arena;
    struct query query;
    struct keys *keys;
    struct query_matcher *matcher;
    struct detector *detector; /* NULL: no rules */
    struct found *found;       /* a worker's: they are kept, not counted; NULL: counted at once */
    struct record_decoder decoder;
    struct mask *mask;   /* NULL: nothing is masked */
    struct slice needle; /* no record matches without it (query_needle()); empty: nothing known */
    size_t needle_from;  /* of the present record: before it there is none */
    struct id_list sources, units;
    int64_t from, until;
    uint32_t count_key;
    struct buf value;          /* of a field */
    struct block_coder *coder; /* what blocks are unpacked with, NULL: none was yet */
    struct block block;        /* the one that is */
    /* of the present block, where records come one by one */
    struct map places; /* source and unit → place in states */
    struct source_state *states;
    uint8_t (*state_keys)[2 * JOURNAL_ID_SIZE];
    uint32_t state_count, last_state;
    /* of the present record */
    const struct journal_record *record;
    struct source_state *state;
    bool decoded;
    const struct event *event;
    uint64_t alerts;
    int stop; /* what match() returned */
};

/* Whether records of this source and unit may be seen and are asked for. */
bool session_wants(const struct search_session *s, const uint8_t source[JOURNAL_ID_SIZE],
                   const uint8_t unit[JOURNAL_ID_SIZE]);
bool session_wants_time(const struct search_session *s, int64_t received);
/* Whether any record of the block may be. */
bool session_wants_any(const struct search_session *s, const struct block *b);
/* Tries the block's records, those that cannot match all at once. 0, what match() returned, 1 when
 * nothing more is wanted, or negative. */
CANH_MUST_USE int session_try_block(struct search_session *s, const struct block *b);
/* Counts what was found, or gives it to match(). */
CANH_MUST_USE int session_count(struct search_session *s, const struct search_hit *x);
/* The same, or keeps it where the session has a list of findings. */
CANH_MUST_USE int session_settle(struct search_session *s, const struct search_hit *x);
/* Where the span of time that t is counted in begins. */
int64_t session_time_floor(int64_t t, int64_t step);
/* Tries a record that is wanted. */
CANH_MUST_USE int session_try(struct search_session *s, const struct journal_record *rec,
                              struct source_state *state);

#endif
