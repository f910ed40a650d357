/* SPDX-License-Identifier: Apache-2.0 */
/* canh journal repair: gives up what cannot be read, so that the rest is whole again. */
#include "base/num.h"
#include "base/time.h"
#include "cli/journal/journal.h"
#include "cli/journal/local.h"
#include "control/wire.h"
#include "journal/care.h"
#include "lang/msg_cli.h"
#include "lang/msg_journal.h"
#include "view/journal.h"

struct repair_options {
    const char *dir, *reason;
    bool apply;
    struct listing_options list;
};

struct repair_seen {
    struct table table;
    uint64_t lost, steps;
};

static void add_mend(void *ctx, const struct journal_mend *m)
{
    struct repair_seen *x = ctx;

    x->steps++;
    x->lost += m->until - m->from;
    view_journal_mend_write(&x->table, m);
}

/* A step of the node that runs: as struct journal_mend, cell by cell. */
static int read_mend(void *u, const struct slice *cells, size_t n)
{
    char stream[JOURNAL_NAME_MAX + 1] = "", what[32] = "";
    struct journal_mend m = {.stream = stream, .what = what};

    if (n != 5 || num_u64(cells[1], &m.segment) < 0 || num_u64(cells[2], &m.from) < 0 ||
        num_u64(cells[3], &m.until) < 0)
        return -CE_PEER;
    memcpy(stream, cells[0].p, CANH_MIN(cells[0].n, sizeof(stream) - 1));
    memcpy(what, cells[4].p, CANH_MIN(cells[4].n, sizeof(what) - 1));
    add_mend(u, &m);
    return 0;
}

static int repair_of_node(struct app *app, const struct place *place,
                          const struct repair_options *o, struct repair_seen *x)
{
    struct control_args args = {.count = 0};

    (void)control_write(&args, "reason", slice_str(o->reason ? o->reason : ""));
    return care_call(app, place, o->apply ? "journal_repair" : "journal_repair_plan", &args,
                     read_mend, x);
}

static int repair_journal(struct app *app, struct local_journal *l, const struct repair_options *o,
                          struct repair_seen *x)
{
    const struct journal_repair_request q = {.apply = o->apply,
                                             .who = machine_login(),
                                             .why = slice_str(o->reason ? o->reason : ""),
                                             .tell = add_mend,
                                             .ctx = x,
                                             .now = time_now()};
    struct journal_repair *repair;
    struct err err = ERR_INIT;
    int r = journal_repair_new(l->journal, &q, &repair, &err);

    while (r == 0 && (r = journal_repair_step(repair, &err)) > 0)
        r = 0;
    repair = journal_repair_free(repair);
    return r < 0 ? node_fail(app, &err) : 0;
}

static int repair_here(struct app *app, const struct repair_options *o, struct repair_seen *x)
{
    struct access_reason why = {.purpose = o->reason};
    struct local_journal l;
    int status = o->apply ? local_journal_open_to_write(app, o->dir, &l)
                          : local_journal_open(app, o->dir, &l);

    if (status == 0 && o->apply)
        status = access_audit(app, &l.place, &why, "repair", SLICE("journal"));
    if (status == 0)
        status = repair_journal(app, &l, o, x);
    local_journal_close(&l);
    return status;
}

static int repair_print(struct app *app, const struct repair_options *o,
                        const struct repair_seen *x)
{
    int status =
        x->steps || !listing_is_plain(&o->list) ? listing_print(app, &x->table, &o->list) : 0;

    if (status != 0)
        return status;
    if (x->steps == 0)
        app_print(app, MSG_JOURNAL_NOTHING_TO_REPAIR);
    else if (o->apply)
        app_print(app, MSG_JOURNAL_REPAIRED, (unsigned long long)x->lost);
    else
        app_print(app, MSG_JOURNAL_WOULD_REPAIR, (unsigned long long)x->lost);
    return x->steps ? EXIT_FOUND : EXIT_FINE;
}

static int run_repair(struct app *app, const void *values, const struct operands *operands)
{
    const struct repair_options *o = values;
    const struct view_ctx ctx = listing_face(app);
    struct repair_seen x = {.steps = 0};
    struct err err = ERR_INIT;
    struct place place;
    int status = listing_check(app, &o->list);

    (void)operands;
    if (status == 0 && o->apply && (o->reason == NULL || *o->reason == 0))
        status = app_usage(app, MSG_CLI_NO_OPTION, "reason");
    if (status == 0 && place_find(o->dir, &place, &err) < 0)
        status = node_fail(app, &err);
    if (status != 0)
        return status;
    view_journal_mends(&ctx, &x.table);
    status = place_is_locked(&place) ? repair_of_node(app, &place, o, &x) : repair_here(app, o, &x);
    if (status == 0)
        status = repair_print(app, o, &x);
    table_done(&x.table);
    return status;
}

static const struct option_spec specs[] = {
    NODE_DIR_OPTION(struct repair_options),
    OPTION_FLAG("apply", 0, struct repair_options, apply, MSG_JOURNAL_OPT_APPLY),
    OPTION_TEXT("reason", 0, struct repair_options, reason, "TEXT", COMPLETE_NONE,
                MSG_JOURNAL_OPT_REASON),
    LISTING_OPTIONS(struct repair_options, list),
};

const struct verb verb_journal_repair = {
    .name = "repair",
    .summary = MSG_JOURNAL_REPAIR,
    .about = MSG_JOURNAL_REPAIR_ABOUT,
    VERB_OPTIONS(specs),
    .options_size = sizeof(struct repair_options),
    .run = run_repair,
};
