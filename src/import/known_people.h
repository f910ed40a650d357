/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_IMPORT_KNOWN_PEOPLE_H
#define CANH_IMPORT_KNOWN_PEOPLE_H
/*
 * People of one unit by what their names are without tones and capitals: a list without codes asks
 * for each of its rows, and may be of one unit that has thousands. Only for this room.
 */
#include "base/map.h"
#include "state/people.h"

/* How two names are alike. Tones make another person; where one is written without, nobody knows
 * better than that it is the only one of that name. */
enum likeness { ANOTHER, OTHER_TONES, TONELESS, SAME };
enum likeness people_liken(struct slice stored, struct slice name);

struct known_person {
    struct state_id id;
    struct slice name;
    uint32_t next; /* of the same key; UINT32_MAX: none */
    bool gone;     /* is called otherwise now */
};

struct known_people {
    struct state_id unit; /* none: nobody is known yet */
    struct known_person *items;
    size_t count, cap;
    struct map by_key, by_id; /* the newest of each */
    struct arena arena;       /* of keys and names */
};

void known_people_init(struct known_people *k);
void known_people_done(struct known_people *k);
/* Reads those of the unit, where it is another one than before. */
CANH_MUST_USE int known_people_read(struct known_people *k, struct state *s,
                                    const struct state_actor *a, struct state_id unit,
                                    struct err *err);
/* Somebody was written: the next row may mean them. */
CANH_MUST_USE int known_people_note(struct known_people *k, const struct state_person *x,
                                    struct err *err);
/* Who is most alike, and how many are. */
struct known_match {
    enum likeness how;
    struct state_id id; /* one of them */
    size_t count;
};
struct known_match known_people_find(const struct known_people *k, struct slice name);

#endif
