/* SPDX-License-Identifier: Apache-2.0 */
/* canh notice: rules and warnings sent out, and how many read and promised; nobody by name. */
#include "base/file.h"
#include "base/time.h"
#include "cli/evidence_file.h"
#include "cli/registers.h"
#include "lang/err_cli.h"
#include "lang/msg_cli.h"
#include "lang/msg_register.h"
#include "state/evidence.h"
#include "state/notices.h"

static int run_add(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    const struct required required[] = {{"unit", o->unit},
                                        {"number", o->number},
                                        {"title", o->title}};
    struct state_notice x = {.attest = o->attest}, old;
    struct err err = ERR_INIT;
    struct registering y;
    struct slice text = SLICE("");
    int status = register_begin(app, o, STATE_WRITE, required, 3, &y), r;

    (void)operands;
    if (status != 0)
        return status;
    if (o->file && o->text)
        status = app_usage(app, MSG_CLI_NOT_TOGETHER, "file", "text");
    if (status == 0)
        status = ledger_time(app, "due", o->due, true, &x.due);
    if (status == 0 && o->file)
        status = ledger_read(app, &y.l.arena, o->file, &text);
    x.unit = y.unit.id;
    x.code = slice_str(o->number);
    x.title = slice_str(o->title);
    x.text = o->file ? text : register_text(o->text);
    x.clause = register_text(o->clause);
    x.audience = register_text(o->audience);
    x.issued = y.at;
    if (status == 0 &&
        state_notice_find(y.l.s, &y.l.actor, x.unit, x.code, &y.l.arena, &old, &ERR_INIT) == 0) {
        app_say(app, MSG_REGISTER_NOTICE_EXISTS, o->number);
        status = EX_DATAERR;
    }
    r = status ? status : state_notice_put(y.l.s, &y.l.actor, &x, &err);
    return register_end(&y, r, &err);
}

/* The notice by its issuer (--unit) and number. */
int notice_find(struct registering *y, const char *number, struct state_notice *ret)
{
    struct err err = ERR_INIT;
    int r = state_notice_find(y->l.s, &y->l.actor, y->unit.id, slice_str(number), &y->l.arena, ret,
                              &err);

    if (r == -CE_NOT_FOUND) {
        app_say(y->l.app, MSG_REGISTER_NO_NOTICE, number, y->o->unit);
        return EX_NOINPUT;
    }
    return r < 0 ? ledger_fail(&y->l, &err) : 0;
}

/* The delivery to a unit; a new one when it was not sent there yet. */
int notice_delivery(struct registering *y, const struct state_notice *n, struct state_id to,
                    struct state_delivery *ret, struct err *err)
{
    struct state_query q = {.unit = to, .ref = n->id};
    struct state_delivery *rows;
    size_t count;
    int r = state_delivery_list(y->l.s, &y->l.actor, &q, &y->l.arena, &rows, &count, err);

    if (r < 0)
        return r;
    for (size_t i = 0; i < count; i++) {
        if (id_eq(rows[i].unit, to) && id_eq(rows[i].notice, n->id)) {
            *ret = rows[i];
            return 0;
        }
    }
    *ret = (struct state_delivery){.unit = to, .notice = n->id, .sent_at = y->at};
    return 0;
}

/* -- sending --------------------------------------------------------------------------------- */

static int send_to(struct registering *y, const struct state_notice *n, const struct state_unit *to,
                   struct err *err)
{
    const struct register_options *o = y->o;
    struct buf secret = BUF_INIT(64);
    struct state_delivery d;
    uint8_t hash[32];
    int r = notice_delivery(y, n, to->id, &d, err);

    if (r < 0)
        return r;
    d.expected = o->expected ? o->expected : d.expected;
    if (o->link) {
        id_put(&secret, id_new()); /* 128 random bits */
        state_token_hash(buf_slice(&secret), hash);
        d.token_hash = slice_of(hash, sizeof(hash));
    }
    r = state_delivery_put(y->l.s, &y->l.actor, &d, err);
    if (r == 0 && o->link)
        buf_printf(&y->l.app->out.buf, SLICE_FMT "\t%s%s\n", SLICE_ARG(to->code),
                   o->base ? o->base : "", buf_cstr(&secret));
    buf_done(&secret);
    return r;
}

