/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty replace: somebody else, one more, one less, for a time and a reason. */
#include "cli/duty_change.h"
#include "lang/msg_cli.h"
#include "lang/msg_duty.h"

static const char *const replace_words[] = {"list", "put", "add", "remove", "cancel", NULL};
static const struct option_spec replace_options[] = {
    DUTY_WHERE,  DUTY_WHO,     DUTY_TEXT("with", 'w', name, "CODE", MSG_DUTY_OPT_REPLACE_WITH),
    CHANGE_FROM, CHANGE_UNTIL, DUTY_REASON,
    CHANGE_ID,   CHANGE_BY,    DUTY_JSON};

static void show_override(struct change *c, const void *row)
{
    const struct state_override *x = row;
    static const char *const keys[] = {"", "add", "remove", "replace"};
    struct buf line = BUF_INIT(64 * 1024);
    enum lang lang = c->r.app->lang;

    if (c->r.o->json) {
        struct json_write w = JSON_WRITE_INIT(&c->r.app->out.buf);

        buf_done(&line);
        change_json_head(&w, x->id, x->start, x->stop, x->approved_at ? "approved" : "asked");
        json_key(&w, "kind");
        json_text(&w, slice_str(keys[x->kind & 3]));
        change_json_name(c, &w, "person", x->person);
        change_json_name(c, &w, "other", x->other);
        json_key(&w, "reason");
        json_text(&w, x->reason);
        change_json_end(&w);
        return;
    }
    change_put_head(c, &line, x->id, x->start, x->stop,
                    x->approved_at ? MSG_DUTY_STATE_APPROVED : MSG_DUTY_STATE_ASKED);
    if (x->kind == STATE_OVERRIDE_REPLACE)
        lang_put(&line, lang, MSG_DUTY_SWAP_OF, SLICE_ARG(duty_name(&c->r, x->other)),
                 SLICE_ARG(duty_name(&c->r, x->person)));
    else if (x->kind == STATE_OVERRIDE_ADD)
        lang_put(&line, lang, MSG_DUTY_ADDED, SLICE_ARG(duty_name(&c->r, x->person)));
    else
        lang_put(&line, lang, MSG_DUTY_REMOVED, SLICE_ARG(duty_name(&c->r, x->person)));
    buf_puts(&line, ": ");
    buf_put_slice(&line, x->reason);
    duty_put_line(c->r.app, &line);
}

static int put_override(struct change *c)
{
    const struct duty_options *o = c->r.o;
    const struct state_post *post = &c->r.load.posts[c->r.post];
    struct state_override x = {.unit = post->unit,
                               .post = post->id,
                               .kind = change_is(c, "put")   ? STATE_OVERRIDE_REPLACE
                                       : change_is(c, "add") ? STATE_OVERRIDE_ADD
                                                             : STATE_OVERRIDE_REMOVE,
                               .start = c->start,
                               .stop = c->stop,
                               .reason = slice_str(o->reason),
                               .approved_at = c->r.now};
    int status = change_need_span(c), idle;

    if (status == 0 && !o->reason)
        status = app_usage(c->r.app, MSG_CLI_NO_OPTION, "reason");
    if (status == 0)
        status = duty_person(&c->r, "person", o->person, &x.person);
    if (status == 0 && change_is(c, "put"))
        status = duty_person(&c->r, "with", o->name, &x.other);
    if (status == 0)
        status = change_approver(c, x.unit, &x.approved_by);
    if (status != 0)
        return status;
    idle = x.kind == STATE_OVERRIDE_ADD ? EXIT_FINE : change_idle(c, x.person, x.start, x.stop);
    if (state_override_put(c->r.st->s, &c->r.st->actor, &x, &c->err) < 0)
        return change_failed(c);
    show_override(c, &x);
    if (x.kind == STATE_OVERRIDE_REMOVE)
        return idle;
    status = change_warn(c, id_is_none(x.other) ? x.person : x.other, x.start, x.stop);
    return CANH_MAX(idle, status);
}

static int act_override(struct change *c, void *row)
{
    const struct state_override *x = row;

    if (state_override_drop(c->r.st->s, &c->r.st->actor, x->id, x->version, &c->err) < 0)
        return change_failed(c);
    duty_line(&c->r, MSG_DUTY_CANCELLED);
    return 0;
}

static int list_overrides(struct change *c, const struct state_query *q, void **ret, size_t *ret_n)
{
    return state_override_list(c->r.st->s, &c->r.st->actor, q, &c->r.st->arena,
                               (struct state_override **)ret, ret_n, &c->err);
}

static int run_replace(struct app *app, const void *values, const struct operands *operands)
{
    static const char *const ask[] = {"put", "add", "remove", NULL};
    static const struct change_kind kind = {.ask = ask,
                                            .row_size = sizeof(struct state_override),
                                            .post = offsetof(struct state_override, post),
                                            .list = list_overrides,
                                            .make = put_override,
                                            .act = act_override,
                                            .show = show_override};

    return change_run(app, values, operands, &kind);
}

const struct verb duty_replace = {.name = "replace",
                                  .summary = MSG_DUTY_REPLACE_SUMMARY,
                                  .about = MSG_DUTY_REPLACE_ABOUT,
                                  CHANGE_VERB(replace_words, replace_options),
                                  .run = run_replace};
