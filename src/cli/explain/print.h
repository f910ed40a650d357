/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_EXPLAIN_PRINT_H
#define CANH_CLI_EXPLAIN_PRINT_H
/*
 * A tree of verdicts for a person.
 */
#include "base/buf.h"
#include "lang/lang.h"
#include "sigma/explain.h"

struct explain_style {
    enum lang lang;
    bool colour;
    bool all;       /* every value of long lists, and values as long as they are */
    size_t columns; /* of a line; 0: no limit */
};

void explain_write_text(struct buf *out, const struct explain_style *style, const struct verdict *v,
                        unsigned indent);

#endif
