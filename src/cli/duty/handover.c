/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty handover: what is open, who goes signs, who comes takes over or says why not. */
#include "cli/duty/duty.h"
#include "lang/msg_cli.h"
#include "lang/msg_duty.h"
#include "proof/overdue.h"
#include "view/shifts.h"
#include "view/todo.h"

#define DUTY_TYPE struct handover_options

struct handover_options {
    struct duty_where where;
    struct duty_by by;
    struct listing_options listing;
    const char *weather, *power, *note, *object;
    struct option_list items;
    bool accept;
};

static const struct option_spec options[] = {
    DUTY_WHERE,
    DUTY_WHO,
    OPTION_LIST("item", 'i', DUTY_TYPE, items, "TEXT", COMPLETE_NONE, MSG_DUTY_OPT_ITEM),
    DUTY_TEXT("weather", 0, weather, "TEXT", MSG_DUTY_OPT_WEATHER),
    DUTY_TEXT("power", 0, power, "TEXT", MSG_DUTY_OPT_POWER),
    DUTY_TEXT("note", 0, note, "TEXT", MSG_DUTY_OPT_NOTE),
    DUTY_FLAG("accept", 'a', accept, MSG_DUTY_OPT_ACCEPT),
    DUTY_TEXT("object", 0, object, "TEXT", MSG_DUTY_OPT_OBJECT),
    DUTY_WHEN,
    DUTY_PAPER,
    DUTY_LISTING,
};

static int add_text(const char *text, enum duty_item_kind kind, struct duty_items *items,
                    struct err *err)
{
    const struct duty_item x = {.kind = kind, .title = slice_str(text)};

    return text ? duty_items_add(items, &x, err) : 0;
}

static int add_own(const struct handover_options *o, struct duty_items *items, struct err *err)
{
    int r = add_text(o->weather, DUTY_ITEM_WEATHER, items, err);

    if (r == 0)
        r = add_text(o->power, DUTY_ITEM_POWER, items, err);

    for (uint32_t i = 0; r == 0 && i < o->items.count; i++)
        r = add_text(o->items.items[i], DUTY_ITEM_NOTE, items, err);
    return r;
}

/* The handover that waits, and what is in it; else what would be handed over. */
static int print_tables(struct duty_run *r, const struct handover_options *o,
                        const struct state_handover *waiting, const struct duty_items *items)
{
    struct view_ctx ctx = listing_ctx(r->st, r->from);
    struct slice post = r->picture.load.posts[r->post].code;
    struct err err = ERR_INIT;
    struct table head = {.rows = 0}, open;
    const struct table *const tables[] = {&head, &open};
    int q = view_todo(&ctx, items, &open, &err), status;

    if (q == 0 && waiting)
        q = view_handover(&ctx, post, waiting, &head, &err);
    if (q < 0)
        status = duty_run_fail(r, &err);
    else if (waiting)
        status = listing_print_all(r->app, tables, 2, &o->listing);
    else
        status = listing_print(r->app, &open, &o->listing);
    table_done(&open);
    table_done(&head);
    return status;
}

/* Without anybody who acts: what waits to be taken over, else what would be handed over. */
static int handover_show(struct duty_run *r, const struct handover_options *o,
                         const struct act_ctx *act)
{
    struct duty_items items = {.arena = &r->st->arena};
    const struct state_post *post = &r->picture.load.posts[r->post];
    struct state_handover x;
    struct err err = ERR_INIT;
    bool waits = handover_waiting(act, &r->st->actor, post, &x, NULL) == 0;
    int q = waits ? duty_items_read(x.items, &items, &err)
                  : proof_open_items(act, &r->st->actor, &r->picture.load, r->post, &items, &err);

    if (q < 0)
        return duty_run_fail(r, &err);
    if (!listing_is_plain(&o->listing))
        return print_tables(r, o, waits ? &x : NULL, &items);
    if (waits)
        duty_line(r, MSG_DUTY_WAITS_FROM, SLICE_ARG(duty_name(r, x.giver)));
    else
        duty_line(r, MSG_DUTY_WOULD_HAND, SLICE_ARG(post->name));
    if (waits && x.objection.n)
        duty_line(r, MSG_DUTY_OBJECTED, SLICE_ARG(duty_name(r, x.taker)), SLICE_ARG(x.objection));
    if (waits && x.note.n)
        duty_line(r, MSG_DUTY_NOTE, SLICE_ARG(x.note));
    return print_tables(r, o, NULL, &items);
}

