/* SPDX-License-Identifier: Apache-2.0 */
/* canh request: difficulties and requests for help, with number, clock, owner, answers, and an end
 * that the asker agrees to. */
#include "register/request.h"
#include "base/time.h"
#include "base/width.h"
#include "cli/register/register.h"
#include "lang/msg_register.h"

static const char *const kind_choices[] = {"difficulty", "help", NULL};

struct add_options {
    struct register_scope scope;
    const char *to, *clause, *title, *text, *due;
    int kind;
};

static int run_add(struct app *app, const void *values, const struct operands *operands)
{
    const struct add_options *o = values;
    const struct register_given given[] = {{"unit", o->scope.unit, REGISTER_OWN},
                                           {"to", o->to, REGISTER_NEEDED},
                                           {"title", o->title, REGISTER_NEEDED | REGISTER_TYPED},
                                           {"text", o->text, REGISTER_TYPED}};
    struct request_draft draft = {.kind = o->kind == 1 ? STATE_HELP : STATE_DIFFICULTY};
    struct state_request x;
    struct state_unit to;
    struct err err = ERR_INIT;
    struct register_job y;
    int status = register_begin(app, &o->scope, STATE_WRITE, given, CANH_LEN(given), &y), r;

    (void)operands;
    if (status != 0)
        return status;
    status = session_unit(&y.l, o->to, &to);
    if (status == 0)
        status = session_time(app, "due", o->due, true, &draft.due);
    if (status != 0)
        return register_end(&y, status, &err);
    draft.unit = y.unit.id;
    draft.to = to.id;
    draft.person = y.person;
    draft.clause = register_text(o->clause);
    draft.title = slice_str(o->title);
    draft.text = register_text(o->text);
    r = request_open(&y.act, &y.l.actor, &draft, &x, &err);
    if (r == 0)
        register_print(&y, MSG_REGISTER_REQUEST_ADDED, o->to, SLICE_ARG(x.number));
    return register_end(&y, r, &err);
}

struct state_word {
    const char *key;
    msg_id text;
};

static const struct state_word words[] = {
    {"new", MSG_REGISTER_REQUEST_NEW},
    {"new", MSG_REGISTER_REQUEST_NEW},
    {"accepted", MSG_REGISTER_REQUEST_ACCEPTED},
    {"working", MSG_REGISTER_REQUEST_WORKING},
    {"answered", MSG_REGISTER_REQUEST_ANSWERED},
    {"closed", MSG_REGISTER_REQUEST_CLOSED},
    {"withdrawn", MSG_REGISTER_REQUEST_WITHDRAWN},
};

static const struct state_word *word_of(const struct state_request *x)
{
    return &words[CANH_MIN(CANH_MAX(x->state, 0), 6)];
}

static int find_request(struct register_job *y, const char *number, struct state_request *ret)
{
    struct err err = ERR_INIT;
    int r = state_request_find(y->l.s, &y->l.actor, STATE_ID_NONE, slice_str(number), &y->l.arena,
                               ret, &err);

    if (r == -CE_NOT_FOUND) {
        app_print(y->l.app, MSG_REGISTER_NO_REQUEST, number);
        return EX_NOINPUT;
    }
    return r < 0 ? session_fail(&y->l, &err) : 0;
}

/* What the act refused, told with what is there now. */
static int describe_refused(struct register_job *y, const struct request_result *x, int r,
                            const struct err *err)
{
    struct view_ctx ctx = register_ctx(y);
    struct slice code = view_unit_code(&ctx, x->turn);

    if (r == -CE_DENIED && code.n)
        app_print(y->l.app, MSG_REGISTER_REQUEST_OTHER_SIDE, SLICE_ARG(x->request.number),
                  SLICE_ARG(code));
    else if (r == -CE_CONFLICT)
        app_print(y->l.app, MSG_REGISTER_REQUEST_CONFLICT, SLICE_ARG(x->request.number),
                  lang_text(y->l.app->lang, word_of(&x->request)->text));
    else
        return r;
    return app_status(err);
}

struct step_options {
    struct register_scope scope;
    const char *text;
    int64_t rating; /* of close */
};

