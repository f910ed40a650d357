/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/session.h"

int hunt_session_init(struct hunt_session *s, struct err *err)
{
    int r;

    *s = (struct hunt_session){0};
    for (unsigned i = 0; i < SCAN_THREADS_MAX; i++)
        hit_scratch_init(&s->scratch[i]);
    r = kinds_load(&s->kinds, err);
    return r < 0 ? r : words_load(&s->words, err);
}

void hunt_session_done(struct hunt_session *s)
{
    for (unsigned i = 0; i < SCAN_THREADS_MAX; i++)
        hit_scratch_done(&s->scratch[i]);
    kinds_done(&s->kinds);
    words_done(&s->words);
}

int hunt_session_intern(void *session, struct ruleset *rs, struct err *err)
{
    struct hunt_session *s = session;

    return kinds_intern(&s->kinds, rs, err);
}

void keep_hit(void *session, unsigned worker, const struct alert *a, struct buf *out)
{
    struct hunt_session *s = session;

    hit_write(&s->kinds, &s->scratch[worker], a, out);
}

void keep_correlation_hit(void *session, const struct correlation_alert *a, struct buf *out)
{
    (void)session;
    hit_write_correlation(a, out);
}
