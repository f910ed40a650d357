/* SPDX-License-Identifier: Apache-2.0 */
/* canh notice: rules and warnings sent out, and how many read and promised; nobody by name. */
#include "register/notice.h"
#include "base/file.h"
#include "cli/import/import.h"
#include "cli/people/invitation.h"
#include "cli/register/evidence_file.h"
#include "cli/register/register.h"
#include "lang/msg_cli.h"
#include "lang/msg_import.h"
#include "lang/msg_register.h"
#include "lang/said.h"

enum { BASE_MAX = 4096 };

struct add_options {
    struct register_scope scope;
    const char *number, *title, *text, *file, *clause, *audience, *due;
    bool attest;
};

static int run_add(struct app *app, const void *values, const struct operands *operands)
{
    const struct add_options *o = values;
    const struct register_given given[] = {{"unit", o->scope.unit, REGISTER_OWN},
                                           {"number", o->number, REGISTER_NEEDED},
                                           {"title", o->title, REGISTER_NEEDED | REGISTER_TYPED},
                                           {"text", o->text, REGISTER_TYPED},
                                           {"audience", o->audience, REGISTER_TYPED}};
    struct notice_draft draft = {.attest = o->attest};
    struct state_notice x;
    struct err err = ERR_INIT;
    struct register_job y;
    int status = register_begin(app, &o->scope, STATE_WRITE, given, CANH_LEN(given), &y);

    (void)operands;
    if (status != 0)
        return status;
    draft.unit = y.unit.id;
    draft.code = slice_str(o->number);
    draft.title = slice_str(o->title);
    draft.text = register_text(o->text);
    draft.clause = register_text(o->clause);
    draft.audience = register_text(o->audience);
    if (o->file && o->text)
        status = app_usage(app, MSG_CLI_NOT_TOGETHER, "file", "text");
    if (status == 0)
        status = session_time(app, "due", o->due, true, &draft.due);
    if (status == 0 && o->file)
        status = session_read(app, &y.l.arena, o->file, &draft.text);
    if (status == 0)
        status = notice_issue(&y.act, &y.l.actor, &draft, &x, &err);
    if (status == 0)
        register_print(&y, MSG_REGISTER_NOTICE_ADDED, o->number);
    return register_end(&y, status, &err);
}

/* The notice by its issuer (--unit) and number. */
int notice_find(struct register_job *y, const char *number, struct state_notice *ret)
{
    struct err err = ERR_INIT;
    int r = state_notice_find(y->l.s, &y->l.actor, y->unit.id, slice_str(number), &y->l.arena, ret,
                              &err);

    if (r == -CE_NOT_FOUND) {
        app_print(y->l.app, MSG_REGISTER_NO_NOTICE, number, y->scope.unit);
        return EX_NOINPUT;
    }
    return r < 0 ? session_fail(&y->l, &err) : 0;
}

struct send_options {
    struct register_scope scope;
    struct option_list to, all;
    const char *base;
    int64_t expected;
    bool link;
};

static int refuse_kind(struct register_job *y, const struct import_word *known, size_t n,
                       const char *text)
{
    struct buf all = BUF_INIT(2000);

    import_words_write(&all, known, n, y->l.app->lang);
    app_print(y->l.app, MSG_IMPORT_UNKNOWN_KIND, SLICE_ARG(slice_brief(slice_str(text))),
              buf_cstr(&all));
    buf_done(&all);
    return EX_DATAERR;
}

/* Kinds of units as people write them. */
static int read_kinds(struct register_job *y, const struct option_list *given, struct slice *to,
                      struct slice *said)
{
    struct import_word *words = NULL;
    size_t n = 0;
    int status = given->count ? list_words(y->l.app, WORDS_UNIT_KINDS, &y->l.arena, &words, &n) : 0;

    for (uint32_t i = 0; status == 0 && i < given->count; i++) {
        struct slice text = slice_str(given->items[i]);
        const struct import_word *word = import_word_find(words, n, text);

        if (word == NULL)
            return refuse_kind(y, words, n, given->items[i]);
        said[i] = text;
        to[i] = word->id;
    }
    return status;
}

/* The options as what the act wants: units by their ids. */
static int read_recipients(struct register_job *y, const struct send_options *o,
                           struct notice_dispatch *ret)
{
    struct state_id *units = arena_new_array(&y->l.arena, o->to.count + 1, struct state_id);
    struct slice *kinds = arena_new_array(&y->l.arena, o->all.count + 1, struct slice);
    struct slice *said = arena_new_array(&y->l.arena, o->all.count + 1, struct slice);
    struct state_unit unit;
    struct err err = ERR_INIT;
    int status;

