/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_YAML_MERGE_H
#define CANH_YAML_MERGE_H
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "yaml/yaml.h"

/*
 * Resolves a map's plain key << (YAML 1.1, https://yaml.org/type/merge.html): its value, a map or a
 * list of maps, gives the pairs whose keys the map itself does not have; of several maps the
 * earlier one wins. The map's own pairs stay in front. 0, -CE_SYNTAX at the value, or -CE_NOMEM.
 */
CANH_MUST_USE int yaml_merge(struct arena *arena, struct yaml_node *map, struct err *err);

#endif
