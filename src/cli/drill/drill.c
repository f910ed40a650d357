/* SPDX-License-Identifier: Apache-2.0 */
/* canh drill: the acts of a drill one after the other, and what the node does in between. */
#include <signal.h>
#include <time.h>

#include "alert/alert.h"
#include "alert/call.h"
#include "base/time.h"
#include "cli/case/case.h"
#include "cli/drill/drill.h"
#include "cli/node/node.h"
#include "cli/session.h"
#include "drill/drill.h"
#include "lang/level.h"
#include "lang/msg_drill.h"
#include "lang/msg_node.h"
#include "lang/said.h"

enum { STEPS_MAX = 200, KEY_MAX = 80 };
#define LOOK_EVERY (200 * INT64_C(1000000))
#define SEEN_BY    (45 * TIME_SECOND) /* what canh does not see by then it will not */

struct drill_options {
    const char *dir, *unit, *wait, *output;
    struct listing_options listing;
    bool answer, keep;
};

struct drill_job {
    struct app *app;
    const struct drill_options *o;
    struct arena arena;
    const char *kind, *unit, *code;
    int64_t began, seen_at;
    unsigned line;
    bool seen, called, told, hopeless, taken, answered;
    struct slice thing, title, level; /* what was seen */
    char steps[STEPS_MAX][KEY_MAX];   /* that were printed */
    size_t step_count;
};

static volatile sig_atomic_t stopped;

static void drill_stop(int signal)
{
    (void)signal;
    stopped = 1;
}

/* A line of the chain: its number, seconds since the beginning, what happened. */
static struct buf *drill_line(struct drill_job *j)
{
    struct buf *out = &j->app->out.buf;
    int64_t tenths = (time_now() - j->began) / (TIME_SECOND / 10);

    buf_printf(out, "%2u. %3lld%c%lld s  ", ++j->line, (long long)(tenths / 10),
               lang_decimal_sign(j->app->lang), (long long)(tenths % 10));
    return out;
}

static void line_end(struct drill_job *j)
{
    buf_puts(&j->app->out.buf, "\n");
    (void)!out_flush(&j->app->out); /* who watches sees it as it happens */
}

#define SAY(j, id, ...) (lang_write(drill_line(j), (j)->app->lang, id, ##__VA_ARGS__), line_end(j))

static const char *drill_text(struct drill_job *j, struct slice s)
{
    struct slice kept = arena_dup(&j->arena, s);

    return kept.p ? (const char *)kept.p : "";
}

static struct slice drill_cell(const struct control_act *act, const struct slice *cells, size_t n,
                               const char *key)
{
    for (size_t i = 0; i < act->column_count && i < n; i++)
        if (slice_is(slice_str(act->columns[i].key), key))
            return cells[i];
    return SLICE_NULL;
}

/* Whether the step was not printed yet; from now on it was. */
static bool is_new(struct drill_job *j, const char *step, struct slice id, struct slice state)
{
    char key[KEY_MAX];
    struct buf text = BUF_INIT(KEY_MAX);
    size_t n;

    buf_printf(&text, "%s " SLICE_FMT " " SLICE_FMT, step, SLICE_ARG(id), SLICE_ARG(state));
    n = CANH_MIN(text.len, sizeof(key) - 1);
    memcpy(key, buf_cstr(&text), n);
    key[n] = 0;
    buf_done(&text);
    for (size_t i = 0; i < j->step_count; i++)
        if (strcmp(j->steps[i], key) == 0)
            return false;
    if (j->step_count < STEPS_MAX)
        memcpy(j->steps[j->step_count++], key, n + 1);
    return true;
}

static const char *way_text(struct drill_job *j, struct slice way)
{
    static const msg_id words[] = {[STATE_CHANNEL_SMS] = MSG_DRILL_WAY_SMS,
                                   [STATE_CHANNEL_MAIL] = MSG_DRILL_WAY_MAIL,
                                   [STATE_CHANNEL_WEBHOOK] = MSG_DRILL_WAY_WEBHOOK};

    return lang_text(j->app->lang, words[channel_of(way)]);
}

