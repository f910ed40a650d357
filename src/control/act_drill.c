/* SPDX-License-Identifier: Apache-2.0 */
/* Drills: the unit, kind and code travel with every act after the first. */
#include "alert/alert.h"
#include "alert/call.h"
#include "base/ascii.h"
#include "base/file.h"
#include "control/cells.h"
#include "data/data.h"
#include "drill/drill.h"
#include "lang/err_drill.h"
#include "lang/level.h"
#include "state/people.h"
#include "state/units.h"

/* clang-format off */
static const struct control_column drill_columns[] = {
    {"kind", CONTROL_IS_TEXT}, {"unit", CONTROL_IS_TEXT}, {"code", CONTROL_IS_TEXT},
    {"name", CONTROL_IS_TEXT},
};
/* step: seen, called, message, taken; id of the alert or the call; who, by which channel; state of
 * the message, else the level; what it says. */
static const struct control_column chain_columns[] = {
    {"step", CONTROL_IS_TEXT}, {"at", CONTROL_IS_TIME}, {"id", CONTROL_IS_TEXT},
    {"who", CONTROL_IS_TEXT}, {"channel", CONTROL_IS_TEXT}, {"state", CONTROL_IS_TEXT},
    {"text", CONTROL_IS_TEXT}, {"reason", CONTROL_IS_TEXT},
};
/* clang-format on */

struct drill_run {
    struct control_job *job;
    struct arena arena;
    struct act_ctx ctx;
    struct drill drill;
};

static int run_begin(struct drill_run *run, struct control_job *job, struct err *err)
{
    struct slice code = control_text(job->args, "code");
    int r;

    *run = (struct drill_run){.job = job, .arena = ARENA_INIT((size_t)64 << 20)};
    run->ctx = (struct act_ctx){.s = job->s, .arena = &run->arena, .how = SLICE("cli")};
    if (job->run.n == 0)
        return err_fail(err, CE_MISSING, ERR_DRILL_ONLY_A_NODE);
    run->drill.kind = drill_of(control_text(job->args, "kind"));
    if (run->drill.kind == DRILL_KINDS)
        return err_fail(err, CE_UNKNOWN, ERR_DRILL_NO_SUCH_KIND);
    r = act_unit_arg(job, &run->arena, &run->drill.unit, err);
    if (r == 0 && code.n > DRILL_CODE)
        r = err_fail(err, CE_NOT_FOUND, ERR_DRILL_NO_SUCH_DRILL, code);
    for (size_t i = 0; r == 0 && i < code.n; i++) /* it becomes part of a file's name */
        if (code.p[i] != '-' && !ascii_is_digit(code.p[i]) && (code.p[i] < 'a' || code.p[i] > 'z'))
            r = err_fail(err, CE_NOT_FOUND, ERR_DRILL_NO_SUCH_DRILL, code);
    if (r == 0 && code.n)
        memcpy(run->drill.code, code.p, code.n);
    return r;
}

static int run_end(struct drill_run *run, int r)
{
    arena_done(&run->arena);
    return r;
}

static int drill_start(struct control_job *job, struct err *err)
{
    struct drill_run run;
    struct state_unit unit = {.code = SLICE_NULL};
    int r = run_begin(&run, job, err);

    if (r == 0)
        r = drill_begin(&run.ctx, &job->actor, run.drill.kind, run.drill.unit, job->run, &run.drill,
                        err);
    if (r == 0)
        r = state_unit_get(job->s, &job->actor, run.drill.unit, &run.arena, &unit, err);
    if (r == 0) {
        act_text(job, slice_str(drill_word(run.drill.kind)));
        act_text(job, unit.code);
        act_text(job, slice_str(run.drill.code));
        act_text(job, unit.name);
        r = row_send(job);
    }
    return run_end(&run, r);
}

static int control_drill_strike(struct control_job *job, struct err *err)
{
    struct drill_run run;
    int r = run_begin(&run, job, err);

    if (r == 0)
        r = drill_strike(job->run, &run.drill, state_now(job->s), err);
    return run_end(&run, r);
}

static struct slice name_of(struct drill_run *run, struct state_id person)
{
    struct state_person p = {.name = SLICE_NULL};

    if (!id_is_none(person))
        (void)!state_person_get(run->job->s, &run->job->actor, person, &run->arena, &p, NULL);
    return p.name;
}

