/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_FORM_FORM_H
#define CANH_CLI_FORM_FORM_H
/*
 * canh form: one file a subverb or two; what they share.
 */
#include "cli/listing.h"
#include "cli/session.h"
#include "lang/msg_hand.h"
#include "lang/msg_plan.h"
#include "record/send.h"
#include "view/forms.h"

/* What every verb here may be told: where, whose, of when. Stands first in its options, as `about`.
 */
struct form_about {
    const char *state, *unit, *person, *day, *at;
};

/* type: the options of the verb. */
#define FORM_OPTION(type, name, letter, field, arg, help)                                          \
    OPTION_TEXT(name, letter, type, field, arg, COMPLETE_NONE, help)
#define FORM_STATE(type)  SESSION_OPTION(type, about.state)
#define FORM_UNIT(type)   FORM_OPTION(type, "unit", 'u', about.unit, "CODE", MSG_HAND_OPT_UNIT)
#define FORM_DAY(type)    FORM_OPTION(type, "day", 'd', about.day, "DATE", MSG_HAND_OPT_DAY)
#define FORM_AT(type)     FORM_OPTION(type, "at", 0, about.at, "TIME", MSG_HAND_OPT_AT)
#define FORM_PERSON(type) FORM_OPTION(type, "person", 0, about.person, "CODE", MSG_HAND_OPT_PERSON)
#define FORM_JSON(type)   OPTION_FLAG("json", 'j', type, json, MSG_HAND_OPT_JSON)
#define FORM_VERB(id, title, specs, type, function)                                                \
    .name = (id), .summary = (title), VERB_OPTIONS(specs), .options_size = sizeof(type),           \
    .run = (function)

/* What every verb here has open. */
struct form_job {
    struct session l;
    struct record rec;
    const struct form_about *about;
    struct state_unit unit; /* with --unit */
    struct state_id person; /* with --person */
    int64_t at;             /* --at, or now */
    struct record_form form;
};

/* Opens; name NULL: no form yet; else the unit is --unit's, or one's own by the settings. 0 or an
 * exit status that was said; then nothing is open. */
CANH_MUST_USE int form_begin(struct app *app, const struct form_about *about, enum state_mode mode,
                             const char *name, struct form_job *ret);
int form_end(struct form_job *f, int r, const struct err *err);
/* Finds a form by name; says when there is none. */
CANH_MUST_USE int form_choose(struct form_job *f, struct slice name, struct record_form *ret);
/*
 * The period that a filled form speaks of: of what repeats by --day, else by the answers' day, else
 * by --at; of what happens by the moment that the answers give. An exit status when none can be
 * told.
 */
CANH_MUST_USE int form_period(struct form_job *f, const struct record_form *form,
                              const struct answers *a, struct record_period *ret);
/* The answers that stand for a period and those of the period before; *ret_… NULL: none. */
CANH_MUST_USE int form_known(struct form_job *f, const struct record_form *form,
                             struct state_id unit, const struct record_period *p,
                             const struct answers **ret_now, struct state_submission *ret_standing,
                             const struct answers **ret_before);

/* Appends 05/10/2026, tuần từ …, tháng 10/2026, or a moment. */
void form_write_period(struct buf *out, enum lang lang, enum form_every every,
                       const struct record_period *p);
/* Says on standard error what cannot be accepted; path and a may be NULL. */
void form_describe_problems(struct app *app, const char *path, const struct answers *a,
                            const struct form_problem *problems, uint32_t count);
/* Prints the values over their limits. */
void form_write_findings(struct app *app, const struct form_problem *problems, uint32_t count);
/* Prints what was, or (preview) would be, sent. */
void form_write_outcome(struct form_job *f, const struct record_entry *e,
                        const struct record_sent *s, bool preview);

/* Says why it cannot be sent, where that is not said by its problems; path may be NULL. */
void form_describe_outcome(struct app *app, const char *path, const struct record_sent *s);

/* What was sent, by the first digits of its id; says when none or several begin so. */
CANH_MUST_USE int form_submission(struct form_job *f, const char *id, struct state_submission *ret);
/* Its form, in the edition that it was filled in, and its period. */
CANH_MUST_USE int form_of_submission(struct form_job *f, const struct state_submission *x,
                                     struct record_form *ret);
/* The state as views read it at f->at. */
struct view_ctx form_ctx(struct form_job *f);
struct record_period form_period_of(const struct form *form, const struct state_submission *x);
extern const struct verb verb_form, verb_form_template, verb_form_fill, verb_form_import,
    verb_form_status, verb_form_list, verb_form_show, verb_form_define, verb_form_view,
    verb_form_approve, verb_form_return;

#endif
