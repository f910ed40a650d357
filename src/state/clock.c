/* SPDX-License-Identifier: Apache-2.0 */
#include "state/clock.h"

#include "base/clock.h"
#include "base/num.h"
#include "base/time.h"
#include "lang/err_state.h"
#include "lang/zone.h"
#include "state/audit_internal.h"

/* The row that entries about the clock speak of. */
static const struct state_id the_clock = {{'c', 'a', 'n', 'h', '-', 'c', 'l', 'o', 'c', 'k'}};

static int facts_of(struct state *s, struct clock_facts *ret, struct err *err)
{
    struct state_audit_head head;
    int64_t received = 0;
    int r = audit_last(s, &head, &received, err);

    *ret = (struct clock_facts){.now = state_now(s),
                                .last = received,
                                .built = s->rules.built,
                                .synchronised = s->rules.synchronised()};
    return r;
}

static int clock_refuse(const struct clock_facts *f, enum clock_fault fault, struct err *err)
{
    int64_t now = f->now / TIME_SECOND;

    if (fault == CLOCK_BEFORE_BUILD)
        return err_fail(err, CE_DENIED, ERR_STATE_CLOCK_BEFORE_BUILD, ERR_TIME(now, ZONE_OWN),
                        ERR_TIME(f->built / TIME_SECOND, ZONE_OWN));
    if (fault == CLOCK_BACK)
        return err_fail(err, CE_DENIED, ERR_STATE_CLOCK_BACK, ERR_TIME(now, ZONE_OWN),
                        ERR_TIME(f->last / TIME_SECOND, ZONE_OWN));
    return err_fail(err, CE_DENIED, ERR_STATE_CLOCK_AHEAD, ERR_TIME(now, ZONE_OWN),
                    ERR_TIME(f->last / TIME_SECOND, ZONE_OWN));
}

/* A person says that the clock is right, once a connection. */
static int clock_confirm(struct state *s, const struct clock_facts *f, struct err *err)
{
    const struct state_actor local = state_actor_local();
    struct buf content = BUF_INIT(256);
    int r;

    buf_printf(&content, "{\"now\":%lld,\"last\":%lld,\"built\":%lld}", (long long)f->now,
               (long long)f->last, (long long)f->built);
    r = audit_append(s, &local, "confirm", "clock", the_clock, STATE_ID_NONE, 0,
                     buf_slice(&content), err);
    buf_done(&content);
    s->clock_confirmed = r == 0;
    return r;
}

int clock_begin(struct state *s, struct err *err)
{
    struct clock_facts facts;
    enum clock_fault fault;
    int r;

    s->clock_doubtful = false;
    if (s->rules.synchronised == NULL || s->demo || s->clock_mends || s->clock_confirmed)
        return 0;
    r = facts_of(s, &facts, err);
    if (r < 0)
        return r;
    fault = clock_judge(&facts);
    if (fault == CLOCK_GOOD)
        return 0;
    if (s->rules.go_on) {
        s->clock_doubtful = true;
        return 0;
    }
    return s->rules.is_right ? clock_confirm(s, &facts, err) : clock_refuse(&facts, fault, err);
}

bool state_clock_doubtful(struct state *s, struct err *ret_why)
{
    struct clock_facts facts;
    enum clock_fault fault;

    if (s->rules.synchronised == NULL || s->demo || facts_of(s, &facts, NULL) < 0)
        return false;
    fault = clock_judge(&facts);
    if (fault != CLOCK_GOOD)
        (void)clock_refuse(&facts, fault, ret_why);
    return fault != CLOCK_GOOD;
}

int64_t audit_number(struct slice content, const char *name)
{
    struct slice digits = SLICE_NULL;
    struct buf key = BUF_INIT(64);
    int64_t v = 0;

    buf_printf(&key, "\"%s\":", name);
    for (size_t i = 0; digits.n == 0 && i + key.len <= content.n; i++) {
        size_t end = i + key.len;

        if (memcmp(content.p + i, key.p, key.len) != 0)
            continue;
        while (end < content.n && content.p[end] != ',' && content.p[end] != '}')
            end++;
        digits = slice_of(content.p + i + key.len, end - i - key.len);
    }
    buf_done(&key);
    return digits.n && num_i64(digits, &v) == 0 ? v : 0;
}

