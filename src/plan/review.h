/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PLAN_REVIEW_H
#define CANH_PLAN_REVIEW_H
/*
 * Checking a draft clause by clause: what of its YAML is still marked `checked: no`, and the same
 * text with what a person said of it. Everything else stays as it is, letter by letter: remarks and
 * hand-made changes survive. Pure.
 *
 *     review_read(&arena, text, &r, &err);
 *     r.items[i].mark = REVIEW_RIGHT;
 *     r.items[i].said[REVIEW_EVERY] = SLICE("daily@08:00");
 *     review_write(&out, text, &r);
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

enum review_mark {
    REVIEW_OPEN,
    REVIEW_RIGHT,
    REVIEW_DROPPED /* of an obligation: it goes */
};

/* What may be said anew of an obligation. */
enum review_field {
    REVIEW_TITLE,  /* in both languages */
    REVIEW_EVERY,  /* calendar/frequency.h */
    REVIEW_SCOPES, /* ids of scopes, apart by blanks */
    REVIEW_FIELD_MAX
};

/* A value in the text, on one line; line 0: it is not there, or is written in another way. */
struct review_place {
    uint32_t line, from, to; /* bytes of the line */
};

struct review_item {
    bool obligation;                      /* else a clause */
    bool checked;                         /* already before */
    struct slice id, clause, label, text; /* of an obligation: its id, clause and title */
    struct slice every, word, lead, note; /* of an obligation; lead: the authority's name */
    struct slice scopes;                  /* ids, apart by blanks */
    enum review_mark mark;
    struct slice said[REVIEW_FIELD_MAX]; /* of one that is right: instead of what stands; p NULL */
    /* places in the text */
    uint32_t first, last; /* its lines, from 1, inclusive */
    uint32_t checked_line, checked_col;
    struct review_place places[REVIEW_FIELD_MAX], title_en;
};

struct review_scope {
    struct slice id, name;
};

struct review {
    struct review_item *items; /* clauses, then obligations, in the file's order */
    size_t count;
    struct review_scope *scopes; /* to choose from */
    size_t scope_count;
    struct slice start, end; /* days of the plan window, as written; end empty: not known */
    struct slice said_start, said_end; /* instead; p NULL: as they stand */
    struct review_place start_at, end_at;
    uint32_t draft_line; /* of `draft: yes`; 0: none */
};

/* Texts live in the arena. -CE_SYNTAX …, -CE_NOMEM. */
CANH_MUST_USE int review_read(struct arena *arena, struct slice text, struct review *ret,
                              struct err *err);
/* Whether all that is said anew has a place; else it has to be written into the file. */
bool review_has_places(const struct review *r);
/* How many are open: neither checked before nor marked. */
size_t review_open(const struct review *r);
/* The text with the marks taken in; when nothing is open any more it is no draft either. What is
 * dropped and shares a line with others stays. Errors stick in out. */
void review_write(struct buf *out, struct slice text, const struct review *r);

/* An obligation that a person adds to a clause; what the text has of it, it has checked. */
struct review_addition {
    struct slice clause; /* its number */
    struct slice title, every, role;
    struct slice scopes, proof; /* ids, apart by blanks */
    struct slice from, until;   /* days, YYYY-MM-DD; empty: the plan's own */
    struct slice note, chosen_by;
};
enum { REVIEW_ID_MAX = 200 };
/* The text with it behind all others, under a name that is free; false: its lists are written in
 * another way than a line an entry, and nothing was written. Errors stick in out. */
CANH_MUST_USE bool review_add(struct buf *out, struct slice text, const struct review *r,
                              const struct review_addition *x);

#endif
