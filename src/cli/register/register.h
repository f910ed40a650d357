/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_REGISTER_REGISTER_H
#define CANH_CLI_REGISTER_REGISTER_H
/*
 * The registers by hand: evidence, requests, notices, reviews, written orders. What is entered here
 * is what the plan's obligations are proven by. One file a verb; they share one struct of
 * options and how a verb begins.
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

struct register_options {
    const char *state, *plan, *unit, *to, *person, *at, *due, *expires, *file, *save;
    const char *title, *text, *kind, *clause, *obligation, *number, *authority, *basis;
    const char *campaign, *audience, *base, *evidence, *revises, *asset;
    struct option_list recipients, kinds;
    int64_t expected, count, rating;
    int choice; /* kind of request, outcome of an order, way of reading */
    bool not_met, replace, confirmed, not_classified, attest, backfilled, issues, open, link,
        remove_orphans;
    struct listing_options listing;
};

#define REGISTER_TEXT(name, letter, field, arg, help)                                              \
    OPTION_TEXT(name, letter, struct register_options, field, arg, COMPLETE_NONE, help)
#define REGISTER_FILE(name, letter, field, help)                                                   \
    OPTION_TEXT(name, letter, struct register_options, field, "FILE", COMPLETE_FILE, help)
#define REGISTER_STATE   SESSION_OPTION(struct register_options)
#define REGISTER_UNIT    REGISTER_TEXT("unit", 'u', unit, "CODE", MSG_REGISTER_OPT_UNIT)
#define REGISTER_AT      REGISTER_TEXT("at", 0, at, "TIME", MSG_REGISTER_OPT_AT)
#define REGISTER_WHO     REGISTER_TEXT("person", 0, person, "CODE", MSG_REGISTER_OPT_PERSON)
#define REGISTER_LISTING LISTING_OPTIONS(struct register_options, listing)
#define REGISTER_NOT_CLASSIFIED                                                                    \
    OPTION_FLAG("not-classified", 0, struct register_options, not_classified,                      \
                MSG_REGISTER_OPT_NOT_CLASSIFIED)
#define REGISTER_VERB .options_size = sizeof(struct register_options)

/* A verb with one operand. */
#define REGISTER_ONE(id, title, operand, specs, function)                                          \
    {                                                                                              \
        .name = (id), .summary = (title), .operands = (operand), .min_operands = 1,                \
        .max_operands = 1, VERB_OPTIONS(specs), REGISTER_VERB, .run = (function)                   \
    }
#define REGISTER_PLAIN(id, title, specs, function)                                                 \
    {                                                                                              \
        .name = (id), .summary = (title), VERB_OPTIONS(specs), REGISTER_VERB, .run = (function)    \
    }

/* What every verb here has open; unit and person only when their options were given. */
struct register_job {
    struct session l;
    const struct register_options *o;
    struct state_unit unit;
    struct state_id person;
    int64_t at; /* --at, or now */
    struct act_ctx act;
};

/* required: names of options that must be there, by field: each NULL one is a usage error. */
struct required {
    const char *name;
    const char *value;
};

CANH_MUST_USE int register_begin(struct app *app, const struct register_options *o,
                                 enum state_mode mode, const struct required *required,
                                 size_t count, struct register_job *ret);
/* Closes; r < 0 is a failure that err describes, r > 0 an exit status. */
int register_end(struct register_job *y, int r, const struct err *err);

/* The verb `list`: what a view has of --unit, or of all. An exit status. */
typedef int register_view(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                          struct err *err);
int register_list(struct app *app, const struct register_options *o, register_view *view);
/* The state as views read it at --at, or now. */
/* What a verb did, for a person; the end of a verb that succeeded. */
#define register_say(y, id, ...) lang_put(&(y)->l.app->out.buf, (y)->l.app->lang, id, ##__VA_ARGS__)

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
