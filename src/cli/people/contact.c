/* SPDX-License-Identifier: Apache-2.0 */
/* canh contact: how to reach people and roles; when it was last proven that it works. */
#include <unistd.h>

#include "base/time.h"
#include "base/width.h"
#include "cli/listing.h"
#include "cli/people/people.h"
#include "cli/session.h"
#include "lang/msg_cli.h"
#include "lang/msg_contact.h"
#include "lang/msg_plan.h"
#include "lang/said.h"
#include "register/contact.h"
#include "view/contacts.h"

struct contact_options {
    const char *state, *unit, *role, *person, *value, *how, *by, *at, *purpose;
    int kind;
    int64_t position;
    struct listing_options listing;
};

static const char *const kind_words[] = {"mobile", "phone", "email", "radio", "other", NULL};
static const char *const any_kind[] = {"any", "mobile", "phone", "email", "radio", "other", NULL};

/* What every one of these verbs has open. */
struct contact_job {
    struct session st;
    const struct contact_options *o;
    struct state_unit unit;
    struct state_id person;
};

/* Units may be left out only where many are listed. */
static int contact_begin(struct app *app, const struct contact_options *o, enum state_mode mode,
                         bool many, struct contact_job *c)
{
    int status;

    *c = (struct contact_job){.o = o};
    if (o->unit == NULL && !many)
        return app_usage(app, MSG_CLI_NO_OPTION, "unit");
    if (o->role != NULL && o->person != NULL)
        return app_usage(app, MSG_CLI_NOT_TOGETHER, "role", "person");
    if (o->role == NULL && o->person == NULL && !many)
        return app_usage(app, MSG_CONTACT_WHOSE);
    status = session_open(app, o->state, mode, &c->st);
    if (status != 0)
        return status;
    if (many)
        status = session_listed(&c->st, o->unit, &c->unit);
    else
        status = session_unit(&c->st, o->unit, &c->unit);
    if (status == 0 && o->person != NULL)
        status = session_person(&c->st, c->unit.id, o->person, &c->person);
    if (status != 0)
        session_close(&c->st);
    return status;
}

static int contact_end(struct contact_job *c, int r, const struct err *err)
{
    int status = r < 0 ? session_fail(&c->st, err) : r;

    session_close(&c->st);
    return status;
}

/* kind 0: any. */
static struct contact_of contact_meant(const struct contact_job *c, int kind)
{
    return (struct contact_of){.unit = c->unit.id,
                               .person = c->person,
                               .role = c->o->role ? slice_str(c->o->role) : SLICE_NULL,
                               .kind = kind};
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    const struct contact_options *o = values;
    struct view_contacts_query q;
    struct err err = ERR_INIT;
    struct contact_job c;
    struct view_ctx ctx;
    struct table t;
    int status = listing_check(app, &o->listing), r;

    (void)operands;
    if (status == 0)
        status = contact_begin(app, o, STATE_READ, true, &c);
    if (status != 0)
        return status;
    q = (struct view_contacts_query){.unit = c.unit.id,
                                     .person = c.person,
                                     .role = slice_str(o->role ? o->role : "")};
    ctx = listing_ctx(&c.st, state_now(c.st.s));
    r = view_contacts(&ctx, &q, &t, &err);
    status = listing_print(app, &t, &o->listing);
    table_done(&t);
    return contact_end(&c, r < 0 ? r : status, &err);
}

/* From standard input a value leaves no trace in the shell's history. */
static int contact_read_value(struct contact_job *c, struct slice *ret)
{
    int status;

    if (strcmp(c->o->value, "-") != 0) {
        *ret = slice_str(c->o->value);
        return 0;
    }
    status = session_read(c->st.app, &c->st.arena, "-", ret);
    *ret = slice_trim(*ret);
    return status;
}

static int run_set(struct app *app, const void *values, const struct operands *operands)
{
    const struct contact_options *o = values;
    struct contact_change change = {.position = (int32_t)o->position};
    struct err err = ERR_INIT;
    struct state_contact x;
    struct contact_job c;
    struct act_ctx act;
    int status;

    (void)operands;
    if (o->value == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, "value");
    status = contact_begin(app, o, STATE_WRITE, false, &c);
    if (status != 0)
        return status;
    change.of = contact_meant(&c, o->kind + 1);
    status = contact_read_value(&c, &change.value);
    if (status != 0)
        return contact_end(&c, status, &err);
    act = session_act(&c.st, 0);
    return contact_end(&c, contact_set(&act, &c.st.actor, &change, &x, &err), &err);
}

static int find_given(struct contact_job *c, struct state_contact *x, struct err *err)
{
    const struct contact_of of = contact_meant(c, c->o->kind);
    const struct act_ctx act = session_act(&c->st, 0);
    int r = contact_find(&act, &c->st.actor, &of, x, err);

    if (r != -CE_NOT_FOUND)
        return r;
    app_print(c->st.app, MSG_CONTACT_NONE, c->o->role ? c->o->role : c->o->person);
    return EX_NOINPUT;
}

