/* SPDX-License-Identifier: Apache-2.0 */
#include "register/notice.h"

#include "lang/err_register.h"
#include "state/units.h"

int notice_issue(const struct act_ctx *ctx, const struct state_actor *actor,
                 const struct notice_draft *draft, struct state_notice *ret, struct err *err)
{
    struct state_notice x = {
        .unit = draft->unit,
        .code = draft->code,
        .title = draft->title,
        .text = draft->text,
        .clause = draft->clause,
        .audience = draft->audience,
        .issued = act_at(ctx),
        .due = draft->due,
        .attest = draft->attest,
    };
    int r = state_notice_put(ctx->s, actor, &x, err);

    if (r == -CE_EXISTS)
        return err_fail(err, CE_EXISTS, ERR_REGISTER_NOTICE_EXISTS, draft->code);
    if (r == 0)
        *ret = x;
    return r;
}

static int publish_inside(const struct act_ctx *ctx, const struct state_actor *actor,
                          const struct notice_draft *draft, struct notice_dispatch dispatch,
                          struct notice_published *ret, struct err *err)
{
    int r = notice_issue(ctx, actor, draft, &ret->notice, err);

    dispatch.notice = ret->notice.id;
    return r < 0 ? r : notice_send(ctx, actor, &dispatch, &ret->sent, err);
}

int notice_publish(const struct act_ctx *ctx, const struct state_actor *actor,
                   const struct notice_draft *draft, const struct notice_dispatch *dispatch,
                   struct notice_published *ret, struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    if (r < 0)
        return r;
    return state_act_end(ctx->s, publish_inside(ctx, actor, draft, *dispatch, ret, err), err);
}

int notice_delivery(const struct act_ctx *ctx, const struct state_actor *actor,
                    struct state_id notice, struct state_id unit, struct state_delivery *ret,
                    struct err *err)
{
    struct state_query q = {.unit = unit, .ref = notice};
    struct state_delivery *rows;
    size_t count;
    int r = state_delivery_list(ctx->s, actor, &q, ctx->arena, &rows, &count, err);

    if (r < 0)
        return r;
    for (size_t i = 0; i < count; i++) {
        if (id_eq(rows[i].unit, unit) && id_eq(rows[i].notice, notice)) {
            *ret = rows[i];
            return 0;
        }
    }
    *ret = (struct state_delivery){.unit = unit, .notice = notice, .sent_at = act_at(ctx)};
    return 0;
}

static int send_to(const struct act_ctx *ctx, const struct state_actor *actor,
                   const struct notice_dispatch *dispatch, const struct state_unit *unit,
                   struct notice_sent *ret, struct err *err)
{
    struct buf secret = BUF_INIT(64);
    struct state_delivery d;
    uint8_t hash[32];
    int r = notice_delivery(ctx, actor, dispatch->notice, unit->id, &d, err);

    *ret = (struct notice_sent){.unit = unit->code};
    if (r < 0)
        return r;
    d.expected = dispatch->expected ? dispatch->expected : d.expected;
    if (dispatch->link) {
        id_write(&secret, id_new()); /* 128 random bits */
        state_token_hash(buf_slice(&secret), hash);
        d.token_hash = slice_of(hash, sizeof(hash));
        ret->secret = arena_dup(ctx->arena, buf_slice(&secret));
    }
    buf_done(&secret);
    if (dispatch->link && ret->secret.p == NULL)
        return err_nomem(err);
    return state_delivery_put(ctx->s, actor, &d, err);
}

static bool is_meant(const struct notice_dispatch *d, const struct state_unit *unit)
{
    for (size_t i = 0; i < d->unit_count; i++) {
        if (id_eq(d->units[i], unit->id))
            return true;
    }
    for (size_t i = 0; i < d->kind_count; i++) {
        if (slice_eq(d->kinds[i], unit->kind))
            return true;
    }
    return false;
}

/* A word that no unit has would reach nobody, and nobody would know. */
static int check_kinds(const struct notice_dispatch *d, const struct state_unit *units,
                       size_t count, struct err *err)
{
    for (size_t k = 0; k < d->kind_count; k++) {
        size_t i = 0;

        while (i < count && !slice_eq(units[i].kind, d->kinds[k]))
            i++;
        if (i == count)
            return err_fail(err, CE_NOT_FOUND, ERR_REGISTER_NO_UNIT_OF_KIND,
                            d->said ? d->said[k] : d->kinds[k]);
    }
    return 0;
}

static int send_inside(const struct act_ctx *ctx, const struct state_actor *actor,
                       const struct notice_dispatch *dispatch, struct notice_dispatched *ret,
                       struct err *err)
{
    struct state_unit *units = NULL;
    size_t count = 0;
    int r = state_units_at(ctx->s, actor, 0, ctx->arena, &units, &count, err);

    if (r == 0)
        r = check_kinds(dispatch, units, count, err);
    if (r < 0)
        return r;
    ret->units = arena_new_array(ctx->arena, count + 1, struct notice_sent);
    if (ret->units == NULL)
        return err_nomem(err);
    for (size_t i = 0; i < count && r == 0; i++) {
        if (!is_meant(dispatch, &units[i]))
            continue;
        r = send_to(ctx, actor, dispatch, &units[i], &ret->units[ret->count], err);
        ret->count++;
    }
    return r;
}

