/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ALERT_ALERT_H
#define CANH_ALERT_ALERT_H
/*
 * Alerts: taken in from the journal, listed, shown, acknowledged.
 */
#include "event/alert_record.h"
#include "lang/lang.h"
#include "state/alerts.h"

struct ladder;

/*
 * One match into the state, inside the caller's transaction (state_begin), which also moves the
 * offset of the journal: a new alert, or one more of one that is there. Acknowledged and closed
 * ones stay so. source and unit are the record's own in the journal. A new one begins to call
 * people where there is a ladder (NULL: none).
 */
CANH_MUST_USE int alert_fold(struct state *s, const struct alert_record *x, struct state_id source,
                             struct state_id unit, const struct ladder *ladder, struct err *err);

/*
 * What an alert is about, for people: assets by their name, sources by code and name where the
 * actor may see them, else as it stands; so, too, where the names are longer than the state keeps
 * a line of a case. Empty without memory.
 */
struct slice alert_about(struct state *s, const struct state_actor *a, const struct state_alert *x,
                         struct arena *arena);

struct alert_list_request {
    struct state_id unit; /* none: all in scope */
    bool below;
    bool closed;     /* closed ones too */
    bool history;    /* only those that were old when they came; else only the others */
    bool suppressed; /* suppressed ones too */
    int32_t level;   /* from this level on; 0: all */
    int64_t from, to;
    size_t limit; /* 0: 1,000 */
};

/* Calls fn with each, newest first; texts are only valid inside. */
CANH_MUST_USE int alert_list(struct state *s, const struct state_actor *a,
                             const struct alert_list_request *req,
                             int (*fn)(void *u, const struct state_alert *x), void *u,
                             struct err *err);

struct alert_queue {
    enum state_alert_kind kind;
    int32_t state; /* enum state_alert_state, of live ones */
    size_t limit;
    /* In: only behind this one (its last_seen and id); 0: from the newest on. Out: the last told.
     */
    int64_t seen;
    struct state_id id;
    /* Filled in. */
    size_t waiting; /* all live ones that are new, whatever was asked for */
    bool more;      /* than were told */
};

/* Calls fn with up to limit of them, newest first; texts are only valid inside. */
CANH_MUST_USE int alert_queue(struct state *s, const struct state_actor *a, struct alert_queue *q,
                              int (*fn)(void *u, const struct state_alert *x), void *u,
                              struct err *err);

/* By the beginning of its id, at least 4 digits: -CE_NOT_FOUND, -CE_CONFLICT when several begin so.
 */
CANH_MUST_USE int alert_get(struct state *s, const struct state_actor *a, struct slice id,
                            struct arena *arena, struct state_alert *ret, struct err *err);

struct alert_ack_request {
    struct slice id;      /* its beginning, as alert_get() */
    struct state_id same; /* or exactly this one */
    int32_t verdict;      /* enum state_alert_verdict; all but ONLY_SEEN close it */
    struct slice note;
    struct slice login; /* who, where no person is known */
};

/* Says that somebody has seen it, or closes it. A second one adds to the first. *ret: the alert
 * afterwards, its texts in the arena. */
CANH_MUST_USE int alert_ack(struct state *s, const struct state_actor *a,
                            const struct alert_ack_request *req, struct arena *arena,
                            struct state_alert *ret, struct err *err);

/* What was said of it, oldest first. */
CANH_MUST_USE int alert_acks(struct state *s, const struct state_actor *a, struct state_id alert,
                             int (*fn)(void *u, const struct state_alert_ack *x), void *u,
                             struct err *err);

/* Words of the data, as they stand in JSON: new, seen, closed; real … (levels: lang/level.h). */
const char *alert_state_word(int32_t state);
const char *alert_verdict_word(int32_t verdict);
/* For people. */
const char *alert_state_text(enum lang lang, int32_t state);
const char *alert_verdict_text(enum lang lang, int32_t verdict);
/* 0 when there is no such word. */
int32_t alert_verdict_of(struct slice word);

#endif
