/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Quét nhật ký": a log is dropped, read by a process that may do nothing else, and what it means
 * is shown. Nothing of the file is kept.
 */
#include <stdlib.h>

#include "alert/alert.h"
#include "base/time.h"
#include "lang/err_web.h"
#include "lang/level.h"
#include "state/audit.h"
#include "web/web_internal.h"

/* Outlives its visit when whoever asked has gone. */
struct scan_job {
    struct visit *v; /* NULL: gone */
    bool later;      /* the answer came after the route had returned */
};

int page_scan(struct visit *v, struct err *err)
{
    return visit_page(v, "scan", err);
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

static void json_report(struct visit *v, const struct desk_scan_report *x)
{
    struct json_write w;

    visit_json_begin(v, &w);
    json_open(&w, '{');
    json_key(&w, "events");
    json_i64(&w, (int64_t)x->events);
    json_key(&w, "logs");
    json_i64(&w, (int64_t)x->logs);
    json_key(&w, "alerts");
    json_i64(&w, (int64_t)x->alerts);
    json_key(&w, "unreadable");
    json_i64(&w, (int64_t)(x->unreadable + x->damaged));
    json_key(&w, "rules");
    json_open(&w, '[');
    for (uint32_t i = 0; i < x->row_count; i++) {
        const struct desk_scan_row *r = &x->rows[i];

        json_open(&w, '{');
        json_key(&w, "level");
        json_text(&w, slice_str(level_name(r->level)));
        json_key(&w, "title");
        json_text(&w, r->title);
        json_key(&w, "rule");
        json_text(&w, r->rule);
        json_key(&w, "count");
        json_i64(&w, (int64_t)r->count);
        json_key(&w, "first");
        json_time(&w, r->first);
        json_key(&w, "last");
        json_time(&w, r->last);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
}

static int scan_show(struct visit *v, const struct desk_scan_report *x, struct err *err)
{
    if (x->failed)
        return err_fail(err, CE_ENCODING, ERR_WEB_FILE_CANNOT_BE_READ);
    v->x->reply.status = 200;
    if (v->api) {
        json_report(v, x);
        return 0;
    }
    write_report(v, x);
    return visit_page(v, "scan", err);
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
            http_reply_now(v->x);
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
    struct scan_job *job;
    int r;

    if (v->file.n == 0)
        return err_fail(err, CE_MISSING, ERR_WEB_NO_FILE_CAME);
    if (v->web->scan == NULL)
        return err_fail(err, CE_BUSY, ERR_WEB_FILE_CANNOT_BE_READ);
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
