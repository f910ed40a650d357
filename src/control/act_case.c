/* SPDX-License-Identifier: Apache-2.0 */
#include "alert/alert.h"
#include "base/num.h"
#include "case/case.h"
#include "control/cells.h"
#include "lang/err_case.h"
#include "lang/level.h"
#include "state/people.h"
#include "state/units.h"

enum { ALERTS_MAX = 100 };

/* clang-format off */
static const struct control_column case_columns[] = {
    {"number", CONTROL_IS_TEXT}, {"state", CONTROL_IS_TEXT}, {"level", CONTROL_IS_TEXT},
    {"class", CONTROL_IS_TEXT}, {"unit", CONTROL_IS_TEXT}, {"title", CONTROL_IS_TEXT},
    {"opened", CONTROL_IS_TIME}, {"t0", CONTROL_IS_TIME}, {"t0_data", CONTROL_IS_TIME},
    {"clock", CONTROL_IS_TEXT}, {"due", CONTROL_IS_TIME}, {"late", CONTROL_IS_FLAG},
    {"system", CONTROL_IS_TEXT}, {"system_level", CONTROL_IS_NUMBER}, {"tlp", CONTROL_IS_TEXT},
    {"what", CONTROL_IS_TEXT}, {"cause", CONTROL_IS_TEXT}, {"remedy", CONTROL_IS_TEXT},
    {"support", CONTROL_IS_TEXT}, {"closed", CONTROL_IS_TIME}, {"version", CONTROL_IS_NUMBER},
};
static const struct control_column line_columns[] = {
    {"at", CONTROL_IS_TIME}, {"kind", CONTROL_IS_TEXT}, {"what", CONTROL_IS_TEXT},
    {"value", CONTROL_IS_TEXT}, {"text", CONTROL_IS_TEXT}, {"source", CONTROL_IS_TEXT},
    {"person", CONTROL_IS_TEXT}, {"login", CONTROL_IS_TEXT}, {"written", CONTROL_IS_TIME},
};
static const struct control_column clock_columns[] = {
    {"title", CONTROL_IS_TEXT}, {"due", CONTROL_IS_TIME}, {"met", CONTROL_IS_TIME},
    {"late", CONTROL_IS_FLAG}, {"form", CONTROL_IS_TEXT}, {"to", CONTROL_IS_TEXT},
    {"source", CONTROL_IS_TEXT}, {"checked", CONTROL_IS_TEXT}, {"confirm", CONTROL_IS_FLAG},
};
static const struct control_column task_columns[] = {
    {"id", CONTROL_IS_ID}, {"text", CONTROL_IS_TEXT}, {"due", CONTROL_IS_TIME},
    {"done", CONTROL_IS_TIME}, {"result", CONTROL_IS_TEXT},
};
static const struct control_column text_columns[] = {
    {"at", CONTROL_IS_TIME}, {"field", CONTROL_IS_TEXT}, {"text", CONTROL_IS_TEXT},
    {"person", CONTROL_IS_TEXT}, {"login", CONTROL_IS_TEXT},
};
/* clang-format on */

/* One run's own memory: rows clear the job's. */
struct case_run {
    struct control_job *job;
    struct arena arena;
    struct act_ctx ctx;
    struct clock_rules rules;
    struct state_id only; /* of a list: this unit and those below it, unless none */
};

static int run_begin(struct case_run *run, struct control_job *job, struct err *err)
{
    *run = (struct case_run){.job = job, .arena = ARENA_INIT((size_t)16 << 20)};
    run->ctx = (struct act_ctx){.s = job->s, .arena = &run->arena, .how = SLICE("cli")};
    return clock_rules_shipped(&run->arena, &run->rules, err);
}

static int run_end(struct case_run *run, int r)
{
    arena_done(&run->arena);
    return r;
}

