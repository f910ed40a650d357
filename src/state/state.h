/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_STATE_H
#define CANH_STATE_STATE_H
/*
 * The store of what people say and own. One struct state is one connection: not thread-safe, any
 * number of them (in any number of processes) may be open on a folder; one at a time writes,
 * readers see the last commit. Everything is described in docs/state.md.
 *
 * The folder: state.db (SQLite), key (contact encryption, 0600), evidence/ (files by content hash).
 *
 * Every entity has a struct and, of the same shape (STATE_THING below), put, get, find, list, each
 * and drop. Enforced on every one of them:
 *   scope     rows of units outside the actor's scope are -CE_DENIED to write and to get, and left
 *             out of list and each; roles say who may read and write which entity (entity.h)
 *   versions  put with an old version is -CE_CONFLICT and changes nothing; read again, then put
 *   audit     every put and drop adds its entry to the chain in the same transaction (audit.h)
 *   content   text is valid UTF-8 without control characters, within its size, and not marked as
 *             classified (-CE_DENIED); references must exist and belong to where they point
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "state/id.h"

struct state;

/* The end of what has no end yet: valid_to of something still valid. */
#define STATE_FOREVER INT64_MAX

enum state_mode {
    STATE_READ,   /* refuses every write; the folder must exist */
    STATE_WRITE,  /* the folder must exist */
    STATE_CREATE, /* makes folder, database and key where they are missing */
};

/*
 * How the clock of the machine is judged before anything is written (base/clock.h). A write under a
 * clock that shows less than `built`, or much more or less than the last entry, is -CE_DENIED.
 */
struct state_clock_rules {
    int64_t built;
    bool (*synchronised)(void); /* NULL: it is not judged */
    bool is_right;              /* a person says so: go on, with an entry of the audit */
    bool go_on;                 /* a node: go on, and mark what is written as doubtful */
};

struct state_options {
    const char *dir;
    enum state_mode mode;
    int busy_ms;               /* how long to wait for another writer; 0: 5,000 */
    int64_t (*clock)(void *u); /* NULL: time_now() */
    void *clock_user;
    const struct state_clock_rules *clock_rules; /* NULL: the machine's, for its own clock */
    bool clock_is_right, clock_go_on;            /* of the machine's rules */
    uint64_t evidence_max;                       /* bytes of one evidence file; 0: 64 MiB */
    bool without_key; /* look for no key: contacts can be neither read nor written */
    bool demo;        /* CREATE: a state of invented data, for good (state_is_demo) */
};

/*
 * Opens, migrating to this program's schema version first where the mode allows (a copy of the old
 * database stays beside it). A newer schema is -CE_UNKNOWN, a damaged one -CE_CORRUPT. On success
 * *ret is the caller's: state_free(). On failure *ret is untouched.
 */
CANH_MUST_USE int state_open(struct state **ret, const struct state_options *opt, struct err *err);
/* NULL is fine; an open transaction is rolled back. Always returns NULL. */
struct state *state_free(struct state *s);

const char *state_dir(const struct state *s);
/* How often this connection stood still until another one had written. */
uint64_t state_waits(const struct state *s);
/* Where the key of contacts was found. */
enum state_key_place {
    STATE_KEY_NONE,   /* contacts can be neither read nor written */
    STATE_KEY_WRONG,  /* there is one, but damaged or not the one that contacts were written with */
    STATE_KEY_BESIDE, /* a file beside the database: who copies the folder has both */
    STATE_KEY_CREDENTIAL, /* systemd hands it over */
    STATE_KEY_GIVEN,      /* $CANH_STATE_KEY */
};
enum state_key_place state_key_place(const struct state *s);
/*
 * A demonstration: marked when it was made, before anything was written to it (-CE_DENIED of
 * state_open for any other state), and never unmarked. Only its clock can be set, so that no
 * received time of a real state can be forged through canh.
 */
