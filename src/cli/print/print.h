/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_PRINT_PRINT_H
#define CANH_CLI_PRINT_PRINT_H
/*
 * canh print: a paper is a subverb (papers.c); what papers share.
 */
#include "cli/session.h"
#include "lang/msg_papers.h"
#include "lang/msg_plan.h"
#include "papers/papers.h"

struct paper_options {
    const char *state, *unit, *output, *layout, *place;
};

#define PAPER_OPTIONS(type, member)                                                                \
    SESSION_OPTION(type, member state),                                                            \
        OPTION_TEXT("unit", 'u', type, member unit, "CODE", COMPLETE_NONE, MSG_PLAN_OPT_UNIT),     \
        OPTION_TEXT("output", 'o', type, member output, "FILE|-", COMPLETE_FILE,                   \
                    MSG_PAPERS_OPT_OUTPUT),                                                        \
        OPTION_TEXT("place", 0, type, member place, "NAME", COMPLETE_NONE, MSG_PAPERS_OPT_PLACE),  \
        OPTION_TEXT("layout", 0, type, member layout, "NAME", COMPLETE_NONE,                       \
                    MSG_PAPERS_OPT_LAYOUT)

/* A paper being made: the state, and the unit it is of with its paper and head. */
struct paper_work {
    struct session st;
    const struct paper_options *o;
    struct papers_ctx p;
};

/* --unit is needed. On failure nothing is held; else paper_end(). */
CANH_MUST_USE int paper_begin(struct app *app, const struct paper_options *o,
                              struct paper_work *ret);
/* The same, to write to the audit, too. */
CANH_MUST_USE int paper_begin_as(struct app *app, const struct paper_options *o,
                                 enum state_mode mode, struct paper_work *ret);
/* Says what a paper could not be made of; an exit status. */
int paper_fail(struct paper_work *s, int r, const struct err *err);
/* Saves as --output, or as NAME-UNIT.pdf, unless status says that something failed; closes. */
CANH_MUST_USE int paper_end(struct paper_work *s, const char *name, int status);

extern const struct verb verb_print;
/* The papers of duty, which share their options (duty.h). */
extern const struct verb verb_print_roster, verb_print_log, verb_print_handover,
    verb_print_directory, verb_print_calls;

#endif
