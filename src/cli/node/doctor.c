/* SPDX-License-Identifier: Apache-2.0 */
/* canh doctor: is everything that should arrive arriving? */
#include "base/file.h"
#include "base/time.h"
#include "cli/node/node.h"
#include "lang/msg_node.h"

#include <sys/stat.h>

enum { METRICS_MAX = 64 * 1024, METRICS_OLD_S = 60 };

struct doctor_options {
    const char *dir;
    struct listing_options listing;
    bool metrics;
};

static const struct view_rows_column columns[] = {
    {"mark", MSG_NODE_COL_STATE},
    {"title", MSG_NODE_COL_AREA, .rank = 1, .wrap = true},
    {"name", MSG_NODE_COL_NAME, .wrap = true},
    {"text", MSG_NODE_COL_FINDING, .width = 24, .wrap = true},
};

/* What the node wrote last, as long as it is not old. */
static int print_metrics(struct app *app, const char *dir)
{
    struct buf path = BUF_INIT(PLACE_PATH + 32);
    struct err err = ERR_INIT;
    struct place place;
    struct stat st;
    int r = place_find(dir, &place, &err), status = 0;

    if (r < 0)
        return node_fail(app, &err);
    buf_printf(&path, "%s/metrics.prom", place.run);
    if (stat(buf_cstr(&path), &st) == 0 &&
        time_now() / TIME_SECOND - st.st_mtim.tv_sec > METRICS_OLD_S) {
        app_print(app, MSG_NODE_METRICS_OLD, buf_cstr(&path));
        status = EX_TEMPFAIL;
    } else {
        app->out.buf.max = CANH_MAX(app->out.buf.max, (size_t)METRICS_MAX);
        r = file_read(buf_cstr(&path), &app->out.buf, &err);
    }
    buf_done(&path);
    return r < 0 ? node_fail(app, &err) : status;
}

static int run_doctor(struct app *app, const void *values, const struct operands *operands)
{
    const struct doctor_options *o = values;
    struct control_args args = {.count = 0};
    struct node_act act = {.name = "doctor",
                           .dir = o->dir,
                           .listing = &o->listing,
                           .columns = columns,
                           .column_count = CANH_LEN(columns)};
    int status;

    (void)operands;
    if (o->metrics)
        return print_metrics(app, o->dir);
    status = node_run(app, &act, &args);
    return status == 0 && act.troubles ? EXIT_FOUND : status;
}

static const struct option_spec specs[] = {
    NODE_DIR_OPTION(struct doctor_options),
    OPTION_FLAG("metrics", 0, struct doctor_options, metrics, MSG_NODE_OPT_METRICS),
    NODE_LISTING(struct doctor_options),
};

const struct verb verb_doctor = {
    .name = "doctor",
    .summary = MSG_NODE_DOCTOR,
    .about = MSG_NODE_DOCTOR_ABOUT,
    VERB_OPTIONS(specs),
    .options_size = sizeof(struct doctor_options),
    .run = run_doctor,
};