bool state_is_demo(const struct state *s);
/* From now on the state's clock stands at `now`. -CE_DENIED unless it is a demonstration. */
CANH_MUST_USE int state_demo_clock(struct state *s, int64_t now, struct err *err);
/* The wall clock of this state: what `created` and other received times are taken from. */
int64_t state_now(struct state *s);
/* True when the wall clock now reads earlier than the last audit entry: somebody set it back. */
bool state_clock_back(struct state *s);

/*
 * Roles. What each may read and write stands with every entity (entity.h); docs/state.md shows it.
 * The numbers are stored: never renumber.
 */
enum state_role {
    STATE_ROLE_NONE = 0,
    STATE_OBSERVER = 1,    /* reads work, writes nothing */
    STATE_OFFICIAL = 2,    /* reads notices, acknowledges, asks */
    STATE_DUTY = 3,        /* stands shifts, fills forms, adds evidence */
    STATE_SYSADMIN = 4,    /* assets, checks, findings; and what DUTY may */
    STATE_HEAD = 5,        /* people, rosters, approvals; and what SYSADMIN may */
    STATE_RESPONDER = 6,   /* own unit as DUTY; works requests addressed to it */
    STATE_COORDINATOR = 7, /* lead authority: sees the units it leads, plans, notices, answers */
    STATE_ADMIN = 8,       /* units, roles, retention; everything inside its scope */
    STATE_SYSTEM = 9,      /* the program itself: probes, imports, the timetable; not a person */
    STATE_ROLE_MAX
};
const char *state_role_to_str(enum state_role r);
/* STATE_ROLE_NONE when unknown. */
enum state_role state_role_from_str(struct slice s);

/*
 * Who asks. unit is the root of the scope: that unit, all below it and its predecessors; for a
 * COORDINATOR also, for reading and for the entities marked so, the units that it leads. A zero
 * unit (ADMIN and SYSTEM only) is the whole store. purpose names the case or reason and goes into
 * the audit entries of reads and writes; it may be empty except where a function says otherwise.
 */
struct state_actor {
    struct state_id person; /* zero: no person (SYSTEM, or the local administrator's shell) */
    struct state_id unit;
    enum state_role role;
    struct slice purpose;
    struct slice account; /* who signed in; empty: nobody did, the machine's user is who they are */
};

/* The whole store, as the program itself. */
struct state_actor state_actor_system(void);
/* The whole store, as whoever may read and write the folder: the command line on the machine. */
struct state_actor state_actor_local(void);
/* The administrator's shell and the program enter what others said and when they said it. */
CANH_INLINE bool actor_on_behalf(const struct state_actor *a)
{
    return a->role == STATE_ADMIN || a->role == STATE_SYSTEM;
}
/*
 * The actor that a person's grants (people.h) allow now: -CE_DENIED without a grant of this role
 * at this unit or one above it. What sessions must use.
 */
CANH_MUST_USE int state_actor_of(struct state *s, struct state_id person, struct state_id unit,
                                 enum state_role role, struct state_actor *ret, struct err *err);
/* Whether rows of the unit may be read / written by this actor at all. */
bool state_may_read(struct state *s, const struct state_actor *a, struct state_id unit);
bool state_may_write(struct state *s, const struct state_actor *a, struct state_id unit);
/* Whether no unit lies outside the actor's scope: what belongs to the whole state, and to none of
 * its units, is theirs. */
bool state_sees_all(struct state *s, const struct state_actor *a);

/*
 * Several writes as one: all or nothing. Without begin, each put is its own transaction. begin
 * takes the write lock (-CE_BUSY after busy_ms). A put that fails inside undoes only itself. Not
 * nested. After -CE_IO from commit (or a put outside) read again: what could not be synced may be
 * there or not, but as a whole.
 */
CANH_MUST_USE int state_begin(struct state *s, struct err *err);
CANH_MUST_USE int state_commit(struct state *s, struct err *err);
/* Fine without a transaction. */
void state_rollback(struct state *s);

/*
 * What a room makes once for all its calls with a connection, of data that do not change: kept
 * under the address of a static of the room's, dropped when the connection is closed, a few at most
 * (else it is dropped at once: -CE_TOO_BIG). As the connection, of one thread at a time.
 */
