/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_HANDOVER_H
#define CANH_DUTY_HANDOVER_H
/*
 * Handing a shift over: what is open is filled in from the records, who goes signs, who comes takes
 * over or says why not.
 *
 * Items are kept in the handover as they stood, as JSON:
 *     [{"kind":"request","code":"YC-2026-0001","title":"…","since":ns,"due":ns}, …]
 * kinds as below; since and due are left out when not known.
 */
#include "duty/act.h"

enum duty_item_kind {
    DUTY_ITEM_REQUEST, /* not answered, or not agreed to be closed */
    DUTY_ITEM_ORDER,   /* written orders of an authority without an answer */
    DUTY_ITEM_FINDING, /* open findings */
    DUTY_ITEM_OUTAGE,  /* what is out now */
    DUTY_ITEM_PLANNED, /* planned outages to come */
    DUTY_ITEM_OVERDUE, /* obligations overdue or not met */
    DUTY_ITEM_GAP,     /* gaps and leave conflicts in the roster ahead */
    DUTY_ITEM_SHIFT,   /* something in this shift: silent, clock set back, no check-in */
    DUTY_ITEM_NOTE,    /* what the person adds: keys, devices, telephones */
    DUTY_ITEM_WEATHER, /* as the person says it */
    DUTY_ITEM_POWER,   /* mains, generator, batteries: as the person says it */
    DUTY_ITEM_MAX
};
/* "request" …; from: DUTY_ITEM_MAX when unknown. */
const char *duty_item_kind_to_str(enum duty_item_kind k);
enum duty_item_kind duty_item_kind_from_str(struct slice s);

struct duty_item {
    enum duty_item_kind kind;
    struct slice code, title;
    int64_t since, due; /* 0: not known */
};

enum { DUTY_ITEMS_MAX = 2000 };

struct duty_items {
    struct duty_item *items;
    size_t count, cap;
    struct arena *arena; /* of the texts, too */
};

/* Appends a copy. -CE_NOMEM, -CE_TOO_BIG over DUTY_ITEMS_MAX. */
CANH_MUST_USE int duty_items_add(struct duty_items *to, const struct duty_item *x, struct err *err);

/*
 * Adds what is open at the unit of the post: requests it asked or is asked, orders, findings that
 * are neither fixed nor excepted, outages, and the roster's problems within DUTY_AHEAD. Overdue
 * obligations are the caller's to add, who knows the plan of the order. What the actor may not see
 * is left out.
 */
CANH_MUST_USE int duty_items_gather(struct state *s, const struct state_actor *a,
                                    const struct duty_load *l, uint32_t post, enum lang lang,
                                    int64_t now, struct duty_items *to, struct err *err);

/* Appends the JSON; and reads it back (-CE_SYNTAX: not what canh wrote). */
void duty_items_put(struct buf *out, const struct duty_items *x);
CANH_MUST_USE int duty_items_read(struct slice json, struct duty_items *to, struct err *err);

/*
 * The giver writes and signs the handover of the shift that they have taken. An unsigned or
 * objected one of the same shift that nobody has taken over is left as it is; a new one counts.
 */
CANH_MUST_USE int duty_hand_over(const struct duty_act *d, const struct duty_items *items,
                                 struct slice note, struct state_handover *ret, struct err *err);

/* The handover at the post that waits for somebody to take over: signed by the giver only. The
 * newest; -CE_NOT_FOUND. */
CANH_MUST_USE int duty_handover_waiting(const struct duty_act *d, struct arena *arena,
                                        struct state_handover *ret, struct err *err);

/* The taker signs: the giver's shift is then handed over, and left when it was not yet. The taker's
 * own shift, when taken already, is named in it. */
CANH_MUST_USE int duty_take_over(const struct duty_act *d, struct state_handover *x,
                                 struct err *err);
/* The taker does not take over as it stands. */
CANH_MUST_USE int duty_object(const struct duty_act *d, struct state_handover *x, struct slice why,
                              struct err *err);

#endif
