/* SPDX-License-Identifier: Apache-2.0 */
#include "record/known.h"

#include "base/time.h"
#include "record/send.h"
#include "record/standing.h"

static int answers_of(const struct record *c, const struct form *f, struct state_id unit,
                      const struct record_period *p, struct state_submission *standing,
                      const struct answers **ret, struct err *err)
{
    struct answers *a;
    int r = record_standing(c, f->id, unit, p, standing, err);

    *ret = NULL;
    if (r < 0 || standing->version == 0)
        return r;
    a = arena_new(c->arena, struct answers);
    r = a ? record_form_answers(c, f, standing, a, err) : err_nomem(err);
    if (r == 0)
        *ret = a;
    return r;
}

int record_known_read(const struct record *c, const struct form *f, struct state_id unit,
                      const struct record_period *p, struct record_known *ret, struct err *err)
{
    struct record_period before = record_period_before(f->every, p, c->zone);
    struct state_submission ignored;
    int r = answers_of(c, f, unit, p, &ret->standing, &ret->now, err);

    ret->before = NULL;
    if (r == 0 && record_period_repeats(f->every))
        r = answers_of(c, f, unit, &before, &ignored, &ret->before, err);
    return r;
}

int64_t record_form_onset(const struct form *f, const struct answers *a, int zone)
{
    int64_t first = INT64_MAX;

    for (uint32_t e = 0; e < f->event_count; e++) {
        uint32_t at = f->events[e].at;
        int64_t minutes = at ? field_types[f->fields[at - 1].kind].minutes : 0;

        for (uint32_t i = 0; at && i < a->count; i++) {
            if (a->v[i].field == at - 1 && a->v[i].kind == ANSWER_TIME)
                first = CANH_MIN(first, a->v[i].time * minutes);
        }
    }
    return first == INT64_MAX ? INT64_MIN : first * TIME_MINUTE - zone * TIME_SECOND;
}
