/* SPDX-License-Identifier: Apache-2.0 */
/* People as options name them: a code, UNIT/CODE, or a name. */
#include "cli/session.h"

#include "lang/msg_plan.h"
#include "lang/tone.h"

/* How alike a name is to what was typed. */
enum likeness { UNLIKE, WITHOUT_TONES, SAME };

/* Capitals do not count; tones do, unless none was typed at all. */
static enum likeness session_person_compare(struct slice typed, struct slice name)
{
    bool same = true, toned = false;

    typed = slice_trim(typed);
    while (typed.n > 0 && name.n > 0) {
        unsigned typed_marks, marks;

        if (viet_next(&typed, &typed_marks) != viet_next(&name, &marks))
            return UNLIKE;
        same = same && typed_marks == marks;
        toned = toned || typed_marks != 0;
    }
    if (typed.n > 0 || name.n > 0)
        return UNLIKE;
    return same ? SAME : toned ? UNLIKE : WITHOUT_TONES;
}

/* The people of a unit by that name, the nearest ones only; *ret the last of *ret_n. */
static int find_by_name(struct session *st, struct state_id unit, struct slice name,
                        struct state_id *ret, size_t *ret_n, struct err *err)
{
    int64_t now = state_now(st->s);
    struct state_query q = {.unit = unit, .from = now, .to = now + 1};
    enum likeness best = WITHOUT_TONES;
    struct state_person *rows;
    size_t n;
    int r = state_person_list(st->s, &st->actor, &q, &st->arena, &rows, &n, err);

    *ret_n = 0;
    for (size_t i = 0; r == 0 && i < n; i++) {
        enum likeness like = session_person_compare(name, rows[i].name);

        if (like == UNLIKE || like < best)
            continue;
        *ret_n = like > best ? 1 : *ret_n + 1;
        best = like;
        *ret = rows[i].id;
    }
    return r;
}

static int find_in(struct session *st, struct state_id unit, struct slice text, const char *typed,
                   struct state_id *ret)
{
    struct err err = ERR_INIT;
    struct state_person p;
    size_t n;
    int r = state_person_find(st->s, &st->actor, unit, text, &st->arena, &p, &err);

    if (r == 0)
        *ret = p.id;
    if (r != -CE_NOT_FOUND)
        return r < 0 ? session_fail(st, &err) : 0;
    if (find_by_name(st, unit, text, ret, &n, &err) < 0)
        return session_fail(st, &err);
    if (n == 1)
        return 0;
    *ret = STATE_ID_NONE;
    if (n > 1)
        app_print(st->app, MSG_PLAN_PEOPLE_OF_NAME, typed);
    else
        app_print(st->app, MSG_PLAN_NO_PERSON, typed);
    return EX_NOINPUT;
}

int session_person(struct session *st, struct state_id unit, const char *text, struct state_id *ret)
{
    struct slice s = slice_str(text), code;
    size_t cut = slice_find_byte(s, '/');
    struct state_unit other;
    int status;

    *ret = STATE_ID_NONE;
    if (text == NULL)
        return 0;
    if (cut == SIZE_MAX)
        return find_in(st, unit, s, text, ret);
    code = arena_dup(&st->arena, slice_head(s, cut));
    status = code.p ? session_unit(st, (const char *)code.p, &other)
                    : session_fail(st, &(struct err){.code = CE_NOMEM});
    return status == 0 ? find_in(st, other.id, slice_from(s, cut + 1), text, ret) : status;
}
