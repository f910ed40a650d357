/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_ORACLE_H
#define CANH_TESTS_ORACLE_H
/*
 * What a rule means, evaluated in the most obvious way: the whole expression, every value, every
 * time. The engine must agree with it on every event. It shares nothing with the engine but the
 * expression (sigma/expr.h) and the base room (UTF-8, fold_char, numbers, addresses, times).
 *
 * The meaning of an atom over a field's values (a field may occur several times; values are
 * strings, numbers and booleans by their text; null and groups have none):
 *   EXISTS        the field occurs, whatever it holds
 *   NULL          it does not occur, or all its values are null
 *   all others    any of its values satisfies it; over a keyword, any value of the event
 *   FIELDREF      any of its values and any of the other field's, compared as folded bytes
 *   TIMEPART      date and clock as written, a zone is not applied; ISO weeks
 * A regular expression that reaches its limits does not match.
 */
#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "event/event.h"
#include "sigma/expr.h"
#include "sigma/pipeline.h"

struct oracle_field {
    struct slice name; /* empty: nothing mentions it; keywords look into it all the same */
    enum value_type type;
    struct slice text;   /* decoded UTF-8 */
    struct slice folded; /* set by oracle_event_fold() */
};

struct oracle_event {
    struct oracle_field *fields;
    uint32_t count;
};

/* Fills `folded` of every field, in the arena. */
CANH_MUST_USE int oracle_event_fold(struct arena *arena, struct oracle_event *e);
/* The same event as the engine sees it; texts are copied into the arena, folded too. */
CANH_MUST_USE int oracle_event_from(struct arena *arena, const struct event *e,
                                    const struct keys *keys, struct oracle_event *ret);

struct oracle; /* keeps compiled regular expressions */

CANH_MUST_USE struct oracle *oracle_new(void);
struct oracle *oracle_free(struct oracle *o); /* returns NULL */

/* Searches that reached their limits so far: the engine may know better. */
uint64_t oracle_gave_up(const struct oracle *o);

bool oracle_matches(struct oracle *o, const struct expr *e, const struct oracle_event *event);
/* Route and condition. */
bool oracle_variant_matches(struct oracle *o, const struct rule_variant *v,
                            const struct oracle_event *event);
/* Any of a rule's variants. */
bool oracle_rule_matches(struct oracle *o, const struct rule_variant *variants, uint32_t count,
                         const struct oracle_event *event);

#endif
