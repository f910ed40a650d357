/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_DUTY_DUTY_H
#define CANH_CLI_DUTY_DUTY_H
/*
 * canh duty: one file for each group of subverbs; what they share: the state with the plan of who
 * and the facts loaded for a time, one post, people by code, and how things are shown.
 */
#include "cli/app.h"
#include "cli/listing.h"
#include "cli/session.h"
#include "duty/act.h"
#include "duty/picture.h"
#include "lang/msg_duty.h"
#include "roster/gaps.h"
#include "roster/span_text.h"

/* What is asked about: in the options of every verb here, as `where`. */
struct duty_where {
    const char *state, *unit, *post, *at;
};
/* Who acts, and whether it is typed from paper: in the options of verbs that act, as `by`. */
struct duty_by {
    const char *person;
    bool paper;
};

extern const struct verb verb_duty;
extern const struct verb duty_ready, duty_now, duty_next, duty_gaps, duty_export;
extern const struct verb duty_in, duty_out, duty_alive_verb, duty_log;
extern const struct verb duty_handover;
extern const struct verb duty_missed, duty_told_verb, duty_turns_verb;
extern const struct verb duty_swap, duty_leave, duty_cover, duty_replace;
extern const struct verb duty_post_verb, duty_roster_verb, duty_terms_verb, duty_print;

/* Rows of options; a verb's file defines DUTY_TYPE as its struct of options before it uses them. */
#define DUTY_TEXT(n, l, field, a, h) OPTION_TEXT(n, l, DUTY_TYPE, field, a, COMPLETE_NONE, h)
#define DUTY_FLAG(n, l, field, h)    OPTION_FLAG(n, l, DUTY_TYPE, field, h)
#define DUTY_STATE                   SESSION_OPTION(DUTY_TYPE, where.state)
#define DUTY_WHERE                                                                                 \
    DUTY_STATE, DUTY_TEXT("unit", 'u', where.unit, "CODE", MSG_DUTY_OPT_UNIT),                     \
        DUTY_TEXT("post", 'p', where.post, "CODE", MSG_DUTY_OPT_POST)
#define DUTY_AT DUTY_TEXT("at", 0, where.at, "TIME", MSG_DUTY_OPT_AT)
/* When something happened, rather than when a question is asked. */
#define DUTY_WHEN    DUTY_TEXT("at", 0, where.at, "TIME", MSG_DUTY_OPT_WHEN)
#define DUTY_LISTING LISTING_OPTIONS(DUTY_TYPE, listing)
#define DUTY_WHO     DUTY_TEXT("person", 0, by.person, "CODE", MSG_DUTY_OPT_PERSON)
#define DUTY_PAPER   DUTY_FLAG("paper", 0, by.paper, MSG_DUTY_OPT_PAPER)
#define DUTY_FROM    DUTY_TEXT("from", 0, from, "TIME", MSG_DUTY_OPT_FROM)
#define DUTY_UNTIL   DUTY_TEXT("until", 0, until, "TIME", MSG_DUTY_OPT_UNTIL)

/* What a run has loaded. */
struct duty_run {
    struct app *app;
    const struct duty_where *where;
    struct session session, *st; /* its own, or somebody else's */
    struct session_own own;      /* whose unit and person "my" means */
    struct duty_picture picture;
    struct duty_names names;
    struct duty_ics words;
    int64_t now;         /* the state's clock */
    int64_t from, until; /* the time asked about: from is --at, or now */
    uint32_t post;       /* the one being looked at */
};

/* Opens the state and loads plan, terms and facts of [from, from + ahead). 0, or the exit status
 * after saying why not. After 0 duty_run_done() is due. */
CANH_MUST_USE int duty_run_begin(struct duty_run *r, struct app *app,
                                 const struct duty_where *where, enum state_mode mode,
                                 int64_t ahead);
/* The same in a session that is open and stays the caller's; nothing is due after it. */
CANH_MUST_USE int duty_run_in(struct duty_run *r, struct session *st,
                              const struct duty_where *where, int64_t ahead);
void duty_run_done(struct duty_run *r);
/* Loads again what was just written. */
CANH_MUST_USE int duty_run_again(struct duty_run *r);
int duty_run_fail(struct duty_run *r, const struct err *err);

bool duty_is_asked(const struct duty_run *r, uint32_t post);
/* The only post that was asked for, into r->post; else a usage error. */
CANH_MUST_USE int duty_one_post(struct duty_run *r);
/* A person of the post's unit (session_person()); an option that is missing is a usage error. */
CANH_MUST_USE int duty_person(struct duty_run *r, const char *option, const char *text,
                              struct state_id *ret);
/* Says that something was approved or answered before, and when: nothing was written. */
void duty_describe_same(struct duty_run *r, struct slice what, int64_t since);
struct slice duty_name(struct duty_run *r, struct state_id person);
/* canh's own terms (plans/duty.yaml). */
struct slice duty_own_terms(void);
/* What the acts of a shift share, from the options: the post, --person, --at, --paper. */
CANH_MUST_USE int duty_act_of(struct duty_run *r, const struct duty_by *by, struct act_ctx *ret,
                              struct shift_request *request);
/* The unit of --unit, or none. */
CANH_MUST_USE int duty_unit_of(struct duty_run *r, struct state_id *ret);
/* What a view has of the run's posts in [from, until), at r->from. */
struct view_query duty_query(const struct duty_run *r, int64_t from, int64_t until);
/* Prints a table that a view made, and ends it; r < 0: err says why there is none. */
CANH_MUST_USE int duty_print_table(struct duty_run *r, struct table *t,
                                   const struct listing_options *listing, int q,
                                   const struct err *err);
/* The beginning of an id (at least four digits), as lists show it. */
bool duty_id_is(struct state_id id, const char *text);
void duty_write_id(struct buf *out, struct state_id id);

/* Lists what a view has of --unit and all below it; only: this one row, or NULL. */
typedef int duty_view(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                      struct err *err);
CANH_MUST_USE int duty_list(struct duty_run *r, duty_view *view, struct view_query *q,
                            const struct state_id *only, const struct listing_options *listing);

/* A line of the message with text that a terminal may act on made safe. */
#define duty_line(r, id, ...)                                                                      \
    ({                                                                                             \
        struct buf line_ = BUF_INIT(64 * 1024);                                                    \
        lang_write(&line_, (r)->app->lang, id, ##__VA_ARGS__);                                     \
        duty_write_line((r)->app, &line_);                                                         \
    })
void duty_write_line(struct app *app, struct buf *line);

#endif