static int drill_write(struct drill_run *run, enum drill_step step, int64_t at, struct state_id id,
                       struct slice who, struct slice text, const char *level)
{
    struct control_job *job = run->job;

    act_text(job, slice_str(drill_step_word(step)));
    act_number(job, at);
    act_id(job, id);
    act_text(job, who);
    act_text(job, SLICE_NULL);
    act_text(job, slice_str(level));
    act_text(job, text);
    act_text(job, SLICE_NULL);
    return row_send(job);
}

/* What is told in another message is where that one is. */
static int write_message(void *u, const struct state_message *told)
{
    struct drill_run *run = u;
    struct control_job *job = run->job;
    struct state_message carrier;
    const struct state_message *x = told;

    if (!id_is_none(x->carrier) &&
        state_message_get(job->s, &job->actor, x->carrier, &run->arena, &carrier, NULL) == 0)
        x = &carrier;

    act_text(job, slice_str(drill_step_word(DRILL_STEP_MESSAGE)));
    act_number(job, x->sent_at ? x->sent_at : x->created);
    act_text(job, x->code);
    act_text(job, name_of(run, x->person));
    act_text(job, slice_str(channel_word(x->channel)));
    act_text(job, slice_str(message_state_word(x->state)));
    act_text(job, x->text);
    act_text(job, x->reason);
    return row_send(job);
}

/* The id that is told is the one that further acts know: of an alert its own. */
static int write_chain(struct drill_run *run, const struct drill_chain *c, struct err *err)
{
    struct control_job *job = run->job;
    struct state_alert alert;
    struct state_id id = c->thing;
    int r;

    if (state_alert_get(job->s, &job->actor, c->thing, &run->arena, &alert, NULL) == 0)
        (void)!id_parse(alert.code, &id);
    r = drill_write(run, DRILL_STEP_SEEN, c->seen_at, id, SLICE_NULL,
                    control_lang(job->args) == LANG_VI && c->title_vi.n ? c->title_vi : c->title,
                    level_name(c->level));
    if (r == 0 && c->called)
        r = drill_write(run, DRILL_STEP_CALLED, c->call.created, c->call.id, SLICE_NULL, SLICE_NULL,
                        call_state_word(c->call.state));
    if (r == 0 && c->called)
        r = call_messages(job->s, &job->actor, c->thing, write_message, run, err);
    if (r == 0 && c->taken_at)
        r = drill_write(run, DRILL_STEP_TAKEN, c->taken_at, id, name_of(run, c->taker), SLICE_NULL,
                        "");
    return r;
}

static int control_drill_poll(struct control_job *job, struct err *err)
{
    struct drill_run run;
    struct drill_chain c;
    int r = run_begin(&run, job, err);

    if (r == 0)
        r = drill_poll(&run.ctx, &job->actor, &run.drill, &c, err);
    if (r == 0 && c.seen)
        r = write_chain(&run, &c, err);
    return run_end(&run, r);
}

static int control_drill_answer(struct control_job *job, struct err *err)
{
    const struct data_folder *folder = data_folder("plans");
    const struct data_file *terms = folder ? data_find(folder, SLICE("duty.yaml")) : NULL;
    struct drill_run run;
    int r = run_begin(&run, job, err);

    if (r == 0)
        r = drill_answer(&run.ctx, &job->actor, &run.drill, terms ? data_bytes(terms) : SLICE_NULL,
                         err);
    return run_end(&run, r);
}

static int drill_finish(struct control_job *job, struct err *err)
{
    struct drill_run run;
    int r = run_begin(&run, job, err);

    if (r == 0)
        r = drill_end(&run.ctx, &job->actor, &run.drill, job->run, err);
    return run_end(&run, r);
}

#define DRILL .columns = drill_columns, .column_count = CANH_LEN(drill_columns)
#define CHAIN .columns = chain_columns, .column_count = CANH_LEN(chain_columns)

const struct control_act acts_drill[] = {
    {.name = "drill_begin", .writes = true, .sources = true, .run = drill_start, DRILL},
    {.name = "drill_strike", .writes = true, .run = control_drill_strike, DRILL},
    {.name = "drill_poll", .run = control_drill_poll, CHAIN},
    {.name = "drill_answer", .writes = true, .run = control_drill_answer, CHAIN},
    {.name = "drill_end", .writes = true, .sources = true, .run = drill_finish, DRILL},
    {.name = NULL},
};