static int write_case(struct case_run *run, const struct case_file *f)
{
    struct control_job *job = run->job;
    const struct case_clock *clock = case_next_clock(f);
    struct state_unit unit = {.code = SLICE_NULL};

    (void)!state_unit_get(job->s, &job->actor, f->head.unit, &run->arena, &unit, NULL);
    act_text(job, f->head.number);
    act_text(job, slice_str(case_state_word(f->head.state)));
    act_text(job, slice_str(level_name(f->head.level)));
    act_text(job, f->head.class);
    act_text(job, unit.code);
    act_text(job, f->head.title);
    act_number(job, f->head.opened);
    act_number(job, f->head.t0);
    act_number(job, f->head.t0_data);
    act_text(job, clock ? clock->rule->title : SLICE_NULL);
    act_number(job, clock ? clock->due : 0);
    act_flag(job, clock && clock->late);
    act_text(job, f->head.system);
    act_number(job, f->head.system_level);
    act_text(job, slice_str(case_tlp_word(f->head.tlp)));
    act_text(job, f->head.what);
    act_text(job, f->head.cause);
    act_text(job, f->head.remedy);
    act_text(job, f->head.support);
    act_number(job, f->head.closed_at);
    act_number(job, f->head.version);
    return row_send(job);
}

static int write_read(struct case_run *run, const struct state_case *x, struct err *err)
{
    struct case_file f = {.line_count = 0};
    int r = case_read(&run->ctx, &run->job->actor, &run->rules, x->id, &f, err);

    return r < 0 ? r : write_case(run, &f);
}

/* Alerts by the beginnings of their ids, with commas between. */
static int read_alerts(struct case_run *run, struct state_id *ids, size_t *ret_n, struct err *err)
{
    struct slice rest = control_text(run->job->args, "alerts");
    int r = 0;

    *ret_n = 0;
    while (r == 0 && rest.n > 0 && *ret_n < ALERTS_MAX) {
        size_t cut = CANH_MIN(slice_find_byte(rest, ','), rest.n);
        struct state_alert x;

        r = alert_get(run->job->s, &run->job->actor, slice_head(rest, cut), &run->arena, &x, err);
        if (r == 0)
            ids[(*ret_n)++] = x.id;
        rest = slice_from(rest, CANH_MIN(cut + 1, rest.n));
    }
    return r;
}

static int case_number(const struct control_job *job, const char *key, int64_t *ret,
                       struct err *err)
{
    return control_number(job->args, key, 0, ret, err);
}

static int open_case(struct case_run *run, struct err *err)
{
    struct control_job *job = run->job;
    struct state_id ids[ALERTS_MAX];
    struct case_draft d = {.login = job->login,
                           .title = control_text(job->args, "title"),
                           .class = control_text(job->args, "class"),
                           .level = level_of(control_text(job->args, "level")),
                           .system = control_text(job->args, "system"),
                           .what = control_text(job->args, "text"),
                           .alerts = ids,
                           .drill = control_flag(job->args, "drill")};
    struct state_case x = {.id = STATE_ID_NONE};
    int r = read_alerts(run, ids, &d.alert_count, err);

    if (r == 0 && d.alert_count == 0)
        r = act_unit_arg(job, &run->arena, &d.unit, err);
    if (r == 0)
        r = case_number(job, "t0", &d.t0, err);
    if (r == 0)
        r = case_number(job, "t0_data", &d.t0_data, err);
    if (r == 0)
        r = case_open(&run->ctx, &job->actor, &d, &x, err);
    return r < 0 ? r : write_read(run, &x, err);
}

static int run_open(struct control_job *job, struct err *err)
{
    struct case_run run;
    int r = run_begin(&run, job, err);

    return run_end(&run, r < 0 ? r : open_case(&run, err));
}

static int list_one(void *u, const struct case_file *f)
{
    const struct case_run *run = u;
    struct state *s = run->job->s;

    return id_is_none(run->only) || state_unit_below(s, f->head.unit, run->only, state_now(s))
               ? write_case(u, f)
               : 0;
}

static int run_list(struct control_job *job, struct err *err)
{
    struct case_queue q = {.open = !control_flag(job->args, "all")};
    struct case_run run;
    int r = run_begin(&run, job, err);

    if (r == 0 && control_text(job->args, "unit").n > 0)
        r = act_unit_arg(job, &run.arena, &run.only, err);
    if (r == 0)
        r = case_list(&run.ctx, &job->actor, &run.rules, &q, list_one, &run, err);
    return run_end(&run, r);
}

/* The case that the argument `number` names. */
static int case_named(struct case_run *run, struct state_case *ret, struct err *err)
{
    return case_find(&run->ctx, &run->job->actor, control_text(run->job->args, "number"), ret, err);
}

/* Whoever looks at it is noted. */
static int check_named(struct case_run *run, struct case_file *f, struct err *err)
{
    struct control_job *job = run->job;
    struct state_case x;
    int r = case_named(run, &x, err);

    return r < 0 ? r
                 : case_open_file(&run->ctx, &job->actor, &run->rules, x.id, job->login, f, err);
}

