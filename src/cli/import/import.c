/* SPDX-License-Identifier: Apache-2.0 */
/* canh import: lists that everybody has in Excel. Preview first; all or nothing. */
#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "cli/import/import.h"
#include "lang/msg_cli.h"
#include "lang/msg_duty.h"
#include "lang/msg_lists.h"
#include "state/duty.h"

static const struct verb verb_units, verb_people, verb_assets, verb_roster;

/* A kind of list is a row here. */
static const struct verb *const subs[] = {&verb_units, &verb_people, &verb_assets, &verb_roster,
                                          NULL};

const struct verb verb_import = {
    .name = "import",
    .summary = MSG_LISTS_SUMMARY,
    .about = MSG_LISTS_ABOUT,
    .subs = subs,
};

/* One run: a file, a state, and what to do with it. */
struct job {
    struct app *app;
    const struct list_options *o;
    struct list_file file;
    struct import_options opt;
    struct import_report rep;
    const char *scratch; /* of a preview without a state */
};

static int open_state(const struct job *j, enum state_mode mode, struct session *st)
{
    struct session_options opt = {.mode = mode, .demo = j->o->demo};

    opt.dir = j->scratch ? j->scratch : j->o->state;
    return session_open_as(j->app, &opt, st);
}

static int find_post(struct session *st, struct state_id unit, const char *code,
                     struct state_id *ret)
{
    struct state_post post;
    struct err err = ERR_INIT;
    int r = state_post_find(st->s, &st->actor, unit, slice_str(code), &st->arena, &post, &err);

    if (r == -CE_NOT_FOUND)
        return app_usage(st->app, MSG_DUTY_NO_POST, code);
    *ret = post.id;
    return r < 0 ? session_fail(st, &err) : 0;
}

static int import_into(struct job *j, enum state_mode mode)
{
    struct err err = ERR_INIT;
    struct state_unit unit = {0};
    struct session st;
    int status = open_state(j, mode, &st);

    if (status != 0)
        return status;
    if (j->o->unit != NULL)
        status = session_unit(&st, j->o->unit, &unit);
    if (status == 0 && j->o->unit != NULL)
        j->opt.unit = unit.id;
    if (status == 0 && j->o->post != NULL)
        status = find_post(&st, unit.id, j->o->post, &j->opt.post);
    j->opt.invented = state_is_demo(st.s);
    if (status == 0 &&
        import_sheet(st.s, &st.actor, j->file.sheet, &j->opt, &j->file.arena, &j->rep, &err) < 0) {
        if (j->file.calendar.n == 0)
            err.line = 0; /* the message has the place in the reader's words */
        status = app_fail(j->app, j->file.path, &err);
        status = err.code == CE_MISSING ? EX_DATAERR : status; /* a column, not the file */
    }
    session_close(&st);
    return status;
}

/* Without a state there is nothing to compare with: the preview is of an empty one, elsewhere. */
static int preview_from_nothing(struct job *j)
{
    const char *tmp = getenv("TMPDIR");
    struct buf dir = BUF_INIT(4096);
    struct err err = ERR_INIT;
    int status;

    buf_printf(&dir, "%s/canh-import-XXXXXX", tmp && tmp[0] ? tmp : "/tmp");
    buf_putc(&dir, 0);
    if (dir.err != 0 || mkdtemp((char *)dir.p) == NULL) {
        (void)err_fail_sys(&err, errno, ERR_BASE_FILE, buf_cstr(&dir));
        buf_done(&dir);
        return app_fail(j->app, NULL, &err);
    }
    j->scratch = buf_cstr(&dir);
    status = import_into(j, STATE_CREATE);
    j->scratch = NULL;
    (void)file_remove_tree(buf_cstr(&dir), NULL);
    buf_done(&dir);
    return status;
}

static int import_failed(const struct job *j)
{
    return j->rep.counts[IMPORT_FAILED] ? EX_DATAERR : 0;
}

/* A list of units begins a state; the others need one. */
static int run_job(struct job *j)
{
    bool begins = j->opt.kind == IMPORT_UNITS && !session_exists(j->o->state);
    enum state_mode mode = begins ? STATE_CREATE : STATE_WRITE;
    struct import_report previewed;
    int status;

    if (begins) {
        status = preview_from_nothing(j);
    } else {
        j->opt.apply = j->o->apply;
        status = import_into(j, mode);
    }
    if (status != 0)
        return status;
    j->opt.apply = j->o->apply && import_failed(j) == 0;
    if (begins && j->opt.apply)
        status = import_into(j, mode);
    if (status != 0)
        return status;
    list_show(j->app, &j->file, &j->rep, j->o->json);
    if (j->rep.applied || j->o->json || !list_agreed(j->app, &j->file, &j->rep))
        return import_failed(j);
    previewed = j->rep;
    j->opt.previewed = &previewed;
    j->opt.apply = true;
    status = import_into(j, mode);
    j->opt.previewed = NULL;
    if (status == 0)
        list_show(j->app, &j->file, &j->rep, false);
    return status ? status : import_failed(j);
}

