/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OVERVIEW_COUNTS_H
#define CANH_OVERVIEW_COUNTS_H
/* How a plan stands, counted by clause, obligation or unit. */
#include "proof/proof.h"

enum overview_by { OVERVIEW_BY_CLAUSE, OVERVIEW_BY_OBLIGATION, OVERVIEW_BY_UNIT };

struct overview_counts_request {
    enum overview_by by;
    bool whole; /* every period since the plan began; else each part as it stands now */
    bool cache; /* keeps the cells in the state (proof_each_unit) */
};

struct overview_counts {
    enum overview_by by;
    const struct proof_world *w;
    struct status_count *rows; /* by index of the clause, obligation or unit; in w's arena */
    uint32_t row_count;
    struct status_count total;
};

CANH_MUST_USE int overview_count(struct proof_world *w,
                                 const struct overview_counts_request *request,
                                 struct overview_counts *ret, struct err *err);
/* Number or code of a row; and its title. */
struct slice overview_count_name(const struct overview_counts *c, uint32_t row, enum lang lang,
                                 struct slice *ret_title);

#endif
