/* SPDX-License-Identifier: Apache-2.0 */
/* canh audit: the chain of everything that people and the program wrote. */
#include "state/audit.h"
#include "base/hex.h"
#include "base/width.h"
#include "cli/session.h"
#include "cli/state/state.h"
#include "lang/msg_plan.h"
#include "lang/msg_store.h"
#include "view/json.h"

struct audit_options {
    const char *state, *head, *unit;
    int64_t from, last;
    bool json;
};

static bool hex_digit(uint8_t c, unsigned *ret)
{
    const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c | 0x20) : NULL;

    *ret = at ? (unsigned)(at - digits) : 0;
    return at != NULL && (c < 'G' || c > 'Z');
}

/* 1234:0123…ef, as verify prints it. */
static bool parse_head(const char *text, struct state_audit_head *ret)
{
    struct slice s = slice_str(text), number;
    uint64_t seq = 0;
    unsigned hi, lo;

    if (!slice_cut(&s, ':', &number) || s.n != (size_t)2 * STATE_HASH || number.n == 0 ||
        number.n > 18)
        return false;
    for (size_t i = 0; i < number.n; i++) {
        if (number.p[i] < '0' || number.p[i] > '9')
            return false;
        seq = seq * 10 + (number.p[i] - '0');
    }
    ret->seq = (int64_t)seq;
    for (unsigned i = 0; i < STATE_HASH; i++) {
        if (!hex_digit(s.p[2 * i], &hi) || !hex_digit(s.p[2 * i + 1], &lo))
            return false;
        ret->hash[i] = (uint8_t)(hi << 4 | lo);
    }
    return true;
}

static void show_report(struct app *app, const struct state_audit_report *rep, bool good, bool json)
{
    struct buf *out = &app->out.buf;
    struct buf head = BUF_INIT(200);

    buf_printf(&head, "%lld:", (long long)rep->head.seq);
    buf_put_hex(&head, rep->head.hash, STATE_HASH);
    if (json) {
        view_json_audit_report(out, rep, good, buf_slice(&head));
    } else if (good) {
        lang_put(out, app->lang, MSG_STORE_AUDIT_GOOD, rep->entries, rep->erased, rep->rows,
                 buf_cstr(&head));
    }
    buf_done(&head);
}

static int say_bad(struct app *app, const struct state_audit_report *rep, const struct err *err)
{
    if (rep->broken_at)
        app_say(app, MSG_STORE_AUDIT_BROKEN, rep->broken_at);
    else if (rep->changed)
        app_say(app, MSG_STORE_AUDIT_CHANGED, rep->changed, rep->first_changed);
    else
        (void)app_fail(app, NULL, err);
    return EX_DATAERR;
}

static int run_verify(struct app *app, const void *values, const struct operands *operands)
{
    const struct audit_options *o = values;
    struct state_audit_report rep = {.entries = 0};
    struct state_audit_head head;
    struct err err = ERR_INIT;
    struct session st;
    int status, r;

    (void)operands;
    if (o->head != NULL && !parse_head(o->head, &head))
        return app_usage(app, MSG_STORE_BAD_HEAD, o->head);
    status = session_open(app, o->state, STATE_READ, &st);
    if (status != 0)
        return status;
    r = state_audit_verify(st.s, o->head ? &head : NULL, &rep, &err);
    if (r == 0 || r == -CE_CORRUPT) {
        show_report(app, &rep, r == 0, o->json);
        status = r == 0 ? 0 : say_bad(app, &rep, &err);
    } else {
        status = session_fail(&st, &err);
    }
    session_close(&st);
    return status;
}

struct listing {
    struct session *st;
    const struct audit_options *o;
    struct state_id unit; /* none: all */
    int64_t left;
};

/* Who did it: a person's name, or the role of the program or of the machine's administrator. */
static void put_who(struct listing *l, struct buf *out, const struct state_audit_entry *x)
{
    struct state_person p;

    if (!id_is_none(x->person) &&
        state_person_get(l->st->s, &l->st->actor, x->person, &l->st->arena, &p, NULL) == 0)
        text_put_safe(out, p.name);
    else
        buf_puts(out, state_role_to_str(x->role));
}

static void put_unit(struct listing *l, struct buf *out, const struct state_audit_entry *x)
{
    struct state_unit u;

    if (!id_is_none(x->unit) &&
        state_unit_get(l->st->s, &l->st->actor, x->unit, &l->st->arena, &u, NULL) == 0)
        text_put_safe(out, u.code);
}

