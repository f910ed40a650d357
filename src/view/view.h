/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_VIEW_H
#define CANH_VIEW_VIEW_H
/*
 * The tables of each noun, written once: what they list, in which order, under which keys
 * (docs/json.md). A view reads the state within the actor's scope and fills a table; command line,
 * API and pages show it (table/table.h).
 *
 *     struct view_ctx ctx = {state, &actor, &arena, lang, zone, at};
 *     struct view_query q = {.unit = unit.id, .below = true};
 *     struct table t;
 *
 *     r = view_requests(&ctx, &q, &t, &err);
 *     …a face of the table…
 *     table_done(&t);
 *
 * Every view initialises *ret first: table_done() may be called whatever it returns. On failure the
 * table holds what was read before it. Results are 0 or -CE_*.
 */
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "state/state.h"
#include "table/table.h"

struct view_ctx {
    struct state *state;
    const struct state_actor *actor;
    struct arena *arena; /* keeps what a view reads */
    enum lang lang;
    int32_t zone; /* seconds east of UTC */
    int64_t at;   /* the instant that things are looked at */
    bool links;   /* rows lead to their pages in the console */
};

/* What is asked for; each view says which of it it heeds. */
struct view_query {
    struct state_id unit;         /* none: all */
    bool below;                   /* with unit: and all below it */
    struct state_id only;         /* the one thing of this id; none: all */
    const struct state_id *among; /* only these; count 0: all */
    size_t among_count;
    struct state_id ref; /* what the rows belong to */
    int64_t from, to;    /* both 0: any time */
    bool open;           /* only what is not done yet */
    struct slice kind;   /* only what has this in its kind; empty: all */
    struct slice find;   /* words that all occur, without regard to case and tones; empty: all */
    struct slice code;   /* only this code or form; empty: all */
};

/* A word of canh's own: for programs, for people. */
struct view_word {
    const char *key;
    msg_id text;
};

/* The code of a unit, its name, the name of a person; "" when there is none or it may not be seen.
 */
struct slice view_unit_code(const struct view_ctx *c, struct state_id id);
struct slice view_unit_name(const struct view_ctx *c, struct state_id id);
struct slice view_person_name(const struct view_ctx *c, struct state_id id);

/* Helpers of the views: the table's beginning, an identity, the query of the state. */
void view_begin(const struct view_ctx *c, struct table *t, const char *name,
                const struct table_column *columns, unsigned count);
void view_write_id(struct table *t, struct state_id id);
void view_write_word(struct table *t, const struct view_word *word);
/* A key that people may have made up themselves: in words where it is one of these, else as it is.
 */
void view_write_key(struct table *t, struct slice key, const struct view_word *words, size_t count);
struct state_query view_state_query(const struct view_query *q);
/* Whether the row is one of `among`. */
bool view_is_among(const struct view_query *q, struct state_id id);
/* The beginning of what lasts for years: people read the day; as table_time() else. */
void view_write_since(const struct view_ctx *c, struct table *t, int64_t at);
/* The end of something: 24:00 of a day rather than 00:00 of the next; as table_time() else. */
void view_write_end(const struct view_ctx *c, struct table *t, int64_t at);
/*
 * A time that the machine's clock gave: as table_time(), for people with a "?" when somebody said
 * later that the clock was wrong then, a "!" when it was written in doubt.
 */
void view_write_recorded(const struct view_ctx *c, struct table *t, int64_t at, bool doubtful);
/* That sign, or "". */
const char *view_clock_sign(const struct view_ctx *c, int64_t at, bool doubtful);
/* 0, or err filled with the table's failure. */
CANH_MUST_USE int view_end(const struct table *t, int r, struct err *err);

#define VIEW_BEGIN(ctx, table, name, columns)                                                      \
    view_begin(ctx, table, name, columns, CANH_LEN(columns))

#endif
