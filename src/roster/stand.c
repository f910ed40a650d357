/* SPDX-License-Identifier: Apache-2.0 */
#include "roster/stand.h"

const char *duty_standing_to_str(enum duty_standing s)
{
    static const char *const names[DUTY_STANDING_MAX] = {
        [DUTY_EXPECTED] = "expected", [DUTY_LATE] = "late",       [DUTY_ON] = "on",
        [DUTY_SILENT] = "silent",     [DUTY_OVERDUE] = "overdue", [DUTY_LEFT] = "left",
        [DUTY_HANDED] = "handed",     [DUTY_MISSED] = "missed",
    };

    return s < DUTY_STANDING_MAX ? names[s] : "";
}

/* The next stretch of the hours in [t, end): false when there is none. */
static bool next_inside(const struct hours *h, int offset_s, int64_t *t, int64_t end,
                        int64_t *ret_until)
{
    while (*t < end) {
        int64_t lo = *t, hi = end;

        if (hours_at(h, offset_s, *t, &lo, &hi)) {
            *ret_until = hi;
            return true;
        }
        *t = hi;
    }
    return false;
}

int64_t duty_time_in(const struct hours *h, int offset_s, int64_t from, int64_t until)
{
    int64_t sum = 0, hi;

    while (next_inside(h, offset_s, &from, until, &hi)) {
        sum += hi - from;
        from = hi;
    }
    return sum;
}

static bool any_mark(const struct duty_deed *d, int64_t from, int64_t until)
{
    if (from <= d->in_at && d->in_at < until)
        return true;
    for (size_t i = 0; i < d->mark_count; i++) {
        if (d->marks[i] >= from && d->marks[i] < until)
            return true;
    }
    return false;
}

/*
 * Every whole interval of the night while the shift is stood wants a sign; *ret_silent: the last
 * one that has passed (grace included) had none.
 */
static void count_signs(const struct duty_shift *shift, const struct duty_deed *d,
                        const struct duty_terms *terms, int64_t every, int offset_s, int64_t now,
                        struct duty_stand *s, bool *ret_silent)
{
    int64_t t = CANH_MAX(d->in_at, shift->from), hi;
    int64_t end = d->out_at ? CANH_MIN(d->out_at, shift->until) : shift->until;

    while (next_inside(&terms->night, offset_s, &t, end, &hi)) {
        for (; t + every <= hi; t += every) {
            bool seen = any_mark(d, t, t + every + terms->mark_grace);

            if (t + every + terms->mark_grace > now)
                return;
            s->signs_due++;
            s->signs += seen;
            *ret_silent = !seen;
        }
        t = hi;
    }
}

static enum duty_standing standing_without_fact(const struct duty_shift *shift,
                                                const struct duty_terms *terms, int64_t now)
{
    if (now >= shift->until)
        return DUTY_MISSED;
    return now < shift->from + terms->ladder[0].minutes * TIME_MINUTE ? DUTY_EXPECTED : DUTY_LATE;
}

struct duty_stand duty_stand_of(const struct duty_shift *shift, const struct duty_deed *deed,
                                const struct duty_terms *terms, int64_t every, int offset_s,
                                int64_t now)
{
    struct duty_stand s = {.standing = DUTY_ON, .last_sign = deed->in_at};
    bool silent = false;

    if (deed->in_at == 0 || deed->in_at > now) {
        s.standing = standing_without_fact(shift, terms, now);
        s.last_sign = 0;
        s.late_by = CANH_MAX(CANH_MIN(now, shift->until) - shift->from, 0);
        return s;
    }
    s.late_by = CANH_MAX(deed->in_at - shift->from, 0);
    if (deed->mark_count > 0)
        s.last_sign = CANH_MAX(s.last_sign, deed->marks[deed->mark_count - 1]);
    if (every > 0)
        count_signs(shift, deed, terms, every, offset_s, now, &s, &silent);
    if (deed->handed)
        s.standing = DUTY_HANDED;
    else if (deed->out_at)
        s.standing = DUTY_LEFT;
    else if (now >= shift->until + terms->ladder[0].minutes * TIME_MINUTE)
        s.standing = DUTY_OVERDUE;
    else if (silent)
        s.standing = DUTY_SILENT;
    return s;
}

size_t duty_calls(const struct duty_shift *shift, const struct duty_deed *deed,
                  const struct duty_terms *terms, const bool has[DUTY_TELL_MAX], int64_t now,
                  struct duty_call *ret)
{
    int64_t earliest = INT64_MAX; /* of the steps passed over just before */

    if (deed->in_at != 0 || now < shift->from || now >= shift->until)
        return 0;
    for (size_t i = 0; i < terms->step_count; i++) {
        const struct duty_step *step = &terms->ladder[i];
        struct duty_call *c = &ret[i];

        *c = (struct duty_call){.tell = step->tell,
                                .at = shift->from + step->minutes * TIME_MINUTE,
                                .reaches = has[step->tell]};
        c->at = CANH_MIN(c->at, earliest);
        c->due = c->at <= now;
        earliest = c->reaches ? INT64_MAX : c->at;
    }
    return terms->step_count;
}