static bool wanted(const struct option_list *words, struct slice s)
{
    for (uint32_t i = 0; i < words->count; i++) {
        if (slice_is(s, words->items[i]))
            return true;
    }
    return false;
}

/* A word that no unit has would reach nobody without a word. */
static int check_kinds(struct registering *y, const struct state_unit *units, size_t count,
                       struct err *err)
{
    for (uint32_t k = 0; k < y->o->kinds.count; k++) {
        size_t n = 0;

        for (size_t i = 0; i < count; i++)
            n += slice_is(units[i].kind, y->o->kinds.items[k]);
        if (n == 0)
            return err_fail(err, CE_NOT_FOUND, ERR_CLI_NO_UNIT_OF_KIND, y->o->kinds.items[k]);
    }
    return 0;
}

/* Every unit of the kinds asked for, and every one named. */
static int send_all(struct registering *y, const struct state_notice *n, unsigned *ret_sent,
                    struct err *err)
{
    struct state_unit *units;
    size_t count;
    int r = state_units_at(y->l.s, &y->l.actor, 0, &y->l.arena, &units, &count, err);

    if (r == 0)
        r = check_kinds(y, units, count, err);
    if (r == 0)
        r = state_begin(y->l.s, err);
    for (size_t i = 0; r == 0 && i < count; i++) {
        if (!wanted(&y->o->recipients, units[i].code) && !wanted(&y->o->kinds, units[i].kind))
            continue;
        r = send_to(y, n, &units[i], err);
        ++*ret_sent;
    }
    if (r == 0)
        r = state_commit(y->l.s, err);
    if (r < 0) {
        state_rollback(y->l.s);
        buf_clear(&y->l.app->out.buf); /* links of what was not sent lead nowhere */
    }
    return r;
}

static int check_recipients(struct registering *y)
{
    struct state_unit unit;

    for (uint32_t i = 0; i < y->o->recipients.count; i++) {
        int status = ledger_unit(&y->l, y->o->recipients.items[i], &unit);

        if (status != 0)
            return status;
    }
    return 0;
}

static int run_send(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    const struct required required[] = {{"unit", o->unit}};
    struct state_notice n;
    struct err err = ERR_INIT;
    struct registering y;
    unsigned sent = 0;
    int status, r = 0;

    if (o->recipients.count + o->kinds.count == 0)
        return app_usage(app, MSG_CLI_NO_OPTION, "to");
    if (o->base && !o->link)
        return app_usage(app, MSG_CLI_NO_OPTION, "link");
    status = register_begin(app, o, STATE_WRITE, required, 1, &y);
    if (status != 0)
        return status;
    status = check_recipients(&y);
    if (status == 0)
        status = notice_find(&y, operands->items[0], &n);
    if (status == 0)
        r = send_all(&y, &n, &sent, &err);
    if (status == 0 && r == 0)
        lang_put(&app->out.buf, app->lang, MSG_REGISTER_NOTICE_SENT, sent);
    return register_end(&y, status ? status : r, &err);
}

/* -- reading --------------------------------------------------------------------------------- */

/* By --link, the one secret of a unit; or by --unit and --to. */
static int find_delivery(struct registering *y, const char *number, struct state_delivery *ret)
{
    struct err err = ERR_INIT;
    struct state_notice n;
    struct state_unit to;
    int status, r;

    status = ledger_unit(&y->l, y->o->to, &to);
    if (status == 0)
        status = notice_find(y, number, &n);
    if (status != 0)
        return status;
    r = notice_delivery(y, &n, to.id, ret, &err);
    if (r == 0 && ret->version == 0) {
        app_say(y->l.app, MSG_REGISTER_NOTICE_NOT_SENT, number, y->o->to);
        return EX_NOINPUT;
    }
    return r < 0 ? ledger_fail(&y->l, &err) : 0;
}

