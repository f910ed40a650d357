/* SPDX-License-Identifier: Apache-2.0 */
#include "case/evidence.h"

#include <unistd.h>

#include "base/file.h"
#include "base/hex.h"
#include "lang/err_case.h"
#include "register/evidence.h"
#include "state/filetype.h"
#include "state/people.h"

static int custody_line(const struct act_ctx *ctx, const struct state_actor *actor,
                        const struct state_case *x, const struct state_evidence *e,
                        const struct state_case_line *like, struct err *err)
{
    struct state_case_line line = *like;

    line.unit = x->unit;
    line.incident = x->id;
    line.at = act_at(ctx);
    line.evidence = e->id;
    return state_case_line_put(ctx->s, actor, &line, err);
}

static int keep_lines(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct case_keep_request *q, const struct state_case *x,
                      const struct state_evidence *e, struct err *err)
{
    const struct state_id person = act_person(actor, q->person);
    struct buf hash = BUF_INIT(100);
    struct state_case_line line = {.person = person,
                                   .login = q->login,
                                   .kind = STATE_LINE_EVIDENCE,
                                   .value = e->name,
                                   .text = q->text};
    int r;

    buf_append_hex(&hash, e->sha256.p, e->sha256.n);
    line.what = buf_slice(&hash);
    r = custody_line(ctx, actor, x, e, &line, err);
    line = (struct state_case_line){.person = person,
                                    .login = q->login,
                                    .kind = STATE_LINE_CUSTODY,
                                    .value = SLICE("canh"),
                                    .text = e->name};
    if (r == 0)
        r = custody_line(ctx, actor, x, e, &line, err);
    buf_done(&hash);
    return r;
}

/* A marking is looked for in text; whatever else it is somebody has to declare. */
static int check_declared(const struct case_keep_request *q, struct slice *ret_marking,
                          struct err *err)
{
    uint8_t head[FILETYPE_HEAD];
    ssize_t n = pread(q->fd, head, sizeof(head), 0);
    const char *type = n > 0 ? filetype_of(slice_of(head, (size_t)n)) : NULL;

    *ret_marking = SLICE_NULL;
    if (type == NULL || filetype_class(type) == FILETYPE_TEXT)
        return 0; /* the state says what is wrong with it */
    *ret_marking = SLICE(EVIDENCE_UNREAD);
    return q->declared ? 0 : err_fail(err, CE_MISSING, ERR_CASE_FILE_NOT_DECLARED);
}

int case_keep(const struct act_ctx *ctx, const struct state_actor *actor,
              const struct case_keep_request *q, struct state_evidence *ret, struct err *err)
{
    struct evidence_file file = {.fd = q->fd, .name = q->name};
    struct evidence_draft draft = {.kind = SLICE("log"),
                                   .method = STATE_EXAMINE,
                                   .signer = act_person(actor, q->person),
                                   .file = &file};
    struct state_case x;
    int r = check_declared(q, &file.marking, err);

    if (r == 0)
        r = state_act_begin(ctx->s, err);
    if (r < 0)
        return r;
    r = state_case_get(ctx->s, actor, q->incident, ctx->arena, &x, err);
    draft.unit = r == 0 ? x.unit : STATE_ID_NONE;
    draft.title = r == 0 ? x.number : SLICE_NULL;
    if (r == 0)
        r = evidence_add(ctx, actor, &draft, ret, err);
    if (r == 0)
        r = state_evidence_get(ctx->s, actor, ret->id, ctx->arena, ret, err);
    if (r == 0)
        r = keep_lines(ctx, actor, q, &x, ret, err);
    return state_act_end(ctx->s, r, err);
}

struct evidence_search {
    struct state_id id;
    bool found;
};

static int is_of_case(void *u, const struct state_case_line *x)
{
    struct evidence_search *f = u;

    f->found = x->kind == STATE_LINE_EVIDENCE && id_eq(x->evidence, f->id);
    return f->found;
}

/* To whom it goes: a person, or who is signed in at the machine. */
static int hand_out_line(const struct act_ctx *ctx, const struct state_actor *actor,
                         const struct case_hand_out_request *q, const struct state_case *x,
                         const struct state_evidence *e, struct err *err)
{
    struct state_person p = {.name = SLICE_NULL};
    struct state_case_line line = {.person = act_person(actor, q->person),
                                   .login = q->login,
                                   .kind = STATE_LINE_CUSTODY,
                                   .text = e->name};

    if (!id_is_none(line.person))
        (void)!state_person_get(ctx->s, actor, line.person, ctx->arena, &p, NULL);
    line.value = p.name.n ? p.name : q->login;
    return custody_line(ctx, actor, x, e, &line, err);
}

int case_hand_out(const struct act_ctx *ctx, const struct state_actor *actor,
                  const struct case_hand_out_request *q, struct state_evidence *ret, int *ret_fd,
                  struct err *err)
{
    const struct state_query lines = {.ref = q->incident};
    struct evidence_search f = {.id = q->evidence};
    struct state_case x;
    int fd = -1, r = state_act_begin(ctx->s, err);

    if (r < 0)
        return r;
    r = state_case_get(ctx->s, actor, q->incident, ctx->arena, &x, err);
    if (r == 0)
        r = CANH_MIN(state_case_line_each(ctx->s, actor, &lines, is_of_case, &f, err), 0);
    if (r == 0 && !f.found)
        r = err_fail(err, CE_NOT_FOUND, ERR_CASE_NO_SUCH_EVIDENCE);
    if (r == 0)
        r = state_evidence_get(ctx->s, actor, q->evidence, ctx->arena, ret, err);
    if (r == 0)
        r = state_evidence_open(ctx->s, actor, q->evidence, &fd, err);
    if (r == 0)
        r = hand_out_line(ctx, actor, q, &x, ret, err);
    r = state_act_end(ctx->s, r, err);
    if (r < 0)
        fd_closep(&fd);
    else
        *ret_fd = fd;
    return r;
}
