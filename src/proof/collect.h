/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PROOF_COLLECT_H
#define CANH_PROOF_COLLECT_H
/*
 * How records become proofs: only for this room. One collect_<source>.c for each source of records.
 */
#include "base/map.h"
#include "duty/rows_by.h"
#include "proof/proof.h"
#include "state/assets.h"
#include "state/duty.h"
#include "state/judged.h"
#include "state/requests.h"

enum { PROOFS_MAX = 4000000, REFS_MAX = 8000000, EVENTS_MAX = 200000 };

/* What records refer to: a form's name, a campaign's kind, a notice. */
struct proof_name {
    struct state_id id;
    struct slice what, clause;
    bool attest;
};

/* Sorted; its refs are the first ref_count of the store's. */
struct proof_kept {
    bool there;
    struct status_proof *proofs;
    struct status_event *events;
    struct status_statement *statements;
    struct status_exemption *exemptions;
    size_t proof_count, event_count, statement_count, exemption_count, ref_count;
};

/* Lists that grow; all are freed by proof_close(). */
struct proof_store {
    struct map places; /* of units by their id */
    struct status_proof *proofs;
    size_t proof_count, proof_cap;
    struct status_event *events;
    size_t event_count, event_cap;
    struct status_statement *statements;
    size_t statement_count, statement_cap;
    struct status_exemption *exemptions;
    size_t exemption_count, exemption_cap;
    struct proof_ref *refs;
    size_t ref_count, ref_cap;

    /* small tables, read once */
    struct rows_by asked, received; /* requests, by who asks and by who is asked */
    struct rows_by posts, posts_of; /* by their id, by their unit */
    struct state_coverage *coverages;
    size_t coverage_count;
    struct state_obligation *obligations;
    size_t obligation_count;
    bool *provider;           /* by unit: its proof can be inherited */
    struct proof_kept kept;   /* what the providers' records say, read once */
    struct proof_name *names; /* of forms, campaigns, notices; sorted by id */
    size_t name_count, name_cap;
    struct arena scratch; /* of one unit's records */
};

struct proof_collect {
    struct proof_world *w;
    struct proof_store *st;
    uint32_t unit; /* whose records are being read */
    uint32_t as;   /* for whom they count: another unit where a duty is covered for it */
    int r;         /* the first failure sticks */
    struct err *err;
};

/* What one record says. */
struct proof_claim {
    enum evidence_from from;
    struct slice what;   /* which of them; the catalogue's `what` */
    struct slice clause; /* only of this obligation or clause; empty: any */
    enum status_verdict verdict;
    enum strength strength; /* at most the kind's */
    int64_t instant;        /* which period it belongs to */
    int64_t start, stop;    /* the time it covers, for continuous duties; stop 0: an instant */
    int64_t collected;
    int64_t expires; /* 0: by the kind's `lasts` */
    enum proof_record record;
    struct state_id id;
    const struct state_judgement
        *judged;      /* of a form: its fields, which decide the verdict of each kind */
    int64_t have, of; /* of a notice: how many people; each part asks for a share. of 0: none */
};

/* Adds the proofs that a record makes of every part whose evidence kinds name it. */
void proof_add(struct proof_collect *g, const struct proof_claim *f);
/* A proof of one part, as it is. */
void proof_add_one(struct proof_collect *g, const struct status_proof *p);
uint32_t proof_add_ref(struct proof_collect *g, enum proof_record record, struct state_id id,
                       int64_t at);
/* Something that happened at a unit (PLAN_NONE: everywhere), by the event's name. */
void proof_add_event(struct proof_collect *g, uint32_t unit, const char *event, int64_t at,
                     int64_t due, enum proof_record record, struct state_id id);
/* NULL when the actor may not see it. */
const struct proof_name *proof_find_name(const struct proof_collect *g, struct state_id id);
/* Keeps the first failure and stops the walk. */
int collect_fail(struct proof_collect *g, int r);
/* The same, but what the actor may not see at all is unknown to it, no failure. */
int collect_soft(struct proof_collect *g, int r);
/* Room for one more item; NULL on failure, which sticks. */
void *collect_grow(struct proof_collect *g, void **array, size_t *count, size_t *cap, size_t size,
                   size_t max);
/* The unit's records in the time of the status (with a margin before it). */
struct state_query collect_query(const struct proof_collect *g, uint32_t unit);

/* Appends what a submission is, for people. */
void proof_describe_form(struct buf *out, enum lang lang, struct proof_world *w,
                         struct state_id id);

/* One source each; all return 0 or -CE_* with g->err filled. */
int collect_small(struct proof_collect *g); /* once, at open; the next one, too */
int collect_names(struct proof_collect *g);
int collect_duty(struct proof_collect *g);
int collect_roster(struct proof_collect *g);
int collect_people(struct proof_collect *g); /* assignments, contacts, notices, reviews */
int collect_work(struct proof_collect *g); /* requests, orders, statements, exemptions, evidence */
int collect_forms(struct proof_collect *g);
/* What the fields of a form (state/judged.h) say of a kind of evidence. */
enum status_verdict forms_verdict(const struct evidence_kind *kind, struct state_judgement judged);
int collect_checks(struct proof_collect *g);

#endif
