/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TABLE_TO_GRID_H
#define CANH_TABLE_TO_GRID_H
/* A table as the grid that office draws for Excel (office/grid.h, office/grid_wire.h). */
#include "office/grid.h"
#include "table/table.h"

/* What a grid borrows from. */
struct table_grid {
    const struct table *t;
    struct grid_cell *cells;
    uint32_t cols;
    struct arena arena; /* texts that the cells do not hold */
};

/* The cells stay until table_grid_done(), which is called also after a failure. */
CANH_MUST_USE int table_grid_make(struct table_grid *j, const struct table *t, struct grid *ret,
                                  struct err *err);
void table_grid_done(struct table_grid *j);

#endif
