/* SPDX-License-Identifier: Apache-2.0 */
/* canh request: difficulties and requests for help, with number, clock, owner, answers, and an end
 * that the asker agrees to. */
#include "base/time.h"
#include "base/width.h"
#include "cli/registers.h"
#include "lang/msg_register.h"
#include "state/requests.h"

static const char *const kind_choices[] = {"difficulty", "help", NULL};

static int run_add(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    const struct required required[] = {{"unit", o->unit}, {"to", o->to}, {"title", o->title}};
    struct state_request x = {.kind = o->choice == 1 ? STATE_HELP : STATE_DIFFICULTY,
                              .state = STATE_REQUEST_NEW};
    struct state_unit to;
    struct err err = ERR_INIT;
    struct registering y;
    int status = register_begin(app, o, STATE_WRITE, required, 3, &y), r;

    (void)operands;
    if (status != 0)
        return status;
    status = ledger_unit(&y.l, o->to, &to);
    if (status == 0)
        status = ledger_time(app, "due", o->due, true, &x.due);
    if (status != 0)
        return register_end(&y, status, &err);
    x.unit = y.unit.id;
    x.other = to.id;
    x.clause = register_text(o->clause);
    x.title = slice_str(o->title);
    x.text = register_text(o->text);
    x.opened = y.at;
    x.asker = y.person;
    r = state_request_put(y.l.s, &y.l.actor, &x, &err);
    if (r == 0)
        buf_printf(&app->out.buf, SLICE_FMT "\n", SLICE_ARG(x.number));
    return register_end(&y, r, &err);
}

/* -- steps ----------------------------------------------------------------------------------- */

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

/* What a step needs and does. */
struct step {
    const char *note;            /* kind of the note its text becomes */
    enum state_request_state to; /* 0: no change */
    bool asker;                  /* taken by the unit that asked, else by the one asked */
    bool either, text;           /* by either of them; needs --text */
};

static const struct step accept = {"comment", STATE_REQUEST_ACCEPTED, false, false, false},
                         comment = {"comment", 0, false, true, true},
                         answer = {"answer", STATE_REQUEST_ANSWERED, false, false, true},
                         reopen = {"comment", STATE_REQUEST_WORKING, true, false, true},
                         closing = {"agreement", STATE_REQUEST_CLOSED, true, false, false},
                         withdraw = {"comment", STATE_REQUEST_WITHDRAWN, true, false, false};

static int find_request(struct registering *y, const char *number, struct state_request *ret)
{
    struct err err = ERR_INIT;
    int r = state_request_find(y->l.s, &y->l.actor, STATE_ID_NONE, slice_str(number), &y->l.arena,
                               ret, &err);

    if (r == -CE_NOT_FOUND) {
        app_say(y->l.app, MSG_REGISTER_NO_REQUEST, number);
        return EX_NOINPUT;
    }
    return r < 0 ? ledger_fail(&y->l, &err) : 0;
}

/* Only the asker ends a request, only the one asked answers it. */
static int check_side(struct registering *y, const struct state_request *x, const struct step *s)
{
    struct view_ctx ctx = register_ctx(y);
    struct slice code = view_unit_code(&ctx, s->asker ? x->unit : x->other);
    bool asker = id_eq(y->unit.id, x->unit), asked = id_eq(y->unit.id, x->other);

    if (s->either ? asker || asked : s->asker ? asker : asked)
        return 0;
    app_say(y->l.app, MSG_REGISTER_REQUEST_OTHER_SIDE, (int)x->number.n, (const char *)x->number.p,
            (int)code.n, (const char *)code.p);
    return EX_NOPERM;
}

static void apply(const struct registering *y, const struct step *s, struct state_request *x)
{
    x->state = s->to ? (int32_t)s->to : x->state;
    if (s->to == STATE_REQUEST_ACCEPTED) {
        x->accepted_at = y->at;
        x->owner = y->person;
    } else if (s->to == STATE_REQUEST_ANSWERED) {
        x->answered_at = y->at;
    } else if (s->to == STATE_REQUEST_WORKING) {
        x->answered_at = 0; /* the clock runs on */
    } else if (s->to == STATE_REQUEST_CLOSED) {
        x->closed_at = y->at;
        x->rating = (int32_t)y->o->rating;
    }
}