/* Everything that a person has said of the clock; the oldest first, the last CLOCK_SPANS of them.
 */
static void clock_load(struct state *s)
{
    struct db_stmt *st = NULL;

    s->span_count = 0;
    s->spans_loaded = true;
    if (state_stmt(s, SQL_AUDIT_CLOCK, &st, NULL) < 0)
        return;
    db_bind_id(st, 1, &the_clock);
    while (db_step(st, NULL) > 0) {
        struct slice content = db_text(st, 0);

        s->spans[s->span_count++ % CLOCK_SPANS] =
            (struct clock_span){.from = audit_number(content, "from"),
                                .until = audit_number(content, "until"),
                                .said = db_int(st, 1)};
    }
    db_done(&st);
}

enum state_clock_mark state_clock_mark_of(struct state *s, int64_t at)
{
    enum state_clock_mark mark = STATE_CLOCK_SAID_NOTHING;

    if (!s->spans_loaded)
        clock_load(s);
    for (size_t i = 0; i < CANH_MIN(s->span_count, (size_t)CLOCK_SPANS); i++) {
        if (at >= s->spans[i].from && at <= s->spans[i].until)
            return STATE_CLOCK_SAID_WRONG;
        if (at <= s->spans[i].said && at < s->spans[i].until)
            mark = STATE_CLOCK_SAID_MENDED;
    }
    return mark;
}

const char *state_clock_word(struct state *s, int64_t at, bool doubtful)
{
    enum state_clock_mark mark;

    if (at == 0)
        return "";
    mark = state_clock_mark_of(s, at);
    if (mark == STATE_CLOCK_SAID_WRONG)
        return "wrong";
    return doubtful && mark == STATE_CLOCK_SAID_NOTHING ? "doubtful" : "";
}

/* The latest time that would still stand after the mending. */
static int find_later(struct state *s, int64_t from, int64_t until, struct err *err)
{
    struct db_stmt *st = NULL;
    int64_t now = state_now(s);
    int r = state_stmt(s, SQL_AUDIT_LATER, &st, err);

    if (r < 0)
        return r;
    db_bind_int(st, 1, from);
    db_bind_int(st, 2, until);
    db_bind_id(st, 3, &the_clock);
    r = db_step(st, err);
    if (r > 0 && db_int(st, 1) > now + CLOCK_BACK_MAX)
        r = err_fail(err, CE_RANGE, ERR_STATE_CLOCK_LATER_ENTRY, db_int(st, 0),
                     ERR_TIME(db_int(st, 1) / TIME_SECOND, ZONE_OWN));
    db_done(&st);
    return CANH_MIN(r, 0);
}

static int clock_mend(struct state *s, const struct state_actor *a, int64_t from, int64_t until,
                      struct err *err)
{
    struct buf content = BUF_INIT(128);
    int r = find_later(s, from, until, err);

    buf_printf(&content, "{\"from\":%lld,\"until\":%lld}", (long long)from, (long long)until);
    if (r == 0)
        r = audit_append(s, a, "mend", "clock", the_clock, STATE_ID_NONE, 0, buf_slice(&content),
                         err);
    buf_done(&content);
    return r;
}

int state_clock_mend(struct state *s, const struct state_actor *a, int64_t from, int64_t until,
                     struct err *err)
{
    int64_t now = state_now(s);
    int r;

    if (a->role != STATE_ADMIN || !id_is_none(a->unit))
        return err_fail(err, CE_DENIED, ERR_STATE_CLOCK_WHO_MENDS);
    if (from >= until || (now >= from && now <= until))
        return err_fail(err, CE_RANGE, ERR_STATE_CLOCK_SPAN);
    if (s->rules.synchronised && !s->demo && now < s->rules.built)
        return clock_refuse(&(struct clock_facts){.now = now, .built = s->rules.built},
                            CLOCK_BEFORE_BUILD, err);
    s->clock_mends = true;
    r = write_begin(s, err);
    if (r == 0)
        r = write_end(s, clock_mend(s, a, from, until, err), err);
    s->clock_mends = false;
    s->spans_loaded = false;
    return r;
}
