/* SPDX-License-Identifier: Apache-2.0 */
/* A copy of a file that a case keeps: that it was taken stands in the timeline. */
#include "base/file.h"
#include "case/evidence.h"
#include "lang/err_web.h"
#include "web/web_internal.h"

/* The name as a person gave it, cleaned when it was kept; in a header only what cannot break it. */
static void write_file_name(struct buf *out, struct slice name)
{
    buf_puts(out, "attachment; filename*=UTF-8''");
    uri_write_escaped(out, name);
}

static int evidence_send(struct visit *v, const struct state_evidence *e, int fd, struct err *err)
{
    struct buf name = BUF_INIT(2000);
    int r = file_read_fd(fd, "evidence", &v->x->reply.body, err);

    if (r < 0)
        return err_fail(err, CE_TOO_BIG, ERR_WEB_RESULT_TOO_LARGE);
    write_file_name(&name, e->name);
    v->x->reply.status = 200;
    v->x->reply.type = "application/octet-stream";
    http_reply_header(v->x, "Content-Disposition", buf_slice(&name));
    http_reply_header(v->x, "Cache-Control", SLICE("no-store"));
    buf_done(&name);
    return 0;
}

int get_case_evidence(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct case_hand_out_request q = {.login = SLICE_NULL};
    struct state_evidence e;
    int fd = -1, r = visit_id(v, 0, &q.incident, err);

    if (r == 0)
        r = visit_id(v, 1, &q.evidence, err);
    if (r == 0)
        r = case_hand_out(&ctx, &v->who.actor, &q, &e, &fd, err);
    if (r == -CE_DENIED)
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    if (r < 0)
        return r;
    r = evidence_send(v, &e, fd, err);
    fd_closep(&fd);
    if (r == 0)
        desk_web_changed(v->web, "case", e.unit, q.incident);
    return r;
}
