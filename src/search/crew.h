/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SEARCH_CREW_H
#define CANH_SEARCH_CREW_H
/*
 * A search on several threads. Pieces (a block each, or a few) are tried by workers with a session
 * of their own; what they found is counted and given to match() on the caller's thread, in the
 * order of the pieces, and is to the byte what one session alone would have found. Memory is that
 * of two pieces as they were given and their matches a worker, and of one that is unpacked.
 *
 *     search_crew_new(&request, 0, &result, &crew, &err);
 *     while (more && !search_crew_ends(crew))
 *         r = search_crew_push(crew, &piece, &err);      may give earlier pieces' matches
 *     r = search_crew_settle(crew, &err);                those of all pieces
 */
#include "search/search.h"

/* Is called for each record of a piece; nonzero ends. */
typedef int search_record_fn(void *ctx, const struct journal_record *record);

struct block; /* journal/block.h */

struct search_piece {
    /* One of two, on any thread, maybe twice. -CE_CORRUPT: what cannot be read is counted as
     * damaged. Either may set `opened`. */
    /* The piece as a block with its records, valid until the session opens another, or done();
     * NULL: nothing of it is wanted. */
    int (*open)(struct search_piece *piece, struct search_session *s, const struct block **ret,
                struct err *err);
    /* Gives the records to fn; what fn returned, or negative and err. */
    int (*each)(struct search_piece *piece, search_record_fn *fn, void *ctx, struct err *err);
    /* Once, on the caller's thread, when the piece is no longer needed; also after a failure. */
    void (*done)(void *u);
    void *u;
    uint64_t blocks, opened, damaged; /* passed over, opened, damaged since the piece before */
};

struct search_crew;
/* workers 0: as many as this process may use cores, 8 at most; 1: no threads. */
CANH_MUST_USE int search_crew_new(const struct search_request *request, unsigned workers,
                                  struct search_result *ret, struct search_crew **ret_crew,
                                  struct err *err);
/* Waits for the workers; pieces that were not settled count for nothing. Returns NULL. */
struct search_crew *search_crew_free(struct search_crew *c);
/* The session that counts: for its times and what it wants (search.h). */
const struct search_session *search_crew_session(const struct search_crew *c);
/* 0, what match() returned, or negative. */
CANH_MUST_USE int search_crew_push(struct search_crew *c, const struct search_piece *piece,
                                   struct err *err);
CANH_MUST_USE int search_crew_settle(struct search_crew *c, struct err *err);
/* Nothing more is wanted. */
bool search_crew_ends(const struct search_crew *c);

#endif