static void write_state(struct drill_job *j, struct buf *out, int32_t state, struct slice reason)
{
    static const msg_id words[] = {[STATE_MESSAGE_SENT] = MSG_DRILL_STATE_SENT,
                                   [STATE_MESSAGE_UNKNOWN] = MSG_DRILL_STATE_UNKNOWN,
                                   [STATE_MESSAGE_NEEDLESS] = MSG_DRILL_STATE_NEEDLESS};

    if (state == STATE_MESSAGE_FAILED)
        lang_write(out, j->app->lang, MSG_DRILL_STATE_FAILED, drill_text(j, reason));
    else
        buf_puts(out, lang_text(j->app->lang, words[state]));
}

static void describe_message(struct drill_job *j, const struct control_act *act,
                             const struct slice *cells, size_t n)
{
    struct slice who = drill_cell(act, cells, n, "who"), state = drill_cell(act, cells, n, "state");
    struct slice way = drill_cell(act, cells, n, "channel"), code = drill_cell(act, cells, n, "id");
    int32_t how = message_state_of(state);
    struct buf words = BUF_INIT(1000);

    j->told = true;
    if (how == STATE_MESSAGE_WAITING || how == STATE_MESSAGE_HANDED ||
        !is_new(j, drill_text(j, way), code, state))
        return;
    write_state(j, &words, how, drill_cell(act, cells, n, "reason"));
    SAY(j, MSG_DRILL_STEP_MESSAGE, way_text(j, way),
        who.n ? drill_text(j, who) : lang_text(j->app->lang, MSG_DRILL_WEBHOOK_PERSON),
        buf_cstr(&words));
    buf_done(&words);
    if (is_new(j, "words", SLICE_NULL, SLICE_NULL)) {
        buf_puts(&j->app->out.buf, "             ");
        lang_write(&j->app->out.buf, j->app->lang, MSG_DRILL_STEP_TEXT,
                   drill_text(j, drill_cell(act, cells, n, "text")));
        line_end(j);
    }
}

static int read_step(void *u, const struct control_act *act, const struct slice *cells, size_t n)
{
    struct drill_job *j = u;
    enum drill_step step = drill_step_of(drill_cell(act, cells, n, "step"));
    struct slice state = drill_cell(act, cells, n, "state");
    struct slice who = drill_cell(act, cells, n, "who");

    if (step == DRILL_STEP_SEEN && !j->seen) {
        j->seen = true;
        j->thing = arena_dup(&j->arena, drill_cell(act, cells, n, "id"));
        j->title = arena_dup(&j->arena, drill_cell(act, cells, n, "text"));
        j->level = arena_dup(&j->arena, state);
        SAY(j, MSG_DRILL_STEP_SEEN, level_capitals(j->app->lang, level_of(state)),
            drill_text(j, j->title));
    } else if (step == DRILL_STEP_CALLED) {
        j->hopeless = call_state_of(state) == STATE_CALL_NOBODY && !j->told;
        j->called = true;
        if (is_new(j, "called", SLICE_NULL, SLICE_NULL))
            SAY(j, MSG_DRILL_STEP_CALLED);
    } else if (step == DRILL_STEP_MESSAGE) {
        describe_message(j, act, cells, n);
    } else if (step == DRILL_STEP_TAKEN && !j->taken) {
        j->taken = true;
        SAY(j, MSG_DRILL_STEP_TAKEN,
            who.n ? drill_text(j, who) : lang_text(j->app->lang, MSG_DRILL_SOMEBODY));
    }
    return 0;
}

/* An act of this drill. */
static int drill_act(struct drill_job *j, const char *name,
                     int (*row)(void *u, const struct control_act *act, const struct slice *cells,
                                size_t n))
{
    struct control_args args = {.count = 0};
    struct node_act a = {.name = name, .dir = j->o->dir, .row = row, .u = j};

    (void)control_write(&args, "kind", slice_str(j->kind));
    node_arg(&args, "unit", j->unit);
    node_arg(&args, "code", j->code);
    return node_run(j->app, &a, &args);
}

static int read_begun(void *u, const struct control_act *act, const struct slice *cells, size_t n)
{
    struct drill_job *j = u;

    j->unit = drill_text(j, drill_cell(act, cells, n, "unit"));
    j->code = drill_text(j, drill_cell(act, cells, n, "code"));
    lang_write(&j->app->out.buf, j->app->lang, MSG_DRILL_BANNER, j->kind,
               drill_text(j, drill_cell(act, cells, n, "name")));
    line_end(j);
    return 0;
}

