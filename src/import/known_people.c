/* SPDX-License-Identifier: Apache-2.0 */
#include "import/known_people.h"

#include <stdlib.h>

#include "base/array.h"
#include "import/roster_words.h"
#include "lang/collate.h"

enum { ARENA_MAX = 512 << 20, KNOWN_MAX = 1000000 };
#define KNOWN_END UINT32_MAX

enum likeness people_liken(struct slice stored, struct slice name)
{
    if (!viet_same(stored, name))
        return ANOTHER;
    if (words_same_tones(stored, name))
        return SAME;
    return words_has_tones(stored) && words_has_tones(name) ? OTHER_TONES : TONELESS;
}

void known_people_init(struct known_people *k)
{
    *k = (struct known_people){.arena = ARENA_INIT(ARENA_MAX)};
    map_init(&k->by_key, KNOWN_MAX);
    map_init(&k->by_id, KNOWN_MAX);
}

void known_people_done(struct known_people *k)
{
    free(k->items);
    map_done(&k->by_key);
    map_done(&k->by_id);
    arena_done(&k->arena);
}

static int person_add(struct known_people *k, const struct state_person *x, struct err *err)
{
    struct known_person *to;
    struct buf key = BUF_INIT(SIZE_MAX);
    struct slice kept, id = arena_dup(&k->arena, id_slice(&x->id));

    viet_key(x->name, &key);
    kept = arena_dup(&k->arena, buf_slice(&key));
    buf_done(&key);
    if (key.err || id.p == NULL || (kept.p == NULL && kept.n > 0) ||
        !array_room(k->items, k->count, k->cap, KNOWN_MAX))
        return err_nomem(err);
    to = &k->items[k->count];
    *to = (struct known_person){.id = x->id,
                                .name = arena_dup(&k->arena, x->name),
                                .next = KNOWN_END};
    (void)map_get(&k->by_key, kept, &to->next);
    if (map_put(&k->by_key, kept, (uint32_t)k->count) < 0 ||
        map_put(&k->by_id, id, (uint32_t)k->count) < 0)
        return err_nomem(err);
    k->count++;
    return 0;
}

struct reading {
    struct known_people *k;
    struct err *err;
};

static int read_one(void *u, const struct state_person *x)
{
    struct reading *r = u;

    return person_add(r->k, x, r->err);
}

int known_people_read(struct known_people *k, struct state *s, const struct state_actor *a,
                      struct state_id unit, struct err *err)
{
    const struct state_query q = {.unit = unit};
    struct reading reading = {k, err};
    int r;

    if (!id_is_none(k->unit) && id_eq(k->unit, unit))
        return 0;
    map_clear(&k->by_key);
    map_clear(&k->by_id);
    arena_clear(&k->arena);
    k->count = 0;
    k->unit = STATE_ID_NONE;
    r = state_person_each(s, a, &q, read_one, &reading, err);
    if (r == 0)
        k->unit = unit;
    return r;
}

int known_people_note(struct known_people *k, const struct state_person *x, struct err *err)
{
    uint32_t at;

    if (id_is_none(k->unit) || !id_eq(k->unit, x->unit))
        return 0;
    if (map_get(&k->by_id, id_slice(&x->id), &at)) {
        if (slice_eq(k->items[at].name, x->name))
            return 0;
        k->items[at].gone = true;
    }
    return person_add(k, x, err);
}

struct known_match known_people_find(const struct known_people *k, struct slice name)
{
    struct known_match m = {.how = ANOTHER};
    struct buf key = BUF_INIT(SIZE_MAX);
    uint32_t at;

    viet_key(name, &key);
    if (key.err || !map_get(&k->by_key, buf_slice(&key), &at))
        at = KNOWN_END;
    buf_done(&key);
    for (; at != KNOWN_END; at = k->items[at].next) {
        const struct known_person *p = &k->items[at];
        enum likeness now = p->gone ? ANOTHER : people_liken(p->name, name);

        if (now == ANOTHER || now < m.how)
            continue;
        m.count = now > m.how ? 1 : m.count + 1;
        m.how = now;
        m.id = p->id;
    }
    return m;
}
