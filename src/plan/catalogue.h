/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PLAN_CATALOGUE_H
#define CANH_PLAN_CATALOGUE_H
/*
 * The words that plans may use (plans/catalogue.yaml): kinds and tags of units, roles, roles of
 * assets, events, and kinds of evidence. Data, not code: a province adds its own.
 *
 * Immutable after parsing; lives in the caller's arena.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "calendar/frequency.h"
#include "lang/title.h"

struct word {
    struct slice id; /* must stay first: near_find() */
    struct title title;
    struct slice also; /* what people call it, apart by semicolons: for reading their lists */
};

enum word_list {
    WORDS_UNIT_KINDS, /* struct unit_kind by the same index */
    WORDS_UNIT_TAGS,
    WORDS_ROLES,
    WORDS_ASSET_KINDS, /* a catalogue may lack it */
    WORDS_ASSET_ROLES,
    WORDS_EVENTS,
    WORDS_EVIDENCE, /* struct evidence_kind by the same index */
    WORDS_MAX
};

/* Ordered, the larger the stronger; the numbers are the state room's. */
enum strength { STRENGTH_NONE, STRENGTH_DECLARED, STRENGTH_CONFIRMED, STRENGTH_MEASURED };

/* The part of canh whose records a kind of evidence is made of. */
enum evidence_from {
    FROM_PLAN,
    FROM_DUTY,
    FROM_DIRECTORY,
    FROM_NOTICE,
    FROM_REQUEST,
    FROM_ORDER,
    FROM_REVIEW,
    FROM_PROBE,
    FROM_FORM,
    FROM_FILE,
    FROM_CHECK,
    FROM_CASE,
    FROM_MAX
};

struct evidence_kind {
    enum evidence_from from;
    struct slice what;    /* which of them: the form's name, the campaign's kind … */
    struct slice waits;   /* what canh still lacks to make it, or empty */
    struct slice *fields; /* of a form: only what these say counts; none: the whole form */
    uint32_t field_count;
    enum strength strength; /* at most */
    uint8_t method;         /* 1 examine, 2 interview, 3 test */
    bool machine;
    bool stands;       /* counts also when it is older than the plan, while it lasts */
    struct span lasts; /* 0: does not expire by itself */
};

/* What differs between kinds of units. */
struct unit_kind {
    struct title brief;  /* where there is little room; else the title */
    struct slice layout; /* of its papers, by its name in templates/ */
    struct slice daily;  /* the form that it fills every day */
};

/* Unit kinds, tags and asset roles are sets of at most 64, kept as bits by index. */
enum { CATALOGUE_SET_MAX = 64, CATALOGUE_WORDS_MAX = 512 };

struct catalogue {
    struct word *words[WORDS_MAX];
    uint32_t count[WORDS_MAX];
    const struct evidence_kind *evidence;
    const struct unit_kind *unit_kinds; /* by the same index as their words */
};

CANH_MUST_USE int catalogue_parse(struct arena *arena, struct slice text,
                                  const struct catalogue **ret, struct err *err);

/* Index of a word, or UINT32_MAX. */
uint32_t catalogue_find(const struct catalogue *c, enum word_list list, struct slice id);
/* Of a kind of unit; one that the catalogue does not have is like an agency. */
const struct unit_kind *catalogue_unit_kind(const struct catalogue *c, struct slice id);
/* The word that a mistyped one is nearest to, or an empty slice. */
struct slice catalogue_near(const struct catalogue *c, enum word_list list, struct slice id);
/* What a list is called in messages: "kind of unit" … */
unsigned word_list_text(enum word_list list);

const char *strength_to_str(enum strength s);
/* STRENGTH_NONE when unknown. */
enum strength strength_from_str(struct slice s);
const char *evidence_from_to_str(enum evidence_from from);

#endif