static int duty_handover_give(struct duty_run *r, const struct handover_options *o,
                              const struct act_ctx *act, struct handover_request *request)
{
    struct duty_items more = {.arena = &r->st->arena};
    struct handover_result done;
    struct err err = ERR_INIT;

    request->more = &more;
    if (proof_overdue(act, &r->st->actor, r->picture.load.posts[r->post].unit, &more, &err) < 0 ||
        add_own(o, &more, &err) < 0 || handover_give(act, &r->st->actor, request, &done, &err) < 0)
        return duty_run_fail(r, &err);
    duty_line(r, MSG_DUTY_DID_HAND, SLICE_ARG(duty_name(r, request->shift.person)),
              SLICE_ARG(r->picture.load.posts[r->post].name));
    if (!o->weather || !o->power)
        duty_line(r, MSG_DUTY_NO_WEATHER);
    duty_line(r, MSG_DUTY_WAITS_NOW);
    return print_tables(r, o, NULL, &done.items);
}

static int handover_answer(struct duty_run *r, const struct handover_options *o,
                           const struct act_ctx *act, struct handover_request *request)
{
    bool objects = o->object != NULL;
    struct handover_result done;
    struct err err = ERR_INIT;
    int q;

    if (objects)
        request->note = slice_str(o->object);
    q = objects ? handover_object(act, &r->st->actor, request, &done, &err)
                : handover_accept(act, &r->st->actor, request, &done, &err);
    if (q < 0)
        return duty_run_fail(r, &err);
    if (objects)
        duty_line(r, MSG_DUTY_DID_OBJECT, SLICE_ARG(duty_name(r, request->shift.person)),
                  SLICE_ARG(duty_name(r, done.handover.giver)));
    else
        duty_line(r, MSG_DUTY_DID_TAKE, SLICE_ARG(duty_name(r, request->shift.person)),
                  SLICE_ARG(duty_name(r, done.handover.giver)));
    if (!objects && done.handover.one_hand)
        duty_line(r, MSG_DUTY_ONE_HAND);
    if (!objects && !done.on)
        duty_line(r, MSG_DUTY_NOW_CHECK_IN);
    return 0;
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    const struct handover_options *o = values;
    struct handover_request request = {.note = slice_str(o->note)};
    struct act_ctx act;
    struct duty_run r;
    int status = listing_check(app, &o->listing);

    (void)operands;
    if (status != 0)
        return status;
    if (o->accept && o->object)
        return app_usage(app, MSG_CLI_NOT_TOGETHER, "accept", "object");
    if (!o->by.person &&
        (o->accept || o->object || o->note || o->items.count || o->weather || o->power))
        return app_usage(app, MSG_CLI_NO_OPTION, "person");
    status =
        duty_run_begin(&r, app, &o->where, o->by.person ? STATE_WRITE : STATE_READ, 3 * TIME_DAY);
    if (status != 0)
        return status;
    act = session_act(r.st, o->where.at ? r.from : 0);
    status = o->by.person ? duty_act_of(&r, &o->by, &act, &request.shift) : duty_one_post(&r);
    if (status == 0)
        status = !o->by.person            ? handover_show(&r, o, &act)
                 : o->accept || o->object ? handover_answer(&r, o, &act, &request)
                                          : duty_handover_give(&r, o, &act, &request);
    duty_run_done(&r);
    return status;
}

const struct verb duty_handover = {.name = "handover",
                                   .summary = MSG_DUTY_HAND_SUMMARY,
                                   .about = MSG_DUTY_HAND_ABOUT,
                                   VERB_OPTIONS(options),
                                   .options_size = sizeof(struct handover_options),
                                   .run = run};
