/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_REGISTER_NOTICE_H
#define CANH_REGISTER_NOTICE_H
/*
 * Notices and warnings: issued by a unit, sent to others, read and promised there. Counted by unit,
 * never by person.
 */
#include "base/time.h"
#include "register/evidence.h"
#include "state/act.h"
#include "state/notices.h"

struct notice_draft {
    struct state_id unit; /* who issues it */
    struct slice code, title, text, clause, audience;
    int64_t due; /* 0: not said */
    bool attest; /* wants a promise, not only reading */
};

/* Issues a notice. -CE_EXISTS: the unit has one of this number. */
CANH_MUST_USE int notice_issue(const struct act_ctx *ctx, const struct state_actor *actor,
                               const struct notice_draft *draft, struct state_notice *ret,
                               struct err *err);

/* To the units named and to every one of the kinds named. */
struct notice_dispatch {
    struct state_id notice;
    const struct state_id *units;
    const struct slice *kinds;
    const struct slice *said; /* the same as the sender wrote them, for a refusal */
    size_t unit_count, kind_count;
    int64_t expected; /* how many people should read it; 0: as before, or not said */
    bool link;        /* with a new secret for each; an older one no longer opens anything */
};

struct notice_sent {
    struct slice unit;   /* its code */
    struct slice secret; /* told this once, of `link`; the state keeps its hash */
};

struct notice_dispatched {
    struct notice_sent *units;
    size_t count;
};

/* -CE_NOT_FOUND: no unit is of a kind that was named. */
CANH_MUST_USE int notice_send(const struct act_ctx *ctx, const struct state_actor *actor,
                              const struct notice_dispatch *dispatch, struct notice_dispatched *ret,
                              struct err *err);

struct notice_published {
    struct state_notice notice;
    struct notice_dispatched sent;
};

/* Issues and sends at once, or neither; dispatch->notice is not read. */
CANH_MUST_USE int notice_publish(const struct act_ctx *ctx, const struct state_actor *actor,
                                 const struct notice_draft *draft,
                                 const struct notice_dispatch *dispatch,
                                 struct notice_published *ret, struct err *err);

/* The notice at a unit; version 0 when it was not sent there. */
CANH_MUST_USE int notice_delivery(const struct act_ctx *ctx, const struct state_actor *actor,
                                  struct state_id notice, struct state_id unit,
                                  struct state_delivery *ret, struct err *err);

/* What a signed sheet shows. */
struct notice_count {
    struct state_id notice, unit;
    int64_t count; /* signatures; 0: one */
    bool attest;   /* they promise, too */
    bool backfilled;
    const struct evidence_file *sheet; /* a scan of it, kept as the unit's evidence; or NULL */
    struct slice title;                /* of that evidence */
};

/* -CE_MISSING: the notice was not sent to the unit. */
CANH_MUST_USE int notice_ack(const struct act_ctx *ctx, const struct state_actor *actor,
                             const struct notice_count *count, struct err *err);

/*
 * What stands behind a unit's link (whatever comes before its last part), without counting anybody.
 * A link ends NOTICE_LINK_LASTS after it was sent or, where the notice says by when, after that.
 * -CE_NOT_FOUND: no such link, or over.
 */
#define NOTICE_LINK_LASTS (30 * TIME_DAY)
struct notice_behind {
    struct state_notice notice;
    struct state_id unit;
    int64_t ends;
};
CANH_MUST_USE int notice_by_link(const struct act_ctx *ctx, const struct state_actor *actor,
                                 struct slice link, struct notice_behind *ret, struct err *err);

/* Somebody with an account read a notice at their unit, with `attest` promised, too: counted as
 * one, without their name. -CE_MISSING: the notice was not sent to the unit. */
CANH_MUST_USE int notice_read(const struct act_ctx *ctx, const struct state_actor *actor,
                              struct state_id notice, bool attest, struct err *err);

/* Reads a notice by a unit's link (whatever comes before its last part), which counts as one
 * reader, with `attest` as one promise, too. -CE_NOT_FOUND. */
CANH_MUST_USE int notice_open(const struct act_ctx *ctx, const struct state_actor *actor,
                              struct slice link, bool attest, struct state_notice *ret,
                              struct err *err);

#endif
