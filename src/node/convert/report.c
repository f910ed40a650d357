/* SPDX-License-Identifier: Apache-2.0 */
#include "node/convert/report.h"

#include <stdlib.h>

#include "base/time.h"
#include "base/zone.h"
#include "detect/scan.h"
#include "hunt/report.h"
#include "hunt/session.h"
#include "hunt/timeline.h"
#include "lang/zone.h"

struct report_job {
    struct hunt_session session;
    struct generation *generation;
    struct timeline *timeline;
    struct scan_result result;
    bool scanned;
    int failure;
};

static bool read_hits(void *ctx, struct slice records)
{
    struct report_job *j = ctx;

    j->failure = timeline_add(j->timeline, records);
    return j->failure == 0;
}

static int report_scan(struct report_job *j, struct err *err)
{
    static const char *const paths[] = {"-"};
    static const struct scan_sink sink = {.alerts = read_hits};
    const struct scan_keep keep = {.alert = keep_hit,
                                   .correlation = keep_correlation_hit,
                                   .ctx = &j->session};
    struct cancel never;
    struct scan_request q = {.generation = j->generation,
                             .inputs = {paths, 1},
                             .threads = 1,
                             .format = SCAN_KEPT,
                             .keep = &keep,
                             .cancel = &never,
                             .sink = &sink,
                             .ctx = j};
    int r = cancel_init(&never);

    if (r < 0)
        return err_code(err, r);
    r = scan_run(&q, &j->result, err);
    j->scanned = r == 0;
    cancel_done(&never);
    return r == 0 && j->failure < 0 ? err_code(err, j->failure) : r;
}

static int report_hits(struct report_job *j, struct report *report, struct buf *out,
                       struct err *err)
{
    struct hit *h = malloc(sizeof(*h));
    int r = h == NULL ? -CE_NOMEM : timeline_end(j->timeline);

    if (r == 0)
        r = report_begin(report);
    while (r == 0 && timeline_next(j->timeline, h))
        report_add(report, h);
    if (r == 0)
        report_write(report, out);
    report_done(report);
    free(h);
    return r < 0 ? err_code(err, r) : 0;
}

static int report_draw(struct report_job *j, enum lang lang, struct buf *out, struct err *err)
{
    static const char *const names[] = {"-"};
    const struct zone zone = {.offset_s = ZONE_OWN};
    struct face_job face = {.lang = lang,
                            .zone = &zone,
                            .rules = j->generation->rules,
                            .words = &j->session.words};
    struct report report = {.rules = j->generation->rules,
                            .result = &j->result,
                            .lang = lang,
                            .zone = &zone,
                            .inputs = {names, 1},
                            .now = time_now(),
                            .job = &face};
    int r;

    face_job_init(&face);
    r = report_hits(j, &report, out, err);
    face_job_done(&face);
    return r;
}

int report_make(const char *rules, enum lang lang, int (*confine)(struct err *err), struct buf *out,
                struct err *err)
{
    struct report_job *j = calloc(1, sizeof(*j));
    struct generation_options o = {.min_level = LEVEL_LOW,
                                   .min_status = STATUS_EXPERIMENTAL,
                                   .no_jit = true,
                                   .imported = rules,
                                   .intern = hunt_session_intern};
    int r = j ? hunt_session_init(&j->session, err) : err_nomem(err);

    if (r < 0) {
        free(j);
        return r;
    }
    o.intern_ctx = &j->session;
    r = generation_load(&o, &j->generation, err);
    if (r == 0)
        r = confine(err);
    j->timeline = timeline_new(0); /* nothing may be written: what is too much is counted */
    if (r == 0)
        r = j->timeline ? report_scan(j, err) : err_nomem(err);
    if (r == 0)
        r = report_draw(j, lang, out, err);
    if (j->scanned)
        scan_result_done(&j->result);
    j->timeline = timeline_free(j->timeline);
    (void)generation_unref(j->generation);
    hunt_session_done(&j->session);
    free(j);
    return r;
}
