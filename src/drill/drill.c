/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/drill.h"

#include <sodium.h>

#include "alert/call.h"
#include "alert/call_text.h"
#include "drill/stage.h"
#include "lang/err_drill.h"
#include "lang/msg_drill.h"
#include "state/audit.h"

static const struct {
    const char *word;
    const struct stage *stage;
    msg_id name;
} kinds[DRILL_KINDS] = {
    [DRILL_SSH] = {"ssh", &stage_log, MSG_DRILL_NAME_SSH},
    [DRILL_RANSOM] = {"ransom", &stage_log, MSG_DRILL_NAME_RANSOM},
    [DRILL_PORTAL] = {"portal-down", &stage_check, MSG_DRILL_NAME_PORTAL},
    [DRILL_CABLE] = {"cable-cut", &stage_check, MSG_DRILL_NAME_CABLE},
    [DRILL_SHIFT] = {"missed-shift", &stage_post, MSG_DRILL_NAME_SHIFT},
};

const char *drill_word(enum drill_kind kind)
{
    return kind < DRILL_KINDS ? kinds[kind].word : "";
}

enum drill_kind drill_of(struct slice word)
{
    enum drill_kind kind = DRILL_SSH;

    while (kind < DRILL_KINDS && !slice_is(word, kinds[kind].word))
        kind++;
    return kind;
}

void stage_name(struct buf *out, enum drill_kind kind)
{
    call_text_mark(out);
    buf_puts(out, lang_text(LANG_VI, kinds[kind].name));
}

static void new_code(struct drill *d)
{
    static const char letters[] = "23456789abcdefghjkmnpqrstuvwxyz";
    size_t n = 0;

    for (const char *c = "dt-"; *c; c++)
        d->code[n++] = *c;
    while (n < DRILL_CODE)
        d->code[n++] = letters[randombytes_uniform(sizeof(letters) - 1)];
    d->code[n] = 0;
}

int drill_begin(const struct act_ctx *ctx, const struct state_actor *actor, enum drill_kind kind,
                struct state_id unit, struct slice run, struct drill *ret, struct err *err)
{
    struct drill d = {.kind = kind, .unit = unit};
    int r;

    if (kind >= DRILL_KINDS)
        return err_fail(err, CE_UNKNOWN, ERR_DRILL_NO_SUCH_KIND);
    if (sodium_init() < 0)
        return err_code(err, CE_BUG);
    new_code(&d);
    r = state_act_begin(ctx->s, err);
    if (r < 0)
        return r;
    r = kinds[kind].stage->begin(ctx, actor, &d, run, err);
    if (r == 0)
        r = state_audit_add(ctx->s, actor, "begin", "drill", unit, slice_str(kinds[kind].word),
                            err);
    r = state_act_end(ctx->s, r, err);
    if (r == 0)
        *ret = d;
    return r;
}

int drill_look(const struct act_ctx *ctx, const struct state_actor *actor, const struct drill *d,
               struct drill_chain *ret, struct err *err)
{
    int r;

    *ret = (struct drill_chain){.seen = false};
    r = kinds[d->kind].stage->look(ctx, actor, d, ret, err);
    if (r < 0 || !ret->seen)
        return r;
    r = call_of(ctx->s, actor, ret->thing, ctx->arena, &ret->call, NULL);
    ret->called = r == 0;
    if (r == 0 && ret->taken_at == 0) {
        ret->taken_at = ret->call.answered_at;
        ret->taker = ret->call.answerer;
    }
    return 0;
}

int drill_answer(const struct act_ctx *ctx, const struct state_actor *actor, const struct drill *d,
                 struct slice terms, struct err *err)
{
    return kinds[d->kind].stage->answer(ctx, actor, d, terms, err);
}

int drill_end(const struct act_ctx *ctx, const struct state_actor *actor, const struct drill *d,
              struct slice run, struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    if (r < 0)
        return r;
    r = kinds[d->kind].stage->end(ctx, actor, d, run, err);
    if (r == 0)
        r = state_audit_add(ctx->s, actor, "end", "drill", d->unit, slice_str(kinds[d->kind].word),
                            err);
    return state_act_end(ctx->s, r, err);
}
