/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_DESK_ADMIN_INTERNAL_H
#define CANH_NODE_DESK_ADMIN_INTERNAL_H
/* Between admin.c and the parts that have a file of their own. */
#include "node/desk/admin.h"

CANH_MUST_USE int admin_tell_rules(const struct admin_ctx *c, struct control_job *job,
                                   struct err *err);

#endif
