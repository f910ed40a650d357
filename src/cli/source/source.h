/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_SOURCE_SOURCE_H
#define CANH_CLI_SOURCE_SOURCE_H
/* canh source: where events come from. */
#include "cli/option.h"

extern const struct verb verb_source;

#endif
