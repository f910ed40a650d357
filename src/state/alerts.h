/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_ALERTS_H
#define CANH_STATE_ALERTS_H
/*
 * Alerts as the desk sees them: one row for each alert id of the journal, folded; what people said
 * of them; what is known and wanted quiet. Rows are folded and acknowledged by the alert room.
 */
#include "state/state.h"

enum state_alert_state {
    STATE_ALERT_NEW = 1,
    STATE_ALERT_SEEN = 2,   /* somebody works on it */
    STATE_ALERT_CLOSED = 3, /* with a verdict */
};

/* find: owner = unit, by code (the alert's id, hexadecimal). ref: the source. Time: first..last. */
struct state_alert {
    STATE_ROW;
    struct state_id unit;
    struct state_id asset, source;
    struct slice code;
    struct slice rule; /* its id, or its path */
    struct slice title;
    struct slice title_vi, advice;    /* in Vietnamese, as its rule has them; or empty */
    int32_t level;                    /* 1 informational … 5 critical */
    int32_t state;                    /* enum state_alert_state */
    struct slice about;               /* what it is about: host, user */
    struct slice host, user, address; /* what the first event names */
    int64_t start;                    /* of its window */
    int64_t first_seen, last_seen;
    int64_t count;
    struct slice event; /* the first one, in the journal */
    struct slice stream;
    bool history; /* old at reception */
    struct state_id suppression;
    struct state_id maintenance; /* it fell into: planned, and sent to nobody */
    int64_t seen_at;             /* first acknowledged */
    bool doubtful;               /* written under a clock in doubt; the store's to say */
    bool drill;
};
STATE_THING(alert);

/* Which alerts. Live ones are neither history nor suppressed: only they wait for anybody. */
enum state_alert_kind {
    STATE_ALERTS_ALL,
    STATE_ALERTS_LIVE, /* in the state asked for */
    STATE_ALERTS_OPEN, /* live and not closed */
    STATE_ALERTS_HISTORY,
};

/* A part of the queue, the one last seen newest first. */
struct state_alert_walk {
    enum state_alert_kind kind;
    int32_t state;        /* of LIVE */
    struct state_id unit; /* only this unit's and of those below it; none: all in scope */
    int64_t seen;         /* only behind this one: its last_seen and id; 0: from the newest on */
    struct state_id id;
};

/* Calls fn with each that the actor may see until fn returns something else than 0, which is
 * returned. Found by index: what is not told is not read, but for other units' on the way. */
CANH_MUST_USE int state_alert_newest(struct state *s, const struct state_actor *a,
                                     const struct state_alert_walk *w,
                                     int (*fn)(void *u, const struct state_alert *x), void *u,
                                     struct err *err);
/* How many live ones that are new the actor may see; from 1,000 in all on as of a second ago. */
CANH_MUST_USE int state_alert_waiting(struct state *s, const struct state_actor *a, size_t *ret,
                                      struct err *err);
/* Those the actor may see whose code begins so, by code. */
CANH_MUST_USE int state_alert_begins(struct state *s, const struct state_actor *a,
                                     struct slice begin,
                                     int (*fn)(void *u, const struct state_alert *x), void *u,
                                     struct err *err);

enum state_alert_verdict {
    STATE_ALERT_ONLY_SEEN = 1, /* only seen */
    STATE_ALERT_REAL = 2,
    STATE_ALERT_FALSE = 3, /* the rule is wrong here */
    STATE_ALERT_KNOWN = 4, /* true, and allowed */
};

/* What a person said of an alert; append-only. ref: the alert. Time: at. */
struct state_alert_ack {
    STATE_ROW;
    struct state_id unit;
    struct state_id alert;
    struct state_id person;
    struct slice login; /* of the machine, where no person is known */
    int64_t at;
    int32_t verdict; /* enum state_alert_verdict */
    struct slice note;
};
STATE_THING(alert_ack);

/* find: owner = unit, by code. Time: from..until. */
struct state_suppression {
    STATE_ROW;
    struct state_id unit;
    struct slice code;
    struct slice rule;  /* id or path; empty: any */
    struct slice field; /* `about`, or a field's name; empty: any event */
    struct slice value;
    struct slice reason;
    struct state_id owner;
    int64_t start, stop;
};
STATE_THING(suppression);

/*
 * Work announced on an asset. find: owner = unit, by code. Time: the first start..until.
 */
struct state_maintenance {
    STATE_ROW;
    struct state_id unit;
    struct slice code;
    struct state_id asset; /* none: all of the unit's */
    struct slice reason;
    struct state_id owner;
    int64_t start, stop; /* the first time */
    struct slice repeat; /* as in RFC 5545, on Vietnam's clock; empty: once */
    int64_t until;       /* no later than this */
};
STATE_THING(maintenance);

/* What suppressions covered, of alerts that the actor may see. */
struct state_suppression_hits {
    int64_t count; /* events */
    int64_t last;  /* 0: none */
};
CANH_MUST_USE int state_suppression_hits(struct state *s, const struct state_actor *a,
                                         struct state_id suppression,
                                         struct state_suppression_hits *ret, struct err *err);

/*
 * How far a consumer of the journal has come: the offset of its next record, 0 at first. Put inside
 * the transaction (state_begin) of what the records did.
 */
CANH_MUST_USE int state_offset_get(struct state *s, struct slice consumer, uint64_t *ret,
                                   struct err *err);
CANH_MUST_USE int state_offset_put(struct state *s, struct slice consumer, uint64_t offset,
                                   struct err *err);

#endif
