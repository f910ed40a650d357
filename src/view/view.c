/* SPDX-License-Identifier: Apache-2.0 */
#include "view/view.h"

#include "base/time.h"
#include "lang/value.h"
#include "state/clock.h"
#include "state/people.h"
#include "state/units.h"

struct slice view_unit_code(const struct view_ctx *c, struct state_id id)
{
    struct state_unit unit;

    return id_is_none(id) || state_unit_get(c->state, c->actor, id, c->arena, &unit, &ERR_INIT) < 0
               ? SLICE("")
               : unit.code;
}

struct slice view_unit_name(const struct view_ctx *c, struct state_id id)
{
    struct state_unit unit;

    return id_is_none(id) || state_unit_get(c->state, c->actor, id, c->arena, &unit, &ERR_INIT) < 0
               ? SLICE("")
               : unit.name;
}

struct slice view_person_name(const struct view_ctx *c, struct state_id id)
{
    struct state_person person;

    return id_is_none(id) ||
                   state_person_get(c->state, c->actor, id, c->arena, &person, &ERR_INIT) < 0
               ? SLICE("")
               : person.name;
}

void view_begin(const struct view_ctx *c, struct table *t, const char *name,
                const struct table_column *columns, unsigned count)
{
    struct table_options o = {.name = name, .lang = c->lang, .zone = c->zone};

    table_init(t, columns, count, &o);
}

void view_write_id(struct table *t, struct state_id id)
{
    struct buf text = BUF_INIT(64);

    id_write(&text, id);
    table_id(t, buf_slice(&text));
    buf_done(&text);
}

void view_write_word(struct table *t, const struct view_word *word)
{
    table_word(t, word->key, word->text);
}

struct state_query view_state_query(const struct view_query *q)
{
    return (struct state_query){.unit = q->unit, .below = q->below, .from = q->from, .to = q->to};
}

bool view_is_among(const struct view_query *q, struct state_id id)
{
    for (size_t i = 0; i < q->among_count; i++) {
        if (id_eq(q->among[i], id))
            return true;
    }
    return q->among_count == 0;
}

void view_write_key(struct table *t, struct slice key, const struct view_word *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_is(key, words[i].key)) {
            view_write_word(t, &words[i]);
            return;
        }
    }
    if (key.n)
        table_word_text(t, key, key);
    else
        table_text(t, key);
}

void view_write_since(const struct view_ctx *c, struct table *t, int64_t at)
{
    struct buf text = BUF_INIT(64);
    struct civil day;

    table_time(t, at);
    if (at <= 0 || at == INT64_MAX)
        return;
    time_to_civil(at, c->zone, &day);
    buf_printf(&text, "%02u/%02u/%04d", day.day, day.month, day.year);
    table_shown(t, buf_slice(&text));
    buf_done(&text);
}

void view_write_end(const struct view_ctx *c, struct table *t, int64_t at)
{
    int64_t local = at + c->zone * TIME_SECOND;
    struct buf text = BUF_INIT(64);

    table_time(t, at);
    if (at <= TIME_DAY || at == INT64_MAX || local % TIME_DAY != 0)
        return;
    end_write(&text, local / TIME_MINUTE);
    table_shown(t, buf_slice(&text));
    buf_done(&text);
}

const char *view_clock_sign(const struct view_ctx *c, int64_t at, bool doubtful)
{
    const char *word = state_clock_word(c->state, at, doubtful);

    return word[0] == 'w' ? "?" : word[0] == 'd' ? "!" : "";
}

void view_write_recorded(const struct view_ctx *c, struct table *t, int64_t at, bool doubtful)
{
    const char *sign = view_clock_sign(c, at, doubtful);
    struct buf text = BUF_INIT(64);

    table_time(t, at);
    if (sign[0]) {
        table_time_write(&text, c->zone, at);
        buf_puts(&text, sign);
        table_shown(t, buf_slice(&text));
    }
    buf_done(&text);
}

int view_end(const struct table *t, int r, struct err *err)
{
    if (r < 0 || t->error == 0)
        return r;
    return err_code(err, t->error);
}
