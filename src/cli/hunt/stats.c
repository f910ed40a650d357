/* SPDX-License-Identifier: Apache-2.0 */
/* canh stats: what there is in logs. */
#include "hunt/stats.h"
#include "cli/hunt/hunt.h"
#include "lang/msg_cli.h"
#include "lang/msg_hunt.h"

struct stats_options {
    struct hunt_options hunt; /* first */
    struct option_list stacks;
    bool no_rules;
};

static const struct stats_options defaults = {
    .hunt = {.scan = {.load = {.status = LOAD_STATUS_DEFAULT}, .spill_max = HUNT_SPILL},
             .limit = HUNT_LIMIT},
};

static const struct option_spec options[] = {
    OPTION_LIST("stack", 's', struct stats_options, stacks, "FIELD", COMPLETE_NONE,
                MSG_HUNT_OPT_STACK),
    OPTION_FLAG("no-rules", 0, struct stats_options, no_rules, MSG_HUNT_OPT_NO_RULES),
    LOAD_OPTIONS(struct stats_options, hunt.scan.load),
    HUNT_OPTIONS(struct stats_options, hunt),
};

struct stats_job {
    struct hunt_run run; /* first */
    struct stats stats;
    const struct stats_options *options;
};

static bool stats_read(void *ctx, const struct scan_file *file, struct slice bytes)
{
    struct stats_job *x = ctx;

    (void)file;
    return stats_add(&x->stats, bytes);
}

static void end_file(void *ctx, const struct scan_file *file, const struct scan_file_end *end)
{
    struct stats_job *x = ctx;

    stats_file(&x->stats, file, end);
}

static void describe_dropped(struct stats_job *x)
{
    uint64_t dropped = counter_dropped(x->stats.counter) + x->stats.files_left_out;

    if (dropped)
        app_print(x->run.app, MSG_HUNT_DROPPED, dropped);
    if (gaps_dropped(x->stats.gaps))
        app_print(x->run.app, MSG_HUNT_GAPS_DROPPED, gaps_dropped(x->stats.gaps));
}

static int hunt_stats_write(struct stats_job *x)
{
    const struct ruleset *rules = x->options->no_rules ? NULL : x->run.view.loaded.rs;
    struct list_request request = hunt_list(&x->run);
    struct err err = ERR_INIT;
    struct list list;
    int r = x->stats.failure < 0 ? err_code(&err, x->stats.failure)
                                 : list_begin(&list, &request, &err),
        end;

    if (r < 0)
        return app_fail(x->run.app, NULL, &err);
    r = stats_write_lists(&x->stats, rules, &x->run.view.result, &list, &err);
    end = list_end(&list, r == 0 ? x->run.view.out->fd : -1, &err);
    r = r == 0 ? end : r;
    describe_dropped(x);
    if (r < 0 && r != -CE_PEER)
        return app_fail(x->run.app, NULL, &err);
    return hunt_status(&x->run, false);
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    const struct stats_options *o = values;
    struct stats_job x = {.options = o};
    struct scan_keep keep = {.event = stats_write, .ctx = &x.stats};
    struct load_names names = {stats_intern, &x.stats, o->no_rules};
    int status = hunt_open(&x.run, app, &o->hunt, (struct paths){operands->items, operands->count});

    if (status == 0 && o->stacks.count > STATS_STACKS)
        status = app_usage(app, MSG_HUNT_STACKS_MANY, (int64_t)STATS_STACKS);
    if (stats_init(&x.stats, o->stacks.items, o->stacks.count,
                   (uint64_t)o->hunt.scan.spill_max << 20) < 0 &&
        status == 0) {
        app_print(app, MSG_CLI_NO_MEMORY);
        status = EX_OSERR;
    }
    x.run.view.no_match = o->no_rules;
    x.run.view.keep = &keep;
    x.run.view.kept = stats_read;
    x.run.view.file_end = end_file;
    x.run.view.ctx = &x;
    if (status == 0)
        status = hunt_load(&x.run, &names);
    if (status == 0)
        status = hunt_scan(&x.run);
    if (status == 0)
        status = hunt_stats_write(&x);
    stats_done(&x.stats);
    return hunt_close(&x.run, status);
}

const struct verb verb_stats = {
    .name = "stats",
    .summary = MSG_HUNT_STATS_SUMMARY,
    .about = MSG_HUNT_STATS_ABOUT,
    .operands = "PATH…|-",
    .min_operands = 1,
    .max_operands = OPERANDS_ANY,
    .complete = COMPLETE_FILE,
    VERB_OPTIONS(options),
    VERB_DEFAULTS(struct stats_options, &defaults),
    .run = run,
};
