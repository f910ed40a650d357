/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CASE_CLOCK_H
#define CANH_CASE_CLOCK_H
/*
 * Clocks that begin with an incident, as data (plans/clocks.yaml, whose comments tell what each key
 * means), and how they stand for a case. A clock stops when its paper was sent and that was written
 * into the timeline.
 */
#include "state/cases.h"

enum { CLOCKS_MAX = 64 };

struct clock_rule {
    struct slice id, title, form, to, source, checked;
    struct slice title_en, to_en, source_en; /* may be empty */
    bool data;                               /* from t0_data */
    bool confirm;                            /* nobody compared it with its source yet */
    int64_t hours, level;
};

struct clock_rules {
    struct clock_rule *items;
    uint32_t count;
};

/* Texts of a clock, for readers of English those in it where there are some. */
struct slice clock_title(const struct clock_rule *rule, bool english);
struct slice clock_to(const struct clock_rule *rule, bool english);
struct slice clock_source(const struct clock_rule *rule, bool english);

/* Texts and items in the arena; err has line and column. */
CANH_MUST_USE int clock_rules_parse(struct arena *arena, struct slice yaml, struct clock_rules *ret,
                                    struct err *err);

/* Those that canh carries. */
CANH_MUST_USE int clock_rules_shipped(struct arena *arena, struct clock_rules *ret,
                                      struct err *err);

struct case_clock {
    const struct clock_rule *rule;
    int64_t from, due;
    int64_t met; /* when its paper was sent; 0: not yet */
    bool late;   /* due passed before it was met */
};

/* The clocks of a case by due time; lines: its whole timeline. */
void case_clocks(const struct clock_rules *rules, const struct state_case *x,
                 const struct state_case_line *lines, size_t line_count, int64_t now,
                 struct case_clock ret[CLOCKS_MAX], size_t *ret_n);

#endif
