/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Quét nhật ký": a log is dropped, read by a process that may do nothing else, and what it means
 * is shown. Nothing of the file is kept, unless as evidence of a case.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "alert/alert.h"
#include "base/file.h"
#include "base/time.h"
#include "case/evidence.h"
#include "lang/err_web.h"
#include "lang/level.h"
#include "lang/msg_console.h"
#include "lang/said.h"
#include "state/audit.h"
#include "web/api.h"

/* Outlives its visit when whoever asked has gone. */
struct scan_job {
    struct visit *v; /* NULL: gone */
    bool later;      /* the answer came after the route had returned */
};

/* With the open cases that a file may be kept for. */
static int show_scan(struct visit *v, struct slice chosen, struct err *err)
{
    int r = visit_write_case_choices(v, STATE_ID_NONE, chosen, err);

    return r < 0 ? r : visit_page(v, "scan", err);
}

int page_scan(struct visit *v, struct err *err)
{
    return show_scan(v, visit_query(v, "case"), err);
}

static void write_row(struct visit *v, const struct desk_scan_row *r)
{
    struct page_scope *row = page_add(v->page, "found");
    bool vi = v->lang == LANG_VI;
    int64_t now = state_now(v->s);

    page_set_text(row, "level", level_name(r->level));
    page_set_text(row, "level_word", level_text(v->lang, r->level));
    page_set(row, "title", vi && r->title_vi.n ? r->title_vi : r->title);
    page_set(row, "advice", vi && r->advice_vi.n ? r->advice_vi : r->advice);
    page_set(row, "description", r->description);
    page_set(row, "rule", r->rule);
    page_set(row, "host", r->host);
    page_set_i64(row, "count", (int64_t)CANH_MIN(r->count, (uint64_t)INT64_MAX));
    if (r->first != TIME_NONE) {
        page_set_when(row, "first", r->first, now);
        page_set_when(row, "last", r->last, now);
    }
}

static void write_report(struct visit *v, const struct desk_scan_report *x)
{
    int64_t bad = (int64_t)(x->unreadable + x->damaged);

    page_set_flag(v->page, "scanned", true);
    page_set(v->page, "file", v->file_name);
    page_set_i64(v->page, "events", (int64_t)x->events);
    page_set_i64(v->page, "logs", (int64_t)x->logs);
    page_set_i64(v->page, "alerts", (int64_t)x->alerts);
    page_set_flag(v->page, "no_log", x->logs == 0);
    page_set_flag(v->page, "clean", x->logs > 0 && x->alerts == 0 && bad == 0);
    if (bad)
        page_set_i64(v->page, "bad", bad);
    for (uint32_t i = 0; i < x->row_count; i++)
        write_row(v, &x->rows[i]);
}

/* A regular file of no name, as evidence is taken from one. */
static int file_of(struct slice bytes, int *ret_fd, struct err *err)
{
    CANH_CLEANUP(fd_closep) int fd = memfd_create("log", MFD_CLOEXEC);
    int r = fd < 0 ? err_fail_sys(err, errno, ERR_BASE_TEXT, "memfd")
                   : file_write_fd(fd, "memfd", bytes, err);

    if (r == 0)
        *ret_fd = fd_take(&fd);
    return r;
}

/* The case that the file is to be kept for; none. */
static int find_kept_for(struct visit *v, struct state_id *ret, struct err *err)
{
    struct slice incident = visit_given(v, "case");
    struct state_case x;

    *ret = STATE_ID_NONE;
    if (incident.n == 0)
        return 0;
    return id_parse(incident, ret) < 0 ||
                   state_case_get(v->s, &v->who.actor, *ret, v->arena, &x, NULL) < 0
               ? err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING)
               : 0;
}

/* The file as it came, once it was looked at, as evidence of the case that was chosen; of none:
 * nothing. */
