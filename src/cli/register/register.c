/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/register/register.h"

#include "lang/msg_cli.h"
#include "lang/msg_register.h"
#include "state/marking.h"

struct slice register_text(const char *s)
{
    return s ? slice_str(s) : SLICE("");
}

/* own: the unit must be said, here or by the settings. */
static int open_all(struct app *app, bool own, struct register_job *y)
{
    struct register_scope *o = &y->scope;
    int status = own ? session_own_unit(app, &y->l.arena, &o->unit) : 0;

    if (status == 0 && o->unit == NULL && (own || o->person))
        status = app_usage(app, MSG_CLI_NO_OPTION, "unit");
    if (status == 0 && o->unit)
        status = session_unit(&y->l, o->unit, &y->unit);
    y->at = state_now(y->l.s);
    if (status == 0)
        status = session_person(&y->l, y->unit.id, o->person, &y->person);
    if (status == 0)
        status = session_time(app, "at", o->at, false, &y->at);
    y->act = session_act(&y->l, o->at ? y->at : 0);
    return status;
}

static int check_given(struct app *app, const struct register_given *given, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if ((given[i].is & REGISTER_NEEDED) && given[i].value == NULL)
            return app_usage(app, MSG_CLI_NO_OPTION, given[i].name);
    }
    for (size_t i = 0; i < count; i++) {
        if ((given[i].is & REGISTER_TYPED) &&
            marking_find(slice_str(given[i].value)) != MARKING_NONE) {
            app_print(app, MSG_REGISTER_TEXT_MARKED, given[i].name);
            return EX_NOPERM;
        }
    }
    return 0;
}

int register_begin(struct app *app, const struct register_scope *scope, enum state_mode mode,
                   const struct register_given *given, size_t count, struct register_job *ret)
{
    int status = check_given(app, given, count);
    bool own = false;

    for (size_t i = 0; i < count; i++)
        own = own || (given[i].is & REGISTER_OWN);
    *ret = (struct register_job){.scope = *scope};
    if (status == 0)
        status = session_open(app, scope->state, mode, &ret->l);
    if (status != 0)
        return status;
    status = open_all(app, own, ret);
    if (status != 0)
        session_close(&ret->l);
    return status;
}

int register_end(struct register_job *y, int r, const struct err *err)
{
    int status = r < 0 ? session_fail(&y->l, err) : r;

    session_close(&y->l);
    return status;
}

struct view_ctx register_ctx(struct register_job *y)
{
    return listing_ctx(&y->l, y->at);
}

int register_list(struct app *app, const struct register_list_options *o, register_view *view)
{
    struct view_query q = {.open = o->open, .kind = register_text(o->kind)};
    struct err err = ERR_INIT;
    struct register_job y;
    struct view_ctx ctx;
    struct table t;
    int status = listing_check(app, &o->listing), r;

    if (status == 0)
        status = register_begin(app, &o->scope, STATE_READ, NULL, 0, &y);
    if (status != 0)
        return status;
    status = session_listed(&y.l, o->scope.unit, &y.unit);
    if (status != 0)
        return register_end(&y, status, &err);
    q.unit = y.unit.id;
    ctx = register_ctx(&y);
    r = view(&ctx, &q, &t, &err);
    status = listing_print(app, &t, &o->listing);
    table_done(&t);
    return register_end(&y, r < 0 ? r : status, &err);
}
