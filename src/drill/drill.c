/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/drill.h"

#include <sodium.h>

#include "alert/call.h"
#include "drill/stage.h"
#include "lang/err_drill.h"
#include "lang/said.h"
#include "state/audit.h"

static const struct {
    const char *word;
    enum drill_means means;
    enum said name;
    const char *case_class;
} kinds[DRILL_KINDS] = {
    [DRILL_SSH] = {"ssh", DRILL_BY_LOG, SAID_DRILL_SSH, "intrusion"},
    [DRILL_RANSOM] = {"ransom", DRILL_BY_LOG, SAID_DRILL_RANSOM, "malware"},
    [DRILL_PORTAL] = {"portal-down", DRILL_BY_CHECK, SAID_DRILL_PORTAL, "other"},
    [DRILL_CABLE] = {"cable-cut", DRILL_BY_CHECK, SAID_DRILL_CABLE, "other"},
    [DRILL_SHIFT] = {"missed-shift", DRILL_BY_POST, SAID_DRILL_SHIFT, "other"},
};

static const struct stage *const stages[] = {
    [DRILL_BY_LOG] = &stage_log, [DRILL_BY_CHECK] = &stage_check, [DRILL_BY_POST] = &stage_post};

enum drill_means drill_means(enum drill_kind kind)
{
    return kinds[kind < DRILL_KINDS ? kind : DRILL_SSH].means;
}

const char *drill_case_class(enum drill_kind kind)
{
    return kind < DRILL_KINDS ? kinds[kind].case_class : "other";
}

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

static const char *const step_words[DRILL_STEPS] = {
    [DRILL_STEP_SEEN] = "seen",
    [DRILL_STEP_CALLED] = "called",
    [DRILL_STEP_MESSAGE] = "message",
    [DRILL_STEP_TAKEN] = "taken",
};

const char *drill_step_word(enum drill_step step)
{
    return step < DRILL_STEPS ? step_words[step] : "";
}

enum drill_step drill_step_of(struct slice word)
{
    enum drill_step step = DRILL_STEP_SEEN;

    while (step < DRILL_STEPS && !slice_is(word, step_words[step]))
        step++;
    return step;
}

void drill_name(struct buf *out, enum drill_kind kind)
{
    buf_append_slice(out, said_words(SAID_DRILL));
    buf_append_slice(out, said_words(kinds[kind].name));
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
    r = stages[kinds[kind].means]->begin(ctx, actor, &d, run, err);
    if (r == 0)
        r = state_audit_add(ctx->s, actor, "begin", "drill", unit, slice_str(kinds[kind].word),
                            err);
    r = state_act_end(ctx->s, r, err);
    if (r == 0)
        *ret = d;
    return r;
}

int drill_poll(const struct act_ctx *ctx, const struct state_actor *actor, const struct drill *d,
               struct drill_chain *ret, struct err *err)
{
    int r;

    *ret = (struct drill_chain){.seen = false};
    r = stages[kinds[d->kind].means]->look(ctx, actor, d, ret, err);
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
    return stages[kinds[d->kind].means]->answer(ctx, actor, d, terms, err);
}

int drill_end(const struct act_ctx *ctx, const struct state_actor *actor, const struct drill *d,
              struct slice run, struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    if (r < 0)
        return r;
    r = stages[kinds[d->kind].means]->end(ctx, actor, d, run, err);
    if (r == 0)
        r = state_audit_add(ctx->s, actor, "end", "drill", d->unit, slice_str(kinds[d->kind].word),
                            err);
    return state_act_end(ctx->s, r, err);
}
