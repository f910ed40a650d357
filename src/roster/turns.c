/* SPDX-License-Identifier: Apache-2.0 */
#include "roster/turns.h"

#include "lang/err_duty.h"
#include "roster/stand.h"

struct counter {
    const struct duty_terms *terms;
    const struct calendar *calendar;
    int64_t from, until;
    int offset_s;
    struct duty_turns *list;
    size_t person_count;
};

static void count_day(const struct counter *c, int64_t t, struct duty_turns *to)
{
    int64_t local = t + c->offset_s * TIME_SECOND;
    int64_t day = local / TIME_DAY - (local % TIME_DAY < 0);
    const struct holiday *h;

    switch (calendar_day(c->calendar, day, &h)) {
    case DAY_REST:
        to->rest_days++;
        break;
    case DAY_HOLIDAY:
    case DAY_IN_LIEU:
    case DAY_SWAPPED:
        if (h && slice_starts(h->id, SLICE("tet")))
            to->tet++;
        else
            to->holidays++;
        break;
    default:
        break;
    }
}

static int turns_add(void *u, const struct duty_shift *s)
{
    const struct counter *c = u;
    struct duty_turns *to;

    if (s->who.person >= c->person_count || s->from < c->from || s->from >= c->until)
        return 0;
    to = &c->list[s->who.person];
    to->shifts++;
    to->time += CANH_MIN(s->until, c->until) - s->from;
    if (duty_time_in(&c->terms->night, c->offset_s, s->from, s->until) >= c->terms->night_turn)
        to->nights++;
    count_day(c, s->from, to);
    return 0;
}

int duty_turns_add(const struct duty_plan *plan, uint32_t post, int64_t from, int64_t until,
                   const struct duty_terms *terms, const struct calendar *calendar,
                   struct duty_turns *list, size_t person_count, struct err *err)
{
    struct counter c = {.terms = terms,
                        .calendar = calendar,
                        .from = from,
                        .until = until,
                        .list = list,
                        .person_count = person_count};

    if (post >= plan->post_count)
        return err_fail(err, CE_NOT_FOUND, ERR_DUTY_NO_SUCH_POST);
    c.offset_s = plan->posts[post].offset_s;
    return duty_shifts(plan, post, from, until, turns_add, &c);
}
