/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PLAN_STATUS_INTERNAL_H
#define CANH_PLAN_STATUS_INTERNAL_H
/*
 * The inside of struct status: only for status.c and status_eval.c.
 */
#include "plan/status.h"

enum { STATUS_LEVELS = FREQ_LEVELS + 1 };

struct period_list {
    struct period *periods;
    size_t count;
};

struct status {
    const struct plan *plan;
    struct window window;
    int64_t from, until;
    struct status_part *parts;
    uint32_t part_count;
    uint32_t *first_part;                       /* by obligation */
    struct period_list (*lists)[STATUS_LEVELS]; /* by part, level */
};

/* A run of an input's array that belongs to one unit (and part). */
struct proofs {
    const struct status_proof *p;
    size_t n;
};

/* What decides about one part at one unit, period after period. */
struct judge {
    const struct status *s;
    const struct status_input *in;
    const struct status_part *part;
    uint32_t unit, part_index;
    struct proofs proofs;
    const struct status_statement *statements;
    size_t statement_count;
    const struct status_exemption *exemptions;
    size_t exemption_count;
};

/* First index of an array sorted by unit whose unit is not below this one. */
#define FIND_UNIT(array, count, wanted, ret)                                                       \
    do {                                                                                           \
        size_t lo_ = 0, hi_ = (count);                                                             \
        while (lo_ < hi_) {                                                                        \
            size_t mid_ = lo_ + (hi_ - lo_) / 2;                                                   \
            if ((array)[mid_].unit < (wanted))                                                     \
                lo_ = mid_ + 1;                                                                    \
            else                                                                                   \
                hi_ = mid_;                                                                        \
        }                                                                                          \
        (ret) = lo_;                                                                               \
    } while (0)

/* Whether a stretch of time and a period have a moment in common. */
CANH_INLINE bool overlaps(int64_t start, int64_t stop, const struct period *p)
{
    return start < p->until && stop > p->from;
}

/* What there is about one part at one unit. */
void judge_init(struct judge *j, const struct status *s, const struct status_input *in,
                uint32_t unit, uint32_t part);
/* The cell by the unit's own proof. from: where in the proofs to begin, moved on. */
void judge_own(const struct judge *j, struct status_cell *c, size_t *from);
/* A cell that is not met becomes exempt where the unit is. */
void judge_exempt(const struct judge *j, struct status_cell *c);

#endif
