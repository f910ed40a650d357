/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_LOGSOURCE_NEAR_H
#define CANH_SIGMA_LOGSOURCE_NEAR_H
/* Which log source a rule that no mapping reaches was probably to have. */
#include "sigma/pipeline.h"

/*
 * True, and *ret with the parts that mappings know put for those that they do not, when one such is
 * near: `Windows`, `process-creation`. Texts borrow from both.
 */
bool logsource_near(struct pipeline *const *pipelines, uint32_t count, const struct logsource *has,
                    struct logsource *ret);

#endif
