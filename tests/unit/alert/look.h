/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_ALERT_LOOK_H
#define CANH_TESTS_ALERT_LOOK_H
/* A look at what the state tells, all its parts at once. */
#include "alert/matter.h"

CANH_MUST_USE static inline int look_whole(struct state *s, const struct ladder *l,
                                           struct slice terms, size_t *ret_changed, struct err *err)
{
    struct matters *m = NULL;
    size_t changed = 0;
    int r = matters_begin(&m, s, l, terms, err);

    *ret_changed = 0;
    while (r == 0 && (r = matters_go_on(m, &changed, err)) >= 0) {
        *ret_changed += changed;
        if (r == 0)
            break;
        r = 0;
    }
    (void)matters_end(m);
    return r;
}

#endif
