/* SPDX-License-Identifier: Apache-2.0 */
/* A file that came with a request is read apart from everything else; the reply comes when it was.
 */
#include <stdlib.h>

#include "lang/err_web.h"
#include "web/web_internal.h"

/* Outlives its visit when whoever asked has gone. */
struct handed_job {
    struct visit *v; /* NULL: gone */
    bool later;      /* the answer came after the route had returned */
    bool draws;      /* a file of our own, that nobody handed in */
    visit_handed *done;
};

static int handed_report(struct handed_job *job, const struct desk_file *file, struct err *err)
{
    struct visit *v = job->v;
    struct slice why = v->lang == LANG_VI ? file->vi : file->en;

    v->job = NULL;
    v->answered = true;
    if (file->failed && job->draws)
        return err_fail(err, CE_IO, ERR_WEB_FILE_NOT_MADE);
    if (file->failed && why.n == 0)
        return err_fail(err, CE_ENCODING, ERR_WEB_FILE_CANNOT_BE_READ);
    if (file->failed)
        return err_fail(err, CE_ENCODING, ERR_WEB_FILE_NOT_TAKEN, why);
    v->x->reply.status = 200;
    return job->done(v, file, err);
}

static void on_read(void *u, const struct desk_file *file)
{
    struct handed_job *job = u;
    struct err err = ERR_INIT;

    if (job->v) {
        job->v->later = false;
        if (handed_report(job, file, &err) < 0)
            visit_reply_err(job->v, &err);
        if (job->later && !job->v->later) /* else it goes on beside the loop */
            visit_reply_now(job->v);
    }
    free(job);
}

static void handed_forget(void *u)
{
    ((struct handed_job *)u)->v = NULL;
}

int visit_read_file(struct visit *v, enum desk_file_kind kind, visit_handed *done, struct err *err)
{
    if (v->file.n == 0)
        return err_fail(err, CE_MISSING, ERR_WEB_NO_FILE_CAME);
    return visit_read_bytes(v, kind, v->file, done, err);
}

int visit_read_bytes(struct visit *v, enum desk_file_kind kind, struct slice bytes,
                     visit_handed *done, struct err *err)
{
    struct handed_job *job;
    int r;

    if (v->web->read == NULL)
        return err_fail(err, CE_BUSY, ERR_WEB_FILE_CANNOT_BE_READ);
    job = calloc(1, sizeof(*job));
    if (job == NULL)
        return err_nomem(err);
    job->v = v;
    job->done = done;
    job->draws = kind == DESK_SHEET || kind == DESK_PDF || kind == DESK_ODT;
    v->job = job;
    v->forget = handed_forget;
    r = v->web->read(v->web->u, kind, bytes, on_read, job, err);
    if (r < 0) {
        v->job = NULL;
        free(job);
    } else if (!v->answered) {
        job->later = true;
        v->later = true;
    }
    return r;
}
