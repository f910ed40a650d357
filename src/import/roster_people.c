/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a duty sheet means. */
#include <string.h>

#include "base/map.h"
#include "import/roster_work.h"
#include "lang/collate.h"
#include "lang/msg_import.h"

/* Once for everybody, since every name is compared with all of them. */
static void make_keys(struct roster_work *o)
{
    struct buf key = BUF_INIT(4096);

    o->keys = arena_new_array(o->w->arena, o->people_count + 1, struct slice);
    for (size_t i = 0; o->keys && i < o->people_count; i++) {
        buf_clear(&key);
        viet_key(slice_head(o->people[i].name, 400), &key);
        o->keys[i] = arena_dup(o->w->arena, buf_slice(&key));
        if (!o->keys[i].p)
            o->keys = NULL;
    }
    if (!o->keys) {
        o->people_count = o->near_count = 0;
        (void)roster_no_memory(o->w);
    }
    buf_done(&key);
}

void roster_load_people(struct roster_work *o)
{
    struct state_query q = {.unit = o->w->opt->unit, .below = true}, all = {.limit = 0};
    struct state_person *near = NULL, *far = NULL;
    struct work *w = o->w;
    struct err err = ERR_INIT;
    size_t n = 0, m = 0;

    if (state_person_list(w->s, w->a, &q, w->arena, &near, &n, &err) < 0 ||
        state_person_list(w->s, w->a, &all, w->arena, &far, &m, &err) < 0) {
        work_failed(w, &err);
        return;
    }
    o->people = arena_array(w->arena, n + m + 1, sizeof(*o->people));
    if (!o->people) {
        (void)roster_no_memory(w);
        return;
    }
    if (n)
        memcpy(o->people, near, n * sizeof(*near));
    if (m)
        memcpy(o->people + n, far, m * sizeof(*far));
    o->near_count = n;
    o->people_count = n + m;
    make_keys(o);
}

/* The last words of a name, as many as the other has. */
static struct slice last_words(struct slice name, struct slice other)
{
    size_t blanks = 0, i = name.n;

    for (size_t k = 0; k < other.n; k++)
        blanks += other.p[k] == ' ' && k > 0 && other.p[k - 1] != ' ';
    while (i > 0 && (name.p[i - 1] != ' ' || blanks-- > 0))
        i--;
    return slice_from(name, i);
}

/* Tones are letters: who is stored with them and written with others is somebody else. part is what
 * of the stored name is compared. */
static enum roster_fit by_tones(struct slice own, struct slice part, struct slice name,
                                enum roster_fit same, enum roster_fit toneless)
{
    if (words_same_tones(part, name))
        return same;
    return words_has_tones(own) && words_has_tones(name) ? ROSTER_FIT_NONE : toneless;
}

static enum roster_fit roster_people_fits(const struct roster_work *o, size_t i, struct slice name,
                                          struct slice key)
{
    const struct state_person *p = &o->people[i];
    struct slice own = o->keys[i];

    if (p->valid_to <= o->w->now)
        return ROSTER_FIT_NONE;
    if (p->code.n && slice_eq_nocase(p->code, name))
        return ROSTER_FIT_CODE;
    if (slice_eq(own, key))
        return by_tones(p->name, p->name, name, ROSTER_FIT_NAME, ROSTER_FIT_TONELESS);
    return own.n > key.n && key.n > 1 && slice_ends(own, key) && own.p[own.n - key.n - 1] == ' '
               ? by_tones(p->name, last_words(p->name, name), name, ROSTER_FIT_END,
                          ROSTER_FIT_END_TONELESS)
               : ROSTER_FIT_NONE;
}

/* The best fit, unless two people fit equally well. */
static const struct state_person *roster_people_best(const struct roster_work *o, size_t from,
                                                     size_t until, struct slice name,
                                                     struct slice key, enum roster_fit least,
                                                     enum roster_fit *ret_how, bool *ret_many)
{
    const struct state_person *found = NULL;

    *ret_how = ROSTER_FIT_NONE;
    *ret_many = false;
    for (size_t i = from; i < until; i++) {
        enum roster_fit how = roster_people_fits(o, i, name, key);

        if (how < least)
            continue;
        if (how > *ret_how) {
            *ret_how = how;
            *ret_many = false;
            found = &o->people[i];
        } else if (how == *ret_how && !id_eq(found->id, o->people[i].id)) {
            *ret_many = true;
        }
    }
    return *ret_many ? NULL : found;
}

const struct state_person *roster_match(const struct roster_work *o, struct slice name,
                                        enum roster_fit *ret_how, bool *ret_many)
{
    struct buf key = BUF_INIT(4096);
    const struct state_person *p;

    viet_key(slice_head(name, 400), &key);
    p = roster_people_best(o, 0, o->near_count, name, buf_slice(&key), ROSTER_FIT_END_TONELESS,
                           ret_how, ret_many);
    if (!p && !*ret_many)
        p = roster_people_best(o, o->near_count, o->people_count, name, buf_slice(&key),
                               ROSTER_FIT_TONELESS, ret_how, ret_many);
    buf_done(&key);
    return p;
}

/* Of an entry: somebody, or why nobody. */
enum found { FOUND, FOUND_NOBODY, FOUND_MANY };

static void report_nobody(struct roster_work *o, const struct roster_entry *x, enum found found)
{
    struct slice said = slice_brief(x->person);

    if (found == FOUND_MANY)
        roster_note(o->w, x->row, x->col, false, MSG_IMPORT_MANY_PEOPLE, SLICE_ARG(said));
    else
        roster_note(o->w, x->row, x->col, false, MSG_IMPORT_UNKNOWN_PERSON, SLICE_ARG(said));
}

static enum found find_person(struct roster_work *o, const struct roster_entry *x,
                              struct state_id *ret)
{
    enum roster_fit how;
    bool many;
    const struct state_person *p = roster_match(o, x->person, &how, &many);

    *ret = p ? p->id : STATE_ID_NONE;
    if (!p)
        return many ? FOUND_MANY : FOUND_NOBODY;
    if (how <= ROSTER_FIT_TONELESS)
        roster_note(o->w, x->row, x->col, true, MSG_IMPORT_TAKEN_AS,
                    SLICE_ARG(slice_brief(x->person)), SLICE_ARG(slice_brief(p->name)));
    return FOUND;
}

/* One look a name: sheets say the same name a hundred times. */
void roster_find_people(struct roster_work *o)
{
    enum found *found = arena_new_array(o->w->arena, o->sheet.count + 1, enum found);
    struct map known;

    if (!found) {
        (void)roster_no_memory(o->w);
        return;
    }
    map_init(&known, o->sheet.count + 1);
    for (size_t i = 0; o->w->r == 0 && i < o->sheet.count; i++) {
        const struct roster_entry *x = &o->sheet.entries[i];
        uint32_t before;

        if (map_get(&known, x->person, &before)) {
            o->persons[i] = o->persons[before];
            found[i] = found[before];
        } else {
            found[i] = find_person(o, x, &o->persons[i]);
            if (map_put(&known, x->person, (uint32_t)i) < 0)
                (void)roster_no_memory(o->w);
        }
        if (found[i] != FOUND)
            report_nobody(o, x, found[i]);
    }
    map_done(&known);
}
