/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_GENERATION_H
#define CANH_DETECT_GENERATION_H
/*
 * A generation is all that decides which events become alerts: a compiled ruleset with its
 * mappings and placeholders, what is wanted quiet, and the fields that name an alert's user. It
 * never changes. Running work replaces it as a whole: load a new one, hand it to each thread
 * between two batches, and let go of the old one; the last reference frees it.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "detect/actor.h"
#include "detect/suppression.h"
#include "detect/walk.h"
#include "sigma/ruleset.h"

enum { GENERATION_ADDRESSES = 3 };

struct generation_options {
    struct paths rules;       /* files and folders; none: those built in and those imported */
    struct slice text;        /* of a rule, instead of all these; empty: none */
    struct paths mappings;    /* none: those built in */
    const char *imported;     /* folder of imported rules; NULL: none */
    const char *placeholders; /* file of values; NULL: none */
    const char *cache;        /* folder for rules once parsed (rule_cache.h); NULL: none */
    enum rule_level min_level;
    enum rule_status min_status; /* STATUS_NONE: all */
    bool sigma_2_2;              /* rules may use the draft of 2.2 */
    bool no_jit;                 /* regexes by the interpreter: memory that is written never runs */
    const struct suppressions *suppressions; /* copied, but for their texts; NULL: none */
    /* Names that the caller asks events for, before the rules are compiled: ruleset_intern(). May
     * be NULL. */
    int (*intern)(void *ctx, struct ruleset *rs, struct err *err);
    void *intern_ctx;
    /*
     * Nobody will ask for a rule's own condition (NULL), why rules were refused, or which log
     * sources mappings know: all may come from the cache at once (rule_set.h).
     */
    bool brief;
    bool no_rules; /* only the names: for who looks at events and at no match */
    /*
     * What is left out and why: a file that cannot be read, a mapping that is wrong. path is NULL
     * where err has it. Rules that are refused are no such problem: see ruleset_problems().
     */
    void (*problem)(void *ctx, const char *path, const struct err *err);
    void *ctx;
};

struct generation {
    atomic_uint references;
    struct ruleset *rules;
    struct ruleset_counts counts;
    struct actor_table actors;
    struct suppressions suppressions;
    uint16_t addresses[GENERATION_ADDRESSES]; /* keys of fields that name the other side's address,
                                                 the first that has a text counts */
    uint32_t files;                           /* that rules were looked for in */
    uint32_t others;                          /* YAML files in folders that are no rules */
    uint32_t problems;                        /* told */
    struct arena arena;
};

/*
 * 0 and the first reference in *ret; or negative: err.line is a place in the file of placeholders.
 * What was told to problem() is no failure.
 */
CANH_MUST_USE int generation_load(const struct generation_options *options, struct generation **ret,
                                  struct err *err);
struct generation *generation_ref(struct generation *g);
struct generation *generation_unref(struct generation *g); /* NULL is fine; returns NULL */

/* The newest `modified` or `date` of the rules that the program does not carry itself, in days;
 * INT64_MIN: none has one. */
int64_t generation_newest_day(const struct ruleset *rs);

/* Which files of a folder a walk takes for rules and mappings. */
void generation_walk(struct walk *w);

/*
 * A repository of rules holds other YAML too (test descriptions, workflows). A rule, however
 * broken, has one of its keys (title, detection, …) at the start of a line.
 */
bool rule_text_likely(struct slice text);

#endif
