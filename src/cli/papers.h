/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_PAPERS_H
#define CANH_CLI_PAPERS_H
/*
 * What verbs that write papers share: layouts and wordings that canh carries, the head of a sheet
 * from a unit, local times, saving as PDF or ODT.
 *
 * Functions that return int give 0, or the exit status of a failure that was already said.
 */
#include "cli/ledger.h"
#include "report/letterhead.h"
#include "report/print.h"
#include "report/wording.h"

enum { PAPERS_ZONE = 7 * 3600, PAPERS_ARENA_MAX = 256 << 20 };

/* A layout by name; NULL: the one of that kind of unit. */
CANH_MUST_USE int papers_layout(struct app *app, struct arena *arena, const char *name,
                                struct slice unit_kind, const struct letterhead **ret);
CANH_MUST_USE int papers_wording(struct app *app, struct arena *arena, const char *name,
                                 struct wording **ret);

/* The unit above, or one without a name; and the place that papers are dated from. */
void papers_parent(struct ledger *st, const struct state_unit *unit, struct state_unit *ret);
struct slice papers_place(struct ledger *st, const struct state_unit *unit);
/* Unit, unit above, place, date, mark of a demonstration, when the data were read. */
CANH_MUST_USE int papers_head(struct ledger *st, const struct state_unit *unit, const char *layout,
                              struct print_head *ret);

/* Local minutes since 1970 as papers take them; 0, "no end" and TIME_NONE give PRINT_NEVER. */
int64_t papers_minutes(int64_t t);
/* Local days since 1970. */
int64_t papers_day(int64_t t);

/* At most n characters, with … when there were more; in the arena. */
struct slice papers_cut(struct arena *arena, struct slice s, size_t n);

/* Writes a paper: ODT when path ends so, else PDF; "-" is standard output. Says where it is. */
CANH_MUST_USE int papers_save(struct app *app, const struct paper *p, const char *path);

#endif