static int read_step(struct app *app, const struct step_options *o, const char *number,
                     enum request_verb verb)
{
    const struct register_given given[] = {{"unit", o->scope.unit, REGISTER_OWN},
                                           {"text", o->text,
                                            request_needs_text(verb)
                                                ? REGISTER_NEEDED | REGISTER_TYPED
                                                : REGISTER_TYPED}};
    struct request_result result;
    struct state_request x;
    struct err err = ERR_INIT;
    struct register_job y;
    int status = register_begin(app, &o->scope, STATE_WRITE, given, CANH_LEN(given), &y), r;

    if (status != 0)
        return status;
    status = find_request(&y, number, &x);
    if (status == 0) {
        const struct request_change change = {.request = x.id,
                                              .unit = y.unit.id,
                                              .person = y.person,
                                              .verb = verb,
                                              .text = register_text(o->text),
                                              .rating = (int32_t)o->rating};

        r = request_step(&y.act, &y.l.actor, &change, &result, &err);
        status = r < 0 ? describe_refused(&y, &result, r, &err) : 0;
        if (r == 0)
            register_print(&y, MSG_REGISTER_REQUEST_NOW, number,
                           lang_text(app->lang, word_of(&result.request)->text));
    }
    return register_end(&y, status, &err);
}

static int run_accept(struct app *app, const void *values, const struct operands *operands)
{
    return read_step(app, values, operands->items[0], REQUEST_ACCEPT);
}

static int run_comment(struct app *app, const void *values, const struct operands *operands)
{
    return read_step(app, values, operands->items[0], REQUEST_COMMENT);
}

static int run_answer(struct app *app, const void *values, const struct operands *operands)
{
    return read_step(app, values, operands->items[0], REQUEST_ANSWER);
}

static int run_reopen(struct app *app, const void *values, const struct operands *operands)
{
    return read_step(app, values, operands->items[0], REQUEST_REOPEN);
}

static int run_close(struct app *app, const void *values, const struct operands *operands)
{
    return read_step(app, values, operands->items[0], REQUEST_CLOSE);
}

static int run_withdraw(struct app *app, const void *values, const struct operands *operands)
{
    return read_step(app, values, operands->items[0], REQUEST_WITHDRAW);
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    (void)operands;
    return register_list(app, values, view_requests);
}

struct show_options {
    struct register_scope scope;
    struct listing_options listing;
};

/* The request, its text, and what was said of it. */
static int show_request(struct register_job *y, const struct listing_options *o,
                        const struct state_request *x, struct err *err)
{
    struct view_query q = {.only = x->id, .ref = x->id};
    struct view_ctx ctx = register_ctx(y);
    struct app *app = y->l.app;
    struct table request, notes;
    const struct table *both[] = {&request, &notes};
    int r = view_requests(&ctx, &q, &request, err), s = view_request_notes(&ctx, &q, &notes, err);
    int status;

    if (!listing_is_plain(o)) {
        status = listing_print_all(app, both, 2, o);
    } else {
        status = listing_print(app, &request, o);
        if (x->text.n > 0) {
            buf_putc(&app->out.buf, '\n');
            text_write_safe(&app->out.buf, x->text);
            buf_putc(&app->out.buf, '\n');
        }
        buf_putc(&app->out.buf, '\n');
        if (status == 0)
            status = listing_print(app, &notes, o);
    }
    table_done(&request);
    table_done(&notes);
    return r < 0 ? r : s < 0 ? s : status;
}

static int run_show(struct app *app, const void *values, const struct operands *operands)
{
    const struct show_options *o = values;
    struct state_request x;
    struct err err = ERR_INIT;
    struct register_job y;
    int status = listing_check(app, &o->listing);

    if (status == 0)
        status = register_begin(app, &o->scope, STATE_READ, NULL, 0, &y);
    if (status != 0)
        return status;
    status = find_request(&y, operands->items[0], &x);
    if (status != 0)
        return register_end(&y, status, &err);
    return register_end(&y, show_request(&y, &o->listing, &x, &err), &err);
}