    if (units == NULL || kinds == NULL || said == NULL) {
        (void)err_nomem(&err);
        return session_fail(&y->l, &err);
    }
    for (uint32_t i = 0; i < o->to.count; i++) {
        status = session_unit(&y->l, o->to.items[i], &unit);
        if (status != 0)
            return status;
        units[i] = unit.id;
    }
    status = read_kinds(y, &o->all, kinds, said);
    if (status != 0)
        return status;
    *ret = (struct notice_dispatch){.units = units,
                                    .kinds = kinds,
                                    .said = said,
                                    .unit_count = o->to.count,
                                    .kind_count = o->all.count,
                                    .expected = o->expected,
                                    .link = o->link};
    return 0;
}

static void write_sent(struct register_job *y, const struct send_options *o,
                       const struct notice_dispatched *sent)
{
    struct buf *out = &y->l.app->out.buf, base = BUF_INIT(BASE_MAX);

    if (o->base)
        buf_puts(&base, o->base);
    else
        invitation_write_site(&base);
    if (!o->base && base.len > 0)
        buf_puts(&base, "/n/");
    for (size_t i = 0; i < sent->count && o->link; i++)
        buf_printf(out, SLICE_FMT "\t%s" SLICE_FMT "\n", SLICE_ARG(sent->units[i].unit),
                   buf_cstr(&base), SLICE_ARG(sent->units[i].secret));
    buf_done(&base);
    lang_write(out, y->l.app->lang, MSG_REGISTER_NOTICE_SENT, (unsigned)sent->count);
}

static int run_send(struct app *app, const void *values, const struct operands *operands)
{
    const struct send_options *o = values;
    const struct register_given given[] = {{"unit", o->scope.unit, REGISTER_OWN}};
    struct notice_dispatch dispatch;
    struct notice_dispatched sent;
    struct state_notice n;
    struct err err = ERR_INIT;
    struct register_job y;
    int status;

    if (o->to.count + o->all.count == 0)
        return app_usage(app, MSG_CLI_NO_OPTION, "to");
    if (o->base && !o->link)
        return app_usage(app, MSG_CLI_NO_OPTION, "link");
    status = register_begin(app, &o->scope, STATE_WRITE, given, CANH_LEN(given), &y);
    if (status != 0)
        return status;
    status = read_recipients(&y, o, &dispatch);
    if (status == 0)
        status = notice_find(&y, operands->items[0], &n);
    if (status == 0) {
        dispatch.notice = n.id;
        status = notice_send(&y.act, &y.l.actor, &dispatch, &sent, &err);
    }
    if (status == 0)
        write_sent(&y, o, &sent);
    return register_end(&y, status, &err);
}

/* The notice and the unit where it was read. */
static int find_read(struct register_job *y, const char *of, const char *number,
                     struct notice_count *ret)
{
    struct state_notice n;
    struct state_unit to;
    int status = session_unit(&y->l, of, &to);

    if (status == 0)
        status = notice_find(y, number, &n);
    if (status != 0)
        return status;
    ret->unit = to.id;
    ret->notice = n.id;
    return 0;
}

struct ack_options {
    struct register_scope scope;
    const char *to, *file;
    int64_t count;
    bool attest, not_classified, backfilled;
};

static int run_ack(struct app *app, const void *values, const struct operands *operands)
{
    const struct ack_options *o = values;
    const struct register_given given[] = {{"unit", o->scope.unit, REGISTER_NEEDED},
                                           {"to", o->to, REGISTER_NEEDED}};
    struct notice_count count = {.count = o->count,
                                 .attest = o->attest,
                                 .backfilled = o->backfilled,
                                 .title = said_words(SAID_SIGNED_SHEET)};
    struct evidence_file sheet = {.fd = -1, .name = register_text(o->file)};
    struct err err = ERR_INIT;
    struct register_job y;
    int status = register_begin(app, &o->scope, STATE_WRITE, given, CANH_LEN(given), &y), r = 0;

    if (status != 0)
        return status;
    status = find_read(&y, o->to, operands->items[0], &count);
    if (status == 0 && o->file) {
        status = evidence_file_open(app, o->file, o->not_classified, &sheet.fd, &sheet.marking);
        count.sheet = &sheet;
    }
    if (status == 0)
        r = notice_ack(&y.act, &y.l.actor, &count, &err);
    if (r == -CE_MISSING) {
        app_print(app, MSG_REGISTER_NOTICE_NOT_SENT, operands->items[0], o->to);
        r = app_status(&err);
    }
    fd_closep(&sheet.fd);
    if (status == 0 && r == 0)
        register_print(&y, MSG_REGISTER_NOTICE_READ, operands->items[0],
                       count.count ? count.count : 1);
    return register_end(&y, status ? status : r, &err);
}

struct open_options {
    struct register_scope scope;
    bool attest;
};

