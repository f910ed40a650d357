/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_CORRELATION_H
#define CANH_SIGMA_CORRELATION_H
/*
 * A Sigma correlation rule as data (correlation specification 2.1 and what pySigma reads beyond it;
 * of the drafted 2.2, value_median and conditions over rules, where rule_options ask for it).
 * Reading reports every mistake of a document, not only the first; resolving ties the names under
 * `rules` to what is loaded. Nothing here looks at events.
 *
 *     rule_read() → rule_file.correlations
 *     correlations_resolve(arena, …)     once all files are read
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/slice.h"
#include "sigma/rule.h"

enum correlation_type {
    CORRELATION_EVENT_COUNT,
    CORRELATION_VALUE_COUNT,
    CORRELATION_TEMPORAL,
    CORRELATION_TEMPORAL_ORDERED,
    CORRELATION_VALUE_SUM,
    CORRELATION_VALUE_AVG,
    CORRELATION_VALUE_PERCENTILE,
    CORRELATION_VALUE_MEDIAN,
    CORRELATION_TYPE_MAX,
};

enum correlation_op {
    CORRELATION_GT,
    CORRELATION_GTE,
    CORRELATION_LT,
    CORRELATION_LTE,
    CORRELATION_EQ,
    CORRELATION_NEQ,
    CORRELATION_OP_MAX,
};

enum {
    CORRELATION_RULES_MAX = 200, /* under `rules` */
    CORRELATION_FIELDS_MAX = 32, /* group-by, field, aliases */
    CORRELATION_DEPTH_MAX = 8,   /* of correlations over correlations */
    CORRELATION_SECONDS_MAX = 10 * 365 * 86400,
};

struct sigma_correlation;

/* One entry of `rules`. Several rules may share its name or id; a correlation stands alone. */
struct correlation_ref {
    struct slice name; /* as written: an id or a name */
    unsigned line, col;
    uint32_t *rules; /* indexes of what was given to correlations_resolve() */
    uint32_t rule_count;
    struct sigma_correlation *correlation; /* or NULL */
};

/* A field of the correlation that has another name in the events of each rule. */
struct correlation_alias {
    struct slice name;
    unsigned line, col;
    struct slice *refs;   /* ids or names as written */
    struct slice *fields; /* by refs */
    uint32_t count;
    struct slice *by_ref; /* by the correlation's refs, once resolved */
};

struct correlation_bound {
    enum correlation_op op;
    double value; /* whole and not negative for counts */
};

/* `a and not b`: over the rules that were seen in the window. */
enum correlation_expr_op { CORRELATION_REF, CORRELATION_NOT, CORRELATION_AND, CORRELATION_OR };

struct correlation_expr {
    enum correlation_expr_op op;
    uint32_t ref; /* of CORRELATION_REF: index into refs */
    uint32_t count;
    const struct correlation_expr **kids;
};

struct sigma_correlation {
    struct sigma_rule rule; /* its metadata: path, title, id, level …; no log source or condition */
    unsigned col;
    enum correlation_type type;
    struct correlation_ref *refs;
    uint32_t ref_count;
    struct slice *group_by; /* none: all events are one group */
    uint32_t group_count;
    struct correlation_alias *aliases;
    uint32_t alias_count;
    int64_t seconds; /* of the window */
    /* All must hold; temporal types without any: as many as there are refs. */
    struct correlation_bound bounds[CORRELATION_OP_MAX];
    uint32_t bound_count;
    struct slice *fields; /* of value_…; several are counted as tuples */
    uint32_t field_count;
    double percentile;                   /* of value_percentile, 0 to 100 */
    const struct correlation_expr *expr; /* temporal types with a condition as text, or NULL */
    bool generate;                       /* its rules alert alone, too */
    bool broken;                         /* a problem was reported: not to be evaluated */
    /* Set by the ruleset: the options take it; it is to be evaluated, for itself or for one above;
     * its alerts are told. */
    bool wanted, active, alone;
    uint32_t depth; /* 1 over rules only, else 1 + that of the deepest correlation below */
};

/*
 * Ties each reference to its rules or its correlation, and marks as broken, with a problem each,
 * those that name what is not there, a broken one, or themselves. rules may hold more than what
 * will run: a rule that is left out for its level still is a rule.
 */
CANH_MUST_USE int correlations_resolve(struct arena *arena, struct sigma_rule *const *rules,
                                       uint32_t rule_count, struct sigma_correlation *const *all,
                                       uint32_t count, struct rule_problem **ret_problems,
                                       uint32_t *ret_problem_count);

/* What a field of group-by or of the condition is called in the events of reference `ref`. */
struct slice correlation_field(const struct sigma_correlation *c, uint32_t ref, struct slice name);
/* Whether a count or a value is one that the condition wants. */
bool correlation_holds(const struct sigma_correlation *c, double value);
const char *correlation_type_to_str(enum correlation_type type);

#endif