static int put_note(struct registering *y, const struct state_request *x, const char *kind,
                    struct err *err)
{
    struct state_note n = {.unit = x->unit,
                           .other = x->other,
                           .request = x->id,
                           .person = y->person,
                           .at = y->at,
                           .kind = slice_str(kind),
                           .text = register_text(y->o->text)};

    return y->o->text ? state_note_put(y->l.s, &y->l.actor, &n, err) : 0;
}

static int put_step(struct registering *y, const struct step *s, struct state_request *x,
                    struct err *err)
{
    const struct state_word *was = word_of(x);
    int r = s->to && x->state == (int32_t)s->to ? -CE_CONFLICT : state_begin(y->l.s, err);

    apply(y, s, x);
    if (r == 0 && s->to)
        r = state_request_put(y->l.s, &y->l.actor, x, err);
    if (r == 0)
        r = put_note(y, x, s->note, err);
    if (r == 0)
        r = state_commit(y->l.s, err);
    if (r == 0)
        return 0;
    state_rollback(y->l.s);
    if (r != -CE_CONFLICT)
        return r;
    app_say(y->l.app, MSG_REGISTER_REQUEST_CONFLICT, (int)x->number.n, (const char *)x->number.p,
            lang_text(y->l.app->lang, was->text));
    return EX_DATAERR;
}

static int take_step(struct app *app, const struct register_options *o, const char *number,
                     const struct step *s)
{
    const struct required required[] = {{"unit", o->unit}, {"text", o->text}};
    struct state_request x;
    struct err err = ERR_INIT;
    struct registering y;
    int status = register_begin(app, o, STATE_WRITE, required, s->text ? 2 : 1, &y), r;

    if (status != 0)
        return status;
    status = find_request(&y, number, &x);
    if (status == 0)
        status = check_side(&y, &x, s);
    r = status ? status : put_step(&y, s, &x, &err);
    return register_end(&y, r, &err);
}

static int run_accept(struct app *app, const void *values, const struct operands *operands)
{
    return take_step(app, values, operands->items[0], &accept);
}

static int run_comment(struct app *app, const void *values, const struct operands *operands)
{
    return take_step(app, values, operands->items[0], &comment);
}

static int run_answer(struct app *app, const void *values, const struct operands *operands)
{
    return take_step(app, values, operands->items[0], &answer);
}

static int run_reopen(struct app *app, const void *values, const struct operands *operands)
{
    return take_step(app, values, operands->items[0], &reopen);
}

static int run_close(struct app *app, const void *values, const struct operands *operands)
{
    return take_step(app, values, operands->items[0], &closing);
}

static int run_withdraw(struct app *app, const void *values, const struct operands *operands)
{
    return take_step(app, values, operands->items[0], &withdraw);
}

/* -- looking --------------------------------------------------------------------------------- */

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    (void)operands;
    return register_list(app, values, view_requests);
}

/* The request, its text, and what was said of it. */
static int show_request(struct registering *y, const struct state_request *x, struct err *err)
{
    const struct register_options *o = y->o;
    struct view_query q = {.only = x->id, .ref = x->id};
    struct view_ctx ctx = register_ctx(y);
    struct app *app = y->l.app;
    struct table request, notes;
    const struct table *both[] = {&request, &notes};
    int r = view_requests(&ctx, &q, &request, err), s = view_request_notes(&ctx, &q, &notes, err);
    int status;

    if (!listing_is_plain(&o->listing)) {
        status = listing_print_all(app, both, 2, &o->listing);
    } else {
        status = listing_print(app, &request, &o->listing);
        if (x->text.n > 0) {
            buf_putc(&app->out.buf, '\n');
            text_put_safe(&app->out.buf, x->text);
            buf_putc(&app->out.buf, '\n');
        }
        buf_putc(&app->out.buf, '\n');
        if (status == 0)
            status = listing_print(app, &notes, &o->listing);
    }
    table_done(&request);
    table_done(&notes);
    return r < 0 ? r : s < 0 ? s : status;
}