static int run_show(struct control_job *job, struct err *err)
{
    struct case_run run;
    struct case_file f = {.line_count = 0};
    int r = run_begin(&run, job, err);

    if (r == 0)
        r = check_named(&run, &f, err);
    return run_end(&run, r < 0 ? r : write_case(&run, &f));
}

static int read_named(struct case_run *run, struct case_file *f, struct err *err)
{
    struct state_case x;
    int r = case_named(run, &x, err);

    return r < 0 ? r : case_read(&run->ctx, &run->job->actor, &run->rules, x.id, f, err);
}

static int write_line(struct case_run *run, const struct state_case_line *x)
{
    struct control_job *job = run->job;
    struct state_person p = {.name = SLICE_NULL};

    (void)!state_person_get(job->s, &job->actor, x->person, &run->arena, &p, NULL);
    act_number(job, x->at);
    act_text(job, slice_str(case_line_word(x->kind)));
    act_text(job, x->what);
    act_text(job, x->value);
    act_text(job, x->text);
    act_text(job, x->source);
    act_text(job, p.name);
    act_text(job, x->login);
    act_number(job, x->created);
    return row_send(job);
}

static int run_lines(struct control_job *job, struct err *err)
{
    struct case_run run;
    struct case_file f = {.line_count = 0};
    int r = run_begin(&run, job, err);

    if (r == 0)
        r = check_named(&run, &f, err);
    for (size_t i = 0; r == 0 && i < f.line_count; i++)
        r = write_line(&run, &f.lines[i]);
    return run_end(&run, r);
}

static int run_clocks(struct control_job *job, struct err *err)
{
    struct case_run run;
    struct case_file f = {.line_count = 0};
    int r = run_begin(&run, job, err);

    if (r == 0)
        r = read_named(&run, &f, err);
    for (size_t i = 0; r == 0 && i < f.clock_count; i++) {
        const struct case_clock *c = &f.clocks[i];

        act_text(job, c->rule->title);
        act_number(job, c->due);
        act_number(job, c->met);
        act_flag(job, c->late);
        act_text(job, c->rule->form);
        act_text(job, c->rule->to);
        act_text(job, c->rule->source);
        act_text(job, c->rule->checked);
        act_flag(job, c->rule->confirm);
        r = row_send(job);
    }
    return run_end(&run, r);
}

static int write_task(struct control_job *job, const struct state_case_task *t)
{
    act_id(job, t->id);
    act_text(job, t->text);
    act_number(job, t->due);
    act_number(job, t->done_at);
    act_text(job, t->result);
    return row_send(job);
}

static int run_tasks(struct control_job *job, struct err *err)
{
    struct case_run run;
    struct case_file f = {.line_count = 0};
    int r = run_begin(&run, job, err);

    if (r == 0)
        r = read_named(&run, &f, err);
    for (size_t i = 0; r == 0 && i < f.task_count; i++)
        r = write_task(job, &f.tasks[i]);
    return run_end(&run, r);
}

static int write_text(struct case_run *run, const struct state_case_text *x)
{
    struct control_job *job = run->job;
    struct state_person p = {.name = SLICE_NULL};

    (void)!state_person_get(job->s, &job->actor, x->person, &run->arena, &p, NULL);
    act_number(job, x->at);
    act_text(job, slice_str(case_field_word(x->field)));
    act_text(job, x->text);
    act_text(job, p.name);
    act_text(job, x->login);
    return row_send(job);
}

static int run_versions(struct control_job *job, struct err *err)
{
    struct state_case_text *texts = NULL;
    struct case_file f = {.line_count = 0};
    struct case_run run;
    size_t n = 0;
    int r = run_begin(&run, job, err);

    if (r == 0)
        r = check_named(&run, &f, err);
    if (r == 0)
        r = case_texts(&run.ctx, &job->actor, f.head.id, &texts, &n, err);
    for (size_t i = 0; r == 0 && i < n; i++)
        r = write_text(&run, &texts[i]);
    return run_end(&run, r);
}

