/* SPDX-License-Identifier: Apache-2.0 */
#include "state/entity.h"

#define ROW(id, thing) [id] = &thing##_entity,
const struct entity *const entities[E_MAX] = {ENTITIES(ROW)};
