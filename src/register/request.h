/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_REGISTER_REQUEST_H
#define CANH_REGISTER_REQUEST_H
/*
 * Difficulties and requests for help: asked by one unit, worked by another, ended by the one that
 * asked. Who may take which step from which state is state_request_step()'s business.
 */
#include "state/act.h"
#include "state/requests.h"

struct request_draft {
    struct state_id unit, to; /* who asks, who is asked */
    struct state_id person;   /* the asker; none: the actor's person */
    enum state_request_kind kind;
    struct slice clause, title, text;
    int64_t due; /* 0: not said */
};

/* Asks. The number is given by the store. */
CANH_MUST_USE int request_open(const struct act_ctx *ctx, const struct state_actor *actor,
                               const struct request_draft *draft, struct state_request *ret,
                               struct err *err);

enum request_verb {
    REQUEST_ACCEPT,
    REQUEST_COMMENT, /* no step: a note by either side */
    REQUEST_ANSWER,
    REQUEST_REOPEN, /* the asker is not content with the answer */
    REQUEST_CLOSE,
    REQUEST_WITHDRAW,
    REQUEST_VERB_MAX
};
/* Whether the verb says nothing without a text. */
bool request_needs_text(enum request_verb verb);

struct request_change {
    struct state_id request;
    struct state_id
        unit; /* the side that the actor speaks for; none: whatever their scope allows */
    struct state_id person; /* who says it, and who takes it on; none: the actor's person */
    enum request_verb verb;
    struct slice text; /* the note that goes with it, or empty */
    int32_t rating;    /* of REQUEST_CLOSE: 1..5, or 0 */
};

struct request_result {
    struct state_request request; /* as it stands now, also after a refusal */
    struct state_id turn;         /* whose step it is: the unit of that side; none: of either */
};

/*
 * One step, or a comment. -CE_MISSING: no text; -CE_DENIED: the step of the other side (turn);
 * -CE_CONFLICT: not from the state that it is in, or it was changed meanwhile.
 */
CANH_MUST_USE int request_step(const struct act_ctx *ctx, const struct state_actor *actor,
                               const struct request_change *change, struct request_result *ret,
                               struct err *err);

/* The asked side hands a request on to another unit, which answers for it from then on. */
struct request_forward {
    struct state_id request;
    struct state_id to;
    struct slice text; /* why, for both; must be there */
};
/*
 * -CE_MISSING: no text; -CE_RANGE: to who asks, or who is asked already; -CE_CONFLICT: it was
 * answered or ended, or changed meanwhile; -CE_DENIED: only who was asked hands it on.
 */
CANH_MUST_USE int request_pass(const struct act_ctx *ctx, const struct state_actor *actor,
                               const struct request_forward *passing, struct request_result *ret,
                               struct err *err);

struct request_filter {
    struct state_id unit; /* either side; none: all that the actor may see */
    bool open;            /* only those that wait for an answer */
};

/* A request in a list, with what is computed of it. */
struct request_row {
    struct state_request request;
    int64_t waited; /* until it was answered or ended; else until now */
    bool waits;     /* neither answered nor ended */
    bool late;      /* its due time passed before it was answered */
};

struct request_list {
    struct request_row *rows;
    size_t count;
};

CANH_MUST_USE int request_list(const struct act_ctx *ctx, const struct state_actor *actor,
                               const struct request_filter *filter, struct request_list *ret,
                               struct err *err);
/* One of them, and what was said about it. */
struct request_view {
    struct request_row row;
    struct state_note *notes;
    size_t note_count;
};
CANH_MUST_USE int request_show(const struct act_ctx *ctx, const struct state_actor *actor,
                               struct state_id request, struct request_view *ret, struct err *err);

#endif
