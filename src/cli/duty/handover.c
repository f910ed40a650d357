/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty handover: what is open, who goes signs, who comes takes over or says why not. */
#include "cli/duty/duty.h"
#include "cli/duty/items.h"
#include "lang/msg_cli.h"
#include "lang/msg_duty.h"
#include "proof/overdue.h"

static const struct option_spec options[] = {
    DUTY_WHERE,
    DUTY_WHO,
    OPTION_LIST("item", 'i', struct duty_options, items, "TEXT", COMPLETE_NONE, MSG_DUTY_OPT_ITEM),
    DUTY_TEXT("weather", 0, weather, "TEXT", MSG_DUTY_OPT_WEATHER),
    DUTY_TEXT("power", 0, power, "TEXT", MSG_DUTY_OPT_POWER),
    DUTY_TEXT("note", 0, note, "TEXT", MSG_DUTY_OPT_NOTE),
    DUTY_FLAG("accept", 'a', accept, MSG_DUTY_OPT_ACCEPT),
    DUTY_TEXT("object", 0, object, "TEXT", MSG_DUTY_OPT_OBJECT),
    DUTY_WHEN,
    DUTY_PAPER,
    DUTY_JSON,
};

static int add_said(const char *text, enum duty_item_kind kind, struct duty_items *items,
                    struct err *err)
{
    const struct duty_item x = {.kind = kind, .title = slice_str(text)};

    return text ? duty_items_add(items, &x, err) : 0;
}

static int add_own(const struct duty_options *o, struct duty_items *items, struct err *err)
{
    int r = add_said(o->weather, DUTY_ITEM_WEATHER, items, err);

    if (r == 0)
        r = add_said(o->power, DUTY_ITEM_POWER, items, err);

    for (uint32_t i = 0; r == 0 && i < o->items.count; i++)
        r = add_said(o->items.items[i], DUTY_ITEM_NOTE, items, err);
    return r;
}

static void show_items(struct duty_run *r, const struct duty_items *items)
{
    for (size_t i = 0; i < items->count; i++) {
        struct buf line = BUF_INIT(64 * 1024);

        buf_puts(&line, "  ");
        duty_item_say(&line, r->app->lang, &items->items[i], r->load.plan.posts[r->post].offset_s);
        duty_put_line(r->app, &line);
    }
    if (items->count == 0)
        duty_line(r, MSG_DUTY_NOTHING_OPEN);
}

static void json_items(struct duty_run *r, const struct duty_items *items,
                       const struct state_handover *waiting)
{
    struct buf *out = &r->app->out.buf;
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '{');
    json_key(&w, "post");
    json_text(&w, r->load.posts[r->post].code);
    if (waiting) {
        json_key(&w, "giver");
        json_text(&w, duty_name(r, waiting->giver));
        duty_json_time(&w, "signed", waiting->giver_at);
        json_key(&w, "note");
        json_text(&w, waiting->note);
        json_key(&w, "objection");
        json_text(&w, waiting->objection);
        duty_json_time(&w, "objected", waiting->objected_at);
    }
    json_key(&w, "items");
    duty_items_put(out, items);
    w.comma = true;
    json_close(&w, '}');
    buf_putc(out, '\n');
}

/* Without anybody who acts: what waits to be taken over, else what would be handed over. */
static int show(struct duty_run *r, const struct act_ctx *act)
{
    struct duty_items items = {.arena = &r->st->arena};
    const struct state_post *post = &r->load.posts[r->post];
    struct state_handover x;
    struct err err = ERR_INIT;
    bool waits = handover_waiting(act, &r->st->actor, post, &x, NULL) == 0;
    int q = waits ? duty_items_read(x.items, &items, &err) : duty_open_items(r, &items, &err);

    if (q < 0)
        return duty_run_fail(r, &err);
    if (r->o->json) {
        json_items(r, &items, waits ? &x : NULL);
        return 0;
    }
    if (waits)
        duty_line(r, MSG_DUTY_WAITS_FROM, SLICE_ARG(duty_name(r, x.giver)));
    else
        duty_line(r, MSG_DUTY_WOULD_HAND, SLICE_ARG(post->name));
    if (waits && x.objection.n)
        duty_line(r, MSG_DUTY_OBJECTED, SLICE_ARG(duty_name(r, x.taker)), SLICE_ARG(x.objection));
    show_items(r, &items);
    if (waits && x.note.n)
        duty_line(r, MSG_DUTY_NOTE, SLICE_ARG(x.note));
    return 0;
}