void *state_kept(const struct state *s, const void *key); /* NULL: nothing */
CANH_MUST_USE int state_keep(struct state *s, const void *key, void *thing, void (*drop)(void *x));

/*
 * Many reads as one: they see one moment, and the file is locked once and not for each of them.
 * Ends with state_read_end(), or by itself where something is written. Within a transaction, or a
 * such reads, there is nothing to do.
 */
CANH_MUST_USE int state_read_begin(struct state *s, struct err *err);
void state_read_end(struct state *s);

/*
 * The same for acts (act.h), which may be made of acts. begin takes a transaction where none is
 * open, else marks a place in it; end with r >= 0 keeps what was written since (the outermost one
 * commits), with r < 0 nothing of it remains. end gives r, or what the commit gives.
 */
CANH_MUST_USE int state_act_begin(struct state *s, struct err *err);
CANH_MUST_USE int state_act_end(struct state *s, int r, struct err *err);
/* One id for all that is written within a transaction; without one a new id. */
struct state_id state_act_id(struct state *s);
/* Ends what is to leave nothing though nothing failed: a preview. */
void state_act_undo(struct state *s);

/*
 * What to list. Zeroed: everything that the actor may see. Order is by unit, then the entity's own
 * time, then id.
 */
struct state_query {
    struct state_id unit; /* only this unit's */
    bool below;           /* with unit: and of all units below it */
    struct state_id ref;  /* only the children of this thing; each entity names its `ref` */
    int64_t from, to;     /* entity's time inside, or span overlapping, [from, to); both 0: any */
    size_t limit;         /* at most so many rows; 0: no limit */
};

/* The common start of every entity. created and changed are wall times of receipt, set here; the
 * order of things is the audit's seq, which no clock can change. */
#define STATE_ROW                                                                                  \
    struct state_id id; /* zero in a new one: put fills it */                                      \
    int64_t version;    /* 0 in a new one; counts from 1 */                                        \
    int64_t created, changed

/*
 * The functions of one entity:
 *   put   adds (version 0) or updates (the version that was read); fills id, version, created and
 *         changed of *x. Slices are copied. Append-only entities refuse updates: -CE_DENIED.
 *   get   the row into *ret, its texts into the arena; -CE_NOT_FOUND, -CE_DENIED.
 *   find  the same by the entity's natural key: the owner (the thing its header names; zero for
 *         keys unique in the whole store) and a code.
 *   list  rows into the arena (bounded by it: -CE_TOO_BIG).
 *   each  calls fn with every row; texts are only valid inside fn. A non-zero return of fn stops
 *         and is returned.
 *   drop  deletes a row of an entity that allows it (else -CE_DENIED); the audit keeps the trace.
 */
#define STATE_THING(thing)                                                                         \
    CANH_MUST_USE int state_##thing##_put(struct state *s, const struct state_actor *a,            \
                                          struct state_##thing *x, struct err *err);               \
    CANH_MUST_USE int state_##thing##_get(struct state *s, const struct state_actor *a,            \
                                          struct state_id id, struct arena *arena,                 \
                                          struct state_##thing *ret, struct err *err);             \
    CANH_MUST_USE int state_##thing##_find(struct state *s, const struct state_actor *a,           \
                                           struct state_id owner, struct slice code,               \
                                           struct arena *arena, struct state_##thing *ret,         \
                                           struct err *err);                                       \
    CANH_MUST_USE int state_##thing##_list(struct state *s, const struct state_actor *a,           \
                                           const struct state_query *q, struct arena *arena,       \
                                           struct state_##thing **ret, size_t *ret_n,              \
                                           struct err *err);                                       \
    CANH_MUST_USE int state_##thing##_each(struct state *s, const struct state_actor *a,           \
                                           const struct state_query *q,                            \
                                           int (*fn)(void *u, const struct state_##thing *x),      \
                                           void *u, struct err *err);                              \
    CANH_MUST_USE int state_##thing##_drop(struct state *s, const struct state_actor *a,           \
                                           struct state_id id, int64_t version, struct err *err)

#endif