static int run_kind(struct app *app, enum import_kind kind, const struct list_options *o,
                    const struct operands *operands)
{
    struct job j = {.app = app, .o = o, .opt = {.kind = kind, .lang = app->lang}};
    struct import_word *kinds = NULL;
    int status;

    if (o->template != NULL)
        return operands->count ? app_usage(app, MSG_CLI_EXTRA_OPERAND, operands->items[0])
                               : list_template(app, kind, o->template);
    if (operands->count == 0)
        return app_usage(app, MSG_CLI_NO_OPERAND, "FILE");
    status = list_open(app, operands->items[0], o->sheet, kind, &j.file);
    if (status == 0)
        status = list_words(app, kind == IMPORT_ASSETS ? WORDS_ASSET_KINDS : WORDS_UNIT_KINDS,
                            &j.file.arena, &kinds, &j.opt.kind_count);
    j.opt.kinds = kinds;
    j.opt.source = slice_str(j.file.path);
    j.opt.layer = slice_str(o->layer);
    j.opt.calendar = j.file.calendar;
    j.opt.year = (int)o->year;
    if (status == 0)
        status = list_shifts(app, &o->shifts, &j.file.arena, &j.opt);
    if (status == 0)
        status = list_columns(app, &o->columns, &j.file.arena, &j.opt);
    if (status == 0)
        status = run_job(&j);
    list_close(&j.file);
    return status;
}

static int run_units(struct app *app, const void *values, const struct operands *operands)
{
    return run_kind(app, IMPORT_UNITS, values, operands);
}

static int run_people(struct app *app, const void *values, const struct operands *operands)
{
    return run_kind(app, IMPORT_PEOPLE, values, operands);
}

static int run_assets(struct app *app, const void *values, const struct operands *operands)
{
    return run_kind(app, IMPORT_ASSETS, values, operands);
}

static int run_roster(struct app *app, const void *values, const struct operands *operands)
{
    const struct list_options *o = values;

    if (o->unit == NULL && o->template == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, "unit");
    return run_kind(app, IMPORT_ROSTER, o, operands);
}

#define TEMPLATE                                                                                   \
    OPTION_TEXT("template", 't', struct list_options, template, "FILE|-", COMPLETE_FILE,           \
                MSG_LISTS_OPT_TEMPLATE)

static const struct option_spec unit_specs[] = {
    LIST_OPTIONS(struct list_options, ),
    OPTION_TEXT("unit", 'u', struct list_options, unit, "CODE", COMPLETE_NONE,
                MSG_LISTS_OPT_PARENT),
    OPTION_FLAG("demo", 0, struct list_options, demo, MSG_LISTS_OPT_DEMO),
    TEMPLATE,
};

static const struct option_spec other_specs[] = {
    LIST_OPTIONS(struct list_options, ),
    OPTION_TEXT("unit", 'u', struct list_options, unit, "CODE", COMPLETE_NONE, MSG_LISTS_OPT_UNIT),
    TEMPLATE,
};

static const struct option_spec roster_specs[] = {
    LIST_OPTIONS(struct list_options, ),
    OPTION_TEXT("unit", 'u', struct list_options, unit, "CODE", COMPLETE_NONE, MSG_LISTS_OPT_OWN),
    OPTION_TEXT("post", 'p', struct list_options, post, "CODE", COMPLETE_NONE, MSG_LISTS_OPT_POST),
    OPTION_TEXT("layer", 0, struct list_options, layer, "CODE", COMPLETE_NONE, MSG_LISTS_OPT_LAYER),
    OPTION_LIST("shift", 's', struct list_options, shifts, "NAME=FROM-UNTIL", COMPLETE_NONE,
                MSG_LISTS_OPT_SHIFT),
    OPTION_LIST("column", 'c', struct list_options, columns, "HEADING=POST", COMPLETE_NONE,
                MSG_LISTS_OPT_COLUMN),
    OPTION_NUMBER("year", 0, struct list_options, year, "YEAR", 1900, 2199, MSG_LISTS_OPT_YEAR),
    TEMPLATE,
};

#define KIND_OF_LIST(specs)                                                                        \
    .operands = "FILE|-", .max_operands = 1, .complete = COMPLETE_FILE, VERB_OPTIONS(specs),       \
    .options_size = sizeof(struct list_options)

static const struct verb verb_units = {.name = "units",
                                       .summary = MSG_LISTS_UNITS,
                                       .about = MSG_LISTS_UNITS_ABOUT,
                                       KIND_OF_LIST(unit_specs),
                                       .run = run_units};
static const struct verb verb_people = {.name = "people",
                                        .summary = MSG_LISTS_PEOPLE,
                                        .about = MSG_LISTS_PEOPLE_ABOUT,
                                        KIND_OF_LIST(other_specs),
                                        .run = run_people};
static const struct verb verb_assets = {.name = "assets",
                                        .summary = MSG_LISTS_ASSETS,
                                        KIND_OF_LIST(other_specs),
                                        .run = run_assets};
static const struct verb verb_roster = {.name = "roster",
                                        .summary = MSG_LISTS_ROSTER,
                                        .about = MSG_LISTS_ROSTER_ABOUT,
                                        KIND_OF_LIST(roster_specs),
                                        .run = run_roster};
