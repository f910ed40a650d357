/* SPDX-License-Identifier: Apache-2.0 */
/* The state's sources and suppressions as watch needs them. */
#include "alert/suppress.h"
#include "base/file.h"
#include "lang/err_node.h"
#include "node/desk/desk.h"
#include "node/wire/snapshot.h"
#include "os/bulk.h"
#include "source/source.h"

struct publish_job {
    struct buf out;
    uint32_t sources, suppressions;
};

static struct slice transport_of(struct slice kind)
{
    const struct source_kind *k = source_kind_find(kind);

    return k ? slice_str(k->transport) : SLICE_NULL;
}

static int write_source(void *u, const struct state_source *x)
{
    struct publish_job *job = u;
    struct snapshot_source to = {.kind = x->kind,
                                 .paths = x->paths,
                                 .address = x->address,
                                 .product = x->product,
                                 .service = x->service,
                                 .transport = transport_of(x->kind),
                                 .key_hash = x->key_hash,
                                 .zone = x->zone,
                                 .back = x->back,
                                 .rhythm = x->rhythm};

    if (!x->enabled)
        return 0;
    memcpy(to.id, x->id.b, sizeof(to.id));
    memcpy(to.unit, x->unit.b, sizeof(to.unit));
    memcpy(to.asset, x->asset.b, sizeof(to.asset));
    snapshot_write_source(&job->out, &to);
    job->sources++;
    return 0;
}

static int write_suppression(void *u, const struct state_suppression *x)
{
    struct publish_job *job = u;
    struct snapshot_suppression to = {
        .rule = x->rule, .field = x->field, .value = x->value, .start = x->start, .stop = x->stop};

    memcpy(to.id, x->id.b, sizeof(to.id));
    memcpy(to.unit, x->unit.b, sizeof(to.unit));
    snapshot_write_suppression(&job->out, &to);
    job->suppressions++;
    return 0;
}

int desk_publish(struct desk *d, struct err *err)
{
    struct state_actor sys = state_actor_system();
    struct publish_job job = {.out = BUF_INIT(BULK_MAX)};
    int fd = -1, r;

    snapshot_begin(&job.out, ++d->published);
    r = source_list(d->s, &sys, STATE_ID_NONE, write_source, &job, err);
    if (r == 0)
        r = suppression_list(d->s, &sys, STATE_ID_NONE, false, write_suppression, &job, err);
    snapshot_end(&job.out, job.sources, job.suppressions);
    if (r == 0 && job.out.err)
        r = err_fail(err, CE_TOO_BIG, ERR_NODE_TOO_MANY_SOURCES_AND_SUPPRESSIONS);
    if (r == 0)
        r = bulk_make(buf_slice(&job.out), &fd, err);
    if (r == 0)
        r = channel_send(&d->role.parent, WIRE_SNAPSHOT, SLICE_NULL, &fd, 1, err);
    fd_closep(&fd);
    buf_done(&job.out);
    return r;
}
