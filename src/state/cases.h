/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_CASES_H
#define CANH_STATE_CASES_H
/*
 * Cases (sự cố): the case, its timeline, its tasks. What stands in a timeline is never changed; a
 * new line corrects an old one. Legal clocks are not rows: they follow from the case's times and
 * from what was reported (the case room).
 */
#include "state/state.h"

enum state_case_state {
    STATE_CASE_NEW = 1,     /* mới */
    STATE_CASE_TRIAGE = 2,  /* phân loại */
    STATE_CASE_CONTAIN = 3, /* khoanh vùng */
    STATE_CASE_REMEDY = 4,  /* khắc phục */
    STATE_CASE_OBSERVE = 5, /* theo dõi */
    STATE_CASE_CLOSED = 6,  /* đóng */
    STATE_CASE_LEARNED = 7, /* rút kinh nghiệm */
    STATE_CASE_MERGED = 8,  /* nhập vào sự cố khác */
    STATE_CASE_STATE_MAX
};

/* Traffic Light Protocol 2.0. */
enum state_tlp {
    STATE_TLP_CLEAR = 1,
    STATE_TLP_GREEN = 2,
    STATE_TLP_AMBER = 3,
    STATE_TLP_AMBER_STRICT = 4,
    STATE_TLP_RED = 5
};

/* find: owner none, by number. Time: opened. */
struct state_case {
    STATE_ROW;
    struct state_id unit;
    struct slice number; /* given by put of a new one (SC-2026-0001), its text good till the next */
    struct slice title;
    struct slice class; /* a word of the data: malware, intrusion, dos … */
    int32_t level;      /* 1 … 5, as alerts have it */
    int32_t state;      /* enum state_case_state */
    int32_t tlp;        /* enum state_tlp */
    int64_t t0;         /* when it was found */
    int64_t t0_data;    /* when a leak of personal data was found; 0: none known */
    struct slice system;
    int32_t system_level;                      /* 1 … 5; 0: not said */
    struct slice what, cause, remedy, support; /* as the reports tell it */
    struct state_id owner;
    int64_t opened;
    int64_t closed_at, closed_recorded;
    struct state_id merged; /* into which */
    bool drill;
};
STATE_THING(case);

/* Whether the actor may bring the case to a state: as state_request_step(). put asks it too. */
CANH_MUST_USE int state_case_step(struct state *s, const struct state_actor *a,
                                  const struct state_case *x, int32_t to, struct err *err);

enum state_case_line_kind {
    STATE_LINE_NOTE = 1,
    STATE_LINE_ACTION = 2,
    STATE_LINE_DECISION = 3,
    STATE_LINE_ALERT = 4,      /* alert: what raised it, or belongs to it */
    STATE_LINE_OBSERVABLE = 5, /* what: ip, domain, hash …; value */
    STATE_LINE_EVIDENCE = 6,   /* evidence, or value: where it is kept; what: its hash */
    STATE_LINE_CUSTODY = 7,    /* value: to whom it went */
    STATE_LINE_REPORT = 8,     /* what: the form; value: receipt number */
    STATE_LINE_STEP = 9,       /* what: the new state */
    STATE_LINE_KIND_MAX
};

/* One line of the timeline; append-only. ref: the case. Time: at. */
struct state_case_line {
    STATE_ROW;
    struct state_id unit;
    struct state_id incident;
    struct state_id person;
    struct slice login; /* of the machine, where no person is known */
    int64_t at;         /* when it happened, as the writer says */
    int32_t kind;       /* enum state_case_line_kind */
    struct slice what, value, text, source;
    struct state_id alert, evidence;
};
STATE_THING(case_line);

/* ref: the case. Time: created. */
struct state_case_task {
    STATE_ROW;
    struct state_id unit;
    struct state_id incident;
    struct slice text;
    struct state_id owner;
    int64_t due, done_at;
    struct slice result;
};
STATE_THING(case_task);

/* The case that an alert belongs to; STATE_ID_NONE. Of the whole store: scope is asked of the row.
 */
CANH_MUST_USE int state_case_of_alert(struct state *s, struct state_id alert, struct state_id *ret,
                                      struct err *err);
/* Who read a case when; append-only. ref: the case. Time: at. */
struct state_case_reading {
    STATE_ROW;
    struct state_id unit;
    struct state_id incident;
    struct state_id person;
    struct slice login; /* of the machine, where no person is known */
    int64_t at;
};
STATE_THING(case_reading);

/* Texts of a case whose earlier wordings are kept. */
enum state_case_field {
    STATE_CASE_TITLE = 1,
    STATE_CASE_SYSTEM = 2,
    STATE_CASE_WHAT = 3,
    STATE_CASE_CAUSE = 4,
    STATE_CASE_REMEDY_TEXT = 5,
    STATE_CASE_SUPPORT = 6,
    STATE_CASE_FIELD_MAX
};

/* What a text of a case said until somebody changed it; append-only. ref: the case. Time: at. */
struct state_case_text {
    STATE_ROW;
    struct state_id unit;
    struct state_id incident;
    struct state_id person; /* who changed it */
    struct slice login;     /* of the machine, where no person is known */
    int64_t at;
    int32_t field;     /* enum state_case_field */
    struct slice text; /* empty: nothing was said yet */
};
STATE_THING(case_text);

/* A part of the list. */
struct state_case_walk {
    bool open;      /* open ones alone */
    int64_t opened; /* only behind this one: its opened and id; 0: from the newest on */
    struct state_id id;
};

/* Calls fn with those that the actor may see, the newest first. */
CANH_MUST_USE int state_case_newest(struct state *s, const struct state_actor *a,
                                    const struct state_case_walk *w,
                                    int (*fn)(void *u, const struct state_case *x), void *u,
                                    struct err *err);

#endif
