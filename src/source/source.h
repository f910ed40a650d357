/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SOURCE_SOURCE_H
#define CANH_SOURCE_SOURCE_H
/*
 * Sources: registered, listed, ended.
 */
#include "state/sources.h"

/* What a kind of source is; one row each. */
struct source_kind {
    const char *name;
    const char *transport; /* by which it comes: files, journal, syslog, http … */
    bool paths;            /* reads files: absolute paths are needed */
    const char *folders;   /* reads folders: those where none are given ("": some must be) */
    bool key;              /* its sender shows a key */
};

extern const struct source_kind source_kinds[];
extern const size_t source_kind_count;
const struct source_kind *source_kind_find(struct slice name);

struct source_add_request {
    struct state_id unit;
    struct state_id asset; /* none: nothing particular */
    struct slice kind;
    struct slice name;         /* to remember */
    const struct slice *paths; /* absolute; * and ? in the last part */
    size_t path_count;
    struct slice product, service; /* empty: seen by content */
    int32_t zone;                  /* seconds east of UTC */
    int64_t back;                  /* read back so far at first; 0: from the end */
    int64_t rhythm;                /* told when silent for longer; 0: never */
    struct slice address;          /* addresses and networks of its senders, a line each */
    const uint8_t *cert;           /* SHA-256 of its sender's certificate; NULL: it has none */
};

enum { SOURCE_KEY_BYTES = 32, SOURCE_KEY_TEXT = 64 };

/* What a sender shows; the state keeps a hash of it only, so that it is told once. */
struct source_key {
    char secret[SOURCE_KEY_TEXT]; /* empty: this kind has none */
};

/* *ret: the new row, texts in the arena; *ret_key: its sender's key. */
CANH_MUST_USE int source_add(struct state *s, const struct state_actor *a,
                             const struct source_add_request *req, struct arena *arena,
                             struct state_source *ret, struct source_key *ret_key, struct err *err);
/* Those valid now, of the unit and all below it; unit none: all in scope. */
CANH_MUST_USE int source_list(struct state *s, const struct state_actor *a, struct state_id unit,
                              int (*fn)(void *u, const struct state_source *x), void *u,
                              struct err *err);
/* Ends it: nothing more is read. By code, of the unit. */
CANH_MUST_USE int source_end(struct state *s, const struct state_actor *a, struct state_id unit,
                             struct slice code, struct err *err);

#endif