static int run_show(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    struct state_request x;
    struct err err = ERR_INIT;
    struct registering y;
    int status = listing_check(app, &o->listing);

    if (status == 0)
        status = register_begin(app, o, STATE_READ, NULL, 0, &y);
    if (status != 0)
        return status;
    status = find_request(&y, operands->items[0], &x);
    if (status != 0)
        return register_end(&y, status, &err);
    return register_end(&y, show_request(&y, &x, &err), &err);
}

/* -- tables ---------------------------------------------------------------------------------- */

static const struct option_spec add_specs[] = {
    REGISTER_STATE,
    REGISTER_UNIT,
    REGISTER_TEXT("to", 0, to, "CODE", MSG_REGISTER_OPT_TO),
    OPTION_CHOICE("kind", 'k', struct register_options, choice, kind_choices,
                  MSG_REGISTER_OPT_REQUEST_KIND),
    REGISTER_TEXT("clause", 0, clause, "NUMBER", MSG_REGISTER_OPT_CLAUSE),
    REGISTER_TEXT("title", 't', title, "TEXT", MSG_REGISTER_OPT_TITLE),
    REGISTER_TEXT("text", 0, text, "TEXT", MSG_REGISTER_OPT_TEXT),
    REGISTER_TEXT("due", 0, due, "TIME", MSG_REGISTER_OPT_DUE),
    REGISTER_AT,
    REGISTER_WHO,
};

#define STEP_OPTIONS                                                                               \
    REGISTER_STATE, REGISTER_TEXT("unit", 'u', unit, "CODE", MSG_REGISTER_OPT_SIDE), REGISTER_WHO, \
        REGISTER_AT, REGISTER_TEXT("text", 0, text, "TEXT", MSG_REGISTER_OPT_TEXT)

static const struct option_spec step_specs[] = {STEP_OPTIONS};

static const struct option_spec close_specs[] = {
    STEP_OPTIONS,
    OPTION_NUMBER("rating", 0, struct register_options, rating, "1..5", 1, 5,
                  MSG_REGISTER_OPT_RATING),
};

static const struct option_spec list_specs[] = {
    REGISTER_STATE,
    REGISTER_UNIT,
    OPTION_FLAG("open", 0, struct register_options, open, MSG_REGISTER_OPT_OPEN),
    REGISTER_LISTING,
};

static const struct option_spec show_specs[] = {REGISTER_STATE, REGISTER_LISTING};

static const struct verb verb_add =
    REGISTER_PLAIN("add", MSG_REGISTER_REQUEST_ADD, add_specs, run_add);
static const struct verb verb_accept =
    REGISTER_ONE("accept", MSG_REGISTER_REQUEST_ACCEPT, "NUMBER", step_specs, run_accept);
static const struct verb verb_comment =
    REGISTER_ONE("comment", MSG_REGISTER_REQUEST_COMMENT, "NUMBER", step_specs, run_comment);
static const struct verb verb_answer =
    REGISTER_ONE("answer", MSG_REGISTER_REQUEST_ANSWER, "NUMBER", step_specs, run_answer);
static const struct verb verb_reopen =
    REGISTER_ONE("reopen", MSG_REGISTER_REQUEST_REOPEN, "NUMBER", step_specs, run_reopen);
static const struct verb verb_close =
    REGISTER_ONE("close", MSG_REGISTER_REQUEST_CLOSE, "NUMBER", close_specs, run_close);
static const struct verb verb_withdraw =
    REGISTER_ONE("withdraw", MSG_REGISTER_REQUEST_WITHDRAW, "NUMBER", step_specs, run_withdraw);
static const struct verb verb_list =
    REGISTER_PLAIN("list", MSG_REGISTER_REQUEST_LIST, list_specs, run_list);
static const struct verb verb_show =
    REGISTER_ONE("show", MSG_REGISTER_REQUEST_SHOW, "NUMBER", show_specs, run_show);

static const struct verb *const subs[] = {
    &verb_add,    &verb_list,  &verb_show,   &verb_accept,   &verb_comment,
    &verb_answer, &verb_close, &verb_reopen, &verb_withdraw, NULL,
};

const struct verb verb_request = {.name = "request", .summary = MSG_REGISTER_REQUEST, .subs = subs};
