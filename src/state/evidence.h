/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_EVIDENCE_H
#define CANH_STATE_EVIDENCE_H
/*
 * Evidence: append-only files and statements, and what each proves for whom and when.
 *
 * A file lies at evidence/ab/cdef… by its SHA-256 and is written before the row that names it; a
 * name given by a person is kept as text and never becomes a file name. Sizes and types are
 * limited; a text marked as classified is refused (marking.h).
 */
#include "state/state.h"

enum state_method { /* OSCAL: EXAMINE, INTERVIEW, TEST */
                    STATE_EXAMINE = 1,
                    STATE_INTERVIEW = 2,
                    STATE_TEST = 3,
};

enum state_strength {                      /* ordered: the larger the stronger */
                      STATE_DECLARED = 1,  /* by oneself */
                      STATE_CONFIRMED = 2, /* by someone else */
                      STATE_MEASURED = 3,  /* by a machine */
};

enum state_verdict {
    STATE_SHOWS_MET = 1,
    STATE_SHOWS_NOT_MET = 2,
    STATE_SHOWS_NOTHING = 3, /* kept for the record */
};

struct state_evidence {
    STATE_ROW;
    struct state_id unit;
    struct state_id asset;
    struct slice kind; /* restore-report, photo, minutes, config-hash …: data */
    struct slice title;
    struct slice name;   /* of the file as given, cleaned; "" when there is no file */
    struct slice type;   /* media type found by looking at the content */
    struct slice sha256; /* 32 bytes, or empty: a statement without a file */
    int64_t size;
    int32_t method;             /* enum state_method */
    int32_t strength;           /* enum state_strength */
    int64_t collected, expires; /* expires 0: does not */
    struct slice origin;        /* person, node, probe, form, duty, import */
    struct state_id source;     /* the record it came from: shift, submission, check … */
    struct slice text;          /* the statement, or the measured value */
    struct slice marking;       /* TLP: clear, green, amber, red; empty: amber; or
                                   EVIDENCE_UNREAD */
    int64_t retain_until;       /* 0: the default for its kind */
    struct state_id signer;
    struct state_id revises; /* the evidence that this one replaces */
};
/* Of a file that could not be read: the signer declares that it is not classified. */
#define EVIDENCE_UNREAD "unread"

/*
 * Kinds that canh itself gives: a head's confirmation, and something that happened, which plans
 * know by a name of their own, here or (everywhere) for every unit.
 */
#define EVIDENCE_CONFIRMATION "plan.confirmation"
bool evidence_is_confirmation(const struct state_evidence *x);
void evidence_event_write(struct buf *out, struct slice name, bool everywhere);
/* Whether a kind is such; its name. */
bool evidence_event_read(struct slice kind, struct slice *ret_name, bool *ret_everywhere);

/* Append-only. Without a file; with one use state_evidence_add. Time: collected. ref: asset. */
STATE_THING(evidence);

/*
 * Stores the file open at fd (a regular file, read from its start; name only as text) and the
 * evidence about it, filling sha256, size, type, name. -CE_TOO_BIG over the limit, -CE_DENIED for
 * a type not accepted or a classified marking. The same content twice is one file, two rows.
 */
CANH_MUST_USE int state_evidence_add(struct state *s, const struct state_actor *a, int fd,
                                     struct slice name, struct state_evidence *x, struct err *err);
/* Opens the file read-only, checked against its hash first: -CE_CORRUPT. The fd is the caller's. */
CANH_MUST_USE int state_evidence_open(struct state *s, const struct state_actor *a,
                                      struct state_id id, int *ret_fd, struct err *err);

/*
 * What an evidence says about obligation × unit × time. Append-only. find is not offered.
 * ref: the obligation. Time: start..stop (the period it speaks about).
 */
struct state_proof {
    STATE_ROW;
    struct state_id unit;
    struct state_id obligation;
    struct state_id evidence;
    int64_t start, stop;
    int64_t collected, expires;
    int32_t verdict;  /* enum state_verdict */
    int32_t strength; /* enum state_strength; of the evidence */
};
STATE_THING(proof);

/* Proofs of one obligation at one unit whose period overlaps [from, to): the short way. */
CANH_MUST_USE int state_proof_of(struct state *s, const struct state_actor *a,
                                 struct state_id obligation, struct state_id unit, int64_t from,
                                 int64_t to, int (*fn)(void *u, const struct state_proof *x),
                                 void *u, struct err *err);
/*
 * All proofs overlapping [from, to), in the order unit, obligation, start, read from one index:
 * the bulk way (millions of rows). Only the fields unit … strength are filled.
 */
CANH_MUST_USE int state_proof_scan(struct state *s, const struct state_actor *a, int64_t from,
                                   int64_t to, int (*fn)(void *u, const struct state_proof *x),
                                   void *u, struct err *err);

struct state_evidence_check {
    uint64_t files, bytes;
    uint64_t missing, damaged; /* named by a row */
    uint64_t orphans;          /* named by none: left by a crash */
};
/* Reads every evidence file. Orphans older than an hour are removed when told to. */
CANH_MUST_USE int state_evidence_verify(struct state *s, bool remove_orphans,
                                        struct state_evidence_check *ret, struct err *err);

#endif
