/* SPDX-License-Identifier: Apache-2.0 */
/* canh list: the registers of units, people and assets, searched without regard to tones. */
#include "cli/listing.h"
#include "cli/people/people.h"
#include "cli/session.h"
#include "lang/msg_list.h"
#include "view/units.h"

struct list_options {
    const char *state, *unit, *find, *at;
    struct listing_options listing;
};

typedef int list_fn(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                    struct err *err);

static int list_print(struct session *l, const struct list_options *o, const struct view_query *q,
                      int64_t at, list_fn *list)
{
    struct view_ctx ctx = listing_ctx(l, at);
    struct err err = ERR_INIT;
    struct table t;
    int r = list(&ctx, q, &t, &err);
    int status = listing_print(l->app, &t, &o->listing);

    table_done(&t);
    return r < 0 ? session_fail(l, &err) : status;
}

static int run(struct app *app, const struct list_options *o, list_fn *list)
{
    struct view_query q = {.find = slice_str(o->find ? o->find : "")};
    struct state_unit unit = {.id = STATE_ID_NONE};
    struct session l;
    int64_t at;
    int status = listing_check(app, &o->listing);

    if (status == 0)
        status = session_open(app, o->state, STATE_READ, &l);
    if (status != 0)
        return status;
    at = state_now(l.s);
    if (list != view_units) /* the tree itself is about all of them */
        status = session_listed(&l, o->unit, &unit);
    else if (o->unit != NULL)
        status = session_unit(&l, o->unit, &unit);
    if (status == 0)
        status = session_time(app, "at", o->at, false, &at);
    q.unit = unit.id;
    if (status == 0)
        status = list_print(&l, o, &q, at, list);
    session_close(&l);
    return status;
}

#define LIST(what)                                                                                 \
    static int run_##what(struct app *app, const void *values, const struct operands *operands)    \
    {                                                                                              \
        (void)operands;                                                                            \
        return run(app, values, view_##what);                                                      \
    }

LIST(units)
LIST(people)
LIST(assets)

static const struct option_spec specs[] = {
    SESSION_OPTION(struct list_options, state),
    OPTION_TEXT("unit", 'u', struct list_options, unit, "CODE", COMPLETE_NONE, MSG_LIST_OPT_UNIT),
    OPTION_TEXT("find", 'f', struct list_options, find, "TEXT", COMPLETE_NONE, MSG_LIST_OPT_FIND),
    OPTION_TEXT("at", 0, struct list_options, at, "TIME", COMPLETE_NONE, MSG_LIST_OPT_AT),
    LISTING_OPTIONS(struct list_options, listing),
};

#define VERB(word, text)                                                                           \
    {                                                                                              \
        .name = #word, .summary = (text), VERB_OPTIONS(specs),                                     \
        .options_size = sizeof(struct list_options), .run = run_##word                             \
    }

static const struct verb verb_units = VERB(units, MSG_LIST_UNITS);
static const struct verb verb_people = VERB(people, MSG_LIST_PEOPLE);
static const struct verb verb_assets = VERB(assets, MSG_LIST_ASSETS);
static const struct verb *const subs[] = {&verb_units, &verb_people, &verb_assets, NULL};

const struct verb verb_lists = {.name = "list",
                                .summary = MSG_LIST_SUMMARY,
                                .about = MSG_LIST_ABOUT,
                                .subs = subs};
