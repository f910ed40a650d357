/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_API_H
#define CANH_VIEW_API_H
/*
 * One noun as an object, as the API of the console gives it in a list or alone: where a list is
 * walked and never held as a table. Members are documented in console/openapi.json. Each writes a
 * value; titles are in the language of who asks.
 */
#include "alert/call.h"
#include "base/json_write.h"
#include "case/case.h"
#include "case/team.h"
#include "duty/items.h"
#include "form/form.h"
#include "overview/overview.h"
#include "record/period.h"
#include "register/request.h"
#include "state/alerts.h"
#include "state/calls.h"
#include "state/cases.h"
#include "state/forms.h"
#include "state/notices.h"
#include "view/view.h"

void view_json_id(struct json_write *w, struct state_id id);
void view_json_alert(struct json_write *w, const struct state_alert *x);
void view_json_message(struct json_write *w, const struct state_message *x);
void view_json_suppression(struct json_write *w, const struct state_suppression *x);
/* A call of people for a matter that is no alert. */
void view_json_matter(struct json_write *w, const struct state_call *x, enum lang lang);
void view_json_case(struct json_write *w, const struct case_file *f, enum lang lang);
/* What a text of a case was before it was changed, by whom. */
void view_json_case_text(struct json_write *w, const struct state_case_text *t, struct slice person,
                         enum lang lang);
void view_json_team_member(struct json_write *w, const struct team_member *x);
void view_json_request(struct json_write *w, const struct view_ctx *c, const struct request_row *x);
/* A notice as it came to a unit; changed: when the unit last did something about it. */
void view_json_notice(struct json_write *w, const struct state_notice *n, int64_t changed);
/* A form that a unit owes for a period; x->version 0: nothing was written yet. */
void view_json_form_due(struct json_write *w, const struct form *f, const struct record_period *p,
                        const struct state_submission *x, enum lang lang);
/* An outage that people told by a form. */
void view_json_outage(struct json_write *w, const struct view_ctx *c, const struct form *f,
                      const struct state_submission *x, bool open);
void view_json_item(struct json_write *w, const struct duty_item *x, enum lang lang);
/* The province on one page, and when it was computed. */
void view_json_overview(struct json_write *w, const struct overview *x, int64_t at);

#endif
