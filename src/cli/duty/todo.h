/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_DUTY_TODO_H
#define CANH_CLI_DUTY_TODO_H
/* canh todo, and canh duty mine, which canh duty alone is. */
#include "cli/option.h"

extern const struct verb verb_todo, duty_mine;

#endif
