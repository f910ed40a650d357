/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_PLAN_PLAN_H
#define CANH_CLI_PLAN_PLAN_H
/*
 * canh plan: one file a subverb; what they share.
 */
#include "cli/app.h"
#include "cli/session.h"
#include "plan/plan.h"
#include "plan/status.h"
#include "proof/proof.h"

extern const struct verb verb_plan, verb_plan_draft, verb_plan_review, verb_plan_check,
    verb_plan_import, verb_plan_status, verb_plan_explain, verb_plan_list, verb_plan_accept,
    verb_plan_confirm, verb_plan_not_yet, verb_plan_exempt, verb_plan_event, verb_plan_report,
    verb_plan_statements;

/* A plan that is meant by a file's name, or by the name of one of canh's own. */
CANH_MUST_USE int plan_read(struct app *app, struct arena *arena, struct state *s,
                            const struct state_actor *a, const char *name,
                            const struct catalogue **ret_catalogue, struct slice *ret_text,
                            const struct plan **ret, const char **ret_path);
/* "I.1.i/offline" → obligation and part of a plan; says when there is none. */
CANH_MUST_USE int plan_part(struct app *app, const struct proof_world *w, const char *code,
                            uint32_t *ret_part);
/* Opens the plan in the state at a time (NULL: now). */
CANH_MUST_USE int plan_world(struct session *st, const char *plan, const char *now, int64_t from,
                             int64_t until, struct proof_world *ret);

#endif
