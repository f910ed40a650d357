/* SPDX-License-Identifier: Apache-2.0 */
#include "control/cells.h"

#include "lang/said.h"

void act_text(struct control_job *job, struct slice s)
{
    if (job->cell_count < CONTROL_CELLS_MAX)
        job->cells[job->cell_count++] = said_in(control_lang(job->args), s, job->arena);
}

void act_number(struct control_job *job, int64_t v)
{
    struct buf text = BUF_INIT(32);

    buf_append_i64(&text, v);
    act_text(job, arena_dup(job->arena, buf_slice(&text)));
    buf_done(&text);
}

void act_flag(struct control_job *job, bool v)
{
    act_text(job, v ? SLICE("1") : SLICE("0"));
}

void act_id(struct control_job *job, struct state_id id)
{
    struct buf text = BUF_INIT(64);

    if (!id_is_none(id))
        id_write(&text, id);
    act_text(job, arena_dup(job->arena, buf_slice(&text)));
    buf_done(&text);
}

int row_send(struct control_job *job)
{
    int r = job->row(job->u, job->cells, job->cell_count);

    job->cell_count = 0;
    arena_clear(job->arena);
    return r;
}
