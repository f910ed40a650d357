/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/yaml.h"

const struct yaml_limits yaml_default_limits = {
    .max_bytes = 1 << 20,
    .max_nodes = 200000,
    .max_depth = 64,
    .max_docs = 1000,
};