static enum drill_means means_of(const struct drill_job *j)
{
    return drill_means(drill_of(slice_str(j->kind)));
}

static int drill_begin_line(struct drill_job *j)
{
    static const msg_id staged[] = {[DRILL_BY_LOG] = MSG_DRILL_STAGED_LOG,
                                    [DRILL_BY_CHECK] = MSG_DRILL_STAGED_CHECK,
                                    [DRILL_BY_POST] = MSG_DRILL_STAGED_POST};
    int status = drill_act(j, "drill_begin", read_begun);

    if (status != 0)
        return status;
    SAY(j, MSG_DRILL_STEP_STAGED, lang_text(j->app->lang, staged[means_of(j)]));
    if (means_of(j) != DRILL_BY_LOG)
        return 0;
    status = drill_act(j, "drill_strike", node_no_row);
    if (status == 0)
        SAY(j, MSG_DRILL_STEP_STRUCK);
    return status;
}

/* Whoever watches decides; with --answer the drill does, once it is known who was told. */
static int drill_show_answer(struct drill_job *j)
{
    int status;

    if (!j->o->answer || j->answered || !j->called || (!j->told && !j->hopeless))
        return 0;
    for (size_t i = 0; i < j->step_count && !j->hopeless; i++)
        j->answered = j->answered || strncmp(j->steps[i], "words", 5) == 0;
    if (!j->answered && !j->hopeless)
        return 0;
    j->answered = true;
    status = drill_act(j, "drill_answer", node_no_row);
    if (status == 0)
        SAY(j, MSG_DRILL_STEP_TAKEN_BY_ITSELF);
    return status;
}

static int drill_watch(struct drill_job *j, int64_t patience)
{
    const struct timespec pause = {.tv_nsec = LOOK_EVERY};
    int64_t since = time_now();
    int status = 0;

    while (status == 0 && !j->taken && !stopped) {
        status = drill_act(j, "drill_poll", read_step);
        if (status == 0 && j->hopeless && is_new(j, "hopeless", SLICE_NULL, SLICE_NULL))
            SAY(j, MSG_DRILL_STEP_NO_WAY);
        if (status == 0)
            status = drill_show_answer(j);
        if (j->seen && j->seen_at == 0)
            j->seen_at = time_now();
        if (time_now() > (j->seen ? j->seen_at + patience : since + SEEN_BY))
            break;
        (void)nanosleep(&pause, NULL);
    }
    return status;
}

static int read_number(void *u, const struct control_act *act, const struct slice *cells, size_t n)
{
    struct drill_job *j = u;

    j->thing = arena_dup(&j->arena, drill_cell(act, cells, n, "number"));
    return 0;
}

static int open_case(struct drill_job *j)
{
    struct control_args args = {.count = 0};
    struct node_act a = {.name = "case_open", .dir = j->o->dir, .row = read_number, .u = j};
    struct buf name = BUF_INIT(200);
    int status;

    (void)control_write(&args, "unit", slice_str(j->unit));
    (void)control_write(&args, "drill", SLICE("1"));
    (void)control_write(&args, "class", slice_str(drill_case_class(drill_of(slice_str(j->kind)))));
    if (means_of(j) == DRILL_BY_LOG) {
        (void)control_write(&args, "alerts", j->thing);
    } else {
        drill_name(&name, drill_of(slice_str(j->kind)));
        (void)control_write(&args, "title", buf_slice(&name));
        (void)control_write(&args, "level", j->level);
    }
    status = node_run(j->app, &a, &args);
    buf_done(&name);
    if (status == 0)
        SAY(j, MSG_DRILL_STEP_CASE, drill_text(j, j->thing));
    return status;
}

/* The papers of the case, as PDF; the first as ODT as well, which the clerk goes on with. */
static int draft_papers(struct drill_job *j)
{
    static const char *const forms[] = {"initial", "initial", "progress", "closing", "situation"};
    static const char *const ends[] = {"odt", "pdf", "pdf", "pdf", "pdf"};
    const char *folder = j->o->output ? j->o->output : ".";
    int status = 0;

    for (size_t i = 0; status == 0 && i < CANH_LEN(forms); i++) {
        struct buf path = BUF_INIT(PLACE_PATH);

        buf_printf(&path, "%s/dien-tap-" SLICE_FMT "-%s.%s", folder, SLICE_ARG(j->thing), forms[i],
                   ends[i]);
        status = case_report_draft(j->app, j->o->dir, drill_text(j, j->thing), forms[i],
                                   buf_cstr(&path));
        buf_done(&path);
    }
    if (status == 0)
        SAY(j, MSG_DRILL_STEP_PAPERS);
    return status;
}

