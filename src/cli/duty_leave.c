/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty leave: who is away. */
#include "cli/duty_change.h"
#include "lang/msg_duty.h"

static const char *const leave_words[] = {"list", "ask", "approve", "cancel", NULL};
static const struct option_spec leave_options[] = {DUTY_WHERE,
                                                   DUTY_WHO,
                                                   CHANGE_FROM,
                                                   CHANGE_UNTIL,
                                                   DUTY_TEXT("kind", 0, kind, "WORD",
                                                             MSG_DUTY_OPT_LEAVE_KIND),
                                                   CHANGE_ID,
                                                   CHANGE_BY,
                                                   DUTY_JSON};

static void show_leave(struct change *c, const void *row)
{
    const struct state_leave *x = row;
    struct buf line = BUF_INIT(64 * 1024);

    if (c->r.o->json) {
        struct json_write w = JSON_WRITE_INIT(&c->r.app->out.buf);

        buf_done(&line);
        change_json_head(&w, x->id, x->start, x->stop, x->approved_at ? "approved" : "asked");
        change_json_name(c, &w, "person", x->person);
        json_key(&w, "kind");
        json_text(&w, x->kind);
        change_json_end(&w);
        return;
    }
    change_put_head(c, &line, x->id, x->start, x->stop,
                    x->approved_at ? MSG_DUTY_STATE_APPROVED : MSG_DUTY_STATE_ASKED);
    buf_put_slice(&line, duty_name(&c->r, x->person));
    duty_put_line(c->r.app, &line);
}

static int approve_leave(struct change *c, struct state_leave *x)
{
    int status = change_approver(c, x->unit, &x->approved_by);

    if (status != 0)
        return status;
    x->approved_at = c->r.now;
    if (state_leave_put(c->r.st->s, &c->r.st->actor, x, &c->err) < 0)
        return change_failed(c);
    show_leave(c, x);
    return change_warn(c, x->person, x->start, x->stop);
}

static int ask_leave(struct change *c)
{
    const struct duty_options *o = c->r.o;
    struct state_leave x = {.unit = c->r.load.posts[c->r.post].unit,
                            .start = c->start,
                            .stop = c->stop,
                            .kind = slice_str(o->kind ? o->kind : "leave")};
    int status = change_need_span(c);

    if (status == 0)
        status = duty_person(&c->r, "person", o->person, &x.person);
    if (status == 0 && state_leave_put(c->r.st->s, &c->r.st->actor, &x, &c->err) < 0)
        status = change_failed(c);
    if (status == 0)
        show_leave(c, &x);
    return status;
}

static int act_leave(struct change *c, void *row)
{
    struct state_leave *x = row;

    if (change_is(c, "approve"))
        return approve_leave(c, x);
    if (state_leave_drop(c->r.st->s, &c->r.st->actor, x->id, x->version, &c->err) < 0)
        return change_failed(c);
    duty_line(&c->r, MSG_DUTY_CANCELLED);
    return 0;
}

static int list_leaves(struct change *c, const struct state_query *q, void **ret, size_t *ret_n)
{
    return state_leave_list(c->r.st->s, &c->r.st->actor, q, &c->r.st->arena,
                            (struct state_leave **)ret, ret_n, &c->err);
}

static int run_leave(struct app *app, const void *values, const struct operands *operands)
{
    static const char *const ask[] = {"ask", NULL};
    static const struct change_kind kind = {.ask = ask,
                                            .of_person = true,
                                            .row_size = sizeof(struct state_leave),
                                            .list = list_leaves,
                                            .make = ask_leave,
                                            .act = act_leave,
                                            .show = show_leave};

    return change_run(app, values, operands, &kind);
}

const struct verb duty_leave = {.name = "leave",
                                .summary = MSG_DUTY_LEAVE_SUMMARY,
                                .about = MSG_DUTY_LEAVE_ABOUT,
                                CHANGE_VERB(leave_words, leave_options),
                                .run = run_leave};
