/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_PEOPLE_H
#define CANH_STATE_PEOPLE_H
/*
 * People, the roles granted to them, how to reach them, when they are away.
 *
 * Values of contacts are encrypted at rest (XChaCha20-Poly1305; the key is a file beside the
 * database, or $CANH_STATE_KEY, or the systemd credential canh-state-key). Rows show a masked hint
 * only; the value comes from state_contact_reveal, which writes an audit entry for every read.
 */
#include "lang/lang.h"
#include "state/state.h"

/* find: owner = unit, by code. Time: valid_from..valid_to. */
struct state_person {
    STATE_ROW;
    struct state_id unit;
    struct slice code; /* of the unit's own numbering; unique in the unit; not an ID-card number */
    struct slice name;
    struct slice title;  /* chức vụ */
    struct slice skills; /* words separated by spaces */
    int64_t valid_from, valid_to;
    bool invented;
    int32_t lang; /* enum state_lang: of messages to them */
};
STATE_THING(person);

/* What a person chose to read. The numbers are stored. */
enum state_lang { STATE_LANG_NONE, STATE_LANG_VI, STATE_LANG_EN };
/* The language of who chose none is Vietnamese. */
enum lang state_lang(int32_t stored);
int32_t state_lang_of(enum lang lang);

/* A role at a unit. ref: the person. Written by HEAD (up to SYSADMIN) and ADMIN. */
struct state_grant {
    STATE_ROW;
    struct state_id unit;
    struct state_id person;
    int32_t role; /* enum state_role */
    int64_t valid_from, valid_to;
    struct slice source; /* decision number */
};
STATE_THING(grant);

enum state_contact_kind {
    STATE_CONTACT_MOBILE = 1,
    STATE_CONTACT_PHONE = 2,
    STATE_CONTACT_EMAIL = 3,
    STATE_CONTACT_RADIO = 4,
    STATE_CONTACT_OTHER = 5,
};

/*
 * One way to reach a person, or a role of a unit without a person ("ncsc", "so-truc"): then person
 * is none and label names the role. Shipped empty and unproven. ref: the person.
 * find: owner = unit, by label (the first in order).
 */
struct state_contact {
    STATE_ROW;
    struct state_id unit;
    struct state_id person;
    struct slice label;
    int32_t kind;     /* enum state_contact_kind */
    int32_t position; /* 1 is tried first */
    struct slice hint; /* masked, from the value: "09•••••67"; empty when there is no value yet */
    struct slice value; /* put: the new value, or p == NULL to keep the old one; never read back */
    int64_t proven_at;  /* last time a call or message got through; 0: never */
    struct slice proven_how;
    struct state_id proven_by;
};
/* A new value loses its proof. Phones are stored as E.164, a lost leading 0 restored. */
STATE_THING(contact);

/*
 * A phone number as typed → E.164 or, as it is, a short number (lang/phone.h). -CE_SYNTAX.
 */
CANH_MUST_USE int state_phone(struct slice in, struct buf *out);

/* The channel worked: sets proven_at. */
CANH_MUST_USE int state_contact_prove(struct state *s, const struct state_actor *a,
                                      struct state_id id, int64_t at, struct slice how,
                                      struct err *err);
/* Whether the contact has this value already (normalised alike). For who may write it: nobody is
 * told the value, so nothing is audited. */
CANH_MUST_USE int state_contact_same(struct state *s, const struct state_actor *a,
                                     struct state_id id, struct slice value, bool *ret,
                                     struct err *err);
/* Appends the value to out and an audit entry to the chain. The actor needs a purpose. */
CANH_MUST_USE int state_contact_reveal(struct state *s, const struct state_actor *a,
                                       struct state_id id, struct buf *out, struct err *err);

/* Away: not to be put on duty. No reason is kept beyond the kind. ref: the person. */
struct state_leave {
    STATE_ROW;
    struct state_id unit;
    struct state_id person;
    int64_t start, stop;
    struct slice kind; /* leave, mission, training: data */
    struct state_id approved_by;
    int64_t approved_at, approved_recorded; /* 0: only asked for */
};
STATE_THING(leave);

#endif
