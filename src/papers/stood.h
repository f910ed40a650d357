/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PAPERS_STOOD_H
#define CANH_PAPERS_STOOD_H
/* What the papers of duty as it was stood share. */
#include "duty/picture.h"
#include "papers/papers_build.h"

/* A paper being laid out. */
struct stood_job {
    struct papers_ctx *p;
    const struct papers_stood *q;
    struct err *err;
};

CANH_INLINE struct slice stood_word(const struct stood_job *d, msg_id id)
{
    return slice_str(lang_text(d->p->lang, id));
}

CANH_INLINE int stood_offset(const struct stood_job *d, uint32_t post)
{
    return d->q->picture->load.plan.posts[post].offset_s;
}

/* Local minutes as papers take them; PRINT_NEVER for 0. */
CANH_INLINE int64_t stood_minutes(int64_t t, int offset_s)
{
    return t == 0 ? PRINT_NEVER : (t + offset_s * TIME_SECOND) / TIME_MINUTE;
}

/* "–" for nobody, "?" where the name is not known. */
struct slice stood_name(const struct stood_job *d, struct state_id person);

#endif