static const struct option_spec add_specs[] = {
    REGISTER_STATE(struct add_options),
    REGISTER_UNIT(struct add_options),
    REGISTER_TEXT(struct add_options, "to", 0, to, "CODE", MSG_REGISTER_OPT_TO),
    OPTION_CHOICE("kind", 'k', struct add_options, kind, kind_choices,
                  MSG_REGISTER_OPT_REQUEST_KIND),
    REGISTER_TEXT(struct add_options, "clause", 0, clause, "NUMBER", MSG_REGISTER_OPT_CLAUSE),
    REGISTER_TEXT(struct add_options, "title", 't', title, "TEXT", MSG_REGISTER_OPT_TITLE),
    REGISTER_TEXT(struct add_options, "text", 0, text, "TEXT", MSG_REGISTER_OPT_TEXT),
    REGISTER_TEXT(struct add_options, "due", 0, due, "TIME", MSG_REGISTER_OPT_DUE),
    REGISTER_AT(struct add_options),
    REGISTER_WHO(struct add_options),
};

#define STEP_OPTIONS                                                                               \
    REGISTER_STATE(struct step_options),                                                           \
        REGISTER_TEXT(struct step_options, "unit", 'u', scope.unit, "CODE",                        \
                      MSG_REGISTER_OPT_SIDE),                                                      \
        REGISTER_WHO(struct step_options), REGISTER_AT(struct step_options),                       \
        REGISTER_TEXT(struct step_options, "text", 0, text, "TEXT", MSG_REGISTER_OPT_TEXT)

static const struct option_spec step_specs[] = {STEP_OPTIONS};

static const struct option_spec close_specs[] = {
    STEP_OPTIONS,
    OPTION_NUMBER("rating", 0, struct step_options, rating, "1..5", 1, 5, MSG_REGISTER_OPT_RATING),
};

static const struct option_spec list_specs[] = {
    REGISTER_STATE(struct register_list_options),
    REGISTER_UNIT(struct register_list_options),
    OPTION_FLAG("open", 0, struct register_list_options, open, MSG_REGISTER_OPT_OPEN),
    LISTING_OPTIONS(struct register_list_options, listing),
};

static const struct option_spec show_specs[] = {REGISTER_STATE(struct show_options),
                                                LISTING_OPTIONS(struct show_options, listing)};

static const struct verb verb_add =
    REGISTER_PLAIN("add", MSG_REGISTER_REQUEST_ADD, add_specs, struct add_options, run_add);
static const struct verb verb_accept = REGISTER_ONE("accept", MSG_REGISTER_REQUEST_ACCEPT, "NUMBER",
                                                    step_specs, struct step_options, run_accept);
static const struct verb verb_comment =
    REGISTER_ONE("comment", MSG_REGISTER_REQUEST_COMMENT, "NUMBER", step_specs, struct step_options,
                 run_comment);
static const struct verb verb_answer = REGISTER_ONE("answer", MSG_REGISTER_REQUEST_ANSWER, "NUMBER",
                                                    step_specs, struct step_options, run_answer);
static const struct verb verb_reopen = REGISTER_ONE("reopen", MSG_REGISTER_REQUEST_REOPEN, "NUMBER",
                                                    step_specs, struct step_options, run_reopen);
static const struct verb verb_close = REGISTER_ONE("close", MSG_REGISTER_REQUEST_CLOSE, "NUMBER",
                                                   close_specs, struct step_options, run_close);
static const struct verb verb_withdraw =
    REGISTER_ONE("withdraw", MSG_REGISTER_REQUEST_WITHDRAW, "NUMBER", step_specs,
                 struct step_options, run_withdraw);
static const struct verb verb_list = REGISTER_PLAIN("list", MSG_REGISTER_REQUEST_LIST, list_specs,
                                                    struct register_list_options, run_list);
static const struct verb verb_show = REGISTER_ONE("show", MSG_REGISTER_REQUEST_SHOW, "NUMBER",
                                                  show_specs, struct show_options, run_show);

static const struct verb *const subs[] = {
    &verb_add,    &verb_list,  &verb_show,   &verb_accept,   &verb_comment,
    &verb_answer, &verb_close, &verb_reopen, &verb_withdraw, NULL,
};

const struct verb verb_request = {.name = "request", .summary = MSG_REGISTER_REQUEST, .subs = subs};
