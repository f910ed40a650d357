/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_DESK_ADMIN_INTERNAL_H
#define CANH_NODE_DESK_ADMIN_INTERNAL_H
/* Between admin.c and the parts that have a file of their own. */
#include "node/desk/admin.h"
#include "node/wire/status.h"

/* A number of the status; 0: it is not told. */
uint64_t admin_status(const struct admin_ctx *c, enum status_slot slot, const char *key);

CANH_MUST_USE int admin_list_rules(const struct admin_ctx *c, struct control_job *job,
                                   struct err *err);

#endif