static int run_note(struct control_job *job, struct err *err)
{
    struct case_run run;
    struct state_case x;
    struct state_case_line line;
    struct case_entry e = {.login = job->login,
                           .kind = case_line_of(control_text(job->args, "kind")),
                           .what = control_text(job->args, "what"),
                           .value = control_text(job->args, "value"),
                           .text = control_text(job->args, "text"),
                           .source = control_text(job->args, "source")};
    int r = run_begin(&run, job, err);

    if (r == 0)
        r = case_number(job, "at", &run.ctx.claimed, err);
    if (r == 0)
        r = case_named(&run, &x, err);
    e.incident = r == 0 ? x.id : STATE_ID_NONE;
    if (r == 0)
        r = case_note(&run.ctx, &job->actor, &e, &line, err);
    return run_end(&run, r < 0 ? r : write_line(&run, &line));
}

static int run_change(struct control_job *job, struct err *err)
{
    struct case_run run;
    struct state_case x;
    struct case_change c = {.login = job->login,
                            .to = case_state_of(control_text(job->args, "to")),
                            .title = control_text(job->args, "title"),
                            .class = control_text(job->args, "class"),
                            .system = control_text(job->args, "system"),
                            .cause = control_text(job->args, "cause"),
                            .remedy = control_text(job->args, "remedy"),
                            .support = control_text(job->args, "support"),
                            .level = level_of(control_text(job->args, "level")),
                            .into = control_text(job->args, "into"),
                            .text = control_text(job->args, "text")};
    int r = run_begin(&run, job, err);

    if (r == 0)
        r = case_named(&run, &x, err);
    c.incident = r == 0 ? x.id : STATE_ID_NONE;
    if (r == 0)
        r = case_number(job, "t0_data", &c.t0_data, err);
    if (r == 0)
        r = case_change(&run.ctx, &job->actor, &c, &x, err);
    return run_end(&run, r < 0 ? r : write_read(&run, &x, err));
}

/* A task by the beginning of its id. */
static int find_task(struct case_run *run, const struct state_case *x, struct slice begin,
                     struct state_id *ret, struct err *err)
{
    struct case_file f = {.line_count = 0};
    unsigned found = 0;
    int r = case_read(&run->ctx, &run->job->actor, &run->rules, x->id, &f, err);

    for (size_t i = 0; r == 0 && i < f.task_count; i++) {
        struct buf id = BUF_INIT(64);

        id_write(&id, f.tasks[i].id);
        if (slice_starts(buf_slice(&id), begin)) {
            *ret = f.tasks[i].id;
            found++;
        }
        buf_done(&id);
    }
    return r < 0 || found == 1 ? r : err_fail(err, CE_NOT_FOUND, ERR_CASE_NO_SUCH_TASK);
}

static int run_task(struct control_job *job, struct err *err)
{
    struct case_run run;
    struct state_case x;
    struct state_case_task t;
    struct case_job task = {.text = control_text(job->args, "text")};
    struct slice done = control_text(job->args, "task");
    int r = run_begin(&run, job, err);

    if (r == 0)
        r = case_named(&run, &x, err);
    task.incident = r == 0 ? x.id : STATE_ID_NONE;
    if (r == 0 && done.n > 0)
        r = find_task(&run, &x, done, &task.done, err);
    if (r == 0)
        r = case_number(job, "due", &task.due, err);
    if (r == 0)
        r = case_task(&run.ctx, &job->actor, &task, &t, err);
    return run_end(&run, r < 0 ? r : write_task(job, &t));
}

#define COLUMNS(c) .columns = (c), .column_count = CANH_LEN(c)

const struct control_act acts_case[] = {
    {.name = "case_open", .writes = true, .run = run_open, COLUMNS(case_columns)},
    {.name = "case_list", .run = run_list, COLUMNS(case_columns)},
    {.name = "case_show", .writes = true, .run = run_show, COLUMNS(case_columns)},
    {.name = "case_lines", .writes = true, .run = run_lines, COLUMNS(line_columns)},
    {.name = "case_clocks", .run = run_clocks, COLUMNS(clock_columns)},
    {.name = "case_tasks", .run = run_tasks, COLUMNS(task_columns)},
    {.name = "case_versions", .writes = true, .run = run_versions, COLUMNS(text_columns)},
    {.name = "case_note", .writes = true, .run = run_note, COLUMNS(line_columns)},
    {.name = "case_change", .writes = true, .run = run_change, COLUMNS(case_columns)},
    {.name = "case_task", .writes = true, .run = run_task, COLUMNS(task_columns)},
    {.name = NULL},
};