static int give(struct duty_run *r, const struct act_ctx *act, struct handover_request *request)
{
    struct duty_items more = {.arena = &r->st->arena};
    struct handover_result done;
    struct err err = ERR_INIT;

    request->more = &more;
    if (proof_overdue(act, &r->st->actor, r->load.posts[r->post].unit, &more, &err) < 0 ||
        add_own(r->o, &more, &err) < 0 ||
        handover_give(act, &r->st->actor, request, &done, &err) < 0)
        return duty_run_fail(r, &err);
    duty_line(r, MSG_DUTY_DID_HAND, SLICE_ARG(duty_name(r, request->shift.person)),
              SLICE_ARG(r->load.posts[r->post].name));
    show_items(r, &done.items);
    if (!r->o->weather || !r->o->power)
        duty_line(r, MSG_DUTY_NO_WEATHER);
    duty_line(r, MSG_DUTY_WAITS_NOW);
    return 0;
}

static int answer(struct duty_run *r, const struct act_ctx *act, struct handover_request *request)
{
    bool objects = r->o->object != NULL;
    struct handover_result done;
    struct err err = ERR_INIT;
    int q;

    if (objects)
        request->note = slice_str(r->o->object);
    q = objects ? handover_object(act, &r->st->actor, request, &done, &err)
                : handover_take(act, &r->st->actor, request, &done, &err);
    if (q < 0)
        return duty_run_fail(r, &err);
    if (objects)
        duty_line(r, MSG_DUTY_DID_OBJECT, SLICE_ARG(duty_name(r, request->shift.person)),
                  SLICE_ARG(duty_name(r, done.handover.giver)));
    else
        duty_line(r, MSG_DUTY_DID_TAKE, SLICE_ARG(duty_name(r, request->shift.person)),
                  SLICE_ARG(duty_name(r, done.handover.giver)));
    if (!objects && !done.on)
        duty_line(r, MSG_DUTY_NOW_CHECK_IN);
    return 0;
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    const struct duty_options *o = values;
    struct handover_request request = {.note = slice_str(o->note)};
    struct act_ctx act;
    struct duty_run r;
    int status;

    (void)operands;
    if (o->accept && o->object)
        return app_usage(app, MSG_CLI_NOT_TOGETHER, "accept", "object");
    if (!o->person &&
        (o->accept || o->object || o->note || o->items.count || o->weather || o->power))
        return app_usage(app, MSG_CLI_NO_OPTION, "person");
    status = duty_run_begin(&r, app, o, o->person ? STATE_WRITE : STATE_READ, 3 * TIME_DAY);
    if (status != 0)
        return status;
    act = session_act(r.st, o->at ? r.from : 0);
    status = o->person ? duty_act_of(&r, &act, &request.shift) : duty_one_post(&r);
    if (status == 0)
        status = !o->person               ? show(&r, &act)
                 : o->accept || o->object ? answer(&r, &act, &request)
                                          : give(&r, &act, &request);
    duty_run_done(&r);
    return status;
}

const struct verb duty_handover = {.name = "handover",
                                   .summary = MSG_DUTY_HAND_SUMMARY,
                                   .about = MSG_DUTY_HAND_ABOUT,
                                   VERB_OPTIONS(options),
                                   .options_size = sizeof(struct duty_options),
                                   .run = run};
