/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_KIND_H
#define CANH_HUNT_KIND_H
/*
 * Kinds of events: which of an event's fields are worth a look, and what the event is (somebody
 * logs on, a process starts). Data in kinds/, whose README is the manual of the form.
 *
 *     kinds_load(&kinds, &err);  kinds_intern(&kinds, ruleset, &err);      before rules are
 * compiled kind = kind_of(&kinds, event, &scratch);                             any thread
 *     kind_write(kind, event, LABEL_USER, &out);
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "event/event.h"
#include "hunt/label.h"
#include "sigma/ruleset.h"

enum { KIND_SOURCES = 4, KIND_TERMS = 3 };

enum kind_role { ROLE_NONE, ROLE_ON, ROLE_OFF, ROLE_FAIL, ROLE_PROCESS, ROLE_SCRIPT, ROLE_COUNT };

/* Where a label's value stands: one field, or two joined by a backslash. */
struct kind_source {
    struct slice name, joined; /* joined: the second field's, or empty */
    uint16_t key, joined_key;
};

struct kind_show {
    enum label label;
    uint32_t count;
    struct kind_source sources[KIND_SOURCES]; /* the first that has a text */
};

struct kind_term {
    struct slice name;
    uint16_t key;
    const struct slice *values;
    uint32_t value_count;
};

struct kind {
    struct kind_term terms[KIND_TERMS];
    uint32_t term_count;
    struct kind_show *shows;
    uint32_t show_count;
    enum kind_role role;
    struct slice how;
};

struct kinds {
    struct kind *items;
    uint32_t count;
    struct arena arena;
};

CANH_MUST_USE int kinds_load(struct kinds *k, struct err *err);
CANH_MUST_USE int kinds_intern(struct kinds *k, struct ruleset *rs, struct err *err);
void kinds_done(struct kinds *k);

/* The first kind that fits, or NULL. scratch is cleared. */
const struct kind *kind_of(const struct kinds *k, const struct event *e, struct buf *scratch);
/* Appends the label's value; false when the event has none ("-" is none). kind may be NULL. */
bool kind_write(const struct kind *kind, const struct event *e, enum label label, struct buf *out);
/* The same of one row of a kind. */
bool kind_write_show(const struct kind_show *show, const struct event *e, struct buf *out);

#endif
