/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_REGISTER_REGISTER_H
#define CANH_CLI_REGISTER_REGISTER_H
/*
 * The registers by hand: evidence, requests, notices, reviews, written orders. What is entered here
 * is what the plan's obligations are proven by. One file a verb; they share how a verb begins.
 */
#include "cli/listing.h"
#include "cli/session.h"
#include "lang/msg_register.h"
#include "state/evidence.h"
#include "state/notices.h"
#include "view/registers.h"

extern const struct verb verb_evidence, verb_request, verb_notice, verb_review, verb_order;
extern const struct verb verb_evidence_list, verb_evidence_show, verb_evidence_verify;
extern const struct verb verb_notice_sheet, verb_notice_list;

/* What every verb here takes; the options of each begin with it. */
struct register_scope {
    const char *state, *unit, *person, *at;
};

#define REGISTER_TEXT(type, name, letter, field, arg, help)                                        \
    OPTION_TEXT(name, letter, type, field, arg, COMPLETE_NONE, help)
#define REGISTER_FILE(type, name, letter, field, help)                                             \
    OPTION_TEXT(name, letter, type, field, "FILE", COMPLETE_FILE, help)
#define REGISTER_STATE(type) SESSION_OPTION(type, scope.state)
#define REGISTER_UNIT(type)                                                                        \
    REGISTER_TEXT(type, "unit", 'u', scope.unit, "CODE", MSG_REGISTER_OPT_UNIT)
#define REGISTER_AT(type) REGISTER_TEXT(type, "at", 0, scope.at, "TIME", MSG_REGISTER_OPT_AT)
#define REGISTER_WHO(type)                                                                         \
    REGISTER_TEXT(type, "person", 0, scope.person, "CODE", MSG_REGISTER_OPT_PERSON)
#define REGISTER_NOT_CLASSIFIED(type)                                                              \
    OPTION_FLAG("not-classified", 0, type, not_classified, MSG_REGISTER_OPT_NOT_CLASSIFIED)

/* A verb with one operand. */
#define REGISTER_ONE(id, title, operand, specs, type, function)                                    \
    {                                                                                              \
        .name = (id), .summary = (title), .operands = (operand), .min_operands = 1,                \
        .max_operands = 1, VERB_OPTIONS(specs), .options_size = sizeof(type), .run = (function)    \
    }
#define REGISTER_PLAIN(id, title, specs, type, function)                                           \
    {                                                                                              \
        .name = (id), .summary = (title), VERB_OPTIONS(specs), .options_size = sizeof(type),       \
        .run = (function)                                                                          \
    }

/* What every verb here has open; unit and person only when they were said. */
struct register_job {
    struct session l;
    struct register_scope scope; /* as given, with one's own unit where that serves */
    struct state_unit unit;
    struct state_id person;
    int64_t at; /* --at, or now */
    struct act_ctx act;
};

/* Options by name and what was given: those that must be there; the unit where one's own by the
 * settings serves as well; and texts that people type, which may not be what belongs to no computer
 * of this kind. */
struct register_given {
    const char *name, *value;
    enum { REGISTER_NEEDED = 1, REGISTER_TYPED = 2, REGISTER_OWN = 4 } is;
};

CANH_MUST_USE int register_begin(struct app *app, const struct register_scope *scope,
                                 enum state_mode mode, const struct register_given *given,
                                 size_t count, struct register_job *ret);
/* Closes; r < 0 is a failure that err describes, r > 0 an exit status. */
int register_end(struct register_job *y, int r, const struct err *err);

/* The verb `list`: what a view has of --unit, or of all. An exit status. */
typedef int register_view(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                          struct err *err);
struct register_list_options {
    struct register_scope scope;
    const char *kind;
    bool open;
    struct listing_options listing;
};
int register_list(struct app *app, const struct register_list_options *o, register_view *view);
/* What a verb did, for a person; the end of a verb that succeeded. */
#define register_print(y, id, ...)                                                                 \
    lang_write(&(y)->l.app->out.buf, (y)->l.app->lang, id, ##__VA_ARGS__)

/* The state as views read it at --at, or now. */
struct view_ctx register_ctx(struct register_job *y);

/* "" for NULL. */
struct slice register_text(const char *s);
/* Evidence by the first digits of its id, its texts in the arena; says when none or several begin
 * so.
 */
CANH_MUST_USE int register_evidence(struct register_job *y, const char *id,
                                    struct state_evidence *ret);
/* The notice by its issuer (--unit) and number; says when there is none. */
CANH_MUST_USE int notice_find(struct register_job *y, const char *number, struct state_notice *ret);
#endif