static int close_case(struct drill_job *j)
{
    struct control_args args = {.count = 0};
    struct node_act a = {.name = "case_change", .dir = j->o->dir, .row = node_no_row, .u = j};

    if (j->o->keep)
        return 0;
    (void)control_write(&args, "number", j->thing);
    (void)control_write(&args, "to", SLICE("closed"));
    (void)control_write(&args, "cause", said_words(SAID_DRILL_OVER));
    (void)control_write(&args, "remedy", said_words(SAID_DRILL_REMEDY));
    return node_run(j->app, &a, &args);
}

static int drill_follow(struct drill_job *j, int64_t patience)
{
    int status = drill_watch(j, patience);

    if (status != 0 || stopped)
        return status;
    if (!j->seen) {
        SAY(j, MSG_DRILL_STEP_MISSED_RULE);
        return EXIT_FOUND;
    }
    if (!j->taken) {
        SAY(j, MSG_DRILL_STEP_NOT_TAKEN, j->o->wait ? j->o->wait : "60s");
        return EXIT_FOUND;
    }
    if (means_of(j) == DRILL_BY_POST)
        return 0;
    status = open_case(j);
    if (status == 0)
        status = draft_papers(j);
    return status == 0 ? close_case(j) : status;
}

static int run_drill(struct app *app, const void *values, const struct operands *operands)
{
    const struct drill_options *o = values;
    struct drill_job j = {.app = app,
                          .o = o,
                          .arena = ARENA_INIT(8 << 20),
                          .kind = operands->items[0],
                          .unit = o->unit,
                          .began = time_now()};
    int64_t patience = TIME_MINUTE;
    int status, ended;

    if (drill_of(slice_str(j.kind)) == DRILL_KINDS)
        return app_usage(app, MSG_DRILL_NO_KIND, j.kind);
    if (o->wait && !session_span(o->wait, &patience))
        return app_usage(app, MSG_DRILL_BAD_WAIT, o->wait);
    status = session_own_unit(app, &j.arena, &j.unit);
    if (status != 0)
        return status;
    (void)signal(SIGINT, drill_stop);
    (void)signal(SIGTERM, drill_stop);
    status = drill_begin_line(&j);
    if (status == 0)
        status = drill_follow(&j, patience);
    if (j.code) {
        ended = drill_act(&j, "drill_end", node_no_row);
        if (ended == 0 && stopped)
            SAY(&j, MSG_DRILL_INTERRUPTED);
        else if (ended == 0)
            SAY(&j, MSG_DRILL_STEP_ENDED);
        status = status ? status : ended;
    }
    arena_done(&j.arena);
    return status;
}

static const struct option_spec specs[] = {
    NODE_DIR_OPTION(struct drill_options),
    OPTION_TEXT("unit", 'u', struct drill_options, unit, "CODE", COMPLETE_NONE, MSG_NODE_OPT_UNIT),
    OPTION_FLAG("answer", 0, struct drill_options, answer, MSG_DRILL_OPT_ANSWER),
    OPTION_TEXT("wait", 0, struct drill_options, wait, "SPAN", COMPLETE_NONE, MSG_DRILL_OPT_WAIT),
    OPTION_TEXT("output", 'o', struct drill_options, output, "DIR", COMPLETE_FOLDER,
                MSG_DRILL_OPT_OUTPUT),
    OPTION_FLAG("keep", 0, struct drill_options, keep, MSG_DRILL_OPT_KEEP),
};

const struct verb verb_drill = {
    .name = "drill",
    .summary = MSG_DRILL_SUMMARY,
    .about = MSG_DRILL_ABOUT,
    .operands = "ssh|ransom|portal-down|cable-cut|missed-shift",
    .min_operands = 1,
    .max_operands = 1,
    VERB_OPTIONS(specs),
    .options_size = sizeof(struct drill_options),
    .run = run_drill,
};
