/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_DUTY_CHANGE_H
#define CANH_CLI_DUTY_CHANGE_H
/*
 * What canh duty leave, swap, replace and cover share: who stands when, changed after the roster
 * was made. A kind of change is a table of what is its own; change_run() does the rest: the word
 * for what to do (list, when there is none), the times, the rows that are meant. A word that makes
 * a new one is a word of `ask`; every other one acts on the rows of --id or the further operands,
 * on all of them or on none (duty/change.h).
 */
#include "cli/duty/duty.h"
#include "duty/change.h"
#include "lang/msg_duty.h"
#include "view/arrangements.h"

/* What every change takes: in the options of its verb as the first member, `change`. */
struct change_options {
    struct duty_where where;
    struct listing_options listing;
    const char *from, *until, *by;
    struct option_list ids;
};

#define CHANGE_WHERE                                                                               \
    SESSION_OPTION(DUTY_TYPE, change.where.state),                                                 \
        DUTY_TEXT("unit", 'u', change.where.unit, "CODE", MSG_DUTY_OPT_UNIT),                      \
        DUTY_TEXT("post", 'p', change.where.post, "CODE", MSG_DUTY_OPT_POST)
#define CHANGE_LISTING LISTING_OPTIONS(DUTY_TYPE, change.listing)
#define CHANGE_WHO     DUTY_TEXT("person", 0, person, "CODE", MSG_DUTY_OPT_PERSON)
#define CHANGE_REASON  DUTY_TEXT("reason", 'r', reason, "TEXT", MSG_DUTY_OPT_REASON)
#define CHANGE_ID      OPTION_LIST("id", 0, DUTY_TYPE, change.ids, "ID", COMPLETE_NONE, MSG_DUTY_OPT_ID)
#define CHANGE_FROM    DUTY_TEXT("from", 0, change.from, "TIME", MSG_DUTY_OPT_FROM)
#define CHANGE_UNTIL   DUTY_TEXT("until", 0, change.until, "TIME", MSG_DUTY_OPT_UNTIL)
#define CHANGE_BY      DUTY_TEXT("by", 0, change.by, "CODE", MSG_DUTY_OPT_BY)
#define CHANGE_VERB(words, options)                                                                \
    .operands = "[WORD] [ID…]", .max_operands = OPERANDS_ANY, .operand_words = (words),            \
    VERB_OPTIONS(options), .options_size = sizeof(DUTY_TYPE)

struct change {
    struct duty_run r;
    const struct change_options *o; /* the verb's own begin with them */
    const char *word;
    int64_t start, stop; /* --from, --until; 0: not said */
    struct act_ctx act;
    struct state_id *ids; /* of the rows that are meant, or of the one that was made */
    size_t count;
    struct state_id by; /* --by */
    struct err err;
};

struct change_kind {
    const char *const *ask; /* words that make a new one */
    bool of_person;         /* of a person of the unit; else of a post, r.post when one is made */
    int (*view)(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                struct err *err);
    /* The unit whose person --by is. -CE_*. */
    int (*unit)(struct change *c, struct state_id row, struct state_id *ret);
    /* These say what they did beside the rows, and give the exit status; < 0: c->err says why. */
    int (*make)(struct change *c);
    int (*act)(struct change *c);
};

int change_run(struct app *app, const struct change_options *o, const struct operands *operands,
               const struct change_kind *kind);

bool change_is(const struct change *c, const char *word);
/* Both --from and --until; else a usage error. */
CANH_MUST_USE int change_need_span(const struct change *c);
/* Makes c->ids the one row. */
CANH_MUST_USE int change_made(struct change *c, struct state_id row);
struct duty_decision change_decision(const struct change *c);
/* Room for n results, zeroed; NULL: c->err. */
#define change_results(c, type) arena_new_array(&(c)->r.st->arena, (c)->count, type)
/* Says that a row was so before, and since when; 0 or -CE_*. */
void change_describe_same(struct change *c, struct state_id row, int64_t since);
/* Who decides: --by, a person of the unit; else none. */
CANH_MUST_USE int change_approver(struct change *c, struct state_id unit, struct state_id *ret);
/*
 * Loads the plan again and shows what is wrong in a time because of a person. EXIT_FOUND when
 * anything is.
 */
int change_warn(struct change *c, struct state_id person, int64_t from, int64_t until);
/* Says so when the person has no duty at r.post in that time, so that nothing changes: EXIT_FOUND.
 */
int change_idle(struct change *c, struct state_id person, int64_t from, int64_t until);

#endif