static int scan_keep(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct case_keep_request q = {.name = v->file_name,
                                  .declared = visit_given(v, "clear").n > 0,
                                  .text = said_words(SAID_SCAN_EVIDENCE),
                                  .fd = -1};
    struct state_evidence e;
    int r = find_kept_for(v, &q.incident, err);

    if (r < 0 || id_is_none(q.incident))
        return r;
    r = file_of(v->file, &q.fd, err);
    if (r == 0)
        r = case_keep(&ctx, &v->who.actor, &q, &e, err);
    fd_closep(&q.fd);
    if (r == 0)
        desk_web_changed(v->web, "case", e.unit, q.incident);
    return r;
}

/* Where the file went that came with the request. */
static void write_kept(struct visit *v)
{
    struct slice incident = visit_given(v, "case");

    page_set_flag(v->page, "gone", incident.n == 0);
    page_set(v->page, "kept", incident);
}

static int scan_show(struct visit *v, const struct desk_scan_report *x, struct err *err)
{
    int r = scan_keep(v, err);

    if (r < 0)
        return r;
    if (x->failed && visit_given(v, "case").n == 0) /* what is kept is told to be no log */
        return err_fail(err, CE_ENCODING, ERR_WEB_FILE_CANNOT_BE_READ);
    v->x->reply.status = 200;
    if (v->api) {
        api_reply_scan(v, x, visit_given(v, "case").n > 0);
        return 0;
    }
    write_report(v, x);
    write_kept(v);
    return show_scan(v, visit_given(v, "case"), err);
}

static void on_scanned(void *u, const struct desk_scan_report *x)
{
    struct scan_job *job = u;
    struct err err = ERR_INIT;

    if (job->v) {
        struct visit *v = job->v;

        v->job = NULL;
        v->answered = true;
        if (scan_show(v, x, &err) < 0)
            visit_reply_err(v, &err);
        if (job->later)
            visit_reply_now(v);
    }
    free(job);
}

/* Whoever asked is gone. */
static void scan_forget(void *u)
{
    ((struct scan_job *)u)->v = NULL;
}

/* The page about it is a file of its own: it bears its style, which pages of the console may not.
 */
static int report_send(struct visit *v, const struct desk_file *file, struct err *err)
{
    int r = scan_keep(v, err);

    if (r < 0)
        return r;
    buf_append_slice(&v->x->reply.body, file->bytes);
    if (v->x->reply.body.err)
        return err_fail(err, CE_TOO_BIG, ERR_WEB_RESULT_TOO_LARGE);
    v->x->reply.type = "text/html; charset=utf-8";
    http_reply_header(v->x, "Content-Disposition",
                      SLICE("attachment; filename=\"canh-scan.html\""));
    http_reply_header(v->x, "Cache-Control", SLICE("no-store"));
    return 0;
}

int post_scan(struct visit *v, struct err *err)
{
    struct state_id incident;
    struct scan_job *job;
    int r;

    if (v->file.n == 0)
        return err_fail(err, CE_MISSING, ERR_WEB_NO_FILE_CAME);
    if (v->web->scan == NULL)
        return err_fail(err, CE_BUSY, ERR_WEB_FILE_CANNOT_BE_READ);
    r = find_kept_for(v, &incident, err);
    if (r == 0)
        r = state_audit_add(v->s, &v->who.actor, "scan", "upload", STATE_ID_NONE, SLICE_NULL, err);
    if (r < 0)
        return r;
    if (slice_is(visit_given(v, "as"), "report"))
        return visit_read_file(v, v->lang == LANG_VI ? DESK_REPORT_VI : DESK_REPORT_EN, report_send,
                               err);
    job = calloc(1, sizeof(*job));
    if (job == NULL)
        return err_nomem(err);
    job->v = v;
    v->job = job;
    v->forget = scan_forget;
    r = v->web->scan(v->web->u, v->file, on_scanned, job, err);
    if (r < 0) {
        v->job = NULL;
        free(job);
    } else if (!v->answered) {
        job->later = true;
        v->later = true;
    }
    return r;
}