/* Who was at the machine: an@may1, root(an)@may1 through sudo, an account as it signed in. */
static void put_machine(struct buf *out, const struct state_audit_entry *x)
{
    if (x->uid < 0)
        return;
    text_put_safe(out, x->account.n ? x->account : x->login);
    if (x->login.n == 0 && x->account.n == 0)
        buf_printf(out, "uid %lld", (long long)x->uid);
    if (x->sudo.n) {
        buf_putc(out, '(');
        text_put_safe(out, x->sudo);
        buf_putc(out, ')');
    }
    buf_putc(out, '@');
    text_put_safe(out, x->host);
}

static void put_line(struct listing *l, const struct state_audit_entry *x)
{
    struct buf *out = &l->st->app->out.buf;

    buf_printf(out, "%lld\t", (long long)x->seq);
    session_put_time(out, x->at);
    buf_puts(out, x->clock_back ? "!\t" : "\t");
    put_who(l, out, x);
    buf_putc(out, '\t');
    text_put_safe(out, x->action);
    buf_putc(out, ' ');
    text_put_safe(out, x->thing);
    buf_putc(out, '\t');
    put_unit(l, out, x);
    buf_putc(out, '\t');
    put_machine(out, x);
    buf_putc(out, '\t');
    text_put_safe(out, x->purpose);
    buf_putc(out, '\n');
}

static void put_json(struct listing *l, const struct state_audit_entry *x)
{
    struct buf who = BUF_INIT(8192), unit = BUF_INIT(8192);

    put_who(l, &who, x);
    put_unit(l, &unit, x);
    view_json_audit_entry(&l->st->app->out.buf, x, buf_slice(&who), buf_slice(&unit));
    buf_done(&who);
    buf_done(&unit);
}

static int list_entry(void *u, const struct state_audit_entry *x)
{
    struct listing *l = u;

    if (!id_is_none(l->unit) && !id_eq(l->unit, x->unit))
        return 0;
    if (l->o->json)
        put_json(l, x);
    else
        put_line(l, x);
    arena_clear(&l->st->arena);
    return --l->left == 0 || !out_settle(&l->st->app->out);
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    const struct audit_options *o = values;
    struct state_audit_head head = {.seq = 0};
    struct listing l = {.o = o, .left = o->from ? o->last : INT64_MAX};
    struct err err = ERR_INIT;
    struct state_unit unit = {0};
    struct session st;
    int status = session_open(app, o->state, STATE_READ, &st);

    (void)operands;
    if (status != 0)
        return status;
    l.st = &st;
    if (o->unit != NULL)
        status = session_unit(&st, o->unit, &unit);
    if (status == 0 && o->unit != NULL)
        l.unit = unit.id;
    if (status == 0 &&
        (state_audit_head(st.s, &head, &err) < 0 ||
         state_audit_each(st.s, &st.actor, o->from ? o->from : CANH_MAX(head.seq - o->last + 1, 1),
                          list_entry, &l, &err) < 0))
        status = session_fail(&st, &err);
    session_close(&st);
    return status;
}

static const struct option_spec verify_specs[] = {
    SESSION_OPTION(struct audit_options),
    OPTION_TEXT("head", 0, struct audit_options, head, "SEQ:HASH", COMPLETE_NONE,
                MSG_STORE_OPT_HEAD),
    OPTION_FLAG("json", 'j', struct audit_options, json, MSG_PLAN_OPT_JSON),
};

static const struct verb verb_verify = {
    .name = "verify",
    .summary = MSG_STORE_AUDIT_VERIFY,
    VERB_OPTIONS(verify_specs),
    .options_size = sizeof(struct audit_options),
    .run = run_verify,
};

static const struct option_spec list_specs[] = {
    SESSION_OPTION(struct audit_options),
    OPTION_NUMBER("from", 0, struct audit_options, from, "SEQ", 1, INT64_MAX, MSG_STORE_OPT_FROM),
    OPTION_NUMBER("last", 'n', struct audit_options, last, "N", 1, INT64_MAX, MSG_STORE_OPT_LAST),
    OPTION_TEXT("unit", 'u', struct audit_options, unit, "CODE", COMPLETE_NONE, MSG_STORE_OPT_UNIT),
    OPTION_FLAG("json", 'j', struct audit_options, json, MSG_PLAN_OPT_JSON),
};

static const struct audit_options list_defaults = {.last = 50};

static const struct verb verb_list = {
    .name = "list",
    .summary = MSG_STORE_AUDIT_LIST,
    VERB_OPTIONS(list_specs),
    VERB_DEFAULTS(struct audit_options, &list_defaults),
    .run = run_list,
};

static const struct verb *const subs[] = {&verb_verify, &verb_list, NULL};

const struct verb verb_audit = {
    .name = "audit",
    .summary = MSG_STORE_AUDIT_SUMMARY,
    .subs = subs,
};
