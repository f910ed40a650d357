/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_JSON_H
#define CANH_VIEW_JSON_H
/*
 * What is one object rather than a row of a table: a form as it was sent, what became of what was
 * handed in, counts of a plan, entries and reports of the store. Each appends its object and a
 * newline; keys and meanings are documented in docs/json.md.
 */
#include "base/buf.h"
#include "form/form.h"
#include "import/import.h"
#include "plan/plan.h"
#include "plan/status.h"
#include "record/decide.h"
#include "record/period.h"
#include "record/send.h"
#include "state/audit.h"
#include "state/backup.h"

/* A form as it was sent. */
struct view_sent_form {
    const struct form *form;
    struct slice unit; /* its code */
    struct record_period period;
    const struct state_submission *submission;
    const struct answers *answers;
    const struct form_problem *problems;
    uint32_t problem_count;
    struct slice person, decider;
    enum lang lang;
};
void view_json_form_sent(struct buf *out, const struct view_sent_form *v);
/* What was decided about it: form, unit, period and submission of *v. */
void view_json_form_decided(struct buf *out, const struct view_sent_form *v,
                            const struct record_decision *d);
/* What became of a file that was handed in; outcome NULL: it could not be read. */
void view_json_form_imported(struct buf *out, struct slice path, const struct form *form,
                             int64_t from, const struct answers *answers,
                             const struct record_sent *sent, bool applied);

/* Counts of a clause, unit, obligation or of the plan: `kind` is the key that its name has. */
void view_json_plan_counts(struct buf *out, const char *kind, struct slice name, struct slice title,
                           const struct status_count *c);

/* What stands in a plan. */
void view_json_plan_check(struct buf *out, struct slice path, const struct plan *p,
                          const struct plan_count *c, enum lang lang);
/* What an import did, or would do. */
void view_json_imported(struct buf *out, struct slice file, struct slice sheet,
                        const struct import_report *rep);

void view_json_audit_report(struct buf *out, const struct state_audit_report *rep, bool good,
                            struct slice head);
void view_json_backup(struct buf *out, struct slice path, const struct state_backup_report *rep,
                      bool verified);

#endif