static int run_open(struct app *app, const void *values, const struct operands *operands)
{
    const struct open_options *o = values;
    struct state_notice n;
    struct err err = ERR_INIT;
    struct register_job y;
    int status = register_begin(app, &o->scope, STATE_WRITE, NULL, 0, &y), r;

    if (status != 0)
        return status;
    r = notice_open(&y.act, &y.l.actor, slice_str(operands->items[0]), o->attest, &n, &err);
    if (r == -CE_NOT_FOUND) {
        app_print(app, MSG_REGISTER_NO_LINK);
        r = EX_NOINPUT;
    } else if (r == 0) {
        buf_printf(&app->out.buf, SLICE_FMT "  " SLICE_FMT "\n\n" SLICE_FMT "\n", SLICE_ARG(n.code),
                   SLICE_ARG(n.title), SLICE_ARG(n.text));
    }
    return register_end(&y, r, &err);
}

#define ISSUER(type) REGISTER_TEXT(type, "unit", 'u', scope.unit, "CODE", MSG_REGISTER_OPT_ISSUER)
#define TO(type)     REGISTER_TEXT(type, "to", 0, to, "CODE", MSG_REGISTER_OPT_TO)

static const struct option_spec add_specs[] = {
    REGISTER_STATE(struct add_options),
    ISSUER(struct add_options),
    REGISTER_TEXT(struct add_options, "number", 0, number, "TEXT", MSG_REGISTER_OPT_NUMBER),
    REGISTER_TEXT(struct add_options, "title", 't', title, "TEXT", MSG_REGISTER_OPT_TITLE),
    REGISTER_TEXT(struct add_options, "text", 0, text, "TEXT", MSG_REGISTER_OPT_TEXT),
    REGISTER_FILE(struct add_options, "file", 'f', file, MSG_REGISTER_OPT_NOTICE_FILE),
    REGISTER_TEXT(struct add_options, "clause", 0, clause, "NUMBER", MSG_REGISTER_OPT_CLAUSE),
    REGISTER_TEXT(struct add_options, "audience", 0, audience, "TEXT", MSG_REGISTER_OPT_AUDIENCE),
    REGISTER_TEXT(struct add_options, "due", 0, due, "TIME", MSG_REGISTER_OPT_DUE),
    REGISTER_AT(struct add_options),
    OPTION_FLAG("attest", 0, struct add_options, attest, MSG_REGISTER_OPT_ATTEST),
};

static const struct option_spec send_specs[] = {
    REGISTER_STATE(struct send_options),
    ISSUER(struct send_options),
    OPTION_LIST("to", 0, struct send_options, to, "CODE", COMPLETE_NONE,
                MSG_REGISTER_OPT_RECIPIENT),
    OPTION_LIST("all", 0, struct send_options, all, "KIND", COMPLETE_NONE, MSG_REGISTER_OPT_ALL),
    OPTION_NUMBER("expected", 0, struct send_options, expected, "N", 1, 1000000,
                  MSG_REGISTER_OPT_EXPECTED),
    OPTION_FLAG("link", 0, struct send_options, link, MSG_REGISTER_OPT_LINK),
    REGISTER_TEXT(struct send_options, "base", 0, base, "URL", MSG_REGISTER_OPT_BASE),
    REGISTER_AT(struct send_options),
};

static const struct option_spec ack_specs[] = {
    REGISTER_STATE(struct ack_options),
    ISSUER(struct ack_options),
    TO(struct ack_options),
    OPTION_NUMBER("count", 'n', struct ack_options, count, "N", 1, 1000000, MSG_REGISTER_OPT_COUNT),
    OPTION_FLAG("attest", 0, struct ack_options, attest, MSG_REGISTER_OPT_ATTESTED),
    REGISTER_FILE(struct ack_options, "file", 'f', file, MSG_REGISTER_OPT_SHEET),
    REGISTER_NOT_CLASSIFIED(struct ack_options),
    OPTION_FLAG("backfilled", 0, struct ack_options, backfilled, MSG_REGISTER_OPT_BACKFILLED),
    REGISTER_AT(struct ack_options),
};

static const struct option_spec open_specs[] = {
    REGISTER_STATE(struct open_options),
    OPTION_FLAG("attest", 0, struct open_options, attest, MSG_REGISTER_OPT_ATTESTED),
    REGISTER_AT(struct open_options),
};

static const struct verb verb_add =
    REGISTER_PLAIN("add", MSG_REGISTER_NOTICE_ADD, add_specs, struct add_options, run_add);
static const struct verb verb_send = REGISTER_ONE("send", MSG_REGISTER_NOTICE_SEND, "NUMBER",
                                                  send_specs, struct send_options, run_send);
static const struct verb verb_ack =
    REGISTER_ONE("ack", MSG_REGISTER_NOTICE_ACK, "NUMBER", ack_specs, struct ack_options, run_ack);
static const struct verb verb_open = REGISTER_ONE("open", MSG_REGISTER_NOTICE_OPEN, "LINK",
                                                  open_specs, struct open_options, run_open);

static const struct verb *const subs[] = {&verb_add,  &verb_send,         &verb_ack,
                                          &verb_open, &verb_notice_sheet, &verb_notice_list,
                                          NULL};

const struct verb verb_notice = {.name = "notice", .summary = MSG_REGISTER_NOTICE, .subs = subs};
