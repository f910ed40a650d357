/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_IMPORT_ROSTER_WORK_H
#define CANH_IMPORT_ROSTER_WORK_H
/*
 * One import of a roster: what is read, whom and where it means, what is written. Steps, in the
 * order in which import_roster.c takes them; only files of this room include this header.
 */
#include "duty/duty_state.h"
#include "import/roster_read.h"
#include "import/work.h"
#include "state/duty.h"
#include "state/people.h"

enum { ROSTER_POSTS_MAX = 200, ROSTER_WARNED_MAX = 100 };

/* A post, and the table of it that is written. */
struct roster_target {
    struct state_post post;
    int offset_s;
    int64_t from, until; /* of what the roster speaks: beginnings in [from, until) */
    struct state_layer layer;
    bool changed, approved;   /* its turns by this sheet; the layer before it */
    struct state_roster *old; /* of that time, by person and start */
    size_t old_count;
    bool *kept;
};

struct roster_work {
    struct work *w;
    struct roster_sheet sheet;
    bool calendar;               /* the entries come from one */
    struct state_person *people; /* of the unit and those below it, then all others in sight */
    struct slice *keys;          /* of people: viet_key() of the name */
    size_t people_count, near_count;
    struct state_contact *mails; /* mail addresses in the unit, once one is looked for */
    size_t mail_count;
    bool mails_known;
    struct state_post *posts;
    size_t post_count;
    struct roster_target *targets;
    size_t target_count;
    struct state_id *persons; /* by entry; none: unknown */
    uint32_t *target_of;      /* by entry; UINT32_MAX: unknown */
    int64_t *starts, *stops;  /* by entry */
};

#define roster_note(w, row, col, is_warning, id, ...)                                              \
    ({                                                                                             \
        struct buf note_ = BUF_INIT(4096);                                                         \
        lang_write(&note_, (w)->opt->lang, id, ##__VA_ARGS__);                                     \
        work_note_at(w, row, col, is_warning, &note_);                                             \
    })
bool roster_no_memory(struct work *w);
/* Arrays for what is known of each entry. */
bool roster_make_room(struct roster_work *o);
/* A failed call of the state about a place in the sheet. */
void roster_failed_at(struct work *w, uint32_t row, uint32_t col, const struct err *err);

void roster_load_people(struct roster_work *o);
enum roster_fit {
    ROSTER_FIT_NONE,
    ROSTER_FIT_END_TONELESS,
    ROSTER_FIT_END,
    ROSTER_FIT_TONELESS,
    ROSTER_FIT_NAME,
    ROSTER_FIT_CODE
};
/* Whom a written name means: of the unit first; somebody elsewhere only by the whole name. NULL:
 * nobody, or *ret_many. */
const struct state_person *roster_match(const struct roster_work *o, struct slice name,
                                        enum roster_fit *ret_how, bool *ret_many);
/* Everybody whom the sheet names, into persons[]; a note for who is not known. */
void roster_find_people(struct roster_work *o);

void roster_read_calendar(struct roster_work *o);

void roster_load_posts(struct roster_work *o);
/* Every entry's post, its table, and its instants. */
void roster_find_targets(struct roster_work *o);
/* Post and layer as they become; the turns of the sheet; what it no longer says. */
void roster_write(struct roster_work *o);
/* For a list: when, who. In the scratch arena. */
struct slice roster_describe_entry(struct roster_work *o, size_t i);

/* Nobody stands twice at one time at one post. */
void roster_check_overlaps(struct roster_work *o);
/* Where too few stand after the import, and who is on leave: the same answer as canh duty gaps. */
void roster_check_gaps(struct roster_work *o);
/* Who of this roster stands at another post at the same time. */
void roster_check_clashes(struct roster_work *o);

#endif