/* fd < 0: none. */
struct sheet_file {
    int fd;
    struct slice marking;
};

/* A scan of the sheet that was signed, kept as evidence of the unit. */
static int put_sheet(struct registering *y, const struct sheet_file *f, struct state_delivery *d,
                     struct err *err)
{
    struct state_evidence e = {.unit = d->unit,
                               .kind = SLICE("notice.sheet"),
                               .title = SLICE("Bản ký xác nhận"),
                               .method = STATE_EXAMINE,
                               .strength = STATE_DECLARED,
                               .collected = y->at,
                               .origin = SLICE("person"),
                               .marking = f->marking};
    int r = state_evidence_add(y->l.s, &y->l.actor, f->fd, slice_str(y->o->file), &e, err);

    if (r < 0)
        return r;
    d->sheet = e.id;
    return state_delivery_put(y->l.s, &y->l.actor, d, err);
}

static int put_count_of(struct registering *y, const struct state_delivery *d, const char *how,
                        enum state_ack_kind kind, struct err *err)
{
    struct state_ack x = {.unit = d->unit,
                          .delivery = d->id,
                          .kind = kind,
                          .at = y->at,
                          .count = y->o->count ? y->o->count : 1,
                          .how = slice_str(how),
                          .backfilled = y->o->backfilled};

    return state_ack_put(y->l.s, &y->l.actor, &x, err);
}

/* Who promises has read it. */
static int put_ack(struct registering *y, struct state_delivery *d, const char *how,
                   const struct sheet_file *f, struct err *err)
{
    int r = state_begin(y->l.s, err);

    if (r == 0)
        r = put_count_of(y, d, how, STATE_READ_IT, err);
    if (r == 0 && y->o->attest)
        r = put_count_of(y, d, how, STATE_ATTESTED, err);
    if (r == 0 && f->fd >= 0)
        r = put_sheet(y, f, d, err);
    if (r == 0)
        r = state_commit(y->l.s, err);
    if (r < 0)
        state_rollback(y->l.s);
    return r;
}

static int run_ack(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    const struct required required[] = {{"unit", o->unit}, {"to", o->to}};
    struct sheet_file f = {.fd = -1};
    struct state_delivery d;
    struct err err = ERR_INIT;
    struct registering y;
    int status = register_begin(app, o, STATE_WRITE, required, 2, &y), r;

    if (status != 0)
        return status;
    status = find_delivery(&y, operands->items[0], &d);
    if (status == 0 && o->file)
        status = evidence_file_open(app, o->file, o->not_classified, &f.fd, &f.marking);
    r = status ? status : put_ack(&y, &d, "sheet", &f, &err);
    fd_closep(&f.fd);
    return register_end(&y, r, &err);
}

/* The secret is the last part of a link. */
static int run_open(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    struct slice link = slice_str(operands->items[0]);
    struct state_delivery d;
    struct state_notice n;
    struct err err = ERR_INIT;
    struct registering y;
    size_t at = link.n;
    int status = register_begin(app, o, STATE_WRITE, NULL, 0, &y), r;

    if (status != 0)
        return status;
    while (at > 0 && link.p[at - 1] != '/')
        at--;
    r = state_delivery_by_token(y.l.s, slice_from(link, at), &y.l.arena, &d, &err);
    if (r == -CE_NOT_FOUND) {
        app_say(app, MSG_REGISTER_NO_LINK);
        return register_end(&y, EX_NOINPUT, &err);
    }
    if (r == 0)
        r = state_notice_get(y.l.s, &y.l.actor, d.notice, &y.l.arena, &n, &err);
    if (r == 0)
        r = put_ack(&y, &d, "link", &(struct sheet_file){.fd = -1}, &err);
    if (r == 0)
        buf_printf(&app->out.buf, SLICE_FMT "  " SLICE_FMT "\n\n" SLICE_FMT "\n", SLICE_ARG(n.code),
                   SLICE_ARG(n.title), SLICE_ARG(n.text));
    return register_end(&y, r, &err);
}

