/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_PEOPLE_H
#define CANH_VIEW_PEOPLE_H
/* Who may sign in, and what was written by whom. */
#include "state/audit.h"
#include "view/view.h"

/* Accounts of people; heeds unit. */
CANH_MUST_USE int view_accounts(const struct view_ctx *c, const struct view_query *q,
                                struct table *ret, struct err *err);

/* Entries of the audit; begins the table, puts a row. */
void view_audit(const struct view_ctx *c, struct table *ret);
void view_audit_write(const struct view_ctx *c, const struct state_audit_entry *x, struct table *t);

#endif
