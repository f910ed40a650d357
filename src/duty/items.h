/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_ITEMS_H
#define CANH_DUTY_ITEMS_H
/*
 * What is open when a shift is handed over. Items are kept in the handover as they stood, as JSON:
 *     [{"kind":"request","code":"YC-2026-0001","title":"…","since":ns,"due":ns}, …]
 *     [{"kind":"gap","code":"attt","title":"","fault":"short","need":2,"have":1,"since":ns}, …]
 * kinds and faults as below; since and due are left out when not known.
 */
#include "duty/duty_state.h"

enum duty_item_kind {
    DUTY_ITEM_REQUEST,  /* not answered, or not agreed to be closed */
    DUTY_ITEM_ORDER,    /* written orders of an authority without an answer */
    DUTY_ITEM_FINDING,  /* open findings */
    DUTY_ITEM_OUTAGE,   /* what is out now */
    DUTY_ITEM_PLANNED,  /* planned outages to come */
    DUTY_ITEM_OVERDUE,  /* obligations overdue or not met */
    DUTY_ITEM_GAP,      /* gaps and leave conflicts in the roster ahead */
    DUTY_ITEM_SHIFT,    /* something in this shift: silent, clock set back, no check-in */
    DUTY_ITEM_NOTE,     /* what the person adds: keys, devices, telephones */
    DUTY_ITEM_WEATHER,  /* as the person says it */
    DUTY_ITEM_POWER,    /* mains, generator, batteries: as the person says it */
    DUTY_ITEM_HANDOVER, /* signed by the giver, waits for the taker */
    DUTY_ITEM_APPROVAL, /* leave, a swap, a roster, coverage: waits for the head */
    DUTY_ITEM_NOTICE,   /* nobody of the unit has read it */
    DUTY_ITEM_FORM,     /* of a period that runs or just ended, not sent or returned */
    DUTY_ITEM_MAX
};
/* "request" …; from: DUTY_ITEM_MAX when unknown. */
const char *duty_item_kind_to_str(enum duty_item_kind k);
enum duty_item_kind duty_item_kind_from_str(struct slice s);

/* What canh itself found; the face words it. */
enum duty_item_fault {
    DUTY_ITEM_SAID,       /* nothing of that: the title says it */
    DUTY_ITEM_SHORT,      /* fewer stand than needed: have of need */
    DUTY_ITEM_AWAY,       /* the person named by the title is planned, and on leave */
    DUTY_ITEM_RECALLED,   /* the person named by the title is on leave, and was put on duty */
    DUTY_ITEM_CLOCK_BACK, /* the clock was set back during the shift */
    DUTY_ITEM_NOT_TAKEN,  /* the shift of whom the title names, or of nobody, is not taken */
    DUTY_ITEM_SILENT,     /* no sign of life of whom the title names */
    DUTY_ITEM_NOT_LEFT,   /* past its end, neither left nor handed over */
    DUTY_ITEM_FAULT_MAX
};

struct duty_item {
    enum duty_item_kind kind;
    struct slice code, title;
    struct slice english; /* of the title; empty: it is said as it is */
    int64_t since, due;   /* 0: not known */
    enum duty_item_fault fault;
    int64_t need, have; /* of DUTY_ITEM_SHORT */
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
CANH_MUST_USE int duty_items_collect(struct state *s, const struct state_actor *a,
                                     const struct duty_load *l, uint32_t post, int64_t now,
                                     struct duty_items *to, struct err *err);

/* Appends the JSON; and reads it back (-CE_SYNTAX: not what canh wrote). */
void duty_items_write(struct buf *out, const struct duty_items *x);
CANH_MUST_USE int duty_items_read(struct slice json, struct duty_items *to, struct err *err);

/* The two parts of that: what is open at a unit; the problems of one post's roster. */
CANH_MUST_USE int duty_items_work(struct state *s, const struct state_actor *a,
                                  struct state_id unit, int64_t now, struct duty_items *to,
                                  struct err *err);
CANH_MUST_USE int duty_items_gaps(const struct duty_load *l, uint32_t post, int64_t now,
                                  struct duty_items *to, struct err *err);

#endif