/* -- tables ---------------------------------------------------------------------------------- */

#define ISSUER REGISTER_TEXT("unit", 'u', unit, "CODE", MSG_REGISTER_OPT_ISSUER)
#define TO     REGISTER_TEXT("to", 0, to, "CODE", MSG_REGISTER_OPT_TO)

static const struct option_spec add_specs[] = {
    REGISTER_STATE,
    ISSUER,
    REGISTER_TEXT("number", 0, number, "TEXT", MSG_REGISTER_OPT_NUMBER),
    REGISTER_TEXT("title", 't', title, "TEXT", MSG_REGISTER_OPT_TITLE),
    REGISTER_TEXT("text", 0, text, "TEXT", MSG_REGISTER_OPT_TEXT),
    REGISTER_FILE("file", 'f', file, MSG_REGISTER_OPT_NOTICE_FILE),
    REGISTER_TEXT("clause", 0, clause, "NUMBER", MSG_REGISTER_OPT_CLAUSE),
    REGISTER_TEXT("audience", 0, audience, "TEXT", MSG_REGISTER_OPT_AUDIENCE),
    REGISTER_TEXT("due", 0, due, "TIME", MSG_REGISTER_OPT_DUE),
    REGISTER_AT,
    OPTION_FLAG("attest", 0, struct register_options, attest, MSG_REGISTER_OPT_ATTEST),
};

static const struct option_spec send_specs[] = {
    REGISTER_STATE,
    ISSUER,
    OPTION_LIST("to", 0, struct register_options, recipients, "CODE", COMPLETE_NONE,
                MSG_REGISTER_OPT_RECIPIENT),
    OPTION_LIST("all", 0, struct register_options, kinds, "KIND", COMPLETE_NONE,
                MSG_REGISTER_OPT_ALL),
    OPTION_NUMBER("expected", 0, struct register_options, expected, "N", 1, 1000000,
                  MSG_REGISTER_OPT_EXPECTED),
    OPTION_FLAG("link", 0, struct register_options, link, MSG_REGISTER_OPT_LINK),
    REGISTER_TEXT("base", 0, base, "URL", MSG_REGISTER_OPT_BASE),
    REGISTER_AT,
};

static const struct option_spec ack_specs[] = {
    REGISTER_STATE,
    ISSUER,
    TO,
    OPTION_NUMBER("count", 'n', struct register_options, count, "N", 1, 1000000,
                  MSG_REGISTER_OPT_COUNT),
    OPTION_FLAG("attest", 0, struct register_options, attest, MSG_REGISTER_OPT_ATTESTED),
    REGISTER_FILE("file", 'f', file, MSG_REGISTER_OPT_SHEET),
    REGISTER_NOT_CLASSIFIED,
    OPTION_FLAG("backfilled", 0, struct register_options, backfilled, MSG_REGISTER_OPT_BACKFILLED),
    REGISTER_AT,
};

static const struct option_spec open_specs[] = {
    REGISTER_STATE,
    OPTION_FLAG("attest", 0, struct register_options, attest, MSG_REGISTER_OPT_ATTESTED),
    REGISTER_AT,
};

static const struct verb verb_add =
    REGISTER_PLAIN("add", MSG_REGISTER_NOTICE_ADD, add_specs, run_add);
static const struct verb verb_send =
    REGISTER_ONE("send", MSG_REGISTER_NOTICE_SEND, "NUMBER", send_specs, run_send);
static const struct verb verb_ack =
    REGISTER_ONE("ack", MSG_REGISTER_NOTICE_ACK, "NUMBER", ack_specs, run_ack);
static const struct verb verb_open =
    REGISTER_ONE("open", MSG_REGISTER_NOTICE_OPEN, "LINK", open_specs, run_open);

static const struct verb *const subs[] = {&verb_add,  &verb_send,         &verb_ack,
                                          &verb_open, &verb_notice_sheet, &verb_notice_list,
                                          NULL};

const struct verb verb_notice = {.name = "notice", .summary = MSG_REGISTER_NOTICE, .subs = subs};
