/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_REPORT_PICTURE_H
#define CANH_REPORT_PICTURE_H
/*
 * Tổng quan toàn tỉnh: the whole province on one A4 page for the coordinator and the leaders, from
 * plain structs that plan, duty and state fill. Every figure carries its age; unknown is grey and
 * hatched, never green; a percentage splits into proved, declared and unknown. No ranking of
 * people: only posts and units are named.
 *
 * Lists are cut to what fits on the page, saying how many more there are. Times are minutes since
 * 1970-01-01T00:00 local, PICTURE_NEVER when not known.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "lang/lang.h"
#include "office/paper.h"

#define PICTURE_NEVER INT64_MIN
enum { PICTURE_TREND = 7 };

enum picture_state { PICTURE_UNKNOWN, PICTURE_GOOD, PICTURE_WARN, PICTURE_BAD };
enum picture_severity {
    PICTURE_GREEN,
    PICTURE_YELLOW,
    PICTURE_ORANGE,
    PICTURE_RED,
    PICTURE_SEVERITIES
};

/* A count and when it was so; value < 0: unknown. */
struct picture_count {
    int64_t value;
    int64_t at;
};

/* Units of a clause by the state of its obligations now. */
struct picture_clause {
    struct slice number, title; /* I.1; Quản lý, kỹ thuật, trực, sao lưu */
    uint32_t proved, declared;  /* met, by the strength of the proof */
    uint32_t open;              /* not due, due, in progress: no part of the percentages */
    uint32_t not_met, overdue, unknown, exempt;
    float trend[PICTURE_TREND]; /* share met, 0..1, oldest first; NaN: unknown */
    uint32_t promised;          /* not yet, with a reason and a date */
};

struct picture_service {
    struct slice name;
    enum picture_state state;
    double up24;     /* share of the last 24 hours, 0..1; negative: unknown */
    int64_t checked; /* when it was last probed */
};

struct picture_operator {
    struct slice name;
    struct picture_count outages, cuts, routes, backlog, lost, power;
    int64_t reported; /* the newest form */
};

struct picture_duty {
    struct slice post, unit;
};

struct picture_request {
    struct slice number, unit;
    int64_t since;
};

struct picture_station {
    struct slice name;
    int64_t last_heard;
};

struct province_picture {
    struct slice province, authority; /* tỉnh …; cơ quan lập */
    struct slice plan;                /* title and number of the plan */
    int32_t days_left;                /* to the event; INT32_MIN: no event */
    struct slice phase;               /* may be empty */
    int64_t now;
    int64_t oldest; /* of the data shown */
    uint32_t units, units_reporting;

    uint32_t posts_required, posts_covered;
    const struct picture_duty *missing; /* posts without anybody now */
    size_t missing_count;

    const struct picture_clause *clauses;
    size_t clause_count;

    const struct picture_service *services;
    size_t service_count;

    uint32_t cases[PICTURE_SEVERITIES]; /* open */
    struct slice oldest_case;           /* its number; may be empty */
    int64_t oldest_case_since;
    struct slice next_deadline; /* what is due next by law; may be empty */
    int64_t next_deadline_at;

    const struct picture_operator *operators;
    size_t operator_count;

    struct picture_count red_overdue, stale_backups, exposures;

    const struct picture_request *requests; /* waiting for more than a day */
    size_t request_count;

    const struct picture_station *silent;
    size_t silent_count;
    uint32_t stations; /* in all */

    const struct slice *sentences; /* three, by the coordinator */
    size_t sentence_count;
    struct slice signer; /* may be empty: room to sign */
    struct slice banner; /* DIỄN TẬP, DỮ LIỆU MẪU; may be empty */
    int64_t created;     /* seconds since 1970 UTC, for the file's properties */
};

/*
 * Builds the page into a paper just initialised with the caller's arena. -CE_TOO_BIG when even the
 * shortest lists do not fit on one page.
 */
CANH_MUST_USE int picture_build(struct paper *p, const struct province_picture *pic, enum lang lang,
                                struct err *err);

#endif
