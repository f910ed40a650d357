/* SPDX-License-Identifier: Apache-2.0 */
#include "record/finding.h"

bool record_finding_is_limit(const struct state_finding *x)
{
    return slice_eq(x->kind, RECORD_FINDING_LIMIT);
}