int notice_send(const struct act_ctx *ctx, const struct state_actor *actor,
                const struct notice_dispatch *dispatch, struct notice_dispatched *ret,
                struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    *ret = (struct notice_dispatched){.count = 0};
    if (r == 0)
        r = state_act_end(ctx->s, send_inside(ctx, actor, dispatch, ret, err), err);
    if (r < 0)
        ret->count = 0; /* links of what was not sent lead nowhere */
    return r;
}

static int write_ack(const struct act_ctx *ctx, const struct state_actor *actor,
                     const struct state_ack *ack, enum state_ack_kind kind, struct err *err)
{
    struct state_ack x = *ack;

    x.kind = kind;
    return state_ack_put(ctx->s, actor, &x, err);
}

/* Who promises has read it. */
static int write_acks(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct state_ack *ack, bool attest, struct err *err)
{
    int r = write_ack(ctx, actor, ack, STATE_READ_IT, err);

    return r == 0 && attest ? write_ack(ctx, actor, ack, STATE_ATTESTED, err) : r;
}

static int write_sheet(const struct act_ctx *ctx, const struct state_actor *actor,
                       const struct notice_count *count, struct state_delivery *d, struct err *err)
{
    struct state_evidence e = {.unit = d->unit,
                               .kind = SLICE("notice.sheet"),
                               .title = count->title,
                               .method = STATE_EXAMINE,
                               .strength = STATE_DECLARED,
                               .collected = act_at(ctx),
                               .origin = SLICE("person"),
                               .marking = count->sheet->marking};
    int r = state_evidence_add(ctx->s, actor, count->sheet->fd, count->sheet->name, &e, err);

    if (r < 0)
        return r;
    d->sheet = e.id;
    return state_delivery_put(ctx->s, actor, d, err);
}

static int ack_inside(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct notice_count *count, struct err *err)
{
    struct state_ack ack = {.unit = count->unit,
                            .at = act_at(ctx),
                            .count = count->count ? count->count : 1,
                            .how = SLICE("sheet"),
                            .backfilled = count->backfilled};
    struct state_delivery d;
    int r = notice_delivery(ctx, actor, count->notice, count->unit, &d, err);

    if (r == 0 && d.version == 0)
        return err_fail(err, CE_MISSING, ERR_REGISTER_NOTICE_NOT_SENT);
    if (r < 0)
        return r;
    ack.delivery = d.id;
    r = write_acks(ctx, actor, &ack, count->attest, err);
    return r == 0 && count->sheet ? write_sheet(ctx, actor, count, &d, err) : r;
}

int notice_ack(const struct act_ctx *ctx, const struct state_actor *actor,
               const struct notice_count *count, struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    return r < 0 ? r : state_act_end(ctx->s, ack_inside(ctx, actor, count, err), err);
}

static struct slice secret_of(struct slice link)
{
    size_t at = link.n;

    while (at > 0 && link.p[at - 1] != '/')
        at--;
    return slice_from(link, at);
}

int notice_by_link(const struct act_ctx *ctx, const struct state_actor *actor, struct slice link,
                   struct notice_behind *ret, struct err *err)
{
    struct state_delivery d;
    int r = state_delivery_by_token(ctx->s, secret_of(link), ctx->arena, &d, err);

    if (r == 0)
        r = state_notice_get(ctx->s, actor, d.notice, ctx->arena, &ret->notice, err);
    if (r < 0)
        return r;
    ret->unit = d.unit;
    ret->ends = CANH_MAX(d.sent_at, ret->notice.due) + NOTICE_LINK_LASTS;
    return ret->ends <= act_at(ctx) ? err_fail(err, CE_NOT_FOUND, ERR_REGISTER_LINK_IS_OVER) : 0;
}

static int read_inside(const struct act_ctx *ctx, const struct state_actor *actor,
                       struct state_id notice, bool attest, struct err *err)
{
    struct state_ack ack = {.unit = actor->unit,
                            .at = act_at(ctx),
                            .count = 1,
                            .how = SLICE("console")};
    struct state_delivery d;
    int r = notice_delivery(ctx, actor, notice, actor->unit, &d, err);

    if (r == 0 && d.version == 0)
        return err_fail(err, CE_MISSING, ERR_REGISTER_NOTICE_NOT_SENT);
    if (r < 0)
        return r;
    ack.delivery = d.id;
    if (actor->role == STATE_OFFICIAL)
        ack.person = actor->person;
    return write_acks(ctx, actor, &ack, attest, err);
}

int notice_read(const struct act_ctx *ctx, const struct state_actor *actor, struct state_id notice,
                bool attest, struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    return r < 0 ? r : state_act_end(ctx->s, read_inside(ctx, actor, notice, attest, err), err);
}

static int open_inside(const struct act_ctx *ctx, const struct state_actor *actor,
                       struct slice link, bool attest, struct state_notice *ret, struct err *err)
{
    struct state_ack ack = {.at = act_at(ctx), .count = 1, .how = SLICE("link")};
    struct notice_behind behind;
    struct state_delivery d;
    int r = notice_by_link(ctx, actor, link, &behind, err);

    if (r == 0)
        r = state_delivery_by_token(ctx->s, secret_of(link), ctx->arena, &d, err);
    if (r < 0)
        return r;
    *ret = behind.notice;
    ack.unit = d.unit;
    ack.delivery = d.id;
    return write_acks(ctx, actor, &ack, attest, err);
}

int notice_open(const struct act_ctx *ctx, const struct state_actor *actor, struct slice link,
                bool attest, struct state_notice *ret, struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    return r < 0 ? r : state_act_end(ctx->s, open_inside(ctx, actor, link, attest, ret, err), err);
}
