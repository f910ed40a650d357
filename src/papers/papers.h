/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PAPERS_PAPERS_H
#define CANH_PAPERS_PAPERS_H
/*
 * Printed sheets out of the state. A context is begun for a unit, then papers are laid out into it:
 *
 *     r = papers_begin(&p, unit, layout, err);
 *     if (r == 0)
 *         r = papers_directory(&p, masked, err);
 *     … draw p.paper
 *
 * Everything lives in the arena. -CE_UNKNOWN: no such layout; -CE_NOT_FOUND: what was asked for is
 * not there.
 */
#include "duty/picture.h"
#include "lang/lang.h"
#include "lang/zone.h"
#include "report/letterhead.h"
#include "report/print.h"
#include "report/wording.h"
#include "state/notices.h"
#include "state/people.h"
#include "state/state.h"
#include "state/units.h"

struct papers_ctx {
    struct state *s;
    struct state_actor actor;
    struct arena *arena;
    enum lang lang;
    struct slice place;     /* that papers are dated from; empty: the unit's (papers_place()) */
    struct state_unit unit; /* whose paper it is */
    struct print_head head; /* unit, unit above, place, date, mark of a demonstration, when read */
    struct paper paper;
};

/* Fills unit, head and an empty paper. layout empty: the one of that kind of unit. The right
 * signature is the head's, with the position that the state has. */
CANH_MUST_USE int papers_begin(struct papers_ctx *p, const struct state_unit *unit,
                               struct slice layout, struct err *err);

struct papers_form {
    struct slice form; /* a name; empty: the daily form of that kind of unit */
    int64_t day;       /* when it began */
    bool blank;
};
/* A form as it was sent for the day, or empty. -CE_NOT_FOUND: no such form; -CE_MISSING: not sent.
 */
CANH_MUST_USE int papers_form(struct papers_ctx *p, const struct papers_form *request,
                              struct err *err);
/* What officials sign under a plan (empty: the one that runs), with empty rows below them. */
CANH_MUST_USE int papers_commitment(struct papers_ctx *p, struct slice plan, unsigned rows,
                                    struct err *err);
/* What the people of p->unit sign who read the notice of another one. */
CANH_MUST_USE int papers_notice(struct papers_ctx *p, const struct state_notice *notice,
                                unsigned rows, struct err *err);
/* How the people and roles of the unit and of those below it are reached; masked: hints alone. */
CANH_MUST_USE int papers_directory(struct papers_ctx *p, bool masked, struct err *err);

/* Whom the unit's posts call, in order, by the terms of each; numbers that the reader may not see
 * are left out, and so told. The load holds now and a day ahead, with terms. */
CANH_MUST_USE int papers_call_list(struct papers_ctx *p, const struct duty_load *load, bool masked,
                                   struct err *err);

struct papers_roster {
    struct duty_load *load;
    struct slice post;   /* empty: all that were asked for */
    int64_t from, until; /* whole days */
    bool phones, masked;
};
/* Who is planned. -CE_TOO_BIG: more rows than anybody hangs on a wall. */
CANH_MUST_USE int papers_roster(struct papers_ctx *p, const struct papers_roster *request,
                                struct err *err);

/* The footer of a form for the pen: no figures, and so no time of them. */
#define PAPERS_BLANK_FOOTER SLICE("canh")

struct papers_stood {
    struct duty_picture *picture;
    struct slice code;   /* sổ trực: of one post; empty: of all that were asked for */
    uint32_t post;       /* biên bản bàn giao: in the load */
    int64_t from, until; /* whole days */
    unsigned rows;       /* empty ones, for the pen */
    bool blank;          /* a form to fill in */
};
/* Sổ trực: a sheet a shift that was taken. -CE_NOT_FOUND: none was. */
CANH_MUST_USE int papers_duty_log(struct papers_ctx *p, const struct papers_stood *request,
                                  struct err *err);
/* Biên bản bàn giao: the newest at the post before `until`, else what would be handed over. */
CANH_MUST_USE int papers_handover(struct papers_ctx *p, const struct papers_stood *request,
                                  struct err *err);

/* For other papers: a layout, fixed words, the place that a unit's papers are dated from, the unit
 * above it (without a name: none). */
CANH_MUST_USE int papers_layout(struct arena *arena, struct slice name, struct slice unit_kind,
                                const struct letterhead **ret, struct err *err);
CANH_MUST_USE int papers_wording(struct arena *arena, const char *name, struct wording **ret,
                                 struct err *err);
struct slice papers_place(struct state *s, const struct state_actor *a, struct arena *arena,
                          const struct state_unit *unit);
void papers_parent(struct state *s, const struct state_actor *a, struct arena *arena,
                   const struct state_unit *unit, struct state_unit *ret);

/* Local minutes since 1970 as papers take them; 0, "no end" and TIME_NONE give PRINT_NEVER. */
int64_t papers_minutes(int64_t t);
/* Whether somebody said that the machine's clock was wrong at that time: its sheet says so. */
bool papers_clock(const struct papers_ctx *p, int64_t t);
/* Local days since 1970. */
int64_t papers_day(int64_t t);
/* At most n characters, with … when there were more. */
struct slice papers_cut(struct arena *arena, struct slice s, size_t n);

#endif