static int run_prove(struct app *app, const void *values, const struct operands *operands)
{
    const struct contact_options *o = values;
    struct err err = ERR_INIT;
    struct state_contact x;
    struct contact_job c;
    int64_t at;
    int status = contact_begin(app, o, STATE_WRITE, false, &c), r;

    (void)operands;
    if (status != 0)
        return status;
    at = state_now(c.st.s);
    status = session_time(app, "at", o->at, false, &at);
    if (status == 0 && o->by != NULL)
        status = session_person(&c.st, c.unit.id, o->by, &c.st.actor.person);
    if (status != 0)
        return contact_end(&c, status, &err);
    r = find_given(&c, &x, &err);
    if (r == 0)
        r = state_contact_prove(c.st.s, &c.st.actor, x.id, at,
                                o->how ? slice_str(o->how) : said_words(SAID_TESTED), &err);
    return contact_end(&c, r, &err);
}

static int contact_reveal(struct app *app, const void *values)
{
    const struct contact_options *o = values;
    struct buf value = BUF_INIT(4096);
    struct err err = ERR_INIT;
    struct state_contact x;
    struct contact_job c;
    int status, r;

    if (o->purpose == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, "purpose");
    status = contact_begin(app, o, STATE_WRITE, false, &c);
    if (status != 0)
        return status;
    c.st.actor.purpose = slice_str(o->purpose);
    r = find_given(&c, &x, &err);
    if (r == 0)
        r = state_contact_reveal(c.st.s, &c.st.actor, x.id, &value, &err);
    if (r == -CE_MISSING) /* no key: not asked wrongly */
        err.code = CE_CONFLICT;
    if (r == 0) {
        text_write_safe(&app->out.buf, buf_slice(&value));
        buf_putc(&app->out.buf, '\n');
    }
    buf_done(&value);
    return contact_end(&c, r, &err);
}

static int run_reveal(struct app *app, const void *values, const struct operands *operands)
{
    (void)operands;
    return directory_or_paper(app, contact_reveal(app, values));
}

#define WHOSE                                                                                      \
    SESSION_OPTION(struct contact_options, state),                                                 \
        OPTION_TEXT("unit", 'u', struct contact_options, unit, "CODE", COMPLETE_NONE,              \
                    MSG_PLAN_OPT_UNIT),                                                            \
        OPTION_TEXT("role", 'r', struct contact_options, role, "NAME", COMPLETE_NONE,              \
                    MSG_CONTACT_OPT_ROLE),                                                         \
        OPTION_TEXT("person", 'p', struct contact_options, person, "CODE", COMPLETE_NONE,          \
                    MSG_CONTACT_OPT_PERSON)
#define WHICH(words)                                                                               \
    OPTION_CHOICE("kind", 'k', struct contact_options, kind, words, MSG_CONTACT_OPT_KIND)
#define VERB(specs) VERB_OPTIONS(specs), .options_size = sizeof(struct contact_options)

static const struct option_spec list_specs[] = {
    WHOSE,
    LISTING_OPTIONS(struct contact_options, listing),
};

static const struct option_spec set_specs[] = {
    WHOSE,
    WHICH(kind_words),
    OPTION_TEXT("value", 0, struct contact_options, value, "TEXT|-", COMPLETE_NONE,
                MSG_CONTACT_OPT_VALUE),
    OPTION_NUMBER("position", 0, struct contact_options, position, "N", 1, 20,
                  MSG_CONTACT_OPT_POSITION),
};

static const struct option_spec prove_specs[] = {
    WHOSE,
    WHICH(any_kind),
    OPTION_TEXT("how", 0, struct contact_options, how, "TEXT", COMPLETE_NONE, MSG_CONTACT_OPT_HOW),
    OPTION_TEXT("by", 0, struct contact_options, by, "CODE", COMPLETE_NONE, MSG_CONTACT_OPT_BY),
    OPTION_TEXT("at", 0, struct contact_options, at, "TIME", COMPLETE_NONE, MSG_PLAN_OPT_WHEN),
};

static const struct option_spec reveal_specs[] = {
    WHOSE,
    WHICH(any_kind),
    OPTION_TEXT("purpose", 0, struct contact_options, purpose, "TEXT", COMPLETE_NONE,
                MSG_CONTACT_OPT_PURPOSE),
};

static const struct verb verb_list = {.name = "list",
                                      .summary = MSG_CONTACT_LIST,
                                      VERB(list_specs),
                                      .run = run_list};
static const struct verb verb_set = {.name = "set",
                                     .summary = MSG_CONTACT_SET,
                                     VERB(set_specs),
                                     .run = run_set};
static const struct verb verb_prove = {.name = "prove",
                                       .summary = MSG_CONTACT_PROVE,
                                       VERB(prove_specs),
                                       .run = run_prove};
static const struct verb verb_reveal = {.name = "reveal",
                                        .summary = MSG_CONTACT_REVEAL,
                                        VERB(reveal_specs),
                                        .run = run_reveal};

static const struct verb *const subs[] = {&verb_list,      &verb_set,    &verb_prove, &contact_test,
                                          &contact_answer, &verb_reveal, NULL};

const struct verb verb_contact = {
    .name = "contact",
    .summary = MSG_CONTACT_SUMMARY,
    .about = MSG_CONTACT_ABOUT,
    .subs = subs,
};
